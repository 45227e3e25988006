//! CCCD, the citizen's number (số định danh cá nhân): twelve digits. Since 01/07/2025 it is the tax code of households and
//! individuals. No checksum is published.
//!
//! It is personal data: what is kept of it is masked, and a masked number still has the form.

use super::State;
use super::digits::{compact, digits};

/// Digits at either end that stay readable.
const SHOWN: (usize, usize) = (4, 2);

pub(super) fn check(value: &str) -> State {
    State::of_form(digits::<12>(value).is_some() || is_masked(value))
}

/// "0790******12"; wholly masked when it is too short for that.
pub(super) fn masked(value: &str) -> String {
    let value = compact(value);
    let length = value.chars().count();
    let (first, last) = if length < 9 { (0, 0) } else { SHOWN };
    (value.chars().enumerate()).map(|(at, digit)| if at < first || at + last >= length { digit } else { '*' }).collect()
}

fn is_masked(value: &str) -> bool {
    value.len() == 12 && value.bytes().all(|byte| byte.is_ascii_digit() || byte == b'*') && value == masked(value)
}
