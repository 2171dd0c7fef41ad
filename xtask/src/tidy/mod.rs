//! `tidy`: what no compiler looks at. Who may depend on whom, how long lines and files are, names
//! that were given up, unfinished work, and links that lead nowhere.
//!
//! It is a test as well, so `cargo test --workspace` runs it.

mod layering;
mod leftovers;
mod links;
mod size;

use std::fmt;
use std::path::Path;

use crate::workspace;

/// Folders that are not ours to tidy.
const SKIPPED: [&str; 3] = ["target", ".git", "node_modules"];

/// Looks at every text file of the workspace.
///
/// # Errors
/// Everything that was found, each with its place and what to do about it.
pub(crate) fn run() -> Result<(), String> {
    let root = workspace::root();
    let mut files = Vec::new();
    read(&root, "", &mut files)?;
    files.sort_by(|one, other| one.path.cmp(&other.path));

    let mut findings = Vec::new();
    findings.extend(layering::dependencies(&files));
    findings.extend(layering::words(&files));
    findings.extend(size::lines(&files));
    findings.extend(size::files(&files, &size::LONG));
    findings.extend(leftovers::names(&files));
    findings.extend(leftovers::unfinished(&files));
    findings.extend(links::broken(&files, &|path| root.join(path).exists()));
    if findings.is_empty() {
        println!("{} files are tidy", files.len());
        return Ok(());
    }
    let findings: Vec<String> = findings.iter().map(Finding::to_string).collect();
    Err(findings.join("\n"))
}

/// A text file.
#[derive(Debug)]
struct File {
    /// From the root of the workspace, with `/`.
    path: String,
    text: String,
}

impl File {
    /// Lines with their numbers.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        self.text
            .lines()
            .enumerate()
            .map(|(index, line)| (index + 1, line))
    }

    fn is_rust(&self) -> bool {
        self.path.ends_with(".rs")
    }

    /// Whether the generator wrote it, for reviewers to see what changes.
    fn is_golden(&self) -> bool {
        self.path.contains("/goldens/")
    }

    fn at(&self, line: usize, what: String, hint: &str) -> Finding {
        Finding {
            path: self.path.clone(),
            line,
            what,
            hint: hint.to_owned(),
        }
    }
}

/// Something untidy.
#[derive(Debug, PartialEq, Eq)]
struct Finding {
    path: String,
    line: usize,
    what: String,
    hint: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Finding {
            path,
            line,
            what,
            hint,
        } = self;
        write!(f, "{path}:{line}: {what}\nhint: {hint}")
    }
}

/// Reads the text files below `folder`, whose path from the root is `path`.
fn read(folder: &Path, path: &str, files: &mut Vec<File>) -> Result<(), String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let below = match path {
            "" => name.clone(),
            path => format!("{path}/{name}"),
        };
        let kind = entry.file_type().map_err(failed)?;
        if kind.is_dir() && !SKIPPED.contains(&name.as_str()) {
            read(&entry.path(), &below, files)?;
        } else if kind.is_file() {
            let bytes = std::fs::read(entry.path()).map_err(failed)?;
            // What is not UTF-8 is no text: fonts, databases that tests left behind.
            files.extend(
                String::from_utf8(bytes)
                    .ok()
                    .map(|text| File { path: below, text }),
            );
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_tidy() {
        if let Err(findings) = run() {
            panic!("{findings}");
        }
    }

    #[test]
    fn findings_say_where_and_what_to_do() {
        let file = file("src/a.rs", "");
        let finding = file.at(3, "`x` is odd".to_owned(), "make it even");
        assert_eq!(
            finding.to_string(),
            "src/a.rs:3: `x` is odd\nhint: make it even"
        );
    }

    pub(super) fn file(path: &str, text: &str) -> File {
        File {
            path: path.to_owned(),
            text: text.to_owned(),
        }
    }

    /// Paths and lines of what was found.
    pub(super) fn places(findings: &[Finding]) -> Vec<(&str, usize)> {
        findings
            .iter()
            .map(|finding| (finding.path.as_str(), finding.line))
            .collect()
    }
}
