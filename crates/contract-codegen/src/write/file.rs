//! Items → the text of a file.

use proc_macro2::TokenStream;

use super::short;
use crate::Contract;

/// The first line of a file: what it is, and what it was made of.
pub(crate) fn head(contract: &Contract) -> String {
    let entry = contract.document().position("").file;
    let name = entry.rsplit(['/', '\\']).next().unwrap_or_default();
    format!("// generated from {name} by crates/contract-codegen; do not edit\n\n")
}

/// Formatted source of `items`, with short paths.
pub(crate) fn items(items: TokenStream) -> String {
    layout(&short::shorten(items))
}

/// The source of `items` that stand behind others, whose names are not known here: paths are as they are.
pub(crate) fn more_items(items: TokenStream) -> String {
    layout(&syn::parse2(items).expect("the generator writes Rust"))
}

/// Formatted source, with a blank line after each item and method.
fn layout(file: &syn::File) -> String {
    let text = prettyplease::unparse(file);
    let mut spaced = String::with_capacity(text.len() + text.len() / 16);
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        spaced.push_str(line);
        spaced.push('\n');
        let goes_on = lines.peek().is_some_and(|next| {
            !next.is_empty() && indent(next) == indent(line) && !next.trim_start().starts_with('}')
        });
        let imported = is_import(line) && lines.peek().is_some_and(|next| !is_import(next));
        if goes_on && (ends(line) || imported) {
            spaced.push('\n');
        }
    }
    spaced
}

/// Whether an item or a method ends here.
fn ends(line: &str) -> bool {
    match line {
        "}" | "];" | "};" | "    }" | "    ];" => true,
        _ => {
            let whole = line.starts_with("pub type ") || line.contains("::serde_as_");
            whole && line.ends_with(';')
        }
    }
}

fn is_import(line: &str) -> bool {
    ["use ", "pub use "]
        .iter()
        .any(|word| line.starts_with(word))
}

fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[cfg(test)]
mod tests {
    #[test]
    fn items_and_methods_stand_apart() {
        let file = quote::quote! {
            pub type A = u8;
            pub type B = u8;
            impl C {
                fn one() {
                    if true {}
                }
                fn two() {}
            }
            const D: &[u8] = &[];
        };
        assert_eq!(
            super::items(file),
            "pub type A = u8;\n\npub type B = u8;\n\nimpl C {\n    fn one() {\n        if true {}\n    }\n\n    \
             fn two() {}\n}\n\nconst D: &[u8] = &[];\n"
        );
    }
}
