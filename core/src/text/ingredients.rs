//! Lists of ingredients: "Thành phần: Aqua, Glycerin, Niacinamide 5%, Methylparaben (0,2%)".

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::spotted::{Hit, Spotted};
use crate::knowledge::Meaning;
use crate::page::number::{Unit, numbers};

/// Longest name that is believed, in bytes: beyond it the item is prose.
const MAX_NAME: usize = 160;
/// How far behind a heading its colon may stand, in bytes: "Thành phần (INCI):".
const MAX_HEADING_TAIL: usize = 24;
/// All of a product, in thousandths of a per cent.
const WHOLE: u64 = 100_000;

/// An ingredient as a list names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ingredient {
    /// Its name as written, without its share.
    pub name: String,
    /// Its share, in thousandths of a per cent, where one is written.
    pub share: Option<u64>,
    /// First byte of the name in the text.
    pub start: usize,
    /// Byte after its last.
    pub end: usize,
}

impl Spotted<'_> {
    /// The ingredients of every list in the text, in order.
    pub(crate) fn ingredients(&self) -> Vec<Ingredient> {
        let mut found = Vec::new();
        let mut covered = 0;
        for (heading, is_list) in self.headings(0..self.text.len()) {
            if !is_list || heading.start < covered {
                continue;
            }
            let Some(start) = list_start(self.text, heading.end) else { continue };
            let end = self.list_end(start);
            let items = items(self.text, start, end).into_iter();
            found.extend(items.filter_map(|(from, to)| ingredient(self.text, from, to)));
            covered = end;
        }
        found
    }

    /// Where a list ends: with its line, a sentence, or before the next heading or label.
    fn list_end(&self, start: usize) -> usize {
        let end = line_end(self.text, start);
        (self.headings(start..end).map(|(hit, _)| hit))
            .filter(|hit| self.text.get(hit.end..end).is_some_and(|after| after.trim_start().starts_with(':')))
            .map(|hit| hit.start)
            .min()
            .unwrap_or(end)
    }

    /// Headings of lists and of what else stands on labels, in part of the text.
    fn headings(&self, part: Range<usize>) -> impl Iterator<Item = (&Hit<'_>, bool)> {
        self.starting_in(part).iter().filter_map(|hit| match hit.meaning {
            Meaning::Heading { is_list } => Some((hit, is_list)),
            _ => None,
        })
    }
}

/// Where the list behind a heading starts: after a colon, or on the next line when the heading stands alone.
fn list_start(text: &str, heading_end: usize) -> Option<usize> {
    let after = text.get(heading_end..)?;
    let mut tail = after.char_indices().take_while(|(at, _)| *at <= MAX_HEADING_TAIL);
    match tail.find(|(_, sign)| matches!(sign, ':' | '\n' | ',' | '.' | ';'))? {
        (at, ':') => Some(heading_end + at + 1),
        (at, '\n') if after.get(..at)?.trim().is_empty() => {
            let start = heading_end + at + 1;
            text.get(start..)?.split('\n').next()?.contains([',']).then_some(start)
        }
        _ => None,
    }
}

/// The end of a list's line or sentence. A line that ends with a comma goes on in the next one.
fn line_end(text: &str, start: usize) -> usize {
    let list = text.get(start..).unwrap_or_default();
    let mut last = ':';
    for (at, sign) in list.char_indices() {
        let after = list.get(at + sign.len_utf8()..).unwrap_or_default();
        let is_end = match sign {
            '\n' => !matches!(last, ',' | ':'),
            // "Alcohol Denat. (…", "Centella asiatica L. extract" go on; a sentence starts with a capital.
            '.' => after.starts_with(char::is_whitespace) && after.trim_start().starts_with(char::is_uppercase),
            _ => false,
        };
        if is_end {
            return start + at;
        }
        if !sign.is_whitespace() {
            last = sign;
        }
    }
    text.len()
}

/// The items of a list. A comma inside brackets or between digits ("1,2-Hexanediol", "0,2%") belongs to its item.
fn items(text: &str, start: usize, end: usize) -> Vec<(usize, usize)> {
    let list = text.get(start..end).unwrap_or_default();
    let mut items = Vec::new();
    let (mut from, mut depth, mut last) = (start, 0usize, ' ');
    for (at, sign) in list.char_indices() {
        let next = list.get(at + sign.len_utf8()..).and_then(|after| after.chars().next());
        let is_decimal = last.is_ascii_digit() && next.is_some_and(|next| next.is_ascii_digit());
        match sign {
            '(' | '[' => depth += 1,
            ')' | ']' => depth = depth.saturating_sub(1),
            ',' | ';' | '•' | '·' if depth == 0 && !(sign == ',' && is_decimal) => {
                items.push((from, start + at));
                from = start + at + sign.len_utf8();
            }
            _ => {}
        }
        last = sign;
    }
    items.push((from, end));
    items
}

/// The ingredient in an item: the words before its share, or behind it when it stands first.
fn ingredient(text: &str, from: usize, to: usize) -> Option<Ingredient> {
    let item = text.get(from..to)?;
    let share = numbers(item).into_iter().find(|number| number.unit == Unit::Percent && number.milli <= WHOLE);
    let (start, end) = match share {
        Some(share) => (trimmed(text, from, from + share.start))
            .or_else(|| trimmed(text, from + share.end, to))
            .filter(|(start, end)| start < end)?,
        None => trimmed(text, from, to)?,
    };
    let name = text.get(start..end).filter(|name| name.len() <= MAX_NAME)?.to_owned();
    Some(Ingredient { name, share: share.map(|share| share.milli), start, end })
}

/// Part of a text without the white space and signs around it; none when no letter is left.
fn trimmed(text: &str, from: usize, to: usize) -> Option<(usize, usize)> {
    let part = text.get(from..to)?;
    let is_dress = |sign: char| {
        sign.is_whitespace() || matches!(sign, ':' | '-' | '–' | '*' | '.' | '+' | '~' | '<' | '>' | '≥' | '≤')
    };
    let head = part.trim_start_matches(|sign| is_dress(sign) || sign == ')');
    let name = head.trim_end_matches(|sign| is_dress(sign) || sign == '(' || sign == '[');
    let start = to - head.len();
    name.contains(char::is_alphabetic).then_some((start, start + name.len()))
}

#[cfg(test)]
mod tests {
    use crate::knowledge::{BUILT_IN, Knowledge};
    use proptest::prelude::*;

    thread_local! {
        static KNOWLEDGE: Knowledge = Knowledge::open(BUILT_IN).unwrap();
    }

    /// `Aqua | Niacinamide 5000`: names and shares.
    fn found(text: &str) -> String {
        let items = KNOWLEDGE.with(|knowledge| knowledge.spot(text).ingredients()).into_iter().map(|item| {
            assert_eq!(text.get(item.start..item.end), Some(item.name.as_str()), "{text}");
            match item.share {
                Some(share) => format!("{} {share}", item.name),
                None => item.name,
            }
        });
        items.collect::<Vec<_>>().join(" | ")
    }

    #[test]
    fn lists_of_ingredients() {
        for (text, expected) in [
            (
                "Thành phần: Aqua, Glycerin, Niacinamide 5%, Methylparaben (0,2%).",
                "Aqua | Glycerin | Niacinamide 5000 | Methylparaben 200",
            ),
            ("INGREDIENTS: Aqua (Water, Eau), 1,2-Hexanediol, Parfum", "Aqua (Water, Eau) | 1,2-Hexanediol | Parfum"),
            ("TPCT: 70% nước cốt rau má; 0.5% BHA", "nước cốt rau má 70000 | BHA 500"),
            ("Thành phần chính: Vitamin C: 15%, Retinol - 0,025%", "Vitamin C 15000 | Retinol 25"),
            ("thanh phan: bot mi, duong, muoi", "bot mi | duong | muoi"),
            ("Thành phần (INCI): Aqua, Glycerin", "Aqua | Glycerin"),
            ("THÀNH PHẦN\nAqua, Glycerin,\nParfum\nCông dụng: dưỡng ẩm", "Aqua | Glycerin | Parfum"),
            ("Thành phần: Aqua, Glycerin Công dụng: dưỡng ẩm", "Aqua | Glycerin"),
            ("Thành phần: Aqua, Glycerin. HSD: 24 tháng", "Aqua | Glycerin"),
            ("Thành phần: Aqua, Glycerin. Sản phẩm không chứa cồn, hương liệu", "Aqua | Glycerin"),
            (
                "Thành phần: Alcohol Denat., Centella asiatica L. extract, CI 77491",
                "Alcohol Denat | Centella asiatica L. extract | CI 77491",
            ),
            ("Thành phần: A, B\nIngredients: C, D", "A | B | C | D"),
            ("Thành phần: Đường, sữa Ingredients: sugar, milk", "Đường | sữa | sugar | milk"),
            ("Thành phần: Vitamin C 500mg, Kẽm 10mg", "Vitamin C 500mg | Kẽm 10mg"),
            ("Thành phần: cotton 95%, spandex 5%", "cotton 95000 | spandex 5000"),
            // Quiet.
            ("Thành phần an toàn, lành tính", ""),
            ("Bảng thành phần đẹp, không cồn. Giá: 99k", ""),
            ("Aqua, Glycerin, Niacinamide 5%", ""),
            ("Thành phần:", ""),
            ("Thành phần: 100%, 5%", ""),
            ("Thành phần\nXem trên bao bì", ""),
            ("", ""),
        ] {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn any_text_is_safe_and_names_are_parts_of_it(
            text in "(Thành phần|: |, |\\(|\\)|5%|0,2%|\\. |\n|HSD:|\u{301}|[a-z]{1,6}|\\PC){0,24}",
        ) {
            let _ = found(&text);
        }

        #[test]
        fn names_round_trip(names in prop::collection::vec("[A-Z][a-z]{2,12}( [A-Z][a-z]{2,8})?", 1..8)) {
            prop_assert_eq!(found(&format!("Thành phần: {}", names.join(", "))), names.join(" | "));
        }
    }
}
