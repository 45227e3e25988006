//! Writing the bodies of packs of records and of their deltas. The same records give the same bytes, in whatever order
//! they come.

use std::collections::{BTreeMap, BTreeSet};

use super::cursor::put_number;
use super::records::{
    Content, FINGERPRINT, MAX_BUCKET_BITS, MAX_RECORD_BYTES, bucket_of, field, highest_reference, inside_bucket,
    weight, width_of,
};
use super::{PackError, RecordsBody, Shard};
use crate::record::{Event, Key, MIN_NAME_WORDS, Matter, NAME_START, Status, fingerprint};

/// Why a delta cannot be made.
const ALIKE: &str = "two names of which too little is kept to tell them apart";
/// Keys that share a bucket, about.
const KEYS_A_BUCKET: usize = 8;
/// Most urls, and most counts, of an event.
const MOST_URLS: usize = 15;
/// Most keys, entries and events.
const MOST_ITEMS: usize = (1 << 24) - (1 << 12);

/// A subject as it is written.
#[derive(Debug, Clone)]
pub struct Subject<'a> {
    /// The names under which it is looked up, all of its kind.
    pub keys: Vec<Key>,
    /// What is on record.
    pub events: Vec<Event<'a>>,
}

/// Why records cannot be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WriteError {
    /// Two subjects claim a key.
    #[error("records.twice: two subjects are called {0}")]
    Twice(Key),
    /// Two keys that a pack cannot tell apart.
    #[error("records.collision: {0} and {1} have the same fingerprint; leave one of them out")]
    Collision(Key, Key),
    /// An event with too many urls or counts.
    #[error("records.too-many: an event has more than {MOST_URLS} urls or counts")]
    TooMany,
    /// A subject with more than a lookup may give.
    #[error("records.too-heavy: a subject has more than {MAX_RECORD_BYTES} bytes on record")]
    TooHeavy,
    /// More than a pack can number.
    #[error("records.too-large: more than a pack can number")]
    TooLarge,
    /// What was written cannot be read back: a mistake of this program.
    #[error("records.unreadable: {0}")]
    Unreadable(#[from] PackError),
}

/// Writes the body of a pack: of all subjects, or of those keys that lie in a part of the set.
///
/// # Errors
/// [`WriteError`].
pub fn write_records(subjects: &[Subject<'_>], shard: Option<Shard>) -> Result<Vec<u8>, WriteError> {
    let is_here = |print: u64| shard.is_none_or(|shard| Shard::of_fingerprint(print, shard.digits()) == shard);
    let mut contents: BTreeMap<u64, Content<'_>> = BTreeMap::new();
    let mut keys: BTreeMap<u64, &Key> = BTreeMap::new();
    for subject in subjects {
        let events: BTreeSet<&Event<'_>> = subject.events.iter().collect();
        let events: Vec<Event<'_>> = events.into_iter().cloned().collect();
        for key in subject.keys.iter().collect::<BTreeSet<_>>() {
            let print = key.fingerprint();
            if let Some(other) = keys.insert(print, key) {
                return Err(clash(key, other));
            }
            if is_here(print) {
                contents.insert(print, Content::Events(events.clone()));
            }
            let Some(words) = key.product_words() else { continue };
            let two = words.match_indices(' ').nth(MIN_NAME_WORDS - 1).map_or(words.len(), |(end, _)| end);
            let print = fingerprint(NAME_START, words.get(..two).unwrap_or_default());
            let more = words.split(' ').count().saturating_sub(MIN_NAME_WORDS);
            if is_here(print)
                && let Content::Lengths(lengths) = contents.entry(print).or_insert(Content::Lengths(0))
            {
                *lengths |= 1 << more;
            }
        }
    }
    // Of a fingerprint only its bucket and 48 bits are told apart.
    let bits = bucket_bits(contents.len());
    let untold = untold(bits);
    let mut told: BTreeMap<u64, &Key> = BTreeMap::new();
    for (print, key) in &keys {
        if let Some(other) = told.insert(print >> untold, key) {
            return Err(clash(key, other));
        }
    }
    write(&contents, bits)
}

/// How many bits of a fingerprint are not kept when so many choose its bucket.
fn untold(bucket_bits: u32) -> u32 {
    16 - bucket_bits.min(16)
}

fn clash(one: &Key, other: &Key) -> WriteError {
    if one == other { WriteError::Twice(one.clone()) } else { WriteError::Collision(one.clone(), other.clone()) }
}

/// What two bodies say otherwise about a name.
#[derive(Debug, Clone)]
pub struct Change<'p> {
    /// As much of the fingerprint as both bodies keep.
    fingerprint: u64,
    /// How many of its bits neither keeps.
    untold: u32,
    before: Content<'p>,
    after: Content<'p>,
}

impl<'p> Change<'p> {
    /// Whether this key is the one. It is taken for another one once in 2^48.
    pub fn is_of(&self, key: &Key) -> bool {
        key.fingerprint() >> self.untold == self.fingerprint >> self.untold
    }

    /// What is left of the fingerprint.
    pub fn fingerprint(&self) -> u64 {
        self.fingerprint
    }

    /// What the old body has on record.
    pub fn before(&self) -> &[Event<'p>] {
        self.before.events().map_or(&[], Vec::as_slice)
    }

    /// What the new one has.
    pub fn after(&self) -> &[Event<'p>] {
        self.after.events().map_or(&[], Vec::as_slice)
    }
}

/// What one body says otherwise than another, in the order of fingerprints.
///
/// # Errors
/// [`PackError::Body`].
pub fn changes<'p>(old: &RecordsBody<'p>, new: &RecordsBody<'p>) -> Result<Vec<Change<'p>>, PackError> {
    // More bits than both have kept of a fingerprint cannot be told.
    let untold = untold(old.bucket_bits().min(new.bucket_bits()));
    let told = |body: &RecordsBody<'p>| -> BTreeMap<u64, usize> {
        (0..body.keys()).filter_map(|at| Some((body.fingerprint_at(at)? >> untold << untold, at))).collect()
    };
    let (was, is) = (told(old), told(new));
    if (was.len(), is.len()) != (old.keys(), new.keys()) {
        return Err(PackError::Delta(ALIKE));
    }
    let content = |body: &RecordsBody<'p>, at: Option<&usize>| match at {
        Some(at) => body.content_at(*at).ok_or(PackError::Body("a key without content")),
        None => Ok(Content::Events(Vec::new())),
    };
    let mut changes = Vec::new();
    for fingerprint in was.keys().chain(is.keys().filter(|print| !was.contains_key(print))) {
        let before = content(old, was.get(fingerprint))?;
        let after = content(new, is.get(fingerprint))?;
        if before != after {
            changes.push(Change { fingerprint: *fingerprint, untold, before, after });
        }
    }
    changes.sort_by_key(|change| change.fingerprint);
    Ok(changes)
}

/// Writes the body of a delta: each subject about which two bodies differ, whole; whoever is on record no longer has a
/// record without events.
///
/// # Errors
/// [`WriteError`].
pub fn write_delta(old: &RecordsBody<'_>, new: &RecordsBody<'_>) -> Result<Vec<u8>, WriteError> {
    let changed: BTreeMap<u64, Content<'_>> =
        changes(old, new)?.into_iter().map(|change| (change.fingerprint, change.after)).collect();
    let most = old.bucket_bits().min(new.bucket_bits());
    // A name that did not change must not be taken for one that did: both must keep enough to be told apart.
    let prints = |body: &RecordsBody<'_>| -> Vec<u64> {
        (0..body.keys()).filter_map(|at| Some(body.fingerprint_at(at)? >> untold(most))).collect()
    };
    let mut names = [prints(old), prints(new)].concat();
    names.sort_unstable();
    names.dedup();
    let told_apart = |bits: &u32| {
        let cut = untold(*bits) - untold(most);
        names.iter().zip(names.iter().skip(1)).all(|(one, other)| one >> cut != other >> cut)
    };
    let bits = (most.min(bucket_bits(changed.len()))..=most).find(told_apart).ok_or(PackError::Delta(ALIKE))?;
    write(&changed, bits)
}

/// `bits` choose the bucket.
fn write(contents: &BTreeMap<u64, Content<'_>>, bits: u32) -> Result<Vec<u8>, WriteError> {
    let lists: BTreeSet<&Vec<Event<'_>>> = contents.values().filter_map(Content::events).collect();
    if lists.iter().any(|list| list.iter().map(weight).sum::<usize>() > MAX_RECORD_BYTES) {
        return Err(WriteError::TooHeavy);
    }
    let events: BTreeSet<&Event<'_>> = lists.iter().copied().flatten().collect();
    let strings = shared_strings(&events);
    let mut bytes = Vec::with_capacity(events.len());
    for event in &events {
        bytes.push(event_bytes(event, &strings)?);
    }
    let events = numbered(events);
    let entries: Vec<Vec<usize>> =
        lists.iter().map(|list| list.iter().filter_map(|event| events.get(event).copied()).collect()).collect();
    let lists = numbered(lists);
    let reference = |content: &Content<'_>| match content {
        Content::Events(list) => lists.get(list).copied(),
        Content::Lengths(lengths) => Some(lists.len() + lengths),
    };
    let references: Vec<(u64, usize)> =
        contents.iter().filter_map(|(print, content)| Some((*print, reference(content)?))).collect();
    let body = lay_out(&references, bits, &entries, &bytes, &strings)?;
    RecordsBody::open(&body)?.check()?;
    Ok(body)
}

/// Items with their numbers, in their order.
fn numbered<T: Ord>(items: BTreeSet<T>) -> BTreeMap<T, usize> {
    items.into_iter().enumerate().map(|(at, item)| (item, at)).collect()
}

/// How many bits choose the bucket.
fn bucket_bits(keys: usize) -> u32 {
    (keys / KEYS_A_BUCKET).checked_ilog2().map_or(0, |log| log + 1).min(MAX_BUCKET_BITS)
}

/// The strings that stand more than once.
fn shared_strings<'e>(events: &BTreeSet<&'e Event<'_>>) -> BTreeMap<&'e str, usize> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for text in events.iter().flat_map(|event| texts(event)) {
        *count.entry(text).or_default() += 1;
    }
    numbered(count.into_iter().filter(|(_, count)| *count > 1).map(|(text, _)| text).collect())
}

/// The texts of an event, in the order in which they are written.
fn texts<'e>(event: &'e Event<'_>) -> impl Iterator<Item = &'e str> {
    let single = [Some(event.issuer), event.document, event.words, event.reply];
    let urls = event.urls.iter().flat_map(|url| <[&str; 2]>::from(url_parts(url)));
    let counts = event.counts.iter().flat_map(|count| [count.said, count.source]);
    single.into_iter().flatten().chain(urls).chain(counts)
}

/// A url is kept in two parts: many share the first one.
fn url_parts(url: &str) -> (&str, &str) {
    let end = url.rfind('/').map_or(0, |at| at + 1);
    url.split_at_checked(end).unwrap_or((url, ""))
}

/// An event: case, matter, status, which fields are there; days; texts, each either here (twice its length, then its
/// bytes) or shared (twice its number and one); the numbers of urls and counts in one byte between the single texts and
/// those of the lists.
fn event_bytes(event: &Event<'_>, strings: &BTreeMap<&str, usize>) -> Result<Vec<u8>, WriteError> {
    if event.urls.len() > MOST_URLS || event.counts.len() > MOST_URLS {
        return Err(WriteError::TooMany);
    }
    let there = [
        (field::DAY, event.day.is_some()),
        (field::FROM, event.from.is_some()),
        (field::TO, event.to.is_some()),
        (field::DOCUMENT, event.document.is_some()),
        (field::WORDS, event.words.is_some()),
        (field::REPLY, event.reply.is_some()),
        (field::VERIFIED, event.verified),
    ];
    let there = there.into_iter().fold(0u8, |bits, (field, is_there)| bits | u8::from(is_there) << field);
    let matter = Matter::ALL.iter().position(|known| *known == event.matter).unwrap_or_default();
    let status = Status::ALL.iter().position(|known| *known == event.status).unwrap_or_default();
    let mut bytes = vec![event.case, matter as u8, status as u8, there];
    for day in [event.day, event.from, event.to].into_iter().flatten() {
        put_number(&mut bytes, day);
    }
    let single = [Some(event.issuer), event.document, event.words, event.reply].into_iter().flatten().count();
    for (at, text) in texts(event).enumerate() {
        if at == single {
            bytes.push((event.urls.len() as u8) << 4 | event.counts.len() as u8);
        }
        let (number, here) = match strings.get(text) {
            Some(shared) => (shared * 2 + 1, ""),
            None => (text.len() * 2, text),
        };
        put_number(&mut bytes, u32::try_from(number).map_err(|_| WriteError::TooLarge)?);
        bytes.extend_from_slice(here.as_bytes());
    }
    if event.urls.is_empty() && event.counts.is_empty() {
        bytes.push(0);
    }
    Ok(bytes)
}

/// Lays the lists behind one another. `references` are by fingerprint, `entries` list their events' numbers.
fn lay_out(
    references: &[(u64, usize)],
    bits: u32,
    entries: &[Vec<usize>],
    events: &[Vec<u8>],
    strings: &BTreeMap<&str, usize>,
) -> Result<Vec<u8>, WriteError> {
    let event_references: usize = entries.iter().map(Vec::len).sum();
    let event_bytes: usize = events.iter().map(Vec::len).sum();
    let string_bytes: usize = strings.keys().map(|text| text.len()).sum();
    let counts =
        [references.len(), entries.len(), event_references, events.len(), strings.len(), event_bytes, string_bytes];
    if counts.into_iter().take(4).any(|count| count > MOST_ITEMS) {
        return Err(WriteError::TooLarge);
    }
    let mut body = Vec::new();
    for count in counts {
        put_start(&mut body, count)?;
    }
    body.extend(bits.to_le_bytes());
    let mut buckets = vec![0; 1 << bits];
    for (print, _) in references {
        if let Some(count) = buckets.get_mut(bucket_of(*print, bits)) {
            *count += 1;
        }
    }
    put_starts(&mut body, buckets.into_iter())?;
    for (print, _) in references {
        put_element(&mut body, inside_bucket(*print, bits), FINGERPRINT);
    }
    for (_, reference) in references {
        put_element(&mut body, *reference as u64, width_of(highest_reference(entries.len())));
    }
    put_starts(&mut body, entries.iter().map(Vec::len))?;
    for event in entries.iter().flatten() {
        put_element(&mut body, *event as u64, width_of(events.len()));
    }
    put_starts(&mut body, events.iter().map(Vec::len))?;
    put_starts(&mut body, strings.keys().map(|text| text.len()))?;
    body.extend(events.iter().flatten());
    strings.keys().for_each(|text| body.extend_from_slice(text.as_bytes()));
    Ok(body)
}

fn put_element(body: &mut Vec<u8>, number: u64, width: usize) {
    body.extend(number.to_le_bytes().into_iter().take(width));
}

fn put_start(body: &mut Vec<u8>, start: usize) -> Result<(), WriteError> {
    body.extend(u32::try_from(start).map_err(|_| WriteError::TooLarge)?.to_le_bytes());
    Ok(())
}

/// Where items of these lengths begin, and where the last one ends.
fn put_starts(body: &mut Vec<u8>, lengths: impl Iterator<Item = usize>) -> Result<(), WriteError> {
    let mut start = 0;
    put_start(body, start)?;
    for length in lengths {
        start += length;
        put_start(body, start)?;
    }
    Ok(())
}
