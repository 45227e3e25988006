//! One module a command.

use anyhow::{Result, bail};

pub(crate) mod bench;
pub(crate) mod build;
pub(crate) mod demo;
pub(crate) mod fuzz;
pub(crate) mod package;
pub(crate) mod test;

/// Refuses options for a command that has none.
fn no_options(command: &str, options: &[String]) -> Result<()> {
    match options.first() {
        Some(option) => bail!("cargo xtask {command} has no option \"{option}\""),
        None => Ok(()),
    }
}
