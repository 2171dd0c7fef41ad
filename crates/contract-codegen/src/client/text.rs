//! The support code as text.

/// The files of the support code, by module.
const MODULES: [(&str, &str); 10] = [
    ("call", include_str!("support/call.rs")),
    ("config", include_str!("support/config.rs")),
    ("credentials", include_str!("support/credentials.rs")),
    ("error", include_str!("support/error.rs")),
    ("form", include_str!("support/form.rs")),
    ("pages", include_str!("support/pages.rs")),
    ("path", include_str!("support/path.rs")),
    ("retry", include_str!("support/retry.rs")),
    ("transport", include_str!("support/transport.rs")),
    ("value", include_str!("support/value.rs")),
];

/// The module `support`: its root, with the source of each child in place of its declaration. The
/// sources are formatted already; only their indentation changes.
pub(super) fn support() -> String {
    let mut out = String::from("pub mod support {\n");
    for line in include_str!("support/mod.rs").lines() {
        let child = line
            .strip_prefix("pub(crate) mod ")
            .and_then(|rest| rest.strip_suffix(';'));
        match MODULES.iter().find(|(name, _)| Some(*name) == child) {
            Some((name, source)) => {
                indented(&mut out, 1, &format!("pub(crate) mod {name} {{"));
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
