//! Codes to sentences, in Vietnamese and English. The only place where a result becomes words.

use crate::date::{vietnam_day, written_day};
use crate::finding::{Answer, Finding, Grade, Missing, Reduced, Silence, Slot};
use crate::knowledge::{Basis, FieldName, Knowledge, PageKind, Question, Regulation, Words};
use crate::page::snapshot::{SkipReason, Skipped};

/// A language of the user interface.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Lang {
    /// Vietnamese, the first.
    #[default]
    Vi,
    /// English.
    En,
}

impl Lang {
    /// The language of a tag such as `en-GB`; anything unknown is Vietnamese.
    pub fn parse(tag: &str) -> Self {
        match tag.get(..2) {
            Some("en" | "EN" | "En") => Self::En,
            _ => Self::Vi,
        }
    }

    /// Its tag.
    pub fn tag(self) -> &'static str {
        match self {
            Self::Vi => "vi",
            Self::En => "en",
        }
    }

    fn of(self, words: &Words) -> &str {
        match self {
            Self::Vi => &words.vi,
            Self::En => &words.en,
        }
    }
}

/// Words for results, in one language.
#[derive(Debug, Clone, Copy)]
pub struct Explainer<'k> {
    knowledge: &'k Knowledge,
    lang: Lang,
}

impl<'k> Explainer<'k> {
    /// Words in a language.
    pub fn new(knowledge: &'k Knowledge, lang: Lang) -> Self {
        Self { knowledge, lang }
    }

    /// The language.
    pub fn lang(&self) -> Lang {
        self.lang
    }

    /// A sentence by its key. A key without a sentence is nothing; a test holds that none is used.
    pub fn text(&self, key: &str) -> &'k str {
        self.in_lang(key, self.lang)
    }

    fn in_lang(&self, key: &str, lang: Lang) -> &'k str {
        let messages = &self.knowledge.messages;
        match messages.binary_search_by(|message| message.key.as_str().cmp(key)) {
            Ok(at) => messages.get(at).map_or("", |message| lang.of(&message.words)),
            Err(_) => "",
        }
    }

    /// A sentence with its slots filled.
    pub fn fill(&self, key: &str, slots: &[(&str, &str)]) -> String {
        fill(self.text(key), |name| slots.iter().find(|(slot, _)| *slot == name).map(|(_, value)| (*value).to_owned()))
    }

    /// The rubric's words in this language.
    pub fn words(&self, words: &'k Words) -> &'k str {
        self.lang.of(words)
    }

    /// The word for a grade.
    pub fn grade_word(&self, grade: Grade) -> &'k str {
        self.text(match grade {
            Grade::A => "grade.a",
            Grade::B => "grade.b",
            Grade::C => "grade.c",
            Grade::D => "grade.d",
            Grade::E => "grade.e",
            Grade::Unknown => "grade.unknown",
        })
    }

    /// The word for an answer: a question that cannot be asked here is told from one without enough information.
    pub fn answer_word(&self, answer: &Answer) -> &'k str {
        if answer.is_applicable() { self.grade_word(answer.grade) } else { self.text("grade.not-applicable") }
    }

    /// A question in a word.
    pub fn question_name(&self, question: Question) -> &'k str {
        self.text(&format!("question.{}", question.id()))
    }

    /// A question in full.
    pub fn question_full(&self, question: Question) -> &'k str {
        self.text(&format!("question-full.{}", question.id()))
    }

    /// What a check looks for.
    pub fn check(&self, id: &str) -> &'k str {
        self.text(&format!("check.{id}"))
    }

    /// A finding as a sentence, its quote included.
    pub fn finding(&self, finding: &Finding) -> String {
        let quote = finding.quote.as_deref().unwrap_or_default();
        let key = format!("finding.{}", finding.code);
        // A finding can rest on words or on their absence; each has its own sentence where both occur.
        let bare = format!("{key}-bare");
        let key = if quote.is_empty() && !self.text(&bare).is_empty() { bare } else { key };
        fill(self.text(&key), |name| match name {
            "quote" => Some(quote.to_owned()),
            _ => finding.slots.get(name).map(|slot| self.slot(slot)),
        })
    }

    /// Why a finding weighs what it weighs.
    pub fn reason(&self, finding: &Finding) -> &'k str {
        self.knowledge.rubric.finding(&finding.code).map_or("", |row| self.lang.of(&row.reason))
    }

    /// Why a finding counts less than its row says.
    pub fn reduced(&self, reduced: Reduced) -> &'k str {
        self.text(match reduced {
            Reduced::Faded => "reduced.faded",
            Reduced::GroupCap => "reduced.group-cap",
            Reduced::Unverified => "reduced.unverified",
        })
    }

    /// What a finding rests on.
    pub fn basis(&self, basis: Basis) -> &'k str {
        self.text(match basis {
            Basis::HostStated => "basis.host-stated",
            Basis::Authority => "basis.authority",
            Basis::Registry => "basis.registry",
            Basis::Platform => "basis.platform",
            Basis::SellerStated => "basis.seller-stated",
            Basis::SeenHere => "basis.seen-here",
            Basis::Crowd => "basis.crowd",
        })
    }

    /// Where a finding's words stand.
    pub fn place(&self, finding: &Finding) -> &'k str {
        self.text(match finding.source.field {
            _ if is_of_record(finding) => "place.record",
            Some(FieldName::Title) => "place.title",
            Some(FieldName::Description) => "place.description",
            Some(FieldName::RoomTitle) => "place.room-title",
            Some(field) if field.is_of_room() => "place.room",
            Some(_) if finding.source.rule == "description" => "place.description",
            Some(_) => "place.properties",
            None if finding.source.rule == "line" => "place.line",
            None => "place.page",
        })
    }

    /// What the record behind a finding says beside its sentence: that it is invented, the document's words, figures by
    /// source, until when it is in force, the subject's reply.
    pub fn record_notes(&self, finding: &Finding) -> Vec<String> {
        let mut notes = Vec::new();
        if !is_of_record(finding) {
            return notes;
        }
        if finding.source.rule == "pack:invented" {
            notes.push(self.text("record.invented").to_owned());
        }
        for slot in ["words", "counts"] {
            notes.extend(self.record_note(finding, slot));
        }
        if let Some(until) = finding.valid_until {
            notes.push(self.fill("record.until", &[("day", &self.day(until))]));
        }
        notes.extend(self.record_note(finding, "reply"));
        notes
    }

    /// The rules that a finding meets, in plain words, each with where it stands, since when, and what breaking it costs.
    pub fn regulations(&self, finding: &Finding) -> Vec<(&'k str, String)> {
        let rules = finding.source.regulations.iter().filter_map(|id| self.knowledge.regulation(id));
        rules.map(|rule| (self.lang.of(&rule.says), self.citation(rule))).collect()
    }

    fn citation(&self, rule: &Regulation) -> String {
        let mut parts = vec![self.lang.of(&rule.cite).to_owned()];
        if !rule.provenance.verified {
            parts.push(self.text("regulation.unverified").to_owned());
        }
        if let Some(from) = rule.provenance.effective_from.as_deref().and_then(written_day) {
            parts.push(self.fill("regulation.since", &[("day", &from)]));
        }
        if let Some(fine) = &rule.fine {
            parts.push(self.fill("regulation.fine", &[("fine", self.lang.of(fine))]));
        }
        parts.join(" · ")
    }

    fn record_note(&self, finding: &Finding, slot: &str) -> Option<String> {
        let value = self.slot(finding.slots.get(slot)?);
        Some(self.fill(&["record.", slot].concat(), &[(slot, &value)]))
    }

    /// What is missing and which kind of silence it is.
    pub fn missing(&self, missing: &Missing) -> String {
        let key = match missing.silence {
            Silence::Unknown => "silence.unknown",
            Silence::NotStated => "silence.not-stated",
            Silence::NotApplicable => "silence.not-applicable",
        };
        self.fill(key, &[("check", self.check(&missing.check))])
    }

    /// What the shopper can do about it.
    pub fn next_step(&self, missing: &Missing) -> String {
        self.text(&format!("next.{}", missing.next)).to_owned()
    }

    /// The question to put to the seller, always in Vietnamese.
    pub fn ask(&self, missing: &Missing) -> Option<String> {
        let key = format!("ask.{}", missing.ask.as_ref()?);
        let question = self.in_lang(&key, Lang::Vi);
        (!question.is_empty()).then(|| question.to_owned())
    }

    /// Something that could not be read.
    pub fn unread(&self, skipped: &Skipped) -> String {
        let key = match skipped.reason {
            SkipReason::TooLarge => "unread.too-large",
            SkipReason::TooDeep => "unread.too-deep",
            SkipReason::Malformed => "unread.malformed",
            SkipReason::OtherProduct => "unread.other-product",
            SkipReason::TooMany => "unread.too-many",
            SkipReason::BadgeBlocked => "unread.badge-blocked",
        };
        let amount = skipped.amount.map_or(String::new(), |amount| self.count(amount));
        self.fill(key, &[("rule", &skipped.rule), ("amount", &amount)])
    }

    /// A kind of page.
    pub fn page_kind(&self, kind: PageKind) -> &'k str {
        self.text(match kind {
            PageKind::Live | PageKind::LiveChat => "page.live",
            PageKind::Product => "page.product",
            PageKind::Shop => "page.shop",
            PageKind::Listing => "page.listing",
            PageKind::Profile => "page.profile",
            PageKind::Wall => "page.wall",
            PageKind::Other => "page.other",
        })
    }

    /// Points with their sign, one decimal: "+4,0", "−3,5".
    pub fn points(&self, tenths: i32) -> String {
        let sign = match tenths {
            ..0 => "−",
            0 => "",
            1.. => "+",
        };
        let size = tenths.unsigned_abs();
        format!("{sign}{}{}{}", size / 10, self.decimal(), size % 10)
    }

    /// A score in percent, one decimal.
    pub fn score(&self, tenths: u16) -> String {
        format!("{}{}{}", tenths / 10, self.decimal(), tenths % 10)
    }

    /// A day in Vietnam, `dd/mm/yyyy`.
    pub fn day(&self, seconds: i64) -> String {
        vietnam_day(seconds)
    }

    /// A moment in Vietnam, `hh:mm dd/mm/yyyy`.
    pub fn moment(&self, seconds: i64) -> String {
        let minutes = seconds.div_euclid(60) + 7 * 60;
        format!("{:02}:{:02} {}", minutes.div_euclid(60).rem_euclid(24), minutes.rem_euclid(60), vietnam_day(seconds))
    }

    /// A count, grouped in thousands.
    pub fn count(&self, count: u64) -> String {
        let digits = count.to_string();
        let separator = if self.lang == Lang::Vi { '.' } else { ',' };
        let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                grouped.push(separator);
            }
            grouped.push(digit);
        }
        grouped
    }

    /// A country's name.
    pub fn country(&self, code: &'k str) -> &'k str {
        self.knowledge.country(code).map_or(code, |country| self.lang.of(&country.name))
    }

    /// A field of a label.
    pub fn field(&self, field: FieldName) -> &'k str {
        self.text(match field {
            FieldName::Title => "field.title",
            FieldName::Origin => "field.origin",
            FieldName::ResponsibleName => "field.responsible-name",
            FieldName::ResponsibleAddress => "field.responsible-address",
            FieldName::Quantity => "field.quantity",
            FieldName::Expiry => "field.expiry",
            FieldName::ProductionDate => "field.production-date",
            FieldName::YearMade => "field.year-made",
            FieldName::Batch => "field.batch",
            FieldName::Ingredients => "field.ingredients",
            FieldName::Composition => "field.composition",
            FieldName::TechnicalData => "field.technical-data",
            FieldName::Usage => "field.usage",
            FieldName::Storage => "field.storage",
            FieldName::Warnings => "field.warnings",
            FieldName::Notification => "field.notification",
            _ => "field.other",
        })
    }

    /// A group of products.
    pub fn group(&self, id: &str) -> &'k str {
        self.knowledge.groups.iter().find(|group| group.id == id).map_or("", |group| self.lang.of(&group.name))
    }

    fn slot(&self, slot: &Slot) -> String {
        match slot {
            Slot::Text(text) => text.clone(),
            Slot::Country(code) => match self.knowledge.country(code) {
                Some(country) => self.lang.of(&country.name).to_owned(),
                None => code.clone(),
            },
            Slot::Count(count) => self.count(*count),
            Slot::Stars(hundredths) => {
                format!("{}{}{:02}", hundredths / 100, self.decimal(), hundredths % 100)
            }
            Slot::Day(seconds) => self.day(*seconds),
            Slot::Span(days) => self.span(*days),
            Slot::Field(field) => self.field(*field).to_owned(),
            Slot::Group(id) => self.group(id).to_owned(),
            Slot::Identifier(kind) => self.text(&format!("identifier.{}", kind.id())).to_owned(),
            Slot::Date(iso) => match iso.split('-').collect::<Vec<_>>().as_slice() {
                [year, month, day] => format!("{day}/{month}/{year}"),
                _ => iso.clone(),
            },
            Slot::Term(key) => self.text(&format!("term.{key}")).to_owned(),
        }
    }

    fn span(&self, days: u64) -> String {
        let (amount, unit) = match days {
            730.. => (days / 365, "span.years"),
            60.. => (days / 30, "span.months"),
            _ => (days, "span.days"),
        };
        self.fill(unit, &[("count", &amount.to_string())])
    }

    fn decimal(&self) -> char {
        if self.lang == Lang::Vi { ',' } else { '.' }
    }
}

/// Whether a finding was made from the public record, not from the page alone.
fn is_of_record(finding: &Finding) -> bool {
    finding.source.rule.starts_with("pack:")
}

fn fill(sentence: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(sentence.len());
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            filled.push('{');
            rest = after;
            continue;
        };
        filled.push_str(&value(name).unwrap_or_default());
        rest = tail;
    }
    filled.push_str(rest);
    filled
}
