//! Public documents, where they lie beside the project: `contract check` judges those of the OpenAPI initiative as
//! they do, and every small contract of one feature is taken.

mod common;

use std::path::Path;
use std::process::{Command, Output};

use common::{contracts, documents, suite};

fn run(arguments: &[&str]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_contract"));
    command
        .args(arguments)
        .output()
        .expect("the program starts")
}

/// The documents below `folder` for which `contract check` does not end with `code`, each with what it says.
fn other_than(code: i32, folder: &Path) -> (usize, Vec<String>) {
    let mut found = Vec::new();
    documents(folder, &mut found);
    let count = found.len();
    let wrong = found.into_iter().filter_map(|path| {
        let output = run(&["check", &path.display().to_string()]);
        let told = String::from_utf8_lossy(&output.stdout).into_owned();
        let is_right = output.status.code() == Some(code);
        (!is_right).then(|| format!("{}: {:?}\n{told}", path.display(), output.status))
    });
    (count, wrong.collect())
}

#[test]
fn documents_that_openapi_accepts_are_accepted_and_those_it_refuses_are_refused() {
    let mut tried = 0;
    for version in ["openapi-v3.1", "openapi-v3.2"] {
        let Some(folder) = suite(version) else {
            continue;
        };
        for (kind, code) in [("pass", 0), ("fail", 1)] {
            let (count, wrong) = other_than(code, &folder.join(kind));
            assert!(wrong.is_empty(), "{version} {kind}:\n{}", wrong.join("\n"));
            tried += count;
        }
    }
    assert!(tried == 0 || tried == 112, "{tried} documents");
}

#[test]
fn contracts_of_every_feature_are_taken() {
    let found = contracts();
    for path in &found {
        let out = Path::new(env!("CARGO_TARGET_TMPDIR")).join("taken");
        let (path, out) = (path.display().to_string(), out.display().to_string());
        let output = run(&["generate", &path, "--out", &out]);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{path}:\n{told}");
    }
    assert!(
        found.is_empty() || found.len() > 300,
        "{} documents",
        found.len()
    );
}
