//! The release packages in real browsers, on the real addresses. No test tries twice.

#![cfg(test)]

mod collected;
mod conduct;
mod flood;
mod hostile;
mod label;
mod lifecycle;
mod pages;
mod popup;
mod records;
mod stories;
mod structured;

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use soi_core::Engine;
use soi_core::page::plan::collect_plan;
use soi_tests::browser::{Browser, Kind, Options};
use soi_tests::case::Shown;
use soi_tests::pages::{Site, workspace};
use soi_tests::server::Server;

/// One test in each browser.
#[macro_export]
macro_rules! in_both_browsers {
    ($($name:ident),+ $(,)?) => {
        $(
            mod $name {
                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn chromium() -> anyhow::Result<()> {
                    super::$name(soi_tests::browser::Kind::Chromium).await
                }

                #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
                async fn firefox() -> anyhow::Result<()> {
                    super::$name(soi_tests::browser::Kind::Firefox).await
                }
            }
        )+
    };
}

/// A server whose pages count ages from now, as a shopper's browser does, and a browser with Soi.
async fn start(kind: Kind) -> Result<(Server, Browser)> {
    start_with(kind, &Options::release(kind)).await
}

async fn start_with(kind: Kind, options: &Options) -> Result<(Server, Browser)> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?.as_secs();
    let site = Site::load()?.at(i64::try_from(now)?);
    let server = Server::start_at(site, 0, 0).await?;
    let browser = Browser::start(kind, &server, options).await?;
    Ok((server, browser))
}

/// What the popup shows for the current tab, once it satisfies `enough`.
async fn shown_until(browser: &Browser, what: &str, mut enough: impl FnMut(&Shown) -> bool) -> Result<Shown> {
    let page = browser.popup_for_current_tab().await?;
    let mut last = Shown::default();
    let result = browser
        .wait_for(what, async || {
            let Some(shown) = browser.popup_content().await? else { return Ok(None) };
            last = shown.clone();
            Ok(enough(&shown).then_some(shown))
        })
        .await
        .with_context(|| format!("the popup shows {last:?}"));
    browser.close_tab(page).await?;
    result
}

/// Collects a snapshot of the current page with the content script itself, run in the page, while so many events of
/// the page's time line are played: a caption is gone when the next one comes.
async fn collect(browser: &Browser, engine: &Engine, platform: &str, now: i64, steps: usize) -> Result<Value> {
    let knowledge = engine.knowledge();
    let platform = knowledge.platform(platform).with_context(|| format!("no rules for {platform}"))?;
    let plan = serde_json::to_value(collect_plan(knowledge, platform)?)?;
    let collector = std::fs::read_to_string(workspace().join("extension/content/collect.js"))?;
    let script = format!(
        "const [plan, now, steps] = arguments;\n(() => {{\n{collector}\n}})();\n\
         const collector = globalThis.soi, kind = collector.pageKind(plan, location);\n\
         if (!kind) return null;\n\
         const state = collector.newState(kind), cards = [], lines = [];\n\
         let snapshot;\n\
         for (let step = 0; step <= steps; step++) {{\n\
             if (step > 0) (window.wrappedJSObject ?? window).timeline?.step(1);\n\
             snapshot = collector.collect(plan, document, location, now + 2 * step, state);\n\
             cards.push(...snapshot.cards);\n\
             lines.push(...snapshot.lines);\n\
         }}\n\
         return {{ ...snapshot, taken_at: now, cards, lines }};"
    );
    browser.run(&script, vec![plan, json!(now), json!(steps)]).await
}

/// What axe-core finds wrong with the current page: nothing.
async fn violations(browser: &Browser, page: &str) -> Result<()> {
    let axe = std::fs::read_to_string(workspace().join("extension/node_modules/axe-core/axe.min.js"))
        .context("axe-core is missing: run `cargo xtask test`, which installs it")?;
    let script = format!(
        "{axe}\nreturn axe.run(document, {{ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'best-practice'] }})\
         .then((result) => result.violations.map((found) => found.id + ': ' + found.nodes.map((node) => node.html + ' ' + node.failureSummary).join(' | ')))"
    );
    let found = browser.run(&script, Vec::new()).await?;
    ensure!(found.as_array().is_some_and(Vec::is_empty), "{page} in {}: {found:#}", browser.kind().name());
    Ok(())
}

/// Whether a fixture that may not be copied into the repository lies beside the checkout.
fn fixtures() -> Option<std::path::PathBuf> {
    let folder = workspace().join("../shared/fixtures");
    if Path::new(&folder).is_dir() {
        return Some(folder);
    }
    println!("SKIPPED: no shared/fixtures beside this checkout");
    None
}
