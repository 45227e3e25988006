//! Soi in the browser. This file is the whole surface towards JavaScript; it holds no logic.

pub mod background;
pub mod browser;
pub mod conduct;
pub mod dom;
pub mod engine;
pub mod icon;
pub mod label;
pub mod messages;
pub mod options;
pub mod packed;
pub mod packs;
pub mod popup;
pub mod settings;
pub mod sheet;
pub mod sites;
pub mod tab;
pub mod trial;
pub mod verdict;
pub mod welcome;

use js_sys::Promise;
use wasm_bindgen::prelude::*;
use web_sys::Event;

/// Smaller and quicker than the default one.
#[cfg(target_family = "wasm")]
#[global_allocator]
static ALLOCATOR: talc::wasm::WasmDynamicTalc = talc::wasm::new_wasm_dynamic_allocator();

/// Runs when an instance starts: a panic leaves its message in the console before it ends the instance.
#[wasm_bindgen(start)]
pub fn start() {
    std::panic::set_hook(Box::new(|panic| browser::log(&panic.to_string())));
}

/// Opens the engine with the package's knowledge: before anything else of an instance.
///
/// # Errors
/// The tables cannot be opened.
#[wasm_bindgen(js_name = openEngine)]
pub fn open_engine(tables: &[u8]) -> Result<(), JsValue> {
    engine::open(tables).map_err(|wrong| browser::error(&wrong))
}

/// Background: a message came; gives the reply.
#[wasm_bindgen(js_name = backgroundMessage)]
pub fn background_message(message: JsValue, sender: JsValue) -> Promise {
    browser::reply(async move { browser::to_js(&background::receive(&message, &sender).await) })
}

/// Background: the package was installed or updated.
#[wasm_bindgen(js_name = backgroundInstalled)]
pub fn background_installed(reason: String) -> Promise {
    browser::promise(async move { background::installed(&reason).await })
}

/// Background: a tab was closed.
#[wasm_bindgen(js_name = backgroundTabClosed)]
pub fn background_tab_closed(tab: i32) -> Promise {
    browser::promise(tab::forget(tab))
}

/// Background: settings or records are others now.
#[wasm_bindgen(js_name = backgroundLookAgain)]
pub fn background_look_again() -> Promise {
    browser::promise(async { background::look_again().await.map_err(|wrong| browser::error(&wrong)) })
}

/// Background: the conduct of hosts that is stored is another now.
#[wasm_bindgen(js_name = backgroundConductChanged)]
pub fn background_conduct_changed() {
    conduct::changed();
}

/// Packs: put all aside.
#[wasm_bindgen(js_name = dropPacks)]
pub fn drop_packs() {
    packs::drop_all();
}

/// Packs: the key that must have signed one.
///
/// # Errors
/// The pack is refused.
#[wasm_bindgen(js_name = packKey)]
pub fn pack_key(kind: &str, bytes: &[u8], is_own: bool) -> Result<Vec<u8>, JsValue> {
    packs::key(kind, bytes, is_own).map(Vec::from).map_err(|wrong| browser::error(&wrong))
}

/// Packs: take one into use, with what the browser found out about it.
///
/// # Errors
/// The pack is refused; the old one stays in use.
#[wasm_bindgen(js_name = takePack)]
pub fn take_pack(kind: &str, bytes: Vec<u8>, is_own: bool, fits: bool, hash: &[u8]) -> Result<(), JsValue> {
    packs::take(kind, bytes, is_own, fits, hash).map_err(|wrong| browser::error(&wrong))
}

/// Packs: the layout of knowledge tables that this build reads.
#[wasm_bindgen(js_name = knowledgeLayout)]
pub fn knowledge_layout() -> u32 {
    soi_core::knowledge::KNOWLEDGE_LAYOUT
}

/// Packs: how long one is, by its header.
///
/// # Errors
/// It is no pack.
#[wasm_bindgen(js_name = packLength)]
pub fn pack_length(header: &[u8]) -> Result<f64, JsValue> {
    packs::length(header).map(|bytes| bytes as f64).map_err(|wrong| browser::error(&wrong))
}

/// Packs: which are in use, as a text that changes with them.
#[wasm_bindgen(js_name = packsInUse)]
pub fn packs_in_use() -> String {
    packs::in_use()
}

/// Packs: sequence of the pack from an address that a delta may change.
#[wasm_bindgen(js_name = baseSequence)]
pub fn base_sequence() -> Option<String> {
    packs::base_sequence()
}

/// Options: an address for packs was typed; gives the one that was stored, `undefined` when it is none.
#[wasm_bindgen(js_name = optionsOrigin)]
pub fn options_origin(typed: String) -> Promise {
    browser::reply(async move { Ok(options::choose_origin(&typed).await?.map_or(JsValue::UNDEFINED, JsValue::from)) })
}

/// Popup: draw, or draw again.
#[wasm_bindgen]
pub fn popup() -> Promise {
    browser::promise(popup::show())
}

/// Popup: something was pressed.
///
/// # Errors
/// The browser refuses.
#[wasm_bindgen(js_name = popupPressed)]
pub fn popup_pressed(event: &Event) -> Result<Option<Promise>, JsValue> {
    popup::pressed(event)
}

/// Options: draw, or draw again.
#[wasm_bindgen]
pub fn options() -> Promise {
    browser::promise(options::show())
}

/// Options: something was pressed.
///
/// # Errors
/// The browser refuses.
#[wasm_bindgen(js_name = optionsPressed)]
pub fn options_pressed(event: &Event) -> Result<Option<Promise>, JsValue> {
    options::pressed(event)
}

/// Options: a switch was changed.
///
/// # Errors
/// The browser refuses.
#[wasm_bindgen(js_name = optionsChanged)]
pub fn options_changed(event: &Event) -> Result<Option<Promise>, JsValue> {
    options::changed(event)
}

/// First run: draw, or draw again.
#[wasm_bindgen]
pub fn welcome() -> Promise {
    browser::promise(welcome::show())
}

/// First run: something was pressed.
///
/// # Errors
/// The browser refuses.
#[wasm_bindgen(js_name = welcomePressed)]
pub fn welcome_pressed(event: &Event) -> Result<Option<Promise>, JsValue> {
    welcome::pressed(event)
}

/// A snapshot's assessment, packed: byte for byte what the engine gives natively. `now` is in seconds since 1970.
///
/// # Errors
/// The snapshot is not accepted.
#[wasm_bindgen]
pub fn assess(snapshot: &str, now: f64) -> Result<Vec<u8>, JsValue> {
    Ok(soi_core::packed::write(&trial::assess(snapshot, now as i64)?))
}

/// Try-it-here page and label check: put the page into a language.
///
/// # Errors
/// The page lacks an element.
#[wasm_bindgen(js_name = trialLanguage)]
pub fn trial_language(lang: &str) -> Result<(), JsValue> {
    trial::localise(lang)
}

/// Try-it-here page: show a snapshot's assessment.
///
/// # Errors
/// The snapshot is not accepted.
#[wasm_bindgen(js_name = trialShow)]
pub fn trial_show(snapshot: &str, lang: &str) -> Result<(), JsValue> {
    trial::show(snapshot, lang, |sheet, assessment| sheet.assessment(assessment, None))
}

/// Label check: show what a snapshot of the label says about origin.
///
/// # Errors
/// The snapshot is not accepted.
#[wasm_bindgen(js_name = labelShow)]
pub fn label_show(snapshot: &str, lang: &str) -> Result<(), JsValue> {
    label::show(snapshot, lang)
}

/// Label check in the package: gives the shopper's language and what the listing claimed.
#[wasm_bindgen(js_name = labelCarried)]
pub fn label_carried() -> Promise {
    browser::reply(label::carried())
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::path::{Path, PathBuf};

    use soi_core::explain::{Explainer, Lang};

    /// Tables of `core/knowledge/locales/ui.*.toml`.
    const TABLES: [&str; 6] = ["badge.", "label.", "options.", "popup.", "trial.", "welcome."];

    /// Every key that a page or a source file names has a sentence.
    #[test]
    fn no_sentence_is_missing() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let folders = ["src", "popup", "options", "welcome", "../www/label", "../www/try"];
        let files = folders.map(|folder| files(&root.join(folder)));
        let engine = soi_core::Engine::built_in().unwrap();
        let words = Explainer::new(engine.knowledge(), Lang::Vi);
        let mut checked = 0;
        for file in files.iter().flatten() {
            for literal in fs::read_to_string(file).unwrap().split('"').skip(1).step_by(2) {
                if TABLES.iter().any(|table| literal.starts_with(table)) && is_key(literal) {
                    assert!(!words.text(literal).is_empty(), "{}: {literal} has no sentence", file.display());
                    checked += 1;
                }
            }
        }
        assert!(checked > 100, "only {checked} keys were found");
    }

    fn is_key(literal: &str) -> bool {
        let is_file = [".js", ".css", ".html"].iter().any(|ending| literal.ends_with(ending));
        !is_file && !literal.ends_with('.') && literal.chars().all(|c| c.is_ascii_lowercase() || ".-".contains(c))
    }

    fn files(folder: &Path) -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        entries.filter(|path| path.extension().is_some_and(|kind| kind == "rs" || kind == "html")).collect()
    }
}
