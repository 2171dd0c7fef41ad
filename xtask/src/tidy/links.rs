//! Links in Markdown that lead to files.

use super::{File, Finding};

/// Relative links to what is not there. `exists` is asked for paths from the root of the workspace.
pub(super) fn broken(files: &[File], exists: &dyn Fn(&str) -> bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in files.iter().filter(|file| file.path.ends_with(".md")) {
        let mut is_code = false;
        for (line, text) in file.lines() {
            if text.trim_start().starts_with("```") {
                is_code = !is_code;
            }
            if is_code {
                continue;
            }
            for target in targets(text) {
                let path = resolved(&file.path, target);
                if !path.is_some_and(|path| exists(&path)) {
                    findings.push(file.at(
                        line,
                        format!("the link to `{target}` leads nowhere"),
                        "links are relative to the file in which they stand",
                    ));
                }
            }
        }
    }
    findings
}

/// What the links of a line lead to, but for other sites and places in the same file.
fn targets(text: &str) -> impl Iterator<Item = &str> {
    let inline = text.split("](").skip(1);
    let inline = inline.map(|rest| rest.split([')', ' ']).next().unwrap_or_default());
    // `[label]: target`
    let defined = text
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]: "));
    let defined = defined.map(|(_, target)| target.split(' ').next().unwrap_or_default());
    inline
        .chain(defined)
        .map(|target| target.trim_start_matches('<').trim_end_matches('>'))
        .map(|target| target.split('#').next().unwrap_or_default())
        .filter(|target| !target.is_empty() && !target.contains(':'))
}

/// `target` in the file `from`, from the root of the workspace; `None` if it leads out of it.
fn resolved(from: &str, target: &str) -> Option<String> {
    if target.starts_with('/') {
        return None;
    }
    let mut parts: Vec<&str> = from.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                parts.pop()?;
            }
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{file, places};
    use super::*;

    #[test]
    fn links_that_lead_nowhere_are_found() {
        let exists = |path: &str| ["LICENSE", "docs/a.md", "docs", ""].contains(&path);
        let text = "[a](a.md#part) [up](../LICENSE) ![b](b.svg)\n\
                    [c](https://example.com/c) [d](#d) [e](..) [f](../docs/)\n\
                    ```\n[not](a-link)\n```\n\
                    [g]: gone.md\n[h](/LICENSE) [i](../../LICENSE)\n";
        let found = broken(&[file("docs/a.md", text)], &exists);
        let expected = [
            ("docs/a.md", 1),
            ("docs/a.md", 6),
            ("docs/a.md", 7),
            ("docs/a.md", 7),
        ];
        assert_eq!(places(&found), expected);
        assert!(found[0].what.contains("`b.svg`"));
        assert_eq!(broken(&[file("docs/a.rs", text)], &exists), []);
    }
}
