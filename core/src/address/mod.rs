//! Vietnamese addresses: where they stand in a text, and whether commune and province fit, under both schemes of
//! administrative units (before 01/07/2025: 63 provinces, districts, communes; since: 34 provinces, communes).
//!
//! A text is read in three steps: [`parts`] finds communes, districts and provinces; neighbouring parts make an address
//! (this file); before them [`street`] finds house and street.

mod gazetteer;
mod parts;
mod street;

use crate::knowledge::UnitLevel as Level;
use crate::order::ordered;
use crate::text::{Spotted, fold, is_alphanumeric};
use gazetteer::{Gazetteer, agrees, key};
use parts::Part;

/// How far before its first unit an address may start, in bytes.
const MAX_LEAD: usize = 160;
/// At most so many bytes stand between a cue ("Địa chỉ kho hàng:") and the address.
const MAX_CUE_GAP: usize = 48;
/// Words between two units of one address, folded: "(cũ)", "nay là", "thuộc".
const FILLERS: [&str; 14] =
    ["cu", "moi", "thuoc", "cua", "nay", "la", "truoc", "day", "sau", "sap", "nhap", "city", "province", "va"];
/// Words between a cue and its address, folded: "trụ sở chính tại".
const CUE_FILLERS: [&str; 12] = ["chinh", "tai", "o", "so", "nha", "cong", "ty", "san", "xuat", "cua", "hang", "at"];

/// An address in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AddressMatch {
    /// The province of today, also when an old one or only an old district is named.
    pub province: Option<String>,
    /// The province that is named, where it went into another on 01/07/2025.
    pub old_province: Option<String>,
    /// The commune, without its kind but for numbered ones ("Phường 5"), as the tables spell it. Of several ("nay là")
    /// the one that does not fit, else the first.
    pub commune: Option<String>,
    /// Whether the commune is in the named province under either scheme. `None`: no commune or no province is named,
    /// or the commune's name, with its kind and diacritics, is in no list.
    pub commune_consistent: Option<bool>,
    /// Whether a house, lot, floor or building is named.
    pub has_house: bool,
    /// Whether a street or lane is named.
    pub has_street: bool,
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// How the next part goes on with the address of the last.
enum Join {
    /// A higher unit: "phường …, quận …".
    Upwards,
    /// The same place once more: "nay là …".
    Again,
}

/// What bare names before the first marked unit say: "Dịch Vọng, Cầu Giấy, Hà Nội".
#[derive(Default)]
struct Bare<'t> {
    start: usize,
    commune: Option<&'t str>,
    has_district: bool,
}

impl Spotted<'_> {
    /// Every address in the text. Where nothing announces one ("Địa chỉ:"), a province or district must come with a
    /// commune, or with a house in a street: "ship Hà Nội" is none.
    pub(crate) fn addresses(&self) -> Vec<AddressMatch> {
        read(self, false)
    }

    /// The address that a field holds.
    pub(crate) fn address(&self) -> Option<AddressMatch> {
        let mut best: Option<AddressMatch> = None;
        for address in read(self, true) {
            if best.as_ref().is_none_or(|best| stated(&address) > stated(best)) {
                best = Some(address);
            }
        }
        best.or_else(|| without_units(self.text, 0, self.text.len()))
    }
}

fn read(spotted: &Spotted<'_>, is_field: bool) -> Vec<AddressMatch> {
    Gazetteer(&spotted.knowledge.units).addresses(spotted, is_field)
}

impl Gazetteer<'_> {
    fn addresses(self, spotted: &Spotted<'_>, is_field: bool) -> Vec<AddressMatch> {
        let text = spotted.text;
        let (parts, cues) = self.parts(text, &parts::terms(spotted));
        let mut found: Vec<AddressMatch> = Vec::new();
        let mut rest = parts.as_slice();
        while !rest.is_empty() {
            let (groups, after) = self.split_run(text, rest, is_field);
            let from = found.last().map_or(0, |last| last.end);
            found.extend(self.address(text, from, &groups, &cues, is_field));
            rest = after;
        }
        for cue in cues {
            if !found.iter().any(|known| known.end > cue && known.start < cue + MAX_LEAD) {
                found.extend(without_units(text, cue, line_end(text, cue)));
            }
        }
        ordered(found, |a, b| a.start.cmp(&b.start))
    }

    /// The parts of the first address, one group for each time the place is named, and the parts behind it.
    fn split_run<'p>(self, text: &str, parts: &'p [Part], is_field: bool) -> (Vec<&'p [Part]>, &'p [Part]) {
        let mut groups = Vec::new();
        let mut group_start = 0;
        let mut at = 1;
        while let Some([last, next]) = parts.get(at - 1..=at).and_then(|pair| <&[Part; 2]>::try_from(pair).ok()) {
            match self.join(text, last, next, is_field) {
                Some(Join::Upwards) => {}
                Some(Join::Again) => {
                    groups.extend(parts.get(group_start..at));
                    group_start = at;
                }
                None => break,
            }
            at += 1;
        }
        groups.extend(parts.get(group_start..at));
        (groups, parts.get(at..).unwrap_or_default())
    }

    fn join(self, text: &str, last: &Part, next: &Part, is_field: bool) -> Option<Join> {
        let gap = text.get(last.end..next.start)?;
        let is_broken = gap.contains(['!', '?', ';', '|', '•'])
            || (!is_field && gap.contains(['\n']) && !gap.trim_start().starts_with([',', '-']));
        // "…, Quận 3 - Hà Nội: 7 đường …" begins another one.
        let is_heading = text.get(next.end..).is_some_and(|after| after.starts_with(':'));
        if gap.len() > MAX_CUE_GAP || is_broken || is_heading || !self.is_soft(gap) {
            return None;
        }
        let again = || gap.contains(['(']) || fold(gap).split(' ').any(|word| matches!(word, "nay" | "truoc"));
        if next.level > last.level {
            Some(Join::Upwards)
        } else if again() {
            Some(Join::Again)
        } else {
            // "TP. Hải Dương, Hải Phòng": the old province's city has its name; "Bình Dương, TP.HCM": both schemes.
            let parent = |part: &Part| part.old.and_then(|old| self.parent(old));
            let are_provinces = last.level == Level::Province && next.level == Level::Province;
            (are_provinces && parent(last) == parent(next)).then_some(Join::Upwards)
        }
    }

    /// Whether only punctuation, fillers and bare names of units stand between two parts.
    fn is_soft(self, gap: &str) -> bool {
        let is_filler = |piece: &str| words(piece).all(|word| FILLERS.contains(&fold(word).as_str()));
        gap.split(is_separator).all(|piece| is_filler(piece) || self.is_unit(piece))
    }

    fn is_unit(self, name: &str) -> bool {
        let key = String::from_utf8(key(name).collect()).unwrap_or_default();
        self.districts(&key).next().is_some() || self.communes(&key).next().is_some()
    }

    fn address(
        self,
        text: &str,
        from: usize,
        groups: &[&[Part]],
        cues: &[usize],
        is_field: bool,
    ) -> Option<AddressMatch> {
        let all = || groups.iter().copied().flatten();
        let first = all().next()?;
        let stated: Vec<usize> = provinces(all());
        // Only an old district is named: it has its province, which is not stated.
        let implied: Vec<usize> =
            if stated.is_empty() { all().filter_map(|part| part.old).take(1).collect() } else { Vec::new() };
        let known = if stated.is_empty() { &implied } else { &stated };

        let mut communes: Vec<(String, Option<bool>)> = Vec::new();
        for group in groups {
            let own = provinces(group.iter());
            for commune in group.iter().filter(|part| part.level == Level::Commune) {
                let name = text.get(commune.name.clone()).unwrap_or_default();
                let (name, is_consistent) = self.judge(name, commune.kinds, if own.is_empty() { known } else { &own });
                // Against a province that is not stated nothing is held.
                communes.push((name, is_consistent.filter(|fits| *fits || !stated.is_empty())));
            }
        }
        let has_known_commune = communes.iter().any(|(_, is_consistent)| is_consistent.is_some())
            || all().any(|part| part.level == Level::Commune && part.is_known);
        let bare = match first.level {
            Level::Commune => Bare { start: first.start, ..Bare::default() },
            _ => self.bare_before(text, from, first.start, known),
        };
        if let Some(name) = bare.commune {
            let (name, is_consistent) = self.judge(name, u8::MAX, known);
            communes.insert(0, (name, is_consistent));
        }

        let cue = cues.iter().copied().rfind(|cue| *cue <= bare.start);
        let lead_start = lead_start(text, from.max(cue.unwrap_or(0)), bare.start);
        let is_cued = |start: usize| is_field || cue.is_some_and(|cue| cue >= from && announces(text, cue, start));
        let lenient = !communes.is_empty() || is_cued(lead_start);
        let lead = street::read(text, lead_start, bare.start, lenient);
        let start = lead.start.unwrap_or(bare.start);

        let has_district = bare.has_district || all().any(|part| part.level == Level::District);
        let is_enough = (has_district || !stated.is_empty())
            && (has_known_commune
                || (first.level == Level::Commune && has_district)
                || (lead.has_house && lead.has_marked_street)
                || (lead.has_house && lead.has_street && (has_district || bare.commune.is_some()))
                || (bare.commune.is_some() && bare.has_district));
        if !is_enough && !is_cued(start) {
            return None;
        }
        let (commune, commune_consistent) = (communes.iter().find(|(_, is_consistent)| *is_consistent == Some(false)))
            .or(communes.first())
            .map_or((None, None), |(name, is_consistent)| (Some(name.clone()), *is_consistent));
        let today = known.iter().find(|old| self.is_of_today(**old)).or(known.first());
        let old = stated.iter().find(|old| !self.is_of_today(**old));
        Some(AddressMatch {
            province: today.and_then(|old| self.today(*old)).map(str::to_owned),
            old_province: old.and_then(|old| self.0.old_provinces.get(*old)).map(|old| old.name.clone()),
            commune,
            commune_consistent,
            has_house: lead.has_house,
            has_street: lead.has_street,
            start,
            end: all().map(|part| part.end).max()?,
        })
    }

    /// Names of units without their kind, right before the first part that has one.
    fn bare_before<'t>(self, text: &'t str, from: usize, first: usize, provinces: &[usize]) -> Bare<'t> {
        let mut bare = Bare { start: first, ..Bare::default() };
        let is_here = |home: usize| provinces.iter().any(|stated| self.is_in(home, *stated));
        for _ in 0..3 {
            let before = text.get(from..bare.start).unwrap_or_default();
            let Some(before) = before.trim_end().strip_suffix(is_separator) else { break };
            let piece = before.rsplit(is_separator).next().unwrap_or_default();
            let name = piece.trim();
            let key = String::from_utf8(key(name).collect()).unwrap_or_default();
            let is_district = self.districts(&key).any(|row| row.homes().any(is_here));
            let is_commune = self.communes(&key).any(|row| row.homes().any(is_here));
            if key.is_empty() || name.contains(['\n']) || !(is_district || is_commune) {
                break;
            }
            bare.start = from + before.len() - piece.trim_start().len();
            bare.has_district |= is_district;
            if is_commune {
                bare.commune = Some(name);
            }
            if !is_district {
                break;
            }
        }
        bare
    }

    /// The commune's name as the tables spell it, and whether it is in one of the provinces.
    fn judge(self, written: &str, kinds: u8, provinces: &[usize]) -> (String, Option<bool>) {
        let mut key = String::from_utf8(key(written).collect()).unwrap_or_default();
        let is_number = key.bytes().all(|byte| byte.is_ascii_digit());
        if is_number {
            key = key.trim_start_matches('0').to_owned();
        }
        let rows = self.communes(&key);
        let is_here = |home: usize| provinces.iter().any(|stated| self.is_in(home, *stated));
        // Names that are known by their key only have no diacritics to disagree with.
        let here = rows.clone().filter(|row| row.homes().any(is_here));
        let fits = |name: &str| agrees(written, name) || name.is_ascii();
        let best = here.clone().find(|row| fits(row.name));
        let elsewhere = rows.clone().find(|row| row.kinds & kinds != 0 && agrees(written, row.name));
        let is_consistent = match (best, elsewhere) {
            _ if provinces.is_empty() => None,
            (Some(_), _) => Some(true),
            // The same letters with other diacritics are in the province: written badly, or another place.
            (None, Some(_)) if here.clone().next().is_none() => Some(false),
            (None, _) => None,
        };
        let spelt = best.or(elsewhere).filter(|row| row.kinds != 0).map_or(written, |row| row.name);
        let name = if is_number { format!("Phường {key}") } else { spelt.to_owned() };
        (name, is_consistent)
    }
}

/// The provinces that parts name.
fn provinces<'p>(parts: impl Iterator<Item = &'p Part>) -> Vec<usize> {
    parts.filter(|part| part.level == Level::Province).filter_map(|part| part.old).collect()
}

/// How much an address says.
fn stated(address: &AddressMatch) -> usize {
    [address.commune.is_some(), address.province.is_some(), address.has_house, address.has_street]
        .into_iter()
        .filter(|says| *says)
        .count()
}

/// An address of a house and a street only.
fn without_units(text: &str, from: usize, to: usize) -> Option<AddressMatch> {
    let lead = street::read(text, from, to, true);
    (lead.has_house && lead.has_street).then(|| AddressMatch {
        province: None,
        old_province: None,
        commune: None,
        commune_consistent: None,
        has_house: true,
        has_street: true,
        start: lead.start.unwrap_or(from),
        end: lead.end,
    })
}

/// Whether what stands between a cue and an address lets the one announce the other.
fn announces(text: &str, cue: usize, start: usize) -> bool {
    text.get(cue..start).is_some_and(|gap| {
        gap.len() <= MAX_CUE_GAP
            && (gap.contains([':']) || words(gap).all(|word| CUE_FILLERS.contains(&fold(word).as_str())))
    })
}

/// Where the lines before the first unit may start to belong to the address.
fn lead_start(text: &str, from: usize, to: usize) -> usize {
    let from = from.max(to.saturating_sub(MAX_LEAD));
    let from = (from..=to).find(|at| text.is_char_boundary(*at)).unwrap_or(to);
    let lead = text.get(from..to).unwrap_or_default();
    from + lead
        .rfind(['\n', ';', '!', '?', '|', '•'])
        .map_or(0, |at| at + lead.get(at..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8))
}

/// The end of the line, or of what an address may take of it.
fn line_end(text: &str, from: usize) -> usize {
    let to = (from + MAX_LEAD).min(text.len());
    let to = (to..=text.len()).find(|at| text.is_char_boundary(*at)).unwrap_or(text.len());
    text.get(from..to).and_then(|line| line.find('\n')).map_or(to, |at| from + at)
}

fn is_separator(character: char) -> bool {
    matches!(character, ',' | ';' | ':' | '(' | ')' | '-' | '–' | '—' | '/' | '\n')
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !is_alphanumeric(character)).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests;
