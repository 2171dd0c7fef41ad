//! Reading credentials; who they belong to is for [`Api::authenticate`](crate::Api::authenticate) to
//! say.

use std::borrow::Cow;
use std::net::IpAddr;

use axum::http::{HeaderMap, HeaderName, HeaderValue, header, request::Parts};

use crate::{decode_percent, query_pairs};

/// Extension of requests: the address of the client, as far as it can be trusted. Whoever accepts connections
/// inserts it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Caller(pub IpAddr);

/// What a request carries to say who sends it. Nothing of it is verified yet.
pub trait Credentials<'r>: Send {
    /// Reads them from the head of a request.
    fn read(head: &'r Parts) -> Self;

    /// Whether there are any.
    fn present(&self) -> bool;

    /// Value of `WWW-Authenticate` for who is not known, where one of `security` is asked for;
    /// empty: none.
    fn challenge(&self, security: &[&[Requirement]]) -> &'static str;
}

/// A security scheme that an operation asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requirement {
    /// Name under `components.securitySchemes`.
    pub scheme: &'static str,
    /// Scopes or roles.
    pub scopes: &'static [&'static str],
}

impl Requirement {
    /// The scheme `scheme` with these scopes.
    pub const fn new(scheme: &'static str, scopes: &'static [&'static str]) -> Requirement {
        Requirement { scheme, scopes }
    }
}

/// Whether one of the `alternatives` asks for one of `schemes`.
pub fn asks_for(alternatives: &[&[Requirement]], schemes: &[&str]) -> bool {
    let asked = |requirement: &Requirement| schemes.contains(&requirement.scheme);
    alternatives
        .iter()
        .any(|alternative| alternative.iter().any(asked))
}

/// User name and password of HTTP Basic authentication (RFC 7617).
#[derive(Clone, PartialEq, Eq)]
pub struct Basic {
    /// Everything before the first `:`.
    pub user: String,
    /// Everything after it.
    pub password: String,
}

/// Without the password.
impl std::fmt::Debug for Basic {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Basic")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

/// The token of `Authorization: Bearer …`. Two `Authorization` headers are none: which one counts
/// would be a guess.
pub fn bearer(headers: &HeaderMap) -> Option<&str> {
    authorization(headers, "bearer")
}

/// User and password of `Authorization: Basic …`.
pub fn basic(headers: &HeaderMap) -> Option<Basic> {
    let bytes = decode_base64(authorization(headers, "basic")?)?;
    let text = String::from_utf8(bytes).ok()?;
    let (user, password) = text.split_once(':')?;
    Some(Basic {
        user: user.to_owned(),
        password: password.to_owned(),
    })
}

/// An API key in a header.
pub fn header_key<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<Cow<'a, str>> {
    only(headers, name).ok()??.to_str().ok().map(Cow::Borrowed)
}

/// An API key in the query. Two are none, as with headers.
pub fn query_key<'a>(parts: &'a Parts, name: &str) -> Option<Cow<'a, str>> {
    let query = query_pairs(parts.uri.query().unwrap_or_default());
    let is_named = |key: &str| decode_percent(key, true).is_some_and(|key| key == name);
    let mut values = query.filter(|(key, _)| is_named(key));
    let (_, value) = values.next()?;
    match values.next() {
        Some(_) => None,
        None => decode_percent(value, true),
    }
}

/// An API key in a cookie, as it was sent. Two are none, as with headers.
pub fn cookie_key<'a>(headers: &'a HeaderMap, name: &str) -> Option<Cow<'a, str>> {
    let mut values = cookies(headers).filter(|(key, _)| *key == name);
    let (_, value) = values.next()?;
    match values.next() {
        Some(_) => None,
        None => std::str::from_utf8(value).ok().map(Cow::Borrowed),
    }
}

/// Name and value of every cookie (RFC 6265), still encoded. One with strange characters does not
/// take the others with it.
pub(crate) fn cookies(headers: &HeaderMap) -> impl Iterator<Item = (&str, &[u8])> {
    let lines = headers.get_all(header::COOKIE).iter();
    let pairs = lines.flat_map(|line| line.as_bytes().split(|byte| *byte == b';'));
    pairs.filter_map(|pair| {
        let end = pair.iter().position(|byte| *byte == b'=')?;
        let (name, value) = pair.split_at_checked(end)?;
        let name = std::str::from_utf8(name).ok()?;
        Some((name.trim(), value.get(1..)?.trim_ascii()))
    })
}

fn authorization<'a>(headers: &'a HeaderMap, scheme: &str) -> Option<&'a str> {
    let value = only(headers, &header::AUTHORIZATION).ok()??.as_bytes();
    let end = value.iter().position(|byte| *byte == b' ')?;
    let (name, token) = value.split_at_checked(end)?;
    let token = std::str::from_utf8(token.trim_ascii()).ok()?;
    (name.eq_ignore_ascii_case(scheme.as_bytes()) && !token.is_empty()).then_some(token)
}

/// Why `Authorization` holds no credentials of one of `schemes` (`Bearer`, `Basic`); `None`: it
/// does, or there is none.
pub fn authorization_flaw(headers: &HeaderMap, schemes: &[&str]) -> Option<String> {
    let expected = schemes.join("` or `");
    let value = match only(headers, &header::AUTHORIZATION) {
        Ok(value) => value?.as_bytes().trim_ascii(),
        Err(()) => return Some("`Authorization` must be given only once".to_owned()),
    };
    let end = value.iter().position(|byte| *byte == b' ');
    let (scheme, rest) = value.split_at_checked(end.unwrap_or(value.len()))?;
    let known = schemes
        .iter()
        .find(|known| scheme.eq_ignore_ascii_case(known.as_bytes()));
    let Some(known) = known else {
        return Some(format!(
            "`Authorization` must start with `{expected}` and a space"
        ));
    };
    if rest.is_empty() {
        return Some(format!(
            "`{known}` in `Authorization` must be followed by a space and the credentials"
        ));
    }
    match *known {
        "Basic" if basic(headers).is_none() => Some(
            "`Basic` in `Authorization` must be followed by `user:password` in base64".to_owned(),
        ),
        "Bearer" if bearer(headers).is_none() => {
            Some("the token in `Authorization` must be text".to_owned())
        }
        _ => None,
    }
}

/// Why a header holds no API key although it is there; `wire` is its name in the contract.
pub fn header_flaw(headers: &HeaderMap, name: &HeaderName, wire: &str) -> Option<String> {
    match only(headers, name) {
        Err(()) => Some(format!("`{wire}` must be given only once")),
        Ok(Some(value)) if value.to_str().is_err() => Some(format!("`{wire}` must be text")),
        Ok(_) => None,
    }
}

/// The one value of a header. `Err`: there are several.
pub(crate) fn only<'a>(
    headers: &'a HeaderMap,
    name: &HeaderName,
) -> Result<Option<&'a HeaderValue>, ()> {
    // As many values as names: no name has two.
    if headers.len() == headers.keys_len() {
        return Ok(headers.get(name));
    }
    let mut values = headers.get_all(name).iter();
    let first = values.next();
    if values.next().is_some() {
        Err(())
    } else {
        Ok(first)
    }
}

/// RFC 4648 base64, padding optional.
fn decode_base64(text: &str) -> Option<Vec<u8>> {
    let text = text.trim_end_matches('=');
    let mut bytes = Vec::with_capacity(text.len() * 3 / 4);
    let (mut buffer, mut bits) = (0u32, 0u32);
    for character in text.bytes() {
        let value = match character {
            b'A'..=b'Z' => character - b'A',
            b'a'..=b'z' => character - b'a' + 26,
            b'0'..=b'9' => character - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            _ => return None,
        };
        buffer = (buffer << 6) | u32::from(value);
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push((buffer >> bits) as u8);
            buffer &= (1 << bits) - 1;
        }
    }
    Some(bytes)
}
