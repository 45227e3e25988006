//! Numéro de TVA intracommunautaire, the French VAT number: FR, a key of two and the SIREN. A key of digits is 12 and three
//! times the SIREN's remainder by 97, modulo 97. Keys with letters are foreseen; of those only the form is checked.

use super::State;
use super::digits::{compact, digits, luhn};

pub(super) fn check(value: &str) -> State {
    let value = compact(value);
    let parts = value.strip_prefix("FR").and_then(|rest| rest.split_at_checked(2));
    let Some((key, siren)) = parts else { return State::Malformed };
    let Some(siren) = digits::<9>(siren).filter(|_| key.bytes().all(|byte| byte.is_ascii_alphanumeric())) else {
        return State::Malformed;
    };
    let number = siren.iter().fold(0, |number: u32, digit| number * 10 + u32::from(*digit));
    let key_is_right = key.parse().map_or(true, |key: u32| (12 + 3 * (number % 97)) % 97 == key);
    State::of_checksum(luhn(&siren) && key_is_right)
}
