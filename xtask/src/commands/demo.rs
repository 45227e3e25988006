//! `demo`: Soi on the local pages, in a browser.

use std::env;
use std::path::absolute;

use anyhow::{Context, Result, bail};

use super::build;
use crate::progress::Progress;
use crate::{process, tools};

/// Runs the command. Options are the demo's own: see `tests/src/bin/demo.rs`.
pub(crate) fn run(options: &[String]) -> Result<()> {
    if !options.iter().any(|option| option == "--headless") && !has_display() {
        bail!(
            "there is no display to open a browser on. Run: cargo xtask demo --headless --screenshots target/screenshots"
        );
    }
    let mut progress = Progress::new(build::STEPS + 2);
    progress.step("Find a browser", tools::chromium)?;
    build::build(&mut progress, true)?;
    let options = from_here(options)?;
    progress.step("Show Soi on the local pages", || {
        let mut cargo = process::cargo(&["run", "--package", "soi-tests", "--bin", "demo", "--"]);
        cargo.args(&options);
        process::run(cargo)
    })?;
    progress.finish("Shown");
    Ok(())
}

fn has_display() -> bool {
    !cfg!(target_os = "linux") || ["DISPLAY", "WAYLAND_DISPLAY"].iter().any(|name| env::var_os(name).is_some())
}

/// The same options with the screenshots' folder seen from where the command was typed.
fn from_here(options: &[String]) -> Result<Vec<String>> {
    let mut seen = Vec::new();
    let mut is_folder = false;
    for option in options {
        seen.push(if is_folder {
            let folder = absolute(option).with_context(|| format!("--screenshots {option}"))?;
            folder.to_string_lossy().into_owned()
        } else {
            option.clone()
        });
        is_folder = option == "--screenshots";
    }
    if is_folder {
        bail!("--screenshots is followed by a folder");
    }
    Ok(seen)
}
