//! A line of text, taken apart into tokens and the words of the patterns that stand in it.

use std::ops::Range;

use yada::DoubleArray;

use crate::knowledge::{ClaimCue, ClaimRow, ClaimWord, Claims, Knowledge};
use crate::text::spotted::{Folded, rows};
use crate::text::{decompose, is_mark, same_marks};

/// In a line with diacritics in more than one word out of so many, a lone syllable without them is another word.
const MARKED_PART: usize = 3;
/// "…" and "•" end a sentence: their bytes.
const STOPS: [[u8; 3]; 2] = [[0xe2, 0x80, 0xa6], [0xe2, 0x80, 0xa2]];

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
    cues: u8,
    /// Whether innocent words of some row start here.
    pub(super) is_innocent: bool,
    /// The symbols of all words that start here, as bits ([`Claims::bit`]).
    pub(super) mask: u64,
}

/// A word of the patterns in the line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Word {
    /// Where its symbols stand.
    symbols: u32,
    count: u8,
    /// The token behind it.
    pub(super) next: u32,
    /// Where it ends, in bytes of the text.
    pub(super) end: u32,
    /// Whether it is written without the diacritics that it has.
    pub(super) is_bare: bool,
}

/// A line on its way through the patterns.
pub(super) struct Line<'a> {
    pub(super) claims: &'a Claims,
    pub(super) tokens: Vec<Token>,
    /// In the order of the text.
    words: Vec<Word>,
    /// For each token, where the words that start there begin in `words`; one more at the end.
    starting: Vec<u32>,
    /// What stands behind the last token.
    last: Pause,
}

impl<'a> Line<'a> {
    /// `is_replaced` tells of parts of the text in which something stood for letters: those have lost their diacritics.
    pub(super) fn of(knowledge: &'a Knowledge, text: &str, is_replaced: &dyn Fn(Range<usize>) -> bool) -> Self {
        let claims = &knowledge.claims;
        let folded = Folded::of(text);
        let mut line = Self { claims, tokens: Vec::new(), words: Vec::new(), starting: Vec::new(), last: Pause::None };
        line.take_apart(&folded);
        let is_ascii = |token: &&Token| text.get(token.start as usize..token.end as usize).is_some_and(str::is_ascii);
        let is_marked =
            (line.tokens.len() - line.tokens.iter().filter(is_ascii).count()) * MARKED_PART > line.tokens.len();
        line.look_up(text, &folded, is_marked, is_replaced);
        line
    }

    fn take_apart(&mut self, folded: &Folded) {
        let letters = folded.letters.as_slice();
        let mut pause = Pause::None;
        let mut open: Option<(usize, bool)> = None;
        let mut at = 0;
        while let Some(letter) = letters.get(at).copied() {
            let is_digit = letter.is_ascii_digit();
            // "2,5" and "100.000" are numbers.
            let is_within = matches!(letter, b'.' | b',')
                && open.is_some_and(|(_, is_number)| is_number)
                && letters.get(at + 1).is_some_and(u8::is_ascii_digit);
            if is_within {
                at += 1;
                continue;
            }
            if letter == b'%' || folded.is_of_word(at) {
                // "10kg" is a number and a word; "90%" a number and its sign.
                if letter == b'%' || open.is_some_and(|(_, is_number)| is_number != is_digit) {
                    self.close(folded, &mut open, at, &mut pause);
                }
                open = open.or(Some((at, is_digit)));
                if letter == b'%' {
                    self.close(folded, &mut open, at + 1, &mut pause);
                }
                at += 1;
                continue;
            }
            self.close(folded, &mut open, at, &mut pause);
            pause = pause.max(match letter {
                b'?' => Pause::Question,
                b'.' | b'!' | b';' | b'|' => Pause::Stop,
                b',' => Pause::Comma,
                0xe2 if STOPS.iter().any(|stop| letters.get(at..at + 3) == Some(stop)) => Pause::Stop,
                _ => Pause::None,
            });
            at += 1;
        }
        self.close(folded, &mut open, letters.len(), &mut pause);
        self.last = pause;
    }

    fn close(&mut self, folded: &Folded, open: &mut Option<(usize, bool)>, to: usize, pause: &mut Pause) {
        let Some((from, is_number)) = open.take() else { return };
        self.tokens.push(Token {
            start: folded.offset(from) as u32,
            end: folded.offset(to) as u32,
            folded: from as u32,
            pause: std::mem::replace(pause, Pause::None),
            is_number,
            cues: 0,
            is_innocent: false,
            mask: 0,
        });
    }

    /// Looks for the words of the patterns at each token.
    fn look_up(&mut self, text: &str, folded: &Folded, is_marked: bool, is_replaced: &dyn Fn(Range<usize>) -> bool) {
        let claims = self.claims;
        // `Knowledge::open` has seen that it is one.
        let trie = DoubleArray(claims.trie.as_slice());
        let letters = folded.letters.as_slice();
        for number in 0..self.tokens.len() {
            self.starting.push(self.words.len() as u32);
            let Some(token) = self.tokens.get(number).copied() else { continue };
            let first = token.folded as usize;
            // "#quangcao" starts with its sign.
            let sign = first.checked_sub(1).filter(|before| letters.get(*before) == Some(&b'#'));
            let (mut cues, mut mask, mut is_innocent) = (0, 0, false);
            for from in sign.into_iter().chain([first]) {
                for (value, length) in trie.common_prefix_search(letters.get(from..).unwrap_or_default()) {
                    let next = from + length;
                    let is_digit = |at: usize| letters.get(at).is_some_and(u8::is_ascii_digit);
                    if next > from && folded.is_of_word(next) && is_digit(next) == is_digit(next - 1) {
                        continue;
                    }
                    let (start, end) = (folded.offset(from), folded.offset(next));
                    let written = text.get(start..end).unwrap_or_default().trim_end();
                    for word in claims.words.get(rows(value)).unwrap_or_default() {
                        let of_word = |part: Range<usize>| is_replaced(start + part.start..start + part.end);
                        if !agrees(claims, word, written, is_marked, &of_word) {
                            continue;
                        }
                        // "dung" is "dùng" as often as "đừng": what turns a meaning round has its diacritics.
                        let is_sure = !is_bare(written, known(claims, word));
                        for symbol in claims.symbols_of(word.symbols, word.count) {
                            mask |= Claims::bit(*symbol);
                            match symbol.checked_sub(ClaimCue::COUNT) {
                                None => cues |= u8::from(is_sure || *symbol >= ClaimCue::Asks as u16) << symbol,
                                Some(row) => is_innocent |= usize::from(row) < claims.rows.len(),
                            }
                        }
                        let mut behind = number + 1;
                        while self.tokens.get(behind).is_some_and(|token| (token.start as usize) < end) {
                            behind += 1;
                        }
                        self.words.push(Word {
                            symbols: word.symbols,
                            count: word.count,
                            next: behind as u32,
                            end: (start + written.len()) as u32,
                            is_bare: written.is_ascii() && !known(claims, word).is_ascii(),
                        });
                    }
                }
            }
            if let Some(token) = self.tokens.get_mut(number) {
                (token.cues, token.mask, token.is_innocent) = (cues, mask, is_innocent);
            }
        }
        self.starting.push(self.words.len() as u32);
    }

    /// The words that start at a token.
    pub(super) fn words_at(&self, token: u32) -> &[Word] {
        let at = |token: u32| self.starting.get(token as usize).copied().unwrap_or(0) as usize;
        self.words.get(at(token)..at(token + 1)).unwrap_or_default()
    }

    /// What a word stands for.
    pub(super) fn symbols(&self, word: &Word) -> &'a [u16] {
        self.claims.symbols_of(word.symbols, word.count)
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
        let is_it = |word: &&Word| self.symbols(word).contains(&(cue as u16));
        self.words_at(token).iter().filter(is_it).map(|word| (word.next, word.end)).max()
    }

    pub(super) fn pause_before(&self, token: u32) -> Pause {
        self.token(token).map_or(self.last, |token| token.pause)
    }
}

fn known<'a>(claims: &'a Claims, word: &ClaimWord) -> &'a str {
    let from = word.start as usize;
    claims.texts.get(from..from + usize::from(word.length)).unwrap_or_default()
}

/// Whether one syllable is written without the diacritics that it has.
fn is_bare(written: &str, known: &str) -> bool {
    written.is_ascii() && !known.is_ascii() && !known.bytes().any(|byte| byte == b' ')
}

/// Whether what is written is the word, as far as diacritics tell: "tri ân" is no "trị", but people also type without any.
fn agrees(
    claims: &Claims,
    word: &ClaimWord,
    written: &str,
    is_marked: bool,
    is_replaced: &dyn Fn(Range<usize>) -> bool,
) -> bool {
    let known = known(claims, word);
    if written.eq_ignore_ascii_case(known) {
        return true;
    }
    if written.is_ascii() && !known.is_ascii() {
        return !is_marked || known.bytes().any(|byte| byte == b' ') || is_replaced(0..written.len());
    }
    // What is written small and in one piece is compared by its bytes, which has been done.
    let is_as_known = |sign: char| {
        let base = decompose(sign).0;
        sign.is_ascii() || !is_mark(sign) && !base.is_ascii_uppercase() && base != 'Đ'
    };
    let is_plain = !written.as_bytes().windows(2).any(|pair| pair == b"  ") && written.chars().all(is_as_known);
    if !is_plain && same_marks(written, known) {
        return true;
    }
    // A letter that something stood for has lost its diacritics, the words beside it have not.
    let mut at = 0;
    is_replaced(0..written.len())
        && written.split(' ').zip(known.split(' ')).all(|(written, known)| {
            let from = at;
            at += written.len() + 1;
            is_replaced(from..from + written.len()) || same_marks(written, known) && !is_bare(written, known)
        })
}
