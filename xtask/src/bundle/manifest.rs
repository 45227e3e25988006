//! `manifest.json`: what both browsers need, what one needs on top, and the hosts from the page rules.

use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::{Map, Value, json};
use soi_core::knowledge::Knowledge;

use super::icons::{self, SIZES};
use super::{Browser, Files, plans};
use crate::workspace;

/// Scripts that follow a platform's plan, in this order.
const CONTENT_SCRIPTS: [&str; 5] =
    ["content/collect.js", plans::BADGE_STYLE, "content/badge.js", "content/watch.js", "content/main.js"];

/// The picture before anything is known about a page.
const IDLE: &str = "idle";

/// A browser's manifest.
pub(super) fn manifest(browser: Browser, knowledge: &Knowledge) -> Result<Value> {
    let mut manifest = read("base")?;
    merge(&mut manifest, read(browser.id())?);
    let pictures: Map<String, Value> =
        SIZES.iter().map(|size| (size.to_string(), json!(icons::name(IDLE, *size)))).collect();
    let mut hosts: Vec<String> = knowledge.platforms.iter().flat_map(plans::match_patterns).collect();
    hosts.sort_unstable();
    merge(
        &mut manifest,
        json!({
            "version": workspace::VERSION,
            "icons": pictures,
            "action": { "default_icon": pictures },
            "host_permissions": hosts,
            "content_scripts": content_scripts(knowledge),
        }),
    );
    Ok(manifest)
}

fn content_scripts(knowledge: &Knowledge) -> Vec<Value> {
    knowledge
        .platforms
        .iter()
        .filter(|platform| !platform.hosts.is_empty())
        .map(|platform| {
            let mut scripts = vec![plans::script_name(platform)];
            scripts.extend(CONTENT_SCRIPTS.map(str::to_owned));
            let mut entry = json!({
                "matches": plans::match_patterns(platform),
                "js": scripts,
                "run_at": "document_idle",
            });
            if plans::has_frames(platform) {
                merge(&mut entry, json!({ "all_frames": true }));
            }
            entry
        })
        .collect()
}

/// The manifest as it is written.
pub(super) fn text(manifest: &Value) -> Result<String> {
    Ok(format!("{}\n", serde_json::to_string_pretty(manifest)?))
}

/// Refuses a manifest that names a file the package does not hold.
pub(super) fn check(manifest: &Value, files: &Files) -> Result<()> {
    let mut named = Vec::new();
    name_files(manifest, &mut named);
    let missing: Vec<&str> = named.into_iter().filter(|name| !files.contains(name)).collect();
    if !missing.is_empty() {
        bail!("the manifest names files that are not under extension/: {}", missing.join(", "));
    }
    Ok(())
}

/// Values that are a path of a script, page or picture.
fn name_files<'m>(value: &'m Value, named: &mut Vec<&'m str>) {
    match value {
        Value::String(text) => {
            let is_file = [".js", ".html", ".png"].iter().any(|ending| text.ends_with(ending));
            if is_file {
                named.push(text);
            }
        }
        Value::Array(values) => values.iter().for_each(|value| name_files(value, named)),
        Value::Object(members) => members.values().for_each(|value| name_files(value, named)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn read(name: &str) -> Result<Value> {
    let path = workspace::extension("manifests").join(format!("{name}.json"));
    let text = fs::read_to_string(&path).with_context(|| format!("cannot read {}", path.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", path.display()))
}

/// Lays `over` upon `value`: objects member by member, everything else whole.
fn merge(value: &mut Value, over: Value) {
    match (value, over) {
        (Value::Object(members), Value::Object(over)) => {
            for (key, over) in over {
                merge(members.entry(key).or_insert(Value::Null), over);
            }
        }
        (value, over) => *value = over,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn merging_keeps_what_only_one_side_has() {
        let mut value = json!({"a": {"b": 1, "c": [1, 2]}, "d": 1});
        merge(&mut value, json!({"a": {"c": [3], "e": 2}}));
        assert_eq!(value, json!({"a": {"b": 1, "c": [3], "e": 2}, "d": 1}));
    }

    #[test]
    fn a_named_file_that_is_missing_is_refused() {
        let mut files = Files::default();
        files.add("background.js", Vec::new());
        let manifest = json!({"background": {"scripts": ["background.js"]}, "name": "x"});
        assert!(check(&manifest, &files).is_ok());
        let manifest = json!({"action": {"default_popup": "popup/popup.html"}});
        let refused = check(&manifest, &files).unwrap_err().to_string();
        assert!(refused.ends_with("popup/popup.html"), "{refused}");
    }

    #[test]
    fn both_browsers_ask_for_the_same_and_little() {
        let engine = plans::engine().unwrap();
        for browser in Browser::ALL {
            let manifest = manifest(browser, engine.knowledge()).unwrap();
            let asked = manifest.get("permissions").unwrap();
            assert_eq!(*asked, json!(["activeTab", "alarms", "scripting", "storage"]));
            assert!(manifest.get("web_accessible_resources").is_none());
            let hosts = manifest.get("host_permissions").unwrap().as_array().unwrap();
            assert!(!hosts.is_empty());
            assert!(hosts.iter().all(|host| host.as_str().unwrap().starts_with("https://")));
        }
    }
}
