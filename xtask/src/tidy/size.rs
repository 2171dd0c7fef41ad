//! How long lines and files are. What the generator wrote may be as long as it is.

use super::{File, Finding};

/// In characters. rustfmt breaks code before, but neither texts nor macros.
const WIDTH: usize = 120;

/// In lines. Aim for 100 to 300.
const LENGTH: usize = 600;

/// Files that are longer, each with why. This list may only shrink.
pub(super) const LONG: [(&str, &str); 0] = [];

/// Lines of Rust that are too long.
pub(super) fn lines(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| is_written(file)) {
        for (line, text) in file.lines() {
            let width = text.chars().count();
            if width > WIDTH {
                findings.push(file.at(
                    line,
                    format!("the line has {width} characters, and {WIDTH} fit"),
                    "break it; a text goes on behind `\\` at the end of a line",
                ));
            }
        }
    }
    findings
}

/// Files of Rust that are too long and not among `long`, and what stands there without need.
pub(super) fn files(files: &[File], long: &[(&str, &str)]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| is_written(file)) {
        let length = file.text.lines().count();
        let is_listed = long.iter().any(|(path, _)| *path == file.path);
        if length > LENGTH && !is_listed {
            findings.push(file.at(
                LENGTH + 1,
                format!("the file has {length} lines, and {LENGTH} are the most"),
                "split it by resource or by step",
            ));
        }
    }
    for (path, _) in long {
        let file = files.iter().find(|file| file.path == *path);
        if file.is_none_or(|file| file.text.lines().count() <= LENGTH) {
            findings.push(Finding {
                path: (*path).to_owned(),
                line: 1,
                what: format!("the file is listed as one of more than {LENGTH} lines, and is none"),
                hint: "remove it from `LONG` in xtask/src/tidy/size.rs".to_owned(),
            });
        }
    }
    findings
}

fn is_written(file: &File) -> bool {
    file.is_rust() && !file.is_golden()
}

#[cfg(test)]
mod tests {
    use super::super::tests::{file, places};
    use super::*;

    #[test]
    fn long_lines_are_found_outside_of_goldens() {
        let text = format!(
            "//! {}\n//! {}\n",
            "ä".repeat(WIDTH - 4),
            "ä".repeat(WIDTH - 3)
        );
        assert_eq!(places(&lines(&[file("a.rs", &text)])), [("a.rs", 2)]);
        assert_eq!(
            lines(&[file("tests/goldens/a.rs", &text), file("a.md", &text)]),
            []
        );
    }

    #[test]
    fn long_files_are_found_unless_they_are_listed() {
        let long = [file("a.rs", &"\n".repeat(LENGTH + 1))];
        assert_eq!(places(&files(&long, &[])), [("a.rs", LENGTH + 1)]);
        assert_eq!(files(&long, &[("a.rs", "a reason")]), []);
        assert_eq!(files(&[file("a.rs", &"\n".repeat(LENGTH))], &[]), []);
    }

    #[test]
    fn the_list_of_long_files_may_only_shrink() {
        let short = [file("a.rs", "\n")];
        let listed = [("a.rs", "a reason"), ("gone.rs", "a reason")];
        assert_eq!(
            places(&files(&short, &listed)),
            [("a.rs", 1), ("gone.rs", 1)]
        );
    }
}
