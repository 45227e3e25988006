//! Does the listing state what the label of such goods must state? The general duties (name, responsible party, origin)
//! have checks of their own; here are those of the product's group.

use super::{Outcome, Subject, ingredients, responsible_party};
use crate::finding::{DutyLine, DutyState, LabelReport, Slot};
use crate::knowledge::{DateCue, Duty, FieldName, Meaning, ProductGroup, WordingGroup};
use crate::listing::{GroupMatch, StatedOrigin};

const NOT_STATED: &str = "origin.duty-not-stated";
/// Least confidence in a product's group, percent, with which its duties may be asked for.
const MIN_CONFIDENCE: u8 = 50;
/// What every label states.
const GENERAL: [FieldName; 4] =
    [FieldName::Title, FieldName::Origin, FieldName::ResponsibleName, FieldName::ResponsibleAddress];

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    let Some((_, row)) = group(subject) else {
        return match subject.offer {
            None => Outcome::unknown("no-basket", None),
            Some(_) => Outcome::not_applicable("group-unknown"),
        };
    };
    if !subject.shows_properties() {
        return Outcome::unknown(subject.where_to_look(), None);
    }
    let today = crate::date::iso_day(subject.now);
    let missing =
        (row.duties.iter()).filter(|duty| duty.counts && state(subject, duty.field, duty.or) == DutyState::NotStated);
    let found = missing.map(|duty| {
        (subject.found(NOT_STATED, None, "", None))
            .slot("duty", Slot::Field(duty.field))
            .slot("group", Slot::Group(row.id.clone()))
            .verified(duty.provenance.verified && duty.provenance.in_force(&today))
    });
    Outcome::made(found.collect())
}

/// Every duty of the product's label, with where it stands.
pub(crate) fn report(subject: &Subject<'_>) -> Option<LabelReport> {
    subject.offer?;
    let found = group(subject);
    let duties = found.map_or(&[][..], |(_, row)| row.duties.as_slice());
    let line = |field, or| DutyLine {
        duty: field,
        state: state(subject, field, or),
        quote: subject.sure(field).map(|reading| crate::text::shorten(&reading.quote, super::MAX_QUOTE)),
    };
    let lines = (GENERAL.into_iter().map(|field| line(field, None)))
        .chain(duties.iter().map(|Duty { field, or, .. }| line(*field, *or)));
    Some(LabelReport {
        group: found.map(|(_, row)| row.id.clone()),
        confidence: found.map_or(0, |(group, _)| group.confidence),
        quote: found.map(|(group, _)| group.quote.to_owned()),
        duties: lines.collect(),
    })
}

fn group<'a>(subject: &Subject<'a>) -> Option<(GroupMatch<'a>, &'a ProductGroup)> {
    let group = subject.listing.group.filter(|group| group.confidence >= MIN_CONFIDENCE)?;
    Some((group, subject.knowledge.groups.get(group.row)?))
}

fn state(subject: &Subject<'_>, field: FieldName, or: Option<FieldName>) -> DutyState {
    let stated = |field| match field {
        FieldName::Origin => subject.listing.stated.is_some(),
        FieldName::ResponsibleName => responsible_party::is_named(subject),
        FieldName::ResponsibleAddress => responsible_party::has_address(subject),
        // "NSX 01/10/2026 - HSD 01/10/2028", anywhere in the description.
        FieldName::Expiry | FieldName::ProductionDate => subject.states(field) || dates_described(subject),
        FieldName::Ingredients => subject.states(field) || ingredients::listed(subject).is_some(),
        _ => subject.states(field),
    };
    let other_origin = |stated: &StatedOrigin<'_>| {
        let countries =
            subject.listing.saying(WordingGroup::OriginStated).filter_map(|said| said.found.country.as_ref());
        countries.into_iter().any(|country| !subject.knowledge.is_among(country, &stated.countries))
    };
    if field == FieldName::Origin && subject.listing.stated.as_ref().is_some_and(other_origin) {
        DutyState::Contradicted
    } else if stated(field) || or.is_some_and(stated) {
        DutyState::Stated
    } else if subject.shows_properties() {
        DutyState::NotStated
    } else {
        DutyState::Unknown
    }
}

/// Whether the description speaks of its dates: "HSD: in trên bao bì" does.
fn dates_described(subject: &Subject<'_>) -> bool {
    let tells = |meaning| matches!(meaning, Meaning::Date(cue) if cue != DateCue::Voucher);
    let description = subject.listing.text(FieldName::Description);
    description.is_some_and(|it| it.hits.iter().any(|hit| tells(hit.meaning) && it.marks_agree(hit)))
}
