//! The packs in use: of each set one pack, and what changed since.

use super::records::{Content, Lists};
use super::{Header, Pack, PackError, PackKind, SetName};
use crate::record::{Event, Key, MAX_NAME_WORDS, MIN_NAME_WORDS, NAME, NAME_START, fingerprint};

/// A pack of records and its delta.
#[derive(Debug)]
pub struct RecordSet {
    base: Pack<Vec<u8>>,
    lists: Lists,
    delta: Option<(Pack<Vec<u8>>, Lists)>,
}

/// The record of every set.
#[derive(Debug, Default)]
pub struct Records(Vec<RecordSet>);

/// What was found, and in which set.
#[derive(Debug)]
pub struct Found<'p> {
    /// The set.
    pub set: SetName,
    /// What is on record.
    pub events: Vec<Event<'p>>,
}

impl RecordSet {
    /// A pack without a delta.
    ///
    /// # Errors
    /// [`PackError::Body`]: its lists do not lie within it.
    pub fn new(base: Pack<Vec<u8>>) -> Result<Self, PackError> {
        let lists = Lists::of(base.body())?;
        Ok(Self { base, lists, delta: None })
    }

    /// Adds what changed since.
    ///
    /// # Errors
    /// [`PackError::Delta`]: it changes another pack. [`PackError::Body`]: its lists do not lie within it.
    pub fn change(&mut self, delta: Pack<Vec<u8>>) -> Result<(), PackError> {
        let (of, body) = delta_parts(&delta)?;
        let (base, new) = (self.base.header(), delta.header());
        if *of != base.body_hash || base.set != new.set || new.kind != PackKind::Delta {
            return Err(PackError::Delta("it changes another pack"));
        }
        let lists = Lists::of(body)?;
        self.delta = Some((delta, lists));
        Ok(())
    }

    /// What the newest of its packs says about itself.
    pub fn header(&self) -> &Header {
        self.delta.as_ref().map_or(&self.base, |(delta, _)| delta).header()
    }

    /// The pack that deltas change.
    pub fn base(&self) -> &Pack<Vec<u8>> {
        &self.base
    }

    /// What is on record under a key.
    pub fn find(&self, key: &Key) -> Option<Vec<Event<'_>>> {
        self.events(key.fingerprint())
    }

    /// What is on record about a product whose brand and name stand in a text, given as folded words with single spaces,
    /// with the words that do. The longest name counts.
    pub fn find_named<'t>(&self, text: &'t str) -> Option<(Vec<Event<'_>>, &'t str)> {
        let mut best: Option<(Vec<Event<'_>>, &str)> = None;
        for from in std::iter::once(0).chain(text.match_indices(' ').map(|(at, _)| at + 1)) {
            let here = text.get(from..)?;
            let ends = || here.match_indices(' ').map(|(at, _)| at).chain([here.len()]);
            let start = ends().nth(MIN_NAME_WORDS - 1).and_then(|end| here.get(..end));
            let start = start.and_then(|start| self.content(fingerprint(NAME_START, start)));
            let Some(Content::Lengths(lengths)) = start else { continue };
            for (count, end) in (1..=MAX_NAME_WORDS).zip(ends()) {
                let may_end = count >= MIN_NAME_WORDS && lengths >> (count - MIN_NAME_WORDS) & 1 == 1;
                let Some(name) = here.get(..end).filter(|_| may_end) else { continue };
                if best.as_ref().is_none_or(|(_, known)| known.len() < name.len())
                    && let Some(events) = self.events(fingerprint(NAME, name))
                {
                    best = Some((events, name));
                }
            }
        }
        best
    }

    fn events(&self, fingerprint: u64) -> Option<Vec<Event<'_>>> {
        match self.content(fingerprint)? {
            Content::Events(events) if !events.is_empty() => Some(events),
            _ => None,
        }
    }

    /// What stands behind a fingerprint: what changed comes first.
    pub fn content(&self, fingerprint: u64) -> Option<Content<'_>> {
        let changed = self.delta.as_ref().and_then(|(delta, lists)| {
            let (_, body) = delta_parts(delta).ok()?;
            lists.in_body(body).content(fingerprint)
        });
        changed.or_else(|| self.lists.in_body(self.base.body()).content(fingerprint))
    }
}

/// The hash of the body that a delta changes, and its own lists.
fn delta_parts(delta: &Pack<Vec<u8>>) -> Result<(&[u8; 32], &[u8]), PackError> {
    delta.body().split_first_chunk().ok_or(PackError::Delta("it does not say what it changes"))
}

impl Records {
    /// The sets, in the order of their names.
    pub fn sets(&self) -> &[RecordSet] {
        &self.0
    }

    /// The set of a name.
    pub fn set(&self, name: SetName) -> Option<&RecordSet> {
        self.0.iter().find(|set| set.header().set == name)
    }

    /// Puts a set in place of the one of the same name.
    pub fn put(&mut self, set: RecordSet) {
        let name = |set: &RecordSet| set.header().set;
        match self.0.binary_search_by_key(&name(&set), name) {
            Ok(at) => {
                if let Some(slot) = self.0.get_mut(at) {
                    *slot = set;
                }
            }
            Err(at) => self.0.insert(at, set),
        }
    }

    /// Adds what changed since to the set that it changes.
    ///
    /// # Errors
    /// [`PackError::Delta`]: there is no such set, or it has another pack.
    pub fn change(&mut self, delta: Pack<Vec<u8>>) -> Result<(), PackError> {
        let name = delta.header().set;
        let set = self.0.iter_mut().find(|set| set.header().set == name);
        set.ok_or(PackError::Delta("it changes a set that is not in use"))?.change(delta)
    }

    /// What is on record under a key, set by set.
    pub fn find(&self, key: &Key) -> impl Iterator<Item = Found<'_>> {
        self.0.iter().filter_map(|set| Some(Found { set: set.header().set, events: set.find(key)? }))
    }
}
