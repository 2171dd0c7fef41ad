//! Documentation of the generated items, from the descriptions of the contract.

use proc_macro2::TokenStream;

use crate::model::{Field, TypeDef};
use crate::write::docs;

/// Documentation of a type.
pub(super) fn of_type(def: &TypeDef) -> TokenStream {
    let fallback = match &def.component {
        Some(component) => format!("Schema `{component}` of the contract."),
        None => format!("Schema of the contract at `{}`.", def.pointer),
    };
    lines(def.description.as_deref(), &fallback, def.deprecated, &[])
}

/// Documentation of a property.
pub(super) fn of_field(field: &Field) -> TokenStream {
    let mut notes = Vec::new();
    if let Some(default) = &field.default {
        notes.push(format!("Default: `{default}`."));
    }
    lines(
        field.description.as_deref(),
        &format!("Property `{}`.", field.wire),
        field.deprecated,
        &notes,
    )
}

/// Documentation from `description`, or else `fallback`.
fn lines(
    description: Option<&str>,
    fallback: &str,
    deprecated: bool,
    notes: &[String],
) -> TokenStream {
    let text = docs::said(description).unwrap_or(fallback);
    let mut paragraphs = vec![docs::prose(text)];
    if deprecated {
        paragraphs.push("**Deprecated** by the contract.".to_owned());
    }
    paragraphs.extend(notes.iter().cloned());
    docs::doc(&paragraphs.join("\n\n"))
}
