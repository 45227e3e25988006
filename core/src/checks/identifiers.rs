//! Tax codes, notification and registration numbers: do they have the form, and do their digits agree? Well-formed never
//! means registered, and an absent or withdrawn number is no offence. The barcode has a check of its own.

use super::{Found, Outcome, Subject};
use crate::finding::Slot;
use crate::identifiers::{Kind, State};
use crate::listing::Numbered;

/// Most numbers told of one listing.
const MOST: usize = 6;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let told = subject.listing.identifiers.iter().filter(|number| number.found.kind != Kind::Gtin);
    let found: Vec<Found> = told.take(MOST).map(|number| tell(subject, number)).collect();
    if found.is_empty() { Outcome::unknown("look-at-box", None) } else { Outcome::made(found) }
}

fn tell(subject: &Subject<'_>, number: &Numbered<'_>) -> Found {
    let Numbered { field, rule, found, quote } = number;
    let code = match found.state {
        State::WellFormed => "origin.number-well-formed",
        State::ChecksumFail => "origin.number-checksum",
        State::Malformed => "origin.number-malformed",
    };
    // As it is written, but for a citizen's number, which is masked in its value.
    let quote = if found.kind == Kind::Cccd { &found.value } else { *quote };
    (subject.found(code, Some(*field), rule, Some(quote)))
        .slot("kind", Slot::Identifier(found.kind))
        .verified(found.kind.is_verified())
}
