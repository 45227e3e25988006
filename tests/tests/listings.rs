//! Listings in pairs, natively: what must be found in one, with its very words, and stay quiet in its twin.

#![cfg(test)]

use soi_core::Engine;
use soi_core::finding::{Answer, Finding, Grade, LabelReport};
use soi_core::knowledge::{FieldKind, FieldName, Question};
use soi_core::pack::Records;
use soi_core::page::Page;
use soi_core::page::snapshot::PageSnapshot;
use soi_tests::listing_case::{Listing, ListingCase, Pair, TAKEN_AT};
use soi_tests::records;

/// Least number of listings.
const LEAST: usize = 170;

struct Reader(Engine, Records);

impl Reader {
    fn new() -> Self {
        Self(Engine::built_in().unwrap(), records::in_use().unwrap())
    }

    /// The answer to a question, and what the label must state.
    fn assess(&self, listing: &Listing, question: Question) -> (Answer, Option<LabelReport>) {
        let mut page = self.page(listing);
        if let Some(earlier) = listing.earlier() {
            let before = self.page(&earlier);
            let mut changed = before.clone();
            changed.absorb(page.clone());
            page.follow(&before);
            let answers = |page: &Page| self.0.assess(page, &self.1, TAKEN_AT).offers.remove(0).answers;
            assert_eq!(answers(&page), answers(&changed), "a page that came next, and one that changed");
        }
        let mut assessment = self.0.assess(&page, &self.1, TAKEN_AT);
        let (answers, label) = match assessment.room.take() {
            Some(answers) => (answers, None),
            None => {
                let offer = assessment.offers.remove(0);
                (offer.answers, offer.label)
            }
        };
        (answers.into_iter().find(|answer| answer.question == question).unwrap(), label)
    }

    fn page(&self, listing: &Listing) -> Page {
        let snapshot = PageSnapshot::from_json(&listing.snapshot().to_string()).unwrap();
        self.0.read(&snapshot).unwrap()
    }

    /// Whether a finding takes points away where the rows it rests on are verified.
    fn is_problem(&self, code: &str) -> bool {
        let row = self.0.knowledge().rubric.finding(code);
        row.unwrap_or_else(|| panic!("no such finding: {code}")).points < 0
    }
}

fn told(found: &[&Finding]) -> String {
    let lines = found.iter().map(|it| format!("\n    {} = \"{}\"", it.code, it.quote.as_deref().unwrap_or_default()));
    lines.collect()
}

/// What one listing shows that it should not, and does not that it should.
fn differences(reader: &Reader, listing: &Listing, question: Question, quiet: &[&str]) -> Vec<String> {
    let (answer, label) = reader.assess(listing, question);
    let found: Vec<&Finding> = answer.findings.iter().collect();
    let mut wrong = Vec::new();
    for (code, quote) in &listing.finds {
        let is_it = |it: &&&Finding| &it.code == code && it.quote.as_deref().unwrap_or_default() == quote;
        if found.iter().find(is_it).is_none() {
            wrong.push(format!("no {code} = \"{quote}\" in{}", told(&found)));
        }
    }
    for code in quiet {
        if found.iter().any(|it| it.code == *code) {
            wrong.push(format!("{code} must be quiet in{}", told(&found)));
        }
    }
    for finding in &found {
        if !is_literal(finding, listing) {
            wrong.push(format!(
                "{} quotes \"{}\", which is not written",
                finding.code,
                finding.quote.as_ref().unwrap()
            ));
        }
    }
    if listing.grade.as_ref().is_some_and(|grade| grade != Grade::letter(answer.grade)) {
        let (id, letter) = (question.id(), answer.grade.letter());
        wrong.push(format!("{id} is {letter}, expected {:?}; found{}", listing.grade, told(&found)));
    }
    let lines = label.as_ref().map(|label| label.duties.as_slice()).unwrap_or_default();
    for (duty, state) in &listing.duties {
        let name = |field: FieldName| serde_json::to_value(field).unwrap();
        let line = lines.iter().find(|line| name(line.duty) == duty.as_str());
        if line.map(|line| line.state) != Some(*state) {
            wrong.push(format!("duty {duty} is {:?}, expected {state:?}", line.map(|line| line.state)));
        }
    }
    wrong
}

/// A quote is part of a text of the listing; a citizen's number is masked in it, and a number may be written otherwise.
fn is_literal(finding: &Finding, listing: &Listing) -> bool {
    let Some(quote) = &finding.quote else { return true };
    let quote = quote.trim_end_matches('…');
    quote.contains("***")
        || match finding.source.field {
            Some(FieldName::Title) => listing.title.contains(quote),
            Some(field) if field.kind() != FieldKind::Text || field.is_of_room() => true,
            _ => listing.texts().iter().any(|text| text.contains(quote)),
        }
}

#[test]
fn every_listing_says_what_it_must_and_its_twin_is_quiet() {
    let reader = Reader::new();
    let mut wrong = Vec::new();
    for (name, pair) in Pair::all().unwrap() {
        let Pair { question, about, fires, clean } = &pair;
        let said = || clean.quiet.iter().map(String::as_str);
        let problems = || fires.finds.keys().map(String::as_str).filter(|code| reader.is_problem(code));
        let quiet: Vec<&str> = if clean.quiet.is_empty() { problems().collect() } else { said().collect() };
        let fires_quiet: Vec<&str> = fires.quiet.iter().map(String::as_str).collect();
        let mut note = |side: &str, found: Vec<String>| {
            wrong.extend(found.into_iter().map(|it| format!("{name} {side} ({about}): {it}")));
        };
        note("fires", differences(&reader, fires, *question, &fires_quiet));
        note("clean", differences(&reader, clean, *question, &quiet));
        if fires.finds.is_empty() || quiet.is_empty() || fires == clean {
            note("pair", vec!["says nothing that its twin does not".to_owned()]);
        }
    }
    let cases = ListingCase::all().unwrap().len();
    println!("{cases} listings");
    assert!(cases >= LEAST, "only {cases} listings");
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// A rule that a finding names is one that the table has.
#[test]
fn every_rule_that_is_named_is_there() {
    let reader = Reader::new();
    let mut named = 0;
    for (_, Pair { question, fires, clean, .. }) in Pair::all().unwrap() {
        for listing in [fires, clean] {
            let (answer, _) = reader.assess(&listing, question);
            for rule in answer.findings.iter().flat_map(|finding| &finding.source.regulations) {
                assert!(reader.0.knowledge().regulation(rule).is_some(), "{rule}");
                named += 1;
            }
        }
    }
    assert!(named > 0);
}

/// What is innocent loses nothing: neither points, nor those that it would lose were every table row verified.
#[test]
fn no_clean_twin_is_accused() {
    let reader = Reader::new();
    let mut wrong = Vec::new();
    for (name, Pair { question, about, clean, .. }) in Pair::all().unwrap() {
        let (answer, _) = reader.assess(&clean, question);
        for finding in &answer.findings {
            let is_allowed = clean.allows.iter().any(|code| finding.code == *code);
            if !is_allowed && (finding.points < 0 || reader.is_problem(&finding.code)) {
                wrong.push(format!("{name} ({about}): {}", told(&[finding])));
            }
        }
    }
    assert!(wrong.is_empty(), "{} accusations:\n{}", wrong.len(), wrong.join("\n"));
}
