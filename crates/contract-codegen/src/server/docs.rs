//! Contract prose as documentation.

use proc_macro2::TokenStream;
use quote::quote;

/// Documentation attributes for `text`, a line each.
pub(super) fn doc(text: &str) -> TokenStream {
    let lines = inert(text).into_iter().map(|line| {
        let line = if line.is_empty() {
            line
        } else {
            format!(" {line}")
        };
        quote!(#[doc = #line])
    });
    quote!(#(#lines)*)
}

/// `text`, or `otherwise` where the contract says nothing.
pub(super) fn doc_or(text: Option<&str>, otherwise: &str) -> TokenStream {
    doc(text
        .filter(|text| !text.trim().is_empty())
        .unwrap_or(otherwise))
}

/// The lines of `text`, such that rustdoc runs none of them as an example: no block of code is
/// Rust, and no line is indented so far that it would be code.
fn inert(text: &str) -> Vec<String> {
    let mut fence: Option<&str> = None;
    let line = |line: &'_ str| -> String {
        let line = line.trim_end();
        let body = line.trim_start();
        let indent = line.len() - body.len();
        let mark = ["```", "~~~"]
            .into_iter()
            .find(|mark| body.starts_with(mark));
        match (fence, mark) {
            (None, Some(mark)) => {
                fence = Some(mark);
                format!("{mark}text")
            }
            (Some(open), Some(mark)) if open == mark => {
                fence = None;
                mark.to_owned()
            }
            (Some(_), _) => line.to_owned(),
            (None, None) => format!("{}{body}", &"   "[..indent.min(3)]),
        }
    };
    let mut lines: Vec<String> = text.trim().lines().map(line).collect();
    // A block that is never closed would take in what follows it.
    lines.extend(fence.map(str::to_owned));
    lines
}

#[cfg(test)]
mod tests {
    use super::inert;

    #[test]
    fn no_block_of_prose_is_an_example() {
        assert_eq!(
            inert("a\n```rust\nx\n```\n\n        b"),
            ["a", "```text", "x", "```", "", "   b"]
        );
        assert_eq!(inert("```\nx"), ["```text", "x", "```"]);
    }
}
