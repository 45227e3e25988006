//! `soi assess`: the extension's own assessment, on the command line.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use soi_core::Engine;
use soi_core::explain::{Explainer, Lang};
use soi_core::finding::{Answer, Assessment};
use soi_core::pack::Records;
use soi_core::page::snapshot::{MAX_SNAPSHOT_BYTES, PageSnapshot};
use soi_registry::packs::Stamp;
use soi_registry::public;
use soi_registry::records::RecordTree;

use crate::CommandError;

pub(crate) fn run(
    path: &Path,
    now: Option<i64>,
    explain: Option<&str>,
    folders: &[PathBuf],
) -> Result<String, CommandError> {
    let json = read_text(path)?;
    let name = || path.display().to_string();
    let snapshot = PageSnapshot::from_json(&json).map_err(|source| CommandError::Snapshot { path: name(), source })?;
    let engine = Engine::built_in()?;
    let mut records = Records::default();
    records.put(ready(&public::tree()?)?);
    for folder in folders {
        records.put(ready(&RecordTree::read(folder, |_, _| {})?)?);
    }
    let page = engine.read(&snapshot).map_err(|source| CommandError::Read { path: name(), source })?;
    let assessment = engine.assess(&page, &records, now.unwrap_or(snapshot.taken_at));
    match explain {
        Some(lang) => Ok(sentences(&engine, &assessment, Lang::parse(lang))),
        None => Ok(serde_json::to_string(&assessment)?),
    }
}

fn ready(tree: &RecordTree) -> Result<soi_core::pack::RecordSet, CommandError> {
    public::ready(tree, Stamp::of_records(tree)).map_err(|error| CommandError::Records(error.to_string()))
}

/// Reads no more than a snapshot may hold, so that a device or an endless pipe cannot fill the memory.
fn read_text(path: &Path) -> Result<String, CommandError> {
    let file_error = |source| CommandError::File { path: path.display().to_string(), source };
    let mut bytes = Vec::new();
    let limit = MAX_SNAPSHOT_BYTES as u64 + 1;
    if path == Path::new("-") {
        std::io::stdin().take(limit).read_to_end(&mut bytes).map_err(file_error)?;
    } else {
        std::fs::File::open(path).and_then(|file| file.take(limit).read_to_end(&mut bytes)).map_err(file_error)?;
    }
    String::from_utf8(bytes).map_err(|error| CommandError::NotText {
        path: path.display().to_string(),
        at: error.utf8_error().valid_up_to(),
    })
}

fn sentences(engine: &Engine, assessment: &Assessment, lang: Lang) -> String {
    let explainer = Explainer::new(engine.knowledge(), lang);
    let mut text = String::new();
    for offer in &assessment.offers {
        let _ = writeln!(text, "{} [{}]", offer.title.as_deref().unwrap_or(&offer.key), offer.overall.letter());
        for answer in &offer.answers {
            write_answer(&mut text, &explainer, answer);
        }
    }
    for answer in assessment.room.iter().flatten() {
        write_answer(&mut text, &explainer, answer);
    }
    for skipped in &assessment.unread {
        let _ = writeln!(text, "! {}", explainer.unread(skipped));
    }
    text.truncate(text.trim_end().len());
    text
}

fn write_answer(text: &mut String, explainer: &Explainer<'_>, answer: &Answer) {
    let _ = writeln!(
        text,
        "  {}: {} {}",
        explainer.question_name(answer.question),
        answer.grade.letter(),
        explainer.answer_word(answer)
    );
    for finding in &answer.findings {
        let _ = writeln!(text, "    {:>5}  {}", explainer.points(finding.points), explainer.finding(finding));
        for line in explainer.record_notes(finding).iter().chain(&finding.source.urls) {
            let _ = writeln!(text, "           {line}");
        }
    }
    for missing in &answer.missing {
        let _ = writeln!(text, "        ?  {} {}", explainer.missing(missing), explainer.next_step(missing));
    }
}
