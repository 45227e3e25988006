//! The directions of ARCHITECTURE.md, held over `cargo metadata`: arrows between our crates point down only, and browser
//! crates appear in `extension` alone.

#![cfg(test)]

use std::collections::BTreeMap;
use std::process::Command;

use serde_json::Value;
use soi_tests::pages::workspace;

/// Direct, non-development dependencies of each of our crates, by name.
fn dependencies() -> BTreeMap<String, Vec<String>> {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(workspace())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let packages = metadata["packages"].as_array().unwrap();
    (packages.iter())
        .map(|package| {
            let direct =
                package["dependencies"].as_array().unwrap().iter().filter(|dependency| dependency["kind"].is_null());
            (text(&package["name"]), direct.map(|dependency| text(&dependency["name"])).collect())
        })
        .collect()
}

#[test]
fn arrows_point_down() {
    let dependencies = dependencies();
    let ours = |name: &str| -> Vec<&str> {
        dependencies[name].iter().map(String::as_str).filter(|name| dependencies.contains_key(*name)).collect()
    };
    assert!(ours("soi-core").is_empty(), "core depends on nothing of ours: {:?}", ours("soi-core"));
    for name in ["soi-extension", "soi-registry", "soi-tests"] {
        assert_eq!(ours(name), ["soi-core"], "{name}");
    }
}

#[test]
fn browser_crates_are_in_the_extension_alone() {
    let browser = ["wasm-bindgen", "js-sys", "web-sys", "wasm-bindgen-futures"];
    for (name, direct) in dependencies() {
        let found: Vec<&String> = direct.iter().filter(|dependency| browser.contains(&dependency.as_str())).collect();
        match name.as_str() {
            "soi-extension" => assert!(found.len() >= 3, "{found:?}"),
            // What the bench compiles to WebAssembly to compare: it ships nowhere.
            bench if bench.starts_with("soi-bench-") => {}
            _ => assert!(found.is_empty(), "{name} uses {found:?}"),
        }
    }
}
