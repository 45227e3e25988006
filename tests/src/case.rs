//! Cases: a local page, the snapshot that the content script makes of it, and what must be found there.
//!
//! The same cases are checked natively, in WebAssembly, and in the popup of both browsers. `tests/cases/<platform>.toml`
//! holds what must be found; `tests/cases/snapshots/<page>.json` what was collected.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;
use soi_core::Engine;
use soi_core::explain::{Explainer, Lang};
use soi_core::finding::{Answer, Assessment, Grade};
use soi_core::knowledge::Question;

use crate::dates;
use crate::pages::workspace;

/// What must be found on one page.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// Route of the page.
    pub page: String,
    /// Events of the page's time line to play first.
    #[serde(default)]
    pub steps: usize,
    /// Nothing may be drawn or said.
    #[serde(default)]
    pub silent: bool,
    /// What is known is told in the popup; nothing is drawn on the page.
    #[serde(default)]
    pub only_in_popup: bool,
    /// The products, by a part of their title. A page may show more.
    #[serde(default)]
    pub offer: Vec<ExpectedOffer>,
    /// The answers about a room without a basket.
    #[serde(default)]
    pub room: Option<ExpectedAnswers>,
    /// Rules that could not be read in full.
    #[serde(default)]
    pub unread: Vec<String>,
}

/// What must be found about one product.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ExpectedOffer {
    /// A part of its title.
    pub title: String,
    /// Its answers.
    #[serde(flatten)]
    pub answers: ExpectedAnswers,
}

/// Grades by question, and codes that must and must not be there.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct ExpectedAnswers {
    /// Grade of the origin.
    pub origin: String,
    /// Grade of the seller.
    pub seller: String,
    /// Grade of the host.
    pub host: String,
    /// Findings that must be there, each with words of its quote ("" where it rests on an absence).
    #[serde(default)]
    pub finds: BTreeMap<String, String>,
    /// Findings that must not be there.
    #[serde(default)]
    pub quiet: Vec<String>,
}

/// What is shown, however it was obtained.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Shown {
    /// Products.
    pub offers: Vec<ShownOffer>,
    /// Answers about a room without a basket.
    pub room: Vec<ShownAnswer>,
    /// Number of lines about what could not be read.
    pub unread: usize,
}

/// A product as it is shown.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ShownOffer {
    /// Title.
    pub title: String,
    /// Answers, in order.
    pub answers: Vec<ShownAnswer>,
}

/// An answer as it is shown.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ShownAnswer {
    /// `origin`, `seller` or `host`.
    pub question: String,
    /// Letter.
    pub grade: String,
    /// Findings.
    pub findings: Vec<ShownFinding>,
}

/// A finding as it is shown.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct ShownFinding {
    /// Code.
    pub code: String,
    /// Points in decibans, one decimal.
    pub points: String,
    /// Its words.
    pub text: String,
}

impl Case {
    /// Every case.
    ///
    /// # Errors
    /// A case file that cannot be read.
    pub fn all() -> Result<Vec<Self>> {
        #[derive(Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Cases {
            case: Vec<Case>,
        }
        let mut paths: Vec<PathBuf> = std::fs::read_dir(workspace().join("tests/cases"))?
            .map(|entry| Ok(entry?.path()))
            .filter(|path| path.as_ref().is_ok_and(|path| path.extension().is_some_and(|end| end == "toml")))
            .collect::<Result<_>>()?;
        paths.sort();
        let mut cases = Vec::new();
        for path in paths {
            let text = std::fs::read_to_string(&path)?;
            let read: Cases = toml::from_str(&text).with_context(|| path.display().to_string())?;
            cases.extend(read.case);
        }
        Ok(cases)
    }

    /// The same case on pages that stand so many days later: days that its quotes name move along.
    #[must_use]
    pub fn later(mut self, days: i64) -> Self {
        let answers = self.offer.iter_mut().map(|offer| &mut offer.answers).chain(&mut self.room);
        for words in answers.flat_map(|answers| answers.finds.values_mut()) {
            if let Some(day) = dates::later_day(words, days) {
                *words = day;
            }
        }
        self
    }

    /// Where its snapshot is kept.
    pub fn snapshot_path(&self) -> PathBuf {
        workspace().join("tests/cases/snapshots").join(&self.page).with_extension("json")
    }

    /// Its snapshot, as JSON.
    ///
    /// # Errors
    /// None was recorded.
    pub fn snapshot(&self) -> Result<String> {
        let path = self.snapshot_path();
        std::fs::read_to_string(&path)
            .with_context(|| format!("{}: record it with `cargo xtask test --bless --only e2e`", path.display()))
    }

    /// What differs from what must be shown; empty when nothing does.
    pub fn differences(&self, shown: &Shown) -> Vec<String> {
        let mut wrong = Vec::new();
        if self.silent && (!shown.offers.is_empty() || !shown.room.is_empty()) {
            wrong.push(format!("{}: shows something: {shown:?}", self.page));
        }
        for expected in &self.offer {
            match shown.offers.iter().find(|offer| offer.title.contains(&expected.title)) {
                Some(offer) => {
                    expected.answers.compare(&format!("{}: {}", self.page, expected.title), &offer.answers, &mut wrong)
                }
                None => wrong.push(format!(
                    "{}: no product \"{}\" in {:?}",
                    self.page,
                    expected.title,
                    shown.offers.iter().map(|offer| &offer.title).collect::<Vec<_>>()
                )),
            }
        }
        match &self.room {
            Some(expected) => expected.compare(&format!("{}: room", self.page), &shown.room, &mut wrong),
            None if !shown.room.is_empty() => wrong.push(format!("{}: a room nobody expects", self.page)),
            None => {}
        }
        if self.unread.len() > shown.unread {
            wrong.push(format!(
                "{}: {} lines about what could not be read, expected {:?}",
                self.page, shown.unread, self.unread
            ));
        }
        wrong
    }

    /// Codes of the findings that this case must show.
    pub fn finds(&self) -> impl Iterator<Item = &str> {
        (self.offer.iter().map(|offer| &offer.answers))
            .chain(&self.room)
            .flat_map(|answers| answers.finds.keys().map(String::as_str))
    }
}

impl ExpectedAnswers {
    fn compare(&self, what: &str, shown: &[ShownAnswer], wrong: &mut Vec<String>) {
        for (question, expected) in [("origin", &self.origin), ("seller", &self.seller), ("host", &self.host)] {
            let grade = shown.iter().find(|answer| answer.question == question).map(|answer| answer.grade.as_str());
            if grade != Some(expected) {
                let codes: Vec<&str> = shown
                    .iter()
                    .filter(|answer| answer.question == question)
                    .flat_map(|answer| answer.findings.iter().map(|finding| finding.code.as_str()))
                    .collect();
                wrong.push(format!("{what}: {question} is {grade:?}, expected {expected:?}; found {codes:?}"));
            }
        }
        let findings = || shown.iter().flat_map(|answer| &answer.findings);
        for (code, words) in &self.finds {
            match findings().find(|finding| &finding.code == code) {
                Some(finding) if finding.text.contains(words.as_str()) => {}
                Some(finding) => wrong.push(format!("{what}: {code} says \"{}\", without \"{words}\"", finding.text)),
                None => wrong.push(format!(
                    "{what}: no {code} in {:?}",
                    findings().map(|finding| &finding.code).collect::<Vec<_>>()
                )),
            }
        }
        for code in &self.quiet {
            if let Some(finding) = findings().find(|finding| &finding.code == code) {
                wrong.push(format!("{what}: {code} must be quiet, says \"{}\"", finding.text));
            }
        }
    }
}

impl Shown {
    /// What the popup shows of an assessment.
    pub fn of(engine: &Engine, assessment: &Assessment) -> Self {
        let explainer = Explainer::new(engine.knowledge(), Lang::Vi);
        Self {
            offers: (assessment.offers.iter())
                .map(|offer| ShownOffer {
                    title: offer.title.clone().unwrap_or_default(),
                    answers: offer.answers.iter().map(|answer| ShownAnswer::of(&explainer, answer)).collect(),
                })
                .collect(),
            room: assessment.room.iter().flatten().map(|answer| ShownAnswer::of(&explainer, answer)).collect(),
            unread: assessment.unread.len(),
        }
    }
}

impl ShownAnswer {
    fn of(explainer: &Explainer<'_>, answer: &Answer) -> Self {
        Self {
            question: match answer.question {
                Question::Origin => "origin",
                Question::Seller => "seller",
                Question::Host => "host",
            }
            .to_owned(),
            grade: Grade::letter(answer.grade).to_owned(),
            findings: (answer.findings.iter())
                .map(|finding| ShownFinding {
                    code: finding.code.to_string(),
                    points: format!("{:.1}", f64::from(finding.points) / 10.0),
                    text: explainer.finding(finding),
                })
                .collect(),
        }
    }
}
