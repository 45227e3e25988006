//! Listings in a few lines each: what is written, and what must be found in it.
//!
//! `tests/cases/origin/*.toml` holds them in pairs: one that fires, and a clean twin that differs in that one thing and
//! must stay quiet. They become snapshots of a page that says exactly that, natively and in the browsers.

use std::collections::BTreeMap;
use std::path::PathBuf;

use anyhow::{Context, Result};
use serde::Deserialize;
use serde_json::{Value, json};
use soi_core::finding::DutyState;

use crate::pages::workspace;

/// When every listing is read: 2026-11-23, noon, as the recorded pages.
pub const TAKEN_AT: i64 = 1_795_435_200;
/// An address that belongs to nobody.
const URL: &str = "https://shop.example/san-pham";

/// Two listings that differ in one thing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Pair {
    /// What that thing is, and why the clean twin may lose points where it does.
    pub about: String,
    /// The listing in which something is found.
    pub fires: Listing,
    /// The listing in which it is not.
    pub clean: Listing,
}

/// What a seller writes, and what must come of it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Listing {
    /// Title.
    pub title: String,
    /// Description; its lines are lines on the page.
    #[serde(default)]
    pub description: String,
    /// Category.
    #[serde(default)]
    pub category: String,
    /// Brand.
    #[serde(default)]
    pub brand: String,
    /// The property list, besides what its file gives every listing; an empty value takes one of those away.
    #[serde(default)]
    pub labels: BTreeMap<String, String>,
    /// What the origin field said when the tab showed the same product before.
    #[serde(default)]
    pub before: Option<String>,
    /// Findings that must be there, each with its quote, exactly ("" where it rests on an absence).
    #[serde(default)]
    pub finds: BTreeMap<String, String>,
    /// Findings that must not be there; on a clean twin, by default, all that take points from the other one.
    #[serde(default)]
    pub quiet: Vec<String>,
    /// Findings that take points from a clean twin all the same.
    #[serde(default)]
    pub allows: Vec<String>,
    /// Grade of the origin.
    #[serde(default)]
    pub grade: Option<String>,
    /// Where duties of the label stand, by field.
    #[serde(default)]
    pub duties: BTreeMap<String, DutyState>,
}

/// A listing and where it stands.
#[derive(Debug, Clone)]
pub struct ListingCase {
    /// File, number and side of its pair.
    pub name: String,
    /// The listing.
    pub listing: Listing,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Pairs {
    /// Properties that every listing of the file has.
    #[serde(default)]
    common: BTreeMap<String, String>,
    pair: Vec<Pair>,
}

impl Pair {
    /// Every pair, each with its name.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn all() -> Result<Vec<(String, Self)>> {
        let mut paths: Vec<PathBuf> = std::fs::read_dir(workspace().join("tests/cases/origin"))?
            .map(|entry| Ok(entry?.path()))
            .collect::<Result<_>>()?;
        paths.sort();
        let mut pairs = Vec::new();
        for path in paths {
            let file = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            let text = std::fs::read_to_string(&path)?;
            let read: Pairs = toml::from_str(&text).with_context(|| path.display().to_string())?;
            for (number, mut pair) in (1..).zip(read.pair) {
                for listing in [&mut pair.fires, &mut pair.clean] {
                    for (label, value) in &read.common {
                        listing.labels.entry(label.clone()).or_insert_with(|| value.clone());
                    }
                    listing.labels.retain(|_, value| !value.is_empty());
                }
                pairs.push((format!("{file} {number}"), pair));
            }
        }
        Ok(pairs)
    }
}

impl ListingCase {
    /// Both listings of every pair.
    ///
    /// # Errors
    /// A file that cannot be read.
    pub fn all() -> Result<Vec<Self>> {
        let both = |(name, pair): (String, Pair)| {
            [("fires", pair.fires), ("clean", pair.clean)]
                .map(|(side, listing)| Self { name: format!("{name} {side}"), listing })
        };
        Ok(Pair::all()?.into_iter().flat_map(both).collect())
    }

    /// Its snapshot, as JSON.
    pub fn snapshot_json(&self) -> String {
        self.listing.snapshot().to_string()
    }
}

impl Listing {
    /// A page that says exactly this.
    pub fn snapshot(&self) -> Value {
        let product = json!({
            "@type": "Product",
            "url": URL,
            "name": self.title,
            "description": self.description,
            "category": self.category,
            "brand": self.brand,
        });
        let labels = self.labels.iter().map(|(label, value)| json!({ "label": label, "value": value }));
        json!({
            "version": 1,
            "platform": "schemaorg",
            "url": URL,
            "canonical": URL,
            "title": self.title,
            "taken_at": TAKEN_AT,
            "blocks": [{ "rule": "jsonld", "data": product }],
            "labels": labels.collect::<Vec<_>>(),
        })
    }

    /// The listing as the tab showed it before.
    pub fn earlier(&self) -> Option<Self> {
        let mut earlier = Self { before: None, ..self.clone() };
        earlier.labels.insert("Xuất xứ".to_owned(), self.before.clone()?);
        Some(earlier)
    }

    /// Every text of it in which a finding can rest.
    pub fn texts(&self) -> impl Iterator<Item = &str> {
        ([&self.title, &self.description, &self.category, &self.brand].into_iter())
            .chain(self.labels.values())
            .chain(&self.before)
            .map(String::as_str)
    }
}
