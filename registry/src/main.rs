//! The `soi` command. Exit codes: 0 done, 1 failed, 2 the input cannot be read (the message says what and where).

mod assess;
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
    },
    /// Print the JSON Schema of a page snapshot.
    Schema,
}

fn main() -> ExitCode {
    let result = match Arguments::parse().command {
        Command::Assess { snapshot, now, explain } => assess::run(&snapshot, now, explain.as_deref()),
        Command::Schema => schema::run(),
    };
    match result {
        Ok(text) => {
            println!("{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("soi: {error}");
            ExitCode::from(error.exit_code())
        }
    }
}

/// Why a command failed.
#[derive(Debug, thiserror::Error)]
enum CommandError {
    #[error("{path}: {source}")]
    File { path: String, source: std::io::Error },
    #[error("{path}: not UTF-8 text: byte {at}")]
    NotText { path: String, at: usize },
    #[error("{path}: {source}")]
    Snapshot { path: String, source: soi_core::page::snapshot::SnapshotError },
    #[error("{path}: {source}")]
    Read { path: String, source: soi_core::page::ReadError },
    #[error(transparent)]
    Engine(#[from] soi_core::EngineError),
    #[error("could not write JSON: {0}")]
    Json(#[from] serde_json::Error),
}

impl CommandError {
    fn exit_code(&self) -> u8 {
        match self {
            Self::File { .. } | Self::NotText { .. } | Self::Snapshot { .. } | Self::Read { .. } => 2,
            Self::Engine(_) | Self::Json(_) => 1,
        }
    }
}
