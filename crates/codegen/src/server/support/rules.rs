//! Values that arrive as text: parameters, headers, cookies, form fields.

use super::{Violation, ViolationCode};

/// What is wrong with a value, before it is known where the value stands.
pub type Flaw = (ViolationCode, String);

/// Constraints of a value that arrives as text. Those that do not apply to its type stay empty.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Least length, in Unicode scalar values.
    pub min_length: Option<u64>,
    /// Greatest length, in Unicode scalar values.
    pub max_length: Option<u64>,
    /// Pattern and format of text.
    pub text: Option<fn(&str) -> Result<(), String>>,
    /// Bounds of a whole number.
    pub integer: IntegerRules,
    /// Bounds of a number.
    pub number: NumberRules,
}

/// Bounds of a whole number, inclusive.
#[derive(Debug, Clone, Copy)]
pub struct IntegerRules {
    /// Least value.
    pub minimum: Option<i128>,
    /// Greatest value.
    pub maximum: Option<i128>,
    /// Divisor.
    pub multiple_of: Option<i128>,
    /// The only values allowed; empty: any.
    pub allowed: &'static [i128],
}

/// Bounds of a number.
#[derive(Debug, Clone, Copy)]
pub struct NumberRules {
    /// Least value.
    pub minimum: Option<f64>,
    /// Greatest value.
    pub maximum: Option<f64>,
    /// Value that must be exceeded.
    pub exclusive_minimum: Option<f64>,
    /// Value that must not be reached.
    pub exclusive_maximum: Option<f64>,
    /// Divisor.
    pub multiple_of: Option<f64>,
    /// The only values allowed; empty: any.
    pub allowed: &'static [f64],
}

impl Rules {
    /// No constraint.
    pub const NONE: Rules = Rules {
        min_length: None,
        max_length: None,
        text: None,
        integer: IntegerRules::NONE,
        number: NumberRules::NONE,
    };
}

impl IntegerRules {
    /// No constraint.
    pub const NONE: IntegerRules = IntegerRules {
        minimum: None,
        maximum: None,
        multiple_of: None,
        allowed: &[],
    };
}

impl NumberRules {
    /// No constraint.
    pub const NONE: NumberRules = NumberRules {
        minimum: None,
        maximum: None,
        exclusive_minimum: None,
        exclusive_maximum: None,
        multiple_of: None,
        allowed: &[],
    };
}

/// A type that can be written as text.
pub trait Scalar: Sized {
    /// Reads it.
    ///
    /// # Errors
    /// What is wrong with `text`.
    fn read(text: &str, rules: &Rules) -> Result<Self, Flaw>;

    /// As [`Scalar::read`], for text that is owned already.
    ///
    /// # Errors
    /// As [`Scalar::read`].
    fn read_owned(text: String, rules: &Rules) -> Result<Self, Flaw> {
        Self::read(&text, rules)
    }
}

impl Scalar for String {
    fn read(text: &str, rules: &Rules) -> Result<String, Flaw> {
        Self::read_owned(text.to_owned(), rules)
    }

    fn read_owned(text: String, rules: &Rules) -> Result<String, Flaw> {
        if rules.min_length.is_some() || rules.max_length.is_some() {
            let length = text.chars().count() as u64;
            if let Some(least) = rules.min_length.filter(|least| length < *least) {
                return Err(flaw(
                    ViolationCode::TooSmall,
                    "must have at least",
                    least,
                    "characters",
                ));
            }
            if let Some(most) = rules.max_length.filter(|most| length > *most) {
                return Err(flaw(
                    ViolationCode::TooBig,
                    "must have at most",
                    most,
                    "characters",
                ));
            }
        }
        match rules.text.map(|check| check(&text)) {
            Some(Err(message)) => Err((ViolationCode::InvalidString, message)),
            _ => Ok(text),
        }
    }
}

impl Scalar for bool {
    fn read(text: &str, _rules: &Rules) -> Result<bool, Flaw> {
        match text {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => Err((
                ViolationCode::InvalidType,
                "must be `true` or `false`".to_owned(),
            )),
        }
    }
}

impl Scalar for f64 {
    fn read(text: &str, rules: &Rules) -> Result<f64, Flaw> {
        number(text, &rules.number)
    }
}

macro_rules! integers {
    ($($integer:ty)*) => {$(
        impl Scalar for $integer {
            fn read(text: &str, rules: &Rules) -> Result<$integer, Flaw> {
                let (least, most) = (i128::from(<$integer>::MIN), i128::from(<$integer>::MAX));
                let value = integer(text, &rules.integer, least, most)?;
                // `integer` keeps to the bounds it is given.
                <$integer>::try_from(value).map_err(|_| not_whole())
            }
        }
    )*};
}
integers!(u32 i32 u64 i64);

fn integer(text: &str, rules: &IntegerRules, least: i128, most: i128) -> Result<i128, Flaw> {
    let digits = text.strip_prefix('-').unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return Err(not_whole());
    }
    let minimum = rules.minimum.unwrap_or(least).max(least);
    let maximum = rules.maximum.unwrap_or(most).min(most);
    // Only length can fail here: 40 digits and more are beyond every bound.
    let overflow = if text.starts_with('-') {
        i128::MIN
    } else {
        i128::MAX
    };
    let value = text.parse().unwrap_or(overflow);
    if value < minimum {
        return Err(flaw(
            ViolationCode::TooSmall,
            "must be at least",
            minimum,
            "",
        ));
    }
    if value > maximum {
        return Err(flaw(ViolationCode::TooBig, "must be at most", maximum, ""));
    }
    if let Some(divisor) = rules
        .multiple_of
        .filter(|divisor| *divisor != 0 && value % divisor != 0)
    {
        return Err(flaw(
            ViolationCode::Custom,
            "must be a multiple of",
            divisor,
            "",
        ));
    }
    if !rules.allowed.is_empty() && !rules.allowed.contains(&value) {
        return Err(not_allowed(rules.allowed));
    }
    Ok(value)
}

fn number(text: &str, rules: &NumberRules) -> Result<f64, Flaw> {
    let plain =
        |byte: u8| byte.is_ascii_digit() || matches!(byte, b'-' | b'+' | b'.' | b'e' | b'E');
    let starts = text
        .strip_prefix('-')
        .unwrap_or(text)
        .starts_with(|first: char| first.is_ascii_digit());
    let value = if starts && text.bytes().all(plain) {
        text.parse::<f64>().ok()
    } else {
        None
    };
    let Some(value) = value.filter(|value| value.is_finite()) else {
        return Err((ViolationCode::InvalidType, "must be a number".to_owned()));
    };
    if let Some(least) = rules.minimum.filter(|least| value < *least) {
        return Err(flaw(ViolationCode::TooSmall, "must be at least", least, ""));
    }
    if let Some(least) = rules.exclusive_minimum.filter(|least| value <= *least) {
        return Err(flaw(
            ViolationCode::TooSmall,
            "must be greater than",
            least,
            "",
        ));
    }
    if let Some(most) = rules.maximum.filter(|most| value > *most) {
        return Err(flaw(ViolationCode::TooBig, "must be at most", most, ""));
    }
    if let Some(most) = rules.exclusive_maximum.filter(|most| value >= *most) {
        return Err(flaw(ViolationCode::TooBig, "must be less than", most, ""));
    }
    if let Some(divisor) = rules
        .multiple_of
        .filter(|divisor| !is_multiple(value, *divisor))
    {
        return Err(flaw(
            ViolationCode::Custom,
            "must be a multiple of",
            divisor,
            "",
        ));
    }
    if !rules.allowed.is_empty() && !rules.allowed.contains(&value) {
        return Err(not_allowed(rules.allowed));
    }
    Ok(value)
}

/// Whether `value` is a multiple of `divisor` as decimals: `0.3` is one of `0.1`, although the
/// nearest binary fractions are not.
fn is_multiple(value: f64, divisor: f64) -> bool {
    let quotient = value / divisor;
    let nearest = quotient.round();
    (quotient - nearest).abs() <= f64::EPSILON * quotient.abs().max(1.0)
}

fn not_whole() -> Flaw {
    (
        ViolationCode::InvalidType,
        "must be a whole number".to_owned(),
    )
}

fn not_allowed(allowed: &[impl std::fmt::Display]) -> Flaw {
    (ViolationCode::InvalidEnumValue, one_of(allowed.iter()))
}

/// `must be one of …`, for the values of an enum.
pub fn one_of(values: impl Iterator<Item = impl std::fmt::Display>) -> String {
    let values: Vec<String> = values.map(|value| format!("`{value}`")).collect();
    format!("must be one of {}", values.join(", "))
}

fn flaw(code: ViolationCode, rule: &str, bound: impl std::fmt::Display, unit: &str) -> Flaw {
    let space = if unit.is_empty() { "" } else { " " };
    (code, format!("{rule} {bound}{space}{unit}"))
}

/// A violation at `path`.
pub(crate) fn violation(path: impl Into<String>, flaw: Flaw) -> Violation {
    let (code, message) = flaw;
    Violation {
        path: path.into(),
        code,
        message,
    }
}
