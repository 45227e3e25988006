//! Does the host say that this is advertising? Influencers must, before and during (Advertising Law 75/2025,
//! Art. 15a). A shop that sells its own goods need not, so silence is a question, not a finding of fault.

use super::{Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::{FieldName, PageKind, WordingGroup};
use crate::page::snapshot::Speaker;
use crate::page::{FieldValue, Room};
use crate::text::WordingMatch;

const DISCLOSED: &str = "host.ad-disclosed";
const NOT_HEARD: &str = "host.ad-not-disclosed";
/// With fewer of the host's lines heard, silence says nothing.
const MIN_LINES: usize = 20;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some(room) = subject.room else {
        return Outcome::not_applicable("no-host");
    };
    if subject.kind == PageKind::Profile {
        return Outcome::not_applicable("no-live");
    }
    if let Some(label) = room.fields.get(FieldName::AdLabel).filter(|label| label.value == FieldValue::Flag(true)) {
        return Outcome::made(vec![subject.found_in(DISCLOSED, FieldName::AdLabel, label)]);
    }
    if let Some(title) = room.fields.get(FieldName::RoomTitle)
        && let Some(found) = disclosure(subject, &title.quote)
    {
        return Outcome::made(vec![subject.found(
            DISCLOSED,
            Some(FieldName::RoomTitle),
            &title.rule,
            Some(found.quote),
        )]);
    }
    let spoken = || room.lines.iter().filter(|line| line.speaker == Speaker::Host);
    for line in spoken() {
        if let Some(found) = disclosure(subject, &line.text) {
            let mut found = subject.found(DISCLOSED, None, "line", Some(found.quote));
            found.seen_at = line.at;
            return Outcome::made(vec![found]);
        }
    }
    match spoken().count() {
        heard if heard >= MIN_LINES => {
            let found = subject.found(NOT_HEARD, None, "line", first_words(room).as_deref());
            Outcome::not_stated("advertising", found.slot("count", Slot::Count(heard as u64)))
        }
        _ => Outcome::unknown("keep-listening", Some("advertising")),
    }
}

fn disclosure<'a>(subject: &Subject<'a>, text: &'a str) -> Option<WordingMatch<'a>> {
    let mut found = subject.knowledge.spot(text).wording().into_iter();
    found.find(|found| found.group == WordingGroup::AdDisclosure && !found.negated)
}

/// What a "not heard" rests on: the first words that were heard.
fn first_words(room: &Room) -> Option<String> {
    let line = room.lines.iter().find(|line| line.speaker == Speaker::Host)?;
    Some(line.text.clone())
}
