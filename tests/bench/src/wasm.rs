//! Assessment against a request check, both in WebAssembly, on one page of one browser.

use std::path::PathBuf;

use anyhow::{Result, ensure};
use serde::Deserialize;
use soi_tests::browser::{Browser, Kind, Options, copy_folder};
use soi_tests::pages::workspace;
use soi_tests::server::Server;

use crate::Effort;
use crate::material::Material;
use crate::native::{MOST_CHECKS, PEER, assessment, no_lists};
use crate::row::Row;
use crate::stats::median;

/// The page that everything runs on.
pub(crate) const PAGE: &str = "bench.html";
/// Pages are assessed so often in one round, and requests checked: tens of milliseconds each, far above what a
/// page's clock can tell apart.
pub(crate) const ROUNDS: usize = 200;
const CHECKS: usize = 2;

/// Where `cargo xtask bench` puts the modules that are not shipped.
pub(crate) fn modules() -> PathBuf {
    workspace().join("target/bench/wasm")
}

/// Microseconds for one of each, in one round.
#[derive(Debug, Clone, Copy, Deserialize)]
struct Round {
    /// `Engine::assess`, built like the shipped module.
    assess: f64,
    /// The same from a snapshot.
    read: f64,
    /// The shipped module's own call: text in, text out.
    shipped: f64,
    /// A check, built like the shipped module.
    check: Option<f64>,
    /// A check, built for speed.
    fast_check: Option<f64>,
}

pub(crate) async fn rows(material: &Material, server: &Server, effort: Effort) -> Result<Vec<Row>> {
    let package = package(Kind::Chromium, material)?;
    let options = Options { package: Some(package.path().to_owned()), ..Options::release(Kind::Chromium) };
    let browser = Browser::start(Kind::Chromium, server, &options).await?;
    browser.open(&browser.extension_url(PAGE)?).await?;
    let prepared = browser
        .run(&format!("{TOOLS}{PREPARE}"), vec![material.peer.is_some().into(), ROUNDS.into(), CHECKS.into()])
        .await?;
    ensure!(prepared == true, "the modules did not start: {prepared}");
    let mut rounds: Vec<Round> = Vec::new();
    // The first rounds run before the browser has optimised the code.
    for round in 0..effort.rounds + 3 {
        let measured = serde_json::from_value(browser.run("return globalThis.round()", Vec::new()).await?)?;
        if round >= 3 {
            rounds.push(measured);
        }
    }
    browser.quit().await?;

    let of = |field: fn(&Round) -> f64| median(&rounds.iter().map(field).collect::<Vec<_>>());
    let of_peer =
        |field: fn(&Round) -> Option<f64>| rounds.iter().map(field).collect::<Option<Vec<_>>>().map(|of| median(&of));
    let assess = of(|round| round.assess);
    let row = Row::new(assessment("no pack", "WebAssembly in Chromium"), assess, "µs");
    let others = [
        Row::new("reading a snapshot and assessing it, WebAssembly in Chromium", of(|round| round.read), "µs"),
        Row::new("the shipped module: snapshot text to assessment text, Chromium", of(|round| round.shipped), "µs"),
    ];
    let (Some(check), Some(fast)) = (of_peer(|round| round.check), of_peer(|round| round.fast_check)) else {
        return Ok([vec![no_lists(&assessment("no pack", "WebAssembly in Chromium")), row], others.to_vec()].concat());
    };
    let alike = format!("{PEER}, built alike");
    let quick = format!("{PEER}, built for speed");
    let mut rows = vec![
        row.clone().against(&alike, check).at_most_times(MOST_CHECKS),
        row.against(&quick, fast).at_most_times(MOST_CHECKS),
    ];
    rows.extend(others.map(|other| other.against(&alike, check)));
    rows.push(Row::new(format!("{alike}, WebAssembly in Chromium"), check, "µs"));
    rows.push(Row::new(format!("{quick}, WebAssembly in Chromium"), fast, "µs"));
    Ok(rows)
}

/// The release package with a page, the other modules and their material beside it: an extension's pages run
/// nothing that is not in the package.
pub(crate) fn package(kind: Kind, material: &Material) -> Result<tempfile::TempDir> {
    let folder = tempfile::Builder::new().prefix("soi-bench-").tempdir()?;
    copy_folder(&kind.package(), folder.path())?;
    copy_folder(&modules(), folder.path())?;
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text);
    write(PAGE, "<!doctype html><meta charset=\"utf-8\"><title>bench</title>")?;
    write("snapshots.txt", &material.snapshots)?;
    if let Some(peer) = &material.peer {
        write("lists.txt", &peer.lists)?;
        write("requests.txt", &peer.requests)?;
    }
    Ok(folder)
}

/// What every such page begins with.
pub(crate) const TOOLS: &str = r#"
    const file = (name) => new URL(`/${name}`, location.href);
    const text = async (name) => (await fetch(file(name))).text();
    const bytes = async (name) => new Uint8Array(await (await fetch(file(name))).arrayBuffer());
    async function load(name, wasm) {
        const module = await import(file(`${name}.js`));
        const { memory } = await module.default({ module_or_path: file(wasm) });
        return { ...module, memory };
    }
    function each(count, work) {
        const started = performance.now();
        work();
        return ((performance.now() - started) * 1000) / count;
    }
"#;

/// Starts the modules and leaves `round()`, which times one loop of each.
const PREPARE: &str = r#"
    const [hasPeer, rounds, checks] = arguments;
    return (async () => {
        const snapshots = await text("snapshots.txt");
        const texts = snapshots.split("\n");
        const shipped = await load("soi", "soi_bg.wasm");
        shipped.openEngine(await bytes("knowledge.bin"));
        const engine = await load("engine", "engine.wasm");
        const pages = new engine.Pages(snapshots);
        const assessments = rounds * pages.count();
        const now = JSON.parse(texts[0]).taken_at;
        const peers = [];
        if (hasPeer) {
            const [lists, requests] = [await text("lists.txt"), await text("requests.txt")];
            for (const name of ["adblock", "adblock-fast"]) {
                const { Peer } = await load(name, `${name}.wasm`);
                peers.push(new Peer(lists, requests));
            }
        }
        const check = (peer) => peer && each(checks * peer.requests(), () => peer.check(checks));
        globalThis.round = () => ({
            assess: each(assessments, () => pages.assess(rounds)),
            check: check(peers[0]),
            read: each(assessments, () => pages.read_and_assess(rounds)),
            fast_check: check(peers[1]),
            shipped: each(assessments, () => {
                for (let round = 0; round < rounds; round++) for (const text of texts) shipped.assess(text, now);
            }),
        });
        return true;
    })();
"#;
