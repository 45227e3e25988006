//! `test`: everything that must hold before a change goes in.

use std::env;
use std::process::Command;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use super::{build, fuzz};
use crate::bundle::Browser;
use crate::progress::{Progress, note};
use crate::tools::{self, WASM_TARGET};
use crate::{process, workspace};

const PACKAGE: &str = "soi-tests";
const END_TO_END: &str = "e2e";
/// Names a Python that has python-stdnum, for the suite that compares identifiers with it.
const STDNUM_PYTHON: &str = "SOI_STDNUM_PYTHON";

/// How long each fuzzer runs when nobody says otherwise.
const FUZZ_SECONDS: u64 = 60;

/// A part that can be run alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    /// Format, lints, types.
    Lint,
    /// Native tests.
    Core,
    /// Any bytes as a pack, any text as record files.
    Fuzz,
    /// The packages.
    Wasm,
    /// The packages in real browsers.
    EndToEnd,
}

impl Part {
    const ALL: [Self; 5] = [Self::Lint, Self::Core, Self::Fuzz, Self::Wasm, Self::EndToEnd];

    fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Core => "core",
            Self::Fuzz => "fuzz",
            Self::Wasm => "wasm",
            Self::EndToEnd => END_TO_END,
        }
    }
}

struct Options {
    only: Option<Part>,
    bless: bool,
    /// How long each fuzzer runs.
    seconds: u64,
}

impl Options {
    fn parse(options: &[String]) -> Result<Self> {
        let mut parsed = Self { only: None, bless: false, seconds: FUZZ_SECONDS };
        let mut options = options.iter();
        while let Some(option) = options.next() {
            match option.as_str() {
                "--bless" => parsed.bless = true,
                "--only" => {
                    let named = options.next().map(String::as_str);
                    parsed.only = Part::ALL.into_iter().find(|part| Some(part.name()) == named);
                    if parsed.only.is_none() {
                        bail!("--only is followed by core, wasm, e2e, fuzz or lint");
                    }
                }
                "--seconds" => {
                    let seconds = options.next().and_then(|seconds| seconds.parse().ok());
                    parsed.seconds =
                        seconds.filter(|seconds| *seconds > 0).context("--seconds is followed by a number")?;
                }
                other => {
                    bail!("cargo xtask test has no option \"{other}\"; there are --only PART, --bless and --seconds N")
                }
            }
        }
        Ok(parsed)
    }

    fn takes(&self, part: Part) -> bool {
        self.only.is_none_or(|only| only == part)
    }
}

struct Step {
    part: Part,
    name: &'static str,
    work: fn(&Options) -> Result<()>,
}

/// Steps besides those of the build, in order.
const STEPS: [Step; 10] = [
    Step::new(Part::Lint, "Format", format),
    Step::new(Part::Lint, "Lints of the native crates", clippy_native),
    Step::new(Part::Lint, "Lints of the extension", clippy_wasm),
    Step::new(Part::Core, "Tests of the engine, the registry and the extension", test_core),
    Step::new(Part::Core, "Tests of the structure, the cases and the commands", test_house),
    Step::new(Part::Fuzz, "Any bytes as a pack", fuzz_pack),
    Step::new(Part::Fuzz, "Any text as record files", fuzz_records),
    Step::new(Part::Lint, "Types of the JavaScript", typescript),
    Step::new(Part::Wasm, "Firefox's linter on the package", web_ext_lint),
    Step::new(Part::EndToEnd, "End to end, in both browsers", end_to_end),
];

impl Step {
    const fn new(part: Part, name: &'static str, work: fn(&Options) -> Result<()>) -> Self {
        Self { part, name, work }
    }
}

/// Runs the command.
pub(crate) fn run(options: &[String]) -> Result<()> {
    let options = Options::parse(options)?;
    let builds = options.takes(Part::Wasm) || options.takes(Part::EndToEnd);
    let steps: Vec<_> = STEPS.into_iter().filter(|step| options.takes(step.part)).collect();
    let mut progress = Progress::new(steps.len() + if builds { build::STEPS } else { 0 });
    let mut built = !builds;
    for Step { part, name, work } in steps {
        if !built && matches!(part, Part::Wasm | Part::EndToEnd) {
            build::build(&mut progress, true).with_context(|| alone(part))?;
            built = true;
        }
        progress.step(name, || work(&options)).with_context(|| alone(part))?;
    }
    progress.finish("All tests pass");
    Ok(())
}

fn alone(part: Part) -> String {
    format!("the tests stopped; this part alone: cargo xtask test --only {}", part.name())
}

fn format(_: &Options) -> Result<()> {
    if !tools::component("rustfmt", "fmt")? {
        return Ok(());
    }
    process::run(process::cargo(&["fmt", "--all", "--check"])).context("run: cargo fmt --all")
}

fn clippy_native(_: &Options) -> Result<()> {
    if !tools::component("clippy", "clippy")? {
        return Ok(());
    }
    let arguments = ["clippy", "--workspace", "--exclude", "soi-extension", "--all-targets"];
    process::run(deny_warnings(process::cargo(&arguments)))
}

fn clippy_wasm(_: &Options) -> Result<()> {
    if !tools::component("clippy", "clippy")? {
        return Ok(());
    }
    tools::wasm_target()?;
    let arguments = ["clippy", "--package", "soi-extension", "--target", WASM_TARGET];
    process::run(deny_warnings(process::cargo(&arguments)))
}

fn deny_warnings(mut clippy: Command) -> Command {
    clippy.args(["--", "--deny", "warnings"]);
    clippy
}

fn test_core(options: &Options) -> Result<()> {
    cargo_test(
        &[
            "test",
            "--package",
            "soi-core",
            "--package",
            "soi-registry",
            "--package",
            "soi-extension",
            "--package",
            "soi-fuzz",
        ],
        options,
    )
}

/// The rest of the native tests: all of `soi-tests` but the end-to-end suite, and these commands.
fn test_house(options: &Options) -> Result<()> {
    let mut arguments = vec!["test", "--package", "xtask", "--package", PACKAGE, "--bins", "--lib"];
    let suites = suites()?;
    for suite in suites.iter().filter(|suite| *suite != END_TO_END) {
        arguments.extend(["--test", suite]);
    }
    let mut command = test_command(&arguments, options);
    if env::var_os(STDNUM_PYTHON).is_none()
        && let Some(python) = tools::stdnum()?
    {
        command.env(STDNUM_PYTHON, python);
    }
    process::run(command)
}

fn fuzz_pack(options: &Options) -> Result<()> {
    fuzz::run("pack", options.seconds)
}

fn fuzz_records(options: &Options) -> Result<()> {
    fuzz::run("records", options.seconds)
}

fn typescript(_: &Options) -> Result<()> {
    let tsc = tools::node_program("tsc")?;
    let mut command = process::command(&tsc.to_string_lossy(), &["--noEmit"]);
    command.current_dir(workspace::extension(""));
    process::run(command)
}

/// Runs the linter for its report: it ends with success when there are only warnings.
fn web_ext_lint(_: &Options) -> Result<()> {
    let web_ext = tools::node_program("web-ext")?;
    let folder = Browser::Firefox.folder();
    let arguments = ["lint", "--output", "json", "--no-config-discovery", "--source-dir"];
    let mut command = process::command(&web_ext.to_string_lossy(), &arguments);
    command.arg(&folder).env("NO_UPDATE_NOTIFIER", "1");
    let output = process::try_output(command)?;
    let report: Value = serde_json::from_slice(&output.stdout).with_context(|| {
        let said = String::from_utf8_lossy(&output.stderr);
        format!("web-ext lint printed no report: {}", said.trim())
    })?;
    let mut complaints = 0;
    for kind in ["errors", "warnings"] {
        for complaint in report.get(kind).and_then(Value::as_array).into_iter().flatten() {
            complaints += 1;
            let text = |key| complaint.get(key).and_then(Value::as_str).unwrap_or_default();
            note(format!("{kind}: {} {}: {}", text("code"), text("file"), text("message")));
        }
    }
    if complaints > 0 {
        bail!("web-ext lint complains {complaints} times about {}", folder.display());
    }
    note("0 errors, 0 warnings");
    Ok(())
}

fn end_to_end(options: &Options) -> Result<()> {
    tools::chromium()?;
    tools::firefox()?;
    // One at a time: two browsers on two cores measure each other.
    cargo_test(&["test", "--package", PACKAGE, "--test", END_TO_END, "--", "--test-threads=1"], options)
}

fn cargo_test(arguments: &[&str], options: &Options) -> Result<()> {
    process::run(test_command(arguments, options))
}

fn test_command(arguments: &[&str], options: &Options) -> Command {
    let mut command = process::cargo(arguments);
    if options.bless {
        command.env("SOI_BLESS", "1");
    }
    command
}

/// Names of the test suites of `soi-tests`.
fn suites() -> Result<Vec<String>> {
    let metadata = workspace::metadata()?;
    let packages = metadata.get("packages").and_then(Value::as_array);
    let package = packages
        .into_iter()
        .flatten()
        .find(|package| package.get("name").and_then(Value::as_str) == Some(PACKAGE))
        .with_context(|| format!("cargo metadata names no package {PACKAGE}"))?;
    let targets = package.get("targets").and_then(Value::as_array);
    Ok(targets
        .into_iter()
        .flatten()
        .filter(|target| {
            let kinds = target.get("kind").and_then(Value::as_array);
            kinds.into_iter().flatten().any(|kind| kind == "test")
        })
        .filter_map(|target| target.get("name").and_then(Value::as_str))
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read() {
        let parse = |line: &str| Options::parse(&line.split_whitespace().map(str::to_owned).collect::<Vec<_>>());
        assert!(parse("").unwrap().only.is_none());
        assert_eq!(parse("--bless --only e2e").unwrap().only, Some(Part::EndToEnd));
        assert_eq!(parse("").unwrap().seconds, 60);
        assert_eq!(parse("--only fuzz --seconds 600").unwrap().seconds, 600);
        assert!(parse("--seconds").is_err() && parse("--seconds none").is_err() && parse("--seconds 0").is_err());
        assert!(parse("--only everything").is_err());
        assert!(parse("--quick").is_err());
    }
}
