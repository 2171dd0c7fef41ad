//! Absolute paths → the short ones that people write, where nothing of the same name is in the way.
//!
//! Writers spell every path from its root, so that no name of a contract can come between. Here, where all names of
//! a file are known, those of the prelude lose their root, and common ones are imported.

use std::collections::{BTreeMap, BTreeSet};

use proc_macro2::{Delimiter, Group, Ident, Spacing, TokenStream, TokenTree};
use syn::{Item, UseTree};

use super::tokens::{ident, source};

/// Where the names of the prelude come from.
const PRELUDE: [&str; 20] = [
    "std::option::Option::Some",
    "std::option::Option::None",
    "std::option::Option",
    "std::result::Result::Ok",
    "std::result::Result::Err",
    "std::result::Result",
    "std::string::String",
    "std::string::ToString",
    "std::vec::Vec",
    "std::boxed::Box",
    "std::convert::From",
    "std::convert::Into",
    "std::convert::TryFrom",
    "std::convert::TryInto",
    "std::clone::Clone",
    "std::default::Default",
    "std::borrow::ToOwned",
    "std::iter::Iterator",
    "std::iter::IntoIterator",
    "std::ops::Fn",
];

/// What a file imports if it mentions it. Modules stand before the names of what is in them.
const IMPORTED: [&str; 21] = [
    "std::fmt",
    "std::borrow::Cow",
    "std::collections::BTreeMap",
    "std::str::FromStr",
    "serde_json::Map",
    "serde_json::Value",
    "serde::de::MapAccess",
    "serde::Deserialize",
    "serde::Deserializer",
    "serde::Serialize",
    "serde::Serializer",
    "support::Input",
    "support::Payload",
    "support::Property",
    "support::Requirement",
    "support::Rule",
    "support::Slot",
    "support::Wire",
    "wire::Rule",
    "wire::TextRule",
    "wire::Violation",
];

/// What files call what they run on.
const ALIASES: [&str; 2] = ["support", "wire"];

/// Type parameters that are written so because a contract may have a type `A`.
const PARAMETERS: [&str; 3] = ["__A", "__D", "__S"];

/// Items → the same with short paths, part by part of a file.
#[derive(Debug, Clone, Default)]
pub(super) struct Short {
    /// Names that mean something else in this file.
    names: BTreeSet<String>,
    /// Names of the parts so far that would mean something else.
    declared: BTreeSet<String>,
    imports: BTreeSet<&'static str>,
}

impl Short {
    /// Of a file that has these `names`, among others.
    pub(super) fn new<'n>(names: impl IntoIterator<Item = &'n str>) -> Short {
        let names = names.into_iter().filter(|name| is_known(name));
        Short {
            names: names.map(str::to_owned).collect(),
            ..Short::default()
        }
    }

    /// A part of the file.
    pub(super) fn part(&mut self, items: TokenStream) -> syn::File {
        declared(&items, &mut self.declared);
        let text = self.stream(items, true);
        syn::parse2(text).expect("the generator writes Rust")
    }

    /// Adds what was found for other parts.
    pub(super) fn unite(&mut self, other: Short) {
        self.declared.extend(other.declared);
        self.imports.extend(other.imports);
    }

    /// One that knows all names of the parts, where this one did not and has to begin again.
    pub(super) fn again(&self) -> Option<Short> {
        let is_whole = self.declared.is_subset(&self.names);
        (!is_whole).then(|| Short::new(self.names.union(&self.declared).map(String::as_str)))
    }

    /// `outer`: the scope that has the imports.
    fn stream(&mut self, stream: TokenStream, outer: bool) -> TokenStream {
        let mut tokens: Vec<TokenTree> = stream.into_iter().collect();
        let mut out: Vec<TokenTree> = Vec::with_capacity(tokens.len());
        let mut at = 0;
        while at < tokens.len() {
            if (begins_path(&tokens, at) || begins_at_alias(&tokens, at))
                && let Some((length, path)) = self.path(&tokens[at..], outer)
            {
                out.extend(path);
                at += length;
                continue;
            }
            // What is left in its place tells those behind it what stood there.
            let left = match &tokens[at] {
                TokenTree::Group(group) => {
                    TokenTree::Group(Group::new(group.delimiter(), TokenStream::new()))
                }
                token => token.clone(),
            };
            out.push(match std::mem::replace(&mut tokens[at], left) {
                TokenTree::Group(group) => {
                    // A module does not see the imports of the one around it.
                    let inner = outer && !is_module(&tokens[..at], &group);
                    let (delimiter, stream) = (group.delimiter(), group.stream());
                    // Alone, the tokens need not be copied.
                    drop(group);
                    TokenTree::Group(Group::new(delimiter, self.stream(stream, inner)))
                }
                TokenTree::Ident(name) => TokenTree::Ident(self.parameter(name)),
                token => token,
            });
            at += 1;
        }
        out.into_iter().collect()
    }

    /// What is imported, a line for each module.
    pub(super) fn uses(&self) -> Vec<Item> {
        let mut modules: BTreeMap<&str, Vec<Ident>> = BTreeMap::new();
        for path in &self.imports {
            let (module, name) = path.rsplit_once("::").unwrap_or(("", path));
            modules.entry(module).or_default().push(ident(name));
        }
        let line = |(module, names): (&&str, &Vec<Ident>)| {
            let module = source(module);
            match names.as_slice() {
                [name] => syn::parse_quote! { use #module::#name; },
                names => syn::parse_quote! { use #module::{#(#names),*}; },
            }
        };
        modules.iter().map(line).collect()
    }

    /// The short form of the path that `tokens` begin with, and how many of them it stands for.
    fn path(&mut self, tokens: &[TokenTree], outer: bool) -> Option<(usize, TokenStream)> {
        let first = tokens.iter().find_map(|token| match token {
            TokenTree::Ident(first) => Some(first),
            _ => None,
        })?;
        let known = PRELUDE.iter().map(|path| (path, true));
        let known = known.chain(IMPORTED.iter().map(|path| (path, false)));
        let known = known.filter(|(path, _)| {
            let root = path.split_once(':').map_or(**path, |(root, _)| root);
            *first == root
        });
        for (path, prelude) in known {
            let Some(length) = length_of(tokens, path) else {
                continue;
            };
            let name = path.rsplit("::").next().unwrap_or_default();
            if self.names.contains(name) || !(prelude || outer) {
                return None;
            }
            if !prelude {
                self.imports.insert(path);
            }
            return Some((length, source(name)));
        }
        None
    }

    fn parameter(&self, ident: Ident) -> Ident {
        let found = PARAMETERS.iter().find(|name| ident == *name);
        match found.map(|name| name.trim_start_matches('_')) {
            Some(name) if !self.names.contains(name) => Ident::new(name, ident.span()),
            _ => ident,
        }
    }
}

/// Whether `name` is one that a path is shortened to.
fn is_known(name: &str) -> bool {
    let last = |path: &&str| path.rsplit("::").next() == Some(name);
    let is_parameter = |one: &&str| one.trim_start_matches('_') == name;
    PRELUDE.iter().any(&last) || IMPORTED.iter().any(last) || PARAMETERS.iter().any(is_parameter)
}

/// Whether `::` stands at `at` that no other segment comes before.
fn begins_path(tokens: &[TokenTree], at: usize) -> bool {
    const KEYWORDS: [&str; 17] = [
        "as", "break", "const", "dyn", "else", "for", "if", "impl", "in", "let", "match", "move",
        "mut", "ref", "return", "use", "where",
    ];
    if !is_separator(&tokens[at..]) {
        return false;
    }
    match at.checked_sub(1).map(|before| &tokens[before]) {
        Some(TokenTree::Ident(ident)) => KEYWORDS.iter().any(|keyword| ident == keyword),
        // `>` ends a segment, unless it is that of an arrow or of parameters.
        Some(TokenTree::Punct(punct)) if punct.as_char() == '>' => {
            is_arrow(tokens, at - 1) || ends_parameters(tokens, at - 1)
        }
        Some(TokenTree::Punct(_)) => true,
        Some(TokenTree::Group(group)) => group.delimiter() != Delimiter::None,
        Some(TokenTree::Literal(_)) => false,
        None => true,
    }
}

/// Whether the `>` at `at` is that of `->` or `=>`.
fn is_arrow(tokens: &[TokenTree], at: usize) -> bool {
    matches!(at.checked_sub(1).map(|before| &tokens[before]), Some(TokenTree::Punct(dash))
        if matches!(dash.as_char(), '-' | '=') && dash.spacing() == Spacing::Joint)
}

/// Whether the `>` at `at` ends the parameters of `impl<…>` or `for<…>`.
fn ends_parameters(tokens: &[TokenTree], at: usize) -> bool {
    let mut depth = 0_usize;
    for index in (0..=at).rev() {
        match &tokens[index] {
            TokenTree::Punct(punct) if punct.as_char() == '>' && !is_arrow(tokens, index) => {
                depth += 1;
            }
            TokenTree::Punct(punct) if punct.as_char() == '<' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let before = index.checked_sub(1).map(|before| &tokens[before]);
            return matches!(before, Some(TokenTree::Ident(ident)) if ident == "impl" || ident == "for");
        }
    }
    false
}

fn is_separator(tokens: &[TokenTree]) -> bool {
    matches!(tokens, [TokenTree::Punct(one), TokenTree::Punct(two), ..]
        if one.as_char() == ':' && one.spacing() == Spacing::Joint && two.as_char() == ':')
}

/// Whether a path stands at `at` that begins with the name by which a file calls what it runs on.
fn begins_at_alias(tokens: &[TokenTree], at: usize) -> bool {
    let first = matches!(&tokens[at], TokenTree::Ident(ident) if ALIASES.iter().any(|alias| ident == alias));
    let after = at >= 2 && is_separator(&tokens[at - 2..]);
    first && !after
}

/// How many tokens `path` takes at the beginning of `tokens`: after `::`, unless it begins at an alias.
fn length_of(tokens: &[TokenTree], path: &str) -> Option<usize> {
    let mut at = 0;
    for (index, segment) in path.split("::").enumerate() {
        if !(index == 0 && ALIASES.contains(&segment)) {
            if !is_separator(tokens.get(at..)?) {
                return None;
            }
            at += 2;
        }
        match tokens.get(at) {
            Some(TokenTree::Ident(ident)) if ident == segment => at += 1,
            _ => return None,
        }
    }
    Some(at)
}

/// Whether `group`, after the tokens `before`, is what stands in a module.
fn is_module(before: &[TokenTree], group: &Group) -> bool {
    group.delimiter() == Delimiter::Brace
        && matches!(before, [.., TokenTree::Ident(keyword), TokenTree::Ident(_)] if keyword == "mod")
}

/// Adds the names of `items`, and of those in modules among them, which a path is shortened to. They are not parsed
/// for it, which takes as long as everything else here.
fn declared(items: &TokenStream, names: &mut BTreeSet<String>) {
    const KEYWORDS: [&str; 8] = [
        "const", "enum", "fn", "mod", "static", "struct", "trait", "type",
    ];
    let mut add = |name: String| {
        if is_known(&name) {
            names.insert(name);
        }
    };
    let mut modules = Vec::new();
    let mut tokens = items.clone().into_iter().peekable();
    while let Some(token) = tokens.next() {
        let TokenTree::Ident(keyword) = token else {
            continue;
        };
        if keyword == "use" {
            let is_end =
                |token: &TokenTree| matches!(token, TokenTree::Punct(end) if end.as_char() == ';');
            let tree: TokenStream = tokens.by_ref().take_while(|token| !is_end(token)).collect();
            let line: syn::ItemUse = syn::parse_quote! { use #tree; };
            used(&line.tree, &mut add);
        } else if KEYWORDS.iter().any(|word| keyword == word)
            && let Some(TokenTree::Ident(name)) = tokens.peek()
        {
            add(name.to_string());
            if keyword == "mod" {
                tokens.next();
                if let Some(TokenTree::Group(group)) = tokens.peek() {
                    modules.push(group.stream());
                }
            }
        }
    }
    for module in modules {
        declared(&module, names);
    }
}

fn used(tree: &UseTree, add: &mut impl FnMut(String)) {
    match tree {
        UseTree::Path(path) => used(&path.tree, add),
        UseTree::Name(name) => add(name.ident.to_string()),
        UseTree::Rename(name) => add(name.rename.to_string()),
        UseTree::Group(group) => group.items.iter().for_each(|tree| used(tree, add)),
        UseTree::Glob(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use quote::ToTokens as _;

    /// `text` with short paths, in one line.
    fn shortened(text: &str) -> String {
        let mut short = super::Short::default();
        loop {
            let items: proc_macro2::TokenStream = text.parse().expect("Rust");
            let mut file = short.part(items);
            match short.again() {
                Some(again) => short = again,
                None => {
                    file.items.splice(0..0, short.uses());
                    return file.to_token_stream().to_string();
                }
            }
        }
    }

    fn as_tokens(text: &str) -> String {
        let file: syn::File = syn::parse_str(text).expect("Rust");
        file.to_token_stream().to_string()
    }

    #[test]
    fn paths_lose_their_roots() {
        for (long, short) in [
            (
                "pub struct Tour { pub name: ::std::option::Option<::std::string::String> }",
                "pub struct Tour { pub name: Option<String> }",
            ),
            (
                "impl<'de, T> ::serde::Deserialize<'de> for Tour<T> where T: ::serde::Deserialize<'de> {}",
                "use serde::Deserialize; impl<'de, T> Deserialize<'de> for Tour<T> where T: Deserialize<'de> {}",
            ),
            (
                "fn f() -> ::std::fmt::Result { ::std::result::Result::Ok(()) }",
                "use std::fmt; fn f() -> fmt::Result { Ok(()) }",
            ),
            (
                "fn f(rule: support::Rule) { if let ::std::option::Option::Some(x) = g() { support::Slot::new(x); } }",
                "use support::{Rule, Slot}; fn f(rule: Rule) { if let Some(x) = g() { Slot::new(x); } }",
            ),
            (
                "fn f<__A>(a: __A) { h!(::std::option::Option::None) }",
                "fn f<A>(a: A) { h!(None) }",
            ),
        ] {
            assert_eq!(shortened(long), as_tokens(short), "{long}");
        }
    }

    #[test]
    fn names_of_the_file_come_first() {
        for text in [
            "pub struct Option; pub struct Tour { pub name: ::std::option::Option<Option> }",
            "pub enum A {} fn f<__A>(a: __A) {}",
            "pub type Rule = u8; const RULE: support::Rule = support::Rule::TEXT;",
            "use other::{Value as Map}; fn f() -> ::serde_json::Map {}",
            "mod inner { pub struct Value; } fn f() -> ::serde_json::Value {}",
        ] {
            assert_eq!(shortened(text), as_tokens(text));
        }
    }

    #[test]
    fn what_only_looks_alike_stays() {
        for text in [
            // No root.
            "fn f() { own::std::option::Option::Some(1); <T as Own>::std::fmt(); own::support::Rule::of(); }",
            // Another item.
            "fn f() -> ::std::options::Option { ::std::mem::take(x) }",
            // A module does not see what is imported around it.
            "mod inner { fn f() -> ::serde_json::Value {} }",
        ] {
            assert_eq!(shortened(text), as_tokens(text));
        }
    }
}
