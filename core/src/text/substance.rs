//! Finds the substances of `knowledge/substances.toml` in a text, and whether the text says that they are in it, that
//! they are not, or that they do harm.

use aho_corasick::BuildError;
use serde::{Deserialize, Serialize};

use super::patterns::{Hit, Patterns};
use super::{fold, same_marks};
use crate::knowledge::Knowledge;

/// How far around a substance its sentence is looked at, in bytes.
const SENTENCE_REACH: usize = 240;
/// How far behind a denial its list still goes on, in bytes.
const DENIAL_REACH: usize = 120;
/// What may stand between "không" and the substance it denies, folded.
const OF_DENIAL: [&str; 12] =
    ["chat", "cac", "hoa", "loai", "kem", "hang", "san", "pham", "be", "thanh", "phan", "bat"];
/// What may stand between a substance and the result of a test for it, folded.
const OF_RESULT: [&str; 4] = ["la", "duoc", "deu", "cho"];
/// What may end a question behind its "không", folded.
const OF_QUESTION: [&str; 13] = ["a", "vay", "nhi", "shop", "ha", "ta", "z", "ban", "sop", "chi", "em", "the", "nha"];

/// What words around a substance say about it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Cue {
    /// Denies a whole list: "không chứa".
    Denies,
    /// Denies what stands right behind it: "không corticoid".
    Not,
    /// A test found nothing: "không phát hiện".
    NotFound,
    /// Denies what stands right before it: "paraben-free".
    Free,
    /// Ends a denial: "không chứa cồn, có hydroquinone".
    EndsDenial,
    /// Speaks of harm: "tránh xa kem chứa corticoid", "da nhiễm corticoid".
    Warns,
    /// Speaks of none, with the words of a warning: "không gây hại".
    Harmless,
}

const CUES: [(Cue, &[&str]); 7] = [
    (
        Cue::Denies,
        &[
            "không chứa",
            "không có",
            "không hề có",
            "không hề chứa",
            "không có chứa",
            "không bao gồm",
            "không dùng",
            "không sử dụng",
            "không thêm",
            "không pha",
            "không trộn",
            "không lẫn",
            "không dính",
            "không bổ sung",
            "ko chứa",
            "ko có",
            "ko dùng",
            "k chứa",
            "k có",
            "hông có",
            "chẳng có",
            "chẳng chứa",
            "chả có",
            "chưa từng có",
            "nói không với",
            "loại bỏ hoàn toàn",
            "free of",
            "free from",
            "without",
            "does not contain",
            "no added",
        ],
    ),
    (
        Cue::Not,
        &[
            "không",
            "ko",
            "hông",
            "không phải",
            "không phải là",
            "ko phải",
            "chẳng phải",
            "chả phải",
            "0%",
            "0 %",
            "no",
            "non",
            "zero",
            "❌",
            "🚫",
        ],
    ),
    (
        Cue::NotFound,
        &[
            "không phát hiện",
            "không phát hiện thấy",
            "chưa phát hiện",
            "không tìm thấy",
            "không có trong",
            "âm tính",
            "âm tính với",
            "KPH",
            "not detected",
            "not found",
        ],
    ),
    (Cue::Free, &["free"]),
    (
        Cue::EndsDenial,
        &[
            "chứa",
            "có",
            "gồm",
            "bao gồm",
            "thành phần",
            "thành phần chính",
            "không chỉ",
            "không thể không",
            "không thể thiếu",
            "không phải không",
            "không phải là không",
            "không ít",
            "dương tính",
            "phát hiện",
            "tìm thấy",
            "khi",
            "vì",
            "nhờ",
            "nhưng",
            "mà",
            "contains",
            "contain",
            "with",
            "but",
            "detected",
        ],
    ),
    (
        Cue::Warns,
        &[
            "tránh",
            "tránh xa",
            "cảnh báo",
            "cảnh giác",
            "cẩn thận",
            "coi chừng",
            "nguy hiểm",
            "hại da",
            "có hại",
            "gây hại",
            "tác hại",
            "độc hại",
            "hậu quả",
            "di chứng",
            "tàn phá",
            "phá da",
            "hỏng da",
            "hư da",
            "mỏng da",
            "bào mòn",
            "đừng dùng",
            "đừng mua",
            "đừng bôi",
            "không nên dùng",
            "không nên sử dụng",
            "không nên mua",
            "tuyệt đối không",
            "tẩy chay",
            "thu hồi",
            "bị cấm",
            "chất cấm",
            "nhiễm",
            "nhiễm độc",
            "thải độc",
            "phục hồi",
            "cai",
            "hư tổn do",
            "avoid",
            "beware",
            "warning",
            "harmful",
            "dangerous",
        ],
    ),
    (
        Cue::Harmless,
        &[
            "không gây hại",
            "không hại",
            "không hại da",
            "không có hại",
            "không độc hại",
            "không nguy hiểm",
            "không bào mòn",
            "không mỏng da",
            "không gây mỏng da",
            "không tác hại",
        ],
    ),
];

/// What a text says about a substance that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stance {
    /// It is in there, or just named.
    Stated,
    /// It is not: "không chứa corticoid", "paraben-free".
    Negated,
    /// It does harm: "tránh xa kem chứa corticoid", "phục hồi da nhiễm corticoid".
    Warning,
    /// Somebody asks: "có corticoid không ạ".
    Asked,
}

/// A substance named in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct SubstanceMention {
    /// Row of the table of substances.
    pub row: usize,
    /// First byte of the name in the text.
    pub start: usize,
    /// Byte after its last.
    pub end: usize,
    /// What is said about it.
    pub stance: Stance,
}

impl SubstanceMention {
    /// Whether the text says that the substance is not in there.
    pub fn negated(&self) -> bool {
        self.stance == Stance::Negated
    }
}

/// The table of substances, compiled.
#[derive(Debug, Clone)]
pub struct SubstanceMatcher {
    names: Vec<(usize, String)>,
    name_patterns: Patterns,
    cues: Vec<(Cue, &'static str)>,
    cue_patterns: Patterns,
}

impl SubstanceMatcher {
    /// The matcher of a table.
    ///
    /// # Errors
    /// The names cannot be compiled.
    pub fn new(knowledge: &Knowledge) -> Result<Self, BuildError> {
        let rows = knowledge.substances.iter().enumerate();
        let names: Vec<_> =
            rows.flat_map(|(row, substance)| substance.names.iter().map(move |name| (row, name.clone()))).collect();
        let cues: Vec<_> = CUES.iter().flat_map(|(cue, texts)| texts.iter().map(|text| (*cue, *text))).collect();
        Ok(Self {
            name_patterns: Patterns::new(names.iter().map(|(_, name)| name.as_str()))?,
            names,
            cue_patterns: Patterns::new(cues.iter().map(|(_, text)| *text))?,
            cues,
        })
    }

    /// Every substance that a text names, in order.
    pub fn find(&self, text: &str) -> Vec<SubstanceMention> {
        let names =
            longest(text, &self.name_patterns, |pattern| self.names.get(pattern).map(|(_, name)| name.as_str()));
        let mut mentions: Vec<SubstanceMention> = Vec::new();
        for hit in names {
            let Some((row, _)) = self.names.get(hit.pattern) else { continue };
            let sentence = Sentence::around(text, hit);
            let denied = (mentions.last()).filter(|last| last.negated() && last.start >= sentence.start);
            let stance = self.stance(text, hit, &sentence, denied.map(|last| last.end));
            mentions.push(SubstanceMention { row: *row, start: hit.start, end: hit.end, stance });
        }
        mentions
    }

    /// What a sentence says about a substance; `denied` is where the last one that it denies ends.
    fn stance(&self, text: &str, name: Hit, sentence: &Sentence, denied: Option<usize>) -> Stance {
        let cues: Vec<(Cue, usize, usize)> =
            longest_in(text, sentence, &self.cue_patterns, |pattern| self.cues.get(pattern).map(|(_, text)| *text))
                .into_iter()
                .filter_map(|hit| Some((self.cues.get(hit.pattern)?.0, hit.start, hit.end)))
                .collect();
        let between = |from: usize, to: usize| text.get(from..to).unwrap_or_default();

        let mut denial = None;
        for (cue, start, end) in cues.iter().copied().filter(|(.., end)| *end <= name.start) {
            if denied.is_some_and(|denied| start < denied) {
                continue;
            }
            match cue {
                Cue::Denies | Cue::NotFound => denial = Some(end),
                Cue::Not if is_made_of(between(end, name.start), &[' ', ':'], &OF_DENIAL) => denial = Some(end),
                Cue::EndsDenial => denial = Some(usize::MAX),
                _ => {}
            }
        }
        let denial = denial.or(denied).filter(|from| *from != usize::MAX);
        if denial.is_some_and(|from| name.start - from <= DENIAL_REACH) {
            return Stance::Negated;
        }
        let mut is_asked = false;
        for (cue, start, end) in cues.iter().copied().filter(|(_, start, _)| *start >= name.end) {
            let gap = between(name.end, start);
            let is_negated = match cue {
                Cue::Free => is_made_of(gap, &[' ', '-'], &[]),
                Cue::NotFound => is_made_of(gap, &[' ', ':', '-', '(', '='], &OF_RESULT),
                Cue::Not | Cue::Denies => is_made_of(gap, &[' ', ':', '='], &[]) && gap.contains([':', '=']),
                _ => false,
            };
            if is_negated {
                return Stance::Negated;
            }
            let rest = between(end, sentence.end);
            is_asked |= cue == Cue::Not && gap.trim().is_empty() && is_made_of(rest, &[' ', ','], &OF_QUESTION);
        }
        if cues.iter().any(|(cue, ..)| *cue == Cue::Warns) {
            return Stance::Warning;
        }
        if is_asked { Stance::Asked } else { Stance::Stated }
    }
}

/// Whether a text is made of these signs and folded words only.
fn is_made_of(text: &str, signs: &[char], words: &[&str]) -> bool {
    fold(text).split(|c: char| signs.contains(&c)).all(|word| word.is_empty() || words.contains(&word))
}

/// The patterns in a text that agree in their diacritics; of overlapping ones the first and longest.
fn longest<'k>(text: &str, patterns: &Patterns, known: impl Fn(usize) -> Option<&'k str>) -> Vec<Hit> {
    longest_in(text, &Sentence { start: 0, end: text.len() }, patterns, known)
}

fn longest_in<'k>(
    text: &str,
    part: &Sentence,
    patterns: &Patterns,
    known: impl Fn(usize) -> Option<&'k str>,
) -> Vec<Hit> {
    let mut covered = 0;
    let mut hits = patterns.find(text, part.start, part.end);
    hits.retain(|hit| {
        let written = text.get(hit.start..hit.end).unwrap_or_default();
        let is_new = hit.start >= covered && known(hit.pattern).is_some_and(|known| same_marks(written, known));
        if is_new {
            covered = hit.end;
        }
        is_new
    });
    hits
}

/// Part of a text that says one thing.
#[derive(Debug, Clone, Copy)]
struct Sentence {
    start: usize,
    end: usize,
}

impl Sentence {
    fn around(text: &str, hit: Hit) -> Self {
        let before = text.get(..hit.start).unwrap_or_default();
        let after = text.get(hit.end..).unwrap_or_default();
        let ends = |at: usize, sign: char| ends_sentence(sign, text.get(at + sign.len_utf8()..).unwrap_or_default());
        let start = (before.char_indices().rev())
            .find(|(at, sign)| ends(*at, *sign) || hit.start - at > SENTENCE_REACH)
            .map_or(0, |(at, sign)| at + sign.len_utf8());
        let end = (after.char_indices())
            .find(|(at, sign)| ends(hit.end + at, *sign) || *at > SENTENCE_REACH)
            .map_or(text.len(), |(at, _)| hit.end + at);
        Self { start, end }
    }
}

/// A full stop only before white space: "0.5%".
fn ends_sentence(sign: char, after: &str) -> bool {
    match sign {
        '!' | '?' | ';' | '\n' | '•' | '|' | '…' => true,
        '.' => after.is_empty() || after.starts_with(char::is_whitespace),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::Stance::{Asked, Negated, Stated, Warning};
    use super::*;
    use crate::knowledge::BUILT_IN;
    use proptest::prelude::*;

    thread_local! {
        static TABLES: (Knowledge, SubstanceMatcher) = {
            let knowledge = Knowledge::open(BUILT_IN).unwrap();
            let matcher = SubstanceMatcher::new(&knowledge).unwrap();
            (knowledge, matcher)
        };
    }

    fn found(text: &str) -> Vec<(String, Stance)> {
        let mentions = TABLES.with(|(_, matcher)| matcher.find(text));
        let quote = |mention: &SubstanceMention| text.get(mention.start..mention.end).unwrap().to_owned();
        mentions.iter().map(|mention| (quote(mention), mention.stance)).collect()
    }

    #[test]
    fn mentions_and_their_clean_twins() {
        const CASES: [(&str, &[(&str, Stance)]); 66] = [
            ("Thành phần: Aqua, Dexamethasone 0.05%", &[("Dexamethasone", Stated)]),
            ("Kem chứa corticoid", &[("corticoid", Stated)]),
            ("Kem không chứa corticoid", &[("corticoid", Negated)]),
            ("kem khong chua corticoid", &[("corticoid", Negated)]),
            ("kem chua corticoid", &[("corticoid", Stated)]),
            ("KHÔNG CORTICOID, KHÔNG PARABEN", &[("CORTICOID", Negated), ("PARABEN", Negated)]),
            (
                "Không corticoid, paraben, thuỷ ngân",
                &[("corticoid", Negated), ("paraben", Negated), ("thuỷ ngân", Negated)],
            ),
            ("0% paraben", &[("paraben", Negated)]),
            ("Hydroquinone 4%", &[("Hydroquinone", Stated)]),
            ("paraben-free", &[("paraben", Negated)]),
            ("Paraben free, dịu nhẹ", &[("Paraben", Negated)]),
            ("Paraben, freeship", &[("Paraben", Stated)]),
            ("free of parabens and mercury", &[("parabens", Negated), ("mercury", Negated)]),
            ("không có chất dexamethasone", &[("dexamethasone", Negated)]),
            ("có chất dexamethasone", &[("dexamethasone", Stated)]),
            ("chưa phát hiện dexamethasone", &[("dexamethasone", Negated)]),
            ("phát hiện dexamethasone", &[("dexamethasone", Stated)]),
            ("Dexamethasone: không phát hiện", &[("Dexamethasone", Negated)]),
            ("Dexamethasone (KPH)", &[("Dexamethasone", Negated)]),
            ("Dexamethasone: dương tính", &[("Dexamethasone", Stated)]),
            ("Corticoid: không", &[("Corticoid", Negated)]),
            ("Corticoid: âm tính", &[("Corticoid", Negated)]),
            ("âm tính với corticoid", &[("corticoid", Negated)]),
            ("❌ Corticoid ❌ Paraben", &[("Corticoid", Negated), ("Paraben", Negated)]),
            ("✅ Corticoid", &[("Corticoid", Stated)]),
            ("Nói không với corticoid, chì, thủy ngân", &[("corticoid", Negated), ("thủy ngân", Negated)]),
            ("Không chứa cồn, chất tạo màu, hydroquinone", &[("hydroquinone", Negated)]),
            ("Không chứa cồn, có hydroquinone", &[("hydroquinone", Stated)]),
            ("Không chứa cồn. Hydroquinone 4%", &[("Hydroquinone", Stated)]),
            ("Không chứa paraben nhưng chứa tretinoin", &[("paraben", Negated), ("tretinoin", Stated)]),
            ("Chứa tretinoin, không chứa paraben", &[("tretinoin", Stated), ("paraben", Negated)]),
            ("Không gây kích ứng, hydroquinone 4%", &[("hydroquinone", Stated)]),
            ("Không chỉ chứa hydroquinone mà còn tretinoin", &[("hydroquinone", Stated), ("tretinoin", Stated)]),
            ("không phải không có corticoid", &[("corticoid", Stated)]),
            ("không chứa chất có hại như corticoid", &[("corticoid", Negated)]),
            (
                "Công thức không chứa corticoid, hydroquinone hay cồn khô.",
                &[("corticoid", Negated), ("hydroquinone", Negated)],
            ),
            ("Cam kết ko chứa corticoid", &[("corticoid", Negated)]),
            // Warnings.
            ("tránh xa kem chứa corticoid", &[("corticoid", Warning)]),
            ("kem trộn chứa corticoid rất hại da", &[("kem trộn", Warning), ("corticoid", Warning)]),
            ("kem trộn chứa corticoid", &[("kem trộn", Stated), ("corticoid", Stated)]),
            ("Cảnh báo: kem chứa thủy ngân", &[("thủy ngân", Warning)]),
            ("Sibutramine là chất cấm", &[("Sibutramine", Warning)]),
            ("Serum phục hồi da nhiễm corticoid", &[("corticoid", Warning)]),
            ("Thải độc corticoid cho da", &[("corticoid", Warning)]),
            ("Đừng dùng kem trộn nữa nha", &[("kem trộn", Warning)]),
            ("Kem có corticoid nhưng không gây hại", &[("corticoid", Stated)]),
            ("Kem có corticoid, không hại da đâu", &[("corticoid", Stated)]),
            ("Không độc hại. Có hydroquinone", &[("hydroquinone", Stated)]),
            ("avoid products with hydroquinone", &[("hydroquinone", Warning)]),
            // The cream that sellers mix.
            ("Bán kem trộn trắng da cấp tốc", &[("kem trộn", Stated)]),
            ("kem tron trang da", &[("kem tron", Stated)]),
            ("Đây không phải kem trộn", &[("kem trộn", Negated)]),
            ("không phải là kem trộn nha", &[("kem trộn", Negated)]),
            ("kem trơn mượt", &[]),
            ("trộn kem với sữa", &[]),
            // Questions say nothing.
            ("Có corticoid không ạ?", &[("corticoid", Asked)]),
            ("kem có corticoid ko shop", &[("corticoid", Asked)]),
            ("Kem có corticoid", &[("corticoid", Stated)]),
            // Names.
            ("Desmethyl sibutramine", &[("Desmethyl sibutramine", Stated)]),
            ("viên có sildenafil và phenolphthalein", &[("sildenafil", Stated), ("phenolphthalein", Stated)]),
            ("Methylparaben, Isobutyl Paraben", &[("Methylparaben", Stated), ("Isobutyl Paraben", Stated)]),
            ("Isotretinoin", &[]),
            ("Ethylhexylglycerin, Phenoxyethanol", &[]),
            ("Betaine, Clove oil, Hydroxypropyl", &[]),
            ("", &[]),
            ("không chứa cồn, hương liệu", &[]),
        ];
        for (text, expected) in CASES {
            let expected: Vec<_> = expected.iter().map(|(quote, stance)| ((*quote).to_owned(), *stance)).collect();
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn every_name_is_found_in_its_row() {
        TABLES.with(|(knowledge, matcher)| {
            for (row, substance) in knowledge.substances.iter().enumerate() {
                for name in &substance.names {
                    let mention = SubstanceMention { row, start: 0, end: name.len(), stance: Stated };
                    assert_eq!(matcher.find(name), [mention], "{name}");
                }
            }
        });
    }

    proptest! {
        #[test]
        fn any_text_is_safe_and_spans_are_inside_it(
            text in "(không |chứa |có |corticoid|kem trộn|paraben|, |\\. |free|0%|\u{301}|\\PC|\n){0,24}",
        ) {
            for mention in TABLES.with(|(_, matcher)| matcher.find(&text)) {
                prop_assert!(text.get(mention.start..mention.end).is_some_and(|quote| !quote.is_empty()));
            }
        }
    }
}
