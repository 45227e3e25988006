//! What the public record may do to an answer, and what it must not: over every case and every listing, with records made
//! of whoever and whatever they name.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};

use soi_core::Engine;
use soi_core::finding::{Answer, Assessment, Finding, Grade, Slot};
use soi_core::knowledge::{FieldName, Question};
use soi_core::pack::{Records, SetName, Subject};
use soi_core::page::Page;
use soi_core::page::snapshot::PageSnapshot;
use soi_core::record::{Event, Key, Matter, Status};
use soi_registry::packs::Stamp;
use soi_registry::public;
use soi_tests::case::Case;
use soi_tests::listing_case::{ListingCase, Pair, TAKEN_AT};
use soi_tests::records;

const DAY: i64 = 86_400;
/// The checks that ask the record.
const CHECKS: [&str; 4] = ["origin.record", "origin.named", "seller.record", "host.record"];

/// Every page that the tests know, and every name on them under which a record could be found.
struct Pages {
    engine: Engine,
    pages: Vec<(String, Page)>,
    keys: BTreeSet<Key>,
    /// What is said of them when nothing is on record.
    without: Vec<Assessment>,
}

/// All of an answer that a grade is made of.
type Weights = Vec<(Question, Grade, Option<u16>, i32, u8)>;

impl Pages {
    fn all() -> Self {
        let cases = Case::all().unwrap().into_iter().filter(|case| !case.silent);
        let recorded = cases.map(|case| (case.snapshot().unwrap(), case.page));
        let written = ListingCase::all().unwrap().into_iter().map(|case| (case.snapshot_json(), case.name));
        Self::of(recorded.chain(written))
    }

    /// Some of the recorded pages.
    fn named(names: &[&str]) -> Self {
        let cases = Case::all().unwrap().into_iter().filter(|case| names.contains(&case.page.as_str()));
        let pages = Self::of(cases.map(|case| (case.snapshot().unwrap(), case.page)));
        assert_eq!(pages.pages.len(), names.len());
        pages
    }

    fn of(snapshots: impl Iterator<Item = (String, String)>) -> Self {
        let engine = Engine::built_in().unwrap();
        let read = |json: &str| engine.read(&PageSnapshot::from_json(json).unwrap()).unwrap();
        let pages: Vec<(String, Page)> = snapshots.map(|(json, name)| (name, read(&json))).collect();
        let keys = pages.iter().flat_map(|(_, page)| keys(page)).collect();
        let mut pages = Self { engine, pages, keys, without: Vec::new() };
        pages.without = pages.assess(&in_use(&[]));
        pages
    }

    /// A record with these events about every name on every page.
    fn about_all(&self, events: &[Event<'_>]) -> Records {
        let subject = |key: &Key| Subject { keys: vec![key.clone()], events: events.to_vec() };
        in_use(&self.keys.iter().map(subject).collect::<Vec<_>>())
    }

    fn assess(&self, records: &Records) -> Vec<Assessment> {
        self.pages.iter().map(|(_, page)| self.engine.assess(page, records, TAKEN_AT)).collect()
    }

    /// That every answer weighs with these events on record what it weighs without; the codes that tell of them.
    fn weigh_nothing(&self, events: &[Event<'_>]) -> BTreeSet<String> {
        let with = self.assess(&self.about_all(events));
        for (((name, _), without), with) in self.pages.iter().zip(&self.without).zip(&with) {
            assert_eq!(weights(with), weights(without), "{name}");
            assert_eq!(with.overall, without.overall, "{name}");
        }
        with.iter().flat_map(told).map(|finding| finding.code.to_string()).collect()
    }
}

/// A set with these subjects, ready to be asked.
fn in_use(subjects: &[Subject<'_>]) -> Records {
    let mut records = Records::default();
    let set = SetName::new("invented").unwrap();
    records.put(public::ready_subjects(set, subjects, Stamp::of(TAKEN_AT - DAY)).unwrap());
    records
}

fn keys(page: &Page) -> Vec<Key> {
    let platform = page.platform.as_str();
    let handle = page.room.as_ref().and_then(|room| room.fields.text(FieldName::HostHandle));
    let mut keys: Vec<_> = handle.map(|handle| Key::host(platform, handle)).into_iter().collect();
    for offer in &page.offers {
        let text = |field| offer.fields.text(field);
        let id = offer.key.strip_prefix(platform).and_then(|rest| rest.strip_prefix(':'));
        keys.extend(id.map(|id| Key::product(platform, id)));
        keys.extend(text(FieldName::Gtin).map(Key::gtin));
        let name = |title: &str| Key::product_name(&title.split_whitespace().take(4).collect::<Vec<_>>().join(" "));
        keys.extend(text(FieldName::Title).map(name));
        keys.extend(text(FieldName::ShopId).map(|id| Key::shop(platform, id)));
        keys.extend(text(FieldName::TaxCode).map(Key::company));
        keys.extend(text(FieldName::Brand).map(Key::brand));
        let companies = [FieldName::ResponsibleName, FieldName::Importer, FieldName::Maker];
        keys.extend(companies.into_iter().filter_map(text).map(Key::company_name));
    }
    keys.into_iter().filter_map(Result::ok).collect()
}

fn answers(assessment: &Assessment) -> impl Iterator<Item = &Answer> {
    assessment.offers.iter().flat_map(|offer| &offer.answers).chain(assessment.room.iter().flatten())
}

fn weights(assessment: &Assessment) -> Weights {
    answers(assessment).map(|it| (it.question, it.grade, it.score, it.total, it.coverage)).collect()
}

/// What is told of the invented record.
fn told(assessment: &Assessment) -> impl Iterator<Item = &Finding> {
    answers(assessment).flat_map(|answer| &answer.findings).filter(|finding| finding.source.rule == "pack:invented")
}

fn event(status: Status, matter: Matter) -> Event<'static> {
    let today = u32::try_from(TAKEN_AT / DAY).unwrap();
    Event {
        case: 0,
        matter,
        status,
        day: Some(today - 30),
        from: None,
        to: None,
        issuer: "Sở thử nước Mây",
        document: Some("Giấy số 1".into()),
        words: None,
        reply: None,
        urls: vec!["https://records.example/may/1".into()],
        counts: Vec::new(),
        verified: true,
    }
}

/// The ladder without the ways off it.
fn ladder() -> impl Iterator<Item = Status> {
    let is_off = |status: &Status| status.is_exit() || matches!(status, Status::PlatformPenalty | Status::Confirmed);
    Status::ALL.into_iter().filter(move |status| !is_off(status))
}

fn about_every_matter(status: Status) -> Vec<Event<'static>> {
    Matter::ALL.into_iter().map(|matter| event(status, matter)).collect()
}

fn codes(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

const UNDECIDED: [&str; 4] =
    ["origin.record-undecided", "origin.named-undecided", "seller.record-undecided", "host.record-undecided"];
const CLEARED: [&str; 4] =
    ["origin.record-cleared", "origin.named-cleared", "seller.record-cleared", "host.record-cleared"];

#[test]
fn what_is_undecided_changes_no_answer() {
    let pages = Pages::all();
    for status in ladder().filter(|status| !status.is_decision()) {
        let mut expected = codes(&UNDECIDED);
        if status == Status::WithdrawalVoluntary {
            expected.remove("origin.record-undecided");
            expected.insert("origin.record-withdrawn".to_owned());
        }
        assert_eq!(pages.weigh_nothing(&about_every_matter(status)), expected, "{status:?}");
    }
}

#[test]
fn what_is_cleared_changes_no_answer() {
    let pages = Pages::all();
    let decisions: Vec<Status> = ladder().filter(|status| status.is_decision()).collect();
    for exit in [Status::Cleared, Status::NotProsecuted, Status::Corrected] {
        let steps = Matter::ALL.into_iter().zip(decisions.iter().cycle());
        let events: Vec<Event<'_>> = steps
            .flat_map(|(matter, decision)| {
                let decided = event(*decision, matter);
                let over = Event { day: decided.day.map(|day| day + 1), ..event(exit, matter) };
                [decided, over]
            })
            .collect();
        assert_eq!(pages.weigh_nothing(&events), codes(&CLEARED), "{exit:?}");
    }
}

#[test]
fn a_decision_that_nobody_verified_lowers_nothing() {
    let pages = Pages::all();
    for status in ladder().filter(|status| status.is_decision()).chain([Status::PlatformPenalty]) {
        let unverified = |event: Event<'static>| Event { verified: false, ..event };
        let told = pages.weigh_nothing(&about_every_matter(status).into_iter().map(unverified).collect::<Vec<_>>());
        assert!(!told.is_empty(), "{status:?}");
    }
}

#[test]
fn order_and_repetition_of_events_change_nothing() {
    let pages = Pages::all();
    let steps = Status::ALL.into_iter().cycle().zip(Matter::ALL.into_iter().cycle()).zip(0u32..60);
    let events: Vec<Event<'_>> = steps
        .map(|((status, matter), at)| {
            let at_first = event(status, matter);
            let case = u8::try_from(at % 7).unwrap();
            Event { case, day: at_first.day.map(|day| day - at * 11 % 50), ..at_first }
        })
        .collect();
    let straight = pages.assess(&pages.about_all(&events));
    let mut turned = events.clone();
    turned.rotate_left(23);
    turned.extend_from_slice(&events);
    turned.reverse();
    assert_eq!(pages.assess(&pages.about_all(&turned)), straight);
}

/// What the record takes from every answer of some pages, when it has these events.
fn taken(pages: &Pages, events: &[Event<'_>]) -> Vec<i32> {
    let points = |answer: &Answer| -> i32 {
        let told = answer.findings.iter().filter(|finding| finding.source.rule == "pack:invented");
        told.map(|finding| -finding.points).sum()
    };
    pages.assess(&pages.about_all(events)).iter().flat_map(|it| answers(it).map(points).collect::<Vec<_>>()).collect()
}

/// A case that was opened stands above a fine on the ladder and is still undecided: what is decided is held against what is
/// not, and steps of one sort against each other by the ladder.
#[test]
fn a_weaker_status_never_weighs_more() {
    let pages = Pages::named(&["shopee-blender-clear", "tiktok-live-disclosed"]);
    let mut statuses: Vec<Status> = ladder().collect();
    statuses.sort_by_key(|status| (status.is_decision(), *status));
    for matter in Matter::ALL {
        let weights: BTreeMap<Status, Vec<i32>> =
            statuses.iter().map(|status| (*status, taken(&pages, &[event(*status, matter)]))).collect();
        for (at, weaker) in statuses.iter().enumerate() {
            for stronger in statuses.iter().skip(at + 1) {
                let (less, more) = (&weights[weaker], &weights[stronger]);
                assert!(
                    less.iter().zip(more).all(|(less, more)| 0 <= *less && less <= more),
                    "{weaker:?} {stronger:?}"
                );
                // And with both on record it is the stronger one that counts.
                if matter == Matter::Safety {
                    let both = taken(&pages, &[event(*stronger, matter), event(*weaker, matter)]);
                    assert_eq!(&both, more, "{weaker:?} {stronger:?}");
                }
            }
        }
        let most = weights.values().flatten().max();
        assert!(most.is_some_and(|most| *most > 0), "{matter:?}");
    }
}

#[test]
fn every_code_of_the_record_has_a_pair() {
    let rubric = Engine::built_in().unwrap().knowledge().rubric.clone();
    let pairs = Pair::all().unwrap();
    for row in rubric.findings.iter().filter(|row| CHECKS.contains(&row.check.as_str())) {
        let is_pair = |pair: &Pair| {
            // A twin without a list of its own must be quiet about what takes points: tests/listings.rs.
            let is_quiet = pair.clean.quiet.contains(&row.code) || (pair.clean.quiet.is_empty() && row.points < 0);
            pair.fires.finds.contains_key(&row.code) && is_quiet
        };
        assert!(pairs.iter().any(|(_, pair)| is_pair(pair)), "{} has no pair of listings", row.code);
    }
}

#[test]
fn every_invented_record_is_found_by_some_case() {
    let pages = Pages::all();
    let assessed = pages.assess(&records::in_use().unwrap());
    let urls: BTreeSet<&str> =
        assessed.iter().flat_map(told).flat_map(|finding| &finding.source.urls).map(String::as_str).collect();
    for file in records::invented().unwrap().files {
        let events = file.events();
        let mut addresses = events.iter().flat_map(|event| &event.urls);
        assert!(addresses.any(|url| urls.contains(url.joined().as_str())), "nothing finds {}", file.path);
    }
}

#[test]
fn a_recall_is_told_with_its_document_its_day_and_its_addresses() {
    for page in ["tiktok-view-candy-recalled", "shopee-candy-recalled"] {
        let pages = Pages::named(&[page]);
        let assessed = pages.assess(&records::in_use().unwrap());
        let told: Vec<&Finding> = assessed.iter().flat_map(told).collect();
        // Found under several names of one product, and told as often as the page shows another of them.
        assert!(!told.is_empty(), "{page}");
        for finding in told {
            assert_eq!(finding.code, "origin.record-decided", "{page}");
            let document = "Sở Y tế tỉnh Gió, Quyết định 12/QĐ-SYT-GIÓ, 24/03/2026";
            assert_eq!(finding.slots.get("document"), Some(&Slot::Text(document.to_owned())), "{page}");
            let urls = ["https://records.example/gio/12-qd-syt", "https://records.example/gio/12-qd-syt/phu-luc"];
            assert_eq!(finding.source.urls, urls, "{page}");
        }
    }
}

/// The page of what is only said, or was cleared, weighs what its twin weighs, of which nothing is on record.
#[test]
fn undecided_and_cleared_pages_weigh_what_their_twins_do() {
    let records = records::in_use().unwrap();
    let pairs = [
        ("tiktok-view-steamer-alleged", "tiktok-view-steamer-plain"),
        ("tiktok-live-host-cleared", "tiktok-live-host-uncharged"),
    ];
    for (page, twin) in pairs {
        let of = |page: &str| Pages::named(&[page]).assess(&records).remove(0);
        let (with, without) = (of(page), of(twin));
        assert!(told(&with).next().is_some() && told(&without).next().is_none(), "{page}");
        assert_eq!(weights(&with), weights(&without), "{page}");
    }
}
