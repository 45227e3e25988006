//! Records about nobody.
//!
//! The same on every run: all is drawn from one seed, and every name, office and address is invented. What the mix is meant
//! to be like is the public record as it is published: few subjects have a document of their own; most stand in a list, of a
//! recall, of a fine for a row of stalls, of shops that a platform closed.
//!
//! - Subjects: half are shops, a quarter products, a fifth hosts, one in twenty companies.
//! - Names: a fifth of the hosts has a second handle, on another platform. A product has a platform's id, three in ten a
//!   barcode, two in ten brand and name as well. Half of the companies are known by their names beside the tax codes.
//! - Documents: each is about subjects of one kind. How many it lists falls off by a power law ([`FALL`]): four in ten list
//!   one, two thirds up to three, one in forty a hundred and more, none more than [`MOST_LISTED`]; about 14 on average, and
//!   one or two more who stand in it for the second time.
//! - Events: each has matter, status, issuer, document, day and one url. Half of the urls end in a number, half in the words
//!   of a title. A tenth of the subjects stands in a second document, half of these as a later step of the same matter.

use std::collections::HashSet;

use anyhow::{Context, Result};
use fastrand::Rng;
use soi_core::pack::Subject;
use soi_core::record::{Event, Key, Matter, Status, SubjectKind};

use crate::stats::grouped;

const SEED: u64 = 2_026;
/// Subjects of each kind, of a hundred.
const MIX: [(SubjectKind, usize); 4] =
    [(SubjectKind::Shop, 50), (SubjectKind::Product, 25), (SubjectKind::Host, 20), (SubjectKind::Company, 5)];
/// A document lists so many subjects or more with a probability of that number to the power of minus this.
const FALL: f64 = 0.8;
const MOST_LISTED: usize = 700;
const SECOND_EVENT: f64 = 0.1;
const PLATFORMS: [&str; 4] = ["shopee", "lazada", "tiki", "tiktok"];
const OFFICES: usize = 63;
const BRANDS: usize = 2_000;
/// 2021-01-01 and five years of days.
const FIRST_DAY: u32 = 18_628;
const DAYS: u32 = 5 * 365;
const SYLLABLES: [&str; 24] = [
    "ba", "cu", "de", "fa", "gi", "ho", "ka", "lo", "mi", "nu", "pe", "qua", "ri", "so", "ta", "ve", "xi", "yo", "zu",
    "bel", "dor", "fin", "lum", "tar",
];

/// Subjects, and the documents in which they stand.
pub(crate) struct Generated {
    documents: Vec<Document>,
    subjects: Vec<Listed>,
    /// Names of the same mix, of which nothing is on record.
    pub(crate) unlisted: Vec<Key>,
}

struct Document {
    matter: Matter,
    status: Status,
    issuer: String,
    number: String,
    day: u32,
    url: String,
}

struct Listed {
    kind: SubjectKind,
    keys: Vec<Key>,
    /// Case and document of each event.
    events: Vec<(u8, usize)>,
}

impl Generated {
    /// Generates so many subjects.
    pub(crate) fn new(count: usize, unlisted: usize) -> Result<Self> {
        let mut maker = Maker { random: Rng::with_seed(SEED), taken: HashSet::new(), brands: Vec::new() };
        maker.brands = (0..BRANDS).map(|_| maker.word()).collect();
        let mut generated = Self { documents: Vec::new(), subjects: Vec::new(), unlisted: Vec::new() };
        for (kind, share) in MIX {
            generated.add(kind, count * share / 100, &mut maker)?;
            while generated.unlisted.len() < unlisted * generated.subjects.len() / count {
                generated.unlisted.extend(maker.keys(kind)?);
            }
        }
        maker.random.shuffle(&mut generated.unlisted);
        Ok(generated)
    }

    /// Adds subjects of a kind, document by document.
    fn add(&mut self, kind: SubjectKind, count: usize, maker: &mut Maker) -> Result<()> {
        let (first_document, first) = (self.documents.len(), self.subjects.len());
        let mut lengths = Vec::new();
        while self.subjects.len() < first + count {
            let document = self.documents.len();
            self.documents.push(maker.document(kind));
            let length = maker.listed().min(first + count - self.subjects.len());
            lengths.push(length);
            for _ in 0..length {
                self.subjects.push(Listed { kind, keys: maker.keys(kind)?, events: vec![(0, document)] });
            }
        }
        // Drawn by subjects: a long list is the more likely one to hold somebody who is known already.
        let documents: Vec<usize> = (first_document..self.documents.len())
            .zip(lengths)
            .flat_map(|(document, length)| std::iter::repeat_n(document, length))
            .collect();
        for subject in self.subjects.iter_mut().skip(first) {
            let other = documents.get(maker.random.usize(..documents.len())).copied();
            let other = other.filter(|other| subject.events.iter().all(|(_, own)| own != other));
            if let Some(other) = other.filter(|_| maker.random.f64() < SECOND_EVENT) {
                subject.events.push((maker.random.u8(0..2), other));
            }
        }
        Ok(())
    }

    /// The subjects as they are written.
    pub(crate) fn subjects(&self) -> Vec<Subject<'_>> {
        let event = |(case, document): &(u8, usize)| Some(self.documents.get(*document)?.event(*case));
        let subject = |listed: &Listed| Subject {
            keys: listed.keys.clone(),
            events: listed.events.iter().filter_map(event).collect(),
        };
        self.subjects.iter().map(subject).collect()
    }

    /// So many names drawn from all of them, in no order.
    pub(crate) fn drawn(&self, count: usize) -> Vec<&Key> {
        let keys: Vec<&Key> = self.subjects.iter().flat_map(|subject| &subject.keys).collect();
        let mut random = Rng::with_seed(SEED);
        (0..count).filter_map(|_| keys.get(random.usize(..keys.len())).copied()).collect()
    }

    /// What the mix came to.
    pub(crate) fn distribution(&self) -> String {
        let percent = |part: usize, of: usize| 100.0 * part as f64 / of as f64;
        let share = |what: &dyn Fn(&Listed) -> bool| {
            percent(self.subjects.iter().filter(|subject| what(subject)).count(), self.subjects.len())
        };
        let kinds = MIX.map(|(kind, _)| format!("{:.0} % {}", share(&|subject| subject.kind == kind), kind.id()));
        let keys: usize = self.subjects.iter().map(|subject| subject.keys.len()).sum();
        let mut listed = vec![0_usize; self.documents.len()];
        for (_, document) in self.subjects.iter().flat_map(|subject| &subject.events) {
            if let Some(count) = listed.get_mut(*document) {
                *count += 1;
            }
        }
        let documents = |range: std::ops::RangeInclusive<usize>| {
            percent(listed.iter().filter(|count| range.contains(count)).count(), listed.len())
        };
        format!(
            "{} invented subjects, seed {SEED}: {}; {:.2} names each; {:.1} % in a second document\n  {} documents list \
             {:.1} on average: {:.0} % list one, {:.0} % 2–3, {:.0} % 4–19, {:.0} % 20–99, {:.1} % a hundred or more, at \
             most {}",
            grouped(self.subjects.len()),
            kinds.join(", "),
            keys as f64 / self.subjects.len() as f64,
            share(&|subject| subject.events.len() > 1),
            grouped(listed.len()),
            listed.iter().sum::<usize>() as f64 / listed.len() as f64,
            documents(1..=1),
            documents(2..=3),
            documents(4..=19),
            documents(20..=99),
            documents(100..=usize::MAX),
            listed.iter().max().copied().unwrap_or_default(),
        )
    }
}

impl Document {
    fn event(&self, case: u8) -> Event<'_> {
        Event {
            case,
            matter: self.matter,
            status: self.status,
            day: Some(self.day),
            from: None,
            to: None,
            issuer: &self.issuer,
            document: Some(self.number.as_str().into()),
            words: None,
            reply: None,
            urls: vec![self.url.as_str().into()],
            counts: Vec::new(),
            verified: true,
        }
    }
}

/// Draws what records are made of.
struct Maker {
    random: Rng,
    taken: HashSet<Key>,
    brands: Vec<String>,
}

impl Maker {
    /// How many subjects a document lists.
    fn listed(&mut self) -> usize {
        let most = MOST_LISTED as f64;
        (1.0 - self.random.f64()).powf(-1.0 / FALL).min(most) as usize
    }

    fn document(&mut self, kind: SubjectKind) -> Document {
        let (matter, status) = match (kind, self.random.bool()) {
            (SubjectKind::Shop, true) => (Matter::PlatformRules, Status::PlatformPenalty),
            (SubjectKind::Shop, false) => (Matter::Counterfeit, Status::AdminFine),
            (SubjectKind::Host, _) => (Matter::FalseAdvertising, Status::AdminFine),
            (SubjectKind::Product, true) => (Matter::Safety, Status::WithdrawalOrdered),
            (SubjectKind::Product, false) => (Matter::Labelling, Status::WithdrawalOrdered),
            _ => (Matter::Safety, Status::AdminFine),
        };
        let day = FIRST_DAY + self.random.u32(..DAYS);
        let (issuer, host) = if status == Status::PlatformPenalty {
            let number = self.random.usize(..PLATFORMS.len());
            (format!("Sàn thương mại điện tử {number}"), format!("platform-{number}.example/seller-rules"))
        } else {
            let number = self.random.usize(..OFFICES);
            (format!("Chi cục Quản lý thị trường vùng {number}"), format!("office-{number}.example/decisions"))
        };
        let id = self.random.u32(1_000_000..10_000_000);
        let page = if self.random.bool() { id.to_string() } else { format!("{}-{id}", self.words(8, "-")) };
        Document {
            matter,
            status,
            issuer,
            number: format!("{}/QĐ-XPHC", self.random.u32(1..5_000)),
            day,
            url: format!("https://{host}/{}/{page}.html", 1970 + day * 4 / 1_461),
        }
    }

    /// Names that nobody has yet, of one subject.
    fn keys(&mut self, kind: SubjectKind) -> Result<Vec<Key>> {
        loop {
            let keys = self.invented(kind)?;
            if keys.iter().all(|key| !self.taken.contains(key)) {
                self.taken.extend(keys.iter().cloned());
                return Ok(keys);
            }
        }
    }

    fn invented(&mut self, kind: SubjectKind) -> Result<Vec<Key>> {
        let platform = self.random.usize(..PLATFORMS.len());
        let on = |more: usize| PLATFORMS.get((platform + more) % PLATFORMS.len()).copied().unwrap_or_default();
        let mut keys = Vec::new();
        match kind {
            SubjectKind::Shop => keys.push(Key::shop(on(0), &self.digits(9))?),
            SubjectKind::Host => {
                let handle = format!("{}.{}", self.words(2, ""), self.random.u32(..10_000));
                keys.push(Key::host(on(0), &handle)?);
                if self.random.f64() < 0.2 {
                    keys.push(Key::host(on(1), &handle)?);
                }
            }
            SubjectKind::Product => {
                keys.push(Key::product(on(0), &self.digits(11))?);
                if self.random.f64() < 0.3 {
                    keys.push(with_check_digit(&format!("893{}", self.digits(9)), Key::gtin)?);
                }
                if self.random.f64() < 0.2 {
                    let brand = self.random.usize(..self.brands.len());
                    let words = self.random.usize(2..=6);
                    let name = self.words(words, " ");
                    keys.push(Key::product_name(&format!("{} {name}", self.brands.get(brand).context("no brand")?))?);
                }
            }
            _ => {
                // Not every nine digits have a check digit.
                let code = loop {
                    if let Ok(code) = with_check_digit(&format!("01{}", self.digits(7)), Key::company) {
                        break code;
                    }
                };
                keys.push(code);
                if self.random.bool() {
                    keys.push(Key::company_name(&format!("Công ty {}", self.words(4, " ")))?);
                }
            }
        }
        Ok(keys)
    }

    fn digits(&mut self, count: u32) -> String {
        let first = 10_u64.pow(count - 1);
        self.random.u64(first..10 * first).to_string()
    }

    fn word(&mut self) -> String {
        let syllables = self.random.usize(2..=3);
        (0..syllables).filter_map(|_| SYLLABLES.get(self.random.usize(..SYLLABLES.len()))).copied().collect()
    }

    fn words(&mut self, count: usize, between: &str) -> String {
        let words: Vec<String> = (0..count).map(|_| self.word()).collect();
        words.join(between)
    }
}

/// A number with the last digit that makes it one.
fn with_check_digit<E>(number: &str, key: impl Fn(&str) -> Result<Key, E>) -> Result<Key> {
    let key = (0..10).find_map(|digit| key(&format!("{number}{digit}")).ok());
    key.with_context(|| format!("{number} has no check digit"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_on_every_run_and_as_described() {
        let (one, other) = (Generated::new(10_000, 1_000).unwrap(), Generated::new(10_000, 1_000).unwrap());
        assert_eq!(one.distribution(), other.distribution());
        assert_eq!(one.drawn(100), other.drawn(100));
        assert_eq!((one.subjects.len(), one.unlisted.len() / 100), (10_000, 10));
        let events: usize = one.subjects.iter().map(|subject| subject.events.len()).sum();
        assert!((10_800..11_200).contains(&events), "{events} events");
        let listed = events / one.documents.len();
        assert!((10..19).contains(&listed), "{listed} subjects a document");
        let listed: HashSet<&Key> = one.subjects.iter().flat_map(|subject| &subject.keys).collect();
        assert!(one.unlisted.iter().all(|key| !listed.contains(key)));
    }
}
