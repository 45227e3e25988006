//! ĐKSP, giấy tiếp nhận đăng ký bản công bố sản phẩm: the number of a health supplement's registered declaration and its
//! year. "5647/2019/ĐKSP". No checksum.

use super::State;
use super::digits::{is_number, without_spaces};
use crate::text::replaced;

pub(super) fn check(value: &str) -> State {
    State::of_form(is_right(&canonical(value)))
}

/// With the Đ that many keyboards lack.
pub(super) fn canonical(value: &str) -> String {
    replaced(&without_spaces(value), "DKSP", "ĐKSP")
}

fn is_right(value: &str) -> bool {
    let mut parts = value.split('/');
    let (Some(number), Some(year), Some("ĐKSP"), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return false;
    };
    is_number(number, 1..=5) && is_number(year, 4..=4) && year.starts_with("20")
}
