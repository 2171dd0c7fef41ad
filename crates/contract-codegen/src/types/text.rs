//! Tokens → text, and the support code as text.

use proc_macro2::TokenStream;

use crate::Contract;

/// The files of the support code, by module.
const MODULES: [(&str, &str); 14] = [
    ("brief", include_str!("support/brief.rs")),
    ("check", include_str!("support/check.rs")),
    ("decode", include_str!("support/decode.rs")),
    ("format", include_str!("support/format.rs")),
    ("literal", include_str!("support/literal.rs")),
    ("maybe", include_str!("support/maybe.rs")),
    ("number", include_str!("support/number.rs")),
    ("open", include_str!("support/open.rs")),
    ("record", include_str!("support/record.rs")),
    ("rule", include_str!("support/rule.rs")),
    ("shape", include_str!("support/shape.rs")),
    ("sink", include_str!("support/sink.rs")),
    ("union", include_str!("support/union.rs")),
    ("violation", include_str!("support/violation.rs")),
];

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

/// The support code as one module.
pub(super) fn support() -> String {
    modules("support", include_str!("support/mod.rs"), &MODULES)
}

/// The public module `name` with this source.
pub(crate) fn indented_module(name: &str, source: &str) -> String {
    modules(name, source, &[])
}

/// The module `name` whose source is `root`, with the source of its `children` in place of their
/// declarations. The sources are formatted already; only their indentation changes.
pub(crate) fn modules(name: &str, root: &str, children: &[(&str, &str)]) -> String {
    let mut out = format!("pub mod {name} {{\n");
    for line in root.lines() {
        let child = children.iter().find(|(child, _)| {
            line.strip_suffix(';')
                .and_then(|line| line.strip_suffix(child))
                .is_some_and(|rest| rest.ends_with("mod "))
        });
        match child {
            Some((_, source)) => {
                indented(&mut out, 1, &format!("{} {{", line.trim_end_matches(';')));
                source.lines().for_each(|line| indented(&mut out, 2, line));
                indented(&mut out, 1, "}\n");
            }
            None => indented(&mut out, 1, line),
        }
    }
    out.push_str("}\n");
    out
}

fn indented(out: &mut String, levels: usize, line: &str) {
    if !line.is_empty() {
        out.extend(std::iter::repeat_n("    ", levels));
        out.push_str(line);
    }
    out.push('\n');
}
