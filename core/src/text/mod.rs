//! Text as shoppers and sellers write it: compared folded, quoted as it was written.

mod claim;
mod disguise;
mod ingredients;
mod label_date;
mod marks;
pub(crate) mod pieces;
mod spotted;
mod substance;
mod wording;

pub use claim::ClaimMatch;
pub use ingredients::Ingredient;
pub use label_date::{
    DateRole, Expiry, Freshness, LabelDate, LabelDates, NEARLY_EXPIRED_DAYS, NEARLY_EXPIRED_PART, ShelfLife, Span,
    freshness,
};
pub(crate) use spotted::{Hit, Spotted};
pub use substance::{Stance, SubstanceMention};
pub(crate) use wording::WordingMatch;

/// The part of the Unicode tables that is needed here, written by `build.rs`: all of them would be a third of the
/// shipped module. `DECOMPOSED` holds the Latin letters, U+C0–U+24F and U+1E00–U+1EFF, as base letters and two columns of
/// marks: apart, they compress to a third.
/// `TAKEN` holds what folding takes from them, as `marks.rs` writes it.
/// `LETTERS` says what a character folds to when that is one ASCII character (all of Vietnamese and all white space
/// does), 0 otherwise.
mod latin {
    include!(concat!(env!("OUT_DIR"), "/latin.rs"));
}

/// Whether a character is a combining mark of Latin letters.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// Whether a character is a letter or a digit: as `char::is_alphanumeric`, quicker for Vietnamese.
pub(crate) fn is_alphanumeric(character: char) -> bool {
    match folded_letter(character as u32) {
        0 => character.is_alphanumeric(),
        letter => letter.is_ascii_alphanumeric(),
    }
}

/// The place of a Latin letter in the tables.
fn latin_place(character: char) -> Option<usize> {
    match character {
        '\u{c0}'..='\u{24f}' => Some(character as usize - 0xc0),
        '\u{1e00}'..='\u{1eff}' => Some(character as usize - 0x1e00 + 0x190),
        _ => None,
    }
}

/// What folding takes from a character that folds to one ASCII character: see [`marks`].
fn taken(code: u32) -> u8 {
    latin::TAKEN.get(code as usize).copied().unwrap_or(0)
}

/// The base letter of a character and the marks on it. A character that does not decompose is its own base.
fn decompose(character: char) -> (char, [char; 2]) {
    let Some(at) = latin_place(character) else { return (character, ['\0'; 2]) };
    let [base, first, second] = latin::DECOMPOSED.each_ref().map(|parts| {
        let part = parts.get(at).copied().unwrap_or_default();
        char::from_u32(part.into()).unwrap_or_default()
    });
    (base, [first, second])
}

/// Lower case of a base letter: of the Latin ones only Đ is beyond ASCII.
fn lower(base: char) -> char {
    if base == 'Đ' { 'đ' } else { base.to_ascii_lowercase() }
}

/// The folded character of a character; none for a combining mark.
fn fold_char(character: char) -> Option<char> {
    if is_mark(character) {
        return None;
    }
    Some(match decompose(character).0 {
        'đ' | 'Đ' => 'd',
        base => base.to_ascii_lowercase(),
    })
}

/// What a character folds to when that is one ASCII character, 0 otherwise.
pub(crate) fn folded_letter(code: u32) -> u8 {
    latin::LETTERS.get(code as usize).copied().unwrap_or(0)
}

/// Folds a text for comparison: Latin letters in lower case without diacritics, `đ` as `d`, white space as single
/// spaces.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for character in text.chars() {
        let letter = folded_letter(character as u32);
        if letter == b' ' {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        } else if letter != 0 {
            folded.push(char::from(letter));
        } else {
            folded.extend(fold_char(character));
        }
    }
    if folded.ends_with(' ') {
        folded.pop();
    }
    folded
}

/// Whether two texts that fold alike also agree in their diacritics. A text without any diacritics agrees
/// with every one: people type without them.
pub(crate) fn same_marks(written: &str, known: &str) -> bool {
    written.eq_ignore_ascii_case(known) || written.is_ascii() || marked(written).eq(marked(known))
}

/// The letters, digits and marks of a text in lower case, the marks of each letter in canonical order.
fn marked(text: &str) -> impl Iterator<Item = char> + '_ {
    let mut characters = text.chars().peekable();
    std::iter::from_fn(move || {
        let (base, [first, second]) = decompose(characters.next()?);
        // Tone and shape may come in either order in decomposed text.
        let mut marks = [first, second, '\0'];
        while let Some(mark) = characters.next_if(|next| is_mark(*next)) {
            if let Some(free) = marks.iter_mut().find(|slot| **slot == '\0') {
                *free = mark;
            }
        }
        let [a, b, c] = marks;
        let (a, b) = (a.max(b), a.min(b));
        let (b, c) = (b.max(c), b.min(c));
        let (a, b) = (a.max(b), a.min(b));
        Some([lower(base), a, b, c])
    })
    .flatten()
    .filter(|character| is_alphanumeric(*character) || is_mark(*character))
}

/// What folding takes from a text: the marks of its letters, and `đ`.
pub(crate) fn marks(text: &str) -> impl Iterator<Item = char> + '_ {
    marked(text).filter(|character| is_mark(*character) || *character == 'đ')
}

/// Whether a text stands in another one. The standard library's search, quick in long texts, is a fiftieth of the shipped
/// module and brings sentences for its failures; so nothing here looks for a `&str`, and a single sign is looked for as
/// `['x']`.
pub fn stands_in(part: &str, text: &str) -> bool {
    place(part, text).is_some()
}

/// The first place of a text in another one.
fn place(part: &str, text: &str) -> Option<usize> {
    (text.as_bytes().windows(part.len().max(1))).position(|window| window == part.as_bytes())
}

/// A text with something else wherever a part stands.
pub(crate) fn replaced(text: &str, part: &str, with: &str) -> String {
    let mut replaced = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = place(part, rest) {
        replaced.push_str(rest.get(..at).unwrap_or_default());
        replaced.push_str(with);
        rest = rest.get(at + part.len()..).unwrap_or_default();
    }
    replaced.push_str(rest);
    replaced
}

/// At most so many bytes of a text, cut at a character, marked when cut.
pub(crate) fn shorten(text: &str, bytes: usize) -> String {
    let text = text.trim();
    if text.len() <= bytes {
        return text.to_owned();
    }
    let end = (0..=bytes).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(0);
    let mut short = text.get(..end).unwrap_or_default().trim_end().to_owned();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn folds_vietnamese_however_it_is_encoded() {
        assert_eq!(fold("  Xuất  XỨ:\u{a0}Đức "), "xuat xu: duc");
        assert_eq!(fold("Xua\u{302}\u{301}t xu\u{31b}\u{301}"), "xuat xu");
        assert_eq!(fold("ĐẮK LẮK"), "dak lak");
    }

    #[test]
    fn diacritics_tell_words_apart() {
        assert!(same_marks("công nghệ Đức", "công nghệ đức"));
        assert!(same_marks("cong nghe Duc", "công nghệ đức"));
        assert!(!same_marks("công nghệ đúc", "công nghệ đức"));
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
        }
    }
}
