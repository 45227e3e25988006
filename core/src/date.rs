//! Days of the calendar, from seconds since 1970.

/// The day, as `YYYY-MM-DD` (UTC).
pub(crate) fn iso_day(seconds: i64) -> String {
    match time::OffsetDateTime::from_unix_timestamp(seconds) {
        Ok(moment) => {
            let date = moment.date();
            format!("{:04}-{:02}-{:02}", date.year(), u8::from(date.month()), date.day())
        }
        Err(_) => String::new(),
    }
}

/// The year in Vietnam.
pub(crate) fn year(seconds: i64) -> i32 {
    time::OffsetDateTime::from_unix_timestamp(seconds.saturating_add(7 * 3600)).map_or(0, |moment| moment.year())
}

/// The day in Vietnam (UTC+7), as `dd/mm/yyyy`.
pub(crate) fn vietnam_day(seconds: i64) -> String {
    written_day(&iso_day(seconds.saturating_add(7 * 3600))).unwrap_or_default()
}

/// An ISO day as it is written in Vietnam, `dd/mm/yyyy`.
pub(crate) fn written_day(iso: &str) -> Option<String> {
    let mut parts = iso.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    Some(format!("{day}/{month}/{year}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_in_both_forms() {
        assert_eq!(iso_day(1_616_224_878), "2021-03-20");
        assert_eq!(vietnam_day(1_616_261_400), "21/03/2021");
        assert_eq!(iso_day(i64::MAX), "");
    }
}
