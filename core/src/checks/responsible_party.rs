//! Who answers for the goods: name and address of the responsible organisation, both asked for by law
//! (Decree 37/2026/NĐ-CP, Art. 42.1; Law 19/2023, Art. 37).

use super::{Outcome, Subject};
use crate::knowledge::FieldName;
use crate::page::Reading;
use crate::text::fold;

/// Words that only an address has, folded.
const ADDRESS_WORDS: [&str; 14] =
    ["duong", "pho", "phuong", "xa", "quan", "huyen", "tinh", "tp", "thi", "khu", "lo", "street", "road", "district"];

pub(crate) fn run_name(subject: &Subject<'_>) -> Outcome {
    check(
        subject,
        FieldName::ResponsibleName,
        ("origin.responsible-name-stated", "origin.responsible-name-not-stated"),
        "responsible-name",
        |name| name.chars().filter(|c| c.is_alphabetic()).count() >= 3,
    )
}

pub(crate) fn run_address(subject: &Subject<'_>) -> Outcome {
    check(
        subject,
        FieldName::ResponsibleAddress,
        ("origin.responsible-address-stated", "origin.responsible-address-not-stated"),
        "responsible-address",
        is_address,
    )
}

fn check(
    subject: &Subject<'_>,
    field: FieldName,
    (stated, not_stated): (&'static str, &'static str),
    ask: &'static str,
    says_something: fn(&str) -> bool,
) -> Outcome {
    match subject.sure(field) {
        Some(reading) if states(subject, reading, says_something) => {
            Outcome::made(vec![subject.found_in(stated, field, reading)])
        }
        Some(reading) => Outcome::not_stated(ask, subject.found_in(not_stated, field, reading)),
        None if subject.shows_properties() => Outcome::not_stated(ask, subject.found(not_stated, None, "", None)),
        None => Outcome::unknown(subject.where_to_look(), Some(ask)),
    }
}

/// "TQ", "Việt Nam" and "Đang cập nhật" fill the field and name nobody.
fn states(subject: &Subject<'_>, reading: &Reading, says_something: fn(&str) -> bool) -> bool {
    let value = &reading.quote;
    !subject.knowledge.is_junk(value) && !subject.reader.wording.is_country(value) && says_something(value)
}

/// At least three words, one of them a number or a word that only an address has.
fn is_address(value: &str) -> bool {
    let folded = fold(value);
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).count();
    let mut parts = folded.split(|c: char| !c.is_alphanumeric() && c != ' ').flat_map(|part| part.split(' '));
    words >= 3 && (folded.bytes().any(|byte| byte.is_ascii_digit()) || parts.any(|word| ADDRESS_WORDS.contains(&word)))
}
