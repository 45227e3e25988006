//! What Soi costs a crowded page: the main thread's time and its longest tasks, with Soi and without.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use soi_tests::browser::{Browser, Kind};
use soi_tests::server::Server;

use crate::row::Row;
use crate::stats::median;
use crate::{Effort, with_soi, without_soi};

const CROWD: &str = "tiktok-live-crowded";
/// Most of the main thread's time, percent.
const MOST: f64 = 1.0;
/// From here on the browser calls a task long, milliseconds.
const LONG_MS: f64 = 50.0;
/// How often the profiler looks, microseconds.
const INTERVAL: u32 = 500;

/// One look at the page.
#[derive(Debug, Clone, Copy)]
struct Look {
    /// Share of the main thread's time that was spent in tasks, percent.
    busy: f64,
    /// Number of long tasks.
    long: usize,
    /// The longest of them, milliseconds.
    longest: f64,
}

pub(crate) async fn rows(server: &Server, effort: Effort) -> Result<Vec<Row>> {
    let (mut with, mut without) = (Vec::new(), Vec::new());
    for turn in 0..effort.crowds {
        // One then the other, then the other way round: what changes over time falls on both.
        for has_soi in [turn % 2 == 0, turn % 2 != 0] {
            let look = look(server, has_soi, effort.crowd).await?;
            println!("  {}: {look:?}", if has_soi { "with Soi" } else { "without" });
            if has_soi { with.push(look) } else { without.push(look) }
        }
    }
    let own = profile(server, effort.crowd).await?;
    println!("  in Soi's scripts: {own:?}");

    let of = |looks: &[Look], field: fn(&Look) -> f64| median(&looks.iter().map(field).collect::<Vec<_>>());
    let (busy, alone) = (of(&with, |look| look.busy), of(&without, |look| look.busy));
    let (long, long_alone) = (of(&with, |look| look.long as f64), of(&without, |look| look.long as f64));
    let (longest, longest_alone) = (of(&with, |look| look.longest), of(&without, |look| look.longest));
    let page = format!("crowded room, {} s", effort.crowd.as_secs());
    let against = "the page without Soi";
    Ok(vec![
        Row::new(format!("main thread with Soi minus without, {page}"), busy - alone, "%").at_most(MOST),
        Row::new(format!("main thread busy with Soi, {page}"), busy, "%").against(against, alone),
        Row::new(format!("main thread in Soi's own scripts, {page}"), own.share, "%").at_most(MOST),
        Row::new(format!("longest stretch in Soi's own scripts, {page}"), own.longest, "ms").at_most(LONG_MS),
        Row::new(format!("tasks over {LONG_MS} ms, {page}"), long, "tasks")
            .against(against, long_alone)
            .goal("no more than without Soi", long <= long_alone),
        Row::new(format!("longest task over {LONG_MS} ms, {page}"), longest, "ms").against(against, longest_alone),
    ])
}

async fn crowd(server: &Server, has_soi: bool) -> Result<Browser> {
    let browser =
        if has_soi { with_soi(Kind::Chromium, server).await? } else { without_soi(Kind::Chromium, server).await? };
    // The process that will show the page, so that its counters exist before the page does.
    browser.open(&format!("{}?speed=0", server.url(CROWD)?)).await?;
    tokio::time::sleep(Duration::from_secs(2)).await;
    Ok(browser)
}

/// Opens the page and leaves it alone for as long as it is watched.
async fn watch(browser: &Browser, server: &Server, time: Duration) -> Result<()> {
    browser.open(&server.url(CROWD)?).await?;
    tokio::time::sleep(time).await;
    Ok(())
}

async fn look(server: &Server, has_soi: bool, time: Duration) -> Result<Look> {
    let browser = crowd(server, has_soi).await?;
    let cdp = browser.driver().cdp();
    cdp.send_raw("Page.addScriptToEvaluateOnNewDocument", json!({ "source": LONG_TASKS })).await?;
    cdp.send_raw("Performance.enable", json!({})).await?;
    let busy = async || -> Result<f64> {
        let metrics: Metrics = serde_json::from_value(cdp.send_raw("Performance.getMetrics", json!({})).await?)?;
        let metric = metrics.metrics.iter().find(|metric| metric.name == "TaskDuration");
        Ok(metric.context("the browser counts no TaskDuration")?.value)
    };
    let (before, started) = (busy().await?, Instant::now());
    watch(&browser, server, time).await?;
    let (after, wall) = (busy().await?, started.elapsed());
    let long = browser.run("return globalThis.longTasks", Vec::new()).await?;
    let long: Vec<f64> = serde_json::from_value(long)?;
    browser.quit().await?;
    Ok(Look {
        busy: (after - before) / wall.as_secs_f64() * 100.0,
        long: long.len(),
        longest: long.into_iter().fold(0.0, f64::max),
    })
}

/// Runs before the page's own scripts.
const LONG_TASKS: &str = "globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map(({ duration }) => duration)))
        .observe({ type: 'longtask', buffered: true });";

#[derive(Debug, Deserialize)]
struct Metrics {
    metrics: Vec<Metric>,
}

#[derive(Debug, Deserialize)]
struct Metric {
    name: String,
    value: f64,
}

/// What the profiler saw of Soi's scripts. The browser's own work for them, such as layout, is not in it.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Own {
    /// Share of the time watched, percent.
    share: f64,
    /// Longest time in which every look found one of them running, milliseconds.
    longest: f64,
}

/// Samples of what ran, as the protocol gives them.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Profile {
    nodes: Vec<Node>,
    start_time: f64,
    end_time: f64,
    #[serde(default)]
    samples: Vec<u64>,
    #[serde(default)]
    time_deltas: Vec<f64>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Node {
    id: u64,
    call_frame: CallFrame,
    #[serde(default)]
    children: Vec<u64>,
}

#[derive(Debug, Deserialize)]
struct CallFrame {
    url: String,
}

/// A look of its own: the profiler slows down what it watches.
async fn profile(server: &Server, time: Duration) -> Result<Own> {
    let browser = crowd(server, true).await?;
    let own = browser.extension_url("")?;
    let cdp = browser.driver().cdp();
    cdp.send_raw("Profiler.enable", json!({})).await?;
    cdp.send_raw("Profiler.setSamplingInterval", json!({ "interval": INTERVAL })).await?;
    cdp.send_raw("Profiler.start", json!({})).await?;
    watch(&browser, server, time).await?;
    let mut answer = cdp.send_raw("Profiler.stop", json!({})).await?;
    browser.quit().await?;
    let profile = answer.get_mut("profile").map(Value::take).context("the profiler gave no profile")?;
    Ok(serde_json::from_value::<Profile>(profile)?.time_in(&own))
}

impl Profile {
    /// Time in functions whose script's address starts so, and in whatever they called.
    fn time_in(&self, script: &str) -> Own {
        let mut ours = std::collections::HashSet::new();
        // Callers stand before what they called.
        for node in &self.nodes {
            if node.call_frame.url.starts_with(script) {
                ours.insert(node.id);
            }
            if ours.contains(&node.id) {
                ours.extend(&node.children);
            }
        }
        let (mut total, mut stretch, mut longest) = (0.0, 0.0, 0.0_f64);
        for pair in self.samples.iter().zip(&self.time_deltas).collect::<Vec<_>>().windows(2) {
            // A sample holds until the next one.
            if let [(node, _), (_, until_next)] = pair {
                stretch = if ours.contains(node) { stretch + *until_next } else { 0.0 };
                total += if ours.contains(node) { **until_next } else { 0.0 };
                longest = longest.max(stretch);
            }
        }
        Own { share: total / (self.end_time - self.start_time).max(1.0) * 100.0, longest: longest / 1000.0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_soi_calls_is_soi_s() {
        let node = |id: u64, url: &str, children: &[u64]| json!({ "id": id, "callFrame": { "url": url }, "children": children });
        let profile: Profile = serde_json::from_value(json!({
            "nodes": [node(1, "", &[2, 4]), node(2, "soi://main.js", &[3]), node(3, "", &[]), node(4, "page.js", &[])],
            "startTime": 0, "endTime": 10_000,
            "samples": [1, 2, 3, 4, 2, 1], "timeDeltas": [0, 1000, 1000, 1000, 1000, 500],
        }))
        .unwrap();
        assert_eq!(profile.time_in("soi://"), Own { share: 25.0, longest: 2.0 });
    }
}
