//! What instances keep for the next one, as text: the browser stores text, not bytes, so one character a byte. Bytes rather
//! than JSON because reading the latter back takes three times the code.

use serde::Serialize;
use serde::de::DeserializeOwned;
use soi_core::packed;

/// A value as text.
pub fn to_text(value: &impl Serialize) -> String {
    packed::write(value).into_iter().map(char::from).collect()
}

/// The value of a text; none when another version wrote it.
pub fn from_text<T: DeserializeOwned>(text: &str) -> Option<T> {
    let bytes: Result<Vec<u8>, _> = text.chars().map(u8::try_from).collect();
    packed::read(&bytes.ok()?).ok()
}
