//! Examples and defaults, held against their schemas.

use contract_codegen::{Diagnostic, Document, Severity};
use contract_document::Given;
use contract_example::flaws;
use serde_json::Value;

/// What is wrong with the values that the document gives. They are warnings: examples should keep to their schema, says
/// the specification, and nobody is sent one.
pub(super) fn problems(document: &Document) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for given in document.given() {
        let (value, schema) = (document.get(&given.value), document.get(&given.schema));
        let (Some(value), Some(schema)) = (value, schema) else {
            continue;
        };
        // Of other media types an example is the text of a body, which schemas do not speak of.
        if value.is_string() && given.media_type.as_deref().is_some_and(is_written) {
            continue;
        }
        for flaw in flaws(document.root(), schema, value) {
            found.push(problem(document, &given, value, &flaw));
        }
    }
    found
}

fn is_written(media_type: &str) -> bool {
    let name = media_type.split(';').next().unwrap_or_default().trim();
    let name = name.to_ascii_lowercase();
    !(name.ends_with("/json") || name.ends_with("+json") || name.contains('*'))
}

fn problem(
    document: &Document,
    given: &Given,
    value: &Value,
    flaw: &contract_example::Flaw,
) -> Diagnostic {
    let Given { keyword, .. } = given;
    // In a text block, or behind a reference, the place is that of the whole.
    let inner = value.pointer(&flaw.pointer).is_some();
    let pointer = match inner {
        true => format!("{}{}", given.value, flaw.pointer),
        false => given.value.clone(),
    };
    let message = match flaw.pointer.as_str() {
        "" => format!("the {keyword} {}, as its schema has it", flaw.message),
        place => format!(
            "`{place}` of the {keyword} {}, as its schema has it",
            flaw.message
        ),
    };
    let hint = format!("correct the {keyword}, or its schema");
    Diagnostic {
        severity: Severity::Warning,
        ..document.diagnostic(&pointer, message, Some(hint))
    }
}
