//! Does the chat repeat itself? Sentences that come again and again may have been handed out. Who writes them is not known
//! here, and viewers also repeat what they are asked to: it weighs little.

use super::{Outcome, Subject};
use crate::finding::Slot;

const REPEATED: &str = "host.chat-repeated";
/// So often the same sentence is worth showing.
const MIN_TIMES: u32 = 10;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let room = match subject.live_room() {
        Ok(room) => room,
        Err(silence) => return silence,
    };
    let loudest = room.talk.crowd.loudest().filter(|sentence| sentence.times >= MIN_TIMES);
    let repeated = loudest.map(|sentence| {
        let found = subject.found_heard(REPEATED, &sentence.quote, sentence.at);
        found.slot("count", Slot::Count(sentence.times.into()))
    });
    Outcome::made(repeated.into_iter().collect())
}
