//! SIRET, the French establishment: its enterprise's SIREN and five digits, Luhn over all fourteen.
//!
//! The enterprise's nine digits are themselves a SIREN. La Poste has more establishments than pass: only its seat keeps
//! Luhn's rule, of the others the plain sum of the digits is a multiple of 5 (INSEE's exception, told by fr.wikipedia.org,
//! "Système d'identification du répertoire des établissements").

use super::State;
use super::digits::{digits, luhn};

const LA_POSTE: [u8; 9] = [3, 5, 6, 0, 0, 0, 0, 0, 0];
const ITS_SEAT: [u8; 5] = [0, 0, 0, 4, 8];

pub(super) fn check(value: &str) -> State {
    let Some(number) = digits::<14>(value) else { return State::Malformed };
    let Some((enterprise, establishment)) = number.split_first_chunk::<9>() else { return State::Malformed };
    let sum: u32 = number.iter().map(|digit| u32::from(*digit)).sum();
    State::of_checksum(if *enterprise == LA_POSTE && establishment != ITS_SEAT {
        sum.is_multiple_of(5)
    } else {
        luhn(enterprise) && luhn(&number)
    })
}
