//! Undoes what is done to words so that a filter does not find them: "g.i.ả.m c.â.n", "c h ữ a", "gi@m", "tr0n", "b*nh",
//! "fục hồi", letters that only look Latin, and signs that nobody sees. Places are kept, so that a quote is the original.

use std::ops::Range;

use super::{fold_char, folded_letter, is_mark};
use crate::knowledge::Knowledge;

/// Letters that stand alone, one after the other, are a word from so many on.
const MIN_APART: usize = 4;
/// From so many words of one letter in a row on a text is looked at.
const MIN_LONE: usize = 3;
/// Longest word that is put together, in letters.
const MAX_APART: usize = 48;
/// Signs that are put between the letters of a word.
const DOTS: [char; 16] = ['.', '·', '•', '-', '_', '*', '\'', '`', '~', '|', '/', '\\', ',', '+', '^', '='];
/// What may stand for a letter that is hidden: "b*nh".
const HIDDEN: [u8; 6] = *b"eaiouy";
/// What Vietnamese syllables start with, the longer first.
const ONSETS: [&str; 28] = [
    "ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr", "b", "c", "d", "g", "h", "k", "l", "m", "n",
    "p", "q", "r", "s", "t", "v", "x", "",
];
/// What they end with.
const CODAS: [&str; 9] = ["", "ch", "ng", "nh", "c", "m", "n", "p", "t"];

/// A text without its disguises, and where each byte of it comes from.
pub(super) struct Plain {
    text: String,
    /// For each byte the part of the original.
    origins: Vec<(u32, u32)>,
    /// Parts that are not as they were written, in order.
    disguised: Vec<(u32, u32)>,
    /// Of these, letters that something else stood for.
    replaced: Vec<(u32, u32)>,
}

impl Plain {
    /// None where nothing is disguised.
    pub(super) fn of(text: &str, knowledge: &Knowledge) -> Option<Self> {
        let glyphs = glyphs(text);
        let knows = |word: &[u8]| knowledge.claims.knows(word);
        let mut plain = Self {
            text: String::with_capacity(text.len()),
            origins: Vec::new(),
            disguised: Vec::new(),
            replaced: Vec::new(),
        };
        let (mut at, mut before) = (0, 0..0);
        while let Some(glyph) = glyphs.get(at) {
            if glyph.is_space() {
                plain.push(text, glyph);
                at += 1;
                continue;
            }
            let rest = glyphs.get(at..).unwrap_or_default();
            if let Some((word, length)) = apart(rest) {
                for (place, glyph) in word {
                    if place == Place::StartsWord {
                        plain.push_space(&glyph);
                    }
                    plain.push(text, &glyph);
                }
                at += length;
                continue;
            }
            let length = rest.iter().take_while(|glyph| !glyph.is_space()).count();
            let chunk = rest.get(..length).unwrap_or_default();
            let behind = glyphs.get(std::mem::replace(&mut before, at..at + length)).unwrap_or_default();
            match dotted(chunk, &knows).or_else(|| swapped(chunk, behind, &knows)).or_else(|| respelt(chunk, &knows)) {
                Some(word) => word.iter().for_each(|glyph| plain.push(text, glyph)),
                None => chunk.iter().for_each(|glyph| plain.push(text, glyph)),
            }
            at += length;
        }
        (!plain.disguised.is_empty()).then_some(plain)
    }

    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether part of the plain text was written otherwise.
    pub(super) fn is_disguised(&self, part: Range<usize>) -> bool {
        overlaps(&self.disguised, part)
    }

    /// Whether something stood for letters in part of the plain text: those have lost their diacritics.
    pub(super) fn is_replaced(&self, part: Range<usize>) -> bool {
        overlaps(&self.replaced, part)
    }

    /// Part of the plain text, as a part of the original.
    pub(super) fn written(&self, part: Range<usize>) -> (usize, usize) {
        let start = self.origins.get(part.start).map_or(0, |(start, _)| *start);
        let last = part.end.checked_sub(1).and_then(|last| self.origins.get(last));
        (start as usize, last.map_or(start, |(_, end)| *end) as usize)
    }

    fn push(&mut self, text: &str, glyph: &Glyph) {
        let from = self.text.len();
        let written = text.get(glyph.start as usize..glyph.end as usize).unwrap_or_default();
        match glyph.instead {
            Some(letter) => {
                self.text.push(letter);
                self.text.extend(written.chars().filter(|sign| is_mark(*sign)));
            }
            None => self.text.extend(written.chars().filter(|sign| !is_invisible(*sign))),
        }
        self.origins.resize(self.text.len(), (glyph.start, glyph.end));
        let part = (from as u32, self.text.len() as u32);
        if glyph.is_disguised {
            self.disguised.push(part);
        }
        if glyph.instead.is_some_and(|letter| letter.is_ascii_alphabetic()) {
            self.replaced.push(part);
        }
    }

    fn push_space(&mut self, before: &Glyph) {
        self.text.push(' ');
        self.origins.push((before.start, before.start));
    }
}

/// Whether any of several parts, in order, reaches into another one.
fn overlaps(parts: &[(u32, u32)], part: Range<usize>) -> bool {
    let first = parts.partition_point(|(_, end)| *end as usize <= part.start);
    parts.get(first).is_some_and(|(start, _)| (*start as usize) < part.end)
}

/// A character with the marks on it and the signs that nobody sees.
#[derive(Debug, Clone, Copy)]
struct Glyph {
    /// First byte in the original.
    start: u32,
    /// Byte after the last.
    end: u32,
    /// What it folds to, if that is one ASCII character; 0 otherwise.
    letter: u8,
    /// What it stands for, when that is not what is written.
    instead: Option<char>,
    is_disguised: bool,
    /// The character as it is written.
    sign: char,
}

impl Glyph {
    fn is_space(&self) -> bool {
        self.letter == b' '
    }

    fn is_letter(&self) -> bool {
        self.letter.is_ascii_alphabetic()
    }

    fn is_vowel(&self) -> bool {
        is_vowel(self.letter)
    }

    /// The same, written for a letter.
    fn standing_for(self, letter: u8) -> Self {
        Self { letter, instead: Some(char::from(letter)), is_disguised: true, ..self }
    }

    fn disguised(self) -> Self {
        Self { is_disguised: true, ..self }
    }
}

/// Whether a character disguises another one, or hides.
pub(super) fn is_strange(sign: char) -> bool {
    sign == '€' || is_invisible(sign) || !sign.is_ascii() && look_alike(sign).is_some()
}

/// Whether undoing could change anything where no character is strange. Most texts have nothing to undo, and are not touched.
/// `folded` is the text, `parts` are its words and numbers.
pub(super) fn is_suspicious(folded: &[u8], parts: impl Iterator<Item = Range<usize>>) -> bool {
    let letters = |part: Range<usize>| folded.get(part).unwrap_or_default();
    let is_number = |part: &[u8]| part.first().is_some_and(u8::is_ascii_digit);
    // What stands before: the word or number that ended last, and the one before that where nothing parts them.
    let (mut before, mut joined, mut lone): (Range<usize>, &[u8], usize) = (0..0, &[], 0);
    for part in parts {
        let word = letters(part.clone());
        let known = letters(before.clone());
        let between = letters(before.end..part.start);
        let has_vowel = |word: &[u8]| word.iter().any(|letter| is_vowel(*letter));
        let is_part = |word: &[u8]| !word.is_empty() && !is_number(word) && (word.len() == 1 || !has_vowel(word));
        let is_letters = word.first().is_some_and(u8::is_ascii_alphabetic);
        if is_letters {
            let is_dot = |sign: &u8| DOTS.contains(&char::from(*sign));
            lone = if word.len() == 1 { lone + 1 } else { 0 };
            let is_it = lone >= MIN_LONE
                || matches!(word, [b'f' | b'j' | b'w', ..] | [_, .., b'k' | b'q' | b'x'])
                || match between {
                    b" " => false,
                    // "tr0n".
                    b"" => is_number(known) && !joined.is_empty(),
                    // "gi@m".
                    [.., b'@' | b'$' | b'*'] => true,
                    // "c.hữa".
                    dots => dots.iter().all(is_dot) && is_part(known),
                }
                || match letters(part.end..part.end + 1) {
                    b"_" => true,
                    b"!" => !has_vowel(word),
                    _ => false,
                };
            if is_it {
                return true;
            }
        } else if between.is_empty() && is_part(known) && !has_vowel(known) {
            // "ch0".
            return true;
        }
        joined = if between.is_empty() { known } else { &[] };
        before = part;
    }
    false
}

/// Takes a text apart, look-alikes and signs that nobody sees undone.
fn glyphs(text: &str) -> Vec<Glyph> {
    let mut glyphs: Vec<Glyph> = Vec::with_capacity(text.len());
    for (at, sign) in text.char_indices() {
        let (start, end) = (at as u32, (at + sign.len_utf8()) as u32);
        if is_invisible(sign) || is_mark(sign) {
            if let Some(last) = glyphs.last_mut() {
                last.end = end;
                // Between the letters of a word, and on a digit as keycaps have it.
                last.is_disguised |= is_invisible(sign) && (last.is_letter() || last.letter.is_ascii_digit());
            }
            continue;
        }
        // "bác_sĩ" is two words.
        let is_between = sign == '_' && glyphs.last().is_some_and(|last: &Glyph| last.is_letter());
        let instead = if is_between { Some(' ') } else { look_alike(sign) };
        let known = instead.unwrap_or(sign);
        let letter = match folded_letter(known as u32) {
            0 => fold_char(known).filter(char::is_ascii).map_or(0, |letter| letter as u8),
            letter => letter,
        };
        glyphs.push(Glyph { start, end, letter, instead, is_disguised: instead.is_some(), sign: known });
    }
    glyphs
}

/// Where a letter stands in words that are put together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    Inside,
    StartsWord,
}

/// Letters that stand alone, parted by white space: "c h ữ a  k h ỏ i". The words they make, and how many glyphs those
/// take.
fn apart(glyphs: &[Glyph]) -> Option<(Vec<(Place, Glyph)>, usize)> {
    let mut letters: Vec<(Place, Glyph)> = Vec::new();
    let (mut at, mut end) = (0, 0);
    let mut place = Place::Inside;
    while let Some(glyph) = glyphs.get(at).filter(|glyph| glyph.is_letter()) {
        let rest = glyphs.get(at + 1..).unwrap_or_default();
        let spaces = rest.iter().take_while(|glyph| glyph.is_space()).count();
        if spaces == 0 && !rest.is_empty() {
            // Goes on as a word, or ends before a sign.
            if rest.first().is_some_and(|next| next.is_letter() || next.letter.is_ascii_digit()) {
                break;
            }
            letters.push((place, glyph.disguised()));
            end = at + 1;
            break;
        }
        letters.push((place, glyph.disguised()));
        end = at + 1;
        place = if spaces > 1 { Place::StartsWord } else { Place::Inside };
        at += 1 + spaces;
        if letters.len() > MAX_APART {
            break;
        }
    }
    if letters.len() < MIN_APART {
        return None;
    }
    split(&mut letters).then_some((letters, end))
}

/// Parts letters into syllables; `false` where they make none.
fn split(letters: &mut [(Place, Glyph)]) -> bool {
    let word: Vec<u8> = letters.iter().map(|(_, glyph)| glyph.letter).collect();
    let mut from = 0;
    while from < word.len() {
        let limit = (from + 1..word.len()).find(|at| letters.get(*at).is_some_and(|it| it.0 == Place::StartsWord));
        let rest = word.get(from..limit.unwrap_or(word.len())).unwrap_or_default();
        // The longest syllable of which what is left starts another one.
        let fits = |length: &usize| {
            let (head, tail) = rest.split_at(*length);
            is_syllable(head)
                && length > &1
                && (tail.is_empty() || (2..=tail.len().min(7)).any(|next| tail.get(..next).is_some_and(is_syllable)))
        };
        // "giải cứu": a consonant rather starts the next syllable than ends this one.
        let parts = |length: &usize| rest.get(*length).is_none_or(|next| !is_vowel(*next)) && fits(length);
        let lengths = || (1..=rest.len().min(7)).rev();
        let Some(length) = lengths().find(parts).or_else(|| lengths().find(fits)) else { return false };
        from += length;
        if let Some((place, _)) = letters.get_mut(from) {
            *place = Place::StartsWord;
        }
    }
    true
}

/// Letters that signs part: "g.i.ả.m", "c.hữa".
fn dotted(chunk: &[Glyph], knows: &dyn Fn(&[u8]) -> bool) -> Option<Vec<Glyph>> {
    let is_dot = |glyph: &Glyph| DOTS.contains(&glyph.sign);
    // What ends the sentence is no part of the word.
    let last = chunk.iter().rposition(|glyph| glyph.is_letter())?;
    let first = chunk.iter().position(Glyph::is_letter)?;
    let (word, tail) = (chunk.get(first..=last)?, chunk.get(last + 1..)?);
    if !word.iter().all(|glyph| glyph.is_letter() || is_dot(glyph)) {
        return None;
    }
    let pieces: Vec<&[Glyph]> = word.split(is_dot).filter(|piece| !piece.is_empty()).collect();
    let letters = || word.iter().filter(|glyph| glyph.is_letter()).map(|glyph| glyph.disguised());
    let is_lone = |piece: &&[Glyph]| piece.len() == 1;
    let lone = pieces.iter().filter(|piece| is_lone(piece)).count();
    let all_lone = pieces.len() > 1 && lone == pieces.len();
    let has_consonant = pieces.iter().any(|piece| !piece.iter().any(Glyph::is_vowel));
    let folded: Vec<u8> = letters().map(|glyph| glyph.letter).collect();
    let is_word = pieces.len() > 1 && is_syllable(&folded) && (has_consonant || knows(&folded));
    if !all_lone && !is_word {
        return None;
    }
    let mut parts: Vec<(Place, Glyph)> = letters().map(|glyph| (Place::Inside, glyph)).collect();
    if parts.len() > MAX_APART {
        return None;
    }
    // "F.D.A" makes no syllables, "l.i.k.e" others, and both are words.
    if knows(&folded) || !split(&mut parts) {
        if !is_word && !all_lone {
            return None;
        }
        parts.iter_mut().for_each(|(place, _)| *place = Place::Inside);
    }
    let mut joined: Vec<Glyph> = chunk.get(..first)?.to_vec();
    for (place, glyph) in parts {
        if place == Place::StartsWord {
            joined.push(Glyph { end: glyph.start, letter: b' ', instead: Some(' '), ..glyph });
        }
        joined.push(glyph);
    }
    joined.extend_from_slice(tail);
    Some(joined)
}

/// Signs and digits in place of letters: "gi@m", "tr!", "tr0n", "b*nh". `before` is the chunk before.
fn swapped(chunk: &[Glyph], before: &[Glyph], knows: &dyn Fn(&[u8]) -> bool) -> Option<Vec<Glyph>> {
    let is_swap = |glyph: &Glyph| stands_for(glyph.sign).is_some() || glyph.sign == '*';
    let first = chunk.iter().position(|glyph| glyph.is_letter() || matches!(glyph.sign, '@' | '$' | '€'))?;
    let length = chunk.get(first..)?.iter().take_while(|glyph| glyph.is_letter() || is_swap(glyph)).count();
    let word = chunk.get(first..first + length)?;
    let swaps = word.iter().filter(|glyph| is_swap(glyph)).count();
    // "!" behind a whole word only ends a sentence; "top1", "b12" are what they are.
    let letters: Vec<u8> = word.iter().take_while(|glyph| glyph.is_letter()).map(|glyph| glyph.letter).collect();
    let is_tail = letters.len() + swaps == word.len();
    let is_hidden = word.iter().any(|glyph| glyph.sign == '*');
    let is_short = word.len() < if is_hidden { 2 } else { 3 };
    let is_whole = is_tail && letters.iter().any(|letter| is_vowel(*letter));
    if swaps == 0 || swaps * 2 > word.len() || is_short || is_whole {
        return None;
    }
    let read = |hidden: u8| -> Vec<Glyph> {
        let stand = |glyph: &Glyph| match stands_for(glyph.sign) {
            Some(letter) => glyph.standing_for(letter),
            None if glyph.sign == '*' => glyph.standing_for(hidden),
            None => *glyph,
        };
        word.iter().map(stand).collect()
    };
    let folded = |word: &[Glyph]| word.iter().map(|glyph| glyph.letter).collect::<Vec<u8>>();
    let found = if is_hidden {
        // "Kem tr*n" is no "trên": what makes a phrase with the word before comes first.
        let phrase = |word: &[Glyph]| [&folded(before), b" ".as_slice(), &folded(word)].concat();
        let with_before = |word: &[Glyph]| before.iter().all(Glyph::is_letter) && knows(&phrase(word));
        let fits = |word: &Vec<Glyph>| is_syllable(&folded(word)) && knows(&folded(word));
        let all = || HIDDEN.into_iter().map(read);
        all().find(|word| with_before(word)).or_else(|| all().find(fits))
    } else {
        Some(read(0)).filter(|word| is_syllable(&folded(word)))
    };
    let mut swapped = chunk.get(..first)?.to_vec();
    swapped.extend(found?);
    swapped.extend_from_slice(chunk.get(first + length..)?);
    Some(swapped)
}

/// Spellings of chats: "fục hồi", "jảm", "wà", "sạck".
fn respelt(chunk: &[Glyph], knows: &dyn Fn(&[u8]) -> bool) -> Option<Vec<Glyph>> {
    let length = chunk.iter().take_while(|glyph| glyph.is_letter()).count();
    let word = chunk.get(..length)?;
    let folded: Vec<u8> = word.iter().map(|glyph| glyph.letter).collect();
    if word.len() < 2 || is_syllable(&folded) || knows(&folded) {
        return None;
    }
    let (first, rest) = word.split_first()?;
    let onset: &[u8] = match first.letter {
        b'f' => b"ph",
        b'j' if rest.first().is_some_and(|next| next.letter == b'i') => b"g",
        b'j' => b"gi",
        b'w' => b"qu",
        _ => b"",
    };
    let (mut respelt, mut rest): (Vec<Glyph>, &[Glyph]) = match onset {
        b"" => (Vec::new(), word),
        _ => (onset.iter().map(|letter| first.standing_for(*letter)).collect(), rest),
    };
    let coda: &[u8] = match folded.as_slice() {
        [.., b'c', b'k'] => b"ch",
        [.., b'n', b'k'] => b"nh",
        [.., b'x'] => b"c",
        [.., b'q'] => b"ng",
        _ => b"",
    };
    if let Some(last) = rest.last().filter(|_| !coda.is_empty()) {
        let body = if last.letter == b'k' { 2 } else { 1 };
        rest = rest.get(..rest.len().checked_sub(body)?)?;
        respelt.extend_from_slice(rest);
        respelt.extend(coda.iter().map(|letter| last.standing_for(*letter)));
    } else {
        respelt.extend_from_slice(rest);
    }
    let spelt: Vec<u8> = respelt.iter().map(|glyph| glyph.letter).collect();
    // "mix" and "fax" are what they are.
    let is_rare = matches!(folded.last(), Some(b'x' | b'q'));
    if !is_syllable(&spelt) || is_rare && !knows(&spelt) {
        return None;
    }
    respelt.extend_from_slice(chunk.get(length..)?);
    Some(respelt)
}

/// The letter that a sign or a digit stands for inside a word.
fn stands_for(sign: char) -> Option<u8> {
    Some(match sign {
        '@' | '4' => b'a',
        '!' | '1' => b'i',
        '0' => b'o',
        '3' | '€' => b'e',
        '5' | '$' => b's',
        _ => return None,
    })
}

fn is_vowel(letter: u8) -> bool {
    matches!(letter, b'a' | b'e' | b'i' | b'o' | b'u' | b'y')
}

/// Whether folded letters have the form of a Vietnamese syllable.
fn is_syllable(word: &[u8]) -> bool {
    let onset = |onset: &str| word.strip_prefix(onset.as_bytes()).is_some_and(is_rhyme);
    word.len() <= 7 && ONSETS.into_iter().any(onset)
}

fn is_rhyme(rhyme: &[u8]) -> bool {
    let vowels = rhyme.iter().take_while(|letter| is_vowel(**letter)).count();
    let coda = rhyme.get(vowels..).unwrap_or_default();
    (1..=3).contains(&vowels) && CODAS.into_iter().any(|known| known.as_bytes() == coda)
}

/// Signs that take no place: joiners, direction marks, variation selectors, keycaps.
fn is_invisible(sign: char) -> bool {
    matches!(sign,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180b}'..='\u{180f}'
        | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{20e3}' | '\u{3164}'
        | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{e0000}'..='\u{e0fff}')
}

/// The ASCII character that another one looks like.
fn look_alike(sign: char) -> Option<char> {
    let code = sign as u32;
    let letter = |first: u32| char::from_u32(u32::from(b'a') + (code - first) % 26);
    match code {
        0..=0x24f => None,
        // Greek, Cyrillic, small capitals.
        0x250..=0x58f | 0x1d00..=0x1d22 => {
            ALIKE.iter().find(|(_, signs)| signs.chars().any(|known| known == sign)).map(|(letter, _)| *letter)
        }
        0x2070 => Some('0'),
        0x2074..=0x2079 => char::from_u32(code - 0x2070 + 0x30),
        0x2080..=0x2089 => char::from_u32(code - 0x2080 + 0x30),
        0x2460..=0x2468 => char::from_u32(code - 0x2460 + 0x31),
        0x249c..=0x24b5 => letter(0x249c),
        0x24b6..=0x24e9 => letter(0x24b6),
        0x24ea => Some('0'),
        0x2776..=0x277e => char::from_u32(code - 0x2776 + 0x31),
        0xff01..=0xff5e => char::from_u32(code - 0xff01 + 0x21),
        // Mathematical letters, thirteen alphabets of 52, and digits, five times ten.
        0x1d400..=0x1d6a3 => letter(0x1d400),
        0x1d7ce..=0x1d7ff => char::from_u32((code - 0x1d7ce) % 10 + 0x30),
        // In squares and circles, and as flags are spelt.
        0x1f110..=0x1f129 => letter(0x1f110),
        0x1f130..=0x1f149 => letter(0x1f130),
        0x1f150..=0x1f169 => letter(0x1f150),
        0x1f170..=0x1f189 => letter(0x1f170),
        0x1f1e6..=0x1f1ff => letter(0x1f1e6),
        _ => None,
    }
}

/// Letters of other alphabets that look Latin.
const ALIKE: [(char, &str); 26] = [
    ('a', "аАαΑᴀ"),
    ('b', "вВβΒЬьЪʙ"),
    ('c', "сСϲᴄ"),
    ('d', "ԁᴅ"),
    ('e', "еЕεΕєёЁᴇ"),
    ('f', "ғ"),
    ('g', "ԍɡɢ"),
    ('h', "нНһΗҺʜ"),
    ('i', "іІιΙїЇɪ"),
    ('j', "јЈᴊ"),
    ('k', "кКκΚᴋ"),
    ('l', "ӏӀʟ"),
    ('m', "мМΜᴍ"),
    ('n', "пΝηнɴ"),
    ('o', "оОοΟσөθᴏ"),
    ('p', "рРρΡᴘ"),
    ('q', "ԛ"),
    ('r', "гяʀ"),
    ('s', "ѕЅ"),
    ('t', "тТτΤᴛ"),
    ('u', "υцџᴜ"),
    ('v', "νѵᴠ"),
    ('w', "ԝωшѡᴡ"),
    ('x', "хХχΧ"),
    ('y', "уУγΥүʏ"),
    ('z', "ᴢ"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::BUILT_IN;
    use proptest::prelude::*;

    thread_local! {
        static KNOWLEDGE: Knowledge = Knowledge::open(BUILT_IN).unwrap();
    }

    fn plain(text: &str) -> Option<String> {
        KNOWLEDGE.with(|knowledge| Plain::of(text, knowledge)).map(|plain| plain.text)
    }

    #[test]
    fn disguises_are_undone() {
        for (text, expected) in [
            ("g.i.ả.m c.â.n", "giảm cân"),
            ("g·i·ả·m c-â-n", "giảm cân"),
            ("c.hữa k.hỏi", "chữa khỏi"),
            ("g i ả i c ứ u", "giải cứu"),
            ("c h ữ a  k h ỏ i", "chữa khỏi"),
            ("gi\u{200b}ảm câ\u{2060}n", "giảm cân"),
            ("gi@m cân", "giam cân"),
            ("tr! nám", "tri nám"),
            ("kem tr0n", "kem tron"),
            ("chữa b*nh", "chữa benh"),
            ("kem tr*n", "kem tron"),
            ("fục hồi", "phục hồi"),
            ("jảm cân", "giảm cân"),
            ("ｇｉảｍ", "giảm"),
            ("сhữа", "chữa"),
            ("1️⃣0️⃣ kg", "10 kg"),
            ("🅶🅸🅰🅼", "giam"),
            ("bác_sĩ", "bác sĩ"),
        ] {
            assert_eq!(plain(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_written_plainly_stays() {
        for text in [
            "Hàng về 50k, size M, 2 kg",
            "Tốt! Rẻ! Chốt ngay!",
            "P.12, Q.1, TP.HCM",
            "top1 b12 vitamin-c",
            "Ở Huế. Em ở Hà Nội",
            "1.000.000 đ, 99,5%",
            "a ơi",
            "😀🔥",
            "",
        ] {
            assert_eq!(plain(text), None, "{text}");
        }
    }

    proptest! {
        /// Every place of the plain text is a place of the original.
        #[test]
        fn places_are_places_of_the_original(text in "(g|i|ả|m|\\.|\u{200b}|@|\\*|0|!| |ｍ|а|f|k|\u{301}|_|\\PC){0,24}") {
            let plain = KNOWLEDGE.with(|knowledge| Plain::of(&text, knowledge));
            let Some(plain) = plain else { return Ok(()) };
            prop_assert_eq!(plain.origins.len(), plain.text.len());
            for (at, letter) in plain.text.char_indices() {
                let (start, end) = plain.written(at..at + letter.len_utf8());
                prop_assert!(text.get(start..end).is_some(), "{} {:?}", at, letter);
            }
        }
    }
}
