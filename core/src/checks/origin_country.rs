//! Does the listing say in which country the product was made, or only words that sound like it?

use super::{Found, Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::{FieldName, WordingGroup};
use crate::page::Reading;
use crate::text::WordingMatch;

const STATED: &str = "origin.stated";
const NOT_STATED: &str = "origin.not-stated";
const VAGUE: &str = "origin.vague-wording";
const DIFFERS: &str = "origin.wording-differs";
const CONTRADICTED: &str = "origin.contradicted";

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    if subject.offer.is_none() {
        return Outcome::unknown("no-basket", None);
    }
    let stated = stated_country(subject);
    let vague = vague_wording(subject, stated.as_ref().map(|(codes, _)| codes.as_slice()));

    match stated {
        Some((codes, found)) => {
            let country = codes.first().cloned().unwrap_or_default();
            let contradicted = contradicting(subject, &codes);
            Outcome::made(vec![found.slot("country", Slot::Country(country))]).with(vague).with(contradicted)
        }
        None => match subject.sure(FieldName::Origin) {
            Some(reading) if subject.is_junk(&reading.quote) || vague_in(subject, reading).is_some() => {
                Outcome::not_stated("origin", subject.found_in(NOT_STATED, FieldName::Origin, reading)).with(vague)
            }
            // The field is filled with something that is no country Soi knows: nothing is claimed about it.
            Some(_) => Outcome::unknown("ask-seller", Some("origin")).with(vague),
            None if subject.shows_properties() => {
                Outcome::not_stated("origin", subject.found(NOT_STATED, None, "", None)).with(vague)
            }
            None => Outcome::unknown(subject.where_to_look(), Some("origin")).with(vague),
        },
    }
}

/// The countries that the product is said to come from: the property first, then wording that states an origin.
pub(super) fn stated_country(subject: &Subject<'_>) -> Option<(Vec<String>, Found)> {
    let says_where = |reading: &&Reading| !subject.is_junk(&reading.quote) && vague_in(subject, reading).is_none();
    if let Some(reading) = subject.sure(FieldName::Origin).filter(says_where) {
        let countries = subject.matcher.countries(&reading.quote);
        if !countries.is_empty() {
            return Some((countries, subject.found_in(STATED, FieldName::Origin, reading)));
        }
    }
    let (field, stated) =
        subject.wording.iter().find(|(_, found)| found.group == WordingGroup::OriginStated && !found.negated)?;
    let country = stated.country.clone()?;
    let rule = subject.offer?.fields.get(*field).map(|reading| reading.rule.clone()).unwrap_or_default();
    Some((vec![country], subject.found(STATED, Some(*field), &rule, Some(stated.quote))))
}

/// "Công nghệ Đức" in the field where the origin belongs.
fn vague_in<'a>(subject: &Subject<'_>, reading: &'a Reading) -> Option<WordingMatch<'a>> {
    let mut found = subject.matcher.find(&reading.quote).into_iter();
    found.find(|found| found.group == WordingGroup::OriginVague)
}

/// "Sản xuất tại Đức" in the title, China in the property list: two origins for one product.
fn contradicting(subject: &Subject<'_>, stated: &[String]) -> Option<Found> {
    let (field, other, country) = subject.wording.iter().find_map(|(field, found)| {
        let country = found.country.as_ref().filter(|country| !stated.contains(country))?;
        (found.group == WordingGroup::OriginStated && !found.negated).then_some((field, found, country))
    })?;
    let rule = subject.offer?.fields.get(*field).map(|reading| reading.rule.clone()).unwrap_or_default();
    let first = stated.first().cloned().unwrap_or_default();
    Some(
        (subject.found(CONTRADICTED, Some(*field), &rule, Some(other.quote)))
            .slot("country", Slot::Country(first))
            .slot("other", Slot::Country(country.clone())),
    )
}

/// "Công nghệ Đức" beside an origin that is not Germany, or beside none. Beside "Đức" it is quiet.
fn vague_wording(subject: &Subject<'_>, stated: Option<&[String]>) -> Option<Found> {
    let vague = |found: &WordingMatch<'_>| {
        found.group == WordingGroup::OriginVague
            && !found.negated
            && !stated.is_some_and(|stated| found.country.as_ref().is_none_or(|country| stated.contains(country)))
    };
    let (field, vague) = subject.wording.iter().find(|(_, found)| vague(found))?;
    let row = subject.knowledge.wording.get(vague.row)?;
    let code = if stated.is_some() { DIFFERS } else { VAGUE };
    let rule = subject.offer?.fields.get(*field).map(|reading| reading.rule.clone()).unwrap_or_default();
    let mut found = subject
        .found(code, Some(*field), &rule, Some(vague.quote))
        .verified(row.provenance.verified && row.provenance.in_force(&crate::date::iso_day(subject.now)));
    if let Some(country) = stated.and_then(|stated| stated.first()) {
        found = found.slot("country", Slot::Country(country.clone()));
    }
    Some(found)
}
