//! The extension's own pages: reachable by everybody, in both languages, in light and dark, and every point adds up.

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde_json::json;
use soi_tests::browser::Kind;
use soi_tests::pages::workspace;

use crate::{in_both_browsers, shown_until, start, violations};

in_both_browsers!(
    points_add_up,
    pages_are_accessible,
    the_badge_opens_its_product,
    both_languages_are_complete,
    rules_are_told_as_they_stand,
);

/// What an answer adds up.
#[derive(Debug, Deserialize)]
struct Sum {
    prior: f64,
    total: f64,
    listed: Vec<f64>,
}

/// Prior and listed points are the total that the popup states, for every answer it shows.
async fn points_add_up(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("shopee-blender-vague")?).await?;
    let page = browser.popup_for_current_tab().await?;
    // The sum as the popup writes it, "Khởi điểm 0,0 +4,0 −3,5 = +0,5 → …", and the points that it lists.
    let script = "const read = (text) => Number(text.replace('−', '-').replace(',', '.')); \
                  return [...document.querySelectorAll('[data-question].answer')].map((answer) => { \
                    const [terms, rest] = answer.querySelector('.sum')?.textContent.split(' = ') ?? []; \
                    const listed = [...answer.querySelectorAll('[data-points]')].map(({ dataset }) => Number(dataset.points)); \
                    const numbers = (terms ?? '').split(' ').map(read).filter((number) => !Number.isNaN(number)); \
                    return rest && { prior: numbers[0], total: read(rest.split(' ')[0].replace(/,$/, '')), listed }; \
                  }).filter((sum) => sum)";
    let sums = browser
        .wait_for("the sums", async || {
            let sums: Vec<Sum> = serde_json::from_value(browser.run(script, Vec::new()).await?)?;
            Ok((!sums.is_empty()).then_some(sums))
        })
        .await?;
    for Sum { prior, total, listed } in sums {
        let added = prior + listed.iter().sum::<f64>();
        ensure!(!listed.is_empty() && (added - total).abs() < 1e-6, "{prior} and {listed:?} are not {total}");
    }
    browser.close_tab(page).await?;
    browser.quit().await
}

async fn pages_are_accessible(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("shopee-blender-vague")?).await?;
    shown_until(&browser, "the product", |shown| !shown.offers.is_empty()).await?;
    for dark in [false, true] {
        browser.set_dark(dark).await?;
        let page = browser.popup_for_current_tab().await?;
        browser
            .wait_for("the popup", async || {
                let ready = browser.run("return document.querySelectorAll('[data-offer]').length", Vec::new()).await?;
                Ok((ready != json!(0)).then_some(()))
            })
            .await?;
        browser
            .run("for (const details of document.querySelectorAll('details')) details.open = true", Vec::new())
            .await?;
        violations(&browser, "popup").await?;
        for own in ["options/options.html", "welcome/welcome.html"] {
            browser.open(&browser.extension_url(own)?).await?;
            browser
                .wait_for(own, async || {
                    let ready = browser.run("return document.body.innerText.length > 200", Vec::new()).await?;
                    Ok((ready == json!(true)).then_some(()))
                })
                .await?;
            violations(&browser, own).await?;
        }
        browser.close_tab(page).await?;
    }
    browser.quit().await
}

/// A press on the badge, by mouse or keyboard, opens the popup at that product.
async fn the_badge_opens_its_product(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("shopee-blender-vague")?).await?;
    let badge = browser
        .wait_for("a badge", async || Ok(browser.badges().await?.into_iter().find(|badge| badge.width > 0.0)))
        .await?;
    browser.click_at(badge.x + badge.width / 2.0, badge.y + badge.height / 2.0).await?;
    // A driver does not list windows that an extension opens: the browser's own tabs tell.
    let page = browser.popup_for_current_tab().await?;
    let address = browser
        .wait_for("a window with the product", async || {
            let script = "return chrome.tabs.query({}).then((tabs) => tabs.map(({ url }) => url).find((url) => url?.includes('&offer=')))";
            Ok(browser.run(script, Vec::new()).await?.as_str().map(str::to_owned))
        })
        .await?;
    browser.open(&address).await?;
    let open = browser
        .wait_for("the product", async || {
            let script = "return [...document.querySelectorAll('[data-offer]')].filter((offer) => offer.open).map((offer) => offer.dataset.offer)";
            let open = browser.run(script, Vec::new()).await?;
            Ok(open.as_array().is_some_and(|open| !open.is_empty()).then_some(open))
        })
        .await?;
    ensure!(open == json!(["shopee:51001002.24010000101"]), "{open} is open");
    browser.close_tab(page).await?;
    browser.quit().await
}

/// No key of the interface is left empty in either language, and the language can be changed.
async fn both_languages_are_complete(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("tiktok-live-no-basket")?).await?;
    shown_until(&browser, "the room", |shown| !shown.room.is_empty()).await?;
    for (lang, word) in [("vi", "Xuất xứ"), ("en", "Origin")] {
        let page = browser.popup_for_current_tab().await?;
        let script = "const [lang] = arguments; return chrome.storage.local.set({ settings: { lang, off: [] } })";
        browser.run(script, vec![json!(lang)]).await?;
        browser
            .wait_for(lang, async || {
                let script = "return [document.documentElement.lang, document.body.innerText]";
                let found = browser.run(script, Vec::new()).await?;
                let text = found[1].as_str().unwrap_or_default().to_owned();
                Ok((found[0].as_str() == Some(lang) && text.contains(word)).then_some(()))
            })
            .await?;
        browser.close_tab(page).await?;
    }
    browser.quit().await
}

/// The table of rules, as it is written.
#[derive(Debug, Deserialize)]
struct Rules {
    row: Vec<toml::Table>,
}

/// A rule as the popup tells it.
#[derive(Debug, Deserialize)]
struct Told {
    says: String,
    citation: String,
}

/// A finding that meets rules tells each in the shopper's language: what it says, where it stands, since when, and its fine,
/// as in the table. One that meets none tells none.
async fn rules_are_told_as_they_stand(kind: Kind) -> Result<()> {
    let rules: Rules = toml::from_str(&std::fs::read_to_string(workspace().join("core/knowledge/regulations.toml"))?)?;
    let (server, browser) = start(kind).await?;
    let met = [
        ("tiktok-live-ninety-off", 13, "host.heard-bait", true),
        ("tiktok-live-fair-price", 17, "host.says-checkable", false),
    ];
    for (room, steps, code, meets) in met {
        browser.open(&format!("{}?speed=0", server.url(room)?)).await?;
        shown_until(&browser, room, |shown| !shown.offers.is_empty()).await?;
        browser.step(steps).await?;
        for lang in ["vi", "en"] {
            let page = browser.popup_for_current_tab().await?;
            let script = "const [lang] = arguments; return chrome.storage.local.set({ settings: { lang, off: [] } })";
            browser.run(script, vec![json!(lang)]).await?;
            let script = "const [lang, code] = arguments, found = document.querySelector(`[data-finding='${code}']`);
                const part = (rule, name) => rule.querySelector(`[data-part=${name}]`)?.textContent ?? '';
                return document.documentElement.lang === lang && found
                    ? [...found.querySelectorAll('[data-part=regulations] > li')].map((rule) => ({
                        says: part(rule, 'says'), citation: part(rule, 'citation') })) : null";
            let told = browser
                .wait_for(code, async || {
                    let told = browser.run(script, vec![json!(lang), json!(code)]).await?;
                    Ok(serde_json::from_value::<Option<Vec<Told>>>(told)?)
                })
                .await?;
            ensure!(told.is_empty() != meets, "{code} in {lang}: {told:?}");
            let (mut days, mut fines) = (0, 0);
            for Told { says, citation } in &told {
                let text = |row: &toml::Table, key: &str| Some(row.get(key)?.get(lang)?.as_str()?.to_owned());
                let row = rules.row.iter().find(|row| text(row, "says").as_ref() == Some(says));
                let row = row.with_context(|| format!("no rule says \"{says}\" in {lang}"))?;
                let since = row.get("provenance").and_then(|it| it.get("effective_from")?.as_str());
                let since = since.map(|day| day.split('-').rev().collect::<Vec<_>>().join("/"));
                (days, fines) = (days + usize::from(since.is_some()), fines + usize::from(row.contains_key("fine")));
                for part in [text(row, "cite"), since, text(row, "fine")].into_iter().flatten() {
                    ensure!(citation.contains(&part), "\"{part}\" is not in \"{citation}\"");
                }
            }
            ensure!(!meets || (days > 0 && fines > 0), "no day or no fine among {told:?}");
            browser.close_tab(page).await?;
        }
    }
    browser.quit().await
}
