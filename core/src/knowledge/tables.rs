//! The shapes of the knowledge tables, shared by `build.rs` (which reads them from `core/knowledge/`)
//! and the engine (which opens the packed result).
//!
//! Nothing here computes. A row that states a fact about the world carries a [`Provenance`]; a row whose
//! source is unverified may lower confidence, never a grade.

use serde::{Deserialize, Serialize};

/// Everything the engine knows that is not code.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Knowledge {
    /// Day of the last change to any table, days since 1970.
    pub revised: u32,
    /// Points, caps, weights and thresholds: the table that the options page shows.
    pub rubric: Rubric,
    /// One entry a platform: where it lives and how its pages are read.
    pub platforms: Vec<Platform>,
    /// Texts of labels on pages ("Xuất xứ") and the field each one names.
    pub labels: Vec<Label>,
    /// Wording with a meaning for a check ("công nghệ", "quảng cáo").
    pub wording: Vec<Wording>,
    /// Values that fill a field and state nothing ("Đang cập nhật").
    pub junk: Vec<String>,
    /// Substances that a rule or recalls name ("dexamethasone").
    pub substances: Vec<Substance>,
    /// Names of countries, as sellers write them.
    pub countries: Vec<Country>,
    /// Groups of products and what the law wants on their labels.
    pub groups: Vec<ProductGroup>,
    /// Who allocated a barcode's prefix.
    pub gs1: Vec<Gs1Range>,
    /// Sentences by key and language.
    pub messages: Vec<Message>,
    /// What sellers and hosts say to sell.
    pub claims: Claims,
    /// The rules that it meets.
    pub regulations: Vec<Regulation>,
    /// Every phrase that is looked for in texts.
    pub phrases: Phrases,
    /// Vietnam's administrative units.
    pub units: Units,
}

/// Where a fact comes from and when it holds.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provenance {
    /// The source, as a reader can look it up.
    pub source: String,
    /// Whether the source was verified. `false` never lowers a grade.
    pub verified: bool,
    /// First day in force, ISO 8601; absent: always.
    #[serde(default)]
    pub effective_from: Option<String>,
    /// Last day in force, ISO 8601; absent: still in force.
    #[serde(default)]
    pub effective_to: Option<String>,
}

/// The published rubric.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rubric {
    /// Raised with every change of a weight.
    pub version: u32,
    /// From which score (percent, inclusive) a grade is given; below the last it is D.
    pub grades: GradeFloors,
    /// Prior and least coverage of each question.
    pub questions: Vec<QuestionRow>,
    /// Groups of correlated findings and how far each may move a score.
    pub groups: Vec<GroupRow>,
    /// What is checked, and how much it counts towards coverage.
    pub checks: Vec<CheckRow>,
    /// What can be found, and how much it moves a score.
    pub findings: Vec<FindingRow>,
}

/// Lowest score of a grade, in percent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeFloors {
    /// Clear.
    pub a: u8,
    /// Mostly clear.
    pub b: u8,
    /// Ask first.
    pub c: u8,
}

/// One of the three questions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Question {
    /// Where does it come from, who answers for it, do the statements agree?
    Origin,
    /// Who is selling, and how have they behaved?
    Seller,
    /// What is on record about the person presenting it?
    Host,
}

/// Prior and coverage of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QuestionRow {
    /// Which question.
    pub question: Question,
    /// Where it stands before any finding, in tenths of a deciban.
    pub prior: i32,
    /// Least share of the checks that must have been made for a grade, in percent.
    pub min_coverage: u8,
    /// Why.
    pub reason: Words,
}

/// A cap on correlated findings.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRow {
    /// Stable id, `question.name`.
    pub id: String,
    /// Most that the group may add and, separately, take away, in tenths of a deciban.
    pub cap: u32,
    /// Why they are correlated.
    pub reason: Words,
}

/// One thing Soi tries to find out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CheckRow {
    /// Stable id, `question.name`.
    pub id: String,
    /// The question it helps to answer.
    pub question: Question,
    /// Its share of the coverage.
    pub weight: u32,
}

/// One kind of finding and what it weighs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FindingRow {
    /// Stable code, `question.name`.
    pub code: String,
    /// The check that reports it.
    pub check: String,
    /// Points in tenths of a deciban: 100 is ten times the odds.
    pub points: i32,
    /// Group that caps it, if any.
    #[serde(default)]
    pub group: Option<String>,
    /// Best grade the question can have while this finding stands.
    #[serde(default)]
    pub cap: Option<CapGrade>,
    /// Days after which it weighs half; absent: it does not fade.
    #[serde(default)]
    pub half_life_days: Option<u32>,
    /// Points on the ladder of conduct, each day that a host is found to do it.
    #[serde(default)]
    pub conduct: u8,
    /// Whether it rests on what a machine heard, which is in doubt until somebody has looked.
    #[serde(default)]
    pub noisy: bool,
    /// What it rests on.
    pub basis: Basis,
    /// Why it weighs what it weighs.
    pub reason: Words,
    /// Law, rule or study behind it.
    pub provenance: Provenance,
}

/// Grades a cap can name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum CapGrade {
    /// At best mostly clear.
    B,
    /// At best ask first.
    C,
    /// At best doubtful.
    D,
    /// An authority's finding in force.
    E,
}

/// What a finding rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// A published decision of an authority.
    Authority,
    /// A public register.
    Registry,
    /// The platform says so (badges, counts, dates).
    Platform,
    /// The seller says so.
    SellerStated,
    /// The host says so.
    HostStated,
    /// Seen by this browser.
    SeenHere,
    /// Reported by many shoppers.
    Crowd,
}

/// The same sentence in both languages.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

/// A sentence of the user interface or of an explanation; `{name}` marks a slot.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// Dotted key.
    pub key: String,
    /// The sentence.
    pub words: Words,
}

/// A platform and how its pages are read.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Platform {
    /// Stable id, also the file's name.
    pub id: String,
    /// Name for people.
    pub name: String,
    /// Hosts, exact, or `*.example.vn` for a host and all below it. Empty: any page, on the shopper's click.
    #[serde(default)]
    pub hosts: Vec<String>,
    /// Raised with every change of a rule, so that a page's coverage can be traced to it.
    pub version: u32,
    /// Which address is which kind of page. The first that matches counts.
    #[serde(default)]
    pub pages: Vec<PageRule>,
    /// Signs that the page is a login, captcha or region wall.
    #[serde(default)]
    pub walls: Vec<WallRule>,
    /// Declared data blocks and what may be copied from each.
    #[serde(default)]
    pub blocks: Vec<BlockRule>,
    /// Whether schema.org data (JSON-LD, microdata, OpenGraph) is read on product pages.
    #[serde(default)]
    pub structured_data: bool,
    /// Fields found by data attribute or ARIA, never by class name.
    #[serde(default)]
    pub selectors: Vec<SelectorRule>,
    /// Cards of products on pages that show several.
    #[serde(default)]
    pub cards: Vec<CardRule>,
    /// Chat, captions and pinned messages.
    #[serde(default)]
    pub lines: Vec<LineRule>,
    /// Where the page's own badge may stand; the first that exists.
    #[serde(default)]
    pub anchors: Vec<AnchorRule>,
    /// Where these rules were seen: captured page, measurement, or other people's code.
    pub provenance: Provenance,
}

/// Kinds of page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum PageKind {
    /// A livestream.
    Live,
    /// The chat frame inside a livestream's page.
    LiveChat,
    /// One product.
    Product,
    /// One shop.
    Shop,
    /// Several products: search, category.
    Listing,
    /// One person's page.
    Profile,
    /// Login, captcha or region wall: Soi says nothing.
    Wall,
    /// Anything else: Soi says nothing.
    Other,
}

/// An address that is a kind of page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PageRule {
    /// The kind.
    pub kind: PageKind,
    /// Host this rule is limited to; absent: every host of the platform.
    #[serde(default)]
    pub host: Option<String>,
    /// Pattern of path and query: see `core/src/page/pattern.rs`. `{id}`, `{shop}`, `{handle}` are read.
    pub path: String,
    /// Whether the address alone does not tell: the page must also show a `live_sign`, or products.
    #[serde(default)]
    pub needs_sign: bool,
}

/// A sign of a wall: by selector or by address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WallRule {
    /// Stable id.
    pub id: String,
    /// CSS selector.
    #[serde(default)]
    pub selector: Option<String>,
    /// Pattern of path and query.
    #[serde(default)]
    pub path: Option<String>,
}

/// Where a field's value was read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum SourceType {
    /// A JSON `<script>` block.
    JsonScript,
    /// A variable assigned in an inline script.
    InlineVar,
    /// JSON-LD.
    Jsonld,
    /// Microdata in the page's elements.
    Microdata,
    /// OpenGraph and other `<meta>`.
    Opengraph,
    /// A label and the value beside it.
    LabelValue,
    /// A data attribute or ARIA role.
    Selector,
    /// The shape of a product card.
    CardHeuristic,
    /// The page's address.
    Address,
}

/// A declared data block.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BlockRule {
    /// Stable id, `platform.name`.
    pub id: String,
    /// `json_script` or `inline_var`.
    pub source: SourceType,
    /// CSS selector of the `<script>` (`json_script`).
    #[serde(default)]
    pub selector: Option<String>,
    /// Name of the variable (`inline_var`).
    #[serde(default)]
    pub variable: Option<String>,
    /// Kinds of page on which it is read.
    pub pages: Vec<PageKind>,
    /// Path put before every other path of the block.
    #[serde(default)]
    pub root: Option<String>,
    /// Path whose value must equal the address's `id`, or nothing in the block is trusted.
    #[serde(default)]
    pub identity: Option<String>,
    /// What the block says about the page's one subject.
    #[serde(default)]
    pub fields: Vec<FieldRule>,
    /// Lists of label→value pairs.
    #[serde(default)]
    pub properties: Vec<PropertyRule>,
    /// Lists of products.
    #[serde(default)]
    pub offers: Vec<OfferRule>,
}

/// One field in a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FieldRule {
    /// What it is.
    pub field: FieldName,
    /// Where it stands: see `core/src/page/path.rs`.
    pub path: String,
    /// How it is written, when that is not plain.
    #[serde(default)]
    pub written: Written,
}

/// How a value is written in a payload.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Written {
    /// As people write it.
    #[default]
    Plain,
    /// A price in hundred-thousandths (Shopee).
    PriceE5,
    /// Seconds since 1970.
    UnixSeconds,
    /// HTML, of which the text counts.
    Html,
    /// JSON inside a string, of which the texts count (TikTok descriptions).
    RichText,
    /// A count that is part of a total: all parts of a field add up.
    Part,
}

/// A list of label→value pairs in a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PropertyRule {
    /// Path of one entry; for an object whose keys are the labels, the object.
    pub each: String,
    /// Path of the label within the entry; absent: the entry is an object of label→value.
    #[serde(default)]
    pub label: Option<String>,
    /// Path of the value within the entry.
    #[serde(default)]
    pub value: Option<String>,
}

/// A list of products in a block.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OfferRule {
    /// Path of one product.
    pub each: String,
    /// Path of its id within it; absent: products are told apart by title.
    #[serde(default)]
    pub id: Option<String>,
    /// Its fields, paths within it.
    pub fields: Vec<FieldRule>,
}

/// A field found by data attribute or ARIA.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SelectorRule {
    /// Stable id.
    pub id: String,
    /// What it is.
    pub field: FieldName,
    /// CSS selector.
    pub selector: String,
    /// Attribute that holds the value; absent: the text.
    #[serde(default)]
    pub attribute: Option<String>,
    /// Kinds of page on which it is read.
    pub pages: Vec<PageKind>,
    /// Whether the element's mere presence is the value (a badge).
    #[serde(default)]
    pub presence: bool,
}

/// A product card by name. Where no named card is found, the shape of a card is looked for instead.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CardRule {
    /// Stable id.
    pub id: String,
    /// CSS selector of the card.
    pub selector: String,
    /// Kinds of page on which it is read.
    pub pages: Vec<PageKind>,
    /// Whether a card without a product link counts (YouTube's shelf opens other shops by script).
    #[serde(default)]
    pub linkless: bool,
    /// Selector within the card of the title; absent: by shape.
    #[serde(default)]
    pub title: Option<String>,
    /// Selector within the card of the shop's name.
    #[serde(default)]
    pub shop: Option<String>,
    /// Selector within the card that tells that the platform calls the shop official.
    #[serde(default)]
    pub official: Option<String>,
}

/// Where new lines of talk appear.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LineRule {
    /// Stable id.
    pub id: String,
    /// What kind of line.
    pub kind: LineKind,
    /// Smallest element that holds all lines and stays.
    pub container: String,
    /// One line within it.
    pub row: String,
    /// Text within the row; absent: the row's text.
    #[serde(default)]
    pub text: Option<String>,
    /// Author's name within the row. Only ever compared with the host's; never copied.
    #[serde(default)]
    pub author: Option<String>,
    /// Sign within the row that the host is speaking.
    #[serde(default)]
    pub host_sign: Option<String>,
}

/// Kinds of line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum LineKind {
    /// Typed in the chat.
    Chat,
    /// Speech as recognised by the platform: noisy.
    Caption,
    /// Pinned by the host.
    Pinned,
}

/// Where the badge of the page itself stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnchorRule {
    /// Kinds of page.
    pub pages: Vec<PageKind>,
    /// CSS selector of the element that the badge follows.
    pub selector: String,
}

/// A label's text and the field it names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The text, with diacritics; compared folded.
    pub text: String,
    /// The field.
    pub field: FieldName,
    /// Where it was seen.
    pub provenance: Provenance,
}

/// A wording with a meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wording {
    /// The words, with diacritics. `{country}` stands for any name of a country.
    pub text: String,
    /// What they mean.
    pub group: WordingGroup,
    /// Where it was seen.
    pub provenance: Provenance,
}

/// What a wording means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WordingGroup {
    /// States where a product was made ("sản xuất tại Đức").
    OriginStated,
    /// States where the last stage was finished ("lắp ráp tại Việt Nam"): for goods whose origin cannot be determined.
    LastStage,
    /// Sounds like an origin and states none ("công nghệ Đức").
    OriginVague,
    /// Says that it was made for a country's own market ("hàng nội địa Đức").
    HomeMarket,
    /// Says that it was carried in by hand ("xách tay").
    HandCarried,
    /// Says that it is a replica or has lost its brand's tag ("rep 1:1", "cắt mác").
    Replica,
    /// Says that it is export surplus or clearance.
    Surplus,
    /// Says that the seller is an authorised reseller or distributor.
    Authorised,
    /// Offers an invoice.
    Invoice,
    /// Promises to take goods back or exchange them.
    Returns,
    /// Lets the buyer look into the parcel before paying.
    Inspection,
    /// Promises a warranty that somebody stands behind.
    Warranty,
    /// Refuses an invoice.
    NoInvoice,
    /// Refuses to take anything back.
    NoReturns,
    /// Refuses a look into the parcel before paying.
    NoInspection,
    /// Wants money before the goods are sent.
    PayFirst,
    /// Names origin or customs papers.
    OriginPapers,
    /// Turns what follows into its opposite ("không phải").
    Negation,
    /// Names a part: where it was made does not say where the product was ("lưỡi dao").
    Part,
    /// Covers everyday words that contain another wording: a handbag ("túi xách tay") was not carried in.
    Innocent,
}

/// A group of products and what the law wants on its label besides what every label has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ProductGroup {
    /// Stable id.
    pub id: String,
    /// Name for people.
    pub name: Words,
    /// Words of titles and categories that tell it.
    pub words: Vec<String>,
    /// What its label must state.
    pub duties: Vec<Duty>,
}

/// Something that a label must state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    /// What.
    pub field: FieldName,
    /// Another field that will do as well: a production date where there is no expiry.
    #[serde(default)]
    pub or: Option<FieldName>,
    /// Whether its absence counts: only where listings have a place for it. Elsewhere it is shown and no more.
    #[serde(default)]
    pub counts: bool,
    /// The law behind it.
    pub provenance: Provenance,
}

/// A substance and the rule about it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Substance {
    /// Vietnamese, INCI and common spellings, with diacritics.
    pub names: Vec<String>,
    /// Groups of the goods that the rule is about.
    pub groups: Vec<String>,
    /// What the rule says, in a word.
    pub status: SubstanceStatus,
    /// What the rule says.
    pub rule: Words,
    /// Where it stands.
    pub provenance: Provenance,
}

/// What a rule says about a substance.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubstanceStatus {
    /// Must not be in such goods.
    Banned,
    /// Allowed within limits.
    Restricted,
    /// Found, undeclared, in goods that were recalled.
    UndeclaredRecalls,
    /// No substance: a cream that the seller mixes ("kem trộn"), of unknown content.
    SelfMixed,
}

/// A country and its names.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// ISO 3166 alpha-2; `EU` for the Union.
    pub code: String,
    /// Name for people.
    pub name: Words,
    /// How sellers write it, with diacritics.
    pub aliases: Vec<String>,
    /// Everyday words that begin like one of them ("mỹ phẩm" is cosmetics).
    #[serde(default)]
    pub compounds: Vec<String>,
    /// The part of the world that is claimed as an origin and holds it: `EU` for Europe.
    #[serde(default)]
    pub within: Option<String>,
}

/// A range of barcode prefixes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gs1Range {
    /// First prefix, three digits.
    pub start: u16,
    /// Last prefix.
    pub end: u16,
    /// ISO code of the member organisation's country; absent: not a country.
    pub country: Option<String>,
}

/// Every phrase that is looked for in texts, and what it means where it is found: one vocabulary, written by `build.rs`
/// from all tables, so that a text is gone through once. What only served to find them is empty in the packed tables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrases {
    /// A double array over the folded phrases. Its value: the place of a phrase's first row, and [`Phrases::COUNT_BITS`]
    /// bits that count its rows.
    #[serde(with = "serde_bytes")]
    pub trie: Vec<u8>,
    /// In the order of the folded phrases.
    pub rows: Vec<Phrase>,
    /// The phrases as they are written, one behind the other.
    pub texts: String,
}

impl Phrases {
    /// A phrase may mean so many things, as a power of two.
    pub const COUNT_BITS: u32 = 4;
}

/// One meaning of a phrase.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Phrase {
    /// What it means.
    pub meaning: Meaning,
    /// Where its text starts.
    pub start: u32,
    /// Bytes of its text.
    pub length: u8,
}

/// What a phrase means where it is found. Rows are those of its table.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Meaning {
    /// Wording, without its country.
    Wording {
        /// Row of the wording table.
        row: u16,
        /// Whether it means that only before a country's name.
        wants_country: bool,
    },
    /// A country.
    Country(u16),
    /// Everyday words that begin like a country's name.
    NoCountry,
    /// A word that tells a group of products.
    Group(u16),
    /// A substance.
    Substance(u16),
    /// What is said about a substance.
    AboutSubstance(SubstanceCue),
    /// What kind of date follows.
    Date(DateCue),
    /// What kind of number follows; none: no identifier.
    Number {
        /// Its kind.
        kind: Option<IdentifierKind>,
        /// Whether the word is itself part of the number.
        is_mark: bool,
    },
    /// A list of ingredients follows, or something else begins where it stood.
    Heading {
        /// Whether the list follows.
        is_list: bool,
    },
    /// Announces an address.
    Address,
    /// Says how high the unit is that is named beside it, and which kinds ([`UnitKind`]) it may be of.
    Unit(UnitLevel, u8, UnitManner),
    /// The same, one letter and its number in one: "P12", "Q1".
    NumberedUnit(UnitLevel, u8),
    /// An old province, by its place.
    Province(u8),
}

/// What sellers and hosts say to sell, as patterns of words: `knowledge/claims/`, compiled by `build.rs`, every choice in them
/// made. A pattern is looked for where its rarest word stands: back to its first, and on to its last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// What is claimed.
    pub rows: Vec<ClaimRow>,
    /// A double array over the runs of letters and digits in the folded words. Its value: the run's piece
    /// (`text/pieces.rs`).
    #[serde(with = "serde_bytes")]
    pub runs: Vec<u8>,
    /// A double array over the folded words, as pieces. Its value: the place of a word's first row, and
    /// [`Phrases::COUNT_BITS`] bits that count its rows, which differ in their diacritics.
    #[serde(with = "serde_bytes")]
    pub trie: Vec<u8>,
    /// The words, in the order of the folded ones.
    pub words: Vec<ClaimWord>,
    /// The marks that folding took from the words (`text/marks.rs`), as long as the folded words.
    #[serde(with = "serde_bytes")]
    pub marks: Vec<u8>,
    /// What the words stand for.
    pub meanings: Vec<ClaimMeaning>,
    /// The symbols of the meanings, as far as they are steps of patterns, or innocent words; in fours, the last one repeated.
    /// The lowest symbols are the cues ([`ClaimCue`]), then come the innocent words of each row, then classes and words as a
    /// pattern names them.
    pub symbols: Vec<[u16; 4]>,
    /// The number of symbols.
    pub symbol_count: u16,
    /// The patterns of which a symbol is the rarest, by meaning.
    pub entries: Vec<ClaimEntry>,
    /// The patterns, one behind the other: see [`ClaimPattern`].
    pub patterns: Vec<u16>,
}

/// A word of the patterns, or several that stand together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimWord {
    /// Where its marks start.
    pub marks: u32,
    /// What they come to (`text/marks.rs`): tells it from other words that fold alike.
    pub digest: u32,
    /// What it stands for, in [`Claims::meanings`].
    pub meaning: u16,
}

/// What words stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimMeaning {
    /// The bits of its symbols ([`Self::bit`]): most others are told from them at a glance.
    pub mask: u64,
    /// The first four of its symbols.
    pub symbols: u32,
    /// Its first entry.
    pub entries: u32,
    /// How many entries there are.
    pub entry_count: u16,
    /// The cues among its symbols, one bit each.
    pub cues: u16,
    /// How many fours of symbols there are.
    pub fours: u8,
    /// Whether the innocent words of some row are among them.
    pub is_innocent: bool,
}

impl ClaimMeaning {
    /// One of 64 bits for a symbol; others share it.
    pub const fn bit(symbol: u16) -> u64 {
        1 << (symbol % 64)
    }
}

/// Something that is claimed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimRow {
    /// The group of the phrase list.
    pub group: ClaimGroup,
    /// Stable code, unique within the group.
    pub code: String,
}

/// A rule of the law or of a platform that sale talk meets.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Regulation {
    /// Stable id.
    pub id: String,
    /// What it says, in plain words.
    pub says: Words,
    /// What breaking it costs.
    #[serde(default)]
    pub fine: Option<Words>,
    /// How a reader finds it.
    pub cite: Words,
    /// Claims that it is about: `group` or `group.code`.
    pub claims: Vec<String>,
    /// Groups of products that it is about; none: all.
    #[serde(default)]
    pub goods: Vec<String>,
    /// Where it applies; none: everywhere.
    #[serde(default)]
    pub media: Vec<Medium>,
    /// Where it stands.
    pub provenance: Provenance,
}

/// Where something is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Medium {
    /// In a live room.
    Live,
    /// In a listing.
    Listing,
}

/// A pattern, where its rarest symbol stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimEntry {
    /// Its next rarest symbols, which must be near; 0: it has no more.
    pub needs: [u16; 2],
    /// Where it stands in [`Claims::patterns`].
    pub pattern: u32,
}

impl ClaimEntry {
    /// Tokens from a pattern's rarest word to any other, at most.
    pub const REACH: usize = 64;
}

/// A pattern around its rarest symbol. It is packed as its row, how many steps are before and behind, and these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClaimPattern<'a> {
    /// The row that it claims.
    pub row: u16,
    /// The steps before the rarest symbol, the nearest first, then those behind it: symbols, or those of [`ClaimStep`].
    pub steps: &'a [u16],
    /// How many are before it.
    pub before: usize,
}

/// Steps that are no symbols.
#[derive(Debug)]
pub struct ClaimStep;

impl ClaimStep {
    /// A number in digits or words: "một trăm hai mươi ngàn".
    pub const NUMBER: u16 = 0xff00;
    /// Numbers in a row that are one.
    pub const MAX_NUMBER: usize = 5;
    /// Any words: this, and how many at most.
    pub const GAP: u16 = 0xff01;
}

/// Groups of what is said to sell, as the phrase list names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClaimGroup {
    /// Genuine, imported, with papers.
    OriginClaim,
    /// Sounds like an origin and states none.
    VagueOrigin,
    /// Hurry.
    Urgency,
    /// Gifts and discounts.
    DiscountBait,
    /// Heals, slims, makes taller.
    CureHealth,
    /// Whitens, takes spots away, at once.
    WhiteningFast,
    /// The best, the only one.
    Superlative,
    /// A doctor, television, a ministry says so.
    Authority,
    /// An appeal to pity or good works.
    Charity,
    /// Away from where one can check.
    Evasive,
    /// A promise that can be checked.
    PositiveCheckable,
    /// Says that this is advertising.
    AdDisclosure,
    /// What the law wants said.
    MandatoryLine,
}

/// What words around a claim say about it. The numbers are the first symbols.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[repr(u16)]
pub enum ClaimCue {
    /// Turns what follows into its opposite: "không", "chưa".
    Negates,
    /// Looks like a negation and is none: "không chỉ".
    NotOnly,
    /// Ends the reach of a negation: "nhưng".
    Turns,
    /// Denies what stands before: "là không có", "là xạo".
    Denies,
    /// Warns of what is said: "đừng tin".
    Warns,
    /// Asks, at the end of a sentence: "không", "phải không".
    Asks,
    /// May stand behind what asks: "ạ", "shop ơi".
    Tails,
    /// A number in words.
    Number,
    /// A syllable that is a word as it stands, without diacritics: "xa", "lo".
    Plain,
    /// Begins what [`ClaimCue::Belies`] ends: "có … đâu".
    Has,
    /// Turns what stands between it and [`ClaimCue::Has`] into its opposite: "đâu".
    Belies,
    /// A name whose parts are no cues: "hoa hồng", "tiếp viên hàng không".
    Name,
}

impl ClaimCue {
    /// How many there are: the symbols that follow are the rows' innocent words.
    pub const COUNT: u16 = 12;
}

/// What words around a substance say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SubstanceCue {
    /// Denies a whole list: "không chứa".
    Denies,
    /// Denies what stands right behind it: "không corticoid".
    Not,
    /// A test found nothing: "không phát hiện".
    NotFound,
    /// Denies what stands right before it: "paraben-free".
    Free,
    /// Ends a denial: "không chứa cồn, có hydroquinone".
    EndsDenial,
    /// Speaks of harm: "tránh xa kem chứa corticoid", "da nhiễm corticoid".
    Warns,
    /// Speaks of none, with the words of a warning: "không gây hại".
    Harmless,
}

/// What a cue says about the date behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DateCue {
    /// A production date.
    Production,
    /// A production date, in English: the month may come first.
    ProductionEnglish,
    /// An expiry day or a shelf life.
    Expiry,
    /// The same, in English.
    ExpiryEnglish,
    /// An expiry day only: "có thể sử dụng đến 6 tháng" is no shelf life.
    LastDay,
    /// The same, in English.
    LastDayEnglish,
    /// An expiry, if in capitals and before a colon: "HD" is also a screen.
    Short,
    /// A voucher.
    Voucher,
}

/// What an identifier identifies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum IdentifierKind {
    /// Barcode number: GTIN-8, -12, -13, -14.
    Gtin,
    /// Vietnamese tax code of an enterprise, which is its enterprise code, or of a branch.
    Mst,
    /// Vietnamese citizen's number, the tax code of households and individuals. Personal: only ever kept masked.
    Cccd,
    /// Vietnamese cosmetic notification.
    Cbmp,
    /// Vietnamese registration of a health supplement's declaration.
    Dksp,
    /// Vietnamese confirmation of an advertisement's content.
    Xnqc,
    /// Vietnamese registration of a medicine, in the form before the national code of 12 digits.
    DrugLegacy,
    /// German VAT number.
    DeVat,
    /// German register number: Handelsregister and its siblings.
    DeHr,
    /// German registration of a maker of electrical devices.
    DeWeee,
    /// Korean business registration number.
    KrBusiness,
    /// Japanese corporate number.
    JpCorporate,
    /// French enterprise.
    Siren,
    /// French establishment.
    Siret,
    /// French VAT number.
    FrTva,
}

/// How high an administrative unit stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitLevel {
    /// Ward, commune, town.
    Commune,
    /// Of the old scheme.
    District,
    /// Province or centrally run city.
    Province,
}

/// How a word says that a name is a unit's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnitManner {
    /// "phường Bến Nghé": an unknown name is a unit too.
    Full,
    /// "P. Bến Nghé": only known names.
    Short,
    /// "Ben Nghe Ward", "Ward 5".
    English,
}

/// Administrative units of Vietnam: those since 01/07/2025 and those before, which people go on writing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Units {
    /// Provinces and centrally run cities of today.
    pub provinces: Vec<String>,
    /// Those before.
    pub old_provinces: Vec<OldProvince>,
    /// Other ways to write an old province's name, today's among them.
    pub aliases: Vec<ProvinceAlias>,
    /// Communes under both schemes.
    pub communes: UnitNames,
    /// Districts, which the old scheme alone had.
    pub districts: UnitNames,
}

/// A province before 01/07/2025.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OldProvince {
    /// Its name.
    pub name: String,
    /// The province of today that it went into, by its place in the list.
    pub province: u8,
}

/// Another way to write a province's name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProvinceAlias {
    /// As it is written, with diacritics.
    pub text: String,
    /// The old province, by its place in the list.
    pub old: u8,
}

/// Thousands of names and the provinces in which units bear them, packed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitNames {
    /// One line a name, in the order of their keys.
    pub names: String,
    /// For each name its kinds ([`UnitKind`]), then its provinces: the place of one of today, or that of an old one
    /// behind all of today's. The highest bit marks the last.
    pub homes: Vec<u8>,
    /// Where each name and its homes start.
    pub rows: Vec<(u32, u32)>,
}

/// Kinds of unit below a province, one bit each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum UnitKind {
    /// Phường.
    Ward = 1,
    /// Xã.
    Commune = 2,
    /// Thị trấn.
    Town = 4,
    /// Đặc khu.
    SpecialZone = 8,
    /// Quận.
    UrbanDistrict = 16,
    /// Huyện.
    RuralDistrict = 32,
    /// Thị xã.
    DistrictTown = 64,
    /// Thành phố thuộc tỉnh.
    DistrictCity = 128,
}

/// Every field that a page can tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FieldName {
    /// Product's title.
    Title,
    /// Brand.
    Brand,
    /// Price asked now.
    Price,
    /// Struck-through price.
    ListPrice,
    /// Units sold.
    Sold,
    /// Category.
    Category,
    /// Description, as text.
    Description,
    /// Origin of the product.
    Origin,
    /// Origin of the brand: states nothing about the product.
    BrandOrigin,
    /// Name of the organisation responsible for the goods.
    ResponsibleName,
    /// Its address.
    ResponsibleAddress,
    /// Barcode.
    Gtin,
    /// Warranty.
    Warranty,
    /// Expiry, as written.
    Expiry,
    /// Production date, as written.
    ProductionDate,
    /// Year of manufacture.
    YearMade,
    /// Batch number.
    Batch,
    /// Net quantity.
    Quantity,
    /// Ingredients.
    Ingredients,
    /// Materials.
    Composition,
    /// Power, voltage and the like.
    TechnicalData,
    /// How to use it.
    Usage,
    /// How to store it.
    Storage,
    /// Warnings.
    Warnings,
    /// Name of the maker.
    Maker,
    /// The maker's address.
    MakerAddress,
    /// Name of the importer.
    Importer,
    /// The importer's address.
    ImporterAddress,
    /// Number of a notification, registration or advert confirmation.
    Notification,
    /// Tax code of the responsible party.
    TaxCode,
    /// Product's rating, 0–5.
    Rating,
    /// How many rated the product.
    RatingCount,
    /// How many of them gave one or two stars.
    LowRatings,
    /// Shop's name.
    ShopName,
    /// Shop's id on the platform.
    ShopId,
    /// When the shop opened.
    ShopOpened,
    /// Shop's rating, 0–5.
    ShopRating,
    /// How many rated the shop.
    ShopRatingCount,
    /// How many of those ratings the platform counts as bad.
    ShopLowRatings,
    /// Shop's followers.
    ShopFollowers,
    /// Share of chats answered, percent.
    ShopResponseRate,
    /// Share of orders handed over in time, percent.
    ShopOnTime,
    /// Whether the platform calls it official (Mall).
    ShopOfficial,
    /// Whether the platform calls it verified.
    ShopVerified,
    /// Where the shop says it is.
    ShopLocation,
    /// Where the product ships from.
    ShipsFrom,
    /// Name of the seller in law, besides the shop's.
    SellerName,
    /// The seller's address.
    SellerAddress,
    /// The seller's telephone.
    SellerPhone,
    /// Host's public handle.
    HostHandle,
    /// Host's displayed name.
    HostName,
    /// Whether the platform marks the host as verified.
    HostVerified,
    /// Host's followers.
    HostFollowers,
    /// When the host's account was made.
    HostSince,
    /// When its handle was last changed.
    HandleChanged,
    /// When its displayed name was last changed.
    NameChanged,
    /// Room's title.
    RoomTitle,
    /// When the room started.
    RoomStarted,
    /// The platform's own mark that this is advertising.
    AdLabel,
    /// A sign that the page is a livestream, where its address alone does not tell.
    LiveSign,
}
