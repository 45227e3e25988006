//! Soi's engine behind the calls that a measurement needs. The same code natively and in WebAssembly.

mod packs;
mod pages;

pub use packs::{Names, Packed};
pub use pages::Pages;
