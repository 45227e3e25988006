//! How long has the shop been there?

use super::{Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::FieldName;
use crate::page::FieldValue;

const DAY: i64 = 86_400;
/// Younger than this, a shop is new: it has had no time to be complained about.
const NEW_DAYS: u64 = 90;
/// From this age on it has been through the seasons.
const SETTLED_DAYS: u64 = 365;
/// From this age on it has a history.
const LONG_DAYS: u64 = 3 * 365;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(reading) = subject.sure(FieldName::ShopOpened) else {
        return Outcome::unknown(subject.where_to_look(), Some("shop-age"));
    };
    let FieldValue::Time(opened) = reading.value else {
        return Outcome::unknown(subject.where_to_look(), Some("shop-age"));
    };
    let days = u64::try_from((subject.now - opened) / DAY).unwrap_or(0);
    let code = match days {
        ..NEW_DAYS => "seller.shop-new",
        NEW_DAYS..SETTLED_DAYS => "seller.shop-young",
        SETTLED_DAYS..LONG_DAYS => "seller.shop-settled",
        LONG_DAYS.. => "seller.shop-long-standing",
    };
    Outcome::made(vec![
        (subject.found_in(code, FieldName::ShopOpened, reading))
            .slot("age", Slot::Span(days))
            .slot("opened", Slot::Day(opened)),
    ])
}
