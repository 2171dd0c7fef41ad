//! The outermost structure of a document; deeper rules belong to its readers.

use crate::node::{Content, Node};
use crate::problem::Problem;

/// The version of OpenAPI that `root` is written in.
///
/// # Errors
/// Anything but 3.0.x and 3.1.x.
pub(crate) fn version(root: &Node) -> Result<String, Vec<Problem>> {
    let supported = "OpenAPI 3.0 and 3.1 are supported";
    if root.as_map().is_none() {
        return Err(vec![Problem::new(
            root.at,
            "a contract is a map, with `openapi` as its first key",
        )]);
    }
    let Some(openapi) = root.get("openapi") else {
        return Err(vec![match root.entry("swagger") {
            Some(swagger) => Problem::new(swagger.key_at, "this is a Swagger 2.0 document")
                .hint(format!("{supported}; convert the document first")),
            None => Problem::new(root.at, "`openapi` is missing")
                .hint("name the version, for example `openapi: 3.1.0`"),
        }]);
    };
    let Some(version) = openapi.as_str() else {
        return Err(vec![
            Problem::new(openapi.at, "`openapi` must be text of three numbers")
                .hint("write it out, for example `openapi: 3.1.0`"),
        ]);
    };
    let patch = version
        .strip_prefix("3.0.")
        .or_else(|| version.strip_prefix("3.1."));
    match patch {
        Some(patch) if !patch.is_empty() && patch.bytes().all(|byte| byte.is_ascii_digit()) => {
            Ok(version.to_owned())
        }
        _ => Err(vec![
            Problem::new(
                openapi.at,
                format!("OpenAPI version `{version}` is not supported"),
            )
            .hint(supported),
        ]),
    }
}

/// The fields without which nothing can be said about a document.
pub(crate) fn structure(root: &Node, version: &str) -> Result<(), Vec<Problem>> {
    let mut problems = Vec::new();
    match root.get("info") {
        None => problems.push(
            Problem::new(root.at, "`info` is missing")
                .hint("add `info` with `title` and `version`"),
        ),
        Some(info) if info.as_map().is_none() => {
            problems.push(Problem::new(info.at, "`info` must be a map"));
        }
        Some(info) => {
            for field in ["title", "version"] {
                text_field(info, field, &mut problems);
            }
        }
    }
    let sections = ["paths", "webhooks", "components"];
    for entry in sections.iter().filter_map(|section| root.entry(section)) {
        if entry.node.as_map().is_none() {
            let message = format!("`{}` must be a map", entry.key);
            problems.push(Problem::new(entry.node.at, message));
        }
    }
    if version.starts_with("3.0.") && root.get("paths").is_none() {
        problems.push(Problem::new(root.at, "`paths` is missing").hint("OpenAPI 3.0 requires it"));
    } else if !sections.iter().any(|section| root.get(section).is_some()) {
        problems.push(
            Problem::new(root.at, "the document describes nothing")
                .hint("add `paths`, `webhooks` or `components`"),
        );
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

fn text_field(info: &Node, field: &str, problems: &mut Vec<Problem>) {
    match info.get(field) {
        None => problems.push(Problem::new(info.at, format!("`info.{field}` is missing"))),
        Some(Node {
            content: Content::Text(_),
            ..
        }) => {}
        Some(node) => problems.push(
            Problem::new(node.at, format!("`info.{field}` must be text")).hint("put it in quotes"),
        ),
    }
}
