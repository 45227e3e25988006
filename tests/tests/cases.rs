//! Every case, natively: the recorded snapshot of its page must be read and graded as the case says.

#![cfg(test)]

use serde_json::Value;
use soi_core::Engine;
use soi_core::finding::DutyState;
use soi_core::finding::{Assessment, Finding};
use soi_core::knowledge::FieldName;
use soi_core::pack::Records;
use soi_core::page::snapshot::PageSnapshot;
use soi_tests::case::{Case, Shown};
use soi_tests::pages::{Role, Site};
use soi_tests::records;

fn shown(engine: &Engine, records: &Records, json: &str) -> anyhow::Result<Shown> {
    let snapshot = PageSnapshot::from_json(json)?;
    let page = engine.read(&snapshot)?;
    Ok(Shown::of(engine, &engine.assess(&page, records, snapshot.taken_at)))
}

#[test]
fn every_case_is_graded_as_it_says() {
    let engine = Engine::built_in().unwrap();
    let records = records::in_use().unwrap();
    let mut wrong = Vec::new();
    let cases = Case::all().unwrap();
    for case in cases.iter().filter(|case| case.snapshot_path().exists() || !case.silent) {
        wrong.extend(case.differences(&shown(&engine, &records, &case.snapshot().unwrap()).unwrap()));
    }
    assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
}

/// What a problem page must show is quiet on its clean twin, and each problem page has one.
#[test]
fn every_problem_has_a_quiet_twin() {
    let engine = Engine::built_in().unwrap();
    let records = records::in_use().unwrap();
    let site = Site::load().unwrap();
    let cases = Case::all().unwrap();
    let mut pairs = 0;
    for case in &cases {
        let route = site.route(&case.page).unwrap();
        if route.role != Role::Problem {
            continue;
        }
        let twin = route.twin.as_deref().unwrap();
        let twin = cases.iter().find(|other| other.page == twin);
        let twin = twin.unwrap_or_else(|| panic!("{} has no case for its twin", case.page));
        let shown = shown(&engine, &records, &twin.snapshot().unwrap()).unwrap();
        let answers = shown.offers.iter().flat_map(|offer| &offer.answers).chain(&shown.room);
        let codes: Vec<&str> =
            answers.flat_map(|answer| &answer.findings).map(|finding| finding.code.as_str()).collect();
        // A room's pair differs in its host; its baskets are of both sorts.
        let is_room = route.room.is_some();
        let problems: Vec<&str> =
            (case.finds()).filter(|code| is_problem(&engine, code) && is_room == code.starts_with("host.")).collect();
        assert!(!problems.is_empty(), "{} is a problem page and names no problem", case.page);
        for code in problems {
            assert!(!codes.contains(&code), "{code} of {} also fires on its clean twin {}", case.page, twin.page);
        }
        pairs += 1;
    }
    assert!(pairs >= 12, "only {pairs} pairs");
}

/// Takes points, or is what the page was made for. A code without a row is none, and the case fails.
fn is_problem(engine: &Engine, code: &str) -> bool {
    let takes_points = engine.knowledge().rubric.finding(code).is_some_and(|row| row.points < 0);
    let is_shown =
        ["host.unknown", "seller.rating-few", "origin.record-undecided", "seller.authorised", "host.record-cleared"];
    takes_points || is_shown.contains(&code)
}

/// "TQ" is no address, in the list of the label as in the findings.
#[test]
fn the_label_says_what_the_findings_say() {
    let engine = Engine::built_in().unwrap();
    let records = records::in_use().unwrap();
    let mut compared = 0;
    for case in Case::all().unwrap().iter().filter(|case| !case.silent) {
        let snapshot = PageSnapshot::from_json(&case.snapshot().unwrap()).unwrap();
        for offer in engine.assess(&engine.read(&snapshot).unwrap(), &records, snapshot.taken_at).offers {
            let findings = || offer.answers.iter().flat_map(|answer| &answer.findings);
            for line in offer.label.iter().flat_map(|label| &label.duties) {
                let code = match line.duty {
                    FieldName::Origin => "origin.not-stated",
                    FieldName::ResponsibleName => "origin.responsible-name-not-stated",
                    FieldName::ResponsibleAddress => "origin.responsible-address-not-stated",
                    _ => continue,
                };
                let is_missing = findings().any(|finding| finding.code == code);
                // A card shows no whole label: what is missing there may still be unknown in the list.
                let agrees = match line.state {
                    DutyState::NotStated => is_missing,
                    DutyState::Unknown => true,
                    DutyState::Stated | DutyState::Contradicted => !is_missing,
                };
                assert!(agrees, "{}: {code}, {line:?}", case.page);
                compared += 1;
            }
        }
    }
    assert!(compared >= 60, "only {compared} lines compared");
}

#[test]
fn order_of_snapshots_does_not_matter_for_what_is_added() {
    let engine = Engine::built_in().unwrap();
    let records = records::in_use().unwrap();
    let cases = Case::all().unwrap();
    for case in cases.iter().filter(|case| !case.silent) {
        let snapshot = PageSnapshot::from_json(&case.snapshot().unwrap()).unwrap();
        let whole = engine.read(&snapshot).unwrap();
        // The same page once more changes nothing but what was said twice.
        let mut again = whole.clone();
        let mut repeated = engine.read(&PageSnapshot { lines: Vec::new(), ..snapshot.clone() }).unwrap();
        repeated.unread.clear();
        again.absorb(repeated);
        let now = snapshot.taken_at;
        assert_eq!(engine.assess(&again, &records, now), engine.assess(&whole, &records, now), "{}", case.page);
    }
}

/// Followers and units sold can be bought: however many there are, every answer stays the same.
#[test]
fn followers_change_nothing() {
    let engine = Engine::built_in().unwrap();
    let records = records::in_use().unwrap();
    let mut changed = 0;
    for case in Case::all().unwrap().iter().filter(|case| !case.silent) {
        let text = case.snapshot().unwrap();
        let few = shown(&engine, &records, &text).unwrap();
        for count in [0, 7, 900_000_000] {
            let mut snapshot: Value = serde_json::from_str(&text).unwrap();
            changed += set_counts(&mut snapshot, count);
            assert_eq!(shown(&engine, &records, &snapshot.to_string()).unwrap(), few, "{} at {count}", case.page);
        }
    }
    assert!(changed >= 60, "only {changed} counts changed");
}

/// Sets every count of followers or units sold; returns how many there were.
fn set_counts(value: &mut Value, count: u64) -> usize {
    let is_bought = |key: &str| key.to_lowercase().contains("follower") || key.to_lowercase().contains("sold");
    match value {
        Value::Object(map) => (map.iter_mut())
            .map(|(key, value)| match value {
                Value::Number(_) | Value::String(_) if is_bought(key) => {
                    *value = count.to_string().into();
                    1
                }
                _ => set_counts(value, count),
            })
            .sum(),
        Value::Array(items) => items.iter_mut().map(|item| set_counts(item, count)).sum(),
        _ => 0,
    }
}

/// Prices are read and shown nowhere in a grade: whatever they are, every answer stays the same.
#[test]
fn a_lower_price_never_helps() {
    let engine = Engine::built_in().unwrap();
    let records = records::in_use().unwrap();
    for case in Case::all().unwrap().iter().filter(|case| !case.silent) {
        let snapshot = PageSnapshot::from_json(&case.snapshot().unwrap()).unwrap();
        let page = engine.read(&snapshot).unwrap();
        let dear = without_discount(engine.assess(&page, &records, snapshot.taken_at));
        for amount in [0, 1, 1_000, 1_000_000_000] {
            let mut cheap = page.clone();
            for offer in &mut cheap.offers {
                offer.fields.set_price(amount);
            }
            let cheap = without_discount(engine.assess(&cheap, &records, snapshot.taken_at));
            assert_eq!(cheap, dear, "{} at {amount}", case.page);
        }
    }
}

/// An assessment but for the one finding that does the arithmetic of prices, which weighs nothing.
fn without_discount(mut assessment: Assessment) -> Assessment {
    let of_offers = assessment.offers.iter_mut().flat_map(|offer| &mut offer.answers);
    for answer in of_offers.chain(assessment.room.iter_mut().flatten()) {
        let is_discount = |finding: &Finding| finding.code == "seller.discount-deep";
        assert!(answer.findings.iter().filter(|it| is_discount(it)).all(|it| it.points == 0));
        answer.findings.retain(|finding| !is_discount(finding));
    }
    assessment
}
