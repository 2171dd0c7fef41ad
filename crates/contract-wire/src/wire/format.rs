//! Formats of text, by the grammar of their standard.

use std::net::{Ipv4Addr, Ipv6Addr};

pub use super::format_more::*;
pub use super::format_names::*;

/// A format that is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Format {
    /// RFC 3339 `date-time`.
    DateTime,
    /// RFC 3339 `full-date`.
    Date,
    /// RFC 3339 `full-time`.
    Time,
    /// RFC 5321 `Mailbox`.
    Email,
    /// RFC 3986 `URI`.
    Uri,
    /// RFC 9562 UUID.
    Uuid,
    /// Dotted IPv4 address.
    Ipv4,
    /// RFC 4291 IPv6 address.
    Ipv6,
    /// RFC 1123 host name.
    Hostname,
    /// RFC 5890 host name, in any script.
    IdnHostname,
    /// RFC 6531 mailbox.
    IdnEmail,
    /// RFC 3339 duration.
    Duration,
    /// RFC 6901 JSON pointer.
    JsonPointer,
    /// Relative JSON pointer.
    RelativeJsonPointer,
    /// RFC 3986 URI reference.
    UriReference,
    /// RFC 6570 URI template.
    UriTemplate,
    /// RFC 3987 IRI.
    Iri,
    /// RFC 3987 IRI reference.
    IriReference,
    /// ECMA-262 regular expression.
    Regex,
}

impl Format {
    /// Whether `text` has the format.
    pub fn accepts(self, text: &str) -> bool {
        match self {
            Format::DateTime => date_time(text),
            Format::Date => date(text),
            Format::Time => time(text),
            Format::Email => email(text),
            Format::Uri => uri(text),
            Format::Uuid => uuid(text),
            Format::Ipv4 => ipv4(text),
            Format::Ipv6 => ipv6(text),
            Format::Hostname => hostname(text),
            Format::IdnHostname => idn_hostname(text),
            Format::IdnEmail => idn_email(text),
            Format::Duration => duration(text),
            Format::JsonPointer => json_pointer(text),
            Format::RelativeJsonPointer => relative_json_pointer(text),
            Format::UriReference => uri_reference(text),
            Format::UriTemplate => uri_template(text),
            Format::Iri => iri(text),
            Format::IriReference => iri_reference(text),
            Format::Regex => regex(text),
        }
    }

    /// What text of the format is, for messages.
    pub const fn describe(self) -> &'static str {
        match self {
            Format::DateTime => "a date and time such as `2025-01-31T09:30:00Z`",
            Format::Date => "a date such as `2025-01-31`",
            Format::Time => "a time such as `09:30:00Z`",
            Format::Email => "an e-mail address of ASCII characters",
            Format::Uri => "an absolute URI",
            Format::Uuid => "a UUID",
            Format::Ipv4 => "an IPv4 address",
            Format::Ipv6 => "an IPv6 address",
            Format::Hostname => "a host name",
            Format::IdnHostname => "a host name",
            Format::IdnEmail => "an e-mail address",
            Format::Duration => "a duration such as `P3DT4H`",
            Format::JsonPointer => "a JSON pointer such as `/a/0`",
            Format::RelativeJsonPointer => "a relative JSON pointer such as `1/a`",
            Format::UriReference => "a URI or a reference that counts from one",
            Format::UriTemplate => "a template of URIs such as `/pets/{id}`",
            Format::Iri => "an absolute IRI",
            Format::IriReference => "an IRI or a reference that counts from one",
            Format::Regex => "a regular expression",
        }
    }
}

/// RFC 3339 `date-time`: date and time with an offset, separated by `T`.
pub fn date_time(text: &str) -> bool {
    match (text.get(..10), text.as_bytes().get(10), text.get(11..)) {
        (Some(day), Some(b'T' | b't'), Some(clock)) => date(day) && time(clock),
        _ => false,
    }
}

/// RFC 3339 `full-date`.
pub fn date(text: &str) -> bool {
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return false;
    };
    let (Some(century), Some(year), Some(month), Some(day)) = (
        number(y1, y2),
        number(y3, y4),
        number(m1, m2),
        number(d1, d2),
    ) else {
        return false;
    };
    let leap = if year == 0 {
        century % 4 == 0
    } else {
        year % 4 == 0
    };
    let days = match month {
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(leap),
        1..=12 => 31,
        _ => return false,
    };
    (1..=days).contains(&day)
}

/// RFC 3339 `full-time`. A leap second stands only where there can be one: at 23:59 UTC.
pub fn time(text: &str) -> bool {
    let Some((&[h1, h2, b':', m1, m2, b':', s1, s2], rest)) = text.as_bytes().split_first_chunk()
    else {
        return false;
    };
    let (Some(hour), Some(minute), Some(second)) = (number(h1, h2), number(m1, m2), number(s1, s2))
    else {
        return false;
    };
    let rest = match rest.strip_prefix(b".") {
        None => rest,
        Some(fraction) => {
            let digits = fraction
                .iter()
                .take_while(|byte| byte.is_ascii_digit())
                .count();
            if digits == 0 {
                return false;
            }
            &fraction[digits..]
        }
    };
    // Minutes to add to the local time for UTC, modulo a day.
    const DAY: u32 = 24 * 60;
    let to_utc = match *rest {
        [b'Z' | b'z'] => 0,
        [sign @ (b'+' | b'-'), h1, h2, b':', m1, m2] => match (number(h1, h2), number(m1, m2)) {
            (Some(hours @ ..=23), Some(minutes @ ..=59)) if sign == b'-' => hours * 60 + minutes,
            (Some(hours @ ..=23), Some(minutes @ ..=59)) => DAY - hours * 60 - minutes,
            _ => return false,
        },
        _ => return false,
    };
    let leap_second = (hour * 60 + minute + to_utc) % DAY == DAY - 1;
    hour <= 23 && minute <= 59 && (second <= 59 || second == 60 && leap_second)
}

fn number(tens: u8, ones: u8) -> Option<u32> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| u32::from(byte - b'0'));
    Some(digit(tens)? * 10 + digit(ones)?)
}

/// RFC 5321 `Mailbox`: a dot-atom or quoted local part of at most 64 bytes, and a host name or an
/// address literal. ASCII, as RFC 5321 has it; quoted text may hold tabs, as in RFC 5322.
pub fn email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else {
        return false;
    };
    local.len() <= 64 && local_part(local) && mail_domain(domain)
}

fn local_part(local: &str) -> bool {
    if local.len() >= 2 && local.starts_with('"') && local.ends_with('"') {
        let mut bytes = local.bytes().skip(1).take(local.len() - 2);
        while let Some(byte) = bytes.next() {
            let fine = match byte {
                b'\\' => bytes.next().is_some_and(|byte| byte.is_ascii_graphic()),
                b'"' => false,
                _ => byte.is_ascii_graphic() || byte == b' ' || byte == b'\t',
            };
            if !fine {
                return false;
            }
        }
        return true;
    }
    // One pass, as nearly every address takes this way; a dot stands between two atoms.
    let mut last = b'.';
    for byte in local.bytes() {
        let fine = if byte == b'.' {
            last != b'.'
        } else {
            ATEXT[usize::from(byte)]
        };
        if !fine {
            return false;
        }
        last = byte;
    }
    last != b'.'
}

/// RFC 5322 `atext`, by byte.
const ATEXT: [bool; 256] = {
    let mut table = [false; 256];
    let mut byte = 0_u8;
    while byte < 128 {
        table[byte as usize] = byte.is_ascii_alphanumeric();
        byte += 1;
    }
    let others = b"!#$%&'*+-/=?^_`{|}~";
    let mut index = 0;
    while index < others.len() {
        table[others[index] as usize] = true;
        index += 1;
    }
    table
};

fn mail_domain(domain: &str) -> bool {
    match domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        None => host_name(domain),
        Some(literal) => match literal.split_at_checked("IPv6:".len()) {
            Some((tag, address)) if tag.eq_ignore_ascii_case("IPv6:") => ipv6(address),
            _ => ipv4(literal),
        },
    }
}

/// RFC 1123 host name, without a final dot. Labels with `--` as third and fourth character are
/// reserved (RFC 5891); of those, only A-labels (`xn--`) are names.
pub fn host_name(name: &str) -> bool {
    let bytes = name.as_bytes();
    let (mut length, mut last) = (0, b'.');
    for (index, &byte) in bytes.iter().enumerate() {
        let fine = match byte {
            b'.' => length > 0 && last != b'-',
            b'-' if length == 3 && last == b'-' => bytes[..index].ends_with(b"xn-"),
            b'-' => length > 0,
            _ => byte.is_ascii_alphanumeric(),
        };
        length = if byte == b'.' { 0 } else { length + 1 };
        if !fine || length > 63 {
            return false;
        }
        last = byte;
    }
    bytes.len() <= 253 && length > 0 && last != b'-'
}

/// RFC 3986 `URI`: with a scheme.
pub fn uri(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once(':') else {
        return false;
    };
    let in_scheme = |byte: u8| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte);
    if !scheme.starts_with(|first: char| first.is_ascii_alphabetic())
        || !scheme.bytes().all(in_scheme)
    {
        return false;
    }
    let (rest, fragment) = rest.split_once('#').unwrap_or((rest, ""));
    let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
    let (authority, path) = match rest.strip_prefix("//") {
        None => (None, rest),
        Some(rest) => {
            let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            (Some(authority), path)
        }
    };
    authority.is_none_or(uri_authority)
        && uri_characters(path, b":@/")
        && uri_characters(query, b":@/?")
        && uri_characters(fragment, b":@/?")
}

fn uri_authority(text: &str) -> bool {
    let host_and_port = match text.split_once('@') {
        Some((user, rest)) if uri_characters(user, b":") => rest,
        Some(_) => return false,
        None => text,
    };
    let (literal, rest) = match host_and_port
        .strip_prefix('[')
        .map(|rest| rest.split_once(']'))
    {
        None => (None, host_and_port),
        Some(Some((literal, rest))) => (Some(literal), rest),
        Some(None) => return false,
    };
    let (name, port) = rest.split_once(':').unwrap_or((rest, ""));
    let host = match literal {
        Some(literal) => name.is_empty() && (ipv6(literal) || ip_future(literal)),
        None => uri_characters(name, b""),
    };
    host && port.bytes().all(|byte| byte.is_ascii_digit())
}

fn ip_future(text: &str) -> bool {
    let Some((version, address)) = text
        .strip_prefix(['v', 'V'])
        .and_then(|rest| rest.split_once('.'))
    else {
        return false;
    };
    !version.is_empty()
        && version.bytes().all(|byte| byte.is_ascii_hexdigit())
        && !address.is_empty()
        && !address.contains('%')
        && uri_characters(address, b":")
}

/// Unreserved characters, sub-delimiters, percent-encoded bytes, and `also`.
fn uri_characters(text: &str, also: &[u8]) -> bool {
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        let fine = match byte {
            b'%' => [bytes.next(), bytes.next()]
                .iter()
                .all(|hex| hex.is_some_and(|hex| hex.is_ascii_hexdigit())),
            _ => {
                byte.is_ascii_alphanumeric()
                    || b"-._~!$&'()*+,;=".contains(&byte)
                    || also.contains(&byte)
            }
        };
        if !fine {
            return false;
        }
    }
    true
}

/// UUID in its hyphenated form, in either case.
pub fn uuid(text: &str) -> bool {
    text.len() == 36
        && text.bytes().enumerate().all(|(index, byte)| match index {
            8 | 13 | 18 | 23 => byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Dotted IPv4 address of four decimal numbers without leading zeros.
pub fn ipv4(text: &str) -> bool {
    text.parse::<Ipv4Addr>().is_ok()
}

/// IPv6 address without zone.
pub fn ipv6(text: &str) -> bool {
    text.parse::<Ipv6Addr>().is_ok()
}
