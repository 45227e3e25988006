//! Text as shoppers and sellers write it: folded for comparison, positions kept for quotes.

mod wording;

pub(crate) use wording::{WordingMatch, WordingMatcher};

/// Every precomposed Latin letter with its canonical decomposition: (letter, base, marks), by letter. Written by
/// `build.rs` from the Unicode tables: the whole tables would be a third of the shipped module.
mod latin {
    include!(concat!(env!("OUT_DIR"), "/latin.rs"));
}

/// Whether a character is a combining mark of Latin letters.
fn is_mark(character: char) -> bool {
    matches!(character, '\u{300}'..='\u{36f}')
}

/// The base letter of a character and the marks on it. A character that does not decompose is its own base.
fn decompose(character: char) -> (char, [char; 2]) {
    match latin::DECOMPOSED.binary_search_by_key(&character, |(letter, ..)| *letter) {
        Ok(at) => latin::DECOMPOSED.get(at).map_or((character, ['\0'; 2]), |(_, base, marks)| (*base, *marks)),
        Err(_) => (character, ['\0'; 2]),
    }
}

/// Lower case of a base letter: of the Latin ones only Đ is beyond ASCII.
fn lower(base: char) -> char {
    if base == 'Đ' { 'đ' } else { base.to_ascii_lowercase() }
}

/// Gives the folded characters of one character: none for a combining mark, several for a few.
fn fold_char(character: char, mut give: impl FnMut(char)) {
    if is_mark(character) {
        return;
    }
    match decompose(character).0 {
        'đ' | 'Đ' => give('d'),
        base => give(base.to_ascii_lowercase()),
    }
}

/// What each character of [`latin::LETTERS`] folds to when that is one ASCII letter (all of Vietnamese does), 0
/// otherwise: looking up a decomposition for each character of a text costs several times as much.
fn one_letter(character: char) -> u8 {
    latin::LETTERS.get(character as usize).copied().unwrap_or(0)
}

/// A text folded for comparison, with the way back to the original.
#[derive(Debug, Clone)]
pub(crate) struct Folded {
    /// Latin letters in lower case without diacritics, `đ` as `d`, white space as single spaces.
    pub(crate) text: String,
    /// For each byte of `text`, the byte of the original at which its character starts.
    starts: Vec<u32>,
    /// Bytes of the original.
    end: u32,
}

impl Folded {
    /// Folds a text. Texts over 4 GiB cannot reach here; a snapshot holds 256 KiB.
    pub(crate) fn new(original: &str) -> Self {
        let mut text = Vec::with_capacity(original.len());
        let mut starts = Vec::with_capacity(original.len());
        let mut in_space = true;
        for (at, character) in original.char_indices() {
            let letter = one_letter(character);
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
    .filter(|character| character.is_alphanumeric() || is_mark(*character))
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
