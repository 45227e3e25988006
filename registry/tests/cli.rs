//! The `soi` command as a user meets it: output, messages, exit codes.

#![cfg(test)]

use std::path::PathBuf;
use std::process::{Command, Output};

fn soi(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_soi")).args(arguments).output().unwrap()
}

fn file(name: &str, content: &[u8]) -> PathBuf {
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, content).unwrap();
    path
}

fn refused(name: &str, content: &[u8]) -> String {
    let path = file(name, content);
    let output = soi(&["assess", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(2), "{name}");
    assert!(output.stdout.is_empty(), "{name}");
    String::from_utf8(output.stderr).unwrap()
}

const GOOD: &str = r#"{
  "version": 1, "platform": "tiki", "url": "https://tiki.vn/am-sieu-toc-p1234567.html", "taken_at": 1795435200,
  "labels": [{"label": "Xuất xứ", "value": "Việt Nam"}]
}"#;

#[test]
fn a_snapshot_is_assessed() {
    let path = file("good.json", GOOD.as_bytes());
    let output = soi(&["assess", path.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(0));
    let assessment: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(assessment["offers"][0]["key"], "tiki:1234567");
    let codes: Vec<&str> = assessment["offers"][0]["answers"][0]["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    assert!(codes.contains(&"origin.stated"), "{codes:?}");

    let output = soi(&["assess", path.to_str().unwrap(), "--explain", "vi"]);
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(text.contains("Trang ghi xuất xứ Việt Nam: “Việt Nam”."), "{text}");
}

#[test]
fn bad_files_are_named_with_what_is_wrong_and_where() {
    assert!(refused("broken.json", b"{\n  \"version\": 1,\n  oops").contains("line 3, column 3"));
    assert!(refused("shape.json", br#"{"version":1,"platform":"tiki","taken_at":1}"#).contains("url is missing"));
    let unknown = refused("unknown.json", GOOD.replace("\"labels\"", "\"account\"").as_bytes());
    assert!(unknown.contains("account is no field of a snapshot"), "{unknown}");
    assert!(refused("version.json", GOOD.replace(": 1,", ": 9,").as_bytes()).contains("snapshot.version: 9"));
    assert!(refused("platform.json", GOOD.replace("\"tiki\"", "\"nowhere\"").as_bytes()).contains("read.platform"));
    assert!(
        refused("host.json", GOOD.replace("//tiki.vn", "//evil.example").as_bytes())
            .contains("read.host: evil.example")
    );
    assert!(refused("scheme.json", GOOD.replace("https:", "file:").as_bytes()).contains("snapshot.address: url"));
    assert!(refused("binary.json", b"{\"version\": \xff}").contains("byte 12"));
    assert!(refused("empty.json", b"").contains("line 1"));
}

#[test]
fn huge_and_deep_files_are_refused_quickly() {
    let huge = format!("{{\"version\":1,\"platform\":\"{}\"}}", "x".repeat(10 << 20));
    assert!(refused("huge.json", huge.as_bytes()).contains("snapshot.too-large"));
    let deep = GOOD.replace(
        "\"labels\"",
        &format!(
            "\"blocks\":[{{\"rule\":\"jsonld\",\"data\":{}1{}}}],\"labels\"",
            "[".repeat(20_000),
            "]".repeat(20_000)
        ),
    );
    assert!(refused("deep.json", deep.as_bytes()).contains("recursion limit"));
}

#[test]
fn a_missing_file_is_named() {
    let output = soi(&["assess", "no/such/file.json"]);
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().contains("no/such/file.json"));
}

/// `SOI_BLESS=1` writes the published schema anew.
#[test]
fn the_published_schema_is_the_types() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../core/schema/page-snapshot.json");
    let output = soi(&["schema"]);
    let schema = String::from_utf8(output.stdout).unwrap();
    if std::env::var_os("SOI_BLESS").is_some() {
        std::fs::write(&path, &schema).unwrap();
    }
    assert_eq!(std::fs::read_to_string(&path).unwrap(), schema, "run with SOI_BLESS=1 to publish");
}
