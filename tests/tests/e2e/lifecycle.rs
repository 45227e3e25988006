//! What happens over time: workers stop, pages navigate without loading, lists grow, Rust traps, settings change.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use soi_tests::browser::{Browser, Kind, Options};
use soi_tests::case::Case;

use crate::{in_both_browsers, shown_until, start, start_with};

in_both_browsers!(
    a_stopped_worker_loses_nothing,
    a_trap_is_survived,
    in_page_navigation_leaves_nothing_behind,
    an_endless_list_gets_its_badges,
    words_beside_a_picture_stay_readable,
    a_vanished_product_keeps_its_answer,
    the_toolbar_never_lies,
    a_switched_off_platform_is_left_alone,
    any_other_shop_is_read_on_the_shoppers_click,
);

async fn a_stopped_worker_loses_nothing(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&format!("{}?speed=0", server.url("tiktok-live-disclosed")?)).await?;
    let before = shown_until(&browser, "the room", |shown| !shown.offers.is_empty()).await?;
    browser.stop_background().await?;
    // The next line of talk wakes it; what it knew must still be there beside what is new.
    browser.step(40).await?;
    let after = shown_until(&browser, "the disclosure", |shown| {
        shown.offers.iter().any(|offer| {
            offer.answers.iter().any(|answer| answer.findings.iter().any(|finding| finding.code == "host.ad-disclosed"))
        })
    })
    .await?;
    for offer in &before.offers {
        ensure!(after.offers.iter().any(|other| other.title == offer.title), "{} is lost", offer.title);
    }
    browser.quit().await
}

/// A real trap in an extension page: the instance is thrown away and the next call has a new one.
async fn a_trap_is_survived(kind: Kind) -> Result<()> {
    let (_server, browser) = start(kind).await?;
    browser.open(&browser.extension_url("popup/popup.html")?).await?;
    // (module (func (export "f") unreachable))
    let script = r#"
        const bytes = new Uint8Array([0,97,115,109,1,0,0,0,1,4,1,96,0,0,3,2,1,0,7,5,1,1,102,0,0,10,5,1,3,0,0,11]);
        return import(new URL("/engine.js", location.href)).then(async (engine) => {
            await engine.withEngine(() => 0);
            const before = engine.instances;
            const trap = (await WebAssembly.instantiate(bytes)).instance.exports.f;
            const thrown = await engine.withEngine(() => trap()).then(() => null, (error) => error.constructor.name);
            const snapshot = JSON.stringify({ version: 1, platform: "tiki", url: "https://tiki.vn/a-p1234567.html", taken_at: 1,
                labels: [{ label: "Xuất xứ", value: "Việt Nam" }] });
            const answer = await engine.withEngine((soi) => soi.assess(snapshot, 1));
            return { thrown, fresh: engine.instances - before, told: new TextDecoder().decode(answer).includes("tiki:1234567") };
        });
    "#;
    let outcome = browser.run(script, Vec::new()).await?;
    ensure!(outcome == json!({ "thrown": "RuntimeError", "fresh": 1, "told": true }), "{outcome}");
    browser.quit().await
}

/// After `pushState` to another product, the first one's data block and JSON-LD still stand in the page.
async fn in_page_navigation_leaves_nothing_behind(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    for (page, vague) in
        [("shopee-product-navigates", "origin.vague-wording"), ("tiktok-product-navigates", "origin.vague-wording")]
    {
        browser.open(&format!("{}{}speed=0", server.url(page)?, separator(&server.url(page)?))).await?;
        let first = shown_until(&browser, "the first product", |shown| has(shown, vague)).await?;
        ensure!(first.offers.len() == 1);
        browser.step(1).await?;
        let second = shown_until(&browser, "the second product", |shown| {
            shown.offers.len() == 1 && shown.offers[0].title != first.offers[0].title && !has(shown, vague)
        })
        .await?;
        ensure!(second.offers[0].answers[0].grade != "D", "{second:?}");
    }
    browser.quit().await
}

fn separator(url: &str) -> char {
    if url.contains('?') { '&' } else { '?' }
}

fn has(shown: &soi_tests::case::Shown, code: &str) -> bool {
    let mut findings = shown.offers.iter().flat_map(|offer| &offer.answers).flat_map(|answer| &answer.findings);
    findings.any(|finding| finding.code == code)
}

async fn an_endless_list_gets_its_badges(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&format!("{}&speed=0", server.url("shopee-search")?)).await?;
    let before = drawn(&browser, 1).await?;
    browser.run("window.timeline.load()", Vec::new()).await?;
    let after = drawn(&browser, before + 1).await?;
    ensure!(after > before);
    let cards = browser
        .run("return document.querySelectorAll('li.shopee-search-item-result__item').length", Vec::new())
        .await?;
    let cards = usize::try_from(cards.as_u64().context("no cards")?)?;
    drawn(&browser, cards).await?;
    ensure!(browser.badges().await?.len() == cards, "a card has more than one badge");
    browser.quit().await
}

async fn drawn(browser: &Browser, at_least: usize) -> Result<usize> {
    browser
        .wait_for("the cards' badges", async || {
            let badges = browser.badges().await?.into_iter().filter(|badge| badge.width > 0.0).count();
            Ok((badges >= at_least).then_some(badges))
        })
        .await
}

/// A pinned card has a small picture and its title beside it; a card of the basket has room for the badge's name.
async fn words_beside_a_picture_stay_readable(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&format!("{}?speed=0", server.url("tiktok-live-disclosed")?)).await?;
    let measured = browser
        .wait_for("a badge on the pinned card", async || {
            browser.step(1).await?;
            let script = "const box = (it) => it?.getBoundingClientRect();
                const pinned = box(document.querySelector('#pinned soi-badge'));
                const item = box(document.querySelector('[data-basket] soi-badge'));
                const title = document.createRange();
                title.selectNodeContents(document.querySelector('#pinned [class*=SpanTitle]') ?? document.body);
                return pinned?.width && item?.width ? [pinned.right, box(title).left, pinned.width, item.width] : null";
            Ok(serde_json::from_value::<Option<[f64; 4]>>(browser.run(script, Vec::new()).await?)?)
        })
        .await?;
    let [badge_ends, title_starts, narrow, with_name] = measured;
    ensure!(badge_ends <= title_starts, "the badge ends at {badge_ends}, the title starts at {title_starts}");
    ensure!(narrow < with_name, "the basket's badges lost their name too: {narrow} and {with_name} wide");
    browser.quit().await
}

async fn a_vanished_product_keeps_its_answer(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&format!("{}?speed=0", server.url("tiktok-live-undisclosed")?)).await?;
    let before = shown_until(&browser, "the basket", |shown| shown.offers.len() > 1).await?;
    browser.run("document.querySelector('[data-basket]')?.remove()", Vec::new()).await?;
    browser.step(1).await?;
    let after = shown_until(&browser, "the basket again", |shown| !shown.offers.is_empty()).await?;
    ensure!(after.offers.len() >= before.offers.len(), "{after:?}");
    browser.quit().await
}

async fn the_toolbar_never_lies(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("shopee-blender-vague")?).await?;
    let shown = shown_until(&browser, "the product", |shown| !shown.offers.is_empty()).await?;
    let worst = (shown.offers.iter().flat_map(|offer| &offer.answers))
        .map(|answer| answer.grade.clone())
        .filter(|grade| grade != "?")
        .max()
        .context("no grade")?;
    ensure!(toolbar(&browser).await? == worst, "the toolbar says {}, the worst is {worst}", toolbar(&browser).await?);
    browser.open(&server.url("shopee-cart")?).await?;
    browser.wait_for("an idle toolbar", async || Ok(toolbar(&browser).await?.is_empty().then_some(()))).await?;
    let shown = shown_until(&browser, "an empty popup", |shown| shown.offers.is_empty()).await?;
    ensure!(shown.room.is_empty());
    browser.quit().await
}

/// The text on the toolbar's icon for the current tab.
async fn toolbar(browser: &Browser) -> Result<String> {
    let page = browser.popup_for_current_tab().await?;
    let script = "const tabId = Number(new URLSearchParams(location.search).get('tab')); \
                  return chrome.action.getBadgeText({ tabId })";
    let text = browser.run(script, Vec::new()).await?;
    browser.close_tab(page).await?;
    Ok(text.as_str().unwrap_or_default().to_owned())
}

async fn a_switched_off_platform_is_left_alone(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("shopee-blender-vague")?).await?;
    drawn(&browser, 1).await?;
    set_off(&browser, json!(["shopee"])).await?;
    browser.wait_for("the badge to go", async || Ok(browser.badges().await?.is_empty().then_some(()))).await?;
    set_off(&browser, json!([])).await?;
    drawn(&browser, 1).await?;
    browser.quit().await
}

async fn set_off(browser: &Browser, platforms: Value) -> Result<()> {
    let page = browser.popup_for_current_tab().await?;
    let script = "const [off] = arguments; return chrome.storage.local.get('settings').then(({ settings }) => \
                  chrome.storage.local.set({ settings: { lang: 'vi', ...settings, off } }))";
    browser.run(script, vec![platforms]).await?;
    browser.close_tab(page).await
}

/// A shop that Soi has no rules for is left alone until the shopper presses Soi's button and asks.
async fn any_other_shop_is_read_on_the_shoppers_click(kind: Kind) -> Result<()> {
    let let_into = (kind == Kind::Chromium).then(|| "https://shop.example.vn/*".to_owned());
    let (server, browser) = start_with(kind, &Options { let_into, ..Options::release(kind) }).await?;
    for case in Case::all()? {
        let route = server.site().route(&case.page)?;
        if !route.host.ends_with("example.vn") {
            continue;
        }
        browser.open(&server.url(&case.page)?).await?;
        let before = shown_until(&browser, "an empty popup", |_| true).await?;
        ensure!(before.offers.is_empty() && browser.badges().await?.is_empty(), "{}: read unasked", case.page);
        if kind == Kind::Firefox {
            browser.press_toolbar_button().await?;
        }
        let page = browser.popup_for_current_tab().await?;
        browser
            .wait_for("the offer to read the page", async || {
                let press = "const button = document.querySelector('[data-action=\"not-ours\"]'); button?.click(); \
                             return button !== null";
                Ok((browser.run(press, Vec::new()).await? == true).then_some(()))
            })
            .await?;
        browser.close_tab(page).await?;
        let shown = shown_until(&browser, "what the case says", |shown| case.differences(shown).is_empty()).await?;
        ensure!(case.silent == shown.offers.is_empty(), "{}: {shown:?}", case.page);
        ensure!(case.silent || drawn(&browser, 1).await? == 1, "{}: no badge", case.page);
    }
    browser.quit().await
}
