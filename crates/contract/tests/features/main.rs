//! Contracts of one feature each, where they lie beside the project: generated whole, compiled without a warning,
//! served from their examples as `contract new` serves them, and every operation called by the generated client.
//!
//! A run takes some of them, as all take minutes; with `FEATURES=all` it takes all, with `FEATURES=text` those whose
//! path has that text.

#[path = "../common/mod.rs"]
mod common;

mod calls;
mod package;

use std::path::PathBuf;
use std::process::Command;

use package::Package;

/// Every so many contracts, one is tried.
const EVERY: usize = 30;

/// How many contracts are compiled as one program.
const BATCH: usize = 20;

/// Contracts whose only answer no value keeps to, or none that can be made up: whatever keeps to one choice of its
/// `oneOf` keeps to another. A server of examples has nothing to say there.
const WITHOUT_ANSWER: [&str; 3] = [
    "unnamed_response_validation.json",
    "issue1255.yaml",
    "nullable_type_discrimination.json",
];

fn chosen() -> Vec<PathBuf> {
    let mut all = common::contracts();
    all.retain(|path| !WITHOUT_ANSWER.iter().any(|name| path.ends_with(name)));
    match std::env::var("FEATURES").as_deref() {
        Ok("all") => all,
        Ok(part) => {
            let is_meant = |path: &PathBuf| path.display().to_string().contains(part);
            all.into_iter().filter(is_meant).collect()
        }
        Err(_) => all.into_iter().step_by(EVERY).collect(),
    }
}

#[test]
fn every_operation_is_served_from_examples_and_called() {
    let contracts = chosen();
    if contracts.is_empty() {
        return;
    }
    let mut package = Package::new();
    for batch in contracts.chunks(BATCH) {
        package.add(batch);
    }
    let mut command = package.finish();
    let output = command.output().expect("cargo starts");
    let told =
        [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let told = told.concat();
    assert!(output.status.success(), "{told}");
    let passed = told.matches("... ok\n").count();
    assert_eq!(passed, contracts.len(), "{told}");
}

/// Runs `command`, which has to succeed.
fn run(command: &mut Command) {
    let output = command.output().expect("it starts");
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {told}");
}
