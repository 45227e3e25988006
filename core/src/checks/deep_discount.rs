//! How much is off, by the prices that the page itself states. More than half is a question, not a breach; a low price moves
//! no grade.

use super::{Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::FieldName;
use crate::page::FieldValue;

/// From this share of the struck-through price on, percent, it is worth asking.
const DEEP: u64 = 50;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some((list, price)) = subject.sure(FieldName::ListPrice).zip(subject.sure(FieldName::Price)) else {
        return Outcome::not_applicable("no-discount");
    };
    let (FieldValue::Money { amount: before, currency: one }, FieldValue::Money { amount: now, currency: other }) =
        (&list.value, &price.value)
    else {
        return Outcome::not_applicable("no-discount");
    };
    let off = before.saturating_sub(*now).saturating_mul(100).checked_div(*before).unwrap_or(0);
    if one != other || off <= DEEP {
        return Outcome::made(Vec::new());
    }
    let found = subject.found_in("seller.discount-deep", FieldName::ListPrice, list).citing("promotion.half");
    Outcome::made(vec![found.slot("off", Slot::Count(off)).slot("price", Slot::Text(price.quote.clone()))])
}
