//! What is in it: are the ingredients listed, and is there one among them that must not be in such goods? "Không chứa
//! corticoid" says that it is not, and a warning about a substance is none of it.

use super::{Found, Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::{FieldName, ProductGroup, SubstanceStatus};
use crate::text::Stance;

const LISTED: &str = "origin.ingredients-listed";
/// Where a listing names what is in it; the list itself comes first.
const TEXTS: [FieldName; 3] = [FieldName::Ingredients, FieldName::Title, FieldName::Description];

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    // Only goods that one eats or puts on the skin have such rules.
    let group = subject.listing.group.and_then(|group| subject.knowledge.groups.get(group.row));
    let Some(group) = group.filter(|group| group.duties.iter().any(|duty| duty.field == FieldName::Ingredients)) else {
        return Outcome::not_applicable("no-ingredients");
    };
    let mut found: Vec<Found> = Vec::new();
    for field in TEXTS {
        for substance in substances(subject, group, field) {
            // Of one kind of finding the first words are enough.
            if !found.iter().any(|known| known.code == substance.code) {
                found.push(substance);
            }
        }
    }
    match listed(subject) {
        Some(listed) => Outcome::made(found).with([listed]),
        None if found.is_empty() => Outcome::unknown("look-at-box", Some("ingredients")),
        None => Outcome::made(found),
    }
}

/// The list of ingredients, with how many it names: in its own field, or in the description.
pub(super) fn listed(subject: &Subject<'_>) -> Option<Found> {
    if let Some(reading) = subject.sure(FieldName::Ingredients).filter(|_| subject.states(FieldName::Ingredients)) {
        // The field's label is the list's heading: put back before the value, it reads as on the box.
        let list = format!("Thành phần: {}", reading.quote);
        let count = subject.knowledge.spot(&list).ingredients().len();
        let found = subject.found_in(LISTED, FieldName::Ingredients, reading);
        return (count > 1).then(|| found.slot("count", Slot::Count(count as u64)));
    }
    let description = subject.listing.text(FieldName::Description)?;
    let ingredients = description.ingredients();
    let (first, last) = ingredients.first().zip(ingredients.last())?;
    let quote = description.text.get(first.start..last.end);
    let rule = subject.sure(FieldName::Description).map_or("", |reading| reading.rule.as_str());
    let found = subject.found(LISTED, Some(FieldName::Description), rule, quote);
    (ingredients.len() > 1).then(|| found.slot("count", Slot::Count(ingredients.len() as u64)))
}

/// Substances of the table that a text says are in there, where its rule is about such goods.
fn substances(subject: &Subject<'_>, group: &ProductGroup, field: FieldName) -> Vec<Found> {
    let Some(reading) = subject.sure(field) else { return Vec::new() };
    let text = subject.offer.and_then(|offer| offer.fields.text(field)).unwrap_or_default();
    let today = crate::date::iso_day(subject.now);
    let mentions = match subject.listing.text(field) {
        Some(spotted) => spotted.substances(),
        None => subject.knowledge.spot(text).substances(),
    };
    (mentions.into_iter().filter(|mention| mention.stance == Stance::Stated))
        .filter_map(|mention| {
            let row = subject.knowledge.substances.get(mention.row)?;
            let code = match row.status {
                _ if !row.groups.contains(&group.id) => return None,
                SubstanceStatus::Banned => "origin.substance-banned",
                SubstanceStatus::UndeclaredRecalls => "origin.substance-recalls",
                SubstanceStatus::SelfMixed => "origin.mixed-cream",
                SubstanceStatus::Restricted => return None,
            };
            let quote = text.get(mention.start..mention.end);
            let holds = row.provenance.verified && row.provenance.in_force(&today);
            Some(
                (subject.found(code, Some(field), &reading.rule, quote))
                    .slot("group", Slot::Group(group.id.clone()))
                    .verified(holds),
            )
        })
        .collect()
}
