//! 法人番号, the Japanese corporate number: thirteen digits, of which the first is the check digit: 9 less the remainder by 9
//! of the others' sum, weighted 1, 2, 1, 2 … from the right.

use super::State;
use super::digits::digits;

pub(super) fn check(value: &str) -> State {
    let Some([first, others @ ..]) = digits::<13>(value) else { return State::Malformed };
    if first == 0 {
        return State::Malformed;
    }
    let sum: u32 =
        others.iter().rev().zip([1, 2].iter().cycle()).map(|(digit, weight)| u32::from(*digit) * weight).sum();
    State::of_checksum(9 - sum % 9 == u32::from(first))
}
