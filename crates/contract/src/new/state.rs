//! What the tool wrote into a workspace, by which it knows later what is unchanged.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::toolchain::Toolchain;

/// Name of the file, in the root of the workspace.
pub(super) const FILE: &str = ".contract.json";

/// What is remembered of a workspace.
#[derive(Debug)]
pub(super) struct State {
    /// Its name.
    pub(super) name: String,
    /// The entry file of its contract, from its root.
    pub(super) contract: String,
    /// Where its toolchain comes from.
    pub(super) toolchain: Toolchain,
    /// The hash of each file as the tool wrote it last.
    pub(super) files: BTreeMap<String, String>,
}

impl State {
    /// Of the workspace in `folder`.
    ///
    /// # Errors
    /// The file is missing, or not what the tool wrote.
    pub(super) fn read(folder: &Path) -> Result<State, String> {
        let path = folder.join(FILE);
        let shown = path.display();
        let text = std::fs::read_to_string(&path).map_err(|error| {
            format!(
                "{shown}: {error}\nhint: `--update` is for a workspace that `contract new` made"
            )
        })?;
        State::parse(&text).map_err(|why| {
            format!("{shown}: {why}\nhint: bring the file back as `contract new` wrote it")
        })
    }

    fn parse(text: &str) -> Result<State, String> {
        let value: Value = serde_json::from_str(text).map_err(|error| error.to_string())?;
        let field = |name: &str| value.get(name).ok_or(format!("`{name}` is missing"));
        let text = |name: &str| {
            let text = field(name)?.as_str().map(str::to_owned);
            text.ok_or(format!("`{name}` is no text"))
        };
        let files = field("files")?.as_object().ok_or("`files` is no object")?;
        let files = files.iter().map(|(path, hash)| {
            let hash = hash.as_str().map(str::to_owned);
            let hash = hash.ok_or(format!("the hash of `{path}` is no text"))?;
            // Whatever stands in here, no other place is written to.
            match path.split('/').all(|part| !["", ".", ".."].contains(&part))
                && !path.contains('\\')
            {
                true => Ok((path.clone(), hash)),
                false => Err(format!("`{path}` leads out of the workspace")),
            }
        });
        Ok(State {
            name: text("name")?,
            contract: text("contract")?,
            toolchain: Toolchain::from_json(field("toolchain")?)?,
            files: files.collect::<Result<_, String>>()?,
        })
    }

    /// The file.
    pub(super) fn to_text(&self) -> String {
        let value = json!({
            "about": "what `contract new` wrote, for `contract new . --update`; do not edit",
            "tool": env!("CARGO_PKG_VERSION"),
            "name": self.name,
            "contract": self.contract,
            "toolchain": self.toolchain.to_json(),
            "files": self.files,
        });
        format!("{value:#}\n")
    }
}

/// The hash of a file.
pub(super) fn hash(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in Sha256::digest(bytes) {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
