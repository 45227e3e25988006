//! GTIN: the number under a barcode (GTIN-8, -12, -13, -14; GS1 General Specifications).

use super::State;

/// A barcode number whose form and checksum are right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gtin {
    /// Fourteen digits, padded with zeros on the left.
    digits: [u8; 14],
    length: usize,
}

/// Why a text is no barcode number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum GtinError {
    /// Not 8, 12, 13 or 14 digits.
    #[error("gtin.malformed: a barcode has 8, 12, 13 or 14 digits")]
    Malformed,
    /// The last digit does not follow from the others.
    #[error("gtin.checksum: the last digit does not follow from the others")]
    Checksum,
}

impl Gtin {
    /// Parses a barcode number; spaces and hyphens between digits are ignored.
    ///
    /// # Errors
    /// [`GtinError`]: the form or the checksum is wrong.
    pub fn parse(text: &str) -> Result<Self, GtinError> {
        let mut given = Vec::with_capacity(14);
        for byte in text.trim().bytes().filter(|byte| !matches!(byte, b' ' | b'-')) {
            if !byte.is_ascii_digit() || given.len() == 14 {
                return Err(GtinError::Malformed);
            }
            given.push(byte - b'0');
        }
        let length = given.len();
        if !matches!(length, 8 | 12 | 13 | 14) {
            return Err(GtinError::Malformed);
        }
        let mut digits = [0; 14];
        for (slot, digit) in digits.iter_mut().rev().zip(given.iter().rev()) {
            *slot = *digit;
        }
        // From the left of fourteen digits the weights are 3, 1, 3, 1 … and the check digit weighs 1.
        let sum: u32 = digits.iter().zip([3, 1].iter().cycle()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
        if sum.is_multiple_of(10) { Ok(Self { digits, length }) } else { Err(GtinError::Checksum) }
    }

    /// Its fourteen digits, padded with zeros on the left.
    pub fn padded(&self) -> String {
        self.digits.iter().map(|digit| char::from(b'0' + digit)).collect()
    }

    /// The three digits that tell which member organisation allocated the number. `None`: a GTIN-8 tells
    /// nothing by its prefix here.
    pub fn prefix(&self) -> Option<u16> {
        if self.length == 8 {
            return None;
        }
        self.digits.get(1..4).map(|prefix| prefix.iter().fold(0, |sum, digit| sum * 10 + u16::from(*digit)))
    }
}

pub(super) fn check(value: &str) -> State {
    match Gtin::parse(value) {
        Ok(_) => State::WellFormed,
        Err(GtinError::Checksum) => State::ChecksumFail,
        Err(GtinError::Malformed) => State::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn published_numbers() {
        for valid in ["8934563138165", "4006381333931", "73513537", "036000291452", "893 4563 138165"] {
            assert!(Gtin::parse(valid).is_ok(), "{valid}");
        }
        for wrong in ["4006381333932", "036000291453", "6901234567893"] {
            assert_eq!(Gtin::parse(wrong), Err(GtinError::Checksum), "{wrong}");
        }
        for malformed in ["", "123", "4006381333931x", "123456789012345"] {
            assert_eq!(Gtin::parse(malformed), Err(GtinError::Malformed), "{malformed}");
        }
    }

    #[test]
    fn prefixes() {
        assert_eq!(Gtin::parse("8934563138165").unwrap().prefix(), Some(893));
        assert_eq!(Gtin::parse("036000291452").unwrap().prefix(), Some(3));
        assert_eq!(Gtin::parse("73513537").unwrap().prefix(), None);
    }

    proptest! {
        #[test]
        fn one_changed_digit_is_always_noticed(digits in "[0-9]{12}", at in 0usize..13, by in 1u8..10) {
            let full = (0..10).map(|check| format!("{digits}{check}")).find(|text| Gtin::parse(text).is_ok()).unwrap();
            let mut changed = full.into_bytes();
            changed[at] = b'0' + (changed[at] - b'0' + by) % 10;
            let result = Gtin::parse(std::str::from_utf8(&changed).unwrap());
            prop_assert_eq!(result, Err(GtinError::Checksum));
        }
    }
}
