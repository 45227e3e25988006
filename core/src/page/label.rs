//! Labels on pages and what stands beside them, by the text of the label, never by a class name.

use super::{FieldValue, Reading, number};
use crate::identifiers::{Kind, State, canonical, check};
use crate::knowledge::{FieldKind, FieldName, Knowledge, SourceType};
use crate::text::{fold, shorten};

/// Longest label in a description's "label: value" line, folded bytes.
const MAX_LABEL: usize = 60;
/// Longest quote kept from a page.
pub(crate) const MAX_QUOTE: usize = 300;

/// The label dictionary, folded.
#[derive(Debug)]
pub(crate) struct Labels {
    /// By label.
    fields: Vec<(String, FieldName)>,
}

impl Labels {
    pub(crate) fn new(knowledge: &Knowledge) -> Self {
        Self { fields: (knowledge.labels.iter()).map(|label| (fold(&label.text), label.field)).collect() }
    }

    /// The field that a label names.
    pub(crate) fn field(&self, label: &str) -> Option<FieldName> {
        let folded = fold(label);
        let bare = folded.trim_end_matches([':', ' ']);
        let at = self.fields.binary_search_by(|(known, _)| known.as_str().cmp(bare)).ok()?;
        self.fields.get(at).map(|(_, field)| *field)
    }

    /// The "label: value" lines of a description.
    pub(crate) fn in_text<'t>(&self, text: &'t str) -> Vec<(FieldName, &'t str)> {
        (text.split(['\n', ';', '•', '|']))
            .filter_map(|line| {
                let line = line.trim().trim_start_matches(['-', '+', '*', '✔', '✅', ' ']);
                let (label, value) = line.split_once(':')?;
                let value = value.trim();
                if label.len() > MAX_LABEL * 3 || value.is_empty() {
                    return None;
                }
                Some((self.field(label)?, value))
            })
            .collect()
    }
}

/// Turns the words of a page into a field's value. Words that are not of the field's kind are no reading.
pub(crate) fn reading(field: FieldName, words: &str, source: SourceType, rule: &str, now: i64) -> Option<Reading> {
    let words = match field {
        // A handle is often read from a link: "/@bep.nha".
        FieldName::HostHandle => words.trim().trim_start_matches(['/', '@']),
        _ => words.trim(),
    };
    if words.is_empty() {
        return None;
    }
    // A household's tax code is its owner's own number: it is masked before anything is kept.
    let masked = (field == FieldName::TaxCode && is_citizens(words)).then(|| canonical(Kind::Cccd, words));
    let words = masked.as_deref().unwrap_or(words);
    let value = match field.kind() {
        FieldKind::Text => FieldValue::Text(match field {
            FieldName::Description => words.to_owned(),
            _ => shorten(&words.split_whitespace().collect::<Vec<_>>().join(" "), MAX_QUOTE),
        }),
        FieldKind::Count => FieldValue::Count(number::count(words)?),
        FieldKind::Percent => FieldValue::Count(number::percent(words)?),
        FieldKind::Stars => FieldValue::Stars(number::stars(words)?),
        FieldKind::Time => FieldValue::Time(number::moment(words, now).filter(|moment| *moment <= now + 86_400)?),
        FieldKind::Flag => FieldValue::Flag(flag(words)?),
        FieldKind::Money => FieldValue::Money {
            amount: number::price(words).or_else(|| number::count(words))?,
            currency: "VND".to_owned(),
        },
    };
    Some(Reading {
        value,
        quote: shorten(words, MAX_QUOTE),
        source,
        rule: rule.to_owned(),
        confidence: super::source_confidence(source),
        disagreeing: Vec::new(),
    })
}

fn is_citizens(words: &str) -> bool {
    check(Kind::Cccd, words, 0) == State::WellFormed
}

fn flag(words: &str) -> Option<bool> {
    match fold(words).as_str() {
        "true" | "1" | "yes" | "co" => Some(true),
        "false" | "0" | "no" | "khong" => Some(false),
        _ => None,
    }
}
