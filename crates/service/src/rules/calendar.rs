//! Calendar dates: what a day is in a tenant's time zone, sums of months, and which months of a
//! contract have begun.

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};
use types::support::format::Format;

/// The calendar date of `instant` in `zone`.
pub fn date_in(zone: &TimeZone, instant: Timestamp) -> Date {
    instant.to_zoned(zone.clone()).date()
}

/// The time zone with an IANA name.
pub fn zone(name: &str) -> Option<TimeZone> {
    TimeZone::get(name).ok()
}

/// A date given as `YYYY-MM-DD` or as an RFC 3339 instant, which counts as its date in `zone`.
/// `None` for anything else. Instants at either end of the calendar, which a time zone could move beyond
/// it, are in its first or last day: only the years 1 to 9999 sort as text.
pub fn parse_date(text: &str, zone: &TimeZone) -> Option<Date> {
    let (first, last) = (date(1, 1, 1), date(9999, 12, 31));
    if Format::Date.accepts(text) {
        return text.parse().ok().filter(|day| *day >= first);
    }
    match parse_instant(text) {
        Some(at) => Some(date_in(zone, at).clamp(first, last)),
        // `9999-12-31T23:59:59Z`, a usual way to say "for ever", is later than an instant can be.
        None if Format::DateTime.accepts(text) => {
            let day: Date = text.get(..10)?.parse().ok()?;
            (day >= first).then_some(day)
        }
        None => None,
    }
}

/// Digits of a second's fraction that an instant can have.
const FRACTION: usize = 9;

/// An RFC 3339 instant, finer than nanoseconds or not. `None` for anything else, also for other
/// forms of ISO 8601, and outside the years 1 to 9999.
pub fn parse_instant(text: &str) -> Option<Timestamp> {
    if !Format::DateTime.accepts(text) {
        return None;
    }
    let at: Timestamp = match text.split_once('.') {
        None => text.parse(),
        Some((seconds, rest)) => {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let (fraction, offset) = rest.split_at(digits);
            let fraction = &fraction[..digits.min(FRACTION)];
            format!("{seconds}.{fraction}{offset}").parse()
        }
    }
    .ok()?;
    (date_in(&TimeZone::UTC, at).year() >= 1).then_some(at)
}

/// [`parse_instant`] of what has the form of one; beyond the calendar, the end of it that is nearer.
pub fn nearest_instant(text: &str) -> Timestamp {
    let first = || date_in_utc(date(1, 1, 1));
    parse_instant(text).unwrap_or_else(|| match text.starts_with('9') {
        true => Timestamp::MAX,
        false => first(),
    })
}

fn date_in_utc(day: Date) -> Timestamp {
    let start = day.to_zoned(TimeZone::UTC);
    start.map_or(Timestamp::UNIX_EPOCH, |start| start.timestamp())
}

/// Whether `day` is at most so many years before or after `today`.
pub fn within_years(day: Date, today: Date, years: i64) -> bool {
    (add_months(today, -12 * years)..=add_months(today, 12 * years)).contains(&day)
}

/// `date` plus `months`, on the same day of the month or the last one there is
/// (31 January + 1 = 28 February). Saturates at the end of the calendar.
pub fn add_months(date: Date, months: i64) -> Date {
    date.saturating_add(months.clamp(-100_000, 100_000).months())
}

/// `date` plus `days`. Saturates at the end of the calendar.
pub fn add_days(date: Date, days: i64) -> Date {
    date.saturating_add(days.clamp(-1_000_000, 1_000_000).days())
}

/// The last day of a contract of `months` from `start`, inclusive.
pub fn end_date(start: Date, months: i64) -> Date {
    add_days(add_months(start, months), -1)
}

/// How many contract months from `start` have begun on `day`; the first begins on `start` itself.
pub fn months_begun(start: Date, day: Date) -> i64 {
    if day < start {
        return 0;
    }
    let years = i64::from(day.year()) - i64::from(start.year());
    let months = years * 12 + i64::from(day.month()) - i64::from(start.month());
    if add_months(start, months) <= day {
        months + 1
    } else {
        months
    }
}

/// Days in the month of `date`.
pub fn days_in_month(date: Date) -> i64 {
    i64::from(date.days_in_month())
}

/// Days from `from` to `to`.
pub fn days_between(from: Date, to: Date) -> i64 {
    i64::from(from.until(to).map_or(0, |span| span.get_days()))
}

/// The first `day` (1–28) of a month on or after `date`.
pub fn next_day_of_month(date: Date, day: i8) -> Date {
    let this = date.with().day(day.clamp(1, 28)).build().unwrap_or(date);
    if this >= date {
        this
    } else {
        add_months(this, 1)
    }
}

/// The first day of the month after `date`.
pub fn first_of_next_month(date: Date) -> Date {
    add_months(date.first_of_month(), 1)
}

/// `YYYY-MM`.
pub fn period(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn month_sums_clamp_to_the_end_of_the_month() {
        let anchor = date(2026, 1, 31);
        assert_eq!(add_months(anchor, 1), date(2026, 2, 28));
        assert_eq!(add_months(anchor, 2), date(2026, 3, 31));
        assert_eq!(end_date(date(2026, 1, 1), 12), date(2026, 12, 31));
    }

    #[test]
    fn months_begin_on_the_anchor_day() {
        let start = date(2026, 1, 31);
        assert_eq!(months_begun(start, date(2026, 1, 30)), 0);
        assert_eq!(months_begun(start, date(2026, 1, 31)), 1);
        assert_eq!(months_begun(start, date(2026, 2, 27)), 1);
        assert_eq!(months_begun(start, date(2026, 2, 28)), 2);
        assert_eq!(months_begun(date(2026, 1, 10), date(2026, 6, 15)), 6);
        assert_eq!(months_begun(date(2024, 2, 29), date(2025, 2, 28)), 13);
    }

    #[test]
    fn cycle_days_are_found_on_or_after_a_date() {
        assert_eq!(next_day_of_month(date(2026, 5, 15), 15), date(2026, 5, 15));
        assert_eq!(next_day_of_month(date(2026, 5, 16), 15), date(2026, 6, 15));
        assert_eq!(next_day_of_month(date(2026, 12, 31), 1), date(2027, 1, 1));
        assert_eq!(first_of_next_month(date(2026, 1, 31)), date(2026, 2, 1));
    }

    #[test]
    fn an_instant_counts_as_its_date_in_the_zone() {
        let dubai = zone("Asia/Dubai").unwrap();
        assert_eq!(
            parse_date("2026-05-31T22:30:00Z", &dubai),
            Some(date(2026, 6, 1))
        );
        assert_eq!(parse_date("2026-05-31", &dubai), Some(date(2026, 5, 31)));
        assert_eq!(parse_date("2026-02-30", &dubai), None);
        assert_eq!(parse_date("yesterday", &dubai), None);
        assert_eq!(parse_date("0001-01-01", &dubai), Some(date(1, 1, 1)));
        let last = Some(date(9999, 12, 31));
        assert_eq!(parse_date("9999-12-31T23:59:59Z", &dubai), last);
        for beyond in [
            "0000-01-01",
            "-000001-01-01",
            "-009999-06-01T00:00:00Z",
            "+010000-01-01T00:00:00Z",
        ] {
            assert_eq!(parse_date(beyond, &dubai), None, "{beyond}");
        }
    }

    #[test]
    fn an_instant_is_written_as_rfc_3339_has_it() {
        let dubai = zone("Asia/Dubai").unwrap();
        for text in [
            "2026-05-31T21:30:00Z",
            "2026-05-31t21:30:00z",
            "2026-05-31T21:30:00.5Z",
            "2026-05-31T21:30:00.12345678901234567890Z",
            "2026-06-01T01:30:00+04:00",
            "2026-05-31T21:30:00-00:00",
            "2026-05-31T23:59:60Z",
        ] {
            assert_eq!(parse_date(text, &dubai), Some(date(2026, 6, 1)), "{text}");
        }
        for text in [
            "2026-05-31 21:30:00Z",
            "2026-05-31T21:30Z",
            "2026-05-31T21Z",
            "20260531T213000Z",
            "2026-05-31T21:30:00,5Z",
            "2026-05-31T21:30:00.Z",
            "2026-05-31T21:30:00+0400",
            "2026-05-31T21:30:00+04",
            "2026-05-31T21:30:00+24:00",
            "2026-05-31T21:30:00Z[UTC]",
            "2026-05-31T24:00:00Z",
            "2026-05-31T21:30:60Z",
            "2026-05-31T21:30:00",
            "2026-05-31Z",
            "20260531",
            "2026-151",
            "2026-W22-7",
            " 2026-05-31",
            "\u{ff12}026-05-31",
        ] {
            assert_eq!(parse_date(text, &dubai), None, "{text}");
        }
        assert_eq!(parse_instant("0000-12-31T23:59:59Z"), None);
        assert_eq!(parse_instant("0001-01-01T00:00:00+00:01"), None);
        assert!(parse_instant("0001-01-01T00:00:00Z").is_some());
    }

    #[test]
    fn a_window_of_years_contains_both_its_ends() {
        let today = date(2028, 2, 29);
        assert!(within_years(date(2018, 2, 28), today, 10));
        assert!(!within_years(date(2018, 2, 27), today, 10));
        assert!(within_years(date(2038, 2, 28), today, 10));
        assert!(!within_years(date(2038, 3, 1), today, 10));
        assert!(zone("Mars/Olympus").is_none());
    }
}
