//! Names of administrative units and the provinces they are in.

use std::cmp::Ordering;

use crate::knowledge::{UnitNames, Units};
use crate::order::ordered;
use crate::text::{folded_letter, marks};

/// Set on the last home of a name.
const LAST: u8 = 0x80;

/// The units of both schemes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Gazetteer<'k>(pub(super) &'k Units);

impl<'k> Gazetteer<'k> {
    /// The names of communes that have a key.
    pub(super) fn communes(self, key: &str) -> impl Iterator<Item = Named<'k>> + Clone {
        find(&self.0.communes, key)
    }

    /// The names of districts that have a key.
    pub(super) fn districts(self, key: &str) -> impl Iterator<Item = Named<'k>> + Clone {
        find(&self.0.districts, key)
    }

    /// The province of today that an old one went into.
    pub(super) fn parent(self, old: usize) -> Option<usize> {
        self.0.old_provinces.get(old).map(|old| usize::from(old.province))
    }

    /// The name of the province of today.
    pub(super) fn today(self, old: usize) -> Option<&'k str> {
        self.0.provinces.get(self.parent(old)?).map(String::as_str)
    }

    /// Whether a name is a province's to this day.
    pub(super) fn is_of_today(self, old: usize) -> bool {
        self.0.old_provinces.get(old).is_some_and(|known| self.today(old) == Some(known.name.as_str()))
    }

    /// The old province that a home is; `None` for one of today.
    pub(super) fn old_of(self, home: usize) -> Option<usize> {
        home.checked_sub(self.0.provinces.len())
    }

    /// Whether a unit of that home is in the province that a name means: the old one and what it went into; for a name
    /// of today also all that was merged into it.
    pub(super) fn is_in(self, home: usize, stated: usize) -> bool {
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

/// The names of a table that have a key.
fn find<'k>(table: &'k UnitNames, wanted: &str) -> impl Iterator<Item = Named<'k>> + Clone + use<'k> {
    // A name ends with its line: looking for the end first would take longer than comparing.
    let order = |row: &(u32, u32)| key_of_line(rest_at(table, *row)).cmp(wanted.bytes());
    let start = table.rows.partition_point(|row| order(row) == Ordering::Less);
    let rows = table.rows.get(start..).unwrap_or_default();
    let count = rows.iter().take_while(|row| order(row) == Ordering::Equal).count();
    rows.iter().take(count).map(|row| named(table, *row))
}

/// What stands where a row starts: its name and all behind it.
fn rest_at(table: &UnitNames, (name, _): (u32, u32)) -> &str {
    table.names.get(name as usize..).unwrap_or_default()
}

fn named(table: &UnitNames, row: (u32, u32)) -> Named<'_> {
    let name = rest_at(table, row).lines().next().unwrap_or_default();
    let (_, homes) = row;
    match table.homes.get(homes as usize..).and_then(<[u8]>::split_first) {
        Some((kinds, homes)) => Named { name, kinds: *kinds, homes },
        None => Named { name, kinds: 0, homes: &[] },
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
    written.is_ascii() || written == known || {
        let sorted = |name| ordered(marks(name), char::cmp);
        sorted(written) == sorted(known)
    }
}
