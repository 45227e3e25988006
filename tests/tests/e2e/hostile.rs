//! Pages that are hostile, broken or huge: Soi reads what it can, says what it could not, and never breaks.

use anyhow::{Result, ensure};
use serde_json::json;
use soi_tests::browser::Kind;

use crate::{in_both_browsers, shown_until, start};

in_both_browsers!(
    strict_policies_change_nothing,
    what_cannot_be_read_is_said,
    markup_stays_text,
    an_own_badge_forges_nothing,
    a_removed_badge_comes_back_and_gives_up,
    a_hidden_badge_is_still_seen_or_reported,
);

/// A page with `script-src 'self'; style-src 'none'` and Trusted Types is answered like the ordinary one, and its
/// badge is styled.
async fn strict_policies_change_nothing(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    for (page, ordinary) in [("shopee-product-csp", "shopee-blender-vague"), ("tiki-product-csp", "tiki-fryer-prefix")]
    {
        browser.open(&server.url(ordinary)?).await?;
        let expected = shown_until(&browser, "the ordinary page", |shown| !shown.offers.is_empty()).await?;
        let plain = badge_size(&browser).await?;
        browser.open(&server.url(page)?).await?;
        let shown = shown_until(&browser, "the strict page", |shown| !shown.offers.is_empty()).await?;
        ensure!(shown.offers == expected.offers, "{page}: {shown:?}\n{expected:?}");
        let strict = badge_size(&browser).await?;
        ensure!(plain.0 > 100.0 && strict.0 > 100.0, "{page}: {plain:?} {strict:?}");
    }
    // A card's badge has a size of its own, whatever the page's styles: without Soi's styles it would be another.
    browser.open(&format!("{}?speed=0", server.url("tiktok-live-undisclosed")?)).await?;
    let plain = badge_size(&browser).await?;
    browser.open(&format!("{}&speed=0", server.url("tiktok-live-csp")?)).await?;
    let strict = badge_size(&browser).await?;
    ensure!((plain.0 - strict.0).abs() < 1.0 && (plain.1 - strict.1).abs() < 1.0, "{plain:?} {strict:?}");
    browser.quit().await
}

async fn badge_size(browser: &soi_tests::browser::Browser) -> Result<(f64, f64)> {
    browser
        .wait_for("a badge", async || {
            let badges = browser.badges().await?;
            Ok(badges.iter().find(|badge| badge.width > 0.0).map(|badge| (badge.width, badge.height)))
        })
        .await
}

/// 10 MB, 20,000 levels, broken and poisoned JSON-LD: the rest of the page is read, quickly, and the popup says
/// what was not.
async fn what_cannot_be_read_is_said(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("lazada-blender-vague")?).await?;
    let ordinary = shown_until(&browser, "the ordinary page", |shown| !shown.offers.is_empty()).await?;
    for (page, says) in [
        ("lazada-product-huge", true),
        ("lazada-product-deep", true),
        ("lazada-product-broken", true),
        ("lazada-product-proto", false),
    ] {
        browser.open(&server.url(page)?).await?;
        let shown = shown_until(&browser, page, |shown| !shown.offers.is_empty()).await?;
        let grades = |shown: &soi_tests::case::Shown| -> Vec<String> {
            shown.offers.iter().flat_map(|offer| &offer.answers).map(|answer| answer.grade.clone()).collect()
        };
        ensure!(grades(&shown) == grades(&ordinary), "{page}: {shown:?}");
        ensure!(!says || shown.unread > 0, "{page}: nothing is said about what could not be read");
        let alive = browser.run("return 1 + 1", Vec::new()).await?;
        ensure!(alive == json!(2));
    }
    browser.quit().await
}

/// Markup in titles and quotes is shown as the text it is, and runs nowhere.
async fn markup_stays_text(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    for page in ["tiktok-product-markup", "shopee-product-markup", "lazada-product-markup", "tiki-product-markup"] {
        browser.open(&server.url(page)?).await?;
        let shown = shown_until(&browser, page, |shown| !shown.offers.is_empty()).await?;
        let text = format!("{shown:?}");
        ensure!(text.contains('<'), "{page}: the markup is gone from {text}");
        let popup = browser.popup_for_current_tab().await?;
        let foreign = browser
            .wait_for("the popup", async || {
                let found = browser
                    .run("return document.querySelector('main[aria-busy=false], main:not([aria-busy])') && document.querySelectorAll('main img, main script, main iframe').length", Vec::new())
                    .await?;
                Ok((!found.is_null()).then_some(found))
            })
            .await?;
        ensure!(foreign == json!(0), "{page}: elements of the page stand in the popup");
        browser.close_tab(popup).await?;
    }
    browser.quit().await
}

/// A page that defines `soi-badge` itself cannot forge a verdict: popup and toolbar speak for themselves.
async fn an_own_badge_forges_nothing(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("shopee-blender-vague")?).await?;
    let expected = shown_until(&browser, "the ordinary page", |shown| !shown.offers.is_empty()).await?;
    browser.open(&server.url("shopee-product-own-badge")?).await?;
    let shown = shown_until(&browser, "the forged page", |shown| !shown.offers.is_empty()).await?;
    ensure!(shown.offers == expected.offers, "{shown:?}");
    browser.quit().await
}

async fn a_removed_badge_comes_back_and_gives_up(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("shopee-product-remove-badges")?).await?;
    let shown = shown_until(&browser, "the popup to say so", |shown| shown.unread > 0).await?;
    ensure!(!shown.offers.is_empty());
    // It gave up: the page is not kept busy.
    let inserted = browser
        .run(
            "let inserted = 0; const seen = new MutationObserver((records) => { for (const record of records) \
             for (const node of record.addedNodes) if (node.localName === 'soi-badge') inserted++; }); \
             seen.observe(document, { childList: true, subtree: true }); \
             return new Promise((done) => setTimeout(() => done(inserted), 2000))",
            Vec::new(),
        )
        .await?;
    ensure!(inserted.as_u64().is_some_and(|inserted| inserted <= 5), "{inserted} badges inserted in two seconds");
    browser.quit().await
}

async fn a_hidden_badge_is_still_seen_or_reported(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("shopee-product-hide-badges")?).await?;
    let shown = shown_until(&browser, "the popup", |shown| !shown.offers.is_empty()).await?;
    let seen = browser.badges().await?.iter().any(|badge| badge.width > 20.0 && badge.height > 8.0);
    ensure!(seen || shown.unread > 0, "hidden without a word");
    browser.quit().await
}
