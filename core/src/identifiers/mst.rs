//! MST, mã số thuế: ten digits, which are also the enterprise code (mã số doanh nghiệp); a branch adds three.
//!
//! The last of the ten follows from the others: 10 less the remainder of their weighted sum by 11. Where that is 10 there
//! is no such number.

use super::State;
use super::digits::{compact, digits, is_separator, weighted};

const WEIGHTS: [u32; 9] = [31, 29, 23, 19, 17, 13, 7, 5, 3];

pub(super) fn check(value: &str) -> State {
    let (code, branch) = split(value);
    let Some(code) = digits::<10>(code) else { return State::Malformed };
    let [_, _, serial @ .., last] = code;
    let branch_is_right = branch.is_empty() || digits::<3>(branch).is_some_and(|branch| branch != [0; 3]);
    if !branch_is_right || serial == [0; 7] {
        return State::Malformed;
    }
    State::of_checksum(10 - weighted(&code, &WEIGHTS) % 11 == u32::from(last))
}

/// "0102527451", "0314409058-002".
pub(super) fn canonical(value: &str) -> String {
    let (code, branch) = split(value);
    let (code, branch) = (compact(code), compact(branch));
    if branch.is_empty() { code } else { format!("{code}-{branch}") }
}

/// The ten digits, and those of the branch: joined to them directly or by a hyphen. Behind a space stands another number.
fn split(value: &str) -> (&str, &str) {
    let tenth = value.char_indices().filter(|(_, character)| character.is_ascii_digit()).nth(9);
    let Some((code, rest)) = tenth.and_then(|(at, _)| value.split_at_checked(at + 1)) else { return (value, "") };
    let branch = rest.trim_start_matches(is_separator);
    let between = rest.get(..rest.len() - branch.len()).unwrap_or_default();
    if between.is_empty() || between.contains(['-']) { (code, branch) } else { (value, "") }
}
