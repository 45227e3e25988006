//! Dates as the pages write them. No clock: every age is counted from the pages' fixed `now`.

use anyhow::{Context, Result};
use time::format_description::well_known::Rfc3339;
use time::{Date, Duration, Month, OffsetDateTime};

/// Seconds in a day.
pub const DAY: i64 = 86_400;

/// Seconds since 1970 of an RFC 3339 time (`2026-11-23T12:00:00Z`).
///
/// # Errors
/// Another form of time.
pub fn unix_seconds(text: &str) -> Result<i64> {
    let moment = OffsetDateTime::parse(text, &Rfc3339);
    Ok(moment.with_context(|| format!("\"{text}\" is not a time like 2026-11-23T12:00:00Z"))?.unix_timestamp())
}

/// A day written `dd/mm/yyyy`, so many days later. `None`: the text is no such day.
pub fn later_day(text: &str, days: i64) -> Option<String> {
    let mut parts = text.split('/');
    let (day, month, year) = (parts.next()?, parts.next()?, parts.next()?);
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let date = date.checked_add(Duration::days(days)).filter(|_| parts.next().is_none())?;
    Some(format!("{:02}/{:02}/{:04}", date.day(), u8::from(date.month()), date.year()))
}

/// How long ago, as Vietnamese shop pages write it: "3 tuần trước", "5 năm trước".
pub fn ago(now: i64, then: i64) -> String {
    let days = (now - then).max(0) / DAY;
    match days {
        0 => "hôm nay".to_owned(),
        1..7 => format!("{days} ngày trước"),
        7..30 => format!("{} tuần trước", days / 7),
        30..365 => format!("{} tháng trước", days / 30),
        _ => format!("{} năm trước", days / 365),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_moments() {
        assert_eq!(unix_seconds("1970-01-01T00:00:00Z").unwrap(), 0);
        assert_eq!(unix_seconds("2000-02-29T12:00:00Z").unwrap(), 951_825_600);
        assert_eq!(unix_seconds("2026-11-23T12:00:00Z").unwrap(), 1_795_435_200);
        assert!(unix_seconds("2026-11-23").is_err());
    }

    #[test]
    fn later_days() {
        assert_eq!(later_day("28/02/2024", 2).as_deref(), Some("01/03/2024"));
        assert_eq!(later_day("31/12/2026", 0).as_deref(), Some("31/12/2026"));
        for text in ["", "4.9", "31/02/2024", "1/2/2024/5", "công nghệ Đức"] {
            assert_eq!(later_day(text, 1), None, "{text}");
        }
    }

    #[test]
    fn ages_in_words() {
        let now = unix_seconds("2026-11-23T12:00:00Z").unwrap();
        let at = |text| ago(now, unix_seconds(text).unwrap());
        assert_eq!(at("2026-11-02T12:00:00Z"), "3 tuần trước");
        assert_eq!(at("2020-11-10T02:00:00Z"), "6 năm trước");
        assert_eq!(at("2026-11-23T01:00:00Z"), "hôm nay");
    }
}
