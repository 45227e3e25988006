//! A line of text, taken apart into tokens and the words of the patterns that stand in it.

use std::ops::Range;

use yada::DoubleArray;

use super::spelling::Spelling;
use crate::knowledge::{ClaimCue, ClaimRow, ClaimWord, Claims, Knowledge};
use crate::text::disguise::{Plain, is_suspicious};
use crate::text::marks::{digest, joined};
use crate::text::pieces::{Pieces, UNKNOWN};
use crate::text::spotted::{Folded, rows};

/// In a line with diacritics in more than one word out of so many, a lone syllable without them is another word.
const MARKED_PART: usize = 3;
/// "…" and "•" end a sentence: their bytes.
const STOPS: [[u8; 3]; 2] = [[0xe2, 0x80, 0xa6], [0xe2, 0x80, 0xa2]];

/// Cues that do not turn a meaning round.
const UNSURE: u16 = !(((1 << ClaimCue::Asks as u16) - 1) | (1 << ClaimCue::Belies as u16));

/// "Không chỉ" is no negation.
const NEGATION: u16 = 1 << ClaimCue::Negates as u16 | 1 << ClaimCue::NotOnly as u16;

/// What a byte of a folded text is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    Letter,
    Digit,
    /// "%".
    Percent,
    /// Beyond ASCII: the text says what it is.
    Other,
    Sign,
}

fn sort_of(byte: u8) -> Sort {
    match byte {
        b'0'..=b'9' => Sort::Digit,
        b'a'..=b'z' | b'A'..=b'Z' => Sort::Letter,
        b'%' => Sort::Percent,
        0x80.. => Sort::Other,
        _ => Sort::Sign,
    }
}

/// What stands before a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pause {
    None,
    Comma,
    /// The end of a sentence.
    Stop,
    /// The end of one that asks.
    Question,
}

/// A word of the line, a number, or a percent sign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    /// First byte in the text.
    pub(super) start: u32,
    /// Byte after the last.
    pub(super) end: u32,
    /// First byte in the folded text.
    folded: u32,
    /// Byte after the last.
    folded_end: u32,
    /// Before it.
    pub(super) pause: Pause,
    pub(super) is_number: bool,
    /// The cues that start here, one bit each.
    cues: u16,
    /// Whether innocent words of some row start here.
    pub(super) is_innocent: bool,
    /// Whether a negation starts here.
    pub(super) negates: bool,
    /// Its first piece.
    piece: u32,
    /// Where the words that start here begin.
    words: u32,
    /// The last of the words that end here, plus one; 0: none does.
    ending: u32,
}

/// The pieces of a line and where they stand.
#[derive(Debug, Default)]
struct Placed {
    pieces: Pieces,
    places: Vec<Place>,
}

#[derive(Debug, Clone, Copy, Default)]
struct Place {
    /// Where the piece ends in the folded text.
    end: u32,
    /// The token behind it.
    next: u32,
    /// What its marks come to.
    digest: u32,
}

impl Placed {
    /// Adds a piece; its number.
    fn add(&mut self, piece: u16, is_letters: bool, end: usize, next: usize, digest: u32) -> u32 {
        if self.pieces.add(piece, is_letters) {
            self.places.push(Place::default());
        }
        self.places.push(Place { end: end as u32, next: next as u32, digest });
        self.places.len() as u32 - 1
    }
}

/// A word of the patterns in the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) known: &'a ClaimWord,
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

/// A line on its way through the patterns. One takes line after line, in the same memory.
pub(super) struct Line<'a> {
    pub(super) claims: &'a Claims,
    folded: Folded,
    placed: Placed,
    pub(super) tokens: Vec<Token>,
    /// In the order of the text.
    words: Vec<Word<'a>>,
    /// What stands behind the last token.
    last: Pause,
}

impl<'a> Line<'a> {
    pub(super) fn new(knowledge: &'a Knowledge) -> Self {
        let claims = &knowledge.claims;
        Self {
            claims,
            folded: Folded::default(),
            placed: Placed::default(),
            tokens: Vec::new(),
            words: Vec::new(),
            last: Pause::None,
        }
    }

    /// Takes another line, and tells what was disguised in it.
    pub(super) fn take(&mut self, text: &str, knowledge: &Knowledge) -> Option<Plain> {
        let mut marked = self.take_apart(text);
        let parts = self.tokens.iter().map(|token| token.folded as usize..token.folded_end as usize);
        let plain = if is_suspicious(text, &self.folded, parts) { Plain::of(text, knowledge) } else { None };
        if let Some(plain) = &plain {
            marked = self.take_apart(plain.text());
        }
        self.look_up(marked * MARKED_PART > self.tokens.len(), plain.as_ref());
        plain
    }

    /// Finds the tokens; how many have diacritics.
    fn take_apart(&mut self, text: &str) -> usize {
        let Self { claims, folded, placed, tokens, .. } = self;
        folded.fill_marked(text);
        tokens.clear();
        placed.pieces.clear();
        placed.places.clear();
        let letters = folded.letters.as_slice();
        let sort = |at: usize| match letters.get(at).map(|letter| sort_of(*letter)) {
            Some(Sort::Other) if folded.is_of_word(at) => Sort::Letter,
            Some(sort) => sort,
            None => Sort::Sign,
        };
        let run = |part: Range<usize>| claims.piece_of(letters.get(part).unwrap_or_default());
        let (mut pause, mut marked, mut at) = (Pause::None, 0, 0);
        while at < letters.len() {
            let (from, first, next) = (at, sort(at), tokens.len() + 1);
            let sign = |at: usize| letters.get(at).map_or(UNKNOWN, |sign| u16::from(*sign));
            at += 1;
            let piece = match first {
                Sort::Letter => {
                    while sort(at) == Sort::Letter {
                        at += 1;
                    }
                    let digest = digest(folded.marks.bytes.get(from..at).unwrap_or_default());
                    marked += usize::from(digest != 0);
                    placed.add(run(from..at), true, at, next, digest)
                }
                // "10kg" is a number and a word; "90%" a number and its sign; "2,5" and "100.000" are numbers.
                Sort::Digit => {
                    let mut part = from;
                    let mut piece = None;
                    loop {
                        while sort(at) == Sort::Digit {
                            at += 1;
                        }
                        let added = placed.add(run(part..at), false, at, next, 0);
                        let first = *piece.get_or_insert(added);
                        if !matches!(letters.get(at), Some(b'.' | b',')) || sort(at + 1) != Sort::Digit {
                            break first;
                        }
                        part = at + 1;
                        placed.add(sign(at), false, part, next, 0);
                        at = part;
                    }
                }
                Sort::Percent => placed.add(sign(from), false, at, next, 0),
                Sort::Other => {
                    placed.add(UNKNOWN, false, at, next - 1, 0);
                    pause = pause.max(pause_of(letters.get(from..).unwrap_or_default()));
                    continue;
                }
                Sort::Sign => {
                    match sign(from) {
                        0x20 => placed.pieces.add_space(),
                        sign => {
                            placed.add(sign, false, at, next - 1, 0);
                        }
                    }
                    // "No.1" is no end.
                    let is_close = |token: &Token| from - token.folded as usize <= 2 && !token.is_number;
                    let is_short = sort(at) == Sort::Digit && tokens.last().is_some_and(is_close);
                    pause = pause.max(match pause_of(letters.get(from..).unwrap_or_default()) {
                        Pause::Stop if is_short => Pause::None,
                        pause => pause,
                    });
                    continue;
                }
            };
            tokens.push(Token {
                start: folded.offset(from) as u32,
                end: folded.offset(at) as u32,
                folded: from as u32,
                folded_end: at as u32,
                pause: std::mem::replace(&mut pause, Pause::None),
                is_number: first == Sort::Digit,
                cues: 0,
                is_innocent: false,
                negates: false,
                piece,
                words: 0,
                ending: 0,
            });
        }
        self.last = pause;
        marked
    }

    /// Looks for the words of the patterns at each token.
    fn look_up(&mut self, is_marked: bool, plain: Option<&Plain>) {
        let Self { claims, folded, placed: Placed { pieces, places }, tokens, words, .. } = self;
        words.clear();
        let spelling = Spelling { claims, folded, is_marked, plain };
        let trie = DoubleArray(claims.trie.as_slice());
        for number in 0..tokens.len() {
            let Some((first, from)) = tokens.get(number).map(|token| (token.piece as usize, token.folded as usize))
            else {
                break;
            };
            let (mut cues, mut is_innocent) = (0, false);
            let start = words.len() as u32;
            // "#quangcao" starts with its sign.
            let sign = from.checked_sub(1).filter(|before| folded.letters.get(*before) == Some(&b'#'));
            for (piece, from) in first.checked_sub(1).zip(sign).into_iter().chain([(first, from)]) {
                let (mut last, mut of_marks) = (Place::default(), 0);
                let mut rest = places.get(piece..).unwrap_or_default().iter();
                let rest_in_bytes = pieces.bytes.get(2 * piece..).unwrap_or_default();
                let mut before = 0;
                for (value, length) in trie.common_prefix_search(rest_in_bytes) {
                    for place in rest.by_ref().take((length - before) / 2) {
                        (last, of_marks) = (*place, joined(of_marks, place.digest));
                    }
                    before = length;
                    let (part, next) = (from..last.end as usize, last.next);
                    let spelt = spelling.of(part.clone(), of_marks, rest_in_bytes.get(..length).unwrap_or_default());
                    let end = end_of(tokens, folded, next, part.end);
                    for known in claims.words.get(rows(value)).unwrap_or_default() {
                        let Some(is_bare) = spelt.agrees(known) else { continue };
                        // "dung" is "dùng" as often as "đừng": what turns a meaning round has its diacritics.
                        let is_sure = !is_bare || spelling.has_space(part.clone());
                        cues |= if is_sure { known.cues } else { known.cues & UNSURE };
                        is_innocent |= known.is_innocent;
                        let mut word = Word { known, token: number as u32, next, end, is_bare, also_ending: 0 };
                        if let Some(last) = next.checked_sub(1).and_then(|last| tokens.get_mut(last as usize)) {
                            word.also_ending = std::mem::replace(&mut last.ending, words.len() as u32 + 1);
                        }
                        words.push(word);
                    }
                }
            }
            let negates = cues & NEGATION == 1 << ClaimCue::Negates as u16 && !is_unit(tokens, number);
            if let Some(token) = tokens.get_mut(number) {
                (token.cues, token.negates, token.is_innocent, token.words) = (cues, negates, is_innocent, start);
            }
        }
    }

    /// The words that start with some of the tokens, in order.
    pub(super) fn words_in(&self, tokens: Range<u32>) -> &[Word<'a>] {
        let at = |token: u32| self.token(token).map_or(self.words.len(), |token| token.words as usize);
        self.words.get(at(tokens.start)..at(tokens.end)).unwrap_or_default()
    }

    /// The words that start with a token.
    pub(super) fn words_at(&self, token: u32) -> &[Word<'a>] {
        self.words_in(token..token + 1)
    }

    /// The words that end before a token.
    pub(super) fn words_before(&self, token: u32) -> impl Iterator<Item = &Word<'a>> {
        let word = |place: u32| self.words.get((place as usize).checked_sub(1)?);
        let last = token.checked_sub(1).and_then(|last| self.token(last)).and_then(|last| word(last.ending));
        std::iter::successors(last, move |before| word(before.also_ending))
    }

    pub(super) fn token(&self, token: u32) -> Option<&Token> {
        self.tokens.get(token as usize)
    }

    /// Whether a word stands for a symbol.
    pub(super) fn stands_for(&self, word: &Word<'_>, symbol: u16) -> bool {
        self.claims.symbols_of(word.known).contains(&symbol)
    }

    pub(super) fn row(&self, row: u16) -> Option<&'a ClaimRow> {
        self.claims.rows.get(usize::from(row))
    }

    /// Whether a cue starts at a token.
    pub(super) fn has_cue(&self, token: u32, cue: ClaimCue) -> bool {
        self.token(token).is_some_and(|token| token.cues >> cue as u16 & 1 == 1)
    }

    /// Whether a negation starts at a token.
    pub(super) fn negates(&self, token: u32) -> bool {
        self.token(token).is_some_and(|token| token.negates)
    }

    /// Whether a token only says what a number counts.
    pub(super) fn is_unit(&self, token: u32) -> bool {
        is_unit(&self.tokens, token as usize)
    }

    /// The longest cue of a kind at a token: the token behind it, and where it ends.
    pub(super) fn cue_at(&self, token: u32, cue: ClaimCue) -> Option<(u32, u32)> {
        if !self.has_cue(token, cue) {
            return None;
        }
        let is_it = |word: &&Word<'_>| word.known.has(cue);
        self.words_at(token).iter().filter(is_it).map(|word| (word.next, word.end)).max()
    }

    pub(super) fn pause_before(&self, token: u32) -> Pause {
        self.token(token).map_or(self.last, |token| token.pause)
    }
}

/// What a sign that is no part of a word says about the sentence.
fn pause_of(letters: &[u8]) -> Pause {
    match letters {
        [b'?', ..] => Pause::Question,
        [b'.' | b'!' | b';' | b'|', ..] => Pause::Stop,
        [b',', ..] => Pause::Comma,
        [first, second, third, ..] if STOPS.contains(&[*first, *second, *third]) => Pause::Stop,
        _ => Pause::None,
    }
}

/// Where a word ends in the text that ends before a token and before a folded byte.
fn end_of(tokens: &[Token], folded: &Folded, next: u32, behind: usize) -> u32 {
    let last = next.checked_sub(1).and_then(|last| tokens.get(last as usize)).map_or(0, |token| token.end);
    // "A+" ends with its sign.
    match behind.checked_sub(1) {
        Some(sign) if !folded.is_of_word(sign) => last.max(folded.offset(sign) as u32 + 1),
        _ => last,
    }
}

/// "50k" is a price and "2kg" a weight, where "k" and "kg" are also short for "không".
fn is_unit(tokens: &[Token], number: usize) -> bool {
    let behind_number =
        number.checked_sub(1).and_then(|before| tokens.get(before)).is_some_and(|token| token.is_number);
    behind_number && tokens.get(number).is_some_and(|token| token.end - token.start <= 2)
}
