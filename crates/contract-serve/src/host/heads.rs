//! What the head of a request must be besides well-formed, so that everybody between a client and
//! this server reads it alike (RFC 9112, RFC 9110). The rest is seen to by the HTTP library: it
//! refuses obsolete line folding, blanks before colons, contradicting or malformed
//! `Content-Length`, chunk sizes that overflow, and bounds chunk extensions and trailers.

use axum::body::Body;
use axum::extract::Request;
use axum::http::{HeaderMap, HeaderValue, Version, header};

/// Extension of requests that say in two ways where their body ends.
#[derive(Debug, Clone, Copy)]
pub(super) struct TwoFramings;

/// What keeps a request from being taken, in words for the caller. It is to be answered with 400, after which the
/// connection has to end, since what follows on it cannot be trusted.
pub fn objection(request: &Request<Body>) -> Option<&'static str> {
    let headers = request.headers();
    let http1 = request.version() <= Version::HTTP_11;
    if http1 && !transfer_encoding_is_known(headers) {
        // Another coding would need decoding first (section 6.1).
        return Some("`Transfer-Encoding` must be `chunked`, once");
    }
    if request.extensions().get::<TwoFramings>().is_some() {
        // Whoever passed it on may have gone by the other one (section 6.3).
        return Some("`Content-Length` and `Transfer-Encoding` must not be sent together");
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    match (hosts.next(), hosts.next()) {
        (_, Some(_)) => Some("header `Host` must be sent once"),
        (None, _) if http1 && request.version() == Version::HTTP_11 => {
            Some("header `Host` must be sent")
        }
        (None, _) => None,
        (Some(host), None) if !is_host(host) => {
            Some("header `Host` must be a host name, and a port if it is not the usual one")
        }
        (Some(host), None) => {
            // Section 8.3.1 of RFC 9113: two names for one thing must not differ.
            let authority = request.uri().authority().filter(|_| !http1);
            authority
                .is_some_and(|it| !it.as_str().as_bytes().eq_ignore_ascii_case(host.as_bytes()))
                .then_some("header `Host` and `:authority` must not differ")
        }
    }
}

fn transfer_encoding_is_known(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding.as_bytes().eq_ignore_ascii_case(b"chunked"),
        _ => false,
    }
}

/// Whether it is `uri-host [ ":" port ]` (RFC 9110, section 7.2), as far as its characters go.
fn is_host(value: &HeaderValue) -> bool {
    let bytes = value.as_bytes();
    let (name, port) = match bytes.iter().rposition(|byte| *byte == b':') {
        // Within brackets it is a part of an IPv6 address.
        Some(at) if !bytes[at..].contains(&b']') => (&bytes[..at], &bytes[at + 1..]),
        _ => (bytes, &[][..]),
    };
    let plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-._~%!$&'()*+,;=".contains(byte);
    let named = match name {
        [b'[', inner @ .., b']'] => inner.iter().all(|byte| plain(byte) || *byte == b':'),
        _ => name.iter().all(plain),
    };
    !name.is_empty() && named && port.iter().all(u8::is_ascii_digit) && port.len() <= 5
}

#[cfg(test)]
mod tests {
    use super::*;

    fn objection_to(version: Version, headers: &[(&str, &str)]) -> Option<&'static str> {
        let mut request = Request::builder().version(version).uri("/");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        objection(&request.body(Body::empty()).unwrap())
    }

    #[test]
    fn a_host_is_one_name_with_or_without_port() {
        for good in [
            "x",
            "api.example",
            "127.0.0.1:8080",
            "[::1]",
            "[::1]:80",
            "X:",
            "a_b",
        ] {
            assert_eq!(
                objection_to(Version::HTTP_11, &[("host", good)]),
                None,
                "{good}"
            );
        }
        for bad in [
            "", "a b", "a/b", "user@x", "x:y", "x:123456", "a:1:2", "[::1", "x?", "é",
        ] {
            let found = objection_to(Version::HTTP_11, &[("host", bad)]);
            assert!(found.is_some(), "`{bad}` is a host");
        }
        assert!(objection_to(Version::HTTP_11, &[]).is_some());
        assert!(objection_to(Version::HTTP_11, &[("host", "a"), ("host", "a")]).is_some());
        // Version 1.0 knows no `Host`, and version 2 has `:authority`.
        assert_eq!(objection_to(Version::HTTP_10, &[]), None);
        assert_eq!(objection_to(Version::HTTP_2, &[]), None);
    }

    #[test]
    fn only_chunked_is_a_transfer_coding() {
        let with = |codings: &[&'static str]| {
            let mut headers = vec![("host", "x")];
            headers.extend(codings.iter().map(|it| ("transfer-encoding", *it)));
            objection_to(Version::HTTP_11, &headers)
        };
        assert_eq!(with(&["chunked"]), None);
        assert_eq!(with(&["Chunked"]), None);
        for bad in [
            "gzip, chunked",
            "chunked, chunked",
            "identity",
            "chunked;q=1",
            "xchunked",
            "",
        ] {
            assert!(with(&[bad]).is_some(), "`{bad}` is a coding");
        }
        assert!(with(&["chunked", "chunked"]).is_some());
        assert!(with(&["identity", "chunked"]).is_some());
    }
}
