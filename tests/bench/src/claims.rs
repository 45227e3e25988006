//! Reading sale talk against multi-pattern crates alone, on the same text, and what a longer text costs.

use std::collections::BTreeSet;
use std::fs;

use aho_corasick::AhoCorasick;
use anyhow::{Context, Result};
use daachorse::DoubleArrayAhoCorasick;
use serde::Deserialize;
use soi_core::knowledge::{BUILT_IN, Knowledge};
use soi_core::text::fold;
use soi_tests::pages::workspace;
use yada::DoubleArray;
use yada::builder::DoubleArrayBuilder;

use crate::Effort;
use crate::row::Row;
use crate::stats::{each, median};

/// Least share of a peer's throughput.
const LEAST: f64 = 1.0 / 3.0;
/// Bytes of the shortest and the longest text.
const SIZES: [usize; 4] = [1 << 10, 1 << 14, 1 << 17, 1 << 20];
/// Most that a byte of the longest text may cost, in bytes of the shortest.
const LINEAR: f64 = 1.5;

pub(crate) fn rows(effort: Effort) -> Result<Vec<Row>> {
    let knowledge = Knowledge::open(BUILT_IN)?;
    let talk = of_size(&talk()?, SIZES[3]);
    // Without ends of lines: one sentence as far as there are no stops.
    let line = talk.replace('\n', " ");
    let as_written = Peers::of(&words(str::to_lowercase)?, talk.clone())?;
    let folded = Peers::of(&words(fold)?, fold(&talk))?;
    let texts_of_peers = [("the same text", &as_written), ("the text folded for it beforehand", &folded)];
    let searches: Vec<(&str, Search<'_>)> =
        texts_of_peers.iter().flat_map(|(text, peers)| peers.all().map(|search| (*text, search))).collect();

    let texts = SIZES.map(|size| cut(&talk, size, '\n'));
    let lines = SIZES.map(|size| cut(&line, size, ' '));
    let mut of_texts = texts.each_ref().map(|_| Vec::new());
    let mut of_lines = lines.each_ref().map(|_| Vec::new());
    let mut of_peers: Vec<_> = searches.iter().map(|_| Vec::new()).collect();
    let read = |texts: &[&str]| texts.iter().map(|text| knowledge.claims(text).len()).sum();
    for round in 0..=effort.rounds {
        let keep = |samples: &mut Vec<f64>, time: f64| {
            if round > 0 {
                samples.push(time)
            }
        };
        for (texts, samples) in texts.iter().zip(&mut of_texts).chain(lines.iter().zip(&mut of_lines)) {
            keep(samples, each(talk.len(), || read(texts)));
        }
        for ((_, (_, search)), samples) in searches.iter().zip(&mut of_peers) {
            keep(samples, each(talk.len(), search));
        }
    }
    // Microseconds a byte are as many bytes a second as megabytes.
    let speed = |samples: &Vec<f64>| 1.0 / median(samples);
    let whole = of_texts.each_ref().map(speed);
    let [short, .., long] = whole;
    let mut rows = Vec::new();
    for ((text, (name, _)), samples) in searches.iter().zip(&of_peers) {
        let alone = speed(samples);
        let row = Row::new(format!("claims in sale talk, 1 MB, beside {name}, {text}, native"), long, "MB/s");
        let row = row.against(format!("{name} alone: {alone:.1} MB/s"), alone);
        rows.push(if *name == Peers::WHERE_WORDS_START {
            row
        } else {
            row.goal("≥ 1/3 of the peer", long / alone >= LEAST)
        });
    }
    let cost = |what: &str, long: f64, short: f64| {
        Row::new(format!("cost of a byte of {what} of 1 MB, native"), 1.0 / long, "µs")
            .against("a byte of the same in texts of 1 KB", 1.0 / short)
            .at_most_times(LINEAR)
    };
    rows.push(cost("sale talk", long, short));
    let [short, .., long] = of_lines.each_ref().map(speed);
    rows.push(cost("one line", long, short));
    rows.extend(SIZES.iter().zip(&whole).map(|(size, speed)| {
        Row::new(format!("claims in sale talk, in texts of {} KB, native", size >> 10), *speed, "MB/s")
    }));
    Ok(rows)
}

/// A peer's name, and how many words it finds.
type Search<'a> = (&'static str, Box<dyn Fn() -> usize + 'a>);

/// Crates that find words in a text, each with every word of the tables. They find the words as they are given: whoever wants
/// those that fold alike folds the text first, which the whole scan does itself.
struct Peers {
    text: String,
    /// Where words start in it.
    starts: Vec<usize>,
    yada: DoubleArray<Vec<u8>>,
    daachorse: DoubleArrayAhoCorasick<u32>,
    aho_corasick: AhoCorasick,
}

impl Peers {
    const WHERE_WORDS_START: &'static str = "yada where words start";

    fn of(words: &BTreeSet<String>, text: String) -> Result<Self> {
        let numbered: Vec<_> = words.iter().zip(0..).collect();
        let yada = DoubleArrayBuilder::build(&numbered).map_err(|error| anyhow::anyhow!("yada: {error}"))?;
        let before = |at: usize| text.get(..at).and_then(|text| text.chars().next_back());
        let is_start =
            |(at, sign): &(usize, char)| !sign.is_whitespace() && !before(*at).is_some_and(char::is_alphanumeric);
        let starts = text.char_indices().filter(is_start).map(|(at, _)| at).collect();
        Ok(Self {
            text,
            starts,
            yada: DoubleArray(yada),
            daachorse: DoubleArrayAhoCorasick::new(words).map_err(|error| anyhow::anyhow!("daachorse: {error}"))?,
            aho_corasick: AhoCorasick::new(words)?,
        })
    }

    /// Each of them.
    fn all(&self) -> [Search<'_>; 4] {
        let text = self.text.as_bytes();
        let found_at = move |at: usize| self.yada.common_prefix_search(text.get(at..).unwrap_or_default()).count();
        let characters = self.text.char_indices();
        [
            ("daachorse 1", Box::new(move || self.daachorse.find_overlapping_iter(text).count())),
            ("aho-corasick 1", Box::new(move || self.aho_corasick.find_overlapping_iter(text).count())),
            ("yada 0.7", Box::new(move || characters.clone().map(|(at, _)| found_at(at)).sum())),
            (Self::WHERE_WORDS_START, Box::new(move || self.starts.iter().copied().map(found_at).sum())),
        ]
    }
}

/// Every word of the tables, made into what is looked for.
fn words(of: fn(&str) -> String) -> Result<BTreeSet<String>> {
    let mut words = BTreeSet::new();
    for entry in fs::read_dir(workspace().join("core/knowledge/claims"))? {
        let path = entry?.path();
        let table: toml::Table =
            toml::from_str(&fs::read_to_string(&path)?).with_context(|| path.display().to_string())?;
        add_words(&toml::Value::Table(table), of, &mut words);
    }
    Ok(words)
}

/// The lists of a table hold words, and patterns: words between steps in braces and gaps.
fn add_words(value: &toml::Value, of: fn(&str) -> String, words: &mut BTreeSet<String>) {
    match value {
        toml::Value::Table(table) => table.values().for_each(|value| add_words(value, of, words)),
        toml::Value::Array(list) => {
            for item in list {
                let Some(text) = item.as_str() else {
                    add_words(item, of, words);
                    continue;
                };
                let is_step = |word: &&str| word.starts_with(['{', '~']);
                for part in text.split(' ').collect::<Vec<_>>().split(is_step) {
                    words.insert(of(&part.join(" ")));
                }
            }
        }
        _ => {}
    }
    words.remove("");
}

#[derive(Deserialize)]
struct Sentences {
    sentence: Vec<Sentence>,
}

#[derive(Deserialize)]
struct Sentence {
    text: String,
}

/// Every labelled sentence, one a line.
fn talk() -> Result<String> {
    let mut talk = String::new();
    let mut paths: Vec<_> =
        fs::read_dir(workspace().join("tests/claims"))?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    for path in paths {
        let read: Sentences =
            toml::from_str(&fs::read_to_string(&path)?).with_context(|| path.display().to_string())?;
        for sentence in read.sentence {
            talk.push_str(&sentence.text);
            talk.push('\n');
        }
    }
    Ok(talk)
}

/// The talk, over and over, until it has so many bytes.
fn of_size(talk: &str, size: usize) -> String {
    let mut text = talk.repeat(size / talk.len() + 1);
    let end = (0..=size).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    text.truncate(end);
    text
}

/// A text in parts of at least so many bytes, each but the last up to the next such sign.
fn cut(text: &str, size: usize, sign: char) -> Vec<&str> {
    let mut parts = vec![""];
    let mut from = 0;
    for part in text.split_inclusive(sign) {
        let to = text.len().min(from + parts.last().map_or(0, |part| part.len()) + part.len());
        if let Some(last) = parts.last_mut() {
            *last = text.get(from..to).unwrap_or_default();
        }
        if to - from >= size {
            parts.push("");
            from = to;
        }
    }
    parts
}
