//! Whether a word of a text is the word of a pattern, as far as diacritics tell.

use std::cell::OnceCell;
use std::ops::Range;

use yada::DoubleArray;

use super::tokens::{Place, Span};
use crate::knowledge::{ClaimCue, ClaimWord, Claims};
use crate::text::disguise::Plain;
use crate::text::marks::Marks;
use crate::text::spotted::rows;

/// How a line is spelt.
pub(super) struct Spelling<'s> {
    pub(super) claims: &'s Claims,
    /// The folded line.
    pub(super) letters: &'s [u8],
    /// With diacritics, on the whole.
    pub(super) is_marked: bool,
    /// What was disguised in it.
    pub(super) plain: Option<&'s Plain>,
}

impl Spelling<'_> {
    /// How some pieces are spelt, given their places, themselves, and what their marks come to.
    pub(super) fn of<'s>(&'s self, places: &'s [Place], pieces: &'s [u8], digest: u32) -> Spelt<'s> {
        Spelt { spelling: self, places, pieces, digest, is_bare: OnceCell::new() }
    }

    /// Whether something stood for letters in part of the text: those have lost their diacritics.
    fn is_replaced(&self, part: Range<u32>) -> bool {
        self.plain.is_some_and(|plain| plain.is_replaced(part.start as usize..part.end as usize))
    }

    /// Whether each syllable is a word as it stands: "ở xa lo lắm" is no "xả lỗ".
    fn is_plain(&self, pieces: &[u8]) -> bool {
        let trie = DoubleArray(self.claims.trie.as_slice());
        pieces.chunks(2).all(|piece| {
            let words = trie.exact_match_search(piece).and_then(|value| self.claims.words.get(rows(value)));
            let meaning = |word: &ClaimWord| self.claims.meanings.get(usize::from(word.meaning));
            words.unwrap_or_default().iter().filter_map(meaning).any(|meaning| meaning.has(ClaimCue::Plain))
        })
    }
}

/// How some pieces of the line are spelt.
pub(super) struct Spelt<'s> {
    spelling: &'s Spelling<'s>,
    places: &'s [Place],
    pieces: &'s [u8],
    /// Of its marks.
    digest: u32,
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
        (self.is_replaced() && self.agrees_elsewhere(word)).then_some(false)
    }

    pub(super) fn has_space(&self) -> bool {
        let Some((first, last)) = self.places.first().zip(self.places.last()) else { return false };
        let letters = self.spelling.letters.get(first.span.folded as usize..last.span.folded_end as usize);
        letters.unwrap_or_default().contains(&b' ')
    }

    fn is_replaced(&self) -> bool {
        let Some((first, last)) = self.places.first().zip(self.places.last()) else { return false };
        self.spelling.is_replaced(first.span.start..last.span.end)
    }

    /// People also type without any diacritics.
    fn may_be_bare(&self) -> bool {
        let Self { spelling, pieces, .. } = self;
        !spelling.is_marked || self.is_replaced() || self.has_space() && !spelling.is_plain(pieces)
    }

    /// Whether the words beside a letter that something stood for have their diacritics.
    fn agrees_elsewhere(&self, word: &ClaimWord) -> bool {
        let known = self.spelling.claims.marks.get(word.marks as usize..).unwrap_or_default();
        let first = self.places.first().map_or(0, |place| place.span.folded);
        self.places.iter().filter(|place| place.is_of_token).all(|place| {
            let Span { start, end, folded, folded_end } = place.span;
            let part = (folded - first) as usize..(folded_end - first) as usize;
            self.spelling.is_replaced(start..end)
                || known.get(part).is_some_and(|known| Marks::of(known).digest() == place.digest)
        })
    }
}
