//! What may be said to the background, by whom, and what it answers.
//!
//! A message is hostile until [`receive`] has held it to its shape, its size and its sender. What passes is typed:
//! nothing behind this module asks again who spoke.

use js_sys::JsString;
use serde::Serialize;
use soi_core::knowledge::{Knowledge, PageKind, Platform};
use soi_core::page::snapshot::{MAX_SNAPSHOT_BYTES, SnapshotError};
use soi_core::page::{Page, ReadError};
use wasm_bindgen::{JsCast, JsValue};

use crate::browser::{self, TabId, member};
use crate::engine::EngineClosed;
use crate::sites::{authority, host};

/// Longest product key.
const MAX_KEY_BYTES: usize = 512;
/// The platform of pages that the shopper asks for: it has no hosts of its own.
pub const ANY_SITE: &str = "schemaorg";

/// A message that passed.
#[derive(Debug, PartialEq, Eq)]
pub enum Message {
    /// From a content script.
    FromPage(Speaker, Said),
    /// From the popup: to read a page that is none of ours.
    Inspect(TabId),
}

/// The frame in which a content script runs.
#[derive(Debug, PartialEq, Eq)]
pub struct Speaker {
    /// Its tab.
    pub tab: TabId,
    /// Whether it is the tab's own page, not a frame inside it.
    pub top: bool,
    /// Whether its window is a private one.
    pub private: bool,
    /// Its host, with the port.
    authority: String,
}

/// What a content script says.
#[derive(Debug, PartialEq, Eq)]
pub enum Said {
    /// A page, or what was added to it.
    Snapshot {
        /// Whether it is the first of its address.
        first: bool,
        /// PageSnapshot as JSON.
        text: String,
    },
    /// The tab moved to an address that is none of ours.
    Left,
    /// The badge was pressed.
    Open {
        /// The product's key; absent: the room.
        offer: Option<String>,
    },
}

/// What the background answers.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Reply {
    /// Draw these badges.
    Verdict(crate::verdict::Verdict),
    /// Draw nothing.
    Silent,
    /// Not accepted.
    Refused {
        /// Stable code.
        code: &'static str,
        /// What was wrong, for the console.
        message: String,
    },
}

/// Why a message was not accepted.
#[derive(Debug, thiserror::Error)]
pub enum MessageError {
    /// None of the messages in `ARCHITECTURE.md`.
    #[error("message.malformed: {0} is missing or of another kind")]
    Malformed(&'static str),
    /// A snapshot or key beyond its limit.
    #[error("message.too-large: {given}, at most {limit} are read")]
    TooLarge {
        /// Size given.
        given: usize,
        /// Size allowed.
        limit: usize,
    },
    /// Another extension, or a web page.
    #[error("sender.foreign: only Soi's own scripts and pages are answered")]
    Foreign,
    /// A page's message from no tab, or the popup's from a web page.
    #[error("sender.place: this message does not come from there")]
    Place,
    /// A frame that may not speak for its tab.
    #[error("sender.frame: a frame may only add a live chat")]
    Frame,
    /// A snapshot of another site than the one that sends it.
    #[error("sender.address: the snapshot is of {claimed}, its sender is on {sender}")]
    Address {
        /// Host in the snapshot.
        claimed: String,
        /// Host of the sender.
        sender: String,
    },
    /// A snapshot whose platform does not live on its host.
    #[error("sender.platform: {platform} does not live on {host}")]
    NotItsSite {
        /// Platform's id.
        platform: String,
        /// Host of the sender.
        host: String,
    },
    /// The snapshot itself.
    #[error(transparent)]
    Snapshot(#[from] SnapshotError),
    /// The engine could not read the snapshot.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The engine is not open.
    #[error(transparent)]
    Engine(#[from] EngineClosed),
    /// A browser call failed.
    #[error("browser.refused: {0}")]
    Browser(String),
}

impl MessageError {
    /// Stable code.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Malformed(_) => "message.malformed",
            Self::TooLarge { .. } => "message.too-large",
            Self::Foreign => "sender.foreign",
            Self::Place => "sender.place",
            Self::Frame => "sender.frame",
            Self::Address { .. } => "sender.address",
            Self::NotItsSite { .. } => "sender.platform",
            Self::Snapshot(error) => error.code(),
            Self::Read(error) => error.code(),
            Self::Engine(_) => "engine.closed",
            Self::Browser(_) => "browser.refused",
        }
    }
}

impl From<JsValue> for MessageError {
    fn from(error: JsValue) -> Self {
        Self::Browser(browser::told(&error))
    }
}

impl From<MessageError> for Reply {
    fn from(error: MessageError) -> Self {
        Self::Refused { code: error.code(), message: error.to_string() }
    }
}

/// Holds a message to its shape, its size and its sender.
///
/// # Errors
/// What is wrong with it.
pub fn receive(message: &JsValue, sender: &JsValue, own: &Own) -> Result<Message, MessageError> {
    let sender = Sender {
        id: member(sender, "id").as_string(),
        url: member(sender, "url").as_string(),
        frame: member(sender, "frameId").as_f64(),
        tab: tab_id(&member(&member(sender, "tab"), "id")),
        private: member(&member(sender, "tab"), "incognito").as_bool().unwrap_or(false),
    };
    if sender.id.as_deref() != Some(&own.id) {
        return Err(MessageError::Foreign);
    }
    accept(Wire::read(message)?, sender, own)
}

/// The extension, as it knows itself.
pub struct Own {
    /// Its id.
    pub id: String,
    /// What the addresses of its own pages begin with.
    pub base: String,
}

enum Wire {
    Snapshot { first: bool, snapshot: String },
    Left,
    Open { offer: Option<String> },
    Inspect { tab: TabId },
}

impl Wire {
    fn read(message: &JsValue) -> Result<Self, MessageError> {
        let field = |name| member(message, name);
        let tab = || tab_id(&field("tab")).ok_or(MessageError::Malformed("tab"));
        Ok(match field("type").as_string().as_deref() {
            Some("snapshot") => Self::Snapshot {
                first: field("first").as_bool().ok_or(MessageError::Malformed("first"))?,
                snapshot: text_within(&field("snapshot"), MAX_SNAPSHOT_BYTES)?
                    .ok_or(MessageError::Malformed("snapshot"))?,
            },
            Some("left") => Self::Left,
            Some("open") => Self::Open { offer: text_within(&field("offer"), MAX_KEY_BYTES)? },
            Some("inspect") => Self::Inspect { tab: tab()? },
            _ => return Err(MessageError::Malformed("type")),
        })
    }
}

struct Sender {
    id: Option<String>,
    url: Option<String>,
    frame: Option<f64>,
    tab: Option<TabId>,
    private: bool,
}

/// A text, or none for null. It is measured while it is still the browser's, before anything of it is copied: no
/// text has fewer bytes than it has UTF-16 units.
fn text_within(value: &JsValue, limit: usize) -> Result<Option<String>, MessageError> {
    let Some(text) = value.dyn_ref::<JsString>() else {
        return if value.is_null() { Ok(None) } else { Err(MessageError::Malformed("a text")) };
    };
    match text.length() as usize {
        given if given > limit => Err(MessageError::TooLarge { given, limit }),
        _ => Ok(Some(String::from(text))),
    }
}

/// A tab's number: whole, and not the browser's word for "none".
fn tab_id(value: &JsValue) -> Option<TabId> {
    let number = value.as_f64()?;
    (number.fract() == 0.0 && (0.0..=f64::from(TabId::MAX)).contains(&number)).then_some(number as TabId)
}

fn accept(wire: Wire, sender: Sender, own: &Own) -> Result<Message, MessageError> {
    let url = sender.url.unwrap_or_default();
    let ours = url.starts_with(&own.base);
    let said = match wire {
        Wire::Inspect { tab } if ours => return Ok(Message::Inspect(tab)),
        Wire::Inspect { .. } => return Err(MessageError::Place),
        Wire::Snapshot { first, snapshot } => Said::Snapshot { first, text: snapshot },
        Wire::Left => Said::Left,
        Wire::Open { offer } => Said::Open { offer },
    };
    let tab = sender.tab.ok_or(MessageError::Place)?;
    let authority = authority(&url).ok_or(MessageError::Place)?.to_owned();
    let top = sender.frame == Some(0.0);
    if !top && !matches!(said, Said::Snapshot { .. }) {
        return Err(MessageError::Frame);
    }
    Ok(Message::FromPage(Speaker { tab, top, private: sender.private, authority }, said))
}

impl Speaker {
    /// Whether this frame may speak for a page that was read from its snapshot.
    ///
    /// # Errors
    /// It may not, and why.
    pub fn may_show(&self, page: &Page, knowledge: &Knowledge) -> Result<(), MessageError> {
        let claimed = authority(&page.url).unwrap_or_default();
        if claimed != self.authority {
            return Err(MessageError::Address { claimed: claimed.to_owned(), sender: self.authority.clone() });
        }
        let lives_here = |platform: &Platform| platform.id == ANY_SITE || platform.has_host(host(&self.authority));
        if !knowledge.platform(&page.platform).is_some_and(lives_here) {
            return Err(MessageError::NotItsSite { platform: page.platform.clone(), host: self.authority.clone() });
        }
        if !self.top && page.kind != PageKind::LiveChat {
            return Err(MessageError::Frame);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn own() -> Own {
        Own { id: "soi".to_owned(), base: "chrome-extension://soi/".to_owned() }
    }

    fn frame(url: &str, frame: i32) -> Sender {
        Sender {
            id: Some("soi".to_owned()),
            url: Some(url.to_owned()),
            frame: Some(f64::from(frame)),
            tab: Some(7),
            private: false,
        }
    }

    fn code<T>(result: Result<T, MessageError>) -> &'static str {
        match result {
            Ok(_) => "accepted",
            Err(error) => error.code(),
        }
    }

    fn page(platform: &str, kind: &str, url: &str) -> Page {
        serde_json::from_value(serde_json::json!({
            "platform": platform, "rules": 1, "kind": kind, "url": url,
            "room": null, "offers": [], "unread": [], "earlier": [],
        }))
        .unwrap()
    }

    fn platforms(known: &[(&str, &str)]) -> Knowledge {
        let platform = |&(id, host): &(&str, &str)| {
            serde_json::from_value(serde_json::json!({
                "id": id, "name": id, "version": 1, "provenance": {"source": "", "verified": true},
                "hosts": if host.is_empty() { vec![] } else { vec![host] },
            }))
            .unwrap()
        };
        Knowledge { platforms: known.iter().map(platform).collect(), ..Knowledge::default() }
    }

    #[test]
    fn a_page_cannot_ask_what_only_the_popup_asks() {
        let inspect = || Wire::Inspect { tab: 3 };
        assert_eq!(code(accept(inspect(), frame("https://shopee.vn/", 0), &own())), "sender.place");
        let popup = frame("chrome-extension://soi/popup/popup.html?tab=3", 0);
        assert_eq!(accept(inspect(), popup, &own()).unwrap(), Message::Inspect(3));
    }

    #[test]
    fn only_the_tabs_own_page_may_leave_or_open() {
        assert_eq!(code(accept(Wire::Left, frame("https://shopee.vn/", 0), &own())), "accepted");
        assert_eq!(code(accept(Wire::Left, frame("https://shopee.vn/", 4), &own())), "sender.frame");
        let open = Wire::Open { offer: None };
        assert_eq!(code(accept(open, frame("https://shopee.vn/", 4), &own())), "sender.frame");
        assert_eq!(code(accept(Wire::Left, frame("chrome-extension://soi/x", 0), &own())), "sender.place");
    }

    #[test]
    fn a_snapshot_is_of_the_site_that_sends_it() {
        let speaker = |top| Speaker { tab: 7, top, private: false, authority: "shopee.vn:8443".to_owned() };
        let known = platforms(&[("shopee", "shopee.vn"), ("tiki", "tiki.vn"), (ANY_SITE, "")]);
        let send = |platform, url| code(speaker(true).may_show(&page(platform, "product", url), &known));
        assert_eq!(send("shopee", "https://shopee.vn:8443/a"), "accepted");
        assert_eq!(send(ANY_SITE, "https://shopee.vn:8443/a"), "accepted");
        assert_eq!(send("shopee", "https://shopee.vn/a"), "sender.address");
        assert_eq!(send("shopee", "https://shopee.vn:8443@evil.example/a"), "sender.address");
        assert_eq!(send("shopee", "https://evil.example\\@shopee.vn:8443/"), "sender.address");
        assert_eq!(send("tiki", "https://shopee.vn:8443/a"), "sender.platform");
        assert_eq!(send("unheard-of", "https://shopee.vn:8443/a"), "sender.platform");

        let framed = |kind| code(speaker(false).may_show(&page("shopee", kind, "https://shopee.vn:8443/a"), &known));
        assert_eq!(framed("live_chat"), "accepted");
        assert_eq!(framed("product"), "sender.frame");
    }
}
