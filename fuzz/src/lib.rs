//! What must hold for any bytes as a pack and for any text as record files. A panic tells what does not.
//!
//! [`pack::run`] and [`records::run`] are what the fuzzer in `targets/` calls; they need no fuzzer, so the same input is
//! looked at again with a debugger or in a test. `cargo xtask test --only fuzz` runs both.

#![expect(clippy::expect_used, clippy::panic, reason = "a panic is how a finding is told")]

pub mod pack;
pub mod records;
pub mod seeds;
