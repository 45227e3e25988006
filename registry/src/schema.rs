//! `soi schema`: the published shape of a snapshot, from the Rust types.

use soi_core::page::snapshot::PageSnapshot;

use crate::CommandError;

pub(crate) fn run() -> Result<String, CommandError> {
    let schema = schemars::schema_for!(PageSnapshot);
    Ok(serde_json::to_string_pretty(&schema)?)
}
