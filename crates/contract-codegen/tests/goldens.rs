//! Small contracts of one feature each, with the code that is generated from them beside them, so
//! that a change of the generator shows as a change of code.
//!
//! `goldens/<name>.yaml` gives `<name>.types.rs`; a name that starts with `server` gives
//! `<name>.api.rs` as well, one that starts with `client` gives `<name>.client.rs`, and one that
//! starts with `both` gives both. What a server includes, the contract as JSON, is `<name>.json`.
//! That the goldens compile is tested where their dependencies are: `crates/types`, `crates/api` and
//! `crates/client`.

use std::fs;
use std::path::{Path, PathBuf};

use contract_codegen::{Contract, Target};

const REFRESH: &str = "UPDATE_GOLDENS=1 cargo test -p contract-codegen";

#[test]
fn generated_code_is_that_of_the_goldens() {
    let refresh = std::env::var_os("UPDATE_GOLDENS").is_some();
    let mut stale = Vec::new();
    for contract in contracts() {
        for (golden, text) in generated(&contract) {
            if refresh {
                fs::write(&golden, text).expect("the golden is writable");
            } else if fs::read_to_string(&golden).ok() != Some(text) {
                stale.push(golden.display().to_string());
            }
        }
    }
    assert!(
        stale.is_empty(),
        "stale; refresh with `{REFRESH}`:\n{}",
        stale.join("\n")
    );
}

#[test]
fn every_golden_belongs_to_a_contract() {
    let contracts = contracts();
    let expected: Vec<PathBuf> = contracts
        .iter()
        .flat_map(|contract| generated(contract))
        .map(|(golden, _)| golden)
        .collect();
    for found in files("rs").into_iter().chain(files("json")) {
        assert!(
            expected.contains(&found),
            "{} has no contract; remove it",
            found.display()
        );
    }
}

#[test]
fn the_same_contract_gives_the_same_code() {
    for contract in contracts() {
        assert_eq!(
            generated(&contract),
            generated(&contract),
            "{}",
            contract.display()
        );
    }
}

#[test]
fn generated_code_says_what_it_is_in_its_first_line() {
    for contract in contracts() {
        let entry = contract.file_name().unwrap_or_default().to_string_lossy();
        let line = format!("// generated from {entry} by crates/contract-codegen; do not edit\n");
        for (golden, text) in generated(&contract) {
            if golden.extension().is_some_and(|found| found == "rs") {
                assert!(text.starts_with(&line), "{}", golden.display());
            }
        }
    }
}

/// What is generated from a contract, with the files that show it.
fn generated(contract: &Path) -> Vec<(PathBuf, String)> {
    let targets = targets(contract);
    let read = Contract::load(contract, &targets);
    let read = read.unwrap_or_else(|problems| panic!("refused:\n{problems}"));
    let mut all = Vec::new();
    for target in targets {
        let mut files = read.files(target).into_iter();
        let code = files.next().expect("code comes first");
        all.push((contract.with_extension(code.name), code.text));
        all.extend(files.map(|file| (contract.with_file_name(file.name), file.text)));
    }
    all
}

fn targets(contract: &Path) -> Vec<Target> {
    let name = contract.file_stem().unwrap_or_default().to_string_lossy();
    let mut targets = vec![Target::Types];
    let both = name.starts_with("both");
    if both || name.starts_with("server") {
        targets.push(Target::Api);
    }
    if both || name.starts_with("client") {
        targets.push(Target::Client);
    }
    targets
}

fn contracts() -> Vec<PathBuf> {
    let found = files("yaml");
    assert!(found.len() >= 12, "only {} contracts found", found.len());
    found
}

fn files(extension: &str) -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let entries = fs::read_dir(folder).expect("the folder is readable");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the entry is readable").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}
