//! What is on public record: about the product, about companies and the brand that the page names, about the shop, about
//! the host. Each is a subject of its own; what is on record about a maker is not on record about the product.
//!
//! No record found says nothing: nobody is cleared by it, and no share of the question counts as answered.

use super::{Found, Outcome, Subject};
use crate::finding::Slot;
use crate::knowledge::FieldName;
use crate::pack;
use crate::page::Reading;
use crate::record::{Event, Key, Matter, Standing, standings, words};

const DAY: i64 = 86_400;

/// Codes by standing: decided, past, undecided, cleared.
type Codes = [&'static str; 4];

const PRODUCT: Codes =
    ["origin.record-decided", "origin.record-past", "origin.record-undecided", "origin.record-cleared"];
const NAMED: Codes = ["origin.named-decided", "origin.named-past", "origin.named-undecided", "origin.named-cleared"];
const SHOP: Codes = ["seller.record-decided", "seller.record-past", "seller.record-undecided", "seller.record-cleared"];
const HOST: Codes = ["host.record-decided", "host.record-past", "host.record-undecided", "host.record-cleared"];
const WITHDRAWN: &str = "origin.record-withdrawn";
const PENALISED: &str = "seller.penalised";
const AUTHORISED: &str = "seller.authorised";
const PRESENTED: &str = "host.presented-withdrawn";

/// Where companies stand that answer for the goods or made them.
const COMPANIES: [FieldName; 3] = [FieldName::ResponsibleName, FieldName::Importer, FieldName::Maker];

pub(crate) fn run_product(subject: &Subject<'_>) -> Outcome {
    let Some(offer) = subject.offer else { return Outcome::made(Vec::new()) };
    let mut found = Vec::new();
    let title = offer.fields.get(FieldName::Title);
    let id = offer.key.strip_prefix(subject.platform).and_then(|rest| rest.strip_prefix(':'));
    if let Some(key) = id.and_then(|id| Key::product(subject.platform, id).ok()) {
        subject.look_up(&key, PRODUCT, title.map(|title| (FieldName::Title, title)), &mut found);
    }
    if let Some(reading) = subject.sure(FieldName::Gtin)
        && let Ok(key) = Key::gtin(&reading.quote)
    {
        subject.look_up(&key, PRODUCT, Some((FieldName::Gtin, reading)), &mut found);
    }
    if let Some(title) = title.filter(|_| !subject.records.sets().is_empty()) {
        let text = words(&title.quote);
        for set in subject.records.sets() {
            if let Some((events, _)) = set.find_named(&text) {
                let hit = pack::Found { set: set.header().set, events };
                subject.tell(&hit, PRODUCT, Some((FieldName::Title, title)), &mut found);
            }
        }
    }
    Outcome::made(found)
}

pub(crate) fn run_named(subject: &Subject<'_>) -> Outcome {
    let mut found = Vec::new();
    for field in COMPANIES {
        if let Some(reading) = subject.sure(field)
            && let Ok(key) = Key::company_name(&reading.quote)
        {
            subject.look_up(&key, NAMED, Some((field, reading)), &mut found);
        }
    }
    if let Some(reading) = subject.sure(FieldName::TaxCode)
        && let Ok(key) = Key::company(&reading.quote)
    {
        subject.look_up(&key, NAMED, Some((FieldName::TaxCode, reading)), &mut found);
    }
    if let Some(reading) = subject.sure(FieldName::Brand)
        && let Ok(key) = Key::brand(&reading.quote)
    {
        subject.look_up(&key, NAMED, Some((FieldName::Brand, reading)), &mut found);
    }
    Outcome::made(found)
}

pub(crate) fn run_shop(subject: &Subject<'_>) -> Outcome {
    let mut found = Vec::new();
    if let Some(reading) = subject.sure(FieldName::ShopId)
        && let Ok(key) = Key::shop(subject.platform, &reading.quote)
    {
        let shown =
            subject.sure(FieldName::ShopName).map_or((FieldName::ShopId, reading), |it| (FieldName::ShopName, it));
        subject.look_up(&key, SHOP, Some(shown), &mut found);
    }
    Outcome::made(found)
}

pub(crate) fn run_host(subject: &Subject<'_>) -> Outcome {
    let Some(room) = subject.room else {
        return Outcome::not_applicable("no-host");
    };
    if subject.records.sets().is_empty() {
        return Outcome::unknown("no-records", None);
    }
    let handle = room.fields.get(FieldName::HostHandle);
    let Some((reading, key)) = handle.and_then(|it| Some((it, Key::host(subject.platform, &it.quote).ok()?))) else {
        return Outcome::unknown("host-unreadable", None);
    };
    let mut found = Vec::new();
    subject.look_up(&key, HOST, Some((FieldName::HostHandle, reading)), &mut found);
    // Only what was decided, by a source that was verified, says something about the host. The rest is shown, and leaves
    // the question as open as before: otherwise it would turn "not known" into a grade.
    let counts =
        |found: &Found| found.verified && !matches!(found.code, "host.record-undecided" | "host.record-cleared");
    let outcome = match found.iter().any(counts) {
        true => Outcome::made(Vec::new()),
        false if found.is_empty() => Outcome::unknown("nothing-on-record", None),
        false => Outcome::unknown("nothing-decided", None),
    };
    outcome.with(found)
}

impl Subject<'_> {
    /// Tells what is on record under a key that stands in a field of the page.
    fn look_up(&self, key: &Key, codes: Codes, shown: Option<(FieldName, &Reading)>, found: &mut Vec<Found>) {
        for hit in self.records.find(key) {
            self.tell(&hit, codes, shown, found);
        }
    }

    fn tell(&self, hit: &pack::Found<'_>, codes: Codes, shown: Option<(FieldName, &Reading)>, found: &mut Vec<Found>) {
        let [decided, past, undecided, cleared] = codes;
        let today = u32::try_from(self.now / DAY).unwrap_or(0);
        for (standing, event) in standings(&hit.events, today) {
            let code = match standing {
                Standing::Decided | Standing::Past if event.matter == Matter::PresentedWithdrawn => PRESENTED,
                Standing::Decided => decided,
                Standing::Past => past,
                Standing::Penalised => PENALISED,
                // What nobody has verified raises no grade either.
                Standing::Confirmed if event.verified => AUTHORISED,
                Standing::Withdrawn if codes == PRODUCT => WITHDRAWN,
                Standing::Withdrawn | Standing::Undecided | Standing::Confirmed => undecided,
                Standing::Cleared => cleared,
            };
            let told = self.told(code, event, hit.set.as_str(), shown);
            // The same decision under two names of one subject is one decision.
            let is_same = |known: &Found| {
                (known.code, known.seen_at, &known.source.urls) == (told.code, told.seen_at, &told.source.urls)
            };
            if !found.iter().any(is_same) {
                found.push(told);
            }
        }
    }

    fn told(&self, code: &'static str, event: &Event<'_>, set: &str, shown: Option<(FieldName, &Reading)>) -> Found {
        let rule = ["pack:", set].concat();
        let mut found = self.found(code, shown.map(|(field, _)| field), &rule, shown.map(|(_, it)| it.quote.as_str()));
        found.verified = event.verified;
        found.source.urls = event.urls.iter().map(|url| url.joined()).collect();
        found.valid_until = event.to.map(|day| i64::from(day) * DAY);
        let mut document = event.issuer.to_owned();
        if let Some(number) = event.document {
            document.push_str(", ");
            number.parts().into_iter().for_each(|part| document.push_str(part));
        }
        if let Some(day) = event.day {
            found.seen_at = i64::from(day) * DAY;
            document.push_str(", ");
            document.push_str(&crate::date::vietnam_day(found.seen_at));
        }
        let counts: Vec<String> =
            event.counts.iter().map(|count| [count.said, " (", count.source, ")"].concat()).collect();
        let texts = [("words", event.words), ("reply", event.reply), ("counts", Some(counts.join("; ").as_str()))]
            .map(|(name, text)| (name, text.unwrap_or_default().to_owned()));
        for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
            found = found.slot(name, Slot::Text(text));
        }
        found
            .slot("document", Slot::Text(document))
            .slot("matter", Slot::Term(["matter-", event.matter.id()].concat()))
            .slot("status", Slot::Term(["status-", event.status.id()].concat()))
    }
}
