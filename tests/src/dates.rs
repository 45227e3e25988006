//! Dates as the pages write them. No clock: every age is counted from the pages' fixed `now`.

use anyhow::{Context, Result, bail};

const DAY: i64 = 86_400;

/// Seconds since 1970 of an RFC 3339 time in UTC (`2026-11-23T12:00:00Z`).
///
/// # Errors
/// Another form of time.
pub fn unix_seconds(text: &str) -> Result<i64> {
    let digits = |from: usize, to: usize| -> Result<i64> {
        (text.get(from..to).and_then(|part| part.parse().ok()))
            .with_context(|| format!("\"{text}\" is not a time like 2026-11-23T12:00:00Z"))
    };
    if text.len() != 20 || !text.ends_with('Z') {
        bail!("\"{text}\" is not a time like 2026-11-23T12:00:00Z");
    }
    let (year, month, day) = (digits(0, 4)?, digits(5, 7)?, digits(8, 10)?);
    let (hour, minute, second) = (digits(11, 13)?, digits(14, 16)?, digits(17, 19)?);
    Ok(days_since_1970(year, month, day) * DAY + hour * 3600 + minute * 60 + second)
}

/// Days of the Gregorian calendar, counted in years that begin in March.
fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
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
    fn ages_in_words() {
        let now = unix_seconds("2026-11-23T12:00:00Z").unwrap();
        let at = |text| ago(now, unix_seconds(text).unwrap());
        assert_eq!(at("2026-11-02T12:00:00Z"), "3 tuần trước");
        assert_eq!(at("2020-11-10T02:00:00Z"), "6 năm trước");
        assert_eq!(at("2026-11-23T01:00:00Z"), "hôm nay");
    }
}
