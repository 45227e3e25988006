//! What Soi tries to find out: one file a check. A check looks at one subject and reports findings or a silence;
//! it never reads a page's markup and never knows a grade.

mod advert_disclosure;
mod barcode_origin;
mod host_identity;
mod host_record;
mod official_badge;
mod origin_country;
mod rating;
mod responsible_party;
mod shop_age;

use std::collections::BTreeMap;

use crate::finding::{Code, FindingSource, Silence, Slot};
use crate::knowledge::{FieldName, Knowledge, Question};
use crate::page::{Offer, OfferView, Reading, Room};
use crate::text::{WordingMatch, WordingMatcher, fold, shorten};

/// Longest quote in a finding, bytes.
const MAX_QUOTE: usize = 240;
/// Values that only fill a field are short, in bytes.
const MAX_JUNK: usize = 64;
/// Least confidence, in percent, with which a reading may count against anybody.
const MIN_CONFIDENCE: u8 = 50;

/// What a check looks at.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The product; `None` when the subject is a room without a basket.
    pub(crate) offer: Option<&'a Offer>,
    pub(crate) room: Option<&'a Room>,
    /// Seconds since 1970.
    pub(crate) now: i64,
    pub(crate) knowledge: &'a Knowledge,
    pub(crate) matcher: &'a WordingMatcher,
    /// Wording of the product's title and description.
    pub(crate) wording: &'a [(FieldName, WordingMatch<'a>)],
}

/// A check and the row of the rubric it stands in.
pub(crate) struct Check {
    /// Id of its row.
    pub(crate) id: &'static str,
    question: Question,
    pub(crate) run: fn(&Subject<'_>) -> Outcome,
}

/// Every check. A new one is a file, a line here, and its rows in the rubric.
const ALL: &[Check] = &[
    Check { id: "origin.country", question: Question::Origin, run: origin_country::run },
    Check { id: "origin.responsible-name", question: Question::Origin, run: responsible_party::run_name },
    Check { id: "origin.responsible-address", question: Question::Origin, run: responsible_party::run_address },
    Check { id: "origin.barcode", question: Question::Origin, run: barcode_origin::run },
    Check { id: "seller.shop-age", question: Question::Seller, run: shop_age::run },
    Check { id: "seller.rating", question: Question::Seller, run: rating::run },
    Check { id: "seller.official", question: Question::Seller, run: official_badge::run },
    Check { id: "host.identity", question: Question::Host, run: host_identity::run },
    Check { id: "host.disclosure", question: Question::Host, run: advert_disclosure::run },
    Check { id: "host.record", question: Question::Host, run: host_record::run },
];

/// The checks of one question.
pub(crate) fn of(question: Question) -> impl Iterator<Item = &'static Check> {
    ALL.iter().filter(move |check| check.question == question)
}

/// Ids of every check, for the test that holds them against the rubric.
pub fn ids() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|check| check.id)
}

/// What came of a check.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) state: State,
    pub(crate) found: Vec<Found>,
}

/// Whether a check could be made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum State {
    /// It was made.
    Made,
    /// It was not, or what it looks for is not there.
    Silent {
        silence: Silence,
        /// Message key below `next.`.
        next: &'static str,
        /// Message key below `ask.`.
        ask: Option<&'static str>,
    },
}

/// A finding before the rubric gives it points.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Found {
    pub(crate) code: &'static str,
    pub(crate) quote: Option<String>,
    pub(crate) source: FindingSource,
    pub(crate) seen_at: i64,
    pub(crate) slots: BTreeMap<Code, Slot>,
    /// Whether the table rows it rests on are verified and in force.
    pub(crate) verified: bool,
}

impl Outcome {
    pub(crate) fn made(found: Vec<Found>) -> Self {
        Self { state: State::Made, found }
    }

    pub(crate) fn not_stated(ask: &'static str, found: Found) -> Self {
        Self {
            state: State::Silent { silence: Silence::NotStated, next: "ask-seller", ask: Some(ask) },
            found: vec![found],
        }
    }

    pub(crate) fn unknown(next: &'static str, ask: Option<&'static str>) -> Self {
        Self { state: State::Silent { silence: Silence::Unknown, next, ask }, found: Vec::new() }
    }

    pub(crate) fn not_applicable(next: &'static str) -> Self {
        Self { state: State::Silent { silence: Silence::NotApplicable, next, ask: None }, found: Vec::new() }
    }

    pub(crate) fn with(mut self, found: impl IntoIterator<Item = Found>) -> Self {
        self.found.extend(found);
        self
    }
}

/// Wording of a product's title and description: what its listing says in its own words.
pub(crate) fn wording<'a>(matcher: &WordingMatcher, offer: &'a Offer) -> Vec<(FieldName, WordingMatch<'a>)> {
    ([FieldName::Title, FieldName::Description].into_iter())
        .filter_map(|field| Some((field, offer.fields.text(field)?)))
        .flat_map(|(field, text)| matcher.find(text).into_iter().map(move |found| (field, found)))
        .collect()
}

impl Subject<'_> {
    /// A finding about a field as it was read.
    pub(crate) fn found_in(&self, code: &'static str, field: FieldName, reading: &Reading) -> Found {
        self.found(code, Some(field), &reading.rule, Some(&reading.quote))
    }

    /// A finding, with the words it rests on.
    pub(crate) fn found(&self, code: &'static str, field: Option<FieldName>, rule: &str, quote: Option<&str>) -> Found {
        Found {
            code,
            quote: quote.map(|quote| shorten(quote, MAX_QUOTE)),
            source: FindingSource { field, rule: rule.to_owned(), url: None },
            seen_at: self.now,
            slots: BTreeMap::new(),
            verified: true,
        }
    }

    /// A field of the product, when it was read surely enough to count against anybody.
    pub(crate) fn sure(&self, field: FieldName) -> Option<&Reading> {
        self.offer?.fields.get(field).filter(|reading| reading.confidence >= MIN_CONFIDENCE)
    }

    /// Whether the product's place shows its whole property list: then what is not there is not stated.
    pub(crate) fn shows_properties(&self) -> bool {
        self.offer.is_some_and(|offer| offer.view == OfferView::PageWithProperties)
    }

    /// What the shopper can do about something the place cannot show.
    pub(crate) fn where_to_look(&self) -> &'static str {
        match self.offer.map(|offer| offer.view) {
            Some(OfferView::Card) => "open-product",
            Some(_) => "ask-seller",
            None => "no-basket",
        }
    }

    /// Whether a value only fills its field ("Đang cập nhật", "Không có").
    pub(crate) fn is_junk(&self, value: &str) -> bool {
        if value.len() > MAX_JUNK {
            return false;
        }
        let folded = fold(value);
        let bare = folded.trim_matches(|c: char| !c.is_alphanumeric());
        bare.is_empty() || self.knowledge.junk.iter().any(|junk| junk == bare)
    }
}

impl Found {
    pub(crate) fn slot(mut self, name: &'static str, slot: Slot) -> Self {
        self.slots.insert(Code::Borrowed(name), slot);
        self
    }

    pub(crate) fn verified(mut self, verified: bool) -> Self {
        self.verified = verified;
        self
    }
}
