//! The form of the crate postcard, read and written: the knowledge tables, and what an instance keeps for the next one.
//!
//! Neither way can fail on the way, so what serde derives for a type is one value after the other, without a way out behind
//! each of them: reading through postcard's own was a twentieth of the shipped module more.

mod read;
mod write;

pub use read::{Malformed, read};
pub use write::write;
