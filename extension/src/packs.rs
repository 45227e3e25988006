//! The packs of this instance. `packs.js` brings their bytes and asks the browser about signature and hash; what is
//! refused and what is used is decided here.

use std::cell::RefCell;

use soi_core::EngineError;
use soi_core::knowledge::KNOWLEDGE_LAYOUT;
use soi_core::pack::{
    Expected, Header, KNOWLEDGE_SET, PackError, PackKind, RECORDS_LAYOUT, RecordSet, Records, Sealed, Seen, SetName,
    Trust,
};

use crate::engine::{self, now};

thread_local! {
    static IN_USE: RefCell<InUse> = RefCell::default();
}

#[derive(Default)]
struct InUse {
    records: Records,
    /// The set that came from an address.
    fetched: Option<SetName>,
    /// The newer knowledge.
    knowledge: Option<Header>,
}

/// Why a pack is not taken into use.
#[derive(Debug, thiserror::Error)]
pub enum TakeError {
    /// It is refused.
    #[error(transparent)]
    Pack(#[from] PackError),
    /// Its tables are.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Asks the public record.
pub fn with_records<T>(ask: impl FnOnce(&Records) -> T) -> T {
    IN_USE.with_borrow(|in_use| ask(&in_use.records))
}

/// What the pack of newer knowledge says about itself, when there is one.
pub fn knowledge() -> Option<Header> {
    IN_USE.with_borrow(|in_use| in_use.knowledge)
}

/// Puts all packs aside.
pub fn drop_all() {
    IN_USE.with_borrow_mut(|in_use| *in_use = InUse::default());
    engine::close_newer();
}

/// What kind of pack a name stands for.
fn kind(name: &str) -> PackKind {
    match name {
        "delta" => PackKind::Delta,
        "knowledge" => PackKind::Knowledge,
        _ => PackKind::Records,
    }
}

/// Holds a pack's header to what is asked for. What comes with the package is trusted as the package is.
fn read<B: AsRef<[u8]>>(name: &str, bytes: B, is_own: bool) -> Result<Sealed<B>, PackError> {
    let header = Header::read(bytes.as_ref())?;
    let trust = if is_own { Trust::of_own_package(header.set) } else { Trust::built_in() };
    let kind = kind(name);
    let (layout, set, in_use) = match kind {
        PackKind::Knowledge => {
            let in_use = knowledge().map(|header| header.sequence).or_else(engine::own_sequence);
            (KNOWLEDGE_LAYOUT, SetName::new(KNOWLEDGE_SET), in_use)
        }
        PackKind::Records | PackKind::Delta => {
            let in_use = with_records(|records| records.set(header.set).map(|set| set.header().sequence));
            (RECORDS_LAYOUT, None, in_use)
        }
    };
    Sealed::read(bytes, &trust, &Expected { kind, layout, set, shard: None, in_use }, now())
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
pub fn take(name: &str, bytes: Vec<u8>, is_own: bool, signature_fits: bool, body_hash: &[u8]) -> Result<(), TakeError> {
    let body_hash = body_hash.try_into().map_err(|_| PackError::Hash)?;
    let pack = read(name, bytes, is_own)?.open(Seen { signature_fits, body_hash })?;
    IN_USE.with_borrow_mut(|in_use| {
        let set = pack.header().set;
        match pack.header().kind {
            PackKind::Delta => in_use.records.change(pack)?,
            PackKind::Records => in_use.records.put(RecordSet::new(pack)?),
            PackKind::Knowledge => {
                engine::open_newer(pack.body(), body_hash)?;
                in_use.knowledge = Some(*pack.header());
                return Ok(());
            }
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

/// What the packs in use say about themselves.
pub fn headers() -> Vec<Header> {
    let records = with_records(|records| records.sets().iter().map(|set| *set.header()).collect::<Vec<_>>());
    records.into_iter().chain(knowledge()).collect()
}

/// The packs in use, as a text that is another one when they are.
pub fn in_use() -> String {
    headers().iter().map(|header| format!("{}:{}", header.set.as_str(), header.sequence)).collect::<Vec<_>>().join(" ")
}

/// Sequence of the pack that the next delta would change: of the set that came from an address, or of the package's.
pub fn base_sequence() -> Option<String> {
    IN_USE.with_borrow(|InUse { records, fetched, .. }| {
        let set = fetched.map_or_else(|| records.sets().first(), |set| records.set(set))?;
        Some(set.base().header().sequence.to_string())
    })
}

/// Whether a pack in use came from an address.
pub fn is_fetched(header: &Header) -> bool {
    header.kind == PackKind::Knowledge || IN_USE.with_borrow(|in_use| in_use.fetched == Some(header.set))
}
