//! Product cards: by a platform's own mark, or by the shape every card has:
//! a product link, a picture, a price and a title.

use super::label::reading;
use super::number;
use super::snapshot::Card;
use super::{FieldValue, Fields};
use crate::knowledge::{CardRule, FieldName, SourceType};
use crate::text::fold;

/// Shortest text that can be a title, characters.
const MIN_TITLE: usize = 6;

/// What a card shows. `None`: it is no product card.
pub(crate) fn read(card: &Card, rule: Option<&CardRule>, is_product_link: bool, now: i64) -> Option<Fields> {
    let linkless = rule.is_some_and(|rule| rule.linkless);
    if !is_product_link && !linkless {
        return None;
    }
    let (source, id) = match rule {
        Some(rule) => (SourceType::Selector, rule.id.as_str()),
        None => (SourceType::CardHeuristic, "shape"),
    };
    let mut fields = Fields::default();
    let mut put = |field: FieldName, words: &str| {
        if let Some(reading) = reading(field, words, source, id, now) {
            fields.add(field, reading);
            return true;
        }
        false
    };

    let titled = match card.title.as_deref().filter(|title| is_title(title)) {
        Some(title) => put(FieldName::Title, title),
        None => longest_title(&card.texts).is_some_and(|title| put(FieldName::Title, title)),
    };
    if let Some(shop) = &card.shop {
        put(FieldName::ShopName, shop);
    }
    if let Some(official) = card.official {
        put(FieldName::ShopOfficial, if official { "true" } else { "false" });
    }
    if let Some(sold) = card.texts.iter().find(|text| is_sold(text)) {
        put(FieldName::Sold, sold);
    }

    let mut prices: Vec<(u64, &str)> = Vec::new();
    for text in card.texts.iter().filter(|text| !is_sold(text) && Some(text.as_str()) != card.title.as_deref()) {
        if !is_title(text) || text.chars().count() < 24 {
            prices.extend(number::prices(text).into_iter().map(|price| (price, text.as_str())));
        }
    }
    let price = prices.iter().min().copied();
    if let Some((amount, words)) = price
        && let Some(mut read) = reading(FieldName::Price, words, source, id, now)
    {
        read.value = FieldValue::Money { amount, currency: "VND".to_owned() };
        fields.add(FieldName::Price, read);
    }
    let enough = match rule {
        Some(_) => titled,
        None => titled && card.picture && price.is_some(),
    };
    enough.then_some(fields)
}

fn longest_title(texts: &[String]) -> Option<&str> {
    (texts.iter())
        .map(String::as_str)
        .filter(|text| is_title(text) && !is_sold(text))
        .max_by_key(|text| text.chars().count())
}

/// Whether a text can be a title: some words, mostly letters.
fn is_title(text: &str) -> bool {
    let letters = text.chars().filter(|c| c.is_alphabetic()).count();
    letters >= MIN_TITLE && letters * 2 >= text.chars().filter(|c| !c.is_whitespace()).count()
}

fn is_sold(text: &str) -> bool {
    let folded = fold(text);
    (folded.starts_with("da ban") || folded.ends_with(" sold") || folded.starts_with("sold "))
        && number::count(text).is_some()
}
