//! Soi's engine: a page snapshot in, findings and grades out.
//!
//! Pure: no I/O, no clock, no randomness. `now` is an argument, knowledge is data, and the same input gives
//! the same bytes natively and in WebAssembly. See `ARCHITECTURE.md` for the map and the invariants.

pub mod address;
pub mod checks;
pub mod conduct;
mod date;
mod engine;
pub mod explain;
pub mod finding;
pub mod identifiers;
pub mod json;
pub mod knowledge;
mod listing;
mod order;
pub mod pack;
pub mod packed;
pub mod page;
pub mod record;
pub mod score;
pub mod text;
pub mod text_reading;

pub use engine::{Engine, EngineError};
