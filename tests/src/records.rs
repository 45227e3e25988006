//! The records that tests ask: the public ones of this build, and the invented ones under `tests/records`.

use std::path::Path;
use std::sync::OnceLock;
use std::time::UNIX_EPOCH;

use anyhow::{Result, ensure};
use serde::Deserialize;
use soi_core::pack::Records;
use soi_registry::keys::PackKey;
use soi_registry::packs::{self, Stamp};
use soi_registry::public;
use soi_registry::records::RecordTree;
use thirtyfour::By;

use crate::browser::Browser;
use crate::server::{Offer, PACKS_HOST, Server};

/// Where the extension asks for a whole pack.
pub const RECORDS: &str = "/records.pack";

/// What came of asking for packs, as the extension stores it.
#[derive(Debug, Deserialize)]
pub struct Asked {
    /// `updated`, `current` or `failed`.
    pub outcome: String,
    /// What failed, the latest last.
    #[serde(default)]
    pub log: Vec<Failure>,
}

/// Something that failed.
#[derive(Debug, Deserialize)]
pub struct Failure {
    /// What and why.
    pub message: String,
}

/// The invented records.
///
/// # Errors
/// A file that breaks a rule.
pub fn invented() -> Result<RecordTree> {
    Ok(RecordTree::read(&Path::new(env!("CARGO_MANIFEST_DIR")).join("records"), |_, _| {})?)
}

/// When this run's packs of invented records are made: an hour before it, the same for all of it.
pub fn stamp() -> Stamp {
    static STAMP: OnceLock<Stamp> = OnceLock::new();
    *STAMP.get_or_init(|| {
        let now = UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_secs().cast_signed());
        Stamp::of(now - 3600)
    })
}

/// The invented records as a signed pack.
///
/// # Errors
/// They cannot be written.
pub fn invented_pack() -> Result<Vec<u8>> {
    Ok(packs::sign(&packs::of_records(&invented()?, stamp(), None)?, &PackKey::development()?)?)
}

/// The public records and the invented ones, ready to be asked.
///
/// # Errors
/// One of them cannot be made.
pub fn in_use() -> Result<Records> {
    let mut records = Records::default();
    let public = public::tree()?;
    records.put(public::ready(&public, Stamp::of_records(&public))?);
    records.put(public::ready(&invented()?, stamp())?);
    Ok(records)
}

/// Enters the address of the server's packs on the options page and presses the button, in a tab of its own.
///
/// # Errors
/// Nothing comes of it.
pub async fn ask(browser: &Browser) -> Result<Asked> {
    let page = browser.driver().window().await?;
    let tab = browser.driver().new_tab().await?;
    browser.driver().switch_to_window(tab).await?;
    browser.open(&browser.extension_url("options/options.html")?).await?;
    browser.run("return chrome.storage.local.remove('packs')", Vec::new()).await?;
    // Until the page is drawn, the stored address may yet come into the field, before what is typed.
    let drawn = async || Ok(browser.driver().find(By::Css("#records li")).await.ok());
    browser.wait_for("the options page", drawn).await?;
    let origin = browser.driver().find(By::Id("origin")).await?;
    origin.clear().await?;
    origin.send_keys(format!("https://{PACKS_HOST}/")).await?;
    browser.driver().find(By::Css("form.origin button")).await?.click().await?;
    let asked = browser
        .wait_for("an outcome", async || {
            let script = "return chrome.storage.local.get('packs').then(({ packs }) => packs ?? null)";
            let stored = browser.run(script, Vec::new()).await?;
            Ok(if stored.is_null() { None } else { Some(serde_json::from_value::<Asked>(stored)?) })
        })
        .await?;
    browser.close_tab(page).await?;
    browser.look().await?;
    Ok(asked)
}

/// Gives a browser the invented records, the way every pack comes.
///
/// # Errors
/// They are refused.
pub async fn give_invented(browser: &Browser, server: &Server) -> Result<()> {
    server.offer(RECORDS, Offer::Bytes(invented_pack()?));
    let asked = ask(browser).await?;
    ensure!(asked.outcome == "updated", "{asked:?}");
    Ok(())
}
