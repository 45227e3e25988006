//! Assessment against a request check, both natively.

use anyhow::{Result, ensure};
use soi_bench_adblock::Peer;

use crate::Effort;
use crate::material::Material;
use crate::row::Row;
use crate::stats::{each, median};

/// What the peer is called in the report.
pub(crate) const PEER: &str = "adblock 0.13, one request check, EasyList + EasyPrivacy";
/// Name of the row with the goal: what the page is held against, and where that runs.
pub(crate) fn assessment(pack: &str, engine: &str) -> String {
    format!("assessment of a read page, 600 characters, {pack}, {engine}")
}
/// Most that an assessment may take, in checks of the peer.
pub(crate) const MOST_CHECKS: f64 = 2.0;
/// Pages are assessed so often in one round.
pub(crate) const ROUNDS: usize = 200;

pub(crate) fn rows(material: &Material, effort: Effort) -> Result<Vec<Row>> {
    let pages = material.pages()?;
    let peer = material.peer.as_ref().map(|peer| Peer::new(peer.lists.clone(), &peer.requests));
    let assessments = ROUNDS * pages.count();
    ensure!(pages.assess(1) == pages.count(), "a page without its product");

    let (mut assess, mut read, mut check) = (Vec::new(), Vec::new(), Vec::new());
    for round in 0..=effort.rounds {
        let times = [
            each(assessments, || pages.assess(ROUNDS)),
            each(assessments, || pages.read_and_assess(ROUNDS)),
            peer.as_ref().map_or(0.0, |peer| each(peer.requests(), || peer.check(1))),
        ];
        // The first round fills caches and compiles the peer's expressions.
        if round > 0 {
            for (samples, time) in [&mut assess, &mut read, &mut check].into_iter().zip(times) {
                samples.push(time);
            }
        }
    }
    let row = Row::new(assessment("no pack", "native"), median(&assess), "µs");
    let whole = Row::new("reading a snapshot and assessing it, native", median(&read), "µs");
    let Some(peer) = peer else {
        return Ok(vec![no_lists(&assessment("no pack", "native")), row, whole]);
    };
    let check = median(&check);
    let blocked = 100.0 * peer.check(1) as f64 / peer.requests() as f64;
    Ok(vec![
        row.against(PEER, check).at_most_times(MOST_CHECKS),
        whole.against(PEER, check),
        Row::new(format!("{PEER}, {} requests, {blocked:.0} % blocked, native", peer.requests()), check, "µs"),
    ])
}

/// The row that stands for the comparison where there is nothing to compare with.
pub(crate) fn no_lists(name: &str) -> Row {
    let why = "no target/bench/easylist.txt and easyprivacy.txt; they are in Debian's webext-ublock-origin-chromium";
    Row::missing(name, why, "µs", &format!("≤ {MOST_CHECKS}× the peer"))
}
