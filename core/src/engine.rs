//! The engine: knowledge opened once, then pure functions over it.

use crate::checks::{self, Check, Outcome, Subject};
use crate::finding::{Answer, Assessment, Grade, OfferAssessment, RecordsUsed};
use crate::knowledge::{FieldName, Knowledge, KnowledgeError, PageKind, Question};
use crate::listing::Listing;
use crate::pack::Records;
use crate::page::snapshot::PageSnapshot;
use crate::page::{Offer, Page, ReadError, Reader};
use crate::score;

/// Why an engine could not be made.
#[derive(Debug, thiserror::Error)]
pub enum EngineError {
    /// The tables could not be opened.
    #[error(transparent)]
    Knowledge(#[from] KnowledgeError),
    /// A rule could not be compiled.
    #[error("engine.rules: {0}")]
    Rules(String),
}

/// Knowledge, compiled. Immutable: newer knowledge is a new engine.
#[derive(Debug)]
pub struct Engine {
    knowledge: Knowledge,
    reader: Reader,
}

impl Engine {
    /// The engine with the tables of this build.
    ///
    /// # Errors
    /// As [`Engine::open`]; a test holds that the built-in tables open.
    #[cfg(feature = "built-in")]
    pub fn built_in() -> Result<Self, EngineError> {
        Self::open(crate::knowledge::BUILT_IN)
    }

    /// The engine with packed tables.
    ///
    /// # Errors
    /// The tables are malformed, or a rule in them cannot be compiled.
    pub fn open(tables: &[u8]) -> Result<Self, EngineError> {
        let knowledge = Knowledge::open(tables)?;
        let rules = |error: &dyn std::fmt::Display| EngineError::Rules(error.to_string());
        let reader = Reader::new(&knowledge).map_err(|error| rules(&error))?;
        Ok(Self { knowledge, reader })
    }

    /// The tables.
    pub fn knowledge(&self) -> &Knowledge {
        &self.knowledge
    }

    /// Reads a snapshot.
    ///
    /// # Errors
    /// [`ReadError`]: the snapshot names an unknown platform, or an address of another one.
    pub fn read(&self, snapshot: &PageSnapshot) -> Result<Page, ReadError> {
        self.reader.read(&self.knowledge, snapshot)
    }

    /// Assesses a page against the public record. `now` is in seconds since 1970.
    pub fn assess(&self, page: &Page, records: &Records, now: i64) -> Assessment {
        let at = Moment { engine: self, page, records, now };
        let is_silent = !matches!(page.kind, PageKind::Live | PageKind::Product | PageKind::Shop | PageKind::Listing);
        let shown: Vec<&Offer> = (page.offers.iter()).filter(|offer| !is_silent && !offer.anchors.is_empty()).collect();
        // The host answers for the room, not for one product: found out once.
        let nothing = Listing::default();
        let listings = shown.into_iter().map(|offer| (offer, Listing::read(&self.knowledge, offer, now)));
        let listings: Vec<(&Offer, Listing<'_>)> = listings.collect();
        let mut goods: Vec<usize> = Vec::new();
        for row in listings.iter().filter_map(|(_, listing)| Some(listing.group?.row)) {
            if !goods.contains(&row) {
                goods.push(row);
            }
        }
        let host = at.answer(&at.subject(None, &nothing, &goods), Question::Host);
        let offers = listings.iter().map(|(offer, listing)| at.assess_offer(offer, listing, &host));
        let offers: Vec<OfferAssessment> = offers.collect();
        // A profile is a room without a basket: somebody, and nothing for sale.
        let has_room = matches!(page.kind, PageKind::Live | PageKind::Profile);
        let room = (has_room && offers.is_empty()).then(|| {
            let subject = at.subject(None, &nothing, &[]);
            vec![at.answer(&subject, Question::Origin), at.answer(&subject, Question::Seller), host]
        });
        let grades = (offers.iter().map(|offer| offer.overall)).chain(room.iter().flatten().map(|answer| answer.grade));
        let used = records.sets().iter().map(|set| RecordsUsed {
            set: set.header().set.as_str().to_owned(),
            sequence: set.header().sequence,
            created: set.header().created,
            is_stale: set.header().is_stale(now),
        });
        Assessment {
            engine: env!("CARGO_PKG_VERSION").to_owned(),
            rubric: self.knowledge.rubric.version,
            at: now,
            platform: page.platform.clone(),
            kind: page.kind,
            url: page.url.clone(),
            overall: Grade::worst(grades),
            offers,
            room,
            unread: page.unread.clone(),
            records: used.collect(),
        }
    }
}

/// A page, what it is held against, and when.
#[derive(Clone, Copy)]
struct Moment<'a> {
    engine: &'a Engine,
    page: &'a Page,
    records: &'a Records,
    now: i64,
}

impl<'a> Moment<'a> {
    fn assess_offer(self, offer: &Offer, listing: &Listing<'_>, host: &Answer) -> OfferAssessment {
        let goods: Vec<usize> = listing.group.iter().map(|group| group.row).collect();
        let subject = self.subject(Some(offer), listing, &goods);
        let answers =
            vec![self.answer(&subject, Question::Origin), self.answer(&subject, Question::Seller), host.clone()];
        OfferAssessment {
            key: offer.key.clone(),
            anchors: offer.anchors.clone(),
            title: offer.fields.text(FieldName::Title).map(str::to_owned),
            link: offer.link.clone(),
            overall: Grade::worst(answers.iter().map(|answer| answer.grade)),
            answers,
            label: checks::label_duties::report(&subject),
        }
    }

    fn subject<'s>(self, offer: Option<&'s Offer>, listing: &'s Listing<'s>, goods: &'s [usize]) -> Subject<'s>
    where
        'a: 's,
    {
        Subject {
            kind: self.page.kind,
            offer,
            room: self.page.room.as_ref(),
            earlier: &self.page.earlier,
            now: self.now,
            knowledge: &self.engine.knowledge,
            listing,
            goods,
            platform: &self.page.platform,
            records: self.records,
        }
    }

    fn answer(self, subject: &Subject<'_>, question: Question) -> Answer {
        let is_about_goods = question != Question::Host;
        let outcome = |check: &Check| match subject.kind {
            PageKind::Profile if is_about_goods => Outcome::not_applicable("no-goods"),
            _ => (check.run)(subject),
        };
        let outcomes = checks::of(question).map(|check| (check.id, outcome(check)));
        score::answer(&self.engine.knowledge.rubric, question, outcomes, subject.now)
    }
}
