//! The header of a pack.

use std::fmt;

use super::PackError;
use super::cursor::{array, u16_at, u32_at, u64_at};
use super::trust::KeyId;

/// How a pack begins.
pub const MAGIC: [u8; 8] = *b"\x89SOIPCK\n";
/// Version of the header.
pub const FORMAT: u16 = 1;
/// Bytes of the header, signature included.
pub const HEADER_BYTES: usize = 176;
/// Bytes of the header that are signed.
pub const SIGNED_BYTES: usize = 112;
/// Most bytes of a pack.
pub const MAX_PACK_BYTES: u64 = 32 * 1024 * 1024;

/// What a pack holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PackKind {
    /// The knowledge tables.
    Knowledge,
    /// The public record.
    Records,
    /// What changed since a pack of the public record.
    Delta,
}

/// The set of the packs of knowledge tables.
pub const KNOWLEDGE_SET: &str = "knowledge";

/// Name of a set of packs, of which the newest counts: at most 16 letters.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetName([u8; 16]);

impl SetName {
    /// The name, when it is one: 1 to 16 small letters, digits and hyphens.
    pub fn new(name: &str) -> Option<Self> {
        let is_name = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        if name.is_empty() || name.len() > 16 || !name.bytes().all(is_name) {
            return None;
        }
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(name.bytes()).for_each(|(slot, byte)| *slot = byte);
        Some(Self(bytes))
    }

    /// Its letters.
    pub fn as_str(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0).unwrap_or(self.0.len());
        self.0.get(..end).and_then(|bytes| std::str::from_utf8(bytes).ok()).unwrap_or_default()
    }
}

impl fmt::Debug for SetName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What a pack says about itself. Nobody's word until its signature has been checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Header {
    /// What it holds.
    pub kind: PackKind,
    /// Hex digits of the prefix that its subjects share; 0: all subjects.
    pub shard_digits: u8,
    /// That prefix.
    pub shard: u32,
    /// The key that signed it.
    pub key: KeyId,
    /// A newer pack of the same set has a higher one.
    pub sequence: u64,
    /// Seconds since 1970.
    pub created: i64,
    /// Seconds since 1970: from then on its data is stale.
    pub expires: i64,
    /// Bytes of the body.
    pub body_bytes: u64,
    /// Layout of the body.
    pub layout: u32,
    /// Its set.
    pub set: SetName,
    /// SHA-256 of the body.
    pub body_hash: [u8; 32],
}

impl Header {
    /// Whether its time is over: the pack still works, and says so.
    pub fn is_stale(&self, now: i64) -> bool {
        self.expires < now
    }

    /// Reads the header at the beginning of a pack.
    ///
    /// # Errors
    /// It is no header of this version, or states more than a pack may have.
    pub fn read(bytes: &[u8]) -> Result<Self, PackError> {
        let truncated = || PackError::Truncated { given: bytes.len() as u64, stated: HEADER_BYTES as u64 };
        if !bytes.get(..MAGIC.len()).ok_or_else(truncated)?.eq(&MAGIC) {
            return Err(PackError::Magic);
        }
        if bytes.len() < HEADER_BYTES {
            return Err(truncated());
        }
        let format = u16_at(bytes, 8);
        if format != FORMAT {
            return Err(PackError::Format { given: format, known: FORMAT });
        }
        let kind = match bytes.get(10) {
            Some(1) => PackKind::Knowledge,
            Some(2) => PackKind::Records,
            Some(3) => PackKind::Delta,
            _ => return Err(PackError::Kind),
        };
        let body_bytes = u64_at(bytes, 48);
        let stated = body_bytes.saturating_add(HEADER_BYTES as u64);
        if stated > MAX_PACK_BYTES {
            return Err(PackError::TooLarge { stated, limit: MAX_PACK_BYTES });
        }
        let set = SetName(array(bytes, 64));
        if SetName::new(set.as_str()) != Some(set) {
            return Err(PackError::Set { given: set.as_str().to_owned() });
        }
        Ok(Self {
            kind,
            shard_digits: bytes.get(11).copied().unwrap_or(0),
            shard: u32_at(bytes, 12),
            key: KeyId(array(bytes, 16)),
            sequence: u64_at(bytes, 24),
            created: u64_at(bytes, 32).cast_signed(),
            expires: u64_at(bytes, 40).cast_signed(),
            body_bytes,
            layout: u32_at(bytes, 56),
            set,
            body_hash: array(bytes, 80),
        })
    }

    /// The bytes that are signed.
    pub fn to_bytes(&self) -> [u8; SIGNED_BYTES] {
        let kind = match self.kind {
            PackKind::Knowledge => 1,
            PackKind::Records => 2,
            PackKind::Delta => 3,
        };
        let fields: [&[u8]; 14] = [
            &MAGIC,
            &FORMAT.to_le_bytes(),
            &[kind],
            &[self.shard_digits],
            &self.shard.to_le_bytes(),
            &self.key.0,
            &self.sequence.to_le_bytes(),
            &self.created.to_le_bytes(),
            &self.expires.to_le_bytes(),
            &self.body_bytes.to_le_bytes(),
            &self.layout.to_le_bytes(),
            &[0; 4],
            &self.set.0,
            &self.body_hash,
        ];
        let mut bytes = [0; SIGNED_BYTES];
        bytes.iter_mut().zip(fields.into_iter().flatten()).for_each(|(slot, byte)| *slot = *byte);
        bytes
    }

    /// Bytes of the whole pack.
    pub fn pack_bytes(&self) -> u64 {
        self.body_bytes.saturating_add(HEADER_BYTES as u64)
    }
}
