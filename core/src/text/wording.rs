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
        let mut found: Vec<(usize, usize, WordingMatch<'t>)> = Vec::new();
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
            // "chuẩn Đức" inside "tiêu chuẩn Đức" is the same words once more: the longer wording starts first.
            if found.iter().any(|(start, known, _)| *start <= hit.start && end <= *known) {
                continue;
            }
            let found_here = WordingMatch {
                row,
                group,
                country,
                quote: text.get(from..to).unwrap_or_default().trim(),
                negated: hits.iter().any(|other| {
                    matches!(other.pattern, Pattern::Wording { group: WordingGroup::Negation, .. })
                        && other.end <= hit.start
                        && hit.start - other.end <= NEGATION_REACH
                }),
            };
            found.push((hit.start, end, found_here));
        }
        found.into_iter().map(|(.., found)| found).collect()
    }

    /// The countries that a field's value names, in order, each once: "HK/TQ" names two.
    pub(crate) fn countries(&self, value: &str) -> Vec<String> {
        let folded = Folded::new(value);
        let mut hits: Vec<Hit<'_>> = self
            .raw_hits(&folded)
            .filter(|hit| matches!(hit.pattern, Pattern::Country { .. }))
            .filter(|hit| self.marks_agree(value, &folded, hit))
            .filter(|hit| hit.end - hit.start == folded.text.len() || is_name(hit, value, &folded))
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
            .filter(|hit| is_name(hit, text, folded))
            .collect();
        hits.sort_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end)));
        hits
    }

    fn marks_agree(&self, text: &str, folded: &Folded, hit: &Hit<'_>) -> bool {
        let (from, to) = folded.original(hit.start, hit.end);
        same_marks(text.get(from..to).unwrap_or_default(), hit.pattern.text())
    }
}

/// "hàn" is welding, "cập nhật" an update: a short country's name inside other words has its capital.
fn is_name(hit: &Hit<'_>, text: &str, folded: &Folded) -> bool {
    match hit.pattern {
        Pattern::Country { text: alias, .. } if alias.chars().count() <= 4 => {
            let (from, _) = folded.original(hit.start, hit.end);
            text.get(from..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase)
        }
        _ => true,
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::BUILT_IN;
    use proptest::prelude::*;

    fn matcher() -> WordingMatcher {
        WordingMatcher::new(&Knowledge::open(BUILT_IN).unwrap()).unwrap()
    }

    fn found(text: &str) -> Vec<(WordingGroup, Option<String>, String, bool)> {
        let matcher = matcher();
        let found = matcher.find(text).into_iter();
        found.map(|found| (found.group, found.country, found.quote.to_owned(), found.negated)).collect()
    }

    #[test]
    fn vague_wording_with_its_quote_from_the_original() {
        for (text, quote) in [
            ("Máy xay Công Nghệ ĐỨC siêu bền", "Công Nghệ ĐỨC"),
            ("may xay cong nghe Duc sieu ben", "cong nghe Duc"),
            ("Nồi tiêu chuẩn châu Âu", "tiêu chuẩn châu Âu"),
            ("Co\u{302}ng nghe\u{323}\u{302} Đức", "Co\u{302}ng nghe\u{323}\u{302} Đức"),
        ] {
            let found = found(text);
            assert_eq!(found.len(), 1, "{text}: {found:?}");
            assert_eq!((found[0].0, found[0].2.as_str()), (WordingGroup::OriginVague, quote), "{text}");
        }
    }

    #[test]
    fn words_that_only_look_alike_are_quiet() {
        for text in [
            "máy công nghệ đúc nguyên khối",
            "đào tạo công nghệ hàn điện",
            "Công nghệ mới, giá tốt",
            "phương pháp công nghệ",
            "áo thương hiệu riêng",
            "tiêu chuẩn ISO",
            "",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn stated_origin_and_its_negation() {
        let stated = found("Sản xuất tại: Việt Nam");
        assert_eq!(stated[0].1.as_deref(), Some("VN"));
        assert!(!stated[0].3);
        assert!(found("không sản xuất tại Trung Quốc")[0].3);
        assert_eq!(found("MADE IN GERMANY")[0].1.as_deref(), Some("DE"));
    }

    #[test]
    fn disclosure_and_its_negation() {
        assert!(!found("Video này có hợp tác quảng cáo nha")[0].3);
        assert!(found("Mình không có hợp tác quảng cáo đâu").iter().all(|found| found.3));
        assert_eq!(found("nhìn như quảng cáo trên tivi"), []);
    }

    #[test]
    fn countries_of_a_field() {
        let matcher = matcher();
        let countries = |value: &str| matcher.countries(value).join(" ");
        for (value, expected) in [
            ("Trung Quốc Đại Lục", "CN"),
            ("TQ", "CN"),
            ("HK/TQ", "HK CN"),
            ("China", "CN"),
            ("đức", "DE"),
            ("Hàn Quốc", "KR"),
            ("Nhật", "JP"),
            ("Việt Nam", "VN"),
            ("Made in Germany", "DE"),
            ("Đang cập nhật", ""),
            ("Khác", ""),
        ] {
            assert_eq!(countries(value), expected, "{value}");
        }
    }

    proptest! {
        #[test]
        fn quotes_are_parts_of_the_text(text in "(không |công nghệ |xuất xứ |Đức|đức| |\\PC){0,12}") {
            for found in matcher().find(&text) {
                prop_assert!(text.contains(found.quote));
            }
        }
    }
}
