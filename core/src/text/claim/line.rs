//! A line of text, taken apart into tokens and the words of the patterns that stand in it.

use std::ops::Range;

use yada::DoubleArray;

use crate::knowledge::{ClaimCue, ClaimMeaning, ClaimRow, ClaimWord, Claims, Knowledge};
use crate::text::spotted::{Folded, rows};

/// In a line with diacritics in more than one word out of so many, a lone syllable without them is another word.
const MARKED_PART: usize = 3;
/// "…" and "•" end a sentence: their bytes.
const STOPS: [[u8; 3]; 2] = [[0xe2, 0x80, 0xa6], [0xe2, 0x80, 0xa2]];

/// Cues that do not turn a meaning round.
const UNSURE: u16 = !((1 << ClaimCue::Asks as u16) - 1);

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
    /// Place in the folded text.
    folded: u32,
    /// Before it.
    pub(super) pause: Pause,
    pub(super) is_number: bool,
    /// The cues that start here, one bit each.
    cues: u16,
    /// Whether innocent words of some row start here.
    pub(super) is_innocent: bool,
    /// Where the words that start here begin.
    words: u32,
    /// The last of the words that end here, plus one; 0: none does.
    ending: u32,
}

/// A word of the patterns in the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word<'a> {
    pub(super) meaning: &'a ClaimMeaning,
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
    pub(super) tokens: Vec<Token>,
    /// In the order of the text.
    words: Vec<Word<'a>>,
    /// What stands behind the last token.
    last: Pause,
}

/// Whether something stood for letters in part of the text: those have lost their diacritics.
type IsReplaced<'r> = &'r dyn Fn(Range<usize>) -> bool;

impl<'a> Line<'a> {
    pub(super) fn new(knowledge: &'a Knowledge) -> Self {
        let claims = &knowledge.claims;
        Self { claims, folded: Folded::default(), tokens: Vec::new(), words: Vec::new(), last: Pause::None }
    }

    /// Takes another line.
    pub(super) fn take(&mut self, text: &str, is_replaced: IsReplaced<'_>) {
        self.folded.fill_marked(text);
        self.tokens.clear();
        self.words.clear();
        let marked = self.take_apart();
        self.look_up(marked * MARKED_PART > self.tokens.len(), is_replaced);
    }

    /// Finds the tokens; how many have diacritics.
    fn take_apart(&mut self) -> usize {
        let mut marked = 0;
        let mut pause = Pause::None;
        let mut open: Option<(usize, bool)> = None;
        let mut at = 0;
        while let Some(letter) = self.folded.letters.get(at).copied() {
            let is_digit = letter.is_ascii_digit();
            let is_before_digit = || self.folded.letters.get(at + 1).is_some_and(u8::is_ascii_digit);
            if letter != b'%' && !self.folded.is_of_word(at) {
                // "2,5" and "100.000" are numbers.
                let is_within = matches!(letter, b'.' | b',') && open.is_some_and(|(_, is_number)| is_number);
                if !(is_within && is_before_digit()) {
                    // "No.1" is no end.
                    let is_short = letter == b'.' && open.is_some_and(|(from, _)| at - from <= 2) && is_before_digit();
                    marked += self.close(&mut open, at, &mut pause);
                    pause = pause.max(match letter {
                        b'?' => Pause::Question,
                        b'.' if is_short => Pause::None,
                        b'.' | b'!' | b';' | b'|' => Pause::Stop,
                        b',' => Pause::Comma,
                        0xe2 if STOPS.iter().any(|stop| self.folded.letters.get(at..at + 3) == Some(stop)) => Pause::Stop,
                        _ => Pause::None,
                    });
                }
                at += 1;
                continue;
            }
            // "10kg" is a number and a word; "90%" a number and its sign.
            if letter == b'%' || open.is_some_and(|(_, is_number)| is_number != is_digit) {
                marked += self.close(&mut open, at, &mut pause);
            }
            open = open.or(Some((at, is_digit)));
            if letter == b'%' {
                marked += self.close(&mut open, at + 1, &mut pause);
            }
            at += 1;
        }
        marked += self.close(&mut open, self.folded.letters.len(), &mut pause);
        self.last = pause;
        marked
    }

    /// Ends a token; 1 where it has diacritics.
    fn close(&mut self, open: &mut Option<(usize, bool)>, to: usize, pause: &mut Pause) -> usize {
        let Some((from, is_number)) = open.take() else { return 0 };
        self.tokens.push(Token {
            start: self.folded.offset(from) as u32,
            end: self.folded.offset(to) as u32,
            folded: from as u32,
            pause: std::mem::replace(pause, Pause::None),
            is_number,
            cues: 0,
            is_innocent: false,
            words: 0,
            ending: 0,
        });
        usize::from(!is_bare(&self.folded, from..to))
    }

    /// Looks for the words of the patterns at each token.
    fn look_up(&mut self, is_marked: bool, is_replaced: IsReplaced<'_>) {
        let Self { claims, folded, tokens, words, .. } = self;
        let spelling = Spelling { claims, folded, is_marked, is_replaced };
        // `Knowledge::open` has seen that it is one.
        let trie = DoubleArray(claims.trie.as_slice());
        let letters = folded.letters.as_slice();
        for number in 0..tokens.len() {
            let first = tokens.get(number).map_or(0, |token| token.folded as usize);
            let (mut cues, mut is_innocent) = (0, false);
            let start = words.len() as u32;
            // "#quangcao" starts with its sign.
            let sign = first.checked_sub(1).filter(|before| letters.get(*before) == Some(&b'#'));
            for from in sign.into_iter().chain([first]) {
                for (value, length) in trie.common_prefix_search(letters.get(from..).unwrap_or_default()) {
                    let part = from..from + length;
                    let is_digit = |at: usize| letters.get(at).is_some_and(u8::is_ascii_digit);
                    if folded.is_of_word(part.end) && is_digit(part.end) == is_digit(part.end - 1) {
                        continue;
                    }
                    for word in claims.words.get(rows(value)).unwrap_or_default() {
                        let meaning = claims.meanings.get(word.meaning as usize);
                        let (Some(is_bare), Some(meaning)) = (spelling.agrees(part.clone(), word), meaning) else {
                            continue;
                        };
                        // "dung" is "dùng" as often as "đừng": what turns a meaning round has its diacritics.
                        let is_sure = !is_bare || spelling.has_space(part.clone());
                        cues |= if is_sure { meaning.cues } else { meaning.cues & UNSURE };
                        is_innocent |= meaning.is_innocent;
                        let (next, end) = end_of(tokens, folded, number, part.end);
                        let mut word = Word { meaning, token: number as u32, next, end, is_bare, also_ending: 0 };
                        if let Some(last) = tokens.get_mut(next as usize - 1) {
                            word.also_ending = std::mem::replace(&mut last.ending, words.len() as u32 + 1);
                        }
                        words.push(word);
                    }
                }
            }
            if let Some(token) = tokens.get_mut(number) {
                (token.cues, token.is_innocent, token.words) = (cues, is_innocent, start);
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

    /// What a word stands for.
    pub(super) fn symbols(&self, word: &Word<'a>) -> &'a [u16] {
        self.claims.symbols_of(word.meaning)
    }

    pub(super) fn token(&self, token: u32) -> Option<&Token> {
        self.tokens.get(token as usize)
    }

    pub(super) fn row(&self, row: u16) -> Option<&'a ClaimRow> {
        self.claims.rows.get(usize::from(row))
    }

    /// Whether a cue starts at a token.
    pub(super) fn has_cue(&self, token: u32, cue: ClaimCue) -> bool {
        self.token(token).is_some_and(|token| token.cues >> cue as u16 & 1 == 1)
    }

    /// The longest cue of a kind at a token: the token behind it, and where it ends.
    pub(super) fn cue_at(&self, token: u32, cue: ClaimCue) -> Option<(u32, u32)> {
        if !self.has_cue(token, cue) {
            return None;
        }
        let is_it = |word: &&Word<'_>| self.symbols(word).contains(&(cue as u16));
        self.words_at(token).iter().filter(is_it).map(|word| (word.next, word.end)).max()
    }

    pub(super) fn pause_before(&self, token: u32) -> Pause {
        self.token(token).map_or(self.last, |token| token.pause)
    }
}

/// The token behind a word that starts with a token and ends before a folded byte, and where it ends in the text.
fn end_of(tokens: &[Token], folded: &Folded, number: usize, next: usize) -> (u32, u32) {
    let behind = tokens.iter().skip(number + 1).take_while(|token| (token.folded as usize) < next).count() + number + 1;
    let last = tokens.get(behind - 1).map_or(0, |token| token.end);
    // "A+" ends with its sign.
    let end = if folded.is_of_word(next - 1) { last } else { folded.offset(next - 1) as u32 + 1 };
    (behind as u32, end.max(last))
}

/// Whether part of the folded text has no diacritics.
fn is_bare(folded: &Folded, part: Range<usize>) -> bool {
    folded.marks.bytes.get(part).is_none_or(|marks| marks.iter().all(|mark| *mark == 0))
}

/// How a line is spelt.
struct Spelling<'s> {
    claims: &'s Claims,
    folded: &'s Folded,
    /// With diacritics, on the whole.
    is_marked: bool,
    is_replaced: IsReplaced<'s>,
}

impl Spelling<'_> {
    /// Whether part of the folded text is a word, as far as diacritics tell: "tri ân" is no "trị", but people also type
    /// without any. `true` where it is written without those that it has.
    fn agrees(&self, part: Range<usize>, word: &ClaimWord) -> Option<bool> {
        let marks = self.folded.marks.bytes.as_slice();
        let written = marks.get(part.clone())?;
        let known = self.claims.marks.get(word.marks as usize..word.marks as usize + part.len())?;
        if written == known {
            return Some(false);
        }
        if is_bare(self.folded, part.clone()) {
            let is_it = !self.is_marked || self.is_replaced(&part) || self.has_space(part.clone()) && !self.is_plain(part);
            return is_it.then_some(true);
        }
        // A letter that something stood for has lost its diacritics, the words beside it have not.
        let mut at = part.start;
        let is_it = self.is_replaced(&part)
            && self.letters(part.clone()).split(|letter| *letter == b' ').all(|syllable| {
                let here = at..at + syllable.len();
                let of_known = here.start - part.start..here.end - part.start;
                at = here.end + 1;
                self.is_replaced(&here) || marks.get(here) == known.get(of_known)
            });
        is_it.then_some(false)
    }

    fn letters(&self, part: Range<usize>) -> &[u8] {
        self.folded.letters.get(part).unwrap_or_default()
    }

    fn has_space(&self, part: Range<usize>) -> bool {
        self.letters(part).contains(&b' ')
    }

    fn is_replaced(&self, part: &Range<usize>) -> bool {
        (self.is_replaced)(self.folded.offset(part.start)..self.folded.offset(part.end))
    }

    /// Whether each syllable is a word as it stands: "ở xa lo lắm" is no "xả lỗ".
    fn is_plain(&self, part: Range<usize>) -> bool {
        let trie = DoubleArray(self.claims.trie.as_slice());
        self.letters(part).split(|letter| *letter == b' ').all(|syllable| {
            let words = trie.exact_match_search(syllable).and_then(|value| self.claims.words.get(rows(value)));
            let meaning = |word: &ClaimWord| self.claims.meanings.get(word.meaning as usize);
            let is_plain = |meaning: &ClaimMeaning| meaning.cues >> ClaimCue::Plain as u16 & 1 == 1;
            words.unwrap_or_default().iter().filter_map(meaning).any(is_plain)
        })
    }
}
