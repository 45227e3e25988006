//! The registry: record files, the packs that are made of them, and the keys that sign them. The `soi` command is its
//! surface; the build and the tests make packs with it too.

pub mod keys;
pub mod packs;
pub mod public;
pub mod records;
