//! The substances of `knowledge/substances.toml` in a text, and whether the text says that they are in it, that they are
//! not, or that they do harm.

use serde::{Deserialize, Serialize};

use super::fold;
use super::spotted::{Hit, Spotted};
use crate::knowledge::{Meaning, SubstanceCue as Cue};

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

impl Spotted<'_> {
    /// Every substance that the text names, in order.
    pub(crate) fn substances(&self) -> Vec<SubstanceMention> {
        let mut mentions: Vec<SubstanceMention> = Vec::new();
        let mut covered = 0;
        for hit in &self.hits {
            let Meaning::Substance(row) = hit.meaning else { continue };
            // Of overlapping names the first and longest counts.
            if hit.start < covered || !self.marks_agree(hit) {
                continue;
            }
            covered = hit.end;
            let sentence = Sentence::around(self.text, hit);
            let denied = (mentions.last()).filter(|last| last.negated() && last.start >= sentence.start);
            let stance = self.stance(hit, &sentence, denied.map(|last| last.end));
            mentions.push(SubstanceMention { row: usize::from(row), start: hit.start, end: hit.end, stance });
        }
        mentions
    }

    /// What a sentence says about a substance; `denied` is where the last one that it denies ends.
    fn stance(&self, name: &Hit<'_>, sentence: &Sentence, denied: Option<usize>) -> Stance {
        let cues = self.substance_cues(sentence);
        let between = |from: usize, to: usize| self.text.get(from..to).unwrap_or_default();

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

    /// What a sentence says about substances, in order; of overlapping cues the first and longest counts.
    fn substance_cues(&self, sentence: &Sentence) -> Vec<(Cue, usize, usize)> {
        let mut cues = Vec::new();
        let mut covered = sentence.start;
        for hit in self.starting_in(sentence.start..sentence.end) {
            let Meaning::AboutSubstance(cue) = hit.meaning else { continue };
            if hit.start >= covered && hit.end <= sentence.end && self.marks_agree(hit) {
                covered = hit.end;
                cues.push((cue, hit.start, hit.end));
            }
        }
        cues
    }
}

/// Whether a text is made of these signs and folded words only.
fn is_made_of(text: &str, signs: &[char], words: &[&str]) -> bool {
    fold(text).split(|c: char| signs.contains(&c)).all(|word| word.is_empty() || words.contains(&word))
}

/// Part of a text that says one thing.
#[derive(Debug, Clone, Copy)]
struct Sentence {
    start: usize,
    end: usize,
}

impl Sentence {
    fn around(text: &str, hit: &Hit<'_>) -> Self {
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
    use crate::knowledge::{BUILT_IN, Knowledge};
    use proptest::prelude::*;

    thread_local! {
        static KNOWLEDGE: Knowledge = Knowledge::open(BUILT_IN).unwrap();
    }

    fn mentions(text: &str) -> Vec<SubstanceMention> {
        KNOWLEDGE.with(|knowledge| knowledge.spot(text).substances())
    }

    fn found(text: &str) -> Vec<(String, Stance)> {
        let mentions = mentions(text);
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

    proptest! {
        #[test]
        fn any_text_is_safe_and_spans_are_inside_it(
            text in "(không |chứa |có |corticoid|kem trộn|paraben|, |\\. |free|0%|\u{301}|\\PC|\n){0,24}",
        ) {
            for mention in mentions(&text) {
                prop_assert!(text.get(mention.start..mention.end).is_some_and(|quote| !quote.is_empty()));
            }
        }
    }
}
