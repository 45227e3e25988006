//! XNQC, giấy xác nhận nội dung quảng cáo: the number of an advertisement's confirmed content, its year and the authority.
//! "497/2025/XNQC-ATTP". No checksum.

use super::State;
use super::digits::{is_abbreviation, is_number, without_spaces};

pub(super) fn check(value: &str) -> State {
    State::of_form(is_right(&without_spaces(value)))
}

fn is_right(value: &str) -> bool {
    let mut parts = value.split('/');
    let (Some(number), Some(year), Some(mark), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    is_number(number, 1..=5)
        && is_number(year, 4..=4)
        && year.starts_with("20")
        && mark.strip_prefix("XNQC-").is_some_and(|authority| is_abbreviation(authority, 2..=10))
}
