//! What Soi tries to find out: one file a check. A check looks at one subject and reports findings or a silence;
//! it never reads a page's markup and never knows a grade.

mod account_age;
mod advert_disclosure;
mod barcode_origin;
mod crowd_noise;
mod deep_discount;
mod handle_changes;
mod host_identity;
mod identifiers;
mod importer;
mod ingredients;
mod label_dates;
pub(crate) mod label_duties;
mod maker_address;
mod mandatory_line;
mod official_badge;
mod on_record;
mod origin_claims;
mod origin_country;
mod promises;
mod proof;
mod rating;
mod responsible_party;
mod sale_talk;
mod seller_identity;
mod service;
mod ships_from;

use crate::finding::{FindingSource, Silence, Slot, Slots};
use crate::knowledge::{FieldName, Knowledge, PageKind, Question};
use crate::listing::{Listing, Said};
use crate::pack::Records;
use crate::page::{EarlierOrigin, Offer, OfferView, Reading, Room};
use crate::text::shorten;

/// The country whose labels and importers the checks ask for.
const HOME: &str = "VN";
/// Longest quote in a finding, bytes.
const MAX_QUOTE: usize = 240;

/// What a check looks at.
#[derive(Clone, Copy)]
pub(crate) struct Subject<'a> {
    /// The kind of page that shows it.
    pub(crate) kind: PageKind,
    /// The product; `None` when the subject is a room without a basket.
    pub(crate) offer: Option<&'a Offer>,
    pub(crate) room: Option<&'a Room>,
    /// Origins that the tab showed before.
    pub(crate) earlier: &'a [EarlierOrigin],
    /// Seconds since 1970.
    pub(crate) now: i64,
    pub(crate) knowledge: &'a Knowledge,
    /// What the product's listing says; nothing for a room.
    pub(crate) listing: &'a Listing<'a>,
    /// Groups of the products that the subject is about, rows of their table; those that are not known are missing.
    pub(crate) goods: &'a [usize],
    /// The platform's id.
    pub(crate) platform: &'a str,
    /// The public record.
    pub(crate) records: &'a Records,
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
    Check { id: "origin.label", question: Question::Origin, run: label_duties::run },
    Check { id: "origin.importer", question: Question::Origin, run: importer::run },
    Check { id: "origin.claims", question: Question::Origin, run: origin_claims::run },
    Check { id: "origin.maker", question: Question::Origin, run: maker_address::run },
    Check { id: "origin.numbers", question: Question::Origin, run: identifiers::run },
    Check { id: "origin.dates", question: Question::Origin, run: label_dates::run },
    Check { id: "origin.ingredients", question: Question::Origin, run: ingredients::run },
    Check { id: "origin.proof", question: Question::Origin, run: proof::run },
    Check { id: "origin.record", question: Question::Origin, run: on_record::run_product },
    Check { id: "origin.named", question: Question::Origin, run: on_record::run_named },
    Check { id: "seller.shop-age", question: Question::Seller, run: account_age::run_shop },
    Check { id: "seller.rating", question: Question::Seller, run: rating::run },
    Check { id: "seller.low-ratings", question: Question::Seller, run: rating::run_low },
    Check { id: "seller.official", question: Question::Seller, run: official_badge::run },
    Check { id: "seller.response", question: Question::Seller, run: service::run_response },
    Check { id: "seller.on-time", question: Question::Seller, run: service::run_on_time },
    Check { id: "seller.identity", question: Question::Seller, run: seller_identity::run },
    Check { id: "seller.promises", question: Question::Seller, run: promises::run },
    Check { id: "seller.talk", question: Question::Seller, run: sale_talk::run_listing },
    Check { id: "seller.line", question: Question::Seller, run: mandatory_line::run_listing },
    Check { id: "seller.discount", question: Question::Seller, run: deep_discount::run },
    Check { id: "seller.ships-from", question: Question::Seller, run: ships_from::run },
    Check { id: "seller.record", question: Question::Seller, run: on_record::run_shop },
    Check { id: "host.identity", question: Question::Host, run: host_identity::run },
    Check { id: "host.account-age", question: Question::Host, run: account_age::run_host },
    Check { id: "host.renamed", question: Question::Host, run: handle_changes::run },
    Check { id: "host.disclosure", question: Question::Host, run: advert_disclosure::run },
    Check { id: "host.talk", question: Question::Host, run: sale_talk::run_host },
    Check { id: "host.line", question: Question::Host, run: mandatory_line::run_host },
    Check { id: "host.crowd", question: Question::Host, run: crowd_noise::run },
    Check { id: "host.record", question: Question::Host, run: on_record::run_host },
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
    pub(crate) valid_until: Option<i64>,
    pub(crate) slots: Slots,
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

impl<'a> Subject<'a> {
    /// The room in which somebody speaks, or why there is none.
    pub(crate) fn live_room(&self) -> Result<&'a Room, Outcome> {
        match self.room {
            None => Err(Outcome::not_applicable("no-host")),
            Some(_) if self.kind == PageKind::Profile => Err(Outcome::not_applicable("no-live")),
            Some(room) => Ok(room),
        }
    }
}

impl Subject<'_> {
    /// A finding about a field as it was read.
    pub(crate) fn found_in(&self, code: &'static str, field: FieldName, reading: &Reading) -> Found {
        self.found(code, Some(field), &reading.rule, Some(&reading.quote))
    }

    /// A finding about a line of talk, with when it was said.
    pub(crate) fn found_heard(&self, code: &'static str, quote: &str, at: i64) -> Found {
        Found { seen_at: at, ..self.found(code, None, "line", Some(quote)) }
    }

    /// A finding about wording, which counts as far as its row of the table is verified and in force.
    pub(crate) fn found_said(&self, code: &'static str, said: &Said<'_>) -> Found {
        let provenance = self.knowledge.wording.get(said.found.row).map(|row| &row.provenance);
        let holds = provenance.is_some_and(|row| row.verified && row.in_force(&crate::date::iso_day(self.now)));
        self.found(code, Some(said.field), said.rule, Some(said.found.quote)).verified(holds)
    }

    /// A finding, with the words it rests on.
    pub(crate) fn found(&self, code: &'static str, field: Option<FieldName>, rule: &str, quote: Option<&str>) -> Found {
        Found {
            code,
            quote: quote.map(|quote| shorten(quote, MAX_QUOTE)),
            source: FindingSource { field, rule: rule.to_owned(), urls: Vec::new(), regulations: Vec::new() },
            seen_at: self.now,
            valid_until: None,
            slots: Slots::default(),
            verified: true,
        }
    }

    /// A field of the product, when it was read surely enough to count against anybody.
    pub(crate) fn sure(&self, field: FieldName) -> Option<&Reading> {
        self.offer?.fields.sure(field)
    }

    /// Whether a field of the product is filled with something that is more than filling.
    pub(crate) fn states(&self, field: FieldName) -> bool {
        self.sure(field).is_some_and(|reading| !self.knowledge.is_junk(&reading.quote))
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
}

impl Found {
    pub(crate) fn slot(mut self, name: &'static str, slot: Slot) -> Self {
        self.slots.add(name, slot);
        self
    }

    /// Names a rule of `regulations.toml`.
    pub(crate) fn citing(mut self, rule: &str) -> Self {
        self.source.regulations.push(rule.to_owned());
        self
    }

    pub(crate) fn verified(mut self, verified: bool) -> Self {
        self.verified = verified;
        self
    }
}
