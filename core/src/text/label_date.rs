//! Production date (NSX, "ngày sản xuất") and expiry (HSD, "hạn sử dụng") as labels and listings write them: the forms
//! of Decree 37/2026/NĐ-CP Annex III, those of imported goods, and shelf lives ("30 tháng kể từ NSX").
//!
//! A date counts only right behind a cue: an order's day, a telephone number or a price has none and stays quiet. A
//! period after opening ("6 tháng sau khi mở nắp") is left out: it says nothing about sealed goods.

use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};
use time::{Date, Duration, Month};

use super::spotted::Spotted;
use super::{fold, is_mark};
use crate::knowledge::{DateCue, Meaning};
use crate::page::number::whole;

/// Years that a label of goods on sale can name.
const YEARS: RangeInclusive<i32> = 2000..=2099;
/// Of these, the ones that it may shorten to two digits. It tells many dates of six digits apart: in 020426 the year is
/// not 2002.
const SHORT_YEARS: RangeInclusive<i32> = 2018..=2049;
/// Goods of unknown production are nearly expired with fewer days left.
pub const NEARLY_EXPIRED_DAYS: i64 = 60;
/// Goods of known production are nearly expired with less than this part of their shelf life left: a sixth.
pub const NEARLY_EXPIRED_PART: i64 = 6;

/// Words and signs that are looked at behind a cue: enough for two written-out dates.
const MAX_TOKENS: usize = 32;
/// Of these at most so many may stand between a cue and its date.
const MAX_BRIDGE: usize = 5;
/// Words that may stand between a cue and its date, folded.
const FILLERS: [&str; 16] =
    ["la", "ngay", "den", "toi", "het", "tu", "truoc", "vao", "va", "date", "on", "by", "end", "of", "and", "to"];
/// Signs that may not: what follows is money, a share, a lot or a telephone number.
const NO_FILLERS: [char; 7] = ['$', '₫', '%', '#', '+', '@', '≈'];
/// Between two cues that share what follows: "NSX và HSD: …".
const JOINTS: [&str; 2] = ["va", "and"];
/// How far before a cue a word still says that a voucher, not goods, expires. Bytes.
const VOUCHER_REACH: usize = 32;

/// What a date on a label is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateRole {
    /// Production date, "ngày sản xuất".
    Nsx,
    /// Expiry, "hạn sử dụng".
    Hsd,
}

/// A date on a label.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelDate {
    /// What it is.
    pub role: DateRole,
    /// `YYYY-MM-DD`; `YYYY-MM` when no day is written.
    pub iso: String,
    /// Whether the words can only mean this day. Otherwise it is the first of several readings: day first, as the
    /// Decree wants it.
    pub certain: bool,
    /// First byte of the date itself in the text.
    pub start: usize,
    /// Byte after its last.
    pub end: usize,
}

/// A span of time on a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Span {
    /// Calendar months.
    Months(u32),
    /// Days.
    Days(u32),
}

/// How long sealed goods keep, from production: "30 tháng kể từ NSX".
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShelfLife {
    /// How long.
    pub span: Span,
    /// First byte in the text.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// What a text says about production and expiry.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LabelDates {
    /// The dates, in order.
    pub dates: Vec<LabelDate>,
    /// The first shelf life.
    pub shelf_life: Option<ShelfLife>,
}

/// The last day on which goods are good.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Expiry {
    /// `YYYY-MM-DD`.
    pub iso: String,
    /// Whether it is no date of the label, but production plus shelf life.
    pub computed: bool,
    /// Whether the words can only mean this day.
    pub certain: bool,
    /// First byte of the words that state it: the date's, or the shelf life's where it is computed.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// How far goods are from their expiry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Freshness {
    /// Good.
    InDate,
    /// Good for less than [`NEARLY_EXPIRED_PART`] of the shelf life, or for fewer than [`NEARLY_EXPIRED_DAYS`] where
    /// production is not known.
    NearlyExpired,
    /// The last day is over.
    Expired,
    /// Expiry lies before production: one of the two is wrong, and nothing else follows.
    Contradicted,
}

/// How far goods are from their expiry on a day. Every day is `YYYY-MM-DD`; `None` when one is not.
pub fn freshness(expiry: &str, production: Option<&str>, today: &str) -> Option<Freshness> {
    let (expiry, today) = (last_day(expiry)?, last_day(today)?);
    let production = match production {
        Some(day) => Some(first_day(day)?),
        None => None,
    };
    let days_left = (expiry - today).whole_days();
    let shelf_days = production.map(|production| (expiry - production).whole_days());
    Some(match shelf_days {
        Some(shelf_days) if shelf_days < 0 => Freshness::Contradicted,
        _ if days_left < 0 => Freshness::Expired,
        Some(shelf_days) if days_left * NEARLY_EXPIRED_PART < shelf_days => Freshness::NearlyExpired,
        None if days_left < NEARLY_EXPIRED_DAYS => Freshness::NearlyExpired,
        _ => Freshness::InDate,
    })
}

impl LabelDates {
    /// The last good day: as stated, otherwise production plus shelf life. Where several batches stand in the text it
    /// is the first one's, and not certain.
    pub fn expiry(&self) -> Option<Expiry> {
        if let Some((stated, is_only)) = self.first(DateRole::Hsd) {
            return Some(Expiry {
                iso: iso_date(last_day(&stated.iso)?),
                computed: false,
                certain: stated.certain && is_only,
                start: stated.start,
                end: stated.end,
            });
        }
        let (produced, is_only) = self.first(DateRole::Nsx)?;
        let shelf_life = self.shelf_life?;
        // Of a month of production the last day: in doubt the goods are good.
        let from = last_day(&produced.iso)?;
        let expiry = match shelf_life.span {
            Span::Months(months) => months_later(from, months)?,
            Span::Days(days) => from.checked_add(Duration::days(days.into()))?,
        };
        Some(Expiry {
            iso: iso_date(expiry),
            computed: true,
            certain: produced.certain && is_only && has_day(&produced.iso),
            start: shelf_life.start,
            end: shelf_life.end,
        })
    }

    /// How far the goods are from their expiry on a day, given as `YYYY-MM-DD`.
    pub fn freshness(&self, today: &str) -> Option<Freshness> {
        let production = self.production().map(|produced| produced.iso.as_str());
        freshness(&self.expiry()?.iso, production, today)
    }

    /// The production, of several batches the first one's.
    pub fn production(&self) -> Option<&LabelDate> {
        self.first(DateRole::Nsx).map(|(produced, _)| produced)
    }

    /// The first date of a role, and whether all others of that role agree.
    fn first(&self, role: DateRole) -> Option<(&LabelDate, bool)> {
        let mut of_role = self.dates.iter().filter(|date| date.role == role);
        let first = of_role.next()?;
        Some((first, of_role.all(|other| other.iso == first.iso)))
    }
}

impl Spotted<'_> {
    /// What the text says about production and expiry.
    pub(crate) fn label_dates(&self) -> LabelDates {
        let text = self.text;
        let cues = self.date_cues();
        let mut found = Vec::new();
        let mut shelf_life = None;
        let (mut covered, mut span_end) = (0, 0);
        for (at, cue) in cues.iter().enumerate() {
            if cue.start < covered {
                continue;
            }
            // "30 tháng kể từ NSX. HSD: …": the cue inside a shelf life shares nothing with the next one.
            let partner = (cues.get(at + 1))
                .filter(|next| cue.start >= span_end && next.role != cue.role && are_joined(text, cue, next));
            let from = partner.unwrap_or(cue).end;
            let tokens = tokens(text, from);
            let mut cursor = Cursor { rest: &tokens, end: from };
            let first = cursor.item(cue, &cues);
            let second = partner.and_then(|partner| cursor.item(partner, &cues));
            let (dates, spans): (Vec<_>, Vec<_>) =
                first.into_iter().chain(second).partition(|item| matches!(item, Item::Date(_)));
            // One date behind two cues may be either's, and so may two dates behind one.
            let is_clear = match partner {
                Some(_) => dates.len() + spans.len() == 2,
                None => !cursor.has_second_date(cue),
            };
            found.extend(dates.into_iter().filter(|_| is_clear).filter_map(Item::date));
            if let Some(span) = spans.into_iter().find_map(Item::span) {
                span_end = span.end;
                shelf_life = shelf_life.or(Some(span));
            }
            covered = cursor.end;
        }
        LabelDates { dates: settle(found), shelf_life }
    }

    /// The cues in the text, in order; of overlapping ones the first and longest.
    fn date_cues(&self) -> Vec<CueHit> {
        let text = self.text;
        let mut cues = Vec::new();
        let (mut covered, mut voucher) = (0, None);
        for hit in &self.hits {
            let Meaning::Date(cue) = hit.meaning else { continue };
            if hit.start < covered || !self.marks_agree(hit) {
                continue;
            }
            let (role, takes_span, english) = match cue {
                DateCue::Production => (DateRole::Nsx, true, false),
                DateCue::ProductionEnglish => (DateRole::Nsx, true, true),
                DateCue::Expiry => (DateRole::Hsd, true, false),
                DateCue::ExpiryEnglish => (DateRole::Hsd, true, true),
                DateCue::LastDay => (DateRole::Hsd, false, false),
                DateCue::LastDayEnglish => (DateRole::Hsd, false, true),
                DateCue::Short => {
                    let has_colon = text.get(hit.end..).unwrap_or_default().trim_start().starts_with(':');
                    if self.written(hit) != hit.known || !has_colon {
                        continue;
                    }
                    (DateRole::Hsd, true, false)
                }
                DateCue::Voucher => {
                    voucher = Some(hit.end);
                    continue;
                }
            };
            covered = hit.end;
            let of_voucher = voucher.and_then(|end| text.get(end..hit.start));
            if !of_voucher.is_some_and(|between| between.len() <= VOUCHER_REACH && !between.contains(['\n'])) {
                cues.push(CueHit { role, takes_span, english, start: hit.start, end: hit.end });
            }
        }
        cues
    }
}

/// A cue in a text.
#[derive(Debug, Clone, Copy)]
struct CueHit {
    role: DateRole,
    takes_span: bool,
    english: bool,
    start: usize,
    end: usize,
}

/// Whether two cues share what follows the second.
fn are_joined(text: &str, one: &CueHit, other: &CueHit) -> bool {
    let between = fold(text.get(one.end..other.start).unwrap_or_default());
    between.split(|c: char| !c.is_alphanumeric()).all(|word| word.is_empty() || JOINTS.contains(&word))
}

/// In which order day, month and year stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    DayMonthYear,
    YearMonthDay,
    /// As in the United States: only English cues announce it.
    MonthDayYear,
}

/// One way to read a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Reading {
    order: Order,
    year: i32,
    month: Month,
    day: Option<u8>,
}

impl Reading {
    /// The date in these numbers; none when the calendar or a label has no such day.
    fn new(order: Order, year: &str, month: &str, day: Option<&str>) -> Option<Self> {
        Self::of_month(order, year, month_numbered(month)?, day)
    }

    fn of_month(order: Order, year: &str, month: Month, day: Option<&str>) -> Option<Self> {
        let number: i32 = whole(year)?;
        let year = match year.len() {
            2 => Some(2000 + number).filter(|year| SHORT_YEARS.contains(year)),
            4 => Some(number).filter(|year| YEARS.contains(year)),
            _ => None,
        }?;
        let day = match day {
            Some(day) => Some(whole::<u8>(day).filter(|day| (1..=month.length(year)).contains(day))?),
            None => None,
        };
        Some(Self { order, year, month, day })
    }

    /// Three numbers in every order.
    fn in_every_order(a: &str, b: &str, c: &str) -> Vec<Self> {
        let readings = [
            Self::new(Order::DayMonthYear, c, b, Some(a)),
            Self::new(Order::YearMonthDay, a, b, Some(c)),
            Self::new(Order::MonthDayYear, c, a, Some(b)),
        ];
        readings.into_iter().flatten().collect()
    }

    fn iso(self) -> String {
        let month = format!("{:04}-{:02}", self.year, u8::from(self.month));
        match self.day {
            Some(day) => format!("{month}-{day:02}"),
            None => month,
        }
    }

    /// Whether goods of this production can have that expiry.
    fn may_precede(self, expiry: Self) -> bool {
        let key = |reading: Self, day: u8| (reading.year, u8::from(reading.month), reading.day.unwrap_or(day));
        key(self, 1) <= key(expiry, 31)
    }

    fn is_same_day(self, other: Self) -> bool {
        Self { order: other.order, ..self } == other
    }
}

/// A date in a text, with all its readings, the likeliest first.
#[derive(Debug, Clone)]
struct Found {
    role: DateRole,
    readings: Vec<Reading>,
    start: usize,
    end: usize,
}

/// Chooses a reading of each date. Where production and expiry stand together a label writes both in one order, and
/// production first in time.
fn settle(found: Vec<Found>) -> Vec<LabelDate> {
    let mut dates = Vec::new();
    let mut rest = found.as_slice();
    loop {
        rest = match rest {
            [one, other, after @ ..] if one.role != other.role => {
                let (of_one, of_other) = settle_pair(one, other);
                dates.extend(choose(one, &of_one));
                dates.extend(choose(other, &of_other));
                after
            }
            [one, after @ ..] => {
                dates.extend(choose(one, &one.readings));
                after
            }
            [] => return dates,
        };
    }
}

/// The readings of two dates that go together; all of them when none do, which is then a contradiction.
fn settle_pair(one: &Found, other: &Found) -> (Vec<Reading>, Vec<Reading>) {
    let all = (one.readings.iter()).flat_map(|a| other.readings.iter().map(move |b| (*a, *b)));
    let plausible: Vec<_> = match one.role {
        DateRole::Nsx => all.filter(|(a, b)| a.may_precede(*b)).collect(),
        DateRole::Hsd => all.filter(|(a, b)| b.may_precede(*a)).collect(),
    };
    let in_one_order: Vec<_> = plausible.iter().copied().filter(|(a, b)| a.order == b.order).collect();
    let likeliest = if in_one_order.is_empty() { plausible } else { in_one_order };
    if likeliest.is_empty() {
        return (one.readings.clone(), other.readings.clone());
    }
    likeliest.into_iter().unzip()
}

/// The first of the readings; certain when there is no other.
fn choose(found: &Found, readings: &[Reading]) -> Option<LabelDate> {
    let first = *readings.first()?;
    Some(LabelDate {
        role: found.role,
        iso: first.iso(),
        certain: readings.iter().all(|other| other.is_same_day(first)),
        start: found.start,
        end: found.end,
    })
}

/// What a cue announced.
#[derive(Debug, Clone)]
enum Item {
    Date(Found),
    Span(ShelfLife),
}

impl Item {
    fn date(self) -> Option<Found> {
        match self {
            Self::Date(found) => Some(found),
            Self::Span(_) => None,
        }
    }

    fn span(self) -> Option<ShelfLife> {
        match self {
            Self::Date(_) => None,
            Self::Span(span) => Some(span),
        }
    }
}

/// A number, a word or a sign of a text.
#[derive(Debug, Clone)]
struct Token<'t> {
    kind: Kind<'t>,
    start: usize,
    end: usize,
    /// Whether white space stands before it.
    is_apart: bool,
}

#[derive(Debug, Clone)]
enum Kind<'t> {
    /// ASCII digits.
    Number(&'t str),
    /// Letters, folded.
    Word(String),
    Sign(char),
}

fn is_letter(character: char) -> bool {
    character.is_alphabetic() || is_mark(character)
}

/// The first tokens behind a place in a text.
fn tokens(text: &str, from: usize) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = from;
    while tokens.len() < MAX_TOKENS {
        let rest = text.get(at..).unwrap_or_default();
        let trimmed = rest.trim_start();
        let start = at + rest.len() - trimmed.len();
        let Some(first) = trimmed.chars().next() else { break };
        // Behind an empty line something else begins.
        if text.get(at..start).is_some_and(|gap| gap.matches('\n').count() > 1) {
            break;
        }
        let run = |of_kind: fn(char) -> bool| {
            let length = trimmed.find(|c| !of_kind(c)).unwrap_or(trimmed.len());
            trimmed.get(..length).unwrap_or_default()
        };
        let (kind, length) = if first.is_ascii_digit() {
            let digits = run(|c| c.is_ascii_digit());
            (Kind::Number(digits), digits.len())
        } else if is_letter(first) {
            let letters = run(is_letter);
            (Kind::Word(fold(letters)), letters.len())
        } else {
            (Kind::Sign(first), first.len_utf8())
        };
        at = start + length;
        tokens.push(Token { kind, start, end: at, is_apart: trimmed.len() < rest.len() });
    }
    tokens
}

/// Reads tokens one by one. A copy of it is a place to come back to.
#[derive(Debug, Clone, Copy)]
struct Cursor<'c, 't> {
    rest: &'c [Token<'t>],
    /// Where the last token that was read ends in the text.
    end: usize,
}

impl<'c, 't> Cursor<'c, 't> {
    fn peek(&self) -> Option<&'c Token<'t>> {
        self.rest.first()
    }

    fn step(&mut self) {
        if let Some((first, rest)) = self.rest.split_first() {
            self.end = first.end;
            self.rest = rest;
        }
    }

    /// The next number, if it has so many digits.
    fn number(&mut self, digits: RangeInclusive<usize>) -> Option<&'t str> {
        match self.peek()?.kind {
            Kind::Number(number) if digits.contains(&number.len()) => {
                self.step();
                Some(number)
            }
            _ => None,
        }
    }

    /// The next word, if `meaning` knows it.
    fn word<T>(&mut self, meaning: impl Fn(&str) -> Option<T>) -> Option<T> {
        match &self.peek()?.kind {
            Kind::Word(word) => meaning(word).inspect(|_| self.step()),
            _ => None,
        }
    }

    /// Steps over the next word if it is one of these.
    fn skip_word(&mut self, words: &[&str]) -> bool {
        self.word(|word| words.contains(&word).then_some(())).is_some()
    }

    /// The next sign, if it is wanted.
    fn sign(&mut self, is_wanted: impl Fn(char) -> bool) -> Option<char> {
        match self.peek()?.kind {
            Kind::Sign(sign) if is_wanted(sign) => {
                self.step();
                Some(sign)
            }
            _ => None,
        }
    }

    /// What stands between the parts of a date: `.`, `/`, `-`, or a space.
    fn separator(&mut self) -> Option<char> {
        self.sign(|sign| matches!(sign, '.' | '/' | '-')).or_else(|| self.peek()?.is_apart.then_some(' '))
    }

    /// A date or a shelf life, with what may stand before it. The cursor stays before what is neither.
    fn item(&mut self, cue: &CueHit, cues: &[CueHit]) -> Option<Item> {
        let mut ahead = *self;
        let note = ahead.bridge();
        let item = match ahead.date(cue, note) {
            Some(found) => Some(Item::Date(found)),
            None if cue.takes_span => ahead.shelf_life(cue.role, cues).map(Item::Span),
            None => None,
        };
        if item.is_some() {
            *self = ahead;
        }
        item
    }

    /// Whether a range of dates ends here: "02/04/2026 - 02/04/2029".
    fn has_second_date(mut self, cue: &CueHit) -> bool {
        let is_range =
            self.sign(|sign| matches!(sign, '-' | '–' | '—' | '~' | '/')).is_some() || self.skip_word(&["den"]);
        is_range && self.date(cue, None).is_some()
    }

    /// Steps over what may stand between a cue and its date: the order that it may state is the result.
    fn bridge(&mut self) -> Option<Order> {
        let mut note = None;
        for _ in 0..MAX_BRIDGE {
            if let Some(order) = self.order_note() {
                note = Some(order);
            } else if self.sign(|sign| !NO_FILLERS.contains(&sign)).is_none() && !self.skip_word(&FILLERS) {
                break;
            }
        }
        note
    }

    /// The order that a label states when it is not day first: "(năm/tháng/ngày)", "yyyy.mm.dd", "YYMMDD".
    fn order_note(&mut self) -> Option<Order> {
        let mut ahead = *self;
        ahead.sign(|sign| sign == '(');
        let mut note = String::new();
        for _ in 0..3 {
            note += &ahead.word(|word| Some(word.to_owned()))?;
            let order = match note.as_str() {
                "ngaythangnam" | "ddmmyy" | "ddmmyyyy" => Order::DayMonthYear,
                "namthangngay" | "yymmdd" | "yyyymmdd" => Order::YearMonthDay,
                "thangngaynam" | "mmddyy" | "mmddyyyy" => Order::MonthDayYear,
                _ => {
                    ahead.separator();
                    continue;
                }
            };
            ahead.sign(|sign| sign == ')');
            *self = ahead;
            return Some(order);
        }
        None
    }

    fn date(&mut self, cue: &CueHit, note: Option<Order>) -> Option<Found> {
        let start = self.peek()?.start;
        let (mut readings, mut after) = self.written_date().or_else(|| self.numeric_date())?;
        let end = after.end;
        match note.or_else(|| after.order_note()) {
            Some(order) => readings.retain(|reading| reading.order == order || reading.day.is_none()),
            None => readings.retain(|reading| reading.order != Order::MonthDayYear || cue.english),
        }
        if readings.is_empty() {
            return None;
        }
        *self = after;
        Some(Found { role: cue.role, readings, start, end })
    }

    /// "2 tháng 4 năm 2026", "tháng 4/2026", "T4/2026", "20 Jan 2026", "Jan 20, 2026", "Jan 2026".
    fn written_date(mut self) -> Option<(Vec<Reading>, Self)> {
        let mut day = self.number(1..=2);
        self.sign(|sign| matches!(sign, '-' | '/' | '.'));
        let month = match self.word(month_named) {
            Some(month) => {
                let mut ahead = self;
                if day.is_none()
                    && let Some(number) = ahead.number(1..=2)
                {
                    day = Some(number);
                    self = ahead;
                }
                month
            }
            None => {
                self.word(|word| matches!(word, "thang" | "th" | "t").then_some(()))?;
                self.sign(|sign| sign == '.');
                month_numbered(self.number(1..=2)?)?
            }
        };
        let has_sign = self.sign(|sign| matches!(sign, '-' | '/' | '.' | ',')).is_some();
        let is_joined = self.skip_word(&["nam"]) || has_sign || day.is_some();
        // "T12 20ml" is no year.
        let year = self.number(if is_joined { 2..=4 } else { 4..=4 })?;
        Some((vec![Reading::of_month(Order::DayMonthYear, year, month, day)?], self))
    }

    /// "020426", "02042026", "02/04/26", "2026-04-02", "04/2026".
    fn numeric_date(mut self) -> Option<(Vec<Reading>, Self)> {
        let first = self.number(1..=8)?;
        if matches!(first.len(), 6 | 8) {
            // "020426A" is a lot.
            let is_whole = self.peek().is_none_or(|next| next.is_apart || matches!(next.kind, Kind::Sign(_)));
            return is_whole.then(|| (run_together(first), self));
        }
        let separator = self.separator()?;
        let second = self.number(1..=4)?;
        let month_and_year = self;
        let goes_on = second.len() <= 2 && self.separator() == Some(separator);
        let third = goes_on.then(|| self.number(1..=4)).flatten();
        // Between spaces only whole numbers are parts of a date: "2 4 26" may be anything.
        if separator == ' ' && [Some(first), Some(second), third].iter().flatten().any(|part| part.len() < 2) {
            return None;
        }
        match third {
            Some(third) => Some((Reading::in_every_order(first, second, third), self)),
            None => Some((month_and_year.of_month_and_year(separator, first, second), month_and_year)),
        }
    }

    /// "04/2026", "2026-04", "04/26": what stood before the cursor.
    fn of_month_and_year(self, separator: char, first: &str, second: &str) -> Vec<Reading> {
        let reading = match (first.len(), second.len()) {
            (1..=2, 4) => Reading::new(Order::DayMonthYear, second, first, None),
            (4, 1..=2) if separator != ' ' => Reading::new(Order::YearMonthDay, first, second, None),
            // "04/11" may be a day, "12-24 tháng" is a span.
            (1..=2, 2) if separator != ' ' && second > "12" && self.is_at_end() => {
                Reading::new(Order::DayMonthYear, second, first, None)
            }
            _ => None,
        };
        reading.into_iter().collect()
    }

    /// Whether no unit and no further number follows.
    fn is_at_end(mut self) -> bool {
        if self.word(unit_named).is_some() {
            return false;
        }
        self.sign(|sign| matches!(sign, '.' | '/' | '-' | ','));
        self.number(1..=usize::MAX).is_none() && self.sign(|sign| sign == '%').is_none()
    }

    /// "30 tháng", "3 năm kể từ ngày sản xuất", "1 năm 6 tháng"; behind the cue of production "30 tháng trước HSD".
    /// The cursor stops before the words "kể từ ngày sản xuất": a date may follow them.
    fn shelf_life(&mut self, role: DateRole, cues: &[CueHit]) -> Option<ShelfLife> {
        let start = self.peek()?.start;
        let mut ahead = *self;
        let span = ahead.span()?;
        let end = match ahead.anchor(role, cues) {
            (Anchor::Known, end) => end,
            (Anchor::None, _) if role == DateRole::Hsd => ahead.end,
            _ => return None,
        };
        *self = ahead;
        Some(ShelfLife { span, start, end })
    }

    fn span(&mut self) -> Option<Span> {
        let amount: u32 = whole(self.number(1..=3)?).filter(|amount| *amount > 0)?;
        Some(match self.word(unit_named)? {
            Unit::Day => Span::Days(amount),
            Unit::Week => Span::Days(amount * 7),
            Unit::Month => Span::Months(amount),
            Unit::Year => {
                let mut ahead = *self;
                let more = match ahead.span() {
                    Some(Span::Months(months)) => {
                        *self = ahead;
                        months
                    }
                    _ if self.skip_word(&["ruoi"]) => 6,
                    _ => 0,
                };
                Span::Months(amount * 12 + more)
            }
        })
    }

    /// From when a span counts, and where the words that say it end.
    fn anchor(mut self, role: DateRole, cues: &[CueHit]) -> (Anchor, usize) {
        const PREPOSITIONS: [&str; 13] =
            ["ke", "tinh", "tu", "sau", "truoc", "khi", "luc", "from", "after", "since", "before", "the", "date"];
        self.sign(|sign| sign == '(');
        let mut has_preposition = false;
        while let Some(next) = self.peek() {
            let cue = cues.binary_search_by_key(&next.start, |cue| cue.start).ok().and_then(|at| cues.get(at));
            if let Some(cue) = cue {
                let is_known = has_preposition && cue.role != role;
                return (if is_known { Anchor::Known } else { Anchor::None }, cue.end);
            }
            if !self.skip_word(&PREPOSITIONS) {
                break;
            }
            has_preposition = true;
        }
        if has_preposition && role == DateRole::Hsd && self.skip_word(&["san", "sx", "production", "manufacturing"]) {
            self.skip_word(&["xuat"]);
            return (Anchor::Known, self.end);
        }
        let is_of_opening = self.skip_word(&["mo", "khui", "boc", "open", "opened", "opening"]);
        let is_of_sealed = self.skip_word(&["chua"]);
        let anchor = if is_of_opening || has_preposition && !is_of_sealed { Anchor::Other } else { Anchor::None };
        (anchor, self.end)
    }
}

/// From when a span counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Anchor {
    /// Nothing says it.
    None,
    /// A shelf life from production, or production from expiry.
    Known,
    /// Opening, buying: no shelf life of sealed goods.
    Other,
}

#[derive(Debug, Clone, Copy)]
enum Unit {
    Day,
    Week,
    Month,
    Year,
}

fn unit_named(word: &str) -> Option<Unit> {
    match word {
        "ngay" | "day" | "days" => Some(Unit::Day),
        "tuan" | "week" | "weeks" => Some(Unit::Week),
        "thang" | "month" | "months" => Some(Unit::Month),
        "nam" | "year" | "years" => Some(Unit::Year),
        _ => None,
    }
}

fn month_numbered(number: &str) -> Option<Month> {
    whole::<u8>(number).and_then(|number| Month::try_from(number).ok())
}

fn month_named(word: &str) -> Option<Month> {
    Some(match word {
        "jan" | "january" => Month::January,
        "feb" | "february" => Month::February,
        "mar" | "march" => Month::March,
        "apr" | "april" => Month::April,
        "may" => Month::May,
        "jun" | "june" => Month::June,
        "jul" | "july" => Month::July,
        "aug" | "august" => Month::August,
        "sep" | "sept" | "september" => Month::September,
        "oct" | "october" => Month::October,
        "nov" | "november" => Month::November,
        "dec" | "december" => Month::December,
        _ => return None,
    })
}

/// "020426", "02042026", "20260402", "042026".
fn run_together(digits: &str) -> Vec<Reading> {
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default();
    if digits.len() == 6 {
        // No date of six digits has the month 20: "042026" is a month and its year.
        let month_and_year = Reading::new(Order::DayMonthYear, part(2, 6), part(0, 2), None);
        let whole = Reading::in_every_order(part(0, 2), part(2, 4), part(4, 6));
        return month_and_year.into_iter().chain(whole).collect();
    }
    let year_last = Reading::in_every_order(part(0, 2), part(2, 4), part(4, 8));
    let year_first = Reading::new(Order::YearMonthDay, part(0, 4), part(4, 6), Some(part(6, 8)));
    year_last.into_iter().chain(year_first).collect()
}

fn has_day(iso: &str) -> bool {
    iso.len() > "YYYY-MM".len()
}

fn first_day(iso: &str) -> Option<Date> {
    day_of(iso, |_, _| 1)
}

/// The day; of a month without one the last.
fn last_day(iso: &str) -> Option<Date> {
    day_of(iso, |year, month| month.length(year))
}

fn day_of(iso: &str, default: impl Fn(i32, Month) -> u8) -> Option<Date> {
    let mut parts = iso.splitn(3, '-');
    let year = whole(parts.next()?)?;
    let month = month_numbered(parts.next()?)?;
    let day = match parts.next() {
        Some(day) => whole(day)?,
        None => default(year, month),
    };
    Date::from_calendar_date(year, month, day).ok()
}

fn iso_date(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
}

/// The same day so many months later, or the month's last when it has no such day.
fn months_later(from: Date, months: u32) -> Option<Date> {
    let months_before = from.year() * 12 + i32::from(u8::from(from.month())) - 1;
    let total = months_before.checked_add_unsigned(months)?;
    let (year, month) = (total.div_euclid(12), total.rem_euclid(12) + 1);
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    Date::from_calendar_date(year, month, from.day().min(month.length(year))).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::knowledge::{BUILT_IN, Knowledge};
    use proptest::prelude::*;

    thread_local! {
        static KNOWLEDGE: Knowledge = Knowledge::open(BUILT_IN).unwrap();
    }

    fn find(text: &str) -> LabelDates {
        KNOWLEDGE.with(|knowledge| knowledge.spot(text).label_dates())
    }

    fn quote(text: &str, start: usize, end: usize) -> &str {
        text.get(start..end).expect("a span of the text")
    }

    /// `nsx 2026-04-02 [020426]`, with `?` where it is not certain; `30 months [30 tháng kể từ NSX]`.
    fn found(text: &str) -> String {
        let LabelDates { dates, shelf_life } = find(text);
        let dates = dates.iter().map(|date| {
            let role = if date.role == DateRole::Nsx { "nsx" } else { "hsd" };
            let doubt = if date.certain { "" } else { "?" };
            format!("{role} {}{doubt} [{}]", date.iso, quote(text, date.start, date.end))
        });
        let spans = shelf_life.iter().map(|life| {
            let span = match life.span {
                Span::Months(months) => format!("{months} months"),
                Span::Days(days) => format!("{days} days"),
            };
            format!("{span} [{}]", quote(text, life.start, life.end))
        });
        dates.chain(spans).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn dates_in_every_written_form() {
        const CASES: [(&str, &str); 95] = [
            // Decree 37/2026 Annex III.
            ("NSX: 020426 HSD: 021028", "nsx 2026-04-02 [020426], hsd 2028-10-02 [021028]"),
            ("NSX 02 04 26 HSD 02 10 28", "nsx 2026-04-02 [02 04 26], hsd 2028-10-02 [02 10 28]"),
            ("NSX: 02042026 HSD: 02102028", "nsx 2026-04-02 [02042026], hsd 2028-10-02 [02102028]"),
            ("NSX: 02042026 HSD: 02 10 2028", "nsx 2026-04-02 [02042026], hsd 2028-10-02 [02 10 2028]"),
            ("NSX: 02/04/26 HSD: 02/10/28", "nsx 2026-04-02 [02/04/26], hsd 2028-10-02 [02/10/28]"),
            ("NSX: 020426 HSD: 30 tháng", "nsx 2026-04-02 [020426], 30 months [30 tháng]"),
            ("NSX: 020426 HSD: 30 tháng kể từ NSX", "nsx 2026-04-02 [020426], 30 months [30 tháng kể từ NSX]"),
            ("HSD: 021028 NSX 30 tháng trước HSD", "hsd 2028-10-02 [021028], 30 months [30 tháng trước HSD]"),
            ("NSX: 260402 (năm/tháng/ngày)", "nsx 2026-04-02 [260402]"),
            ("HSD: 281002 (năm/tháng/ngày)", "hsd 2028-10-02 [281002]"),
            ("MFG 20 Jan 2026, EXP 20 Feb 2028", "nsx 2026-01-20 [20 Jan 2026], hsd 2028-02-20 [20 Feb 2028]"),
            // Every separator, every length of the year.
            ("NSX: 02/04/2026", "nsx 2026-04-02 [02/04/2026]"),
            ("NSX: 2.4.2026", "nsx 2026-04-02 [2.4.2026]"),
            ("NSX: 02-04-2026", "nsx 2026-04-02 [02-04-2026]"),
            ("NSX: 2/4/26", "nsx 2026-04-02 [2/4/26]"),
            ("NSX: 02 04 2026", "nsx 2026-04-02 [02 04 2026]"),
            ("HSD: 02 / 04 / 2028", "hsd 2028-04-02 [02 / 04 / 2028]"),
            ("HSD: 2028-04-02", "hsd 2028-04-02 [2028-04-02]"),
            ("HSD: 2028/04/02", "hsd 2028-04-02 [2028/04/02]"),
            ("HSD: 2028.4.2", "hsd 2028-04-02 [2028.4.2]"),
            ("HSD: 2028 04 02", "hsd 2028-04-02 [2028 04 02]"),
            ("HSD: 20280402", "hsd 2028-04-02 [20280402]"),
            ("HSD 31/12/2027.", "hsd 2027-12-31 [31/12/2027]"),
            ("NSX 29/02/2024", "nsx 2024-02-29 [29/02/2024]"),
            // Two readings: the Decree's, in doubt; a note or the other date takes the doubt away.
            ("NSX: 210426", "nsx 2026-04-21? [210426]"),
            ("NSX: 21/04/26", "nsx 2026-04-21? [21/04/26]"),
            ("NSX: 210426 (ngày/tháng/năm)", "nsx 2026-04-21 [210426]"),
            ("NSX: 210426 (YYMMDD)", "nsx 2021-04-26 [210426]"),
            ("NSX (yy.mm.dd): 21.04.26", "nsx 2021-04-26 [21.04.26]"),
            ("HSD (ngày/tháng/năm): 02/04/28", "hsd 2028-04-02 [02/04/28]"),
            ("NSX: 210426 HSD: 210428", "nsx 2026-04-21? [210426], hsd 2028-04-21? [210428]"),
            ("NSX: 230524 HSD: 240523", "nsx 2023-05-24 [230524], hsd 2024-05-23 [240523]"),
            ("NSX: 20/04/2026 HSD: 210428", "nsx 2026-04-20 [20/04/2026], hsd 2028-04-21 [210428]"),
            ("HSD: 260430 NSX: 260402", "hsd 2026-04-30 [260430], nsx 2026-04-02 [260402]"),
            ("NSX: 260402 HSD: 281130", "nsx 2026-04-02 [260402], hsd 2028-11-30 [281130]"),
            // Month and year.
            ("HSD: 04/2028", "hsd 2028-04 [04/2028]"),
            ("HSD 4.2028", "hsd 2028-04 [4.2028]"),
            ("HSD: 2028-04", "hsd 2028-04 [2028-04]"),
            ("EXP 04 2028", "hsd 2028-04 [04 2028]"),
            ("HSD 04/28", "hsd 2028-04 [04/28]"),
            ("HSD: 042028", "hsd 2028-04 [042028]"),
            ("HSD T4/2028", "hsd 2028-04 [T4/2028]"),
            ("HSD: T04.2028", "hsd 2028-04 [T04.2028]"),
            ("hsd t12/27", "hsd 2027-12 [t12/27]"),
            ("NSX: tháng 4 năm 2026", "nsx 2026-04 [tháng 4 năm 2026]"),
            ("HSD tới 04/2028", "hsd 2028-04 [04/2028]"),
            ("HSD đến hết tháng 4/2028", "hsd 2028-04 [tháng 4/2028]"),
            ("HSD: Th4 2028", "hsd 2028-04 [Th4 2028]"),
            ("EXP Apr 2028", "hsd 2028-04 [Apr 2028]"),
            ("EXP: APR/28", "hsd 2028-04 [APR/28]"),
            // Written out.
            ("Ngày sản xuất: ngày 2 tháng 4 năm 2026", "nsx 2026-04-02 [2 tháng 4 năm 2026]"),
            ("hạn sử dụng đến 02 tháng 04/2028", "hsd 2028-04-02 [02 tháng 04/2028]"),
            ("EXP: 20-JAN-2028", "hsd 2028-01-20 [20-JAN-2028]"),
            ("EXP: 20JAN28", "hsd 2028-01-20 [20JAN28]"),
            ("Best before: Jan 20, 2028", "hsd 2028-01-20 [Jan 20, 2028]"),
            // Every cue, whatever its case and its diacritics.
            ("N.S.X: 02/04/2026", "nsx 2026-04-02 [02/04/2026]"),
            ("nsx 02/04/2026", "nsx 2026-04-02 [02/04/2026]"),
            ("ngay san xuat 02/04/2026", "nsx 2026-04-02 [02/04/2026]"),
            ("Nga\u{300}y sa\u{309}n xua\u{302}\u{301}t: 02/04/2026", "nsx 2026-04-02 [02/04/2026]"),
            ("NGÀY SX: 02/04/2026", "nsx 2026-04-02 [02/04/2026]"),
            ("Ngày sản xuất (NSX): 02/04/2026", "nsx 2026-04-02 [02/04/2026]"),
            ("Sản xuất ngày 02/04/2026 tại Hà Nội", "nsx 2026-04-02 [02/04/2026]"),
            ("MFD. 20/04/2026", "nsx 2026-04-20 [20/04/2026]"),
            ("Mfg date: 2026-04-02", "nsx 2026-04-02 [2026-04-02]"),
            ("Production date 2026.04.02", "nsx 2026-04-02 [2026.04.02]"),
            ("H.S.D 02/04/2028", "hsd 2028-04-02 [02/04/2028]"),
            ("HẠN SỬ DỤNG: 02/04/2028", "hsd 2028-04-02 [02/04/2028]"),
            ("Hạn dùng - 02/04/2028", "hsd 2028-04-02 [02/04/2028]"),
            ("Ngày hết hạn là ngày 02/04/2028", "hsd 2028-04-02 [02/04/2028]"),
            ("HD: 021028", "hsd 2028-10-02 [021028]"),
            ("Sử dụng đến ngày 02/04/2028", "hsd 2028-04-02 [02/04/2028]"),
            ("Dùng tốt nhất trước: 02/04/2028", "hsd 2028-04-02 [02/04/2028]"),
            ("Exp date 2028/04/02", "hsd 2028-04-02 [2028/04/02]"),
            ("Expiry: 12/25/2028", "hsd 2028-12-25 [12/25/2028]"),
            ("EXP 02/04/2028", "hsd 2028-04-02? [02/04/2028]"),
            ("MFG 20/04/2026 EXP 02/04/2028", "nsx 2026-04-20 [20/04/2026], hsd 2028-04-02 [02/04/2028]"),
            ("BBE 2028-04-02", "hsd 2028-04-02 [2028-04-02]"),
            ("use by 30.04.2028", "hsd 2028-04-30 [30.04.2028]"),
            // Pairs.
            ("NSX/HSD: 020426/020429", "nsx 2026-04-02 [020426], hsd 2029-04-02 [020429]"),
            ("NSX - HSD: 02/04/2026 - 02/04/2029", "nsx 2026-04-02 [02/04/2026], hsd 2029-04-02 [02/04/2029]"),
            ("HSD & NSX: 04/2029 & 04/2026", "hsd 2029-04 [04/2029], nsx 2026-04 [04/2026]"),
            (
                "Ngày sản xuất và hạn sử dụng: 02/04/2026 và 02/04/2029",
                "nsx 2026-04-02 [02/04/2026], hsd 2029-04-02 [02/04/2029]",
            ),
            ("NSX:\nHSD:\n02/04/2026\n02/04/2029", "nsx 2026-04-02 [02/04/2026], hsd 2029-04-02 [02/04/2029]"),
            ("NSX/HSD: 02/04/2026 / 24 tháng", "nsx 2026-04-02 [02/04/2026], 24 months [24 tháng]"),
            // Shelf lives.
            ("HSD: 30 tháng kể từ NSX", "30 months [30 tháng kể từ NSX]"),
            ("HSD 24 tháng, hàng mới", "24 months [24 tháng]"),
            (
                "Hạn sử dụng: 3 năm kể từ ngày sản xuất. HSD: 02/04/2029",
                "hsd 2029-04-02 [02/04/2029], 36 months [3 năm kể từ ngày sản xuất]",
            ),
            (
                "Hạn sử dụng: 12 tháng từ ngày sản xuất: 02/04/2026",
                "nsx 2026-04-02 [02/04/2026], 12 months [12 tháng từ ngày sản xuất]",
            ),
            ("HSD: 3 năm khi chưa mở nắp, 6 tháng sau khi mở nắp", "36 months [3 năm]"),
            (
                "Ngày sản xuất: 2 năm trước hạn sử dụng (02/04/2028)",
                "hsd 2028-04-02 [02/04/2028], 24 months [2 năm trước hạn sử dụng]",
            ),
            ("HSD: 36 tháng (NSX: 02/2026)", "nsx 2026-02 [02/2026], 36 months [36 tháng]"),
            ("Hạn dùng 1 năm 6 tháng", "18 months [1 năm 6 tháng]"),
            ("Hạn sử dụng: 2 năm rưỡi kể từ khi sản xuất", "30 months [2 năm rưỡi kể từ khi sản xuất]"),
            ("HSD: 6 ngày kể từ NSX và 24 tiếng sau khi mở nắp", "6 days [6 ngày kể từ NSX]"),
            ("Shelf life: 2 weeks from production date", "14 days [2 weeks from production date]"),
        ];
        for (text, expected) in CASES {
            assert_eq!(found(text), expected, "{text}");
        }
    }

    #[test]
    fn everything_else_is_quiet() {
        const CASES: [&str; 60] = [
            "",
            "020426",
            "Đặt hàng ngày 02/04/2026",
            "Giao hàng dự kiến 02/04/2026 - 05/04/2026",
            "Sale 11/11/2026 giảm 50%",
            "Deal chỉ đến 30/11/2026",
            "Hotline 0901 020426",
            "Liên hệ 02 04 26 35 17",
            "Giá 020.426đ",
            "Mã đơn 26040212345",
            "Ra mắt tháng 4 năm 2026",
            "Sinh ngày 2 tháng 4 năm 2000",
            "Chứng nhận số 497/2025/XNQC-ATTP",
            "SĐK VN-17500-13 cấp ngày 02/04/2026",
            "NSX & HSD: in trên bao bì",
            "NSX, HSD: xem trên bao bì sản phẩm",
            "NSX: Công ty TNHH Ví Dụ, 020426",
            "NSX: Hàn Quốc",
            "HSD: xem đáy hộp. Hotline 02042026",
            "HSD còn 6 tháng",
            "HSD còn dài",
            "HSD trên 12 tháng",
            "HSD mới nhất",
            "HSD:",
            "HSD: 31/02/2026",
            "HSD: 30/02/2026",
            "HSD: 29/02/2026",
            "HSD: 32/01/2026",
            "HSD: 00/04/2026",
            "HSD: 321326",
            "NSX 02/13/2026",
            "NSX 02/31/26",
            "HSD: 1900.6868",
            "HSD 0901234567",
            "HSD: 199.000đ",
            "HSD #020426",
            "HSD lô 020426",
            "HSD 020426A",
            "HSD: 24-36 tháng",
            "HSD: 12-24 tháng",
            "HSD 02/11",
            "NSX 2 4 26",
            "HSD\n\n02/04/2026 10:15 Phân loại: Hồng",
            "Dùng trong 6 tháng sau khi mở nắp",
            "Hạn sử dụng: 6 tháng sau khi mở nắp",
            "Hạn sử dụng sau khi mở nắp: 12 tháng",
            "HSD 12 tháng kể từ ngày mua",
            "HSD: 12 tháng mở nắp",
            "Bảo hành 24 tháng kể từ ngày sản xuất",
            "Máy có thể sử dụng đến 6 tháng một lần sạc",
            "NSX/HSD: 02/04/2026",
            "HSD: 02/04/2026 - 02/04/2029",
            "NSX, HSD, số lô: 020426 020428 A1",
            "Ngày hết hạn bảo hành 02/04/2027",
            "HSD 3 tháng kể từ khi mở nắp",
            "HSD: ghi trên bao bì (ngày/tháng/năm)",
            "Voucher 50k HSD 30/11/2026",
            "Mã giảm giá, hạn sử dụng 30/11/2026",
            "Màn hình Full HD 020426",
            "Đèn sử dụng đèn 02/04/2026",
        ];
        for text in CASES {
            assert_eq!(found(text), "", "{text}");
        }
    }

    #[test]
    fn expiry_is_stated_or_computed() {
        let expiry = |text: &str| find(text).expiry().map(|expiry| (expiry.iso, expiry.computed, expiry.certain));
        let some = |iso: &str, computed, certain| Some((iso.to_owned(), computed, certain));
        assert_eq!(expiry("HSD: 021028"), some("2028-10-02", false, true));
        assert_eq!(expiry("HSD: 02/2028"), some("2028-02-29", false, true));
        assert_eq!(expiry("NSX: 020426 HSD: 30 tháng"), some("2028-10-02", true, true));
        assert_eq!(expiry("NSX: 31/08/2026 HSD: 6 tháng kể từ NSX"), some("2027-02-28", true, true));
        assert_eq!(expiry("NSX: 29/02/2024 HSD: 1 năm"), some("2025-02-28", true, true));
        assert_eq!(expiry("NSX: 30/12/2026 HSD: 5 ngày"), some("2027-01-04", true, true));
        assert_eq!(expiry("NSX: 04/2026 HSD: 24 tháng"), some("2028-04-30", true, false));
        assert_eq!(expiry("NSX: 210426 HSD: 24 tháng"), some("2028-04-21", true, false));
        assert_eq!(expiry("HSD: 04/2028, loại 2 HSD: 05/2028"), some("2028-04-30", false, false));
        assert_eq!(expiry("HSD: 24 tháng"), None);
        assert_eq!(expiry("NSX: 020426"), None);
    }

    #[test]
    fn freshness_of_sealed_goods() {
        use Freshness::{Contradicted, Expired, InDate, NearlyExpired};
        for (expiry, production, today, expected) in [
            ("2026-11-23", None, "2026-11-23", Some(NearlyExpired)),
            ("2026-11-23", None, "2026-11-24", Some(Expired)),
            ("2026-11", None, "2026-11-30", Some(NearlyExpired)),
            ("2027-01-22", None, "2026-11-23", Some(InDate)),
            ("2027-01-21", None, "2026-11-23", Some(NearlyExpired)),
            // 60 days of shelf life: nearly expired under ten.
            ("2026-03-02", Some("2026-01-01"), "2026-02-20", Some(InDate)),
            ("2026-03-02", Some("2026-01-01"), "2026-02-21", Some(NearlyExpired)),
            ("2028-11-23", Some("2025-11-23"), "2028-05-20", Some(InDate)),
            ("2028-11-23", Some("2025-11-23"), "2028-06-01", Some(NearlyExpired)),
            ("2025-11-23", Some("2026-11-23"), "2026-11-23", Some(Contradicted)),
            ("2026-11-23", Some("2026-11-23"), "2026-11-23", Some(InDate)),
            ("31/02", None, "2026-11-23", None),
            ("2026-11-23", Some("2026-13-01"), "2026-11-23", None),
            ("2026-11-23", None, "", None),
        ] {
            assert_eq!(freshness(expiry, production, today), expected, "{expiry} {production:?} {today}");
        }
        let label = |text: &str| find(text).freshness("2026-11-23");
        assert_eq!(label("NSX: 020426 HSD: 30 tháng"), Some(InDate));
        assert_eq!(label("NSX: 02/04/2026 HSD: 02/04/2025"), Some(Contradicted));
        assert_eq!(label("HSD: 10/2026"), Some(Expired));
        assert_eq!(label("NSX: 020426"), None);
    }

    /// A date in every form of day, month and year, and whether its year has four digits.
    fn written(date: Date) -> Vec<(String, bool)> {
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        let short = year % 100;
        let mut forms = vec![
            (format!("{day:02}{month:02}{year}"), true),
            (format!("{day:02}{month:02}{short:02}"), false),
            (format!("ngày {day} tháng {month} năm {year}"), true),
        ];
        for separator in ['.', '/', '-', ' '] {
            forms.push((format!("{day:02}{separator}{month:02}{separator}{year}"), true));
            forms.push((format!("{day:02}{separator}{month:02}{separator}{short:02}"), false));
        }
        for separator in ['.', '/', '-'] {
            forms.push((format!("{day}{separator}{month}{separator}{year}"), true));
            forms.push((format!("{day}{separator}{month}{separator}{short:02}"), false));
        }
        forms
    }

    /// Every day of the calendar, day first, comes back from every form.
    #[test]
    fn days_round_trip() {
        let mut date = Date::from_calendar_date(*SHORT_YEARS.start(), Month::January, 1).unwrap();
        while date.year() <= *SHORT_YEARS.end() {
            for (form, is_certain) in written(date) {
                let text = format!("NSX: {form}.");
                let dates = find(&text).dates;
                let [only] = dates.as_slice() else { panic!("{text}: {dates:?}") };
                assert_eq!(only.iso, iso_date(date), "{text}");
                assert_eq!(quote(&text, only.start, only.end), form.trim_start_matches("ngày "));
                assert!(only.certain || !is_certain, "{text}");
            }
            date = date.next_day().unwrap();
        }
    }

    proptest! {
        #[test]
        fn any_text_is_safe_and_spans_are_inside_it(
            text in "(NSX|HSD|EXP|ngày |tháng |năm |từ |[0-9]{1,4}|[0-9]{6}|[0-9]{8}|[ :/-]|\\.|\u{301}|\\PC|\n){0,24}",
        ) {
            let found = find(&text);
            for date in &found.dates {
                prop_assert!(quote(&text, date.start, date.end).contains(|c: char| c.is_ascii_digit()));
                prop_assert!(last_day(&date.iso).is_some());
            }
            if let Some(life) = found.shelf_life {
                prop_assert!(quote(&text, life.start, life.end).contains(|c: char| c.is_ascii_digit()));
            }
            let _ = (found.expiry(), found.freshness("2026-11-23"));
        }

        #[test]
        fn any_day_is_safe(text in "[0-9-]{0,12}", months: u32) {
            let _ = freshness(&text, Some(&text), &text);
            if let Some(day) = last_day(&text) {
                let _ = months_later(day, months);
            }
        }
    }
}
