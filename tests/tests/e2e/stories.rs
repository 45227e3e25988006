//! Three stories as a shopper lives them: in a live room she sees a card in the basket, follows its link, and Soi answers
//! on the product's own page. What must be found there stands in the page's case.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use soi_tests::browser::{Browser, Kind};
use soi_tests::case::{Case, Shown, ShownAnswer};
use soi_tests::server::Server;
use thirtyfour::By;

use crate::{in_both_browsers, shown_until, start};

in_both_browsers!(
    an_oven_that_only_sounds_german,
    the_same_oven_with_its_papers,
    a_genuine_german_kettle,
    a_cream_that_says_it_has_none,
    a_cream_that_names_a_banned_substance,
);

/// Where a link of the basket opens.
#[derive(Clone, Copy)]
enum Tab {
    /// As the platform's own link does.
    New,
    /// As on a phone, or when she asks for it.
    Same,
}

/// Home-market wording, an origin that is only filled in, a Chinese barcode and an address that leads nowhere: each is
/// quoted, and what to ask stands ready.
async fn an_oven_that_only_sounds_german(kind: Kind) -> Result<()> {
    for tab in [Tab::New, Tab::Same] {
        let (server, browser) = start(kind).await?;
        let shown = walk(&server, &browser, "tiktok-live-german-kitchen", "tiktok-view-oven-home-market", tab).await?;
        let origin = origin(&shown)?;
        ensure!(matches!(origin.grade.as_str(), "D" | "E"), "the origin is {}", origin.grade);
        quotes_are_shown(&browser, origin, 4).await?;
        questions_are_ready(&browser).await?;
        browser.quit().await?;
    }
    Ok(())
}

/// The claim alone is no fault: with importer and papers there is nothing to point out.
async fn the_same_oven_with_its_papers(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    let case = case(&server, "tiktok-view-oven-home-market-papers")?;
    browser.open(&server.url(&case.page)?).await?;
    let shown = shown_until(&browser, "what the case says", |shown| case.differences(shown).is_empty()).await?;
    nothing_accuses(origin(&shown)?)?;
    browser.quit().await
}

async fn a_genuine_german_kettle(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    let shown = walk(&server, &browser, "tiktok-live-german-kitchen", "tiktok-view-kettle-german", Tab::New).await?;
    nothing_accuses(origin(&shown)?)?;
    browser.quit().await
}

/// "Không chứa corticoid, không dexamethasone" names both and claims neither.
async fn a_cream_that_says_it_has_none(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    let shown = walk(&server, &browser, "tiktok-live-creams", "tiktok-view-cream-plain", Tab::Same).await?;
    nothing_accuses(origin(&shown)?)?;
    browser.quit().await
}

/// The cream beside it in the same basket names one in its ingredients.
async fn a_cream_that_names_a_banned_substance(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    let shown = walk(&server, &browser, "tiktok-live-creams", "tiktok-view-cream-mixed", Tab::New).await?;
    quotes_are_shown(&browser, origin(&shown)?, 2).await?;
    questions_are_ready(&browser).await?;
    browser.quit().await
}

/// From the room through the card to the product's page, until Soi says there what the page's case says.
async fn walk(server: &Server, browser: &Browser, room: &str, product: &str, tab: Tab) -> Result<Shown> {
    browser.open(&format!("{}?speed=0", server.url(room)?)).await?;
    badge(browser, "a card's badge in the room").await?;
    let case = case(server, product)?;
    let title = &case.offer.first().context("the case names no product")?.title;
    let in_room = |shown: &Shown| shown.offers.iter().any(|offer| offer.title.contains(title));
    shown_until(browser, "the card in the popup", in_room).await?;
    follow(browser, &server.site().route(product)?.path, tab).await?;
    badge(browser, "the product's badge").await?;
    let mut differences = Vec::new();
    let shown = shown_until(browser, "what the case says", |shown| {
        differences = case.differences(shown);
        differences.is_empty()
    })
    .await;
    let shown = shown.with_context(|| format!("{differences:#?}"))?;
    // What she came from may be remembered; what she looks at comes first.
    ensure!(shown.offers.first().is_some_and(|offer| offer.title.contains(title)), "another product is first");
    Ok(shown)
}

/// Presses the link of the card in the basket and goes where it leads.
async fn follow(browser: &Browser, path: &str, tab: Tab) -> Result<()> {
    let driver = browser.driver();
    let link = driver.find(By::Css(format!("[data-basket] a[href*='{path}']"))).await?;
    if matches!(tab, Tab::Same) {
        let script = "for (const link of document.querySelectorAll('[data-basket] a')) link.removeAttribute('target')";
        browser.run(script, Vec::new()).await?;
    }
    link.click().await?;
    browser
        .wait_for("the product's page", async || {
            // The extension's first-run page may be a window too.
            for window in driver.windows().await? {
                driver.switch_to_window(window).await?;
                if driver.current_url().await?.path() == path {
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await?;
    browser.look().await
}

async fn badge(browser: &Browser, what: &str) -> Result<()> {
    let is_drawn = async || {
        let badges = browser.badges().await?;
        Ok(badges.iter().any(|badge| badge.width > 0.0 && badge.height > 0.0).then_some(()))
    };
    browser.wait_for(what, is_drawn).await
}

fn case(server: &Server, page: &str) -> Result<Case> {
    let case = Case::all()?.into_iter().find(|case| case.page == page);
    Ok(case.with_context(|| format!("no case for {page}"))?.later(server.site().days_later()))
}

fn origin(shown: &Shown) -> Result<&ShownAnswer> {
    let answers = &shown.offers.first().context("no product is shown")?.answers;
    answers.iter().find(|answer| answer.question == "origin").context("no answer about the origin")
}

/// Findings may speak for a product or say nothing either way; none takes points.
fn nothing_accuses(origin: &ShownAnswer) -> Result<()> {
    let accusing: Vec<_> = origin.findings.iter().filter(|finding| finding.points.starts_with('-')).collect();
    ensure!(accusing.is_empty(), "{accusing:#?}");
    Ok(())
}

/// At least so many findings quote the page: the popup shows the quote, and the page has exactly these words.
async fn quotes_are_shown(browser: &Browser, origin: &ShownAnswer, at_least: usize) -> Result<()> {
    let text = browser.run("return document.body.innerText", Vec::new()).await?;
    let text = text.as_str().context("the page has no text")?.to_owned();
    let page = browser.popup_for_current_tab().await?;
    let script = "return [...document.querySelectorAll('[data-question=origin] [data-finding]')].map((finding) => ({ \
                    code: finding.dataset.finding, \
                    quotes: finding.querySelector('[data-part=sentence]').textContent.match(/“[^”]+”/g) ?? [], \
                  }))";
    let quoting = browser
        .wait_for("the findings", async || {
            let found: Vec<Quoting> = serde_json::from_value(browser.run(script, Vec::new()).await?)?;
            Ok((!found.is_empty()).then_some(found))
        })
        .await?;
    browser.close_tab(page).await?;
    let mut shown_quotes = 0;
    for Quoting { code, quotes } in quoting {
        ensure!(origin.findings.iter().any(|shown| shown.code == code), "{code} is not shown");
        // A sentence also quotes names of ours, such as a group of products.
        let of_page = quotes.iter().filter(|quote| text.contains(quote.trim_matches(['“', '”'])));
        shown_quotes += of_page.count();
    }
    ensure!(shown_quotes >= at_least, "only {shown_quotes} quotes");
    Ok(())
}

/// A finding and the words that its sentence quotes.
#[derive(Debug, Deserialize)]
struct Quoting {
    code: String,
    quotes: Vec<String>,
}

/// A question as the popup offers it.
#[derive(Debug, Deserialize)]
struct Offered {
    text: String,
    lang: String,
    selectable: bool,
    button: String,
}

/// The list of questions is there, in Vietnamese, as text that can be selected, and a press copies one.
async fn questions_are_ready(browser: &Browser) -> Result<()> {
    let page = browser.popup_for_current_tab().await?;
    let script = r#"
        return [...document.querySelectorAll(".questions [data-row]")].map((row) => {
            const text = row.querySelector("[data-part='text']");
            return {
                text: text.textContent.trim(),
                lang: text.lang,
                selectable: getComputedStyle(text).userSelect !== "none",
                button: row.querySelector("[data-action='copy']").textContent.trim(),
            };
        });
    "#;
    let offered: Vec<Offered> = browser
        .wait_for("the questions", async || {
            let offered: Vec<Offered> = serde_json::from_value(browser.run(script, Vec::new()).await?)?;
            Ok((!offered.is_empty()).then_some(offered))
        })
        .await?;
    ensure!(offered.len() >= 2, "{offered:#?}");
    for question in &offered {
        let is_whole = question.text.chars().count() > 20 && !question.text.contains(['{', '}']);
        ensure!(is_whole && question.lang == "vi" && question.selectable && question.button == "Chép", "{question:#?}");
    }
    browser.run("document.querySelector('.questions:has([data-row])').open = true", Vec::new()).await?;
    browser.driver().find(By::Css(".questions [data-action='copy']")).await?.click().await?;
    let told = browser
        .wait_for("a word about the copy", async || {
            let told = browser.run("return document.querySelector('.questions .told').textContent", Vec::new()).await?;
            Ok(told.as_str().filter(|told| !told.is_empty()).map(str::to_owned))
        })
        .await?;
    ensure!(told == "Đã chép.", "{told}");
    browser.close_tab(page).await
}
