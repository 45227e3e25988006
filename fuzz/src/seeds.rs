//! What the fuzzer begins with: the record files of this repository and `seeds/`, the packs made of them, and the words
//! that record files know.

use std::fs;
use std::io;
use std::path::Path;

use soi_core::pack::{
    HEADER_BYTES, Header, PackKind, RecordsBody, Shard, Subject, WriteError, write_delta, write_records,
};
use soi_core::record::{Matter, Status, SubjectKind};
use soi_registry::packs::{self, Stamp};
use soi_registry::public;
use soi_registry::records::RecordTree;

use crate::pack::{self, Form};
use crate::records::BETWEEN;

/// Invented records, in which everything stands that a record may have.
const INVENTED: &str = include_str!("../seeds/invented.txt");
/// What record files say beside the names of matters, statuses and kinds of subjects.
const WORDS: [&str; 42] = [
    "recorded = 2026-11-24\\x0a",
    "name = ",
    "keys = [",
    "presented_by = [",
    "[[events]]\\x0a",
    "events = [{",
    "case = ",
    "matter = ",
    "status = ",
    "day = 1970-01-01",
    "from = 2024-02-29",
    "to = 9999-12-31",
    "issuer = ",
    "document = ",
    "words = ",
    "reply = ",
    "urls = [",
    "https://",
    "counts = [",
    "said = ",
    "source = ",
    "verified = true",
    "verified = false",
    "host:tiktok:",
    "shop:shopee:",
    "company:0100109106",
    "company-name:",
    "brand:",
    "product:lazada:",
    "gtin:4006381333931",
    "product-name:",
    ".toml\\x0a",
    "set.toml\\x0a",
    "\\x0a\\x0c\\x0a",
    "\\\"\\\"\\\"",
    "'''",
    "\\\\u0307",
    "\\\\U0001F600",
    "\\xc4\\x90",
    "\\xe1\\xba\\xa0",
    "\\xcc\\xa3",
    "# ",
];

/// Writes `pack/`, `records/` and the dictionaries of both, `pack.dict` and `records.dict`.
///
/// # Errors
/// They cannot be written.
pub fn write(folder: &Path) -> io::Result<()> {
    for (target, seeds) in [("pack", packs()), ("records", records())] {
        fs::create_dir_all(folder.join(target))?;
        for (at, seed) in seeds.iter().enumerate() {
            fs::write(folder.join(target).join(format!("seed-{at:02}")), seed)?;
        }
    }
    fs::write(folder.join("records.dict"), dictionary(&words()))?;
    fs::write(folder.join("pack.dict"), dictionary(&["\\x00\\x00\\x00\\x00", "\\xff\\xff\\xff\\xff", "\\xff", "\\x01"]))
}

fn dictionary<S: AsRef<str>>(words: &[S]) -> String {
    words.iter().map(|word| format!("\"{}\"\n", word.as_ref())).collect()
}

fn words() -> Vec<String> {
    let quoted = |id: &str| format!("\\\"{id}\\\"");
    let matters = Matter::ALL.into_iter().map(|matter| quoted(matter.id()));
    let statuses = Status::ALL.into_iter().map(|status| quoted(status.id()));
    let folders = SubjectKind::ALL.into_iter().map(|kind| format!("{}/", kind.id()));
    WORDS.into_iter().map(str::to_owned).chain(matters).chain(statuses).chain(folders).collect()
}

/// Inputs of [`crate::records::run`]: each file alone, and all invented ones together.
pub fn records() -> Vec<Vec<u8>> {
    let public = public::files().iter().map(|(path, text)| format!("{path}\n{text}"));
    let invented = INVENTED.split(BETWEEN).map(str::to_owned);
    public.chain(invented).chain([INVENTED.to_owned()]).map(String::into_bytes).collect()
}

/// Inputs of [`pack::run`]: the packs of each file and of all invented ones, whole and in parts, and what differs
/// between them.
pub fn packs() -> Vec<Vec<u8>> {
    let files: Vec<(&str, &str)> = INVENTED.split(BETWEEN).filter_map(|file| file.split_once('\n')).collect();
    let tree = |files: &[(&'static str, &'static str)]| {
        RecordTree::parse("name = \"public\"", files.iter().copied()).expect("the seeds are records")
    };
    let one_each =
        public::files().iter().chain(&files).filter(|(path, _)| *path != "set.toml").map(|file| tree(&[*file]));
    let together: Vec<_> = files.iter().filter(|(path, _)| *path != "set.toml").copied().collect();
    let trees: Vec<RecordTree> = one_each.chain([tree(&together)]).collect();
    let body = |subjects: &[Subject<'_>], part| write_records(subjects, part).expect("the seeds can be written");
    let mut bodies: Vec<Vec<u8>> = trees.iter().map(|tree| body(&tree.subjects(), None)).collect();
    bodies.push(body(&[], None));
    // Enough names for several buckets, and the parts that the first of them lie in.
    let many: Vec<Subject<'_>> = (0..40)
        .filter_map(|id| {
            let events = trees.last()?.subjects().get(id % 4)?.events.first().cloned();
            let key = format!("product:shopee:{id}").parse().ok()?;
            Some(Subject { keys: vec![key], events: events.into_iter().collect() })
        })
        .collect();
    bodies.push(body(&many, None));
    bodies.extend(Shard::all(1).take(2).map(|part| body(&many, Some(part))));

    let whole = trees.iter().map(|tree| packs::of_records(tree, Stamp::of_records(tree), None));
    let whole: Vec<Vec<u8>> = whole.collect::<Result<_, WriteError>>().expect("the seeds can be written");
    let mut inputs: Vec<Vec<u8>> = whole.iter().map(|pack| input(Form::Whole, &[], pack)).collect();
    let knowledge = Header { body_bytes: 0, ..pack::header(PackKind::Knowledge, &[]) };
    inputs.push(input(Form::Whole, &[], &[&knowledge.to_bytes()[..], &[0; HEADER_BYTES - 112]].concat()));
    inputs.extend(bodies.iter().map(|body| input(Form::Body, &[], body)));
    for (old, new) in bodies.iter().zip(bodies.iter().skip(1)) {
        let opened = |body| RecordsBody::open(body).expect("a seed can be opened");
        let delta = write_delta(&opened(old), &opened(new)).expect("a seed's delta can be written");
        inputs.push(input(Form::Delta, old, &delta));
        inputs.push(input(Form::Two, old, new));
    }
    inputs
}

fn input(form: Form, first: &[u8], second: &[u8]) -> Vec<u8> {
    let length = u16::try_from(first.len()).unwrap_or(u16::MAX).to_le_bytes();
    let length: &[u8] = if matches!(form, Form::Delta | Form::Two) { &length } else { &[] };
    [&[form.byte()], length, first, second].concat()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::records;

    #[test]
    fn everything_holds_for_the_seeds() {
        packs().iter().for_each(|input| pack::run(input));
        super::records().iter().for_each(|input| records::run(input));
    }

    /// Small inputs are changed more often; a body of two bytes' length has its second part found.
    #[test]
    fn seeds_are_small() {
        assert!(packs().iter().chain(&super::records()).all(|input| input.len() < 12_000));
    }
}
