//! Writing the bodies of packs of records and of their deltas. The same records give the same bytes, in whatever order
//! they come.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::cursor::{put_number, width_of};
use super::records::{
    Content, FINGERPRINT, FIRST_DAY, MAX_BUCKET_BITS, MAX_RECORD_BYTES, MOST_ITEMS, STEP, bucket_of, field,
    highest_reference, inside_bucket, texts, weight,
};
use super::{PackError, RecordsBody, Shard};
use crate::record::{Event, Key, MIN_NAME_WORDS, Matter, NAME_START, Status, fingerprint};

/// Why a delta cannot be made.
const ALIKE: &str = "two names of which too little is kept to tell them apart";
/// Keys that share a bucket, about.
const KEYS_A_BUCKET: usize = 8;
/// Most urls, and most counts, of an event.
const MOST_URLS: usize = 15;

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
    // The case stands in the step: two subjects in one document share its event, whichever case it is of each.
    let events: BTreeSet<Event<'_>> = lists.iter().copied().flatten().map(of_any_case).collect();
    let strings = shared_strings(&events);
    let numbers: BTreeMap<&str, usize> = strings.iter().enumerate().map(|(at, text)| (*text, at)).collect();
    let bytes: Vec<Vec<u8>> = events.iter().map(|event| event_bytes(event, &numbers)).collect::<Result<_, _>>()?;
    let events = numbered(events.iter());

    let (mut steps, mut references) = (Vec::new(), BTreeMap::new());
    for list in lists {
        let numbers = list.iter().filter_map(|event| Some((event.case, *events.get(&of_any_case(event))?)));
        let numbers: Vec<(u8, usize)> = numbers.collect();
        let reference = match numbers.as_slice() {
            [(0, event)] => Reference::Event(*event),
            [] => Reference::Lengths(0),
            _ => Reference::Step(steps.len()),
        };
        if matches!(reference, Reference::Step(_)) {
            let last = numbers.len() - 1;
            steps.extend(numbers.into_iter().enumerate().map(|(at, (case, event))| (at < last, case, event)));
        }
        references.insert(list, reference);
    }
    let reference = |content: &Content<'_>| match content {
        Content::Events(list) => references.get(list).copied(),
        Content::Lengths(lengths) => Some(Reference::Lengths(*lengths)),
    };
    let keys: Vec<(u64, Reference)> =
        contents.iter().filter_map(|(print, content)| Some((*print, reference(content)?))).collect();
    let body = lay_out(&keys, bits, &steps, &bytes, &strings)?;
    RecordsBody::open(&body)?.check()?;
    Ok(body)
}

fn of_any_case<'a>(event: &Event<'a>) -> Event<'a> {
    Event { case: 0, ..event.clone() }
}

/// What a key leads to.
#[derive(Debug, Clone, Copy)]
enum Reference {
    /// One event, of case 0.
    Event(usize),
    /// The first of several steps.
    Step(usize),
    /// How many words a product's name may have; 0: nothing is on record any longer.
    Lengths(usize),
}

/// Items with their numbers, in their order.
fn numbered<T: Ord>(items: impl Iterator<Item = T>) -> BTreeMap<T, usize> {
    items.enumerate().map(|(at, item)| (item, at)).collect()
}

/// How many bits choose the bucket.
fn bucket_bits(keys: usize) -> u32 {
    (keys / KEYS_A_BUCKET).checked_ilog2().map_or(0, |log| log + 1).min(MAX_BUCKET_BITS)
}

/// The strings that stand more than once, the most frequent first: the lower a number, the fewer bytes it has.
fn shared_strings<'e>(events: &BTreeSet<Event<'e>>) -> Vec<&'e str> {
    let mut count: BTreeMap<&str, usize> = BTreeMap::new();
    for text in events.iter().flat_map(texts).filter(|text| !text.is_empty()) {
        *count.entry(text).or_default() += 1;
    }
    count.retain(|_, count| *count > 1);
    let mut shared: Vec<(&str, usize)> = count.into_iter().collect();
    shared.sort_by_key(|(text, count)| (Reverse(*count), *text));
    shared.into_iter().map(|(text, _)| text).collect()
}

/// An event: matter, status and which fields are there, in two bytes; days; texts, each either here (twice its length, then its
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
    let matter = Matter::ALL.iter().position(|known| *known == event.matter).unwrap_or_default();
    let status = Status::ALL.iter().position(|known| *known == event.status).unwrap_or_default();
    let what = matter as u16 | (status as u16) << 4;
    let what = there.into_iter().fold(what, |bits, (field, is_there)| bits | u16::from(is_there) << field);
    let mut bytes = what.to_le_bytes().to_vec();
    for day in [event.day, event.from, event.to].into_iter().flatten() {
        put_number(&mut bytes, day.wrapping_sub(FIRST_DAY));
    }
    let of_lists = 2 * (event.urls.len() + event.counts.len());
    let single = texts(event).count() - of_lists;
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

/// Lays the lists behind one another. `keys` are by fingerprint.
fn lay_out(
    keys: &[(u64, Reference)],
    bits: u32,
    steps: &[(bool, u8, usize)],
    events: &[Vec<u8>],
    strings: &[&str],
) -> Result<Vec<u8>, WriteError> {
    if [keys.len(), steps.len(), events.len()].into_iter().any(|count| count > MOST_ITEMS) {
        return Err(WriteError::TooLarge);
    }
    let event_bytes: usize = events.iter().map(Vec::len).sum();
    let string_bytes: usize = strings.iter().map(|text| text.len()).sum();
    let mut body = bits.to_le_bytes().to_vec();
    for count in [keys.len(), steps.len(), events.len(), strings.len(), event_bytes, string_bytes] {
        body.extend(u32::try_from(count).map_err(|_| WriteError::TooLarge)?.to_le_bytes());
    }
    let mut buckets = vec![0; 1 << bits];
    for (print, _) in keys {
        if let Some(count) = buckets.get_mut(bucket_of(*print, bits)) {
            *count += 1;
        }
    }
    put_starts(&mut body, buckets.into_iter(), keys.len());
    let width = width_of(highest_reference(events.len(), steps.len()));
    put_list(
        &mut body,
        keys.iter().flat_map(|(print, reference)| {
            let reference = match *reference {
                Reference::Event(event) => event,
                Reference::Step(step) => events.len() + step,
                Reference::Lengths(lengths) => events.len() + steps.len() + lengths,
            };
            [(inside_bucket(*print, bits), FINGERPRINT), (reference as u64, width)]
        }),
    );
    put_list(
        &mut body,
        steps.iter().map(|(more, case, event)| {
            let step = u64::from(*more) | u64::from(*case) << 1 | (*event as u64) << STEP;
            (step, STEP + width_of(events.len()))
        }),
    );
    put_starts(&mut body, events.iter().map(Vec::len), event_bytes);
    put_starts(&mut body, strings.iter().map(|text| text.len()), string_bytes);
    body.extend(events.iter().flatten());
    strings.iter().for_each(|text| body.extend_from_slice(text.as_bytes()));
    Ok(body)
}

/// Numbers with so many bits each, side by side.
pub(super) fn put_list(body: &mut Vec<u8>, numbers: impl Iterator<Item = (u64, usize)>) {
    let (mut waiting, mut bits) = (0u64, 0);
    for (number, width) in numbers {
        waiting |= number << bits;
        bits += width;
        while bits >= 8 {
            body.push(waiting as u8);
            (waiting, bits) = (waiting >> 8, bits - 8);
        }
    }
    if bits > 0 {
        body.push(waiting as u8);
    }
}

/// Where items of these lengths begin, and where the last one ends.
fn put_starts(body: &mut Vec<u8>, lengths: impl Iterator<Item = usize>, end: usize) {
    let mut start = 0;
    let starts = std::iter::once(0).chain(lengths.map(|length| {
        start += length;
        start as u64
    }));
    put_list(body, starts.map(|start| (start, width_of(end))));
}
