//! WEEE-Reg.-Nr.: DE and eight digits, one a manufacturer, not one a product (ElektroG). No checksum.

use super::State;
use super::digits::{compact, is_number};

pub(super) fn check(value: &str) -> State {
    State::of_form(canonical(value).strip_prefix("DE").is_some_and(|number| is_number(number, 8..=8)))
}

/// Without the label that often belongs to it in print.
pub(super) fn canonical(value: &str) -> String {
    let value = compact(value);
    let number = value.strip_prefix("WEEE").map(|rest| {
        let rest = rest.strip_prefix("REG").unwrap_or(rest);
        let rest = rest.strip_prefix("NR").unwrap_or(rest);
        rest.strip_prefix(':').unwrap_or(rest)
    });
    number.unwrap_or(&value).to_owned()
}
