//! A text gone through once for every phrase of the tables, whatever its case, its diacritics and its white space.

use std::ops::Range;

use yada::DoubleArray;

use super::{fold_char, folded_letter, is_alphanumeric, is_mark};
use crate::knowledge::{Knowledge, Meaning, Phrases};

/// A text and the phrases that stand in it, none of them starting or ending inside a word: by start, the longer one first.
#[derive(Debug)]
pub(crate) struct Spotted<'a> {
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) text: &'a str,
    pub(crate) hits: Vec<Hit<'a>>,
}

/// A phrase found, in bytes of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit<'a> {
    pub(crate) meaning: Meaning,
    /// The phrase as its table writes it: other diacritics may be another word.
    pub(crate) known: &'a str,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Knowledge {
    /// Goes through a text. Whatever is asked about it afterwards costs no second look.
    pub(crate) fn spot<'a>(&'a self, text: &'a str) -> Spotted<'a> {
        // `Knowledge::open` has seen that it is one.
        let trie = DoubleArray(self.phrases.trie.as_slice());
        let folded = Folded::of(text);
        let mut hits = Vec::new();
        let mut in_word = false;
        for (at, letter) in folded.letters.iter().enumerate() {
            let starts = !in_word && *letter != b' ';
            in_word = folded.is_of_word(at);
            if !starts {
                continue;
            }
            let first = hits.len();
            for (value, length) in trie.common_prefix_search(folded.letters.get(at..).unwrap_or_default()) {
                let next = at + length;
                let before_digit = folded.letters.get(next).is_some_and(u8::is_ascii_digit);
                if folded.is_of_word(next) && !before_digit {
                    continue;
                }
                let (start, end) = (folded.offset(at), folded.offset(next));
                // In reverse, for the whole is turned round.
                for phrase in self.phrases.rows.get(rows(value)).unwrap_or_default().iter().rev() {
                    // People write "MST0102527451".
                    if before_digit && !matches!(phrase.meaning, Meaning::Number { .. }) {
                        continue;
                    }
                    let from = phrase.start as usize;
                    let known = self.phrases.texts.get(from..from + usize::from(phrase.length)).unwrap_or_default();
                    hits.push(Hit { meaning: phrase.meaning, known, start, end });
                }
            }
            hits.get_mut(first..).unwrap_or_default().reverse();
        }
        Spotted { knowledge: self, text, hits }
    }
}

/// The rows of a phrase.
pub(super) fn rows(value: u32) -> Range<usize> {
    let first = (value >> Phrases::COUNT_BITS) as usize;
    first..first + (value & ((1 << Phrases::COUNT_BITS) - 1)) as usize
}

impl<'a> Spotted<'a> {
    /// The hits that start in part of the text. Whoever looks around a hit looks here: going through all of them for
    /// each one would take a page that repeats itself by its square.
    pub(crate) fn starting_in(&self, part: Range<usize>) -> &[Hit<'a>] {
        let first = self.hits.partition_point(|hit| hit.start < part.start);
        let rest = self.hits.get(first..).unwrap_or_default();
        rest.get(..rest.partition_point(|hit| hit.start < part.end)).unwrap_or_default()
    }

    /// The words of a hit, as they stand in the text.
    pub(crate) fn written(&self, hit: &Hit<'_>) -> &'a str {
        self.text.get(hit.start..hit.end).unwrap_or_default()
    }
}

/// A text as [`super::fold`] folds it, byte by byte, and where each byte comes from.
#[derive(Debug, Default)]
struct Folded {
    letters: Vec<u8>,
    /// The first byte of the character in the text, times two, plus one for a byte beyond ASCII that is part of a word.
    origins: Vec<u32>,
    /// Bytes of the text.
    length: usize,
}

impl Folded {
    fn of(text: &str) -> Self {
        let mut folded = Self {
            letters: Vec::with_capacity(text.len()),
            origins: Vec::with_capacity(text.len()),
            length: text.len(),
        };
        let mut in_space = true;
        for (at, character) in text.char_indices() {
            let letter = folded_letter(character as u32);
            if letter == 0 {
                in_space &= is_mark(character);
                folded.push_other(character, at);
                continue;
            }
            let is_space = letter == b' ';
            if !(is_space && in_space) {
                folded.letters.push(letter);
                folded.origins.push((at as u32) << 1);
            }
            in_space = is_space;
        }
        folded
    }

    /// A character that does not fold to one ASCII character. Apart from the loop, which is the faster for it.
    #[cold]
    #[inline(never)]
    fn push_other(&mut self, character: char, at: usize) {
        let Some(other) = fold_char(character) else { return };
        for byte in other.encode_utf8(&mut [0; 4]).bytes() {
            self.letters.push(byte);
            self.origins.push((at as u32) << 1 | u32::from(is_alphanumeric(other)));
        }
    }

    fn is_of_word(&self, at: usize) -> bool {
        match self.letters.get(at) {
            Some(letter) if letter.is_ascii() => letter.is_ascii_alphanumeric(),
            _ => self.origins.get(at).is_some_and(|origin| origin & 1 == 1),
        }
    }

    /// Where a folded byte comes from. Behind the last one: the end, marks included.
    fn offset(&self, at: usize) -> usize {
        self.origins.get(at).map_or(self.length, |origin| (origin >> 1) as usize)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::BUILT_IN;
    use crate::text::fold;
    use proptest::prelude::*;

    thread_local! {
        static KNOWLEDGE: Knowledge = Knowledge::open(BUILT_IN).unwrap();
    }

    /// The words of every hit of a kind.
    fn found(text: &str, of: impl Fn(Meaning) -> bool) -> Vec<String> {
        KNOWLEDGE.with(|knowledge| {
            let spotted = knowledge.spot(text);
            spotted.hits.iter().filter(|hit| of(hit.meaning)).map(|hit| spotted.written(hit).to_owned()).collect()
        })
    }

    fn is_country(meaning: Meaning) -> bool {
        matches!(meaning, Meaning::Country(_))
    }

    #[test]
    fn a_hit_is_the_text_as_it_was_written() {
        assert_eq!(found("Của  VIỆT\u{a0}\n nam!", is_country), ["VIỆT\u{a0}\n nam"]);
        assert_eq!(found("Vie\u{323}\u{302}t Nam\u{301}.", is_country), ["Vie\u{323}\u{302}t Nam\u{301}"]);
        assert_eq!(found("đứcc, lđức, 東đức 東 đức", is_country), ["đức"]);
        assert_eq!(found("Trung Quốc Đại Lục", is_country), ["Trung Quốc Đại Lục", "Trung Quốc"]);
    }

    #[test]
    fn a_digit_ends_the_label_of_a_number() {
        let is_number = |meaning| matches!(meaning, Meaning::Number { .. });
        assert_eq!(found("MST0102 MSTA 1MST", is_number), ["MST"]);
        assert_eq!(found("Đức2", is_country), [""; 0]);
    }

    /// Every phrase is found where it stands alone, with the meaning of its row.
    #[test]
    fn every_phrase_is_found() {
        KNOWLEDGE.with(|knowledge| {
            for phrase in &knowledge.phrases.rows {
                let from = phrase.start as usize;
                let text = knowledge.phrases.texts.get(from..from + usize::from(phrase.length)).unwrap();
                let hits = knowledge.spot(text).hits;
                let whole = |hit: &&Hit<'_>| (hit.start, hit.end, hit.known) == (0, text.len(), text);
                assert!(hits.iter().filter(whole).any(|hit| hit.meaning == phrase.meaning), "{text}: {phrase:?}");
            }
        });
    }

    proptest! {
        /// A hit folds to its phrase, and a word that folds to a phrase is hit.
        #[test]
        fn hits_fold_to_their_phrase(text in "( |đ|Đ|u|ư|c|đức|việt |nam|\u{301}|東|\\PC){0,24}") {
            KNOWLEDGE.with(|knowledge| {
                let spotted = knowledge.spot(&text);
                for hit in &spotted.hits {
                    prop_assert_eq!(fold(spotted.written(hit)), fold(hit.known));
                }
                let has = spotted.hits.iter().any(|hit| fold(hit.known) == "duc");
                prop_assert_eq!(fold(&text).split(|c: char| !c.is_alphanumeric()).any(|word| word == "duc"), has);
                Ok(())
            })?;
        }
    }
}
