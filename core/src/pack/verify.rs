//! Checking a pack with crates: for everybody but the extension, whose browser has Ed25519 and SHA-256 of its own.

use ed25519_dalek::{Signature, VerifyingKey};
use sha2::{Digest, Sha256};

use super::{Expected, KeyId, Pack, PackError, Sealed, Seen, Trust};

impl<B: AsRef<[u8]>> Sealed<B> {
    /// Checks signature and hash.
    pub fn look(&self) -> Seen {
        let key = VerifyingKey::from_bytes(self.key());
        let signature = Signature::from_slice(self.signature());
        let signature_fits = match (key, signature) {
            (Ok(key), Ok(signature)) => key.verify_strict(self.signed(), &signature).is_ok(),
            _ => false,
        };
        Seen { signature_fits, body_hash: body_hash(self.body_to_hash()) }
    }
}

impl<B: AsRef<[u8]>> Pack<B> {
    /// Reads, checks and opens a pack.
    ///
    /// # Errors
    /// [`PackError`].
    pub fn verified(bytes: B, trust: &Trust, expected: &Expected, now: i64) -> Result<Self, PackError> {
        let sealed = Sealed::read(bytes, trust, expected, now)?;
        let seen = sealed.look();
        sealed.open(seen)
    }
}

/// SHA-256 of a body.
pub fn body_hash(body: &[u8]) -> [u8; 32] {
    Sha256::digest(body).into()
}

/// The id of a public key.
pub fn key_id(public: &[u8; 32]) -> KeyId {
    let hash = body_hash(public);
    let mut id = [0; 8];
    id.iter_mut().zip(hash).for_each(|(slot, byte)| *slot = byte);
    KeyId(id)
}
