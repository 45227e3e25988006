//! The background: takes in what content scripts read, keeps it per tab, answers with verdicts.

use soi_core::Engine;
use soi_core::explain::Explainer;
use soi_core::finding::Assessment;
use soi_core::page::Page;
use soi_core::page::snapshot::PageSnapshot;
use wasm_bindgen::JsValue;

use crate::browser::{self, TabId};
use crate::conduct;
use crate::engine::{engine, now};
use crate::icon::{self, Icon};
use crate::messages::{self, ANY_SITE, Message, MessageError, Own, Reply, Said, Speaker};
use crate::packs::with_records;
use crate::settings::Settings;
use crate::sites::same_page;
use crate::tab::{self, TabState};
use crate::verdict::verdict;

/// The content scripts, in the order in which each builds on the one before.
const CONTENT_SCRIPTS: [&str; 5] =
    ["content/collect.js", "content/badge-style.js", "content/badge.js", "content/watch.js", "content/main.js"];
/// Inner size of the window that a badge opens.
const WINDOW: (u32, u32) = (420, 640);

/// Answers a message.
pub async fn receive(message: &JsValue, sender: &JsValue) -> Reply {
    match answer(message, sender).await {
        Ok(reply) => reply,
        Err(error) => {
            browser::log(&error.to_string());
            error.into()
        }
    }
}

async fn answer(message: &JsValue, sender: &JsValue) -> Result<Reply, MessageError> {
    let own = Own { id: browser::own_id().unwrap_or_default(), base: browser::package_url("")? };
    match messages::receive(message, sender, &own)? {
        Message::FromPage(speaker, Said::Snapshot { first, text }) => {
            Desk::open().await?.take(&speaker, first, &text).await
        }
        Message::FromPage(speaker, Said::Left) => Desk::open().await?.clear(speaker.tab).await,
        Message::FromPage(speaker, Said::Open { offer }) => {
            let popup = tab::page_about("popup/popup.html", speaker.tab, offer.as_deref());
            browser::open_window(&popup, WINDOW.0, WINDOW.1).await?;
            Ok(Reply::Silent)
        }
        Message::Inspect(tab) => inspect(tab).await,
    }
}

/// What every answer to a content script needs.
struct Desk {
    engine: &'static Engine,
    settings: Settings,
    words: Explainer<'static>,
}

impl Desk {
    async fn open() -> Result<Self, MessageError> {
        let engine = engine()?;
        let settings = Settings::load().await?;
        let words = Explainer::new(engine.knowledge(), settings.lang);
        Ok(Self { engine, settings, words })
    }

    /// Takes in a snapshot.
    async fn take(&self, speaker: &Speaker, first: bool, text: &str) -> Result<Reply, MessageError> {
        let tab = speaker.tab;
        let mut state = TabState::load(tab).await?;
        if first && speaker.top {
            // Before anything is read: whatever comes of it, the old page's answers are no longer true.
            self.put(tab, Icon::Idle).await;
            state.leave();
            state.save(tab).await?;
        }
        let snapshot = PageSnapshot::from_json(text)?;
        let page = self.engine.read(&snapshot)?;
        speaker.may_show(&page, self.engine.knowledge())?;
        if !self.settings.is_on(&page.platform) {
            return self.clear(tab).await;
        }
        if speaker.top {
            state.show(page, snapshot.title, first);
        } else {
            state.hear(page);
        }
        state.save(tab).await?;
        let Some(page) = &state.page else {
            return Ok(Reply::Silent);
        };
        let assessment = assess(self.engine, page);
        // A private window leaves nothing behind.
        if !speaker.private
            && let Err(wrong) = conduct::note(self.engine.knowledge(), page, &assessment).await
        {
            browser::log(&browser::told(&wrong));
        }
        let reply = self.show(tab, &assessment).await;
        Ok(if speaker.top { reply } else { Reply::Silent })
    }

    /// Sets a tab's button, and gives what its page is to show.
    async fn show(&self, tab: TabId, assessment: &Assessment) -> Reply {
        let icon = Icon::of(assessment);
        self.put(tab, icon).await;
        match icon {
            Icon::Grade(_) => Reply::Verdict(verdict(assessment, &self.words)),
            _ => Reply::Silent,
        }
    }

    /// Forgets what a tab showed.
    async fn clear(&self, tab: TabId) -> Result<Reply, MessageError> {
        self.put(tab, Icon::Idle).await;
        tab::forget(tab).await?;
        Ok(Reply::Silent)
    }

    /// A tab that closed meanwhile has no button to set: that is no failure.
    async fn put(&self, tab: TabId, icon: Icon) {
        if icon::set(tab, icon, &self.words).await.is_err() {
            browser::log(&format!("tab {tab} has no toolbar button any more"));
        }
    }
}

/// A tab's page and title, as long as the tab still shows that page and the shopper wants it looked at.
///
/// # Errors
/// The browser refuses.
pub async fn page_in(settings: &Settings, tab: TabId) -> Result<Option<(Page, String)>, JsValue> {
    let state = TabState::load(tab).await?;
    let address = browser::tab(tab).await?.url.unwrap_or_default();
    let still_there = |page: &Page| settings.is_on(&page.platform) && same_page(&page.url, &address);
    Ok(state.page.filter(still_there).map(|page| (page, state.title)))
}

/// A page, held against the packs of this instance.
pub fn assess(engine: &Engine, page: &Page) -> Assessment {
    with_records(|records| engine.assess(page, records, now()))
}

/// Reads a page that is none of ours, because the shopper asked.
async fn inspect(tab: TabId) -> Result<Reply, MessageError> {
    let plan = format!("content/plans/{ANY_SITE}.js");
    let [collect, style, badge, watch, main] = CONTENT_SCRIPTS;
    browser::run_scripts(tab, &[&plan, collect, style, badge, watch, main]).await?;
    Ok(Reply::Silent)
}

/// Settings or records are others now: every tab's button and badges follow.
pub async fn look_again() -> Result<(), MessageError> {
    let desk = Desk::open().await?;
    for tab in browser::session_keys().await?.iter().filter_map(|key| tab::of_key(key)) {
        match TabState::load(tab).await?.page {
            Some(page) if desk.settings.is_on(&page.platform) => {
                let reply = desk.show(tab, &assess(desk.engine, &page)).await;
                // A tab that closed meanwhile hears nothing.
                let _ = browser::tell_page(tab, &browser::to_js(&reply)?).await;
            }
            Some(_) => drop(desk.clear(tab).await?),
            None => {}
        }
    }
    Ok(())
}

/// The package was installed or updated.
pub async fn installed(reason: &str) -> Result<(), JsValue> {
    if reason == "install" {
        browser::open_tab("welcome/welcome.html").await?;
    }
    Ok(())
}
