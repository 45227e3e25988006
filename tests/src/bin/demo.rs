//! Shows Soi on the local pages: in a window to play with, or as pictures of every screen.
//!
//! `demo [--headless] [--screenshots DIR]`

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use serde_json::json;
use soi_tests::browser::{Browser, Kind, Options};
use soi_tests::pages::LABEL_HOST;
use soi_tests::records;
use soi_tests::server::Server;

/// The pages that are shown, in this order.
const SHOWN: [&str; 15] = [
    "tiktok-live-undisclosed",
    "tiktok-live-disclosed",
    "tiktok-live-cures",
    "tiktok-live-no-cures",
    "tiktok-live-ninety-off",
    "tiktok-view-oven-home-market",
    "tiktok-blender-vague",
    "shopee-blender-vague",
    "shopee-blender-clear",
    "tiktok-view-candy-recalled",
    "shopee-search",
    "lazada-oven-contradicted",
    "tiki-fryer-prefix",
    "youtube-live-undisclosed",
    "facebook-live-undisclosed",
];
/// The pages whose popup is shown as well, in both languages, light and dark.
const OPENED: [&str; 6] = [
    "tiktok-view-oven-home-market",
    "shopee-blender-vague",
    "tiktok-live-undisclosed",
    "tiktok-live-cures",
    "tiktok-live-ninety-off",
    "tiktok-view-candy-recalled",
];
/// Events of a live page that are played before its picture.
const EVENTS: usize = 34;
/// How long an event is on the screen.
const EVENT: Duration = Duration::from_millis(60);
/// How long a page may take to settle before its picture.
const SETTLING: Duration = Duration::from_millis(1800);
/// Inner size of the window for pages, and for the popup.
const PAGE: (u32, u32) = (1360, 860);
const POPUP: (u32, u32) = (420, 900);
/// Opens the evidence of the first answer that has a grade, else of the first one, where it can be seen.
const OPEN_EVIDENCE: &str = "
    const seen = document.querySelector('[data-grade]:not([data-grade=\"?\"]) .evidence')
        ?? document.querySelector('[data-grade] .evidence');
    if (!seen) return;
    seen.open = true;
    const answer = seen.closest('[data-grade]');
    if (answer.getBoundingClientRect().top > innerHeight / 3) answer.scrollIntoView();
";
/// Sizes in which the label check is shown: a phone, and a desk.
const LABEL: [(&str, (u32, u32)); 2] = [("phone", (360, 740)), ("wide", (1280, 860))];
/// What is on the box, and what was said of it.
const BOX: [(&str, &str); 5] = [
    ("barcode", "6901234567892"),
    ("responsible-name", "Công ty TNHH Hàng Mẫu"),
    ("made", "01/02/2026"),
    ("listing-title", "Nồi chiên 5 lít, sản xuất tại Đức"),
    ("listing-text", "Hàng nội địa, bảo hành 12 tháng."),
];

#[derive(Default)]
struct Wishes {
    headless: bool,
    screenshots: Option<PathBuf>,
}

fn wishes() -> Result<Wishes> {
    let mut wishes = Wishes::default();
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--headless" => wishes.headless = true,
            "--screenshots" => {
                wishes.screenshots = Some(arguments.next().context("--screenshots is followed by a folder")?.into());
            }
            other => bail!("the demo has no option \"{other}\"; there are --headless and --screenshots DIR"),
        }
    }
    Ok(wishes)
}

#[tokio::main]
async fn main() -> Result<()> {
    let wishes = wishes()?;
    let server = Server::start().await?;
    let options = Options { headless: wishes.headless, size: PAGE, ..Options::release(Kind::Chromium) };
    let browser = Browser::start(Kind::Chromium, &server, &options).await?;
    records::give_invented(&browser, &server).await?;
    if let Some(folder) = &wishes.screenshots {
        picture(&browser, &server, folder).await?;
    } else {
        for name in SHOWN {
            println!("{}", server.url(name)?);
        }
        println!("https://{LABEL_HOST}/");
    }
    if !wishes.headless {
        browser.open(&server.url(SHOWN.first().copied().unwrap_or_default())?).await?;
        println!("Ctrl+C ends the demo.");
        tokio::signal::ctrl_c().await?;
    }
    browser.quit().await
}

/// Every page, the popups, and the extension's other pages.
async fn picture(browser: &Browser, server: &Server, folder: &Path) -> Result<()> {
    for name in SHOWN {
        let address = server.url(name)?;
        let still = if address.contains('?') { "&speed=0" } else { "?speed=0" };
        browser.open(&format!("{address}{still}")).await?;
        if name.contains("-live-") {
            for _ in 0..EVENTS {
                browser.step(1).await?;
                tokio::time::sleep(EVENT).await;
            }
        }
        tokio::time::sleep(SETTLING).await;
        save(browser, folder, name).await?;
        if OPENED.contains(&name) {
            let page = browser.popup_for_current_tab().await?;
            browser.fit(POPUP).await?;
            for (lang, dark) in [("vi", false), ("vi", true), ("en", false), ("en", true)] {
                browser
                    .run("chrome.storage.local.set({ settings: { lang: arguments[0], off: [] } })", vec![json!(lang)])
                    .await?;
                browser.set_dark(dark).await?;
                tokio::time::sleep(SETTLING).await;
                browser.run(OPEN_EVIDENCE, Vec::new()).await?;
                save(browser, folder, &format!("{name}-popup-{lang}-{}", if dark { "dark" } else { "light" })).await?;
            }
            browser.run("chrome.storage.local.remove('settings')", Vec::new()).await?;
            browser.set_dark(false).await?;
            browser.fit(PAGE).await?;
            browser.close_tab(page).await?;
        }
    }
    for own in ["welcome", "options"] {
        browser.open(&browser.extension_url(&format!("{own}/{own}.html"))?).await?;
        tokio::time::sleep(SETTLING).await;
        save(browser, folder, own).await?;
    }
    browser.run("document.getElementById('records').closest('section').scrollIntoView()", Vec::new()).await?;
    save(browser, folder, "options-records").await?;
    picture_label(browser, folder).await
}

/// The label check, empty and with a result, in both languages, light and dark.
async fn picture_label(browser: &Browser, folder: &Path) -> Result<()> {
    for (size_name, size) in LABEL {
        browser.fit(size).await?;
        for (lang, dark) in [("vi", false), ("vi", true), ("en", false), ("en", true)] {
            browser.set_dark(dark).await?;
            browser.open(&format!("https://{LABEL_HOST}/label/label.html")).await?;
            tokio::time::sleep(SETTLING).await;
            browser.run("document.querySelector(`[data-lang=${arguments[0]}]`).click()", vec![json!(lang)]).await?;
            tokio::time::sleep(EVENT).await;
            let name = format!("label-{size_name}-{lang}-{}", if dark { "dark" } else { "light" });
            save(browser, folder, &name).await?;
            let script = "for (const [id, value] of arguments[0]) document.getElementById(id).value = value;
                document.querySelector('#form button:not([type])').click()";
            browser.run(script, vec![json!(BOX)]).await?;
            tokio::time::sleep(EVENT).await;
            save(browser, folder, &format!("{name}-result")).await?;
        }
    }
    browser.set_dark(false).await?;
    browser.fit(PAGE).await
}

async fn save(browser: &Browser, folder: &Path, name: &str) -> Result<()> {
    let path = folder.join(name).with_extension("png");
    browser.screenshot(&path).await?;
    println!("{}", path.display());
    Ok(())
}
