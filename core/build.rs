//! Packs the tables under `knowledge/` into one block of bytes, and refuses tables that contradict each other.

#[path = "build/claims/mod.rs"]
mod claims;
#[path = "src/text/marks.rs"]
mod marks;
#[path = "build/phrases.rs"]
mod phrases;
#[path = "src/text/pieces.rs"]
#[allow(dead_code, reason = "what taking a text apart needs besides")]
mod pieces;
#[path = "src/knowledge/tables.rs"]
#[allow(dead_code, unreachable_pub, reason = "build.rs writes the tables; only the engine reads all of them")]
mod tables;
#[path = "build/units.rs"]
mod units;

use std::collections::{BTreeMap, BTreeSet};
use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use unicode_normalization::char::decompose_canonical;

use tables::{
    Claims, Country, Gs1Range, Knowledge, Label, Message, Phrases, Platform, ProductGroup, Regulation, Rubric,
    Substance, Wording, Words,
};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("knowledge");
    println!("cargo::rerun-if-changed={}", root.display());

    let mut knowledge = Knowledge {
        revised: read::<Set>(&root.join("set.toml"))?.day()?,
        rubric: read(&root.join("rubric.toml"))?,
        platforms: platforms(&root.join("rules"))?,
        labels: labels(&root.join("labels.toml"))?,
        wording: read::<Rows<Wording>>(&root.join("wording.toml"))?.row,
        junk: read::<Junk>(&root.join("junk.toml"))?.values,
        substances: substances(&root.join("substances.toml"))?,
        countries: read::<Rows<Country>>(&root.join("countries.toml"))?.row,
        groups: read::<Rows<ProductGroup>>(&root.join("groups.toml"))?.row,
        gs1: gs1(&root.join("gs1-prefixes.csv"))?,
        messages: messages(&root.join("locales"))?,
        units: units::pack(&root.join("units"))?,
        claims: Claims::default(),
        regulations: read::<Rows<Regulation>>(&root.join("regulations.toml"))?.row,
        phrases: Phrases::default(),
    };
    check_rubric(&knowledge.rubric, &knowledge.messages)?;
    let groups = |id: &String| knowledge.groups.iter().any(|group| &group.id == id);
    if let Some(id) = knowledge.substances.iter().flat_map(|row| &row.groups).find(|id| !groups(id)) {
        return Err(format!("substances.toml: no group of products \"{id}\"").into());
    }

    if let Some(id) = knowledge.regulations.iter().flat_map(|row| &row.goods).find(|id| !groups(id)) {
        return Err(format!("regulations.toml: no group of products \"{id}\"").into());
    }
    knowledge.claims = claims::pack(&root.join("claims"))?;
    claims::check_regulations(&knowledge.regulations, &knowledge.claims)?;
    knowledge.phrases = phrases::pack(&mut knowledge, &root.join("cues.toml"))?;

    let out = PathBuf::from(env::var("OUT_DIR")?).join("knowledge.bin");
    fs::write(out, postcard::to_allocvec(&knowledge)?)?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("latin.rs"), latin())?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("layout.rs"), layout().to_string())?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("keys.rs"), keys(&root.join("keys.toml"))?)?;
    Ok(())
}

/// `set.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Set {
    revised: toml::value::Datetime,
}

impl Set {
    fn day(&self) -> Result<u32> {
        let date = self.revised.date.ok_or("set.toml: the last change has no day")?;
        let month = time::Month::try_from(date.month)?;
        let day = time::Date::from_calendar_date(date.year.into(), month, date.day)?.to_julian_day();
        Ok(u32::try_from(day - time::OffsetDateTime::UNIX_EPOCH.date().to_julian_day())?)
    }
}

/// A row of `keys.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRow {
    #[allow(dead_code, reason = "for people who read the table")]
    name: String,
    id: String,
    public: String,
    from: i64,
    until: i64,
    revoked: bool,
    sets: Vec<String>,
}

/// The keys whose packs are trusted, as Rust source: they are code, not knowledge, which travels in packs itself.
fn keys(path: &Path) -> Result<String> {
    let hex = |digits: &str, bytes: usize| -> Result<Vec<u8>> {
        let pairs = digits.as_bytes().chunks(2).map(|pair| Ok(u8::from_str_radix(std::str::from_utf8(pair)?, 16)?));
        let read: Vec<u8> = pairs.collect::<Result<_>>()?;
        if read.len() == bytes {
            Ok(read)
        } else {
            Err(format!("keys.toml: \"{digits}\" has not {bytes} bytes").into())
        }
    };
    let mut source = String::from("&[\n");
    for KeyRow { id, public, from, until, revoked, sets, .. } in read::<Rows<KeyRow>>(path)?.row {
        let (id, public) = (hex(&id, 8)?, hex(&public, 32)?);
        source.push_str(&format!("    ({id:?}, {public:?}, {from}, {until}, {revoked}, &{sets:?}),\n"));
    }
    source.push_str("]\n");
    Ok(source)
}

/// The layout of the packed tables follows from how their types, marks and pieces are written: a hash (FNV-1a) of these
/// files.
fn layout() -> u32 {
    let files: [&[u8]; 3] = [
        include_bytes!("src/knowledge/tables.rs"),
        include_bytes!("src/text/marks.rs"),
        include_bytes!("src/text/pieces.rs"),
    ];
    (files.into_iter().flatten()).fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// The part of the Unicode tables that folding needs, as Rust source: see `src/text/mod.rs`.
fn latin() -> String {
    const LATIN: [std::ops::RangeInclusive<u32>; 2] = [0xc0..=0x24f, 0x1e00..=0x1eff];
    let mut columns = [const { Vec::new() }; 3];
    for letter in LATIN.into_iter().flatten().filter_map(char::from_u32) {
        let mut parts = Vec::new();
        decompose_canonical(letter, |part| parts.push(u32::from(part)));
        let row = match *parts.as_slice() {
            [base, mark] => [base, mark, 0],
            [base, first, second] => [base, first, second],
            _ => [u32::from(letter), 0, 0],
        };
        for (column, part) in columns.iter_mut().zip(row) {
            column.push(part);
        }
    }
    // All white space lies below the end of the Latin part and U+3000.
    let [letters, taken] = [folded_letter, taken].map(|of| (0..=0x3000).map(of).collect::<Vec<u8>>());
    format!(
        "pub(super) static DECOMPOSED: [[u16; {}]; 3] = {columns:?};\n\
         pub(super) static TAKEN: [u8; {}] = {taken:?};\n\
         pub(super) static LETTERS: [u8; {}] = {letters:?};\n",
        columns[0].len(),
        taken.len(),
        letters.len(),
    )
}

/// What folding takes from a character: see `src/text/marks.rs`.
fn taken(code: u32) -> u8 {
    let mut taken = 0u8;
    decompose_canonical(char::from_u32(code).unwrap_or_default(), |part| match part {
        'đ' | 'Đ' => taken = taken.wrapping_add(marks::of_mark('đ')),
        '\u{300}'..='\u{36f}' => taken = taken.wrapping_add(marks::of_mark(part)),
        _ => {}
    });
    taken
}

/// The one ASCII character that a character folds to, a space for white space, 0 when there is none.
fn folded_letter(code: u32) -> u8 {
    let Some(character) = char::from_u32(code) else { return 0 };
    if character.is_whitespace() {
        return b' ';
    }
    let mut folded = Vec::new();
    decompose_canonical(character, |part| match part {
        'đ' | 'Đ' => folded.push('d'),
        '\u{300}'..='\u{36f}' => {}
        _ => folded.extend(part.to_lowercase()),
    });
    match folded.as_slice() {
        [letter] if letter.is_ascii() => *letter as u8,
        _ => 0,
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Rows<T> {
    row: Vec<T>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Junk {
    values: Vec<String>,
}

fn read<T: DeserializeOwned>(path: &Path) -> Result<T> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()).into())
}

fn platforms(folder: &Path) -> Result<Vec<Platform>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    let mut platforms = Vec::new();
    for path in paths {
        let platform: Platform = read(&path)?;
        if path.file_stem().and_then(|stem| stem.to_str()) != Some(platform.id.as_str()) {
            return Err(format!("{}: the id is \"{}\"", path.display(), platform.id).into());
        }
        platforms.push(platform);
    }
    Ok(platforms)
}

/// In the order of their folded texts, each once.
fn labels(path: &Path) -> Result<Vec<Label>> {
    let mut labels = read::<Rows<Label>>(path)?.row;
    labels.sort_by_cached_key(|label| fold(&label.text));
    for pair in labels.windows(2) {
        if let [one, other] = pair
            && fold(&one.text) == fold(&other.text)
        {
            return Err(format!("{}: \"{}\" is there twice", path.display(), one.text).into());
        }
    }
    Ok(labels)
}

/// Every name stands once, every row has a name and goods that its rule is about.
fn substances(path: &Path) -> Result<Vec<Substance>> {
    let substances = read::<Rows<Substance>>(path)?.row;
    let mut known = BTreeSet::new();
    for substance in &substances {
        if substance.names.is_empty() || substance.groups.is_empty() {
            return Err(format!("{}: a row without names or groups: {:?}", path.display(), substance.names).into());
        }
        if let Some(name) = substance.names.iter().find(|name| !known.insert(name.to_lowercase())) {
            return Err(format!("{}: \"{name}\" is there twice", path.display()).into());
        }
    }
    Ok(substances)
}

/// As `text::fold`, for ordering.
fn fold(text: &str) -> String {
    let mut folded = String::new();
    for letter in text.chars() {
        match folded_letter(letter as u32) {
            0 => folded.push(letter),
            known => folded.push(char::from(known)),
        }
    }
    folded
}

/// `start,end,allocated_by,note`; rows that are not a country's keep their range without a country.
fn gs1(path: &Path) -> Result<Vec<Gs1Range>> {
    let text = fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))?;
    let mut ranges = Vec::new();
    for (number, line) in text.lines().enumerate().skip(1) {
        let mut cells = line.split(',');
        let mut cell = || cells.next().unwrap_or_default();
        let wrong = |what: &str| format!("{}:{}: {what}", path.display(), number + 1);
        let start = cell().parse().map_err(|_| wrong("start is not a number"))?;
        let end = cell().parse().map_err(|_| wrong("end is not a number"))?;
        let country = cell();
        let is_country = country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase());
        ranges.push(Gs1Range { start, end, country: is_country.then(|| country.to_owned()) });
    }
    ranges.sort_by_key(|range| range.start);
    Ok(ranges)
}

/// `<name>.vi.toml` and `<name>.en.toml`, nested tables joined with dots; both hold the same keys.
fn messages(folder: &Path) -> Result<Vec<Message>> {
    let mut by_key: BTreeMap<String, Words> = BTreeMap::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let vietnamese = name.ends_with("vi.toml");
        if !vietnamese && !name.ends_with("en.toml") {
            return Err(format!("{}: neither vi nor en", path.display()).into());
        }
        let mut flat = Vec::new();
        flatten("", read::<toml::Table>(&path)?, &mut flat);
        for (key, text) in flat {
            let words = by_key.entry(key.clone()).or_default();
            let slot = if vietnamese { &mut words.vi } else { &mut words.en };
            if !slot.is_empty() {
                return Err(format!("{}: {key} is there twice", path.display()).into());
            }
            *slot = text;
        }
    }
    for (key, words) in &by_key {
        if words.vi.is_empty() || words.en.is_empty() {
            return Err(format!("locales: {key} is missing in one language").into());
        }
        if slots(&words.vi) != slots(&words.en) {
            return Err(format!("locales: {key} has other slots in vi than in en").into());
        }
    }
    Ok(by_key.into_iter().map(|(key, words)| Message { key, words }).collect())
}

fn flatten(prefix: &str, table: toml::Table, out: &mut Vec<(String, String)>) {
    for (key, value) in table {
        let key = if prefix.is_empty() { key } else { format!("{prefix}.{key}") };
        match value {
            toml::Value::Table(table) => flatten(&key, table, out),
            toml::Value::String(text) => out.push((key, text)),
            other => out.push((key, other.to_string())),
        }
    }
}

fn slots(sentence: &str) -> Vec<&str> {
    let mut slots: Vec<&str> =
        sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(slot, _)| slot)).collect();
    slots.sort_unstable();
    slots.dedup();
    slots
}

fn check_rubric(rubric: &Rubric, messages: &[Message]) -> Result<()> {
    let has = |key: &str| messages.binary_search_by(|message| message.key.as_str().cmp(key)).is_ok();
    for finding in &rubric.findings {
        let code = &finding.code;
        if !rubric.checks.iter().any(|check| check.id == finding.check) {
            return Err(format!("rubric.toml: {code} names no check: {}", finding.check).into());
        }
        if let Some(group) = &finding.group
            && !rubric.groups.iter().any(|row| &row.id == group)
        {
            return Err(format!("rubric.toml: {code} names no group: {group}").into());
        }
        if !has(&format!("finding.{code}")) {
            return Err(format!("locales: finding.{code} is missing").into());
        }
    }
    for check in &rubric.checks {
        if !has(&format!("check.{}", check.id)) {
            return Err(format!("locales: check.{} is missing", check.id).into());
        }
    }
    Ok(())
}
