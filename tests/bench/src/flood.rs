//! A flood at its real speed: what ten minutes of fifty lines a second cost the page, and whether anything is lost in it.

use std::time::Duration;

use anyhow::{Context, Result};
use soi_tests::browser::{Browser, Kind};
use soi_tests::case::{Case, Shown};
use soi_tests::server::Server;

use crate::cost::{LONG_MS, MOST, Own, own_scripts};
use crate::gecko;
use crate::process::page_time;
use crate::row::Row;
use crate::{Effort, with_soi, without_soi};

const FLOOD: &str = "tiktok-live-flood";
/// After the last line: as long as Soi takes to send it, several times over.
const AFTER: Duration = Duration::from_secs(4);

/// What a browser's page took.
#[derive(Debug, Clone, Copy)]
struct Took {
    /// Processor time of its process's main thread, percent of the time watched.
    busy: f64,
    /// What the popup shows otherwise than the page's case; none without Soi.
    wrong: usize,
}

pub(crate) async fn rows(server: &Server, effort: Effort) -> Result<Vec<Row>> {
    let seconds = effort.flood.as_secs();
    let page = format!("flood of 50 lines a second, {seconds} s");
    let address = format!("{}?lasts={seconds}", server.url(FLOOD)?);
    let time = effort.flood + AFTER;

    let mut rows = Vec::new();
    let [chromium, firefox] = Kind::ALL.map(|kind| own(kind, server, &address, time));
    let both = tokio::try_join!(chromium, firefox)?;
    for (kind, own) in Kind::ALL.into_iter().zip([both.0, both.1]) {
        println!("  {}: in Soi's scripts {own:?}", kind.name());
        let what = format!("{page}, {}", kind.name());
        rows.extend([
            Row::new(format!("main thread in Soi's own scripts, {what}"), own.share, "%").at_most(MOST),
            Row::new(format!("longest stretch in Soi's own scripts, {what}"), own.longest, "ms").at_most(LONG_MS),
        ]);
    }
    // All at the same time: what else the machine does falls on each.
    let [chromium, firefox] = Kind::ALL.map(|kind| pair(kind, server, &address, time));
    let both = tokio::try_join!(chromium, firefox)?;
    for (kind, (with, without)) in Kind::ALL.into_iter().zip([both.0, both.1]) {
        println!("  {}: with Soi {with:?}, without {without:?}", kind.name());
        let what = format!("{page}, {}", kind.name());
        rows.extend([
            // Four browsers on two cores differ by more than Soi takes: no goal.
            Row::new(format!("page's main thread busy with Soi, {what}"), with.busy, "%")
                .against("the page without Soi", without.busy),
            Row::new(format!("findings lost or invented, {what}"), with.wrong as f64, "findings").at_most(0.0),
        ]);
    }
    Ok(rows)
}

/// What a browser's own profiler sees of Soi.
async fn own(kind: Kind, server: &Server, address: &str, time: Duration) -> Result<Own> {
    let browser = with_soi(kind, server).await?;
    ready(&browser, server).await?;
    let own = match kind {
        Kind::Chromium => own_scripts(&browser, address, time).await?,
        Kind::Firefox => gecko::own_scripts(&browser, address, time).await?,
    };
    browser.quit().await?;
    Ok(own)
}

async fn pair(kind: Kind, server: &Server, address: &str, time: Duration) -> Result<(Took, Took)> {
    let with = async { take(with_soi(kind, server).await?, server, address, time).await };
    let without = async { take(without_soi(kind, server).await?, server, address, time).await };
    tokio::try_join!(with, without)
}

async fn take(browser: Browser, server: &Server, address: &str, time: Duration) -> Result<Took> {
    ready(&browser, server).await?;
    let has_soi = browser.extension_url("").is_ok();
    let busy = page_time(&browser, time, async || browser.open(address).await).await?;
    let wrong = if has_soi { differences(&browser).await? } else { 0 };
    browser.quit().await?;
    Ok(Took { busy, wrong })
}

/// The page once without its flood: its process and what the browser keeps of it are there.
async fn ready(browser: &Browser, server: &Server) -> Result<()> {
    browser.open(&format!("{}?speed=0", server.url(FLOOD)?)).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    Ok(())
}

/// How the popup differs from the page's case.
async fn differences(browser: &Browser) -> Result<usize> {
    let case = Case::all()?.into_iter().find(|case| case.page == FLOOD).context("the flood has no case")?;
    let page = browser.popup_for_current_tab().await?;
    let is_full = |shown: &Shown| !shown.offers.is_empty();
    let shown = browser.wait_for("the popup", async || Ok(browser.popup_content().await?.filter(is_full))).await?;
    browser.close_tab(page).await?;
    let wrong = case.differences(&shown);
    for wrong in &wrong {
        println!("  {}: {wrong}", browser.kind().name());
    }
    Ok(wrong.len())
}
