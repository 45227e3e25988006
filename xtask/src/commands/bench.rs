//! `bench`: measures and shows what was measured.
//!
//! `soi-tests` writes `target/bench.json`: `{"rows": [{"name", "measured", "unit", "goal", "goal_met"}]}`, where
//! `goal` is the goal in words and `goal_met` is null for a row that is only compared with.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{build, no_options};
use crate::progress::{Progress, note};
use crate::{process, tools, workspace};

/// Runs the command. A goal that was missed is shown and is no failure: the run is what must succeed.
pub(crate) fn run(options: &[String]) -> Result<()> {
    no_options("bench", options)?;
    let mut progress = Progress::new(build::STEPS + 3);
    progress.step("Find a browser", tools::chromium)?;
    build::build(&mut progress, true)?;
    progress.step("Measure", || {
        process::run(process::cargo(&["run", "--release", "--package", "soi-tests", "--bin", "bench"]))
    })?;
    progress.step("Show", show)?;
    progress.finish("Measured");
    Ok(())
}

fn show() -> Result<()> {
    let path = workspace::target("bench.json");
    let text = fs::read_to_string(&path).with_context(|| format!("the run wrote no {}", path.display()))?;
    let report: Value = serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))?;
    let rows =
        report.get("rows").and_then(Value::as_array).with_context(|| format!("{} has no rows", path.display()))?;
    let mut table = vec![["", "measured", "goal", "goal met"].map(str::to_owned)];
    table.extend(rows.iter().map(cells));
    for line in aligned(&table) {
        note(line);
    }
    Ok(())
}

fn cells(row: &Value) -> [String; 4] {
    let text = |key| match row.get(key) {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(Value::Bool(false)) => "NO".to_owned(),
        Some(other) => other.to_string(),
    };
    let unit = row.get("unit").and_then(Value::as_str).unwrap_or_default();
    let measured = format!("{} {unit}", text("measured"));
    [text("name"), measured.trim_end().to_owned(), text("goal"), text("goal_met")]
}

/// Lines of a table whose columns stand under each other.
fn aligned<const COLUMNS: usize>(table: &[[String; COLUMNS]]) -> Vec<String> {
    let widths: Vec<usize> = (0..COLUMNS)
        .map(|column| {
            let lengths = table.iter().filter_map(|row| row.get(column));
            lengths.map(|cell| cell.chars().count()).max().unwrap_or_default()
        })
        .collect();
    table
        .iter()
        .map(|row| {
            let cells = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:width$}"));
            cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_row_is_shown_whole() {
        let met =
            json!({"name": "wasm, gzipped", "measured": 132.5, "unit": "KB", "goal": "≤ 200 KB", "goal_met": true});
        let only_compared = json!({"name": "adblock", "measured": "2.4", "unit": "µs", "goal_met": null});
        let table = [cells(&met), cells(&only_compared)];
        assert_eq!(aligned(&table), ["wasm, gzipped  132.5 KB  ≤ 200 KB  yes", "adblock        2.4 µs    –         –"],);
    }
}
