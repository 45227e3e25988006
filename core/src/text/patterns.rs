//! Many patterns in one pass over a text, whatever its case, its diacritics and its white space.

use aho_corasick::automaton::{Automaton as _, StateID};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, BuildError, MatchKind};

use super::{fold, fold_char, folded_letter, is_mark};
use crate::order;

/// Patterns, compiled.
#[derive(Debug, Clone)]
pub(crate) struct Patterns {
    automaton: DFA,
    /// Whether a digit directly behind a pattern begins another word.
    before_digits: bool,
}

/// A pattern found, in bytes of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Hit {
    /// Its number among the patterns.
    pub(crate) pattern: usize,
    pub(crate) start: usize,
    pub(crate) end: usize,
}

impl Patterns {
    pub(crate) fn new<'t>(patterns: impl Iterator<Item = &'t str>) -> Result<Self, BuildError> {
        Self::of_folded(&patterns.map(fold).collect::<Vec<_>>())
    }

    /// Apart, because the crate's builder is compiled anew for every kind of iterator, and the module has a budget.
    fn of_folded(patterns: &[String]) -> Result<Self, BuildError> {
        // The automaton itself, not the crate's choice among three: it is the fastest one on texts of this size.
        let automaton = DFA::builder().match_kind(MatchKind::Standard).build(patterns)?;
        Ok(Self { automaton, before_digits: false })
    }

    /// Labels of numbers: people write "MST0102527451".
    pub(crate) fn labels<'t>(labels: impl Iterator<Item = &'t str>) -> Result<Self, BuildError> {
        Ok(Self { before_digits: true, ..Self::new(labels)? })
    }

    /// Every pattern in part of a text that neither starts nor ends inside a word: by start, the longer one first.
    ///
    /// The text is folded on its way into the automaton, byte by byte, and nothing is written down unless something is
    /// found: this runs over every text that is assessed.
    pub(crate) fn find(&self, text: &str, from: usize, to: usize) -> Vec<Hit> {
        let mut found = Vec::new();
        let Ok(mut state) = self.automaton.start_state(Anchored::No) else { return found };
        let (mut code, mut following, mut in_space) = (0, 0, true);
        for (offset, byte) in text.as_bytes().get(from..to).unwrap_or_default().iter().copied().enumerate() {
            let letter = if byte < 0x80 {
                code = u32::from(byte);
                folded_letter(code)
            } else if byte >= 0xc0 {
                // The leading ones count the character's bytes; behind them stand its first bits.
                following = byte.leading_ones() - 1;
                code = u32::from(byte) & (0x3f >> following);
                continue;
            } else {
                code = code << 6 | u32::from(byte & 0x3f);
                following = following.saturating_sub(1);
                if following > 0 {
                    continue;
                }
                folded_letter(code)
            };
            if letter == b' ' && in_space {
                continue;
            }
            if letter == 0 {
                let Some(next) = self.step_over(state, code) else { continue };
                state = next;
            } else {
                state = self.automaton.next_state(Anchored::No, state, letter);
            }
            in_space = letter == b' ';
            if self.automaton.is_special(state) {
                self.locate_all(state, text, from + offset + 1, &mut found);
            }
        }
        found
    }

    /// The state after a character that does not fold to one ASCII character; none for a mark, which changes nothing.
    /// Apart from the loop, which is the faster for it.
    #[cold]
    #[inline(never)]
    fn step_over(&self, state: StateID, code: u32) -> Option<StateID> {
        let folded = char::from_u32(code).and_then(fold_char)?;
        let step = |state, byte| self.automaton.next_state(Anchored::No, state, byte);
        Some(folded.encode_utf8(&mut [0; 4]).bytes().fold(state, step))
    }

    /// The patterns that end in a state. Apart from the loop, as above.
    #[cold]
    #[inline(never)]
    fn locate_all(&self, state: StateID, text: &str, end: usize, found: &mut Vec<Hit>) {
        if !self.automaton.is_match(state) {
            return;
        }
        // Marks that follow a base letter belong to it.
        let after = text.get(end..).unwrap_or_default().char_indices().find(|(_, next)| !is_mark(*next));
        if after.is_some_and(|(_, next)| is_of_word(next) && !(self.before_digits && next.is_ascii_digit())) {
            return;
        }
        let whole_end = after.map_or(text.len(), |(at, _)| end + at);
        for index in 0..self.automaton.match_len(state) {
            let pattern = self.automaton.match_pattern(state, index);
            let start = start_of(text.get(..end).unwrap_or_default(), self.automaton.pattern_len(pattern));
            let Some(start) = start else { continue };
            let key = |hit: &Hit| (hit.start, std::cmp::Reverse(hit.end), hit.pattern);
            order::insert(found, Hit { pattern: pattern.as_usize(), start, end: whole_end }, |a, b| {
                key(a).cmp(&key(b))
            });
        }
    }
}

/// Where so many folded bytes at the end of a text start in it; `None` inside a word.
fn start_of(text: &str, mut folded_bytes: usize) -> Option<usize> {
    let mut was_space = false;
    let mut start = text.len();
    let mut characters = text.char_indices().rev();
    while folded_bytes > 0 {
        let (at, character) = characters.next()?;
        let letter = folded_letter(character as u32);
        let is_space = letter == b' ';
        if letter == 0 {
            folded_bytes = folded_bytes.saturating_sub(fold_char(character).map_or(0, char::len_utf8));
        } else if !(is_space && was_space) {
            folded_bytes -= 1;
        }
        was_space = is_space;
        start = at;
    }
    let before = characters.map(|(_, character)| character).find(|character| !is_mark(*character));
    (!before.is_some_and(is_of_word)).then_some(start)
}

/// As `char::is_alphanumeric`, quicker for Vietnamese.
fn is_of_word(character: char) -> bool {
    match folded_letter(character as u32) {
        0 => character.is_alphanumeric(),
        letter => letter.is_ascii_alphanumeric(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn found<'t>(patterns: &[&str], text: &'t str) -> Vec<&'t str> {
        let patterns = Patterns::new(patterns.iter().copied()).unwrap();
        patterns.find(text, 0, text.len()).into_iter().map(|hit| text.get(hit.start..hit.end).unwrap()).collect()
    }

    #[test]
    fn a_hit_is_the_text_as_it_was_written() {
        let patterns = ["xuất xứ", "đức"];
        assert_eq!(found(&patterns, "XUẤT  xứ: Đức"), ["XUẤT  xứ", "Đức"]);
        assert_eq!(found(&patterns, "xuat\u{a0}\n xu"), ["xuat\u{a0}\n xu"]);
        assert_eq!(found(&patterns, "Xua\u{302}\u{301}t xu\u{31b}\u{301}."), ["Xua\u{302}\u{301}t xu\u{31b}\u{301}"]);
        assert_eq!(found(&patterns, "đứcc, lđức, 東đức 東 đức"), ["đức"]);
        assert_eq!(found(&["a b", "b", "a b c"], "a b c"), ["a b c", "a b", "b"]);
    }

    #[test]
    fn a_digit_ends_a_label() {
        let labels = Patterns::labels(["mst"].into_iter()).unwrap();
        assert_eq!(labels.find("MST0102", 0, 7), [Hit { pattern: 0, start: 0, end: 3 }]);
        assert_eq!(labels.find("MSTA 1MST", 0, 9), []);
        assert_eq!(found(&["mst"], "MST0102"), [""; 0]);
    }

    proptest! {
        /// A hit folds to its pattern, and what folds to a pattern is hit.
        #[test]
        fn hits_fold_to_their_pattern(text in "( |đ|Đ|u|ư|c|\u{301}|東|\\PC){0,24}") {
            let known = ["duc", "du c", "c"];
            let patterns = Patterns::new(known.into_iter()).unwrap();
            for hit in patterns.find(&text, 0, text.len()) {
                prop_assert_eq!(fold(text.get(hit.start..hit.end).unwrap()), known[hit.pattern]);
            }
            let words = fold(&text);
            let has = |pattern: usize| patterns.find(&text, 0, text.len()).iter().any(|hit| hit.pattern == pattern);
            prop_assert_eq!(words.split(|c: char| !c.is_alphanumeric()).any(|word| word == "duc"), has(0));
        }
    }
}
