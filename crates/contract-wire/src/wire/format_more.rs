//! Formats of JSON Schema 2020-12 that contracts use less.

use super::format::{email, uri};
use super::format_names::idn_hostname;

/// RFC 3339, appendix A: a duration such as `P3DT4H`.
pub fn duration(text: &str) -> bool {
    let Some(rest) = text.strip_prefix('P') else {
        return false;
    };
    let (date, time) = match rest.split_once('T') {
        Some((date, time)) => (date, Some(time)),
        None => (rest, None),
    };
    let time_fits = time.is_none_or(|time| !time.is_empty() && runs(time, b"HMS"));
    match (date, time) {
        ("", None) => false,
        ("", Some(_)) => time_fits,
        (date, None) if date.ends_with('W') => runs(date, b"W"),
        (date, _) => runs(date, b"YMD") && time_fits,
    }
}

/// Numbers with units, none of which is left out between the first and the last.
fn runs(text: &str, units: &[u8]) -> bool {
    let mut next: Option<usize> = None;
    let mut digits = 0;
    for byte in text.bytes() {
        if byte.is_ascii_digit() {
            digits += 1;
            continue;
        }
        let unit = units.iter().position(|unit| *unit == byte);
        if digits == 0 || unit.is_none() || next.is_some_and(|next| unit != Some(next)) {
            return false;
        }
        next = unit.map(|unit| unit + 1);
        digits = 0;
    }
    digits == 0
}

/// RFC 6901 JSON pointer.
pub fn json_pointer(text: &str) -> bool {
    let mut rest = text.split('~');
    let first = rest.next().unwrap_or_default();
    (text.is_empty() || first.starts_with('/') || text.starts_with('/'))
        && rest.all(|after| after.starts_with(['0', '1']))
}

/// Relative JSON pointer: levels up, and a pointer from there or `#`.
pub fn relative_json_pointer(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (levels, rest) = text.split_at(digits);
    let is_number = levels == "0" || (digits > 0 && !levels.starts_with('0'));
    is_number && (rest == "#" || json_pointer(rest))
}

/// RFC 3986 URI, or a reference that counts from one.
pub fn uri_reference(text: &str) -> bool {
    let first = text.split(['/', '?', '#']).next().unwrap_or_default();
    if first.contains(':') {
        return uri(text);
    }
    // What follows the scheme is written alike.
    uri(&format!("a:{text}"))
}

/// RFC 3987 IRI.
pub fn iri(text: &str) -> bool {
    is_iri(text) && uri(&in_ascii(text))
}

/// RFC 3987 IRI, or a reference that counts from one.
pub fn iri_reference(text: &str) -> bool {
    is_iri(text) && uri_reference(&in_ascii(text))
}

fn is_iri(text: &str) -> bool {
    let private = |letter: char| {
        matches!(
            letter,
            '\u{80}'..='\u{9F}' | '\u{E000}'..='\u{F8FF}' | '\u{FFF0}'..='\u{FFFF}'
        )
    };
    !text.contains(private)
}

fn in_ascii(text: &str) -> String {
    let letter = |letter: char| if letter.is_ascii() { letter } else { 'a' };
    text.chars().map(letter).collect()
}

/// RFC 6531 mailbox: letters of any script.
pub fn idn_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    if domain.starts_with('[') {
        return email(&format!("{}@{domain}", in_ascii(local)));
    }
    email(&format!("{}@a", in_ascii(local))) && idn_hostname(domain)
}

/// RFC 6570 template of URIs.
pub fn uri_template(text: &str) -> bool {
    let mut rest = text;
    while let Some(start) = rest.find(['{', '}']) {
        let (literal, behind) = rest.split_at(start);
        let Some((expression, after)) = behind
            .strip_prefix('{')
            .and_then(|behind| behind.split_once('}'))
        else {
            return false;
        };
        if !is_literal(literal) || !is_expression(expression) {
            return false;
        }
        rest = after;
    }
    is_literal(rest)
}

fn is_literal(text: &str) -> bool {
    let refused = |letter: char| letter.is_control() || " \"<>\\^`|".contains(letter);
    !text.contains(refused) && is_percent_encoded(text)
}

fn is_percent_encoded(text: &str) -> bool {
    let mut pieces = text.split('%').skip(1);
    pieces.all(|piece| {
        let mut digits = piece.bytes().take(2);
        piece.len() >= 2 && digits.all(|digit| digit.is_ascii_hexdigit())
    })
}

fn is_expression(text: &str) -> bool {
    let names = text.strip_prefix(['+', '#', '.', '/', ';', '?', '&', '=', ',', '!', '@', '|']);
    let names = names.unwrap_or(text);
    names.split(',').all(|name| {
        let name = name.strip_suffix('*').unwrap_or(name);
        let (name, length) = match name.split_once(':') {
            Some((name, length)) => (name, Some(length)),
            None => (name, None),
        };
        let is_length = |length: &str| {
            (1..=4).contains(&length.len())
                && !length.starts_with('0')
                && length.bytes().all(|byte| byte.is_ascii_digit())
        };
        let in_name = |byte: u8| byte.is_ascii_alphanumeric() || b"_%.".contains(&byte);
        name.bytes().all(in_name)
            && name.split('.').all(|part| !part.is_empty())
            && is_percent_encoded(name)
            && length.is_none_or(is_length)
    })
}

/// A regular expression of ECMA-262.
pub fn regex(text: &str) -> bool {
    let mut rest = text.chars().peekable();
    let (mut open, mut atom) = (0_usize, false);
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => {
                if !escape(&mut rest, false) {
                    return false;
                }
                atom = true;
            }
            '[' => {
                if !class(&mut rest) {
                    return false;
                }
                atom = true;
            }
            '(' => {
                open += 1;
                atom = false;
                if rest.next_if_eq(&'?').is_some() && !group(&mut rest) {
                    return false;
                }
            }
            ')' => {
                if open == 0 {
                    return false;
                }
                open -= 1;
                atom = true;
            }
            '*' | '+' | '?' => {
                if !atom {
                    return false;
                }
                rest.next_if_eq(&'?');
                atom = false;
            }
            '{' => {
                let bounds: String = rest.clone().take_while(|letter| *letter != '}').collect();
                let is_count = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
                let (least, most) = bounds.split_once(',').unwrap_or((&bounds, ""));
                if least.is_empty() || !is_count(least) || !is_count(most) {
                    // By itself it is a letter.
                    atom = true;
                    continue;
                }
                let orders = match (least.parse::<u64>(), most.parse::<u64>()) {
                    (Ok(least), Ok(most)) => least <= most,
                    _ => true,
                };
                if !atom || !orders || rest.by_ref().find(|letter| *letter == '}').is_none() {
                    return false;
                }
                rest.next_if_eq(&'?');
                atom = false;
            }
            '|' | '^' => atom = false,
            '$' => atom = false,
            _ => atom = true,
        }
    }
    open == 0
}

type Letters<'a> = std::iter::Peekable<std::str::Chars<'a>>;

/// What follows `(?`.
fn group(rest: &mut Letters<'_>) -> bool {
    match rest.next() {
        Some(':' | '=' | '!') => true,
        Some('<') => {
            if rest.next_if(|letter| matches!(letter, '=' | '!')).is_some() {
                return true;
            }
            let name: String = rest.by_ref().take_while(|letter| *letter != '>').collect();
            !name.is_empty()
                && name
                    .chars()
                    .all(|letter| letter.is_alphanumeric() || letter == '_')
        }
        _ => false,
    }
}

/// What follows `[`.
fn class(rest: &mut Letters<'_>) -> bool {
    while let Some(letter) = rest.next() {
        match letter {
            ']' => return true,
            '\\' if !escape(rest, true) => return false,
            _ => {}
        }
    }
    false
}

/// What follows `\`.
fn escape(rest: &mut Letters<'_>, in_class: bool) -> bool {
    let hex = |rest: &mut Letters<'_>, digits: usize| {
        (0..digits).all(|_| rest.next_if(char::is_ascii_hexdigit).is_some())
    };
    match rest.next() {
        None => false,
        Some('d' | 'D' | 's' | 'S' | 'w' | 'W' | 'b' | 'B' | 't' | 'n' | 'v' | 'f' | 'r') => true,
        Some('c') => rest.next_if(char::is_ascii_alphabetic).is_some(),
        Some('x') => hex(rest, 2),
        Some('u') => match rest.next_if_eq(&'{') {
            Some(_) => {
                let code: String = rest.by_ref().take_while(|letter| *letter != '}').collect();
                u32::from_str_radix(&code, 16).is_ok_and(|code| code <= 0x10_FFFF)
            }
            None => hex(rest, 4),
        },
        Some('p' | 'P') => {
            let name: String = rest.by_ref().take_while(|letter| *letter != '}').collect();
            name.len() > 1 && name.starts_with('{')
        }
        Some('k') => !in_class && rest.next_if_eq(&'<').is_some(),
        Some(letter) => letter.is_ascii_digit() || !letter.is_alphanumeric(),
    }
}
