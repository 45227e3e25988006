//! What folding takes from the letters of a text, a byte for each: shapes ("ă", "ơ", "đ") where they stand, a tone on the first
//! vowel of its run. So "hoà" and "hòa" are the same word, and two words that fold alike are compared by their marks.
//!
//! `build.rs` writes the words of the claims' patterns with it.

/// Marks of folded letters.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// One byte for each of the folded text's first letters; 0: nothing was taken.
    pub(crate) bytes: Vec<u8>,
}

/// Tones are less than this, shapes multiples of it.
const SHAPE: u8 = 8;

/// What a combining mark is here, or the stroke of "đ".
pub(crate) fn of_mark(mark: char) -> u8 {
    match mark {
        '\u{300}' => 1,
        '\u{301}' => 2,
        '\u{303}' => 3,
        '\u{309}' => 4,
        '\u{323}' => 5,
        '\u{302}' => SHAPE,
        '\u{306}' => 2 * SHAPE,
        '\u{31b}' => 3 * SHAPE,
        'đ' => 4 * SHAPE,
        // Of other languages: told apart from none.
        other => (8 + (other as u8 & 7)) * SHAPE,
    }
}

impl Marks {
    /// Adds what was taken from the last letter: a shape, a tone, or both.
    pub(crate) fn add(&mut self, letters: &[u8], marks: u8) {
        let (tone, shape) = (marks % SHAPE, marks - marks % SHAPE);
        if shape != 0 {
            self.add_at(letters.len().saturating_sub(1), shape);
        }
        if tone != 0 {
            let is_vowel = |letter: &&u8| matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
            self.add_at(letters.len() - letters.iter().rev().take_while(is_vowel).count(), tone);
        }
    }

    fn add_at(&mut self, at: usize, mark: u8) {
        if self.bytes.len() <= at {
            self.bytes.resize(at + 1, 0);
        }
        if let Some(byte) = self.bytes.get_mut(at) {
            *byte = byte.wrapping_add(mark);
        }
    }
}

/// Spread marks over 32 bits: those of a piece, and pieces.
const SPREAD: [u32; 2] = [0x9e37_79b1, 0x85eb_ca6b];

/// The marks of a piece of text as one number; 0: it has none.
pub(crate) fn digest(marks: &[u8]) -> u32 {
    marks.iter().fold(0, |digest, mark| spread(digest, u32::from(*mark), SPREAD[0]))
}

/// The marks of several pieces as one number, from those before and those of the next.
pub(crate) fn joined(before: u32, next: u32) -> u32 {
    spread(before, next, SPREAD[1])
}

fn spread(before: u32, next: u32, by: u32) -> u32 {
    before.wrapping_add(next).wrapping_mul(by)
}
