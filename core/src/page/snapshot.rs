//! What a reader of the page could copy down: the one shape in which a page reaches the engine.
//!
//! Everything in it is hostile. [`PageSnapshot::from_json`] refuses what is too large or of another shape;
//! what it lets through is still only ever text. The viewer's own account and address have no field here,
//! and data blocks hold only the paths that a platform's rules declare.

use serde::{Deserialize, Serialize};

use crate::json::{Json, JsonError};
use crate::knowledge::{LineKind, SourceType};

/// Version of this shape.
pub const SNAPSHOT_VERSION: u32 = 1;
/// Most bytes of JSON that a snapshot may take.
pub const MAX_SNAPSHOT_BYTES: usize = 256 * 1024;
/// Most data blocks, JSON-LD and microdata included.
pub const MAX_BLOCKS: usize = 24;
/// Most cards in one snapshot; an endless list arrives in several.
pub const MAX_CARDS: usize = 120;
/// Most new lines of talk in one snapshot.
pub const MAX_LINES: usize = 400;
/// Most label→value pairs, meta entries and selected fields, each.
pub const MAX_PAIRS: usize = 160;
/// Most texts in one card.
pub const MAX_CARD_TEXTS: usize = 24;
/// Most bytes of any single text outside a data block.
pub const MAX_TEXT_BYTES: usize = 16 * 1024;

/// A page, or what was added to it since the last snapshot of the same address.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PageSnapshot {
    /// Version of this shape: 1.
    pub version: u32,
    /// Rules by which it was collected.
    pub platform: String,
    /// Address of the page (or frame), as the browser shows it.
    pub url: String,
    /// `<link rel=canonical>` or `og:url`, when the page has one.
    #[serde(default)]
    pub canonical: Option<String>,
    /// The document's title.
    #[serde(default)]
    pub title: String,
    /// When it was collected, seconds since 1970.
    pub taken_at: i64,
    /// Id of the wall rule that the page matched.
    #[serde(default)]
    pub wall: Option<String>,
    /// Declared data blocks, cut down to the declared paths.
    #[serde(default)]
    pub blocks: Vec<DataBlock>,
    /// OpenGraph and product `<meta>` entries.
    #[serde(default)]
    pub meta: Vec<Meta>,
    /// Labels of the dictionary and the values beside them.
    #[serde(default)]
    pub labels: Vec<LabelValue>,
    /// Fields by selector rule.
    #[serde(default)]
    pub fields: Vec<SelectedField>,
    /// Product cards.
    #[serde(default)]
    pub cards: Vec<Card>,
    /// New lines of chat and captions.
    #[serde(default)]
    pub lines: Vec<Line>,
    /// What was there and could not be read, or was left out, and why.
    #[serde(default)]
    pub skipped: Vec<Skipped>,
}

/// A data block of the page.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct DataBlock {
    /// Block rule's id, `jsonld` or `microdata`.
    pub rule: String,
    /// What of it the rules allow, in its original structure.
    pub data: Json,
}

/// A `<meta>` entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Meta {
    /// `property` or `name`.
    pub name: String,
    /// `content`.
    pub content: String,
}

/// A label and the value beside it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LabelValue {
    /// The label as it stands on the page.
    pub label: String,
    /// The value as it stands on the page.
    pub value: String,
}

/// A field found by a selector rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SelectedField {
    /// The rule's id.
    pub rule: String,
    /// Its value.
    pub value: String,
}

/// What stands on one product card.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Card rule's id, or `shape` when it was found by its shape.
    pub rule: String,
    /// The content script's own name for the element: where the badge goes.
    pub anchor: String,
    /// Product link, absolute.
    #[serde(default)]
    pub link: Option<String>,
    /// Whether it shows a picture.
    pub picture: bool,
    /// Title, where a rule, a `title` attribute or the picture's `alt` names one.
    #[serde(default)]
    pub title: Option<String>,
    /// Shop's name, where a rule names one.
    #[serde(default)]
    pub shop: Option<String>,
    /// Whether the rule's sign of an official shop is there; absent: no such rule.
    #[serde(default)]
    pub official: Option<bool>,
    /// Its texts in reading order.
    #[serde(default)]
    pub texts: Vec<String>,
}

/// Who speaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Speaker {
    /// The host of the room.
    Host,
    /// Somebody watching. Names of viewers are never copied.
    Viewer,
}

/// A line of chat, caption or pinned text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// What kind of line.
    pub kind: LineKind,
    /// Who speaks.
    pub speaker: Speaker,
    /// The words.
    pub text: String,
    /// When it appeared, seconds since 1970.
    pub at: i64,
}

/// Something that was not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Skipped {
    /// Rule's id or source.
    pub rule: String,
    /// Why.
    pub reason: SkipReason,
    /// Bytes, levels or items, where that says more.
    #[serde(default)]
    pub amount: Option<u64>,
}

/// Why something was not read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SkipReason {
    /// Larger than Soi reads.
    TooLarge,
    /// Nested deeper than Soi reads.
    TooDeep,
    /// Not what it claims to be (broken JSON).
    Malformed,
    /// Its product is not the address's product.
    OtherProduct,
    /// More than Soi keeps.
    TooMany,
    /// The page removed, hid or took over Soi's badge.
    BadgeBlocked,
}

/// Why a snapshot was refused.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SnapshotError {
    /// More than [`MAX_SNAPSHOT_BYTES`].
    #[error("snapshot.too-large: {bytes} bytes, at most {limit} are read")]
    TooLarge {
        /// Bytes given.
        bytes: usize,
        /// Bytes allowed.
        limit: usize,
    },
    /// Not JSON.
    #[error("snapshot.malformed: {0}")]
    Malformed(#[from] JsonError),
    /// JSON of another shape.
    #[error("snapshot.shape: {place} {problem}")]
    Shape {
        /// Where, as a path of fields.
        place: String,
        /// What is wrong with it.
        problem: &'static str,
    },
    /// Another version of the shape.
    #[error("snapshot.version: {given}, this engine reads {SNAPSHOT_VERSION}")]
    Version {
        /// Version given.
        given: u32,
    },
    /// More entries, or a longer text, than the shape allows.
    #[error("snapshot.over-limit: {field} holds {given}, at most {limit} are read")]
    OverLimit {
        /// Field of the snapshot.
        field: &'static str,
        /// Entries or bytes given.
        given: usize,
        /// Entries or bytes allowed.
        limit: usize,
    },
    /// The address is not an http(s) address.
    #[error("snapshot.address: {field} is not an http or https address")]
    Address {
        /// Field of the snapshot.
        field: &'static str,
    },
}

impl SnapshotError {
    /// Stable code, the part before the colon of the message.
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLarge { .. } => "snapshot.too-large",
            Self::Malformed(_) => "snapshot.malformed",
            Self::Shape { .. } => "snapshot.shape",
            Self::Version { .. } => "snapshot.version",
            Self::OverLimit { .. } => "snapshot.over-limit",
            Self::Address { .. } => "snapshot.address",
        }
    }
}

impl PageSnapshot {
    /// Reads a snapshot from JSON and holds it to its limits.
    ///
    /// # Errors
    /// [`SnapshotError`] names what is wrong and where.
    pub fn from_json(json: &str) -> Result<Self, SnapshotError> {
        if json.len() > MAX_SNAPSHOT_BYTES {
            return Err(SnapshotError::TooLarge { bytes: json.len(), limit: MAX_SNAPSHOT_BYTES });
        }
        let snapshot = Self::try_from(Json::parse(json)?)?;
        snapshot.within_limits()?;
        Ok(snapshot)
    }

    fn within_limits(&self) -> Result<(), SnapshotError> {
        if self.version != SNAPSHOT_VERSION {
            return Err(SnapshotError::Version { given: self.version });
        }
        if !is_web_address(&self.url) {
            return Err(SnapshotError::Address { field: "url" });
        }
        let counts = [
            ("blocks", self.blocks.len(), MAX_BLOCKS),
            ("cards", self.cards.len(), MAX_CARDS),
            ("lines", self.lines.len(), MAX_LINES),
            ("labels", self.labels.len(), MAX_PAIRS),
            ("meta", self.meta.len(), MAX_PAIRS),
            ("fields", self.fields.len(), MAX_PAIRS),
            ("skipped", self.skipped.len(), MAX_PAIRS),
        ];
        for (field, given, limit) in counts {
            if given > limit {
                return Err(SnapshotError::OverLimit { field, given, limit });
            }
        }
        for card in &self.cards {
            if card.texts.len() > MAX_CARD_TEXTS {
                return Err(SnapshotError::OverLimit {
                    field: "cards.texts",
                    given: card.texts.len(),
                    limit: MAX_CARD_TEXTS,
                });
            }
        }
        let texts = (self.lines.iter().map(|line| ("lines.text", &line.text)))
            .chain(self.labels.iter().map(|pair| ("labels.value", &pair.value)))
            .chain(self.fields.iter().map(|field| ("fields.value", &field.value)))
            .chain(self.meta.iter().map(|meta| ("meta.content", &meta.content)))
            .chain([("title", &self.title), ("url", &self.url)]);
        for (field, text) in texts {
            if text.len() > MAX_TEXT_BYTES {
                return Err(SnapshotError::OverLimit { field, given: text.len(), limit: MAX_TEXT_BYTES });
            }
        }
        Ok(())
    }
}

fn is_web_address(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// The source type of a block that needs no rule of its own.
pub(crate) fn block_source(rule: &str) -> Option<SourceType> {
    match rule {
        "jsonld" => Some(SourceType::Jsonld),
        "microdata" => Some(SourceType::Microdata),
        _ => None,
    }
}
