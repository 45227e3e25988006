//! `bench`: measures and shows what was measured.
//!
//! `soi-bench` writes `target/bench.json`: a list of `{name, value, unit, against, ratio, goal, goal_met}`, where
//! `against` names the peer that was measured in the same run and `ratio` is the value divided by the peer's.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::build;
use crate::bundle::{self, Module};
use crate::progress::{Progress, note};
use crate::tools::{self, WASM_TARGET};
use crate::{process, workspace};

/// Debian's package of the filter lists that the peer is measured with, and where they stand in it. It is unpacked,
/// not installed: installed, it would run in every Chromium.
const LISTS_PACKAGE: &str = "webext-ublock-origin-chromium";
const LISTS_FOLDER: &str = "usr/share/chromium/extensions/ublock-origin/assets/thirdparties/easylist";
const LISTS: [&str; 2] = ["easylist.txt", "easyprivacy.txt"];

/// What can be measured alone.
const PARTS: [&str; 8] = ["assessment", "claims", "packs", "size", "badge", "cost", "flood", "requests"];

/// Crates that are compiled for the measurement alone.
const PEER: &str = "soi-bench-adblock";
const ENGINE: &str = "soi-bench-engine";
/// As the extension is compiled, and as a Rust program usually is.
const SHIPPED: &str = "release-wasm";
const FAST: &str = "release";

/// Runs the command. A goal that was missed is shown and is no failure: the run is what must succeed.
pub(crate) fn run(options: &[String]) -> Result<()> {
    check(options)?;
    let mut progress = Progress::new(build::STEPS + 5);
    progress.step("Find the browsers", || {
        if let Err(error) = tools::firefox() {
            note(format!("left out, with its rows: {error:#}"));
        }
        tools::chromium()
    })?;
    progress.step("Fetch the peer's filter lists", || {
        if let Err(error) = lists() {
            note(format!("left out, with the rows that need them: {error:#}"));
        }
        Ok(())
    })?;
    // Before the extension is built, which leaves its own module where these are bound.
    progress.step("Compile what is only measured", modules)?;
    build::build(&mut progress, true)?;
    progress.step("Measure", || {
        let mut cargo = process::cargo(&["run", "--release", "--package", "soi-bench", "--"]);
        cargo.args(options);
        process::run(cargo)
    })?;
    progress.step("Show", show)?;
    progress.finish("Measured");
    Ok(())
}

/// Refuses what `soi-bench` would refuse, before minutes are spent on building.
fn check(options: &[String]) -> Result<()> {
    let mut options = options.iter().map(String::as_str);
    while let Some(option) = options.next() {
        match (option, (option == "--only").then(|| options.next()).flatten()) {
            ("--quick", _) => {}
            ("--only", Some(part)) if PARTS.contains(&part) => {}
            ("--only", _) => bail!("--only is followed by one of {}", PARTS.join(", ")),
            (other, _) => bail!(
                "cargo xtask bench has no option \"{other}\"; there are --quick, a trial with few samples, and --only PART"
            ),
        }
    }
    Ok(())
}

/// Puts the filter lists into `target/bench`.
fn lists() -> Result<()> {
    let folder = workspace::target("bench");
    if LISTS.iter().all(|list| folder.join(list).is_file()) {
        return Ok(());
    }
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut download = process::command("apt-get", &["download", LISTS_PACKAGE]);
    download.current_dir(&folder);
    process::run(download).with_context(|| {
        format!("copy {} of Debian's {LISTS_PACKAGE} into {} by hand", LISTS.join(" and "), folder.display())
    })?;
    let is_package = |path: &PathBuf| path.extension().is_some_and(|end| end == "deb");
    let files: Vec<PathBuf> = fs::read_dir(&folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    let package = files.into_iter().find(is_package).context("apt-get downloaded no package")?;
    let unpacked = folder.join("unpacked");
    let mut unpack = process::command("dpkg-deb", &["--extract"]);
    unpack.arg(&package).arg(&unpacked);
    process::run(unpack)?;
    for list in LISTS {
        let from = unpacked.join(LISTS_FOLDER).join(list);
        fs::copy(&from, folder.join(list)).with_context(|| format!("{LISTS_PACKAGE} has no {}", from.display()))?;
    }
    fs::remove_dir_all(&unpacked)?;
    fs::remove_file(&package)?;
    Ok(())
}

/// Puts the modules that are measured and not shipped into `target/bench/wasm`.
fn modules() -> Result<()> {
    tools::wasm_target()?;
    let folder = workspace::target("bench/wasm");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    for (name, package, profile) in
        [("adblock", PEER, SHIPPED), ("adblock-fast", PEER, FAST), ("engine", ENGINE, SHIPPED)]
    {
        let mut module = bundle::bind(&compile(package, profile)?)?;
        if profile == SHIPPED {
            bundle::optimise(&mut module)?;
        }
        write(&folder, name, &module)?;
    }
    Ok(())
}

fn compile(package: &str, profile: &str) -> Result<PathBuf> {
    let mut cargo = process::cargo(&["rustc", "--lib", "--crate-type", "cdylib", "--target", WASM_TARGET]);
    cargo.args(["--package", package, "--profile", profile]);
    process::run(cargo)?;
    let metadata = workspace::metadata()?;
    let target =
        metadata.get("target_directory").and_then(Value::as_str).context("cargo metadata names no target directory")?;
    let file = format!("{}.wasm", package.replace('-', "_"));
    Ok([target, WASM_TARGET, profile, &file].iter().collect())
}

fn write(folder: &Path, name: &str, module: &Module) -> Result<()> {
    fs::write(folder.join(format!("{name}.js")), &module.glue)?;
    fs::write(folder.join(format!("{name}.wasm")), &module.wasm)?;
    Ok(())
}

fn show() -> Result<()> {
    let path = workspace::target("bench.json");
    let text = fs::read_to_string(&path).with_context(|| format!("the run wrote no {}", path.display()))?;
    let rows: Vec<Value> =
        serde_json::from_str(&text).with_context(|| format!("{} is not a list of rows", path.display()))?;
    let mut table = vec![["", "measured", "peer", "ratio", "goal", "goal met"].map(str::to_owned)];
    table.extend(rows.iter().map(cells));
    for line in aligned(&table) {
        note(line);
    }
    Ok(())
}

fn cells(row: &Value) -> [String; 6] {
    let text = |key| match row.get(key) {
        None | Some(Value::Null) => "–".to_owned(),
        Some(Value::String(text)) => text.clone(),
        Some(Value::Bool(true)) => "yes".to_owned(),
        Some(Value::Bool(false)) => "NO".to_owned(),
        Some(other) => other.to_string(),
    };
    let with_unit = |key, unit: &str| match text(key) {
        nothing if nothing == "–" => nothing,
        number => format!("{number}{unit}"),
    };
    let unit = row.get("unit").and_then(Value::as_str).unwrap_or_default();
    [
        text("name"),
        with_unit("value", &format!(" {unit}")),
        text("against"),
        with_unit("ratio", "×"),
        text("goal"),
        text("goal_met"),
    ]
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
        let met = json!({"name": "wasm, gzipped", "value": 132.5, "unit": "KB", "against": "adblock", "ratio": 0.5,
            "goal": "≤ 200 KB", "goal_met": true});
        let missing = json!({"name": "assessment", "value": null, "unit": "µs", "against": null, "ratio": null,
            "goal": "≤ 2× the peer", "goal_met": false});
        assert_eq!(
            aligned(&[cells(&met), cells(&missing)]),
            [
                "wasm, gzipped  132.5 KB  adblock  0.5×  ≤ 200 KB       yes",
                "assessment     –         –        –     ≤ 2× the peer  NO",
            ],
        );
    }
}
