//! Text as shoppers and sellers write it: folded for comparison, positions kept for quotes.

mod wording;

pub(crate) use wording::{WordingMatch, WordingMatcher};

use std::sync::LazyLock;

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// What each character below U+1F00 folds to when that is one ASCII character (all of Vietnamese does), a space for
/// white space, 0 for the rest. Filled once from the Unicode tables: a look-up there costs many times as much.
static ONE_LETTER: LazyLock<Vec<u8>> = LazyLock::new(|| {
    (0..0x1f00u32)
        .map(|code| match char::from_u32(code) {
            Some(space) if space.is_whitespace() => b' ',
            Some(character) => {
                let mut parts = Vec::new();
                fold_char(character, |part| parts.push(part));
                match parts.as_slice() {
                    [letter] => u8::try_from(*letter).ok().filter(u8::is_ascii).unwrap_or(0),
                    _ => 0,
                }
            }
            None => 0,
        })
        .collect()
});

/// Gives the folded characters of one character: none for a combining mark, several for a few.
fn fold_char(character: char, mut give: impl FnMut(char)) {
    decompose_canonical(character, |part| match part {
        'đ' | 'Đ' => give('d'),
        _ if is_combining_mark(part) => {}
        _ => part.to_lowercase().filter(|lower| !is_combining_mark(*lower)).for_each(&mut give),
    });
}

/// A text folded for comparison, with the way back to the original.
#[derive(Debug, Clone)]
pub(crate) struct Folded {
    /// Lower case, without diacritics, `đ` as `d`, white space as single spaces.
    pub(crate) text: String,
    /// For each byte of `text`, the byte of the original at which its character starts.
    starts: Vec<u32>,
    /// Bytes of the original.
    end: u32,
}

impl Folded {
    /// Folds a text. Texts over 4 GiB cannot reach here; a snapshot holds 256 KiB.
    pub(crate) fn new(original: &str) -> Self {
        let one_letter = &*ONE_LETTER;
        let mut text = Vec::with_capacity(original.len());
        let mut starts = Vec::with_capacity(original.len());
        let mut in_space = true;
        for (at, character) in original.char_indices() {
            let letter = one_letter.get(character as usize).copied().unwrap_or(0);
            if letter == b' ' || (letter == 0 && character.is_whitespace()) {
                if !in_space {
                    text.push(b' ');
                    starts.push(at as u32);
                }
                in_space = true;
                continue;
            }
            in_space = false;
            if letter != 0 {
                text.push(letter);
                starts.push(at as u32);
            } else {
                fold_char(character, |part| {
                    text.extend_from_slice(part.encode_utf8(&mut [0; 4]).as_bytes());
                    starts.resize(text.len(), at as u32);
                });
            }
        }
        if text.last() == Some(&b' ') {
            text.pop();
            starts.pop();
        }
        // Only whole characters were written; the lossy path cannot be reached.
        let text =
            String::from_utf8(text).unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Self { text, starts, end: original.len() as u32 }
    }

    /// The bytes of the original that a range of folded bytes came from.
    pub(crate) fn original(&self, start: usize, end: usize) -> (usize, usize) {
        let from = self.starts.get(start).copied().unwrap_or(self.end);
        let last = end.checked_sub(1).and_then(|last| self.starts.get(last)).copied();
        // Up to the first later start: marks that follow a base letter belong to it.
        let to = (self.starts.get(end..).unwrap_or_default().iter())
            .find(|start| Some(**start) != last)
            .copied()
            .unwrap_or(self.end);
        (from as usize, to as usize)
    }
}

/// Folds a text for comparison: see [`Folded`].
pub fn fold(text: &str) -> String {
    Folded::new(text).text
}

/// Whether two texts that fold alike also agree in their diacritics. A text without any diacritics agrees
/// with every one: people type without them.
pub(crate) fn same_marks(written: &str, known: &str) -> bool {
    written == known || written.is_ascii() || marked(written).eq(marked(known))
}

fn marked(text: &str) -> impl Iterator<Item = char> + '_ {
    use unicode_normalization::UnicodeNormalization;
    text.nfd()
        .flat_map(char::to_lowercase)
        .filter(|character| character.is_alphanumeric() || is_combining_mark(*character))
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
        fn positions_lead_back_into_the_original(text in "\\PC{0,40}", start in 0usize..40, length in 1usize..10) {
            let folded = Folded::new(&text);
            let (start, end) = (start.min(folded.text.len()), (start + length).min(folded.text.len()));
            let (from, to) = folded.original(start, end);
            prop_assert!(from <= to && to <= text.len());
            prop_assert!(text.get(from..to).is_some());
        }

        #[test]
        fn folding_twice_is_folding_once(text in "\\PC{0,40}") {
            let once = fold(&text);
            prop_assert_eq!(fold(&once), once.clone());
        }
    }
}
