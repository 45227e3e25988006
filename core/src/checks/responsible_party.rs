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
    check(
        subject,
        &NAMES,
        ("origin.responsible-name-stated", "origin.responsible-name-not-stated"),
        "responsible-name",
        states_name,
    )
}

pub(crate) fn run_address(subject: &Subject<'_>) -> Outcome {
    check(
        subject,
        &ADDRESSES,
        ("origin.responsible-address-stated", "origin.responsible-address-not-stated"),
        "responsible-address",
        states_address,
    )
}

/// Whether a responsible organisation is named: what the label's list says must be what the finding says.
pub(super) fn is_named(subject: &Subject<'_>) -> bool {
    NAMES.into_iter().any(|field| subject.sure(field).is_some_and(|reading| states_name(subject, reading)))
}

/// Whether its address is given.
pub(super) fn has_address(subject: &Subject<'_>) -> bool {
    ADDRESSES.into_iter().any(|field| subject.sure(field).is_some_and(|reading| states_address(subject, reading)))
}

fn states_name(subject: &Subject<'_>, reading: &Reading) -> bool {
    says_something(subject, reading) && reading.quote.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// At least three words, one of them a number or a word that only an address has.
fn states_address(subject: &Subject<'_>, reading: &Reading) -> bool {
    let folded = fold(&reading.quote);
    let words = || folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let has_digit = folded.bytes().any(|byte| byte.is_ascii_digit());
    says_something(subject, reading)
        && words().count() >= 3
        && (has_digit || words().any(|word| ADDRESS_WORDS.contains(&word)))
}

/// "TQ", "Việt Nam" and "Đang cập nhật" fill the field and name nobody.
fn says_something(subject: &Subject<'_>, reading: &Reading) -> bool {
    !subject.knowledge.is_junk(&reading.quote) && !subject.knowledge.spot(&reading.quote).is_country()
}

fn check(
    subject: &Subject<'_>,
    fields: &[FieldName],
    (stated, not_stated): (&'static str, &'static str),
    ask: &'static str,
    states: fn(&Subject<'_>, &Reading) -> bool,
) -> Outcome {
    let filled = || fields.iter().filter_map(|field| Some((*field, subject.sure(*field)?)));
    if let Some((field, reading)) = filled().find(|(_, reading)| states(subject, reading)) {
        return Outcome::made(vec![subject.found_in(stated, field, reading)]);
    }
    match filled().next() {
        Some((field, reading)) => Outcome::not_stated(ask, subject.found_in(not_stated, field, reading)),
        None if subject.shows_properties() => Outcome::not_stated(ask, subject.found(not_stated, None, "", None)),
        None => Outcome::unknown(subject.where_to_look(), Some(ask)),
    }
}
