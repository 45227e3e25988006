//! Communes, districts and provinces in a text, by the words that say what they are.

use std::ops::Range;

use super::gazetteer::{Gazetteer, agrees, key};
use super::is_separator;
use crate::knowledge::{Meaning, UnitLevel as Level, UnitManner as Manner};
use crate::text::{Hit, Spotted, fold, is_alphanumeric};

/// Words before a province's name that make it a street, a bridge, a market: folded.
const NOT_PROVINCES: [&str; 12] =
    ["duong", "pho", "lo", "cau", "cho", "ngo", "hem", "ga", "xe", "kcn", "nghiep", "truong"];
/// At most so many words make a unit's name.
const MAX_WORDS: usize = 8;

/// A unit named in a text.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) level: Level,
    pub(super) kinds: u8,
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) name: Range<usize>,
    /// Whether the tables have a unit of that name.
    pub(super) is_known: bool,
    /// The old province that is named, or the only one that has the district.
    pub(super) old: Option<usize>,
}

/// A term in a text.
#[derive(Debug, Clone, Copy)]
pub(super) struct Found {
    start: usize,
    end: usize,
    term: Meaning,
    /// Whether the term has diacritics that the text leaves out.
    is_bare: bool,
}

/// Every term in a text whose diacritics agree: by start, the longer one first.
pub(super) fn terms(spotted: &Spotted<'_>) -> Vec<Found> {
    let found = |hit: &Hit<'_>| {
        let written = spotted.written(hit);
        let fits = match hit.meaning {
            Meaning::Province(_) => agrees(written, hit.known),
            Meaning::Address | Meaning::Unit(..) | Meaning::NumberedUnit(..) => spotted.marks_agree(hit),
            _ => false,
        };
        let is_bare = written.is_ascii() && !hit.known.is_ascii();
        fits.then_some(Found { start: hit.start, end: hit.end, term: hit.meaning, is_bare })
    };
    spotted.hits.iter().filter_map(found).collect()
}

impl Gazetteer<'_> {
    /// The units that a text names, and where words end that announce an address.
    pub(super) fn parts(self, text: &str, found: &[Found]) -> (Vec<Part>, Vec<usize>) {
        let (mut parts, mut cues) = (Vec::<Part>::new(), Vec::new());
        let mut done = 0;
        for (at, term) in found.iter().enumerate() {
            if term.start < done {
                continue;
            }
            let later = found.get(at + 1..).unwrap_or_default();
            let part = match term.term {
                Meaning::Address => {
                    cues.push(term.end);
                    continue;
                }
                Meaning::Province(old) => bare_province(text, term, usize::from(old), done),
                Meaning::NumberedUnit(level, kinds) => {
                    self.part(text, level, kinds, term.start, term.start + 1..term.end)
                }
                Meaning::Unit(_, _, Manner::English) if ends_name(text, done, term.start) => {
                    // "Binh Duong Province", "District 1 City"
                    if let Some(last) = parts.last_mut() {
                        last.end = term.end;
                        done = term.end;
                    }
                    continue;
                }
                Meaning::Unit(level, kinds, manner) => self.marked(text, term, (level, kinds, manner), later, done),
                _ => continue,
            };
            if let Some(part) = part {
                done = part.end;
                parts.push(part);
            }
        }
        (parts, cues)
    }

    fn marked(
        self,
        text: &str,
        marker: &Found,
        (level, kinds, manner): (Level, u8, Manner),
        later: &[Found],
        done: usize,
    ) -> Option<Part> {
        let from = name_start(text, marker.end)?;
        // "3 x Thanh Long" is no commune, "X. Thanh Long" is.
        let is_letter = marker.end - marker.start == 1;
        if is_letter && !text.get(marker.end..from)?.starts_with('.') && !starts_with_digit(text.get(from..)?) {
            return None;
        }
        if level == Level::Province && manner != Manner::English {
            let province = later.iter().find(|next| next.start == from && matches!(next.term, Meaning::Province(_)));
            if let Some(Found { end, term: Meaning::Province(old), .. }) = province {
                let part = Part::province(usize::from(*old), marker.start..*end, from);
                return is_readable(text, marker, &part).then_some(part);
            }
        }
        // "thành phố Biên Hòa" is a district, "tỉnh" never is.
        let level = if level == Level::Province { Level::District } else { level };
        let name = match manner {
            _ if kinds == 0 => None,
            Manner::English if !starts_with_digit(text.get(from..)?) => {
                return self.suffixed(text, marker, (level, kinds), done);
            }
            _ => self.known_name(text, from, level, later),
        };
        let name = match name {
            Some(name) => name,
            None if manner == Manner::Full => unknown_name(text, from, later)?,
            None => return None,
        };
        let part = self.part(text, level, kinds, marker.start, name)?;
        is_readable(text, marker, &part).then_some(part)
    }

    /// "Ben Nghe Ward"
    fn suffixed(self, text: &str, marker: &Found, (level, kinds): (Level, u8), done: usize) -> Option<Part> {
        let before = text.get(done..marker.start)?;
        let name = before.rsplit(is_separator).next()?;
        let start = marker.start - name.trim_start().len();
        let part = self.part(text, level, kinds, start, start..start + name.trim().len())?;
        part.is_known.then_some(Part { end: marker.end, ..part })
    }

    fn part(self, text: &str, level: Level, kinds: u8, start: usize, name: Range<usize>) -> Option<Part> {
        let written = text.get(name.clone())?;
        let mut key = String::from_utf8(key(written).collect()).ok()?;
        if key.bytes().all(|byte| byte.is_ascii_digit()) {
            key = key.trim_start_matches('0').to_owned();
        }
        let (is_known, old) = match level {
            Level::Commune => (self.communes(&key).next().is_some(), None),
            _ => {
                let rows = self.districts(&key);
                let agreeing = rows.clone().filter(|row| agrees(written, row.name));
                let mut homes = agreeing.flat_map(|row| row.homes()).filter_map(|home| self.old_of(home));
                let first = homes.next();
                let is_only = homes.all(|other| Some(other) == first);
                (rows.clone().next().is_some(), first.filter(|_| is_only))
            }
        };
        Some(Part { level, kinds, start, end: name.end, name, is_known, old })
    }

    /// The longest known name that starts there and does not go on.
    fn known_name(self, text: &str, from: usize, level: Level, later: &[Found]) -> Option<Range<usize>> {
        let is_known = |key: &str| match level {
            Level::Commune => self.communes(key).next().is_some(),
            _ => self.districts(key).next().is_some(),
        };
        let (mut whole, mut ends) = (String::new(), Vec::new());
        for (start, end) in words(text, from).take(MAX_WORDS) {
            let word = text.get(start..end)?;
            let is_first_number = whole.is_empty() && word.bytes().all(|byte| byte.is_ascii_digit());
            let word = if is_first_number { word.trim_start_matches('0') } else { word };
            whole.extend(key(word).map(char::from));
            ends.push((end, whole.len()));
        }
        for (count, (end, length)) in ends.iter().enumerate().rev() {
            let name = whole.get(..*length)?;
            // "Phường 5 Gò Vấp"
            let goes_on_as_district = || {
                let longer = ends.get(count + 1..).unwrap_or_default().iter();
                longer.filter_map(|(_, to)| whole.get(*length..*to)).any(|rest| self.districts(rest).next().is_some())
            };
            let is_number = name.bytes().all(|byte| byte.is_ascii_digit());
            // "phường Hòa Bình thành phố …" is not of the commune Hòa Bình Thạnh.
            let cuts_marker = later.iter().any(|term| {
                matches!(term.term, Meaning::Unit(..)) && from < term.start && (term.start + 1..term.end).contains(end)
            });
            if is_known(name)
                && !cuts_marker
                && (is_number || ends_well(text, from, *end, later) || goes_on_as_district())
            {
                return Some(from..*end);
            }
        }
        let (end, _) = ends.first().filter(|(_, length)| {
            *length <= 2 && whole.get(..*length).is_some_and(|word| word.bytes().all(|byte| byte.is_ascii_digit()))
        })?;
        Some(from..*end)
    }
}

impl Part {
    fn province(old: usize, span: Range<usize>, name_start: usize) -> Self {
        Self {
            level: Level::Province,
            kinds: 0,
            start: span.start,
            end: span.end,
            name: name_start..span.end,
            is_known: true,
            old: Some(old),
        }
    }
}

/// A province without its kind: at the start or the end of a piece, and not a street's name.
fn bare_province(text: &str, name: &Found, old: usize, done: usize) -> Option<Part> {
    let before = text.get(done..name.start)?.trim_end_matches(' ');
    let after = text.get(name.end..)?.trim_start_matches(' ');
    let starts = before.is_empty() || before.ends_with(|last: char| is_separator(last) || last == '.');
    let ends = after.chars().next().is_none_or(|next| !is_alphanumeric(next));
    let word = before.rsplit([' ', ',', '.']).next().unwrap_or_default();
    let is_street = word.ends_with(|last: char| last.is_ascii_digit()) || NOT_PROVINCES.contains(&fold(word).as_str());
    (starts || (ends && !is_street)).then(|| Part::province(old, name.start..name.end, name.start))
}

/// Whether the last part ends right before an English word, which then only says what it is.
fn ends_name(text: &str, done: usize, start: usize) -> bool {
    done > 0 && text.get(done..start).is_some_and(|gap| gap.trim().is_empty() && !gap.contains(['\n']))
}

/// "xa" is "far" in a text that has diacritics.
fn is_readable(text: &str, marker: &Found, part: &Part) -> bool {
    !marker.is_bare || text.get(part.name.clone()).is_some_and(str::is_ascii)
}

fn starts_with_digit(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
}

/// Where the name behind a marker starts.
fn name_start(text: &str, from: usize) -> Option<usize> {
    let rest = text.get(from..)?;
    let name = rest.trim_start_matches([' ', '.', ':', '\u{a0}']);
    (rest.len() - name.len() <= 3).then_some(from + rest.len() - name.len())
}

/// The words that follow, up to punctuation other than a hyphen.
fn words(text: &str, from: usize) -> impl Iterator<Item = (usize, usize)> + '_ {
    let is_of_word =
        |character: char| is_alphanumeric(character) || matches!(character, '\u{300}'..='\u{36f}' | '\'' | '’');
    let mut at = from;
    std::iter::from_fn(move || {
        let rest = text.get(at..)?;
        let offset = rest.find(is_of_word)?;
        let gap = rest.get(..offset)?;
        if !gap.chars().all(|between| matches!(between, ' ' | '\u{a0}' | '-' | '–')) {
            return None;
        }
        let start = at + offset;
        let word = text.get(start..)?;
        at = start + word.find(|character: char| !is_of_word(character)).unwrap_or(word.len());
        Some((start, at))
    })
}

/// Whether a name that ends there does not go on: punctuation, a term, or a small letter behind a capital follows.
fn ends_well(text: &str, start: usize, end: usize, later: &[Found]) -> bool {
    let rest = text.get(end..).unwrap_or_default();
    let next = rest.trim_start_matches([' ', '\u{a0}']);
    let next_at = end + rest.len() - next.len();
    let is_capital = text.get(start..).is_some_and(|name| name.starts_with(char::is_uppercase));
    next.chars().next().is_none_or(|first| !is_alphanumeric(first) || (is_capital && first.is_lowercase()))
        || later.iter().any(|term| term.start == next_at)
}

/// Capitalised words up to the next term.
fn unknown_name(text: &str, from: usize, later: &[Found]) -> Option<Range<usize>> {
    let end = words(text, from)
        .take(MAX_WORDS)
        .take_while(|(start, end)| {
            let is_name = text.get(*start..*end).is_some_and(|word| word.starts_with(char::is_uppercase));
            is_name && (*start == from || !later.iter().any(|term| term.start == *start))
        })
        .map(|(_, end)| end)
        .last()?;
    Some(from..end)
}
