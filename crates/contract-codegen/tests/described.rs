//! The code by which generated code describes itself: it is Rust, it is the same each time, and it
//! leaves no type and no operation out. That what it says is true is tested where it runs, in
//! `crates/api/tests/closed_loop`.

use std::fs;
use std::path::{Path, PathBuf};

use contract_codegen::{Contract, Target};

#[test]
fn every_named_type_is_described() {
    for file in contracts() {
        let (contract, _) = load(&file);
        let code = describe(&contract, Target::Types);
        for def in &contract.model().types {
            let alias = matches!(def.kind, contract_codegen::model::Kind::Alias(_));
            let described = code.contains(&format!("impl describe::Named for {} {{", def.name));
            assert_eq!(described, !alias, "`{}` of {}", def.name, file.display());
        }
    }
}

#[test]
fn every_operation_is_described() {
    for file in contracts() {
        let (contract, targets) = load(&file);
        if !targets.contains(&Target::Api) {
            continue;
        }
        let code = describe(&contract, Target::Api);
        for operation in &contract.model().operations {
            for item in [
                format!("impl utoipa::IntoParams for {}Request", operation.ident),
                format!("impl utoipa::IntoResponses for {}Response", operation.ident),
            ] {
                assert!(code.contains(&item), "`{item}` of {}", file.display());
            }
        }
    }
}

#[test]
fn the_same_contract_gives_the_same_description() {
    for file in contracts() {
        let ((one, targets), (other, _)) = (load(&file), load(&file));
        for target in targets {
            let again = other.describe(target);
            assert_eq!(one.describe(target), again, "{}", file.display());
        }
    }
}

#[test]
fn ordinary_builds_contain_no_description() {
    for file in contracts() {
        let (contract, targets) = load(&file);
        for target in targets {
            let code = contract.generate(target);
            assert!(!code.contains("utoipa"), "{target:?} of {}", file.display());
        }
        assert_eq!(describe(&contract, Target::Client), "");
    }
}

fn describe(contract: &Contract, target: Target) -> String {
    let code = contract.describe(target);
    assert!(syn::parse_file(&code).is_ok(), "{target:?} is no Rust");
    code
}

/// The contract, read for what can be generated from it: servers need operations.
fn load(file: &Path) -> (Contract, Vec<Target>) {
    let read = |targets: &[Target]| {
        let contract = Contract::load(file, targets);
        contract.unwrap_or_else(|problems| panic!("refused:\n{problems}"))
    };
    let mut targets = Target::ALL.to_vec();
    if read(&[]).model().operations.is_empty() {
        targets.retain(|target| *target != Target::Api);
    }
    (read(&targets), targets)
}

fn contracts() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/goldens");
    let entries = fs::read_dir(folder).expect("the folder is readable");
    let mut files: Vec<PathBuf> = entries
        .map(|entry| entry.expect("the entry is readable").path())
        .filter(|path| path.extension().is_some_and(|found| found == "yaml"))
        .collect();
    files.sort();
    assert!(files.len() >= 12, "only {} contracts found", files.len());
    files
}
