//! The engine of this instance, opened once with the knowledge that the package carries beside the module.

use std::sync::OnceLock;

use soi_core::knowledge::Knowledge;
use soi_core::{Engine, EngineError};
use wasm_bindgen::JsValue;

use crate::browser;

static ENGINE: OnceLock<Engine> = OnceLock::new();

/// The engine was asked before it was opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("engine.closed: its knowledge has not been opened")]
pub struct EngineClosed;

/// Opens the engine, when it is not open yet.
///
/// # Errors
/// The tables are malformed, or of another version.
pub fn open(tables: &[u8]) -> Result<(), EngineError> {
    if ENGINE.get().is_none() {
        let engine = Engine::open(tables)?;
        ENGINE.get_or_init(|| engine);
    }
    Ok(())
}

/// The engine.
///
/// # Errors
/// It is not open.
pub fn engine() -> Result<&'static Engine, EngineClosed> {
    ENGINE.get().ok_or(EngineClosed)
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
