//! A host's conduct as this browser keeps it: what is in doubt counts once the shopper says so, and is forgotten when told.

use anyhow::{Result, ensure};
use serde::Deserialize;
use serde_json::json;
use soi_tests::browser::{Browser, Kind, Options};
use thirtyfour::By;

use crate::{in_both_browsers, shown_until, start, start_with};

in_both_browsers!(what_is_in_doubt_counts_once_confirmed, an_honest_host_has_no_conduct);

const ROOM: &str = "tiktok-live-cures";
/// Its events up to a promise to heal that a machine heard. The next one is the same in writing, disguised.
const HEARD: usize = 11;
const IN_DOUBT: &str = "host.heard-health";

/// The popup's part about conduct.
#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Conduct {
    points: String,
    /// Its headline.
    title: String,
    /// The step of the ladder that is reached.
    step: Option<String>,
    entries: Vec<Entry>,
}

#[derive(Debug, Clone, PartialEq, Deserialize)]
struct Entry {
    code: String,
    state: String,
    text: String,
}

impl Conduct {
    fn state(&self, code: &str) -> Option<&str> {
        self.entries.iter().find(|entry| entry.code == code).map(|entry| entry.state.as_str())
    }
}

const CONDUCT: &str = "const main = document.querySelector('main');
    if (!main || main.getAttribute('aria-busy') === 'true') return null;
    const words = (element) => element?.textContent.trim().replace(/\\s+/g, ' ') ?? null;
    const part = document.querySelector('[data-conduct]');
    return [part && { points: part.dataset.conduct, title: words(part.querySelector('summary')),
        step: words(part.querySelector('[data-reached]')),
        entries: [...part.querySelectorAll('[data-code]')].map((entry) => ({
            code: entry.dataset.code, state: entry.dataset.state, text: words(entry) })) }]";

/// The open popup's part about conduct, once it is as it should be.
async fn conduct_in(
    browser: &Browser,
    what: &str,
    is_so: impl Fn(Option<&Conduct>) -> bool,
) -> Result<Option<Conduct>> {
    let mut last = None;
    let seen = browser.wait_for(what, async || {
        let read: Option<[Option<Conduct>; 1]> = serde_json::from_value(browser.run(CONDUCT, Vec::new()).await?)?;
        let Some([conduct]) = read else { return Ok(None) };
        last.clone_from(&conduct);
        Ok(is_so(conduct.as_ref()).then_some(conduct))
    });
    seen.await.map_err(|error| error.context(format!("the popup shows {last:?}")))
}

/// The same, in a popup that is opened for it and closed again.
async fn conduct(browser: &Browser, what: &str, is_so: impl Fn(&Conduct) -> bool) -> Result<Conduct> {
    let page = browser.popup_for_current_tab().await?;
    let conduct = conduct_in(browser, what, |conduct| conduct.is_some_and(&is_so)).await?;
    browser.close_tab(page).await?;
    conduct.ok_or_else(|| anyhow::anyhow!("no conduct"))
}

/// Presses a button of what is in doubt, in a popup of its own, and gives what then stands there.
async fn press(browser: &Browser, action: &str, state: &str) -> Result<Conduct> {
    let page = browser.popup_for_current_tab().await?;
    conduct_in(browser, "what is in doubt", |conduct| conduct.is_some_and(|it| it.state(IN_DOUBT).is_some())).await?;
    let script = "document.querySelector(`[data-code='${arguments[0]}'] [data-action='${arguments[1]}']`).click()";
    browser.run(script, vec![json!(IN_DOUBT), json!(action)]).await?;
    let is_so = |conduct: Option<&Conduct>| conduct.is_some_and(|it| it.state(IN_DOUBT) == Some(state));
    let conduct = conduct_in(browser, action, is_so).await?;
    browser.close_tab(page).await?;
    conduct.ok_or_else(|| anyhow::anyhow!("no conduct"))
}

async fn enter(browser: &Browser, address: &str, steps: usize) -> Result<()> {
    browser.open(&format!("{address}?speed=0")).await?;
    shown_until(browser, "the room", |shown| !shown.offers.is_empty()).await?;
    for _ in 0..steps {
        browser.step(1).await?;
        tokio::time::sleep(std::time::Duration::from_millis(40)).await;
    }
    Ok(())
}

/// What the options say about whom Soi remembers, once they say it.
async fn remembered(browser: &Browser, words: &str) -> Result<()> {
    let is_told = async || {
        let told = browser.run("return document.getElementById('conduct-count').textContent", Vec::new()).await?;
        Ok(told.as_str().is_some_and(|told| told.contains(words)).then_some(()))
    };
    browser.wait_for(words, is_told).await
}

/// Has the options forget, in a tab of their own, until what is stored is another.
async fn forget(browser: &Browser) -> Result<()> {
    let page = browser.driver().window().await?;
    let options = browser.driver().new_tab().await?;
    browser.driver().switch_to_window(options).await?;
    browser.open(&browser.extension_url("options/options.html")?).await?;
    remembered(browser, "1 người dẫn").await?;
    let script = "return chrome.storage.local.get('conduct-1').then((stored) => stored['conduct-1'])";
    let before = browser.run(script, Vec::new()).await?;
    browser.driver().find(By::Id("forget-conduct")).await?.click().await?;
    browser
        .wait_for("what is stored to go", async || Ok((browser.run(script, Vec::new()).await? != before).then_some(())))
        .await?;
    browser.close_tab(page).await?;
    browser.look().await
}

/// The popup shows a finding about the host.
async fn finds(browser: &Browser, code: &str) -> Result<()> {
    shown_until(browser, code, |shown| {
        let mut findings = shown.offers.iter().flat_map(|offer| &offer.answers).flat_map(|answer| &answer.findings);
        findings.any(|finding| finding.code == code)
    })
    .await
    .map(drop)
}

async fn what_is_in_doubt_counts_once_confirmed(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    let address = server.url(ROOM)?;
    enter(&browser, &address, HEARD).await?;
    let doubt = conduct(&browser, "what is in doubt", |it| !it.entries.is_empty()).await?;
    ensure!(doubt.entries.len() == 1 && doubt.state(IN_DOUBT) == Some("doubt"), "{doubt:?}");
    ensure!(doubt.points == "0" && doubt.step.is_none() && doubt.title.contains("1 điều cần xem lại"), "{doubt:?}");
    ensure!(doubt.entries[0].text.contains("khỏi hẳn") && doubt.entries[0].text.contains("cần xem lại"), "{doubt:?}");

    let confirmed = press(&browser, "confirm", "confirmed").await?;
    ensure!(confirmed.points == "3" && !confirmed.title.contains("cần xem lại"), "{confirmed:?}");
    // What is written is certain: with it a step of the ladder is reached.
    browser.step(1).await?;
    let written = conduct(&browser, "what is written", |it| it.state("host.disguised").is_some()).await?;
    ensure!(written.state("host.says-health") == Some("certain") && written.points == "8", "{written:?}");
    ensure!(written.step.as_ref().is_some_and(|step| step.starts_with("Từ 6 điểm")), "{written:?}");

    let dismissed = press(&browser, "dismiss", "dismissed").await?;
    ensure!(dismissed.points == "5" && dismissed.step.is_none(), "{dismissed:?}");

    // Forgotten while the room goes on with nothing new: what it said is noted as on the first day.
    forget(&browser).await?;
    browser.step(1).await?;
    let anew = conduct(&browser, "the room noted again", |it| it.entries.len() == 3).await?;
    ensure!(anew.state(IN_DOUBT) == Some("doubt") && anew.points == "5", "{anew:?}");

    // Dismissed again, the room left, the background stopped, and the room entered again: it says the same things once more.
    let dismissed = press(&browser, "dismiss", "dismissed").await?;
    browser.open(&server.url("tiktok-feed")?).await?;
    browser.stop_background().await?;
    enter(&browser, &address, HEARD + 1).await?;
    finds(&browser, "host.disguised").await?;
    let again = conduct(&browser, "the same", |it| it.state(IN_DOUBT).is_some()).await?;
    ensure!(again == dismissed, "{again:?}\n{dismissed:?}");

    // Nobody goes on: what is forgotten stays so.
    browser.open(&server.url("tiktok-feed")?).await?;
    forget(&browser).await?;
    browser.open(&browser.extension_url("options/options.html")?).await?;
    remembered(&browser, "Chưa nhớ ai").await?;
    browser.quit().await
}

/// Denials and advice are no conduct, though a whole room is heard.
async fn an_honest_host_has_no_conduct(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    enter(&browser, &server.url("tiktok-live-no-cures")?, 60).await?;
    nothing_is_noted(&browser, "host.line-stated").await?;
    browser.quit().await
}

/// The popup shows a finding, so the room was read, and neither it nor the options show anything kept.
async fn nothing_is_noted(browser: &Browser, found: &str) -> Result<()> {
    finds(browser, found).await?;
    let page = browser.popup_for_current_tab().await?;
    conduct_in(browser, "no conduct", |conduct| conduct.is_none()).await?;
    browser.open(&browser.extension_url("options/options.html")?).await?;
    remembered(browser, "Chưa nhớ ai").await?;
    browser.close_tab(page).await
}

/// A private window shows what it finds and leaves nothing behind. Only Firefox lets a driver have one with extensions.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_private_window_leaves_nothing_firefox() -> Result<()> {
    let kind = Kind::Firefox;
    let (server, browser) = start_with(kind, &Options { in_private: true, ..Options::release(kind) }).await?;
    browser.go_private().await?;
    enter(&browser, &server.url(ROOM)?, HEARD + 1).await?;
    nothing_is_noted(&browser, "host.says-health").await?;
    browser.quit().await
}
