//! Can it be read who is presenting? The handle, not a civil name: a person is keyed by what they show.

use super::{Outcome, Subject};
use crate::knowledge::FieldName;
use crate::page::FieldValue;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(room) = subject.room else {
        return Outcome::not_applicable("no-host");
    };
    let identity = (room.fields.get(FieldName::HostHandle).map(|reading| (FieldName::HostHandle, reading)))
        .or_else(|| room.fields.get(FieldName::HostName).map(|reading| (FieldName::HostName, reading)));
    let Some((field, reading)) = identity.filter(|(_, reading)| !subject.knowledge.is_junk(&reading.quote)) else {
        return Outcome::unknown("host-unreadable", None).with([subject.found("host.unknown", None, "", None)]);
    };
    let verified = (room.fields.get(FieldName::HostVerified))
        .filter(|verified| verified.value == FieldValue::Flag(true))
        .map(|verified| subject.found_in("host.platform-verified", FieldName::HostVerified, verified));
    Outcome::made(vec![subject.found_in("host.known", field, reading)]).with(verified)
}
