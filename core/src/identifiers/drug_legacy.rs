//! SĐK, số đăng ký of a medicine before the national code of twelve digits: domestic "VD-24891-16" and "V483-H12-10",
//! foreign "VN-17500-13". No checksum. The new code is not read: nothing but its label tells it from a citizen's number.

use super::State;
use super::digits::{is_number, without_spaces};

pub(super) fn check(value: &str) -> State {
    State::of_form(is_right(&without_spaces(value)))
}

fn is_right(value: &str) -> bool {
    let mut parts = value.split('-');
    let (Some(head), Some(middle), Some(year), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let is_national = matches!(head, "VD" | "VN") && is_number(middle, 4..=5);
    let is_provincial = head.strip_prefix('V').is_some_and(|number| is_number(number, 1..=4))
        && middle.strip_prefix('H').is_some_and(|province| is_number(province, 2..=2));
    (is_national || is_provincial) && is_number(year, 2..=2)
}
