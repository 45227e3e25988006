//! The first page a shopper sees: what Soi does and never does, and whether the browser lets it in.

use soi_core::explain::Explainer;
use soi_core::finding::Grade;
use web_sys::Event;

use crate::browser;
use crate::dom::{self, Shown};
use crate::engine::knowledge;
use crate::settings::{self, Settings};

/// The six marks and what each one means.
const MARKS: [(Grade, &str); 6] = [
    (Grade::A, "welcome.grade.a"),
    (Grade::B, "welcome.grade.b"),
    (Grade::C, "welcome.grade.c"),
    (Grade::D, "welcome.grade.d"),
    (Grade::E, "welcome.grade.e"),
    (Grade::Unknown, "welcome.grade.unknown"),
];

/// Draws the page.
///
/// # Errors
/// The browser refuses, or the page lacks a template.
pub async fn show() -> Shown<()> {
    let settings = Settings::load().await?;
    let words = Explainer::new(knowledge()?, settings.lang);
    dom::localise_page(&words)?;
    settings::show_lang(&words)?;
    let marks = MARKS.map(|(grade, meaning)| dom::grade_row(grade, words.text(meaning), &words));
    dom::show(&dom::by_id("grades")?, marks.into_iter().collect::<Shown<_>>()?)?;

    let is_let_in = browser::may_enter(&browser::declared_sites()?).await?;
    dom::by_id("let-in")?.toggle_attribute_with_force("hidden", !is_let_in)?;
    dom::by_id("kept-out")?.toggle_attribute_with_force("hidden", is_let_in)?;
    Ok(())
}

/// Does what a pressed button says.
///
/// # Errors
/// The browser refuses.
pub fn pressed(event: &Event) -> Shown<Option<js_sys::Promise>> {
    let Some(button) = dom::pressed(event)? else {
        return Ok(None);
    };
    match button.get_attribute("data-action").as_deref() {
        Some("lang") => Ok(Some(settings::choose_lang(&button))),
        Some("grant") => browser::ask_for_sites(&browser::declared_sites()?).map(Some),
        _ => Ok(None),
    }
}
