//! CBMP, số tiếp nhận phiếu công bố sản phẩm mỹ phẩm: the number of a cosmetic product's notification, its year in two
//! digits and the authority that received it. "294701/25/CBMP-QLD". No checksum.

use super::State;
use super::digits::{is_abbreviation, is_number, without_spaces};
use crate::page::number::whole;

pub(super) fn check(value: &str, year: i32) -> State {
    State::of_form(is_right(&without_spaces(value), year))
}

fn is_right(value: &str, this_year: i32) -> bool {
    let mut parts = value.split('/');
    let (Some(number), Some(year), Some(mark), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    is_number(number, 4..=6)
        && is_number(year, 2..=2)
        && whole(year).is_some_and(|year: i32| year <= this_year.saturating_sub(2000))
        && mark.strip_prefix("CBMP-").is_some_and(|authority| is_abbreviation(authority, 2..=6))
}
