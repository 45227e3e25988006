//! Does the platform call the shop official or verified? A badge speaks for the shop, never for an origin.

use super::{Outcome, Subject};
use crate::knowledge::FieldName;
use crate::page::FieldValue;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let badges = [(FieldName::ShopOfficial, "seller.official"), (FieldName::ShopVerified, "seller.verified")];
    let mut known = false;
    for (field, code) in badges {
        if let Some(reading) = subject.sure(field) {
            known = true;
            if reading.value == FieldValue::Flag(true) {
                return Outcome::made(vec![subject.found_in(code, field, reading)]);
            }
        }
    }
    if known { Outcome::made(Vec::new()) } else { Outcome::unknown(subject.where_to_look(), None) }
}
