//! Processor time of the process that shows a page, as the kernel counts it: the same measure for both browsers.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use soi_tests::browser::Browser;

/// The kernel's clock for it, ticks a second: the same on every Linux that programs see.
const TICKS: f64 = 100.0;

/// Share of the time watched in which the main thread of the browser's page ran, percent. Of several processes for pages
/// it is the busiest: one page alone does anything.
pub(crate) async fn page_time(browser: &Browser, time: Duration, open: impl AsyncFn() -> Result<()>) -> Result<f64> {
    let driver = browser.driver_process().context("the driver is gone")?;
    let (before, started) = (main_threads(driver)?, Instant::now());
    open().await?;
    tokio::time::sleep(time).await;
    let (after, wall) = (main_threads(driver)?, started.elapsed());
    let spent = after.iter().map(|(process, ticks)| ticks - before.get(process).copied().unwrap_or_default());
    let most = spent.max().context("no process shows a page")?;
    Ok(most as f64 / TICKS / wall.as_secs_f64() * 100.0)
}

/// Ticks of the main thread of each process below a driver that shows pages.
fn main_threads(driver: u32) -> Result<BTreeMap<u32, u64>> {
    let mut parents = BTreeMap::new();
    for entry in std::fs::read_dir("/proc")? {
        let Some(process) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // A process may end while the list is read.
        let Some(stat) = Stat::read(&format!("/proc/{process}/stat")) else { continue };
        parents.insert(process, stat.parent);
    }
    let mut ours = BTreeSet::from([driver]);
    while parents.iter().any(|(process, parent)| ours.contains(parent) && ours.insert(*process)) {}
    let mut ticks = BTreeMap::new();
    for process in ours.into_iter().filter(|process| shows_pages(*process)) {
        if let Some(stat) = Stat::read(&format!("/proc/{process}/task/{process}/stat")) {
            ticks.insert(process, stat.ticks);
        }
    }
    Ok(ticks)
}

/// Chromium's renderers and Firefox's web content, the extension's own process aside.
fn shows_pages(process: u32) -> bool {
    let read = |name: &str| std::fs::read(Path::new("/proc").join(process.to_string()).join(name)).unwrap_or_default();
    let line = read("cmdline");
    let line = String::from_utf8_lossy(&line).replace('\0', " ");
    let name = read("comm");
    let is_chromium = line.contains("--type=renderer") && !line.contains("--extension-process");
    is_chromium || name.starts_with(b"Isolated Web") || name.starts_with(b"Web Content")
}

struct Stat {
    parent: u32,
    /// In user mode and in the kernel.
    ticks: u64,
}

impl Stat {
    fn read(path: &str) -> Option<Self> {
        Self::parse(&std::fs::read_to_string(path).ok()?)
    }

    /// The name stands in brackets and may hold some: fields count from the last one.
    fn parse(text: &str) -> Option<Self> {
        let fields: Vec<&str> = text.rsplit_once(')')?.1.split_whitespace().collect();
        let number = |at: usize| fields.get(at)?.parse::<u64>().ok();
        Some(Self { parent: u32::try_from(number(1)?).ok()?, ticks: number(11)? + number(12)? })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_brackets_moves_no_field() {
        let stat = Stat::parse("12 (a) b (c) S 7 1 1 0 -1 4194304 100 0 0 0 250 30 0 0 20 0 1 0 5 6 7").unwrap();
        assert_eq!((stat.parent, stat.ticks), (7, 280));
        assert!(Stat::parse("12 (a) S 7").is_none());
    }
}
