//! Contracts that must be refused: each `rejected/*.yaml` has the expected messages beside it. One whose
//! name begins with `server` is refused where a server is asked for, and only there.

use std::fs;
use std::path::{Path, PathBuf};

use contract_codegen::{Contract, Target};

const REFRESH: &str = "UPDATE_GOLDENS=1 cargo test -p contract-codegen";

#[test]
fn rejected_contracts_give_the_expected_messages() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rejected");
    let refresh = std::env::var_os("UPDATE_GOLDENS").is_some();
    let contracts = files(&folder, "yaml");
    assert!(
        contracts.len() >= 25,
        "only {} contracts found",
        contracts.len()
    );
    let (mut stale, mut accepted) = (Vec::new(), Vec::new());
    for contract in &contracts {
        let name = contract.file_name().unwrap_or_default().to_string_lossy();
        let text = fs::read_to_string(contract).expect("the contract is readable");
        let is_of_server = name.starts_with("server");
        let targets: &[Target] = if is_of_server { &[Target::Api] } else { &[] };
        let found = match Contract::parse(&name, &text, targets) {
            Ok(_) => format!("{name}: accepted\n"),
            Err(problems) => format!("{problems}\n"),
        };
        if is_of_server {
            let others = Contract::parse(&name, &text, &[Target::Types, Target::Client]);
            assert!(others.is_ok(), "{name} is refused for the others, too");
        }
        let golden = contract.with_extension("txt");
        if refresh {
            fs::write(&golden, &found).expect("the golden is writable");
        } else if fs::read_to_string(&golden).ok().as_deref() != Some(&found) {
            stale.push(format!("{}\n{found}", golden.display()));
        }
        accepted.extend(found.ends_with("accepted\n").then(|| name.into_owned()));
    }
    assert_eq!(accepted, Vec::<String>::new(), "these must be refused");
    assert!(
        stale.is_empty(),
        "stale; refresh with `{REFRESH}`:\n{}",
        stale.join("\n")
    );
}

#[test]
fn every_expected_message_belongs_to_a_contract() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rejected");
    for golden in files(&folder, "txt") {
        let contract = golden.with_extension("yaml");
        assert!(
            contract.exists(),
            "{} has no contract; remove it",
            golden.display()
        );
    }
}

fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the folder is readable");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the entry is readable").path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    files.sort();
    files
}
