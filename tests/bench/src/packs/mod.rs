//! Packs of records, beside the same records in what they might be kept in instead.

mod browser;
mod generate;
mod hosts;
mod map;
mod native;
mod sqlite;

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use soi_core::pack::{Header, SetName, Subject};
use soi_core::record::{Event, Key, Status};
use soi_registry::keys::PackKey;
use soi_registry::packs::{self, Stamp};
use soi_tests::browser::Kind;
use soi_tests::server::Server;

use crate::Effort;
use crate::material::Material;
use crate::row::Row;
use crate::stats::grouped;
use generate::Generated;
use hosts::HostRules;

/// Names that are looked up in a round: so many that what one touches is out of the caches before it comes again.
const LOOKUPS: usize = 100_000;
/// When the packs are made: as long as this the development key signs.
const MADE: i64 = 1_790_000_000;
const BYTES_A_SUBJECT: f64 = 12.0;
const OPENED_US: f64 = 1_000.0;
/// Most that a lookup may take, in checks of the peer.
const CHECKS_A_LOOKUP: f64 = 0.1;

/// Records of so many subjects, in every form in which they are measured.
struct Records {
    subjects: usize,
    generated: Generated,
    /// Signed.
    pack: Vec<u8>,
    /// For JavaScript: the events, and which of them are each name's.
    json: String,
    hosts: HostRules,
    /// Keys that are on record, one a line, in no order.
    listed: String,
    /// Keys that are not.
    unlisted: String,
}

pub(crate) async fn rows(material: &Material, server: &Server, effort: Effort) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for subjects in effort.packs {
        let records = Records::new(*subjects)?;
        println!("  {}", records.generated.distribution());
        rows.extend(native::rows(&records, material, effort)?);
        rows.extend(browser::rows(Kind::Chromium, &records, material, server, effort).await?);
        match browser::rows(Kind::Firefox, &records, material, server, effort).await {
            Ok(measured) => rows.extend(measured),
            Err(missing) => println!("left out: {} in Firefox, because {missing:#}", records.name()),
        }
    }
    Ok(rows)
}

impl Records {
    fn new(subjects: usize) -> Result<Self> {
        let generated = Generated::new(subjects, LOOKUPS)?;
        let pack = signed(&generated.subjects())?;
        let json = map::json(&generated.subjects());
        let hosts = HostRules::new(subjects)?;
        let listed = lines(generated.drawn(LOOKUPS).into_iter());
        let unlisted = lines(generated.unlisted.iter());
        Ok(Self { subjects, generated, pack, json, hosts, listed, unlisted })
    }

    /// What the pack is called in the report.
    fn name(&self) -> String {
        format!("pack of {} subjects", grouped(self.subjects))
    }

    /// Length of the delta after the last event of one subject was changed, bytes.
    fn delta_bytes(&self) -> Result<usize> {
        let mut subjects = self.generated.subjects();
        let middle = subjects.len() / 2;
        let event = subjects.get_mut(middle).and_then(|subject| subject.events.last_mut());
        event.context("a subject without events")?.status = Status::Corrected;
        Ok(packs::sign(&packs::delta(&self.pack, &signed(&subjects)?)?, &PackKey::development()?)?.len())
    }
}

fn signed(subjects: &[Subject<'_>]) -> Result<Vec<u8>> {
    let set = SetName::new("invented").context("no name of a set")?;
    let pack = packs::of_subjects(set, subjects, Stamp::of(MADE), None)?;
    let signed = packs::sign(&pack, &PackKey::development()?)?;
    Header::read(&signed)?;
    Ok(signed)
}

/// Each event once, and for each subject which of them are its own.
fn events_once<'s, 'e>(subjects: &'s [Subject<'e>]) -> (Vec<&'s Event<'e>>, Vec<Vec<usize>>) {
    let (mut events, mut places) = (Vec::new(), BTreeMap::new());
    let mut place = |event: &'s Event<'e>| {
        *places.entry(event).or_insert_with(|| {
            events.push(event);
            events.len() - 1
        })
    };
    let whose = subjects.iter().map(|subject| subject.events.iter().map(&mut place).collect()).collect();
    (events, whose)
}

fn lines<'k>(keys: impl Iterator<Item = &'k Key>) -> String {
    keys.map(Key::as_str).collect::<Vec<_>>().join("\n")
}
