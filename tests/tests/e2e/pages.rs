//! Every case in the browser: the badge is drawn (or nothing is) and the popup shows what the case says.

use anyhow::{Result, ensure};
use soi_tests::browser::{Browser, Kind};
use soi_tests::case::Case;
use soi_tests::records;
use soi_tests::server::{Answer, Server};

use crate::{in_both_browsers, shown_until, start};

in_both_browsers!(every_case, nothing_is_requested);

async fn every_case(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    records::give_invented(&browser, &server).await?;
    let mut wrong = Vec::new();
    for case in Case::all()? {
        // Any other shop page is read on the shopper's click alone.
        if server.site().route(&case.page)?.host.ends_with("example.vn") {
            continue;
        }
        let case = case.later(server.site().days_later());
        if let Err(error) = check(&server, &browser, &case).await {
            wrong.push(format!("{}: {error:#}", case.page));
        }
    }
    ensure!(wrong.is_empty(), "{} cases in {}:\n{}", wrong.len(), kind.name(), wrong.join("\n"));
    browser.quit().await
}

async fn check(server: &Server, browser: &Browser, case: &Case) -> Result<()> {
    let url = server.url(&case.page)?;
    let query = if url.contains('?') { "&speed=0" } else { "?speed=0" };
    browser.open(&format!("{url}{query}")).await?;
    for _ in 0..case.steps {
        // One event a frame or two, as a person would see them come.
        browser.step(1).await?;
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    if case.silent {
        return stays_silent(browser).await;
    }
    let shown = shown_until(browser, "what the case says", |shown| case.differences(shown).is_empty()).await;
    let shown = shown?;
    let differences = case.differences(&shown);
    ensure!(differences.is_empty(), "{differences:?}");
    if case.only_in_popup {
        let badges = browser.badges().await?;
        ensure!(badges.is_empty(), "{} badges on a page that sells nothing", badges.len());
        return Ok(());
    }
    let drawn = browser
        .wait_for("a badge", async || {
            let badges = browser.badges().await?;
            Ok(badges.iter().any(|badge| badge.width > 0.0 && badge.height > 0.0).then_some(badges))
        })
        .await?;
    for badge in drawn.iter().filter(|badge| badge.width > 0.0) {
        ensure!(!badge.labels.is_empty(), "a badge without a name: {badge:?}");
    }
    Ok(())
}

/// Waits as long as a badge takes to appear elsewhere, several times over, and sees none.
async fn stays_silent(browser: &Browser) -> Result<()> {
    tokio::time::sleep(std::time::Duration::from_millis(1_200)).await;
    let badges = browser.badges().await?;
    ensure!(badges.is_empty(), "{} badges on a page that concerns nobody", badges.len());
    let shown = shown_until(browser, "the popup to be ready", |_| true).await?;
    ensure!(shown.offers.is_empty() && shown.room.is_empty(), "the popup speaks: {shown:?}");
    Ok(())
}

/// What the browser asks of the network is what it asks without Soi, on every kind of page.
async fn nothing_is_requested(kind: Kind) -> Result<()> {
    let pages = [
        "tiktok-live-undisclosed",
        "tiktok-blender-vague",
        "shopee-blender-vague",
        "shopee-search",
        "lazada-blender-vague",
        "lazada-catalog",
        "tiki-fryer-prefix",
        "tiki-category",
        "youtube-live-undisclosed",
        "facebook-live-undisclosed",
        "tiktok-feed",
    ];
    let with = requests(kind, &pages, true).await?;
    let without = requests(kind, &pages, false).await?;
    ensure!(with == without, "with Soi: {with:#?}\nwithout: {without:#?}");
    Ok(())
}

async fn requests(kind: Kind, pages: &[&str], with_soi: bool) -> Result<Vec<String>> {
    let mut options = soi_tests::browser::Options::release(kind);
    if !with_soi {
        options.package = None;
    }
    let (server, browser) = crate::start_with(kind, &options).await?;
    for page in pages {
        browser.open(&server.url(page)?).await?;
        tokio::time::sleep(std::time::Duration::from_millis(700)).await;
    }
    let mut seen: Vec<String> = (server.seen().into_iter())
        .filter(|seen| !matches!(seen.answer, Answer::Foreign))
        .map(|seen| format!("{}{}", seen.host, seen.path))
        .collect();
    seen.extend(server.unexpected().into_iter().map(|seen| format!("unexpected: {}{}", seen.host, seen.path)));
    seen.sort();
    seen.dedup();
    browser.quit().await?;
    Ok(seen)
}
