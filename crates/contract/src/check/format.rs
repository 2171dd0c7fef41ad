//! Forms of output.

use std::path::Path;

use contract_codegen::{Diagnostic, Severity};
use serde_json::{Value, json};

use super::is_error;

/// For people.
pub(super) fn text(file: &Path, problems: &[Diagnostic]) -> String {
    let file = file.display();
    let mut text: String = problems
        .iter()
        .map(|problem| format!("{}\n\n", problem.explained()))
        .collect();
    let (errors, warnings) = counts(problems);
    text.push_str(&match (errors, warnings) {
        (0, 0) => format!("{file}: nothing is wrong\n"),
        (0, _) => format!("{file}: {}\n", several(warnings, "warning")),
        (_, 0) => format!("{file}: {}\n", several(errors, "error")),
        _ => format!(
            "{file}: {}, {}\n",
            several(errors, "error"),
            several(warnings, "warning")
        ),
    });
    text
}

fn counts(problems: &[Diagnostic]) -> (usize, usize) {
    let errors = problems.iter().filter(|problem| is_error(problem)).count();
    (errors, problems.len() - errors)
}

fn several(count: usize, word: &str) -> String {
    match count {
        1 => format!("1 {word}"),
        count => format!("{count} {word}s"),
    }
}

/// One JSON object.
pub(super) fn json(problems: &[Diagnostic]) -> String {
    let (errors, warnings) = counts(problems);
    let each = problems.iter().map(|problem| {
        json!({
            "file": &*problem.position.file,
            "line": problem.position.line,
            "column": problem.position.column,
            "severity": level(problem),
            "message": problem.message,
            "hint": problem.hint,
        })
    });
    let each: Vec<Value> = each.collect();
    format!(
        "{:#}\n",
        json!({ "errors": errors, "warnings": warnings, "problems": each })
    )
}

fn level(problem: &Diagnostic) -> &'static str {
    match is_error(problem) {
        true => "error",
        false => "warning",
    }
}

/// SARIF 2.1.0 (OASIS).
pub(super) fn sarif(problems: &[Diagnostic]) -> String {
    let results = problems.iter().map(|problem| {
        json!({
            "ruleId": rule(problem),
            "level": level(problem),
            "message": { "text": told(problem) },
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": uri(&problem.position.file) },
                "region": {
                    "startLine": problem.position.line,
                    "startColumn": problem.position.column,
                },
            }}],
        })
    });
    let results: Vec<Value> = results.collect();
    let rules = [
        (
            "refused",
            "The contract is against the specification, or no code can be generated from it.",
        ),
        ("doubtful", "It is accepted, and hardly what is meant."),
    ];
    let rules = rules.map(|(id, text)| json!({ "id": id, "shortDescription": { "text": text } }));
    let log = json!({
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "contract",
                "version": env!("CARGO_PKG_VERSION"),
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules,
            }},
            "columnKind": "unicodeCodePoints",
            "results": results,
        }],
    });
    format!("{log:#}\n")
}

fn rule(problem: &Diagnostic) -> &'static str {
    match problem.severity {
        Severity::Warning => "doubtful",
        _ => "refused",
    }
}

fn told(problem: &Diagnostic) -> String {
    match &problem.hint {
        Some(hint) => format!("{}\nhint: {hint}", problem.message),
        None => problem.message.clone(),
    }
}

/// A path as a relative URI, or as `file:` where it is absolute.
fn uri(path: &str) -> String {
    let mut text = String::new();
    if path.starts_with('/') {
        text.push_str("file://");
    }
    for byte in path.replace('\\', "/").bytes() {
        match byte {
            b'/' | b'.' | b'-' | b'_' | b'~' => text.push(char::from(byte)),
            byte if byte.is_ascii_alphanumeric() => text.push(char::from(byte)),
            byte => text.push_str(&format!("%{byte:02X}")),
        }
    }
    text
}

/// Workflow commands, a line for each problem.
pub(super) fn github(problems: &[Diagnostic]) -> String {
    let lines = problems.iter().map(|problem| {
        let position = &problem.position;
        format!(
            "::{} file={},line={},col={}::{}\n",
            level(problem),
            property(&position.file),
            position.line,
            position.column,
            data(&told(problem)),
        )
    });
    lines.collect()
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_texts_are_escaped_as_their_form_has_it() {
        assert_eq!(uri("a b/ä.yaml"), "a%20b/%C3%A4.yaml");
        assert_eq!(uri("/tmp/a.yaml"), "file:///tmp/a.yaml");
        assert_eq!(data("100 %\nhint: a"), "100 %25%0Ahint: a");
        assert_eq!(property("a:b,c"), "a%3Ab%2Cc");
    }
}
