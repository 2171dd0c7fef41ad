//! Items → the text of a file.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use proc_macro2::TokenStream;

use super::docs;
use super::short::Short;
use super::tokens::source;
use crate::Contract;

/// The first line of a file: what it is, and what it was made of.
pub(crate) fn head(contract: &Contract) -> String {
    let entry = contract.document().position("").file;
    let name = entry.rsplit(['/', '\\']).next().unwrap_or_default();
    format!("// generated from {name} by crates/contract-codegen; do not edit\n\n")
}

/// A file on its way: parts of it are text as soon as they are added, since their tokens take far more room.
pub(crate) struct Page {
    short: Short,
    text: String,
    /// Whether documentation comes as others write it, several lines at once.
    pub(crate) foreign_docs: bool,
}

impl Page {
    fn new(short: Short) -> Page {
        Page {
            short,
            text: String::new(),
            foreign_docs: false,
        }
    }

    /// Adds items behind those that are there.
    pub(crate) fn add(&mut self, items: TokenStream) {
        let text = self.written(items);
        self.text.push_str(&text);
    }

    /// Adds methods to the block `head` that ends the text, such as `impl Client`.
    pub(crate) fn add_methods(&mut self, head: &str, methods: TokenStream) {
        let block = source(head);
        let written = self.written(quote::quote!(#block { #methods }));
        // Without any, it is one line.
        let Some(methods) = written.strip_prefix(&format!("{head} {{\n")) else {
            return;
        };
        let before = self.text.strip_suffix("}\n").unwrap_or(&self.text).len();
        self.text.truncate(before);
        if self.text.ends_with('{') {
            self.text.push('\n');
        }
        self.text.push_str(methods);
    }

    fn written(&mut self, items: TokenStream) -> String {
        let mut file = self.short.part(items);
        if self.foreign_docs {
            docs::by_line(&mut file.items);
        }
        prettyplease::unparse(&file)
    }
}

/// The source of a file that `write` fills, with short paths. `names` are those that it is sure to have; others are
/// found, and it is filled once more where a path would have been shortened to one of them.
pub(crate) fn file<'n>(
    names: impl IntoIterator<Item = &'n str>,
    write: impl Fn(&mut Page),
) -> String {
    let mut short = Short::new(names);
    loop {
        let mut page = Page::new(short);
        write(&mut page);
        match page.short.again() {
            Some(again) => short = again,
            None => return finish(&page.short, &page.text),
        }
    }
}

/// As [`file`], of `count` parts that are written side by side: each by `write`, with what `worker` makes for every
/// thread.
pub(crate) fn file_of_parts<'n, W>(
    names: impl IntoIterator<Item = &'n str>,
    count: usize,
    worker: impl Fn() -> W + Sync,
    write: impl Fn(&W, usize) -> TokenStream + Sync,
) -> String {
    let mut short = Short::new(names);
    loop {
        let next = AtomicUsize::new(0);
        let work = || {
            let (worker, mut page) = (worker(), Page::new(short.clone()));
            let mut texts = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= count {
                    return (page.short, texts);
                }
                page.add(write(&worker, index));
                texts.push((index, std::mem::take(&mut page.text)));
            }
        };
        let threads = thread::available_parallelism()
            .map_or(1, usize::from)
            .min(count);
        let made = thread::scope(|scope| {
            let running: Vec<_> = (0..threads).map(|_| scope.spawn(work)).collect();
            let ended = running.into_iter().map(|thread| {
                let made = thread.join();
                made.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            ended.collect::<Vec<_>>()
        });
        let mut texts = Vec::new();
        for (other, parts) in made {
            short.unite(other);
            texts.extend(parts);
        }
        if let Some(again) = short.again() {
            short = again;
            continue;
        }
        texts.sort_unstable_by_key(|(index, _)| *index);
        let text: String = texts.into_iter().map(|(_, text)| text).collect();
        return finish(&short, &text);
    }
}

/// The file of `text`, with what it imports.
fn finish(short: &Short, text: &str) -> String {
    let imports = syn::File {
        shebang: None,
        frontmatter: None,
        attrs: Vec::new(),
        items: short.uses(),
    };
    layout(&(prettyplease::unparse(&imports) + text))
}

/// The source of `items` that stand behind others, whose names are not known here: paths are as they are.
pub(crate) fn more_items(items: TokenStream) -> String {
    let file: syn::File = syn::parse2(items).expect("the generator writes Rust");
    layout(&prettyplease::unparse(&file))
}

/// The source `text`, with a blank line after each item and method.
fn layout(text: &str) -> String {
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
            super::file([], |page| page.add(file.clone())),
            "pub type A = u8;\n\npub type B = u8;\n\nimpl C {\n    fn one() {\n        if true {}\n    }\n\n    \
             fn two() {}\n}\n\nconst D: &[u8] = &[];\n"
        );
    }
}
