//! `contract new`: a workspace around a contract, in which everything runs from the first minute on.
//!
//! What the tool wrote and nobody changed since is the tool's, and is replaced by `--update`; the rest is never
//! touched. A small file in the workspace remembers which is which.

mod call;
mod contract;
mod files;
mod format;
mod handlers;
mod state;
pub(crate) mod template;
mod toolchain;
mod update;

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use contract_codegen::{Contract, Target};

use crate::output;
use state::State;

pub(crate) use toolchain::Toolchain;

/// Makes the workspace, or brings it up to date.
///
/// # Errors
/// The contract is refused, the folder is in use, or a file cannot be written.
pub(crate) fn run(options: &crate::New) -> Result<(), String> {
    match options.update {
        true => update::run(options),
        false => make(options),
    }
}

fn make(options: &crate::New) -> Result<(), String> {
    let folder = &options.folder;
    let file = options.contract.as_ref();
    let file = file.ok_or("`--contract FILE` is missing: a workspace is made around a contract")?;
    let toolchain = Toolchain::of(&options.source)?.unwrap_or_else(Toolchain::usual);
    is_free(folder)?;
    let contract = load(file)?;
    let name = name(&contract, options.name.as_deref())?;
    let sources = contract::sources(&contract)?;
    let entry = format!("{}/{}", contract::FOLDER, sources[0].0);
    let files = files::files(&contract, &name, &entry, &toolchain)?;
    for (path, bytes) in &sources {
        let path = folder.join(contract::FOLDER).join(path);
        write(&path, bytes)?;
    }
    let mut hashes = BTreeMap::new();
    for (path, text) in &files {
        write(&folder.join(path), text.as_bytes())?;
        hashes.insert(path.clone(), state::hash(text.as_bytes()));
    }
    if let Some(lock) = toolchain.lock() {
        write(&folder.join("Cargo.lock"), lock.as_bytes())?;
    }
    let state = State {
        name,
        contract: entry,
        toolchain,
        files: hashes,
    };
    write(&folder.join(state::FILE), state.to_text().as_bytes())?;
    let warnings = match contract.warnings().len() {
        0 => String::new(),
        count => format!(
            "warnings: {count}, which `contract check {}` shows\n",
            file.display()
        ),
    };
    let api = contract.model();
    output::print(&format!(
        "{}: {} operations of {} tags, each answering an example of the contract\n{warnings}next: cd {} && cargo run\n",
        folder.display(),
        api.operations.len(),
        api.tags.len(),
        folder.display(),
    ))
}

/// The contract, for everything that a workspace generates from it.
fn load(file: &Path) -> Result<Contract, String> {
    Contract::load(file, &Target::ALL).map_err(|problems| problems.explained())
}

/// Refuses a folder in which something stands.
fn is_free(folder: &Path) -> Result<(), String> {
    let shown = folder.display();
    let mut entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => {
            return Err(format!(
                "{shown}: {error}\nhint: name a folder that is empty or does not exist"
            ));
        }
    };
    match (entries.next(), folder.join(state::FILE).exists()) {
        (None, _) => Ok(()),
        (Some(_), true) => Err(format!(
            "{shown}: there is a workspace already\nhint: `contract new {shown} --update` brings it up to date"
        )),
        (Some(_), false) => Err(format!(
            "{shown}: the folder is not empty\nhint: name one that is empty or does not exist"
        )),
    }
}

/// How much of a long title becomes the name.
const LONGEST_NAME: usize = 40;

/// Crates of the workspace, whose names its program cannot have.
const CRATES: [&str; 4] = ["types", "api", "client", "service"];

/// The name that is asked for, or else the title of the contract in kebab case.
fn name(contract: &Contract, name: Option<&str>) -> Result<String, String> {
    let check = |name: &str| match CRATES.contains(&name) {
        true => Err("a crate of the workspace is called so".to_owned()),
        false => crate::client::check_name(name),
    };
    if let Some(name) = name {
        check(name).map_err(|why| format!("`--name {name}`: {why}"))?;
        return Ok(name.to_owned());
    }
    let title = &contract.model().title;
    let words = title.split(|c: char| !c.is_ascii_alphanumeric());
    let words: Vec<String> = words
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let name = words.join("-");
    // A title may begin with a digit, be in another script, be the name of a crate, or a sentence.
    let short: String = name.chars().take(LONGEST_NAME).collect();
    let short = short.trim_end_matches('-');
    let candidates = [name.clone(), short.to_owned(), format!("api-{short}")];
    let is_name = |name: &String| !name.ends_with('-') && check(name).is_ok();
    let found = candidates.into_iter().find(is_name);
    Ok(found.unwrap_or_else(|| "app".to_owned()))
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), String> {
    let folder = path.parent().unwrap_or(Path::new(""));
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(path, bytes))
        .map_err(|error| format!("{}: cannot be written: {error}", path.display()))
}
