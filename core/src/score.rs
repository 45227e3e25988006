//! From findings to a grade. Points are tenths of a deciban: 100 is ten times the odds. They add up, so the list
//! a shopper reads is the sum.

use crate::checks::{Found, Outcome, State};
use crate::finding::{Answer, Code, Finding, Grade, Missing, Reduced, Silence};
use crate::knowledge::{Basis, CapGrade, FindingRow, GroupRow, Question, Rubric};
use crate::order::ordered;

const DAY: i64 = 86_400;

/// The answer to a question from what its checks found.
pub(crate) fn answer(
    rubric: &Rubric,
    question: Question,
    outcomes: impl Iterator<Item = (&'static str, Outcome)>,
    now: i64,
) -> Answer {
    let mut found = Vec::new();
    let mut missing = Vec::new();
    let mut coverage = Coverage::default();
    for (check, outcome) in outcomes {
        let weight = rubric.checks.iter().find(|row| row.id == check).map_or(0, |row| row.weight);
        coverage.count(outcome.state, weight);
        if let State::Silent { silence, next, ask } = outcome.state {
            missing.push(Missing {
                check: Code::Borrowed(check),
                silence,
                next: Code::Borrowed(next),
                ask: ask.map(Code::Borrowed),
            });
        }
        found.extend(outcome.found);
    }
    let findings = weigh(rubric, question, found, now);
    grade(rubric, question, findings, missing, coverage.percent())
}

#[derive(Default)]
struct Coverage {
    made: u32,
    applicable: u32,
}

impl Coverage {
    fn count(&mut self, state: State, weight: u32) {
        match state {
            State::Silent { silence: Silence::NotApplicable, .. } => {}
            State::Silent { silence: Silence::Unknown, .. } => self.applicable += weight,
            State::Made | State::Silent { silence: Silence::NotStated, .. } => {
                self.applicable += weight;
                self.made += weight;
            }
        }
    }

    fn percent(&self) -> u8 {
        (self.made * 100).checked_div(self.applicable).and_then(|share| u8::try_from(share).ok()).unwrap_or(0)
    }
}

/// Gives each finding its points: the rubric's, faded by age, nothing where an unverified row would count
/// against anybody, and no more than its group's cap.
fn weigh(rubric: &Rubric, question: Question, found: Vec<Found>, now: i64) -> Vec<Finding> {
    let weighed = found.into_iter().filter_map(|found| {
        let row = rubric.finding(found.code)?;
        let group = row.group.as_ref().and_then(|id| rubric.groups.iter().find(|group| &group.id == id));
        Some((to_finding(row, question, found, now), group))
    });
    // The heaviest first, so that a group's cap takes from the lightest; then by content, so that the order in
    // which checks ran leaves no trace.
    let mut findings: Vec<(Finding, Option<&GroupRow>)> =
        ordered(weighed, |(a, _), (b, _)| b.points.abs().cmp(&a.points.abs()).then_with(|| a.cmp(b)));
    findings.dedup_by(|(a, _), (b, _)| a == b);
    let mut used: Vec<(&str, i32, i32)> = Vec::new();
    for (finding, group) in &mut findings {
        let Some(group) = group else { continue };
        let at = match used.iter().position(|(id, ..)| *id == group.id) {
            Some(at) => at,
            None => {
                used.push((&group.id, 0, 0));
                used.len() - 1
            }
        };
        let Some((_, up, down)) = used.get_mut(at) else { continue };
        let cap = i32::try_from(group.cap).unwrap_or(i32::MAX);
        let side = if finding.points < 0 { down } else { up };
        let left = cap - *side;
        if finding.points.abs() > left {
            finding.points = finding.points.signum() * left;
            finding.reduced = Some(Reduced::GroupCap);
        }
        *side += finding.points.abs();
    }
    findings.into_iter().map(|(finding, _)| finding).collect()
}

fn to_finding(row: &FindingRow, question: Question, found: Found, now: i64) -> Finding {
    let mut points = row.points;
    let mut reduced = None;
    if points < 0 && !(found.verified && row.provenance.verified) {
        points = 0;
        reduced = Some(Reduced::Unverified);
    }
    if let Some(days) = row.half_life_days {
        let age_days = (now - found.seen_at).max(0) / DAY;
        let faded = faded(points, age_days, days);
        if faded != points {
            points = faded;
            reduced = Some(Reduced::Faded);
        }
    }
    Finding {
        code: Code::Borrowed(found.code),
        question,
        points,
        reduced,
        basis: row.basis,
        quote: found.quote,
        source: found.source,
        seen_at: found.seen_at,
        valid_until: found.valid_until,
        slots: found.slots,
    }
}

/// Points after an age, by half-life. Whole tenths: the same natively and in WebAssembly.
fn faded(points: i32, age_days: i64, half_life_days: u32) -> i32 {
    let share = libm::exp(-(age_days as f64) / f64::from(half_life_days.max(1)) * std::f64::consts::LN_2);
    libm::round(f64::from(points) * share) as i32
}

fn grade(rubric: &Rubric, question: Question, findings: Vec<Finding>, missing: Vec<Missing>, coverage: u8) -> Answer {
    let row = rubric.question(question);
    let prior = row.map_or(0, |row| row.prior);
    let total = findings.iter().fold(prior, |sum, finding| sum.saturating_add(finding.points));
    let enough = coverage >= row.map_or(100, |row| row.min_coverage);
    let cap = worst_cap(rubric, &findings);
    let official = cap.as_ref().is_some_and(|(grade, _)| *grade == Grade::E);
    let score = (enough || official).then(|| score(total));
    let (grade, capped_by) = match (score, cap) {
        (None, _) => (Grade::Unknown, None),
        (Some(score), Some((cap, code))) if cap < by_score(rubric, score) => (cap, Some(code)),
        (Some(score), _) => (by_score(rubric, score), None),
    };
    Answer { question, grade, score, prior, total, coverage, capped_by, findings, missing }
}

/// The worst cap among the findings, with the code that sets it. Only an authority's finding can give E.
fn worst_cap(rubric: &Rubric, findings: &[Finding]) -> Option<(Grade, Code)> {
    (findings.iter())
        .filter(|finding| finding.reduced != Some(Reduced::Unverified))
        .filter_map(|finding| {
            let grade = match rubric.finding(&finding.code)?.cap? {
                CapGrade::B => Grade::B,
                CapGrade::C => Grade::C,
                CapGrade::D => Grade::D,
                CapGrade::E if finding.basis == Basis::Authority => Grade::E,
                CapGrade::E => Grade::D,
            };
            Some((grade, finding.code.clone()))
        })
        .min()
}

/// `100 / (1 + 10^(-total / 10 decibans))`, in tenths of a percent.
pub fn score(total: i32) -> u16 {
    libm::round(1000.0 / (1.0 + libm::exp(-f64::from(total) / 100.0 * std::f64::consts::LN_10))) as u16
}

fn by_score(rubric: &Rubric, score: u16) -> Grade {
    let reaches = |percent: u8| score >= u16::from(percent) * 10;
    match &rubric.grades {
        floors if reaches(floors.a) => Grade::A,
        floors if reaches(floors.b) => Grade::B,
        floors if reaches(floors.c) => Grade::C,
        _ => Grade::D,
    }
}

#[cfg(test)]
mod laws;
