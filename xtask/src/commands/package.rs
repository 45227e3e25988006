//! `package`: the files that the stores take, the same bytes from the same sources.

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use super::{build, no_options};
use crate::bundle::{Browser, relative_name, sorted_files};
use crate::progress::{Progress, note};
use crate::{process, workspace};

/// Runs the command.
pub(crate) fn run(options: &[String]) -> Result<()> {
    no_options("package", options)?;
    let mut progress = Progress::new(build::STEPS + 1);
    build::build(&mut progress, true)?;
    progress.step("Pack", || {
        let folder = workspace::target("package");
        fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
        for browser in Browser::ALL {
            let archive = folder.join(format!("soi-{}-{}.zip", browser.id(), workspace::VERSION));
            pack(&browser.folder(), &archive)?;
            announce(&archive)?;
        }
        announce(&pack_source(&folder)?)
    })?;
    progress.finish("Packaged");
    Ok(())
}

/// Zips a folder: sorted, and without the times and owners of this machine.
fn pack(folder: &Path, archive: &Path) -> Result<()> {
    let file = File::create(archive).with_context(|| format!("cannot write {}", archive.display()))?;
    let mut zip = ZipWriter::new(BufWriter::new(file));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .compression_level(Some(9))
        .last_modified_time(DateTime::default())
        .unix_permissions(0o644);
    for path in sorted_files(folder, true)? {
        zip.start_file(relative_name(folder, &path)?, options)?;
        zip.write_all(&fs::read(&path).with_context(|| format!("cannot read {}", path.display()))?)?;
    }
    zip.finish()?.flush()?;
    Ok(())
}

/// The sources of the last commit: reviewers build the package from them.
fn pack_source(folder: &Path) -> Result<PathBuf> {
    let archive = folder.join(format!("soi-source-{}.zip", workspace::VERSION));
    let mut git = process::command("git", &["archive", "--format=zip", "HEAD", "--output"]);
    git.arg(&archive);
    process::run(git).context("the source archive needs git and a commit")?;
    if !process::output(process::command("git", &["status", "--porcelain"]))?.is_empty() {
        note("there are uncommitted changes: the source archive does not hold them, the packages do");
    }
    Ok(archive)
}

fn announce(archive: &Path) -> Result<()> {
    let content = fs::read(archive).with_context(|| format!("cannot read {}", archive.display()))?;
    let mut digest = String::new();
    for byte in Sha256::digest(&content) {
        digest.push_str(&format!("{byte:02x}"));
    }
    let name = archive.strip_prefix(workspace::root()).unwrap_or(archive);
    note(format!("{}  {} bytes  sha256 {digest}", name.display(), content.len()));
    Ok(())
}
