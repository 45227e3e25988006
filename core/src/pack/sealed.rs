//! From bytes to a pack that may be used, in two steps: [`Sealed::read`] refuses what its header already gives away, and
//! [`Sealed::open`] takes what a signature check and a hash said. The body is out of reach until then.

use super::header::{HEADER_BYTES, SIGNED_BYTES};
use super::{Header, PackError, PackKind, SetName, Shard, Trust};

/// How far clocks may differ, seconds.
const CLOCK_SLACK: i64 = 24 * 60 * 60;

/// What is asked for, and what is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Expected {
    /// The kind of pack.
    pub kind: PackKind,
    /// Its layout.
    pub layout: u32,
    /// Its set; `None`: any set whose key is trusted.
    pub set: Option<SetName>,
    /// Its part of the set.
    pub shard: Option<Shard>,
    /// Sequence of the pack in use.
    pub in_use: Option<u64>,
}

/// A pack whose header passed. Its signature has not been checked.
#[derive(Debug)]
pub struct Sealed<B> {
    bytes: B,
    header: Header,
    key: [u8; 32],
}

/// What was found out about a sealed pack with the tools at hand: a crate natively, the browser's own in a browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Whether [`Sealed::signature`] is [`Sealed::key`]'s signature of [`Sealed::signed`].
    pub signature_fits: bool,
    /// SHA-256 of [`Sealed::body_to_hash`].
    pub body_hash: [u8; 32],
}

/// A pack whose signature and hash fit.
#[derive(Debug)]
pub struct Pack<B> {
    bytes: B,
    header: Header,
}

impl<B: AsRef<[u8]>> Sealed<B> {
    /// Reads a pack's header and refuses what it gives away. `now` is in seconds since 1970.
    ///
    /// # Errors
    /// [`PackError`]: everything but [`PackError::Signature`] and [`PackError::Hash`].
    pub fn read(bytes: B, trust: &Trust, expected: &Expected, now: i64) -> Result<Self, PackError> {
        let header = Header::read(bytes.as_ref())?;
        let (given, stated) = (bytes.as_ref().len() as u64, header.pack_bytes());
        if given < stated {
            return Err(PackError::Truncated { given, stated });
        }
        if given > stated {
            return Err(PackError::Trailing { given, stated });
        }
        if header.kind != expected.kind {
            return Err(PackError::Kind);
        }
        let digits = expected.shard.map_or(0, Shard::digits);
        let prefix = expected.shard.map_or(0, Shard::prefix);
        let is_set = expected.set.is_none_or(|set| set == header.set);
        if !is_set || (header.shard_digits, header.shard) != (digits, prefix) {
            return Err(PackError::Set { given: header.set.as_str().to_owned() });
        }
        let key = trust.key_of(&header)?.public;
        if header.created > now.saturating_add(CLOCK_SLACK) {
            return Err(PackError::Future);
        }
        // Seconds are the highest sequence that a set can reach by now: a stolen key cannot use all of them up.
        if i64::try_from(header.sequence).map_or(true, |sequence| sequence > header.created) {
            return Err(PackError::Sequence(header.sequence));
        }
        if let Some(known) = expected.in_use.filter(|known| header.sequence < *known) {
            return Err(PackError::Older { given: header.sequence, known });
        }
        if header.layout != expected.layout {
            return Err(PackError::Layout { given: header.layout, known: expected.layout });
        }
        Ok(Self { bytes, header, key })
    }

    /// What it says about itself.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// The key that must have signed it.
    pub fn key(&self) -> &[u8; 32] {
        &self.key
    }

    /// What is signed.
    pub fn signed(&self) -> &[u8] {
        self.bytes.as_ref().get(..SIGNED_BYTES).unwrap_or_default()
    }

    /// The signature.
    pub fn signature(&self) -> &[u8] {
        self.bytes.as_ref().get(SIGNED_BYTES..HEADER_BYTES).unwrap_or_default()
    }

    /// The body, to be hashed.
    pub fn body_to_hash(&self) -> &[u8] {
        self.bytes.as_ref().get(HEADER_BYTES..).unwrap_or_default()
    }

    /// Opens it, as far as what was found out about it allows.
    ///
    /// # Errors
    /// [`PackError::Signature`], [`PackError::Hash`].
    pub fn open(self, seen: Seen) -> Result<Pack<B>, PackError> {
        if !seen.signature_fits {
            return Err(PackError::Signature);
        }
        if seen.body_hash != self.header.body_hash {
            return Err(PackError::Hash);
        }
        Ok(Pack { bytes: self.bytes, header: self.header })
    }
}

impl<B: AsRef<[u8]>> Pack<B> {
    /// What it says about itself, signed.
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Its body.
    pub fn body(&self) -> &[u8] {
        self.bytes.as_ref().get(HEADER_BYTES..).unwrap_or_default()
    }

    /// All of its bytes.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.as_ref()
    }
}
