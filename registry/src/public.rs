//! The public record of this build.

use soi_core::pack::{Expected, Pack, PackError, PackKind, RECORDS_LAYOUT, RecordSet, SetName, Subject, Trust};

use crate::keys::PackKey;
use crate::packs::{self, Stamp};
use crate::records::{RecordError, RecordTree};

const SET: &str = include_str!("../records/set.toml");
const FILES: &[(&str, &str)] = include!(concat!(env!("OUT_DIR"), "/public.rs"));

/// The texts of the record files of this build, each with its path.
pub fn files() -> &'static [(&'static str, &'static str)] {
    FILES
}

/// The record files of this build.
///
/// # Errors
/// The first file that breaks a rule; a test holds that none does.
pub fn tree() -> Result<RecordTree, RecordError> {
    RecordTree::parse(SET, FILES.iter().copied())
}

/// Why records could not be made ready.
#[derive(Debug, thiserror::Error)]
pub enum ReadyError {
    /// A record file.
    #[error(transparent)]
    Record(#[from] RecordError),
    /// Records that cannot be written.
    #[error(transparent)]
    Write(#[from] soi_core::pack::WriteError),
    /// A pack that was refused.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// A key that cannot be used.
    #[error(transparent)]
    Key(#[from] crate::keys::KeyFileError),
}

/// A folder's records as a signed pack, and that pack ready to be asked: the way every pack goes, without a network.
///
/// # Errors
/// [`ReadyError`].
pub fn ready(tree: &RecordTree, stamp: Stamp) -> Result<RecordSet, ReadyError> {
    ready_subjects(tree.set, &tree.subjects(), stamp)
}

/// As [`ready`], of subjects that stand in no file.
///
/// # Errors
/// [`ReadyError`].
pub fn ready_subjects(set: SetName, subjects: &[Subject<'_>], stamp: Stamp) -> Result<RecordSet, ReadyError> {
    let key = PackKey::development()?;
    let bytes = packs::sign(&packs::of_subjects(set, subjects, stamp, None)?, &key)?;
    let trust = Trust::of_own_package(set);
    let expected =
        Expected { kind: PackKind::Records, layout: RECORDS_LAYOUT, set: Some(set), shard: None, in_use: None };
    Ok(RecordSet::new(Pack::verified(bytes, &trust, &expected, stamp.created)?)?)
}
