//! Parts of a set: the subjects whose fingerprints begin alike. Whoever asks for a part tells no more than those hex
//! digits; with three of them, 100,000 subjects and all the names that nobody recorded fall into 4,096 parts.

use crate::record::Key;

/// The first hex digits of fingerprints.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shard {
    digits: u8,
    prefix: u32,
}

impl Shard {
    /// Most digits: beyond them so few subjects share a part that asking for it would tell which one.
    pub const MAX_DIGITS: u8 = 4;

    /// The part of a prefix of so many digits.
    pub fn new(digits: u8, prefix: u32) -> Self {
        Self { digits, prefix }
    }

    /// The part in which a key lies.
    pub fn of(key: &Key, digits: u8) -> Self {
        Self::of_fingerprint(key.fingerprint(), digits)
    }

    pub(crate) fn of_fingerprint(fingerprint: u64, digits: u8) -> Self {
        let digits = digits.min(Self::MAX_DIGITS);
        let prefix = fingerprint.checked_shr(64 - 4 * u32::from(digits)).unwrap_or(0) as u32;
        Self { digits, prefix }
    }

    /// Every part.
    pub fn all(digits: u8) -> impl Iterator<Item = Self> {
        let digits = digits.min(Self::MAX_DIGITS);
        (0..1 << (4 * u32::from(digits))).map(move |prefix| Self { digits, prefix })
    }

    /// How many digits.
    pub fn digits(self) -> u8 {
        self.digits
    }

    /// The digits as a number.
    pub fn prefix(self) -> u32 {
        self.prefix
    }
}

impl std::fmt::Display for Shard {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let width = usize::from(self.digits);
        if width == 0 { Ok(()) } else { write!(f, "{:0width$x}", self.prefix) }
    }
}
