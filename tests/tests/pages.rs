//! The local pages themselves: every one renders, asks nobody else for anything, and has its twin.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test fails by panicking")]

use std::collections::BTreeSet;

use scraper::{Html, Selector};
use serde_json::Value;
use soi_tests::pages::{JsonLd, Role, Route, Site};

fn site() -> Site {
    Site::load().unwrap()
}

fn body(site: &Site, route: &Route) -> String {
    String::from_utf8(site.render(route).unwrap().body).unwrap()
}

fn select(css: &str) -> Selector {
    Selector::parse(css).unwrap()
}

#[test]
fn every_route_renders_a_titled_page() {
    let site = site();
    assert!(site.routes().len() > 100);
    for route in site.routes() {
        let page = Html::parse_document(&body(&site, route));
        let title = page.select(&select("head > title")).next().map(|title| title.text().collect::<String>());
        assert!(title.is_some_and(|title| !title.trim().is_empty()), "{} has no title", route.name);
        assert!(page.select(&select("body *")).count() > 2, "{} is empty", route.name);
    }
}

#[test]
fn names_and_addresses_are_unique() {
    let site = site();
    let (mut names, mut addresses) = (BTreeSet::new(), BTreeSet::new());
    for route in site.routes() {
        assert!(names.insert(&route.name), "two routes are called {}", route.name);
        assert!(addresses.insert(route.url()), "{} stands where another page does", route.name);
        assert_eq!(site.find(&route.host, &route.path).map(|found| &found.name), Some(&route.name));
    }
}

#[test]
fn problems_and_their_twins_name_each_other() {
    let site = site();
    for route in site.routes() {
        let opposite = match route.role {
            Role::Problem => Role::Clean,
            Role::Clean => Role::Problem,
            _ => {
                assert!(route.twin.is_none(), "{} is no problem and needs no twin", route.name);
                continue;
            }
        };
        let twin = site.route(route.twin.as_deref().unwrap_or_else(|| panic!("{} has no twin", route.name))).unwrap();
        assert_eq!(twin.twin.as_deref(), Some(route.name.as_str()), "{} does not name its twin back", twin.name);
        assert_eq!(twin.role, opposite, "{} and {} play the same role", route.name, twin.name);
        assert_eq!((&twin.host, &twin.template), (&route.host, &route.template), "{}", route.name);
    }
    for (key, good) in &site.goods().goods {
        let Some(twin) = &good.twin else { continue };
        let back = site.goods().goods.get(twin).and_then(|twin| twin.twin.as_ref());
        assert_eq!(back, Some(key), "good {key}");
    }
}

#[test]
fn hard_pages_name_pages_that_exist() {
    let site = site();
    for route in site.routes() {
        if let Some(same) = &route.same_as {
            assert_eq!(route.role, Role::Hard, "{}", route.name);
            assert!(matches!(site.route(same).unwrap().role, Role::Problem | Role::Clean), "{}", route.name);
        }
    }
}

/// What a browser fetches by itself comes from the page's own host; every other address is one of ours.
#[test]
fn nothing_is_fetched_from_outside() {
    let site = site();
    let hosts = site.hosts();
    let fetching = [
        ("script[src]", "src"),
        ("img[src]", "src"),
        ("iframe[src]", "src"),
        ("link[rel~=stylesheet], link[rel~=icon]", "href"),
    ];
    for route in site.routes() {
        let text = body(&site, route);
        let page = Html::parse_document(&text);
        for (css, attribute) in fetching {
            for element in page.select(&select(css)) {
                let address = element.attr(attribute).unwrap();
                let served = site.file(address).unwrap().is_some() || site.find(&route.host, address).is_some();
                assert!(served, "{}: {address} is served by nobody", route.name);
            }
        }
        for scheme in ["https://", "http://"] {
            for after in text.split(scheme).skip(1) {
                let host: String =
                    after.chars().take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-')).collect();
                assert!(hosts.contains(host.as_str()) || host == "schema.org", "{}: {host}", route.name);
            }
        }
    }
}

#[test]
fn styles_and_scripts_fetch_nothing() {
    let site = site();
    for folder in ["shared", "tiktok", "shopee", "lazada", "tiki", "youtube", "facebook", "generic"] {
        for entry in std::fs::read_dir(soi_tests::pages::workspace().join("www").join(folder)).unwrap() {
            let path = entry.unwrap().path();
            let name = format!("/_/{folder}/{}", path.file_name().unwrap().to_str().unwrap());
            let Some(file) = site.file(&name).unwrap() else { continue };
            let text = String::from_utf8(file.body).unwrap();
            for fetching in
                ["url(h", "url(/", "url(\"", "@import", "fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon"]
            {
                assert!(!text.contains(fetching), "{name} uses {fetching}");
            }
        }
    }
    for key in site.goods().goods.keys() {
        let picture = site.file(&format!("/_/picture/{key}.svg")).unwrap().unwrap();
        assert!(picture.body.starts_with(b"<svg"), "{key}");
    }
    assert!(site.file("/_/../goods.toml").unwrap().is_none());
    assert!(site.file("/_/shared/../../Cargo.toml").unwrap().is_none());
}

#[test]
fn every_data_block_parses() {
    let site = site();
    let blocks = select(
        "script[type='application/json'], script[type='application/ld+json'], script[type='text/mfe-initial-data']",
    );
    let inline = select("script:not([src]):not([type])");
    for route in site.routes() {
        let page = Html::parse_document(&body(&site, route));
        for block in page.select(&blocks) {
            let text: String = block.text().collect();
            match route.with.jsonld {
                JsonLd::Deep if text.contains("mainEntity") => assert_eq!(depth(&text), 20_002, "{}", route.name),
                JsonLd::Broken if text.contains("\"Product\"") => assert!(parsed(&text).is_err(), "{}", route.name),
                _ => {
                    parsed(&text).unwrap_or_else(|error| panic!("{}: {error}\n{:.300}", route.name, text));
                }
            }
        }
        for script in page.select(&inline) {
            let text: String = script.text().collect();
            for declared in text.split("\nvar ").skip(1) {
                let (name, value) = declared.split_once('=').unwrap();
                let first = serde_json::Deserializer::from_str(value).into_iter::<Value>().next();
                assert!(first.unwrap().is_ok(), "{}: {name}", route.name);
            }
        }
    }
}

fn parsed(text: &str) -> serde_json::Result<Value> {
    serde_json::from_str(text)
}

/// Deepest level of braces outside strings; the braces must balance.
fn depth(text: &str) -> usize {
    let (mut level, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for c in text.chars() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            '{' if !quoted => {
                level += 1;
                deepest = deepest.max(level);
            }
            '}' if !quoted => level -= 1,
            _ => {}
        }
    }
    assert_eq!(level, 0);
    deepest
}

#[test]
fn barcodes_have_valid_check_digits() {
    let site = site();
    // TikTok Shop has no field for it: there it is one of the seller's own properties.
    let property = |pair: &'_ [String; 2]| (pair[0] == "Mã vạch").then(|| pair[1].clone());
    let barcodes = (site.goods().goods.iter()).flat_map(|(key, good)| {
        good.properties.iter().filter_map(property).chain(good.gtin.clone()).map(move |it| (key, it))
    });
    for (key, gtin) in barcodes {
        let digits: Vec<u32> = gtin.chars().map(|c| c.to_digit(10).unwrap()).collect();
        let sum: u32 =
            (digits.iter().rev().enumerate()).map(|(place, digit)| digit * if place % 2 == 1 { 3 } else { 1 }).sum();
        assert_eq!((digits.len(), sum % 10), (13, 0), "{key}: {gtin}");
    }
}

/// A page under a strict policy is still the page: its own scripts are files.
#[test]
fn strict_pages_need_no_inline_script_to_play() {
    let site = site();
    let strict: Vec<&Route> =
        (site.routes().iter()).filter(|route| route.headers.contains_key("content-security-policy")).collect();
    assert!(strict.len() >= 5);
    for route in strict {
        let headers = site.render(route).unwrap().headers;
        assert!(
            headers
                .iter()
                .any(|(name, value)| name == "content-security-policy" && value.contains("require-trusted-types-for"))
        );
    }
}

/// The looking account is on the pages as on the real ones: without it, nothing would show that it stays there.
#[test]
fn product_pages_carry_the_looking_account() {
    let site = site();
    for name in ["shopee-blender-vague", "tiktok-blender-vague", "lazada-blender-vague", "tiki-fryer-prefix"] {
        let text = body(&site, site.route(name).unwrap());
        assert!(site.viewer_marks().any(|mark| text.contains(mark)), "{name}");
    }
}

#[test]
fn a_host_who_never_discloses_speaks_long_enough_to_be_judged() {
    use soi_tests::pages::Who;
    let site = site();
    let lines = |key: &str| {
        let script = &site.goods().scripts[key];
        script
            .lines
            .iter()
            .filter(|line| line.who == Some(Who::Host))
            .map(|line| line.text.clone().unwrap())
            .collect::<Vec<_>>()
    };
    let silent = lines("never-discloses");
    assert!(silent.len() >= 20);
    assert!(!silent.iter().any(|line| line.contains("quảng cáo")));
    assert!(lines("discloses").iter().any(|line| line.contains("video này có hợp tác quảng cáo")));
}

#[test]
fn markup_in_texts_stays_text() {
    let site = site();
    for route in site.routes().iter().filter(|route| route.good.as_deref() == Some("markup")) {
        let page = Html::parse_document(&body(&site, route));
        assert_eq!(page.select(&select("[onerror], [onload]")).count(), 0, "{}", route.name);
        let heading: String = page.select(&select("h1")).next().unwrap().text().collect();
        assert!(heading.contains("<img src=x"), "{}: {heading}", route.name);
    }
}
