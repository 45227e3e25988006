//! Soi's commands: `cargo xtask demo | test | build | bench | package`.

use std::process::ExitCode;

use anyhow::{Result, bail};

mod bundle;
mod commands;
mod process;
mod progress;
mod tools;
mod workspace;

const USAGE: &str = "\
Usage: cargo xtask <command>

  demo     Set up, build, and show Soi on the local pages
             --headless          without a window
             --screenshots DIR   write pictures of every screen to DIR
             (other options go to the demo itself)
  test     Everything that must hold before a change goes in
             --only core|wasm|e2e|fuzz|lint   one part of it
             --bless                          accept the new output as the expected one
             --seconds N                      how long each fuzzer runs; 60 without it
  build    The extension for both browsers, in target/extension/
             --skip-opt          leave out wasm-opt: quicker, larger
  bench    Measure against the goals, in target/bench.json
  package  The files for the stores, in target/package/";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match run(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error}");
            for cause in error.chain().skip(1) {
                eprintln!("  because: {cause}");
            }
            ExitCode::FAILURE
        }
    }
}

fn run(arguments: &[String]) -> Result<()> {
    let Some((command, options)) = arguments.split_first() else {
        bail!("no command given\n\n{USAGE}");
    };
    match command.as_str() {
        "demo" => commands::demo::run(options),
        "test" => commands::test::run(options),
        "build" => commands::build::run(options),
        "bench" => commands::bench::run(options),
        "package" => commands::package::run(options),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        other => bail!("there is no command \"{other}\"\n\n{USAGE}"),
    }
}
