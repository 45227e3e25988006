//! Numbered steps with the time each took.

use std::time::{Duration, Instant};

use anyhow::{Context, Result};

/// Counts the steps of a command.
pub(crate) struct Progress {
    total: usize,
    begun: usize,
    started: Instant,
}

impl Progress {
    /// A command of `total` steps.
    pub(crate) fn new(total: usize) -> Self {
        Self { total, begun: 0, started: Instant::now() }
    }

    /// Runs the next step; its failure names it.
    pub(crate) fn step<T>(&mut self, name: &str, work: impl FnOnce() -> Result<T>) -> Result<T> {
        self.begun += 1;
        let number = format!("[{}/{}]", self.begun, self.total);
        println!("\n{number} {name}");
        let started = Instant::now();
        let value = work().with_context(|| format!("step {number} failed: {name}"))?;
        println!("{number} done in {}", seconds(started.elapsed()));
        Ok(value)
    }

    /// The closing line.
    pub(crate) fn finish(&self, message: &str) {
        println!("\n{message} ({})", seconds(self.started.elapsed()));
    }
}

/// A line about what a step is doing.
pub(crate) fn note(message: impl AsRef<str>) {
    println!("    {}", message.as_ref());
}

fn seconds(elapsed: Duration) -> String {
    match elapsed.as_secs() {
        0..60 => format!("{:.1} s", elapsed.as_secs_f64()),
        whole => format!("{} min {} s", whole / 60, whole % 60),
    }
}
