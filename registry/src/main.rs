//! The `soi` command. Exit codes: 0 done, 1 failed, 2 the input cannot be read (the message says what and where).

mod assess;
mod pack;
mod read;
mod schema;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Soi: where is it from, who sells it, who presents it.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Assess a page snapshot and print the assessment that the extension shows, as JSON.
    Assess {
        /// The snapshot (see core/schema/page-snapshot.json); `-` reads standard input.
        snapshot: PathBuf,
        /// Moment of the assessment, seconds since 1970; by default when the snapshot was taken.
        #[arg(long)]
        now: Option<i64>,
        /// Print sentences in a language (vi, en) instead of JSON.
        #[arg(long, value_name = "LANG")]
        explain: Option<String>,
        /// A folder of records to ask beside the public record of this build.
        #[arg(long)]
        records: Vec<PathBuf>,
    },
    /// Print what the engine reads in each line of a text: one JSON object a line, places in UTF-8 bytes.
    Read {
        /// The text; `-` reads standard input.
        text: PathBuf,
        /// This year: no notification is of a later one. By default the clock's.
        #[arg(long)]
        year: Option<i32>,
    },
    /// Make, sign, check and compare packs of records.
    #[command(subcommand)]
    Pack(pack::PackCommand),
    /// Print the JSON Schema of a page snapshot.
    Schema,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Assess { snapshot, now, explain, records } => {
            assess::run(&snapshot, now, explain.as_deref(), &records).map(print)
        }
        Command::Read { text, year } => read::run(&text, year.unwrap_or_else(this_year)),
        Command::Pack(command) => pack::run(&command).map(print),
        Command::Schema => schema::run().map(print),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("soi: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

fn print(text: String) {
    println!("{text}");
}

/// Seconds since 1970, by the clock, which the engine itself has not.
fn now() -> i64 {
    std::time::UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_secs().cast_signed())
}

fn this_year() -> i32 {
    let seconds = now();
    // Mean Gregorian years: off by hours around New Year, where a number of the new year is not yet printed.
    i32::try_from(1970 + seconds / 31_556_952).unwrap_or(1970)
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error("{path}: {source}")]
    File { path: String, source: std::io::Error },
    #[error("{path}: not UTF-8 text: byte {at}")]
    NotText { path: String, at: usize },
    #[error("{path}: line {line} is not UTF-8 text: byte {at}")]
    NotTextInLine { path: String, line: u64, at: usize },
    #[error("{path}: line {line} is longer than {limit} bytes")]
    LongLine { path: String, line: u64, limit: u64 },
    #[error("{path}: {source}")]
    Snapshot { path: String, source: soi_core::page::snapshot::SnapshotError },
    #[error("{path}: {source}")]
    Read { path: String, source: soi_core::page::ReadError },
    #[error(transparent)]
    Engine(#[from] soi_core::EngineError),
    #[error("{path}: {source}")]
    Pack { path: String, source: soi_core::pack::PackError },
    #[error(transparent)]
    RecordFile(#[from] soi_registry::records::RecordError),
    #[error("{0}")]
    Records(String),
    #[error(transparent)]
    Key(#[from] soi_registry::keys::KeyFileError),
    #[error(transparent)]
    Knowledge(#[from] soi_core::knowledge::KnowledgeError),
    #[error("could not write JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl CommandError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::File { .. }
            | Self::NotText { .. }
            | Self::NotTextInLine { .. }
            | Self::LongLine { .. }
            | Self::Snapshot { .. }
            | Self::Read { .. }
            | Self::Pack { .. }
            | Self::RecordFile(_)
            | Self::Records(_)
            | Self::Key(_)
            | Self::Knowledge(_) => 2,
            Self::Engine(_) | Self::Json(_) => 1,
        }
    }
}
