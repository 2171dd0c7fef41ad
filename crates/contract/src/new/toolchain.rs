//! Where a workspace has the toolchain from.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

/// The files of the toolchain, from the root of a workspace of its own; none where this was built without them.
const CARRIED: &[(&str, &str)] = &include!(concat!(env!("OUT_DIR"), "/toolchain.rs"));

/// Folder of what is copied in.
const FOLDER: &str = "toolchain";

/// The crates that a workspace names.
const NAMED: [&str; 5] = [
    "contract-wire",
    "contract-serve",
    "contract-call",
    "contract-example",
    "contract-codegen",
];

/// Where the toolchain comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Toolchain {
    /// A registry, in the version of this program.
    Version,
    /// A checkout of it.
    Path(PathBuf),
    /// The workspace itself, which has a copy.
    Vendored,
}

impl Toolchain {
    /// What the options ask for. Without a word it is a copy where this program carries one, as nothing else is sure to
    /// be found, and the registry that this program comes from otherwise.
    ///
    /// # Errors
    /// There is nothing at the path, or nothing to be copied.
    pub(crate) fn of(options: &crate::Source) -> Result<Option<Toolchain>, String> {
        if let Some(path) = &options.path {
            return Toolchain::at(path).map(Some);
        }
        match (options.vendor, CARRIED.is_empty()) {
            (true, true) => Err("`--vendor`: this program carries no sources of the toolchain\nhint: build it from a \
                 checkout, or leave the option out to have the toolchain from the registry"
                .to_owned()),
            (true, false) => Ok(Some(Toolchain::Vendored)),
            (false, _) => Ok(None),
        }
    }

    /// Where it comes from if nobody says anything.
    pub(crate) fn usual() -> Toolchain {
        match CARRIED.is_empty() {
            true => Toolchain::Version,
            false => Toolchain::Vendored,
        }
    }

    /// The checkout at `path`.
    ///
    /// # Errors
    /// It is not there.
    pub(crate) fn at(path: &Path) -> Result<Toolchain, String> {
        let shown = path.display();
        let hint = "hint: `--path` names a checkout of the toolchain, in which `crates/contract-codegen` stands";
        let found = path.canonicalize();
        let found = found.map_err(|error| format!("`--path {shown}`: {error}\n{hint}"))?;
        match found.join("crates/contract-codegen/Cargo.toml").is_file() {
            true => Ok(Toolchain::Path(found)),
            false => Err(format!(
                "`--path {shown}`: the toolchain is not there\n{hint}"
            )),
        }
    }

    /// As it is remembered.
    pub(super) fn to_json(&self) -> Value {
        match self {
            Toolchain::Version => json!("version"),
            Toolchain::Vendored => json!("vendored"),
            Toolchain::Path(path) => json!({ "path": path.display().to_string() }),
        }
    }

    /// From what is remembered. Whether it is still there is not looked at.
    ///
    /// # Errors
    /// Something else is remembered.
    pub(super) fn from_json(value: &Value) -> Result<Toolchain, String> {
        match (value.as_str(), value.get("path").and_then(Value::as_str)) {
            (Some("version"), _) => Ok(Toolchain::Version),
            (Some("vendored"), _) => Ok(Toolchain::Vendored),
            (_, Some(path)) => Ok(Toolchain::Path(path.into())),
            _ => Err(format!("`{value}` says not where the toolchain comes from")),
        }
    }

    /// Lines of the manifest of a workspace.
    pub(crate) fn dependencies(&self) -> String {
        let mut lines = String::new();
        for name in NAMED {
            let _ = match self {
                Toolchain::Version => writeln!(lines, "{name} = {:?}", env!("CARGO_PKG_VERSION")),
                Toolchain::Vendored => {
                    writeln!(lines, "{name} = {{ path = \"{FOLDER}/crates/{name}\" }}")
                }
                Toolchain::Path(path) => {
                    let path = path.join("crates").join(name).display().to_string();
                    writeln!(lines, "{name} = {{ path = {path:?} }}")
                }
            };
        }
        lines.truncate(lines.trim_end().len());
        lines
    }

    /// The files that are copied in.
    pub(crate) fn files(&self) -> Vec<(String, String)> {
        if *self != Toolchain::Vendored {
            return Vec::new();
        }
        let files = CARRIED.iter().filter(|(name, _)| *name != LOCK);
        let files = files.map(|(name, text)| (format!("{FOLDER}/{name}"), (*text).to_owned()));
        files.collect()
    }

    /// The versions that the toolchain was tested with, where they are known.
    pub(super) fn lock(&self) -> Option<String> {
        match self {
            Toolchain::Version => None,
            Toolchain::Path(path) => std::fs::read_to_string(path.join(LOCK)).ok(),
            Toolchain::Vendored => {
                let mut files = CARRIED.iter();
                files
                    .find(|(name, _)| *name == LOCK)
                    .map(|(_, text)| (*text).to_owned())
            }
        }
    }
}

const LOCK: &str = "Cargo.lock";
