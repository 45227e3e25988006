//! Reading sale talk against the multi-pattern crate alone, on the same text, and what a longer text costs.

use std::fs;

use anyhow::{Context, Result};
use serde::Deserialize;
use soi_core::knowledge::{BUILT_IN, Knowledge};
use soi_core::text::fold;
use soi_tests::pages::workspace;
use yada::DoubleArray;

use crate::Effort;
use crate::row::Row;
use crate::stats::{each, median};

/// The crate that both sides look phrases up with.
const PEER: &str = "yada 0.7 alone: every phrase that starts where a word starts, the text folded beforehand";
/// Least share of the peer's throughput.
const LEAST: f64 = 1.0 / 3.0;
/// Bytes of the shortest and the longest text.
const SIZES: [usize; 4] = [1 << 10, 1 << 14, 1 << 17, 1 << 20];
/// Most that a byte of the longest text may cost, in bytes of the shortest.
const LINEAR: f64 = 1.5;

pub(crate) fn rows(effort: Effort) -> Result<Vec<Row>> {
    let knowledge = Knowledge::open(BUILT_IN)?;
    let talk = talk()?;
    let texts = SIZES.map(|size| of_size(&talk, size));
    let [.., longest] = &texts;
    let folded = fold(longest);
    let trie = DoubleArray(knowledge.phrases.trie.as_slice());

    let mut whole = texts.each_ref().map(|_| Vec::new());
    let mut alone = Vec::new();
    for round in 0..=effort.rounds {
        for (text, samples) in texts.iter().zip(&mut whole) {
            // So often that every size takes about as long.
            let rounds = (SIZES[3] / text.len()).max(1);
            let time = each(rounds * text.len(), || (0..rounds).map(|_| knowledge.claims(text).len()).sum());
            if round > 0 {
                samples.push(time);
            }
        }
        let time = each(folded.len(), || look_up(&trie, folded.as_bytes()));
        if round > 0 {
            alone.push(time);
        }
    }
    // Microseconds a byte are as many bytes a second as megabytes.
    let speed = |samples: &[f64]| 1.0 / median(samples);
    let [short, .., long] = whole.each_ref().map(|samples| speed(samples));
    let alone = speed(&alone);
    let mut rows = vec![
        Row::new("claims in sale talk, 1 MB, native", long, "MB/s")
            .against(PEER, alone)
            .goal("≥ 1/3 of the peer", long / alone >= LEAST),
        Row::new(format!("{PEER}, native"), alone, "MB/s"),
        Row::new("cost of a byte of 1 MB of sale talk, native", 1.0 / long, "µs")
            .against("a byte of 1 KB", 1.0 / short)
            .at_most_times(LINEAR),
    ];
    rows.extend(SIZES.iter().zip(&whole).map(|(size, samples)| {
        Row::new(format!("claims in sale talk, {} KB, native", size >> 10), speed(samples), "MB/s")
    }));
    Ok(rows)
}

/// How many phrases start where words start.
fn look_up(trie: &DoubleArray<&[u8]>, folded: &[u8]) -> usize {
    let mut found = 0;
    let mut in_word = false;
    for (at, letter) in folded.iter().enumerate() {
        let starts = !in_word && *letter != b' ';
        in_word = letter.is_ascii_alphanumeric();
        if starts {
            found += trie.common_prefix_search(folded.get(at..).unwrap_or_default()).count();
        }
    }
    found
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
