//! `bench`: measures Soi against its goals, in one run on one machine, and writes `target/bench.json`.
//!
//! `--quick` takes fewer samples and shorter looks: a trial of the measurement, not a measurement. `--only PART` measures
//! that part alone, and nothing else is in the file then.

mod badge;
mod claims;
mod cost;
mod flood;
mod gecko;
mod material;
mod native;
mod packs;
mod process;
mod requests;
mod row;
mod size;
mod stats;
mod wasm;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use soi_tests::browser::{Browser, Kind, Options};
use soi_tests::pages::{Site, workspace};
use soi_tests::server::Server;

use material::Material;
use row::Row;

/// How long and how often to look.
#[derive(Debug, Clone, Copy)]
struct Effort {
    /// Rounds of each side where both are interleaved.
    rounds: usize,
    /// Products inserted while the background is running.
    warm: usize,
    /// Products inserted after the background was stopped.
    asleep: usize,
    /// How long a crowded page is watched.
    crowd: Duration,
    /// How often, with and without Soi.
    crowds: usize,
    /// How long a flood lasts.
    flood: Duration,
    /// How many subjects the packs have, in rising order.
    packs: &'static [usize],
}

impl Effort {
    const FULL: Self = Self {
        rounds: 41,
        warm: 80,
        asleep: 20,
        crowd: Duration::from_secs(60),
        crowds: 2,
        flood: Duration::from_secs(600),
        packs: &[100_000, 1_000_000],
    };
    const QUICK: Self = Self {
        rounds: 7,
        warm: 10,
        asleep: 4,
        crowd: Duration::from_secs(20),
        crowds: 1,
        flood: Duration::from_secs(60),
        packs: &[100_000],
    };
}

/// What can be measured alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Assessment,
    Claims,
    Packs,
    Size,
    Badge,
    Cost,
    Flood,
    Requests,
}

impl Part {
    const ALL: [(&'static str, Self); 8] = [
        ("assessment", Self::Assessment),
        ("claims", Self::Claims),
        ("packs", Self::Packs),
        ("size", Self::Size),
        ("badge", Self::Badge),
        ("cost", Self::Cost),
        ("flood", Self::Flood),
        ("requests", Self::Requests),
    ];

    /// # Errors
    /// No part is called so.
    fn named(name: Option<String>) -> Result<Self> {
        let part = Self::ALL.into_iter().find(|(own, _)| Some(*own) == name.as_deref());
        let names = Self::ALL.map(|(name, _)| name).join(", ");
        part.map(|(_, part)| part).with_context(|| format!("--only is followed by one of {names}"))
    }
}

#[tokio::main]
async fn main() -> Result<()> {
    let (mut effort, mut only) = (Effort::FULL, None);
    let mut options = std::env::args().skip(1);
    while let Some(option) = options.next() {
        match option.as_str() {
            "--quick" => effort = Effort::QUICK,
            "--only" => only = Some(Part::named(options.next())?),
            other => bail!("bench has no option \"{other}\"; there are --quick and --only PART"),
        }
    }
    let takes = |part| only.is_none_or(|only| only == part);
    let server = server().await?;
    let material = Material::load()?;
    let mut rows = Vec::new();
    if takes(Part::Assessment) {
        step(&mut rows, "assessment, natively", native::rows(&material, effort)?);
        step(&mut rows, "assessment in WebAssembly", wasm::rows(&material, &server, effort).await?);
    }
    if takes(Part::Claims) {
        step(&mut rows, "claims in sale talk", claims::rows(effort)?);
    }
    if takes(Part::Packs) {
        step(&mut rows, "packs of records", packs::rows(&material, &server, effort).await?);
    }
    if takes(Part::Size) {
        step(&mut rows, "size", size::rows()?);
    }
    if takes(Part::Badge) {
        step(&mut rows, "product to badge, Chromium", badge::rows(Kind::Chromium, &server, effort).await?);
        match badge::rows(Kind::Firefox, &server, effort).await {
            Ok(measured) => step(&mut rows, "product to badge, Firefox", measured),
            Err(missing) => println!("left out: product to badge in Firefox, because {missing:#}"),
        }
    }
    if takes(Part::Cost) {
        step(&mut rows, "cost to the page", cost::rows(&server, effort).await?);
    }
    if takes(Part::Flood) {
        step(&mut rows, "a flood", flood::rows(&server, effort).await?);
    }
    if takes(Part::Requests) {
        step(&mut rows, "requests", requests::rows(&server).await?);
    }
    let path = workspace().join("target/bench.json");
    std::fs::write(&path, serde_json::to_vec_pretty(&rows)?).with_context(|| path.display().to_string())?;
    Ok(())
}

fn step(rows: &mut Vec<Row>, what: &str, measured: Vec<Row>) {
    println!("measured: {what}");
    rows.extend(measured);
}

/// A server whose pages count ages from now, as a shopper's browser does.
async fn server() -> Result<Server> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    Server::start_at(Site::load()?.at(i64::try_from(now)?), 0, 0).await
}

/// A browser without Soi, to compare with.
async fn without_soi(kind: Kind, server: &Server) -> Result<Browser> {
    Browser::start(kind, server, &Options { package: None, ..Options::release(kind) }).await
}

/// A browser with the release package. In Chromium its first-run page is closed again: it would keep the extension's
/// process alive while the background sleeps. Firefox keeps that process anyway.
async fn with_soi(kind: Kind, server: &Server) -> Result<Browser> {
    let browser = Browser::start(kind, server, &Options::release(kind)).await?;
    if kind == Kind::Chromium {
        browser
            .wait_for("the first-run page", async || Ok((close_targets(&browser, "page").await? > 0).then_some(())))
            .await?;
    }
    Ok(browser)
}

/// Closes what the extension has open of a type, in Chromium; returns how many. A driver has no window for it.
async fn close_targets(browser: &Browser, kind: &str) -> Result<usize> {
    let own = browser.extension_url("")?;
    let cdp = browser.driver().cdp();
    let targets = cdp.send_raw("Target.getTargets", json!({})).await?;
    let mut closed = 0;
    for target in targets.get("targetInfos").and_then(Value::as_array).into_iter().flatten() {
        let text = |key: &str| target.get(key).and_then(Value::as_str).unwrap_or_default();
        if text("type") == kind && text("url").starts_with(&own) {
            cdp.send_raw("Target.closeTarget", json!({ "targetId": text("targetId") })).await?;
            closed += 1;
        }
    }
    Ok(closed)
}
