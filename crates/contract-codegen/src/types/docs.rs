//! Documentation of the generated items, from the descriptions of the contract.

use proc_macro2::TokenStream;
use quote::quote;

use crate::model::{Field, TypeDef};

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
pub(crate) fn lines(
    description: Option<&str>,
    fallback: &str,
    deprecated: bool,
    notes: &[String],
) -> TokenStream {
    let text = description
        .map(str::trim)
        .filter(|text| !text.is_empty())
        .unwrap_or(fallback);
    let mut paragraphs = vec![without_doctests(text)];
    if deprecated {
        paragraphs.push("**Deprecated** by the contract.".to_owned());
    }
    paragraphs.extend(notes.iter().cloned());
    let text = paragraphs.join("\n\n");
    let lines = text.lines().map(|line| {
        if line.is_empty() {
            String::new()
        } else {
            format!(" {line}")
        }
    });
    quote! { #(#[doc = #lines])* }
}

/// Rustdoc compiles code without a language, fenced or indented; that of a contract is no Rust.
fn without_doctests(text: &str) -> String {
    let mut fence: Option<&str> = None;
    let mut lines = Vec::new();
    for line in text.lines() {
        let line = line.trim_end();
        let content = line.trim_start();
        let marker = ["```", "~~~"]
            .into_iter()
            .find(|marker| content.starts_with(marker));
        match (fence, marker) {
            (None, Some(marker)) => {
                fence = Some(marker);
                let language = content.trim_start_matches(['`', '~']).trim();
                let language = if language.is_empty() || language.starts_with("rust") {
                    "text"
                } else {
                    language
                };
                lines.push(format!("{marker}{language}"));
            }
            (Some(open), Some(marker)) if open == marker => {
                fence = None;
                lines.push(open.to_owned());
            }
            (Some(_), _) => lines.push(line.to_owned()),
            (None, None) => {
                let indent = line.len() - content.len();
                lines.push(format!("{}{content}", " ".repeat(indent.min(3))));
            }
        }
    }
    // A fence that is never closed would swallow what follows.
    lines.extend(fence.map(str::to_owned));
    lines.join("\n")
}
