//! Packs the words of the patterns: in pieces, as a text is taken apart, and with what they stand for.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use unicode_normalization::char::decompose_canonical;
use yada::builder::DoubleArrayBuilder;

use crate::Result;
use crate::marks::{Marks, SHAPE, joined, of_mark};
use crate::phrases::fold_spaces;
use crate::pieces::Pieces;
use crate::tables::{ClaimCue, ClaimEntry, ClaimMeaning, ClaimWord, Claims, Phrases};

/// The first piece that is a run of letters or digits.
const FIRST_RUN: u32 = 0x80;

/// What words stand for. Those that stand for the same share it.
#[derive(Default)]
pub(super) struct Meanings {
    /// Their places in the tables, by their symbols.
    known: BTreeMap<BTreeSet<u16>, u16>,
    /// The patterns of which each symbol is the rarest.
    pub(super) entries: BTreeMap<u16, Vec<ClaimEntry>>,
    /// The symbols of the patterns' other steps.
    pub(super) steps: BTreeSet<u16>,
}

impl Meanings {
    /// The place of one, which is added where it is new.
    fn of(&mut self, symbols: BTreeSet<u16>, claims: &mut Claims) -> Result<u16> {
        if let Some(known) = self.known.get(&symbols) {
            return Ok(*known);
        }
        let is_cue = |symbol: &&u16| **symbol < ClaimCue::COUNT;
        let is_row =
            |symbol: &u16| symbol.checked_sub(ClaimCue::COUNT).is_some_and(|row| usize::from(row) < claims.rows.len());
        let entries = symbols.iter().filter_map(|symbol| self.entries.get(symbol)).flatten();
        let asked: Vec<u16> = symbols.iter().filter(|it| self.steps.contains(it) || is_row(it)).copied().collect();
        let four = |part: &[u16]| std::array::from_fn(|at| part.get(at).or(part.last()).copied().unwrap_or_default());
        let fours = asked.chunks(4).map(four);
        let mut meaning = ClaimMeaning {
            mask: asked.iter().fold(0, |mask, symbol| mask | ClaimMeaning::bit(*symbol)),
            cues: symbols.iter().filter(is_cue).fold(0, |cues, symbol| cues | 1 << symbol),
            is_innocent: symbols.iter().any(is_row),
            symbols: u32::try_from(claims.symbols.len())?,
            fours: 0,
            entries: u32::try_from(claims.entries.len())?,
            entry_count: 0,
        };
        claims.symbols.extend(fours);
        claims.entries.extend(entries);
        meaning.fours = u8::try_from(claims.symbols.len() - meaning.symbols as usize)?;
        meaning.entry_count = u16::try_from(claims.entries.len() - meaning.entries as usize)?;
        let place = u16::try_from(claims.meanings.len())?;
        claims.meanings.push(meaning);
        self.known.insert(symbols, place);
        Ok(place)
    }
}

/// Packs the words, given what they stand for.
pub(super) fn pack(words: BTreeMap<String, BTreeSet<u16>>, mut meanings: Meanings, claims: &mut Claims) -> Result<()> {
    let mut by_key: BTreeMap<String, BTreeMap<Vec<u8>, BTreeSet<u16>>> = BTreeMap::new();
    for (word, symbols) in words {
        let (key, marks) = (fold_spaces(&word), marks(&word));
        if key.is_empty() || key.len() != marks.len() {
            return Err(format!("claims: \"{word}\" is no word").into());
        }
        by_key.entry(key).or_default().entry(marks).or_default().extend(symbols);
    }
    let runs = runs(by_key.keys())?;
    let mut in_pieces = Vec::new();
    for (key, forms) in by_key {
        in_pieces.push((pieces_of(&key, &runs)?, key, forms));
    }
    in_pieces.sort_by(|one, other| one.0.0.cmp(&other.0.0));
    let mut keys = Vec::new();
    for ((pieces, places), key, forms) in in_pieces {
        if forms.len() >> Phrases::COUNT_BITS > 0 {
            return Err(format!("claims: \"{key}\" has too many forms").into());
        }
        let first = claims.words.len();
        keys.push((pieces, u32::try_from(first << Phrases::COUNT_BITS | forms.len())?));
        for (marks, symbols) in forms {
            let of_piece = |place: &Range<usize>| Marks::of(marks.get(place.clone()).unwrap_or_default()).digest();
            let digest = places.iter().map(of_piece).fold(0, joined);
            let is_taken = |word: &ClaimWord| word.digest == digest;
            if claims.words.get(first..).unwrap_or_default().iter().any(is_taken) {
                return Err("claims: two words come to the same digest".into());
            }
            let meaning = meanings.of(symbols, claims)?;
            claims.words.push(ClaimWord { marks: u32::try_from(claims.marks.len())?, digest, meaning });
            claims.marks.extend(marks);
        }
    }
    let build = |error| format!("claims: {error:?}");
    claims.trie = DoubleArrayBuilder::build(&keys).map_err(build)?;
    claims.runs = DoubleArrayBuilder::build(&runs.into_iter().collect::<Vec<_>>()).map_err(build)?;
    Ok(())
}

/// The runs of letters and of digits in folded words, and their pieces.
fn runs<'k>(keys: impl Iterator<Item = &'k String>) -> Result<BTreeMap<String, u32>> {
    let mut runs = BTreeMap::new();
    for key in keys {
        for run in parts(key).filter(|part| part.starts_with(char::is_alphanumeric)) {
            let next = FIRST_RUN + u32::try_from(runs.len())?;
            runs.entry(run.to_owned()).or_insert(next);
        }
    }
    if runs.len() + FIRST_RUN as usize >= 255 * 255 {
        return Err("claims: too many runs of letters".into());
    }
    Ok(runs)
}

/// A word, taken apart as `text/claim/tokens.rs` takes a text apart.
pub(super) fn parts(key: &str) -> impl Iterator<Item = &str> {
    let sort = |sign: char| (sign.is_alphanumeric(), sign.is_ascii_digit());
    let mut rest = key;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let is_other = |sign: char| sort(sign) != sort(first);
        let end = match first.is_alphanumeric() {
            true => rest.find(is_other).unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (part, behind) = rest.split_at_checked(end)?;
        rest = behind;
        Some(part)
    })
}

/// A folded word as its pieces, and where each of them stands.
fn pieces_of(key: &str, runs: &BTreeMap<String, u32>) -> Result<(Vec<u8>, Vec<Range<usize>>)> {
    let (mut pieces, mut places) = (Pieces::default(), Vec::new());
    let mut from = 0;
    for part in parts(key) {
        let place = from..from + part.len();
        from = place.end;
        if part == " " {
            pieces.add_space();
            continue;
        }
        let is_letters = part.starts_with(|sign: char| sign.is_alphanumeric() && !sign.is_ascii_digit());
        let piece = match (runs.get(part), part.as_bytes()) {
            (Some(run), _) => u16::try_from(*run)?,
            (None, [sign]) => u16::from(*sign),
            _ => return Err(format!("claims: \"{key}\" has a strange sign").into()),
        };
        if pieces.add(piece, is_letters) {
            places.push(place.start..place.start);
        }
        places.push(place);
    }
    Ok((pieces.bytes, places))
}

/// The marks that folding takes from a word, a byte for each of the folded one. Tones on the first vowel of its run: "hoà" is
/// "hòa".
fn marks(word: &str) -> Vec<u8> {
    let (mut letters, mut marks): (Vec<u8>, Vec<u8>) = (Vec::new(), Vec::new());
    let mut add = |letters: &[u8], mark: u8| {
        let is_vowel = |letter: &&u8| b"aeiouy".contains(letter);
        let vowels = if mark < SHAPE { letters.iter().rev().take_while(is_vowel).count() } else { 0 };
        marks.resize(letters.len(), 0);
        if let Some(letter) = marks.iter_mut().rev().nth(vowels.saturating_sub(1)) {
            *letter = letter.wrapping_add(mark);
        }
    };
    for (number, part) in word.split_whitespace().enumerate() {
        if number > 0 {
            letters.push(b' ');
        }
        for character in part.chars() {
            decompose_canonical(character, |part| match part {
                'đ' => {
                    letters.push(b'd');
                    add(&letters, of_mark(part));
                }
                '\u{300}'..='\u{36f}' => add(&letters, of_mark(part)),
                other => letters.extend(other.encode_utf8(&mut [0; 4]).bytes()),
            });
        }
    }
    marks.resize(letters.len(), 0);
    marks
}
