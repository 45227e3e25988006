//! From a snapshot to facts: what the page says, with where and how surely it was read.

mod address;
mod blocks;
mod card;
pub mod crowd;
mod label;
pub mod number;
pub mod path;
pub mod pattern;
pub mod plan;
mod read;
mod shape;
pub mod snapshot;
mod structured;
pub mod talk;

use serde::{Deserialize, Serialize};

use crate::knowledge::{FieldName, PageKind, SourceType};
use snapshot::Skipped;
use talk::Talk;

pub(crate) use read::Reader;
pub use read::{ReadError, RulesError};

/// Most products kept for one tab; an endless list goes on, Soi says that it stopped counting.
pub const MAX_OFFERS: usize = 300;
/// Least confidence, in percent, with which a reading may count against anybody.
const MIN_CONFIDENCE: u8 = 50;
/// Most elements remembered for one product, newest last: a recycled card gets a new name each time.
const MAX_ANCHORS: usize = 8;
/// Most origins remembered from what a tab showed before, newest last.
const MAX_EARLIER: usize = 100;

/// A page as the engine understands it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Page {
    /// Platform's id.
    pub platform: String,
    /// Version of the rules that read it.
    pub rules: u32,
    /// Kind of page.
    pub kind: PageKind,
    /// Its address.
    pub url: String,
    /// The live room, on a live page.
    pub room: Option<Room>,
    /// The products on it, in page order.
    pub offers: Vec<Offer>,
    /// What could not be read.
    pub unread: Vec<Skipped>,
    /// Origins that the tab showed before for products, where they may be others today.
    pub earlier: Vec<EarlierOrigin>,
}

/// An origin that a tab showed for a product before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlierOrigin {
    /// The product's key.
    pub key: String,
    /// The words of its origin field.
    pub quote: String,
}

/// A live room.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Room {
    /// What the page says about host and room.
    pub fields: Fields,
    /// What was said in it.
    pub talk: Talk,
}

/// A product on the page.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Offer {
    /// Stable key: `platform:id`, or `platform:title:hash` where the page shows no id.
    pub key: String,
    /// The content script's names for the elements that show it (a basket and a pinned card show the same one);
    /// `page` for the page's one product. Empty while only a data block lists it: nothing on the page shows it yet.
    pub anchors: Vec<String>,
    /// Address of its product page.
    pub link: Option<String>,
    /// How much of the product this place can show.
    pub view: OfferView,
    /// What the page says about it.
    pub fields: Fields,
}

/// How much of a product a place shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OfferView {
    /// A card: title and price. What it leaves out says nothing.
    Card,
    /// The product's own page, whose property list could not be read.
    Page,
    /// The product's own page with its property list: what is not there is not stated.
    PageWithProperties,
}

/// Fields by name, sorted, at most one reading each.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Fields(Vec<(FieldName, Reading)>);

/// A field's value, and where and how surely it was read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Reading {
    /// The value.
    pub value: FieldValue,
    /// The words on the page.
    pub quote: String,
    /// Type of source.
    pub source: SourceType,
    /// Rule that found it.
    pub rule: String,
    /// How surely, percent.
    pub confidence: u8,
    /// Other sources on the same page that say something else.
    pub disagreeing: Vec<String>,
}

/// A value, by the kind of its field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldValue {
    /// Text.
    Text(String),
    /// A count, or a percentage.
    Count(u64),
    /// Hundredths of a star, 0–500.
    Stars(u16),
    /// An amount of money in whole đồng, or in hundredths of another currency.
    Money {
        /// Amount.
        amount: u64,
        /// ISO 4217.
        currency: String,
    },
    /// Seconds since 1970.
    Time(i64),
    /// Yes or no.
    Flag(bool),
}

/// Confidence of a reading by the type of its source, percent.
pub(crate) fn source_confidence(source: SourceType) -> u8 {
    match source {
        SourceType::Address => 99,
        SourceType::JsonScript | SourceType::InlineVar => 95,
        SourceType::Jsonld | SourceType::Microdata => 90,
        SourceType::LabelValue => 85,
        SourceType::Selector => 80,
        SourceType::Opengraph => 75,
        SourceType::CardHeuristic => 60,
    }
}

impl Fields {
    /// The reading of a field.
    pub fn get(&self, name: FieldName) -> Option<&Reading> {
        let at = self.0.binary_search_by_key(&name, |(name, _)| *name).ok()?;
        self.0.get(at).map(|(_, reading)| reading)
    }

    /// The reading of a field, when it was read surely enough to count against anybody.
    pub fn sure(&self, name: FieldName) -> Option<&Reading> {
        self.get(name).filter(|reading| reading.confidence >= MIN_CONFIDENCE)
    }

    /// The text of a text field.
    pub fn text(&self, name: FieldName) -> Option<&str> {
        match &self.get(name)?.value {
            FieldValue::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number of a count field.
    pub fn count(&self, name: FieldName) -> Option<u64> {
        match self.get(name)?.value {
            FieldValue::Count(count) => Some(count),
            _ => None,
        }
    }

    /// Changes the price asked, where one was read: for asking what another price would change.
    pub fn set_price(&mut self, dong: u64) {
        for (name, reading) in &mut self.0 {
            if matches!(name, FieldName::Price | FieldName::ListPrice) {
                reading.value = FieldValue::Money { amount: dong, currency: "VND".to_owned() };
            }
        }
    }

    /// Every reading, by field.
    pub fn iter(&self) -> impl Iterator<Item = (FieldName, &Reading)> {
        self.0.iter().map(|(name, reading)| (*name, reading))
    }

    /// Whether nothing was read.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Adds a reading. Two sources that agree keep the surer one; two that disagree keep the surer one,
    /// less sure, and remember what the other said.
    pub fn add(&mut self, name: FieldName, reading: Reading) {
        match self.0.binary_search_by_key(&name, |(name, _)| *name) {
            Err(at) => self.0.insert(at, (name, reading)),
            Ok(at) => {
                if let Some((_, known)) = self.0.get_mut(at) {
                    known.reconcile(reading);
                }
            }
        }
    }

    /// Adds every reading of another set. Where both have a field from the same rule, the newer one counts:
    /// the page changed.
    pub fn absorb(&mut self, newer: Self) {
        for (name, reading) in newer.0 {
            match self.0.binary_search_by_key(&name, |(name, _)| *name) {
                Ok(at) if self.0.get(at).is_some_and(|(_, known)| known.rule == reading.rule) => {
                    if let Some(slot) = self.0.get_mut(at) {
                        slot.1 = reading;
                    }
                }
                _ => self.add(name, reading),
            }
        }
    }
}

impl Reading {
    fn reconcile(&mut self, other: Self) {
        let same = self.value == other.value || crate::text::fold(&self.quote) == crate::text::fold(&other.quote);
        let (mut kept, dropped) =
            if other.confidence > self.confidence { (other, self.clone()) } else { (self.clone(), other) };
        if !same {
            kept.confidence = (u32::from(kept.confidence) * 6 / 10) as u8;
            if !kept.disagreeing.contains(&dropped.quote) {
                kept.disagreeing.push(dropped.quote);
            }
        }
        *self = kept;
    }
}

impl Page {
    /// Adds what a newer snapshot of the same address shows: new cards, new lines, changed fields.
    pub fn absorb(&mut self, newer: Self) {
        if newer.kind != PageKind::Other {
            self.kind = newer.kind;
        }
        for offer in newer.offers {
            let full = self.offers.len() >= MAX_OFFERS;
            if let Some(known) = self.offers.iter().find(|known| known.key == offer.key)
                && let Some((before, now)) = known.origin().zip(offer.origin())
                // Two sources of one page may differ; that is another matter.
                && before.rule == now.rule
                && before.quote != now.quote
            {
                remember(&mut self.earlier, &offer.key, &before.quote);
            }
            if let Some(known) = self.offers.iter_mut().find(|known| known.key == offer.key) {
                known.absorb(offer);
            } else if full {
                self.note_unread(Skipped {
                    rule: "offers".to_owned(),
                    reason: snapshot::SkipReason::TooMany,
                    amount: Some(MAX_OFFERS as u64),
                });
            } else {
                self.offers.push(offer);
            }
        }
        match (&mut self.room, newer.room) {
            (Some(known), Some(room)) => known.absorb(room),
            (known @ None, room) => *known = room,
            (Some(_), None) => {}
        }
        for skipped in newer.unread {
            self.note_unread(skipped);
        }
    }

    /// Remembers what the tab showed before this page: the same product may have had another origin there.
    pub fn follow(&mut self, before: &Self) {
        for EarlierOrigin { key, quote } in &before.earlier {
            remember(&mut self.earlier, key, quote);
        }
        for offer in &before.offers {
            if let Some(origin) = offer.origin() {
                remember(&mut self.earlier, &offer.key, &origin.quote);
            }
        }
    }

    fn note_unread(&mut self, skipped: Skipped) {
        let known = |other: &Skipped| other.rule == skipped.rule && other.reason == skipped.reason;
        if !self.unread.iter().any(known) && self.unread.len() < snapshot::MAX_PAIRS {
            self.unread.push(skipped);
        }
    }
}

fn remember(earlier: &mut Vec<EarlierOrigin>, key: &str, quote: &str) {
    if !earlier.iter().any(|known| known.key == key && known.quote == quote) {
        earlier.push(EarlierOrigin { key: key.to_owned(), quote: quote.to_owned() });
        let over = earlier.len().saturating_sub(MAX_EARLIER);
        earlier.drain(..over);
    }
}

impl Offer {
    fn origin(&self) -> Option<&Reading> {
        self.fields.sure(FieldName::Origin)
    }

    /// Adds what another place, or a newer snapshot, shows of the same product.
    pub(crate) fn absorb(&mut self, newer: Self) {
        self.view = self.view.max(newer.view);
        for anchor in newer.anchors {
            if !self.anchors.contains(&anchor) {
                self.anchors.push(anchor);
            }
        }
        let over = self.anchors.len().saturating_sub(MAX_ANCHORS);
        self.anchors.drain(..over);
        self.link = newer.link.or(self.link.take());
        self.fields.absorb(newer.fields);
    }
}

impl Room {
    fn absorb(&mut self, newer: Self) {
        self.fields.absorb(newer.fields);
        self.talk.absorb(newer.talk);
    }
}
