//! Record files: one subject a file, reviewable like a filter list. `docs/records.md` describes their fields.
//!
//! Every error names file and line. What a file may say is held to the rules of the record here, once: a pack never holds
//! what they do not allow.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use serde::Deserialize;
use soi_core::knowledge::{BUILT_IN, Knowledge};
use soi_core::pack::{SetName, Subject};
use soi_core::record::{Count, Event, Key, Matter, Status, SubjectKind};
use toml::Spanned;
use toml::value::{Date, Datetime};

/// Largest record file, bytes.
pub const MAX_FILE_BYTES: u64 = 64 * 1024;
/// Longest text in a record, bytes.
const MAX_TEXT: usize = 2_000;
/// Most cases of a subject: a pack numbers them in a byte.
const MOST_CASES: usize = 256;
/// The folder's own file: the name of its set.
const SET_FILE: &str = "set.toml";

/// A folder of records.
#[derive(Debug)]
pub struct RecordTree {
    /// Name of the set.
    pub set: SetName,
    /// The records, by path.
    pub files: Vec<RecordFile>,
}

/// One subject's record.
#[derive(Debug)]
pub struct RecordFile {
    /// Where it stands, from the folder on.
    pub path: String,
    /// The day of its last change, counted from 1970-01-01.
    pub recorded: u32,
    /// The names under which it is looked up.
    pub keys: Vec<Key>,
    /// Hosts that presented the product.
    pub presented_by: Vec<Key>,
    events: Vec<EventFile>,
}

/// Why records cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// A file or folder that cannot be read.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
    /// Something that a record may not say.
    #[error("{path}:{line}: {problem}")]
    Line {
        /// In which file.
        path: String,
        /// In which line, from 1.
        line: usize,
        /// What is wrong.
        problem: String,
    },
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct SetFile {
    name: Spanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    recorded: Spanned<Datetime>,
    /// For people who read the file: what the subject is called.
    name: Spanned<String>,
    keys: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    presented_by: Vec<Spanned<String>>,
    #[serde(default)]
    events: Vec<Spanned<EventFile>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct EventFile {
    #[serde(default)]
    case: Option<String>,
    matter: Spanned<String>,
    status: Spanned<String>,
    #[serde(default)]
    day: Option<Spanned<Datetime>>,
    #[serde(default)]
    from: Option<Spanned<Datetime>>,
    #[serde(default)]
    to: Option<Spanned<Datetime>>,
    issuer: Spanned<String>,
    #[serde(default)]
    document: Option<Spanned<String>>,
    #[serde(default)]
    words: Option<Spanned<String>>,
    #[serde(default)]
    reply: Option<Spanned<String>>,
    #[serde(default)]
    urls: Vec<Spanned<String>>,
    #[serde(default)]
    counts: Vec<CountFile>,
    verified: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CountFile {
    said: Spanned<String>,
    source: Spanned<String>,
}

/// The platforms that the engine reads.
static PLATFORMS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let known = Knowledge::open(BUILT_IN).map(|knowledge| knowledge.platforms).unwrap_or_default();
    known.into_iter().map(|platform| platform.id).collect()
});

/// What is wrong, and at which byte of the file.
struct Problem(usize, String);

impl RecordTree {
    /// Reads a folder: `set.toml` and a folder for each kind of subject. `step` is told how many files of how many have
    /// been read.
    ///
    /// # Errors
    /// [`RecordError`]: the first one found, in the order of paths.
    pub fn read(folder: &Path, mut step: impl FnMut(usize, usize)) -> Result<Self, RecordError> {
        let mut paths = BTreeMap::new();
        for kind in SubjectKind::ALL {
            let inner = folder.join(kind.id());
            if !inner.is_dir() {
                continue;
            }
            let wrong = |source| RecordError::File { path: inner.display().to_string(), source };
            for entry in fs::read_dir(&inner).map_err(wrong)? {
                let path: PathBuf = entry.map_err(wrong)?.path();
                if path.extension().is_some_and(|extension| extension == "toml") {
                    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                    paths.insert(format!("{}/{name}", kind.id()), path);
                }
            }
        }
        let set = set_name(&read(&folder.join(SET_FILE))?)?;
        let mut files = Vec::with_capacity(paths.len());
        for (name, path) in &paths {
            files.push(RecordFile::parse(name, &read(path)?)?);
            step(files.len(), paths.len());
        }
        Ok(Self { set, files })
    }

    /// The records of these texts, each with its path from the folder on.
    ///
    /// # Errors
    /// [`RecordError::Line`].
    pub fn parse<'t>(set: &str, files: impl IntoIterator<Item = (&'t str, &'t str)>) -> Result<Self, RecordError> {
        let set = set_name(set)?;
        let files = files.into_iter().map(|(path, text)| RecordFile::parse(path, text)).collect::<Result<_, _>>()?;
        Ok(Self { set, files })
    }

    /// The day of the last change, counted from 1970-01-01: the same records give the same pack.
    pub fn recorded(&self) -> u32 {
        self.files.iter().map(|file| file.recorded).max().unwrap_or(0)
    }

    /// The subjects as a pack takes them. A product's record says who presented it: what was decided about the product is
    /// found under these hosts too, as a matter of its own.
    pub fn subjects<'a>(&'a self) -> Vec<Subject<'a>> {
        let mut subjects: Vec<Subject<'a>> = Vec::with_capacity(self.files.len());
        let mut hosts: BTreeMap<&Key, usize> = BTreeMap::new();
        for file in &self.files {
            let at = subjects.len();
            hosts.extend(file.keys.iter().filter(|key| key.kind() == SubjectKind::Host).map(|key| (key, at)));
            subjects.push(Subject { keys: file.keys.clone(), events: file.events() });
        }
        for file in self.files.iter().filter(|file| !file.presented_by.is_empty()) {
            let decided = |event: &Event<'_>| event.status.is_decision() || event.status.is_exit();
            let presented = file.events().into_iter().filter(decided);
            let presented: Vec<Event<'_>> =
                presented.map(|event| Event { matter: Matter::PresentedWithdrawn, ..event }).collect();
            let presenters: BTreeSet<&Key> = file.presented_by.iter().collect();
            for host in presenters.into_iter().filter(|_| !presented.is_empty()) {
                let at = *hosts.entry(host).or_insert(subjects.len());
                match subjects.get_mut(at) {
                    // What ends a case of one product ends none of another.
                    Some(subject) => {
                        let known = subject.events.iter().filter(|event| event.matter == Matter::PresentedWithdrawn);
                        let next = known.map(|event| event.case.saturating_add(1)).max().unwrap_or(0);
                        let own = |event: &Event<'a>| Event { case: event.case.saturating_add(next), ..event.clone() };
                        subject.events.extend(presented.iter().map(own));
                    }
                    None => subjects.push(Subject { keys: vec![host.clone()], events: presented.clone() }),
                }
            }
        }
        subjects
    }
}

impl RecordFile {
    /// Reads a record. `path` is `<kind>/<name>.toml`: its folder says what it is about.
    ///
    /// # Errors
    /// [`RecordError::Line`].
    pub fn parse(path: &str, text: &str) -> Result<Self, RecordError> {
        let at = |Problem(at, problem)| line(path, text, at, problem);
        let folder = path.split('/').next().unwrap_or_default();
        let kind = SubjectKind::ALL.into_iter().find(|kind| kind.id() == folder);
        let kind = kind.ok_or_else(|| at(Problem(0, format!("no subjects of the kind \"{folder}\""))))?;
        let file: File = toml::from_str(text).map_err(|error| at(of_toml(&error)))?;
        Self::check(path, kind, file).map_err(at)
    }

    fn check(path: &str, kind: SubjectKind, file: File) -> Result<Self, Problem> {
        let recorded = day(&file.recorded)?;
        is_text(&file.name)?;
        if file.keys.get_ref().is_empty() {
            return Err(Problem(file.keys.span().start, "a subject without a key is never found".to_owned()));
        }
        let key = |text: &Spanned<String>, kind: SubjectKind| {
            let key: Key = text.get_ref().parse().map_err(|error| problem(text, error))?;
            if key.kind() != kind {
                return Err(problem(text, format_args!("{key} is no key of a {}", kind.id())));
            }
            if let Some(platform) = key.platform().filter(|platform| !PLATFORMS.iter().any(|known| known == platform)) {
                let known = PLATFORMS.join(", ");
                return Err(problem(
                    text,
                    format_args!("no page is of the platform \"{platform}\"; there are {known}"),
                ));
            }
            Ok(key)
        };
        let keys: Vec<Key> = file.keys.get_ref().iter().map(|text| key(text, kind)).collect::<Result<_, _>>()?;
        let presented_by: Vec<Key> =
            file.presented_by.iter().map(|text| key(text, SubjectKind::Host)).collect::<Result<_, _>>()?;
        if let Some(first) = file.presented_by.first().filter(|_| kind != SubjectKind::Product) {
            return Err(problem(first, "only products are presented"));
        }
        if file.events.is_empty() {
            return Err(Problem(file.keys.span().start, "nothing is on record: [[events]] is missing".to_owned()));
        }
        let mut events = Vec::with_capacity(file.events.len());
        for event in file.events {
            let start = event.span().start;
            let event = event.into_inner();
            event.check(kind, recorded, start)?;
            events.push(event);
        }
        let cases: BTreeSet<Option<&str>> = events.iter().map(|event| event.case.as_deref()).collect();
        if cases.len() > MOST_CASES {
            return Err(Problem(file.keys.span().start, format!("more than {MOST_CASES} cases")));
        }
        // A person is on record only for what was decided and published.
        let decided = |event: &EventFile| {
            event.status().is_ok_and(|it| it.is_decision() || matches!(it, Status::PlatformPenalty | Status::Confirmed))
        };
        if kind == SubjectKind::Host && !events.iter().any(decided) {
            let problem = "a host is on record only with a published decision";
            return Err(Problem(file.keys.span().start, problem.to_owned()));
        }
        Ok(Self { path: path.to_owned(), recorded, keys, presented_by, events })
    }

    /// Its events as a pack takes them.
    pub fn events(&self) -> Vec<Event<'_>> {
        let mut cases: Vec<Option<&str>> = self.events.iter().map(|event| event.case.as_deref()).collect();
        cases.sort_unstable();
        cases.dedup();
        let case = |event: &EventFile| cases.iter().position(|case| *case == event.case.as_deref()).unwrap_or(0);
        self.events.iter().filter_map(|event| event.event(u8::try_from(case(event)).unwrap_or(u8::MAX))).collect()
    }
}

impl EventFile {
    fn matter(&self) -> Result<Matter, Problem> {
        let matter = Matter::ALL.into_iter().find(|matter| matter.id() == self.matter.get_ref());
        matter.filter(|matter| *matter != Matter::PresentedWithdrawn).ok_or_else(|| {
            let known: Vec<&str> =
                Matter::ALL.iter().filter(|it| **it != Matter::PresentedWithdrawn).map(|it| it.id()).collect();
            problem(&self.matter, format_args!("\"{}\" is none of {}", self.matter.get_ref(), known.join(", ")))
        })
    }

    fn status(&self) -> Result<Status, Problem> {
        let status = Status::ALL.into_iter().find(|status| status.id() == self.status.get_ref());
        status.ok_or_else(|| {
            let known = Status::ALL.map(Status::id).join(", ");
            problem(&self.status, format_args!("\"{}\" is none of {known}", self.status.get_ref()))
        })
    }

    fn check(&self, kind: SubjectKind, recorded: u32, start: usize) -> Result<(), Problem> {
        let (matter, status) = (self.matter()?, self.status()?);
        match (matter, status) {
            (Matter::AuthorisedSeller, Status::Confirmed) if kind != SubjectKind::Shop => {
                return Err(problem(&self.matter, "only a shop is an authorised seller"));
            }
            (Matter::AuthorisedSeller, Status::Confirmed) | (Matter::PlatformRules, Status::PlatformPenalty) => {}
            (Matter::AuthorisedSeller | Matter::PlatformRules, status) if !status.is_exit() => {
                return Err(problem(&self.status, "such a matter is confirmed, or penalised by the platform, or over"));
            }
            (_, Status::Confirmed | Status::PlatformPenalty) => {
                return Err(problem(&self.status, "such a matter is decided by an authority"));
            }
            _ => {}
        }
        is_text(&self.issuer)?;
        let texts = [&self.document, &self.words, &self.reply];
        texts.into_iter().flatten().try_for_each(is_text)?;
        self.counts.iter().flat_map(|count| [&count.said, &count.source]).try_for_each(is_text)?;
        for url in &self.urls {
            is_text(url)?;
            if !url.get_ref().starts_with("https://") || url.get_ref().contains(char::is_whitespace) {
                return Err(problem(url, "not an https address"));
            }
        }
        let days = [&self.day, &self.from, &self.to].map(|it| it.as_ref().map(day).transpose());
        let [day, from, to] = days;
        let (day, from, to) = (day?, from?, to?);
        if let Some(it) = self.day.as_ref().filter(|_| day.is_some_and(|day| day > recorded)) {
            return Err(problem(it, "later than the day on which it was recorded"));
        }
        if let Some(it) = self.to.as_ref().filter(|_| from.or(day).zip(to).is_some_and(|(from, to)| to < from)) {
            return Err(problem(it, "over before it begins"));
        }
        if self.urls.is_empty() && self.document.is_none() {
            return Err(Problem(start, "neither a document nor an address where it can be read".to_owned()));
        }
        if status.is_decision() && self.urls.is_empty() {
            return Err(Problem(start, "a decision without an address where it can be read".to_owned()));
        }
        if self.urls.len() > 15 || self.counts.len() > 15 {
            return Err(Problem(start, "more than 15 addresses or counts".to_owned()));
        }
        Ok(())
    }

    fn event(&self, case: u8) -> Option<Event<'_>> {
        fn text(text: Option<&Spanned<String>>) -> Option<&str> {
            text.map(|text| text.get_ref().as_str())
        }
        let on = |date: Option<&Spanned<Datetime>>| date.and_then(|date| day(date).ok());
        Some(Event {
            case,
            matter: self.matter().ok()?,
            status: self.status().ok()?,
            day: on(self.day.as_ref()),
            from: on(self.from.as_ref()),
            to: on(self.to.as_ref()),
            issuer: self.issuer.get_ref(),
            document: text(self.document.as_ref()).map(Into::into),
            words: text(self.words.as_ref()),
            reply: text(self.reply.as_ref()),
            urls: self.urls.iter().map(|url| url.get_ref().as_str().into()).collect(),
            counts: (self.counts.iter())
                .map(|count| Count { said: count.said.get_ref(), source: count.source.get_ref() })
                .collect(),
            verified: self.verified,
        })
    }
}

fn read(path: &Path) -> Result<String, RecordError> {
    let wrong = |source| RecordError::File { path: path.display().to_string(), source };
    if fs::metadata(path).map_err(wrong)?.len() > MAX_FILE_BYTES {
        let problem = format!("more than {MAX_FILE_BYTES} bytes");
        return Err(RecordError::Line { path: path.display().to_string(), line: 1, problem });
    }
    fs::read_to_string(path).map_err(wrong)
}

/// The name of a set, of its file's text.
fn set_name(text: &str) -> Result<SetName, RecordError> {
    let at = |Problem(at, problem)| line(SET_FILE, text, at, problem);
    let file: SetFile = toml::from_str(text).map_err(|error| at(of_toml(&error)))?;
    SetName::new(file.name.get_ref()).ok_or_else(|| {
        let problem = "a set's name has 1 to 16 small letters, digits and hyphens".to_owned();
        at(Problem(file.name.span().start, problem))
    })
}

fn line(path: &str, text: &str, at: usize, problem: String) -> RecordError {
    // What is missing at the end is missing in the last line.
    let last = text.lines().count().max(1);
    let line = last.min(text.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1);
    RecordError::Line { path: path.to_owned(), line, problem }
}

fn of_toml(error: &toml::de::Error) -> Problem {
    Problem(error.span().map_or(0, |span| span.start), error.message().to_owned())
}

fn problem<T>(value: &Spanned<T>, what: impl std::fmt::Display) -> Problem {
    Problem(value.span().start, what.to_string())
}

/// Text without characters that change how it is shown.
fn is_text(text: &Spanned<String>) -> Result<(), Problem> {
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    match text.get_ref() {
        it if it.trim().is_empty() => Err(problem(text, "empty")),
        it if it.len() > MAX_TEXT => Err(problem(text, format_args!("longer than {MAX_TEXT} bytes"))),
        it if it.contains(is_hidden) => Err(problem(text, "a character that cannot be seen")),
        _ => Ok(()),
    }
}

/// A day, counted from 1970-01-01.
fn day(date: &Spanned<Datetime>) -> Result<u32, Problem> {
    let Datetime { date: Some(Date { year, month, day }), time: None, offset: None } = date.get_ref() else {
        return Err(problem(date, "not a day: write 2026-11-24"));
    };
    let month = time::Month::try_from(*month).ok();
    let day = month.and_then(|month| time::Date::from_calendar_date(i32::from(*year), month, *day).ok());
    let days = day.map(|day| day.to_julian_day() - 2_440_588);
    days.and_then(|days| u32::try_from(days).ok()).ok_or_else(|| problem(date, "no day since 1970"))
}
