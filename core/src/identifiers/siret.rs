//! SIRET, the French establishment: its enterprise's SIREN and five digits, Luhn over all fourteen.
//!
//! The enterprise's nine digits are themselves a SIREN. La Poste ran out of numbers that pass: of its establishments the
//! plain sum of the digits is a multiple of 5 (INSEE).

use super::State;
use super::digits::{digits, luhn};

const LA_POSTE: [u8; 9] = [3, 5, 6, 0, 0, 0, 0, 0, 0];

pub(super) fn check(value: &str) -> State {
    let Some(number) = digits::<14>(value) else { return State::Malformed };
    let Some((enterprise, _)) = number.split_first_chunk::<9>() else { return State::Malformed };
    let sum: u32 = number.iter().map(|digit| u32::from(*digit)).sum();
    let is_of_la_poste = *enterprise == LA_POSTE && sum.is_multiple_of(5);
    State::of_checksum(luhn(enterprise) && (luhn(&number) || is_of_la_poste))
}
