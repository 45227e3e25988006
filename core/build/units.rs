//! Packs `knowledge/units/`: names in the order of their keys.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::tables::{OldProvince, ProvinceAlias, UnitKind, UnitNames, Units};
use super::{Result, folded_letter};

/// Units by law: Resolution 202/2025/QH15 and the 34 resolutions on communes; before it, 63.
const PROVINCES: usize = 34;
const OLD_PROVINCES: usize = 63;
const COMMUNES: usize = 3321;

pub(super) fn pack(folder: &Path) -> Result<Units> {
    let provinces = read(folder, "provinces.csv")?;
    let codes: Vec<&str> = provinces.iter().map(|row| cell(row, 0)).collect();
    let code = |code: &str| position(&codes, code);

    let old = read(folder, "old-provinces.csv")?;
    let old_names: Vec<&str> = old.iter().map(|row| cell(row, 0)).collect();
    let old_home = |name: &str| position(&old_names, name).map(|at| at + PROVINCES);

    let (mut communes, mut count) = (Names::default(), 0);
    for row in grouped(folder, "communes.csv")? {
        count += communes.add(cell(&row, 2), kind(cell(&row, 1))?, code(cell(&row, 0))?);
    }
    for (found, expected) in [(provinces.len(), PROVINCES), (old.len(), OLD_PROVINCES), (count, COMMUNES)] {
        if found != expected {
            return Err(format!("units: {found} rows where {expected} were expected").into());
        }
    }
    for row in grouped(folder, "old-communes.csv")? {
        communes.add(cell(&row, 3), kind(cell(&row, 2))?, old_home(cell(&row, 0))?);
    }
    for row in grouped(folder, "earlier-communes.csv")? {
        communes.add_earlier(cell(&row, 1), old_home(cell(&row, 0))?);
    }
    let mut districts = Names::default();
    for row in grouped(folder, "old-districts.csv")? {
        districts.add(cell(&row, 2), kind(cell(&row, 1))?, old_home(cell(&row, 0))?);
    }

    let mut old_provinces = Vec::new();
    for row in &old {
        let name = cell(row, 0).to_owned();
        old_provinces.push(OldProvince { name, province: u8::try_from(code(cell(row, 1))?)? });
    }
    let mut aliases = Vec::new();
    for row in read(folder, "province-aliases.csv")? {
        let old = u8::try_from(position(&old_names, cell(&row, 1))?)?;
        aliases.push(ProvinceAlias { text: cell(&row, 0).to_owned(), old });
    }
    communes.drop_known_under_both(&old_provinces);
    Ok(Units {
        provinces: provinces.iter().map(|row| cell(row, 1).to_owned()).collect(),
        old_provinces,
        aliases,
        communes: communes.pack()?,
        districts: districts.pack()?,
    })
}

/// Names with the kinds of the units that bear them and where those are: the number of a province, behind all of
/// those the number of an old one.
#[derive(Default)]
struct Names(BTreeMap<(String, String), (u8, BTreeSet<usize>)>);

impl Names {
    /// Adds names joined with `;` and says how many.
    fn add(&mut self, names: &str, kinds: u8, home: usize) -> usize {
        for name in names.split(';') {
            let (known, homes) = self.0.entry((key(name), name.to_owned())).or_default();
            *known |= kinds;
            homes.insert(home);
        }
        names.split(';').count()
    }

    /// Adds names that are known as keys only: to every name that has the key, or as they are, of no kind.
    fn add_earlier(&mut self, names: &str, home: usize) {
        for key in names.split(';').map(key) {
            let of_key = (key.clone(), String::new())..(key.clone() + "\0", String::new());
            if self.0.range(of_key.clone()).next().is_none() {
                self.0.insert((key.clone(), key), (0, BTreeSet::from([home])));
                continue;
            }
            for (_, (_, homes)) in self.0.range_mut(of_key) {
                homes.insert(home);
            }
        }
    }

    /// Whoever names an old province may mean the one it went into: what that one has needs no saying twice.
    fn drop_known_under_both(&mut self, old: &[OldProvince]) {
        for (_, homes) in self.0.values_mut() {
            let today = homes.clone();
            homes.retain(|home| {
                let parent = home.checked_sub(PROVINCES).and_then(|at| old.get(at));
                !parent.is_some_and(|parent| today.contains(&usize::from(parent.province)))
            });
        }
    }

    fn pack(self) -> Result<UnitNames> {
        let mut packed = UnitNames::default();
        for ((_, name), (kinds, at)) in self.0 {
            packed.rows.push((u32::try_from(packed.names.len())?, u32::try_from(packed.homes.len())?));
            packed.names.push_str(&name);
            packed.names.push('\n');
            packed.homes.push(kinds);
            for home in &at {
                let last = if Some(home) == at.last() { 0x80 } else { 0 };
                packed.homes.push(u8::try_from(*home)? | last);
            }
        }
        Ok(packed)
    }
}

/// As `address::gazetteer::key`.
fn key(name: &str) -> String {
    let letters = name.chars().map(|letter| folded_letter(letter as u32)).filter(u8::is_ascii_alphanumeric);
    letters.map(|letter| if letter == b'y' { 'i' } else { char::from(letter) }).collect()
}

pub(super) fn kind(kind: &str) -> Result<u8> {
    let kind = match kind {
        "phường" => UnitKind::Ward,
        "xã" => UnitKind::Commune,
        "thị trấn" => UnitKind::Town,
        "đặc khu" => UnitKind::SpecialZone,
        "quận" => UnitKind::UrbanDistrict,
        "huyện" => UnitKind::RuralDistrict,
        "thị xã" => UnitKind::DistrictTown,
        "thành phố" => UnitKind::DistrictCity,
        other => return Err(format!("units: no such kind: {other}").into()),
    };
    Ok(kind as u8)
}

/// Where a name stands in a list that holds it exactly once.
fn position(list: &[&str], name: &str) -> Result<usize> {
    let mut found = (0..list.len()).filter(|at| list.get(*at) == Some(&name));
    match (found.next(), found.next()) {
        (Some(at), None) => Ok(at),
        (None, _) => Err(format!("units: no such province: {name}").into()),
        (Some(_), Some(_)) => Err(format!("units: {name} is there twice").into()),
    }
}

/// Rows whose last cell holds names, in order; nothing is there twice.
fn grouped(folder: &Path, name: &str) -> Result<Vec<Vec<String>>> {
    let rows = read(folder, name)?;
    let mut groups = BTreeSet::new();
    for row in &rows {
        let Some((names, group)) = row.split_last() else { continue };
        if !groups.insert(group) || !names.split(';').is_sorted_by(|one, next| one < next) {
            return Err(format!("{name}: something is there twice or out of order: {group:?}").into());
        }
    }
    Ok(rows)
}

/// The rows below the head. No cell holds a comma.
fn read(folder: &Path, name: &str) -> Result<Vec<Vec<String>>> {
    let path = folder.join(name);
    let text = fs::read_to_string(&path).map_err(|error| format!("{}: {error}", path.display()))?;
    let width = text.lines().next().unwrap_or_default().split(',').count();
    let rows: Vec<Vec<String>> =
        text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect();
    match rows.iter().find(|row| row.len() != width) {
        Some(row) => Err(format!("{}: {row:?} has not {width} cells", path.display()).into()),
        None => Ok(rows),
    }
}

fn cell(row: &[String], at: usize) -> &str {
    row.get(at).map(String::as_str).unwrap_or_default()
}
