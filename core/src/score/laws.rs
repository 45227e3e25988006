//! The laws of scoring, as properties over arbitrary findings of the real rubric.

use proptest::prelude::*;

use super::*;
use crate::finding::{FindingSource, Slots};
use crate::knowledge::{BUILT_IN, Knowledge};

const NOW: i64 = 1_795_435_200;

fn rubric() -> Rubric {
    Knowledge::open(BUILT_IN).unwrap().rubric
}

/// Any finding of the rubric, with any age, verified or not.
fn any_found(rubric: &Rubric) -> impl Strategy<Value = Found> + use<> {
    let codes: Vec<&'static str> = rubric.findings.iter().map(|row| &*row.code.clone().leak()).collect();
    (prop::sample::select(codes), 0i64..2000, prop::option::of("[a-z]{1,4}"), any::<bool>()).prop_map(
        |(code, age, quote, verified)| Found {
            code,
            quote,
            source: FindingSource { field: None, rule: String::new(), urls: Vec::new(), regulations: Vec::new() },
            seen_at: NOW - age * DAY,
            valid_until: None,
            slots: Slots::default(),
            verified,
        },
    )
}

fn answer_of(rubric: &Rubric, found: Vec<Found>) -> Answer {
    let findings = weigh(rubric, Question::Origin, found, NOW);
    grade(rubric, Question::Origin, findings, Vec::new(), 100)
}

proptest! {
    #[test]
    fn order_and_repetition_do_not_matter(found in prop::collection::vec(any_found(&rubric()), 0..12), seed in any::<u64>()) {
        let rubric = rubric();
        let straight = answer_of(&rubric, found.clone());
        let mut shuffled = found.clone();
        shuffled.extend(found);
        let length = shuffled.len().max(1);
        shuffled.rotate_left(seed as usize % length);
        shuffled.reverse();
        prop_assert_eq!(straight, answer_of(&rubric, shuffled));
    }

    #[test]
    fn removing_an_incriminating_finding_never_lowers_a_score(found in prop::collection::vec(any_found(&rubric()), 1..12), at in any::<prop::sample::Index>()) {
        let rubric = rubric();
        let at = at.index(found.len());
        prop_assume!(rubric.finding(found[at].code).unwrap().points < 0);
        let with = answer_of(&rubric, found.clone());
        let mut fewer = found;
        fewer.remove(at);
        let without = answer_of(&rubric, fewer);
        prop_assert!(without.score >= with.score);
        prop_assert!(without.grade >= with.grade);
    }

    #[test]
    fn listed_points_are_the_score(found in prop::collection::vec(any_found(&rubric()), 0..12)) {
        let answer = answer_of(&rubric(), found);
        let listed: i32 = answer.findings.iter().map(|finding| finding.points).sum();
        prop_assert_eq!(answer.prior + listed, answer.total);
        prop_assert_eq!(answer.score, Some(score(answer.total)));
    }

    #[test]
    fn groups_keep_to_their_caps(found in prop::collection::vec(any_found(&rubric()), 0..20)) {
        let rubric = rubric();
        let answer = answer_of(&rubric, found);
        for group in &rubric.groups {
            let in_group = answer.findings.iter().filter(|finding| {
                rubric.finding(&finding.code).unwrap().group.as_ref() == Some(&group.id)
            });
            let (up, down) = in_group.fold((0, 0), |(up, down), finding| {
                (up + finding.points.max(0), down - finding.points.min(0))
            });
            prop_assert!(up <= group.cap as i32 && down <= group.cap as i32);
        }
    }

    #[test]
    fn unverified_rows_never_lower(found in prop::collection::vec(any_found(&rubric()), 0..8), extra in any_found(&rubric())) {
        let rubric = rubric();
        let before = answer_of(&rubric, found.clone());
        let mut more = found;
        more.push(Found { verified: false, ..extra });
        let after = answer_of(&rubric, more);
        prop_assert!(after.grade >= before.grade && after.score >= before.score);
    }

    #[test]
    fn what_does_not_apply_changes_nothing(weights in prop::collection::vec(0u32..9, 1..6)) {
        let mut with = Coverage::default();
        let mut without = Coverage::default();
        for weight in weights {
            with.count(State::Made, weight);
            without.count(State::Made, weight);
            with.count(State::Silent { silence: Silence::NotApplicable, next: "", ask: None }, weight);
        }
        prop_assert_eq!(with.percent(), without.percent());
    }

    #[test]
    fn older_findings_weigh_less(points in -300i32..300, age in 0i64..4000, later in 1i64..400, half_life in 1u32..1000) {
        let (younger, older) = (faded(points, age, half_life), faded(points, age + later, half_life));
        prop_assert!(older.abs() <= younger.abs());
    }
}

#[test]
fn a_deciban_is_a_deciban() {
    assert_eq!(score(0), 500);
    assert_eq!(score(100), 909);
    assert_eq!(score(-100), 91);
    assert_eq!(score(i32::MAX), 1000);
    assert_eq!(score(i32::MIN), 0);
}

#[test]
fn too_little_coverage_is_unknown() {
    let rubric = rubric();
    let answer = grade(&rubric, Question::Origin, Vec::new(), Vec::new(), 0);
    assert_eq!((answer.grade, answer.score), (Grade::Unknown, None));
}

#[test]
fn every_check_and_row_belong_together() {
    let rubric = rubric();
    let mut rows: Vec<&str> = rubric.checks.iter().map(|row| row.id.as_str()).collect();
    let mut checks: Vec<&str> = crate::checks::ids().collect();
    rows.sort_unstable();
    checks.sort_unstable();
    assert_eq!(rows, checks);
}
