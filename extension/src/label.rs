//! The label check: what stands on the box, held against what the listing claimed.

use serde::Serialize;
use soi_core::knowledge::{FieldName, Question};
use soi_core::page::Offer;
use wasm_bindgen::JsValue;

use crate::background::page_in;
use crate::browser::{self, TabId};
use crate::dom::{self, Shown};
use crate::settings::Settings;
use crate::trial;

/// What the page of the package starts with.
#[derive(Debug, Serialize)]
pub struct Carried {
    /// The shopper's language.
    lang: &'static str,
    /// What the listing claimed, when the address names a tab and a product that it still shows.
    listing: Option<Listing>,
}

/// What a listing claimed, in its own words.
#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub struct Listing {
    title: Option<String>,
    description: Option<String>,
    origin: Option<String>,
    barcode: Option<String>,
}

/// What the address `label.html?tab=…&offer=…` brings along.
///
/// # Errors
/// The browser refuses.
pub async fn carried() -> Shown<JsValue> {
    let settings = Settings::load().await?;
    let tab = dom::parameter("tab").and_then(|tab| tab.parse::<TabId>().ok());
    let page = match tab {
        // A tab that was closed meanwhile brings nothing along, which is no failure.
        Some(tab) => page_in(&settings, tab).await.ok().flatten(),
        None => None,
    };
    let asked = dom::parameter("offer").unwrap_or_default();
    let offer = page.and_then(|(page, _)| page.offers.into_iter().find(|offer| offer.key == asked));
    browser::to_js(&Carried { lang: settings.lang.tag(), listing: offer.as_ref().map(Listing::of) })
}

impl Listing {
    fn of(offer: &Offer) -> Self {
        let quote = |field| Some(offer.fields.get(field)?.quote.clone());
        // A line of the description comes along with the description.
        let stated = |field| {
            let reading = offer.fields.get(field).filter(|reading| reading.rule != "description")?;
            Some(reading.quote.clone())
        };
        Self {
            title: quote(FieldName::Title),
            description: offer.fields.text(FieldName::Description).map(str::to_owned),
            origin: stated(FieldName::Origin),
            barcode: stated(FieldName::Gtin),
        }
    }
}

/// Shows what a snapshot of a label says about where the product comes from.
///
/// # Errors
/// As [`trial::show`].
pub fn show(snapshot: &str, lang: &str) -> Shown<()> {
    trial::show(snapshot, lang, |sheet, assessment| sheet.question(assessment, Question::Origin))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_of_the_description_is_not_carried_twice() {
        let read = |rule: &str, quote: &str| {
            serde_json::json!({
                "value": {"text": quote}, "quote": quote, "source": "label_value", "rule": rule,
                "confidence": 85, "disagreeing": [],
            })
        };
        let offer: Offer = serde_json::from_value(serde_json::json!({
            "key": "tiki:1", "anchors": ["page"], "link": null, "view": "page",
            "fields": [
                ["title", read("title", "Nồi chiên")],
                ["description", read("description", "Xuất xứ: Đức")],
                ["origin", read("description", "Đức")],
                ["gtin", read("label", "4001234567891")],
            ],
        }))
        .unwrap();
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(
            Listing::of(&offer),
            Listing {
                title: text("Nồi chiên"),
                description: text("Xuất xứ: Đức"),
                origin: None,
                barcode: text("4001234567891"),
            }
        );
    }
}
