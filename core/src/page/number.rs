//! Numbers, prices, counts and moments as Vietnamese shops write them:
//! "1,8k", "2tr5", "1tr290", "99.000đ", "₫450.000", "Đã bán 1,2k", "36% Off", "5 năm trước".

use crate::text::fold;

/// Largest number that is believed; beyond it the text is not a number of things or of đồng.
const MAX_VALUE: u64 = 1_000_000_000_000_000;

/// A number in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Number {
    /// Value in thousandths.
    pub milli: u64,
    /// What it is a number of.
    pub unit: Unit,
    /// First byte in the text, currency sign included.
    pub start: usize,
    /// Byte after the last.
    pub end: usize,
}

/// What a number is a number of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// Written with a đồng sign, or in the shorthand of prices ("2tr5").
    Dong,
    /// Written with a dollar sign.
    Dollar,
    /// Per cent.
    Percent,
    /// Thousands or millions by suffix ("1,2k"): a price or a count.
    Scaled,
    /// Grouped in thousands without a sign ("99.000"): a price or a count.
    Grouped,
    /// Nothing tells.
    Plain,
    /// A measure (g, ml, cm…): neither a price nor a count.
    Measure,
}

/// Every number in a text, in order.
pub fn numbers(text: &str) -> Vec<Number> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(offset) = text.get(at..).and_then(|rest| rest.find(|c: char| c.is_ascii_digit())) {
        let digits = at + offset;
        let (number, end) = number_at(text, digits);
        found.extend(number);
        at = end.max(digits + 1);
    }
    found
}

/// The price a text states: the last price-shaped number after "còn"/"chỉ", otherwise the lowest that is
/// price-shaped. Whole đồng.
pub fn price(text: &str) -> Option<u64> {
    prices(text).into_iter().min()
}

/// Words before and behind a number that make it a count and no price, folded.
const COUNTED_BEFORE: [&str; 5] = ["ban", "sold", "tong", "hon", "view"];
const COUNTED_BEHIND: [&str; 16] = [
    "nguoi",
    "luot",
    "danh",
    "sold",
    "view",
    "views",
    "follow",
    "follower",
    "followers",
    "like",
    "likes",
    "don",
    "khach",
    "san",
    "sp",
    "mon",
];

/// The prices that a text states, in order: with a sign, or in a shape that only prices have ("199k", "2tr5").
pub fn stated_prices(text: &str) -> Vec<Number> {
    let is_price = |number: &Number| match number.unit {
        Unit::Dong | Unit::Dollar => true,
        Unit::Scaled | Unit::Grouped => number.milli >= 1_000_000 && !is_counted(text, number),
        Unit::Percent | Unit::Plain | Unit::Measure => false,
    };
    numbers(text).into_iter().filter(is_price).collect()
}

/// "Đã bán 1,2k", "3,6k người theo dõi": people and pieces are counted so too.
fn is_counted(text: &str, number: &Number) -> bool {
    let words = |part: &str| fold(part).split(|c: char| !c.is_alphanumeric()).map(str::to_owned).collect::<Vec<_>>();
    let before = words(text.get(..number.start).unwrap_or_default()).into_iter().rev().find(|word| !word.is_empty());
    let behind = words(text.get(number.end..).unwrap_or_default()).into_iter().find(|word| !word.is_empty());
    before.is_some_and(|word| COUNTED_BEFORE.contains(&word.as_str()))
        || behind.is_some_and(|word| COUNTED_BEHIND.contains(&word.as_str()))
}

/// Every price-shaped number in a text, whole đồng, in order.
pub fn prices(text: &str) -> Vec<u64> {
    let numbers = numbers(text);
    let signed: Vec<u64> = in_dong(&numbers, |unit| unit == Unit::Dong);
    if !signed.is_empty() {
        return signed;
    }
    in_dong(&numbers, |unit| matches!(unit, Unit::Scaled | Unit::Grouped))
}

fn in_dong(numbers: &[Number], wanted: impl Fn(Unit) -> bool) -> Vec<u64> {
    (numbers.iter())
        .filter(|number| wanted(number.unit))
        .map(|number| number.milli / 1000)
        .filter(|dong| *dong >= 1)
        .collect()
}

/// The first count in a text: "Đã bán 1,2k", "3,6k người theo dõi", "(123)", "356".
pub fn count(text: &str) -> Option<u64> {
    (numbers(text).into_iter())
        .find(|number| matches!(number.unit, Unit::Scaled | Unit::Grouped | Unit::Plain))
        .map(|number| number.milli / 1000)
}

/// The first percentage, 0–100; a bare number counts where the field is a percentage.
pub fn percent(text: &str) -> Option<u64> {
    (numbers(text).into_iter())
        .find(|number| matches!(number.unit, Unit::Percent | Unit::Plain))
        .map(|number| number.milli / 1000)
        .filter(|percent| *percent <= 100)
}

/// Hundredths of a star, 0–500.
pub fn stars(text: &str) -> Option<u16> {
    (numbers(text).into_iter())
        .find(|number| number.unit == Unit::Plain)
        .map(|number| number.milli / 10)
        .filter(|hundredths| *hundredths <= 500)
        .and_then(|hundredths| u16::try_from(hundredths).ok())
}

/// A whole number in plain digits. One way to read them: the standard library's is a copy for each type in the module.
pub(crate) fn whole<T: TryFrom<i64>>(digits: &str) -> Option<T> {
    T::try_from(digits.parse().ok()?).ok()
}

/// A moment: seconds since 1970, an ISO date, `dd/mm/yyyy`, or a span before `now` ("5 năm trước").
pub fn moment(text: &str, now: i64) -> Option<i64> {
    let folded = fold(text);
    if let Some(span) = span_days(&folded) {
        return Some(now - span * 86_400);
    }
    let parts: Vec<i64> =
        (folded.split(|c: char| !c.is_ascii_digit())).filter(|part| !part.is_empty()).filter_map(whole).collect();
    match *parts.as_slice() {
        [year @ 1970..=2200, month, day, ..] => day_to_seconds(year, month, day),
        [day, month, year @ 1970..=2200, ..] => day_to_seconds(year, month, day),
        [seconds @ 100_000_000..=9_999_999_999] => Some(seconds),
        [millis @ 100_000_000_000..=9_999_999_999_999] => Some(millis / 1000),
        _ => None,
    }
}

/// Days in "5 năm trước", "3 tháng", "2 tuần trước", "12 ngày"; folded text.
fn span_days(folded: &str) -> Option<i64> {
    const UNITS: [(&str, i64); 9] = [
        ("nam", 365),
        ("thang", 30),
        ("tuan", 7),
        ("ngay", 1),
        ("gio", 0),
        ("year", 365),
        ("month", 30),
        ("week", 7),
        ("day", 1),
    ];
    let digits_end = folded.find(|c: char| !c.is_ascii_digit())?;
    let amount: i64 = whole(folded.get(..digits_end)?).filter(|amount| *amount < 1000)?;
    let unit = folded.get(digits_end..)?.trim_start();
    let (_, days) = UNITS.iter().find(|(name, _)| unit.starts_with(name))?;
    Some(amount * days)
}

fn day_to_seconds(year: i64, month: i64, day: i64) -> Option<i64> {
    let month = time::Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = time::Date::from_calendar_date(i32::try_from(year).ok()?, month, u8::try_from(day).ok()?).ok()?;
    Some(date.midnight().assume_utc().unix_timestamp())
}

/// The number that starts at a digit, and where reading goes on.
fn number_at(text: &str, digits: usize) -> (Option<Number>, usize) {
    let rest = text.get(digits..).unwrap_or_default();
    let mut length = rest.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == ',')).unwrap_or(rest.len());
    while length > 0 && rest.get(..length).is_some_and(|body| body.ends_with(['.', ','])) {
        length -= 1;
    }
    let body = rest.get(..length).unwrap_or_default();
    let end = digits + length;
    let Some((mut milli, grouped)) = decimal(body) else {
        return (None, end);
    };
    let after = text.get(end..).unwrap_or_default();
    let (scale, scale_length) = scale_suffix(after);
    let mut end = end + scale_length;
    let mut shorthand = false;
    if scale > 1 {
        milli = milli.saturating_mul(scale);
        // "2tr5", "1tr290": the digits that follow are a decimal part of the million.
        let more = text.get(end..).unwrap_or_default();
        let more_length = more.find(|c: char| !c.is_ascii_digit()).unwrap_or(more.len());
        if scale >= 1_000_000 && (1..=3).contains(&more_length) {
            let part: u64 = more.get(..more_length).and_then(whole).unwrap_or(0);
            let unit = scale.saturating_mul(1000) / 10u64.pow(more_length as u32);
            milli = milli.saturating_add(part.saturating_mul(unit));
            end += more_length;
            shorthand = true;
        }
    }
    let before = text.get(..digits).unwrap_or_default();
    let after = text.get(end..).unwrap_or_default();
    let (unit, start, end) = unit_around(before, after, digits, end, scale, grouped, shorthand);
    let number = (milli <= MAX_VALUE.saturating_mul(1000)).then_some(Number { milli, unit, start, end });
    (number, end)
}

/// Thousandths of "1.290.000", "1,8", "4.8", "99.000"; and whether it is grouped in thousands.
fn decimal(body: &str) -> Option<(u64, bool)> {
    let groups: Vec<&str> = body.split(['.', ',']).collect();
    let separators: Vec<char> = body.chars().filter(|c| *c == '.' || *c == ',').collect();
    let (first, tail) = groups.split_first()?;
    let whole_groups = |tail: &[&str]| tail.iter().all(|group| group.len() == 3) && first.len() <= 3 && *first != "0";
    let (whole, fraction) = match separators.as_slice() {
        [] => (body.to_owned(), ""),
        // One separator before three digits groups thousands in Vietnam, whichever it is; otherwise it is decimal.
        [_] if whole_groups(tail) => (groups.concat(), ""),
        [_] => ((*first).to_owned(), *tail.first()?),
        [same, others @ ..] if others.iter().all(|other| other == same) => {
            if !whole_groups(tail) {
                return None;
            }
            (groups.concat(), "")
        }
        // "1.290.000,50": the last separator differs and is the decimal one.
        [..] => {
            let (fraction, tail) = tail.split_last()?;
            if !whole_groups(tail) {
                return None;
            }
            ([&[*first], tail].concat().concat(), *fraction)
        }
    };
    let whole: u64 = self::whole(&whole).filter(|whole| *whole <= MAX_VALUE)?;
    let thousandths = fraction
        .bytes()
        .take(3)
        .enumerate()
        .fold(0u64, |sum, (at, digit)| sum + u64::from(digit - b'0') * 10u64.pow(2 - at as u32));
    let grouped = !separators.is_empty() && fraction.is_empty();
    Some((whole * 1000 + thousandths, grouped))
}

/// Scale of a suffix and its length: "k", "nghìn", "tr", "triệu", "tỷ".
fn scale_suffix(after: &str) -> (u64, usize) {
    const SUFFIXES: [(&str, u64); 12] = [
        ("nghìn", 1000),
        ("ngàn", 1000),
        ("nghin", 1000),
        ("ngan", 1000),
        ("triệu", 1_000_000),
        ("trieu", 1_000_000),
        ("tr", 1_000_000),
        ("tỷ", 1_000_000_000),
        ("tỉ", 1_000_000_000),
        ("k", 1000),
        ("m", 1_000_000),
        ("b", 1_000_000_000),
    ];
    let spaces = after.len() - after.trim_start_matches(' ').len();
    let rest = after.get(spaces..).unwrap_or_default();
    for (suffix, scale) in SUFFIXES {
        let Some(head) = rest.get(..suffix.len()) else { continue };
        if head != suffix && lower(head) != suffix {
            continue;
        }
        let next = rest.get(suffix.len()..).and_then(|rest| rest.chars().next());
        let single = suffix.len() == 1;
        // "2kg", "5ml", "3trà": a unit or a word, not a scale. "M" and "B" only as capitals, "k" never apart.
        let capital = head.bytes().all(|byte| byte.is_ascii_uppercase());
        let ends = match next {
            Some(next) if next.is_alphabetic() => matches!(next, 'đ' | 'Đ' | 'd' | 'v' | 'V'),
            Some(next) if next.is_ascii_digit() => scale >= 1_000_000 && !single,
            _ => true,
        };
        let apart = single && spaces > 0;
        let is_measure = matches!(suffix, "m" | "b") && !capital;
        if ends && !apart && !is_measure {
            return (scale, spaces + suffix.len());
        }
    }
    (1, 0)
}

/// Lower case of the letters that suffixes and units are written in.
fn lower(word: &str) -> String {
    let one = |letter: char| match letter {
        'Đ' => 'đ',
        'Ệ' => 'ệ',
        'Ồ' => 'ồ',
        'Ỷ' => 'ỷ',
        'Ì' => 'ì',
        'À' => 'à',
        'Í' => 'í',
        'Ỉ' => 'ỉ',
        other => other.to_ascii_lowercase(),
    };
    word.chars().map(one).collect()
}

fn unit_around(
    before: &str,
    after: &str,
    start: usize,
    end: usize,
    scale: u64,
    grouped: bool,
    shorthand: bool,
) -> (Unit, usize, usize) {
    let sign_before = before.trim_end_matches(' ');
    if let Some(sign) = ["₫", "đ", "VNĐ", "VND"].iter().find(|sign| sign_before.ends_with(**sign)) {
        let at = sign_before.len() - sign.len();
        let alone = !before.get(..at).is_some_and(|text| text.ends_with(char::is_alphabetic));
        if alone {
            return (Unit::Dong, at, end);
        }
    }
    if sign_before.ends_with('$') {
        return (Unit::Dollar, sign_before.len() - 1, end);
    }
    let spaces = after.len() - after.trim_start_matches([' ', '\u{a0}']).len();
    let rest = after.get(spaces..).unwrap_or_default();
    let word: String = rest.chars().take_while(|c| c.is_alphabetic()).collect();
    let lower = lower(&word);
    if rest.starts_with('%') {
        return (Unit::Percent, start, end + spaces + 1);
    }
    if rest.starts_with('₫') {
        return (Unit::Dong, start, end + spaces + '₫'.len_utf8());
    }
    if matches!(lower.as_str(), "đ" | "vnđ" | "vnd" | "đồng" | "dong") || (lower == "d" && (scale > 1 || grouped))
    {
        return (Unit::Dong, start, end + spaces + word.len());
    }
    const MEASURES: [&str; 22] = [
        "g", "gr", "gram", "kg", "mg", "ml", "l", "lít", "lit", "cm", "mm", "m", "w", "kw", "v", "inch", "gb", "tb",
        "mah", "h", "x", "hz",
    ];
    let unit = if scale == 1 && spaces <= 1 && MEASURES.contains(&lower.as_str()) {
        Unit::Measure
    } else if shorthand || (scale >= 1_000_000 && lower.is_empty()) {
        Unit::Dong
    } else if scale > 1 {
        Unit::Scaled
    } else if grouped {
        Unit::Grouped
    } else {
        Unit::Plain
    };
    (unit, start, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn prices_as_vietnamese_shops_write_them() {
        let cases: [(&str, Option<u64>); 24] = [
            ("1,8k", Some(1_800)),
            ("2tr5", Some(2_500_000)),
            ("1tr290", Some(1_290_000)),
            ("199k", Some(199_000)),
            ("99.000đ", Some(99_000)),
            ("₫450.000", Some(450_000)),
            ("310.000 ₫", Some(310_000)),
            ("97.043 - 99.000", Some(97_043)),
            ("Combo 2 hộp 150g giá 99k", Some(99_000)),
            ("12,5 triệu", Some(12_500_000)),
            ("1 triệu 2", Some(1_000_000)),
            ("1.290.000 VND", Some(1_290_000)),
            ("1,290,000đ", Some(1_290_000)),
            ("giá 50 nghìn", Some(50_000)),
            ("199.000đ/hộp", Some(199_000)),
            ("₫ 45.000 -36%", Some(45_000)),
            ("99kđ", Some(99_000)),
            ("1tr2", Some(1_200_000)),
            ("36% Off", None),
            ("500ml", None),
            ("2kg", None),
            ("Đời 2024", None),
            ("đẹp lắm", None),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(price(text), expected, "{text}");
        }
    }

    #[test]
    fn counts_stars_and_percentages() {
        assert_eq!(count("Đã bán 1,2k"), Some(1_200));
        assert_eq!(count("3,6k người theo dõi"), Some(3_600));
        assert_eq!(count("107,9k"), Some(107_900));
        assert_eq!(count("1.2K"), Some(1_200));
        assert_eq!(count("(123)"), Some(123));
        assert_eq!(count("Đã bán 321/tháng"), Some(321));
        assert_eq!(count("Đã bán 90.000"), Some(90_000));
        assert_eq!(count("chưa có"), None);
        assert_eq!(percent("36% Off"), Some(36));
        assert_eq!(percent("98"), Some(98));
        assert_eq!(percent("980"), None);
        assert_eq!(stars("4.87"), Some(487));
        assert_eq!(stars("4,9 / 5"), Some(490));
        assert_eq!(stars("49"), None);
    }

    #[test]
    fn moments() {
        let now = 1_795_435_200;
        assert_eq!(moment("5 năm trước", now), Some(now - 5 * 365 * 86_400));
        assert_eq!(moment("3 tuần trước", now), Some(now - 21 * 86_400));
        assert_eq!(moment("1616224878", now), Some(1_616_224_878));
        assert_eq!(moment("2021-03-20", now), Some(1_616_198_400));
        assert_eq!(moment("20/03/2021", now), Some(1_616_198_400));
        assert_eq!(moment("31/02/2021", now), None);
        assert_eq!(moment("mới", now), None);
    }

    proptest! {
        #[test]
        fn any_text_is_safe_and_spans_are_inside_it(text in "\\PC{0,60}") {
            for number in numbers(&text) {
                prop_assert!(text.get(number.start..number.end).is_some());
            }
            let _ = (price(&text), count(&text), stars(&text), moment(&text, 0));
        }

        #[test]
        fn grouped_dong_round_trips(value in 1_000u64..2_000_000_000) {
            let digits = value.to_string();
            let mut grouped = String::new();
            for (at, digit) in digits.chars().enumerate() {
                if at > 0 && (digits.len() - at) % 3 == 0 {
                    grouped.push('.');
                }
                grouped.push(digit);
            }
            prop_assert_eq!(price(&format!("{grouped}đ")), Some(value));
            prop_assert_eq!(price(&format!("₫{grouped}")), Some(value));
        }
    }
}
