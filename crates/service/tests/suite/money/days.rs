//! Days as plain numbers, with a calendar of their own: what is checked must not be computed by the
//! code that is checked.

/// Days from a fixed one; the 1st of January of year 1 is 1.
pub(super) type Number = i64;

/// Year, month and day.
type Day = (i64, i64, i64);

/// The number of a day.
fn number((year, month, day): Day) -> Number {
    let before = year - 1;
    let leaps = before / 4 - before / 100 + before / 400;
    before * 365 + leaps + (1..month).map(|month| length(year, month)).sum::<i64>() + day
}

/// The day of a number.
fn day(number: Number) -> Day {
    let mut year = 1 + (number - 1) / 366;
    while number >= self::number((year + 1, 1, 1)) {
        year += 1;
    }
    let mut month = 12;
    while number < self::number((year, month, 1)) {
        month -= 1;
    }
    (year, month, number - self::number((year, month, 1)) + 1)
}

/// Days in a month.
fn length(year: i64, month: i64) -> i64 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days in the month of a day.
pub(super) fn month_length(of: Number) -> i64 {
    let (year, month, _) = day(of);
    length(year, month)
}

/// So many months later; where the month is too short, its last day.
pub(super) fn months_later(from: Number, months: i64) -> Number {
    let (year, month, day) = day(from);
    let months = year * 12 + month - 1 + months;
    let (year, month) = (months / 12, months % 12 + 1);
    number((year, month, day.min(length(year, month))))
}

/// The first day of the next month.
pub(super) fn next_month(after: Number) -> Number {
    let (year, month, _) = day(after);
    months_later(number((year, month, 1)), 1)
}

/// The first such day of a month on or after another day.
pub(super) fn first_on(day_of_month: i64, from: Number) -> Number {
    (from..)
        .find(|number| day(*number).2 == day_of_month)
        .expect("every month has it")
}

/// The number of an instant's day, from seconds since 1970.
pub(super) fn since_1970(seconds: i64) -> Number {
    number((1970, 1, 1)) + seconds.div_euclid(24 * 60 * 60)
}

/// `YYYY-MM-DD`.
pub(super) fn text(number: Number) -> String {
    let (year, month, day) = day(number);
    format!("{year:04}-{month:02}-{day:02}")
}

/// `YYYY-MM`.
pub(super) fn month(number: Number) -> String {
    text(number)[..7].to_owned()
}

/// The number of `YYYY-MM-DD`.
pub(super) fn parse(text: &str) -> Number {
    let part = |from, to| text[from..to].parse().expect("a number");
    number((part(0, 4), part(5, 7), part(8, 10)))
}

#[test]
fn days_are_numbered_without_a_gap() {
    assert_eq!(number((1, 1, 1)), 1);
    for known in ["1970-01-01", "2024-02-29", "2026-12-31", "2100-02-28"] {
        assert_eq!(text(parse(known)), known);
    }
    let (from, to) = (parse("2023-12-31"), parse("2028-03-01"));
    for number in from..to {
        assert_eq!(self::number(day(number)), number);
    }
    assert_eq!(to - from, 366 + 365 * 3 + 31 + 29 + 1);
    assert_eq!(text(months_later(parse("2026-01-31"), 1)), "2026-02-28");
}
