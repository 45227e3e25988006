//! What is known about a tab, kept in `storage.session` so that a stopped background loses nothing.

use serde::{Deserialize, Serialize};
use soi_core::page::Page;
use wasm_bindgen::JsValue;

use crate::browser::{self, Store, TabId};
use crate::packed;
use crate::sites::same_page;

/// The page in a tab.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct TabState {
    /// The document's title.
    pub title: String,
    /// What has been read so far.
    pub page: Option<Page>,
    /// A chat frame's lines that came before the page around it.
    early_chat: Option<Page>,
}

/// The key of a tab in `storage.session`.
pub fn key(tab: TabId) -> String {
    format!("tab:{tab}")
}

/// Forgets a tab.
///
/// # Errors
/// The browser refuses.
pub async fn forget(tab: TabId) -> Result<(), JsValue> {
    browser::forget(&key(tab)).await
}

/// The tab of a key in `storage.session`.
pub fn of_key(key: &str) -> Option<TabId> {
    TabId::try_from(key.strip_prefix("tab:")?.parse::<i64>().ok()?).ok()
}

/// Address of a page of the package about a tab, and about a product in it.
pub fn page_about(page: &str, tab: TabId, offer: Option<&str>) -> String {
    match offer.map(|key| String::from(js_sys::encode_uri_component(key))) {
        Some(key) => format!("{page}?tab={tab}&offer={key}"),
        None => format!("{page}?tab={tab}"),
    }
}

impl TabState {
    /// The stored state; empty when there is none, or when it was written by another version.
    ///
    /// # Errors
    /// The browser refuses to read.
    pub async fn load(tab: TabId) -> Result<Self, JsValue> {
        let stored = browser::stored(Store::Session, &key(tab)).await?;
        Ok(stored.and_then(|value| value.as_string()).and_then(|text| packed::from_text(&text)).unwrap_or_default())
    }

    /// Stores the state.
    ///
    /// # Errors
    /// The browser refuses to write.
    pub async fn save(&self, tab: TabId) -> Result<(), JsValue> {
        let text = packed::to_text(self);
        browser::store(Store::Session, &key(tab), &JsValue::from_str(&text)).await
    }

    /// Drops the page: the tab moved on. What a chat frame read ahead of the next page stays.
    pub fn leave(&mut self) {
        self.title.clear();
        self.page = None;
    }

    /// Takes a page that was read in the tab's own frame: a new address replaces what was known, the same one adds.
    pub fn show(&mut self, mut page: Page, title: String, first: bool) {
        self.title = title;
        match &mut self.page {
            Some(known) if !first && same_page(&known.url, &page.url) => known.absorb(page),
            slot => {
                if let Some(before) = slot {
                    page.follow(before);
                }
                if let Some(chat) = self.early_chat.take() {
                    hear(&mut page, chat);
                }
                *slot = Some(page);
            }
        }
    }

    /// Takes what a chat frame inside the page read.
    pub fn hear(&mut self, chat: Page) {
        match (&mut self.page, &mut self.early_chat) {
            (Some(page), _) => hear(page, chat),
            (None, Some(earlier)) => hear(earlier, chat),
            (None, slot @ None) => *slot = Some(chat),
        }
    }
}

/// A chat frame speaks for the page around it, which keeps its own kind and address.
fn hear(page: &mut Page, mut chat: Page) {
    chat.kind = page.kind;
    page.absorb(chat);
}

#[cfg(test)]
mod tests {
    use super::*;
    use soi_core::knowledge::{ClaimGroup, PageKind};
    use soi_core::page::Room;
    use soi_core::page::talk::{Remark, Talk};

    fn page(kind: PageKind, url: &str, said: &[&str]) -> Page {
        let remarks = said.iter().map(|code| Remark {
            group: ClaimGroup::Urgency,
            code: (*code).to_owned(),
            quote: String::new(),
            spoken: false,
            disguised: false,
            at: 0,
            times: 1,
        });
        Page {
            platform: "youtube".to_owned(),
            rules: 1,
            kind,
            url: url.to_owned(),
            room: Some(Room { talk: Talk { remarks: remarks.collect(), ..Talk::default() }, ..Room::default() }),
            offers: Vec::new(),
            unread: Vec::new(),
            earlier: Vec::new(),
        }
    }

    fn said(state: &TabState) -> Vec<&str> {
        let room = state.page.as_ref().and_then(|page| page.room.as_ref()).unwrap();
        room.talk.remarks.iter().map(|remark| remark.code.as_str()).collect()
    }

    #[test]
    fn the_same_address_adds_and_another_replaces() {
        let mut state = TabState::default();
        state.show(page(PageKind::Live, "https://a/1", &["one"]), "A".to_owned(), true);
        state.show(page(PageKind::Live, "https://a/1", &["two"]), "A".to_owned(), false);
        assert_eq!(said(&state), ["one", "two"]);
        state.show(page(PageKind::Live, "https://a/2", &["three"]), "B".to_owned(), false);
        assert_eq!(said(&state), ["three"]);
        state.show(page(PageKind::Live, "https://a/2", &["four"]), "B".to_owned(), true);
        assert_eq!(said(&state), ["four"]);
    }

    #[test]
    fn the_next_page_remembers_what_the_tab_showed() {
        let selling = |origin: &str| {
            let reading = serde_json::json!({
                "value": {"text": origin}, "quote": origin, "source": "label_value", "rule": "label", "confidence": 85,
                "disagreeing": [],
            });
            let offer = serde_json::json!({
                "key": "tiki:1", "anchors": ["page"], "link": null, "view": "page", "fields": [["origin", reading]],
            });
            Page { offers: vec![serde_json::from_value(offer).unwrap()], ..page(PageKind::Product, "https://a/1", &[]) }
        };
        let mut state = TabState::default();
        state.show(selling("Đức"), "A".to_owned(), true);
        state.show(selling("Trung Quốc"), "A".to_owned(), true);
        state.show(selling("Trung Quốc"), "A".to_owned(), true);
        let earlier = &state.page.as_ref().unwrap().earlier;
        assert_eq!(earlier.iter().map(|it| it.quote.as_str()).collect::<Vec<_>>(), ["Đức", "Trung Quốc"]);
    }

    #[test]
    fn a_chat_that_comes_before_its_page_waits_for_it() {
        let mut state = TabState::default();
        state.hear(page(PageKind::LiveChat, "https://a/chat", &["early"]));
        state.hear(page(PageKind::LiveChat, "https://a/chat", &["still early"]));
        assert!(state.page.is_none());
        state.show(page(PageKind::Live, "https://a/1", &["one"]), "A".to_owned(), true);
        state.hear(page(PageKind::LiveChat, "https://a/chat", &["late"]));
        assert_eq!(said(&state), ["one", "early", "still early", "late"]);
        assert_eq!(state.page.as_ref().unwrap().kind, PageKind::Live);

        let again: TabState = packed::from_text(&packed::to_text(&state)).unwrap();
        assert_eq!(again.page, state.page);
        assert!(packed::from_text::<TabState>("of another version").is_none());
    }
}
