//! How well sale talk is read: labelled sentences (`tests/claims/`), the phrase list in all its disguises, and what must hold
//! for any text.
//!
//! `held-out.toml` and `held-out-2.toml` were written by people who did not know the tables, and were measured before anybody
//! looked into them. After that the innocent lines that were accused were repaired; what was missed was not.

#![cfg(test)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

use proptest::prelude::*;
use serde::Deserialize;
use soi_core::knowledge::{BUILT_IN, ClaimGroup, Knowledge};
use soi_core::text_reading::ClaimReading;
use soi_tests::pages::workspace;

const YEAR: i32 = 2026;
const HELD_OUT: &str = "held-out";
/// Groups that say something about a person's trade, which no innocent line may be taken for.
const ACCUSING: [ClaimGroup; 10] = [
    ClaimGroup::OriginClaim,
    ClaimGroup::VagueOrigin,
    ClaimGroup::Urgency,
    ClaimGroup::DiscountBait,
    ClaimGroup::CureHealth,
    ClaimGroup::WhiteningFast,
    ClaimGroup::Superlative,
    ClaimGroup::Authority,
    ClaimGroup::Charity,
    ClaimGroup::Evasive,
];

thread_local! {
    static KNOWLEDGE: Knowledge = Knowledge::open(BUILT_IN).unwrap();
}

fn claims(text: &str) -> Vec<ClaimReading> {
    KNOWLEDGE.with(|knowledge| knowledge.read_text(text, YEAR).claims)
}

/// The groups that a text claims, and means.
fn said(text: &str) -> BTreeSet<ClaimGroup> {
    claims(text).into_iter().filter(|claim| !claim.negated).map(|claim| claim.group).collect()
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentences {
    sentence: Vec<Sentence>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Sentence {
    text: String,
    speaker: Speaker,
    says: BTreeSet<ClaimGroup>,
    #[serde(default)]
    negated: BTreeSet<ClaimGroup>,
    kind: Kind,
}

#[derive(Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
enum Speaker {
    Host,
    Seller,
    Viewer,
}

#[derive(Deserialize, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Positive,
    Disguised,
    Negated,
    Innocent,
}

/// Every file of sentences, by name.
fn files() -> BTreeMap<String, Vec<Sentence>> {
    let folder = workspace().join("tests/claims");
    let mut files = BTreeMap::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let read: Sentences =
            toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"));
        files.insert(name, read.sentence);
    }
    files
}

#[derive(Default, Clone, Copy)]
struct Tally {
    right: u32,
    wrong: u32,
    missed: u32,
}

impl Tally {
    /// Of nothing found nothing is wrong.
    fn precision(self) -> f64 {
        share(self.right, self.right + self.wrong)
    }

    fn recall(self) -> f64 {
        share(self.right, self.right + self.missed)
    }

    fn add(&mut self, other: Self) {
        self.right += other.right;
        self.wrong += other.wrong;
        self.missed += other.missed;
    }
}

fn share(part: u32, all: u32) -> f64 {
    if all == 0 { 1.0 } else { f64::from(part) / f64::from(all) }
}

fn tally(sentences: &[Sentence]) -> BTreeMap<ClaimGroup, Tally> {
    let mut tallies: BTreeMap<ClaimGroup, Tally> = BTreeMap::new();
    for sentence in sentences {
        let found = said(&sentence.text);
        for group in &sentence.says {
            let tally = tallies.entry(*group).or_default();
            if found.contains(group) { tally.right += 1 } else { tally.missed += 1 }
        }
        for group in found.difference(&sentence.says) {
            tallies.entry(*group).or_default().wrong += 1;
        }
    }
    tallies
}

/// Prints a table and gives the sum.
fn report(name: &str, tallies: &BTreeMap<ClaimGroup, Tally>) -> Tally {
    let mut all = Tally::default();
    for (group, tally) in tallies {
        println!(
            "{name:12} {group:18} precision {:.3} recall {:.3}",
            tally.precision(),
            tally.recall(),
            group = format!("{group:?}")
        );
        all.add(*tally);
    }
    println!("{name:12} {:18} precision {:.3} recall {:.3}", "all", all.precision(), all.recall());
    all
}

/// Lines that claim nothing and are taken to claim something.
fn accused(sentences: &[Sentence]) -> Vec<&str> {
    let is_accused = |sentence: &&Sentence| {
        sentence.says.is_empty() && said(&sentence.text).iter().any(|group| ACCUSING.contains(group))
    };
    sentences.iter().filter(is_accused).map(|sentence| sentence.text.as_str()).collect()
}

#[test]
fn sentences_of_every_group_and_kind() {
    let files = files();
    let all: Vec<&Sentence> = files.values().flatten().collect();
    assert!(all.len() >= 300, "{} sentences", all.len());
    for name in [HELD_OUT, "all"] {
        let of_file =
            |sentence: &&&Sentence| name == "all" || files[HELD_OUT].iter().any(|it| it.text == sentence.text);
        let mut counts: BTreeMap<(ClaimGroup, Kind), usize> = BTreeMap::new();
        let mut speakers = BTreeSet::new();
        for sentence in all.iter().filter(of_file) {
            speakers.insert(&sentence.speaker);
            for group in sentence.says.iter().chain(&sentence.negated) {
                *counts.entry((*group, sentence.kind)).or_default() += 1;
            }
        }
        assert_eq!(speakers.len(), 3, "{name}");
        let groups: BTreeSet<ClaimGroup> = counts.keys().map(|(group, _)| *group).collect();
        assert_eq!(groups.len(), 13, "{name}");
        for group in groups {
            for kind in [Kind::Positive, Kind::Disguised, Kind::Negated] {
                assert!(counts.contains_key(&(group, kind)), "{name}: {group:?}");
            }
        }
    }
}

#[test]
fn what_was_written_beside_the_tables_is_read() {
    for (name, sentences) in files().iter().filter(|(name, _)| !name.starts_with(HELD_OUT)) {
        let all = report(name, &tally(sentences));
        assert!(all.precision() >= 0.95 && all.recall() >= 0.92, "{name}");
        assert_eq!(accused(sentences), [""; 0], "{name}");
    }
}

#[test]
fn what_was_written_apart_from_them_is_read() {
    for (name, sentences) in files().iter().filter(|(name, _)| name.starts_with(HELD_OUT)) {
        let all = report(name, &tally(sentences));
        assert!(all.precision() >= 0.92 && all.recall() >= 0.80, "{name}");
        assert_eq!(accused(sentences), [""; 0], "{name}");
    }
}

/// A phrase of the list and the group it belongs to; none: it is a disguise.
struct Listed {
    group: Option<ClaimGroup>,
    phrase: String,
}

/// `None` where the list is not beside this checkout.
fn phrase_list() -> Option<Vec<Listed>> {
    let path: PathBuf = workspace().join("../shared/domain/phrases-vn.csv");
    let text = fs::read_to_string(path).ok()?;
    let rows = text.lines().skip(1).map(|row| {
        let (group, rest) = row.split_once(',').unwrap();
        let phrase = rest.split(',').next().unwrap();
        let group = serde_json::from_value(group.into()).ok();
        // N, X and Y stand for numbers; a slash for either.
        let phrase = match phrase {
            "giá gốc X còn Y" => "giá gốc 500k còn 99k".to_owned(),
            "MST/địa chỉ công khai" => "MST và địa chỉ công khai".to_owned(),
            "o9xx" => "o912 345 678".to_owned(),
            _ => phrase.replace(" N ", " 7 ").replace("X%", "10%"),
        };
        Listed { group, phrase }
    });
    Some(rows.collect())
}

/// Without diacritics, as people type who are in a hurry.
fn bare(text: &str) -> String {
    const MARKED: [(char, &str); 7] = [
        ('a', "áàảãạăắằẳẵặâấầẩẫậ"),
        ('e', "éèẻẽẹêếềểễệ"),
        ('i', "íìỉĩị"),
        ('o', "óòỏõọôốồổỗộơớờởỡợ"),
        ('u', "úùủũụưứừửữự"),
        ('y', "ýỳỷỹỵ"),
        ('d', "đ"),
    ];
    let letter = |letter: char| {
        let small: String = letter.to_lowercase().collect();
        let base = MARKED.iter().find(|(_, marked)| marked.contains(&small)).map_or(letter, |(base, _)| *base);
        if letter.is_uppercase() { base.to_ascii_uppercase() } else { base }
    };
    text.chars().map(letter).collect()
}

/// With a sign between the letters of each word.
fn parted(text: &str, sign: &str) -> String {
    let word = |word: &str| -> String {
        let is_word = word.chars().count() > 1 && word.chars().all(char::is_alphabetic);
        let letters: Vec<String> = word.chars().map(String::from).collect();
        if is_word { letters.join(sign) } else { word.to_owned() }
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

#[test]
fn every_phrase_of_the_list_in_every_form() {
    let Some(list) = phrase_list() else {
        println!("SKIPPED: no shared/domain/phrases-vn.csv beside this checkout");
        return;
    };
    assert!(list.len() > 150);
    let mut lost = Vec::new();
    for Listed { group, phrase } in &list {
        let Some(group) = group else {
            continue;
        };
        let forms = [phrase.clone(), bare(phrase), parted(phrase, "."), parted(phrase, "\u{200b}")];
        for (at, form) in forms.iter().enumerate() {
            let sentence = match at {
                1 => format!("Moi nguoi oi, {form} nha"),
                _ => format!("Mọi người ơi, {form} nha"),
            };
            let place = sentence.find(form.as_str()).unwrap();
            let within = |claim: &&ClaimReading| claim.start < place + form.len() && place < claim.end;
            let found = claims(&sentence);
            for claim in &found {
                assert_eq!(sentence.get(claim.start..claim.end), Some(claim.quote.as_str()), "{sentence}");
            }
            let read = found.iter().filter(within).find(|claim| claim.group == *group && !claim.negated);
            if read.is_none() {
                lost.push(format!("{group:?} {sentence:?}"));
            }
        }
    }
    assert_eq!(lost, [""; 0], "{}", lost.join("\n"));
}

/// Words that say nothing, for the properties below.
const INNOCENT: [&str; 8] = [
    "Hôm nay trời đẹp quá.",
    "Chị ở đâu vậy ạ?",
    "Màu này có hai cỡ, cỡ nhỏ và cỡ lớn.",
    "Em gửi hàng vào thứ hai.",
    "Chào cả nhà.",
    "Cho mình xin chiều dài với.",
    "Hello everybody 😀",
    "1234",
];

proptest! {
    /// Any text is safe, whatever is in it, and what is quoted stands in it.
    #[test]
    fn quotes_are_parts_of_the_text(text in "(trị|chữa|khỏi|dứt điểm|c\\.h|ữ|\u{200b}|\u{301}|@|\\*|0|t|r|ị| |\\.|ｂ|а|không |\\PC){0,40}") {
        for claim in claims(&text) {
            prop_assert_eq!(text.get(claim.start..claim.end), Some(claim.quote.as_str()));
            prop_assert!(!claim.quote.is_empty());
        }
    }

    #[test]
    fn any_unicode_is_safe(text in any::<String>()) {
        for claim in claims(&text) {
            prop_assert_eq!(text.get(claim.start..claim.end), Some(claim.quote.as_str()));
        }
    }

    /// Innocent words before or behind a text add no finding.
    #[test]
    fn innocent_text_adds_nothing(at in any::<prop::sample::Index>(), before in 0..INNOCENT.len(), behind in 0..INNOCENT.len()) {
        let files = files();
        let texts: Vec<&str> = files.values().flatten().map(|sentence| sentence.text.as_str()).collect();
        let text = texts[at.index(texts.len())];
        let more = format!("{}\n{text}\n{}", INNOCENT[before], INNOCENT[behind]);
        prop_assert!(said(&more).is_subset(&said(text)), "{text}: {:?}", said(&more));
    }
}
