//! Finds the wording of `knowledge/wording.toml` and the names of countries, in one pass over the text.

use aho_corasick::automaton::{Automaton as _, OverlappingState};
use aho_corasick::dfa::DFA;
use aho_corasick::{Anchored, BuildError, Input, MatchKind};

use super::{Folded, fold, same_marks};
use crate::knowledge::{Knowledge, WordingGroup};

/// Between a wording and its country at most these may stand: "xuất xứ: Đức", "sản xuất tại nước Đức".
const BRIDGES: [&str; 9] = ["", " ", ": ", " : ", ":", " - ", " nuoc ", ": nuoc ", " tai "];
/// How far behind a wording its country may end, in folded bytes.
const MAX_COUNTRY: usize = 48;
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

/// A wording of the table, its `{country}` cut off.
#[derive(Debug, Clone)]
struct Stem {
    row: usize,
    group: WordingGroup,
    text: String,
    wants_country: bool,
}

#[derive(Debug, Clone)]
struct Alias {
    code: String,
    text: String,
}

/// The compiled tables.
#[derive(Debug, Clone)]
pub(crate) struct WordingMatcher {
    stems: Vec<Stem>,
    stem_automaton: DFA,
    aliases: Vec<Alias>,
    alias_automaton: DFA,
}

/// A pattern found: its number, and where in the folded text.
#[derive(Debug, Clone, Copy)]
struct Hit {
    pattern: usize,
    start: usize,
    end: usize,
}

impl WordingMatcher {
    pub(crate) fn new(knowledge: &Knowledge) -> Result<Self, BuildError> {
        let stems: Vec<Stem> = (knowledge.wording.iter().enumerate())
            .map(|(row, wording)| {
                let stem = wording.text.split_once("{country}").map(|(stem, _)| stem.trim());
                Stem {
                    row,
                    group: wording.group,
                    text: stem.unwrap_or(&wording.text).to_owned(),
                    wants_country: stem.is_some(),
                }
            })
            .collect();
        let aliases: Vec<Alias> = (knowledge.countries.iter())
            .flat_map(|country| {
                country.aliases.iter().map(|text| Alias { code: country.code.clone(), text: text.clone() })
            })
            .collect();
        Ok(Self {
            stem_automaton: automaton(stems.iter().map(|stem| &stem.text))?,
            alias_automaton: automaton(aliases.iter().map(|alias| &alias.text))?,
            stems,
            aliases,
        })
    }

    /// Every wording in a text, in order.
    pub(crate) fn find<'t>(&self, text: &'t str) -> Vec<WordingMatch<'t>> {
        let folded = Folded::new(text);
        let stem_of = |hit: &Hit| self.stems.get(hit.pattern);
        let agrees = |hit: &Hit| stem_of(hit).is_some_and(|stem| marks_agree(text, &folded, *hit, &stem.text));
        let hits = in_order(whole_hits(&self.stem_automaton, &folded.text).filter(agrees).collect());
        let is_negation = |hit: &&Hit| stem_of(hit).is_some_and(|stem| stem.group == WordingGroup::Negation);
        let negations: Vec<usize> = hits.iter().filter(is_negation).map(|hit| hit.end).collect();

        let mut found: Vec<(usize, usize, WordingMatch<'t>)> = Vec::new();
        for hit in hits {
            let Some(stem) = stem_of(&hit) else { continue };
            if stem.group == WordingGroup::Negation {
                continue;
            }
            let (country, end) = match stem.wants_country {
                false => (None, hit.end),
                true => match self.country_after(text, &folded, hit.end) {
                    Some((code, end)) => (Some(code), end),
                    None => continue,
                },
            };
            // "chuẩn Đức" inside "tiêu chuẩn Đức" is the same words once more: the longer wording starts first.
            if found.iter().any(|(start, known, _)| *start <= hit.start && end <= *known) {
                continue;
            }
            let (from, to) = folded.original(hit.start, end);
            let here = WordingMatch {
                row: stem.row,
                group: stem.group,
                country,
                quote: text.get(from..to).unwrap_or_default().trim(),
                negated: negations.iter().any(|end| *end <= hit.start && hit.start - end <= NEGATION_REACH),
            };
            found.push((hit.start, end, here));
        }
        found.into_iter().map(|(.., found)| found).collect()
    }

    /// The countries that a field's value names, in order, each once: "HK/TQ" names two.
    pub(crate) fn countries(&self, value: &str) -> Vec<String> {
        let folded = Folded::new(value);
        let is_named = |(hit, alias): &(Hit, &Alias)| {
            hit.end - hit.start == folded.text.len() || is_name(*hit, alias, value, &folded)
        };
        // The longer of two names that overlap: "Trung Quốc Đại Lục" before "Trung Quốc".
        let hits = in_order(self.aliases_in(value, &folded, 0).filter(is_named).map(|(hit, _)| hit).collect());
        let mut codes = Vec::new();
        let mut covered = 0;
        for hit in hits {
            let Some(alias) = self.aliases.get(hit.pattern) else { continue };
            if hit.start >= covered {
                covered = hit.end;
                if !codes.contains(&alias.code) {
                    codes.push(alias.code.clone());
                }
            }
        }
        codes
    }

    /// Whether a value is the name of a country and nothing else.
    pub(crate) fn is_country(&self, value: &str) -> bool {
        let folded = Folded::new(value);
        whole_hits(&self.alias_automaton, &folded.text).any(|hit| hit.end - hit.start == folded.text.len())
    }

    /// The longest name of a country that follows a wording, and where it ends.
    fn country_after(&self, text: &str, folded: &Folded, end: usize) -> Option<(String, usize)> {
        self.aliases_in(text, folded, end)
            .filter(|(hit, _)| folded.text.get(end..hit.start).is_some_and(|bridge| BRIDGES.contains(&bridge)))
            .filter(|(hit, alias)| is_name(*hit, alias, text, folded))
            .max_by_key(|(hit, _)| hit.end)
            .map(|(hit, alias)| (alias.code.clone(), hit.end))
    }

    /// Names of countries close behind a place in the text.
    fn aliases_in<'s>(
        &'s self,
        text: &'s str,
        folded: &'s Folded,
        from: usize,
    ) -> impl Iterator<Item = (Hit, &'s Alias)> + 's {
        let to = if from == 0 { folded.text.len() } else { (from + MAX_COUNTRY).min(folded.text.len()) };
        let to = (to..=folded.text.len()).find(|at| folded.text.is_char_boundary(*at)).unwrap_or(from);
        hits(&self.alias_automaton, &folded.text, from, to)
            .filter_map(|hit| Some((hit, self.aliases.get(hit.pattern)?)))
            .filter(move |(hit, alias)| marks_agree(text, folded, *hit, &alias.text))
    }
}

fn automaton<'t>(patterns: impl Iterator<Item = &'t String>) -> Result<DFA, BuildError> {
    // The automaton itself, not the crate's choice among three: it is the fastest one on texts of this size.
    DFA::builder().match_kind(MatchKind::Standard).build(patterns.map(|text| fold(text)))
}

fn whole_hits<'s>(automaton: &'s DFA, text: &'s str) -> impl Iterator<Item = Hit> + 's {
    hits(automaton, text, 0, text.len())
}

/// Patterns in part of a text that neither start nor end inside a word.
fn hits<'s>(automaton: &'s DFA, text: &'s str, from: usize, to: usize) -> impl Iterator<Item = Hit> + 's {
    let mut state = OverlappingState::start();
    let next = move || {
        let input = Input::new(text).span(from..to).anchored(Anchored::No);
        automaton.try_find_overlapping(&input, &mut state).ok()?;
        let found = state.get_match()?;
        Some(Hit { pattern: found.pattern().as_usize(), start: found.start(), end: found.end() })
    };
    std::iter::from_fn(next).filter(move |hit| is_whole(text, hit.start, hit.end))
}

/// Orders hits by where they start, the longer of two that start together first.
fn in_order(mut hits: Vec<Hit>) -> Vec<Hit> {
    hits.sort_unstable_by_key(|hit| (hit.start, std::cmp::Reverse(hit.end), hit.pattern));
    hits
}

fn marks_agree(text: &str, folded: &Folded, hit: Hit, known: &str) -> bool {
    let (from, to) = folded.original(hit.start, hit.end);
    same_marks(text.get(from..to).unwrap_or_default(), known)
}

/// "hàn" is welding, "cập nhật" an update: a short country's name inside other words has its capital.
fn is_name(hit: Hit, alias: &Alias, text: &str, folded: &Folded) -> bool {
    if alias.text.chars().count() > 4 {
        return true;
    }
    let (from, _) = folded.original(hit.start, hit.end);
    text.get(from..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase)
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
