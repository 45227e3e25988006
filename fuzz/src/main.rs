//! `soi-fuzz seeds FOLDER` writes what the fuzzer begins with; `soi-fuzz again pack|records FILE…` looks at inputs again.

use std::fs;
use std::path::Path;
use std::process::ExitCode;

use soi_fuzz::{pack, records, seeds};

const USAGE: &str = "Usage: soi-fuzz seeds FOLDER | soi-fuzz again pack|records FILE…";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["seeds", folder] => seeds::write(Path::new(folder)).map_err(|error| format!("{folder}: {error}")),
        ["again", "pack", files @ ..] => again(files, pack::run),
        ["again", "records", files @ ..] => again(files, records::run),
        _ => Err(USAGE.to_owned()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            eprintln!("{problem}");
            ExitCode::FAILURE
        }
    }
}

fn again(files: &[&str], run: fn(&[u8])) -> Result<(), String> {
    for file in files {
        run(&fs::read(file).map_err(|error| format!("{file}: {error}"))?);
        println!("{file}: everything holds");
    }
    Ok(())
}
