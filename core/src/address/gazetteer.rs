//! Names of administrative units and the provinces they are in.

use std::cmp::Ordering;

use crate::knowledge::{OldProvince, UnitNames, Units};
use crate::text::{folded_letter, marks};

/// Set on the last home of a name.
const LAST: u8 = 0x80;

/// The units of both schemes.
#[derive(Debug, Clone)]
pub(super) struct Gazetteer {
    pub(super) provinces: Vec<String>,
    pub(super) old_provinces: Vec<OldProvince>,
    communes: NameTable,
    districts: NameTable,
}

impl Gazetteer {
    pub(super) fn new(units: &Units) -> Self {
        Self {
            provinces: units.provinces.clone(),
            old_provinces: units.old_provinces.clone(),
            communes: NameTable::unpack(&units.communes),
            districts: NameTable::unpack(&units.districts),
        }
    }

    /// The names of communes that have a key.
    pub(super) fn communes(&self, key: &str) -> impl Iterator<Item = Named<'_>> + Clone {
        self.communes.find(key)
    }

    /// The names of districts that have a key.
    pub(super) fn districts(&self, key: &str) -> impl Iterator<Item = Named<'_>> + Clone {
        self.districts.find(key)
    }

    /// The province of today that an old one went into.
    pub(super) fn parent(&self, old: usize) -> Option<usize> {
        self.old_provinces.get(old).map(|old| usize::from(old.province))
    }

    /// The name of the province of today.
    pub(super) fn today(&self, old: usize) -> Option<&str> {
        self.provinces.get(self.parent(old)?).map(String::as_str)
    }

    /// Whether a name is a province's to this day.
    pub(super) fn is_of_today(&self, old: usize) -> bool {
        self.old_provinces.get(old).is_some_and(|known| self.today(old) == Some(known.name.as_str()))
    }

    /// The old province that a home is; `None` for one of today.
    pub(super) fn old_of(&self, home: usize) -> Option<usize> {
        home.checked_sub(self.provinces.len())
    }

    /// Whether a unit of that home is in the province that a name means: the old one and what it went into; for a name
    /// of today also all that was merged into it.
    pub(super) fn is_in(&self, home: usize, stated: usize) -> bool {
        match self.old_of(home) {
            None => self.parent(stated) == Some(home),
            Some(old) => old == stated || (self.is_of_today(stated) && self.parent(old) == self.parent(stated)),
        }
    }
}

/// A name, the kinds of the units that bear it and where those are.
#[derive(Debug, Clone, Copy)]
pub(super) struct Named<'g> {
    pub(super) name: &'g str,
    pub(super) kinds: u8,
    homes: &'g [u8],
}

impl<'g> Named<'g> {
    /// Places of provinces: of today, or behind all of those of an old one.
    pub(super) fn homes(self) -> impl Iterator<Item = usize> + 'g {
        let last = self.homes.iter().position(|home| home & LAST != 0);
        self.homes.iter().take(last.map_or(0, |last| last + 1)).map(|home| usize::from(home & !LAST))
    }
}

/// Names in the order of their keys.
#[derive(Debug, Clone)]
struct NameTable {
    names: String,
    homes: Vec<u8>,
    /// Where each name and its homes start.
    rows: Vec<(u32, u32)>,
}

impl NameTable {
    fn unpack(packed: &UnitNames) -> Self {
        let mut table = Self { names: String::new(), homes: packed.homes.clone(), rows: Vec::new() };
        let (mut before, mut home) = (0, 0);
        for line in packed.names.lines() {
            let mut letters = line.chars();
            let shared = letters.next().map_or(0, |shared| (shared as usize).saturating_sub('0' as usize));
            let start = table.names.len();
            let prefix = table.names.get(before..before + shared).unwrap_or_default().to_owned();
            table.names.push_str(&prefix);
            table.names.push_str(letters.as_str());
            table.names.push('\n');
            table.rows.push((start as u32, home as u32));
            let homes = packed.homes.get(home + 1..).unwrap_or_default();
            home += 2 + homes.iter().position(|home| home & LAST != 0).unwrap_or(homes.len());
            before = start;
        }
        table
    }

    /// What stands where a row starts: its name and all behind it.
    fn rest_at(&self, (name, _): (u32, u32)) -> &str {
        self.names.get(name as usize..).unwrap_or_default()
    }

    fn named(&self, row: (u32, u32)) -> Named<'_> {
        let name = self.rest_at(row).lines().next().unwrap_or_default();
        let (_, homes) = row;
        match self.homes.get(homes as usize..).and_then(<[u8]>::split_first) {
            Some((kinds, homes)) => Named { name, kinds: *kinds, homes },
            None => Named { name, kinds: 0, homes: &[] },
        }
    }

    fn find(&self, wanted: &str) -> impl Iterator<Item = Named<'_>> + Clone {
        // A name ends with its line: looking for the end first would take longer than comparing.
        let order = |row| key_of_line(self.rest_at(row)).cmp(wanted.bytes());
        let start = self.rows.partition_point(|row| order(*row) == Ordering::Less);
        let rows = self.rows.get(start..).unwrap_or_default();
        let count = rows.iter().take_while(|row| order(**row) == Ordering::Equal).count();
        rows.iter().take(count).map(|row| self.named(*row))
    }
}

/// The letters and digits of a name, folded, `y` as `i`: "Mĩ Thủy" and "Mỹ Thuỷ" are one name, "Cư M'gar" and "Cư Mgar".
pub(super) fn key(name: &str) -> impl Iterator<Item = u8> + '_ {
    key_of(name.chars())
}

fn key_of_line(text: &str) -> impl Iterator<Item = u8> + '_ {
    key_of(text.chars().take_while(|letter| *letter != '\n'))
}

fn key_of(letters: impl Iterator<Item = char>) -> impl Iterator<Item = u8> {
    let letters = letters.map(|letter| folded_letter(letter as u32)).filter(u8::is_ascii_alphanumeric);
    letters.map(|letter| if letter == b'y' { b'i' } else { letter })
}

/// Whether two names of one key agree in their diacritics, wherever a tone stands ("Hòa", "Hoà"). Who types none agrees.
pub(super) fn agrees(written: &str, known: &str) -> bool {
    written.is_ascii() || {
        let sorted = |name| {
            let mut marks: Vec<char> = marks(name).collect();
            marks.sort_unstable();
            marks
        };
        sorted(written) == sorted(known)
    }
}
