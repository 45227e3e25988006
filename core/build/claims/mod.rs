//! Compiles the patterns of `knowledge/claims/` into steps, found by their rarest words.

mod words;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use serde::de::IntoDeserializer;
use serde::de::value::Error as ValueError;

use super::tables::{ClaimCue, ClaimEntry, ClaimGroup, ClaimRow, ClaimStep, Claims, Regulation};
use super::{Result, read};
use words::{Meanings, parts};

/// The classes that several groups use.
const CLASSES: &str = "classes";
/// The words around claims.
const CUES: &str = "cues";
/// Steps, and words in gaps, of one pattern at most: what a hostile text can make a pattern cost.
const MAX_STEPS: usize = 10;
const MAX_GAPS: usize = 3;
const MAX_GAP: u16 = 6;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Group {
    #[serde(default)]
    class: BTreeMap<String, Vec<String>>,
    #[serde(default)]
    claim: Vec<Claim>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Claim {
    code: String,
    #[allow(dead_code, reason = "for people who read the table")]
    source: String,
    #[allow(dead_code, reason = "for people who read the table: what counts is whether the rule it meets is verified")]
    verified: bool,
    patterns: Vec<String>,
    #[serde(default)]
    innocent: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cues {
    cue: Vec<Cue>,
    spelling: Vec<Spelling>,
}

/// A word and how chats spell it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Spelling {
    word: String,
    chats: Vec<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cue {
    cue: ClaimCue,
    words: Vec<String>,
}

/// One step of a pattern: any of these.
#[derive(Debug, Clone)]
struct Step {
    any: Vec<u16>,
    is_optional: bool,
}

/// The patterns, compiled.
pub(super) fn pack(folder: &Path) -> Result<Claims> {
    let shared: Group = read(&folder.join(format!("{CLASSES}.toml")))?;
    if !shared.claim.is_empty() {
        return Err(format!("{CLASSES}.toml: claims belong to the file of their group").into());
    }
    let groups = groups(folder)?;
    let rows: usize = groups.iter().map(|(_, group)| group.claim.len()).sum();
    let mut compiler = Compiler {
        next: ClaimCue::COUNT + u16::try_from(rows)?,
        words: BTreeMap::new(),
        phrases: BTreeMap::new(),
        patterns: BTreeSet::new(),
        rows: Vec::new(),
    };
    let Cues { cue, spelling } = read(&folder.join(format!("{CUES}.toml")))?;
    for Cue { cue, words } in cue {
        compiler.add_words(cue as u16, &words);
    }
    let shared = compiler.classes(&shared.class)?;
    for (group, table) in groups {
        let own = compiler.classes(&table.class)?;
        let name = format!("{group:?}");
        if let Some(twice) = own.keys().find(|class| shared.contains_key(*class)) {
            return Err(format!("claims, {name}: the class \"{twice}\" is shared by all groups").into());
        }
        let classes: BTreeMap<&str, u16> =
            shared.iter().chain(&own).map(|(name, symbol)| (name.as_str(), *symbol)).collect();
        for claim in table.claim {
            compiler.add_claim(group, claim, &classes).map_err(|error| format!("claims, {name}: {error}"))?;
        }
    }
    compiler.finish(&spelling)
}

/// The tables of the groups, by their files' names.
fn groups(folder: &Path) -> Result<Vec<(ClaimGroup, Group)>> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)?.map(|entry| Ok(entry?.path())).collect::<Result<_>>()?;
    paths.sort();
    let mut groups = Vec::new();
    for path in paths {
        let name = path.file_stem().and_then(|name| name.to_str()).unwrap_or_default();
        if name == CLASSES || name == CUES {
            continue;
        }
        let group = ClaimGroup::deserialize(IntoDeserializer::<ValueError>::into_deserializer(name))
            .map_err(|error| format!("{}: {error}", path.display()))?;
        groups.push((group, read(&path)?));
    }
    Ok(groups)
}

/// Every rule has its own id and names claims that there are.
pub(super) fn check_regulations(rules: &[Regulation], claims: &Claims) -> Result<()> {
    let known = |name: &String| {
        let (group, code) = name.split_once('.').map_or((name.as_str(), None), |(group, code)| (group, Some(code)));
        let Ok(group) = ClaimGroup::deserialize(IntoDeserializer::<ValueError>::into_deserializer(group)) else {
            return false;
        };
        code.is_none_or(|code| claims.rows.iter().any(|row| row.group == group && row.code == code))
    };
    let mut ids = BTreeSet::new();
    for rule in rules {
        if !ids.insert(&rule.id) {
            return Err(format!("regulations.toml: \"{}\" is there twice", rule.id).into());
        }
        if let Some(name) = rule.claims.iter().find(|name| !known(name)) {
            return Err(format!("regulations.toml: {} names no claim: \"{name}\"", rule.id).into());
        }
    }
    Ok(())
}

struct Compiler {
    /// The next free symbol.
    next: u16,
    /// What each word stands for.
    words: BTreeMap<String, BTreeSet<u16>>,
    /// Words that stand for themselves.
    phrases: BTreeMap<String, u16>,
    /// The rows' patterns, every choice in them made.
    patterns: BTreeSet<(Vec<u16>, u16)>,
    rows: Vec<ClaimRow>,
}

impl Compiler {
    fn new_symbol(&mut self) -> Result<u16> {
        let symbol = self.next;
        self.next = symbol.checked_add(1).filter(|next| *next <= ClaimStep::NUMBER).ok_or("too many words")?;
        Ok(symbol)
    }

    fn add_words(&mut self, symbol: u16, words: &[String]) {
        for word in words {
            self.words.entry(word.to_lowercase()).or_default().insert(symbol);
        }
    }

    fn classes(&mut self, classes: &BTreeMap<String, Vec<String>>) -> Result<BTreeMap<String, u16>> {
        let mut symbols = BTreeMap::new();
        for (name, words) in classes {
            let symbol = self.new_symbol()?;
            self.add_words(symbol, words);
            symbols.insert(name.clone(), symbol);
        }
        Ok(symbols)
    }

    fn add_claim(&mut self, group: ClaimGroup, claim: Claim, classes: &BTreeMap<&str, u16>) -> Result<()> {
        let Claim { code, patterns, innocent, .. } = claim;
        if self.rows.iter().any(|row| (row.group, &row.code) == (group, &code)) {
            return Err(format!("\"{code}\" is there twice").into());
        }
        let row = u16::try_from(self.rows.len())?;
        self.rows.push(ClaimRow { group, code });
        self.add_words(ClaimCue::COUNT + row, &innocent);
        for pattern in patterns {
            self.add_pattern(&pattern, row, classes).map_err(|error| format!("\"{pattern}\": {error}"))?;
        }
        Ok(())
    }

    fn add_pattern(&mut self, pattern: &str, row: u16, classes: &BTreeMap<&str, u16>) -> Result<()> {
        let steps = self.steps(pattern, classes)?;
        let is_firm = |step: Option<&Step>| step.is_some_and(|step| !step.is_optional && !step.any.iter().any(is_gap));
        if !is_firm(steps.first()) || !is_firm(steps.last()) {
            return Err("starts or ends with a gap, or with what may be missing".into());
        }
        if steps.first().is_some_and(|step| step.any.contains(&ClaimStep::NUMBER)) && steps.len() == 1 {
            return Err("a number alone".into());
        }
        let gaps = steps.iter().filter(|step| step.any.iter().any(is_gap)).count();
        if steps.len() > MAX_STEPS || gaps > MAX_GAPS {
            return Err(format!("more than {MAX_STEPS} steps or {MAX_GAPS} gaps").into());
        }
        let mut chosen: Vec<Vec<u16>> = vec![Vec::new()];
        for step in steps {
            let more = chosen.iter().flat_map(|known| {
                step.any.iter().map(|symbol| known.iter().copied().chain([*symbol]).collect::<Vec<u16>>())
            });
            let more: Vec<Vec<u16>> = more.collect();
            if !step.is_optional {
                chosen.clear();
            }
            chosen.extend(more);
        }
        self.patterns.extend(chosen.into_iter().map(|steps| (steps, row)));
        Ok(())
    }

    fn steps(&mut self, pattern: &str, classes: &BTreeMap<&str, u16>) -> Result<Vec<Step>> {
        let mut steps = Vec::new();
        let mut plain: Vec<&str> = Vec::new();
        for part in pattern.split_whitespace() {
            let (bare, is_optional) = match part.strip_suffix('?') {
                Some(bare) if bare.ends_with('}') => (bare, true),
                _ => (part, false),
            };
            let any = if let Some(gap) = part.strip_prefix('~') {
                let words: u16 = gap.parse()?;
                if !(1..=MAX_GAP).contains(&words) {
                    return Err(format!("a gap of {words} words").into());
                }
                vec![ClaimStep::GAP + words]
            } else if let Some(names) = bare.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')) {
                let symbol = |name: &str| match name {
                    "number" => Ok(ClaimStep::NUMBER),
                    _ => classes.get(name).copied().ok_or_else(|| format!("no class \"{name}\"")),
                };
                names.split('|').map(symbol).collect::<std::result::Result<_, _>>()?
            } else if part.contains(['{', '}', '~']) {
                return Err(format!("\"{part}\" is no step").into());
            } else {
                plain.push(part);
                continue;
            };
            self.add_phrase(&mut plain, &mut steps)?;
            steps.push(Step { any, is_optional });
        }
        self.add_phrase(&mut plain, &mut steps)?;
        Ok(steps)
    }

    /// Words in a row are one step.
    fn add_phrase(&mut self, plain: &mut Vec<&str>, steps: &mut Vec<Step>) -> Result<()> {
        if plain.is_empty() {
            return Ok(());
        }
        let phrase = std::mem::take(plain).join(" ").to_lowercase();
        let symbol = match self.phrases.get(&phrase) {
            Some(symbol) => *symbol,
            None => {
                let symbol = self.new_symbol()?;
                self.phrases.insert(phrase.clone(), symbol);
                symbol
            }
        };
        self.words.entry(phrase).or_default().insert(symbol);
        steps.push(Step { any: vec![symbol], is_optional: false });
        Ok(())
    }

    fn finish(mut self, spellings: &[Spelling]) -> Result<Claims> {
        let frequency = frequency(&self.words);
        let reach = reach(&self.words);
        let mut claims = Claims { rows: self.rows, ..Claims::default() };
        let mut meanings = Meanings::default();
        for (steps, row) in self.patterns {
            let most: usize = steps.iter().map(|step| reach.get(step).copied().unwrap_or(1)).sum();
            if most > ClaimEntry::REACH {
                return Err(format!("claims: a pattern of {most} words").into());
            }
            let often = |(at, step): (usize, &u16)| frequency.get(step).map(|often| (*often, at, *step));
            let mut symbols: Vec<(f64, usize, u16)> = steps.iter().enumerate().filter_map(often).collect();
            symbols.sort_by(|one, other| one.0.total_cmp(&other.0));
            let Some((_, at, rarest)) = symbols.first().copied() else { return Err("a pattern of numbers".into()) };
            let needs = [1, 2].map(|next| symbols.get(next).map_or(0, |(_, _, symbol)| *symbol));
            let (before, behind) = (steps.get(..at).unwrap_or_default(), steps.get(at + 1..).unwrap_or_default());
            let pattern = u32::try_from(claims.patterns.len())?;
            meanings.entries.entry(rarest).or_default().push(ClaimEntry { needs, pattern });
            claims.patterns.extend([row, u16::try_from(before.len())?, u16::try_from(behind.len())?]);
            meanings.steps.extend(before.iter().chain(behind));
            claims.patterns.extend(before.iter().rev().chain(behind));
        }
        add_spellings(&mut self.words, spellings);
        claims.symbol_count = self.next;
        words::pack(self.words, meanings, &mut claims)?;
        Ok(claims)
    }
}

/// Phrases also stand as chats spell their words.
fn add_spellings(words: &mut BTreeMap<String, BTreeSet<u16>>, spellings: &[Spelling]) {
    let mut more = Vec::new();
    for (phrase, symbols) in words.iter() {
        let parts: Vec<&str> = phrase.split(' ').collect();
        for Spelling { word, chats } in
            spellings.iter().filter(|it| parts.len() > 1 && parts.contains(&it.word.as_str()))
        {
            // "50k còn" is a price, no "không còn".
            let fits = |chat: &&String| chat.len() > 1 || parts.first() != Some(&word.as_str());
            more.extend(chats.iter().filter(fits).map(|chat| {
                let spelt: Vec<&str> = parts.iter().map(|own| if own == word { chat.as_str() } else { own }).collect();
                (spelt.join(" "), symbols.clone())
            }));
        }
    }
    for (phrase, symbols) in more {
        words.entry(phrase).or_default().extend(symbols);
    }
}

/// How often each symbol is to be met in a text, as far as the tables tell: a word as often as its syllables come together,
/// each as often as it stands in the tables.
fn frequency(words: &BTreeMap<String, BTreeSet<u16>>) -> BTreeMap<u16, f64> {
    let mut counts: BTreeMap<&str, f64> = BTreeMap::new();
    words.keys().flat_map(|word| word.split(' ')).for_each(|syllable| *counts.entry(syllable).or_default() += 1.0);
    let all: f64 = counts.values().sum();
    let mut frequency = BTreeMap::new();
    for (word, symbols) in words {
        let often: f64 = word.split(' ').map(|syllable| counts.get(syllable).copied().unwrap_or(1.0) / all).product();
        symbols.iter().for_each(|symbol| *frequency.entry(*symbol).or_default() += often);
    }
    frequency
}

/// The most words that a step may span, where that is more than one.
fn reach(words: &BTreeMap<String, BTreeSet<u16>>) -> BTreeMap<u16, usize> {
    let gaps = (1..=MAX_GAP).map(|words| (ClaimStep::GAP + words, usize::from(words)));
    let mut reach: BTreeMap<u16, usize> = gaps.collect();
    for (word, symbols) in words {
        let parts = parts(word).filter(|part| *part != " ").count();
        for symbol in symbols {
            let most = reach.entry(*symbol).or_default();
            *most = parts.max(*most);
        }
    }
    let number = reach.get(&(ClaimCue::Number as u16)).copied().unwrap_or(1);
    reach.insert(ClaimStep::NUMBER, ClaimStep::MAX_NUMBER * number);
    reach
}

fn is_gap(step: &u16) -> bool {
    *step > ClaimStep::NUMBER
}
