//! Tokens → text.

use proc_macro2::TokenStream;

use crate::Contract;

/// Name of the contract's entry file.
pub(crate) fn entry_name(contract: &Contract) -> String {
    let entry = contract.document().position("").file;
    entry
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or_default()
        .to_owned()
}

/// Formatted source, with a blank line between items.
pub(crate) fn format(items: TokenStream) -> String {
    let file: syn::File = syn::parse2(items).expect("the generator writes Rust");
    let text = prettyplease::unparse(&file);
    let mut spaced = String::with_capacity(text.len() + text.len() / 16);
    let mut ended = false;
    for line in text.lines() {
        if ended && !line.is_empty() {
            spaced.push('\n');
        }
        spaced.push_str(line);
        spaced.push('\n');
        ended = line == "}" || line == "];" || line.starts_with("pub type") && line.ends_with(';');
    }
    spaced
}
