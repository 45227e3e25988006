//! House and street, which stand before the units of an address.

use super::gazetteer::{agrees, key};
use super::is_separator;

/// At most so many pieces before the first unit belong to the address.
const MAX_PIECES: usize = 5;
/// The longest word that says something about the one behind it.
const MAX_WORD: usize = 6;
/// May stand around a word.
const PUNCTUATION: [char; 6] = ['.', '"', '*', '+', '•', '\''];

/// What stands before the units of an address.
#[derive(Debug, Default)]
pub(super) struct Lead {
    /// Where it starts; `None` when there is neither house, street nor hamlet.
    pub(super) start: Option<usize>,
    /// Where its last piece ends.
    pub(super) end: usize,
    pub(super) has_house: bool,
    pub(super) has_street: bool,
    /// Whether a word says that it is a street.
    pub(super) has_marked_street: bool,
}

/// What a word says about the one behind it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Role {
    /// "số": a house number.
    Number,
    /// "lô", "tầng", "tòa": as good as a house.
    House,
    Street,
    /// "Hoa Mai Street"
    Suffix,
    /// "thôn", "tổ", "KCN": part of the address, neither house nor street.
    Place,
    /// "tại": an address may start behind it.
    At,
}

/// Reads what stands between two places of a text. `lenient`: a house number's street needs no capital.
pub(super) fn read(text: &str, from: usize, to: usize, lenient: bool) -> Lead {
    let mut pieces = Vec::new();
    let mut end = to;
    while pieces.len() < MAX_PIECES && end >= from {
        let Some(before) = text.get(from..end) else { break };
        let cut = before.char_indices().rfind(|(at, character)| is_cut(before, *at, *character));
        let start = cut.map_or(from, |(at, character)| from + at + character.len_utf8());
        pieces.push((start, end));
        let Some((at, _)) = cut else { break };
        end = from + at;
    }
    let mut lead = Lead { end: from, ..Lead::default() };
    for (start, end) in pieces.into_iter().rev() {
        lead.read_piece(text, start, end, lenient);
    }
    lead
}

/// "12-14" and "12/3" are one number; a hyphen cuts where it stands apart.
fn is_cut(text: &str, at: usize, character: char) -> bool {
    match character {
        '/' => false,
        '-' => text.get(..at).is_some_and(|before| before.ends_with(' ')),
        other => is_separator(other),
    }
}

impl Lead {
    fn read_piece(&mut self, text: &str, from: usize, to: usize, lenient: bool) {
        let piece = text.get(from..to).unwrap_or_default();
        let mut before = Some((Role::At, from));
        let mut behind_house = false;
        let end = from + piece.trim_end().len();
        let mut next = from;
        for chunk in piece.split_inclusive(char::is_whitespace) {
            let at = next + (chunk.len() - chunk.trim_start_matches(PUNCTUATION).len());
            next += chunk.len();
            let word = chunk.trim_end().trim_matches(PUNCTUATION);
            let role = role(word);
            match before {
                _ if word.is_empty() => continue,
                Some((role @ (Role::Number | Role::At), start)) if is_house_number(word) => {
                    self.note(if role == Role::At { at } else { start }, end);
                    self.has_house = true;
                    behind_house = true;
                    before = None;
                    continue;
                }
                // "tòa nhà", "khu phố", "nhà số"
                Some((Role::House, _)) if role == Some(Role::Number) => continue,
                Some((Role::Place, _)) if role == Some(Role::Street) => continue,
                Some((Role::Number, _)) if role == Some(Role::Number) => continue,
                Some((Role::House, start)) if role.is_none() || is_house_number(word) => {
                    self.note(start, end);
                    self.has_house = true;
                }
                Some((Role::Street, start)) => {
                    self.note(start, end);
                    self.has_street = true;
                    self.has_marked_street = true;
                }
                Some((Role::Place, start)) => self.note(start, end),
                _ => {}
            }
            let is_name = word.starts_with(char::is_uppercase) || (lenient && word.starts_with(char::is_alphabetic));
            self.has_marked_street |= behind_house && role == Some(Role::Suffix);
            behind_house &= role.is_none() && is_name;
            self.has_street |= behind_house;
            before = role.map(|role| (role, at));
        }
    }

    fn note(&mut self, start: usize, end: usize) {
        self.start.get_or_insert(start);
        self.end = end;
    }
}

fn role(word: &str) -> Option<Role> {
    // Most words of a text come by here, so nothing is written down.
    let mut folded = [0; MAX_WORD];
    let mut length = 0;
    for letter in key(word) {
        *folded.get_mut(length)? = letter;
        length += 1;
    }
    let (known, role) = match folded.get(..length)? {
        // "xa lộ", "quốc lộ"
        b"lo" if !word.is_ascii() && agrees(word, "lộ") => return Some(Role::Street),
        b"so" => ("số", Role::Number),
        b"nha" => ("nhà", Role::Number),
        b"sn" | b"no" => return Some(Role::Number),
        b"lo" => ("lô", Role::House),
        b"toa" => ("tòa", Role::House),
        b"tang" => ("tầng", Role::House),
        b"can" => ("căn", Role::House),
        b"kiot" => ("kiot", Role::House),
        b"lot" | b"floor" => return Some(Role::House),
        b"duong" => ("đường", Role::Street),
        b"pho" => ("phố", Role::Street),
        b"ngo" => ("ngõ", Role::Street),
        b"ngach" => ("ngách", Role::Street),
        b"hem" => ("hẻm", Role::Street),
        b"kiet" => ("kiệt", Role::Street),
        b"ql" | b"tl" | b"dt" => return Some(Role::Street),
        b"street" | b"road" | b"avenue" => return Some(Role::Suffix),
        b"to" => ("tổ", Role::Place),
        b"thon" => ("thôn", Role::Place),
        b"ap" => ("ấp", Role::Place),
        b"xom" => ("xóm", Role::Place),
        b"khu" => ("khu", Role::Place),
        b"cum" => ("cụm", Role::Place),
        b"kcn" | b"kp" | b"kdc" => return Some(Role::Place),
        b"tai" => ("tại", Role::At),
        b"o" => ("ở", Role::At),
        b"at" => return Some(Role::At),
        _ => return None,
    };
    (agrees(word, known)).then_some(role)
}

/// "12", "12A", "12/3B", "12-14", "B3": a digit, and nowhere two letters together; never a measure ("500g").
fn is_house_number(word: &str) -> bool {
    let bytes = word.as_bytes();
    let letters_apart = bytes.windows(2).all(|pair| !pair.iter().all(u8::is_ascii_alphabetic));
    word.len() <= 12
        && letters_apart
        && bytes.iter().any(u8::is_ascii_digit)
        && bytes.iter().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'/' | b'-' | b'.'))
        && bytes
            .last()
            .is_some_and(|last| last.is_ascii_digit() || last.is_ascii_uppercase() || (b'a'..=b'f').contains(last))
}
