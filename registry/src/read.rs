//! `soi read -`: what the engine reads in each line of text, one JSON object a line.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::Path;

use soi_core::Engine;

use crate::CommandError;

/// Longest line, bytes: an endless one must not fill the memory.
const MAX_LINE: u64 = 1 << 20;

pub(crate) fn run(path: &Path, year: i32) -> Result<(), CommandError> {
    let name = path.display().to_string();
    let file_error = |source| CommandError::File { path: name.clone(), source };
    let engine = Engine::built_in()?;
    let input: Box<dyn std::io::Read> = match path == Path::new("-") {
        true => Box::new(std::io::stdin()),
        false => Box::new(std::fs::File::open(path).map_err(file_error)?),
    };
    let mut input = BufReader::new(input);
    let mut output = std::io::stdout().lock();
    for line in 1.. {
        let mut bytes = Vec::new();
        input.by_ref().take(MAX_LINE).read_until(b'\n', &mut bytes).map_err(file_error)?;
        if bytes.is_empty() {
            break;
        }
        if bytes.len() as u64 == MAX_LINE && !bytes.ends_with(b"\n") {
            return Err(CommandError::LongLine { path: name, line, limit: MAX_LINE });
        }
        let text = std::str::from_utf8(&bytes).map_err(|error| CommandError::NotTextInLine {
            path: name.clone(),
            line,
            at: error.valid_up_to(),
        })?;
        let reading = engine.knowledge().read_text(text.trim_end_matches(['\n', '\r']), year);
        // Whoever reads may have seen enough.
        if writeln!(output, "{}", serde_json::to_string(&reading)?).is_err() {
            break;
        }
    }
    Ok(())
}
