//! Puts every phrase that is looked for in texts into one trie, with what it means.

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use yada::builder::DoubleArrayBuilder;

use super::tables::{
    DateCue, IdentifierKind, Knowledge, Meaning, Phrase, Phrases, SubstanceCue, UnitKind, UnitLevel, UnitManner,
};
use super::{Result, fold, read, units};

/// Numbers of wards and districts that are written without a space: "P12", "Q1".
const MAX_NUMBER: usize = 30;

/// `knowledge/cues.toml`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cues {
    number: Vec<Number>,
    date: Vec<Cue<DateCue>>,
    substance: Vec<Cue<SubstanceCue>>,
    heading: Vec<Heading>,
    address: Vec<Words>,
    unit: Vec<Unit>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Number {
    kind: Option<IdentifierKind>,
    #[serde(default)]
    is_mark: bool,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cue<C> {
    cue: C,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Heading {
    #[serde(default)]
    is_list: bool,
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    words: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Unit {
    level: UnitLevel,
    kinds: Vec<String>,
    manner: UnitManner,
    words: Vec<String>,
}

/// Moves the phrases out of the tables: what only served to find them is not packed twice.
pub(super) fn pack(knowledge: &mut Knowledge, cues: &Path) -> Result<Phrases> {
    let mut all = Vec::new();
    add_tables(knowledge, &mut all)?;
    add_cues(read(cues)?, &mut all)?;

    let mut by_key: BTreeMap<String, Vec<(Meaning, String)>> = BTreeMap::new();
    for (meaning, text) in all {
        let key = fold_spaces(&text);
        if key.is_empty() || key.contains('\0') {
            return Err(format!("a phrase without a letter: {text:?}").into());
        }
        by_key.entry(key).or_default().push((meaning, text));
    }
    let mut packed = Phrases::default();
    let mut keys = Vec::new();
    for (key, meanings) in by_key {
        if meanings.len() >> Phrases::COUNT_BITS > 0 {
            return Err(format!("\"{key}\" means too many things").into());
        }
        let value = packed.rows.len() << Phrases::COUNT_BITS | meanings.len();
        keys.push((key, u32::try_from(value)?));
        for (meaning, text) in meanings {
            let row = Phrase { meaning, start: u32::try_from(packed.texts.len())?, length: u8::try_from(text.len())? };
            packed.rows.push(row);
            packed.texts.push_str(&text);
        }
    }
    packed.trie = DoubleArrayBuilder::build(&keys).map_err(|error| format!("phrases: {error:?}"))?;
    Ok(packed)
}

fn add_tables(knowledge: &mut Knowledge, all: &mut Vec<(Meaning, String)>) -> Result<()> {
    for (row, wording) in knowledge.wording.iter_mut().enumerate() {
        let text = std::mem::take(&mut wording.text);
        let stem = text.split_once("{country}").map(|(stem, _)| stem.trim().to_owned());
        let meaning = Meaning::Wording { row: u16::try_from(row)?, wants_country: stem.is_some() };
        all.push((meaning, stem.unwrap_or(text)));
    }
    for (row, country) in knowledge.countries.iter_mut().enumerate() {
        let row = u16::try_from(row)?;
        all.extend(std::mem::take(&mut country.aliases).into_iter().map(|text| (Meaning::Country(row), text)));
        all.extend(std::mem::take(&mut country.compounds).into_iter().map(|text| (Meaning::NoCountry, text)));
    }
    for (row, group) in knowledge.groups.iter_mut().enumerate() {
        let row = u16::try_from(row)?;
        all.extend(std::mem::take(&mut group.words).into_iter().map(|text| (Meaning::Group(row), text)));
    }
    for (row, substance) in knowledge.substances.iter_mut().enumerate() {
        let row = u16::try_from(row)?;
        all.extend(std::mem::take(&mut substance.names).into_iter().map(|text| (Meaning::Substance(row), text)));
    }
    for (old, province) in knowledge.units.old_provinces.iter().enumerate() {
        all.push((Meaning::Province(u8::try_from(old)?), province.name.clone()));
    }
    for alias in std::mem::take(&mut knowledge.units.aliases) {
        all.push((Meaning::Province(alias.old), alias.text));
    }
    Ok(())
}

fn add_cues(cues: Cues, all: &mut Vec<(Meaning, String)>) -> Result<()> {
    let mut add = |meaning, words: Vec<String>| all.extend(words.into_iter().map(|text| (meaning, text)));
    for Number { kind, is_mark, words } in cues.number {
        add(Meaning::Number { kind, is_mark }, words);
    }
    for Cue { cue, words } in cues.date {
        add(Meaning::Date(cue), words);
    }
    for Cue { cue, words } in cues.substance {
        add(Meaning::AboutSubstance(cue), words);
    }
    for Heading { is_list, words } in cues.heading {
        add(Meaning::Heading { is_list }, words);
    }
    for Words { words } in cues.address {
        add(Meaning::Address, words);
    }
    for Unit { level, kinds, manner, words } in cues.unit {
        let kinds = kinds.iter().map(|kind| units::kind(kind)).sum::<Result<u8>>()?;
        add(Meaning::Unit(level, kinds, manner), words);
    }
    let wards = UnitKind::Ward as u8;
    let districts = UnitKind::UrbanDistrict as u8
        | UnitKind::RuralDistrict as u8
        | UnitKind::DistrictTown as u8
        | UnitKind::DistrictCity as u8;
    for (letter, level, kinds) in [('p', UnitLevel::Commune, wards), ('q', UnitLevel::District, districts)] {
        let zeroed = (1..=MAX_NUMBER).map(|number| format!("{letter}{number:02}"));
        let plain = (1..10).map(|number| format!("{letter}{number}"));
        add(Meaning::NumberedUnit(level, kinds), zeroed.chain(plain).collect());
    }
    Ok(())
}

/// Folded, with single spaces: as a text is while it is looked through.
pub(super) fn fold_spaces(text: &str) -> String {
    fold(text).split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}
