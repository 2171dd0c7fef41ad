//! The contract's prose as documentation of Rust.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Attribute, Expr, ExprLit, ImplItem, Item, Lit, Meta};

/// Documentation attributes for `text`, one for each line, which is printed as `///`.
pub(crate) fn doc(text: &str) -> TokenStream {
    let text = printable(&prose(text));
    let lines = text.lines().map(after_blank);
    quote! { #(#[doc = #lines])* }
}

/// `text` without carriage returns, which no comment of Rust may have.
pub(crate) fn printable(text: &str) -> String {
    text.replace('\r', "\\r")
}

/// `text`, or `otherwise` where the contract says nothing.
pub(crate) fn doc_or(text: Option<&str>, otherwise: &str) -> TokenStream {
    doc(said(text).unwrap_or(otherwise))
}

/// What the contract says, if it says anything.
pub(crate) fn said(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

/// `text` such that rustdoc runs none of it as an example: no block of code is Rust, whether fenced or
/// indented, and a fence that is never closed does not swallow what follows.
pub(crate) fn prose(text: &str) -> String {
    let mut open: Option<&str> = None;
    let line = |line: &'_ str| -> String {
        let line = line.trim_end();
        let body = line.trim_start();
        let indent = " ".repeat((line.len() - body.len()).min(3));
        let fence = ["```", "~~~"].into_iter().find(|it| body.starts_with(it));
        match (open, fence) {
            (None, Some(fence)) => {
                open = Some(fence);
                let language = body.trim_start_matches(['`', '~']).trim();
                let language = if runs(language) { "text" } else { language };
                format!("{indent}{fence}{language}")
            }
            (Some(opened), Some(fence)) if opened == fence => {
                open = None;
                format!("{indent}{fence}")
            }
            (Some(_), _) => line.to_owned(),
            (None, None) => format!("{indent}{body}"),
        }
    };
    let mut lines: Vec<String> = text.trim().lines().map(line).collect();
    lines.extend(open.map(str::to_owned));
    lines.join("\n")
}

/// Whether rustdoc takes a block of `language` for Rust.
fn runs(language: &str) -> bool {
    const RUST: [&str; 6] = [
        "rust",
        "should_panic",
        "no_run",
        "compile_fail",
        "edition",
        "ignore",
    ];
    language.is_empty() || RUST.iter().any(|word| language.starts_with(word))
}

/// `text` on one line, for list items.
pub(crate) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Documentation of `items` line by line; several lines in one attribute would become a block
/// comment.
pub(crate) fn by_line(items: &mut [Item]) {
    for item in items {
        match item {
            Item::Struct(item) => split(&mut item.attrs),
            Item::Enum(item) => {
                split(&mut item.attrs);
                item.variants
                    .iter_mut()
                    .for_each(|variant| split(&mut variant.attrs));
            }
            Item::Impl(item) => {
                split(&mut item.attrs);
                for item in &mut item.items {
                    match item {
                        ImplItem::Fn(item) => split(&mut item.attrs),
                        ImplItem::Const(item) => split(&mut item.attrs),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
}

fn split(attributes: &mut Vec<Attribute>) {
    let mut split = Vec::new();
    for attribute in attributes.drain(..) {
        let Some(text) = text_of(&attribute) else {
            split.push(attribute);
            continue;
        };
        // A written comment starts with a blank already, and is one line.
        if text.starts_with(' ') && !text.contains('\n') {
            split.push(attribute);
            continue;
        }
        for line in text.trim().lines().map(after_blank) {
            split.push(syn::parse_quote!(#[doc = #line]));
        }
    }
    *attributes = split;
}

/// As people write it behind `///`.
fn after_blank(line: &str) -> String {
    match line {
        "" => String::new(),
        line => format!(" {line}"),
    }
}

fn text_of(attribute: &Attribute) -> Option<String> {
    match &attribute.meta {
        Meta::NameValue(pair) if pair.path.is_ident("doc") => match &pair.value {
            Expr::Lit(ExprLit {
                lit: Lit::Str(text),
                ..
            }) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn no_block_of_prose_is_an_example() {
        for (text, expected) in [
            ("a\n```\nx\n```\nb", "a\n```text\nx\n```\nb"),
            ("```json\n  {}\n```", "```json\n  {}\n```"),
            (
                "a\n```rust\nx\n```\n\n        b",
                "a\n```text\nx\n```\n\n   b",
            ),
            ("~~~no_run\n```\n~~~", "~~~text\n```\n~~~"),
            ("a\n\n      let x = 1;\n", "a\n\n   let x = 1;"),
            ("```\nx", "```text\nx\n```"),
        ] {
            assert_eq!(prose(text), expected, "{text}");
        }
    }
}
