//! `soi pack` as a publisher meets it: files in, files out, messages.

#![cfg(test)]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use soi_core::knowledge::KNOWLEDGE_LAYOUT;
use soi_core::record::SubjectKind;
use soi_registry::public;

fn soi(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_soi")).arg("pack").args(arguments).output().unwrap()
}

/// What it prints; the command succeeds.
#[track_caller]
fn told(arguments: &[&str]) -> String {
    let output = soi(arguments);
    let error = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(0), "{error}");
    String::from_utf8(output.stdout).unwrap()
}

/// What it says; the command refuses its input.
#[track_caller]
fn refused(arguments: &[&str]) -> String {
    let output = soi(arguments);
    assert_eq!(output.status.code(), Some(2), "{}", String::from_utf8_lossy(&output.stdout));
    assert!(output.stdout.is_empty());
    String::from_utf8(output.stderr).unwrap()
}

/// A folder of its own for each test.
struct Place(PathBuf);

impl Place {
    fn new(name: &str) -> Self {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(folder.join("records/shop")).unwrap();
        fs::create_dir_all(folder.join("records/product")).unwrap();
        fs::write(folder.join("records/set.toml"), "name = \"invented\"\n").unwrap();
        let place = Self(folder);
        for id in 0..40 {
            place.record(&format!("shop/{id}"), &format!("shop:tiktok:{id}"), 3);
        }
        place
    }

    fn record(&self, name: &str, key: &str, day: u32) {
        let text = format!(
            "recorded = 2026-11-20\nname = \"Invented\"\nkeys = [\"{key}\"]\n[[events]]\nmatter = \"labelling\"\n\
             status = \"admin-fine\"\nday = 2026-11-{day:02}\nissuer = \"Sở Y tế tỉnh Gió\"\ndocument = \"Số {name}\"\n\
             urls = [\"https://records.example/{name}\"]\nverified = true\n"
        );
        fs::write(self.0.join(format!("records/{name}.toml")), text).unwrap();
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().unwrap().to_owned()
    }
}

fn development_key() -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("keys/development.toml").to_str().unwrap().to_owned()
}

#[test]
fn the_same_records_give_the_same_bytes() {
    let place = Place::new("same");
    let (one, other) = (place.path("one.pack"), place.path("other.pack"));
    told(&["build", &place.path("records"), "--out", &one, "--key", &development_key()]);
    told(&["build", &place.path("records"), "--out", &other]);
    assert!(told(&["sign", &other, "--key", &development_key()]).contains("signed by"));
    assert_eq!(fs::read(&one).unwrap(), fs::read(&other).unwrap());
    assert!(told(&["verify", &one]).contains("40 names"));
}

#[test]
fn an_edited_record_is_told_and_makes_a_small_delta() {
    let place = Place::new("edited");
    let (old, new, delta) = (place.path("old.pack"), place.path("new.pack"), place.path("delta.pack"));
    let records = place.path("records");
    told(&["build", &records, "--out", &old, "--key", &development_key()]);
    place.record("shop/7", "shop:tiktok:7", 9);
    place.record("product/new", "product-name:Kẹo Tí Tách", 9);
    fs::remove_file(place.0.join("records/shop/8.toml")).unwrap();
    told(&["build", &records, "--out", &new, "--key", &development_key(), "--created", "1795300000"]);
    let text = told(&["diff", &old, &new, "--records", &records, "--out", &delta, "--key", &development_key()]);
    for line in [
        "shop:tiktok:7\n",
        "  - admin-fine labelling: Sở Y tế tỉnh Gió, on 2026-11-03, Số shop/7 <https://records.example/shop/7>",
        "  + admin-fine labelling: Sở Y tế tỉnh Gió, on 2026-11-09, Số shop/7",
        "product-name:keo ti tach\n",
        "  - admin-fine labelling: Sở Y tế tỉnh Gió, on 2026-11-03, Số shop/8",
    ] {
        assert!(text.contains(line), "\"{line}\" is not in:\n{text}");
    }
    assert!(told(&["verify", &delta, "--after", &old]).contains("a delta that fits"));
    assert!(refused(&["verify", &delta, "--after", &new]).contains("pack.delta"));
    assert!(refused(&["verify", &old, "--after", &new]).contains("pack.older"));
}

#[test]
fn a_key_is_shown_with_what_is_on_record() {
    let place = Place::new("shown");
    let pack = place.path("records.pack");
    told(&["build", &place.path("records"), "--out", &pack]);
    let shown = told(&["show", &pack, "shop:tiktok:7"]);
    let shown: serde_json::Value = serde_json::from_str(&shown).unwrap();
    assert_eq!(shown["document"], "Số shop/7");
    assert_eq!(shown["day"], "2026-11-03");
    let header: serde_json::Value = serde_json::from_str(&told(&["show", &pack, "header"])).unwrap();
    assert_eq!(header["set"], "invented");
    assert!(refused(&["show", &pack, "shop:tiktok:99"]).contains("is not on record"));
    assert!(refused(&["show", &pack, "person:somebody"]).contains("key.form"));
    // Not signed, so not trusted.
    assert!(refused(&["verify", &pack]).contains("pack.key-unknown"));
}

#[test]
fn parts_say_how_many_names_share_one() {
    let place = Place::new("parts");
    let text = told(&["build", &place.path("records"), "--out", &place.path("parts"), "--shard-digits", "1"]);
    assert!(text.contains("40 records in 16 packs") && text.contains("names that share a pack"), "{text}");
    assert_eq!(fs::read_dir(place.path("parts")).unwrap().count(), 16);
}

#[test]
fn a_key_is_made_once_and_signs() {
    let place = Place::new("keygen");
    let key = place.path("publisher.toml");
    let row = told(&["keygen", &key, "--name", "a publisher"]);
    assert!(row.contains("sets = [\"public\", \"knowledge\"]") && !row.contains("secret ="), "{row}");
    assert!(refused(&["keygen", &key, "--name", "a publisher"]).contains("publisher.toml"));
    let pack = place.path("records.pack");
    told(&["build", &place.path("records"), "--out", &pack, "--key", &key]);
    assert!(refused(&["verify", &pack]).contains("pack.key-unknown"));
    assert!(told(&["verify", &pack, "--key", &key]).contains("40 names"));
    let made = told(&["knowledge", "--out", &place.path(""), "--key", &key]);
    let knowledge = made.split_once(':').unwrap().0.to_owned();
    assert!(knowledge.ends_with(&format!("knowledge-{KNOWLEDGE_LAYOUT}.pack")), "{made}");
    assert!(told(&["verify", &knowledge, "--key", &key]).contains("knowledge tables"));
    assert!(refused(&["verify", &knowledge]).contains("pack.key-unknown"));
}

#[test]
fn a_wrong_record_is_named_by_file_and_line() {
    let place = Place::new("wrong");
    let good = fs::read_to_string(place.0.join("records/shop/7.toml")).unwrap();
    let wrong = [
        ("admin-fine", "guilty", "shop/7.toml:6: \"guilty\" is none of allegation"),
        ("labelling", "gossip", "shop/7.toml:5: \"gossip\" is none of safety"),
        ("2026-11-03", "2026-12-03", "shop/7.toml:7: later than the day on which it was recorded"),
        ("2026-11-03", "2026-02-30", "shop/7.toml:7:"),
        ("https://", "http://", "shop/7.toml:10: not an https address"),
        ("shop:tiktok:7", "brand:Sóc Nâu", "shop/7.toml:3: brand:soc nau is no key of a shop"),
        ("shop:tiktok:7", "shop:TikTok:7", "shop/7.toml:3: no page is of the platform \"TikTok\""),
        ("shop:tiktok:7", "shop:tiktok:8", "two subjects are called shop:tiktok:8"),
        ("verified = true", "verified = true\nverdict = \"guilty\"", "shop/7.toml:12: unknown field"),
        ("Sở Y tế", "Sở\u{202e} Y tế", "shop/7.toml:8: a character that cannot be seen"),
        ("recorded =", "recorded", "shop/7.toml:1:"),
    ];
    for (from, to, message) in wrong {
        assert!(good.contains(from), "{from}");
        fs::write(place.0.join("records/shop/7.toml"), good.replacen(from, to, 1)).unwrap();
        let said = refused(&["build", &place.path("records"), "--out", &place.path("wrong.pack")]);
        assert!(said.contains(message), "{from} → {to}: {said}");
    }
}

/// The public record keeps its own rules, and names nobody: hosts are in it only by their role.
#[test]
fn the_public_record_is_in_order() {
    let tree = public::tree().unwrap();
    assert!(tree.files.len() >= 8);
    public::ready(&tree, soi_registry::packs::Stamp::of_records(&tree)).unwrap();
    for key in tree.files.iter().flat_map(|file| file.keys.iter().chain(&file.presented_by)) {
        assert_ne!(key.kind(), SubjectKind::Host, "{key}");
    }
    for event in tree.files.iter().flat_map(|file| file.events()) {
        assert!(!event.issuer.is_empty() && !event.urls.is_empty(), "{event:?}");
    }
}
