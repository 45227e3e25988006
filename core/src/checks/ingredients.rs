//! Is there something in it that must not be in such goods? "Không chứa corticoid" says that it is not, and a warning
//! about a substance is none of it.

use super::{Found, Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::{FieldName, ProductGroup, SubstanceStatus};
use crate::text::Stance;

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
    if found.is_empty() && !subject.states(FieldName::Ingredients) {
        return Outcome::unknown("look-at-box", Some("ingredients"));
    }
    Outcome::made(found)
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
