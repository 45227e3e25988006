//! The engine's module: compiled, bound to JavaScript, made small, and measured.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use flate2::Compression;
use flate2::write::GzEncoder;
use serde_json::Value;
use wasm_bindgen_cli_support::Bindgen;

use crate::progress::note;
use crate::tools::{self, WASM_TARGET};
use crate::{process, workspace};

const PROFILE: &str = "release-wasm";

/// What a gzipped module may weigh, in bytes, before the build refuses it. The browser loads it anew each time it wakes the
/// background. The goal is 200 KB, and `bench` says how far it is.
const BUDGET: usize = 212 * 1024;

/// What `wasm-opt` does and may use. By name, copies of one generic function stand together and compress well. With
/// `--all-features` it writes modules that browsers refuse. Nothing lies in the lowest kilobyte of memory, which is the
/// stack's last: offsets below that can stand in the instructions themselves.
const WASM_OPT: [&str; 11] = [
    "--low-memory-unused",
    "-Oz",
    "--merge-similar-functions",
    "-Oz",
    "--reorder-functions-by-name",
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-mutable-globals",
    "--enable-sign-ext",
];

/// A module ready to be packaged.
pub(crate) struct Module {
    /// JavaScript that loads it.
    pub(crate) glue: Vec<u8>,
    /// WebAssembly.
    pub(crate) wasm: Vec<u8>,
    /// Whether `wasm-opt` has seen it.
    pub(crate) optimised: bool,
}

/// Compiles `soi-extension`; returns the module's path.
pub(crate) fn compile() -> Result<PathBuf> {
    let metadata = workspace::metadata()?;
    let target =
        metadata.get("target_directory").and_then(Value::as_str).context("cargo metadata names no target directory")?;
    let mut cargo = process::cargo(&["rustc", "--package", "soi-extension", "--lib"]);
    // Cargo leaves out link-time optimisation, a sixth of the size, when the crate is a library for Rust too.
    cargo.args(["--crate-type", "cdylib"]);
    cargo.args(["--target", WASM_TARGET, "--profile", PROFILE]);
    cargo.arg("--config").arg(same_paths_everywhere()?);
    process::run(cargo)?;
    let module = Path::new(target).join(WASM_TARGET).join(PROFILE).join("soi_extension.wasm");
    if !module.is_file() {
        bail!("{} was not written: extension/Cargo.toml needs crate-type = [\"cdylib\"]", module.display());
    }
    Ok(module)
}

/// Panic messages name source files: without this the module would differ from machine to machine.
fn same_paths_everywhere() -> Result<String> {
    let cargo_home = std::env::var_os("CARGO_HOME")
        .map(PathBuf::from)
        .or_else(|| std::env::home_dir().map(|home| home.join(".cargo")))
        .context("neither CARGO_HOME nor a home folder is known: set CARGO_HOME")?;
    let flags = [
        format!("--remap-path-prefix={}=.", workspace::root().display()),
        format!("--remap-path-prefix={}=cargo", cargo_home.display()),
    ];
    Ok(format!("target.{WASM_TARGET}.rustflags = {}", serde_json::to_string(&flags)?))
}

/// Writes `soi.js`, its declarations and `soi_bg.wasm` to `target/wasm`.
pub(crate) fn bind(compiled: &Path) -> Result<Module> {
    let folder = workspace::target("wasm");
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name("soi")
        .web(true)?
        .typescript(true)
        // The module is fetched by an explicit address.
        .omit_default_module_path(true)
        // An instance that has panicked is thrown away and made anew.
        .reset_state_function(true)
        .remove_producers_section(true);
    bindgen.generate(&folder).context("wasm-bindgen refused the module")?;
    Ok(Module { glue: read(&folder.join("soi.js"))?, wasm: read(&folder.join("soi_bg.wasm"))?, optimised: false })
}

/// Runs `wasm-opt` from `extension/node_modules`. Without Node the module stays as it is, and a line says so.
pub(crate) fn optimise(module: &mut Module) -> Result<()> {
    let program = match tools::node_program("wasm-opt") {
        Ok(program) => program,
        Err(error) => {
            note(format!("wasm-opt was left out, so the package is larger than it could be: {error:#}"));
            return Ok(());
        }
    };
    let folder = workspace::target("wasm");
    let optimised = folder.join("soi_opt.wasm");
    let mut command = process::command(&program.to_string_lossy(), &WASM_OPT);
    command.arg(folder.join("soi_bg.wasm")).arg("-o").arg(&optimised);
    process::run(command)?;
    module.wasm = read(&optimised)?;
    module.optimised = true;
    Ok(())
}

/// Prints the module's size and refuses one over the budget.
pub(crate) fn measure(module: &Module) -> Result<()> {
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&module.wasm)?;
    let gzipped = gzip.finish()?.len();
    note(format!(
        "soi_bg.wasm: {} raw, {} gzipped, of {} allowed",
        kilobytes(module.wasm.len()),
        kilobytes(gzipped),
        kilobytes(BUDGET),
    ));
    if gzipped > BUDGET && module.optimised {
        bail!(
            "the gzipped module is {} over its budget: look at what the last change pulled in",
            kilobytes(gzipped - BUDGET),
        );
    }
    if gzipped > BUDGET {
        note("over the budget, which counts after wasm-opt only");
    }
    Ok(())
}

fn kilobytes(bytes: usize) -> String {
    format!("{:.1} KB", bytes as f64 / 1024.0)
}

fn read(path: &Path) -> Result<Vec<u8>> {
    fs::read(path).with_context(|| format!("cannot read {}", path.display()))
}
