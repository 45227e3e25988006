//! Record files: what they are refused for, and where a pack has what they say.

#![cfg(test)]

use std::collections::BTreeSet;

use soi_core::record::{Key, Standing, standings};
use soi_registry::records::{RecordError, RecordFile, RecordTree};

fn product(name: &str, more: &str) -> String {
    format!(
        "recorded = 2026-11-24\nname = \"{name}\"\nkeys = [\"product-name:{name}\"]\n\
         presented_by = [\"host:tiktok:one\"]\n{more}"
    )
}

fn event(case: &str, status: &str, day: &str) -> String {
    format!(
        "[[events]]\ncase = \"{case}\"\nmatter = \"safety\"\nstatus = \"{status}\"\nday = {day}\nissuer = \"An office\"\n\
         urls = [\"https://office.example/1\"]\nverified = true\n"
    )
}

fn line_of(text: &str) -> usize {
    match RecordFile::parse("product/one.toml", text) {
        Err(RecordError::Line { line, .. }) => line,
        other => panic!("{other:?}"),
    }
}

#[test]
fn what_is_missing_at_the_end_is_missing_in_the_last_line() {
    assert_eq!(line_of("recorded = 2026-11-24\nname = '''\n"), 2);
    assert_eq!(line_of("recorded = 2026-11-24\nname = \n"), 2);
    assert_eq!(line_of(""), 1);
}

#[test]
fn cases_are_as_many_as_a_pack_can_number() {
    let cases = |count: usize| {
        let events: String = (0..count).map(|case| event(&case.to_string(), "inspection", "2026-01-01")).collect();
        RecordFile::parse("product/one.toml", &product("Tí Tách", &events))
    };
    let numbers: BTreeSet<u8> = cases(256).unwrap().events().iter().map(|event| event.case).collect();
    assert_eq!(numbers.len(), 256);
    assert!(cases(257).unwrap_err().to_string().contains("more than 256 cases"));
}

#[test]
fn what_is_cleared_about_a_product_ends_nothing_about_another() {
    let first = product("Tí Tách cam", &event("a", "withdrawal-ordered", "2026-01-01"));
    let second = product(
        "Tí Tách chanh",
        &(event("a", "withdrawal-ordered", "2026-01-01") + &event("a", "cleared", "2026-05-01")),
    );
    for files in [
        [("product/a.toml", &*first), ("product/b.toml", &*second)],
        [("product/b.toml", &*second), ("product/a.toml", &*first)],
    ] {
        let tree = RecordTree::parse("name = \"invented\"", files).unwrap();
        let subjects = tree.subjects();
        let host = Key::host("tiktok", "one").unwrap();
        let host = subjects.iter().find(|subject| subject.keys.contains(&host)).unwrap();
        let standings: Vec<Standing> =
            standings(&host.events, 21_000).into_iter().map(|(standing, _)| standing).collect();
        assert_eq!(standings, [Standing::Decided, Standing::Cleared]);
    }
}
