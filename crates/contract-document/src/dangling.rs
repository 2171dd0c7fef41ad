//! References of schemas that lead nowhere: what would be there is not known, so it may be anything.

use std::collections::BTreeMap;

use crate::check;
use crate::kind::Kind;
use crate::node::{Content, Entry, Mark, Node};
use crate::problem::Problem;
use crate::reference;

/// Leaves such references out, and values of a `mapping` that lead nowhere. They are warned of.
pub(crate) fn leave_out(root: &mut Node, problems: &mut Vec<Problem>) {
    let mut found = BTreeMap::new();
    find(root, root, Kind::Document, &mut found);
    if !found.is_empty() {
        remove(root, Kind::Document, &found);
        problems.extend(found.into_values());
    }
}

/// What to say of a reference to a schema that is not there.
pub(crate) fn told(at: Mark, text: &str) -> Problem {
    let message = format!("`{text}` does not exist, and is read as any value");
    Problem::new(at, message).violation()
}

/// Finds them, by where their text stands.
fn find(root: &Node, node: &Node, kind: Kind, found: &mut BTreeMap<Mark, Problem>) {
    match &node.content {
        _ if kind == Kind::Opaque => {}
        Content::List(items) => {
            for item in items {
                find(root, item, kind.child(""), found);
            }
        }
        Content::Map(entries) if kind == Kind::Discriminator => {
            let mapping = entries.iter().find(|entry| entry.key == "mapping");
            let values = mapping.and_then(|mapping| mapping.node.as_map());
            for entry in values.unwrap_or_default() {
                if let Some((text, pointer)) = nowhere(root, &entry.node) {
                    let message = format!(
                        "`{text}` does not exist: the value `{}` is left out",
                        entry.key
                    );
                    let problem = Problem::new(entry.node.at, message).violation();
                    let problem = check::with_advice(problem, root, &pointer);
                    found.insert(entry.node.at, problem);
                }
            }
        }
        Content::Map(entries) => {
            for entry in entries {
                match nowhere(root, &entry.node).filter(|_| is_reference(entry, kind)) {
                    Some((text, pointer)) => {
                        let problem = told(entry.node.at, text);
                        let problem = check::with_advice(problem, root, &pointer);
                        found.insert(entry.node.at, problem);
                    }
                    None => find(root, &entry.node, kind.child(&entry.key), found),
                }
            }
        }
        _ => {}
    }
}

fn remove(node: &mut Node, kind: Kind, found: &BTreeMap<Mark, Problem>) {
    match &mut node.content {
        _ if kind == Kind::Opaque => {}
        Content::List(items) => {
            for item in items {
                remove(item, kind.child(""), found);
            }
        }
        Content::Map(entries) if kind == Kind::Discriminator => {
            let mapping = entries.iter_mut().find(|entry| entry.key == "mapping");
            if let Some(mapping) = mapping.and_then(|mapping| mapping.node.as_map_mut()) {
                mapping.retain(|entry| !found.contains_key(&entry.node.at));
            }
        }
        Content::Map(entries) => {
            let is_left_out =
                |entry: &Entry| is_reference(entry, kind) && found.contains_key(&entry.node.at);
            entries.retain(|entry| !is_left_out(entry));
            for entry in entries {
                remove(&mut entry.node, kind.child(&entry.key), found);
            }
        }
        _ => {}
    }
}

fn is_reference(entry: &Entry, kind: Kind) -> bool {
    kind == Kind::Schema && entry.key == "$ref"
}

/// The text of a reference in the document to what is not in it, and the pointer that it is.
fn nowhere<'a>(root: &Node, reference: &'a Node) -> Option<(&'a str, String)> {
    let text = reference.as_str().filter(|text| text.starts_with('#'))?;
    let pointer = reference::pointer(text).ok()?;
    root.find(&pointer).is_none().then_some((text, pointer))
}
