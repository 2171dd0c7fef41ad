//! The three headers, and where they are looked up.

/// The header with the id of the event: the same on every try, so that a receiver can tell a repeat.
pub const ID: &str = "webhook-id";

/// The header with the time of this try, in seconds since 1970.
pub const TIMESTAMP: &str = "webhook-timestamp";

/// The header with the signatures, each behind its version, with spaces between.
pub const SIGNATURE: &str = "webhook-signature";

/// The headers of a request.
pub trait Headers {
    /// The value of the first header called `name`, which is in lower case; the names of headers
    /// have no case.
    fn value(&self, name: &str) -> Option<&[u8]>;
}

impl Headers for http::HeaderMap {
    fn value(&self, name: &str) -> Option<&[u8]> {
        self.get(name).map(http::HeaderValue::as_bytes)
    }
}

/// Names and values, in any order.
impl<N: AsRef<str>, V: AsRef<[u8]>> Headers for [(N, V)] {
    fn value(&self, name: &str) -> Option<&[u8]> {
        let mut headers = self.iter();
        let found = headers.find(|(one, _)| one.as_ref().eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_ref())
    }
}
