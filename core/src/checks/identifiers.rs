//! Tax codes, notification and registration numbers: do they have the form, and do their digits agree? Well-formed never
//! means registered, and an absent or withdrawn number is no offence. The barcode has a check of its own.

use super::{Found, Outcome, Subject};
use crate::finding::Slot;
use crate::identifiers::{IdentifierMatch, Kind, State};
use crate::knowledge::FieldName;
use crate::page::Reading;

/// Most numbers told of one listing.
const MOST: usize = 6;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let told = subject.listing.identifiers.iter().filter(|(.., found)| found.kind != Kind::Gtin);
    let found: Vec<Found> =
        told.take(MOST).map(|(field, reading, found)| tell(subject, *field, reading, found)).collect();
    if found.is_empty() { Outcome::unknown("look-at-box", None) } else { Outcome::made(found) }
}

fn tell(subject: &Subject<'_>, field: FieldName, reading: &Reading, found: &IdentifierMatch) -> Found {
    let code = match found.state {
        State::WellFormed => "origin.number-well-formed",
        State::ChecksumFail => "origin.number-checksum",
        State::Malformed => "origin.number-malformed",
    };
    // The value as it is told, not as it was written: a citizen's number is masked in it.
    (subject.found(code, Some(field), &reading.rule, Some(&found.value)))
        .slot("kind", Slot::Identifier(found.kind))
        .verified(found.kind.is_verified())
}
