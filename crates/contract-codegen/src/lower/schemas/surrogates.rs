//! Patterns that were written for UTF-16: an astral character is two units there, each with an escape of its own.
//!
//! `\uD83D[\uDE00-\uDE4F]` is the range of characters it stands for. A class that has units of pairs beside others,
//! such as `[\u0020-\uD7FF\uE000-\uFFFD\uD800-\uDFFF]`, lets astral characters pass unit by unit: it has all of them.

use std::ops::RangeInclusive;

/// All characters that are two units.
const ASTRAL: &str = r"\u{10000}-\u{10FFFF}";

const HIGH: RangeInclusive<u32> = 0xD800..=0xDBFF;
const LOW: RangeInclusive<u32> = 0xDC00..=0xDFFF;

/// `source` in whole characters. What is half of one and nothing else stays as it is.
pub(super) fn joined(source: &str) -> String {
    let mut out = String::new();
    let mut rest = source;
    while !rest.is_empty() {
        let (piece, after) = piece(rest);
        let halves = halves(piece, &HIGH);
        let (next, behind) = if after.is_empty() {
            ("", "")
        } else {
            self::piece(after)
        };
        let others = self::halves(next, &LOW);
        match (halves, others) {
            (Some(high), Some(low)) => {
                match piece.len() + next.len() {
                    // One character is one escape for who reads this.
                    12 => out.extend([piece, next]),
                    _ => out.push_str(&pairs(&high, &low)),
                }
                rest = behind;
                continue;
            }
            _ if piece.starts_with('[') => out.push_str(&class(piece)),
            _ => out.push_str(piece),
        }
        rest = after;
    }
    out
}

/// The next class, escape or character, and what follows it.
pub(super) fn piece(rest: &str) -> (&str, &str) {
    let length = match rest.as_bytes().first() {
        Some(b'[') => class_length(rest),
        _ => token_length(rest),
    };
    rest.split_at(length)
}

/// Length of the escape or character at the beginning.
fn token_length(rest: &str) -> usize {
    if unit(rest).is_some() {
        return 6;
    }
    let mut letters = rest.chars();
    let first = letters.next().map_or(0, char::len_utf8);
    match rest.starts_with('\\') {
        true => first + letters.next().map_or(0, char::len_utf8),
        false => first,
    }
}

fn class_length(rest: &str) -> usize {
    let mut at = 1;
    while at < rest.len() && !rest[at..].starts_with(']') {
        at += token_length(&rest[at..]);
    }
    (at + 1).min(rest.len())
}

/// The unit that `\uXXXX` at the beginning stands for.
fn unit(rest: &str) -> Option<u32> {
    let digits = rest.strip_prefix(r"\u")?.get(..4)?;
    let all = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| all)
}

/// The units of a piece, if there are none but those of `half`.
fn halves(piece: &str, half: &RangeInclusive<u32>) -> Option<Vec<RangeInclusive<u32>>> {
    let inner = match piece.strip_prefix('[') {
        None => {
            let unit = unit(piece).filter(|unit| half.contains(unit))?;
            return Some(vec![unit..=unit]);
        }
        Some(inner) => inner.strip_suffix(']')?,
    };
    let mut ranges = Vec::new();
    let mut rest = inner;
    while !rest.is_empty() {
        let first = unit(rest)?;
        let mut last = first;
        rest = &rest[6..];
        if let Some(end) = rest.strip_prefix('-') {
            last = unit(end)?;
            rest = &end[6..];
        }
        if first > last || !half.contains(&first) || !half.contains(&last) {
            return None;
        }
        ranges.push(first..=last);
    }
    (!ranges.is_empty()).then_some(ranges)
}

/// The characters that have one of each as their units.
fn pairs(high: &[RangeInclusive<u32>], low: &[RangeInclusive<u32>]) -> String {
    let code = |high: u32, low: u32| 0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00);
    let mut class = String::from("[");
    let mut push = |first: u32, last: u32| {
        class.push_str(&format!(r"\u{{{first:X}}}-\u{{{last:X}}}"));
    };
    for high in high {
        for low in low {
            if *low == LOW {
                push(
                    code(*high.start(), *low.start()),
                    code(*high.end(), *low.end()),
                );
            } else {
                for high in high.clone() {
                    push(code(high, *low.start()), code(high, *low.end()));
                }
            }
        }
    }
    class + "]"
}

/// A class without units that are no characters.
fn class(source: &str) -> String {
    let is_half = |unit: u32| HIGH.contains(&unit) || LOW.contains(&unit);
    let mut out = String::new();
    let (mut rest, mut is_astral) = (source, false);
    while !rest.is_empty() {
        let (token, after) = rest.split_at(token_length(rest));
        let first = unit(token);
        if let (Some(high), Some(low)) = (first, unit(after))
            && HIGH.contains(&high)
            && LOW.contains(&low)
        {
            // A whole one.
            out.push_str(&rest[..12]);
            rest = &rest[12..];
            continue;
        }
        let end = after.strip_prefix('-');
        let last = end.and_then(unit);
        match (first, last, end) {
            (Some(first), Some(last), Some(end)) if is_half(first) || is_half(last) => {
                is_astral = true;
                match (is_half(first), is_half(last)) {
                    (false, true) => out.push_str(&format!(r"{token}-\uD7FF")),
                    (true, false) => out.push_str(&format!(r"\uE000-{}", &end[..6])),
                    _ => {}
                }
                rest = &end[6..];
            }
            (Some(first), ..) if is_half(first) => {
                is_astral = true;
                rest = after;
            }
            _ => {
                if token == "]" && is_astral && after.is_empty() {
                    out.push_str(ASTRAL);
                }
                out.push_str(token);
                rest = after;
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn pairs_are_ranges_of_characters() {
        for (source, wanted) in [
            (r"[\uD800-\uDBFF][\uDC00-\uDFFF]", r"[\u{10000}-\u{10FFFF}]"),
            (r"^\uD83D[\uDE00-\uDE4F]+$", r"^[\u{1F600}-\u{1F64F}]+$"),
            (
                r"(?:\ud83c[\udf00-\udfff]|\ud83d[\udc00-\ude4f\ude80-\udeff])",
                r"(?:[\u{1F300}-\u{1F3FF}]|[\u{1F400}-\u{1F64F}\u{1F680}-\u{1F6FF}])",
            ),
            (
                r"[\uD83C-\uD83D]\uDC00",
                r"[\u{1F000}-\u{1F000}\u{1F400}-\u{1F400}]",
            ),
        ] {
            assert_eq!(joined(source), wanted, "{source}");
        }
    }

    #[test]
    fn classes_with_halves_have_all_astral_characters() {
        for (source, wanted) in [
            (
                r"[\u0020-\uD7FF\uE000-\uFFFD\uD800\uDBFF-\uDC00\uDFFF\t]*",
                r"[\u0020-\uD7FF\uE000-\uFFFD\t\u{10000}-\u{10FFFF}]*",
            ),
            (r"[^\uD800-\uFFFF]", r"[^\uE000-\uFFFF\u{10000}-\u{10FFFF}]"),
            (r"[\u0020-\uDFFF]", r"[\u0020-\uD7FF\u{10000}-\u{10FFFF}]"),
        ] {
            assert_eq!(joined(source), wanted, "{source}");
        }
    }

    #[test]
    fn everything_else_stays() {
        for source in [
            r"^\uD83D\uDE00[\uD83D\uDE00a-z]$",
            r"[\]\uE000]\\u",
            r"\uD83D",
            r"[\u00",
            r"[\u0000-\uFFFF]",
            r"ä[ä\ä]\",
            "[",
        ] {
            let wanted = source.to_owned();
            assert_eq!(joined(source), wanted, "{source}");
        }
    }
}
