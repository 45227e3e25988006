//! A pack natively, beside SQLite, a `HashMap` and rules for hosts.

use std::time::Instant;

use anyhow::{Result, ensure};
use soi_bench_adblock::Peer;
use soi_bench_engine::{Names, Packed};
use soi_core::pack::{Expected, PackKind, RECORDS_LAYOUT, Sealed, Trust};
use soi_core::record::Key;

use super::map::EventMap;
use super::sqlite::Database;
use super::{BYTES_A_SUBJECT, CHECKS_A_LOOKUP, LOOKUPS, MADE, OPENED_US, Records};
use crate::Effort;
use crate::material::Material;
use crate::native::{MOST_CHECKS, PEER, ROUNDS, assessment};
use crate::row::Row;
use crate::stats::{each, grouped, median};

/// The pack is opened so often in a round.
const OPENINGS: usize = 10_000;
/// The database is opened so often, and asked for so many of the names: it takes fifty times as long.
const DATABASE_OPENINGS: usize = 10;
const DATABASE_LOOKUPS: usize = 5_000;

/// Microseconds for one of each, in one round.
#[derive(Debug, Clone, Copy)]
struct Round {
    open: f64,
    seal: f64,
    hit: f64,
    miss: f64,
    /// An assessment of a page that is held against the pack, and against nothing.
    assess: f64,
    assess_alone: f64,
    /// A request check with EasyList and EasyPrivacy.
    check: f64,
    /// A request check with the rules for hosts.
    host_check: f64,
    host_load: f64,
    map_hit: f64,
    map_miss: f64,
    database_open: f64,
    database_hit: f64,
    database_miss: f64,
}

/// One of the times of a round.
type Time = fn(&Round) -> f64;

pub(super) fn rows(records: &Records, material: &Material, effort: Effort) -> Result<Vec<Row>> {
    let packed = Packed::new(records.pack.clone()).map_err(anyhow::Error::msg)?;
    let (alone, mut pages) = (material.pages()?, material.pages()?);
    pages.against(Packed::new(records.pack.clone()).map_err(anyhow::Error::msg)?);
    let peer = material.peer.as_ref().map(|peer| Peer::new(peer.lists.clone(), &peer.requests));
    let mut hosts = records.hosts.peer();
    let subjects = records.generated.subjects();
    let started = Instant::now();
    let map = EventMap::new(&subjects);
    let map_built = started.elapsed().as_secs_f64() * 1e6;
    let folder = tempfile::tempdir()?;
    let database = Database::new(folder.path(), &subjects)?;

    let [listed, unlisted] = [&records.listed, &records.unlisted].map(|lines| Lookups::new(lines));
    let (listed, unlisted) = (listed?, unlisted?);
    // All must find the same before they are compared.
    let found = packed.find(&listed.names);
    ensure!(found >= LOOKUPS && found == map.find(&listed.keys), "the pack finds {found} events, the map others");
    let some = map.find(listed.some());
    ensure!(some == database.find(listed.some())?, "the database finds other events than the map");
    ensure!(packed.find(&unlisted.names) == 0 && database.find(&unlisted.keys)? == 0, "a name nobody has was found");

    let mut rounds = Vec::new();
    for round in 0..=effort.rounds {
        let measured = Round {
            open: each(OPENINGS, || packed.open(OPENINGS)),
            seal: seal(records)?,
            hit: each(listed.keys.len(), || packed.find(&listed.names)),
            miss: each(unlisted.keys.len(), || packed.find(&unlisted.names)),
            assess: each(ROUNDS * pages.count(), || pages.assess(ROUNDS)),
            assess_alone: each(ROUNDS * alone.count(), || alone.assess(ROUNDS)),
            check: peer.as_ref().map_or(0.0, |peer| each(peer.requests(), || peer.check(1))),
            host_load: tried(1, || hosts.load(&records.hosts.serialized).map_err(anyhow::Error::msg))?,
            host_check: each(hosts.requests(), || hosts.check(1)),
            map_hit: each(listed.keys.len(), || map.find(&listed.keys)),
            map_miss: each(unlisted.keys.len(), || map.find(&unlisted.keys)),
            database_open: tried(DATABASE_OPENINGS, || (0..DATABASE_OPENINGS).try_for_each(|_| database.open()))?,
            database_hit: tried(DATABASE_LOOKUPS, || database.find(listed.some()))?,
            database_miss: tried(DATABASE_LOOKUPS, || database.find(unlisted.some()))?,
        };
        // The first round fills caches and compiles the peer's expressions.
        if round > 0 {
            rounds.push(measured);
        }
    }
    let blocked = 100.0 * hosts.check(1) as f64 / hosts.requests() as f64;
    ensure!((40.0..60.0).contains(&blocked), "{blocked} % of the hosts were blocked, not half of them");

    let of = |field: Time| median(&rounds.iter().map(field).collect::<Vec<_>>());
    let name = records.name();
    let rules = format!("adblock 0.13, {} host rules", grouped(records.subjects));
    let each_subject = |bytes: usize| bytes as f64 / records.subjects as f64;
    let size = Row::new(format!("{name}: bytes a subject"), each_subject(records.pack.len()), "B");
    let open = Row::new(format!("{name}: opened without its signature check, native"), of(|round| round.open), "µs");
    let held = Row::new(format!("{name}: held in memory, native"), megabytes(records.pack.len()), "MB");
    let mut rows = vec![
        size.clone()
            .against("the same in SQLite", each_subject(usize::try_from(database.bytes()?)?))
            .at_most(BYTES_A_SUBJECT),
        size.clone().against("the same as JSON", each_subject(records.json.len())),
        size.against(format!("{rules}, as it keeps them"), each_subject(records.hosts.serialized.len())),
        open.clone().against("SQLite, until it can be asked", of(|round| round.database_open)).at_most(OPENED_US),
        open.clone().against("building a HashMap", map_built),
        open.against(format!("{rules}, loaded as it keeps them"), of(|round| round.host_load)),
        Row::new(format!("{name}: signature and hash, native"), of(|round| round.seal) / 1e3, "ms"),
        held.clone().against("HashMap without its texts", megabytes(map.held())),
        held.against(&rules, megabytes(records.hosts.serialized.len())),
    ];
    let asked: [(&str, Time, Time, Time); 2] = [
        ("hit", |round| round.hit, |round| round.map_hit, |round| round.database_hit),
        ("miss", |round| round.miss, |round| round.map_miss, |round| round.database_miss),
    ];
    for (what, own, map, database) in asked {
        let row = Row::new(format!("{name}: lookup, {what}, native"), of(own), "µs");
        if peer.is_some() {
            rows.push(row.clone().against(PEER, of(|round| round.check)).at_most_times(CHECKS_A_LOOKUP));
        }
        rows.extend([
            row.clone().against("HashMap", of(map)),
            row.clone().against("SQLite, statement prepared", of(database)),
            row.against(format!("{rules}, one request check"), of(|round| round.host_check)),
        ]);
    }
    let row = Row::new(assessment(&name, "native"), of(|round| round.assess), "µs");
    if peer.is_some() {
        rows.push(row.clone().against(PEER, of(|round| round.check)).at_most_times(MOST_CHECKS));
    }
    rows.push(row.against("the same without a pack", of(|round| round.assess_alone)));
    // Of the smallest pack, in which one record has the largest share.
    if Some(&records.subjects) == effort.packs.first() {
        let share = 100.0 * records.delta_bytes()? as f64 / records.pack.len() as f64;
        rows.push(Row::new(format!("{name}: delta after one record was edited"), share, "%").at_most(1.0));
    }
    Ok(rows)
}

/// The same names for the pack and for what is asked by text.
struct Lookups {
    names: Names,
    keys: Vec<Key>,
}

impl Lookups {
    fn new(lines: &str) -> Result<Self> {
        let names = Names::new(lines).map_err(anyhow::Error::msg)?;
        Ok(Self { names, keys: lines.lines().map(str::parse).collect::<Result<_, _>>()? })
    }

    /// As many as the database is asked for.
    fn some(&self) -> &[Key] {
        self.keys.get(..DATABASE_LOOKUPS).unwrap_or(&self.keys)
    }
}

/// Microseconds to check signature and hash.
fn seal(records: &Records) -> Result<f64> {
    let expected = Expected { kind: PackKind::Records, layout: RECORDS_LAYOUT, set: None, shard: None, in_use: None };
    let sealed = Sealed::read(&records.pack, &Trust::built_in(), &expected, MADE)?;
    let started = Instant::now();
    let seen = sealed.look();
    let time = started.elapsed().as_secs_f64() * 1e6;
    ensure!(sealed.open(seen).is_ok(), "the pack's own signature does not fit");
    Ok(time)
}

/// Microseconds for one of many that may fail.
fn tried<T>(count: usize, work: impl FnOnce() -> Result<T>) -> Result<f64> {
    let mut result = Ok(());
    let time = each(count, || {
        result = work().map(drop);
        count
    });
    result.map(|()| time)
}

fn megabytes(bytes: usize) -> f64 {
    bytes as f64 / 1e6
}
