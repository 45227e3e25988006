//! Finds what a command needs, and installs what is missing where that can be done without asking.
//!
//! Everything that is not a Debian package goes under `target/tools`, so that removing the checkout
//! removes all of it.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context, Result, bail};

use crate::process;
use crate::progress::note;
use crate::workspace;

/// The target that the extension is compiled for.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";

/// Oldest Node that every package in `extension/package.json` accepts, and what is installed when it is older.
const NODE_OLDEST: u32 = 20;
const NODE_INSTALLED: &str = "node@22";

/// A program, by any of its names, and the Debian package that brings it.
struct Packaged {
    names: &'static [&'static str],
    package: &'static str,
}

const CHROMIUM: &[Packaged] = &[
    Packaged { names: &["chromium", "chromium-browser", "google-chrome"], package: "chromium" },
    Packaged { names: &["chromedriver"], package: "chromium-driver" },
];

const FIREFOX: &[Packaged] = &[Packaged { names: &["firefox-esr", "firefox"], package: "firefox-esr" }];

const NODE: &[Packaged] =
    &[Packaged { names: &["node"], package: "nodejs" }, Packaged { names: &["npm"], package: "npm" }];

/// The fuzzer is C++.
const CPP: &[Packaged] = &[Packaged { names: &["c++"], package: "g++" }];

/// What the checksums of identifiers are compared with. Its licence is the LGPL: it is run beside the tests, and nothing of
/// it is part of Soi.
const STDNUM: &str = "python-stdnum==2.2";
/// Fails in a Python that lacks it.
const HAS_STDNUM: &str = "from importlib.metadata import version; assert version('python-stdnum') == '2.2'";

/// The compiler's WebAssembly target.
pub(crate) fn wasm_target() -> Result<()> {
    let sysroot = process::output(process::command("rustc", &["--print", "sysroot"]))?;
    let installed = Path::new(sysroot.trim()).join("lib/rustlib").join(WASM_TARGET).join("lib");
    if installed.is_dir() {
        return Ok(());
    }
    if process::find("rustup").is_none() {
        bail!(
            "the compiler has no target {WASM_TARGET}, and there is no rustup to add it: install Rust from rustup.rs"
        );
    }
    process::run(process::command("rustup", &["target", "add", WASM_TARGET]))
        .with_context(|| format!("run: rustup target add {WASM_TARGET}"))
}

/// A component of the tool chain, such as `clippy`. False, with a line that says so, where it cannot be had.
pub(crate) fn component(name: &str, subcommand: &str) -> Result<bool> {
    let present = || -> Result<bool> {
        let version = process::cargo(&[subcommand, "--version"]);
        Ok(process::try_output(version)?.status.success())
    };
    if present()? {
        return Ok(true);
    }
    if process::find("rustup").is_some() {
        process::run(process::command("rustup", &["component", "add", name]))
            .with_context(|| format!("run: rustup component add {name}"))?;
        return present();
    }
    note(format!("skipped: {name} is not installed (rustup component add {name})"));
    Ok(false)
}

/// A compiler for C++, where the environment names none.
pub(crate) fn cpp_compiler() -> Result<()> {
    if env::var_os("CXX").is_some() { Ok(()) } else { packaged(CPP) }
}

/// Chromium and its driver.
pub(crate) fn chromium() -> Result<()> {
    packaged(CHROMIUM)
}

/// Firefox and its driver.
pub(crate) fn firefox() -> Result<()> {
    packaged(FIREFOX)?;
    if process::find("geckodriver").is_some() {
        return Ok(());
    }
    let folder = workspace::target("tools");
    note("geckodriver is compiled once, about two minutes");
    let mut install = process::cargo(&["install", "geckodriver", "--locked", "--root"]);
    install.arg(&folder);
    process::run(install).with_context(|| {
        format!("put geckodriver on PATH, or run: cargo install geckodriver --locked --root {}", folder.display())
    })
}

/// Node and npm, recent enough.
pub(crate) fn node() -> Result<()> {
    packaged(NODE)?;
    if node_major()? >= NODE_OLDEST {
        return Ok(());
    }
    // Debian 12 has Node 18: npm itself brings a newer one.
    let folder = workspace::target("tools");
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let mut install = npm(&["install", "--no-audit", "--no-fund", "--no-save", "--prefix"]);
    install.arg(&folder).arg(NODE_INSTALLED);
    process::run(install).with_context(needs_node)?;
    if node_major()? < NODE_OLDEST {
        bail!(needs_node());
    }
    Ok(())
}

fn needs_node() -> String {
    format!("install Node {NODE_OLDEST} or newer from nodejs.org and put it on PATH")
}

fn node_major() -> Result<u32> {
    let version = process::output(process::command("node", &["--version"]))?;
    version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .next()
        .and_then(|major| major.parse().ok())
        .with_context(|| format!("node --version printed \"{}\"", version.trim()))
}

/// `npm`, with its cache inside the checkout.
fn npm(arguments: &[&str]) -> Command {
    let mut command = process::command("npm", arguments);
    command.env("npm_config_cache", workspace::target("tools/npm-cache"));
    command
}

/// A program from `extension/package.json`, after `npm ci` where that is due.
pub(crate) fn node_program(name: &str) -> Result<PathBuf> {
    node()?;
    let lock = workspace::extension("package-lock.json");
    let installed = workspace::extension("node_modules/.package-lock.json");
    if modified(&installed).is_none_or(|installed| modified(&lock).is_none_or(|lock| lock > installed)) {
        let mut install = npm(&["ci", "--no-audit", "--no-fund"]);
        install.current_dir(workspace::extension(""));
        process::run(install).context("run: cd extension && npm ci")?;
    }
    let program = workspace::extension("node_modules/.bin").join(name);
    if !program.exists() {
        bail!(
            "extension/node_modules has no {name}: add it to extension/package.json, then run: cd extension && npm install"
        );
    }
    Ok(program)
}

/// A Python that has python-stdnum, in a folder of its own. None, with a line that says what to run, where it cannot be had.
pub(crate) fn stdnum() -> Result<Option<PathBuf>> {
    let folder = workspace::target("tools/stdnum");
    let python = folder.join("bin/python");
    let has_stdnum = || runs(&python.to_string_lossy(), HAS_STDNUM);
    if has_stdnum() {
        return Ok(Some(python));
    }
    if let Err(error) = install_stdnum(&folder, &python) {
        note(format!("{error:#}"));
    }
    if has_stdnum() {
        return Ok(Some(python));
    }
    let (folder, python) = (folder.display(), python.display());
    note(format!(
        "identifiers are not compared with {STDNUM}. To have that, install Python 3 with venv (on Debian or Ubuntu:"
    ));
    note(format!(
        "sudo apt-get install python3-venv) and run: python3 -m venv {folder} && {python} -m pip install {STDNUM}"
    ));
    Ok(None)
}

fn install_stdnum(folder: &Path, python: &Path) -> Result<()> {
    // Debian's python3 comes without what makes a venv.
    if !runs("python3", "import ensurepip, venv") {
        debian_packages(&["python3-venv"], &["python3", "its module venv"])?;
    }
    let mut venv = process::command("python3", &["-m", "venv", "--clear"]);
    venv.arg(folder);
    process::run(venv)?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", STDNUM];
    process::run(process::command(&python.to_string_lossy(), &install))
}

/// Whether a Python is there and runs a line without complaint.
fn runs(python: &str, line: &str) -> bool {
    process::try_output(process::command(python, &["-c", line])).is_ok_and(|output| output.status.success())
}

fn modified(path: &Path) -> Option<SystemTime> {
    fs::metadata(path).ok()?.modified().ok()
}

/// Sees to it that programs are there.
fn packaged(programs: &[Packaged]) -> Result<()> {
    let missing: Vec<&Packaged> =
        programs.iter().filter(|program| program.names.iter().all(|name| process::find(name).is_none())).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let packages: Vec<&str> = missing.iter().map(|program| program.package).collect();
    let names: Vec<&str> = missing.iter().filter_map(|program| program.names.first()).copied().collect();
    debian_packages(&packages, &names)
}

/// Installs packages when this is root on Debian; otherwise says what to run.
fn debian_packages(packages: &[&str], missing: &[&str]) -> Result<()> {
    let debian = Path::new("/etc/debian_version").exists() && process::find("apt-get").is_some();
    if !debian || !is_root()? {
        bail!(
            "not on PATH: {}. On Debian or Ubuntu run: sudo apt-get install {}; elsewhere install them and put them on PATH",
            missing.join(", "),
            packages.join(" "),
        );
    }
    apt_get(&["update"])?;
    let mut install = vec!["install", "--yes", "--no-install-recommends"];
    install.extend(packages);
    apt_get(&install)
}

fn apt_get(arguments: &[&str]) -> Result<()> {
    let mut command = process::command("apt-get", arguments);
    command.env("DEBIAN_FRONTEND", "noninteractive");
    process::run(command)
}

fn is_root() -> Result<bool> {
    Ok(process::output(process::command("id", &["-u"]))?.trim() == "0")
}
