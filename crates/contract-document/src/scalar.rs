//! What a plain scalar means: the core schema of YAML 1.2 (section 10.3.2).

use serde_json::Number;

use crate::node::Content;

/// The value of an unquoted scalar.
///
/// # Errors
/// A message for numbers that JSON cannot carry.
pub(crate) fn plain(text: &str) -> Result<Content, String> {
    match text {
        "" | "~" | "null" | "Null" | "NULL" => return Ok(Content::Null),
        "true" | "True" | "TRUE" => return Ok(Content::Bool(true)),
        "false" | "False" | "FALSE" => return Ok(Content::Bool(false)),
        _ => {}
    }
    match number(text) {
        Some(number) => number.map(Content::Number),
        None => Ok(Content::Text(text.to_owned())),
    }
}

/// `text` as a number; `None` if it does not look like one.
pub(crate) fn number(text: &str) -> Option<Result<Number, String>> {
    let first = *text.as_bytes().first()?;
    if !(first.is_ascii_digit() || matches!(first, b'+' | b'-' | b'.')) {
        return None;
    }
    for (prefix, radix) in [("0x", 16), ("0o", 8)] {
        if let Some(digits) = text.strip_prefix(prefix) {
            if digits.is_empty() || !digits.chars().all(|digit| digit.is_digit(radix)) {
                return None;
            }
            let value = u64::from_str_radix(digits, radix).map_err(|_| too_large(text));
            return Some(value.map(Number::from));
        }
    }
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    if matches!(unsigned, ".inf" | ".Inf" | ".INF") || matches!(text, ".nan" | ".NaN" | ".NAN") {
        return Some(Err(format!("`{text}` is not a number that JSON can carry")));
    }
    if is_digits(unsigned) {
        return Some(integer(text));
    }
    is_float(unsigned).then(|| float(text))
}

fn integer(text: &str) -> Result<Number, String> {
    if let Ok(value) = text.parse::<u64>() {
        return Ok(Number::from(value));
    }
    match text.parse::<i64>() {
        Ok(value) => Ok(Number::from(value)),
        // As readers of JSON have it.
        Err(_) => float(text),
    }
}

fn float(text: &str) -> Result<Number, String> {
    text.parse::<f64>()
        .ok()
        .and_then(Number::from_f64)
        .ok_or_else(|| too_large(text))
}

fn too_large(text: &str) -> String {
    format!("`{text}` is beyond the range of 64-bit numbers")
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// `( \. [0-9]+ | [0-9]+ ( \. [0-9]* )? ) ( [eE] [-+]? [0-9]+ )?`
fn is_float(unsigned: &str) -> bool {
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let mantissa = match mantissa.split_once('.') {
        Some(("", fraction)) => is_digits(fraction),
        Some((whole, fraction)) => is_digits(whole) && (fraction.is_empty() || is_digits(fraction)),
        None => is_digits(mantissa),
    };
    mantissa && exponent.is_none_or(|text| is_digits(text.strip_prefix(['+', '-']).unwrap_or(text)))
}
