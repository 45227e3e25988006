//! The body of a pack of records: read where it lies, nothing is decoded but what is asked for.
//!
//! Keys are held as fingerprints, not as names. The first bits of a fingerprint choose a bucket, the next 48 are compared
//! inside it; buckets hold four to eight keys, so that another name is mistaken for a recorded one once in 2^45. All numbers
//! are little-endian, all lists stand behind one another:
//!
//! | list | items | width | what |
//! |---|---|---|---|
//! | counts | 8 | 4 | keys, entries, event references, events, strings, bytes of events, bytes of strings, bits of buckets |
//! | bucket starts | 2^bits + 1 | 4 | first key of each bucket |
//! | fingerprints | keys | 6 | in order |
//! | references | keys | 2 or 3 | the entry; beyond the entries: how many words a product's name may have, as bits |
//! | entry starts | entries + 1 | 4 | first event reference of each entry |
//! | event references | … | 2 or 3 | the event |
//! | event starts | events + 1 | 4 | first byte of each event |
//! | string starts | strings + 1 | 4 | first byte of each string that several events share |
//! | events | bytes | | see `write.rs` |
//! | strings | bytes | | UTF-8 |

use std::borrow::Cow;

use super::PackError;
use super::cursor::{Cursor, element, u32_at};
use crate::record::{Count, Event, Key, MAX_NAME_WORDS, MIN_NAME_WORDS, Matter, Status};

/// Layout of the body.
pub const RECORDS_LAYOUT: u32 = 1;
/// Most bytes that a subject's events have together: what a lookup costs has a limit that no pack can raise.
pub const MAX_RECORD_BYTES: usize = 1 << 20;
/// Bytes of those that every event is counted with, beside its texts.
const EVENT_BYTES: usize = 256;
/// Bytes of the counts.
const COUNTS_BYTES: usize = 32;
/// Bytes of a fingerprint.
pub(super) const FINGERPRINT: usize = 6;
/// Most bits that choose a bucket.
pub(super) const MAX_BUCKET_BITS: u32 = 20;

/// A body whose lists lie within it.
#[derive(Debug, Clone, Copy)]
pub struct RecordsBody<'p> {
    bucket_bits: u32,
    bucket_starts: &'p [u8],
    fingerprints: &'p [u8],
    references: &'p [u8],
    entry_starts: &'p [u8],
    event_references: &'p [u8],
    event_starts: &'p [u8],
    string_starts: &'p [u8],
    events: &'p [u8],
    strings: &'p [u8],
    keys: usize,
    entries: usize,
    event_count: usize,
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

/// Bytes of a number that counts up to here.
pub(super) fn width_of(most: usize) -> usize {
    if most < 1 << 16 { 2 } else { 3 }
}

/// Highest reference: behind the entries stand the numbers of words that a product's name may have, as bits.
pub(super) fn highest_reference(entries: usize) -> usize {
    entries + (1 << (MAX_NAME_WORDS - MIN_NAME_WORDS + 1))
}

/// What of a fingerprint is compared inside its bucket.
pub(super) fn inside_bucket(fingerprint: u64, bits: u32) -> u64 {
    fingerprint << bits >> 16
}

/// The bucket of a fingerprint.
pub(super) fn bucket_of(fingerprint: u64, bits: u32) -> usize {
    fingerprint.checked_shr(64 - bits).unwrap_or(0) as usize
}

impl<'p> RecordsBody<'p> {
    /// Finds the lists of a body.
    ///
    /// # Errors
    /// They do not fill it exactly.
    pub fn open(body: &'p [u8]) -> Result<Self, PackError> {
        let count = |at: usize| u32_at(body, at * 4) as usize;
        let [keys, entries, event_references] = [0, 1, 2].map(count);
        let [event_count, string_count, event_bytes, string_bytes] = [3, 4, 5, 6].map(count);
        let bucket_bits = u32_at(body, 28);
        if bucket_bits > MAX_BUCKET_BITS {
            return Err(PackError::Body("more buckets than there can be"));
        }
        let mut rest = Cursor::at(body, COUNTS_BYTES).ok_or(PackError::Body("shorter than its counts"))?;
        let mut list = |items: usize, width: usize| {
            let bytes = items.checked_mul(width).and_then(|bytes| rest.bytes(bytes));
            bytes.ok_or(PackError::Body("a list reaches beyond the end"))
        };
        let opened = Self {
            bucket_bits,
            bucket_starts: list((1 << bucket_bits) + 1, 4)?,
            fingerprints: list(keys, FINGERPRINT)?,
            references: list(keys, width_of(highest_reference(entries)))?,
            entry_starts: list(entries.saturating_add(1), 4)?,
            event_references: list(event_references, width_of(event_count))?,
            event_starts: list(event_count.saturating_add(1), 4)?,
            string_starts: list(string_count.saturating_add(1), 4)?,
            events: list(event_bytes, 1)?,
            strings: list(string_bytes, 1)?,
            keys,
            entries,
            event_count,
        };
        if rest.is_at_end() { Ok(opened) } else { Err(PackError::Body("it goes on behind its lists")) }
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
        let bucket = bucket_of(fingerprint, self.bucket_bits);
        let start = |bucket: usize| element(self.bucket_starts, 4, bucket).map(|start| start as usize);
        let (from, to) = (start(bucket)?, start(bucket + 1)?.min(self.keys));
        let sought = inside_bucket(fingerprint, self.bucket_bits);
        let (mut low, mut high) = (from, to);
        while low < high {
            let middle = usize::midpoint(low, high);
            if element(self.fingerprints, FINGERPRINT, middle)? < sought { low = middle + 1 } else { high = middle }
        }
        let is_here = low < to && element(self.fingerprints, FINGERPRINT, low) == Some(sought);
        is_here.then(|| self.content_at(low)).flatten()
    }

    /// What stands behind a key's fingerprint, by the key's place.
    pub fn content_at(&self, at: usize) -> Option<Content<'p>> {
        let reference = element(self.references, width_of(highest_reference(self.entries)), at)? as usize;
        match reference.checked_sub(self.entries) {
            Some(lengths) => Some(Content::Lengths(lengths)),
            None => self.entry(reference).map(Content::Events),
        }
    }

    fn entry(&self, entry: usize) -> Option<Vec<Event<'p>>> {
        let start = |entry: usize| element(self.entry_starts, 4, entry).map(|start| start as usize);
        let (from, to) = (start(entry)?, start(entry.checked_add(1)?)?);
        let mut left = MAX_RECORD_BYTES;
        (from..to).map(|at| self.event(self.event_reference(at)?, &mut left)).collect()
    }

    fn event_reference(&self, at: usize) -> Option<usize> {
        element(self.event_references, width_of(self.event_count), at).map(|event| event as usize)
    }

    /// The fingerprint at a place, as far as it is kept: bucket and 48 bits.
    pub fn fingerprint_at(&self, at: usize) -> Option<u64> {
        let starts = self.bucket_starts.len() / 4;
        let (mut low, mut high) = (0, starts);
        // The last bucket that begins at or before the place.
        while high - low > 1 {
            let middle = usize::midpoint(low, high);
            if element(self.bucket_starts, 4, middle)? as usize <= at { low = middle } else { high = middle }
        }
        let bucket = (low as u64).checked_shl(64 - self.bucket_bits).unwrap_or(0);
        Some(bucket | element(self.fingerprints, FINGERPRINT, at)? << 16 >> self.bucket_bits)
    }

    /// How many bits of a fingerprint choose its bucket.
    pub fn bucket_bits(&self) -> u32 {
        self.bucket_bits
    }

    /// An event; what it takes is taken from the bytes that are left.
    fn event(&self, event: usize, left: &mut usize) -> Option<Event<'p>> {
        *left = left.checked_sub(EVENT_BYTES)?;
        let mut bytes = Cursor::new(between(self.events, self.event_starts, event)?);
        let case = bytes.byte()?;
        let matter = *Matter::ALL.get(usize::from(bytes.byte()?))?;
        let status = *Status::ALL.get(usize::from(bytes.byte()?))?;
        let there = bytes.byte()?;
        let is_there = |field: u8| there >> field & 1 == 1;
        let mut day = |field: u8| if is_there(field) { bytes.number().map(Some) } else { Some(None) };
        let (day_of, from, to) = (day(field::DAY)?, day(field::FROM)?, day(field::TO)?);
        let mut string = |bytes: &mut Cursor<'p>| {
            let text = self.string(bytes)?;
            *left = left.checked_sub(text.len())?;
            Some(text)
        };
        let issuer = string(&mut bytes)?;
        let mut text = |field: u8| if is_there(field) { string(&mut bytes).map(Some) } else { Some(None) };
        let (document, words, reply) = (text(field::DOCUMENT)?, text(field::WORDS)?, text(field::REPLY)?);
        let many = bytes.byte()?;
        let urls = (0..many >> 4)
            .map(|_| Some(Cow::Owned([string(&mut bytes)?, string(&mut bytes)?].concat())))
            .collect::<Option<_>>()?;
        let counts = (0..many & 15)
            .map(|_| Some(Count { said: string(&mut bytes)?, source: string(&mut bytes)? }))
            .collect::<Option<_>>()?;
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
            between(self.strings, self.string_starts, number / 2)?
        };
        std::str::from_utf8(text).ok()
    }

    /// Reads all of it.
    ///
    /// # Errors
    /// Something in it cannot be read.
    pub fn check(&self) -> Result<(), PackError> {
        let rises = |list: &[u8], most: usize| {
            let mut last = Some(0);
            let mut starts = (0..list.len() / 4).map(|at| element(list, 4, at));
            let begins = element(list, 4, 0) == Some(0);
            begins && starts.all(|start| std::mem::replace(&mut last, start) <= start) && last == Some(most as u64)
        };
        let width = width_of(self.event_count);
        let lists = [
            (self.bucket_starts, self.keys),
            (self.entry_starts, self.event_references.len() / width),
            (self.event_starts, self.events.len()),
            (self.string_starts, self.strings.len()),
        ];
        if !lists.into_iter().all(|(list, most)| rises(list, most)) {
            return Err(PackError::Body("starts out of order"));
        }
        // A name is looked for by halves, and only the first of two that are alike would be found.
        let mut last = None;
        for at in 0..self.keys {
            let kept = element(self.fingerprints, FINGERPRINT, at);
            let print = self.fingerprint_at(at);
            if print <= last || print.map(|print| inside_bucket(print, self.bucket_bits)) != kept {
                return Err(PackError::Body("names out of order"));
            }
            last = print;
        }
        let highest = highest_reference(self.entries) as u64;
        let reference_width = width_of(highest_reference(self.entries));
        if !(0..self.keys).all(|at| element(self.references, reference_width, at).is_some_and(|it| it <= highest)) {
            return Err(PackError::Body("a key without an entry"));
        }
        // Each event is read once, in however many entries it stands.
        let weight = |event: usize| {
            let mut left = MAX_RECORD_BYTES;
            self.event(event, &mut left).map(|_| MAX_RECORD_BYTES - left)
        };
        let weights: Option<Vec<usize>> = (0..self.event_count).map(weight).collect();
        let weights = weights.ok_or(PackError::Body("an event that cannot be read"))?;
        for entry in 0..self.entries {
            let [from, to] = [entry, entry + 1].map(|at| element(self.entry_starts, 4, at).unwrap_or(0) as usize);
            let mut weights = (from..to).map(|at| weights.get(self.event_reference(at)?).copied());
            let total = weights.try_fold(0usize, |total, weight| total.checked_add(weight?));
            if total.is_none_or(|total| total > MAX_RECORD_BYTES) {
                return Err(PackError::Body("an entry that cannot be read"));
            }
        }
        Ok(())
    }

    /// How many keys lead to something.
    pub fn keys(&self) -> usize {
        self.keys
    }

    /// How many different lists of events there are.
    pub fn entries(&self) -> usize {
        self.entries
    }

    /// How many different events there are.
    pub fn events(&self) -> usize {
        self.event_count
    }
}

/// Bytes of an event, as they count.
pub(super) fn weight(event: &Event<'_>) -> usize {
    let single = [Some(event.issuer), event.document, event.words, event.reply];
    let single: usize = single.into_iter().flatten().map(str::len).sum();
    let urls: usize = event.urls.iter().map(|url| url.len()).sum();
    let counts: usize = event.counts.iter().map(|count| count.said.len() + count.source.len()).sum();
    EVENT_BYTES + single + urls + counts
}

/// Bits that say which fields of an event are there.
pub(super) mod field {
    pub(in crate::pack) const DAY: u8 = 0;
    pub(in crate::pack) const FROM: u8 = 1;
    pub(in crate::pack) const TO: u8 = 2;
    pub(in crate::pack) const DOCUMENT: u8 = 3;
    pub(in crate::pack) const WORDS: u8 = 4;
    pub(in crate::pack) const REPLY: u8 = 5;
    pub(in crate::pack) const VERIFIED: u8 = 6;
}

fn between<'p>(bytes: &'p [u8], starts: &[u8], at: usize) -> Option<&'p [u8]> {
    let (from, to) = (element(starts, 4, at)?, element(starts, 4, at.checked_add(1)?)?);
    bytes.get(from as usize..to as usize)
}
