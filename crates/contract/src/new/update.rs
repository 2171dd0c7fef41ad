//! `contract new --update`: what a newer tool writes, where nobody has changed it.

use std::fmt::Write as _;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use super::state::{self, State};
use super::toolchain::Toolchain;
use super::{files, load, write};
use crate::output;

/// Where the tool's text of files stands that are the user's by now, to be compared.
const BESIDE: &str = "target/contract-new";

/// Brings the workspace up to date. Files that were changed are reported, and stay.
///
/// # Errors
/// There is no workspace, its contract is refused, or a file cannot be read or written.
pub(super) fn run(options: &crate::New) -> Result<(), String> {
    let folder = &options.folder;
    if options.contract.is_some() || options.name.is_some() {
        return Err(
            "`--update` takes neither `--contract` nor `--name`: the workspace has both\nhint: its \
                    contract stands in its folder `openapi`, and is changed there"
                .to_owned(),
        );
    }
    let mut state = State::read(folder)?;
    state.toolchain = match (Toolchain::of(&options.source)?, state.toolchain) {
        (Some(asked), _) => asked,
        // It may have moved.
        (None, Toolchain::Path(path)) => Toolchain::at(&path)?,
        (None, other) => other,
    };
    let contract = load(&folder.join(&state.contract))?;
    let new = files::files(&contract, &state.name, &state.contract, &state.toolchain)?;
    let mut said = String::new();
    let mut kept = 0;
    for (path, text) in &new {
        let place = folder.join(path);
        let (hash, known) = (state::hash(text.as_bytes()), state.files.get(path));
        let there = read(&place)?.map(|bytes| state::hash(&bytes));
        // Whether the tool itself has something new to say.
        let is_new = known != Some(&hash);
        match there {
            Some(there) if there == hash => {}
            Some(there) if known == Some(&there) => {
                write(&place, text.as_bytes())?;
                let _ = writeln!(said, "replaced   {path}");
            }
            None if known.is_none() => {
                write(&place, text.as_bytes())?;
                let _ = writeln!(said, "added      {path}");
            }
            // What was changed or removed, and would be the same as before: nothing to say.
            _ if !is_new => continue,
            None => {
                let _ = writeln!(said, "left out   {path}: you have removed it");
                continue;
            }
            Some(_) => {
                write(&folder.join(BESIDE).join(path), text.as_bytes())?;
                let _ = writeln!(said, "not merged {path}: you have changed it");
                kept += 1;
                continue;
            }
        }
        state.files.insert(path.clone(), hash);
    }
    let gone: Vec<String> = state.files.keys().cloned().collect();
    for path in gone
        .into_iter()
        .filter(|path| new.iter().all(|(new, _)| new != path))
    {
        let place = folder.join(&path);
        let there = read(&place)?.map(|bytes| state::hash(&bytes));
        match there {
            Some(there) if Some(&there) == state.files.get(&path) => {
                let removed = fs::remove_file(&place);
                removed.map_err(|error| format!("{}: {error}", place.display()))?;
                let _ = writeln!(said, "removed    {path}");
            }
            Some(_) => {
                let _ = writeln!(
                    said,
                    "kept       {path}: it is no longer needed, and you have changed it"
                );
            }
            None => {}
        }
        state.files.remove(&path);
    }
    write(&folder.join(state::FILE), state.to_text().as_bytes())?;
    if kept > 0 {
        let _ = writeln!(
            said,
            "hint: the tool's text of what was not merged stands in `{BESIDE}`: compare, and take over what you want"
        );
    }
    if said.is_empty() {
        said.push_str("nothing to do: everything is as this version writes it, or yours\n");
    }
    output::print(&said)
}

fn read(path: &Path) -> Result<Option<Vec<u8>>, String> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}
