//! The sheet: an assessment as a reader sees it. The popup, the try-it-here page and the label check show the same one.

use soi_core::conduct::{self, Conduct, Entry, LADDER, Ruling};
use soi_core::explain::Explainer;
use soi_core::finding::{
    Answer, Assessment, DutyState, Finding, Grade, LabelReport, Missing, OfferAssessment, RecordsUsed, Silence,
};
use soi_core::knowledge::{Knowledge, PageKind, Question};
use soi_core::text::stands_in;
use web_sys::Element;

use crate::browser::TabId;
use crate::dom::{self, Shown};
use crate::engine::now;
use crate::sites::authority;
use crate::tab;
use crate::verdict::told;

/// The kinds of silence, in the order in which they help to decide.
const SILENCES: [(Silence, &str); 3] = [
    (Silence::NotStated, "popup.silence.not-stated"),
    (Silence::Unknown, "popup.silence.unknown"),
    (Silence::NotApplicable, "popup.silence.not-applicable"),
];

/// Turns assessments into elements.
pub struct Sheet<'k> {
    knowledge: &'k Knowledge,
    words: Explainer<'k>,
    tab: Option<TabId>,
    conduct: Option<(String, &'k Conduct)>,
}

impl<'k> Sheet<'k> {
    /// A sheet in a language.
    pub fn new(knowledge: &'k Knowledge, words: Explainer<'k>) -> Self {
        Self { knowledge, words, tab: None, conduct: None }
    }

    /// A sheet about a tab: its products lead on to their labels.
    #[must_use]
    pub fn of_tab(self, tab: Option<TabId>) -> Self {
        Self { tab, ..self }
    }

    /// With the conduct of the page's host as this browser saw it, and whose it is.
    #[must_use]
    pub fn with_conduct(self, conduct: Option<(String, &'k Conduct)>) -> Self {
        Self { conduct, ..self }
    }

    /// The whole assessment. `asked` is the product to open; without it, the first one is.
    ///
    /// # Errors
    /// A template is missing.
    pub fn assessment(&self, assessment: &Assessment, asked: Option<&str>) -> Shown<Vec<Element>> {
        let mut shown = Vec::new();
        if let Some(answers) = &assessment.room {
            let key = if assessment.kind == PageKind::Profile { "profile" } else { "room" };
            shown.push(self.room(answers, key)?);
        }
        let is_there = |key| assessment.offers.iter().any(|offer| offer.key == key);
        let first = assessment.offers.first().map(|offer| offer.key.as_str());
        let open = asked.filter(|key| is_there(*key)).or(first);
        for offer in &assessment.offers {
            shown.push(self.offer(offer, open == Some(&offer.key))?);
        }
        if !assessment.unread.is_empty() {
            let unread = dom::clone("unread", &self.words)?;
            let lines = assessment.unread.iter().map(|skipped| self.line(&self.words.unread(skipped)));
            dom::fill(&unread, "lines", lines.collect::<Shown<_>>()?)?;
            shown.push(unread);
        }
        if !assessment.records.is_empty() {
            let records = dom::clone("records", &self.words)?;
            let lines = assessment.records.iter().map(|used| self.line(&self.records_used(used)));
            dom::fill(&records, "lines", lines.collect::<Shown<_>>()?)?;
            shown.push(records);
        }
        Ok(shown)
    }

    /// Which public records were asked, and of which day they are.
    fn records_used(&self, used: &RecordsUsed) -> String {
        let key = match (used.set.as_str(), used.is_stale) {
            ("invented", _) => "popup.records-invented",
            (_, true) => "popup.records-stale",
            (_, false) => "popup.records",
        };
        self.words.fill(key, &[("day", &self.words.day(used.created))])
    }

    /// The first product's answer to one question, unfolded: on a page that asks nothing else.
    ///
    /// # Errors
    /// A template is missing.
    pub fn question(&self, assessment: &Assessment, question: Question) -> Shown<Vec<Element>> {
        let answers = assessment.offers.first().map(|offer| offer.answers.as_slice()).unwrap_or_default();
        let answers: Vec<Answer> = answers.iter().filter(|answer| answer.question == question).cloned().collect();
        let shown = self.answers(&answers, question.id())?;
        for element in &shown {
            let fold = element.query_selector("[data-fold]")?;
            fold.as_ref().unwrap_or(element).toggle_attribute_with_force("open", true)?;
        }
        Ok(shown)
    }

    fn offer(&self, offer: &OfferAssessment, open: bool) -> Shown<Element> {
        let element = dom::clone("offer", &self.words)?;
        element.set_attribute("data-offer", &offer.key)?;
        element.set_attribute("data-fold", &offer.key)?;
        element.toggle_attribute_with_force("open", open)?;
        let title = offer.title.as_deref().unwrap_or_else(|| self.words.text("popup.untitled"));
        dom::say(&element, "title", title)?;
        let marks = offer.answers.iter().map(|answer| self.small_mark(answer));
        dom::fill(&element, "marks", marks.collect::<Shown<_>>()?)?;
        let link = offer.link.as_deref().filter(|_| !offer.anchors.iter().any(|anchor| anchor == "page"));
        match link.and_then(|link| Some((link, authority(link)?))) {
            Some((link, site)) => {
                dom::say(&element, "link", &self.words.fill("popup.open-product", &[("site", site)]))?;
                dom::part(&element, "link")?.set_attribute("href", link)?;
            }
            None => dom::say(&element, "link", "")?,
        }
        let mut answers = self.answers(&offer.answers, &offer.key)?;
        // A card shows nothing of a label: there is nothing to tell line by line.
        let tells = |report: &&LabelReport| report.duties.iter().any(|line| line.state == DutyState::NotStated);
        if let Some(report) = offer.label.as_ref().filter(tells) {
            answers.push(self.duties(report, &offer.key)?);
        }
        dom::fill(&element, "answers", answers)?;
        match self.tab {
            Some(tab) => {
                dom::say(&element, "label", self.words.text("popup.label-offer"))?;
                let address = format!("../{}", tab::page_about("label/label.html", tab, Some(&offer.key)));
                dom::part(&element, "label")?.set_attribute("href", &address)?;
            }
            None => dom::say(&element, "label", "")?,
        }
        Ok(element)
    }

    /// What the label must state, line by line.
    fn duties(&self, report: &LabelReport, key: &str) -> Shown<Element> {
        let element = dom::clone("duties", &self.words)?;
        element.set_attribute("data-fold", &format!("{key} duties"))?;
        let stated = report.duties.iter().filter(|line| line.state == DutyState::Stated).count().to_string();
        let count = report.duties.len().to_string();
        let toggle = self.words.fill("popup.duties.title", &[("stated", &stated), ("count", &count)]);
        dom::say(&element, "toggle", &toggle)?;
        let group = match (&report.group, &report.quote) {
            (Some(group), Some(quote)) => {
                let confidence = report.confidence.to_string();
                let slots = [("group", self.words.group(group)), ("confidence", &confidence), ("quote", quote)];
                self.words.fill("popup.duties.group", &slots)
            }
            _ => self.words.text("popup.duties.no-group").to_owned(),
        };
        dom::say(&element, "group", &group)?;
        let rows = report.duties.iter().map(|line| {
            let row = dom::clone("duty", &self.words)?;
            let (state, words) = match line.state {
                DutyState::Stated => ("stated", "popup.duties.stated"),
                DutyState::NotStated => ("not_stated", "popup.duties.not-stated"),
                DutyState::Contradicted => ("contradicted", "popup.duties.contradicted"),
                DutyState::Unknown => ("unknown", "popup.duties.unknown"),
            };
            row.set_attribute("data-state", state)?;
            dom::say(&row, "state", self.words.text(words))?;
            dom::say(&row, "name", self.words.field(line.duty))?;
            dom::say(&row, "quote", line.quote.as_deref().unwrap_or_default())?;
            Ok(row)
        });
        dom::fill(&element, "rows", rows.collect::<Shown<_>>()?)?;
        Ok(element)
    }

    fn room(&self, answers: &[Answer], key: &str) -> Shown<Element> {
        let element = dom::clone("room", &self.words)?;
        dom::say(&element, "title", self.words.text(&format!("popup.{key}")))?;
        dom::say(&element, "note", self.words.text(&format!("popup.{key}-note")))?;
        dom::fill(&element, "answers", self.answers(answers, "room")?)?;
        Ok(element)
    }

    fn answers(&self, answers: &[Answer], key: &str) -> Shown<Vec<Element>> {
        let mut shown = Vec::new();
        for answer in answers {
            shown.push(self.answer(answer, key)?);
            if let Some((host, conduct)) = self.conduct.as_ref().filter(|_| answer.question == Question::Host) {
                shown.push(self.conduct(host, conduct, key)?);
            }
        }
        let mut questions: Vec<String> = Vec::new();
        for question in answers.iter().flat_map(|answer| &answer.missing).filter_map(|it| self.words.ask(it)) {
            if !questions.contains(&question) {
                questions.push(question);
            }
        }
        if !questions.is_empty() {
            shown.push(self.questions(&questions, key)?);
        }
        Ok(shown)
    }

    fn answer(&self, answer: &Answer, key: &str) -> Shown<Element> {
        let words = &self.words;
        let element = dom::clone("answer", words)?;
        element.set_attribute("data-question", answer.question.id())?;
        element.set_attribute("data-grade", answer.grade.letter())?;
        dom::fill(&element, "mark", vec![dom::mark(answer.grade, words)?])?;
        dom::say(&element, "name", words.question_name(answer.question))?;
        dom::say(&element, "word", words.answer_word(answer))?;
        dom::say(&element, "summary", &self.summary(answer))?;

        let evidence = dom::part(&element, "evidence")?;
        evidence.set_attribute("data-fold", &format!("{key} {}", answer.question.id()))?;
        let (made, applicable) = self.checks(answer);
        let applies = applicable > 0;
        let (made, applicable) = (made.to_string(), applicable.to_string());
        let found = answer.findings.len().to_string();
        let toggle = match answer.findings.as_slice() {
            _ if !applies => "popup.evidence-not-applicable",
            [] => "popup.evidence-none",
            _ => "popup.evidence",
        };
        let toggle = words.fill(toggle, &[("found", &found), ("made", &made), ("all", &applicable)]);
        dom::say(&element, "toggle", &toggle)?;
        dom::say(&element, "full", words.question_full(answer.question))?;
        dom::say(&element, "sum", &self.sum(answer))?;
        dom::say(&element, "cap", &self.cap(answer))?;
        let coverage = if applies { self.coverage(answer, &made, &applicable) } else { String::new() };
        dom::say(&element, "coverage", &coverage)?;
        let findings = answer.findings.iter().map(|finding| self.finding(finding));
        dom::fill(&element, "findings", findings.collect::<Shown<_>>()?)?;
        dom::fill(&element, "missing", self.missing(&answer.missing)?)?;
        Ok(element)
    }

    /// The one sentence under a grade: what weighs most in the grade's own direction, or what is missing. "Ask first" is
    /// told by what to ask about, whatever else adds up to it.
    fn summary(&self, answer: &Answer) -> String {
        let told = match answer.score {
            None => None,
            Some(_) => {
                let capping = answer.findings.iter().find(|it| Some(&it.code) == answer.capped_by.as_ref());
                let lowers =
                    !matches!(answer.grade, Grade::A | Grade::B) && answer.findings.iter().any(|it| it.points < 0);
                let weighs = |finding: &&Finding| if lowers { -finding.points } else { finding.points };
                capping.or_else(|| answer.findings.iter().max_by_key(weighs))
            }
        };
        match told {
            Some(finding) => self.words.finding(finding),
            None => match answer.missing.iter().min_by_key(|it| it.silence == Silence::NotApplicable) {
                Some(missing) if missing.silence == Silence::NotApplicable => self.words.next_step(missing),
                Some(missing) => format!("{} {}", self.words.missing(missing), self.words.next_step(missing)),
                None => self.words.text("popup.nothing-found").to_owned(),
            },
        }
    }

    /// How many of the question's checks could be made, of those that apply.
    fn checks(&self, answer: &Answer) -> (usize, usize) {
        let count = |silence| answer.missing.iter().filter(|it| it.silence == silence).count();
        let rows = self.knowledge.rubric.checks.iter().filter(|row| row.question == answer.question).count();
        let applicable = rows.saturating_sub(count(Silence::NotApplicable));
        (applicable.saturating_sub(count(Silence::Unknown)), applicable)
    }

    /// "+2,0 −3,5 = −1,5 → 41,5": the listed points, added up before the reader's eyes.
    fn sum(&self, answer: &Answer) -> String {
        if answer.findings.is_empty() {
            return String::new();
        }
        let mut terms = self.words.points(answer.prior);
        for finding in answer.findings.iter().filter(|finding| finding.points != 0) {
            terms.push(' ');
            terms.push_str(&self.words.points(finding.points));
        }
        let total = self.words.points(answer.total);
        let score = answer.score.map(|score| self.words.score(score));
        match &score {
            Some(score) => self.words.fill("popup.sum", &[("terms", &terms), ("total", &total), ("score", score)]),
            None => self.words.fill("popup.sum-open", &[("terms", &terms), ("total", &total)]),
        }
    }

    fn cap(&self, answer: &Answer) -> String {
        let capping = answer.findings.iter().find(|it| Some(&it.code) == answer.capped_by.as_ref());
        capping.map_or_else(String::new, |finding| {
            self.words.fill(
                "popup.capped",
                &[
                    ("grade", answer.grade.letter()),
                    ("word", self.words.grade_word(answer.grade)),
                    ("finding", &self.words.finding(finding)),
                ],
            )
        })
    }

    fn coverage(&self, answer: &Answer, made: &str, applicable: &str) -> String {
        let share = answer.coverage.to_string();
        let least = self.knowledge.rubric.question(answer.question).map_or(0, |row| row.min_coverage);
        let key = if answer.coverage < least { "popup.coverage-low" } else { "popup.coverage" };
        self.words.fill(key, &[("made", made), ("all", applicable), ("share", &share), ("least", &least.to_string())])
    }

    fn finding(&self, finding: &Finding) -> Shown<Element> {
        let words = &self.words;
        let element = dom::clone("finding", words)?;
        element.set_attribute("data-finding", &finding.code)?;
        element.set_attribute("data-question", finding.question.id())?;
        element.set_attribute("data-points", &plain_points(finding.points))?;
        let sentence = words.finding(finding);
        let quote = finding.quote.as_deref().filter(|quote| !stands_in(quote, &sentence));
        dom::say(&element, "sentence", &sentence)?;
        dom::say(&element, "points", &words.points(finding.points))?;
        dom::part(&element, "points")?
            .set_attribute("aria-label", &words.fill("popup.points", &[("points", &words.points(finding.points))]))?;
        dom::say(&element, "quote", quote.unwrap_or_default())?;
        // What was said has its minute.
        let is_said = finding.source.rule == "line";
        let day = if is_said { words.moment(finding.seen_at) } else { words.day(finding.seen_at) };
        let source = [("place", words.place(finding)), ("basis", words.basis(finding.basis)), ("day", day.as_str())];
        dom::say(&element, "source", &words.fill("popup.source", &source))?;
        dom::say(&element, "reduced", finding.reduced.map_or("", |why| words.reduced(why)))?;
        dom::say(&element, "reason", words.reason(finding))?;
        let rules = words.regulations(finding);
        let rules = rules.iter().map(|(says, citation)| self.regulation(says, citation));
        dom::fill(&element, "regulations", rules.collect::<Shown<_>>()?)?;
        let rule = finding.source.rule.as_str();
        let read_by = if rule.is_empty() { "popup.code" } else { "popup.rule" };
        dom::say(&element, "rule", &words.fill(read_by, &[("rule", rule), ("code", &finding.code)]))?;
        let notes = words.record_notes(finding);
        dom::fill(&element, "notes", notes.iter().map(|note| self.line(note)).collect::<Shown<_>>()?)?;
        let urls: Vec<_> = finding.source.urls.iter().filter(|url| url.starts_with("https://")).collect();
        let number = |at: usize| if urls.len() > 1 { (at + 1).to_string() } else { String::new() };
        let links = urls.iter().enumerate().map(|(at, url)| self.document(url, &number(at)));
        dom::fill(&element, "documents", links.collect::<Shown<_>>()?)?;
        Ok(element)
    }

    /// Where a document can be read: its site as words, its address as the link. One of several has a number.
    fn document(&self, url: &str, number: &str) -> Shown<Element> {
        let element = dom::clone("document", &self.words)?;
        let link = dom::part(&element, "link")?;
        let key = if number.is_empty() { "popup.read-at" } else { "popup.read-at-number" };
        let slots = [("site", authority(url).unwrap_or_default()), ("number", number)];
        link.set_text_content(Some(&self.words.fill(key, &slots)));
        link.set_attribute("href", url)?;
        Ok(element)
    }

    /// What was not found, by kind of silence; checks with the same next step stand together.
    fn missing(&self, missing: &[Missing]) -> Shown<Vec<Element>> {
        let mut shown = Vec::new();
        for (silence, key) in SILENCES {
            let mut steps: Vec<(&str, Vec<&str>)> = Vec::new();
            for missing in missing.iter().filter(|it| it.silence == silence) {
                let check = self.words.check(&missing.check);
                match steps.iter_mut().find(|(next, _)| *next == missing.next) {
                    Some((_, checks)) => checks.push(check),
                    None => steps.push((&missing.next, vec![check])),
                }
            }
            if steps.is_empty() {
                continue;
            }
            let group = dom::clone("silence", &self.words)?;
            dom::say(&group, "heading", self.words.text(key))?;
            let entries = steps.iter().map(|(next, checks)| {
                let entry = dom::clone("missing", &self.words)?;
                dom::say(&entry, "checks", &checks.join(", "))?;
                dom::say(&entry, "next", self.words.text(&format!("next.{next}")))?;
                Ok(entry)
            });
            dom::fill(&group, "entries", entries.collect::<Shown<_>>()?)?;
            shown.push(group);
        }
        Ok(shown)
    }

    /// The points of a host over the last quarter, on the ladder of a platform, and what they stand for.
    fn conduct(&self, host: &str, conduct: &Conduct, key: &str) -> Shown<Element> {
        let words = &self.words;
        let element = dom::clone("conduct", words)?;
        element.set_attribute("data-fold", &format!("{key} conduct"))?;
        let standing = conduct.standing(self.knowledge, now());
        element.set_attribute("data-conduct", &standing.points.to_string())?;
        let (points, open) = (standing.points.to_string(), standing.open.to_string());
        let toggle = if standing.open > 0 { "popup.conduct.title-open" } else { "popup.conduct.title" };
        dom::say(&element, "toggle", &words.fill(toggle, &[("points", &points), ("open", &open)]))?;
        let steps = LADDER.iter().enumerate().map(|(at, (from, days))| {
            let step = dom::clone("conduct-step", words)?;
            step.toggle_attribute_with_force("data-reached", standing.step() == Some(at))?;
            let days = days.map(|days| days.to_string());
            let key = if days.is_some() { "popup.conduct.step" } else { "popup.conduct.step-last" };
            let slots = [("from", from.to_string()), ("days", days.unwrap_or_default())];
            let [from, days] = slots.each_ref().map(|(name, value)| (*name, value.as_str()));
            step.set_text_content(Some(&words.fill(key, &[from, days])));
            Ok(step)
        });
        dom::fill(&element, "ladder", steps.collect::<Shown<_>>()?)?;
        let entries = conduct.entries.iter().rev().map(|entry| self.conduct_entry(host, entry));
        dom::fill(&element, "entries", entries.collect::<Shown<_>>()?)?;
        Ok(element)
    }

    fn conduct_entry(&self, host: &str, entry: &Entry) -> Shown<Element> {
        let words = &self.words;
        let row = dom::clone("conduct-entry", words)?;
        row.set_attribute("data-host", host)?;
        row.set_attribute("data-code", &entry.code)?;
        row.set_attribute("data-at", &entry.at.to_string())?;
        let (state, told) = match (entry.ruling, entry.certain) {
            (Ruling::Dismissed, _) => ("dismissed", "popup.conduct.dismissed"),
            (Ruling::Confirmed, _) => ("confirmed", "popup.conduct.confirmed"),
            (Ruling::Open, true) => ("certain", "popup.conduct.certain"),
            (Ruling::Open, false) => ("doubt", "popup.conduct.doubt"),
        };
        row.set_attribute("data-state", state)?;
        let key = format!("finding.{}", entry.code);
        dom::say(&row, "sentence", &words.fill(&key, &[("quote", &entry.quote), ("count", "1")]))?;
        let points = conduct::points(self.knowledge, &entry.code).to_string();
        let told = words.fill(told, &[("points", &points)]);
        let slots = [("time", words.moment(entry.at)), ("told", told)];
        let [time, told] = slots.each_ref().map(|(name, value)| (*name, value.as_str()));
        dom::say(&row, "source", &words.fill("popup.conduct.entry", &[time, told]))?;
        for (action, ruling) in [("confirm", Ruling::Confirmed), ("dismiss", Ruling::Dismissed)] {
            let button = dom::part(&row, action)?;
            let is_set = entry.ruling == ruling;
            button.set_attribute("aria-pressed", if is_set { "true" } else { "false" })?;
        }
        Ok(row)
    }

    fn questions(&self, questions: &[String], key: &str) -> Shown<Element> {
        let element = dom::clone("questions", &self.words)?;
        element.set_attribute("data-fold", &format!("{key} ask"))?;
        let count = questions.len().to_string();
        dom::say(&element, "toggle", &self.words.fill("popup.ask.title", &[("count", &count)]))?;
        let mut rows = Vec::new();
        for question in questions {
            let row = dom::clone("question", &self.words)?;
            dom::say(&row, "text", question)?;
            rows.push(row);
        }
        dom::fill(&element, "rows", rows)?;
        Ok(element)
    }

    /// A mark that stands alone, and so says aloud what it is about.
    fn small_mark(&self, answer: &Answer) -> Shown<Element> {
        let mark = dom::mark(answer.grade, &self.words)?;
        mark.set_attribute("role", "img")?;
        mark.set_attribute("aria-label", &told(answer, &self.words))?;
        Ok(mark)
    }

    fn regulation(&self, says: &str, citation: &str) -> Shown<Element> {
        let element = dom::clone("regulation", &self.words)?;
        dom::say(&element, "says", says)?;
        dom::say(&element, "citation", citation)?;
        Ok(element)
    }

    fn line(&self, text: &str) -> Shown<Element> {
        let line = dom::clone("line", &self.words)?;
        line.set_text_content(Some(text));
        Ok(line)
    }
}

/// Points as programs read them: "-3.5".
fn plain_points(tenths: i32) -> String {
    let sign = if tenths < 0 { "-" } else { "" };
    let size = tenths.unsigned_abs();
    format!("{sign}{}.{}", size / 10, size % 10)
}

#[cfg(test)]
mod tests {
    use super::plain_points;

    #[test]
    fn points_keep_their_sign_below_one() {
        assert_eq!([-35, -5, 0, 40].map(plain_points), ["-3.5", "-0.5", "0.0", "4.0"]);
    }
}
