//! Weight of the modules.

use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use soi_tests::browser::Kind;

use crate::row::Row;
use crate::wasm::modules;

/// What the shipped module may weigh.
const BUDGET: f64 = 200.0;

pub(crate) fn rows() -> Result<Vec<Row>> {
    let own = gzipped(&Kind::Chromium.package().join("soi_bg.wasm"))?;
    let peer = gzipped(&modules().join("adblock.wasm"))?;
    let against = "adblock 0.13, built alike";
    Ok(vec![Row::new("shipped WebAssembly, gzipped", own, "KB").against(against, peer).at_most(BUDGET)])
}

/// Kilobytes.
fn gzipped(path: &Path) -> Result<f64> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&bytes)?;
    Ok(gzip.finish()?.len() as f64 / 1024.0)
}
