//! A host's conduct as this browser saw it, over a rolling quarter: points for what the rubric says takes some, on the ladder
//! that platforms use themselves. What a person would have to look at first counts nothing until the shopper has.

use serde::{Deserialize, Serialize};

use crate::finding::{Answer, Finding, Reduced};
use crate::knowledge::{Knowledge, Question};
use crate::text::shorten;

const DAY: i64 = 86_400;
/// A quarter, in days.
pub const QUARTER: i64 = 92;
/// Points from which on a step of the ladder is reached, and for how many days Shopee Live would then close the room; none:
/// for good. Source: Shopee Live content rules since 15/10/2025 (domain facts, §6).
pub const LADDER: [(u32, Option<u32>); 4] = [(6, Some(3)), (9, Some(7)), (12, Some(30)), (15, None)];
/// Most entries kept for one host, newest last.
const MAX_ENTRIES: usize = 120;
/// Longest quote that is kept, bytes.
const MAX_QUOTE: usize = 160;

/// What one host said that counts, as this browser saw it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Conduct {
    /// Oldest first; each kind of finding at most once a day.
    pub entries: Vec<Entry>,
}

/// A finding, kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// Code of the finding.
    pub code: String,
    /// Its words.
    pub quote: String,
    /// When they were said, seconds since 1970.
    pub at: i64,
    /// Whether it is certain, or in doubt: recognised from speech, or by a rule that is not verified.
    pub certain: bool,
    /// What the shopper said to it.
    pub ruling: Ruling,
}

/// What a shopper says to an entry.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ruling {
    /// Nothing yet.
    #[default]
    Open,
    /// It was said so.
    Confirmed,
    /// It was not.
    Dismissed,
}

/// Where a host stands.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Standing {
    /// Points of what is certain or confirmed, within the quarter.
    pub points: u32,
    /// Entries in doubt that nobody has looked at.
    pub open: usize,
}

impl Standing {
    /// The highest step that is reached, by its place in [`LADDER`].
    pub fn step(self) -> Option<usize> {
        LADDER.iter().rposition(|(from, _)| self.points >= *from)
    }
}

impl Entry {
    fn counts(&self) -> bool {
        match self.ruling {
            Ruling::Open => self.certain,
            Ruling::Confirmed => true,
            Ruling::Dismissed => false,
        }
    }

    fn is_within(&self, now: i64) -> bool {
        now - self.at < QUARTER * DAY
    }
}

impl Conduct {
    /// Takes in what an answer about the host found. Tells whether anything was new.
    pub fn note(&mut self, knowledge: &Knowledge, host: &Answer, now: i64) -> bool {
        let before = self.entries.len();
        self.entries.retain(|entry| entry.is_within(now));
        let mut is_new = self.entries.len() != before;
        if host.question != Question::Host {
            return is_new;
        }
        for finding in &host.findings {
            if points(knowledge, &finding.code) == 0 || !(0..QUARTER * DAY).contains(&(now - finding.seen_at)) {
                continue;
            }
            let day = |at: i64| at.div_euclid(DAY);
            let is_known = |entry: &Entry| entry.code == finding.code && day(entry.at) == day(finding.seen_at);
            if !self.entries.iter().any(is_known) {
                self.entries.push(Entry {
                    code: finding.code.to_string(),
                    quote: shorten(finding.quote.as_deref().unwrap_or_default(), MAX_QUOTE),
                    at: finding.seen_at,
                    certain: is_certain(knowledge, finding),
                    ruling: Ruling::Open,
                });
                is_new = true;
            }
        }
        let over = self.entries.len().saturating_sub(MAX_ENTRIES);
        self.entries.drain(..over);
        is_new
    }

    /// Where the host stands.
    pub fn standing(&self, knowledge: &Knowledge, now: i64) -> Standing {
        let mut standing = Standing::default();
        for entry in self.entries.iter().filter(|entry| entry.is_within(now)) {
            if entry.counts() {
                standing.points += points(knowledge, &entry.code);
            } else if entry.ruling == Ruling::Open {
                standing.open += 1;
            }
        }
        standing
    }

    /// What the shopper says to the entry of a code and a moment.
    pub fn rule(&mut self, code: &str, at: i64, ruling: Ruling) {
        if let Some(entry) = self.entries.iter_mut().find(|entry| entry.code == code && entry.at == at) {
            entry.ruling = ruling;
        }
    }
}

/// The conduct points of a finding.
pub fn points(knowledge: &Knowledge, code: &str) -> u32 {
    knowledge.rubric.finding(code).map_or(0, |row| row.conduct.into())
}

fn is_certain(knowledge: &Knowledge, finding: &Finding) -> bool {
    let is_heard = knowledge.rubric.finding(&finding.code).is_some_and(|row| row.noisy);
    !is_heard && finding.reduced != Some(Reduced::Unverified)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{FindingSource, Grade, Slots};
    use crate::knowledge::{BUILT_IN, Basis};

    const NOW: i64 = 1_795_435_200;

    fn answer(found: &[(&'static str, i64)]) -> Answer {
        let findings = found.iter().map(|(code, at)| Finding {
            code: (*code).into(),
            question: Question::Host,
            points: -10,
            reduced: None,
            basis: Basis::SeenHere,
            quote: Some("trị dứt điểm".to_owned()),
            source: FindingSource { field: None, rule: "line".to_owned(), urls: Vec::new(), regulations: Vec::new() },
            seen_at: *at,
            valid_until: None,
            slots: Slots::default(),
        });
        Answer {
            question: Question::Host,
            grade: Grade::C,
            score: None,
            prior: 0,
            total: 0,
            coverage: 0,
            capped_by: None,
            findings: findings.collect(),
            missing: Vec::new(),
        }
    }

    #[test]
    fn points_add_up_over_days_and_fade_with_the_quarter() {
        let knowledge = Knowledge::open(BUILT_IN).unwrap();
        let mut conduct = Conduct::default();
        assert!(conduct.note(&knowledge, &answer(&[("host.says-health", NOW)]), NOW));
        assert!(!conduct.note(&knowledge, &answer(&[("host.says-health", NOW + 60)]), NOW + 60), "once a day");
        let one = conduct.standing(&knowledge, NOW).points;
        assert!(one > 0);
        assert!(conduct.note(&knowledge, &answer(&[("host.says-health", NOW + DAY)]), NOW + DAY));
        let two = conduct.standing(&knowledge, NOW + DAY);
        assert_eq!((two.points, two.step()), (2 * one, Some(0)));
        assert_eq!(conduct.standing(&knowledge, NOW + QUARTER * DAY).points, one);
        assert!(conduct.note(&knowledge, &answer(&[]), NOW + (QUARTER + 1) * DAY));
        assert_eq!(conduct, Conduct::default());
    }

    #[test]
    fn what_is_in_doubt_counts_once_somebody_confirms_it() {
        let knowledge = Knowledge::open(BUILT_IN).unwrap();
        let mut conduct = Conduct::default();
        conduct.note(&knowledge, &answer(&[("host.heard-health", NOW)]), NOW);
        assert_eq!(conduct.standing(&knowledge, NOW), Standing { points: 0, open: 1 });
        conduct.rule("host.heard-health", NOW, Ruling::Confirmed);
        assert!(conduct.standing(&knowledge, NOW).points > 0);
        conduct.rule("host.heard-health", NOW, Ruling::Dismissed);
        assert_eq!(conduct.standing(&knowledge, NOW), Standing::default());
    }

    #[test]
    fn honest_selling_takes_no_points() {
        let knowledge = Knowledge::open(BUILT_IN).unwrap();
        let mut conduct = Conduct::default();
        let honest = answer(&[("host.plain-talk", NOW), ("host.says-checkable", NOW), ("host.ad-disclosed", NOW)]);
        assert!(!conduct.note(&knowledge, &honest, NOW));
    }

    #[test]
    fn steps_of_the_ladder() {
        let step = |points| Standing { points, open: 0 }.step();
        assert_eq!(
            [0, 5, 6, 8, 9, 12, 14, 15, 99].map(step),
            [None, None, Some(0), Some(0), Some(1), Some(2), Some(2), Some(3), Some(3)]
        );
    }
}
