//! Does the listing say in which country the product was made, or only words that sound like it?

use super::{Found, Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::{FieldName, WordingGroup};
use crate::listing::{self, Said, StatedOrigin};

const STATED: &str = "origin.stated";
const NOT_STATED: &str = "origin.not-stated";
const VAGUE: &str = "origin.vague-wording";
const DIFFERS: &str = "origin.wording-differs";
const CONTRADICTED: &str = "origin.contradicted";
const SEEN_OTHERWISE: &str = "origin.seen-otherwise";
const SEVERAL: &str = "origin.several";
const LAST_STAGE: &str = "origin.last-stage";
const BRAND_ONLY: &str = "origin.brand-only";
/// How near to a wording the true origin must stand, in bytes, for nobody to be misled: "thương hiệu Nhật - sản xuất tại
/// Việt Nam".
const SAME_BREATH: usize = 60;

pub(crate) fn run(subject: &Subject<'_>) -> Outcome {
    if subject.offer.is_none() {
        return Outcome::unknown("no-basket", None);
    }
    if let Some(stated) = &subject.listing.stated {
        return Outcome::made(vec![found_stated(subject, stated)])
            .with(contradicting(subject, stated))
            .with(seen_otherwise(subject, stated))
            .with(sounding(subject, DIFFERS, &stated.countries));
    }
    let vague = || sounding(subject, VAGUE, &[]);
    let outcome = match subject.sure(FieldName::Origin) {
        Some(reading) if subject.knowledge.is_junk(&reading.quote) || is_vague(subject, &reading.quote) => {
            Outcome::not_stated("origin", subject.found_in(NOT_STATED, FieldName::Origin, reading))
        }
        // The field is filled with something that is no country Soi knows: nothing is claimed about it.
        Some(_) => Outcome::unknown("ask-seller", Some("origin")),
        // The law lets goods of undetermined origin state where the last stage was finished.
        None if last_stage(subject).is_some() => Outcome::made(Vec::new()).with(last_stage(subject)),
        None if subject.shows_properties() => {
            Outcome::not_stated("origin", subject.found(NOT_STATED, None, "", None)).with(brand_only(subject))
        }
        None => Outcome::unknown(subject.where_to_look(), Some("origin")),
    };
    outcome.with(vague())
}

/// "Công nghệ Đức" where the origin belongs.
fn is_vague(subject: &Subject<'_>, origin: &str) -> bool {
    listing::vague(&subject.knowledge.spot(origin).wording()).is_some()
}

/// One country is an origin; "HK/TQ" leaves open which.
fn found_stated(subject: &Subject<'_>, stated: &StatedOrigin<'_>) -> Found {
    let found = |code| subject.found(code, Some(stated.field), stated.rule, Some(stated.quote));
    let country = |at: usize| Slot::Country(stated.countries.get(at).cloned().unwrap_or_default());
    match stated.countries.len() {
        0 | 1 => found(STATED).slot("country", country(0)),
        _ => found(SEVERAL).slot("country", country(0)).slot("other", country(1)),
    }
}

/// "Sản xuất tại Đức" in the title, China in the property list: two origins for one product.
fn contradicting(subject: &Subject<'_>, stated: &StatedOrigin<'_>) -> Option<Found> {
    let (said, country) = (subject.listing.saying(WordingGroup::OriginStated))
        .find_map(|said| Some((said, said.found.country.as_ref()?)))
        .filter(|(_, country)| !subject.knowledge.is_among(country, &stated.countries))?;
    let first = stated.countries.first().cloned().unwrap_or_default();
    Some(
        (subject.found(CONTRADICTED, Some(said.field), said.rule, Some(said.found.quote)))
            .slot("country", Slot::Country(first))
            .slot("stated", Slot::Text(stated.quote.to_owned()))
            .slot("other", Slot::Country(country.clone())),
    )
}

/// The same product's origin was another one when this tab showed it before.
fn seen_otherwise(subject: &Subject<'_>, stated: &StatedOrigin<'_>) -> Option<Found> {
    let key = &subject.offer?.key;
    let (quote, country) = subject.earlier.iter().filter(|earlier| earlier.key == *key).find_map(|earlier| {
        let countries = subject.knowledge.spot(&earlier.quote).countries();
        let agrees = countries.iter().any(|country| subject.knowledge.is_among(country, &stated.countries));
        let country = countries.into_iter().next().filter(|_| !agrees)?;
        Some((&earlier.quote, country))
    })?;
    let first = stated.countries.first().cloned().unwrap_or_default();
    Some(
        (subject.found(SEEN_OTHERWISE, Some(stated.field), stated.rule, Some(quote)))
            .slot("country", Slot::Country(first))
            .slot("stated", Slot::Text(stated.quote.to_owned()))
            .slot("other", Slot::Country(country)),
    )
}

/// "Công nghệ Đức" beside an origin that is not Germany, or beside none. Beside "Đức" it is quiet.
fn sounding(subject: &Subject<'_>, code: &'static str, stated: &[String]) -> Option<Found> {
    let sounds = |said: &&Said<'_>| {
        let differs = |country: &String| !subject.knowledge.is_among(country, stated);
        stated.is_empty() || said.found.country.as_ref().is_some_and(differs) && !is_explained(subject, said, stated)
    };
    let said = subject.listing.saying(WordingGroup::OriginVague).find(sounds)?;
    let found = subject.found_said(code, said);
    Some(match stated.first() {
        Some(country) => found.slot("country", Slot::Country(country.clone())),
        None => found,
    })
}

/// Whether the origin that is stated stands beside the wording.
fn is_explained(subject: &Subject<'_>, said: &Said<'_>, stated: &[String]) -> bool {
    subject.listing.saying(WordingGroup::OriginStated).any(|origin| {
        let (first, second) = if origin.found.start < said.found.start { (origin, said) } else { (said, origin) };
        origin.field == said.field
            && second.found.start.saturating_sub(first.found.end()) <= SAME_BREATH
            && origin.found.country.as_ref().is_some_and(|country| stated.contains(country))
    })
}

fn last_stage(subject: &Subject<'_>) -> Option<Found> {
    let said = subject.listing.saying(WordingGroup::LastStage).next()?;
    let country = said.found.country.clone()?;
    Some(subject.found_said(LAST_STAGE, said).slot("country", Slot::Country(country)))
}

/// A brand has a home; its goods are made wherever they are made.
fn brand_only(subject: &Subject<'_>) -> Option<Found> {
    let reading = subject.sure(FieldName::BrandOrigin)?;
    let country = subject.knowledge.spot(&reading.quote).countries().into_iter().next()?;
    Some(subject.found_in(BRAND_ONLY, FieldName::BrandOrigin, reading).slot("country", Slot::Country(country)))
}
