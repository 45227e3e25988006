//! What Soi costs a crowded page: the main thread's time and its longest tasks, with Soi and without.

use std::collections::HashMap;
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
pub(crate) const MOST: f64 = 1.0;
/// From here on the browser calls a task long, milliseconds.
pub(crate) const LONG_MS: f64 = 50.0;
/// So many functions are named.
const COSTLIEST: usize = 8;
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
pub(crate) struct Own {
    /// Share of the time watched, percent.
    pub(crate) share: f64,
    /// Longest time in which every look found one of them running, milliseconds.
    pub(crate) longest: f64,
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
#[serde(rename_all = "camelCase")]
struct CallFrame {
    url: String,
    function_name: String,
    line_number: i64,
}

/// A look of its own: the profiler slows down what it watches.
async fn profile(server: &Server, time: Duration) -> Result<Own> {
    let browser = crowd(server, true).await?;
    let own = own_scripts(&browser, &server.url(CROWD)?, time).await?;
    browser.quit().await?;
    Ok(own)
}

/// Opens a page and watches for Soi's scripts in it.
pub(crate) async fn own_scripts(browser: &Browser, address: &str, time: Duration) -> Result<Own> {
    let own = browser.extension_url("")?;
    let cdp = browser.driver().cdp();
    cdp.send_raw("Profiler.enable", json!({})).await?;
    cdp.send_raw("Profiler.setSamplingInterval", json!({ "interval": INTERVAL })).await?;
    cdp.send_raw("Profiler.start", json!({})).await?;
    browser.open(address).await?;
    tokio::time::sleep(time).await;
    let mut answer = cdp.send_raw("Profiler.stop", json!({})).await?;
    let profile = answer.get_mut("profile").map(Value::take).context("the profiler gave no profile")?;
    let profile: Profile = serde_json::from_value(profile)?;
    for (function, share) in profile.costliest(&own) {
        println!("    {share:.3} % {function}");
    }
    Ok(profile.time_in(&own))
}

impl Profile {
    /// Functions whose script's address starts so, and whatever they called, each with the one of ours nearest to it.
    fn ours(&self, script: &str) -> HashMap<u64, &CallFrame> {
        let mut ours = HashMap::new();
        // Callers stand before what they called.
        for node in &self.nodes {
            if node.call_frame.url.starts_with(script) {
                ours.insert(node.id, &node.call_frame);
            }
            if let Some(frame) = ours.get(&node.id).copied() {
                ours.extend(node.children.iter().map(|child| (*child, frame)));
            }
        }
        ours
    }

    /// The functions in which most of that time is spent, what they call of the browser's with them, in percent.
    fn costliest(&self, script: &str) -> Vec<(String, f64)> {
        let ours = self.ours(script);
        let mut times: HashMap<String, f64> = HashMap::new();
        for (node, time) in self.samples.iter().zip(self.time_deltas.iter().skip(1)) {
            if let Some(frame) = ours.get(node) {
                let file = frame.url.rsplit('/').next().unwrap_or_default();
                let line = frame.line_number + 1;
                *times.entry(format!("{} ({file}:{line})", frame.function_name)).or_default() += time;
            }
        }
        let whole = (self.end_time - self.start_time).max(1.0);
        let mut times: Vec<_> = times.into_iter().map(|(function, time)| (function, time / whole * 100.0)).collect();
        times.sort_by(|one, other| other.1.total_cmp(&one.1));
        times.truncate(COSTLIEST);
        times
    }

    /// Time in functions whose script's address starts so, and in whatever they called.
    fn time_in(&self, script: &str) -> Own {
        let ours = self.ours(script);
        let (mut total, mut stretch, mut longest) = (0.0, 0.0, 0.0_f64);
        for pair in self.samples.iter().zip(&self.time_deltas).collect::<Vec<_>>().windows(2) {
            // A sample holds until the next one.
            if let [(node, _), (_, until_next)] = pair {
                stretch = if ours.contains_key(node) { stretch + *until_next } else { 0.0 };
                total += if ours.contains_key(node) { **until_next } else { 0.0 };
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
        let node = |id: u64, url: &str, children: &[u64]| json!({ "id": id, "callFrame": { "url": url, "functionName": "f", "lineNumber": 0 }, "children": children });
        let profile: Profile = serde_json::from_value(json!({
            "nodes": [node(1, "", &[2, 4]), node(2, "soi://main.js", &[3]), node(3, "", &[]), node(4, "page.js", &[])],
            "startTime": 0, "endTime": 10_000,
            "samples": [1, 2, 3, 4, 2, 1], "timeDeltas": [0, 1000, 1000, 1000, 1000, 500],
        }))
        .unwrap();
        assert_eq!(profile.time_in("soi://"), Own { share: 25.0, longest: 2.0 });
        assert_eq!(profile.costliest("soi://"), [("f (main.js:1)".to_owned(), 25.0)]);
    }
}
