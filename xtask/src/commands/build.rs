//! `build`: the extension for both browsers.

use anyhow::{Result, bail};

use crate::bundle::{self, Browser};
use crate::progress::{Progress, note};
use crate::tools;

/// Steps that [`build`] takes.
pub(crate) const STEPS: usize = 6;

/// Runs the command.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let mut optimise = true;
    for option in options {
        match option.as_str() {
            "--skip-opt" => optimise = false,
            other => bail!("cargo xtask build has no option \"{other}\"; there is --skip-opt"),
        }
    }
    let mut progress = Progress::new(STEPS);
    build(&mut progress, optimise)?;
    progress.finish("Built");
    Ok(())
}

/// Builds into `target/extension`, as part of any command.
pub(crate) fn build(progress: &mut Progress, optimise: bool) -> Result<()> {
    progress.step("Find the WebAssembly target", tools::wasm_target)?;
    let compiled = progress.step("Compile the engine to WebAssembly", bundle::compile)?;
    let mut module = progress.step("Bind it to JavaScript", || bundle::bind(&compiled))?;
    progress.step("Make it small", || {
        if optimise {
            bundle::optimise(&mut module)
        } else {
            note("wasm-opt was left out, as asked: the package is larger than it could be");
            Ok(())
        }
    })?;
    progress.step("Put the packages together", || {
        bundle::assemble(&module)?;
        for browser in Browser::ALL {
            note(format!("target/extension/{}", browser.id()));
        }
        Ok(())
    })?;
    // Last, so that a module that grew too large can still be tried out.
    progress.step("Weigh the module", || bundle::measure(&module))
}
