//! SIREN, the French enterprise: nine digits, Luhn.

use super::State;
use super::digits::{digits, luhn};

pub(super) fn check(value: &str) -> State {
    digits::<9>(value).map_or(State::Malformed, |digits| State::of_checksum(luhn(&digits)))
}
