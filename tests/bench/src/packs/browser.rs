//! A pack in WebAssembly, beside JSON in a JavaScript `Map` and rules for hosts, on one page of a browser.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::{Value, json};
use soi_core::pack::{HEADER_BYTES, SIGNED_BYTES};
use soi_registry::keys::PackKey;
use soi_tests::browser::{Browser, Kind, Options};
use soi_tests::server::Server;

use super::{CHECKS_A_LOOKUP, LOOKUPS, OPENED_US, Records};
use crate::Effort;
use crate::material::Material;
use crate::native::{MOST_CHECKS, PEER, assessment};
use crate::row::Row;
use crate::stats::{grouped, median};
use crate::wasm::{PAGE, ROUNDS, TOOLS, package};

/// The pack is opened so often in a round, and requests are checked: tens of milliseconds each, far above what a page's
/// clock can tell apart.
const OPENINGS: usize = 20_000;
const CHECKS: usize = 2;

/// A million host rules alone take a browser a while.
const PATIENCE: Duration = Duration::from_secs(900);

/// Microseconds for one of each, in one round.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Round {
    open: f64,
    seal: f64,
    hit: f64,
    miss: f64,
    map_hit: f64,
    map_miss: f64,
    /// An assessment of a page that is held against the pack, and against nothing.
    assess: f64,
    assess_alone: f64,
    /// A request check with EasyList and EasyPrivacy, built like the shipped module.
    check: Option<f64>,
    /// The same, built for speed.
    fast_check: Option<f64>,
    /// A request check with the rules for hosts, built like the shipped module.
    host_check: f64,
}

/// What was measured while the page got ready.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Prepared {
    /// Bytes by which WebAssembly's memory grew.
    pack_held: f64,
    hosts_held: f64,
    /// Microseconds.
    hosts_loaded: f64,
    /// Events found, which must be as many as in the map.
    found: usize,
    /// Events found for names that nobody has.
    found_unlisted: usize,
}

/// One of the times of a round.
type Time = fn(&Round) -> f64;

pub(super) async fn rows(
    kind: Kind,
    records: &Records,
    material: &Material,
    server: &Server,
    effort: Effort,
) -> Result<Vec<Row>> {
    let package = package(kind, material)?;
    let files: [(&str, &[u8]); 6] = [
        ("records.pack", &records.pack),
        ("records.json", records.json.as_bytes()),
        ("listed.txt", records.listed.as_bytes()),
        ("unlisted.txt", records.unlisted.as_bytes()),
        ("hosts.bin", &records.hosts.serialized),
        ("host-requests.txt", records.hosts.requests.as_bytes()),
    ];
    for (name, bytes) in files {
        std::fs::write(package.path().join(name), bytes)?;
    }
    let package_path = Some(package.path().to_owned());
    let options = Options { package: package_path, patience: PATIENCE, ..Options::release(kind) };
    let browser = Browser::start(kind, server, &options).await?;
    browser.open(&browser.extension_url(PAGE)?).await?;

    let has_peer = material.peer.is_some();
    let arguments = json!({
        "hasPeer": has_peer,
        "openings": OPENINGS,
        "checks": CHECKS,
        "rounds": ROUNDS,
        "signed": SIGNED_BYTES,
        "header": HEADER_BYTES,
        "key": PackKey::development()?.public(),
    });
    let prepared = browser.run(&format!("{TOOLS}{PREPARE}"), vec![arguments]).await?;
    let prepared: Prepared = serde_json::from_value(prepared).context("the modules did not start")?;
    let before = heap(&browser).await?;
    let map = browser.run("return window.makeMap()", Vec::new()).await?;
    let (map_made, map_found): (f64, usize) = serde_json::from_value(map).context("the map was not made")?;
    let map_held = heap(&browser).await?.zip(before).map(|(after, before)| after - before);
    ensure!(prepared.found >= LOOKUPS && prepared.found == map_found, "pack and map find other events: {prepared:?}");
    ensure!(prepared.found_unlisted == 0, "names that nobody has were found: {prepared:?}");

    let mut rounds: Vec<Round> = Vec::new();
    // The first rounds run before the browser has optimised the code.
    for round in 0..effort.rounds + 3 {
        let measured = serde_json::from_value(browser.run("return window.round()", Vec::new()).await?)?;
        if round >= 3 {
            rounds.push(measured);
        }
    }
    browser.quit().await?;

    let of = |field: Time| median(&rounds.iter().map(field).collect::<Vec<_>>());
    let name = records.name();
    let place = format!("WebAssembly in {}", kind.name());
    let rules = format!("adblock 0.13, {} host rules", grouped(records.subjects));
    let open = Row::new(format!("{name}: opened without its signature check, {place}"), of(|round| round.open), "µs");
    let held = Row::new(format!("{name}: memory taken, {place}"), prepared.pack_held / 1e6, "MB");
    let mut rows = vec![
        open.clone().against("parsing JSON and making a Map", map_made).at_most(OPENED_US),
        open.against(format!("{rules}, loaded as it keeps them"), prepared.hosts_loaded),
        Row::new(
            format!("{name}: signature and hash, Web Crypto in {}", kind.name()),
            of(|round| round.seal) / 1e3,
            "ms",
        ),
        held.clone().against(&rules, prepared.hosts_held / 1e6),
    ];
    rows.extend(map_held.map(|bytes| held.against("Map of the JSON, in the JavaScript heap", bytes / 1e6)));
    let asked: [(&str, Time, Time); 2] =
        [("hit", |round| round.hit, |round| round.map_hit), ("miss", |round| round.miss, |round| round.map_miss)];
    let with_peers = |row: &Row, most: f64| {
        let check = of(|round| round.check.unwrap_or_default());
        let fast = of(|round| round.fast_check.unwrap_or_default());
        let peers = [(format!("{PEER}, built alike"), check), (format!("{PEER}, built for speed"), fast)];
        let rows = peers.map(|(peer, time)| row.clone().against(peer, time).at_most_times(most));
        rows.into_iter().filter(|_| has_peer).collect::<Vec<_>>()
    };
    for (what, own, map) in asked {
        let row = Row::new(format!("{name}: lookup, {what}, {place}"), of(own), "µs");
        rows.extend(with_peers(&row, CHECKS_A_LOOKUP));
        rows.extend([
            row.clone().against("Map of the JSON", of(map)),
            row.against(format!("{rules}, one request check"), of(|round| round.host_check)),
        ]);
    }
    let row = Row::new(assessment(&name, &place), of(|round| round.assess), "µs");
    rows.extend(with_peers(&row, MOST_CHECKS));
    rows.push(row.against("the same without a pack", of(|round| round.assess_alone)));
    Ok(rows)
}

/// Bytes of the page's JavaScript heap that are in use, where the browser tells.
async fn heap(browser: &Browser) -> Result<Option<f64>> {
    if browser.kind() != Kind::Chromium {
        return Ok(None);
    }
    let cdp = browser.driver().cdp();
    cdp.send_raw("HeapProfiler.collectGarbage", json!({})).await?;
    let usage = cdp.send_raw("Runtime.getHeapUsage", json!({})).await?;
    Ok(usage.get("usedSize").and_then(Value::as_f64))
}

/// Starts the modules and leaves `makeMap()`, and `round()`, which times one loop of each.
const PREPARE: &str = r#"
    const [{ hasPeer, openings, checks, rounds, signed, header, key }] = arguments;
    return (async () => {
        const engine = await load("engine", "engine.wasm");
        const pack = await bytes("records.pack");
        const grown = (memory, work) => {
            const before = memory.buffer.byteLength;
            work();
            return memory.buffer.byteLength - before;
        };
        // Before anything else is in the memory, which could be used again for the pack.
        let packed;
        const packHeld = grown(engine.memory, () => (packed = new engine.Packed(pack)));
        const [listedLines, unlistedLines] = [await text("listed.txt"), await text("unlisted.txt")];
        const [listed, unlisted] = [new engine.Names(listedLines), new engine.Names(unlistedLines)];

        const snapshots = await text("snapshots.txt");
        const [alone, pages] = [new engine.Pages(snapshots), new engine.Pages(snapshots)];
        pages.against(new engine.Packed(pack));

        const adblock = await load("adblock", "adblock.wasm");
        const hosts = new adblock.Peer("", await text("host-requests.txt"));
        const rules = await bytes("hosts.bin");
        let hostsLoaded;
        const hostsHeld = grown(adblock.memory, () => (hostsLoaded = each(1, () => hosts.load(rules))));
        const peers = [];
        if (hasPeer) {
            const [lists, requests] = [await text("lists.txt"), await text("requests.txt")];
            peers.push(new adblock.Peer(lists, requests));
            const fast = await load("adblock-fast", "adblock-fast.wasm");
            peers.push(new fast.Peer(lists, requests));
        }

        let map, events;
        const json = await text("records.json");
        const find = (keys) => {
            let found = 0;
            for (const key of keys) found += map.get(key)?.map((place) => events[place]).length ?? 0;
            return found;
        };
        const [listedKeys, unlistedKeys] = [listedLines.split("\n"), unlistedLines.split("\n")];
        window.makeMap = () => {
            const made = each(1, () => {
                const records = JSON.parse(json);
                events = records.events;
                map = new Map(records.names);
            });
            return [made, find(listedKeys)];
        };

        const imported = await crypto.subtle.importKey("raw", new Uint8Array(key), "Ed25519", false, ["verify"]);
        async function seal() {
            const started = performance.now();
            const fits = await crypto.subtle.verify(
                "Ed25519", imported, pack.subarray(signed, header), pack.subarray(0, signed));
            await crypto.subtle.digest("SHA-256", pack.subarray(header));
            if (!fits) throw new Error("the pack's own signature does not fit");
            return (performance.now() - started) * 1000;
        }
        const check = (peer) => peer && each(checks * peer.requests(), () => peer.check(checks));
        window.round = async () => ({
            open: each(openings, () => packed.open(openings)),
            seal: await seal(),
            hit: each(listed.count(), () => packed.find(listed)),
            miss: each(unlisted.count(), () => packed.find(unlisted)),
            mapHit: each(listedKeys.length, () => find(listedKeys)),
            mapMiss: each(unlistedKeys.length, () => find(unlistedKeys)),
            assess: each(rounds * pages.count(), () => pages.assess(rounds)),
            assessAlone: each(rounds * alone.count(), () => alone.assess(rounds)),
            check: check(peers[0]),
            fastCheck: check(peers[1]),
            hostCheck: check(hosts),
        });
        return {
            packHeld, hostsHeld, hostsLoaded, found: packed.find(listed), foundUnlisted: packed.find(unlisted),
        };
    })();
"#;
