//! Was the barcode allocated in the country that the listing names? A prefix says who allocated the number,
//! not where the product was made (GS1): a difference is a reason to ask, no more.

use super::origin_country::stated_country;
use super::{Outcome, Subject};
use crate::finding::Slot;
use crate::identifiers::Gtin;
use crate::knowledge::{FieldName, Knowledge};

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(reading) = subject.sure(FieldName::Gtin) else {
        // Shops rarely print it in the listing; it is on the box.
        return Outcome::unknown("look-at-box", Some("barcode"));
    };
    let Ok(gtin) = Gtin::parse(&reading.quote) else {
        return Outcome::unknown("look-at-box", Some("barcode"));
    };
    let Some(allocated) = gtin.prefix().and_then(|prefix| allocated_in(subject.knowledge, prefix)) else {
        return Outcome::not_applicable("barcode-without-country");
    };
    let Some((claimed, _)) = stated_country(subject) else {
        return Outcome::unknown("ask-seller", Some("origin"));
    };
    let agrees = claimed.iter().any(|country| country == allocated);
    let code = if agrees { "origin.barcode-agrees" } else { "origin.barcode-elsewhere" };
    let claimed = claimed.into_iter().next().unwrap_or_default();
    Outcome::made(vec![
        (subject.found_in(code, FieldName::Gtin, reading))
            .slot("allocated", Slot::Country(allocated.to_owned()))
            .slot("claimed", Slot::Country(claimed)),
    ])
}

fn allocated_in(knowledge: &Knowledge, prefix: u16) -> Option<&str> {
    let after = knowledge.gs1.partition_point(|range| range.start <= prefix);
    let range = knowledge.gs1.get(after.checked_sub(1)?)?;
    (prefix <= range.end).then_some(range.country.as_deref()).flatten()
}
