//! Media types as contracts write them.

/// Whether a media type is JSON.
pub(super) fn is_json(media_type: &str) -> bool {
    let name = essence(media_type);
    name == "application/json" || name.ends_with("+json")
}

/// A media type in lower case, without parameters.
pub(super) fn essence(media_type: &str) -> String {
    let name = media_type.split(';').next().unwrap_or_default();
    name.trim().to_ascii_lowercase()
}

/// Name of the variant for a media type of several: `Json`, `Csv`, `VndApiJson`.
pub(super) fn variant(media_type: &str) -> String {
    let (main, sub) = media_type.split_once('/').unwrap_or(("", media_type));
    let name = match (main, sub) {
        ("*", _) => "Any".to_owned(),
        (main, "*") => pascal(main),
        ("multipart", _) | (_, "x-www-form-urlencoded") => "Form".to_owned(),
        (_, sub) => pascal(sub),
    };
    match name.starts_with(|first: char| first.is_ascii_alphabetic()) {
        true => name,
        false => format!("Media{name}"),
    }
}

fn pascal(text: &str) -> String {
    let words = text
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words
        .map(|word| {
            let (first, rest) = word.split_at(1);
            first.to_ascii_uppercase() + rest
        })
        .collect()
}
