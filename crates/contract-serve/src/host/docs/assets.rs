//! Files that never change while the server runs: each is made once, compressed once, and shared
//! by everybody it is sent to.

use std::collections::HashMap;
use std::io::Write as _;
use std::sync::{Arc, Mutex, PoisonError};

use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use flate2::Compression;
use flate2::write::GzEncoder;
use sha2::{Digest as _, Sha256};

use crate::host::Quiet;

/// What pages may do: everything they need comes from here, nothing is written inside of them,
/// and no other page shows them in a frame. Swagger UI sets styles of elements, hence the exception.
const PAGE_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; \
     img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// A file as it is sent.
#[derive(Debug, Clone)]
pub(super) struct Asset {
    content_type: HeaderValue,
    etag: HeaderValue,
    plain: Bytes,
    /// Where that is smaller.
    gzip: Option<Bytes>,
}

impl Asset {
    /// A file of this media type.
    pub(super) fn new(content_type: &str, plain: Bytes) -> Asset {
        let gzip = gzip(&plain).filter(|gzip| gzip.len() < plain.len());
        let digest = Sha256::digest(&plain);
        let tag: String = digest[..16].iter().map(|it| format!("{it:02x}")).collect();
        let value = |text: &str| HeaderValue::from_str(text).expect("media types and digits");
        Asset {
            content_type: value(content_type),
            // Weak: it is the same for both forms.
            etag: value(&format!("W/\"{tag}\"")),
            plain,
            gzip,
        }
    }

    /// The answer to a request with these headers.
    pub(super) fn answer(&self, request: &HeaderMap) -> Response {
        let known = request
            .get_all(header::IF_NONE_MATCH)
            .iter()
            .any(|tags| names(tags, &self.etag));
        let mut response = if known {
            StatusCode::NOT_MODIFIED.into_response()
        } else {
            self.body(request)
        };
        let headers = response.headers_mut();
        headers.insert(header::ETAG, self.etag.clone());
        // A newer release has other files under the same names.
        set(headers, header::CACHE_CONTROL, "no-cache");
        set(headers, header::VARY, "Accept-Encoding");
        set(headers, header::REFERRER_POLICY, "no-referrer");
        if self.content_type.as_bytes().starts_with(b"text/html") {
            set(headers, header::CONTENT_SECURITY_POLICY, PAGE_POLICY);
            // The same for browsers that do not know `frame-ancestors`.
            set(headers, header::X_FRAME_OPTIONS, "DENY");
        }
        response.extensions_mut().insert(Quiet);
        response
    }

    fn body(&self, request: &HeaderMap) -> Response {
        let gzip = self.gzip.as_ref().filter(|_| accepts_gzip(request));
        let mut response = Response::new(Body::from(gzip.unwrap_or(&self.plain).clone()));
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, self.content_type.clone());
        if gzip.is_some() {
            set(headers, header::CONTENT_ENCODING, "gzip");
        }
        response
    }
}

fn set(headers: &mut HeaderMap, name: header::HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

fn gzip(plain: &[u8]) -> Option<Bytes> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(plain).ok()?;
    encoder.finish().ok().map(Bytes::from)
}

/// Whether a list of entity tags names this one (RFC 9110, section 13.1.2).
fn names(tags: &HeaderValue, etag: &HeaderValue) -> bool {
    let (Ok(tags), Ok(etag)) = (tags.to_str(), etag.to_str()) else {
        return false;
    };
    let strong = etag.trim_start_matches("W/");
    tags.split(',')
        .map(str::trim)
        .any(|tag| tag == "*" || tag.trim_start_matches("W/") == strong)
}

/// Whether the client takes gzip (RFC 9110, section 12.5.3).
fn accepts_gzip(request: &HeaderMap) -> bool {
    let lines = request.get_all(header::ACCEPT_ENCODING).iter();
    let codings = lines
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(','));
    let (mut named, mut any) = (None, None);
    for coding in codings {
        let (name, parameters) = coding.split_once(';').unwrap_or((coding, ""));
        let weight = parameters.trim().strip_prefix("q=");
        let wanted = weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|it| it > 0.0));
        match name.trim() {
            name if name.eq_ignore_ascii_case("gzip") => named = Some(wanted),
            "*" => any = Some(wanted),
            _ => {}
        }
    }
    named.or(any).unwrap_or(false)
}

/// Files by name, each made when it is first asked for.
#[derive(Clone, Default)]
pub(super) struct Assets(Arc<Mutex<HashMap<String, Arc<Asset>>>>);

impl Assets {
    /// The file of this name; `make` makes it, unless there is none.
    ///
    /// # Errors
    /// Of `make`.
    pub(super) fn get<E>(
        &self,
        name: &str,
        make: impl FnOnce() -> Result<Option<Asset>, E>,
    ) -> Result<Option<Arc<Asset>>, E> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(asset) = all.get(name) {
            return Ok(Some(Arc::clone(asset)));
        }
        let Some(asset) = make()?.map(Arc::new) else {
            return Ok(None);
        };
        all.insert(name.to_owned(), Arc::clone(&asset));
        Ok(Some(asset))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(asset: &Asset, name: header::HeaderName, value: &'static str) -> Response {
        asset.answer(&HeaderMap::from_iter([(
            name,
            HeaderValue::from_static(value),
        )]))
    }

    #[test]
    fn a_file_is_compressed_for_those_who_take_it() {
        let asset = Asset::new("text/css", Bytes::from("a {}\n".repeat(1_000)));
        for (accepted, coding) in [
            ("gzip, br", Some("gzip")),
            ("*", Some("gzip")),
            ("gzip;q=0, *", None),
            ("br", None),
            ("identity", None),
        ] {
            let response = answer(&asset, header::ACCEPT_ENCODING, accepted);
            let found = response.headers().get(header::CONTENT_ENCODING);
            assert_eq!(found.and_then(|it| it.to_str().ok()), coding, "{accepted}");
        }
    }

    #[test]
    fn a_file_that_is_known_is_not_sent_again() {
        let asset = Asset::new("text/html", Bytes::from_static(b"<html>"));
        let first = answer(&asset, header::ACCEPT, "*/*");
        assert_eq!(first.status(), 200);
        assert!(
            first
                .headers()
                .contains_key(header::CONTENT_SECURITY_POLICY)
        );
        let tag = first.headers()[header::ETAG].clone();
        let again = asset.answer(&HeaderMap::from_iter([(header::IF_NONE_MATCH, tag)]));
        assert_eq!(again.status(), 304);
        assert_eq!(
            answer(&asset, header::IF_NONE_MATCH, "\"other\"").status(),
            200
        );
    }
}
