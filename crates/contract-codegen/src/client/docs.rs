//! Contract prose as documentation comments, and the look of what is written.

use syn::{Attribute, Expr, ExprLit, ImplItem, Item, Lit, Meta};

/// `text` such that rustdoc runs none of it as an example: fences without a language become
/// `text`, and no line is indented so far that it counts as code.
pub(super) fn prose(text: &str) -> String {
    let mut fenced = false;
    let lines = text.trim().lines().map(|line| {
        let line = line.trim_end();
        let body = line.trim_start();
        let is_fence = body.starts_with("```") || body.starts_with("~~~");
        let indent = if fenced && !is_fence {
            line.len() - body.len()
        } else {
            (line.len() - body.len()).min(3)
        };
        if is_fence {
            fenced = !fenced;
            if fenced && runs(body.trim_start_matches(['`', '~']).trim()) {
                let marks = &body[..body.len() - body.trim_start_matches(['`', '~']).len()];
                return format!("{}{marks}text", " ".repeat(indent));
            }
        }
        format!("{}{body}", " ".repeat(indent))
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `text` on one line, for list items.
pub(super) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Documentation of `items` line by line, which is printed as `///`; several lines in one attribute
/// would become a block comment.
pub(super) fn by_line(items: &mut [Item]) {
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
        for line in text.trim().lines() {
            let line = if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            };
            split.push(syn::parse_quote!(#[doc = #line]));
        }
    }
    *attributes = split;
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

/// `code` with a blank line after every item and method.
pub(super) fn spaced(code: &str) -> String {
    let mut text = String::with_capacity(code.len());
    let mut lines = code.lines().peekable();
    while let Some(line) = lines.next() {
        text.push_str(line);
        text.push('\n');
        let ends = matches!(line, "}" | "    }" | "};" | "];");
        let follows = lines
            .peek()
            .is_some_and(|next| !next.trim().is_empty() && next.trim() != "}");
        if ends && follows {
            text.push('\n');
        }
    }
    text
}

/// Whether rustdoc takes a block of `language` for Rust.
fn runs(language: &str) -> bool {
    language.is_empty()
        || ["rust", "should_panic", "no_run", "compile_fail", "edition"]
            .iter()
            .any(|word| language.starts_with(word))
}

#[cfg(test)]
mod tests {
    use super::prose;

    #[test]
    fn blocks_are_never_examples() {
        assert_eq!(prose("a\n```\nx\n```\nb"), "a\n```text\nx\n```\nb");
        assert_eq!(prose("```json\n  {}\n```"), "```json\n  {}\n```");
        assert_eq!(prose("a\n\n      let x = 1;\n"), "a\n\n   let x = 1;");
    }
}
