//! The contract of a workspace: a copy of its files, which lie to each other as they did.

use std::path::{Path, PathBuf};

use contract_codegen::Contract;

/// Where the contract stands in a workspace.
pub(super) const FOLDER: &str = "openapi";

/// Every file of the contract by its place below [`FOLDER`], the entry file first.
///
/// # Errors
/// A file cannot be read, or its name cannot be written down.
pub(super) fn sources(contract: &Contract) -> Result<Vec<(String, Vec<u8>)>, String> {
    let mut paths = Vec::new();
    for source in contract.sources() {
        let shown = source.display();
        let path = source
            .canonicalize()
            .map_err(|error| format!("{shown}: {error}"))?;
        paths.push(path);
    }
    let root = common(&paths);
    let mut files = Vec::new();
    for path in &paths {
        let shown = path.display();
        let bytes = std::fs::read(path).map_err(|error| format!("{shown}: {error}"))?;
        let place = path.strip_prefix(&root).unwrap_or(path);
        let parts = place.iter().map(|part| part.to_str());
        let parts: Option<Vec<&str>> = parts.collect();
        let place = parts.ok_or(format!(
            "{shown}: the name is not UTF-8\nhint: rename the file"
        ))?;
        let place = place.join("/");
        // It stands in a manifest, and in links.
        if place
            .chars()
            .any(|c| c.is_control() || "\"\\<>()[]".contains(c))
        {
            return Err(format!(
                "{shown}: the name has a character that names of contracts cannot have\nhint: rename the file, with \
                 letters, digits, `-`, `_` and `.`"
            ));
        }
        files.push((place, bytes));
    }
    Ok(files)
}

/// The innermost folder that holds all of them.
fn common(paths: &[PathBuf]) -> PathBuf {
    let first = paths.first().and_then(|path| path.parent());
    let mut folder = first.unwrap_or(Path::new(""));
    while !paths.iter().all(|path| path.starts_with(folder)) {
        match folder.parent() {
            Some(parent) => folder = parent,
            None => break,
        }
    }
    folder.to_owned()
}
