//! Looking at schemas.

use serde_json::{Map, Value};

/// Deepest nesting of schemas that is followed; references that lead in a circle end here.
pub(crate) const DEPTH: usize = 64;

/// What a reference leads to, however many there are in a row; `None` if that is nothing.
pub(crate) fn resolve<'a>(root: &'a Value, mut schema: &'a Value) -> Option<&'a Value> {
    for _ in 0..DEPTH {
        let Some(reference) = schema.get("$ref").and_then(Value::as_str) else {
            return Some(schema);
        };
        schema = target(root, reference)?;
    }
    None
}

/// What `#/…` stands for.
pub(crate) fn target<'a>(root: &'a Value, reference: &str) -> Option<&'a Value> {
    let pointer = reference.strip_prefix('#')?;
    // References are URIs; escapes are rare.
    match pointer.contains('%') {
        true => root.pointer(&percent_decoded(pointer)?),
        false => root.pointer(pointer),
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        rest = tail;
        if *first != b'%' {
            bytes.push(*first);
            continue;
        }
        let (code, tail) = rest.split_at_checked(2)?;
        bytes.push(u8::from_str_radix(std::str::from_utf8(code).ok()?, 16).ok()?);
        rest = tail;
    }
    String::from_utf8(bytes).ok()
}

/// The schemas under a keyword such as `allOf`.
pub(crate) fn list<'a>(schema: &'a Map<String, Value>, keyword: &str) -> &'a [Value] {
    match schema.get(keyword) {
        Some(Value::Array(items)) => items,
        _ => &[],
    }
}

/// The types that `type` names; empty: any.
pub(crate) fn types(schema: &Map<String, Value>) -> Vec<&str> {
    match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// A keyword that is a whole number, such as `minLength`.
pub(crate) fn count(schema: &Map<String, Value>, keyword: &str) -> Option<usize> {
    let number = schema.get(keyword)?.as_f64()?;
    (number >= 0.0 && number <= u32::MAX.into()).then_some(number as usize)
}

/// A keyword that is a number.
pub(crate) fn number(schema: &Map<String, Value>, keyword: &str) -> Option<f64> {
    schema.get(keyword)?.as_f64()
}

/// Whether a keyword is `true`.
pub(crate) fn is_set(schema: &Value, keyword: &str) -> bool {
    schema.get(keyword) == Some(&Value::Bool(true))
}
