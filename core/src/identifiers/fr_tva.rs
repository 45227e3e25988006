//! Numéro de TVA intracommunautaire, the French VAT number: FR, a key of two and the SIREN. A key of digits is 12 and three
//! times the SIREN's remainder by 97, modulo 97. Keys with letters are foreseen; of those the key is not checked.
//! Businesses of Monaco have numbers of the same form; theirs begin with 000 and are no SIREN.

use super::State;
use super::digits::{compact, digits, luhn};
use crate::page::number::whole;

pub(super) fn check(value: &str) -> State {
    let value = compact(value);
    let parts = value.strip_prefix("FR").and_then(|rest| rest.split_at_checked(2));
    let Some((key, siren)) = parts else { return State::Malformed };
    let Some(siren) = digits::<9>(siren).filter(|_| key.bytes().all(|byte| byte.is_ascii_alphanumeric())) else {
        return State::Malformed;
    };
    let number = siren.iter().fold(0, |number: u32, digit| number * 10 + u32::from(*digit));
    let key_is_right = whole(key).is_none_or(|key: u32| (12 + 3 * (number % 97)) % 97 == key);
    let is_of_monaco = matches!(siren, [0, 0, 0, ..]);
    State::of_checksum((luhn(&siren) || is_of_monaco) && key_is_right)
}
