//! Instants and dates, which `jiff` has types for.

use std::fmt;
use std::ops::Deref;
use std::str::FromStr;

use jiff::Timestamp;
pub use jiff::civil::{Date, date};
use jiff::tz::Offset;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::value::misread;
use super::{Format, Shape, Text, TextValue};

/// An instant. It is written as RFC 3339 in UTC with at least three decimals, more only if it has more:
/// `2026-01-31T09:30:00.000Z`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct DateTime(Timestamp);

impl DateTime {
    /// The instant so long after 1970, in constants: one out of range is refused by the compiler.
    pub const fn constant(second: i64, nanosecond: i32) -> DateTime {
        DateTime(Timestamp::constant(second, nanosecond))
    }
}

impl Deref for DateTime {
    type Target = Timestamp;

    fn deref(&self) -> &Timestamp {
        &self.0
    }
}

impl From<Timestamp> for DateTime {
    fn from(instant: Timestamp) -> DateTime {
        DateTime(instant)
    }
}

impl From<DateTime> for Timestamp {
    fn from(instant: DateTime) -> Timestamp {
        instant.0
    }
}

/// A leap second is the second before it, as `jiff` has it, and what is finer than nanoseconds is cut off.
impl TextValue for DateTime {
    const FORMAT: Format = Format::DateTime;
    const RANGE: Option<&'static str> =
        Some("must be from `0000-01-01T00:00:00Z` to `9999-12-30T22:00:00Z`");

    fn from_text(text: &str) -> Option<DateTime> {
        let day = Date::from_text(text.get(..10)?)?;
        if !Format::DateTime.accepts(text) {
            return None;
        }
        let two = |at: usize| number(text.get(at..at + 2)?);
        let (hour, minute, second) = (two(11)?, two(14)?, two(17)?.min(59));
        let rest = text.get(19..)?;
        let digits = rest.strip_prefix('.').unwrap_or_default();
        let digits = digits.split(|c: char| !c.is_ascii_digit()).next()?;
        let fraction = (0..9).fold(0, |value, at| {
            value * 10
                + digits
                    .as_bytes()
                    .get(at)
                    .map_or(0, |digit| i32::from(digit - b'0'))
        });
        let local = day.at(hour, minute, second, fraction);
        let offset = match rest.len().checked_sub(6).and_then(|at| rest.get(at..)) {
            Some(offset) if !rest.ends_with(['Z', 'z']) => {
                let seconds = i32::from(number(offset.get(1..3)?)?) * 3600
                    + i32::from(number(offset.get(4..6)?)?) * 60;
                let sign = if offset.starts_with('-') { -1 } else { 1 };
                Offset::from_seconds(sign * seconds).ok()?
            }
            _ => Offset::UTC,
        };
        let instant = offset.to_timestamp(local).ok()?;
        (instant >= FIRST).then_some(DateTime(instant))
    }
}

/// RFC 3339 has no year before this one.
const FIRST: Timestamp = Timestamp::constant(-62_167_219_200, 0);

fn number(digits: &str) -> Option<i8> {
    digits.parse().ok()
}

impl FromStr for DateTime {
    type Err = String;

    fn from_str(text: &str) -> Result<DateTime, String> {
        DateTime::from_text(text).ok_or_else(|| misread::<DateTime>(text))
    }
}

impl fmt::Display for DateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // As many decimals as it has; `jiff` writes none where there are none.
        match self.0.subsec_nanosecond() % 1_000_000 {
            0 => write!(f, "{:.3}", self.0),
            _ => write!(f, "{}", self.0),
        }
    }
}

impl Serialize for DateTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for DateTime {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<DateTime, D::Error> {
        Text::decode(deserializer)
    }
}

impl TextValue for Date {
    const FORMAT: Format = Format::Date;

    fn from_text(text: &str) -> Option<Date> {
        if !Format::Date.accepts(text) {
            return None;
        }
        let year = text.get(..4)?.parse().ok()?;
        Date::new(year, number(text.get(5..7)?)?, number(text.get(8..)?)?).ok()
    }
}
