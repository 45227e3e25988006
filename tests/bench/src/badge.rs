//! From a product that appears on a page to its badge.

use std::time::Duration;

use anyhow::{Context, Result, ensure};
use soi_tests::browser::{Browser, Kind};
use soi_tests::server::Server;

use crate::row::Row;
use crate::stats::{median, percentile};
use crate::{Effort, close_targets, with_soi};

/// A room with a basket. Nothing moves on it but what is inserted here.
const ROOM: &str = "tiktok-live-undisclosed";
/// The room is opened anew after so many products, as a host's basket has so many.
const BASKET: usize = 20;
const WARM_MS: f64 = 50.0;
const ASLEEP_MS: f64 = 150.0;

pub(crate) async fn rows(kind: Kind, server: &Server, effort: Effort) -> Result<Vec<Row>> {
    let browser = with_soi(kind, server).await?;
    let warm = samples(&browser, server, effort.warm, async || Ok(())).await?;
    let asleep = samples(&browser, server, effort.asleep, async || stop_background(&browser).await).await?;
    browser.quit().await?;
    let row = |what: &str, share: f64, samples: &[f64]| {
        let name = format!("product inserted → frame with its badge, {what}, p{:.0}, {}", share * 100.0, kind.name());
        Row::new(format!("{name} ({} samples)", samples.len()), percentile(samples, share), "ms")
    };
    Ok(vec![
        row("background running", 0.5, &warm),
        row("background running", 0.95, &warm).at_most(WARM_MS),
        row("background asleep", 0.5, &asleep),
        row("background asleep", 0.95, &asleep).at_most(ASLEEP_MS),
    ])
}

/// Milliseconds to the badge of so many products, each inserted after `prepare`.
async fn samples(
    browser: &Browser,
    server: &Server,
    count: usize,
    prepare: impl AsyncFn() -> Result<()>,
) -> Result<Vec<f64>> {
    let mut times = Vec::new();
    for place in 0..count {
        if place % BASKET == 0 {
            browser.open(&format!("{}?speed=0", server.url(ROOM)?)).await?;
            browser
                .wait_for("the basket's badges", async || {
                    let drawn = browser
                        .run(
                            "return [...document.querySelectorAll('[data-basket]')]\
                        .every((card) => card.querySelector('soi-badge'))",
                            Vec::new(),
                        )
                        .await?;
                    Ok((drawn == true).then_some(()))
                })
                .await?;
        }
        // Pauses of no fixed length: products appear at any moment of a frame and of what the page does by the second.
        tokio::time::sleep(Duration::from_millis(700 + (place as u64 * 137) % 400)).await;
        prepare().await?;
        let product = format!("1730100009{place:08}");
        let time = browser.run(INSERT, vec![product.into()]).await?;
        times.push(time.as_f64().with_context(|| format!("the product's badge did not come: {time}"))?);
    }
    println!("  {}: median {:.1} ms of {times:.1?}", browser.kind().name(), median(&times));
    Ok(times)
}

/// Puts one more product into the basket and takes it out again when its badge has been drawn. Gives milliseconds from
/// the insertion to the frame that shows the badge.
const INSERT: &str = r#"
    const [product] = arguments;
    const shown = document.querySelector("[data-basket]");
    const card = shown.cloneNode(true);
    for (const badge of card.querySelectorAll("soi-badge")) badge.remove();
    const link = card.querySelector("a[href]");
    link.href = link.href.replace(/\d{10,}/, product);
    return new Promise((resolve) => {
        const late = setTimeout(() => end("nothing in 10 s"), 10_000);
        const end = (result) => {
            clearTimeout(late);
            observer.disconnect();
            card.remove();
            resolve(result);
        };
        const observer = new MutationObserver(() => {
            const box = card.querySelector("soi-badge")?.getBoundingClientRect();
            if (!box || !box.width || !box.height) return;
            observer.disconnect();
            requestAnimationFrame(() => end(performance.now() - inserted));
        });
        observer.observe(card, { childList: true, subtree: true });
        const inserted = performance.now();
        shown.parentElement.append(card);
    });
"#;

/// Stops the background and leaves nothing of the extension running, as after half a minute without an event.
/// In Chromium not as `Browser::stop_background` does: the tab that it opens keeps the extension's process alive, and
/// wakes the worker when it is closed.
async fn stop_background(browser: &Browser) -> Result<()> {
    if browser.kind() == Kind::Firefox {
        return browser.stop_background().await;
    }
    close_targets(browser, "service_worker").await?;
    browser.wait_for("the background to stop", async || Ok((!browser.background_runs().await?).then_some(()))).await?;
    // The extension's process goes with its last worker.
    tokio::time::sleep(Duration::from_millis(500)).await;
    ensure!(!browser.background_runs().await?, "the background woke up by itself");
    Ok(())
}
