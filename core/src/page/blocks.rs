//! Declared data blocks: which paths may be copied from one, and what they say.

use super::label::{Labels, reading};
use super::number::whole;
use super::path::{Path, PathError};
use super::{FieldValue, Fields, Reading};
use crate::json::Json;
use crate::knowledge::{BlockRule, FieldName, FieldRule, OfferRule, PropertyRule, Written};
use crate::text::replaced;

/// Longest description kept, bytes.
const MAX_DESCRIPTION: usize = 12 * 1024;

/// The paths of a block rule, parsed, in the rule's order.
#[derive(Debug)]
pub(crate) struct Block {
    root: Path,
    identity: Option<Path>,
    fields: Vec<Path>,
    properties: Vec<(Path, Option<(Path, Path)>)>,
    offers: Vec<OfferPaths>,
}

#[derive(Debug)]
struct OfferPaths {
    each: Path,
    id: Option<Path>,
    fields: Vec<Path>,
}

/// A product in a block's list.
#[derive(Debug)]
pub(crate) struct ListedOffer {
    pub(crate) id: Option<String>,
    pub(crate) fields: Fields,
}

/// What a block says about the page's subject.
#[derive(Debug, Default)]
pub(crate) struct BlockFacts {
    pub(crate) fields: Fields,
    /// Whether a list of label→value pairs was there: then what it leaves out is not stated.
    pub(crate) has_properties: bool,
    pub(crate) offers: Vec<ListedOffer>,
    /// Whether the block's product is not the address's.
    pub(crate) other_product: bool,
}

impl Block {
    pub(crate) fn new(rule: &BlockRule) -> Result<Self, PathError> {
        Ok(Self {
            root: Path::parse(rule.root.as_deref().unwrap_or_default())?,
            identity: rule.identity.as_deref().map(Path::parse).transpose()?,
            fields: field_paths(&rule.fields)?,
            properties: (rule.properties.iter()).map(property_paths).collect::<Result<_, _>>()?,
            offers: (rule.offers.iter()).map(OfferPaths::new).collect::<Result<_, _>>()?,
        })
    }

    /// Reads the block. `id` is what its identity must equal, where it declares one.
    pub(crate) fn read(
        &self,
        rule: &BlockRule,
        data: &Json,
        id: Option<&str>,
        labels: &Labels,
        now: i64,
    ) -> BlockFacts {
        let mut facts = BlockFacts::default();
        let subjects = self.root.all(data);
        let any = !subjects.is_empty();
        let mut trusted = false;
        for subject in subjects {
            if let Some(identity) = &self.identity
                && !identity.first(subject).and_then(Json::plain).is_some_and(|given| is_same_id(given, id))
            {
                continue;
            }
            trusted = true;
            self.read_subject(rule, subject, labels, now, &mut facts);
        }
        facts.other_product = any && !trusted;
        facts
    }

    fn read_subject(&self, block: &BlockRule, subject: &Json, labels: &Labels, now: i64, facts: &mut BlockFacts) {
        for (rule, path) in block.fields.iter().zip(&self.fields) {
            let Some(mut reading) = read_field(block, rule, path, subject, now) else { continue };
            if rule.written == Written::Part
                && let FieldValue::Count(count) = &mut reading.value
            {
                *count = count.saturating_add(facts.fields.count(rule.field).unwrap_or(0));
                reading.quote = count.to_string();
                facts.fields.absorb(Fields(vec![(rule.field, reading)]));
            } else {
                facts.fields.add(rule.field, reading);
            }
        }
        for (each, parts) in &self.properties {
            for entry in each.all(subject) {
                facts.has_properties = true;
                let mut add = |label: &str, value: &str| {
                    if let Some(field) = labels.field(label)
                        && let Some(reading) = reading(field, value, block.source, &block.id, now)
                    {
                        facts.fields.add(field, reading);
                    }
                };
                match parts {
                    Some((label, value)) => {
                        if let Some(label) = label.first(entry).and_then(Json::plain) {
                            add(label, &joined(value.all(entry), ", "));
                        }
                    }
                    None => {
                        for (label, value) in entry.entries() {
                            if let Some(value) = value.plain() {
                                add(label, value);
                            }
                        }
                    }
                }
            }
        }
        for (offer, paths) in block.offers.iter().zip(&self.offers) {
            for entry in paths.each.all(subject) {
                let mut fields = Fields::default();
                for (rule, path) in offer.fields.iter().zip(&paths.fields) {
                    if let Some(reading) = read_field(block, rule, path, entry, now) {
                        fields.add(rule.field, reading);
                    }
                }
                if !fields.is_empty() {
                    let id =
                        paths.id.as_ref().and_then(|path| path.first(entry)).and_then(Json::plain).map(str::to_owned);
                    facts.offers.push(ListedOffer { id, fields });
                }
            }
        }
    }
}

/// A field of a subject, as its rule says it is written.
fn read_field(block: &BlockRule, rule: &FieldRule, path: &Path, subject: &Json, now: i64) -> Option<Reading> {
    let values = path.all(subject);
    let words = match rule.field {
        // Several values of a category are its levels.
        FieldName::Category => joined(values, " › "),
        // Several prices are variants: the lowest is the one the page leads with.
        FieldName::Price | FieldName::ListPrice => {
            let prices = values.into_iter().filter_map(Json::plain);
            prices.min_by_key(|price| super::number::count(price).unwrap_or(u64::MAX))?.to_owned()
        }
        // Several counts (one a star) are a total.
        FieldName::RatingCount | FieldName::ShopRatingCount if values.len() > 1 => sum(&values),
        // One count a star, from one star up, on Shopee behind their total.
        FieldName::LowRatings => sum(values.get(values.len().checked_sub(5)?..)?.get(..2)?),
        _ => values.into_iter().find_map(Json::plain)?.to_owned(),
    };
    let (source, id) = (block.source, &block.id);
    match rule.written {
        Written::Plain | Written::Part => reading(rule.field, &words, source, id, now),
        Written::Html => reading(rule.field, &shorten_description(&html_text(&words)), source, id, now),
        Written::RichText => reading(rule.field, &shorten_description(&rich_text(&words)), source, id, now),
        Written::UnixSeconds => {
            let mut read = reading(rule.field, &words, source, id, now)?;
            // The page's people see a day, not a number of seconds.
            if let FieldValue::Time(moment) = read.value {
                read.quote = crate::date::vietnam_day(moment);
            }
            Some(read)
        }
        Written::PriceE5 => {
            let amount = whole::<u64>(&words)? / 100_000;
            let mut read = reading(rule.field, &format!("{amount}đ"), source, id, now)?;
            read.value = FieldValue::Money { amount, currency: "VND".to_owned() };
            Some(read)
        }
    }
}

fn sum(counts: &[&Json]) -> String {
    let counts = counts.iter().filter_map(|count| whole::<u64>(count.plain()?));
    counts.fold(0, u64::saturating_add).to_string()
}

fn joined(values: Vec<&Json>, between: &str) -> String {
    values.into_iter().filter_map(Json::plain).collect::<Vec<_>>().join(between)
}

impl OfferPaths {
    fn new(rule: &OfferRule) -> Result<Self, PathError> {
        Ok(Self {
            each: Path::parse(&rule.each)?,
            id: rule.id.as_deref().map(Path::parse).transpose()?,
            fields: field_paths(&rule.fields)?,
        })
    }
}

fn field_paths(rules: &[FieldRule]) -> Result<Vec<Path>, PathError> {
    rules.iter().map(|rule| Path::parse(&rule.path)).collect()
}

fn property_paths(rule: &PropertyRule) -> Result<(Path, Option<(Path, Path)>), PathError> {
    let parts = match (&rule.label, &rule.value) {
        (Some(label), Some(value)) => Some((Path::parse(label)?, Path::parse(value)?)),
        _ => None,
    };
    Ok((Path::parse(&rule.each)?, parts))
}

/// Every path that may be copied from a block, from the top of its data.
pub(crate) fn allowed_paths(rule: &BlockRule) -> Result<Vec<Path>, PathError> {
    let block = Block::new(rule)?;
    let mut paths = Vec::new();
    let mut allow = |path: Path| paths.push(block.root.join(&path));
    for path in block.identity.iter().chain(&block.fields) {
        allow(path.clone());
    }
    for (each, parts) in &block.properties {
        match parts {
            Some((label, value)) => {
                allow(each.join(label));
                allow(each.join(value));
            }
            None => allow(each.join(&Path::parse("*")?)),
        }
    }
    for offer in &block.offers {
        for path in offer.id.iter().chain(&offer.fields) {
            allow(offer.each.join(path));
        }
    }
    Ok(paths)
}

/// The paths of a block that name the host.
pub(crate) fn host_paths(rule: &BlockRule) -> Result<Vec<Path>, PathError> {
    let block = Block::new(rule)?;
    let named = rule.fields.iter().zip(&block.fields).filter(|(field, _)| field.field.names_host());
    Ok(named.map(|(_, path)| block.root.join(path)).collect())
}

/// `given` is the block's id; the address may need shop and item ("11.111"), of which the item counts. A handle may have
/// dots too, and is whole.
fn is_same_id(given: &str, id: Option<&str>) -> bool {
    let is_number = |id: &str| id.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
    id.is_some_and(|id| id == given || is_number(id) && id.rsplit('.').next() == Some(given))
}

/// The text of HTML: tags out, block ends as line ends, the common entities as characters. Never shown as markup.
pub(crate) fn html_text(html: &str) -> String {
    let mut text = String::with_capacity(html.len());
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        let Some((tag, after)) = tag.split_once('>') else {
            rest = "";
            break;
        };
        let name: String = tag.trim_start_matches('/').chars().take_while(char::is_ascii_alphanumeric).collect();
        if matches!(name.to_ascii_lowercase().as_str(), "p" | "li" | "br" | "div" | "tr" | "ul" | "h1" | "h2" | "h3") {
            text.push('\n');
        }
        rest = after;
    }
    text.push_str(rest);
    for (entity, character) in
        [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&amp;", "&")]
    {
        text = replaced(&text, entity, character);
    }
    text.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The texts of a description that is JSON inside a string; plain text stays as it is.
fn rich_text(words: &str) -> String {
    let Ok(value) = Json::parse(words) else {
        return words.to_owned();
    };
    let mut lines = Vec::new();
    collect_texts(&value, &mut lines);
    lines.dedup();
    lines.join("\n")
}

fn collect_texts<'v>(value: &'v Json, lines: &mut Vec<&'v str>) {
    value.items().iter().for_each(|item| collect_texts(item, lines));
    for key in ["text", "content"] {
        match value.get(key) {
            Some(Json::Text(text)) => lines.push(text.trim()),
            Some(Json::List(items)) => {
                for item in items {
                    match item {
                        Json::Text(text) => lines.push(text.trim()),
                        other => collect_texts(other, lines),
                    }
                }
            }
            _ => {}
        }
    }
}

fn shorten_description(text: &str) -> String {
    crate::text::shorten(text, MAX_DESCRIPTION)
}
