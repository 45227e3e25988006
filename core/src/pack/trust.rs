//! Whose signature counts, for which sets, and when. Two keys may sign at the same time, so that one follows the other
//! without a gap; a key that was taken back signs nothing, whenever it did so.

use std::fmt;

use super::{Header, PackError, SetName};

/// Which key signed: the first bytes of the public key's SHA-256.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct KeyId(pub [u8; 8]);

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// A public key that is trusted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustedKey {
    /// Its id.
    pub id: KeyId,
    /// Its 32 bytes.
    pub public: [u8; 32],
    /// First moment at which it signs, seconds since 1970.
    pub from: i64,
    /// Last moment.
    pub until: i64,
    /// Whether it was taken back.
    pub revoked: bool,
    /// The sets that it signs.
    pub sets: Vec<SetName>,
}

/// The keys that are trusted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trust(pub Vec<TrustedKey>);

/// Id, public key, from, until, revoked, sets: the rows of `knowledge/keys.toml`.
type Row = ([u8; 8], [u8; 32], i64, i64, bool, &'static [&'static str]);
const ROWS: &[Row] = include!(concat!(env!("OUT_DIR"), "/keys.rs"));

impl Trust {
    /// The keys that this build trusts.
    pub fn built_in() -> Self {
        let key = |row: &Row| {
            let (id, public, from, until, revoked, sets) = *row;
            let sets = sets.iter().filter_map(|set| SetName::new(set)).collect();
            TrustedKey { id: KeyId(id), public, from, until, revoked, sets }
        };
        Self(ROWS.iter().map(key).collect())
    }

    /// The same keys for every set and every time: what comes inside a package or a program needs no other proof than that
    /// it is whole.
    pub fn of_own_package(set: SetName) -> Self {
        let mut trust = Self::built_in();
        for key in &mut trust.0 {
            (key.from, key.until, key.sets) = (i64::MIN, i64::MAX, vec![set]);
        }
        trust
    }

    /// The key that signed a pack, when it may sign such a pack.
    ///
    /// # Errors
    /// It may not.
    pub fn key_of(&self, header: &Header) -> Result<&TrustedKey, PackError> {
        let id = || header.key.to_string();
        let key = self.0.iter().find(|key| key.id == header.key).ok_or_else(|| PackError::KeyUnknown(id()))?;
        if key.revoked {
            return Err(PackError::KeyRevoked(id()));
        }
        if !(key.from..=key.until).contains(&header.created) {
            return Err(PackError::KeyTime(id()));
        }
        if !key.sets.contains(&header.set) {
            return Err(PackError::KeySet(id()));
        }
        Ok(key)
    }
}
