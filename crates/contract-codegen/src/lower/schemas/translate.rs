//! The syntax of ECMA-262, and words of other dialects that mean one thing, in that of the `regex` crate.

use std::iter::Peekable;
use std::str::Chars;

/// What `\s` is in ECMA-262: white space and line ends.
const SPACE: &str = r"\t\n\x0B\x0C\r \u{A0}\u{FEFF}\p{Zs}\u{2028}\u{2029}";
pub(super) const WORD: &str = "0-9A-Za-z_";
const DIGIT: &str = "0-9";
pub(super) const BOUNDARY: &str = r"(?-u:\b)";
pub(super) const NO_BOUNDARY: &str = r"(?-u:\B)";
/// What `.` leaves out.
const LINE_ENDS: &str = r"\n\r\u{2028}\u{2029}";

pub(super) fn translate(source: &str) -> Result<String, String> {
    let mut out = String::new();
    let mut rest = source.chars().peekable();
    // Where open groups begin, and whether they look around.
    let mut groups: Vec<(usize, bool)> = Vec::new();
    while let Some(letter) = rest.next() {
        match letter {
            '\\' => escape(&mut rest, &mut out, false)?,
            '[' => class(&mut rest, &mut out)?,
            '.' => out.push_str(&format!("[^{LINE_ENDS}]")),
            '(' => {
                groups.push((out.len(), looks(&rest)));
                group(&mut rest, &mut out)?;
            }
            ')' => {
                let (start, looks) = groups.pop().ok_or("`)` closes nothing")?;
                out.push(')');
                if looks && let Some(least) = quantifier(&mut rest) {
                    // Looking once is as good as looking often.
                    out.truncate(if least == 0 { start } else { out.len() });
                }
            }
            '{' if is_quantifier(rest.clone()) => {
                out.push('{');
                out.extend(rest.by_ref().take_while(|letter| *letter != '}'));
                out.push('}');
            }
            '{' | ']' | '}' => {
                out.push('\\');
                out.push(letter);
            }
            _ => out.push(letter),
        }
    }
    Ok(out)
}

/// Whether what follows `(` looks ahead or behind.
fn looks(rest: &Peekable<Chars<'_>>) -> bool {
    let mut rest = rest.clone();
    let is_look = |letter: Option<char>| matches!(letter, Some('=' | '!'));
    rest.next() == Some('?')
        && match rest.next() {
            Some('<') => is_look(rest.next()),
            second => is_look(second),
        }
}

/// Takes a quantifier, if one follows; gives how often it asks for at least.
fn quantifier(rest: &mut Peekable<Chars<'_>>) -> Option<u32> {
    let mut ahead = rest.clone();
    let least = match ahead.next()? {
        '*' | '?' => 0,
        '+' => 1,
        '{' if is_quantifier(ahead.clone()) => {
            let bounds: String = ahead.by_ref().take_while(|letter| *letter != '}').collect();
            let least = bounds.split(',').next().unwrap_or_default();
            least.parse().unwrap_or(u32::MAX)
        }
        _ => return None,
    };
    let _ = ahead.next_if_eq(&'?');
    *rest = ahead;
    Some(least)
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
        Some('>') => out.push_str("?>"),
        Some('P') if rest.next_if_eq(&'<').is_some() => out.push_str("?<"),
        Some(flag @ ('i' | 'm' | 's' | '-')) => {
            let mut flags = String::from(flag);
            while let Some(flag) = rest.next_if(|flag| matches!(flag, 'i' | 'm' | 's' | '-')) {
                flags.push(flag);
            }
            if !matches!(rest.peek(), Some(')' | ':')) {
                return Err("`(?` begins an unknown group".to_owned());
            }
            out.push('?');
            out.push_str(&flags);
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
        'b' => out.push_str(BOUNDARY),
        'B' if !in_class => out.push_str(NO_BOUNDARY),
        't' | 'n' | 'r' | 'f' | 'v' => {
            out.push('\\');
            out.push(letter);
        }
        // Octal (Annex B); in a class nothing else is meant by digits.
        digit @ '0'..='7' if in_class || digit == '0' => {
            let mut code = digit.to_digit(8).unwrap_or_default();
            for _ in 0..2 {
                let next = rest.next_if(|digit| digit.is_digit(8) && code < 32);
                code = next
                    .and_then(|digit| digit.to_digit(8))
                    .map_or(code, |digit| code * 8 + digit);
            }
            push_code(out, code)?;
        }
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
            let code = match rest.peek() {
                Some('{') => braced(rest)?,
                _ => hex(rest, 2)?,
            };
            push_code(out, code)?;
        }
        'u' => {
            let code = unicode(rest)?;
            push_code(out, code)?;
        }
        'p' | 'P' if matches!(rest.peek(), Some('{' | 'A'..='Z')) => property(rest, out, letter)?,
        // Of other dialects, which mean one thing by them.
        'A' if !in_class => out.push('^'),
        'z' | 'Z' if !in_class => out.push('$'),
        'h' => out.push_str(r"[\t\p{Zs}]"),
        'a' => out.push_str(r"\x07"),
        'e' => out.push_str(r"\x1B"),
        'G' | 'K' | 'Q' | 'E' | 'R' | 'X' => {
            return Err(format!("`\\{letter}` is no escape"));
        }
        // Of anything else, a letter stands for itself (Annex B).
        letter if letter.is_ascii_alphabetic() => out.push(letter),
        letter if letter.is_ascii_digit() => {
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

/// Names that classes have elsewhere, most of them of ASCII alone.
const POSIX: [(&str, &str); 14] = [
    ("all", r"\s\S"),
    ("LD", r"\p{L}\p{Nd}"),
    ("Alnum", "0-9A-Za-z"),
    ("Alpha", "A-Za-z"),
    ("ASCII", r"\x00-\x7F"),
    ("Blank", r" \t"),
    ("Cntrl", r"\x00-\x1F\x7F"),
    ("Digit", "0-9"),
    ("Graph", "!-~"),
    ("Lower", "a-z"),
    ("Print", " -~"),
    ("Punct", r"!-/:-@\[-`{-\~"),
    ("Upper", "A-Z"),
    ("XDigit", "0-9A-Fa-f"),
];

/// What follows `\p` or `\P`: a name in braces, or one letter.
fn property(rest: &mut Peekable<Chars<'_>>, out: &mut String, kind: char) -> Result<(), String> {
    if rest.next_if_eq(&'{').is_none() {
        let name = rest.next().unwrap_or('L');
        out.push_str(&format!(r"\{kind}{{{name}}}"));
        return Ok(());
    }
    let mut name = String::new();
    loop {
        match rest.next() {
            Some('}') => break,
            Some(letter) => name.push(letter),
            None => return Err(format!("`\\{kind}` needs a name in braces")),
        }
    }
    // Names of ECMA-262 come first: `ASCII` is one of them, and means the same.
    match POSIX.iter().find(|(posix, _)| *posix == name) {
        Some((_, class)) => {
            let negated = if kind == 'P' { "^" } else { "" };
            out.push_str(&format!("[{negated}{class}]"));
        }
        None => out.push_str(&format!(r"\{kind}{{{name}}}")),
    }
    Ok(())
}

/// `\uXXXX`, a pair of surrogates, or `\u{X…}`.
fn unicode(rest: &mut Peekable<Chars<'_>>) -> Result<u32, String> {
    if rest.peek() == Some(&'{') {
        return braced(rest);
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

/// The code point in braces, which begin.
fn braced(rest: &mut Peekable<Chars<'_>>) -> Result<u32, String> {
    rest.next();
    let mut digits = String::new();
    while let Some(digit) = rest.next_if(char::is_ascii_hexdigit) {
        digits.push(digit);
    }
    let closed = rest.next() == Some('}');
    match u32::from_str_radix(&digits, 16) {
        Ok(code) if closed => Ok(code),
        _ => Err("braces need a code point and `}`".to_owned()),
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
