//! The public record in the package, signed.

use std::env;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use soi_core::pack::Trust;
use soi_registry::keys::PackKey;
use soi_registry::packs::{self, Stamp};
use soi_registry::public;

/// Its name in the package.
pub(crate) const PUBLIC: &str = "packs/public.pack";
/// Names the file with a publisher's key (`soi pack keygen`).
const SIGNING_KEY: &str = "SOI_SIGNING_KEY";

/// The public record as a pack, signed by the publisher's key when there is one, else by the development key: what comes
/// with a package is trusted as the package is.
pub(crate) fn public_pack() -> Result<Vec<u8>> {
    let tree = public::tree()?;
    let key = match env::var_os(SIGNING_KEY) {
        Some(path) => {
            let key = PackKey::read(Path::new(&path)).with_context(|| format!("{SIGNING_KEY} names no key"))?;
            let is_known = Trust::built_in().0.iter().any(|known| known.id == key.id());
            ensure!(is_known, "core/knowledge/keys.toml has no row for the key {} that {SIGNING_KEY} names", key.id());
            key
        }
        None => PackKey::development()?,
    };
    Ok(packs::sign(&packs::of_records(&tree, Stamp::of_records(&tree), None)?, &key)?)
}
