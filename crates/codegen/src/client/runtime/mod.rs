//! Source of the generated module `runtime`: what every client needs, whatever its contract.

/// File name and text of each module, in the order they are read.
pub(super) const MODULES: [(&str, &str); 8] = [
    ("error", include_str!("error.rs")),
    ("value", include_str!("value.rs")),
    ("config", include_str!("config.rs")),
    ("retry", include_str!("retry.rs")),
    ("transport", include_str!("transport.rs")),
    ("pages", include_str!("pages.rs")),
    ("call", include_str!("call.rs")),
    ("form", include_str!("form.rs")),
];

/// The module `runtime` as text: the files as they are, one module each.
pub(super) fn write() -> String {
    let mut text = String::from(
        "/// What every client needs, whatever its contract.\npub mod runtime {\n    \
         pub use config::Inner;\n",
    );
    for (name, source) in MODULES {
        text.push_str(&format!("\n    pub(crate) mod {name} {{\n"));
        for line in source.lines() {
            if line.is_empty() {
                text.push('\n');
            } else {
                text.push_str(&format!("        {line}\n"));
            }
        }
        text.push_str("    }\n");
    }
    text.push_str("}\n");
    text
}
