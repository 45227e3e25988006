//! Signing keys. The secret half is a file that stays with whoever publishes; the public half is a row of
//! `core/knowledge/keys.toml`.

use std::fs;
use std::path::Path;

use ed25519_dalek::{Signer, SigningKey};
use serde::Deserialize;
use soi_core::pack::{KeyId, key_id};

/// The key of this repository's own packs and tests. Its secret half is public, so it signs nothing that is taken from a
/// network but invented records.
pub const DEVELOPMENT_KEY: &str = include_str!("../keys/development.toml");

/// A key that signs packs.
#[derive(Debug)]
pub struct PackKey(SigningKey);

/// Why a key cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyFileError {
    /// The file cannot be read or written.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Not a key file.
    #[error("{path}: not a key file: {problem}")]
    Malformed {
        /// Which.
        path: String,
        /// What is wrong.
        problem: String,
    },
    /// The system gave no random numbers.
    #[error("no random numbers: {0}")]
    Random(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyFile {
    secret: String,
}

impl PackKey {
    /// The key of this repository.
    ///
    /// # Errors
    /// Its file is malformed; a test holds that it is not.
    pub fn development() -> Result<Self, KeyFileError> {
        Self::parse("keys/development.toml", DEVELOPMENT_KEY)
    }

    /// Reads a key file.
    ///
    /// # Errors
    /// [`KeyFileError`]. The message never holds the secret.
    pub fn read(path: &Path) -> Result<Self, KeyFileError> {
        let name = path.display().to_string();
        let text = fs::read_to_string(path).map_err(|source| KeyFileError::File { path: name.clone(), source })?;
        Self::parse(&name, &text)
    }

    fn parse(path: &str, text: &str) -> Result<Self, KeyFileError> {
        let malformed = |problem: &str| KeyFileError::Malformed { path: path.to_owned(), problem: problem.to_owned() };
        let file: KeyFile = toml::from_str(text).map_err(|_| malformed("it has no secret"))?;
        let secret = from_hex(&file.secret).ok_or_else(|| malformed("its secret is not 64 hex digits"))?;
        Ok(Self(SigningKey::from_bytes(&secret)))
    }

    /// Makes a new key and writes it to a file that nobody else may read. It is never written over another one.
    ///
    /// # Errors
    /// [`KeyFileError`].
    pub fn generate(path: &Path) -> Result<Self, KeyFileError> {
        let mut secret = [0; 32];
        getrandom::fill(&mut secret).map_err(|error| KeyFileError::Random(error.to_string()))?;
        let text =
            format!("# Keep this file to yourself: whoever has it signs packs.\nsecret = \"{}\"\n", hex(&secret));
        let wrong = |source| KeyFileError::File { path: path.display().to_string(), source };
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path).map_err(wrong)?;
        std::io::Write::write_all(&mut file, text.as_bytes()).map_err(wrong)?;
        Ok(Self(SigningKey::from_bytes(&secret)))
    }

    /// Its public half.
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Its id.
    pub fn id(&self) -> KeyId {
        key_id(&self.public())
    }

    /// Signs.
    pub fn sign(&self, bytes: &[u8]) -> [u8; 64] {
        self.0.sign(bytes).to_bytes()
    }
}

/// Bytes as hex digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn from_hex(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.is_ascii() {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use soi_core::pack::Trust;

    #[test]
    fn the_keys_of_this_repository_are_known() {
        let trusted = Trust::built_in().0;
        let known = |key: &PackKey| trusted.iter().find(|known| known.id == key.id()).unwrap().revoked;
        assert!(!known(&PackKey::development().unwrap()));
        assert!(known(&PackKey::parse("revoked", include_str!("../keys/revoked.toml")).unwrap()));
    }

    #[test]
    fn what_is_no_key_is_refused_without_its_secret() {
        for text in ["", "secret = 5", "secret = \"abcd\"", "secret = \"zz\""] {
            assert!(matches!(PackKey::parse("k", text), Err(KeyFileError::Malformed { .. })), "{text}");
        }
    }
}
