//! Money as integer minor units. Amounts are JSON numbers in major units on the wire and nowhere
//! else; every product or quotient is computed exactly and rounded half up, once.

use std::fmt;

use crate::rules::currencies;

/// Largest amount accepted from outside, in minor units: sums of millions of them fit an `i64`,
/// and every one survives the way through a JSON number (2^53) exactly.
pub const MAX_MINOR: i64 = 100_000_000_000_000;

/// A currency, by what arithmetic needs to know of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Currency {
    code: [u8; 3],
    decimals: u32,
}

/// Why a number is not an amount of a currency.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotMoney {
    /// More decimals than the currency has.
    TooPrecise {
        /// How many it has.
        decimals: u32,
    },
    /// Beyond [`MAX_MINOR`], or not finite.
    TooLarge,
}

impl fmt::Display for NotMoney {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            NotMoney::TooPrecise { decimals } => {
                write!(formatter, "must have at most {decimals} decimals")
            }
            NotMoney::TooLarge => formatter.write_str("is too large an amount"),
        }
    }
}

impl Currency {
    /// The currency with an ISO 4217 code; `None` for what is no code of a currency.
    pub fn new(code: &str) -> Option<Currency> {
        Some(Currency {
            code: code.as_bytes().try_into().ok()?,
            decimals: currencies::decimals(code)?,
        })
    }

    /// The ISO 4217 code.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.code).expect("three ASCII letters")
    }

    fn scale(self) -> i64 {
        10_i64.pow(self.decimals)
    }

    /// Minor units of an amount in major units.
    ///
    /// # Errors
    /// [`NotMoney`] when it has more decimals than the currency, or is out of range.
    pub fn minor(self, major: f64) -> Result<i64, NotMoney> {
        // Display writes the shortest decimal that means this number: the one the caller sent.
        let text = if major.is_finite() {
            major.to_string()
        } else {
            return Err(NotMoney::TooLarge);
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((&text, ""));
        self.fits(fraction)?;
        let digits = format!("{whole}{fraction:0<width$}", width = self.decimals as usize);
        let minor: i64 = digits.parse().map_err(|_| NotMoney::TooLarge)?;
        if minor.abs() > MAX_MINOR {
            Err(NotMoney::TooLarge)
        } else {
            Ok(minor)
        }
    }

    /// Whether an amount can be written with these decimals.
    ///
    /// # Errors
    /// [`NotMoney::TooPrecise`] when they are more than the currency has.
    pub fn fits(self, decimals: &str) -> Result<(), NotMoney> {
        match decimals.len() > self.decimals as usize {
            true => Err(NotMoney::TooPrecise {
                decimals: self.decimals,
            }),
            false => Ok(()),
        }
    }

    /// The amount in major units with the currency's decimals, for tables and documents.
    pub fn text(self, minor: i64) -> String {
        let (scale, decimals) = (self.scale().unsigned_abs(), self.decimals as usize);
        let (sign, amount) = (if minor < 0 { "-" } else { "" }, minor.unsigned_abs());
        match decimals {
            0 => format!("{sign}{amount}"),
            _ => format!("{sign}{}.{:0decimals$}", amount / scale, amount % scale),
        }
    }

    /// The amount in major units, as the wire carries it.
    pub fn major(self, minor: i64) -> f64 {
        minor as f64 / self.scale() as f64
    }
}

/// A percentage with four decimals.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Percent(i64);

impl Percent {
    const SCALE: f64 = 10_000.0;

    /// From a number such as `19` or `8.875`; further decimals are rounded away.
    pub fn from_number(number: f64) -> Percent {
        Percent((number * Percent::SCALE).round() as i64)
    }

    /// This share of `amount`.
    pub fn of(self, amount: i64) -> i64 {
        divide(i128::from(amount) * i128::from(self.0), 1_000_000)
    }

    /// `amount` less this share of it. Rounding the share instead would round the rest half down.
    pub fn off(self, amount: i64) -> i64 {
        let rest = 1_000_000 - i128::from(self.0);
        divide(i128::from(amount) * rest, 1_000_000)
    }

    /// What `total` was before this percentage was added to it.
    pub fn without(self, total: i64) -> i64 {
        divide(
            i128::from(total) * 1_000_000,
            1_000_000 + i128::from(self.0),
        )
    }

    /// As a number.
    pub fn number(self) -> f64 {
        self.0 as f64 / Percent::SCALE
    }
}

/// `part ÷ whole × 100` with two decimals; `None` when `whole` is not positive.
pub fn percentage(part: i64, whole: i64) -> Option<f64> {
    (whole > 0).then(|| divide(i128::from(part) * 10_000, i128::from(whole)) as f64 / 100.0)
}

/// `amount × times ÷ parts`, rounded half up.
pub fn share(amount: i64, times: i64, parts: i64) -> i64 {
    divide(i128::from(amount) * i128::from(times), i128::from(parts))
}

/// Rounds the quotient half up (towards positive infinity).
fn divide(dividend: i128, divisor: i128) -> i64 {
    let rounded = (2 * dividend + divisor).div_euclid(2 * divisor);
    i64::try_from(rounded).unwrap_or(if rounded < 0 { i64::MIN } else { i64::MAX })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_survive_the_wire_exactly() {
        let euro = Currency::new("EUR").unwrap();
        for minor in [0, 1, 10, 99, 100, 12_900, 12_999, MAX_MINOR, -5] {
            assert_eq!(euro.minor(euro.major(minor)), Ok(minor));
        }
        assert_eq!(Currency::new("JPY").unwrap().minor(120.0), Ok(120));
        assert_eq!(Currency::new("KWD").unwrap().minor(1.234), Ok(1234));
    }

    #[test]
    fn more_decimals_than_the_currency_has_are_refused() {
        let euro = Currency::new("EUR").unwrap();
        assert_eq!(euro.minor(0.001), Err(NotMoney::TooPrecise { decimals: 2 }));
        assert_eq!(euro.minor(1e-9), Err(NotMoney::TooPrecise { decimals: 2 }));
        assert_eq!(
            Currency::new("JPY").unwrap().minor(1.5),
            Err(NotMoney::TooPrecise { decimals: 0 })
        );
        assert_eq!(euro.minor(1e300), Err(NotMoney::TooLarge));
        assert_eq!(euro.minor(f64::NAN), Err(NotMoney::TooLarge));
    }

    #[test]
    fn rounding_is_half_up() {
        let half = Percent::from_number(50.0);
        assert_eq!(half.of(1), 1);
        assert_eq!(half.of(-1), 0);
        assert_eq!(Percent::from_number(19.0).of(1050), 200);
        assert_eq!(Percent::from_number(19.0).without(11_900), 10_000);
        assert_eq!(share(10_000, 10, 31), 3_226);
        assert_eq!(percentage(1, 3), Some(33.33));
        assert_eq!(percentage(1, 0), None);
    }

    #[test]
    fn a_currency_has_a_code_of_iso_4217() {
        assert!(Currency::new("eur").is_none());
        assert!(Currency::new("EURO").is_none());
        assert!(Currency::new("ZZZ").is_none());
        assert_eq!(Currency::new("EUR").unwrap().code(), "EUR");
    }
}
