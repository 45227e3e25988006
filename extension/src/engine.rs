//! The engine of this instance, opened at its first use.

use std::sync::OnceLock;

use soi_core::knowledge::Knowledge;
use soi_core::{Engine, EngineError};
use wasm_bindgen::JsValue;

use crate::browser;

static ENGINE: OnceLock<Engine> = OnceLock::new();

/// The engine with its built-in knowledge.
///
/// # Errors
/// The built-in knowledge cannot be opened.
pub fn engine() -> Result<&'static Engine, EngineError> {
    if let Some(engine) = ENGINE.get() {
        return Ok(engine);
    }
    let engine = Engine::built_in()?;
    Ok(ENGINE.get_or_init(|| engine))
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
