//! Does the shop answer, and does it send in time? Shares as the platform counts them.

use super::{Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::FieldName;

pub(crate) fn run_response(subject: &Subject<'_>) -> Outcome {
    share(subject, FieldName::ShopResponseRate, (50, "seller.answers-few"), (90, "seller.answers-most"))
}

pub(crate) fn run_on_time(subject: &Subject<'_>) -> Outcome {
    share(subject, FieldName::ShopOnTime, (70, "seller.ships-late"), (90, "seller.ships-on-time"))
}

/// What a share (percent) below the one, or from the other on, is called.
fn share(subject: &Subject<'_>, field: FieldName, low: (u64, &'static str), high: (u64, &'static str)) -> Outcome {
    let read = subject.sure(field).zip(subject.offer.and_then(|offer| offer.fields.count(field)));
    let Some((reading, share)) = read else {
        return Outcome::unknown(subject.where_to_look(), None);
    };
    let code = match share {
        share if share < low.0 => low.1,
        share if share >= high.0 => high.1,
        _ => return Outcome::made(Vec::new()),
    };
    Outcome::made(vec![subject.found_in(code, field, reading).slot("share", Slot::Count(share))])
}
