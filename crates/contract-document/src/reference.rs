//! The text of a `$ref`.

/// A reference in its parts.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Reference {
    /// File, relative to the file with the reference; empty for that file itself.
    pub(crate) path: String,
    /// JSON pointer into the file.
    pub(crate) pointer: String,
}

impl Reference {
    /// The parts of `text`, decoded.
    ///
    /// # Errors
    /// A message and a hint.
    pub(crate) fn parse(text: &str) -> Result<Reference, (String, &'static str)> {
        let (path, fragment) = text.split_once('#').unwrap_or((text, ""));
        if is_absolute(text) {
            let message = format!("`{text}` is not a relative path");
            return Err((
                message,
                "save the file beside the contract and refer to it by a relative path",
            ));
        }
        if text.is_empty() {
            return Err((
                "the reference is empty".to_owned(),
                "name a component, `#/components/…`",
            ));
        }
        if !fragment.is_empty() && !fragment.starts_with('/') {
            let message = format!("`{text}` names an anchor, and only JSON pointers are supported");
            return Err((
                message,
                "write the path out, for example `#/components/schemas/Pet`",
            ));
        }
        match (decode(path), decode(fragment)) {
            (Some(path), Some(pointer)) => Ok(Reference { path, pointer }),
            _ => Err((
                format!("`{text}` is not UTF-8 after percent-decoding"),
                "a JSON pointer needs no percent-encoding but for `%`",
            )),
        }
    }
}

/// Whether `text` begins with a scheme, a host, or the root of the file system.
pub(crate) fn is_absolute(text: &str) -> bool {
    let scheme_end = text.find(|c: char| !(c.is_ascii_alphanumeric() || "+.-".contains(c)));
    let has_scheme = scheme_end.is_some_and(|end| {
        end > 0 && text[end..].starts_with(':') && text.as_bytes()[0].is_ascii_alphabetic()
    });
    has_scheme || text.starts_with(['/', '\\'])
}

/// The reference to `pointer` in the same document.
pub(crate) fn to_pointer(pointer: &str) -> String {
    let mut text = String::from("#");
    for c in pointer.chars() {
        // What RFC 3986 does not allow in a fragment; other alphabets stay readable.
        if c.is_ascii() && !(c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?".contains(c)) {
            text.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            text.push(c);
        }
    }
    text
}

/// `text` without percent-encoding; `None` if that is not UTF-8.
pub(crate) fn decode(text: &str) -> Option<String> {
    if !text.contains('%') {
        return Some(text.to_owned());
    }
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let encoded = (bytes[index] == b'%')
            .then(|| text.get(index + 1..index + 3))
            .flatten()
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(encoded.unwrap_or(bytes[index]));
        index += if encoded.is_some() { 3 } else { 1 };
    }
    String::from_utf8(decoded).ok()
}
