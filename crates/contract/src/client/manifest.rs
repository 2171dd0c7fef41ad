//! `Cargo.toml` of the crate.

use std::fmt::Write as _;

use super::info::Info;

/// What generated types and clients need, in the versions that the generator was tested with.
const DEPENDENCIES: &str = include_str!("dependencies.toml");

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
        quoted(env!("CARGO_PKG_RUST_VERSION")),
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
    let mut optional = String::new();
    if sends {
        let mut needed = Vec::new();
        for (name, version) in entries(OPTIONAL) {
            needed.push(quoted(&format!("dep:{name}")));
            let _ = writeln!(
                optional,
                "{name} = {{ version = {version}, optional = true }}"
            );
        }
        let needed = needed.join(", ");
        let _ = write!(
            text,
            "[features]\n# Verifies and reads what the API sends by itself.\nwebhooks = [{needed}]\n\n"
        );
    }
    let time = if timed { TIME } else { "" };
    let id = if identified { ID } else { "" };
    let lookaround = if looks_around { LOOKAROUND } else { "" };
    let _ = write!(
        text,
        "[dependencies]\n{optional}{time}{id}{lookaround}{DEPENDENCIES}"
    );
    text
}

/// Names of what the crate depends on.
pub(super) fn needed() -> impl Iterator<Item = &'static str> {
    let entries = [DEPENDENCIES, TIME, ID, LOOKAROUND, OPTIONAL]
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

    /// The workspace's own manifest is what the generated code was tested with.
    #[test]
    fn the_dependencies_are_those_of_the_workspace() {
        let workspace = concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml");
        let workspace = std::fs::read_to_string(workspace).expect("the workspace has a manifest");
        let lines = [DEPENDENCIES, TIME, ID, LOOKAROUND, OPTIONAL]
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
