//! What the seller promises for afterwards, and what it refuses: returns, a look into the parcel, a warranty, an invoice.
//! A promise can be held against the seller, so it counts; as words cost nothing, it counts little.
//!
//! The invoice stands here and not with the papers of origin: it says who sold the thing and is the ground of a complaint.
//! It does not say where the thing was made.

use super::{Found, Outcome, Subject};
use crate::knowledge::{FieldName, WordingGroup};

const SAID: [(WordingGroup, &str); 8] = [
    (WordingGroup::Returns, "seller.returns-stated"),
    (WordingGroup::Inspection, "seller.inspection-stated"),
    (WordingGroup::Warranty, WARRANTY),
    (WordingGroup::Invoice, "seller.invoice-stated"),
    (WordingGroup::NoReturns, "seller.returns-refused"),
    (WordingGroup::NoInspection, "seller.inspection-refused"),
    (WordingGroup::NoInvoice, "seller.invoice-refused"),
    (WordingGroup::PayFirst, "seller.money-first"),
];
const WARRANTY: &str = "seller.warranty-stated";

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    if subject.offer.is_none() {
        return Outcome::unknown("no-basket", None);
    }
    // "12 tháng" in the property list. "Không bảo hành" is no fault, and the description cannot promise what the list
    // says there is not.
    let listed = subject.sure(FieldName::Warranty);
    let span = listed.filter(|listed| listed.quote.bytes().any(|byte| matches!(byte, b'1'..=b'9')));
    let warranty = span.map(|reading| subject.found_in(WARRANTY, FieldName::Warranty, reading));
    let said = SAID.into_iter().filter_map(|(group, code)| {
        let said = subject.listing.saying(group).next().filter(|_| code != WARRANTY || listed.is_none())?;
        Some(subject.found_said(code, said))
    });
    let found: Vec<Found> = said.collect();
    if found.is_empty() && warranty.is_none() {
        return Outcome::unknown(subject.where_to_look(), Some("promises"));
    }
    Outcome::made(found).with(warranty)
}
