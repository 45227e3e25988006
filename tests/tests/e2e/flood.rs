//! Ten minutes of a crowded room: thirty thousand lines in a list that keeps its last 120. What the host says in between is
//! found at the end, word for word, and nothing that viewers say becomes the host's.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;
use soi_tests::browser::{Kind, Options};
use soi_tests::case::Case;
use soi_tests::pages::What;

use crate::{in_both_browsers, shown_until, start_with};

in_both_browsers!(a_flood_hides_nothing, a_flood_of_viewers_says_nothing);

/// So many times as fast as the real room: quicker than the list can be read before its lines are gone.
const SPEED: u32 = 20;

/// What reached the background.
#[derive(Debug, Default, Deserialize)]
struct Told {
    /// Different lines of the flood.
    viewers: u64,
    /// Lines of the flood that came again.
    twice: u64,
    /// Lines of the flood taken for the host's.
    misattributed: u64,
    /// The other lines of the chat, each after who said it.
    host: Vec<String>,
}

async fn a_flood_hides_nothing(kind: Kind) -> Result<()> {
    after_a_flood(kind, "tiktok-live-flood").await
}

async fn a_flood_of_viewers_says_nothing(kind: Kind) -> Result<()> {
    after_a_flood(kind, "tiktok-live-flood-plain").await
}

async fn after_a_flood(kind: Kind, page: &str) -> Result<()> {
    let options = Options { patience: Duration::from_secs(80), ..Options::release(kind) };
    let (server, browser) = start_with(kind, &options).await?;
    let case = Case::all()?.into_iter().find(|case| case.page == page).context("no case")?;
    let script = server.site().script(page)?;
    let flood = script.flood.as_ref().context("no flood")?;
    let poured = u64::from(flood.per_second * flood.seconds);
    browser.open(&format!("{}?speed=0", server.url(page)?)).await?;
    shown_until(&browser, "the room", |shown| !shown.offers.is_empty()).await?;

    // A window of its own: in a tab the room would be one that nobody looks at.
    let room = browser.driver().window().await?;
    let ear = browser.driver().new_window().await?;
    browser.driver().switch_to_window(ear.clone()).await?;
    browser.open(&browser.extension_url("options/options.html")?).await?;
    browser.run(LISTEN, Vec::new()).await?;
    browser.driver().switch_to_window(room.clone()).await?;
    browser.look().await?;
    browser.run("return window.timeline.run(arguments[0])", vec![json!(SPEED)]).await?;
    browser.driver().switch_to_window(ear).await?;
    let mut told = Told::default();
    let all = browser
        .wait_for("every line", async || {
            told = serde_json::from_value(browser.run(TOLD, Vec::new()).await?)?;
            Ok((told.viewers + told.misattributed >= poured).then_some(()))
        })
        .await;
    all.with_context(|| format!("{told:?}"))?;
    ensure!((told.viewers, told.twice, told.misattributed) == (poured, 0, 0), "{told:?}");
    let written = script.lines.iter().filter(|line| matches!(line.what, What::Chat));
    let written: Vec<String> = written.filter_map(|line| Some(format!("host: {}", line.text.as_ref()?))).collect();
    ensure!(told.host == written, "{:?}", told.host);
    browser.close_tab(room).await?;

    let mut differences = Vec::new();
    let shown = shown_until(&browser, "what the case says", |shown| {
        differences = case.differences(shown);
        differences.is_empty()
    });
    shown.await.with_context(|| format!("{differences:#?}"))?;
    browser.quit().await
}

/// Hears what content scripts tell the background. Lines of the flood end with their number.
const LISTEN: &str =
    "const told = window.told = { viewers: 0, twice: 0, misattributed: 0, host: [] }, seen = new Set();
    chrome.runtime.onMessage.addListener(({ type, snapshot }) => {
        for (const { kind, speaker, text } of type === 'snapshot' ? JSON.parse(snapshot).lines : []) {
            const number = / (\\d+)$/.exec(text)?.[1];
            if (kind !== 'chat') continue;
            if (number === undefined) told.host.push(`${speaker}: ${text}`);
            else if (speaker !== 'viewer') told.misattributed += 1;
            else if (seen.has(number)) told.twice += 1;
            else told.viewers = seen.add(number).size;
        }
    });";
const TOLD: &str = "return window.told";
