//! USt-IdNr., the German VAT number: DE and nine digits, the first not 0; ISO/IEC 7064 modulo 11,10.

use super::State;
use super::digits::{compact, digits};

pub(super) fn check(value: &str) -> State {
    let value = compact(value);
    match value.strip_prefix("DE").and_then(digits::<9>) {
        None | Some([0, ..]) => State::Malformed,
        Some(digits) => State::of_checksum(mod_11_10(&digits)),
    }
}

fn mod_11_10(digits: &[u8]) -> bool {
    let Some((last, others)) = digits.split_last() else { return false };
    let product = others.iter().fold(10, |product, digit| {
        let sum = (u32::from(*digit) + product) % 10;
        if sum == 0 { 9 } else { sum * 2 % 11 }
    });
    (product + u32::from(*last)) % 10 == 1
}
