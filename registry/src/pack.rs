//! `soi pack`: packs made, signed, checked, compared and looked into.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use indicatif::{ProgressBar, ProgressStyle};
use soi_core::knowledge::{BUILT_IN, KNOWLEDGE_LAYOUT, Knowledge};
use soi_core::pack::{
    Expected, HEADER_BYTES, Header, KNOWLEDGE_SET, MAX_PACK_BYTES, Pack, PackError, PackKind, RECORDS_LAYOUT,
    RecordSet, RecordsBody, SetName, Shard, Trust, TrustedKey, changes,
};
use soi_core::record::{Event, Key, Parted};
use soi_registry::keys::{PackKey, hex};
use soi_registry::packs::{self, Stamp};
use soi_registry::records::RecordTree;

use crate::CommandError;

#[derive(Debug, Subcommand)]
pub(crate) enum PackCommand {
    /// Make a pack of a folder of records (docs/records.md). The same records give the same bytes.
    Build {
        /// The folder.
        records: PathBuf,
        /// The file to write; a folder, with --shard-digits.
        #[arg(long)]
        out: PathBuf,
        /// Seconds since 1970, also its sequence; by default the day of the last change to the records.
        #[arg(long)]
        created: Option<i64>,
        /// Sign it with this key.
        #[arg(long)]
        key: Option<PathBuf>,
        /// Make one pack for each prefix of so many hex digits of the fingerprints.
        #[arg(long, default_value_t = 0, value_parser = clap::value_parser!(u8).range(0..=4))]
        shard_digits: u8,
    },
    /// Make a pack of the knowledge tables of this build.
    Knowledge {
        /// The folder to write to: the file's name says which builds can read it.
        #[arg(long)]
        out: PathBuf,
        /// Seconds since 1970, also its sequence; by default the day of the last change to the tables.
        #[arg(long)]
        created: Option<i64>,
        /// Sign it with this key.
        #[arg(long)]
        key: PathBuf,
    },
    /// Sign a pack.
    Sign {
        /// The pack, which is written anew.
        pack: PathBuf,
        /// The key.
        #[arg(long)]
        key: PathBuf,
    },
    /// Check a pack as the extension does: its header, its key, its signature, its hash, and everything in it.
    Verify {
        /// The pack.
        pack: PathBuf,
        /// The pack in use: an older one is refused. With a delta, the pack that it changes.
        #[arg(long)]
        after: Option<PathBuf>,
        /// Trust this key for every set, beside those of core/knowledge/keys.toml.
        #[arg(long)]
        key: Option<PathBuf>,
        /// Seconds since 1970; by default now.
        #[arg(long)]
        now: Option<i64>,
    },
    /// Say what one pack says otherwise than another, and make a delta of it.
    Diff {
        /// The old pack.
        old: PathBuf,
        /// The new pack.
        new: PathBuf,
        /// The folder that holds the subjects' names: packs hold fingerprints only.
        #[arg(long)]
        records: Option<PathBuf>,
        /// Write the delta to this file.
        #[arg(long, requires = "key")]
        out: Option<PathBuf>,
        /// Sign the delta with this key.
        #[arg(long)]
        key: Option<PathBuf>,
    },
    /// Print what a pack has on record under a key, as JSON lines. Whoever signed it: look, don't trust.
    Show {
        /// The pack.
        pack: PathBuf,
        /// The key, as in docs/records.md; `header` prints what the pack says about itself.
        key: String,
    },
    /// Make a signing key, and print the row of core/knowledge/keys.toml that makes others trust it.
    Keygen {
        /// The file to write; never written over another one.
        out: PathBuf,
        /// Whose it is.
        #[arg(long)]
        name: String,
    },
}

pub(crate) fn run(command: &PackCommand) -> Result<String, CommandError> {
    match command {
        PackCommand::Build { records, out, created, key, shard_digits } => {
            build(records, out, *created, key.as_deref(), *shard_digits)
        }
        PackCommand::Knowledge { out, created, key } => knowledge(out, *created, key),
        PackCommand::Sign { pack, key } => {
            let key = PackKey::read(key)?;
            let signed = packs::sign(&read_pack(pack)?, &key).map_err(|source| wrong(pack, source))?;
            write_file(pack, &signed)?;
            Ok(format!("{}: signed by {}", pack.display(), key.id()))
        }
        PackCommand::Verify { pack, after, key, now } => {
            verify(pack, after.as_deref(), key.as_deref(), now.unwrap_or_else(crate::now))
        }
        PackCommand::Diff { old, new, records, out, key } => {
            diff(old, new, records.as_deref(), out.as_deref().zip(key.as_deref()))
        }
        PackCommand::Show { pack, key } => show(pack, key),
        PackCommand::Keygen { out, name } => keygen(out, name),
    }
}

fn build(
    records: &Path,
    out: &Path,
    created: Option<i64>,
    key: Option<&Path>,
    shard_digits: u8,
) -> Result<String, CommandError> {
    let tree = read_records(records)?;
    let key = key.map(PackKey::read).transpose()?;
    let stamp = created.map_or_else(|| Stamp::of_records(&tree), Stamp::of);
    let made = |shard| -> Result<Vec<u8>, CommandError> {
        let pack = packs::of_records(&tree, stamp, shard).map_err(|error| CommandError::Records(error.to_string()))?;
        Ok(match &key {
            Some(key) => packs::sign(&pack, key).map_err(|source| wrong(out, source))?,
            None => pack,
        })
    };
    let signed = key.as_ref().map_or_else(|| "not signed".to_owned(), |key| format!("signed by {}", key.id()));
    let subjects = tree.files.len();
    if shard_digits == 0 {
        let pack = made(None)?;
        write_file(out, &pack)?;
        return Ok(format!(
            "{}: set {}, {subjects} records, sequence {}, {} bytes, {signed}",
            out.display(),
            tree.set.as_str(),
            stamp.sequence,
            pack.len()
        ));
    }
    fs::create_dir_all(out).map_err(|source| CommandError::File { path: out.display().to_string(), source })?;
    let bar = progress(1 << (4 * u64::from(shard_digits)), "packs");
    let mut crowds = Vec::new();
    for shard in Shard::all(shard_digits) {
        let pack = made(Some(shard))?;
        let body = RecordsBody::open(pack.get(HEADER_BYTES..).unwrap_or_default()).map_err(|it| wrong(out, it))?;
        crowds.push(body.keys());
        write_file(&out.join(format!("{shard}.pack")), &pack)?;
        bar.inc(1);
    }
    bar.finish_and_clear();
    crowds.sort_unstable();
    let (least, middle, most) =
        (crowds.first().copied().unwrap_or(0), crowds.get(crowds.len() / 2).copied().unwrap_or(0), crowds.last());
    Ok(format!(
        "{}: set {}, {subjects} records in {} packs, {signed}; names that share a pack: {least} at least, {middle} in the \
         middle, {} at most",
        out.display(),
        tree.set.as_str(),
        crowds.len(),
        most.copied().unwrap_or(0)
    ))
}

fn knowledge(folder: &Path, created: Option<i64>, key: &Path) -> Result<String, CommandError> {
    let out = folder.join(format!("knowledge-{KNOWLEDGE_LAYOUT}.pack"));
    let key = PackKey::read(key)?;
    let stamp = match created {
        Some(created) => Stamp::of(created),
        None => Stamp::of_knowledge(&Knowledge::open(BUILT_IN)?),
    };
    let pack = packs::of_knowledge(BUILT_IN, stamp).map_err(|source| wrong(&out, source))?;
    let pack = packs::sign(&pack, &key).map_err(|source| wrong(&out, source))?;
    write_file(&out, &pack)?;
    let (path, sequence, bytes) = (out.display(), stamp.sequence, pack.len());
    Ok(format!("{path}: knowledge, sequence {sequence}, {bytes} bytes, signed by {}", key.id()))
}

fn verify(path: &Path, after: Option<&Path>, key: Option<&Path>, now: i64) -> Result<String, CommandError> {
    let bytes = read_pack(path)?;
    let trust = trust(key)?;
    let given = Header::read(&bytes).map_err(|source| wrong(path, source))?;
    let expected = |in_use: Option<u64>, header: &Header| Expected {
        kind: header.kind,
        layout: match header.kind {
            PackKind::Knowledge => KNOWLEDGE_LAYOUT,
            PackKind::Records | PackKind::Delta => RECORDS_LAYOUT,
        },
        set: None,
        shard: Some(Shard::new(header.shard_digits, header.shard)),
        in_use,
    };
    let old = match after {
        Some(after) => {
            let old = read_pack(after)?;
            let header = Header::read(&old).map_err(|source| wrong(after, source))?;
            let old = Pack::verified(old, &trust, &expected(None, &header), now).map_err(|it| wrong(after, it))?;
            Some(old)
        }
        None => None,
    };
    let in_use = old.as_ref().map(|old| old.header().sequence);
    let pack = Pack::verified(bytes, &trust, &expected(in_use, &given), now).map_err(|it| wrong(path, it))?;
    let stale = if pack.header().is_stale(now) { ", stale" } else { "" };
    let holds = match given.kind {
        PackKind::Knowledge => {
            Knowledge::open(pack.body())?;
            "knowledge tables".to_owned()
        }
        PackKind::Records => {
            let body = RecordsBody::open(pack.body()).and_then(|body| body.check().map(|()| body));
            let body = body.map_err(|it| wrong(path, it))?;
            format!("{} names, {} events", body.keys(), body.events())
        }
        PackKind::Delta => {
            let old = old.ok_or_else(|| CommandError::Records("a delta is checked with --after OLD".to_owned()))?;
            let mut set = RecordSet::new(old).map_err(|it| wrong(path, it))?;
            let changes = pack.body().get(32..).unwrap_or_default();
            RecordsBody::open(changes).and_then(|body| body.check()).map_err(|it| wrong(path, it))?;
            set.change(pack).map_err(|it| wrong(path, it))?;
            "a delta that fits".to_owned()
        }
    };
    Ok(format!(
        "{}: set {}, sequence {}, key {}: {holds}{stale}",
        path.display(),
        given.set.as_str(),
        given.sequence,
        given.key
    ))
}

/// The trust of this build, and one more key for every set.
fn trust(key: Option<&Path>) -> Result<Trust, CommandError> {
    let mut trust = Trust::built_in();
    if let Some(path) = key {
        let key = PackKey::read(path)?;
        let sets = ["public", "invented", KNOWLEDGE_SET].into_iter().filter_map(SetName::new).collect();
        trust.0.retain(|known| known.id != key.id());
        trust.0.push(TrustedKey {
            id: key.id(),
            public: key.public(),
            from: i64::MIN,
            until: i64::MAX,
            revoked: false,
            sets,
        });
    }
    Ok(trust)
}

fn diff(old: &Path, new: &Path, records: Option<&Path>, out: Option<(&Path, &Path)>) -> Result<String, CommandError> {
    let (was, is) = (read_pack(old)?, read_pack(new)?);
    let delta = packs::delta(&was, &is).map_err(|error| CommandError::Records(error.to_string()))?;
    let tree = records.map(read_records).transpose()?;
    let keys: Vec<Key> = tree.iter().flat_map(RecordTree::subjects).flat_map(|subject| subject.keys).collect();
    let body = |pack| RecordsBody::open(<[u8]>::get(pack, HEADER_BYTES..).unwrap_or_default());
    let changes = body(&was).and_then(|was| changes(&was, &body(&is)?)).map_err(|source| wrong(new, source))?;
    let mut lines = Vec::new();
    for change in &changes {
        let name = keys.iter().find(|key| change.is_of(key)).map(Key::to_string);
        lines.push(name.unwrap_or_else(|| format!("{:016x}", change.fingerprint())));
        let (before, after) = (change.before(), change.after());
        let gone = before.iter().filter(|event| !after.contains(event)).map(|event| format!("  - {}", told(event)));
        let new = after.iter().filter(|event| !before.contains(event)).map(|event| format!("  + {}", told(event)));
        lines.extend(gone.chain(new));
    }
    if let Some((out, key)) = out {
        let signed = packs::sign(&delta, &PackKey::read(key)?).map_err(|source| wrong(out, source))?;
        write_file(out, &signed)?;
    }
    let share = delta.len() as f64 * 100.0 / is.len().max(1) as f64;
    lines.push(format!("{} names changed; delta {} bytes, {share:.2} % of the new pack", changes.len(), delta.len()));
    Ok(lines.join("\n"))
}

/// An event in a line.
fn told(event: &Event<'_>) -> String {
    let mut line = format!("{} {}: {}", event.status.id(), event.matter.id(), event.issuer);
    for (name, day) in [("on", event.day), ("from", event.from), ("to", event.to)] {
        if let Some(day) = day {
            line.push_str(&format!(", {name} {}", iso(day)));
        }
    }
    let document = event.document.map(Parted::joined);
    let texts = [("", document.as_deref()), ("words: ", event.words), ("reply: ", event.reply)];
    for (name, text) in texts {
        if let Some(text) = text {
            line.push_str(&format!(", {name}{text}"));
        }
    }
    event.urls.iter().for_each(|url| line.push_str(&format!(" <{url}>")));
    event.counts.iter().for_each(|count| line.push_str(&format!(" [{}: {}]", count.source, count.said)));
    if !event.verified {
        line.push_str(" (unverified)");
    }
    line
}

fn iso(day: u32) -> String {
    let day = i32::try_from(day).ok().and_then(|day| day.checked_add(2_440_588));
    let date = day.and_then(|day| time::Date::from_julian_day(day).ok());
    date.map_or_else(String::new, |date| format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day()))
}

fn show(path: &Path, key: &str) -> Result<String, CommandError> {
    let bytes = read_pack(path)?;
    let header = Header::read(&bytes).map_err(|source| wrong(path, source))?;
    if key == "header" {
        return Ok(serde_json::to_string_pretty(&serde_json::json!({
            "kind": format!("{:?}", header.kind).to_lowercase(),
            "set": header.set.as_str(),
            "sequence": header.sequence,
            "created": header.created,
            "expires": header.expires,
            "key": header.key.to_string(),
            "shard": Shard::new(header.shard_digits, header.shard).to_string(),
            "body_bytes": header.body_bytes,
            "body_hash": hex(&header.body_hash),
        }))?);
    }
    let key: Key = key.parse().map_err(|error: soi_core::record::KeyError| CommandError::Records(error.to_string()))?;
    let skip = if header.kind == PackKind::Delta { 32 } else { 0 };
    let body = bytes.get(HEADER_BYTES + skip..).unwrap_or_default();
    let body = RecordsBody::open(body).map_err(|source| wrong(path, source))?;
    let Some(events) = body.find(&key) else {
        return Err(CommandError::Records(format!("{key} is not on record in {}", path.display())));
    };
    let line = |event: &Event<'_>| {
        serde_json::to_string(&serde_json::json!({
            "case": event.case,
            "matter": event.matter.id(),
            "status": event.status.id(),
            "day": event.day.map(iso),
            "from": event.from.map(iso),
            "to": event.to.map(iso),
            "issuer": event.issuer,
            "document": event.document.map(Parted::joined),
            "words": event.words,
            "reply": event.reply,
            "urls": event.urls.iter().map(|url| url.joined()).collect::<Vec<_>>(),
            "counts": event.counts.iter().map(|count| [count.said, count.source]).collect::<Vec<_>>(),
            "verified": event.verified,
        }))
    };
    Ok(events.iter().map(line).collect::<Result<Vec<_>, _>>()?.join("\n"))
}

fn keygen(out: &Path, name: &str) -> Result<String, CommandError> {
    const YEAR: i64 = 365 * 86_400;
    let key = PackKey::generate(out)?;
    let now = crate::now();
    Ok(format!(
        "# {} holds the secret half: keep it to yourself. Add this row to core/knowledge/keys.toml:\n[[row]]\nname = {:?}\n\
         id = \"{}\"\npublic = \"{}\"\nfrom = {}\nuntil = {}\nrevoked = false\nsets = [\"public\", \"knowledge\"]",
        out.display(),
        name,
        key.id(),
        hex(&key.public()),
        now,
        now + 2 * YEAR
    ))
}

/// Reads a folder of records, which takes a while when there are many.
fn read_records(folder: &Path) -> Result<RecordTree, CommandError> {
    let bar = progress(0, "records");
    let tree = RecordTree::read(folder, |done, of| {
        bar.set_length(of as u64);
        bar.set_position(done as u64);
    })?;
    bar.finish_and_clear();
    Ok(tree)
}

/// Reads a file, but no more than a pack may have.
fn read_pack(path: &Path) -> Result<Vec<u8>, CommandError> {
    let file_error = |source| CommandError::File { path: path.display().to_string(), source };
    let mut bytes = Vec::new();
    let limit = MAX_PACK_BYTES + 1;
    fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(file_error)?;
    Ok(bytes)
}

fn write_file(path: &Path, bytes: &[u8]) -> Result<(), CommandError> {
    fs::write(path, bytes).map_err(|source| CommandError::File { path: path.display().to_string(), source })
}

fn wrong(path: &Path, source: PackError) -> CommandError {
    CommandError::Pack { path: path.display().to_string(), source }
}

fn progress(length: u64, unit: &'static str) -> ProgressBar {
    let style = ProgressStyle::with_template(&format!("{{wide_bar}} {{pos}}/{{len}} {unit}, {{eta}} left"));
    let bar = ProgressBar::new(length);
    match style {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_that_no_calendar_has_is_no_day() {
        assert_eq!(iso(20_000), "2024-10-04");
        for day in [i32::MAX as u32, u32::MAX] {
            assert_eq!(iso(day), "");
        }
    }
}
