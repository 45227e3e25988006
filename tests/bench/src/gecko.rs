//! What Firefox's own profiler sees of Soi's scripts on a page's main thread, in processor time.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::json;
use soi_tests::browser::Browser;

use crate::cost::Own;

/// The profiler's memory holds so much at once.
const SLICE: Duration = Duration::from_secs(30);
/// How often it looks, milliseconds.
const INTERVAL: f64 = 2.0;
/// Its memory in each process, entries of eight bytes.
const ENTRIES: u32 = 1 << 24;

const START: &str = "const [entries, interval] = arguments;
    return Services.profiler.StartProfiler(entries, interval, ['js', 'cpu'], ['GeckoMain']);";

/// Soi's scripts with all that they call, and what the browser runs to carry their messages, on the main thread of the
/// page that has most of them.
const STOP: &str = r"return (async () => {
    const whole = await Services.profiler.getProfileDataAsync();
    await Services.profiler.StopProfiler();
    const threads = whole.processes.flatMap(({ threads }) => threads)
        .filter(({ processName, samples }) => processName !== 'WebExtensions' && samples.data.length > 1);
    const looks = threads.map(({ samples, stackTable, frameTable, stringTable }) => {
        const { stack, time, threadCPUDelta } = samples.schema;
        const isOurs = stringTable.map((name) => /moz-extension:|modules\/Extension|Conduit/.test(name));
        const stacks = [];
        for (const { [stackTable.schema.prefix]: prefix, [stackTable.schema.frame]: frame } of stackTable.data) {
            stacks.push(isOurs[frameTable.data[frame][frameTable.schema.location]] || (stacks[prefix] ?? false));
        }
        let own = 0, stretch = 0, longest = 0;
        for (const sample of samples.data) {
            // A thread that sleeps is seen where it fell asleep.
            const spent = stacks[sample[stack]] ? (sample[threadCPUDelta] ?? 0) / 1e6 : 0;
            own += spent;
            stretch = spent > 0 ? stretch + spent : 0;
            longest = Math.max(longest, stretch);
        }
        return { own, longest, wall: samples.data.at(-1)[time] - samples.data[0][time] };
    });
    return looks.reduce((most, look) => (look.own > most.own ? look : most), { own: 0, longest: 0, wall: 0 });
})()";

/// One slice of time, in milliseconds.
#[derive(Debug, Deserialize)]
struct Look {
    own: f64,
    longest: f64,
    wall: f64,
}

/// Opens a page and watches for Soi's scripts in it.
pub(crate) async fn own_scripts(browser: &Browser, address: &str, time: Duration) -> Result<Own> {
    browser.run_in_browser(START, vec![json!(ENTRIES), json!(INTERVAL)]).await?;
    let started = Instant::now();
    browser.open(address).await?;
    let (mut own, mut wall, mut longest) = (0.0, 0.0, 0.0_f64);
    loop {
        let left = time.saturating_sub(started.elapsed());
        tokio::time::sleep(SLICE.min(left)).await;
        let look = browser.run_in_browser(STOP, Vec::new()).await.context("Firefox's profile")?;
        let look: Look = serde_json::from_value(look)?;
        (own, wall, longest) = (own + look.own, wall + look.wall, longest.max(look.longest));
        if time <= started.elapsed() {
            break;
        }
        browser.run_in_browser(START, vec![json!(ENTRIES), json!(INTERVAL)]).await?;
    }
    Ok(Own { share: own / wall.max(1.0) * 100.0, longest })
}
