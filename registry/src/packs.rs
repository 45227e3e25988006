//! Making packs: of record folders, of the knowledge tables, and of what changed between two packs.

use soi_core::knowledge::{KNOWLEDGE_LAYOUT, Knowledge};
use soi_core::pack::{
    HEADER_BYTES, Header, KNOWLEDGE_SET, KeyId, PackError, PackKind, RECORDS_LAYOUT, RecordsBody, SetName, Shard,
    Subject, WriteError, body_hash, write_delta, write_records,
};

use crate::keys::PackKey;
use crate::records::RecordTree;

const DAY: i64 = 86_400;
/// How long a pack is fresh, days.
pub const FRESH_DAYS: i64 = 30;

/// What a pack says about itself beside what it holds.
#[derive(Debug, Clone, Copy)]
pub struct Stamp {
    /// A newer pack has a higher one.
    pub sequence: u64,
    /// Seconds since 1970.
    pub created: i64,
    /// Seconds since 1970.
    pub expires: i64,
}

impl Stamp {
    /// Of a moment, in seconds since 1970: the sequence is that moment.
    pub fn of(created: i64) -> Self {
        let sequence = u64::try_from(created).unwrap_or(0);
        Self { sequence, created, expires: created.saturating_add(FRESH_DAYS * DAY) }
    }

    /// Of the last change of a folder: the same records give the same pack.
    pub fn of_records(tree: &RecordTree) -> Self {
        Self::of(i64::from(tree.recorded()) * DAY)
    }

    /// Of the last change to knowledge tables.
    pub fn of_knowledge(tables: &Knowledge) -> Self {
        Self::of(i64::from(tables.revised) * DAY)
    }
}

/// A pack of a folder's records, or of a part of them, without a signature.
///
/// # Errors
/// [`WriteError`].
pub fn of_records(tree: &RecordTree, stamp: Stamp, shard: Option<Shard>) -> Result<Vec<u8>, WriteError> {
    of_subjects(tree.set, &tree.subjects(), stamp, shard)
}

/// A pack of subjects, or of those keys that lie in a part of the set, without a signature.
///
/// # Errors
/// [`WriteError`].
pub fn of_subjects(
    set: SetName,
    subjects: &[Subject<'_>],
    stamp: Stamp,
    shard: Option<Shard>,
) -> Result<Vec<u8>, WriteError> {
    let body = write_records(subjects, shard)?;
    Ok(unsigned(header(PackKind::Records, set, stamp, RECORDS_LAYOUT, shard), &body))
}

/// A pack of knowledge tables as this build packs them, without a signature.
///
/// # Errors
/// Its set has no name; a test holds that it has.
pub fn of_knowledge(tables: &[u8], stamp: Stamp) -> Result<Vec<u8>, PackError> {
    let set = SetName::new(KNOWLEDGE_SET).ok_or(PackError::Set { given: String::new() })?;
    Ok(unsigned(header(PackKind::Knowledge, set, stamp, KNOWLEDGE_LAYOUT, None), tables))
}

/// The delta that makes one pack of records from another, without a signature.
///
/// # Errors
/// One of them is no pack of records.
pub fn delta(old: &[u8], new: &[u8]) -> Result<Vec<u8>, WriteError> {
    let (old_header, new_header) = (Header::read(old)?, Header::read(new)?);
    if old_header.kind != PackKind::Records || new_header.kind != PackKind::Records {
        return Err(PackError::Kind.into());
    }
    if old_header.set != new_header.set {
        return Err(PackError::Set { given: new_header.set.as_str().to_owned() }.into());
    }
    let body = |pack| <[u8]>::get(pack, HEADER_BYTES..).unwrap_or_default();
    let changes = write_delta(&RecordsBody::open(body(old))?, &RecordsBody::open(body(new))?)?;
    let body = [&old_header.body_hash[..], &changes].concat();
    Ok(unsigned(Header { kind: PackKind::Delta, ..new_header }, &body))
}

/// Signs a pack.
///
/// # Errors
/// It is no pack.
pub fn sign(pack: &[u8], key: &PackKey) -> Result<Vec<u8>, PackError> {
    let header = Header { key: key.id(), ..Header::read(pack)? };
    let signed = header.to_bytes();
    Ok([&signed[..], &key.sign(&signed), pack.get(HEADER_BYTES..).unwrap_or_default()].concat())
}

fn header(kind: PackKind, set: SetName, stamp: Stamp, layout: u32, shard: Option<Shard>) -> Header {
    Header {
        kind,
        shard_digits: shard.map_or(0, Shard::digits),
        shard: shard.map_or(0, Shard::prefix),
        key: KeyId([0; 8]),
        sequence: stamp.sequence,
        created: stamp.created,
        expires: stamp.expires,
        body_bytes: 0,
        layout,
        set,
        body_hash: [0; 32],
    }
}

fn unsigned(header: Header, body: &[u8]) -> Vec<u8> {
    let header = Header { body_bytes: body.len() as u64, body_hash: body_hash(body), ..header };
    [&header.to_bytes()[..], &[0; 64], body].concat()
}
