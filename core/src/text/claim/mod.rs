//! What a text says to sell: the patterns of `knowledge/claims/` in it, and whether it means them.
//!
//! A line is taken apart once (`tokens.rs`) and its words are looked up (`line.rs`) as they are spelt (`spelling.rs`). They
//! lead to the patterns (`pattern.rs`), and what stands around a match says how it is meant (`stance.rs`).

mod line;
mod pattern;
mod spelling;
mod stance;
mod tokens;

use serde::{Deserialize, Serialize};

use super::Stance;
use crate::knowledge::{ClaimGroup, ClaimRow, Knowledge};
use line::Line;
use pattern::Reading;

/// Groups of claims.
const GROUPS: usize = 13;

/// A claim found in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClaimMatch {
    /// Row of the table of claims.
    pub row: u16,
    /// Its group.
    pub group: ClaimGroup,
    /// Whether the text means it.
    pub stance: Stance,
    /// Whether its words were disguised: dots inside, look-alike letters, digits for letters.
    pub disguised: bool,
    /// First byte of its words in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

impl Knowledge {
    /// Everything that a text says to sell, in order. Disguises are undone; places are those of the text as it was written.
    pub fn claims(&self, text: &str) -> Vec<ClaimMatch> {
        let mut found = Vec::new();
        let mut from = 0;
        let (mut line, mut reading) = (Line::new(self), Reading::of(&self.claims));
        // No sentence goes beyond its line.
        for written in text.split_inclusive('\n') {
            let first = found.len();
            let plain = line.take(written, self);
            line.read(&mut reading, &mut found);
            if let Some(plain) = plain {
                for claim in found.iter_mut().skip(first) {
                    let part = claim.start..claim.end;
                    claim.disguised = plain.is_disguised(part.clone());
                    (claim.start, claim.end) = plain.written(part);
                }
            }
            for claim in found.iter_mut().skip(first) {
                (claim.start, claim.end) = (claim.start + from, claim.end + from);
            }
            from += written.len();
        }
        found
    }

    /// A row of the claims' table.
    pub(crate) fn claim(&self, row: u16) -> Option<&ClaimRow> {
        self.claims.rows.get(usize::from(row))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::BUILT_IN;
    use Stance::{Asked, Negated, Stated, Warning};

    thread_local! {
        static KNOWLEDGE: Knowledge = Knowledge::open(BUILT_IN).unwrap();
    }

    /// What a text says of a group, with its words.
    fn found(text: &str, group: ClaimGroup) -> Vec<(String, Stance)> {
        KNOWLEDGE.with(|knowledge| {
            let claims = knowledge.claims(text).into_iter().filter(|claim| claim.group == group);
            claims.map(|claim| (text.get(claim.start..claim.end).unwrap().to_owned(), claim.stance)).collect()
        })
    }

    #[test]
    fn what_stands_around_a_claim_says_how_it_is_meant() {
        for (text, stance) in [
            ("Viên này trị dứt điểm tiểu đường", Stated),
            ("Viên này không trị dứt điểm tiểu đường đâu", Negated),
            ("Viên này không chỉ trị dứt điểm tiểu đường", Stated),
            ("Không phải thuốc gì đâu, trị dứt điểm luôn", Stated),
            ("Có trị dứt điểm không ạ", Asked),
            ("Có trị dứt điểm không mọi người ơi", Asked),
            ("Trị dứt điểm tiểu đường luôn, giá 50k", Stated),
            ("Trị dứt điểm hả?", Asked),
            ("Coi chừng mấy chỗ nói trị dứt điểm", Warning),
            ("Nói trị dứt điểm là xạo", Negated),
            ("Hôm nay trời đẹp không. Trị dứt điểm nha", Stated),
            ("Trị dứt điểm được không shop, cho em hỏi", Asked),
            ("Trị dứt điểm được lắm nha, cho em hỏi", Stated),
            ("Shop bên kia kêu trị dứt điểm luôn", Warning),
            ("Shop bên em kêu trị dứt điểm luôn", Stated),
            ("Trị dứt điểm, mọi người né giùm", Negated),
            ("Trị dứt điểm, mọi người mua giùm", Stated),
            ("nguoi ban hong co tri dut diem", Negated),
            ("nguoi ban hoa hong co tri dut diem", Stated),
        ] {
            let stances: Vec<Stance> =
                found(text, ClaimGroup::CureHealth).into_iter().map(|(_, stance)| stance).collect();
            assert!(stances.contains(&stance), "{text}: {stances:?}");
            assert!(stance == Stated || !stances.contains(&Stated), "{text}: {stances:?}");
        }
    }

    #[test]
    fn quotes_are_the_words_as_they_were_written() {
        for (text, quote) in [
            ("Uống vô TRỊ DỨT ĐIỂM nha", "TRỊ DỨT ĐIỂM"),
            ("tri dut diem nha chi", "tri dut diem"),
            ("nè t.r.ị d.ứ.t đ.i.ể.m nè", "t.r.ị d.ứ.t đ.i.ể.m"),
            ("nè t r ị  d ứ t  đ i ể m nè", "t r ị  d ứ t  đ i ể m"),
            ("nè tr\u{200b}ị d\u{200b}ứt đi\u{200b}ểm nè", "tr\u{200b}ị d\u{200b}ứt đi\u{200b}ểm"),
            ("nè tr! dứt đi3m nè", "tr! dứt đi3m"),
            ("ＴＲＩ ＤＵＴ ＤＩＥＭ", "ＴＲＩ ＤＵＴ ＤＩＥＭ"),
            ("Tri\u{323} du\u{31b}\u{301}t đie\u{302}\u{309}m", "Tri\u{323} du\u{31b}\u{301}t đie\u{302}\u{309}m"),
        ] {
            let quotes = found(text, ClaimGroup::CureHealth);
            assert!(quotes.iter().any(|(found, _)| found.contains(quote)), "{text}: {quotes:?}");
        }
    }

    #[test]
    fn other_diacritics_are_other_words() {
        for text in ["Tri ân khách hàng", "Trị giá ba triệu", "tri thức", "sửa chữa máy lạnh", "Chủ nhật em nghỉ"]
        {
            assert_eq!(found(text, ClaimGroup::CureHealth), [], "{text}");
            assert_eq!(found(text, ClaimGroup::Superlative), [], "{text}");
        }
    }

    #[test]
    fn lines_keep_their_places() {
        let text = "Chào cả nhà\nTrị dứt điểm\nt.r.ị d.ứ.t đ.i.ể.m";
        let claims = KNOWLEDGE.with(|knowledge| knowledge.claims(text));
        let quotes: Vec<&str> = claims.iter().filter_map(|claim| text.get(claim.start..claim.end)).collect();
        assert_eq!(quotes, ["Trị dứt điểm", "t.r.ị d.ứ.t đ.i.ể.m"]);
        assert_eq!(claims.iter().map(|claim| claim.disguised).collect::<Vec<_>>(), [false, true]);
    }
}
