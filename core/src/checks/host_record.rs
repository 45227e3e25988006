//! Is there a public decision about this host? No record pack is in this build, so the honest answer is that
//! Soi has not looked, never that nothing is there.

use super::{Outcome, Subject};

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    match subject.room {
        Some(_) => Outcome::unknown("no-records", None),
        None => Outcome::not_applicable("no-host"),
    }
}
