//! Any text as record files: an error names a line that there is, and what is accepted is written into a pack and found
//! there as it stood in the files.

use std::collections::BTreeSet;

use soi_core::pack::{PackKind, RecordSet, RecordsBody, Shard, Subject, WriteError, write_records};
use soi_core::record::{Event, Key, Matter};
use soi_registry::records::{RecordError, RecordFile, RecordTree};

use crate::pack;

/// Between the files of an input, each of which begins with its path in a line of its own.
pub const BETWEEN: &str = "\n\u{c}\n";
const SET: &str = "name = \"public\"";

/// Looks at an input.
pub fn run(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else { return };
    let files: Vec<(&str, &str)> =
        text.split(BETWEEN).map(|file| file.split_once('\n').unwrap_or((file, ""))).collect();
    for (path, text) in &files {
        match RecordFile::parse(path, text) {
            Ok(file) => kept(&file, text),
            Err(error) => within(&error, &[(path, text)]),
        }
    }
    if let Some((path, text)) = files.first().filter(|(path, _)| *path == "set.toml") {
        match RecordTree::parse(text, []) {
            Ok(tree) => assert!(tree.files.is_empty() && tree.recorded() == 0, "nothing is in it"),
            Err(error) => within(&error, &[(path, text)]),
        }
    }
    match RecordTree::parse(SET, files.iter().copied()) {
        Ok(tree) => found(&tree),
        Err(error) => within(&error, &files),
    }
}

/// An error names one of the files, and a line that it has.
fn within(error: &RecordError, files: &[(&str, &str)]) {
    let RecordError::Line { path, line, problem } = error else { panic!("{error}: no file was read") };
    let text = files.iter().find(|(known, _)| known == path).map(|(_, text)| text);
    let lines = text.expect("the error names a file that was given").lines().count().max(1);
    assert!((1..=lines).contains(line), "{path}:{line} is none of {lines} lines: {problem}");
    assert!(!problem.is_empty(), "an error says what is wrong");
}

/// A file that was accepted: nothing in it was left out, and its keys are canonical.
fn kept(file: &RecordFile, text: &str) {
    assert!(!file.keys.is_empty() && !file.events().is_empty(), "a record has keys and events");
    // Each event begins its own table, or stands in an inline one; both hold the word.
    assert!(text.matches("verified").count() >= file.events().len(), "there are no more events than were written");
    for key in file.keys.iter().chain(&file.presented_by) {
        assert_eq!(key.as_str().parse::<Key>().as_ref(), Ok(key), "a key's text is the same key");
    }
    for event in file.events() {
        assert!(event.day.is_none_or(|day| day <= file.recorded), "nothing is recorded before it happens");
        assert!(!event.issuer.trim().is_empty());
    }
}

/// Records that were accepted are found in a pack by every key, and in no part of it but that of the key.
fn found(tree: &RecordTree) {
    let subjects = tree.subjects();
    let written = match write_records(&subjects, None) {
        Ok(written) => written,
        Err(WriteError::Twice(key)) => {
            let named = subjects.iter().filter(|subject| subject.keys.contains(&key)).count();
            return assert!(named > 1, "{key} is called twice by {named}");
        }
        Err(error) => panic!("records that were accepted are written: {error}"),
    };
    let mut turned = subjects.clone();
    turned.reverse();
    turned.iter_mut().for_each(|subject| subject.events.reverse());
    assert_eq!(write_records(&turned, None).as_ref(), Ok(&written), "order changes nothing");

    let body = RecordsBody::open(&written).expect("what was written can be opened");
    body.check().expect("what was written holds");
    let pack = pack::pack(pack::header(PackKind::Records, &written), &written).expect("a truthful header");
    let set = RecordSet::new(pack).expect("what was written makes a set");
    for subject in &subjects {
        let events = sorted(subject);
        let told = |event: &&Event<'_>| event.matter == Matter::PresentedWithdrawn;
        let cases: BTreeSet<u8> = events.iter().filter(told).map(|event| event.case).collect();
        assert!(cases.len() >= presented(tree, subject).min(256), "each product that was presented has its own cases");
        for key in &subject.keys {
            assert_eq!(body.find(key).as_ref(), Some(&events), "{key}");
            assert_eq!(set.find(key).as_ref(), Some(&events), "{key}");
            let Some(name) = key.product_words() else { continue };
            let (named, words) = set.find_named(name).expect("a name is found in itself");
            assert_eq!((&named, words), (&events, name), "{key}");
        }
    }
    for key in subjects.iter().filter_map(|subject| subject.keys.first()).take(2) {
        let part = Shard::of(key, 1);
        let body = write_records(&subjects, Some(part)).expect("a part is written when the whole is");
        let body = RecordsBody::open(&body).expect("a part can be opened");
        for (subject, key) in subjects.iter().flat_map(|subject| subject.keys.iter().map(move |key| (subject, key))) {
            let here = (Shard::of(key, 1) == part).then(|| sorted(subject));
            assert_eq!(body.find(key), here, "{key} is in its own part alone");
        }
    }
}

/// How many of the products that a subject presented were decided about.
fn presented(tree: &RecordTree, subject: &Subject<'_>) -> usize {
    let decided = |event: &Event<'_>| event.status.is_decision() || event.status.is_exit();
    let files = tree.files.iter().filter(|file| file.events().iter().any(decided));
    files.filter(|file| file.presented_by.iter().any(|host| subject.keys.contains(host))).count()
}

fn sorted<'a>(subject: &Subject<'a>) -> Vec<Event<'a>> {
    subject.events.iter().cloned().collect::<BTreeSet<_>>().into_iter().collect()
}
