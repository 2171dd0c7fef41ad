//! What tests of the program share: public documents beside the project.

use std::path::{Path, PathBuf};

/// The folder of a suite; none where it is not there, which is said.
pub(crate) fn suite(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/suites");
    let folder = folder.join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!(
        "{} is absent: its documents are not tried",
        folder.display()
    );
    None
}

/// Every document below `folder`, in order.
pub(crate) fn documents(folder: &Path, found: &mut Vec<PathBuf>) {
    let entries = std::fs::read_dir(folder).expect("the folder is readable");
    let mut paths: Vec<PathBuf> = entries
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    for path in paths {
        let is_document = path
            .extension()
            .is_some_and(|it| it == "yaml" || it == "yml" || it == "json");
        if path.is_dir() {
            documents(&path, found);
        } else if is_document {
            found.push(path);
        }
    }
}

/// Contracts that a generator has to take: small ones of one feature each, and those of a generator's own tests.
#[allow(dead_code, reason = "not every test asks for them")]
pub(crate) fn contracts() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for (name, part) in [("features", ""), ("generator-ogen", "positive")] {
        if let Some(folder) = suite(name) {
            documents(&folder.join(part), &mut found);
        }
    }
    // What others refer to is no contract.
    found.retain(|path| {
        let mut parts = path.components();
        !parts.any(|part| part.as_os_str() == "file_reference_external")
    });
    found
}
