//! Wording of `knowledge/wording.toml` and the names of countries in a text.

use std::ops::Range;

use super::spotted::{Hit, Spotted};
use super::{fold, same_marks};
use crate::knowledge::{Knowledge, Meaning, WordingGroup};

/// Between a wording and its country at most these may stand, folded: "xuất xứ: Đức", "sản xuất tại nước Đức".
const BRIDGES: [&str; 6] = ["", ":", "-", "nuoc", ": nuoc", "tai"];
/// How far behind a wording its country may end, in bytes.
const MAX_COUNTRY: usize = 64;
/// How far before a wording a negation still counts, in characters.
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
    /// First byte of them in the text.
    pub(crate) start: usize,
    /// Whether a negation stands just before it.
    pub(crate) negated: bool,
    /// Whether its country may be none of the product's: part of a longer name ("sản phẩm của Mỹ Hiền"), or where a part
    /// of it was made ("lưỡi dao made in Japan"). Enough to state an origin, not to hold against one.
    pub(crate) doubtful: bool,
}

impl WordingMatch<'_> {
    /// Byte after the last of its words.
    pub(crate) fn end(&self) -> usize {
        self.start + self.quote.len()
    }
}

impl<'a> Spotted<'a> {
    /// Every wording in the text, in order.
    pub(crate) fn wording(&self) -> Vec<WordingMatch<'a>> {
        let text = self.text;
        let mut negations: Vec<usize> = Vec::new();
        let mut parts: Vec<usize> = Vec::new();
        let mut found: Vec<(usize, usize, WordingMatch<'a>)> = Vec::new();
        for hit in &self.hits {
            let Meaning::Wording { row, wants_country } = hit.meaning else { continue };
            let row = usize::from(row);
            let Some(group) = self.knowledge.wording.get(row).map(|wording| wording.group) else { continue };
            let (country, end, is_name) = match wants_country {
                false => (None, hit.end, false),
                true => match self.country_after(hit.end) {
                    Some((country, Some(code))) => {
                        let goes_on = goes_on(country, text) && !is_title_case(text, hit);
                        (Some(code), country.end, goes_on)
                    }
                    _ => continue,
                },
            };
            if !self.marks_agree(hit) {
                continue;
            }
            // "chuẩn Đức" inside "tiêu chuẩn Đức" is the same words once more: the longer wording starts first.
            if found.iter().any(|(start, known, _)| *start <= hit.start && end <= *known) {
                continue;
            }
            if group == WordingGroup::Negation {
                negations.push(hit.end);
                continue;
            }
            if group == WordingGroup::Part {
                parts.push(hit.end);
                continue;
            }
            // "Không có hóa đơn chứng từ đầy đủ": what begins inside a refusal is refused with it.
            let is_refused = |(start, known, said): &(usize, usize, WordingMatch<'a>)| {
                said.group.is_refusal() && *start < hit.start && hit.start < *known
            };
            let here = WordingMatch {
                row,
                group,
                country,
                quote: text.get(hit.start..end).unwrap_or_default().trim_end(),
                start: hit.start,
                negated: found.iter().any(is_refused)
                    || negations.iter().any(|negation| is_close(text, *negation, hit.start)),
                doubtful: is_name || parts.iter().any(|part| is_next(text, *part, hit.start)),
            };
            // "Hàng xách tay Đức" says more than "hàng xách tay".
            match found.iter_mut().find(|(start, _, known)| *start == hit.start && known.group == here.group) {
                Some(known) => *known = (hit.start, end, here),
                None => found.push((hit.start, end, here)),
            }
        }
        let said = found.into_iter().map(|(.., found)| found);
        said.filter(|found| found.group != WordingGroup::Innocent).collect()
    }

    /// The countries that a field's value names, in order, each once: "HK/TQ" names two.
    pub(crate) fn countries(&self) -> Vec<String> {
        let mut codes = Vec::new();
        let mut covered = 0;
        // The longer of two names that overlap comes first: "Trung Quốc Đại Lục" before "Trung Quốc".
        for (hit, code) in self.country_names(0..self.text.len()) {
            let is_name = || is_name(hit, self.text) && !goes_on(hit, self.text);
            if hit.start >= covered && (is_all(self.text, hit) || is_name()) {
                covered = hit.end;
                codes.extend(code.filter(|code| !codes.contains(code)));
            }
        }
        codes
    }

    /// The longest name of a country that follows a wording, and its code: none for everyday words that only begin so.
    fn country_after(&self, end: usize) -> Option<(&Hit<'a>, Option<String>)> {
        let follows =
            |start: usize| self.text.get(end..start).is_some_and(|bridge| BRIDGES.contains(&fold(bridge).as_str()));
        self.country_names(end..end + MAX_COUNTRY)
            .filter(|(hit, _)| is_name(hit, self.text) && follows(hit.start))
            .max_by_key(|(hit, _)| hit.end)
    }

    /// Names of countries that start in part of the text, with their codes.
    fn country_names(&self, part: Range<usize>) -> impl Iterator<Item = (&Hit<'a>, Option<String>)> {
        self.starting_in(part).iter().filter_map(|hit| {
            let code = match hit.meaning {
                Meaning::Country(row) => Some(self.knowledge.countries.get(usize::from(row))?.code.clone()),
                Meaning::NoCountry => None,
                _ => return None,
            };
            self.marks_agree(hit).then_some((hit, code))
        })
    }

    /// Whether the words of a hit have the diacritics of its phrase, or none at all.
    pub(crate) fn marks_agree(&self, hit: &Hit<'_>) -> bool {
        same_marks(self.written(hit), hit.known)
    }
}

/// Whether a negation that ends there is near enough to turn what starts here into its opposite.
fn is_close(text: &str, negation: usize, start: usize) -> bool {
    text.get(negation..start).is_some_and(|between| between.chars().count() <= NEGATION_REACH)
}

/// Whether what starts here follows what ends there with nothing between.
fn is_next(text: &str, end: usize, start: usize) -> bool {
    text.get(end..start).is_some_and(|between| between.trim().is_empty())
}

/// Whether there is nothing but white space around a hit.
fn is_all(value: &str, hit: &Hit<'_>) -> bool {
    value.trim() == value.get(hit.start..hit.end).unwrap_or_default()
}

/// "hàn" is welding, "cập nhật" an update: a short country's name inside other words has its capital.
fn is_name(hit: &Hit<'_>, text: &str) -> bool {
    !is_short(hit.known) || text.get(hit.start..).and_then(|rest| rest.chars().next()).is_some_and(char::is_uppercase)
}

fn is_short(country: &str) -> bool {
    country.chars().count() <= 4
}

/// "Mỹ Hiền" and "Đức Hòa" are people, brands and towns: a short country's name that another name follows.
fn goes_on(hit: &Hit<'_>, text: &str) -> bool {
    let is_acronym = hit.known.len() > 2 && hit.known.chars().all(|letter| letter.is_ascii_uppercase());
    let mut behind = text.get(hit.end..).unwrap_or_default().chars();
    is_short(hit.known)
        && !is_acronym
        && behind.next() == Some(' ')
        && behind.next().is_some_and(char::is_uppercase)
        && behind.next().is_some_and(char::is_lowercase)
}

/// Whether the last word of a hit has its capital: "Công Nghệ Đức Cao Cấp" names no Mr Đức Cao.
fn is_title_case(text: &str, hit: &Hit<'_>) -> bool {
    let last = text.get(hit.start..hit.end).and_then(|words| words.split_whitespace().next_back());
    last.and_then(|word| word.chars().next()).is_some_and(char::is_uppercase)
}

impl Knowledge {
    /// Whether a value is the name of a country and nothing else.
    pub(crate) fn is_country(&self, value: &str) -> bool {
        let names = |spotted: &Spotted<'_>| {
            spotted.country_names(0..value.len()).any(|(hit, code)| code.is_some() && is_all(spotted.text, hit))
        };
        value.len() <= MAX_COUNTRY && names(&self.spot(value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::BUILT_IN;
    use proptest::prelude::*;

    thread_local! {
        static KNOWLEDGE: Knowledge = Knowledge::open(BUILT_IN).unwrap();
    }

    fn found(text: &str) -> Vec<(WordingGroup, Option<String>, String, bool)> {
        KNOWLEDGE.with(|knowledge| {
            let found = knowledge.spot(text).wording().into_iter();
            found.map(|found| (found.group, found.country, found.quote.to_owned(), found.negated)).collect()
        })
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
    fn countries_of_a_field() {
        let countries = |value: &str| KNOWLEDGE.with(|knowledge| knowledge.spot(value).countries().join(" "));
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
            KNOWLEDGE.with(|knowledge| {
                for found in knowledge.spot(&text).wording() {
                    prop_assert!(text.contains(found.quote));
                }
                Ok(())
            })?;
        }
    }
}
