//! What the content script collects: the recorded snapshots are what both browsers collect today, nothing of the
//! viewer is in them, they fit the published schema, and WebAssembly assesses them to the same bytes.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use soi_core::Engine;
use soi_core::packed;
use soi_core::page::snapshot::{MAX_SNAPSHOT_BYTES, PageSnapshot};
use soi_tests::browser::{Browser, Kind, Options};
use soi_tests::case::Case;
use soi_tests::listing_case::ListingCase;
use soi_tests::pages::{Site, workspace};
use soi_tests::records;
use soi_tests::server::Server;

use crate::{collect, in_both_browsers};

in_both_browsers!(snapshots_are_as_recorded, assessments_are_the_same_bytes);

async fn snapshots_are_as_recorded(kind: Kind) -> Result<()> {
    let engine = Engine::built_in()?;
    // Ages on these pages count from the fixed moment at which the snapshots were recorded.
    let server = Server::start().await?;
    let options = Options { package: None, ..Options::release(kind) };
    let browser = Browser::start(kind, &server, &options).await?;
    let schema: Value =
        serde_json::from_str(&std::fs::read_to_string(workspace().join("core/schema/page-snapshot.json"))?)?;
    let schema = jsonschema::validator_for(&schema).context("the published schema is no schema")?;
    let bless = std::env::var_os("SOI_BLESS").is_some() && kind == Kind::Chromium;
    let mut wrong = Vec::new();
    for case in Case::all()? {
        let collected = collect_case(&server, &browser, &engine, &case).await.with_context(|| case.page.clone())?;
        let Some(collected) = collected else {
            ensure!(case.silent, "{}: nothing was collected", case.page);
            continue;
        };
        let text = serde_json::to_string_pretty(&collected)?;
        ensure!(text.len() <= MAX_SNAPSHOT_BYTES, "{}: {} bytes", case.page, text.len());
        for mark in server.site().viewer_marks() {
            ensure!(!text.contains(mark), "{}: the viewer's \"{mark}\" is in the snapshot", case.page);
        }
        let faults: Vec<String> = schema.iter_errors(&collected).map(|fault| fault.to_string()).collect();
        ensure!(faults.is_empty(), "{}: {faults:?}", case.page);
        if bless {
            std::fs::create_dir_all(workspace().join("tests/cases/snapshots"))?;
            std::fs::write(case.snapshot_path(), text)?;
        } else if serde_json::from_str::<Value>(&case.snapshot()?)? != collected {
            let path = std::env::temp_dir().join(format!("soi-{}-{}.json", case.page, kind.name()));
            std::fs::write(&path, text)?;
            wrong.push(format!("{} (collected: {})", case.page, path.display()));
        }
    }
    browser.quit().await?;
    ensure!(wrong.is_empty(), "{} collects other snapshots than recorded:\n{}", kind.name(), wrong.join("\n"));
    Ok(())
}

/// The snapshot of a case's page, its moment fixed.
async fn collect_case(server: &Server, browser: &Browser, engine: &Engine, case: &Case) -> Result<Option<Value>> {
    let url = server.url(&case.page)?;
    let query = if url.contains('?') { "&speed=0" } else { "?speed=0" };
    browser.open(&format!("{url}{query}")).await?;
    let route = server.site().route(&case.page)?;
    let platform = (engine.knowledge().platforms.iter())
        .find(|platform| platform.has_host(&route.host))
        .map_or("schemaorg", |platform| platform.id.as_str());
    let now = server.site().now();
    let mut collected = collect(browser, engine, platform, now, case.steps).await?;
    if collected.is_null() {
        return Ok(None);
    }
    if let Some(lines) = collected.get_mut("lines").and_then(Value::as_array_mut) {
        for line in lines {
            line["at"] = json!(now);
        }
    }
    Ok(Some(collected))
}

/// `Engine::assess` in the shipped WebAssembly, on an extension page, against the native engine.
async fn assessments_are_the_same_bytes(kind: Kind) -> Result<()> {
    let engine = Engine::built_in()?;
    let records = records::in_use()?;
    let (server, browser) = crate::start(kind).await?;
    records::give_invented(&browser, &server).await?;
    browser.open(&browser.extension_url("popup/popup.html")?).await?;
    let mut compared = 0;
    let recorded = Case::all()?.into_iter().filter_map(|case| Some((case.snapshot().ok()?, case.page)));
    let written = ListingCase::all()?.into_iter().map(|case| (case.snapshot_json(), case.name));
    for (json, name) in recorded.chain(written) {
        let snapshot = PageSnapshot::from_json(&json)?;
        let native = engine.assess(&engine.read(&snapshot)?, &records, snapshot.taken_at);
        let script = "return import(new URL('/engine.js', location.href)).then(({ withEngine }) => \
                      withEngine((soi) => [...soi.assess(arguments[0], arguments[1])]))";
        let script = script.replace("arguments[0]", "json").replace("arguments[1]", "now");
        let script = format!("const [json, now] = arguments; {script}");
        let wasm = browser.run(&script, vec![json!(json), json!(snapshot.taken_at)]).await?;
        let wasm: Vec<u8> = serde_json::from_value(wasm)?;
        ensure!(wasm == packed::write(&native), "{name}: {native:?}");
        compared += 1;
    }
    ensure!(compared >= 150, "only {compared} cases compared");
    println!("{compared} assessments: the same bytes natively and in {}", kind.name());
    browser.quit().await
}

/// The fixed moment of the pages is the one that the recorded snapshots carry.
#[test]
fn recorded_snapshots_carry_the_pages_moment() -> Result<()> {
    let site = Site::load()?;
    for case in Case::all()? {
        if let Ok(json) = case.snapshot() {
            ensure!(PageSnapshot::from_json(&json)?.taken_at == site.now(), "{}", case.page);
        }
    }
    Ok(())
}
