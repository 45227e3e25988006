//! Starting other programs.

use std::env;
use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::process::{Command, Output};

use anyhow::{Context, Result, bail};

use crate::{progress, workspace};

/// Folders searched for programs: those that `tools.rs` fills, then `PATH`.
fn search_path() -> Vec<PathBuf> {
    let mut folders = vec![workspace::target("tools/bin"), workspace::target("tools/node_modules/node/bin")];
    if let Some(path) = env::var_os("PATH") {
        folders.extend(env::split_paths(&path));
    }
    folders
}

/// Where a program is.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let file = format!("{program}{}", env::consts::EXE_SUFFIX);
    search_path().into_iter().map(|folder| folder.join(&file)).find(|path| path.is_file())
}

/// A program, started from the checkout's root, that finds the installed tools on its `PATH`.
pub(crate) fn command<S: AsRef<OsStr>>(program: &str, arguments: &[S]) -> Command {
    let path = find(program).map_or_else(|| OsString::from(program), PathBuf::into_os_string);
    let mut command = Command::new(path);
    command.args(arguments).current_dir(workspace::root());
    if let Ok(joined) = env::join_paths(search_path()) {
        command.env("PATH", joined);
    }
    command
}

/// The cargo that runs this.
pub(crate) fn cargo<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let cargo = env::var("CARGO").unwrap_or_else(|_| "cargo".to_owned());
    command(&cargo, arguments)
}

/// Runs a program and lets its output through.
pub(crate) fn run(mut command: Command) -> Result<()> {
    let line = line_of(&command);
    progress::note(format!("$ {line}"));
    let status = command.status().with_context(|| cannot_start(&line))?;
    if !status.success() {
        bail!("`{line}` ended with {status}");
    }
    Ok(())
}

/// Runs a program for what it prints, whether it succeeds or not.
pub(crate) fn try_output(mut command: Command) -> Result<Output> {
    let line = line_of(&command);
    command.output().with_context(|| cannot_start(&line))
}

/// Runs a program for what it prints.
pub(crate) fn output(command: Command) -> Result<String> {
    let line = line_of(&command);
    let output = try_output(command)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        bail!("`{line}` ended with {}: {}", output.status, said.trim());
    }
    String::from_utf8(output.stdout).with_context(|| format!("`{line}` printed something else than text"))
}

fn cannot_start(line: &str) -> String {
    format!("`{line}` cannot be started: is the program installed?")
}

/// A command as one would type it.
fn line_of(command: &Command) -> String {
    let program = PathBuf::from(command.get_program());
    let name = program.file_name().unwrap_or(program.as_os_str());
    let mut line = name.to_string_lossy().into_owned();
    for argument in command.get_args() {
        let argument = argument.to_string_lossy();
        if argument.contains([' ', '"', '*', '[']) {
            line.push_str(&format!(" '{argument}'"));
        } else {
            line.push_str(&format!(" {argument}"));
        }
    }
    line
}
