//! What a listing says in its own words: read once, before any check looks at it.

use crate::address::AddressMatch;
use crate::identifiers::IdentifierMatch;
use crate::knowledge::{ClaimGroup, FieldName, Knowledge, Meaning, WordingGroup};
use crate::page::{Offer, Reading};
use crate::text::{ClaimMatch, Spotted, Stance, WordingMatch};

/// Fields in which a listing speaks in its own words.
const OWN_WORDS: [FieldName; 2] = [FieldName::Title, FieldName::Description];
/// Fields in which an address stands.
const ADDRESSED: [FieldName; 3] = [FieldName::ResponsibleAddress, FieldName::ImporterAddress, FieldName::MakerAddress];
/// Fields in which numbers stand that can be checked.
const NUMBERED: [FieldName; 3] = [FieldName::Notification, FieldName::TaxCode, FieldName::Description];
/// Words of a category tell a product's group more surely than words of its title.
const CATEGORY_WEIGHT: usize = 3;
/// The first noun says what a thing is, the others what it is for: "dao gọt trái cây" is a knife.
const HEAD_WEIGHT: usize = 3;

/// What one listing says.
#[derive(Debug, Default)]
pub(crate) struct Listing<'a> {
    /// Title and description, gone through.
    texts: Vec<(FieldName, Spotted<'a>)>,
    /// Wording of title and description.
    pub(crate) wording: Vec<Said<'a>>,
    /// What title and description claim.
    claims: Vec<Claimed<'a>>,
    /// The origin that it states.
    pub(crate) stated: Option<StatedOrigin<'a>>,
    /// The group of products it belongs to.
    pub(crate) group: Option<GroupMatch<'a>>,
    /// Addresses in the fields that are for them.
    pub(crate) addresses: Vec<(FieldName, AddressMatch)>,
    /// Numbers that can be checked.
    pub(crate) identifiers: Vec<Numbered<'a>>,
}

/// A number that can be checked, and the field it stands in.
#[derive(Debug, Clone)]
pub(crate) struct Numbered<'a> {
    pub(crate) field: FieldName,
    pub(crate) rule: &'a str,
    pub(crate) found: IdentifierMatch,
    /// The number as it is written.
    pub(crate) quote: &'a str,
}

/// Wording and the field it stands in.
#[derive(Debug, Clone)]
pub(crate) struct Said<'a> {
    pub(crate) field: FieldName,
    pub(crate) rule: &'a str,
    pub(crate) found: WordingMatch<'a>,
}

/// A claim and the field it stands in.
#[derive(Debug, Clone)]
pub(crate) struct Claimed<'a> {
    pub(crate) field: FieldName,
    pub(crate) rule: &'a str,
    pub(crate) found: ClaimMatch,
    /// Its code within its group.
    pub(crate) code: &'a str,
    /// Its words.
    pub(crate) quote: &'a str,
}

/// The countries that a product is said to be made in, and the words that say so.
#[derive(Debug, Clone)]
pub(crate) struct StatedOrigin<'a> {
    pub(crate) countries: Vec<String>,
    pub(crate) field: FieldName,
    pub(crate) rule: &'a str,
    pub(crate) quote: &'a str,
}

/// A group of products, and how sure that is.
#[derive(Debug, Clone, Copy)]
pub(crate) struct GroupMatch<'a> {
    /// Row of the groups' table.
    pub(crate) row: usize,
    /// Percent.
    pub(crate) confidence: u8,
    /// The word that tells it.
    pub(crate) quote: &'a str,
}

impl<'a> Listing<'a> {
    /// `now` is in seconds since 1970: no notification is of a later year.
    pub(crate) fn read(knowledge: &'a Knowledge, offer: &'a Offer, now: i64) -> Self {
        let mut listing = Self::default();
        for field in OWN_WORDS {
            let Some((reading, text)) = offer.fields.get(field).zip(offer.fields.text(field)) else { continue };
            let spotted = knowledge.spot(text);
            let said = |found| Said { field, rule: &reading.rule, found };
            listing.wording.extend(spotted.wording().into_iter().map(said));
            listing.claims.extend(knowledge.claims(text).into_iter().filter_map(|found| {
                let code = &knowledge.claim(found.row)?.code;
                let quote = text.get(found.start..found.end)?;
                Some(Claimed { field, rule: &reading.rule, found, code, quote })
            }));
            listing.texts.push((field, spotted));
        }
        listing.stated = listing.find_stated(knowledge, offer);
        listing.group = listing.find_group(knowledge, offer);
        for field in ADDRESSED {
            let Some(reading) = offer.fields.sure(field) else { continue };
            listing.addresses.extend(knowledge.spot(&reading.quote).address().map(|address| (field, address)));
        }
        for field in NUMBERED {
            listing.add_numbers(knowledge, offer, field, crate::date::year(now));
        }
        listing
    }

    fn add_numbers(&mut self, knowledge: &'a Knowledge, offer: &'a Offer, field: FieldName, year: i32) {
        let Some((reading, text)) = offer.fields.sure(field).zip(offer.fields.text(field)) else { return };
        let found = match self.text(field) {
            Some(spotted) => spotted.identifiers(year),
            None => knowledge.spot(text).identifiers(year),
        };
        self.identifiers.extend(found.into_iter().map(|found| {
            let quote = text.get(found.start..found.end).unwrap_or_default();
            Numbered { field, rule: &reading.rule, found, quote }
        }));
    }

    /// The address in a field.
    pub(crate) fn address(&self, field: FieldName) -> Option<&AddressMatch> {
        self.addresses.iter().find(|(known, _)| *known == field).map(|(_, address)| address)
    }

    /// Title or description, gone through.
    pub(crate) fn text(&self, field: FieldName) -> Option<&Spotted<'a>> {
        self.texts.iter().find(|(known, _)| *known == field).map(|(_, spotted)| spotted)
    }

    /// The property first, then wording that states an origin.
    fn find_stated(&self, knowledge: &'a Knowledge, offer: &'a Offer) -> Option<StatedOrigin<'a>> {
        if let Some(reading) = offer.fields.sure(FieldName::Origin)
            && !knowledge.is_junk(&reading.quote)
        {
            let origin = knowledge.spot(&reading.quote);
            let wording = origin.wording();
            // "Thương hiệu Nhật, sản xuất tại Việt Nam" names two countries and states one.
            let stating: Vec<String> = stating(&wording).filter_map(|found| found.country.clone()).collect();
            let countries = match vague(&wording) {
                Some(_) => Vec::new(),
                None if stating.is_empty() => origin.countries(),
                None => stating,
            };
            if !countries.is_empty() {
                let Reading { quote, rule, .. } = reading;
                return Some(StatedOrigin { countries, field: FieldName::Origin, rule, quote });
            }
        }
        let states = |said: &&Said<'_>| said.found.group == WordingGroup::OriginStated && !said.found.negated;
        let said = self.wording.iter().filter(states).min_by_key(|said| said.found.doubtful)?;
        let countries = vec![said.found.country.clone()?];
        Some(StatedOrigin { countries, field: said.field, rule: said.rule, quote: said.found.quote })
    }

    fn find_group(&self, knowledge: &'a Knowledge, offer: &'a Offer) -> Option<GroupMatch<'a>> {
        let mut scores: Vec<(usize, usize, &'a str)> = Vec::new();
        if let Some(category) = offer.fields.text(FieldName::Category) {
            add_group_words(&knowledge.spot(category), CATEGORY_WEIGHT, &mut scores);
        }
        if let Some(title) = self.text(FieldName::Title) {
            add_group_words(title, 1, &mut scores);
        }
        let total: usize = scores.iter().map(|(_, score, _)| score).sum();
        let (row, score, quote) = scores.into_iter().max_by_key(|(row, score, _)| (*score, usize::MAX - row))?;
        let confidence = u8::try_from(score * 100 / total.max(1)).unwrap_or(100);
        Some(GroupMatch { row, confidence, quote })
    }

    /// Wording of a group that nothing negates, and that is surely about the product.
    pub(crate) fn saying(&self, group: WordingGroup) -> impl Iterator<Item = &Said<'a>> {
        self.wording.iter().filter(move |it| it.found.group == group && !it.found.negated && !it.found.doubtful)
    }

    /// What it claims of a group, and means.
    pub(crate) fn claiming(&self, group: ClaimGroup) -> impl Iterator<Item = &Claimed<'a>> {
        self.claims.iter().filter(move |it| it.found.group == group && it.found.stance == Stance::Stated)
    }

    /// The countries that it states or lets one think of, with the words: the stated ones first.
    pub(crate) fn claimed(&self) -> Option<(Vec<String>, &'a str)> {
        let lets_think = [WordingGroup::HomeMarket, WordingGroup::HandCarried, WordingGroup::OriginVague];
        match &self.stated {
            Some(stated) => Some((stated.countries.clone(), stated.quote)),
            None => (lets_think.into_iter().flat_map(|group| self.saying(group)))
                .find_map(|said| Some((vec![said.found.country.clone()?], said.found.quote))),
        }
    }
}

/// "Công nghệ Đức" in the field where the origin belongs.
pub(crate) fn vague<'w, 't>(origin: &'w [WordingMatch<'t>]) -> Option<&'w WordingMatch<'t>> {
    let is_vague =
        |found: &&WordingMatch<'_>| matches!(found.group, WordingGroup::OriginVague | WordingGroup::HomeMarket);
    match stating(origin).next() {
        Some(_) => None,
        None => origin.iter().find(is_vague),
    }
}

/// Wording of a field's value that states an origin.
fn stating<'w, 't>(value: &'w [WordingMatch<'t>]) -> impl Iterator<Item = &'w WordingMatch<'t>> {
    value.iter().filter(|found| found.group == WordingGroup::OriginStated && !found.negated)
}

/// Adds what the words of a text say about the product's group: row, score and the first word.
fn add_group_words<'a>(text: &Spotted<'a>, weight: usize, scores: &mut Vec<(usize, usize, &'a str)>) {
    let mut head = None;
    for hit in &text.hits {
        let Meaning::Group(row) = hit.meaning else { continue };
        // "miễn phí" is no "miến", "kéo" no "kẹo".
        if !text.marks_agree(hit) {
            continue;
        }
        let is_head = *head.get_or_insert(hit.start) == hit.start;
        // "Máy sấy tóc" says more than "máy": each word of a phrase counts.
        let words = hit.known.split_whitespace().count();
        let points = words * weight * if is_head { HEAD_WEIGHT } else { 1 };
        match scores.iter_mut().find(|(known, ..)| *known == usize::from(row)) {
            Some((_, score, _)) => *score += points,
            None => scores.push((usize::from(row), points, text.written(hit))),
        }
    }
}
