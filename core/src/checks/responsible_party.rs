//! Who answers for the goods: name and address of the responsible organisation, both asked for by law
//! (Decree 37/2026/NĐ-CP, Art. 42.1; Law 19/2023, Art. 37).

use super::{Outcome, Subject};
use crate::knowledge::FieldName;
use crate::page::Reading;
use crate::text::fold;

/// Words that only an address has, folded.
const ADDRESS_WORDS: [&str; 14] =
    ["duong", "pho", "phuong", "xa", "quan", "huyen", "tinh", "tp", "thi", "khu", "lo", "street", "road", "district"];
/// Of the places where an address stands, the first that is filled counts.
const ADDRESSES: [FieldName; 2] = [FieldName::ResponsibleAddress, FieldName::ImporterAddress];
/// Whoever imports goods answers for them.
const NAMES: [FieldName; 2] = [FieldName::ResponsibleName, FieldName::Importer];

pub(crate) fn run_name(subject: &Subject<'_>) -> Outcome {
    let says_something = |reading: &Reading| reading.quote.chars().filter(|c| c.is_alphabetic()).count() >= 3;
    check(
        subject,
        &NAMES,
        ("origin.responsible-name-stated", "origin.responsible-name-not-stated"),
        "responsible-name",
        says_something,
    )
}

pub(crate) fn run_address(subject: &Subject<'_>) -> Outcome {
    check(
        subject,
        &ADDRESSES,
        ("origin.responsible-address-stated", "origin.responsible-address-not-stated"),
        "responsible-address",
        |reading| is_address(&reading.quote),
    )
}

/// At least three words, one of them a number or a word that only an address has.
fn is_address(value: &str) -> bool {
    let folded = fold(value);
    let words = || folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let has_digit = folded.bytes().any(|byte| byte.is_ascii_digit());
    words().count() >= 3 && (has_digit || words().any(|word| ADDRESS_WORDS.contains(&word)))
}

fn check(
    subject: &Subject<'_>,
    fields: &[FieldName],
    (stated, not_stated): (&'static str, &'static str),
    ask: &'static str,
    says_something: impl Fn(&Reading) -> bool,
) -> Outcome {
    let filled = || fields.iter().filter_map(|field| Some((*field, subject.sure(*field)?)));
    // "TQ", "Việt Nam" and "Đang cập nhật" fill the field and name nobody.
    let states = |reading: &Reading| {
        let value = &reading.quote;
        !subject.knowledge.is_junk(value) && !subject.reader.wording.is_country(value) && says_something(reading)
    };
    if let Some((field, reading)) = filled().find(|(_, reading)| states(reading)) {
        return Outcome::made(vec![subject.found_in(stated, field, reading)]);
    }
    match filled().next() {
        Some((field, reading)) => Outcome::not_stated(ask, subject.found_in(not_stated, field, reading)),
        None if subject.shows_properties() => Outcome::not_stated(ask, subject.found(not_stated, None, "", None)),
        None => Outcome::unknown(subject.where_to_look(), Some(ask)),
    }
}
