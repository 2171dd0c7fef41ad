//! Media types as names: one body of several is a variant, on both sides.

use proc_macro2::Ident;
use quote::format_ident;

/// Names of the variants for several media types: `Json`, `Csv`, `VndApiJson`; unique.
pub(crate) fn variants<'m>(media_types: impl IntoIterator<Item = &'m str>) -> Vec<Ident> {
    let mut names: Vec<String> = Vec::new();
    for media_type in media_types {
        let (main, sub) = media_type.split_once('/').unwrap_or(("", media_type));
        let base = match (main, sub) {
            ("*", _) => "Any".to_owned(),
            (main, "*") => pascal(main),
            ("multipart", _) | (_, "x-www-form-urlencoded") => "Form".to_owned(),
            (_, sub) => pascal(sub),
        };
        let base = if base.starts_with(|first: char| first.is_ascii_alphabetic()) {
            base
        } else {
            format!("Media{base}")
        };
        let mut name = base.clone();
        let mut count = 1;
        while names.contains(&name) {
            count += 1;
            name = format!("{base}{count}");
        }
        names.push(name);
    }
    names.iter().map(|name| format_ident!("{name}")).collect()
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
