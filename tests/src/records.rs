//! The records that tests ask: the public ones of this build, and the invented ones under `tests/records`.

use std::path::Path;
use std::sync::OnceLock;
use std::time::UNIX_EPOCH;

use anyhow::Result;
use soi_core::pack::Records;
use soi_registry::keys::PackKey;
use soi_registry::packs::{self, Stamp};
use soi_registry::public;
use soi_registry::records::RecordTree;

/// The invented records.
///
/// # Errors
/// A file that breaks a rule.
pub fn invented() -> Result<RecordTree> {
    Ok(RecordTree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("records"))?)
}

/// When this run's packs of invented records are made: an hour before it, the same for all of it.
pub fn stamp() -> Stamp {
    static STAMP: OnceLock<Stamp> = OnceLock::new();
    *STAMP.get_or_init(|| {
        let now = UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_secs().cast_signed());
        Stamp::of(now - 3600)
    })
}

/// The invented records as a signed pack.
///
/// # Errors
/// They cannot be written.
pub fn invented_pack() -> Result<Vec<u8>> {
    Ok(packs::sign(&packs::of_records(&invented()?, stamp(), None)?, &PackKey::development()?)?)
}

/// The public records and the invented ones, ready to be asked.
///
/// # Errors
/// One of them cannot be made.
pub fn in_use() -> Result<Records> {
    let mut records = Records::default();
    let public = public::tree()?;
    records.put(public::ready(&public, Stamp::of_records(&public))?);
    records.put(public::ready(&invented()?, stamp())?);
    Ok(records)
}
