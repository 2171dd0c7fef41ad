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

/// Whether `media_type` is `range` or one of it: `*/*`, `image/*`, `application/*+json`.
pub(super) fn covers(range: &str, media_type: &str) -> bool {
    let split = |name: &str| {
        let (main, sub) = name.split_once('/')?;
        Some((main.to_owned(), sub.to_owned()))
    };
    let (Some((main, sub)), Some((its_main, its_sub))) = (split(range), split(media_type)) else {
        return false;
    };
    let ends = match sub.split_once('*') {
        Some((start, end)) => {
            its_sub.len() >= start.len() + end.len()
                && its_sub.starts_with(start)
                && its_sub.ends_with(end)
        }
        None => sub == its_sub,
    };
    (main == "*" || main == its_main) && ends
}

/// Name of the variant for a media type of several: `Json`, `Csv`, `VndApiJson`.
pub(super) fn variant(media_type: &str) -> String {
    let (main, sub) = media_type.split_once('/').unwrap_or(("", media_type));
    let name = match (main, sub) {
        ("*", "*") => "Any".to_owned(),
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
