//! The text of a `$ref`.

/// What to do about one that is no pointer.
pub(crate) const HINT: &str =
    "add `$anchor`, or write the path out, for example `#/components/schemas/Pet`";

/// The JSON pointer that `text`, a reference in the same document, is.
///
/// # Errors
/// A message and a hint.
pub(crate) fn pointer(text: &str) -> Result<String, (String, &'static str)> {
    let Some(fragment) = text.strip_prefix('#') else {
        return Err((format!("`{text}` is no reference in this document"), HINT));
    };
    if !fragment.is_empty() && !fragment.starts_with('/') {
        return Err((format!("`{text}` names an anchor that nothing has"), HINT));
    }
    decode(fragment).ok_or_else(|| {
        (
            format!("`{text}` is not UTF-8 after percent-decoding"),
            "a JSON pointer needs no percent-encoding but for `%`",
        )
    })
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
