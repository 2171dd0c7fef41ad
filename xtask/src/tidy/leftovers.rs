//! Names that were given up, and work that was not finished.

use super::layering::{manifest_dependencies, package_name};
use super::{File, Finding};

/// Crates that are called otherwise now.
const RENAMED: [(&str, &str); 4] = [
    ("document", "contract-document"),
    ("codegen", "contract-codegen"),
    ("protocol", "deletion-spec"),
    ("cluster", "test-postgres"),
];

/// What Rust is not to be left with. In two halves, so that this file is not found itself.
const UNFINISHED: [(&str, &str); 3] = [
    (
        concat!("#[", "ignore"),
        "assert today's wrong answer and say why it is wrong",
    ),
    (concat!("to", "do!"), "finish it, or refuse with an error"),
    (concat!("db", "g!"), "remove it"),
];

/// Old names of crates: of folders anywhere, of packages in manifests.
pub(super) fn names(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files {
        let manifest = match file.path.ends_with("Cargo.toml") {
            true => {
                let package = package_name(file).into_iter();
                package.chain(manifest_dependencies(file)).collect()
            }
            false => Vec::new(),
        };
        for (old, new) in RENAMED {
            let folder = format!("crates/{old}");
            let mut lines: Vec<usize> = file
                .lines()
                .filter(|(_, text)| names_folder(text, &folder))
                .map(|(line, _)| line)
                .collect();
            lines.extend(
                manifest
                    .iter()
                    .filter(|(_, name)| *name == old)
                    .map(|(line, _)| *line),
            );
            lines.dedup();
            let what = || format!("`{old}` is called `{new}` now");
            let found = lines
                .into_iter()
                .map(|line| file.at(line, what(), "use the new name"));
            findings.extend(found);
        }
    }
    findings
}

/// Whether `text` names `folder` itself, and not one whose name only begins like it.
fn names_folder(text: &str, folder: &str) -> bool {
    let mut found = text.match_indices(folder);
    found.any(|(at, _)| {
        let next = text[at + folder.len()..].chars().next();
        next.is_none_or(|next| !next.is_alphanumeric() && next != '-' && next != '_')
    })
}

/// Tests that do not run, code that is missing, traces of debugging.
pub(super) fn unfinished(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.is_rust()) {
        for (line, text) in file.lines() {
            for (word, hint) in UNFINISHED {
                if text.contains(word) {
                    findings.push(file.at(line, format!("`{word}` is left here"), hint));
                }
            }
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::tests::{file, places};
    use super::*;

    #[test]
    fn old_names_of_crates_are_found() {
        for (old, new) in RENAMED {
            let folder = format!("# see\ncrates/{old}/src\n");
            assert_eq!(places(&names(&[file("a.md", &folder)])), [("a.md", 2)]);
            let package = format!("[package]\nname = \"{old}\"\n");
            assert_eq!(
                places(&names(&[file("Cargo.toml", &package)])),
                [("Cargo.toml", 2)]
            );
            let dependency = format!("[dependencies]\n{old}.workspace = true\n");
            assert_eq!(
                places(&names(&[file("Cargo.toml", &dependency)])),
                [("Cargo.toml", 2)]
            );
            let fine = format!("crates/{old}s crates/{new}");
            assert_eq!(names(&[file("a.md", &fine)]), []);
        }
    }

    #[test]
    fn unfinished_work_is_found() {
        for (word, _) in UNFINISHED {
            let text = format!("fn a() {{}}\n    {word}\n");
            assert_eq!(places(&unfinished(&[file("a.rs", &text)])), [("a.rs", 2)]);
            assert_eq!(unfinished(&[file("a.md", &text)]), []);
        }
    }
}
