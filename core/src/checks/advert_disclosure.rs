//! Does the host say that this is advertising? Influencers must, before and during (Advertising Law 75/2025,
//! Art. 15a). A shop that sells its own goods need not, so silence is a question, not a finding of fault.

use super::sale_talk::MIN_LINES;
use super::{Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::{ClaimGroup, FieldName};
use crate::page::FieldValue;
use crate::text::Stance;

const DISCLOSED: &str = "host.ad-disclosed";
const NOT_HEARD: &str = "host.ad-not-disclosed";
/// The rule, in `regulations.toml`.
const RULE: &str = "ad.disclosure";

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let room = match subject.live_room() {
        Ok(room) => room,
        Err(silence) => return silence,
    };
    if let Some(label) = room.fields.get(FieldName::AdLabel).filter(|label| label.value == FieldValue::Flag(true)) {
        return Outcome::made(vec![subject.found_in(DISCLOSED, FieldName::AdLabel, label).citing(RULE)]);
    }
    if let Some(title) = room.fields.get(FieldName::RoomTitle) {
        let claims = subject.knowledge.claims(&title.quote).into_iter();
        let mut disclosed = claims.filter(|it| it.group == ClaimGroup::AdDisclosure && it.stance == Stance::Stated);
        if let Some(claim) = disclosed.next() {
            let quote = title.quote.get(claim.start..claim.end);
            let found = subject.found(DISCLOSED, Some(FieldName::RoomTitle), &title.rule, quote);
            return Outcome::made(vec![found.citing(RULE)]);
        }
    }
    if let Some(said) = room.talk.remarks.iter().find(|it| it.group == ClaimGroup::AdDisclosure) {
        return Outcome::made(vec![subject.found_heard(DISCLOSED, &said.quote, said.at).citing(RULE)]);
    }
    if room.talk.heard < MIN_LINES {
        return Outcome::unknown("keep-listening", Some("advertising"));
    }
    let found = subject.found(NOT_HEARD, None, "line", room.talk.first.as_deref()).citing(RULE);
    Outcome::not_stated("advertising", found.slot("count", Slot::Count(room.talk.heard.into())))
}
