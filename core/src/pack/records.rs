//! The body of a pack of records: read where it lies, nothing is decoded but what is asked for.
//!
//! Keys are held as fingerprints, not as names. The first bits of a fingerprint choose a bucket, the next 48 are compared
//! inside it; buckets hold four to eight keys, so that another name is mistaken for a recorded one once in 2^45. Most
//! subjects have one event, which their keys lead to at once.
//!
//! All numbers are little-endian, all lists stand behind one another. Each item of a list has as many bits as the highest
//! one may need, at least one, the lowest first; what is left of a list's last byte says nothing:
//!
//! | list | items | bits | what |
//! |---|---|---|---|
//! | counts | 7 | 32 | bits of buckets; keys, steps, events, strings; bytes of events, bytes of strings |
//! | bucket starts | 2^bits + 1 | … | first key of each bucket |
//! | keys | keys | 48 + … | fingerprint, in order; reference |
//! | steps | … | 1 + 8 + … | whether the next one is about the same subject; case; event |
//! | event starts | events + 1 | … | first byte of each event |
//! | string starts | strings + 1 | … | first byte of each string that several events share |
//! | events | bytes | 8 | see `write.rs` |
//! | strings | bytes | 8 | UTF-8 |
//!
//! A reference is the number of an event, which is the only one and of case 0; beyond the events: of the first of several
//! steps; beyond the steps: how many words a product's name may have, as bits, or none: nothing is on record any longer.

use super::PackError;
use super::cursor::{Cursor, List, u32_at, width_of};
use crate::record::{Count, Event, Key, MAX_NAME_WORDS, MIN_NAME_WORDS, Matter, Parted, Status};

/// Layout of the body.
pub const RECORDS_LAYOUT: u32 = 2;
/// Most bytes that a subject's events have together: what a lookup costs has a limit that no pack can raise.
pub const MAX_RECORD_BYTES: usize = 1 << 20;
/// Bytes of those that every event is counted with, beside its texts.
const EVENT_BYTES: usize = 256;
/// Bytes of the counts.
const COUNTS_BYTES: usize = 28;
/// Bits of a fingerprint that are compared.
pub(super) const FINGERPRINT: usize = 48;
/// Bits of a step before its event.
pub(super) const STEP: usize = 9;
/// Most bits that choose a bucket.
pub(super) const MAX_BUCKET_BITS: u32 = 20;
/// Most keys, steps and events.
pub(super) const MOST_ITEMS: usize = (1 << 24) - (1 << 12);
/// Days are counted from here, 2000-01-01, in a pack: for forty years they have two bytes.
pub(super) const FIRST_DAY: u32 = 10_957;

/// A body whose lists lie within it.
#[derive(Debug, Clone, Copy)]
pub struct RecordsBody<'p> {
    body: &'p [u8],
    lists: Lists,
}

/// Where the lists of a body lie.
#[derive(Debug, Clone, Copy)]
pub(super) struct Lists {
    bucket_bits: u32,
    bucket_starts: List,
    keys: List,
    steps: List,
    event_starts: List,
    string_starts: List,
    events: List,
    strings: List,
}

/// What stands behind a fingerprint.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content<'p> {
    /// What is on record about a subject; nothing: it is on record no longer.
    Events(Vec<Event<'p>>),
    /// How many words a product's name that begins so may have, as bits from [`MIN_NAME_WORDS`] on.
    Lengths(usize),
}

impl<'p> Content<'p> {
    /// The events, where it is about a subject.
    pub fn events(&self) -> Option<&Vec<Event<'p>>> {
        match self {
            Self::Events(events) => Some(events),
            Self::Lengths(_) => None,
        }
    }
}

/// Highest reference: behind events and steps stand the numbers of words that a product's name may have, as bits.
pub(super) fn highest_reference(events: usize, steps: usize) -> usize {
    events + steps + (1 << (MAX_NAME_WORDS - MIN_NAME_WORDS + 1)) - 1
}

/// What of a fingerprint is compared inside its bucket.
pub(super) fn inside_bucket(fingerprint: u64, bits: u32) -> u64 {
    fingerprint << bits >> 16
}

/// The bucket of a fingerprint.
pub(super) fn bucket_of(fingerprint: u64, bits: u32) -> usize {
    fingerprint.checked_shr(64 - bits).unwrap_or(0) as usize
}

impl Lists {
    /// Finds the lists of a body.
    ///
    /// # Errors
    /// They do not fill it exactly.
    pub(super) fn of(body: &[u8]) -> Result<Self, PackError> {
        let bucket_bits = u32_at(body, 0);
        let count = |at: usize| u32_at(body, at * 4) as usize;
        let [keys, steps, events] = [1, 2, 3].map(count);
        let [strings, event_bytes, string_bytes] = [4, 5, 6].map(count);
        if bucket_bits > MAX_BUCKET_BITS || [keys, steps, events].into_iter().any(|count| count > MOST_ITEMS) {
            return Err(PackError::Body("more of something than there can be"));
        }
        let mut end = COUNTS_BYTES;
        let mut list = |items: usize, width: usize| {
            let list = List::new(end, width, items);
            end = list.end().filter(|end| *end <= body.len()).unwrap_or(usize::MAX);
            list
        };
        let lists = Self {
            bucket_bits,
            bucket_starts: list((1 << bucket_bits) + 1, width_of(keys)),
            keys: list(keys, FINGERPRINT + width_of(highest_reference(events, steps))),
            steps: list(steps, STEP + width_of(events)),
            event_starts: list(events + 1, width_of(event_bytes)),
            string_starts: list(strings.saturating_add(1), width_of(string_bytes)),
            events: list(event_bytes, 8),
            strings: list(string_bytes, 8),
        };
        if end == body.len() { Ok(lists) } else { Err(PackError::Body("its lists do not fill it")) }
    }

    /// The body of which these are the lists.
    pub(super) fn in_body(self, body: &[u8]) -> RecordsBody<'_> {
        RecordsBody { body, lists: self }
    }
}

impl<'p> RecordsBody<'p> {
    /// Finds the lists of a body.
    ///
    /// # Errors
    /// They do not fill it exactly.
    pub fn open(body: &'p [u8]) -> Result<Self, PackError> {
        Lists::of(body).map(|lists| lists.in_body(body))
    }

    /// What is on record under a key.
    pub fn find(&self, key: &Key) -> Option<Vec<Event<'p>>> {
        match self.content(key.fingerprint())? {
            Content::Events(events) => Some(events),
            Content::Lengths(_) => None,
        }
    }

    /// What stands behind a fingerprint.
    pub fn content(&self, fingerprint: u64) -> Option<Content<'p>> {
        let bits = self.lists.bucket_bits;
        let bucket = self.lists.bucket_starts.range(self.body, bucket_of(fingerprint, bits))?;
        let sought = inside_bucket(fingerprint, bits);
        let (mut low, mut high) = (bucket.start, bucket.end.min(self.keys()));
        while low < high {
            let middle = usize::midpoint(low, high);
            if self.kept(middle)? < sought { low = middle + 1 } else { high = middle }
        }
        let is_here = low < bucket.end && self.kept(low) == Some(sought);
        is_here.then(|| self.content_at(low)).flatten()
    }

    /// What stands behind a key's fingerprint, by the key's place.
    pub fn content_at(&self, at: usize) -> Option<Content<'p>> {
        let reference = self.reference(at)?;
        let Some(step) = reference.checked_sub(self.events()) else {
            return Some(Content::Events(vec![self.event(reference, 0, &mut { MAX_RECORD_BYTES })?]));
        };
        match step.checked_sub(self.lists.steps.items) {
            None => self.several(step).map(Content::Events),
            Some(0) => Some(Content::Events(Vec::new())),
            Some(lengths) => Some(Content::Lengths(lengths)),
        }
    }

    /// The events of several steps, from the first one on.
    fn several(&self, first: usize) -> Option<Vec<Event<'p>>> {
        let (mut events, mut left) = (Vec::new(), MAX_RECORD_BYTES);
        for at in first.. {
            let (more, case, event) = self.step(at)?;
            events.push(self.event(event, case, &mut left)?);
            if !more {
                break;
            }
        }
        Some(events)
    }

    /// Whether the next step is about the same subject; the case, and the event.
    fn step(&self, at: usize) -> Option<(bool, u8, usize)> {
        let step = self.lists.steps.get(self.body, at)?;
        Some((step & 1 == 1, (step >> 1) as u8, (step >> STEP) as usize))
    }

    /// What of the fingerprint at a place is compared.
    fn kept(&self, at: usize) -> Option<u64> {
        self.lists.keys.part(self.body, at, 0, FINGERPRINT)
    }

    fn reference(&self, at: usize) -> Option<usize> {
        let width = width_of(highest_reference(self.events(), self.lists.steps.items));
        self.lists.keys.part(self.body, at, FINGERPRINT, width).map(|reference| reference as usize)
    }

    /// The fingerprint at a place, as far as it is kept: bucket and 48 bits.
    pub fn fingerprint_at(&self, at: usize) -> Option<u64> {
        let starts = self.lists.bucket_starts;
        let (mut low, mut high) = (0, starts.items);
        // The last bucket that begins at or before the place.
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            if starts.get(self.body, middle)? as usize <= at { low = middle } else { high = middle }
        }
        let bucket = (low as u64).checked_shl(64 - self.bucket_bits()).unwrap_or(0);
        Some(bucket | self.kept(at)? << 16 >> self.bucket_bits())
    }

    /// How many bits of a fingerprint choose its bucket.
    pub fn bucket_bits(&self) -> u32 {
        self.lists.bucket_bits
    }

    /// An event of a case; what it takes is taken from the bytes that are left.
    fn event(&self, event: usize, case: u8, left: &mut usize) -> Option<Event<'p>> {
        *left = left.checked_sub(EVENT_BYTES)?;
        let mut bytes = Cursor::new(self.between(self.lists.events, self.lists.event_starts, event)?);
        let what = u16::from_le_bytes([bytes.byte()?, bytes.byte()?]);
        let matter = *Matter::ALL.get(usize::from(what & 15))?;
        let status = *Status::ALL.get(usize::from(what >> 4 & 31))?;
        let is_there = |field: u8| what >> field & 1 == 1;
        let mut day = |field: u8| {
            if is_there(field) { bytes.number().map(|day| Some(day.wrapping_add(FIRST_DAY))) } else { Some(None) }
        };
        let (day_of, from, to) = (day(field::DAY)?, day(field::FROM)?, day(field::TO)?);
        let mut string = |bytes: &mut Cursor<'p>| {
            let text = self.string(bytes)?;
            *left = left.checked_sub(text.len())?;
            Some(text)
        };
        let issuer = string(&mut bytes)?;
        let document = match is_there(field::DOCUMENT) {
            true => Some(Parted(string(&mut bytes)?, string(&mut bytes)?)),
            false => None,
        };
        let mut text = |field: u8| if is_there(field) { string(&mut bytes).map(Some) } else { Some(None) };
        let (words, reply) = (text(field::WORDS)?, text(field::REPLY)?);
        let many = bytes.byte()?;
        let (mut urls, mut counts) = (Vec::with_capacity(usize::from(many >> 4)), Vec::new());
        for _ in 0..many >> 4 {
            urls.push(Parted(string(&mut bytes)?, string(&mut bytes)?));
        }
        for _ in 0..many & 15 {
            counts.push(Count { said: string(&mut bytes)?, source: string(&mut bytes)? });
        }
        let verified = is_there(field::VERIFIED);
        bytes.is_at_end().then_some(Event {
            case,
            matter,
            status,
            day: day_of,
            from,
            to,
            issuer,
            document,
            words,
            reply,
            urls,
            counts,
            verified,
        })
    }

    /// A string: an even number is twice its length, and it stands here; an odd one leads to a shared string.
    fn string(&self, bytes: &mut Cursor<'p>) -> Option<&'p str> {
        let number = bytes.number()? as usize;
        let text = if number.is_multiple_of(2) {
            bytes.bytes(number / 2)?
        } else {
            self.between(self.lists.strings, self.lists.string_starts, number / 2)?
        };
        std::str::from_utf8(text).ok()
    }

    /// The bytes of an item of events or strings.
    fn between(&self, items: List, starts: List, at: usize) -> Option<&'p [u8]> {
        items.slice(self.body, starts.range(self.body, at)?)
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// Something in it cannot be read.
    pub fn check(&self) -> Result<(), PackError> {
        let lists = &self.lists;
        let rises = |list: List, most: usize| {
            let mut last = Some(0);
            let mut starts = (0..list.items).map(|at| list.get(self.body, at));
            let begins = list.get(self.body, 0) == Some(0);
            begins && starts.all(|start| std::mem::replace(&mut last, start) <= start) && last == Some(most as u64)
        };
        let starts = [
            (lists.bucket_starts, lists.keys),
            (lists.event_starts, lists.events),
            (lists.string_starts, lists.strings),
        ];
        if !starts.into_iter().all(|(list, of)| rises(list, of.items)) {
            return Err(PackError::Body("starts out of order"));
        }
        // A name is looked for by halves, and only the first of two that are alike would be found.
        let mut last = None;
        for at in 0..self.keys() {
            let print = self.fingerprint_at(at);
            if print <= last || print.map(|print| inside_bucket(print, self.bucket_bits())) != self.kept(at) {
                return Err(PackError::Body("names out of order"));
            }
            last = print;
        }
        let highest = highest_reference(self.events(), lists.steps.items);
        if !(0..self.keys()).all(|at| self.reference(at).is_some_and(|it| it <= highest)) {
            return Err(PackError::Body("a key that leads to nothing"));
        }
        // Each event is read once, in however many steps it stands.
        let weight = |event: usize| {
            let mut left = MAX_RECORD_BYTES;
            self.event(event, 0, &mut left).map(|_| MAX_RECORD_BYTES - left)
        };
        let weights: Option<Vec<usize>> = (0..self.events()).map(weight).collect();
        let weights = weights.ok_or(PackError::Body("an event that cannot be read"))?;
        // From the last step back: what a step weighs with those that follow it. The last one ends what it is in.
        let mut following = None;
        for at in (0..lists.steps.items).rev() {
            let step = self.step(at).and_then(|(more, _, event)| {
                let after = if more { following? } else { 0 };
                weights.get(event)?.checked_add(after)
            });
            following = step.filter(|total| *total <= MAX_RECORD_BYTES);
            if following.is_none() {
                return Err(PackError::Body("steps that cannot be read"));
            }
        }
        Ok(())
    }

    /// How many keys lead to something.
    pub fn keys(&self) -> usize {
        self.lists.keys.items
    }

    /// How many different events there are.
    pub fn events(&self) -> usize {
        self.lists.event_starts.items.saturating_sub(1)
    }
}

/// Bytes of an event, as they count.
pub(super) fn weight(event: &Event<'_>) -> usize {
    EVENT_BYTES + texts(event).map(str::len).sum::<usize>()
}

/// The texts of an event, in the order in which they are written.
pub(super) fn texts<'e>(event: &Event<'e>) -> impl Iterator<Item = &'e str> {
    let document = event.document.into_iter().flat_map(Parted::parts);
    let urls = event.urls.iter().flat_map(|url| url.parts());
    let counts = event.counts.iter().flat_map(|count| [count.said, count.source]);
    std::iter::once(event.issuer).chain(document).chain(event.words).chain(event.reply).chain(urls).chain(counts)
}

/// Bits that say which fields of an event are there: behind four of its matter and five of its status.
pub(super) mod field {
    pub(in crate::pack) const DAY: u8 = 9;
    pub(in crate::pack) const FROM: u8 = 10;
    pub(in crate::pack) const TO: u8 = 11;
    pub(in crate::pack) const DOCUMENT: u8 = 12;
    pub(in crate::pack) const WORDS: u8 = 13;
    pub(in crate::pack) const REPLY: u8 = 14;
    pub(in crate::pack) const VERIFIED: u8 = 15;
}
