//! Was the barcode allocated in the country that the listing names? A prefix says who allocated the number,
//! not where the product was made (GS1): a difference is a reason to ask, no more.

use super::{Outcome, Subject};
use crate::finding::Slot;
use crate::identifiers::{Gtin, GtinError};
use crate::knowledge::{FieldName, Knowledge};

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(reading) = subject.sure(FieldName::Gtin).filter(|reading| !subject.knowledge.is_junk(&reading.quote))
    else {
        // Shops rarely print it in the listing; it is on the box.
        return Outcome::unknown("look-at-box", Some("barcode"));
    };
    let gtin = match Gtin::parse(&reading.quote) {
        Ok(gtin) => gtin,
        Err(wrong) => {
            let code = match wrong {
                GtinError::Checksum => "origin.barcode-checksum",
                GtinError::Malformed => "origin.barcode-malformed",
            };
            return Outcome::made(vec![subject.found_in(code, FieldName::Gtin, reading)]);
        }
    };
    let Some(allocated) = gtin.prefix().and_then(|prefix| allocated_in(subject.knowledge, prefix)) else {
        return Outcome::not_applicable("barcode-without-country");
    };
    let Some((claimed, claim)) = subject.listing.claimed() else {
        return Outcome::unknown("ask-seller", Some("origin"));
    };
    let agrees = subject.knowledge.is_among(allocated, &claimed);
    let code = match &subject.listing.stated {
        _ if !agrees => "origin.barcode-elsewhere",
        // Only a stated origin can be agreed with.
        None => return Outcome::made(Vec::new()),
        Some(_) => "origin.barcode-agrees",
    };
    let claimed = claimed.into_iter().next().unwrap_or_default();
    Outcome::made(vec![
        (subject.found_in(code, FieldName::Gtin, reading))
            .slot("allocated", Slot::Country(allocated.to_owned()))
            .slot("claim", Slot::Text(claim.to_owned()))
            .slot("claimed", Slot::Country(claimed)),
    ])
}

fn allocated_in(knowledge: &Knowledge, prefix: u16) -> Option<&str> {
    let after = knowledge.gs1.partition_point(|range| range.start <= prefix);
    let range = knowledge.gs1.get(after.checked_sub(1)?)?;
    (prefix <= range.end).then_some(range.country.as_deref()).flatten()
}
