//! Who answers for the goods: name and address of the responsible organisation, both asked for by law
//! (Decree 37/2026/NĐ-CP, Art. 42.1; Law 19/2023, Art. 37).

use super::{Found, Outcome, Subject};
use crate::address::AddressMatch;
use crate::finding::Slot;
use crate::knowledge::FieldName;
use crate::page::Reading;
use crate::text::is_alphanumeric;

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
    .with(inconsistent(subject))
}

/// A commune that is in no list of the province it is said to be in. An old district is no defect.
fn inconsistent(subject: &Subject<'_>) -> Option<Found> {
    ADDRESSES.into_iter().find_map(|field| {
        let reading = subject.sure(field)?;
        let address = subject.listing.address(field).filter(|it| it.commune_consistent == Some(false))?;
        let text = |part: Option<&String>| Slot::Text(part.cloned().unwrap_or_default());
        Some(
            (subject.found_in("origin.address-inconsistent", field, reading))
                .slot("commune", text(address.commune.as_ref()))
                .slot("province", text(address.old_province.as_ref().or(address.province.as_ref()))),
        )
    })
}

/// Whether a responsible organisation is named: what the label's list says must be what the finding says.
pub(super) fn is_named(subject: &Subject<'_>) -> bool {
    NAMES.into_iter().any(|field| subject.sure(field).is_some_and(|reading| states_name(subject, field, reading)))
}

/// Whether its address is given.
pub(super) fn has_address(subject: &Subject<'_>) -> bool {
    ADDRESSES
        .into_iter()
        .any(|field| subject.sure(field).is_some_and(|reading| states_address(subject, field, reading)))
}

fn states_name(subject: &Subject<'_>, _: FieldName, reading: &Reading) -> bool {
    says_something(subject, reading) && reading.quote.chars().filter(|c| c.is_alphabetic()).count() >= 3
}

/// At least three words, among them a house, a street, a commune, or a number: a city alone is where, not who to find there.
fn states_address(subject: &Subject<'_>, field: FieldName, reading: &Reading) -> bool {
    let words = reading.quote.split(|c: char| !is_alphanumeric(c)).filter(|word| !word.is_empty()).count();
    let names_more = |it: &AddressMatch| it.has_house || it.has_street || it.commune.is_some();
    says_something(subject, reading)
        && words >= 3
        && (subject.listing.address(field).is_some_and(names_more)
            || reading.quote.bytes().any(|byte| byte.is_ascii_digit()))
}

/// "TQ", "Việt Nam" and "Đang cập nhật" fill the field and name nobody.
fn says_something(subject: &Subject<'_>, reading: &Reading) -> bool {
    !subject.knowledge.is_junk(&reading.quote) && !subject.knowledge.is_country(&reading.quote)
}

fn check(
    subject: &Subject<'_>,
    fields: &[FieldName],
    (stated, not_stated): (&'static str, &'static str),
    ask: &'static str,
    states: fn(&Subject<'_>, FieldName, &Reading) -> bool,
) -> Outcome {
    let filled = || fields.iter().filter_map(|field| Some((*field, subject.sure(*field)?)));
    if let Some((field, reading)) = filled().find(|(field, reading)| states(subject, *field, reading)) {
        return Outcome::made(vec![subject.found_in(stated, field, reading)]);
    }
    match filled().next() {
        Some((field, reading)) => Outcome::not_stated(ask, subject.found_in(not_stated, field, reading)),
        None if subject.shows_properties() => Outcome::not_stated(ask, subject.found(not_stated, None, "", None)),
        None => Outcome::unknown(subject.where_to_look(), Some(ask)),
    }
}
