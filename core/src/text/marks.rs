//! What folding takes from the letters of a text: shapes ("ă", "ơ", "đ") and tones. A tone belongs to its syllable: "hoà" and
//! "hòa" are the same word. Two words that fold alike are compared by their marks, as one number.
//!
//! `build.rs` writes the words of the claims' patterns with it.

/// Tones are less than this, shapes multiples of it.
pub(crate) const SHAPE: u8 = 8;

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

/// Spreads marks over 32 bits: shapes by their letters' places, tones, and pieces.
const SPREAD: [u32; 3] = [0x9e37_79b1, 0xc2b2_ae35, 0x85eb_ca6b];

/// The marks of a piece of text: shapes where they stand, tones one after the other.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Marks {
    shapes: u32,
    tones: u32,
}

impl Marks {
    /// Adds those of a letter, by its place in the piece.
    pub(crate) fn add(&mut self, place: usize, marks: u8) {
        let tone = u32::from(marks % SHAPE);
        let shape = u32::from(marks) - tone;
        let weight = SPREAD[0].rotate_left(5 * (place as u32 % u32::BITS));
        self.shapes = self.shapes.wrapping_add(shape.wrapping_mul(weight));
        self.tones = self.tones << (3 * u32::from(tone != 0)) | tone;
    }

    /// All of them as one number; 0: there are none.
    pub(crate) fn digest(self) -> u32 {
        self.shapes.wrapping_add(self.tones.wrapping_mul(SPREAD[1]))
    }

    /// Those of a piece of which one mark a letter is known.
    pub(crate) fn of(marks: &[u8]) -> Self {
        let mut all = Self::default();
        marks.iter().enumerate().for_each(|(place, marks)| all.add(place, *marks));
        all
    }
}

/// The marks of several pieces as one number, from those before and those of the next.
pub(crate) fn joined(before: u32, next: u32) -> u32 {
    before.wrapping_add(next).wrapping_mul(SPREAD[2])
}
