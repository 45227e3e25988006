//! The extension's package: what goes into it and how each part is made.

mod files;
mod icons;
mod manifest;
mod packs;
mod plans;
mod wasm;

use std::fs;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde_json::json;
use soi_core::knowledge::BUILT_IN;

use files::Files;
pub(crate) use files::{relative_name, sorted_files};
pub(crate) use wasm::{Module, bind, compile, measure, optimise};

use crate::workspace;

/// The knowledge tables in the package, beside the module that opens them: data changes more often than code.
const KNOWLEDGE: &str = "knowledge.bin";

/// A browser that the extension is packaged for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Browser {
    /// Chromium and what is built on it.
    Chromium,
    /// Firefox.
    Firefox,
}

impl Browser {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Chromium, Self::Firefox];

    /// Its name in files and folders.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Chromium => "chromium",
            Self::Firefox => "firefox",
        }
    }

    /// Where its unpacked package stands.
    pub(crate) fn folder(self) -> PathBuf {
        workspace::target("extension").join(self.id())
    }
}

/// Puts both packages together, and the pages that run the same module without an installation.
pub(crate) fn assemble(module: &Module) -> Result<()> {
    let engine = plans::engine()?;
    let knowledge = engine.knowledge();
    let mut common = Files::default();
    common.add_folder(&workspace::extension(""), "", &["js", "css"], false)?;
    common.add_folder(&workspace::extension("content"), "content", &["js"], true)?;
    common.add(plans::BADGE_STYLE, plans::badge_style()?.into_bytes());
    for folder in ["popup", "options", "welcome"] {
        common.add_folder(&workspace::extension(folder), folder, &["js", "css", "html"], true)?;
    }
    add_label_page(&mut common)?;
    common.add_folder(&workspace::extension("_locales"), "_locales", &["json"], true)?;
    common.add("soi.js", module.glue.clone());
    common.add("soi_bg.wasm", module.wasm.clone());
    common.add(KNOWLEDGE, BUILT_IN.to_vec());
    common.add(packs::PUBLIC, packs::public_pack()?);
    for (name, script) in plans::scripts(knowledge)? {
        common.add(name, script.into_bytes());
    }
    for (name, picture) in icons::render(&workspace::extension("icons"))? {
        common.add(name, picture);
    }
    common.add_file("LICENSE-MIT", &workspace::root().join("LICENSE-MIT"))?;
    common.add_file("LICENSE-APACHE", &workspace::root().join("LICENSE-APACHE"))?;

    for browser in Browser::ALL {
        let mut files = common.clone();
        let manifest = manifest::manifest(browser, knowledge)?;
        manifest::check(&manifest, &files)?;
        files.add("manifest.json", manifest::text(&manifest)?.into_bytes());
        files.write(&browser.folder())?;
    }
    let borrowed = borrowed(module)?;
    assemble_try(borrowed.clone())?;
    assemble_label(borrowed)
}

/// What pages on the web borrow from the extension: its looks, its engine, and the sheet with its templates.
fn borrowed(module: &Module) -> Result<Files> {
    let mut files = Files::default();
    files.add_folder(&workspace::extension(""), "", &["css"], false)?;
    for name in ["engine.js", "packs.js", "sheet.js", "popup/popup.html"] {
        files.add_file(name, &workspace::extension(name))?;
    }
    files.add("soi.js", module.glue.clone());
    files.add("soi_bg.wasm", module.wasm.clone());
    files.add(KNOWLEDGE, BUILT_IN.to_vec());
    files.add(packs::PUBLIC, packs::public_pack()?);
    Ok(files)
}

/// `target/www-try`: the page under `www/try`.
fn assemble_try(mut files: Files) -> Result<()> {
    files.add_folder(&workspace::root().join("www/try"), "", &["html", "css", "js", "json", "svg"], true)?;
    files.write(&workspace::target("www-try"))
}

/// The label check, at the same place in the package and on the web.
fn add_label_page(files: &mut Files) -> Result<()> {
    files.add_folder(&workspace::root().join("www/label"), "label", &["html", "css", "js"], false)
}

/// `target/www-label`: the label check with what keeps it on a phone.
fn assemble_label(mut files: Files) -> Result<()> {
    let web = workspace::root().join("www/label/web");
    add_label_page(&mut files)?;
    files.add_folder(&web, "", &["html", "webmanifest"], false)?;
    for size in [128, 512] {
        let (name, picture) = icons::picture(&workspace::extension("icons"), "idle", size)?;
        files.add(name, picture);
    }
    // A server shows a folder's index at the folder's own address.
    let names: Vec<_> = files.names().map(|name| if name == "index.html" { "./" } else { name }).collect();
    let build = json!({ "hash": files.hash(), "files": names });
    let path = web.join("service-worker.js");
    let worker = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    files.add("service-worker.js", format!("const BUILD = {build};\n\n{worker}").into_bytes());
    files.write(&workspace::target("www-label"))
}
