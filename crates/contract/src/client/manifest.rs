//! `Cargo.toml` of the crate.

use std::fmt::Write as _;

use super::info::Info;

/// What generated types and clients need, in the versions that the generator was tested with.
const DEPENDENCIES: &str = include_str!("dependencies.toml");

/// The oldest Rust that compiles it: `progenitor-client` 0.15 asks for that, and `if let … && …` was stable with it.
const RUST_VERSION: &str = "1.88";

/// What TLS needs, as its features choose.
const TLS: &str = include_str!("tls.toml");

/// What instants and dates need besides.
const TIME: &str = include_str!("time.toml");

/// What UUIDs need besides.
const ID: &str = include_str!("id.toml");

/// What its feature `webhooks` needs besides.
const OPTIONAL: &str = include_str!("webhooks.toml");

/// What patterns that look around need besides.
const LOOKAROUND: &str = include_str!("lookaround.toml");

/// What a contract has that not every client needs crates for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Needs {
    /// Instants or dates.
    pub(super) timed: bool,
    /// UUIDs.
    pub(super) identified: bool,
    /// Patterns that look around.
    pub(super) looks_around: bool,
    /// Webhooks.
    pub(super) sends: bool,
}

/// The manifest.
pub(super) fn manifest(info: &Info, needs: Needs) -> String {
    let Needs {
        timed,
        identified,
        looks_around,
        sends,
    } = needs;
    let mut text = format!(
        "[package]\nname = {}\nversion = {}\nedition = \"2024\"\nrust-version = {}\n",
        quoted(&info.name),
        quoted(&info.version),
        quoted(RUST_VERSION),
    );
    if let Some(licence) = &info.licence {
        let _ = writeln!(text, "license = {}", quoted(licence));
    }
    let _ = write!(
        text,
        "description = {}\nreadme = \"README.md\"\n\
         keywords = [\"api\", \"client\", \"openapi\"]\ncategories = [\"api-bindings\"]\n\n\
         # Stands alone, also inside the folder of another workspace.\n[workspace]\n\n",
        quoted(&info.description)
    );
    text.push_str(FEATURES);
    let mut optional: String = entries(TLS).map(self::optional).collect();
    if sends {
        let needed = entries(OPTIONAL).map(|(name, _)| quoted(&format!("dep:{name}")));
        let needed = needed.collect::<Vec<_>>().join(", ");
        let _ = writeln!(
            text,
            "# Verifies and reads what the API sends by itself.\nwebhooks = [{needed}]"
        );
        optional.extend(entries(OPTIONAL).map(self::optional));
    }
    text.push('\n');
    let time = if timed { TIME } else { "" };
    let id = if identified { ID } else { "" };
    let lookaround = if looks_around { LOOKAROUND } else { "" };
    let _ = write!(
        text,
        "[dependencies]\n{optional}{time}{id}{lookaround}{DEPENDENCIES}"
    );
    text
}

const FEATURES: &str = r#"[features]
default = ["rustls"]
# TLS by rustls with ring, and the roots of the system.
rustls = ["dep:rustls", "reqwest/rustls-no-provider"]
# The same with the roots of Mozilla, compiled in, for machines without any.
webpki-roots = ["rustls", "dep:webpki-root-certs"]
# TLS by the library of the system, where `rustls` is off.
native-tls = ["reqwest/native-tls"]
# Calls that are waited for, from code that is not asynchronous.
blocking = ["tokio/rt", "tokio/net"]
"#;

/// A dependency that a feature turns on.
fn optional((name, version): (&str, &str)) -> String {
    let table = version.trim_end_matches([' ', '}']);
    match version.starts_with('{') {
        true => format!("{name} = {table}, optional = true }}\n"),
        false => format!("{name} = {{ version = {version}, optional = true }}\n"),
    }
}

/// Names of what the crate depends on.
pub(super) fn needed() -> impl Iterator<Item = &'static str> {
    let entries = [DEPENDENCIES, TLS, TIME, ID, LOOKAROUND, OPTIONAL]
        .into_iter()
        .flat_map(entries);
    entries.map(|(name, _)| name)
}

fn entries(text: &'static str) -> impl Iterator<Item = (&'static str, &'static str)> {
    text.lines().filter_map(|line| line.split_once(" = "))
}

/// A string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => {
                let _ = write!(quoted, "\\u{:04X}", u32::from(c));
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_toml_has_it() {
        assert_eq!(quoted("Größe"), "\"Größe\"");
        assert_eq!(quoted("a\"b\\c\u{7}"), "\"a\\\"b\\\\c\\u0007\"");
    }

    /// A client carries their code along.
    #[test]
    fn what_clients_carry_along_asks_for_the_same_rust() {
        for name in ["contract-call", "contract-wire", "contract-webhooks"] {
            let path = format!("{}/../{name}/Cargo.toml", env!("CARGO_MANIFEST_DIR"));
            let manifest = std::fs::read_to_string(path).expect("the crate has a manifest");
            let expected = format!("\nrust-version = {RUST_VERSION:?}\n");
            assert!(manifest.contains(&expected), "{name}");
        }
    }

    /// The workspace's own manifest is what the generated code was tested with.
    #[test]
    fn the_dependencies_are_those_of_the_workspace() {
        let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
        let workspace = std::fs::read_to_string(workspace).expect("the workspace has a manifest");
        let lines = [DEPENDENCIES, TLS, TIME, ID, LOOKAROUND, OPTIONAL]
            .into_iter()
            .flat_map(str::lines);
        for line in lines.filter(|line| line.contains(" = ")) {
            // Of these only parts are needed: time zones are the user's, as the runtime is.
            let expected = match line.starts_with("tokio = ") || line.starts_with("jiff = ") {
                true => {
                    line.split_once("features = [")
                        .expect("they have features")
                        .0
                }
                false => line,
            };
            let found = workspace.lines().any(|line| line.starts_with(expected));
            assert!(
                found,
                "`{line}` is not what Cargo.toml of the workspace says"
            );
        }
    }
}
