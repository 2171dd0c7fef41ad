//! Some operations of a contract.

use contract_codegen::Document;
use contract_document::OperationHead;

use crate::Selection;

/// Most names that a message lists.
const LISTED: usize = 10;

/// `document` with what `selection` names; all of it where that names nothing.
///
/// # Errors
/// A name that the document does not have.
pub(crate) fn select(document: Document, selection: &Selection) -> Result<Document, String> {
    let Selection { operations, tags } = selection;
    if operations.is_empty() && tags.is_empty() {
        return Ok(document);
    }
    let all = document.operations();
    for name in operations {
        if !all.iter().any(|operation| is_called(operation, name)) {
            let known = all.iter().map(|operation| match &operation.id {
                Some(id) => id.clone(),
                None => format!("{} {}", operation.method, operation.path),
            });
            return Err(unknown("operations", "operation", name, known.collect()));
        }
    }
    for tag in tags {
        if !all.iter().any(|operation| operation.tags.contains(tag)) {
            let known = all.iter().flat_map(|operation| operation.tags.clone());
            return Err(unknown("tags", "tag", tag, known.collect()));
        }
    }
    Ok(document.select(|operation| {
        operations.iter().any(|name| is_called(operation, name))
            || operation.tags.iter().any(|tag| tags.contains(tag))
    }))
}

fn is_called(operation: &OperationHead, name: &str) -> bool {
    operation.id.as_deref() == Some(name)
        || name.split_once(' ').is_some_and(|(method, path)| {
            method.eq_ignore_ascii_case(&operation.method) && path.trim() == operation.path
        })
}

fn unknown(option: &str, what: &str, name: &str, mut known: Vec<String>) -> String {
    known.sort();
    known.dedup();
    let more = if known.len() > LISTED { ", …" } else { "" };
    known.truncate(LISTED);
    format!(
        "`--{option} {name}`: the contract has no such {what}\nhint: it has `{}`{more}",
        known.join("`, `")
    )
}
