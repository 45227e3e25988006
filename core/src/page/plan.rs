//! What a content script may collect: a platform's rules, cut down to what JavaScript needs.
//!
//! `xtask build` writes one plan a platform into the package as a script; nothing is fetched at run time.

use serde::Serialize;

use super::path::{Path, Step};
use super::pattern::Pattern;
use super::read::RulesError;
use super::{snapshot, structured};
use crate::knowledge::{Knowledge, LineKind, PageKind, Platform, SourceType};
use crate::text::fold;

/// A collector's orders for one platform.
#[derive(Debug, Clone, Serialize)]
pub struct CollectPlan<'a> {
    /// Platform's id.
    pub platform: &'a str,
    /// Version of its rules.
    pub rules: u32,
    /// Addresses and kinds: `path` is a regular expression over path and query.
    pub pages: Vec<PlanPage<'a>>,
    /// Walls.
    pub walls: Vec<PlanWall<'a>>,
    /// Data blocks.
    pub blocks: Vec<PlanBlock<'a>>,
    /// Keys that may be copied from JSON-LD and microdata, when those are read at all.
    pub structured_keys: Vec<&'static str>,
    /// Names of `<meta>` entries that may be copied.
    pub meta: Vec<&'static str>,
    /// Folded labels.
    pub labels: Vec<String>,
    /// Fields by selector.
    pub selectors: Vec<PlanSelector<'a>>,
    /// Product links, as regular expressions over host, path and query (`shopee.vn/…`), of every platform.
    pub product_links: Vec<String>,
    /// Named cards.
    pub cards: Vec<PlanCard<'a>>,
    /// Lines of talk.
    pub lines: Vec<PlanLine<'a>>,
    /// Where the page's badge stands.
    pub anchors: Vec<PlanAnchor<'a>>,
    /// Limits of a snapshot.
    pub limits: PlanLimits,
}

/// An address that is a kind of page.
#[derive(Debug, Clone, Serialize)]
pub struct PlanPage<'a> {
    /// The kind.
    pub kind: PageKind,
    /// Host it is limited to, or null.
    pub host: Option<&'a str>,
    /// Regular expression over path and query.
    pub path: String,
}

/// A sign of a wall.
#[derive(Debug, Clone, Serialize)]
pub struct PlanWall<'a> {
    /// Rule's id.
    pub id: &'a str,
    /// CSS selector, or null.
    pub selector: Option<&'a str>,
    /// Regular expression over path and query, or null.
    pub path: Option<String>,
}

/// A data block and the paths that may be copied from it.
#[derive(Debug, Clone, Serialize)]
pub struct PlanBlock<'a> {
    /// Rule's id.
    pub id: &'a str,
    /// `json_script` or `inline_var`.
    pub source: SourceType,
    /// CSS selector of the script.
    pub selector: Option<&'a str>,
    /// Name of the variable.
    pub variable: Option<&'a str>,
    /// Kinds of page.
    pub pages: &'a [PageKind],
    /// Allowed paths, each a list of steps.
    pub paths: Vec<Vec<Step>>,
    /// Those of them that name the host, whose lines are then told apart from viewers'.
    pub host_paths: Vec<Vec<Step>>,
}

/// A field by selector.
#[derive(Debug, Clone, Serialize)]
pub struct PlanSelector<'a> {
    /// Rule's id.
    pub id: &'a str,
    /// CSS selector.
    pub selector: &'a str,
    /// Attribute, or null for the text.
    pub attribute: Option<&'a str>,
    /// Kinds of page.
    pub pages: &'a [PageKind],
    /// Whether presence is the value (`"true"`).
    pub presence: bool,
    /// Whether it names the host, whose lines are then told apart from viewers'.
    pub host: bool,
}

/// A named card.
#[derive(Debug, Clone, Serialize)]
pub struct PlanCard<'a> {
    /// Rule's id.
    pub id: &'a str,
    /// CSS selector.
    pub selector: &'a str,
    /// Kinds of page.
    pub pages: &'a [PageKind],
    /// Whether a card without a product link counts.
    pub linkless: bool,
    /// Title within the card.
    pub title: Option<&'a str>,
    /// Shop within the card.
    pub shop: Option<&'a str>,
    /// Sign of an official shop within the card.
    pub official: Option<&'a str>,
}

/// Where lines appear.
#[derive(Debug, Clone, Serialize)]
pub struct PlanLine<'a> {
    /// Rule's id.
    pub id: &'a str,
    /// Kind of line.
    pub kind: LineKind,
    /// Smallest stable container.
    pub container: &'a str,
    /// One line.
    pub row: &'a str,
    /// Text within it.
    pub text: Option<&'a str>,
    /// Author within it.
    pub author: Option<&'a str>,
    /// Sign that the host speaks.
    pub host_sign: Option<&'a str>,
}

/// Where the page's badge stands.
#[derive(Debug, Clone, Serialize)]
pub struct PlanAnchor<'a> {
    /// Kinds of page.
    pub pages: &'a [PageKind],
    /// CSS selector.
    pub selector: &'a str,
}

/// Limits of a snapshot, from `snapshot.rs`.
#[derive(Debug, Clone, Serialize)]
pub struct PlanLimits {
    /// Bytes of JSON.
    pub bytes: usize,
    /// Data blocks.
    pub blocks: usize,
    /// Cards.
    pub cards: usize,
    /// Lines.
    pub lines: usize,
    /// Pairs.
    pub pairs: usize,
    /// Texts a card.
    pub card_texts: usize,
    /// Bytes a text.
    pub text_bytes: usize,
}

/// The plan of one platform.
///
/// # Errors
/// A path in the rules that cannot be read.
pub fn collect_plan<'a>(knowledge: &'a Knowledge, platform: &'a Platform) -> Result<CollectPlan<'a>, RulesError> {
    let mut blocks = Vec::new();
    for block in &platform.blocks {
        blocks.push(PlanBlock {
            id: &block.id,
            source: block.source,
            selector: block.selector.as_deref(),
            variable: block.variable.as_deref(),
            pages: &block.pages,
            paths: super::blocks::allowed_paths(block)?.into_iter().map(Path::into_steps).collect(),
            host_paths: super::blocks::host_paths(block)?.into_iter().map(Path::into_steps).collect(),
        });
    }
    let mut pages = Vec::new();
    for page in &platform.pages {
        let path = Pattern::parse(&page.path)?.to_regular_expression();
        pages.push(PlanPage { kind: page.kind, host: page.host.as_deref(), path });
    }
    let mut walls = Vec::new();
    for wall in &platform.walls {
        let pattern = wall.path.as_deref().map(Pattern::parse).transpose()?;
        let path = pattern.map(|pattern| pattern.to_regular_expression());
        walls.push(PlanWall { id: &wall.id, selector: wall.selector.as_deref(), path });
    }
    let mut labels: Vec<String> = knowledge.labels.iter().map(|label| fold(&label.text)).collect();
    labels.sort_unstable();
    labels.dedup();
    Ok(CollectPlan {
        platform: &platform.id,
        rules: platform.version,
        pages,
        walls,
        blocks,
        structured_keys: if platform.structured_data { structured::ALLOWED_KEYS.to_vec() } else { Vec::new() },
        meta: structured::ALLOWED_META.to_vec(),
        labels,
        selectors: platform
            .selectors
            .iter()
            .map(|rule| PlanSelector {
                id: &rule.id,
                selector: &rule.selector,
                attribute: rule.attribute.as_deref(),
                pages: &rule.pages,
                presence: rule.presence,
                host: rule.field.names_host(),
            })
            .collect(),
        product_links: super::address::product_link_patterns(knowledge)?,
        cards: platform
            .cards
            .iter()
            .map(|card| PlanCard {
                id: &card.id,
                selector: &card.selector,
                pages: &card.pages,
                linkless: card.linkless,
                title: card.title.as_deref(),
                shop: card.shop.as_deref(),
                official: card.official.as_deref(),
            })
            .collect(),
        lines: platform
            .lines
            .iter()
            .map(|line| PlanLine {
                id: &line.id,
                kind: line.kind,
                container: &line.container,
                row: &line.row,
                text: line.text.as_deref(),
                author: line.author.as_deref(),
                host_sign: line.host_sign.as_deref(),
            })
            .collect(),
        anchors: platform
            .anchors
            .iter()
            .map(|anchor| PlanAnchor { pages: &anchor.pages, selector: &anchor.selector })
            .collect(),
        limits: PlanLimits {
            bytes: snapshot::MAX_SNAPSHOT_BYTES,
            blocks: snapshot::MAX_BLOCKS,
            cards: snapshot::MAX_CARDS,
            lines: snapshot::MAX_LINES,
            pairs: snapshot::MAX_PAIRS,
            card_texts: snapshot::MAX_CARD_TEXTS,
            text_bytes: snapshot::MAX_TEXT_BYTES,
        },
    })
}
