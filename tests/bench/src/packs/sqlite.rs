//! The records in SQLite: names, events, and which event is whose.

use std::hint::black_box;
use std::path::{Path, PathBuf};

use anyhow::Result;
use rusqlite::{Connection, OpenFlags, params};
use soi_core::pack::Subject;
use soi_core::record::{Key, Parted};

use super::events_once;

const SCHEMA: &str = "
    CREATE TABLE event (
        id INTEGER PRIMARY KEY, kase INTEGER, matter INTEGER, status INTEGER, day INTEGER, issuer TEXT, document TEXT,
        url TEXT
    );
    CREATE TABLE listed (subject INTEGER, event INTEGER, PRIMARY KEY (subject, event)) WITHOUT ROWID;
    CREATE TABLE name (key TEXT PRIMARY KEY, subject INTEGER) WITHOUT ROWID;
";
const FIND: &str = "SELECT kase, matter, status, day, issuer, document, url
    FROM name JOIN listed USING (subject) JOIN event ON event.id = listed.event WHERE key = ?";
const COLUMNS: usize = 7;

/// A database file, open.
pub(crate) struct Database {
    path: PathBuf,
    connection: Connection,
}

impl Database {
    /// Writes the records into a file of the folder and opens it.
    pub(crate) fn new(folder: &Path, subjects: &[Subject<'_>]) -> Result<Self> {
        let path = folder.join("records.sqlite");
        write(&path, subjects)?;
        let connection = open(&path)?;
        Ok(Self { path, connection })
    }

    pub(crate) fn bytes(&self) -> Result<u64> {
        Ok(std::fs::metadata(&self.path)?.len())
    }

    /// Opens the file once more, until it could be asked.
    pub(crate) fn open(&self) -> Result<()> {
        black_box(open(&self.path)?.prepare(FIND)?);
        Ok(())
    }

    /// Looks up every name; returns the number of events found.
    pub(crate) fn find(&self, names: &[Key]) -> Result<usize> {
        let mut find = self.connection.prepare_cached(FIND)?;
        let mut found = 0;
        for name in names {
            let mut rows = find.query([name.as_str()])?;
            while let Some(row) = rows.next()? {
                for column in 0..COLUMNS {
                    black_box(row.get_ref(column)?);
                }
                found += 1;
            }
        }
        Ok(found)
    }
}

fn open(path: &Path) -> Result<Connection> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // Read where it lies, as a pack is.
    connection.pragma_update(None, "mmap_size", 1_i64 << 30)?;
    Ok(connection)
}

fn write(path: &Path, subjects: &[Subject<'_>]) -> Result<()> {
    let mut connection = Connection::open(path)?;
    connection.execute_batch(SCHEMA)?;
    let transaction = connection.transaction()?;
    {
        let (events, whose) = events_once(subjects);
        let mut add_event = transaction.prepare("INSERT INTO event VALUES (?, ?, ?, ?, ?, ?, ?, ?)")?;
        let mut list = transaction.prepare("INSERT OR IGNORE INTO listed VALUES (?, ?)")?;
        let mut name = transaction.prepare("INSERT INTO name VALUES (?, ?)")?;
        for (id, event) in events.into_iter().enumerate() {
            let (matter, status) = (event.matter as u8, event.status as u8);
            let url = event.urls.first().map(|url| url.joined());
            let document = event.document.map(Parted::joined);
            add_event.execute(params![id, event.case, matter, status, event.day, event.issuer, document, url])?;
        }
        for (id, (subject, own)) in subjects.iter().zip(whose).enumerate() {
            for event in own {
                list.execute(params![id, event])?;
            }
            for key in &subject.keys {
                name.execute(params![key.as_str(), id])?;
            }
        }
    }
    transaction.commit()?;
    connection.execute_batch("VACUUM")?;
    Ok(())
}
