//! What the crate is called and says of itself, from the `info` of the contract.

use contract_codegen::{Contract, Document};

/// Rust reserves these for crates of its own.
const RESERVED: [&str; 5] = ["alloc", "core", "proc_macro", "std", "test"];

/// What the manifest and the texts of the crate need.
#[derive(Debug)]
pub(super) struct Info {
    /// Name of the package.
    pub(super) name: String,
    /// Three numbers.
    pub(super) version: String,
    /// `info.title` in one line.
    pub(super) title: String,
    /// A sentence or two, in one line.
    pub(super) description: String,
    /// An SPDX expression.
    pub(super) licence: Option<String>,
}

impl Info {
    /// From `info`, but under the name `name` if there is one.
    pub(super) fn new(contract: &Contract, name: Option<&str>) -> Result<Info, String> {
        let api = contract.model();
        let document = contract.document();
        let title = one_line(&api.title);
        let name = match name {
            Some(name) => {
                let usable = check_name(name);
                usable.map_err(|why| format!("`--name {name}`: {why}"))?;
                name.to_owned()
            }
            None => name_of(&title).map_err(|why| {
                let at = document.position("/info/title");
                format!("{at}: `{title}` gives no name of a crate: {why}\nhint: give one with `--name NAME`")
            })?,
        };
        let summary = document.get("/info/summary");
        let summary = summary.and_then(|summary| summary.as_str());
        let about = api.description.as_deref().and_then(first_sentence);
        let about = about.or_else(|| summary.and_then(first_sentence));
        let description = match about {
            Some(about) => format!("Client for {title}. {about}"),
            None => format!("Client for {title}"),
        };
        Ok(Info {
            name,
            version: version(&api.version),
            description,
            title,
            licence: licence(document)?,
        })
    }

    /// The name in Rust code.
    pub(super) fn krate(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// Words with single blanks between them. Marks that turn the direction of text around go: rustc refuses them in
/// comments, as code can be hidden by them.
pub(crate) fn one_line(text: &str) -> String {
    let turns = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let words = text.split(|c: char| c.is_whitespace() || turns(c));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// `Museum API` gives `museum-api-client`.
fn name_of(title: &str) -> Result<String, String> {
    let words = title.split(|c: char| !c.is_ascii_alphanumeric());
    let words = words.filter(|word| !word.is_empty());
    let mut words: Vec<String> = words.map(str::to_ascii_lowercase).collect();
    if words.is_empty() {
        return Err("it has no letter from a to z".to_owned());
    }
    if words.last().is_some_and(|last| last != "client") {
        words.push("client".to_owned());
    }
    let name = words.join("-");
    check_name(&name).map(|()| name)
}

/// What cargo and the registry ask of a name, and rustc of that of a crate.
pub(crate) fn check_name(name: &str) -> Result<(), String> {
    let is_usual = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !name.chars().all(is_usual) {
        let rule = "a name begins with a letter, and has letters, digits, `-` and `_`";
        return Err(rule.to_owned());
    }
    if name.len() > 64 {
        return Err("a name has at most 64 characters".to_owned());
    }
    let krate = name.replace('-', "_");
    if syn::parse_str::<syn::Ident>(&krate).is_err() || RESERVED.contains(&krate.as_str()) {
        return Err("Rust keeps that word for itself".to_owned());
    }
    let mut needed = super::manifest::needed();
    if needed.any(|needed| needed.replace('-', "_") == krate) {
        return Err("the crate depends on one of that name".to_owned());
    }
    Ok(())
}

/// A crate needs `1.2.3`; contracts may say `v1` or `2026-01`.
fn version(text: &str) -> String {
    let mut parts: Vec<u64> = text
        .split(|c: char| !c.is_ascii_digit())
        .filter_map(|part| part.parse().ok())
        .take(3)
        .collect();
    parts.resize(3, 0);
    let parts: Vec<String> = parts.iter().map(u64::to_string).collect();
    parts.join(".")
}

/// `info.license.identifier`, or `info.license.name` where that is an SPDX expression as well.
fn licence(document: &Document) -> Result<Option<String>, String> {
    let text = |pointer| document.get(pointer).and_then(|value| value.as_str());
    let pointer = "/info/license/identifier";
    if let Some(identifier) = text(pointer) {
        let problem = || {
            let message = format!("`{identifier}` is no SPDX expression");
            let hint =
                "write one such as `MIT` or `MIT OR Apache-2.0`, and anything else in `name`";
            document.diagnostic(pointer, message, Some(hint.to_owned()))
        };
        return match is_expression(identifier) {
            true => Ok(Some(identifier.to_owned())),
            false => Err(problem().to_string()),
        };
    }
    let name = text("/info/license/name").filter(|name| is_expression(name));
    Ok(name.map(str::to_owned))
}

fn is_expression(text: &str) -> bool {
    spdx::Expression::parse(text).is_ok()
}

/// The first sentence of the first paragraph of `markdown` that is no heading, without emphasis.
pub(crate) fn first_sentence(markdown: &str) -> Option<String> {
    let paragraphs = markdown.split("\n\n").map(str::trim);
    let mut paragraphs = paragraphs.filter(|text| !text.is_empty() && !text.starts_with('#'));
    let paragraph = one_line(paragraphs.next()?).replace(['*', '`'], "");
    let ends = paragraph.match_indices(['.', '!', '?']);
    // Behind the dot of an abbreviation the sentence goes on in lower case.
    let mut ends = ends.filter(|(at, _)| {
        let rest = &paragraph[at + 1..];
        let next = rest.strip_prefix(' ').and_then(|rest| rest.chars().next());
        next.is_some_and(|next| !next.is_lowercase())
    });
    let end = ends.next().map_or(paragraph.len(), |(at, _)| at + 1);
    Some(paragraph[..end].to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn titles_become_names_of_crates() {
        assert_eq!(name_of("Museum API"), Ok("museum-api-client".to_owned()));
        assert_eq!(name_of("Pet's Client"), Ok("pet-s-client".to_owned()));
        assert!(name_of("美術館").is_err());
        assert!(name_of("3D").is_err());
    }

    #[test]
    fn names_that_cargo_or_rust_refuse_are_refused() {
        for name in ["museum", "museum-client", "m_2"] {
            assert_eq!(check_name(name), Ok(()), "{name}");
        }
        for name in [
            "",
            "2",
            "-a",
            "a b",
            "a/b",
            "ä",
            "async",
            "core",
            "serde-json",
            "self",
        ] {
            assert!(check_name(name).is_err(), "{name}");
        }
        assert!(check_name(&"a".repeat(65)).is_err());
    }

    #[test]
    fn versions_are_three_numbers() {
        assert_eq!(version("1.2.3"), "1.2.3");
        assert_eq!(version("v1"), "1.0.0");
        assert_eq!(version("2026-01"), "2026.1.0");
        assert_eq!(version("next"), "0.0.0");
    }

    #[test]
    fn a_description_is_its_first_sentence_in_plain_text() {
        let sentence = |text| first_sentence(text).unwrap_or_default();
        assert_eq!(
            sentence("# Museum\n\nOpen **daily**.\nSee `hours`."),
            "Open daily."
        );
        assert_eq!(
            sentence("Sells tickets, e.g. for\nguided tours. More"),
            "Sells tickets, e.g. for guided tours."
        );
        assert_eq!(sentence("Version 1.5 of it"), "Version 1.5 of it");
        assert_eq!(first_sentence("# Only a heading"), None);
    }
}
