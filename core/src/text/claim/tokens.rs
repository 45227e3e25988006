//! A line of text, taken apart in one pass: folded letters, tokens, and the pieces in which words are looked up.

use std::ops::Range;

use crate::knowledge::Claims;
use crate::text::disguise::is_strange;
use crate::text::marks::{Marks, of_mark};
use crate::text::pieces::{Pieces, UNKNOWN};
use crate::text::{fold_char, folded_letter, is_alphanumeric, is_mark, taken};

/// What stands before a token.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Pause {
    #[default]
    None,
    Comma,
    /// The end of a sentence.
    Stop,
    /// The end of one that asks.
    Question,
}

impl Pause {
    /// What a sign that is no part of a word says about the sentence.
    fn of(sign: char) -> Self {
        match sign {
            '?' => Self::Question,
            '.' | '!' | ';' | '|' | '…' | '•' => Self::Stop,
            ',' => Self::Comma,
            _ => Self::None,
        }
    }
}

/// Where something stands.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Span {
    /// First byte in the text.
    pub(super) start: u32,
    /// Byte after the last.
    pub(super) end: u32,
    /// First byte in the folded text.
    pub(super) folded: u32,
    /// Byte after the last.
    pub(super) folded_end: u32,
}

/// A word of the line, a number, or a percent sign.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token {
    pub(super) span: Span,
    /// Before it.
    pub(super) pause: Pause,
    pub(super) is_number: bool,
    /// Its first piece.
    pub(super) piece: u32,
}

/// A piece in the line.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Place {
    pub(super) span: Span,
    /// The token behind it.
    pub(super) next: u32,
    /// What its marks come to.
    pub(super) digest: u32,
    /// Whether it is part of a token, and no sign beside one.
    pub(super) is_of_token: bool,
}

/// What is being taken apart.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Sort {
    #[default]
    Sign,
    Letters,
    Digits,
}

/// Letters or digits in a row.
#[derive(Debug, Default)]
struct Run {
    sort: Sort,
    /// Where it starts, in bytes of the text and of the folded one.
    start: usize,
    folded: usize,
    /// Where its last piece starts: numbers have several.
    part: usize,
    /// Its first piece, plus one; 0: none yet.
    piece: u32,
    marks: Marks,
}

/// A line, taken apart. One takes line after line, in the same memory.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// The folded text.
    pub(super) letters: Vec<u8>,
    pub(super) list: Vec<Token>,
    pub(super) pieces: Pieces,
    pub(super) places: Vec<Place>,
    /// What stands behind the last token.
    pub(super) last: Pause,
    /// How many tokens have diacritics.
    pub(super) marked: usize,
    /// Whether there are characters that disguise others.
    pub(super) is_strange: bool,
    run: Run,
}

impl Tokens {
    pub(super) fn take(&mut self, text: &str, claims: &Claims) {
        self.letters.clear();
        self.list.clear();
        self.pieces.clear();
        self.places.clear();
        (self.last, self.marked, self.is_strange) = (Pause::None, 0, false);
        for (at, character) in text.char_indices() {
            match folded_letter(character as u32) {
                letter @ b'a'..=b'z' => {
                    self.go_on(Sort::Letters, at, claims);
                    self.letters.push(letter);
                    self.add_marks(taken(character as u32));
                }
                b' ' => {
                    self.end(at, claims);
                    self.pieces.add_space();
                    if self.letters.last().is_some_and(|last| *last != b' ') {
                        self.letters.push(b' ');
                    }
                }
                // "10kg" is a number and a word; "90%" a number and its sign.
                digit @ b'0'..=b'9' => {
                    self.go_on(Sort::Digits, at, claims);
                    self.letters.push(digit);
                }
                0 => self.add_other(character, at, claims),
                sign => {
                    let behind = text.get(at + character.len_utf8()..).and_then(|rest| rest.chars().next());
                    let is_before_digit = behind.is_some_and(|behind| folded_letter(behind as u32).is_ascii_digit());
                    self.add_sign(sign, character, at, is_before_digit, claims);
                }
            }
        }
        self.end(text.len(), claims);
    }

    /// Goes on with a run of letters or digits, or starts one.
    fn go_on(&mut self, sort: Sort, at: usize, claims: &Claims) {
        if self.run.sort != sort {
            self.end(at, claims);
            let folded = self.letters.len();
            self.run = Run { sort, start: at, folded, part: folded, piece: 0, marks: Marks::default() };
        }
    }

    /// Adds the marks of the last letter.
    fn add_marks(&mut self, marks: u8) {
        self.run.marks.add(self.letters.len() - self.run.folded - 1, marks);
    }

    /// Adds a character that does not fold to one ASCII character.
    #[cold]
    #[inline(never)]
    fn add_other(&mut self, character: char, at: usize, claims: &Claims) {
        self.is_strange |= is_strange(character);
        if is_mark(character) {
            if self.run.sort == Sort::Letters {
                self.add_marks(of_mark(character));
            }
            return;
        }
        let other = fold_char(character).unwrap_or(character);
        let is_letter = is_alphanumeric(other);
        if is_letter {
            self.go_on(Sort::Letters, at, claims);
        } else {
            self.end(at, claims);
        }
        let folded = self.letters.len();
        self.letters.extend_from_slice(other.encode_utf8(&mut [0; 4]).as_bytes());
        if !is_letter {
            self.last = self.last.max(Pause::of(other));
            self.add_piece(UNKNOWN, false, folded, at..at + character.len_utf8());
        }
    }

    fn add_sign(&mut self, sign: u8, character: char, at: usize, is_before_digit: bool, claims: &Claims) {
        let written = at..at + character.len_utf8();
        let folded = self.letters.len();
        // "2,5" and "100.000" are numbers.
        if is_before_digit && self.run.sort == Sort::Digits && matches!(sign, b'.' | b',') {
            self.add_part(at, claims);
            self.letters.push(sign);
            self.add_piece(sign.into(), true, folded, written);
            self.run.part = self.letters.len();
            return;
        }
        self.end(at, claims);
        self.letters.push(sign);
        let is_token = sign == b'%';
        let piece = self.add_piece(sign.into(), is_token, folded, written.clone());
        if is_token {
            self.add_token(written, folded, false, piece);
            return;
        }
        // "No.1" is no end.
        let is_close = |token: &Token| folded - token.span.folded as usize <= 2 && !token.is_number;
        self.last = self.last.max(match Pause::of(sign.into()) {
            Pause::Stop if is_before_digit && self.list.last().is_some_and(is_close) => Pause::None,
            pause => pause,
        });
    }

    /// Ends what is being taken.
    fn end(&mut self, at: usize, claims: &Claims) {
        if self.run.sort == Sort::Sign {
            return;
        }
        self.add_part(at, claims);
        let Run { sort, start, folded, piece, marks, .. } = std::mem::take(&mut self.run);
        self.marked += usize::from(marks.digest() != 0);
        self.add_token(start..at, folded, sort == Sort::Digits, piece - 1);
    }

    /// Adds the last piece of the run.
    fn add_part(&mut self, at: usize, claims: &Claims) {
        let Run { part, start, .. } = self.run;
        let piece = claims.piece_of(self.letters.get(part..).unwrap_or_default());
        let number = self.add_piece(piece, true, part, start..at);
        if self.run.piece == 0 {
            self.run.piece = number + 1;
        }
    }

    /// Adds a piece that ends with the folded text so far; its number.
    fn add_piece(&mut self, piece: u16, is_of_token: bool, folded: usize, written: Range<usize>) -> u32 {
        if self.pieces.add(piece, self.run.sort == Sort::Letters) {
            self.places.push(Place::default());
        }
        self.places.push(Place {
            span: self.span(folded, written),
            next: self.list.len() as u32 + u32::from(is_of_token),
            digest: self.run.marks.digest(),
            is_of_token,
        });
        self.places.len() as u32 - 1
    }

    fn add_token(&mut self, written: Range<usize>, folded: usize, is_number: bool, piece: u32) {
        let (span, pause) = (self.span(folded, written), std::mem::take(&mut self.last));
        self.list.push(Token { span, pause, is_number, piece });
    }

    /// From a byte of the folded text to its end so far, given what was written for it.
    fn span(&self, folded: usize, written: Range<usize>) -> Span {
        let [start, end, folded, folded_end] =
            [written.start, written.end, folded, self.letters.len()].map(|at| at as u32);
        Span { start, end, folded, folded_end }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{BUILT_IN, Knowledge};

    thread_local! {
        static KNOWLEDGE: Knowledge = Knowledge::open(BUILT_IN).unwrap();
    }

    fn taken_apart(text: &str) -> Tokens {
        let mut tokens = Tokens::default();
        KNOWLEDGE.with(|knowledge| tokens.take(text, &knowledge.claims));
        tokens
    }

    fn pieces(text: &str) -> Vec<u8> {
        taken_apart(text).pieces.bytes
    }

    /// The tokens, as they are written.
    fn tokens(text: &str) -> Vec<&str> {
        let written = |token: Token| text.get(token.span.start as usize..token.span.end as usize).unwrap();
        taken_apart(text).list.into_iter().map(written).collect()
    }

    /// What the marks of the first token come to.
    fn digest(text: &str) -> u32 {
        taken_apart(text).places.first().unwrap().digest
    }

    #[test]
    fn what_is_written_alike_is_the_same_pieces() {
        for (one, other) in [
            ("giảm cân", "GIAM  CAN"),
            ("giảm cân", "giảm\u{a0}\n cân"),
            ("giảm cân", "gia\u{309}m ca\u{302}n"),
            ("Đức", "duc"),
            ("10 kg", "10  KG"),
        ] {
            assert_eq!(pieces(one), pieces(other), "{one}, {other}");
        }
        for (one, other) in [
            ("10kg", "10 kg"),
            ("c/o", "co"),
            ("c/o", "c / o"),
            ("c/o", "c o"),
            ("#ad", "ad"),
            ("ad", "adn"),
            ("trị nám", "trịnám"),
            ("2,5", "2.5"),
            ("2,5", "25"),
        ] {
            assert_ne!(pieces(one), pieces(other), "{one}, {other}");
        }
    }

    /// A word inside another one is not looked up: the longer run is another piece, or none.
    #[test]
    fn runs_are_looked_up_whole() {
        let unknown = [1, 1];
        for (text, is_known) in
            [("trị", true), ("trịxyz", false), ("xyztri", false), ("tri東", false), ("tri 東", true)]
        {
            let first = pieces(text).get(..2).unwrap().to_owned();
            assert_eq!(first != unknown, is_known, "{text}");
        }
    }

    #[test]
    fn tokens_are_words_numbers_and_percent_signs() {
        for (text, expected) in [
            ("Giảm 50% nha!", vec!["Giảm", "50", "%", "nha"]),
            ("10kg c/o #ad", vec!["10", "kg", "c", "o", "ad"]),
            ("100.000đ, 2,5 lít. 3.", vec!["100.000", "đ", "2,5", "lít", "3"]),
            ("Tri\u{323} na\u{301}m\u{301} 😀東", vec!["Tri\u{323}", "na\u{301}m\u{301}", "東"]),
            ("", vec![]),
            (" \u{301}!", vec![]),
        ] {
            assert_eq!(tokens(text), expected, "{text}");
        }
    }

    #[test]
    fn pauses_stand_before_tokens() {
        for (text, expected) in [
            ("a. b", Pause::Stop),
            ("a, b", Pause::Comma),
            ("a?! b", Pause::Question),
            ("a… b", Pause::Stop),
            ("a - b", Pause::None),
            ("No.1", Pause::None),
            ("Noel.1", Pause::Stop),
            ("No. 1", Pause::Stop),
        ] {
            assert_eq!(taken_apart(text).list.get(1).map(|token| token.pause), Some(expected), "{text}");
        }
        assert_eq!(taken_apart("a b?").last, Pause::Question);
    }

    #[test]
    fn marks_tell_words_apart_and_spellings_do_not() {
        for (one, other) in [
            ("hoà", "hòa"),
            ("trị", "TRỊ"),
            ("trị", "tri\u{323}"),
            ("ẩ", "a\u{302}\u{309}"),
            ("ẩ", "a\u{309}\u{302}"),
            ("xyz", "abc"),
        ] {
            assert_eq!(digest(one), digest(other), "{one}, {other}");
        }
        for (one, other) in [("hóa", "hòa"), ("trị", "tri"), ("đ", "d"), ("mâm", "măm"), ("ươ", "uơ"), ("ươ", "ưo")]
        {
            assert_ne!(digest(one), digest(other), "{one}, {other}");
        }
    }
}
