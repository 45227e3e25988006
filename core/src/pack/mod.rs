//! Data packs: how records and knowledge travel. A pack is sealed ([`Sealed`]) until its signature and its hash have been
//! checked; nothing of its body can be reached before.
//!
//! A pack is one block of bytes, all numbers little-endian:
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 8 | magic, [`MAGIC`] |
//! | 8 | 2 | version of this header, [`FORMAT`] |
//! | 10 | 1 | kind of body, [`PackKind`] |
//! | 11 | 1 | hex digits of the prefix that its subjects share, 0: all subjects |
//! | 12 | 4 | that prefix |
//! | 16 | 8 | id of the key that signed it: the first bytes of the key's SHA-256 |
//! | 24 | 8 | sequence: a newer pack of the same set has a higher one |
//! | 32 | 8 | created, seconds since 1970 |
//! | 40 | 8 | expires, seconds since 1970 |
//! | 48 | 8 | length of the body |
//! | 56 | 4 | layout of the body |
//! | 60 | 4 | zeros |
//! | 64 | 16 | name of its set, ASCII, padded with zeros |
//! | 80 | 32 | SHA-256 of the body |
//! | 112 | 64 | Ed25519 signature of the 112 bytes before it |
//! | 176 | … | the body; a delta's begins with the hash of the body that it changes |

mod cursor;
mod error;
mod header;
mod records;
mod sealed;
mod set;
mod shard;
mod trust;
#[cfg(any(test, feature = "verify"))]
mod verify;
mod write;

pub use error::PackError;
pub use header::{FORMAT, HEADER_BYTES, Header, KNOWLEDGE_SET, MAGIC, MAX_PACK_BYTES, PackKind, SIGNED_BYTES, SetName};
pub use records::{Content, MAX_RECORD_BYTES, RECORDS_LAYOUT, RecordsBody};
pub use sealed::{Expected, Pack, Sealed, Seen};
pub use set::{Found, RecordSet, Records};
pub use shard::Shard;
pub use trust::{KeyId, Trust, TrustedKey};
#[cfg(any(test, feature = "verify"))]
pub use verify::{body_hash, key_id};
pub use write::{Change, Subject, WriteError, changes, write_delta, write_records};

#[cfg(test)]
mod tests;
