//! The try-it-here page: the same engine and the same sheet, in any browser, without an installation. The label check
//! (`label.rs`) builds upon it.

use soi_core::explain::{Explainer, Lang};
use soi_core::finding::Assessment;
use soi_core::page::snapshot::PageSnapshot;
use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::browser::error;
use crate::dom::{self, Shown};
use crate::engine::{engine, knowledge, now};
use crate::packs::with_records;
use crate::sheet::Sheet;

/// Assesses a snapshot.
///
/// # Errors
/// The snapshot is not accepted, with the reason as text.
pub fn assess(snapshot: &str, now: i64) -> Result<Assessment, JsValue> {
    let engine = engine().map_err(|wrong| error(&wrong))?;
    let snapshot = PageSnapshot::from_json(snapshot).map_err(|wrong| error(&wrong))?;
    let page = engine.read(&snapshot).map_err(|wrong| error(&wrong))?;
    Ok(with_records(|records| engine.assess(&page, records, now)))
}

/// Puts the page into a language.
///
/// # Errors
/// The document is gone.
pub fn localise(lang: &str) -> Shown<()> {
    let words = Explainer::new(knowledge()?, Lang::parse(lang));
    dom::localise_page(&words)?;
    crate::settings::show_lang(&words)
}

/// Shows what `draw` makes of a snapshot's assessment.
///
/// # Errors
/// The snapshot is not accepted, or the page lacks a template.
pub fn show(
    snapshot: &str,
    lang: &str,
    draw: impl FnOnce(&Sheet<'_>, &Assessment) -> Shown<Vec<Element>>,
) -> Shown<()> {
    let knowledge = knowledge()?;
    let assessment = assess(snapshot, now())?;
    let sheet = Sheet::new(knowledge, Explainer::new(knowledge, Lang::parse(lang)));
    dom::show(&dom::by_id("sheet")?, draw(&sheet, &assessment)?)
}
