//! Puts the public record into the program: every file under `records/` by its path.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("records");
    println!("cargo::rerun-if-changed={}", root.display());
    let mut files = Vec::new();
    for folder in folders(&root)? {
        for entry in fs::read_dir(&folder)? {
            files.push(entry?.path());
        }
    }
    files.retain(|path| path.extension().is_some_and(|extension| extension == "toml"));
    files.sort();
    let mut source = String::from("&[\n");
    for path in files {
        let name = path.strip_prefix(&root)?.display().to_string();
        writeln!(source, "    ({name:?}, include_str!({path:?})),")?;
    }
    source.push_str("]\n");
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("public.rs"), source)?;
    Ok(())
}

fn folders(root: &Path) -> Result<Vec<PathBuf>, std::io::Error> {
    let entries = fs::read_dir(root)?.map(|entry| entry.map(|entry| entry.path()));
    let paths: Vec<PathBuf> = entries.collect::<Result<_, _>>()?;
    Ok(paths.into_iter().filter(|path| path.is_dir()).collect())
}
