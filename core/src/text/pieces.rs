//! The pieces of which the words of the claims' patterns are made: runs of letters, runs of digits, and the signs between
//! them. A space stands for itself, unless letters stand on both sides: those it always parts. So a text is looked
//! through piece by piece, two bytes each.
//!
//! `build.rs` writes the words with it.

/// A piece that stands in no word. Those below 128 are signs, by their bytes; runs are above.
pub(crate) const UNKNOWN: u16 = 0;

/// Pieces in a row.
#[derive(Debug, Default)]
pub(crate) struct Pieces {
    /// Two bytes each, none of them zero.
    pub(crate) bytes: Vec<u8>,
    /// Whether the last one is of letters.
    is_letters: bool,
    /// Whether a space is behind it.
    has_space: bool,
}

impl Pieces {
    pub(crate) fn clear(&mut self) {
        self.bytes.clear();
        (self.is_letters, self.has_space) = (false, false);
    }

    pub(crate) fn add_space(&mut self) {
        self.has_space = true;
    }

    /// Adds a piece; whether a space was added before it.
    pub(crate) fn add(&mut self, piece: u16, is_letters: bool) -> bool {
        let is_parted = self.has_space && !(self.is_letters && is_letters) && !self.bytes.is_empty();
        if is_parted {
            self.push(b' '.into());
        }
        self.push(piece);
        (self.is_letters, self.has_space) = (is_letters, false);
        is_parted
    }

    fn push(&mut self, piece: u16) {
        self.bytes.extend([piece / 255, piece % 255].map(|part| part as u8 + 1));
    }
}
