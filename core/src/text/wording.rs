//! Finds the wording of `knowledge/wording.toml` and the names of countries, in one pass over the text.

use aho_corasick::{AhoCorasick, BuildError, MatchKind};

use super::{Folded, fold, same_marks};
use crate::knowledge::{Knowledge, WordingGroup};

/// Between a wording and its country at most these may stand: "xuất xứ: Đức", "sản xuất tại nước Đức".
const BRIDGES: [&str; 9] = ["", " ", ": ", " : ", ":", " - ", " nuoc ", ": nuoc ", " tai "];
/// How far before a wording a negation still counts, in folded bytes.
const NEGATION_REACH: usize = 16;

/// A wording found in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct WordingMatch<'t> {
    /// Row of the wording table.
    pub(crate) row: usize,
    /// What it means.
    pub(crate) group: WordingGroup,
    /// The country it names, by code.
    pub(crate) country: Option<String>,
    /// The words as they stand in the text.
    pub(crate) quote: &'t str,
    /// Whether a negation stands just before it.
    pub(crate) negated: bool,
}

#[derive(Debug, Clone)]
enum Pattern {
    /// A whole wording.
    Wording { row: usize, group: WordingGroup, text: String },
    /// A wording that a country must follow.
    Stem { row: usize, group: WordingGroup, text: String },
    /// A country's name.
    Country { code: String, text: String },
}

impl Pattern {
    fn text(&self) -> &str {
        match self {
            Self::Wording { text, .. } | Self::Stem { text, .. } | Self::Country { text, .. } => text,
        }
    }
}

/// The compiled tables.
#[derive(Debug, Clone)]
pub(crate) struct WordingMatcher {
    automaton: AhoCorasick,
    patterns: Vec<Pattern>,
}

struct Hit<'p> {
    pattern: &'p Pattern,
    start: usize,
    end: usize,
}

impl WordingMatcher {
    pub(crate) fn new(knowledge: &Knowledge) -> Result<Self, BuildError> {
        let mut patterns = Vec::new();
        for (row, wording) in knowledge.wording.iter().enumerate() {
            let group = wording.group;
            patterns.push(match wording.text.split_once("{country}") {
                Some((stem, _)) => Pattern::Stem { row, group, text: stem.trim().to_owned() },
                None => Pattern::Wording { row, group, text: wording.text.clone() },
            });
        }
        for country in &knowledge.countries {
            for alias in &country.aliases {
                patterns.push(Pattern::Country { code: country.code.clone(), text: alias.clone() });
            }
        }
        let automaton = AhoCorasick::builder()
            .match_kind(MatchKind::Standard)
            .build(patterns.iter().map(|pattern| fold(pattern.text())))?;
        Ok(Self { automaton, patterns })
    }

    /// Every wording in a text, in order.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Vec<WordingMatch<'t>> {
        let folded = Folded::new(text);
        let hits = self.hits(text, &folded);
        let mut found = Vec::new();
        for hit in &hits {
            let (row, group, country, end) = match hit.pattern {
                Pattern::Wording { row, group, .. } => (*row, *group, None, hit.end),
                Pattern::Stem { row, group, .. } => {
                    let Some(next) = longest_country_after(&hits, &folded.text, hit.end) else { continue };
                    let Pattern::Country { code, .. } = next.pattern else { continue };
                    (*row, *group, Some(code.clone()), next.end)
                }
                Pattern::Country { .. } => continue,
            };
            if group == WordingGroup::Negation {
                continue;
            }
            let (from, to) = folded.original(hit.start, end);
            found.push(WordingMatch {
                row,
                group,
                country,
                quote: text.get(from..to).unwrap_or_default().trim(),
                negated: hits.iter().any(|other| {
                    matches!(other.pattern, Pattern::Wording { group: WordingGroup::Negation, .. })
                        && other.end <= hit.start
                        && hit.start - other.end <= NEGATION_REACH
                }),
            });
        }
        found
    }

    /// The countries that a field's value names, in order, each once: "HK/TQ" names two.
    pub(crate) fn countries(&self, value: &str) -> Vec<String> {
        let folded = Folded::new(value);
        let mut hits: Vec<Hit<'_>> = self
            .raw_hits(&folded)
            .filter(|hit| matches!(hit.pattern, Pattern::Country { .. }))
            .filter(|hit| self.marks_agree(value, &folded, hit))
            .collect();
        // The longer of two names that overlap: "Trung Quốc Đại Lục" before "Trung Quốc".
        hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
        let mut codes = Vec::new();
        let mut covered = 0;
        for hit in hits {
            let Pattern::Country { code, .. } = hit.pattern else { continue };
            if hit.start >= covered {
                covered = hit.end;
                if !codes.contains(code) {
                    codes.push(code.clone());
                }
            }
        }
        codes
    }

    fn raw_hits<'s>(&'s self, folded: &'s Folded) -> impl Iterator<Item = Hit<'s>> + 's {
        self.automaton.find_overlapping_iter(folded.text.as_str()).filter_map(|found| {
            let pattern = self.patterns.get(found.pattern().as_usize())?;
            (is_whole(&folded.text, found.start(), found.end())).then_some(Hit {
                pattern,
                start: found.start(),
                end: found.end(),
            })
        })
    }

    fn hits<'s>(&'s self, text: &str, folded: &'s Folded) -> Vec<Hit<'s>> {
        let mut hits: Vec<Hit<'s>> = self
            .raw_hits(folded)
            .filter(|hit| self.marks_agree(text, folded, hit))
            .filter(|hit| match hit.pattern {
                // "hàn" is welding, "ao" a pond: a short country's name in running text has its capital.
                Pattern::Country { text: alias, .. } if alias.chars().count() <= 4 => {
                    let (from, _) = folded.original(hit.start, hit.end);
                    text.get(from..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase)
                }
                _ => true,
            })
            .collect();
        hits.sort_by_key(|hit| (hit.start, hit.end));
        hits
    }

    fn marks_agree(&self, text: &str, folded: &Folded, hit: &Hit<'_>) -> bool {
        let (from, to) = folded.original(hit.start, hit.end);
        same_marks(text.get(from..to).unwrap_or_default(), hit.pattern.text())
    }
}

fn longest_country_after<'h, 'p>(hits: &'h [Hit<'p>], text: &str, end: usize) -> Option<&'h Hit<'p>> {
    hits.iter()
        .filter(|hit| matches!(hit.pattern, Pattern::Country { .. }) && hit.start >= end)
        .filter(|hit| text.get(end..hit.start).is_some_and(|bridge| BRIDGES.contains(&bridge)))
        .max_by_key(|hit| hit.end)
}

/// Whether a match neither starts nor ends inside a word.
fn is_whole(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|text| text.chars().next_back());
    let after = text.get(end..).and_then(|text| text.chars().next());
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}
