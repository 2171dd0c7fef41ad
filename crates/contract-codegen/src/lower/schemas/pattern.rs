//! ECMA-262 patterns, as contracts write them, → the syntax of the `regex` crate.
//!
//! The two differ in what classes such as `\d` and `\s` contain, in escapes, and in what stands
//! unescaped inside of brackets. Look-around and back-references have no counterpart there: such patterns alone
//! are those of the `fancy-regex` crate, which takes the same and more, and can take long about it.

use std::collections::HashMap;

use super::surrogates::{joined, piece};
use super::translate::{BOUNDARY, NO_BOUNDARY, WORD, translate};
use crate::lower::Problems;

/// Patterns that were translated.
#[derive(Debug, Default)]
pub(super) struct Patterns(HashMap<String, String>);

impl Patterns {
    /// `source` translated; refused where that is not possible.
    pub(super) fn translated(
        &mut self,
        source: &str,
        pointer: &str,
        problems: &mut Problems,
    ) -> Option<String> {
        let inner = between_slashes(source);
        if let Some(inner) = inner {
            let message = format!("no text matches `{source}`: it is read as `{inner}`");
            problems.warn(pointer, message, "remove the slashes");
        }
        if let Some(known) = self.0.get(source) {
            return Some(known.clone());
        }
        match checked(inner.unwrap_or(source)) {
            Ok(pattern) => {
                self.0.insert(source.to_owned(), pattern.clone());
                Some(pattern)
            }
            Err(Untranslated::Malformed(reason)) => {
                let message = format!("the pattern `{source}` is not supported: {reason}");
                problems.refuse(pointer, message, "patterns follow ECMA-262");
                None
            }
            Err(Untranslated::TooLarge) => {
                let message = format!("the pattern `{source}` is not supported: it is too large");
                problems.refuse(pointer, message, "say lengths by `maxLength`");
                None
            }
        }
    }
}

/// Why a pattern has no translation.
#[derive(Debug, PartialEq, Eq)]
enum Untranslated {
    /// It is no pattern.
    Malformed(String),
    TooLarge,
}

impl From<String> for Untranslated {
    fn from(reason: String) -> Self {
        Self::Malformed(reason)
    }
}

/// What stands between slashes that mark a pattern in program text. As a part of it, nothing could match.
fn between_slashes(source: &str) -> Option<&str> {
    let inner = source.strip_prefix("/^")?.strip_suffix("$/")?;
    source.get(1..inner.len() + 3)
}

/// `source` translated, if one of the crates takes it.
fn checked(source: &str) -> Result<String, Untranslated> {
    let mut pattern = translate(&joined(source))?;
    if looks_around(&pattern) {
        // `fancy-regex` has no boundaries of ASCII words alone.
        let (behind, ahead) = (format!("<=[{WORD}]"), format!("=[{WORD}]"));
        let (nor_behind, nor_ahead) = (format!("<![{WORD}]"), format!("![{WORD}]"));
        let either =
            |[a, b]: [&str; 2], [c, d]: [&str; 2]| format!("(?:(?{a})(?{b})|(?{c})(?{d}))");
        let at_end = either([&behind, &nor_ahead], [&nor_behind, &ahead]);
        let within = either([&behind, &ahead], [&nor_behind, &nor_ahead]);
        pattern = pattern
            .replace(BOUNDARY, &at_end)
            .replace(NO_BOUNDARY, &within);
        return match fancy_regex::Regex::new(&pattern) {
            Ok(_) => Ok(pattern),
            Err(error) => Err(error.to_string().into()),
        };
    }
    match regex::Regex::new(&pattern) {
        Ok(_) => Ok(pattern),
        Err(regex::Error::CompiledTooBig(_)) => Err(Untranslated::TooLarge),
        Err(error) => {
            let message = error.to_string();
            let mut lines = message.lines().rev();
            let reason = lines.find_map(|line| line.strip_prefix("error: "));
            Err(reason.unwrap_or("it is malformed").to_owned().into())
        }
    }
}

/// A pattern that only says which characters a text has, and how many, where that makes it too large: as a shorter
/// one, and the bounds of the length where it is about the whole text.
pub(super) fn counted(source: &str) -> Option<(String, Option<(u64, u64)>)> {
    let inner = source.strip_prefix('^').unwrap_or(source);
    let inner = inner.strip_suffix('$').unwrap_or(inner);
    let (letter, bounds) = inner.strip_suffix('}')?.rsplit_once('{')?;
    let (low, high) = bounds.split_once(',').unwrap_or((bounds, bounds));
    let (low, high) = (low.parse().ok()?, high.parse().ok()?);
    let is_one = piece(letter).1.is_empty() && !matches!(letter, "" | "(" | ")" | "^" | "$");
    if !is_one || checked(source) != Err(Untranslated::TooLarge) {
        return None;
    }
    match source.strip_prefix('^').and_then(|it| it.strip_suffix('$')) {
        Some(_) => Some((format!("^{letter}*$"), Some((low, high)))),
        // More may stand beside it.
        None => Some((
            source.replace(&format!("{{{bounds}}}"), &format!("{{{low}}}")),
            None,
        )),
    }
}

/// Whether a pattern that was translated looks around, refers back to a group, or keeps what it has matched.
pub(crate) fn looks_around(pattern: &str) -> bool {
    let mut rest = pattern.chars().peekable();
    let mut depth = 0_usize;
    let mut after_quantifier = false;
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => {
                let escaped = rest.next();
                if depth == 0 && matches!(escaped, Some('1'..='9' | 'k')) {
                    return true;
                }
                // Its braces are no quantifier.
                if matches!(escaped, Some('x' | 'u' | 'p' | 'P')) && rest.peek() == Some(&'{') {
                    let _ = rest.by_ref().find(|letter| *letter == '}');
                }
            }
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '(' if depth == 0 && rest.peek() == Some(&'?') => {
                rest.next();
                let second = rest.peek().copied();
                let third = rest.clone().nth(1);
                match (second, third) {
                    (Some('=' | '!' | '>'), _) | (Some('<'), Some('=' | '!')) => return true,
                    _ => {}
                }
            }
            '+' if depth == 0 && after_quantifier => return true,
            _ => {}
        }
        after_quantifier = matches!(letter, '*' | '+' | '?' | '}');
    }
    false
}

/// Whether `text` matches a pattern that was translated.
pub(super) fn matches(pattern: &str, text: &str) -> bool {
    if looks_around(pattern) {
        let pattern = fancy_regex::Regex::new(pattern).ok();
        return pattern.is_none_or(|pattern| pattern.is_match(text).unwrap_or(false));
    }
    let pattern = regex::Regex::new(pattern).ok();
    pattern.is_none_or(|pattern| pattern.is_match(text))
}

#[cfg(test)]
mod tests {
    use super::{looks_around, translate};

    #[track_caller]
    fn matches(pattern: &str, text: &str) -> bool {
        let translated = translate(pattern).expect("the pattern is supported");
        regex::Regex::new(&translated)
            .expect("the translation is a pattern")
            .is_match(text)
    }

    #[test]
    fn classes_contain_what_ecma_says() {
        assert!(matches(r"^\d$", "7"));
        assert!(!matches(r"^\d$", "٧"));
        assert!(!matches(r"^\w$", "ä"));
        assert!(matches(r"^[\w.-]+$", "a_b.c-d"));
        assert!(matches(r"^\s$", "\u{FEFF}"));
        assert!(matches(r"^[^\s@]+@[^\s@]+$", "a@b"));
        assert!(!matches(r"^[^\s@]+@[^\s@]+$", "a b@c"));
    }

    #[test]
    fn ends_of_text_and_lines_are_those_of_ecma() {
        assert!(!matches("^a$", "a\n"));
        assert!(!matches("^.$", "\u{2028}"));
        assert!(!matches("^.$", "\r"));
        assert!(matches("^.$", "😀"));
    }

    #[test]
    fn escapes_are_translated() {
        assert!(matches(r"^a\/b$", "a/b"));
        assert!(matches(r"^\u00e9\x41\cJ$", "éA\n"));
        assert!(matches(r"^\uD83D\uDE00$", "😀"));
        assert!(matches(r"^\-\_\@\<\>\=$", "-_@<>="));
        assert!(matches(r"^\p{Lu}\P{Lu}$", "Éé"));
    }

    #[test]
    fn brackets_hold_literals_that_rust_would_read_otherwise() {
        assert!(matches(r"^[[a&&b~~-]+$", "[&~-"));
        assert!(!matches(r"^[]$", ""));
        assert!(matches(r"^[^]$", "x"));
        assert!(matches(r"^[\d-x]+$", "3-x"));
        assert!(matches(r"^[+--]+$", "+,-"));
    }

    #[test]
    fn braces_without_a_number_are_literals() {
        assert!(matches(r"^{a}$", "{a}"));
        assert!(matches(r"^a{2}b{1,}c{0,1}$", "aabb"));
        assert!(matches(r"^\{2}$", "{2}"));
    }

    #[test]
    fn look_around_and_back_references_are_told_apart() {
        for pattern in [
            "(?=a)",
            "(?!a)",
            "(?<=a)b",
            "(?<!a)b",
            r"(a)\1",
            r"(?<n>a)\k<n>",
        ] {
            let translated = translate(pattern).expect("the pattern is supported");
            assert!(looks_around(&translated), "{pattern}");
            assert!(super::checked(pattern).is_ok(), "{pattern}");
        }
        for pattern in [r"\(?=a", "[(?=a)]", "(?:a)", "(?<n>a)", r"\\1", r"[\d(?!]"] {
            let translated = translate(pattern).expect("the pattern is supported");
            assert!(!looks_around(&translated), "{pattern}");
        }
        assert!(super::matches(r"^(?!foo)\w+$", "bar"));
        assert!(!super::matches(r"^(?!foo)\w+$", "food"));
        assert!(super::matches(r"^(.)\1$", "aa"));
        let words = super::checked(r"^(?!x)a\b.\Bé$").expect("the pattern is supported");
        assert!(super::matches(&words, "a-é") && !super::matches(&words, "ab é"));
    }

    #[test]
    fn other_dialects_are_understood_where_they_mean_one_thing() {
        assert!(matches(r"\A\d+\z", "12") && !matches(r"\A\d+\z", "a12"));
        assert!(matches(r"^\p{XDigit}{2}\P{Alpha}$", "aF7") && !matches(r"^\p{XDigit}$", "g"));
        assert!(matches(r"^[\p{Punct}x]+$", "[x]~`") && matches(r"^\pL\p{L}$", "éa"));
        assert!(matches(r"^(?P<year>\d{4})$", "2026") && matches("(?im)^a$", "b\nA"));
        assert!(matches(r"^[\000-\037]\x{60}\0$", "\x1F`\0") && !matches(r"^[\1]$", "1"));
        assert!(matches(r"^\y\-$", "y-") && matches(r"^[\p\{L\}]+$", "p{L}"));
        // What was matched is kept, so that nothing is left for the last letter.
        assert!(!super::matches(
            &translate("^a++a$").expect("a pattern"),
            "aaa"
        ));
        assert!(!super::matches(
            &translate("^(?>a+)a$").expect("a pattern"),
            "aaa"
        ));
        for plain in [r"\x{41}+", r"\p{L}+", r"\}+", "[?+]+", "(?:a)+"] {
            assert!(!looks_around(plain), "{plain}");
        }
    }

    #[test]
    fn looking_around_often_is_looking_once() {
        let pattern = |source: &str| super::checked(source).expect("a pattern");
        let path = pattern(r"^(\/(?!\.)+[a-z.]+){1,4}$");
        assert!(super::matches(&path, "/a/b.c") && !super::matches(&path, "/.a"));
        assert_eq!(pattern("^(?!x){0,3}x$"), "^x$");
        assert_eq!(pattern("^(?!x){2}?y$"), "^(?!x)y$");
        assert!(looks_around(&pattern("(?<=a)*(?=b)")));
    }

    #[test]
    fn long_texts_are_counted() {
        let counted = |source: &str| super::counted(source);
        assert_eq!(
            counted("^.{0,262144}$"),
            Some(("^.*$".to_owned(), Some((0, 262_144))))
        );
        assert_eq!(counted(".{3,262144}"), Some((".{3}".to_owned(), None)));
        let class = Some((r"^[\u0020-ÿ]*$".to_owned(), Some((7, 300_000))));
        assert_eq!(counted(r"^[\u0020-ÿ]{7,300000}$"), class);
        for other in ["^.{0,10}$", "^(ab){0,262144}$", "^ab{0,262144}$", "^.{1,}$"] {
            assert_eq!(counted(other), None, "{other}");
        }
    }

    #[test]
    fn slashes_around_a_pattern_are_none_of_it() {
        assert_eq!(super::between_slashes("/^a$/"), Some("^a$"));
        assert_eq!(super::between_slashes("/a/"), None);
        assert_eq!(super::between_slashes("/^/"), None);
    }

    #[test]
    fn what_is_no_pattern_is_told() {
        for pattern in [
            r"\u12", "[a", r"\", r"\k", r"[\8]", "a)", "(a", "*", "(?x)a", r"\Qa", "a{2,1}",
        ] {
            let checked = super::checked(pattern);
            assert!(
                matches!(checked, Err(super::Untranslated::Malformed(_))),
                "{pattern}"
            );
        }
    }
}
