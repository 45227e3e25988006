//! Findings and the assessment they add up to: plain data, no wording.
//!
//! The wording is in `explain.rs`; the weights are in the rubric. All of it serialises to the same bytes
//! natively and in WebAssembly.

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::{Deserialize, Serialize, Serializer};

use crate::knowledge::{Basis, FieldName, PageKind, Question};
use crate::order;
use crate::page::snapshot::Skipped;

/// What a page was found to say, and what that is worth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Assessment {
    /// Version of the engine.
    pub engine: String,
    /// Version of the rubric.
    pub rubric: u32,
    /// When it was made, seconds since 1970.
    pub at: i64,
    /// Platform's id.
    pub platform: String,
    /// Kind of page.
    pub kind: PageKind,
    /// The page's address.
    pub url: String,
    /// The worst known grade on the page, `?` when none is known.
    pub overall: Grade,
    /// The products, in page order.
    pub offers: Vec<OfferAssessment>,
    /// The answers about a room without a basket.
    pub room: Option<Vec<Answer>>,
    /// What could not be read.
    pub unread: Vec<Skipped>,
    /// The public records that were asked.
    pub records: Vec<RecordsUsed>,
}

/// A set of public records, as far as an assessment says which.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordsUsed {
    /// Its name.
    pub set: String,
    /// A newer one has a higher one.
    pub sequence: u64,
    /// When it was made, seconds since 1970.
    pub created: i64,
    /// Whether its time is over.
    pub is_stale: bool,
}

/// One product's three answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OfferAssessment {
    /// The product's key.
    pub key: String,
    /// Where its badges go.
    pub anchors: Vec<String>,
    /// Its title, when the page shows one.
    pub title: Option<String>,
    /// Address of its product page.
    pub link: Option<String>,
    /// The worst known of the three.
    pub overall: Grade,
    /// Origin, seller, host: in this order.
    pub answers: Vec<Answer>,
    /// What its label must state, and whether the listing does.
    pub label: Option<LabelReport>,
}

/// What the law wants on a product's label, and where each of it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelReport {
    /// Group of products that it was taken for; absent: none could be told.
    pub group: Option<String>,
    /// How sure that is, percent.
    pub confidence: u8,
    /// The word that tells it.
    pub quote: Option<String>,
    /// The duties, in the law's order.
    pub duties: Vec<DutyLine>,
}

/// One duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DutyLine {
    /// What must be stated.
    pub duty: FieldName,
    /// Whether it is.
    pub state: DutyState,
    /// The words that do.
    pub quote: Option<String>,
}

/// Where a duty stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DutyState {
    /// The listing states it.
    Stated,
    /// It has a property list, and does not.
    NotStated,
    /// It states two things that cannot both be.
    Contradicted,
    /// This place does not show it.
    Unknown,
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Answer {
    /// Which question.
    pub question: Question,
    /// The grade.
    pub grade: Grade,
    /// Score in tenths of a percent; absent below the least coverage.
    pub score: Option<u16>,
    /// Where it stood before any finding, in tenths of a deciban.
    pub prior: i32,
    /// Prior and listed points together.
    pub total: i32,
    /// Share of the applicable checks that could be made, percent.
    pub coverage: u8,
    /// The finding that caps the grade, when one does.
    pub capped_by: Option<Code>,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What was not, and what to do about it.
    pub missing: Vec<Missing>,
}

impl Answer {
    /// Whether the question can be asked here at all: nobody presents the product on a product page.
    pub fn is_applicable(&self) -> bool {
        !self.findings.is_empty() || self.missing.iter().any(|missing| missing.silence != Silence::NotApplicable)
    }
}

/// Grades, worst first, `?` apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Grade {
    /// An authority's finding in force.
    E,
    /// Doubtful.
    D,
    /// Ask first.
    C,
    /// Mostly clear.
    B,
    /// Clear.
    A,
    /// Not enough information.
    #[serde(rename = "?")]
    Unknown,
}

impl Grade {
    /// Its letter.
    pub fn letter(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::B => "B",
            Self::C => "C",
            Self::D => "D",
            Self::E => "E",
            Self::Unknown => "?",
        }
    }

    /// The worst known of several; `?` when none is known.
    pub fn worst(grades: impl IntoIterator<Item = Self>) -> Self {
        grades.into_iter().min().unwrap_or(Self::Unknown)
    }
}

/// A code or a key: known at compile time in the engine, read from JSON elsewhere.
pub type Code = Cow<'static, str>;

/// One thing found.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Finding {
    /// Stable code, a row of the rubric.
    pub code: Code,
    /// The question it bears on.
    pub question: Question,
    /// What it adds or takes away, in tenths of a deciban, after fading and group caps.
    pub points: i32,
    /// Why it counts less than its row says, when it does.
    pub reduced: Option<Reduced>,
    /// What it rests on.
    pub basis: Basis,
    /// The words it rests on, as they stand on the page.
    pub quote: Option<String>,
    /// Where they were read.
    pub source: FindingSource,
    /// When they were seen, seconds since 1970.
    pub seen_at: i64,
    /// Until when it may be relied on, seconds since 1970.
    pub valid_until: Option<i64>,
    /// Values for its sentence.
    pub slots: Slots,
}

/// Why a finding counts less than its row says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reduced {
    /// It is old.
    Faded,
    /// Its group has reached its cap.
    GroupCap,
    /// Its row is unverified.
    Unverified,
}

/// Where a finding's words were read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct FindingSource {
    /// Field, when it was one.
    pub field: Option<FieldName>,
    /// Rule that read it.
    pub rule: String,
    /// Where the document behind it can be read.
    pub urls: Vec<String>,
    /// The rules that it meets: ids of `knowledge/regulations.toml`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub regulations: Vec<String>,
}

/// Values of a sentence, in the order of their names. They are few: a tree of them would be more code in the module than
/// the checks that fill it.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(from = "BTreeMap<Code, Slot>")]
pub struct Slots(Vec<(Code, Slot)>);

impl Slots {
    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Slot> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, slot)| slot)
    }

    /// Adds a value.
    pub(crate) fn add(&mut self, name: &'static str, slot: Slot) {
        order::insert(&mut self.0, (Code::Borrowed(name), slot), |(one, _), (other, _)| one.cmp(other));
    }
}

impl From<BTreeMap<Code, Slot>> for Slots {
    fn from(slots: BTreeMap<Code, Slot>) -> Self {
        Self(slots.into_iter().collect())
    }
}

impl Serialize for Slots {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, slot)| (name, slot)))
    }
}

/// A value in a sentence, worded when the language is known.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Slot {
    /// Words of the page.
    Text(String),
    /// A country's code.
    Country(String),
    /// A count.
    Count(u64),
    /// Hundredths of a star.
    Stars(u16),
    /// A day, as seconds since 1970.
    Day(i64),
    /// A number of days, worded as days, months or years.
    Span(u64),
    /// A field of a label.
    Field(FieldName),
    /// A group of products.
    Group(String),
    /// A kind of number.
    Identifier(crate::identifiers::Kind),
    /// A date of a label, `YYYY-MM-DD`.
    Date(String),
    /// A word of our own: a message key below `term.`.
    Term(String),
}

/// A check without a result.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Missing {
    /// The check.
    pub check: Code,
    /// Which kind of silence.
    pub silence: Silence,
    /// What the shopper can do: a message key below `next.`.
    pub next: Code,
    /// A question to put to the seller: a message key below `ask.`.
    pub ask: Option<Code>,
}

/// The kinds of silence that stay apart. `contradicted` is a finding, not a silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Silence {
    /// Soi has not seen it.
    Unknown,
    /// The seller must say it and does not.
    NotStated,
    /// It does not apply here.
    NotApplicable,
}
