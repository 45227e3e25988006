//! The options: language, sites, and the rubric, drawn from the same table that the engine scores with.

use soi_core::explain::Explainer;
use soi_core::finding::Grade;
use soi_core::knowledge::{CapGrade, FindingRow, Knowledge, Platform, Question, Rubric};
use soi_core::pack::Header;
use wasm_bindgen::prelude::*;
use web_sys::{Element, Event, HtmlInputElement};

use crate::browser::{self, Store};
use crate::conduct::{self, Ledger};
use crate::dom::{self, Shown};
use crate::engine::{knowledge, now};
use crate::packs;
use crate::settings::{self, Settings};
use crate::sites::{self, authority};

/// Draws the page.
///
/// # Errors
/// The browser refuses, or the page lacks a template.
pub async fn show() -> Shown<()> {
    let knowledge = knowledge()?;
    let settings = Settings::load().await?;
    let words = Explainer::new(knowledge, settings.lang);
    dom::localise_page(&words)?;
    settings::show_lang(&words)?;
    let mut rows = Vec::new();
    for platform in knowledge.platforms.iter().filter(|platform| !platform.hosts.is_empty()) {
        rows.push(site(platform, &settings, &words).await?);
    }
    dom::show(&dom::by_id("sites")?, rows)?;
    records(&settings, &words).await?;
    let hosts = Ledger::load().await?.count();
    let key = if hosts == 0 { "options.conduct-none" } else { "options.conduct-count" };
    dom::by_id("conduct-count")?.set_text_content(Some(&words.fill(key, &[("count", &hosts.to_string())])));
    dom::by_id("forget-conduct")?.toggle_attribute_with_force("hidden", hosts == 0)?;
    rubric(knowledge, &words)
}

/// The packs in use, what came of the last time that somebody was asked for newer ones, and what failed.
async fn records(settings: &Settings, words: &Explainer<'_>) -> Shown<()> {
    let line = |header: &Header| {
        let key = match (header.is_stale(now()), packs::is_fetched(header)) {
            (true, _) => "options.records-stale",
            (false, true) => "options.records-fetched",
            (false, false) => "options.records-own",
        };
        words.fill(key, &[("set", header.set.as_str()), ("day", &words.day(header.created))])
    };
    let mut lines: Vec<_> = packs::headers().iter().map(line).collect();
    if lines.is_empty() {
        lines.push(words.text("options.records-none").to_owned());
    }
    dom::show(&dom::by_id("records")?, record_lines(&lines, words)?)?;
    let origin: HtmlInputElement = dom::by_id("origin")?.dyn_into()?;
    origin.set_default_value(&settings.packs);

    let status = browser::stored(Store::Local, "packs").await?.unwrap_or_default();
    let time = |of: &JsValue| browser::member(of, "at").as_f64().map(|at| words.moment(at as i64)).unwrap_or_default();
    let told = match browser::member(&status, "outcome").as_string().as_deref() {
        Some("updated") => "options.records-updated",
        Some("current") => "options.records-current",
        Some("failed") => "options.records-failed",
        _ => "",
    };
    let told = if told.is_empty() { String::new() } else { words.fill(told, &[("time", &time(&status))]) };
    dom::by_id("origin-told")?.set_text_content(Some(&told));
    let mut failures = Vec::new();
    for failure in browser::items(&browser::member(&status, "log")) {
        let message = browser::member(&failure, "message").as_string().unwrap_or_default();
        failures.insert(0, format!("{}: {message}", time(&failure)));
    }
    dom::by_id("records-log")?.toggle_attribute_with_force("hidden", failures.is_empty())?;
    dom::show(&dom::by_id("records-failures")?, record_lines(&failures, words)?)
}

fn record_lines(lines: &[String], words: &Explainer<'_>) -> Shown<Vec<Element>> {
    let line = |text: &String| {
        let line = dom::clone("record-line", words)?;
        line.set_text_content(Some(text));
        Ok(line)
    };
    lines.iter().map(line).collect()
}

/// Stores the address for newer packs; gives it as it was stored, nothing when it is no https address.
///
/// # Errors
/// The browser refuses.
pub async fn choose_origin(typed: &str) -> Shown<Option<String>> {
    let origin = typed.trim().trim_end_matches('/');
    let mut settings = Settings::load().await?;
    if !origin.is_empty() && !is_origin(origin) {
        let words = Explainer::new(knowledge()?, settings.lang);
        dom::by_id("origin-told")?.set_text_content(Some(words.text("options.records-origin-wrong")));
        return Ok(None);
    }
    origin.clone_into(&mut settings.packs);
    settings.save().await?;
    Ok(Some(settings.packs))
}

fn is_origin(typed: &str) -> bool {
    typed.starts_with("https://") && authority(typed).is_some() && !typed.contains([' ', '?', '#', '"', '<'])
}

async fn site(platform: &Platform, settings: &Settings, words: &Explainer<'_>) -> Shown<Element> {
    let row = dom::clone("site", words)?;
    row.set_attribute("data-platform", &platform.id)?;
    dom::say(&row, "name", &platform.name)?;
    dom::say(&row, "hosts", &platform.hosts.join(" · "))?;
    let switch: HtmlInputElement = dom::part(&row, "switch")?.dyn_into()?;
    switch.set_default_checked(settings.is_on(&platform.id));
    switch.set_attribute("aria-label", &words.fill("options.site-switch", &[("platform", &platform.name)]))?;
    let is_let_in = browser::may_enter(&sites::patterns(platform)).await?;
    dom::part(&row, "kept-out")?.toggle_attribute_with_force("hidden", is_let_in)?;
    Ok(row)
}

fn rubric(knowledge: &Knowledge, words: &Explainer<'_>) -> Shown<()> {
    let rubric = &knowledge.rubric;
    let version = rubric.version.to_string();
    dom::by_id("rubric-version")?
        .set_text_content(Some(&words.fill("options.rubric-version", &[("version", &version)])));
    dom::show(&dom::by_id("floors")?, floors(rubric, words)?)?;
    let questions = Question::ALL.map(|question| rubric_question(rubric, question, words));
    dom::show(&dom::by_id("rubric")?, questions.into_iter().collect::<Shown<_>>()?)
}

fn floors(rubric: &Rubric, words: &Explainer<'_>) -> Shown<Vec<Element>> {
    let floors = &rubric.grades;
    let from = |floor: u8| words.fill("options.floor", &[("score", &floor.to_string())]);
    let meanings = [
        (Grade::A, from(floors.a)),
        (Grade::B, from(floors.b)),
        (Grade::C, from(floors.c)),
        (Grade::D, words.fill("options.floor-below", &[("score", &floors.c.to_string())])),
        (Grade::E, words.text("options.floor-official").to_owned()),
        (Grade::Unknown, words.text("options.floor-unknown").to_owned()),
    ];
    let row = |(grade, meaning): (Grade, String)| dom::grade_row(grade, &meaning, words);
    meanings.into_iter().map(row).collect()
}

fn rubric_question(rubric: &Rubric, question: Question, words: &Explainer<'_>) -> Shown<Element> {
    let element = dom::clone("rubric-question", words)?;
    dom::say(&element, "name", words.question_name(question))?;
    dom::say(&element, "full", words.question_full(question))?;
    if let Some(row) = rubric.question(question) {
        let slots = [("prior", words.points(row.prior)), ("least", row.min_coverage.to_string())];
        let slots = slots.each_ref().map(|(name, value)| (*name, value.as_str()));
        dom::say(&element, "start", &words.fill("options.start", &slots))?;
        dom::say(&element, "reason", words.words(&row.reason))?;
    }
    let mine = || rubric.checks.iter().filter(|check| check.question == question);
    let all: u32 = mine().map(|check| check.weight).sum();
    let mut checks = Vec::new();
    for check in mine() {
        let share = (check.weight * 100).checked_div(all).unwrap_or(0).to_string();
        let entry = dom::clone("rubric-check", words)?;
        dom::say(&entry, "check", words.check(&check.id))?;
        dom::say(&entry, "share", &words.fill("options.share", &[("share", &share)]))?;
        checks.push(entry);
    }
    dom::fill(&element, "checks", checks)?;
    let mut findings = Vec::new();
    for row in rubric.findings.iter().filter(|row| mine().any(|check| check.id == row.check)) {
        findings.push(finding_row(rubric, row, words)?);
    }
    dom::fill(&element, "findings", findings)?;
    Ok(element)
}

fn finding_row(rubric: &Rubric, row: &FindingRow, words: &Explainer<'_>) -> Shown<Element> {
    let element = dom::clone("rubric-finding", words)?;
    dom::say(&element, "sentence", &with_gaps(words.text(&format!("finding.{}", row.code))))?;
    dom::say(&element, "points", &words.points(row.points))?;
    dom::say(&element, "reason", words.words(&row.reason))?;
    dom::say(&element, "basis", words.basis(row.basis))?;
    let cap = row.cap.map(grade_of).map_or_else(String::new, |grade| {
        words.fill("options.cap", &[("grade", grade.letter()), ("word", words.grade_word(grade))])
    });
    dom::say(&element, "cap", &cap)?;
    let group = row.group.as_ref().and_then(|id| rubric.groups.iter().find(|group| &group.id == id));
    let group = group.map_or_else(String::new, |group| {
        let most = i32::try_from(group.cap).unwrap_or(i32::MAX);
        let most = words.points(most);
        let most = most.trim_start_matches('+');
        words.fill("options.group", &[("most", most), ("reason", words.words(&group.reason))])
    });
    dom::say(&element, "group", &group)?;
    let fades = row.half_life_days.map_or_else(
        || words.text("options.lasting").to_owned(),
        |days| words.fill("options.half-life", &[("days", &days.to_string())]),
    );
    dom::say(&element, "fades", &fades)?;
    dom::say(&element, "source", &row.provenance.source)?;
    let unverified = if row.provenance.verified { "" } else { words.text("options.unverified") };
    dom::say(&element, "unverified", unverified)?;
    dom::say(&element, "code", &row.code)?;
    Ok(element)
}

fn grade_of(cap: CapGrade) -> Grade {
    match cap {
        CapGrade::B => Grade::B,
        CapGrade::C => Grade::C,
        CapGrade::D => Grade::D,
        CapGrade::E => Grade::E,
    }
}

/// A finding's sentence before there is a page to fill it: its slots are gaps.
fn with_gaps(sentence: &str) -> String {
    let mut shown = String::with_capacity(sentence.len());
    let mut is_slot = false;
    for letter in sentence.chars() {
        match letter {
            '{' => {
                is_slot = true;
                shown.push('…');
            }
            '}' => is_slot = false,
            _ if !is_slot => shown.push(letter),
            _ => {}
        }
    }
    shown
}

/// Does what a pressed button says.
///
/// # Errors
/// The browser refuses.
pub fn pressed(event: &Event) -> Shown<Option<js_sys::Promise>> {
    let Some(button) = dom::pressed(event)? else {
        return Ok(None);
    };
    match button.get_attribute("data-action").as_deref() {
        Some("lang") => Ok(Some(settings::choose_lang(&button))),
        Some("grant") => {
            let row = button.closest("[data-platform]")?;
            let platform = row.and_then(|row| row.get_attribute("data-platform")).unwrap_or_default();
            let sites = knowledge()?.platform(&platform).map(sites::patterns).unwrap_or_default();
            browser::ask_for_sites(&sites).map(Some)
        }
        Some("forget-conduct") => Ok(Some(browser::promise(conduct::forget()))),
        _ => Ok(None),
    }
}

/// Switches a platform on or off.
///
/// # Errors
/// The browser refuses.
pub fn changed(event: &Event) -> Shown<Option<js_sys::Promise>> {
    let Some(switch) = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok()) else {
        return Ok(None);
    };
    let row = switch.closest("[data-platform]")?;
    let Some(platform) = row.and_then(|row| row.get_attribute("data-platform")) else {
        return Ok(None);
    };
    let on = switch.checked();
    Ok(Some(browser::promise(async move {
        let mut settings = Settings::load().await?;
        settings.switch(&platform, on);
        settings.save().await
    })))
}

#[cfg(test)]
mod tests {
    #[test]
    fn only_https_addresses_are_asked() {
        assert!(super::is_origin("https://packs.example/soi"));
        for wrong in
            ["http://packs.example", "https://", "packs.example", "https://packs.example/?who=me", "https://a b"]
        {
            assert!(!super::is_origin(wrong), "{wrong}");
        }
    }

    #[test]
    fn slots_become_gaps() {
        assert_eq!(super::with_gaps("Ghi “{quote}”, ở {country}."), "Ghi “…”, ở ….");
    }
}
