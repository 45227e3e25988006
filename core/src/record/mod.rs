//! The public record: who or what it is about, what was said by whom, and where that stands today.
//!
//! A person, a shop, a company, a brand and a product are different subjects. Nothing here merges them: what is on
//! record about a maker is not on record about its products.

mod event;
mod key;
mod standing;

pub use event::{Count, Event, Matter, Parted, Status};
pub use key::{Key, KeyError, MAX_NAME_WORDS, MIN_NAME_WORDS, SubjectKind};
pub(crate) use key::{NAME, NAME_START, fingerprint, words};
pub use standing::{Standing, Standings, standings};
