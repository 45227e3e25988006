//! The label check on a phone: it finds what the box contradicts, works without a network, and is there for everybody.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use soi_tests::browser::{Browser, Kind, Options};
use soi_tests::case::Shown;
use soi_tests::pages::LABEL_HOST;
use soi_tests::server::Server;

use crate::{in_both_browsers, shown_until, start, start_with, violations};

in_both_browsers!(
    the_box_is_held_against_the_listing,
    it_works_without_a_network,
    everybody_can_use_it,
    every_control_is_reached_by_keyboard,
    a_barcode_is_read_by_the_camera,
    the_listing_comes_along_from_the_popup,
);

/// What is on the box of an oven that was sold as made in Germany; and the same oven with a German barcode.
const BOX: [(&str, &str); 2] =
    [("barcode", "6901234567892"), ("listing-text", "Nồi chiên 5 lít, sản xuất tại Đức, bảo hành 12 tháng.")];
const TWIN: [(&str, &str); 2] = [("barcode", "4001234567891"), BOX[1]];

/// A phone's browser without the extension, at the page on the web.
async fn open(kind: Kind) -> Result<(Server, Browser)> {
    let options = Options { package: None, ..Options::release(kind) };
    let (server, browser) = start_with(kind, &options).await?;
    browser.fit((360, 740)).await?;
    browser.open(&format!("https://{LABEL_HOST}/")).await?;
    ready(&browser).await?;
    Ok((server, browser))
}

/// Waits until the page has its words: then it also has its engine.
async fn ready(browser: &Browser) -> Result<()> {
    browser
        .wait_for("the label check", async || {
            let script = "return document.querySelector('#result')?.textContent !== '' && \
                          document.querySelector('template') !== null";
            Ok((browser.run(script, Vec::new()).await? == json!(true)).then_some(()))
        })
        .await
}

/// Fills in the form, presses its button, and reads the result.
async fn check(browser: &Browser, fields: &[(&str, &str)]) -> Result<Shown> {
    let script = "const [fields] = arguments;
        for (const [id, value] of fields) document.getElementById(id).value = value;
        document.querySelector('#form button:not([type])').click()";
    browser.run(script, vec![json!(fields)]).await?;
    browser
        .wait_for("the result", async || {
            let Some(shown) = browser.popup_content().await? else { return Ok(None) };
            Ok((!shown.room.is_empty()).then_some(shown))
        })
        .await
}

async fn number(browser: &Browser, script: &str) -> Result<f64> {
    let found = browser.run(script, Vec::new()).await?;
    found.as_f64().with_context(|| format!("{script}: {found}"))
}

async fn is_as_wide_as_the_screen(browser: &Browser) -> Result<()> {
    let over = number(browser, "return document.documentElement.scrollWidth - document.documentElement.clientWidth");
    ensure!(over.await? <= 0.0, "the page is wider than the screen");
    ensure!(number(browser, "return innerWidth").await? <= 360.0, "the screen is not a phone's");
    Ok(())
}

async fn the_box_is_held_against_the_listing(kind: Kind) -> Result<()> {
    let (server, browser) = open(kind).await?;
    let shown = check(&browser, &BOX).await?;
    let [answer] = shown.room.as_slice() else { anyhow::bail!("not one answer: {shown:?}") };
    ensure!(answer.question == "origin", "{answer:?}");
    let found = answer.findings.iter().find(|finding| finding.code == "origin.barcode-elsewhere");
    let found = found.with_context(|| format!("{answer:?}"))?;
    ensure!(found.text.contains("6901234567892"), "no quote: {found:?}");
    let visible = "return [...document.querySelectorAll('[data-finding], .question')].filter((it) => it.checkVisibility()).length";
    ensure!(number(&browser, visible).await? >= 2.0, "findings and questions are folded away");
    ensure!(number(&browser, "return document.querySelectorAll('.question').length").await? >= 1.0, "no questions");
    is_as_wide_as_the_screen(&browser).await?;

    let twin = check(&browser, &TWIN).await?;
    let findings: Vec<_> = twin.room.iter().flat_map(|answer| &answer.findings).collect();
    ensure!(findings.iter().any(|finding| finding.code == "origin.barcode-agrees"), "{findings:?}");
    // A field that is not on the label is one to ask about, and is said so; nothing is said against the box.
    let accusing = |code: &str| ["elsewhere", "contradicted", "vague", "differs"].iter().any(|it| code.contains(it));
    ensure!(!findings.iter().any(|finding| accusing(&finding.code)), "{findings:?}");

    // Nothing but the page itself was asked for.
    ensure!(server.unexpected().is_empty(), "{:?}", server.unexpected());
    browser.quit().await
}

/// After one load the server goes away, and the page is there all the same.
async fn it_works_without_a_network(kind: Kind) -> Result<()> {
    let (server, browser) = open(kind).await?;
    browser.run("return navigator.serviceWorker.ready.then(() => true)", Vec::new()).await?;
    // What an older build left behind goes when this one takes over.
    let older = "return navigator.serviceWorker.getRegistration().then((worker) => worker.unregister())\
        .then(() => caches.keys()).then((names) => Promise.all(names.map((name) => caches.delete(name))))\
        .then(() => caches.open('soi-label-older')).then(() => true)";
    browser.run(older, Vec::new()).await?;
    browser.open(&format!("https://{LABEL_HOST}/label/label.html")).await?;
    ready(&browser).await?;
    browser.run("return navigator.serviceWorker.ready.then(() => true)", Vec::new()).await?;
    browser
        .wait_for("one cache, of this build", async || {
            let names = browser.run("return caches.keys()", Vec::new()).await?;
            let is_alone = names.as_array().is_some_and(|names| names.len() == 1) && names[0] != "soi-label-older";
            Ok(is_alone.then_some(()))
        })
        .await?;
    drop(server);
    let asks = "return fetch('/not-kept').then(() => false, () => true)";
    ensure!(browser.run(asks, Vec::new()).await? == json!(true), "the network is still there");
    for address in [format!("https://{LABEL_HOST}/label/label.html"), format!("https://{LABEL_HOST}/")] {
        browser.open(&address).await?;
        ready(&browser).await?;
        let shown = check(&browser, &BOX).await?;
        let found = shown.room.iter().flat_map(|answer| &answer.findings);
        ensure!(found.into_iter().any(|finding| finding.code == "origin.barcode-elsewhere"), "{shown:?}");
    }
    browser.quit().await
}

async fn everybody_can_use_it(kind: Kind) -> Result<()> {
    let (_server, browser) = open(kind).await?;
    for dark in [false, true] {
        browser.set_dark(dark).await?;
        for lang in ["vi", "en"] {
            browser.run("document.querySelector(`[data-lang=${arguments[0]}]`).click()", vec![json!(lang)]).await?;
            browser
                .wait_for(lang, async || {
                    let found = browser.run("return document.documentElement.lang", Vec::new()).await?;
                    Ok((found == json!(lang)).then_some(()))
                })
                .await?;
            browser.run("document.querySelector('button[type=reset]').click()", Vec::new()).await?;
            violations(&browser, &format!("the empty form, dark {dark}, {lang}")).await?;
            is_as_wide_as_the_screen(&browser).await?;
            check(&browser, &BOX).await?;
            browser
                .run("for (const fold of document.querySelectorAll('details')) fold.open = true", Vec::new())
                .await?;
            violations(&browser, &format!("the result, dark {dark}, {lang}")).await?;
            is_as_wide_as_the_screen(&browser).await?;
        }
    }
    browser.quit().await
}

/// The tabulator comes by every field, button and fold; Enter in a field is a press on the button.
async fn every_control_is_reached_by_keyboard(kind: Kind) -> Result<()> {
    use thirtyfour::{By, Key};
    let (_server, browser) = open(kind).await?;
    let field = browser.driver().find(By::Id("barcode")).await?;
    field.send_keys("6901234567892").await?;
    field.send_keys("" + Key::Enter).await?;
    browser
        .wait_for("the result", async || {
            let script = "return document.activeElement.id === 'result' && document.querySelector('.answer') !== null";
            Ok((browser.run(script, Vec::new()).await? == json!(true)).then_some(()))
        })
        .await?;
    let controls = "return [...document.querySelectorAll('a[href], button, input, textarea, summary')]\
        .filter((it) => it.checkVisibility() && !it.hidden)";
    let script = format!(
        "window.left = new Set((() => {{ {controls} }})());
         addEventListener('focusin', (event) => left.delete(event.target));
         document.activeElement.blur();
         getSelection().collapse(document.body, 0);
         return left.size"
    );
    let all = number(&browser, &script).await?;
    ensure!(all >= 20.0, "only {all} controls");
    for _ in 0..(all as usize + 4) {
        browser.driver().action_chain().send_keys(Key::Tab).perform().await?;
    }
    let left = browser.run("return [...left].map((it) => it.outerHTML)", Vec::new()).await?;
    ensure!(left.as_array().is_some_and(Vec::is_empty), "never reached: {left:#}");
    browser.quit().await
}

/// Where the browser reads barcodes, the camera fills in the field and is off again; elsewhere no button is there.
async fn a_barcode_is_read_by_the_camera(kind: Kind) -> Result<()> {
    let (_server, browser) = open(kind).await?;
    let can = "return [typeof BarcodeDetector !== 'undefined', ...['scan', 'photo', 'stop'].map((id) => document.getElementById(id).checkVisibility())]";
    let [detects, buttons @ ..] =
        <[bool; 4]>::try_from(serde_json::from_value::<Vec<bool>>(browser.run(can, Vec::new()).await?)?)
            .map_err(|found| anyhow::anyhow!("{found:?}"))?;
    ensure!(detects || buttons == [false; 3], "a button that can do nothing");
    if kind == Kind::Firefox {
        // It reads no barcodes, and its driver runs no script before the page's own.
        return browser.quit().await;
    }
    // A browser that can, whose camera shows a barcode at the third look.
    let able = "let looks = 0;
        globalThis.BarcodeDetector = class {
            static async getSupportedFormats() { return ['ean_13', 'qr_code']; }
            async detect() { return ++looks < 3 ? [] : [{ rawValue: '6901234567892' }]; }
        };
        globalThis.streams = [];
        navigator.mediaDevices.getUserMedia = async () => {
            const canvas = document.createElement('canvas');
            const stream = canvas.captureStream(10);
            canvas.getContext('2d').fillRect(0, 0, 10, 10);
            streams.push(stream);
            return stream;
        };";
    let cdp = browser.driver().cdp();
    cdp.send_raw("Page.enable", json!({})).await?;
    cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", json!({ "source": able })).await?;
    browser.open(&format!("https://{LABEL_HOST}/label/label.html")).await?;
    ready(&browser).await?;
    let press = async |id: &str| -> Result<()> {
        browser
            .wait_for(id, async || {
                let script = "const it = document.getElementById(arguments[0]); return it.checkVisibility() && (it.click(), true)";
                Ok((browser.run(script, vec![json!(id)]).await? == json!(true)).then_some(()))
            })
            .await
    };
    let state = "return [document.getElementById('barcode').value, document.getElementById('camera').checkVisibility(),
        streams.length, streams.some((stream) => stream.active)]";
    let until = async |what: &str, wanted: Value| -> Result<()> {
        browser
            .wait_for(what, async || Ok((browser.run(state, Vec::new()).await? == wanted).then_some(())))
            .await
            .context(browser.run(state, Vec::new()).await?.to_string())
    };
    press("scan").await?;
    until("the digits", json!(["6901234567892", false, 1, false])).await?;
    violations(&browser, "after the camera").await?;

    // The shopper stops it before anything is seen.
    browser.run("BarcodeDetector.prototype.detect = async () => []", Vec::new()).await?;
    browser.run("document.querySelector('button[type=reset]').click()", Vec::new()).await?;
    press("scan").await?;
    until("the camera", json!(["", true, 2, true])).await?;
    violations(&browser, "the camera").await?;
    press("stop").await?;
    until("the camera to be off", json!(["", false, 2, false])).await?;

    // And one that the browser refuses says what else can be done.
    browser
        .run(
            "navigator.mediaDevices.getUserMedia = async () => { throw new DOMException('', 'NotAllowedError') }",
            Vec::new(),
        )
        .await?;
    press("scan").await?;
    let told = "return document.querySelector('[data-told=refused]').checkVisibility()";
    browser
        .wait_for("what else can be done", async || {
            Ok((browser.run(told, Vec::new()).await? == json!(true)).then_some(()))
        })
        .await?;
    until("no camera", json!(["", false, 2, false])).await?;
    browser.quit().await
}

/// The popup leads from a product to its label, and what the listing claimed stands there to be changed.
async fn the_listing_comes_along_from_the_popup(kind: Kind) -> Result<()> {
    let (server, browser) = start(kind).await?;
    browser.open(&server.url("lazada-oven-contradicted")?).await?;
    shown_until(&browser, "the product", |shown| !shown.offers.is_empty()).await?;
    let page = browser.popup_for_current_tab().await?;
    let links = browser
        .wait_for("the way to the label", async || {
            let script = "return ['.foot a', '[data-offer] [data-part=label]'].map((css) => document.querySelector(css)?.href ?? '')";
            let links: Vec<String> = serde_json::from_value(browser.run(script, Vec::new()).await?)?;
            Ok(links.iter().all(|link| !link.is_empty()).then_some(links))
        })
        .await?;
    let [bare, about] = links.as_slice() else { anyhow::bail!("{links:?}") };
    browser.open(bare).await?;
    ready(&browser).await?;
    ensure!(carried(&browser).await? == json!(["", ""]), "something came along with nothing");
    browser.open(about).await?;
    ready(&browser).await?;
    let listing = carried(&browser).await?;
    let text = |at: usize| listing[at].as_str().unwrap_or_default();
    ensure!(!text(0).is_empty() && text(1).contains("Xuất xứ: "), "{listing:#}");
    let shown = check(&browser, &BOX[..1]).await?;
    ensure!(shown.room.len() == 1, "{shown:?}");
    let worker = "return document.querySelector('link[rel=manifest]') === null";
    ensure!(browser.run(worker, Vec::new()).await? == json!(true), "the package needs no web manifest");
    violations(&browser, "the label check in the package").await?;
    browser.close_tab(page).await?;
    browser.quit().await
}

async fn carried(browser: &Browser) -> Result<Value> {
    let script = "return ['listing-title', 'listing-text'].map((id) => document.getElementById(id).value)";
    browser.run(script, Vec::new()).await
}
