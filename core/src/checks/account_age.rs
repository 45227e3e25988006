//! How long has it been there, the shop or the host's account?

use super::{Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::FieldName;
use crate::page::{FieldValue, Reading};

const DAY: i64 = 86_400;
/// Younger than this, it is new: it has had no time to be complained about.
pub(super) const NEW_DAYS: u64 = 90;
/// From this age on it has been through the seasons.
const SETTLED_DAYS: u64 = 365;
/// From this age on it has a history.
const LONG_DAYS: u64 = 3 * 365;

pub(crate) fn run_shop(subject: &Subject<'_>) -> Outcome {
    let codes = ["seller.shop-new", "seller.shop-young", "seller.shop-settled", "seller.shop-long-standing"];
    let opened = subject.sure(FieldName::ShopOpened);
    age(subject, FieldName::ShopOpened, opened, codes)
        .unwrap_or_else(|| Outcome::unknown(subject.where_to_look(), Some("shop-age")))
}

pub(crate) fn run_host(subject: &Subject<'_>) -> Outcome {
    let codes = ["host.account-new", "host.account-young", "host.account-settled", "host.account-settled"];
    let Some(room) = subject.room else {
        return Outcome::not_applicable("no-host");
    };
    age(subject, FieldName::HostSince, room.fields.sure(FieldName::HostSince), codes)
        .unwrap_or_else(|| Outcome::unknown("open-profile", None))
}

/// What an age is called, from the youngest on.
fn age(
    subject: &Subject<'_>,
    field: FieldName,
    reading: Option<&Reading>,
    codes: [&'static str; 4],
) -> Option<Outcome> {
    let reading = reading?;
    let (since, days) = days_since(subject, reading)?;
    let [new, young, settled, long] = codes;
    let code = match days {
        ..NEW_DAYS => new,
        NEW_DAYS..SETTLED_DAYS => young,
        SETTLED_DAYS..LONG_DAYS => settled,
        LONG_DAYS.. => long,
    };
    let found = subject.found_in(code, field, reading).slot("age", Slot::Span(days)).slot("opened", Slot::Day(since));
    Some(Outcome::made(vec![found]))
}

/// A moment and the days since.
pub(super) fn days_since(subject: &Subject<'_>, reading: &Reading) -> Option<(i64, u64)> {
    let FieldValue::Time(since) = reading.value else { return None };
    Some((since, u64::try_from((subject.now - since) / DAY).unwrap_or(0)))
}
