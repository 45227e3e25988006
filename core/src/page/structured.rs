//! schema.org data: JSON-LD and microdata (collected in the same shape), and OpenGraph.

use super::blocks::html_text;
use super::label::{Labels, reading};
use super::number::whole as number;
use super::snapshot::Meta;
use super::{FieldValue, Fields};
use crate::json::Json;
use crate::knowledge::{FieldName, SourceType};

/// Keys that a content script may copy from JSON-LD and microdata. Nothing about a visitor has one of these.
pub(crate) const ALLOWED_KEYS: &[&str] = &[
    "@context",
    "@graph",
    "@id",
    "@type",
    "additionalProperty",
    "aggregateRating",
    "availability",
    "bestRating",
    "brand",
    "category",
    "countryOfOrigin",
    "description",
    "gtin",
    "gtin12",
    "gtin13",
    "gtin14",
    "gtin8",
    "hasVariant",
    "highPrice",
    "image",
    "itemCondition",
    "itemListElement",
    "lowPrice",
    "mainEntity",
    "mainEntityOfPage",
    "manufacturer",
    "mpn",
    "name",
    "offers",
    "price",
    "priceCurrency",
    "priceSpecification",
    "productID",
    "ratingCount",
    "ratingValue",
    "reviewCount",
    "seller",
    "sku",
    "url",
    "value",
];

/// Names of `<meta>` entries that a content script may copy.
pub(crate) const ALLOWED_META: &[&str] = &[
    "og:title",
    "og:type",
    "og:url",
    "og:description",
    "og:site_name",
    "product:brand",
    "product:price:amount",
    "product:price:currency",
    "product:retailer_item_id",
    "product:availability",
    "product:condition",
];

/// Deepest nesting in which a product is looked for.
const MAX_DEPTH: usize = 16;
/// Most nodes that are looked at.
const MAX_NODES: usize = 20_000;

/// What schema.org data says about the page's product.
#[derive(Debug, Default)]
pub(crate) struct StructuredFacts {
    pub(crate) fields: Fields,
    /// Whether a product is described at all.
    pub(crate) has_product: bool,
    /// Whether one is, and it is another than the address's.
    pub(crate) other_product: bool,
}

/// What the page's address and `<link rel=canonical>` say about which product it shows.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Identity<'a> {
    /// The address's id, where the platform's rules find one.
    pub(crate) id: Option<&'a str>,
    /// Path of the address.
    pub(crate) path: &'a str,
}

/// Reads one JSON-LD or microdata block.
pub(crate) fn read(
    data: &Json,
    source: SourceType,
    identity: Identity<'_>,
    labels: &Labels,
    now: i64,
) -> StructuredFacts {
    let mut products = Vec::new();
    let mut nodes = MAX_NODES;
    find_products(data, 0, &mut nodes, &mut products);
    let mut facts = StructuredFacts { has_product: !products.is_empty(), ..StructuredFacts::default() };
    match choose(&products, source, identity) {
        Some(product) => read_product(product, source, labels, now, &mut facts.fields),
        None => facts.other_product = facts.has_product,
    }
    facts
}

/// Top-level products only: a product inside a product is a variant, an accessory or a recommendation.
fn find_products<'v>(value: &'v Json, depth: usize, nodes: &mut usize, found: &mut Vec<&'v Json>) {
    if depth > MAX_DEPTH || *nodes == 0 {
        return;
    }
    *nodes -= 1;
    if is_type(value, &["Product", "ProductGroup", "IndividualProduct", "ProductModel"]) {
        found.push(value);
        return;
    }
    let graphs = ["@graph", "mainEntity", "mainEntityOfPage"].iter().filter_map(|key| value.get(key));
    for inner in value.items().iter().chain(graphs) {
        find_products(inner, depth + 1, nodes, found);
    }
}

/// The product that the page is about. Where the address has an id, JSON-LD must name the same one; microdata
/// stands in the page's elements, which change with the address, so it may leave the id out.
fn choose<'v>(products: &[&'v Json], source: SourceType, identity: Identity<'_>) -> Option<&'v Json> {
    let claims = |product: &Json| Claim::of(product, identity);
    if let Some(same) = products.iter().find(|product| claims(product) == Claim::Same) {
        return Some(same);
    }
    let silent_is_enough = identity.id.is_none() || source == SourceType::Microdata;
    match products {
        [only] if silent_is_enough && claims(only) == Claim::Silent => Some(only),
        _ => None,
    }
}

#[derive(PartialEq)]
enum Claim {
    Same,
    Other,
    Silent,
}

impl Claim {
    fn of(product: &Json, identity: Identity<'_>) -> Self {
        let mut named = false;
        for key in ["url", "@id", "mainEntityOfPage", "sku", "productID"] {
            let Some(given) = product.get(key).and_then(text_of) else { continue };
            let is_address = given.contains(['/']);
            match identity.id {
                Some(id) => {
                    let item = id.rsplit('.').next().unwrap_or(id);
                    if has_number(given, item) && (is_address || given == item || given == id) {
                        return Self::Same;
                    }
                    // A stock-keeping unit is often the seller's own: it proves, it does not disprove.
                    named |= is_address;
                }
                None if is_address => {
                    if same_path(given, identity.path) {
                        return Self::Same;
                    }
                    named = true;
                }
                None => {}
            }
        }
        if named { Self::Other } else { Self::Silent }
    }
}

fn has_number(text: &str, number: &str) -> bool {
    text.split(|c: char| !c.is_ascii_alphanumeric())
        .any(|part| part == number || part.trim_start_matches(|c: char| c.is_ascii_alphabetic()) == number)
}

fn same_path(given: &str, path: &str) -> bool {
    let given = match super::address::Address::parse(given) {
        Some(address) => address.path,
        None => given,
    };
    let bare = |path: &str| path.split(['?', '#']).next().unwrap_or_default().trim_end_matches('/').to_owned();
    bare(given) == bare(path)
}

fn read_product(product: &Json, source: SourceType, labels: &Labels, now: i64, fields: &mut Fields) {
    let rule = if source == SourceType::Microdata { "microdata" } else { "jsonld" };
    let mut put = |field: FieldName, words: Option<&str>| {
        if let Some(words) = words
            && let Some(reading) = reading(field, words, source, rule, now)
        {
            fields.add(field, reading);
        }
    };
    put(FieldName::Title, product.get("name").and_then(text_of));
    put(FieldName::Brand, product.get("brand").and_then(name_of));
    put(FieldName::Category, product.get("category").and_then(name_of));
    put(FieldName::Origin, product.get("countryOfOrigin").and_then(name_of));
    put(FieldName::Description, product.get("description").and_then(text_of).map(html_text).as_deref());
    let gtin =
        ["gtin13", "gtin14", "gtin12", "gtin8", "gtin"].iter().find_map(|key| product.get(key).and_then(text_of));
    put(FieldName::Gtin, gtin);
    if let Some(rating) = product.get("aggregateRating").map(first) {
        let count = rating.get("ratingCount").or_else(|| rating.get("reviewCount"));
        let best = rating.get("bestRating").and_then(text_of).and_then(super::number::stars);
        // Only stars out of five are stars.
        if best.is_none_or(|best| best == 500) {
            put(FieldName::Rating, rating.get("ratingValue").and_then(text_of));
            put(FieldName::RatingCount, count.and_then(text_of));
        }
    }
    let offers: Vec<&Json> = match product.get("offers") {
        Some(offers) => as_list(offers),
        None => Vec::new(),
    };
    put(FieldName::ShopName, offers.iter().find_map(|offer| offer.get("seller").and_then(name_of)));
    for property in product.get("additionalProperty").map(as_list).unwrap_or_default() {
        if let (Some(label), Some(value)) =
            (property.get("name").and_then(text_of), property.get("value").and_then(text_of))
            && let Some(field) = labels.field(label)
        {
            put(field, Some(value));
        }
    }
    let lowest = offers.iter().filter_map(|offer| money(offer)).min_by_key(|(amount, _, _)| *amount);
    if let Some((amount, currency, words)) = lowest
        && let Some(mut read) = reading(FieldName::Title, words, source, rule, now)
    {
        read.value = FieldValue::Money { amount, currency };
        fields.add(FieldName::Price, read);
    }
}

/// Amount (whole đồng, hundredths of anything else), currency, and the words.
fn money(offer: &Json) -> Option<(u64, String, &str)> {
    let specification = offer.get("priceSpecification").map(first);
    let find = |key: &str| {
        offer.get(key).and_then(text_of).or_else(|| specification.and_then(|inner| inner.get(key)).and_then(text_of))
    };
    let words = find("lowPrice").or_else(|| find("price"))?;
    let currency = find("priceCurrency").unwrap_or("VND").to_ascii_uppercase();
    Some((amount(words, &currency)?, currency, words))
}

/// An amount written for machines: a decimal point, no grouping; people's grouping is understood too.
pub(crate) fn amount(words: &str, currency: &str) -> Option<u64> {
    let words = words.trim().trim_start_matches(|c: char| !c.is_ascii_digit());
    let plain_decimal = !words.is_empty()
        && words.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.')
        && words.matches('.').count() <= 1;
    if currency == "VND" {
        // "89000.00" is a machine's decimal, "89.000" a person's grouping.
        if plain_decimal && let Some((whole, fraction)) = words.split_once('.') {
            return if fraction.len() == 3 { number(&[whole, fraction].concat()) } else { number(whole) };
        }
        return super::number::price(words).or_else(|| super::number::count(words));
    }
    if plain_decimal {
        let (whole, fraction) = words.split_once('.').unwrap_or((words, ""));
        let hundredths: u64 = number([fraction, "00"].concat().get(..2)?)?;
        return number::<u64>(whole)?.checked_mul(100)?.checked_add(hundredths);
    }
    super::number::numbers(words).first().map(|number| number.milli / 10)
}

/// Reads OpenGraph and product `<meta>` entries.
pub(crate) fn read_meta(meta: &[Meta], now: i64) -> StructuredFacts {
    let find = |name: &str| meta.iter().find(|entry| entry.name == name).map(|entry| entry.content.clone());
    let mut facts = StructuredFacts {
        has_product: find("og:type").is_some_and(|kind| kind.starts_with("product"))
            || find("product:price:amount").is_some(),
        ..StructuredFacts::default()
    };
    let source = SourceType::Opengraph;
    let pairs = [
        (FieldName::Title, "og:title"),
        (FieldName::Description, "og:description"),
        (FieldName::Brand, "product:brand"),
    ];
    for (field, name) in pairs {
        if let Some(reading) = find(name).and_then(|words| reading(field, &words, source, name, now)) {
            facts.fields.add(field, reading);
        }
    }
    let currency = find("product:price:currency").unwrap_or_else(|| "VND".to_owned()).to_ascii_uppercase();
    if let Some(words) = find("product:price:amount")
        && let Some(amount) = amount(&words, &currency)
        && let Some(mut read) = reading(FieldName::Title, &words, source, "product:price:amount", now)
    {
        read.value = FieldValue::Money { amount, currency };
        facts.fields.add(FieldName::Price, read);
    }
    facts
}

fn is_type(value: &Json, names: &[&str]) -> bool {
    let is = |kind: &Json| matches!(kind, Json::Text(kind) if names.contains(&kind.rsplit(['/', '#', ':']).next().unwrap_or(kind)));
    match value.get("@type") {
        Some(Json::List(kinds)) => kinds.iter().any(is),
        Some(kind) => is(kind),
        None => false,
    }
}

fn as_list(value: &Json) -> Vec<&Json> {
    match value {
        Json::List(items) => items.iter().collect(),
        other => vec![other],
    }
}

fn first(value: &Json) -> &Json {
    value.items().first().unwrap_or(value)
}

/// A text, the first of several, or a node's `@value`/`@id`.
fn text_of(value: &Json) -> Option<&str> {
    let value = first(value);
    (value.plain())
        .or_else(|| value.get("@value").and_then(Json::plain))
        .or_else(|| value.get("@id").and_then(Json::plain))
        .map(str::trim)
        .filter(|text| !text.is_empty())
}

/// The name of a node, or the text itself.
fn name_of(value: &Json) -> Option<&str> {
    let value = first(value);
    value.get("name").and_then(text_of).or_else(|| text_of(value))
}
