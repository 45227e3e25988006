//! Where things stand in the checkout.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;

/// Version of every crate, and of the extension.
pub(crate) const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The checkout's root.
pub(crate) fn root() -> &'static Path {
    let crate_root = Path::new(env!("CARGO_MANIFEST_DIR"));
    crate_root.parent().unwrap_or(crate_root)
}

/// A path under `extension/`.
pub(crate) fn extension(path: &str) -> PathBuf {
    root().join("extension").join(path)
}

/// A path under `target/`, where all results and installed tools go.
pub(crate) fn target(path: &str) -> PathBuf {
    root().join("target").join(path)
}

/// What cargo says about the workspace's own packages.
pub(crate) fn metadata() -> Result<Value> {
    let arguments = ["metadata", "--no-deps", "--format-version", "1"];
    let output = process::output(process::cargo(&arguments))?;
    serde_json::from_str(&output).context("cargo metadata printed something else than JSON")
}
