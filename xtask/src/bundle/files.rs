//! Files of a package by name, always in the same order.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};

/// Files by their name in the package, with `/` between folders.
#[derive(Debug, Clone, Default)]
pub(crate) struct Files(BTreeMap<String, Vec<u8>>);

impl Files {
    /// Adds a file; a later one of the same name takes its place.
    pub(crate) fn add(&mut self, name: impl Into<String>, content: Vec<u8>) {
        self.0.insert(name.into(), content);
    }

    /// Adds a file from disk.
    pub(crate) fn add_file(&mut self, name: &str, path: &Path) -> Result<()> {
        let content = fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
        self.add(name, content);
        Ok(())
    }

    /// Adds a folder's files with one of the given endings, under `prefix`; type declarations are left out.
    pub(crate) fn add_folder(&mut self, folder: &Path, prefix: &str, endings: &[&str], deep: bool) -> Result<()> {
        for path in sorted_files(folder, deep)? {
            let name = relative_name(folder, &path)?;
            let wanted = path.extension().is_some_and(|ending| endings.iter().any(|known| ending == *known));
            if !wanted {
                continue;
            }
            match prefix {
                "" => self.add_file(&name, &path)?,
                prefix => self.add_file(&format!("{prefix}/{name}"), &path)?,
            }
        }
        Ok(())
    }

    /// Whether a file is among them.
    pub(crate) fn contains(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// Their names, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A hash of all names and contents, for telling one build from another.
    pub(crate) fn hash(&self) -> String {
        let mut hash = Sha256::new();
        for (name, content) in &self.0 {
            for part in [name.as_bytes(), content] {
                // With its length, so that a name's end cannot pass for a content's beginning.
                hash.update(part.len().to_le_bytes());
                hash.update(part);
            }
        }
        hash.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
    }

    /// Writes them to a folder, which holds nothing else afterwards.
    pub(crate) fn write(&self, folder: &Path) -> Result<()> {
        if folder.exists() {
            fs::remove_dir_all(folder).with_context(|| format!("cannot clear {}", folder.display()))?;
        }
        for (name, content) in &self.0 {
            let path = folder.join(name);
            let parent = path.parent().unwrap_or(folder);
            fs::create_dir_all(parent).with_context(|| format!("cannot create {}", parent.display()))?;
            fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }
}

/// A folder's files, sorted by path.
pub(crate) fn sorted_files(folder: &Path, deep: bool) -> Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder).with_context(|| format!("cannot read the folder {}", folder.display()))? {
        let path = entry?.path();
        if path.is_file() {
            paths.push(path);
        } else if deep {
            paths.extend(sorted_files(&path, deep)?);
        }
    }
    paths.sort();
    Ok(paths)
}

/// A path below a folder, as packages write it.
pub(crate) fn relative_name(folder: &Path, path: &Path) -> Result<String> {
    let parts: Vec<_> = path
        .strip_prefix(folder)
        .with_context(|| format!("{} is not in {}", path.display(), folder.display()))?
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    Ok(parts.join("/"))
}
