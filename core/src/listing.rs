//! What a listing says in its own words: read once, before any check looks at it.

use crate::knowledge::{FieldName, Knowledge, ProductGroup, WordingGroup};
use crate::page::{Offer, Reading};
use crate::text::{Patterns, SubstanceMatcher, WordingMatch, WordingMatcher, same_marks};
use aho_corasick::BuildError;

/// Fields in which a listing speaks in its own words.
const OWN_WORDS: [FieldName; 2] = [FieldName::Title, FieldName::Description];
/// Words of a category tell a product's group more surely than words of its title.
const CATEGORY_WEIGHT: usize = 3;
/// The first noun says what a thing is, the others what it is for: "dao gọt trái cây" is a knife.
const HEAD_WEIGHT: usize = 3;

/// What is compiled once for reading listings.
#[derive(Debug)]
pub(crate) struct ListingReader {
    pub(crate) wording: WordingMatcher,
    pub(crate) substances: SubstanceMatcher,
    groups: GroupMatcher,
}

/// What one listing says.
#[derive(Debug, Default)]
pub(crate) struct Listing<'a> {
    /// Wording of title and description.
    pub(crate) wording: Vec<Said<'a>>,
    /// The origin that it states.
    pub(crate) stated: Option<StatedOrigin<'a>>,
    /// The group of products it belongs to.
    pub(crate) group: Option<GroupMatch<'a>>,
}

/// Wording and the field it stands in.
#[derive(Debug, Clone)]
pub(crate) struct Said<'a> {
    pub(crate) field: FieldName,
    pub(crate) rule: &'a str,
    pub(crate) found: WordingMatch<'a>,
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

impl ListingReader {
    pub(crate) fn new(knowledge: &Knowledge) -> Result<Self, BuildError> {
        Ok(Self {
            wording: WordingMatcher::new(knowledge)?,
            substances: SubstanceMatcher::new(knowledge)?,
            groups: GroupMatcher::new(&knowledge.groups)?,
        })
    }

    pub(crate) fn read<'a>(&self, knowledge: &Knowledge, offer: &'a Offer) -> Listing<'a> {
        let mut wording = Vec::new();
        for field in OWN_WORDS {
            let Some((reading, text)) = offer.fields.get(field).zip(offer.fields.text(field)) else { continue };
            let said = |found| Said { field, rule: &reading.rule, found };
            wording.extend(self.wording.find(text).into_iter().map(said));
        }
        let stated = self.stated(knowledge, offer, &wording);
        Listing { wording, stated, group: self.groups.find(offer) }
    }

    /// The property first, then wording that states an origin.
    fn stated<'a>(&self, knowledge: &Knowledge, offer: &'a Offer, wording: &[Said<'a>]) -> Option<StatedOrigin<'a>> {
        if let Some(reading) = offer.fields.sure(FieldName::Origin)
            && !knowledge.is_junk(&reading.quote)
            && self.vague(reading).is_none()
        {
            // "Thương hiệu Nhật, sản xuất tại Việt Nam" names two countries and states one.
            let stating: Vec<String> = self.stating(&reading.quote).filter_map(|found| found.country).collect();
            let countries = if stating.is_empty() { self.wording.countries(&reading.quote) } else { stating };
            if !countries.is_empty() {
                let Reading { quote, rule, .. } = reading;
                return Some(StatedOrigin { countries, field: FieldName::Origin, rule, quote });
            }
        }
        let states = |said: &&Said<'_>| said.found.group == WordingGroup::OriginStated && !said.found.negated;
        let said = wording.iter().filter(states).min_by_key(|said| said.found.doubtful)?;
        let countries = vec![said.found.country.clone()?];
        Some(StatedOrigin { countries, field: said.field, rule: said.rule, quote: said.found.quote })
    }

    /// "Công nghệ Đức" in the field where the origin belongs.
    pub(crate) fn vague<'a>(&self, origin: &'a Reading) -> Option<WordingMatch<'a>> {
        let is_vague =
            |found: &WordingMatch<'_>| matches!(found.group, WordingGroup::OriginVague | WordingGroup::HomeMarket);
        if self.stating(&origin.quote).next().is_some() {
            return None;
        }
        self.wording.find(&origin.quote).into_iter().find(is_vague)
    }

    /// Wording of a field's value that states an origin.
    fn stating<'t>(&self, value: &'t str) -> impl Iterator<Item = WordingMatch<'t>> {
        let found = self.wording.find(value).into_iter();
        found.filter(|found| found.group == WordingGroup::OriginStated && !found.negated)
    }
}

impl<'a> Listing<'a> {
    /// Wording of a group that nothing negates, and that is surely about the product.
    pub(crate) fn saying(&self, group: WordingGroup) -> impl Iterator<Item = &Said<'a>> {
        self.wording.iter().filter(move |it| it.found.group == group && !it.found.negated && !it.found.doubtful)
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

/// The words that tell a product's group.
#[derive(Debug)]
struct GroupMatcher {
    patterns: Patterns,
    /// Row of the group, weight and text of each pattern.
    words: Vec<(usize, usize, String)>,
}

impl GroupMatcher {
    fn new(groups: &[ProductGroup]) -> Result<Self, BuildError> {
        let rows = groups.iter().enumerate();
        let words: Vec<(usize, &String)> =
            rows.flat_map(|(row, group)| group.words.iter().map(move |word| (row, word))).collect();
        let patterns = Patterns::new(words.iter().map(|(_, word)| word.as_str()))?;
        // "Máy sấy tóc" says more than "máy": each word of a pattern counts.
        let weight = |word: &str| word.split_whitespace().count();
        Ok(Self { patterns, words: words.into_iter().map(|(row, word)| (row, weight(word), word.clone())).collect() })
    }

    fn find<'a>(&self, offer: &'a Offer) -> Option<GroupMatch<'a>> {
        let mut scores: Vec<(usize, usize, &'a str)> = Vec::new();
        for (field, weight) in [(FieldName::Category, CATEGORY_WEIGHT), (FieldName::Title, 1)] {
            let Some(text) = offer.fields.text(field) else { continue };
            let mut head = None;
            for hit in self.patterns.find(text, 0, text.len()) {
                let Some((row, words, known)) = self.words.get(hit.pattern) else { continue };
                let quote = text.get(hit.start..hit.end).unwrap_or_default();
                // "miễn phí" is no "miến", "kéo" no "kẹo".
                if !same_marks(quote, known) {
                    continue;
                }
                let is_head = *head.get_or_insert(hit.start) == hit.start;
                let points = words * weight * if is_head { HEAD_WEIGHT } else { 1 };
                match scores.iter_mut().find(|(known, ..)| known == row) {
                    Some((_, score, _)) => *score += points,
                    None => scores.push((*row, points, quote)),
                }
            }
        }
        let total: usize = scores.iter().map(|(_, score, _)| score).sum();
        let (row, score, quote) = scores.into_iter().max_by_key(|(row, score, _)| (*score, usize::MAX - row))?;
        let confidence = u8::try_from(score * 100 / total.max(1)).unwrap_or(100);
        Some(GroupMatch { row, confidence, quote })
    }
}
