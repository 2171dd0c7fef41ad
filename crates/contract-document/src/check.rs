//! The outermost structure of a document, its dialect and its references; deeper rules belong to
//! its readers.

use std::collections::HashSet;

use crate::kind::Kind;
use crate::node::{Content, Node};
use crate::pointer::{parent, segments};
use crate::problem::Problem;
use crate::reference;

/// Dialects of JSON Schema that are the same as far as schemas are read here.
pub(crate) const DIALECTS: [&str; 5] = [
    "https://json-schema.org/draft/2020-12/schema",
    "https://spec.openapis.org/oas/3.1/dialect/base",
    "https://spec.openapis.org/oas/3.1/dialect/2024-11-10",
    "https://spec.openapis.org/oas/3.2/dialect/base",
    "https://spec.openapis.org/oas/3.2/dialect/2025-09-17",
];

/// Keywords of another dialect that lead elsewhere.
const RECURSIVE: [&str; 2] = ["$recursiveAnchor", "$recursiveRef"];

/// The version of OpenAPI that `root` is written in.
///
/// # Errors
/// Anything but 3.0.x, 3.1.x and 3.2.x.
pub(crate) fn version(root: &Node) -> Result<String, Vec<Problem>> {
    let supported = "OpenAPI 3.0, 3.1 and 3.2 are supported";
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
    let patch = ["3.0.", "3.1.", "3.2."].into_iter();
    let patch = patch.filter_map(|minor| version.strip_prefix(minor)).next();
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
                .hint("add `info` with `title` and `version`")
                .violation(),
        ),
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
        let problem = Problem::new(root.at, "`paths` is missing").hint("OpenAPI 3.0 requires it");
        problems.push(problem.violation());
    } else if !sections.iter().any(|section| root.get(section).is_some()) {
        problems.push(
            Problem::new(root.at, "the document describes nothing")
                .hint("add `paths`, `webhooks` or `components`")
                .violation(),
        );
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// Title and version as texts where they are numbers, which nobody can have meant.
pub(crate) fn numbers_as_text(root: &mut Node) {
    for field in ["title", "version"] {
        let found = root.get_mut("info").and_then(|info| info.get_mut(field));
        if let Some(node) = found
            && let Content::Number(number) = &node.content
        {
            node.content = Content::Text(number.to_string());
        }
    }
}

fn text_field(info: &Node, field: &str, problems: &mut Vec<Problem>) {
    match info.get(field) {
        None => {
            problems.push(Problem::new(info.at, format!("`info.{field}` is missing")).violation())
        }
        Some(Node {
            content: Content::Text(_),
            ..
        }) => {}
        // Nothing depends on it.
        Some(node) => {
            let problem = Problem::new(node.at, format!("`info.{field}` must be text"));
            problems.push(problem.hint("put it in quotes").violation());
        }
    }
}

/// Whether every reference of a bundled document leads somewhere, and every schema is written in a
/// known dialect.
///
/// # Errors
/// What is not so.
pub(crate) fn references(root: &Node) -> Result<(), Vec<Problem>> {
    let mut checker = Checker {
        root,
        good: HashSet::new(),
        problems: Vec::new(),
    };
    if let Some(dialect) = root.get("jsonSchemaDialect") {
        checker.dialect(dialect);
    }
    checker.walk(root, Kind::Document);
    let problems = checker.problems;
    if problems.is_empty() {
        Ok(())
    } else {
        Err(problems)
    }
}

/// Whether a map below `node` has the word of draft 2019-09, wherever it stands.
pub(crate) fn is_recursive(node: &Node) -> bool {
    match &node.content {
        Content::List(items) => items.iter().any(is_recursive),
        Content::Map(entries) => entries
            .iter()
            .any(|entry| entry.key == "$recursiveRef" || is_recursive(&entry.node)),
        _ => false,
    }
}

struct Checker<'a> {
    root: &'a Node,
    /// References that lead somewhere.
    good: HashSet<&'a str>,
    problems: Vec<Problem>,
}

impl<'a> Checker<'a> {
    fn walk(&mut self, node: &'a Node, kind: Kind) {
        match kind {
            Kind::Opaque => return,
            Kind::Schema => self.keywords(node),
            Kind::Discriminator => {
                let mapping = node
                    .get("mapping")
                    .and_then(Node::as_map)
                    .unwrap_or_default();
                for entry in mapping {
                    if entry
                        .node
                        .as_str()
                        .is_some_and(|text| text.starts_with('#'))
                    {
                        self.reference(&entry.node);
                    }
                }
                return;
            }
            _ => {}
        }
        if let Some(section) = kind.section()
            && let Some(reference) = node.get("$ref")
        {
            let is_followed = |text: &str| !reference::is_absolute(text);
            if !section.is_beside_the_point() || reference.as_str().is_none_or(is_followed) {
                self.reference(reference);
            }
        }
        if kind == Kind::Schema
            && let Some(reference) = node.get("$dynamicRef")
        {
            self.reference(reference);
        }
        match &node.content {
            Content::List(items) => {
                for item in items {
                    self.walk(item, kind.child(""));
                }
            }
            Content::Map(entries) => {
                for entry in entries {
                    self.walk(&entry.node, kind.child(&entry.key));
                }
            }
            _ => {}
        }
    }

    fn keywords(&mut self, schema: &Node) {
        for entry in schema.as_map().unwrap_or_default() {
            if entry.key == "$schema" {
                self.dialect(&entry.node);
            } else if RECURSIVE.contains(&entry.key.as_str()) {
                self.problems.push(
                    Problem::new(entry.key_at, format!("`{}` is not supported", entry.key))
                        .hint("refer to schemas by their place, `#/components/schemas/…`"),
                );
            }
        }
    }

    fn dialect(&mut self, node: &Node) {
        let name = node.as_str().unwrap_or_default();
        if !DIALECTS.contains(&name.trim_end_matches('#')) {
            self.problems.push(
                Problem::new(node.at, format!("the schema dialect `{name}` is not known"))
                    .hint(format!("schemas are read as `{}`", DIALECTS[0]))
                    .warning(),
            );
        }
    }

    fn reference(&mut self, reference: &'a Node) {
        let Some(text) = reference.as_str() else {
            self.problems.push(
                Problem::new(reference.at, "`$ref` must be text")
                    .hint("name a component, `#/components/…`"),
            );
            return;
        };
        if self.good.contains(text) {
            return;
        }
        match self.follow(reference, text) {
            None => {
                self.good.insert(text);
            }
            Some(problem) => self.problems.push(problem),
        }
    }

    /// What is wrong with the chain of references that begins with `text`.
    fn follow(&self, reference: &Node, text: &str) -> Option<Problem> {
        let mut passed = Vec::new();
        let mut current = text;
        loop {
            let pointer = match reference::pointer(current) {
                Ok(pointer) => pointer,
                Err((message, hint)) => {
                    return Some(Problem::new(reference.at, message).hint(hint));
                }
            };
            let Some(target) = self.root.find(&pointer) else {
                // Further links of the chain are reported where they stand.
                return passed.is_empty().then(|| {
                    let message = format!("`{text}` does not exist");
                    with_advice(Problem::new(reference.at, message), self.root, &pointer)
                });
            };
            if passed.contains(&current) {
                let problem =
                    Problem::new(reference.at, format!("`{text}` only leads in a circle"));
                return Some(problem.hint("let one of the references define something"));
            }
            passed.push(current);
            match target.get("$ref").and_then(Node::as_str) {
                Some(next) => current = next,
                None => return None,
            }
        }
    }
}

/// `problem`, that nothing is at `pointer`, with what to do about it.
pub(crate) fn with_advice(problem: Problem, root: &Node, pointer: &str) -> Problem {
    let wanted = segments(pointer).last().unwrap_or_default();
    let group = parent(pointer).and_then(|parent| root.find(parent));
    let names = group.and_then(Node::as_map).unwrap_or_default();
    let nearest = names
        .iter()
        .map(|entry| (distance(&entry.key, &wanted), &entry.key))
        .min()
        .filter(|(distance, _)| *distance <= 1 + wanted.chars().count() / 4);
    match nearest {
        Some((_, name)) => problem.hint(format!("did you mean `{name}`?")),
        None => problem.hint("define it, or correct the reference"),
    }
}

/// Number of characters to insert, delete or replace between two names (Levenshtein), without
/// regard to case.
fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.to_lowercase().chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (index, l) in left.to_lowercase().chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, r) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(l != *r);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[right.len()]
}
