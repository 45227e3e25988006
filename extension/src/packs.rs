//! The packs of this instance. `packs.js` brings their bytes and asks the browser about signature and hash; what is
//! refused and what is used is decided here.

use std::cell::RefCell;

use soi_core::pack::{
    Expected, Header, PackError, PackKind, RECORDS_LAYOUT, RecordSet, Records, Sealed, Seen, SetName, Trust,
};

use crate::engine::now;

thread_local! {
    static IN_USE: RefCell<InUse> = RefCell::default();
}

#[derive(Default)]
struct InUse {
    records: Records,
    /// The set that came from an address.
    fetched: Option<SetName>,
}

/// Asks the public record.
pub fn with_records<T>(ask: impl FnOnce(&Records) -> T) -> T {
    IN_USE.with_borrow(|in_use| ask(&in_use.records))
}

/// Puts all packs aside.
pub fn drop_all() {
    IN_USE.with_borrow_mut(|in_use| *in_use = InUse::default());
}

/// What kind of pack a name stands for.
fn kind(name: &str) -> PackKind {
    match name {
        "delta" => PackKind::Delta,
        _ => PackKind::Records,
    }
}

/// Holds a pack's header to what is asked for. What comes with the package is trusted as the package is.
fn read<B: AsRef<[u8]>>(name: &str, bytes: B, is_own: bool) -> Result<Sealed<B>, PackError> {
    let header = Header::read(bytes.as_ref())?;
    let trust = if is_own { Trust::of_own_package(header.set) } else { Trust::built_in() };
    let in_use = with_records(|records| records.set(header.set).map(|set| set.header().sequence));
    let expected = Expected { kind: kind(name), layout: RECORDS_LAYOUT, set: None, shard: None, in_use };
    Sealed::read(bytes, &trust, &expected, now())
}

/// The key that must have signed a pack.
///
/// # Errors
/// The pack is refused.
pub fn key(name: &str, bytes: &[u8], is_own: bool) -> Result<[u8; 32], PackError> {
    Ok(*read(name, bytes, is_own)?.key())
}

/// Takes a pack into use, in place of the one of its set.
///
/// # Errors
/// The pack is refused; the old one stays in use.
pub fn take(name: &str, bytes: Vec<u8>, is_own: bool, signature_fits: bool, body_hash: &[u8]) -> Result<(), PackError> {
    let body_hash = body_hash.try_into().map_err(|_| PackError::Hash)?;
    let pack = read(name, bytes, is_own)?.open(Seen { signature_fits, body_hash })?;
    IN_USE.with_borrow_mut(|in_use| {
        let set = pack.header().set;
        match pack.header().kind {
            PackKind::Delta => in_use.records.change(pack)?,
            PackKind::Records | PackKind::Knowledge => in_use.records.put(RecordSet::new(pack)?),
        }
        if !is_own {
            in_use.fetched = Some(set);
        }
        Ok(())
    })
}

/// How long the pack is whose beginning this is, bytes.
///
/// # Errors
/// It is no pack.
pub fn length(beginning: &[u8]) -> Result<u64, PackError> {
    Ok(Header::read(beginning)?.pack_bytes())
}

/// The packs in use, as a text that is another one when they are.
pub fn in_use() -> String {
    with_records(|records| {
        let sets = records.sets().iter().map(|set| format!("{}:{}", set.header().set.as_str(), set.header().sequence));
        sets.collect::<Vec<_>>().join(" ")
    })
}

/// Sequence of the pack that the next delta would change: of the set that came from an address, or of the package's.
pub fn base_sequence() -> Option<String> {
    IN_USE.with_borrow(|InUse { records, fetched }| {
        let set = fetched.map_or_else(|| records.sets().first(), |set| records.set(set))?;
        Some(set.base().header().sequence.to_string())
    })
}

/// Whether a set came from an address.
pub fn is_fetched(set: SetName) -> bool {
    IN_USE.with_borrow(|in_use| in_use.fetched == Some(set))
}
