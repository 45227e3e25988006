//! Identifiers in what sellers write.
//!
//! A number behind its label is always reported, whatever its state. So are forms that say themselves what they are. A bare
//! run of digits is a phone number, a price, a date or an order far more often than an identifier: it is one only where it
//! stands alone on its line, or passes as a barcode that some country allocated.

use super::{Gtin, IdentifierMatch, Kind, State, canonical, check, de_hr};
use crate::knowledge::{Knowledge, Meaning};
use crate::order;
use crate::page::number::whole;
use crate::text::{Hit, Spotted, fold, is_alphanumeric};

/// Words that may stand between a label and its number, folded.
#[rustfmt::skip]
const FILLERS: [&str; 29] = [
    "cap", "code", "cong", "cty", "cua", "dn", "doanh", "ho", "id", "idnr", "is", "kinh", "la", "ma", "n", "nghiep", "no",
    "nr", "num", "number", "numero", "pham", "phieu", "reg", "registration", "san", "so", "thue", "ty",
];
/// What else may stand there, besides white space.
const BETWEEN: &[char] =
    &[':', '：', '.', ',', '#', '-', '–', '(', ')', '[', ']', '/', '|', '=', '*', '№', '°', 'º', '"'];
/// How far behind its label a number starts, in bytes.
const REACH: usize = 64;
/// Fewer digits than these behind a label are a count, a size or a year.
const FEWEST_DIGITS: usize = 5;
/// Most groups of digits that one number is written in.
const MOST_GROUPS: usize = 8;
/// Most parts of a number on either side of its mark.
const MOST_PARTS: usize = 4;
/// Longest number of letters and digits, in bytes.
const LONGEST_TOKEN: usize = 64;
/// How far before its digits a German register number starts, in bytes: "HRB Nr. 6684".
const REGISTER_REACH: usize = 12;
/// How far before and behind a German register number its court is looked for, in bytes.
const COURT_REACH: usize = 64;

impl Spotted<'_> {
    /// Every identifier in the text, by start. `year` is this year, as in [`check`].
    pub(crate) fn identifiers(&self, year: i32) -> Vec<IdentifierMatch> {
        let runs: Vec<(usize, usize)> = digit_runs(self.text).collect();
        if runs.is_empty() {
            return Vec::new();
        }
        let mut reading = Reading { text: self.text, year, found: Vec::new(), claimed: Vec::new() };
        for hit in &self.hits {
            if let Meaning::Number { kind: Some(kind), is_mark: true } = hit.meaning {
                reading.around_mark(kind, hit);
            }
        }
        reading.behind_labels(&self.hits);
        reading.german_vat(&runs);
        reading.german_registers(&runs);
        reading.branches(&runs);
        reading.lines();
        reading.bare_barcodes(&runs, self.knowledge);
        order::ordered(reading.found, |a, b| (a.start, a.kind).cmp(&(b.start, b.kind)))
    }
}

/// A text while it is read. What is surer is read first and claims its place.
struct Reading<'t> {
    text: &'t str,
    year: i32,
    found: Vec<IdentifierMatch>,
    /// Places that are spoken for, by start; none overlaps another.
    claimed: Vec<(usize, usize)>,
}

impl Reading<'_> {
    fn is_free(&self, start: usize, end: usize) -> bool {
        let before = self.claimed.partition_point(|(claimed, _)| *claimed < end);
        before.checked_sub(1).and_then(|last| self.claimed.get(last)).is_none_or(|(_, claimed)| *claimed <= start)
    }

    fn claim(&mut self, start: usize, end: usize) {
        if start < end && self.is_free(start, end) {
            order::insert(&mut self.claimed, (start, end), |a, b| a.cmp(b));
        }
    }

    fn check(&self, kind: Kind, start: usize, end: usize) -> State {
        check(kind, self.text.get(start..end).unwrap_or_default(), self.year)
    }

    fn report(&mut self, kind: Kind, state: State, start: usize, end: usize) {
        self.report_as(kind, state, self.text.get(start..end).unwrap_or_default(), start, end);
    }

    /// Reports a number that is more than what stands there.
    fn report_as(&mut self, kind: Kind, state: State, whole: &str, start: usize, end: usize) {
        if self.is_free(start, end) {
            self.found.push(IdentifierMatch { kind, value: canonical(kind, whole), state, start, end });
            self.claim(start, end);
        }
    }

    /// A number that says what it is: "294701/25/CBMP-QLD", and what only looks like it: "CBMP-QLD/294701/25".
    fn around_mark(&mut self, kind: Kind, mark: &Hit<'_>) {
        let start = start_before_mark(self.text, mark.start);
        // What follows may be the next words: the longest end that is right, otherwise what is joined without spaces.
        let spaced = ends_behind_mark(self.text, mark.end, true);
        let tight = ends_behind_mark(self.text, mark.end, false);
        let right = spaced.iter().rev().find(|end| self.check(kind, start, **end) == State::WellFormed);
        let Some(end) = right.or(tight.last()).copied() else { return };
        let number = self.text.get(start..end).unwrap_or_default();
        let parts = number.split(['/', '-']).filter(|part| part.starts_with(|c: char| c.is_ascii_digit())).count();
        if right.is_some() || parts >= 2 || count_digits(number) >= FEWEST_DIGITS {
            self.report(kind, self.check(kind, start, end), start, end);
        }
    }

    /// Numbers behind labels. Of several labels before one number ("MST/CCCD") the one counts whose rule it keeps, and
    /// the nearest of those.
    fn behind_labels(&mut self, hits: &[Hit<'_>]) {
        let labels = || {
            hits.iter().filter_map(|hit| match hit.meaning {
                Meaning::Number { kind, .. } => Some((hit.start, hit.end, kind)),
                _ => None,
            })
        };
        let spans = merged(labels().map(|(start, end, _)| (start, end)));
        let starts = labels().filter_map(|(_, end, kind)| Some((number_start(self.text, end, &spans)?, kind)));
        let announced = order::ordered(starts, |(a, _), (b, _)| a.cmp(b));
        for same in announced.chunk_by(|(a, _), (b, _)| a == b) {
            let mut best: Option<(State, usize, Kind)> = None;
            let Some((start, _)) = same.first().copied() else { continue };
            for kind in same.iter().filter_map(|(_, kind)| *kind) {
                let Some((state, end, kind)) = self.reading(kind, start) else { continue };
                if best.is_none_or(|(known, known_end, _)| (state, end) >= (known, known_end)) {
                    best = Some((state, end, kind));
                }
            }
            match best {
                Some((state, end, kind)) => self.report(kind, state, start, end),
                // A phone, an account, a registration of a kind that is not read: nothing else, though it may look so.
                None => self.claim(start, group_ends(self.text, start).last().copied().unwrap_or(start)),
            }
        }
    }

    /// The number behind the label of a kind.
    fn reading(&self, kind: Kind, start: usize) -> Option<(State, usize, Kind)> {
        let (state, end) = match kind {
            Kind::Cbmp | Kind::Dksp | Kind::Xnqc => self.notice(kind, start),
            Kind::DrugLegacy => self.medicine(start),
            Kind::DeVat | Kind::DeWeee => self.groups(kind, start, "DE"),
            Kind::FrTva => self.groups(kind, start, "FR"),
            _ => self.groups(kind, start, ""),
        }?;
        if kind == Kind::Mst && state == State::Malformed {
            // A household's tax code is its owner's citizen number: to be masked even when a digit is missing.
            let (citizen, citizen_end) = self.groups(Kind::Cccd, start, "")?;
            let is_short = self.text.get(start..citizen_end).map(count_digits) == Some(11);
            if citizen == State::WellFormed || is_short {
                return Some((citizen, citizen_end, Kind::Cccd));
            }
        }
        Some((state, end, kind))
    }

    /// Digits in groups: the longest run of whole groups that keeps the rule best; where none has even the form, the first
    /// group, or all when that is too short to stand for a number.
    fn groups(&self, kind: Kind, start: usize, prefix: &str) -> Option<(State, usize)> {
        let digits = behind_prefix(self.text, start, prefix).unwrap_or(start);
        let ends = group_ends(self.text, digits);
        let count = |end: usize| self.text.get(digits..end).map_or(0, count_digits);
        let best = ends.iter().map(|end| (self.check(kind, start, *end), *end)).max()?;
        if best.0 != State::Malformed {
            return Some(best);
        }
        let unspaced = |end: &&usize| self.text.get(**end..).is_none_or(|rest| rest.starts_with(char::is_whitespace));
        let first = ends.iter().find(unspaced).filter(|end| count(**end) >= FEWEST_DIGITS);
        let end = *first.or(ends.last())?;
        (count(end) >= FEWEST_DIGITS).then_some((State::Malformed, end))
    }

    /// The number of a notice that its label names: "CBMP: 294701/25". Dates stand there as well.
    fn notice(&self, kind: Kind, start: usize) -> Option<(State, usize)> {
        let (number, end) = token(self.text, start)?;
        let parts: Vec<&str> = number.split('/').collect();
        let is_number = number.starts_with(|c: char| c.is_ascii_digit())
            && (parts.len() > 1 || count_digits(number) >= FEWEST_DIGITS)
            && !is_written_date(&parts);
        is_number.then(|| (self.check(kind, start, end), end))
    }

    /// "VD-24891-16", and what only looks like it. Other registers' numbers follow the same label.
    fn medicine(&self, start: usize) -> Option<(State, usize)> {
        let (number, end) = token(self.text, start)?;
        let rest = number.strip_prefix(['V', 'v'])?;
        let rest = rest.strip_prefix(['D', 'd', 'N', 'n']).unwrap_or(rest);
        let is_number = rest.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit())
            && count_digits(number) >= FEWEST_DIGITS;
        is_number.then(|| (self.check(Kind::DrugLegacy, start, end), end))
    }

    /// "DE136695976", "DE 136 695 976": nine digits, no more.
    fn german_vat(&mut self, runs: &[(usize, usize)]) {
        for (digits, _) in runs.iter().copied() {
            let before = self.text.get(..digits).unwrap_or_default();
            let before = before.strip_suffix([' ', '\u{a0}']).unwrap_or(before);
            let Some(start) = before.strip_suffix("DE").map(str::len).filter(|start| is_apart(self.text, *start))
            else {
                continue;
            };
            let nine = |end: &usize| self.text.get(digits..*end).is_some_and(|number| count_digits(number) == 9);
            if let Some(end) = group_ends(self.text, digits).into_iter().find(nine) {
                self.report(Kind::DeVat, self.check(Kind::DeVat, start, end), start, end);
            }
        }
    }

    /// "HRB 6684 München", "Amtsgericht München HRB 6684". Steel's hardness is written alike ("HRC 58"): that needs a court,
    /// and so does a number of two digits.
    fn german_registers(&mut self, runs: &[(usize, usize)]) {
        for (digits, _) in runs.iter().copied() {
            let near = tail(self.text, digits, REGISTER_REACH);
            // As bytes: nothing else looks for a text from its end, and doing so takes a kilobyte.
            let Some(start) =
                near.as_bytes().windows(2).rposition(|pair| pair == b"HR").map(|at| digits - near.len() + at)
            else {
                continue;
            };
            let Some(end) = de_hr::number_end(self.text, start).filter(|_| is_apart(self.text, start)) else {
                continue;
            };
            let number = self.text.get(start..end).unwrap_or_default();
            let (before, after) = (tail(self.text, start, COURT_REACH), head(self.text, end, COURT_REACH));
            let court = de_hr::court_near(before, after);
            let is_register = number.starts_with("HRA") || number.starts_with("HRB");
            if court.is_some() || (is_register && count_digits(number) >= 3) {
                let whole = court.map_or_else(|| number.to_owned(), |court| format!("{court} {number}"));
                self.report_as(Kind::DeHr, check(Kind::DeHr, &whole, self.year), &whole, start, end);
            }
        }
    }

    /// "0314409058-002": a branch's tax code has a form of its own.
    fn branches(&mut self, runs: &[(usize, usize)]) {
        for (start, end) in runs.iter().copied() {
            let branch_end = (self.text.get(end..))
                .and_then(|rest| rest.strip_prefix('-'))
                .map(|rest| (end + 1, end + 1 + leading_digits(rest)));
            let Some((branch, whole)) = branch_end.filter(|(branch, whole)| end - start == 10 && whole - branch == 3)
            else {
                continue;
            };
            let state = self.check(Kind::Mst, start, whole);
            let is_phone = is_mobile(self.text.get(start..end).unwrap_or_default()) && state != State::WellFormed;
            if branch < whole && !is_phone && is_isolated(self.text, start, whole) {
                self.report(Kind::Mst, state, start, whole);
            }
        }
    }

    /// Lines that are one number: read as a field's value would be.
    fn lines(&mut self) {
        let mut line_start = 0;
        for line in self.text.split_inclusive('\n') {
            let start = line_start + (line.len() - line.trim_start().len());
            let number = line.trim();
            line_start += line.len();
            let end = start + number.len();
            if is_one_number(number) && self.is_free(start, end) {
                self.line(number, start, end);
                self.claim(start, end);
            }
        }
    }

    fn line(&mut self, number: &str, start: usize, end: usize) {
        let digits: String = number.chars().filter(char::is_ascii_digit).collect();
        let kinds: &[Kind] = match digits.len() {
            8 | 12 => &[Kind::Gtin],
            9 => &[Kind::Siren],
            10 => &[Kind::Mst, Kind::KrBusiness],
            13 => &[Kind::Gtin, Kind::Mst, Kind::JpCorporate],
            14 => &[Kind::Gtin, Kind::Siret],
            _ => return,
        };
        if is_mobile(&digits) || is_service_number(&digits) || is_compact_date(&digits) {
            return;
        }
        let right: Vec<Kind> =
            kinds.iter().copied().filter(|kind| self.check(*kind, start, end) == State::WellFormed).collect();
        for kind in &right {
            let value = canonical(*kind, number);
            self.found.push(IdentifierMatch { kind: *kind, value, state: State::WellFormed, start, end });
        }
        if let (true, false, Some(likeliest)) = (right.is_empty(), number.contains(['-']), kinds.first()) {
            self.report(*likeliest, self.check(*likeliest, start, end), start, end);
        }
    }

    /// Runs of digits within a text that pass as barcodes and begin as some country's do.
    fn bare_barcodes(&mut self, runs: &[(usize, usize)], knowledge: &Knowledge) {
        let allocated = |prefix: u16| {
            let countries = knowledge.gs1.iter().filter(|range| range.country.is_some());
            countries.into_iter().any(|range| (range.start..=range.end).contains(&prefix))
        };
        for (start, end) in runs.iter().copied() {
            if !matches!(end - start, 12..=14) || !is_isolated(self.text, start, end) {
                continue;
            }
            let prefix = self.text.get(start..end).and_then(|number| Gtin::parse(number).ok()?.prefix());
            if prefix.is_some_and(allocated) {
                self.report(Kind::Gtin, State::WellFormed, start, end);
            }
        }
    }
}

/// Spans that overlap or touch, joined; they come by start.
fn merged(spans: impl Iterator<Item = (usize, usize)>) -> Vec<(usize, usize)> {
    let mut merged: Vec<(usize, usize)> = Vec::new();
    for (start, end) in spans {
        match merged.last_mut() {
            Some((_, last)) if start <= *last => *last = end.max(*last),
            _ => merged.push((start, end)),
        }
    }
    merged
}

/// Where the number behind a label starts: past punctuation, fillers and further labels.
fn number_start(text: &str, label_end: usize, labels: &[(usize, usize)]) -> Option<usize> {
    let mut at = label_end;
    while at <= label_end + REACH {
        let next_label = labels.partition_point(|(start, _)| *start <= at).checked_sub(1);
        if let Some((_, end)) = next_label.and_then(|index| labels.get(index)).filter(|(_, end)| *end > at) {
            at = *end;
            continue;
        }
        let rest = text.get(at..)?;
        let word = rest.get(..rest.find(|c| !is_of_word(c)).unwrap_or(rest.len()))?;
        if word.is_empty() {
            let next = rest.chars().next().filter(|next| next.is_whitespace() || BETWEEN.contains(next))?;
            at += next.len_utf8();
        } else if starts_number(word, rest) {
            return Some(at);
        } else if word.len() <= REACH && FILLERS.contains(&fold(word).as_str()) {
            at += word.len();
        } else {
            return None;
        }
    }
    None
}

/// Whether a number starts with this word, perhaps by its prefix alone: "DE 136695976", "VD-24891-16".
fn starts_number(word: &str, rest: &str) -> bool {
    let is_prefix = || ["DE", "FR", "VD", "VN", "V"].iter().any(|prefix| word.eq_ignore_ascii_case(prefix));
    let behind = || rest.get(word.len()..).and_then(|rest| rest.strip_prefix([' ', '\u{a0}', '-']));
    word.bytes().any(|byte| byte.is_ascii_digit())
        || (is_prefix() && behind().is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit())))
}

/// Where the digits behind a prefix start.
fn behind_prefix(text: &str, start: usize, prefix: &str) -> Option<usize> {
    let end = start + prefix.len();
    text.get(start..end).filter(|written| written.eq_ignore_ascii_case(prefix))?;
    let rest = text.get(end..)?;
    let digits = rest.strip_prefix([' ', '\u{a0}']).unwrap_or(rest);
    digits.starts_with(|c: char| c.is_ascii_digit()).then_some(end + rest.len() - digits.len())
}

/// Where each group of digits of a number ends that starts there. A group with a letter behind it belongs to something
/// else: "500ml", "99.000đ".
fn group_ends(text: &str, start: usize) -> Vec<usize> {
    let mut ends = Vec::new();
    let mut at = start;
    while ends.len() < MOST_GROUPS {
        let rest = text.get(at..).unwrap_or_default();
        let length = leading_digits(rest);
        let after = rest.get(length..).unwrap_or_default();
        if length == 0 || after.starts_with(|c| is_of_word(c) || c == '₫' || c == '%') {
            break;
        }
        ends.push(at + length);
        let between = match after.strip_prefix(" - ") {
            Some(_) => 3,
            None => after.chars().next().filter(|c| matches!(c, ' ' | '\u{a0}' | '-' | '.')).map_or(0, char::len_utf8),
        };
        if between == 0 {
            break;
        }
        at += length + between;
    }
    ends
}

/// Where a number starts that ends in a mark: back over "294701/25/".
fn start_before_mark(text: &str, mark: usize) -> usize {
    let mut start = mark;
    for _ in 0..MOST_PARTS {
        let before = text.get(..start).unwrap_or_default();
        let slashed = before.trim_end_matches(' ').strip_suffix('/').map(|before| before.trim_end_matches(' '));
        let Some(before) = slashed.or(before.strip_suffix('-')) else { break };
        let digits = before.bytes().rev().take_while(u8::is_ascii_digit).count();
        let at = before.len() - digits;
        if digits == 0 || !is_apart(text, at) {
            break;
        }
        start = at;
    }
    start
}

/// Where a number may end that has its mark there: "-QLD", "/294701/25".
fn ends_behind_mark(text: &str, mark: usize, spaced: bool) -> Vec<usize> {
    let mut ends = vec![mark];
    let mut end = mark;
    for _ in 0..MOST_PARTS {
        let rest = text.get(end..).unwrap_or_default();
        let trim = |rest| if spaced { str::trim_start_matches(rest, ' ') } else { rest };
        let Some(part) = trim(rest).strip_prefix(['/', '-']).map(trim) else { break };
        let length = part.find(|c| !is_of_word(c)).unwrap_or(part.len());
        if length == 0 {
            break;
        }
        end += rest.len() - part.len() + length;
        ends.push(end);
    }
    ends
}

/// A number of letters, digits, strokes and hyphens, and where it ends; `None` when it is too long for one.
fn token(text: &str, start: usize) -> Option<(&str, usize)> {
    let window = head(text, start, LONGEST_TOKEN);
    let length = match window.find(|c| !(is_of_word(c) || matches!(c, '/' | '-'))) {
        Some(length) => length,
        None => Some(window.len()).filter(|length| start + length == text.len())?,
    };
    let token = window.get(..length)?.trim_end_matches(['/', '-']);
    Some((token, start + token.len()))
}

fn is_of_word(character: char) -> bool {
    is_alphanumeric(character) || matches!(character, '\u{300}'..='\u{36f}')
}

/// Whether a word starts there.
fn is_apart(text: &str, start: usize) -> bool {
    !text.get(..start).is_some_and(|before| before.ends_with(is_of_word))
}

/// Whether what stands around a run of digits cannot be part of a longer number, an address or a price.
fn is_isolated(text: &str, start: usize, end: usize) -> bool {
    let before = text.get(..start).and_then(|before| before.chars().next_back());
    let rest = text.get(end..).unwrap_or_default();
    let after = rest.trim_start_matches(['.', ',', ')', ']', ';', ':', '"', '!', '?']);
    before.is_none_or(|c| c.is_whitespace() || matches!(c, '(' | '[' | ':' | ';' | ',' | '"' | '|'))
        && after.chars().next().is_none_or(|c| c.is_whitespace() || c == '|')
        && !after.trim_start().starts_with(['₫', 'đ'])
}

/// Every whole run of digits.
fn digit_runs(text: &str) -> impl Iterator<Item = (usize, usize)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + text.as_bytes().get(at..)?.iter().position(u8::is_ascii_digit)?;
        at = start + leading_digits(text.get(start..)?);
        Some((start, at))
    })
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn count_digits(text: &str) -> usize {
    text.bytes().filter(u8::is_ascii_digit).count()
}

/// The last bytes before a place, from a character's start.
fn tail(text: &str, end: usize, bytes: usize) -> &str {
    let start = (end.saturating_sub(bytes)..=end).find(|at| text.is_char_boundary(*at)).unwrap_or(end);
    text.get(start..end).unwrap_or_default()
}

/// The first bytes behind a place, to a character's start.
fn head(text: &str, start: usize, bytes: usize) -> &str {
    let most = text.len().min(start + bytes);
    let end = (start..=most).rev().find(|at| text.is_char_boundary(*at)).unwrap_or(start);
    text.get(start..end).unwrap_or_default()
}

/// Whether a line is a single number. Sizes stand in a row as well ("36 37 38 39"): in groups, one must be long.
fn is_one_number(line: &str) -> bool {
    let mut groups = line.split([' ', '\u{a0}', '-']);
    let are_digits = |group: &str| !group.is_empty() && group.bytes().all(|byte| byte.is_ascii_digit());
    let has_long = line.split([' ', '\u{a0}', '-']).any(|group| group.len() >= 5);
    groups.all(are_digits) && has_long
}

/// A Vietnamese mobile number, as against the tax codes that start alike ("0312…", "0501…").
fn is_mobile(digits: &str) -> bool {
    digits.len() == 10
        && match digits.as_bytes() {
            [b'0', b'3' | b'5', third, ..] => *third >= b'2',
            [b'0', b'8', third, ..] => *third >= b'1',
            [b'0', b'7' | b'9', ..] => true,
            _ => false,
        }
}

/// "1900 1234", "1800 123456".
fn is_service_number(digits: &str) -> bool {
    matches!(digits.len(), 8 | 10) && (digits.starts_with("1900") || digits.starts_with("1800"))
}

/// "20261123", "23112026".
fn is_compact_date(digits: &str) -> bool {
    let number = |from: usize, to: usize| digits.get(from..to).and_then(whole::<u32>).unwrap_or(0);
    let is_date = |year, month, day| matches!(year, 1900..=2100) && matches!(month, 1..=12) && matches!(day, 1..=31);
    digits.len() == 8
        && (is_date(number(0, 4), number(4, 6), number(6, 8)) || is_date(number(4, 8), number(2, 4), number(0, 2)))
}

/// "12/05/2025", "12/25", "05/2026".
fn is_written_date(parts: &[&str]) -> bool {
    let number = |part: &str| whole::<u32>(part).unwrap_or(u32::MAX);
    match parts {
        [day, month, _] => number(day) <= 31 && number(month) <= 12,
        [month, _] => number(month) <= 12,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::BUILT_IN;
    use State::{ChecksumFail, Malformed, WellFormed};
    use proptest::prelude::*;
    use std::sync::LazyLock;

    const YEAR: i32 = 2026;

    fn find(text: &str, year: i32) -> Vec<IdentifierMatch> {
        static KNOWLEDGE: LazyLock<Knowledge> = LazyLock::new(|| Knowledge::open(BUILT_IN).unwrap());
        KNOWLEDGE.spot(text).identifiers(year)
    }

    /// What is found: kind, state, value, and the number as it stands in the text.
    fn found(text: &str) -> Vec<(Kind, State, String, &str)> {
        let found = find(text, YEAR).into_iter();
        found.map(|found| (found.kind, found.state, found.value, text.get(found.start..found.end).unwrap())).collect()
    }

    #[test]
    fn numbers_as_sellers_write_them() {
        #[rustfmt::skip]
        let cases: &[(&str, Kind, State, &str, &str)] = &[
            ("MST: 0102527451", Kind::Mst, WellFormed, "0102527451", "0102527451"),
            ("mst0102527451", Kind::Mst, WellFormed, "0102527451", "0102527451"),
            ("Ma so thue 0102527451", Kind::Mst, WellFormed, "0102527451", "0102527451"),
            ("mã số thuế 0102527451-001", Kind::Mst, WellFormed, "0102527451-001", "0102527451-001"),
            ("Mã số thuế (MST): 0102.527.451, cấp 2020", Kind::Mst, WellFormed, "0102527451", "0102.527.451"),
            ("Mã số thuế\n0102527451\nHotline: 0912345678", Kind::Mst, WellFormed, "0102527451", "0102527451"),
            ("Ma\u{303} số thuê\u{301}: 0102527451", Kind::Mst, WellFormed, "0102527451", "0102527451"),
            ("Mã số DN/ĐKKD số 0109362618", Kind::Mst, WellFormed, "0109362618", "0109362618"),
            ("Số đăng ký kinh doanh: 0109362618 do Sở KHĐT cấp", Kind::Mst, WellFormed, "0109362618", "0109362618"),
            ("MST: 0100233480", Kind::Mst, ChecksumFail, "0100233480", "0100233480"),
            ("MST: 01025274", Kind::Mst, Malformed, "01025274", "01025274"),
            ("MST 0102527451 250.000đ", Kind::Mst, WellFormed, "0102527451", "0102527451"),
            ("MST 0102527451 001", Kind::Mst, WellFormed, "0102527451", "0102527451"),
            ("Chi nhánh 0314409058-002 tại Đà Nẵng", Kind::Mst, WellFormed, "0314409058-002", "0314409058-002"),
            ("Chi nhánh 0314409058-000", Kind::Mst, Malformed, "0314409058-000", "0314409058-000"),
            ("MST/CCCD: 0102527451", Kind::Mst, WellFormed, "0102527451", "0102527451"),
            ("MST/CCCD: 079012345612", Kind::Cccd, WellFormed, "0790******12", "079012345612"),
            ("Mã số thuế hộ kinh doanh: 079012345612", Kind::Cccd, WellFormed, "0790******12", "079012345612"),
            ("MST: 0790 1234 5612", Kind::Cccd, WellFormed, "0790******12", "0790 1234 5612"),
            ("MST: 079012345 612", Kind::Cccd, WellFormed, "0790******12", "079012345 612"),
            ("Mã số thuế 07901234561", Kind::Cccd, Malformed, "0790*****61", "07901234561"),
            ("CCCD: 0790 1234 5612", Kind::Cccd, WellFormed, "0790******12", "0790 1234 5612"),
            ("cmnd 123456789", Kind::Cccd, Malformed, "1234***89", "123456789"),
            ("Mã vạch 8 934563 138165", Kind::Gtin, WellFormed, "8934563138165", "8 934563 138165"),
            ("Mã vạch: 8934563138165 500ml", Kind::Gtin, WellFormed, "8934563138165", "8934563138165"),
            ("ma vach 036000291453", Kind::Gtin, ChecksumFail, "036000291453", "036000291453"),
            ("Mã vạch 89345631381", Kind::Gtin, Malformed, "89345631381", "89345631381"),
            ("EAN 4006381333931", Kind::Gtin, WellFormed, "4006381333931", "4006381333931"),
            ("EAN13:4006381333931", Kind::Gtin, WellFormed, "4006381333931", "4006381333931"),
            ("EAN-13 4006381333932", Kind::Gtin, ChecksumFail, "4006381333932", "4006381333932"),
            ("EAN/UPC: 73513537", Kind::Gtin, WellFormed, "73513537", "73513537"),
            ("Sữa rửa mặt 4006381333931.", Kind::Gtin, WellFormed, "4006381333931", "4006381333931"),
            ("Số CBMP: 294701/25/CBMP-QLD", Kind::Cbmp, WellFormed, "294701/25/CBMP-QLD", "294701/25/CBMP-QLD"),
            ("SCB: 000046/20/CBMP-HCM", Kind::Cbmp, WellFormed, "000046/20/CBMP-HCM", "000046/20/CBMP-HCM"),
            ("scb 000046 / 20 / cbmp - hcm nhé", Kind::Cbmp, WellFormed, "000046/20/CBMP-HCM", "000046 / 20 / cbmp - hcm"),
            ("294701/2025/CBMP-QLD", Kind::Cbmp, Malformed, "294701/2025/CBMP-QLD", "294701/2025/CBMP-QLD"),
            ("có CBMP-QLD/294701/25 rồi", Kind::Cbmp, Malformed, "CBMP-QLD/294701/25", "CBMP-QLD/294701/25"),
            ("294701/25/CBMP - hàng mới", Kind::Cbmp, Malformed, "294701/25/CBMP", "294701/25/CBMP"),
            ("Công bố mỹ phẩm số: 294701/25", Kind::Cbmp, Malformed, "294701/25", "294701/25"),
            ("số 5647/2019/ĐKSP - hộp 30 viên", Kind::Dksp, WellFormed, "5647/2019/ĐKSP", "5647/2019/ĐKSP"),
            ("GTN 395/2020/DKSP", Kind::Dksp, WellFormed, "395/2020/ĐKSP", "395/2020/DKSP"),
            ("5647/19/ĐKSP", Kind::Dksp, Malformed, "5647/19/ĐKSP", "5647/19/ĐKSP"),
            ("ĐKSP/5647/2019", Kind::Dksp, Malformed, "ĐKSP/5647/2019", "ĐKSP/5647/2019"),
            ("Số đăng ký sản phẩm: 8071/2019/ĐKSP", Kind::Dksp, WellFormed, "8071/2019/ĐKSP", "8071/2019/ĐKSP"),
            ("XNQC số 497/2025/XNQC-ATTP", Kind::Xnqc, WellFormed, "497/2025/XNQC-ATTP", "497/2025/XNQC-ATTP"),
            ("GXNQC: 617/2021/XNQC-YTHCM", Kind::Xnqc, WellFormed, "617/2021/XNQC-YTHCM", "617/2021/XNQC-YTHCM"),
            ("497/25/XNQC-ATTP", Kind::Xnqc, Malformed, "497/25/XNQC-ATTP", "497/25/XNQC-ATTP"),
            ("theo 497/2025/XNQC ngày 1/2", Kind::Xnqc, Malformed, "497/2025/XNQC", "497/2025/XNQC"),
            ("SĐK: VD-24891-16", Kind::DrugLegacy, WellFormed, "VD-24891-16", "VD-24891-16"),
            ("số đăng ký: V483-H12-10.", Kind::DrugLegacy, WellFormed, "V483-H12-10", "V483-H12-10"),
            ("SDK VD24891-16", Kind::DrugLegacy, Malformed, "VD24891-16", "VD24891-16"),
            ("SĐK VN-17500-2013", Kind::DrugLegacy, Malformed, "VN-17500-2013", "VN-17500-2013"),
            ("USt-IdNr. DE136695976", Kind::DeVat, WellFormed, "DE136695976", "DE136695976"),
            ("USt-IdNr.: DE 136 695 976", Kind::DeVat, WellFormed, "DE136695976", "DE 136 695 976"),
            ("Firma GmbH DE136695978, Köln", Kind::DeVat, ChecksumFail, "DE136695978", "DE136695978"),
            ("USt-ID: DE13669597", Kind::DeVat, Malformed, "DE13669597", "DE13669597"),
            ("WEEE-Reg.-Nr. DE 12345678", Kind::DeWeee, WellFormed, "DE12345678", "DE 12345678"),
            ("WEEE-Reg.-Nr.: DE 123456789", Kind::DeWeee, Malformed, "DE123456789", "DE 123456789"),
            ("WEEE DE 1234567", Kind::DeWeee, Malformed, "DE1234567", "DE 1234567"),
            ("HRB 6684 München", Kind::DeHr, WellFormed, "München HRB 6684", "HRB 6684"),
            ("Amtsgericht München HRB 6684", Kind::DeHr, WellFormed, "München HRB 6684", "HRB 6684"),
            ("80331 München, HRB-Nr. 11223, AG Aachen", Kind::DeHr, WellFormed, "Aachen HRB 11223", "HRB-Nr. 11223"),
            ("Registergericht: Amtsgericht Koeln, Registernummer: HRA 77", Kind::DeHr, WellFormed, "Köln HRA 77", "HRA 77"),
            ("Berlin HRB 12345 B", Kind::DeHr, WellFormed, "Berlin HRB 12345 B", "HRB 12345 B"),
            ("HRB 1234567", Kind::DeHr, Malformed, "HRB 1234567", "HRB 1234567"),
            ("Aachen HRC 44123", Kind::DeHr, Malformed, "Aachen HRC 44123", "HRC 44123"),
            ("사업자등록번호 116-82-00276", Kind::KrBusiness, WellFormed, "116-82-00276", "116-82-00276"),
            ("사업자등록번호: 1168200277", Kind::KrBusiness, ChecksumFail, "116-82-00277", "1168200277"),
            ("法人番号 7000012050002", Kind::JpCorporate, WellFormed, "7000012050002", "7000012050002"),
            ("法人番号：2835678256246", Kind::JpCorporate, ChecksumFail, "2835678256246", "2835678256246"),
            ("SIREN 732 829 320", Kind::Siren, WellFormed, "732829320", "732 829 320"),
            ("Siren : 404833047", Kind::Siren, ChecksumFail, "404833047", "404833047"),
            ("SIRET 73282932000074", Kind::Siret, WellFormed, "73282932000074", "73282932000074"),
            ("N° SIRET : 73282932000079", Kind::Siret, ChecksumFail, "73282932000079", "73282932000079"),
            ("TVA FR40303265045", Kind::FrTva, WellFormed, "FR40303265045", "FR40303265045"),
            ("TVA intracommunautaire : FR 40 303 265 045", Kind::FrTva, WellFormed, "FR40303265045", "FR 40 303 265 045"),
        ];
        for (text, kind, state, value, quote) in cases {
            assert_eq!(found(text), [(*kind, *state, (*value).to_owned(), *quote)], "{text}");
        }
    }

    #[test]
    fn a_number_alone_on_its_line_is_read_as_a_field() {
        let read = |text: &str| -> Vec<(Kind, State)> {
            find(text, YEAR).into_iter().map(|found| (found.kind, found.state)).collect()
        };
        assert_eq!(read("8934563138165"), [(Kind::Gtin, WellFormed)]);
        assert_eq!(read("Thông tin\n  8 934563 138165 \nHết"), [(Kind::Gtin, WellFormed)]);
        assert_eq!(read("73513537"), [(Kind::Gtin, WellFormed)]);
        assert_eq!(read("4006381333932"), [(Kind::Gtin, ChecksumFail)]);
        assert_eq!(read("036000291453"), [(Kind::Gtin, ChecksumFail)]);
        assert_eq!(read("0102527451"), [(Kind::Mst, WellFormed)]);
        assert_eq!(read("0100233480"), [(Kind::Mst, ChecksumFail)]);
        assert_eq!(read("0314409058002"), [(Kind::Mst, WellFormed)]);
        assert_eq!(read("116-82-00276"), [(Kind::KrBusiness, WellFormed)]);
        assert_eq!(read("7000012050002"), [(Kind::JpCorporate, WellFormed)]);
        assert_eq!(read("732829320"), [(Kind::Siren, WellFormed)]);
        assert_eq!(read("404833047"), [(Kind::Siren, ChecksumFail)]);
        assert_eq!(read("73282932000074"), [(Kind::Siret, WellFormed)]);
    }

    #[test]
    fn other_numbers_are_quiet() {
        for text in [
            "",
            "0912345678",
            "0912 345 678",
            "LH 0987654321 nha cả nhà",
            "+84 912 345 678",
            "+84912345678",
            "19001234",
            "1900 1234",
            "Tổng đài 1900 6035",
            "Hotline 02438252525",
            "SĐT: 4006381333931",
            "99.000đ",
            "1.290.000.000đ",
            "8934563138165đ",
            "8934563138165 đ",
            "Giá 12.900.000",
            "20261123",
            "23112026",
            "2026-11-23",
            "23/11/2026",
            "HSD 12/2027, NSX 230526",
            "Đơn hàng 4006381333931",
            "Mã đơn hàng:\n4006381333931",
            "STK: 19031234567890 Techcombank",
            "251123ABCD1234",
            "SPXVN4006381333931",
            "https://shop.example/sp-i.4006381333931",
            "?id=4006381333931&x=1",
            "4006381333932 trong câu",
            "có 73513537 lượt xem",
            "2001234567893 cân trong siêu thị",
            "36 37 38 39 40",
            "100 110 120 130",
            "Chưa có mã vạch. Giá 99.000đ",
            "Mã vạch 2 lớp",
            "VAT 10%, 0102527451x",
            "SĐK: 893110123456",
            "CBMP: 12/05/2025",
            "CBMP",
            "chưa có số ĐKSP, XNQC",
            "thép cứng HRC 58",
            "độ cứng HRB 85",
            "Honda HRV 2025",
            "để 136695976",
            "1,2,3,4,5,6,7,8",
        ] {
            assert_eq!(found(text), [], "{text}");
        }
    }

    #[test]
    fn several_in_one_text() {
        let text = "Cty ABC - MST: 0102527451 - Hotline 0912345678. Số CBMP: 294701/25/CBMP-QLD, mã vạch 8934563138165";
        let kinds: Vec<Kind> = find(text, YEAR).into_iter().map(|found| found.kind).collect();
        assert_eq!(kinds, [Kind::Mst, Kind::Cbmp, Kind::Gtin]);
        let imprint = "Amtsgericht München HRB 6684 USt-IdNr. DE136695976 WEEE-Reg.-Nr. DE 12345678";
        let kinds: Vec<Kind> = find(imprint, YEAR).into_iter().map(|found| found.kind).collect();
        assert_eq!(kinds, [Kind::DeHr, Kind::DeVat, Kind::DeWeee]);
    }

    #[test]
    fn a_citizens_number_is_never_in_clear() {
        for text in ["CCCD 079012345612", "MST: 079012345612", "Mã số thuế cá nhân: 079012345612", "cccd 07901234561"]
        {
            for found in find(text, YEAR) {
                assert!(found.kind == Kind::Cccd && !found.value.contains("1234"), "{text}: {found:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn spans_stand_in_the_text_and_values_recheck(
            text in "(MST|CCCD|mã vạch|EAN|CBMP|ĐKSP|XNQC|SĐK|VD-|DE|FR|HRB|WEEE|USt-IdNr|SIREN|SIRET|TVA|法人番号|[0-9]{1,14}|294701/25/|\
                -QLD|[-/ .:\n]|ế|\u{301}|\\PC){0,16}",
            year in 2000i32..2100,
        ) {
            let mut last = 0;
            for found in find(&text, year) {
                let quote = text.get(found.start..found.end);
                prop_assert!(quote.is_some_and(|quote| !quote.is_empty()));
                prop_assert!(last <= found.start);
                last = found.start;
                prop_assert!(found.kind != Kind::Cccd || found.value.contains(['*']));
                if found.state == WellFormed {
                    prop_assert_eq!(check(found.kind, &found.value, year), WellFormed, "{:?}", found);
                }
            }
        }

        /// A number that has the form is found behind its label, wherever that stands.
        #[test]
        fn what_is_labelled_is_found(before in "[a-zế .]{0,12}", digits in "[1-9]{10}", gap in "(: |:| |\n| số )") {
            let text = format!("{before} MST{gap}{digits}");
            let found = find(&text, YEAR);
            prop_assert!(found.iter().any(|found| found.kind == Kind::Mst && text.get(found.start..found.end) == Some(&digits)));
        }
    }
}
