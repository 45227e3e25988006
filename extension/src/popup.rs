//! The popup: what is known about one tab, and what to do when that is nothing.

use js_sys::Promise;
use soi_core::Engine;
use soi_core::conduct::Ruling;
use soi_core::explain::Explainer;
use soi_core::finding::Assessment;
use soi_core::knowledge::{Knowledge, PageKind, Platform};
use web_sys::{Element, Event};

use crate::background::{assess, page_in};
use crate::browser::{self, Tab, TabId, promise};
use crate::conduct::{self, Ledger};
use crate::dom::{self, Shown};
use crate::engine::{engine, knowledge};
use crate::messages::ANY_SITE;
use crate::settings::Settings;
use crate::sheet::Sheet;
use crate::sites::{self, authority, host};

/// What there is to say about a tab.
enum View {
    /// Answers, the page's title, and the host whose conduct is kept.
    Answers(Box<Assessment>, String, Option<String>),
    /// A login, captcha or region wall.
    Wall,
    /// One of our sites or an inspected page, and no product on it.
    NoProduct,
    /// One of our sites, nothing read yet.
    NothingYet,
    /// One of our sites, switched off.
    Off(&'static Platform),
    /// One of our sites, and the browser keeps Soi out of it.
    KeptOut(&'static Platform),
    /// None of our sites.
    NotOurs,
    /// The tab was closed.
    Gone,
}

/// Draws the popup, or draws it again when something changed.
///
/// # Errors
/// The browser refuses, or the page lacks a template.
pub async fn show() -> Shown<()> {
    let engine = engine().map_err(|wrong| browser::error(&wrong))?;
    let knowledge = engine.knowledge();
    let settings = Settings::load().await?;
    let words = Explainer::new(knowledge, settings.lang);
    dom::localise_page(&words)?;
    let tab = tab_in_question().await?;
    let view = look(engine, &settings, &tab).await?;
    let shown = match &view {
        View::Answers(assessment, title, host) => {
            dom::by_id("page")?.set_text_content(Some(&about(knowledge, assessment, title, &words)));
            let asked = dom::parameter("offer");
            let ledger = Ledger::load().await?;
            let conduct = host.as_ref().and_then(|host| Some((host.clone(), ledger.of(host)?)));
            let sheet = Sheet::new(knowledge, words).of_tab(tab.as_ref().and_then(|tab| tab.id));
            let sheet = sheet.with_conduct(conduct.filter(|(_, conduct)| !conduct.entries.is_empty()));
            sheet.assessment(assessment, asked.as_deref())?
        }
        View::Wall => vec![notice("wall", None, &words)?],
        View::NoProduct => vec![notice("no-product", None, &words)?],
        View::NothingYet => vec![notice("nothing-yet", None, &words)?],
        View::Off(platform) => vec![notice("off", Some(platform), &words)?],
        View::KeptOut(platform) => vec![notice("kept-out", Some(platform), &words)?],
        View::NotOurs => vec![notice("not-ours", None, &words)?],
        View::Gone => vec![notice("gone", None, &words)?],
    };
    dom::by_id("page")?.toggle_attribute_with_force("hidden", !matches!(view, View::Answers(..)))?;
    let sheet = dom::by_id("sheet")?;
    let is_first = sheet.has_attribute("aria-busy");
    dom::show(&sheet, shown)?;
    if is_first {
        sheet.remove_attribute("aria-busy")?;
        scroll_to_asked(&sheet)?;
    }
    Ok(())
}

/// The tab that the address names, or else the one in front.
async fn tab_in_question() -> Shown<Option<Tab>> {
    match dom::parameter("tab").and_then(|tab| tab.parse::<TabId>().ok()) {
        Some(tab) => Ok(browser::tab(tab).await.ok()),
        None => browser::active_tab().await,
    }
}

async fn look(engine: &'static Engine, settings: &Settings, tab: &Option<Tab>) -> Shown<View> {
    let Some(Tab { id: Some(id), url }) = tab else {
        return Ok(View::Gone);
    };
    if let Some((page, title)) = page_in(settings, *id).await? {
        let assessment = assess(engine, &page);
        let platform = assessment.platform.as_str();
        return Ok(match assessment.kind {
            PageKind::Wall => View::Wall,
            _ if !assessment.offers.is_empty() || assessment.room.is_some() => {
                View::Answers(Box::new(assessment), title, conduct::host(&page))
            }
            PageKind::Other if platform != ANY_SITE => View::NothingYet,
            _ => View::NoProduct,
        });
    }
    let site = url.as_deref().and_then(authority).map(host);
    let platforms = &engine.knowledge().platforms;
    let Some(platform) = site.and_then(|site| platforms.iter().find(|it| it.has_host(site))) else {
        return Ok(View::NotOurs);
    };
    if !settings.is_on(&platform.id) {
        return Ok(View::Off(platform));
    }
    if browser::may_enter(&sites::patterns(platform)).await? {
        Ok(View::NothingYet)
    } else {
        Ok(View::KeptOut(platform))
    }
}

/// "TikTok · phòng livestream · 12 sản phẩm": where the answers come from.
fn about(knowledge: &Knowledge, assessment: &Assessment, title: &str, words: &Explainer<'_>) -> String {
    let platform = knowledge.platform(&assessment.platform).map_or("", |platform| platform.name.as_str());
    let platform =
        if assessment.platform == ANY_SITE { authority(&assessment.url).unwrap_or_default() } else { platform };
    let kind = words.page_kind(assessment.kind);
    let count = assessment.offers.len().to_string();
    match assessment.offers.len() {
        0 => words.fill("popup.about-room", &[("platform", platform), ("kind", kind), ("title", title)]),
        1 => words.fill("popup.about-one", &[("platform", platform), ("kind", kind)]),
        _ => words.fill("popup.about-many", &[("platform", platform), ("kind", kind), ("count", &count)]),
    }
}

/// What to say when there are no answers, and the one thing that can be done about it.
fn notice(name: &str, platform: Option<&Platform>, words: &Explainer<'_>) -> Shown<Element> {
    let element = dom::clone("notice", words)?;
    element.set_attribute("data-notice", name)?;
    let site = platform.map_or("", |platform| platform.name.as_str());
    let said = |part| words.fill(&format!("popup.{name}.{part}"), &[("platform", site)]);
    dom::say(&element, "title", &said("title"))?;
    dom::say(&element, "text", &said("text"))?;
    let button = said("button");
    dom::say(&element, "button", &button)?;
    if !button.is_empty() {
        let button = dom::part(&element, "button")?;
        button.set_attribute("data-action", name)?;
        button.set_attribute("data-platform", platform.map_or("", |platform| platform.id.as_str()))?;
    }
    Ok(element)
}

fn scroll_to_asked(sheet: &Element) -> Shown<()> {
    let Some(asked) = dom::parameter("offer") else {
        return Ok(());
    };
    for offer in dom::all(sheet, "[data-offer]")? {
        if offer.get_attribute("data-offer").as_deref() == Some(&asked) {
            offer.scroll_into_view();
            if let Some(summary) = offer.first_element_child() {
                dom::focus(&summary)?;
            }
        }
    }
    Ok(())
}

/// Does what a pressed button says. The part that needs the press itself happens before this returns; the promise
/// is for the rest.
///
/// # Errors
/// The browser refuses.
pub fn pressed(event: &Event) -> Shown<Option<Promise>> {
    let Some(button) = dom::pressed(event)? else {
        return Ok(None);
    };
    let action = button.get_attribute("data-action").unwrap_or_default();
    let platform = button.get_attribute("data-platform").unwrap_or_default();
    let work = match action.as_str() {
        "copy" => promise(async move { copy(&button).await }),
        "confirm" => promise(async move { rule(&button, Ruling::Confirmed).await }),
        "dismiss" => promise(async move { rule(&button, Ruling::Dismissed).await }),
        "not-ours" => promise(inspect()),
        "off" => promise(async move { switch_on(&platform).await }),
        "kept-out" => {
            let sites = knowledge()?.platform(&platform).map(sites::patterns).unwrap_or_default();
            browser::ask_for_sites(&sites)?
        }
        _ => return Ok(None),
    };
    Ok(Some(work))
}

/// Copies the question beside a button, and says so politely.
async fn copy(button: &Element) -> Shown<()> {
    let words = page_words()?;
    let Some(row) = button.closest("[data-row]")? else {
        return Ok(());
    };
    let text = dom::part(&row, "text")?.text_content().unwrap_or_default();
    let told = match browser::copy(&text).await {
        Ok(()) => "popup.ask.copied",
        Err(_) => "popup.ask.not-copied",
    };
    dom::part(&row, "told")?.set_text_content(Some(words.text(told)));
    Ok(())
}

/// Stores what the shopper says to something that a host was found to say; pressed again, the button takes it back. The page
/// is drawn again when it is stored.
async fn rule(button: &Element, ruling: Ruling) -> Shown<()> {
    let Some(row) = button.closest("[data-code]")? else {
        return Ok(());
    };
    let named = |name| row.get_attribute(name).unwrap_or_default();
    let at = named("data-at").parse::<i64>().unwrap_or_default();
    let is_set = button.get_attribute("aria-pressed").as_deref() == Some("true");
    let ruling = if is_set { Ruling::Open } else { ruling };
    conduct::rule(&named("data-host"), &named("data-code"), at, ruling).await
}

/// Has a page that is none of ours read, because the shopper asks for it.
async fn inspect() -> Shown<()> {
    let words = page_words()?;
    let Some(Tab { id: Some(tab), .. }) = tab_in_question().await? else {
        return Ok(());
    };
    let sheet = dom::by_id("sheet")?;
    dom::show(&sheet, vec![notice("reading", None, &words)?])?;
    let reply = browser::tell_background("inspect", tab).await?;
    if browser::member(&reply, "type").as_string().as_deref() == Some("refused") {
        dom::show(&sheet, vec![notice("refused", None, &words)?])?;
    }
    Ok(())
}

async fn switch_on(platform: &str) -> Shown<()> {
    let mut settings = Settings::load().await?;
    settings.switch(platform, true);
    settings.save().await
}

/// Words in the language that the page is in.
fn page_words() -> Shown<Explainer<'static>> {
    let root = dom::document()?.document_element();
    let lang = root.and_then(|root| root.get_attribute("lang")).unwrap_or_default();
    Ok(Explainer::new(knowledge()?, soi_core::explain::Lang::parse(&lang)))
}
