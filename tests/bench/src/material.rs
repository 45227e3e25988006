//! What both sides work on: pages for Soi, filter lists and requests for the peer. The same on every run.

use std::path::Path;

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use soi_bench_engine::Pages;
use soi_core::knowledge::FieldName;
use soi_core::page::Page;
use soi_tests::pages::workspace;

/// Product pages, half with a problem and half without.
const PAGES: [&str; 8] = [
    "shopee-blender-vague",
    "shopee-blender-clear",
    "shopee-fryer-prefix",
    "shopee-fryer-german",
    "tiki-blender-vague",
    "tiki-blender-clear",
    "tiki-fryer-prefix",
    "tiki-fryer-german",
];
/// Characters of title and description that each page is brought to.
const CHARACTERS: usize = 600;
/// What descriptions are lengthened with: nothing that Soi has anything to say about.
const FILLING: &str = " Máy chạy êm, dễ tháo rửa, gọn gàng trên kệ bếp. Dây nguồn dài một mét rưỡi, chân đế chống trượt. \
    Hộp gồm thân máy, hai phụ kiện, sách hướng dẫn và phiếu bảo hành. Giao trong ba ngày, đổi trả trong bảy ngày.";

/// Requests of each sort.
const REQUESTS: usize = 2_000;
/// Pages that the requests are made from.
const SOURCES: [&str; 4] =
    ["https://shopee.vn/", "https://tiki.vn/", "https://www.lazada.vn/", "https://www.tiktok.com/"];
/// What shops load that no list should block; `{}` is a number.
const ORDINARY: [(&str, &str); 10] = [
    ("image", "https://down-vn.img.susercontent.com/file/vn-11134207-7r98o-{}_tn.webp"),
    ("image", "https://salt.tikicdn.com/cache/280x280/ts/product/c1/7e/{}.jpg"),
    ("image", "https://p16-oec-sg.ibyteimg.com/tos-alisg-i-aphluv4xwc-sg/{}~tplv-resize-webp:300:300.webp"),
    ("image", "https://lzd-img-global.slatic.net/g/p/{}.jpg_200x200q80.jpg"),
    ("xmlhttprequest", "https://shopee.vn/api/v4/pdp/get_pc?item_id={}&shop_id=51001002&tz_offset_minutes=420"),
    ("xmlhttprequest", "https://tiki.vn/api/v2/products/{}?platform=web&version=3"),
    ("script", "https://deo.shopeemobile.com/shopee/shopee-pcmall-live-sg/assets/bundle.{}.js"),
    ("script", "https://cdn.jsdelivr.net/npm/library-{}/dist/library.min.js"),
    ("stylesheet", "https://frontend.tikicdn.com/_desktop-next/static/css/{}.css"),
    ("font", "https://fonts.gstatic.com/s/inter/v18/{}.woff2"),
];

/// Pages, lists and requests.
pub(crate) struct Material {
    /// Snapshots of pages, one a line.
    pub(crate) snapshots: String,
    /// Absent where the lists could not be fetched.
    pub(crate) peer: Option<PeerMaterial>,
}

/// What the peer works on.
pub(crate) struct PeerMaterial {
    /// EasyList and EasyPrivacy.
    pub(crate) lists: String,
    /// Requests, one a line, as the peer takes them.
    pub(crate) requests: String,
}

impl Material {
    /// Reads the recorded snapshots and the lists under `target/bench`.
    pub(crate) fn load() -> Result<Self> {
        let snapshots: Vec<String> = PAGES.iter().map(|page| snapshot(page)).collect::<Result<_>>()?;
        Ok(Self { snapshots: snapshots.join("\n"), peer: PeerMaterial::load()? })
    }

    /// The pages, read.
    pub(crate) fn pages(&self) -> Result<Pages> {
        Pages::new(&self.snapshots).map_err(anyhow::Error::msg)
    }
}

impl PeerMaterial {
    /// `None` without the lists.
    fn load() -> Result<Option<Self>> {
        let folder = workspace().join("target/bench");
        let list = |name: &str| -> Result<Option<String>> {
            let path = folder.join(name);
            path.is_file().then(|| read(&path)).transpose()
        };
        let (Some(easylist), Some(easyprivacy)) = (list("easylist.txt")?, list("easyprivacy.txt")?) else {
            return Ok(None);
        };
        let lists = format!("{easylist}\n{easyprivacy}");
        let requests = requests(&lists)?;
        Ok(Some(Self { lists, requests }))
    }
}

/// A recorded snapshot whose product has as much text as is to be measured.
fn snapshot(page: &str) -> Result<String> {
    let text = read(&workspace().join("tests/cases/snapshots").join(page).with_extension("json"))?;
    let mut snapshot: Value = serde_json::from_str(&text).with_context(|| page.to_owned())?;
    let given = characters(&snapshot)?;
    let more: String = FILLING.chars().cycle().take(CHARACTERS.saturating_sub(given)).collect();
    ensure!(lengthen(&mut snapshot, &more), "{page} has no description");
    let now = characters(&snapshot)?;
    ensure!(now.abs_diff(CHARACTERS) < 10, "{page} has {now} characters of text, not about {CHARACTERS}");
    Ok(serde_json::to_string(&snapshot)?)
}

/// Appends to the first description found.
fn lengthen(value: &mut Value, more: &str) -> bool {
    match value {
        Value::Object(members) => members.iter_mut().any(|(key, value)| match value {
            Value::String(text) if key == "description" => {
                text.push_str(more);
                true
            }
            value => lengthen(value, more),
        }),
        Value::Array(items) => items.iter_mut().any(|item| lengthen(item, more)),
        _ => false,
    }
}

/// Characters of title and description, as the engine reads them.
fn characters(snapshot: &Value) -> Result<usize> {
    let pages = Pages::new(&snapshot.to_string()).map_err(anyhow::Error::msg)?;
    let offers = pages.pages().iter().flat_map(|page: &Page| &page.offers);
    let texts = offers.flat_map(|offer| [FieldName::Title, FieldName::Description].map(|name| offer.fields.text(name)));
    Ok(texts.flatten().map(|text| text.chars().count()).sum())
}

/// Half of the requests go to hosts that the lists name, spread over the lists; half are what shops load.
fn requests(lists: &str) -> Result<String> {
    let named: Vec<&str> = lists.lines().filter_map(blocked_host).collect();
    ensure!(named.len() >= REQUESTS, "the lists name {} hosts, fewer than the {REQUESTS} needed", named.len());
    let mut lines = String::new();
    let hosts = named.iter().step_by(named.len() / REQUESTS);
    for (place, (host, source)) in hosts.zip(SOURCES.iter().cycle()).take(REQUESTS).enumerate() {
        let (kind, path) = match place % 3 {
            0 => ("script", "js/tag.js?id="),
            1 => ("image", "pixel.gif?event="),
            _ => ("xmlhttprequest", "collect/v2?session="),
        };
        lines.push_str(&format!("{kind}\t{source}\thttps://{host}/{path}{}\n", number(place)));
    }
    for (place, ((kind, address), source)) in
        ORDINARY.iter().cycle().zip(SOURCES.iter().cycle()).take(REQUESTS).enumerate()
    {
        lines.push_str(&format!("{kind}\t{source}\t{}\n", address.replace("{}", &number(place))));
    }
    Ok(lines)
}

/// The host of a rule that blocks all of it: `||host^`, with no conditions.
fn blocked_host(rule: &str) -> Option<&str> {
    let host = rule.strip_prefix("||")?.strip_suffix('^')?;
    let is_plain = host.contains('.') && host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
    is_plain.then_some(host)
}

/// Digits and letters as they stand in addresses, another for each place.
fn number(place: usize) -> String {
    // Knuth's multiplier: neighbours share no digits.
    format!("{:016x}", (place as u64 + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15))
}

fn read(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_rules_for_whole_hosts_name_one() {
        assert_eq!(blocked_host("||ads.example^"), Some("ads.example"));
        for rule in ["||ads.example^$third-party", "||ads.example/x^", "@@||ads.example^", "##.banner"] {
            assert_eq!(blocked_host(rule), None);
        }
    }
}
