//! Whether a word of a text is the word of a pattern, as far as diacritics tell.

use std::cell::OnceCell;
use std::ops::Range;

use yada::DoubleArray;

use crate::knowledge::{ClaimCue, ClaimWord, Claims};
use crate::text::disguise::Plain;
use crate::text::spotted::{Folded, rows};

/// How a line is spelt.
pub(super) struct Spelling<'s> {
    pub(super) claims: &'s Claims,
    pub(super) folded: &'s Folded,
    /// With diacritics, on the whole.
    pub(super) is_marked: bool,
    /// What was disguised in it.
    pub(super) plain: Option<&'s Plain>,
}

impl Spelling<'_> {
    /// How part of the folded text is spelt, given what its marks come to and its pieces.
    pub(super) fn of<'s>(&'s self, part: Range<usize>, digest: u32, pieces: &'s [u8]) -> Spelt<'s> {
        Spelt { spelling: self, part, digest, pieces, is_bare: OnceCell::new() }
    }

    fn letters(&self, part: Range<usize>) -> &[u8] {
        self.folded.letters.get(part).unwrap_or_default()
    }

    pub(super) fn has_space(&self, part: Range<usize>) -> bool {
        self.letters(part).contains(&b' ')
    }

    /// Whether something stood for letters in part of the text: those have lost their diacritics.
    fn is_replaced(&self, part: &Range<usize>) -> bool {
        let Some(plain) = self.plain else { return false };
        plain.is_replaced(self.folded.offset(part.start)..self.folded.offset(part.end))
    }

    /// Whether each syllable is a word as it stands: "ở xa lo lắm" is no "xả lỗ".
    fn is_plain(&self, pieces: &[u8]) -> bool {
        let trie = DoubleArray(self.claims.trie.as_slice());
        pieces.chunks(2).all(|piece| {
            let words = trie.exact_match_search(piece).and_then(|value| self.claims.words.get(rows(value)));
            words.unwrap_or_default().iter().any(|word| word.has(ClaimCue::Plain))
        })
    }
}

/// How part of a folded text is spelt.
pub(super) struct Spelt<'s> {
    spelling: &'s Spelling<'s>,
    part: Range<usize>,
    /// Of its marks.
    digest: u32,
    pieces: &'s [u8],
    /// Once asked: whether it may lack the diacritics that it has not.
    is_bare: OnceCell<bool>,
}

impl Spelt<'_> {
    /// Whether it is a word, as far as diacritics tell: "tri ân" is no "trị". `true` where it is written without those that
    /// it has.
    pub(super) fn agrees(&self, word: &ClaimWord) -> Option<bool> {
        if self.digest == word.digest {
            return Some(false);
        }
        if self.digest == 0 {
            return self.is_bare.get_or_init(|| self.may_be_bare()).then_some(true);
        }
        (self.spelling.is_replaced(&self.part) && self.agrees_elsewhere(word)).then_some(false)
    }

    /// People also type without any diacritics.
    fn may_be_bare(&self) -> bool {
        let Self { spelling, part, pieces, .. } = self;
        !spelling.is_marked
            || spelling.is_replaced(part)
            || spelling.has_space(part.clone()) && !spelling.is_plain(pieces)
    }

    /// Whether the words beside a letter that something stood for have their diacritics.
    fn agrees_elsewhere(&self, word: &ClaimWord) -> bool {
        let Spelling { claims, folded, .. } = self.spelling;
        let from = word.marks as usize;
        let Some(known) = claims.marks.get(from..from + self.part.len()) else { return false };
        let mut at = self.part.start;
        self.spelling.letters(self.part.clone()).split(|letter| *letter == b' ').all(|syllable| {
            let here = at..at + syllable.len();
            let of_known = here.start - self.part.start..here.end - self.part.start;
            at = here.end + 1;
            self.spelling.is_replaced(&here) || folded.marks.bytes.get(here) == known.get(of_known)
        })
    }
}
