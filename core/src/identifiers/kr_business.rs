//! 사업자등록번호, the Korean business registration number: 3, 2 and 5 digits.
//!
//! The form has a source. The checksum has none (it agrees with the two numbers that have been published as valid), so
//! [`Kind::is_verified`](super::Kind::is_verified) is false and a failure by it must not lower a grade.

use super::State;
use super::digits::{compact, digits, weighted};

const WEIGHTS: [u32; 9] = [1, 3, 7, 1, 3, 7, 1, 3, 5];

pub(super) fn check(value: &str) -> State {
    let Some(number) = digits::<10>(value) else { return State::Malformed };
    let [.., ninth, last] = number;
    let sum = weighted(&number, &WEIGHTS) + u32::from(ninth) * 5 / 10;
    State::of_checksum((10 - sum % 10) % 10 == u32::from(last))
}

/// "116-82-00276".
pub(super) fn canonical(value: &str) -> String {
    let number = compact(value);
    match (number.get(..3), number.get(3..5), number.get(5..)) {
        (Some(office), Some(sort), Some(serial)) if number.len() == 10 => format!("{office}-{sort}-{serial}"),
        _ => number,
    }
}
