//! The engine of this instance: opened with the knowledge that the package carries beside the module, and anew when a pack
//! brings newer knowledge.

use std::cell::Cell;
use std::sync::OnceLock;

use soi_core::knowledge::Knowledge;
use soi_core::{Engine, EngineError};
use wasm_bindgen::JsValue;

use crate::browser;

static OWN: OnceLock<Engine> = OnceLock::new();

thread_local! {
    static NEWER: Cell<Option<Newer>> = const { Cell::new(None) };
}

/// An engine of a pack. It stays in memory for good, since calls in progress hold it: an instance meets a handful of them,
/// and none twice.
#[derive(Clone, Copy)]
struct Newer {
    engine: &'static Engine,
    body_hash: [u8; 32],
    is_in_use: bool,
}

/// The engine was asked before it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("engine.closed: its knowledge has not been opened")]
pub struct EngineClosed;

/// Opens the engine, when it is not open yet.
///
/// # Errors
/// The tables are malformed, or of another version.
pub fn open(tables: &[u8]) -> Result<(), EngineError> {
    if OWN.get().is_none() {
        let engine = Engine::open(tables)?;
        OWN.get_or_init(|| engine);
    }
    Ok(())
}

/// Opens the engine with the tables of a pack, known by their hash.
///
/// # Errors
/// The tables are malformed; the engine stays what it was.
pub fn open_newer(tables: &[u8], body_hash: [u8; 32]) -> Result<(), EngineError> {
    let engine = match NEWER.get() {
        Some(known) if known.body_hash == body_hash => known.engine,
        _ => Box::leak(Box::new(Engine::open(tables)?)),
    };
    NEWER.set(Some(Newer { engine, body_hash, is_in_use: true }));
    Ok(())
}

/// Back to the package's own knowledge.
pub fn close_newer() {
    NEWER.set(NEWER.get().map(|newer| Newer { is_in_use: false, ..newer }));
}

/// The engine.
///
/// # Errors
/// It is not open.
pub fn engine() -> Result<&'static Engine, EngineClosed> {
    let newer = NEWER.get().filter(|newer| newer.is_in_use).map(|newer| newer.engine);
    newer.or_else(|| OWN.get()).ok_or(EngineClosed)
}

/// Sequence of the package's own knowledge, as packs have one: the last change to its tables, seconds since 1970.
pub fn own_sequence() -> Option<u64> {
    OWN.get().map(|engine| u64::from(engine.knowledge().revised) * 86_400)
}

/// The engine's tables, for pages that show them.
///
/// # Errors
/// As [`engine`], for the console.
pub fn knowledge() -> Result<&'static Knowledge, JsValue> {
    engine().map(Engine::knowledge).map_err(|wrong| browser::error(&wrong))
}

/// Seconds since 1970, by the browser's clock: the engine itself has none.
pub fn now() -> i64 {
    (js_sys::Date::now() / 1000.0) as i64
}
