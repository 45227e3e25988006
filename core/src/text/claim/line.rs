//! A line of text: its tokens and the words of the patterns that stand in it.

use std::ops::Range;

use yada::DoubleArray;

use super::spelling::Spelling;
use super::tokens::{Pause, Place, Token, Tokens};
use crate::knowledge::{ClaimCue, ClaimMeaning, ClaimRow, Claims, Knowledge};
use crate::text::disguise::{Plain, is_suspicious};
use crate::text::marks::joined;
use crate::text::spotted::rows;

/// In a line with diacritics in more than one word out of so many, a lone syllable without them is another word.
const MARKED_PART: usize = 3;

/// Cues that do not turn a meaning round.
const UNSURE: u16 = !(((1 << ClaimCue::Asks as u16) - 1) | (1 << ClaimCue::Belies as u16));

/// "Không chỉ" is no negation.
const NEGATION: u16 = 1 << ClaimCue::Negates as u16 | 1 << ClaimCue::NotOnly as u16;

/// What starts at a token.
#[derive(Debug, Clone, Copy, Default)]
struct Start {
    /// The cues, one bit each.
    cues: u16,
    /// Whether innocent words of some row are among it.
    is_innocent: bool,
    /// Whether a negation is.
    negates: bool,
    /// The masks of its words' meanings.
    mask: u64,
    /// The first of its words.
    words: u32,
}

/// A word of the patterns in the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    /// What it stands for.
    pub(super) meaning: &'a ClaimMeaning,
    /// The symbols of that.
    pub(super) symbols: &'a [[u16; 4]],
    /// Its first token.
    pub(super) token: u32,
    /// The token behind it.
    pub(super) next: u32,
    /// Where it ends, in bytes of the text.
    pub(super) end: u32,
    /// Whether it is written without the diacritics that it has.
    pub(super) is_bare: bool,
    /// Another word that ends with the same token, plus one; 0: none does.
    also_ending: u32,
}

impl Word<'_> {
    /// Whether it stands for a symbol. Four are compared at a time: where to stop among them would be a guess.
    pub(super) fn stands_for(&self, symbol: u16) -> bool {
        let is_in = |four: &[u16; 4]| four.iter().fold(false, |any, known| any | (*known == symbol));
        self.meaning.may_be(symbol) && self.symbols.iter().any(is_in)
    }
}

/// A line on its way through the patterns. One takes line after line, in the same memory.
pub(super) struct Line<'a> {
    pub(super) claims: &'a Claims,
    tokens: Tokens,
    /// In the order of the text.
    words: Vec<Word<'a>>,
    /// For each token.
    starts: Vec<Start>,
    /// For each token the last of the words that end with it, plus one; 0: none does.
    endings: Vec<u32>,
}

impl<'a> Line<'a> {
    pub(super) fn new(knowledge: &'a Knowledge) -> Self {
        let claims = &knowledge.claims;
        Self { claims, tokens: Tokens::default(), words: Vec::new(), starts: Vec::new(), endings: Vec::new() }
    }

    /// Takes another line, and tells what was disguised in it.
    pub(super) fn take(&mut self, text: &str, knowledge: &Knowledge) -> Option<Plain> {
        self.tokens.take(text, self.claims);
        let Tokens { letters, list, is_strange, .. } = &self.tokens;
        let parts = list.iter().map(|token| token.span.folded as usize..token.span.folded_end as usize);
        let plain = if *is_strange || is_suspicious(letters, parts) { Plain::of(text, knowledge) } else { None };
        if let Some(plain) = &plain {
            self.tokens.take(plain.text(), self.claims);
        }
        self.look_up(plain.as_ref());
        plain
    }

    /// Looks for the words of the patterns at each token.
    fn look_up(&mut self, plain: Option<&Plain>) {
        let Self { claims, tokens, words, starts, endings } = self;
        words.clear();
        starts.clear();
        endings.clear();
        endings.resize(tokens.list.len(), 0);
        let Tokens { letters, list, pieces, places, marked, .. } = &*tokens;
        let is_marked = marked * MARKED_PART > list.len();
        let spelling = Spelling { claims, letters, is_marked, plain };
        let trie = DoubleArray(claims.trie.as_slice());
        // Where the last name ends.
        let mut name = 0;
        for (token, number) in list.iter().zip(0..) {
            let mut start = Start { words: words.len() as u32, ..Start::default() };
            let first = token.piece as usize;
            // "#quangcao" starts with its sign.
            let is_tagged = token.span.folded.checked_sub(1).is_some_and(|at| letters.get(at as usize) == Some(&b'#'));
            for first in first.checked_sub(1).filter(|_| is_tagged).into_iter().chain([first]) {
                let rest = places.get(first..).unwrap_or_default();
                let rest_in_bytes = pieces.bytes.get(2 * first..).unwrap_or_default();
                let (mut before, mut digest) = (0, 0);
                for (value, length) in trie.common_prefix_search(rest_in_bytes) {
                    let (own, in_bytes) = (rest.get(..length / 2), rest_in_bytes.get(..length));
                    let (own, in_bytes) = (own.unwrap_or_default(), in_bytes.unwrap_or_default());
                    for place in own.get(before..).unwrap_or_default() {
                        digest = joined(digest, place.digest);
                    }
                    before = own.len();
                    let Some(last) = own.last() else { break };
                    let end = end_of(list, last);
                    let spelt = spelling.of(own, in_bytes, digest);
                    for known in claims.words.get(rows(value)).unwrap_or_default() {
                        let Some(is_bare) = spelt.agrees(known) else { continue };
                        let Some(meaning) = claims.meanings.get(usize::from(known.meaning)) else { continue };
                        // "dung" is "dùng" as often as "đừng": what turns a meaning round has its diacritics.
                        let is_sure = !is_bare || spelt.has_space();
                        start.cues |= if is_sure { meaning.cues } else { meaning.cues & UNSURE };
                        start.mask |= meaning.mask;
                        start.is_innocent |= meaning.is_innocent;
                        let symbols = claims.symbols_of(meaning);
                        let mut word =
                            Word { meaning, symbols, token: number, next: last.next, end, is_bare, also_ending: 0 };
                        if let Some(ending) = last.next.checked_sub(1).and_then(|last| endings.get_mut(last as usize)) {
                            word.also_ending = std::mem::replace(ending, words.len() as u32 + 1);
                        }
                        words.push(word);
                    }
                }
            }
            // "Hoa hong" says no "không".
            if number < name {
                start.cues = 0;
            }
            if start.cues >> ClaimCue::Name as u16 & 1 == 1 {
                let own = words.get(start.words as usize..).unwrap_or_default().iter();
                name = own.filter(|word| word.meaning.has(ClaimCue::Name)).map(|word| word.next).max().unwrap_or(0);
            }
            let has_negation = start.cues & NEGATION == 1 << ClaimCue::Negates as u16;
            start.negates = has_negation && !is_unit(list, number as usize);
            starts.push(start);
        }
    }

    /// The words that start with some of the tokens, in order.
    pub(super) fn words_in(&self, tokens: Range<u32>) -> &[Word<'a>] {
        let at = |token: u32| self.start(token).map_or(self.words.len(), |start| start.words as usize);
        self.words.get(at(tokens.start)..at(tokens.end)).unwrap_or_default()
    }

    /// The words that start with a token.
    pub(super) fn words_at(&self, token: u32) -> &[Word<'a>] {
        self.words_in(token..token + 1)
    }

    /// Whether a word that starts at a token may stand for a symbol.
    pub(super) fn may_start(&self, token: u32, symbol: u16) -> bool {
        self.start(token).is_some_and(|start| ClaimMeaning::bit(symbol) & start.mask != 0)
    }

    /// The words that end before a token.
    pub(super) fn words_before(&self, token: u32) -> impl Iterator<Item = &Word<'a>> {
        let word = |place: u32| self.words.get((place as usize).checked_sub(1)?);
        let last = token.checked_sub(1).and_then(|last| self.endings.get(last as usize)).and_then(|last| word(*last));
        std::iter::successors(last, move |before| word(before.also_ending))
    }

    /// How many tokens there are.
    pub(super) fn len(&self) -> u32 {
        self.tokens.list.len() as u32
    }

    pub(super) fn token(&self, token: u32) -> Option<&Token> {
        self.tokens.list.get(token as usize)
    }

    fn start(&self, token: u32) -> Option<&Start> {
        self.starts.get(token as usize)
    }

    pub(super) fn row(&self, row: u16) -> Option<&'a ClaimRow> {
        self.claims.rows.get(usize::from(row))
    }

    /// Whether a cue starts at a token.
    pub(super) fn has_cue(&self, token: u32, cue: ClaimCue) -> bool {
        self.start(token).is_some_and(|start| start.cues >> cue as u16 & 1 == 1)
    }

    /// Whether a negation starts at a token.
    pub(super) fn negates(&self, token: u32) -> bool {
        self.start(token).is_some_and(|start| start.negates)
    }

    /// Whether innocent words start at a token.
    pub(super) fn is_innocent(&self, token: u32) -> bool {
        self.start(token).is_some_and(|start| start.is_innocent)
    }

    /// Whether a token only says what a number counts.
    pub(super) fn is_unit(&self, token: u32) -> bool {
        is_unit(&self.tokens.list, token as usize)
    }

    /// The longest cue of a kind at a token: the token behind it, and where it ends.
    pub(super) fn cue_at(&self, token: u32, cue: ClaimCue) -> Option<(u32, u32)> {
        if !self.has_cue(token, cue) {
            return None;
        }
        let is_it = |word: &&Word<'_>| word.meaning.has(cue);
        self.words_at(token).iter().filter(is_it).map(|word| (word.next, word.end)).max()
    }

    pub(super) fn pause_before(&self, token: u32) -> Pause {
        self.token(token).map_or(self.tokens.last, |token| token.pause)
    }
}

/// Where a word ends in the text, given its last piece.
fn end_of(tokens: &[Token], last: &Place) -> u32 {
    let end = last.next.checked_sub(1).and_then(|last| tokens.get(last as usize)).map_or(0, |token| token.span.end);
    // "A+" ends with its sign.
    if last.is_of_token { end } else { end.max(last.span.end) }
}

/// "50k" is a price and "2kg" a weight, where "k" and "kg" are also short for "không".
fn is_unit(tokens: &[Token], number: usize) -> bool {
    let behind_number =
        number.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|token| token.is_number);
    behind_number && tokens.get(number).is_some_and(|token| token.span.end - token.span.start <= 2)
}
