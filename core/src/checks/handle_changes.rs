//! Was the account lately called otherwise? A room that changes its name leaves behind what was said about the old one.
//! A profile's name and links prove no identity on other platforms: only what this page states is told.

use super::account_age::{NEW_DAYS, days_since};
use super::{Found, Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::FieldName;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(room) = subject.room else {
        return Outcome::not_applicable("no-host");
    };
    let since = room.fields.sure(FieldName::HostSince).and_then(|reading| days_since(subject, reading));
    let Some((_, age)) = since else {
        return Outcome::unknown("open-profile", None);
    };
    let changes = [(FieldName::HandleChanged, "host.handle-changed"), (FieldName::NameChanged, "host.name-changed")];
    let changed = |(field, code): (FieldName, &'static str)| -> Option<Found> {
        let reading = room.fields.sure(field)?;
        let (_, days) = days_since(subject, reading)?;
        // The name that it was given on its first day is no change.
        let is_late = days < NEW_DAYS && days < age;
        is_late.then(|| subject.found_in(code, field, reading).slot("age", Slot::Span(days)))
    };
    Outcome::made(changes.into_iter().filter_map(changed).collect())
}
