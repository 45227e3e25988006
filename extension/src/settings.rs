//! What the shopper has chosen, kept in `storage.local`.

use serde::Serialize;
use soi_core::explain::{Explainer, Lang};
use wasm_bindgen::JsValue;
use web_sys::Element;

use crate::browser::{self, Store};
use crate::dom::{self, Shown};

/// The key in `storage.local`.
pub const KEY: &str = "settings";

/// The shopper's choices.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Settings {
    /// The language of the words.
    #[serde(serialize_with = "tag")]
    pub lang: Lang,
    /// Ids of the platforms that are switched off.
    pub off: Vec<String>,
    /// Where newer packs are asked for, without a slash at its end; empty: nowhere.
    pub packs: String,
}

fn tag<S: serde::Serializer>(lang: &Lang, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(lang.tag())
}

impl Settings {
    /// The stored choices; what is missing or unreadable is as on the first day.
    ///
    /// # Errors
    /// The browser refuses to read.
    pub async fn load() -> Result<Self, JsValue> {
        let stored = browser::stored(Store::Local, KEY).await?.unwrap_or_default();
        let off = browser::member(&stored, "off");
        Ok(Self {
            lang: Lang::parse(&browser::member(&stored, "lang").as_string().unwrap_or_default()),
            off: browser::items(&off).iter().filter_map(JsValue::as_string).collect(),
            packs: browser::member(&stored, "packs").as_string().unwrap_or_default(),
        })
    }

    /// Stores the choices.
    ///
    /// # Errors
    /// The browser refuses to write.
    pub async fn save(&self) -> Result<(), JsValue> {
        browser::store(Store::Local, KEY, &browser::to_js(self)?).await
    }

    /// Whether a platform is switched on.
    pub fn is_on(&self, platform: &str) -> bool {
        !self.off.iter().any(|off| off == platform)
    }

    /// Switches a platform on or off.
    pub fn switch(&mut self, platform: &str, on: bool) {
        self.off.retain(|off| off != platform);
        if !on {
            self.off.push(platform.to_owned());
        }
    }
}

/// Marks the chosen language among a page's language buttons.
///
/// # Errors
/// The document is gone.
pub fn show_lang(words: &Explainer<'_>) -> Shown<()> {
    for button in dom::all(&dom::by_id("langs")?, "[data-lang]")? {
        let is_chosen = button.get_attribute("data-lang").as_deref() == Some(words.lang().tag());
        button.set_attribute("aria-pressed", if is_chosen { "true" } else { "false" })?;
    }
    Ok(())
}

/// Stores the language that a pressed button names.
pub fn choose_lang(button: &Element) -> js_sys::Promise {
    let lang = button.get_attribute("data-lang").unwrap_or_default();
    browser::promise(async move {
        let mut settings = Settings::load().await?;
        settings.lang = Lang::parse(&lang);
        settings.save().await
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_platform_is_on_until_it_is_switched_off_and_off_once() {
        let mut settings = Settings::default();
        assert!(settings.is_on("tiktok"));
        settings.switch("tiktok", false);
        settings.switch("tiktok", false);
        assert_eq!(settings.off, ["tiktok"]);
        settings.switch("tiktok", true);
        assert!(settings.is_on("tiktok"));
    }
}
