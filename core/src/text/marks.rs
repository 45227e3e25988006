//! What folding takes from the letters of a text, a byte for each: shapes ("ă", "ơ", "đ") where they stand, a tone on the first
//! vowel of its run. So "hoà" and "hòa" are the same word, and two words that fold alike are compared byte by byte.
//!
//! `build.rs` writes the words of the claims' patterns with it.

/// Marks of folded letters.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// One byte for each byte of the folded text; 0: nothing was taken.
    pub(crate) bytes: Vec<u8>,
    /// Where the vowels began that the last byte belongs to.
    vowels: Option<usize>,
}

/// Tones are less than this, shapes multiples of it.
const SHAPE: u8 = 8;
/// The stroke of "đ".
const STROKE: u8 = 4 * SHAPE;

impl Marks {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        self.vowels = None;
    }

    /// A byte of the folded text.
    pub(crate) fn push(&mut self, letter: u8) {
        let is_vowel = matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y');
        self.vowels = if is_vowel { self.vowels.or(Some(self.bytes.len())) } else { None };
        self.bytes.push(0);
    }

    /// The last letter was "đ".
    pub(crate) fn stroke(&mut self) {
        self.add(None, STROKE);
    }

    /// A combining mark on the last letter.
    pub(crate) fn mark(&mut self, mark: char) {
        match mark {
            '\u{300}' => self.add(self.vowels, 1),
            '\u{301}' => self.add(self.vowels, 2),
            '\u{303}' => self.add(self.vowels, 3),
            '\u{309}' => self.add(self.vowels, 4),
            '\u{323}' => self.add(self.vowels, 5),
            '\u{302}' => self.add(None, SHAPE),
            '\u{306}' => self.add(None, 2 * SHAPE),
            '\u{31b}' => self.add(None, 3 * SHAPE),
            // Of other languages: told apart from none.
            other => self.add(None, 8 * SHAPE | other as u8 & 0x1f),
        }
    }

    /// Adds to the letter at a place, or to the last one.
    fn add(&mut self, at: Option<usize>, mark: u8) {
        let at = at.or(self.bytes.len().checked_sub(1));
        if let Some(byte) = at.and_then(|at| self.bytes.get_mut(at)) {
            *byte = byte.wrapping_add(mark);
        }
    }
}
