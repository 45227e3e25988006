//! Shows Soi on the local pages: in a window to play with, or as pictures of every screen.
//!
//! `demo [--headless] [--screenshots DIR]`

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context, Result, bail};
use soi_tests::browser::{Browser, Kind, Options};
use soi_tests::server::Server;

/// The pages that are shown, in this order.
const SHOWN: [&str; 8] = [
    "tiktok-live-undisclosed",
    "tiktok-live-disclosed",
    "tiktok-blender-vague",
    "shopee-blender-vague",
    "shopee-blender-clear",
    "shopee-search",
    "tiki-fryer-prefix",
    "youtube-live-undisclosed",
];
/// How long a page may take to settle before its picture.
const SETTLING: Duration = Duration::from_millis(1500);

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
    let options = Options { headless: wishes.headless, size: (1360, 860), ..Options::release(Kind::Chromium) };
    let browser = Browser::start(Kind::Chromium, &server, &options).await?;
    if let Some(folder) = &wishes.screenshots {
        picture(&browser, &server, folder).await?;
    } else {
        for name in SHOWN {
            println!("{}", server.url(name)?);
        }
    }
    if !wishes.headless {
        browser.open(&server.url(SHOWN.first().copied().unwrap_or_default())?).await?;
        println!("Ctrl+C ends the demo.");
        tokio::signal::ctrl_c().await?;
    }
    browser.quit().await
}

/// Every page and its popup, light; the first popup dark as well.
async fn picture(browser: &Browser, server: &Server, folder: &Path) -> Result<()> {
    for (place, name) in SHOWN.into_iter().enumerate() {
        let address = server.url(name)?;
        let still = if address.contains('?') { "&speed=0" } else { "?speed=0" };
        browser.open(&format!("{address}{still}")).await?;
        browser.run("window.timeline?.step(24)", Vec::new()).await?;
        tokio::time::sleep(SETTLING).await;
        browser.screenshot(&folder.join(format!("{name}.png"))).await?;
        let page = browser.popup_for_current_tab().await?;
        tokio::time::sleep(SETTLING).await;
        browser.screenshot(&folder.join(format!("{name}-popup.png"))).await?;
        if place == 0 {
            browser.set_dark(true).await?;
            browser.screenshot(&folder.join(format!("{name}-popup-dark.png"))).await?;
            browser.set_dark(false).await?;
        }
        browser.close_tab(page).await?;
        println!("{}", folder.join(format!("{name}.png")).display());
    }
    Ok(())
}
