//! JSON pointers (RFC 6901) as plain text: `/paths/~1pets/get`, and `` for the whole document.

use std::borrow::Cow;
use std::fmt::Display;

use serde_json::Value;

/// The pointer made of `parts`, which are escaped.
///
/// ```
/// assert_eq!(contract_document::pointer(["paths", "/pets", "get"]), "/paths/~1pets/get");
/// ```
pub fn pointer<I>(parts: I) -> String
where
    I: IntoIterator,
    I::Item: Display,
{
    parts
        .into_iter()
        .fold(String::new(), |pointer, part| child(&pointer, part))
}

/// The pointer to the entry `key` (a name or an index) below `pointer`.
///
/// ```
/// assert_eq!(contract_document::child("/tags", 0), "/tags/0");
/// assert_eq!(contract_document::child("/paths", "/a~b"), "/paths/~1a~0b");
/// ```
pub fn child(pointer: &str, key: impl Display) -> String {
    let start = pointer.len() + 1;
    let mut whole = format!("{pointer}/{key}");
    if whole[start..].contains(['~', '/']) {
        let escaped = escape(&whole[start..]).into_owned();
        whole.replace_range(start.., &escaped);
    }
    whole
}

/// The pointer to what contains `pointer`; `None` for the whole document.
pub fn parent(pointer: &str) -> Option<&str> {
    pointer.rfind('/').map(|end| &pointer[..end])
}

/// The unescaped segments of `pointer`.
pub fn segments(pointer: &str) -> impl Iterator<Item = Cow<'_, str>> {
    pointer.split('/').skip(1).map(unescape)
}

/// The value at `pointer`, as [`Value::pointer`] gives it, which makes two texts of every segment.
pub fn value_at<'a>(root: &'a Value, pointer: &str) -> Option<&'a Value> {
    if !pointer.is_empty() && !pointer.starts_with('/') {
        return None;
    }
    segments(pointer).try_fold(root, |value, segment| match value {
        Value::Object(map) => map.get(&*segment),
        Value::Array(items) => items.get(index(&segment)?),
        _ => None,
    })
}

/// A segment as index of a list; RFC 6901 allows no leading zeros.
pub(crate) fn index(segment: &str) -> Option<usize> {
    if segment.len() > 1 && segment.starts_with('0') || segment.starts_with('+') {
        return None;
    }
    segment.parse().ok()
}

/// `key` as one segment of a pointer.
pub fn escape(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) {
        Cow::Owned(key.replace('~', "~0").replace('/', "~1"))
    } else {
        Cow::Borrowed(key)
    }
}

/// The key that `segment` stands for.
pub fn unescape(segment: &str) -> Cow<'_, str> {
    if segment.contains('~') {
        Cow::Owned(segment.replace("~1", "/").replace("~0", "~"))
    } else {
        Cow::Borrowed(segment)
    }
}
