//! Words that are no names in Rust.

/// Whether Rust has another use for `name`.
pub(crate) fn is_keyword(name: &str) -> bool {
    matches!(name, "self" | "super" | "crate" | "_") || KEYWORDS.contains(&name)
}

/// Keywords that can be raw identifiers.
pub(crate) const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn",
    "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let",
    "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "static", "struct", "trait", "true", "try", "type", "typeof", "unsafe", "unsized", "use",
    "virtual", "where", "while", "yield",
];
