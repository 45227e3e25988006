//! Identifiers on labels and in listings: form and checksum only. Well-formed never means registered.

mod gtin;

pub use gtin::{Gtin, GtinError};
