//! JSON Schema 2020-12 as schemas of itself, for contracts that refer to it.

/// The text of the metaschema that is called `uri`.
pub(crate) fn text(uri: &str) -> Option<&'static str> {
    let name = uri.strip_prefix("https://json-schema.org/draft/2020-12/")?;
    Some(match name {
        "schema" => include_str!("metaschemas/schema.json"),
        "meta/core" => include_str!("metaschemas/meta/core.json"),
        "meta/applicator" => include_str!("metaschemas/meta/applicator.json"),
        "meta/unevaluated" => include_str!("metaschemas/meta/unevaluated.json"),
        "meta/validation" => include_str!("metaschemas/meta/validation.json"),
        "meta/meta-data" => include_str!("metaschemas/meta/meta-data.json"),
        "meta/format-annotation" => include_str!("metaschemas/meta/format-annotation.json"),
        "meta/format-assertion" => include_str!("metaschemas/meta/format-assertion.json"),
        "meta/content" => include_str!("metaschemas/meta/content.json"),
        _ => return None,
    })
}
