//! ECMA-262 patterns, as contracts write them, → the syntax of the `regex` crate.
//!
//! The two differ in what classes such as `\d` and `\s` contain, in escapes, and in what stands
//! unescaped inside of brackets. Look-around and back-references have no counterpart there: such patterns alone
//! are those of the `fancy-regex` crate, which takes the same and more, and can take long about it.

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Chars;

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
    ) -> String {
        if let Some(known) = self.0.get(source) {
            return known.clone();
        }
        match checked(source) {
            Ok(pattern) => {
                self.0.insert(source.to_owned(), pattern.clone());
                pattern
            }
            Err(reason) => {
                problems.refuse(
                    pointer,
                    format!("the pattern `{source}` is not supported: {reason}"),
                    "patterns follow ECMA-262",
                );
                String::new()
            }
        }
    }
}

/// `source` translated, if one of the crates takes it.
fn checked(source: &str) -> Result<String, String> {
    let pattern = translate(source)?;
    if looks_around(&pattern) {
        return match fancy_regex::Regex::new(&pattern) {
            Ok(_) => Ok(pattern),
            Err(error) => Err(error.to_string()),
        };
    }
    match regex::Regex::new(&pattern) {
        Ok(_) => Ok(pattern),
        Err(regex::Error::CompiledTooBig(_)) => Err("it is too large".to_owned()),
        Err(error) => {
            let message = error.to_string();
            let mut lines = message.lines().rev();
            let reason = lines.find_map(|line| line.strip_prefix("error: "));
            Err(reason.unwrap_or("it is malformed").to_owned())
        }
    }
}

/// Whether a pattern that was translated looks around or refers back to a group.
pub(crate) fn looks_around(pattern: &str) -> bool {
    let mut rest = pattern.chars().peekable();
    let mut depth = 0_usize;
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => {
                let escaped = rest.next();
                if depth == 0 && matches!(escaped, Some('1'..='9' | 'k')) {
                    return true;
                }
            }
            '[' => depth += 1,
            ']' => depth = depth.saturating_sub(1),
            '(' if depth == 0 && rest.peek() == Some(&'?') => {
                rest.next();
                let second = rest.peek().copied();
                let third = rest.clone().nth(1);
                match (second, third) {
                    (Some('=' | '!'), _) | (Some('<'), Some('=' | '!')) => return true,
                    _ => {}
                }
            }
            _ => {}
        }
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

/// What `\s` is in ECMA-262: white space and line ends.
const SPACE: &str = r"\t\n\x0B\x0C\r \u{A0}\u{FEFF}\p{Zs}\u{2028}\u{2029}";
const WORD: &str = "0-9A-Za-z_";
const DIGIT: &str = "0-9";
/// What `.` leaves out.
const LINE_ENDS: &str = r"\n\r\u{2028}\u{2029}";

fn translate(source: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = source.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => escape(&mut rest, &mut out, false)?,
            '[' => class(&mut rest, &mut out)?,
            '.' => out.push_str(&format!("[^{LINE_ENDS}]")),
            '(' => group(&mut rest, &mut out)?,
            '{' if is_quantifier(rest.clone()) => {
                out.push('{');
                out.extend(rest.by_ref().take_while(|letter| *letter != '}'));
                out.push('}');
            }
            '{' | ']' | '}' => {
                out.push('\\');
                out.push(letter);
            }
            '+' if matches!(out.chars().last(), Some('+' | '*' | '?')) && !ends_escaped(&out) => {
                return Err("a quantifier follows a quantifier".to_owned());
            }
            _ => out.push(letter),
        }
    }
    Ok(out)
}

fn ends_escaped(out: &str) -> bool {
    let before = out
        .chars()
        .rev()
        .skip(1)
        .take_while(|letter| *letter == '\\')
        .count();
    before % 2 == 1
}

/// Whether `{` begins `{2}`, `{2,}` or `{2,3}`.
fn is_quantifier(mut rest: Peekable<Chars<'_>>) -> bool {
    let mut digits = 0;
    let mut commas = 0;
    loop {
        match rest.next() {
            Some(digit) if digit.is_ascii_digit() => digits += 1,
            Some(',') if digits > 0 && commas == 0 => commas += 1,
            Some('}') => return digits > 0,
            _ => return false,
        }
    }
}

/// What follows `(`.
fn group(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Result<(), String> {
    out.push('(');
    if rest.peek() != Some(&'?') {
        return Ok(());
    }
    rest.next();
    match rest.next() {
        Some(':') => out.push_str("?:"),
        Some('<') => {
            out.push_str("?<");
            out.extend(rest.next_if(|letter| matches!(letter, '=' | '!')));
        }
        Some(letter @ ('=' | '!')) => {
            out.push('?');
            out.push(letter);
        }
        // Of other dialects; of these, each means one thing.
        Some(flag @ ('i' | 'm' | 's')) if matches!(rest.peek(), Some(')' | ':')) => {
            out.push('?');
            out.push(flag);
        }
        _ => return Err("`(?` begins an unknown group".to_owned()),
    }
    Ok(())
}

/// What follows `[`, up to and including `]`.
fn class(rest: &mut Peekable<Chars<'_>>, out: &mut String) -> Result<(), String> {
    let negated = rest.next_if_eq(&'^').is_some();
    if rest.next_if_eq(&']').is_some() {
        // `[]` matches nothing and `[^]` everything.
        out.push_str(if negated { r"[\s\S]" } else { r"[^\s\S]" });
        return Ok(());
    }
    out.push_str(if negated { "[^" } else { "[" });
    let mut first = true;
    while let Some(letter) = rest.next() {
        match letter {
            ']' => {
                out.push(']');
                return Ok(());
            }
            '\\' => escape(rest, out, true)?,
            // A range, unless it stands at either end or beside a class.
            '-' if !first && rest.peek() != Some(&']') && !out.ends_with(']') => {
                match rest.clone().nth(1) {
                    Some('d' | 'D' | 'w' | 'W' | 's' | 'S' | 'p' | 'P')
                        if rest.peek() == Some(&'\\') =>
                    {
                        out.push_str(r"\-");
                    }
                    _ => out.push('-'),
                }
            }
            '-' | '[' | '&' | '~' | '^' => {
                out.push('\\');
                out.push(letter);
            }
            _ => out.push(letter),
        }
        first = false;
    }
    Err("`[` is not closed".to_owned())
}

/// What follows `\`.
fn escape(rest: &mut Peekable<Chars<'_>>, out: &mut String, in_class: bool) -> Result<(), String> {
    let Some(letter) = rest.next() else {
        return Err("it ends in `\\`".to_owned());
    };
    match letter {
        'd' => out.push_str(&format!("[{DIGIT}]")),
        'D' => out.push_str(&format!("[^{DIGIT}]")),
        'w' => out.push_str(&format!("[{WORD}]")),
        'W' => out.push_str(&format!("[^{WORD}]")),
        's' => out.push_str(&format!("[{SPACE}]")),
        'S' => out.push_str(&format!("[^{SPACE}]")),
        'b' if in_class => out.push_str(r"\x08"),
        'b' => out.push_str(r"(?-u:\b)"),
        'B' if !in_class => out.push_str(r"(?-u:\B)"),
        't' | 'n' | 'r' | 'f' | 'v' => {
            out.push('\\');
            out.push(letter);
        }
        '0' if !rest.peek().is_some_and(char::is_ascii_digit) => out.push_str(r"\x00"),
        // Longer numbers than there are groups mean characters, which nobody writes.
        '1'..='9' if !in_class => {
            out.push('\\');
            out.push(letter);
        }
        'k' if !in_class => {
            let closed = rest.clone().any(|letter| letter == '>');
            if rest.next_if_eq(&'<').is_none() || !closed {
                return Err("`\\k` needs the name of a group".to_owned());
            }
            out.push_str(r"\k<");
            out.extend(rest.by_ref().take_while(|letter| *letter != '>'));
            out.push('>');
        }
        'c' => match rest.next() {
            Some(control) if control.is_ascii_alphabetic() => {
                push_code(out, u32::from(control) % 32)?;
            }
            _ => return Err("`\\c` needs a letter".to_owned()),
        },
        'x' => {
            let code = hex(rest, 2)?;
            push_code(out, code)?;
        }
        'u' => {
            let code = unicode(rest)?;
            push_code(out, code)?;
        }
        'p' | 'P' => property(rest, out, letter)?,
        letter if letter.is_ascii_alphanumeric() => {
            return Err(format!("`\\{letter}` is no escape"));
        }
        letter if letter.is_ascii_punctuation() => {
            // Every ASCII symbol may be escaped, except these, which need not be.
            if !matches!(letter, '<' | '>') {
                out.push('\\');
            }
            out.push(letter);
        }
        letter => out.push(letter),
    }
    Ok(())
}

fn property(rest: &mut Peekable<Chars<'_>>, out: &mut String, kind: char) -> Result<(), String> {
    if rest.next() != Some('{') {
        return Err(format!("`\\{kind}` needs a name in braces"));
    }
    let mut name = String::new();
    loop {
        match rest.next() {
            Some('}') => break,
            Some(letter) => name.push(letter),
            None => return Err(format!("`\\{kind}` needs a name in braces")),
        }
    }
    out.push_str(&format!(r"\{kind}{{{name}}}"));
    Ok(())
}

/// `\uXXXX`, a pair of surrogates, or `\u{X…}`.
fn unicode(rest: &mut Peekable<Chars<'_>>) -> Result<u32, String> {
    if rest.next_if_eq(&'{').is_some() {
        let mut digits = String::new();
        while let Some(digit) = rest.next_if(char::is_ascii_hexdigit) {
            digits.push(digit);
        }
        let closed = rest.next() == Some('}');
        return match u32::from_str_radix(&digits, 16) {
            Ok(code) if closed => Ok(code),
            _ => Err("`\\u{` needs a code point and `}`".to_owned()),
        };
    }
    let high = hex(rest, 4)?;
    if !(0xD800..0xDC00).contains(&high) {
        return Ok(high);
    }
    let second = (rest.next() == Some('\\') && rest.next() == Some('u')).then(|| hex(rest, 4));
    match second {
        Some(Ok(low)) if (0xDC00..0xE000).contains(&low) => {
            Ok(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00))
        }
        _ => Err("half a surrogate pair is no character".to_owned()),
    }
}

fn hex(rest: &mut Peekable<Chars<'_>>, digits: usize) -> Result<u32, String> {
    let mut code = 0;
    for _ in 0..digits {
        let digit = rest.next().and_then(|digit| digit.to_digit(16));
        code =
            code * 16 + digit.ok_or_else(|| format!("{digits} hexadecimal digits are missing"))?;
    }
    Ok(code)
}

fn push_code(out: &mut String, code: u32) -> Result<(), String> {
    if char::from_u32(code).is_none() {
        return Err(format!("U+{code:04X} is no character"));
    }
    out.push_str(&format!(r"\x{{{code:X}}}"));
    Ok(())
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
    }

    #[test]
    fn what_has_no_counterpart_is_refused() {
        for pattern in [r"\u12", "[a", r"\", r"\k", r"[\1]"] {
            assert!(translate(pattern).is_err(), "{pattern}");
        }
    }
}
