//! Making up texts.

use regex_syntax::hir::{Class, Hir, HirKind};
use serde_json::{Map, Value};

use crate::check::keeps;
use crate::facts::as_rust_has_it;
use crate::schema::count;

/// Longest text that is made up.
const LONGEST: usize = 10_000;

/// A text that keeps to the length, pattern and format of a schema.
pub(crate) fn make(schema: &Map<String, Value>) -> Option<String> {
    let least = count(schema, "minLength").unwrap_or(0).min(LONGEST);
    let most = count(schema, "maxLength").unwrap_or(usize::MAX);
    let format = schema.get("format").and_then(Value::as_str);
    let formatted = format.and_then(formatted).map(str::to_owned);
    let plain = match least {
        // A text without anything in it shows little.
        0..=4 => "text".chars().take(most).collect(),
        _ => "text "
            .chars()
            .cycle()
            .take(least - 1)
            .chain(['x'])
            .collect(),
    };
    let pattern = schema.get("pattern").and_then(Value::as_str);
    let matching = pattern.into_iter().flat_map(|pattern| {
        let parsed = regex_syntax::parse(&as_rust_has_it(pattern)).ok();
        let of = move |more| {
            let mut text = String::new();
            write(parsed.as_ref()?, more, &mut text).then_some(text)
        };
        [0, 1, 2, 3, 4, 8, 16, 32, 64, least]
            .into_iter()
            .filter_map(of)
    });
    let is_length = |keyword: &str| keyword.ends_with("Length");
    let mut alone = schema.clone();
    alone.retain(|keyword, _| is_length(keyword) || keyword == "pattern" || keyword == "format");
    let alone = Value::Object(alone);
    let mut candidates = formatted.into_iter().chain([plain]).chain(matching);
    candidates.find(|text| keeps(&Value::Null, &alone, &Value::String(text.clone())))
}

fn formatted(format: &str) -> Option<&'static str> {
    Some(match format {
        "date-time" => "2026-01-31T09:30:00Z",
        "date" => "2026-01-31",
        "time" => "09:30:00Z",
        "duration" => "P1D",
        "email" | "idn-email" => "ada@example.com",
        "hostname" | "idn-hostname" => "example.com",
        "uri" | "url" | "iri" => "https://example.com/",
        "uri-reference" | "iri-reference" => "/",
        "uuid" => "7d444840-9dc0-11d1-b245-5ffdce74fad2",
        "ipv4" => "192.0.2.1",
        "ipv6" => "2001:db8::1",
        "byte" | "base64" => "dGV4dA==",
        _ => return None,
    })
}

/// Writes a text that a pattern matches, with `more` repetitions than needed; `false` if there is none.
fn write(pattern: &Hir, more: usize, text: &mut String) -> bool {
    if text.len() > LONGEST {
        return false;
    }
    match pattern.kind() {
        HirKind::Empty | HirKind::Look(_) => true,
        HirKind::Literal(literal) => match std::str::from_utf8(&literal.0) {
            Ok(literal) => {
                text.push_str(literal);
                true
            }
            Err(_) => false,
        },
        HirKind::Class(class) => match letter(class) {
            Some(letter) => {
                text.push(letter);
                true
            }
            None => false,
        },
        HirKind::Repetition(repetition) => {
            let least = usize::try_from(repetition.min).unwrap_or(usize::MAX);
            let most = repetition.max.map_or(usize::MAX, |most| {
                usize::try_from(most).unwrap_or(usize::MAX)
            });
            let times = least.saturating_add(more).min(most).min(LONGEST);
            (0..times).all(|_| write(&repetition.sub, more, text))
        }
        HirKind::Capture(capture) => write(&capture.sub, more, text),
        HirKind::Concat(parts) => parts.iter().all(|part| write(part, more, text)),
        HirKind::Alternation(choices) => {
            let start = text.len();
            choices.iter().any(|choice| {
                text.truncate(start);
                write(choice, more, text)
            })
        }
    }
}

/// A letter of the class that is easy to read, if it has one.
fn letter(class: &Class) -> Option<char> {
    let ranges = match class {
        Class::Unicode(class) => class
            .ranges()
            .iter()
            .map(|range| (range.start(), range.end()))
            .collect::<Vec<_>>(),
        Class::Bytes(class) => class
            .ranges()
            .iter()
            .map(|range| (range.start().into(), range.end().into()))
            .collect(),
    };
    let has = |letter: &char| {
        ranges
            .iter()
            .any(|(first, last)| (first..=last).contains(&letter))
    };
    let mut easy = ('a'..='z')
        .chain('A'..='Z')
        .chain('0'..='9')
        .chain("-_. ".chars());
    easy.find(has).or(ranges.first().map(|(first, _)| *first))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn made(schema: Value) -> Option<String> {
        make(schema.as_object().expect("schemas of tests are objects"))
    }

    #[test]
    fn patterns_and_lengths_are_kept() {
        for (pattern, least) in [
            ("^[A-Z]{3}-[0-9]+$", 10),
            ("^(cust|prod)_[a-z0-9]*$", 30),
            ("x", 5),
            (r"^\d{4}$", 0),
            (r"^[\w-]+\.\D$", 9),
        ] {
            let text = made(json!({"pattern": pattern, "minLength": least}));
            let text = text.unwrap_or_else(|| panic!("nothing matches {pattern}"));
            let regex = regex::Regex::new(pattern).expect("patterns of tests are patterns");
            assert!(regex.is_match(&text) && text.len() >= least, "{text}");
        }
        assert_eq!(made(json!({"maxLength": 2})).as_deref(), Some("te"));
        assert_eq!(made(json!({"minLength": 7})).as_deref(), Some("text tx"));
        assert_eq!(made(json!({"minLength": 3, "maxLength": 2})), None);
    }

    #[test]
    fn formats_are_kept() {
        for format in [
            "date-time",
            "date",
            "time",
            "email",
            "uri",
            "uuid",
            "ipv4",
            "ipv6",
        ] {
            assert!(made(json!({"format": format})).is_some(), "{format}");
        }
    }
}
