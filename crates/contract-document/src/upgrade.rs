//! OpenAPI 3.0 as 3.1: the differences that OpenAPI itself lists in its upgrade guide, as far as
//! they change what a document means.

use serde_json::Number;

use crate::kind::Kind;
use crate::node::{Content, Entry, Mark, Node};
use crate::pointer::child;
use crate::problem::Problem;
use crate::reference;

/// Keywords of a schema that say something about it instead of constraining values.
const ANNOTATIONS: [&str; 9] = [
    "title",
    "description",
    "default",
    "example",
    "deprecated",
    "readOnly",
    "writeOnly",
    "externalDocs",
    "xml",
];

/// `root`, written in 3.0, in the dialect of 3.1. Keywords whose values leave open what is meant go into `problems`.
pub(crate) fn upgrade(mut root: Node, problems: &mut Vec<Problem>) -> Node {
    walk(&mut root, Kind::Document, problems);
    if let Some(openapi) = root.get_mut("openapi") {
        openapi.content = Content::Text("3.1.0".to_owned());
    }
    root
}

/// Whether a schema below `node` has a word that only 3.0 or older drafts have.
pub(crate) fn has_older_words(node: &Node, kind: Kind) -> bool {
    match &node.content {
        _ if kind == Kind::Opaque => false,
        Content::List(items) => items.iter().any(|it| has_older_words(it, kind.child(""))),
        Content::Map(entries) => entries.iter().any(|entry| {
            let is_old = kind == Kind::Schema
                && match (entry.key.as_str(), &entry.node.content) {
                    ("nullable", _) | ("items", Content::List(_)) => true,
                    ("exclusiveMinimum" | "exclusiveMaximum", content) => {
                        matches!(content, Content::Bool(_))
                    }
                    _ => false,
                };
            is_old || has_older_words(&entry.node, kind.child(&entry.key))
        }),
        _ => false,
    }
}

/// `root`, written in a later version, with the words of 3.0 and older drafts in its schemas as that version says
/// them. They are honoured, and warned of.
pub(crate) fn without_older_words(mut root: Node, problems: &mut Vec<Problem>) -> Node {
    replace_words(&mut root, Kind::Document, problems);
    root
}

fn replace_words(node: &mut Node, kind: Kind, problems: &mut Vec<Problem>) {
    if kind == Kind::Opaque {
        return;
    }
    tuple(node, kind, problems);
    match &mut node.content {
        Content::List(items) => {
            for item in items {
                replace_words(item, kind.child(""), problems);
            }
        }
        Content::Map(entries) => {
            for entry in entries.iter_mut() {
                replace_words(&mut entry.node, kind.child(&entry.key), problems);
            }
            if kind == Kind::Schema {
                for entry in entries.iter() {
                    let (word, hint) = match (entry.key.as_str(), &entry.node.content) {
                        ("nullable", _) => (
                            "`nullable`",
                            "write `type: [string, \"null\"]`, or `anyOf` with `type: \"null\"`",
                        ),
                        ("exclusiveMinimum", Content::Bool(_)) => {
                            ("`exclusiveMinimum` as a flag", "write the bound itself")
                        }
                        ("exclusiveMaximum", Content::Bool(_)) => {
                            ("`exclusiveMaximum` as a flag", "write the bound itself")
                        }
                        _ => continue,
                    };
                    let message = format!("{word} is a word of OpenAPI 3.0, and read as there");
                    problems.push(Problem::new(entry.key_at, message).hint(hint).warning());
                }
                if entries.iter().any(|entry| entry.key == "$ref") {
                    nullable_reference(entries, problems);
                }
                old_bounds(entries, problems);
                nullable(entries, problems);
            }
        }
        _ => {}
    }
}

/// `$recursiveRef: "#"`, of draft 2019-09, below a schema with `$recursiveAnchor: true` is a reference to that schema.
pub(crate) fn recursive(
    node: &mut Node,
    kind: Kind,
    pointer: &str,
    anchor: Option<&str>,
    problems: &mut Vec<Problem>,
) {
    if kind == Kind::Opaque {
        return;
    }
    let mut anchor = anchor;
    match &mut node.content {
        Content::List(items) => {
            for (index, item) in items.iter_mut().enumerate() {
                recursive(
                    item,
                    kind.child(""),
                    &child(pointer, index),
                    anchor,
                    problems,
                );
            }
        }
        Content::Map(entries) => {
            if kind == Kind::Schema {
                let is_anchor = |entry: &Entry| {
                    entry.key == "$recursiveAnchor"
                        && matches!(entry.node.content, Content::Bool(true))
                };
                if entries.iter().any(is_anchor) {
                    anchor = Some(pointer);
                    entries.retain(|entry| !is_anchor(entry));
                }
                let found = entries
                    .iter_mut()
                    .find(|entry| entry.key == "$recursiveRef");
                if let (Some(entry), Some(anchor)) = (found, anchor)
                    && entry.node.as_str() == Some("#")
                {
                    let message = "`$recursiveRef` is a word of an older draft, and read as `$ref`";
                    let hint = format!("write `$ref: '{}'`", reference::to_pointer(anchor));
                    problems.push(Problem::new(entry.key_at, message).hint(hint).warning());
                    entry.key = "$ref".to_owned();
                    entry.node.content = Content::Text(reference::to_pointer(anchor));
                }
            }
            for entry in entries.iter_mut() {
                let below = child(pointer, &entry.key);
                recursive(
                    &mut entry.node,
                    kind.child(&entry.key),
                    &below,
                    anchor,
                    problems,
                );
            }
        }
        _ => {}
    }
}

/// `items` as a list, of drafts before 2020-12, is `prefixItems`, and `additionalItems` beside it is `items`.
fn tuple(node: &mut Node, kind: Kind, problems: &mut Vec<Problem>) {
    let Some(entries) = node.as_map_mut().filter(|_| kind == Kind::Schema) else {
        return;
    };
    let is_list =
        |entry: &Entry| entry.key == "items" && matches!(entry.node.content, Content::List(_));
    let Some(index) = entries.iter().position(is_list) else {
        return;
    };
    let message = "`items` as a list is a word of older drafts, and read as `prefixItems`";
    let problem = Problem::new(entries[index].key_at, message).hint("write `prefixItems`");
    problems.push(problem.warning());
    entries[index].key = "prefixItems".to_owned();
    if let Some(rest) = entries
        .iter_mut()
        .find(|entry| entry.key == "additionalItems")
    {
        rest.key = "items".to_owned();
    }
}

/// `nullable: true` beside `$ref`, which has an effect since 3.1.
fn nullable_reference(entries: &mut Vec<Entry>, problems: &mut Vec<Problem>) {
    let is_nullable = |entry: &Entry| {
        entry.key == "nullable" && matches!(entry.node.content, Content::Bool(true))
    };
    if let Some(index) = entries.iter().position(is_nullable) {
        let at = entries.remove(index).key_at;
        alternative_to_null(entries, at);
    } else {
        nullable(entries, problems);
    }
}

fn old_bounds(entries: &mut Vec<Entry>, problems: &mut Vec<Problem>) {
    for (flag, bound) in [
        ("exclusiveMinimum", "minimum"),
        ("exclusiveMaximum", "maximum"),
    ] {
        let is_flag =
            |entry: &Entry| entry.key == flag && matches!(entry.node.content, Content::Bool(_));
        if entries.iter().any(is_flag) {
            exclusive(entries, flag, bound, problems);
        }
    }
}

fn walk(node: &mut Node, kind: Kind, problems: &mut Vec<Problem>) {
    if kind == Kind::Opaque {
        return;
    }
    let is_reference = node.get("$ref").is_some_and(|text| text.as_str().is_some());
    // A path item may have a `$ref` and operations of its own.
    if is_reference && kind.section().is_some() && kind != Kind::PathItem {
        reduce_reference(node);
        return;
    }
    tuple(node, kind, problems);
    match &mut node.content {
        Content::List(items) => {
            for item in items {
                walk(item, kind.child(""), problems);
            }
        }
        Content::Map(entries) => {
            for entry in entries.iter_mut() {
                walk(&mut entry.node, kind.child(&entry.key), problems);
            }
            if kind == Kind::Schema {
                exclusive(entries, "exclusiveMinimum", "minimum", problems);
                exclusive(entries, "exclusiveMaximum", "maximum", problems);
                nullable(entries, problems);
            }
        }
        _ => {}
    }
}

/// In 3.0 nothing beside `$ref` has an effect; text for readers may stay.
fn reduce_reference(node: &mut Node) {
    if let Some(entries) = node.as_map_mut() {
        entries.retain(|entry| matches!(entry.key.as_str(), "$ref" | "summary" | "description"));
    }
}

/// `exclusiveMinimum: true` beside `minimum: 3` is `exclusiveMinimum: 3`.
fn exclusive(entries: &mut Vec<Entry>, flag: &str, bound: &str, problems: &mut Vec<Problem>) {
    let Some(index) = entries.iter().position(|entry| entry.key == flag) else {
        return;
    };
    match &entries[index].node.content {
        Content::Bool(false) => {
            entries.remove(index);
        }
        Content::Bool(true) => {
            let at = entries[index].key_at;
            match number(entries, bound) {
                Some((bound_index, value)) => {
                    entries[index].node.content = Content::Number(value);
                    entries.remove(bound_index);
                }
                None => {
                    entries.remove(index);
                    let message =
                        format!("`{flag}: true` has no `{bound}` beside it, and has no effect");
                    let problem = Problem::new(at, message).violation();
                    problems.push(problem.hint(format!("add the number as `{bound}`")));
                }
            }
        }
        Content::Number(_) => problems.push(
            Problem::new(
                entries[index].key_at,
                format!("`{flag}` as a number is a word of OpenAPI 3.1, and read as there"),
            )
            .hint(format!("write the number as `{bound}`, and `{flag}: true`"))
            .warning(),
        ),
        _ => problems.push(
            Problem::new(
                entries[index].node.at,
                format!("`{flag}` must be true or false"),
            )
            .hint(format!("OpenAPI 3.0 has the number in `{bound}`")),
        ),
    }
}

fn number(entries: &[Entry], key: &str) -> Option<(usize, Number)> {
    let index = entries.iter().position(|entry| entry.key == key)?;
    match &entries[index].node.content {
        Content::Number(number) => Some((index, number.clone())),
        _ => None,
    }
}

fn nullable(entries: &mut Vec<Entry>, problems: &mut Vec<Problem>) {
    let Some(index) = entries.iter().position(|entry| entry.key == "nullable") else {
        return;
    };
    let flag = match &entries[index].node.content {
        Content::Bool(flag) => *flag,
        _ => {
            let at = entries[index].node.at;
            problems.push(Problem::new(at, "`nullable` must be true or false"));
            return;
        }
    };
    let at = entries.remove(index).key_at;
    if !flag {
        return;
    }
    if let Some(values) = list(entries, "enum")
        && !values
            .iter()
            .any(|value| matches!(value.content, Content::Null))
    {
        values.push(Node::new(at, Content::Null));
    }
    if let Some(kind) = entries.iter_mut().find(|entry| entry.key == "type") {
        let node = &mut kind.node;
        if let Content::List(names) = &mut node.content {
            if names.iter().all(|name| name.as_str() != Some("null")) {
                names.push(Node::text(at, "null"));
            }
        } else if let Content::Text(name) = &node.content
            && name != "null"
        {
            let name = Node::text(node.at, name.as_str());
            node.content = Content::List(vec![name, Node::text(at, "null")]);
        }
        return;
    }
    let present = ["allOf", "anyOf", "oneOf"].map(|key| list(entries, key).is_some());
    match present {
        [false, false, false] => {}
        [false, true, false] => add_null_schema(entries, "anyOf", at),
        [false, false, true] => add_null_schema(entries, "oneOf", at),
        _ => alternative_to_null(entries, at),
    }
}

fn add_null_schema(entries: &mut [Entry], key: &str, at: Mark) {
    if let Some(alternatives) = list(entries, key) {
        alternatives.push(null_schema(at));
    }
}

fn list<'a>(entries: &'a mut [Entry], key: &str) -> Option<&'a mut Vec<Node>> {
    let entry = entries.iter_mut().find(|entry| entry.key == key)?;
    match &mut entry.node.content {
        Content::List(items) => Some(items),
        _ => None,
    }
}

/// Moves every constraint into the first of two alternatives, `null` being the second.
fn alternative_to_null(entries: &mut Vec<Entry>, at: Mark) {
    let is_annotation =
        |entry: &Entry| ANNOTATIONS.contains(&entry.key.as_str()) || entry.key.starts_with("x-");
    let (mut kept, moved): (Vec<_>, Vec<_>) = entries.drain(..).partition(is_annotation);
    let first = Node::new(
        moved.first().map_or(at, |entry| entry.key_at),
        Content::Map(moved),
    );
    let alternatives = Content::List(vec![first, null_schema(at)]);
    kept.push(Entry {
        key: "anyOf".to_owned(),
        key_at: at,
        node: Node::new(at, alternatives),
    });
    *entries = kept;
}

fn null_schema(at: Mark) -> Node {
    let kind = Entry {
        key: "type".to_owned(),
        key_at: at,
        node: Node::text(at, "null"),
    };
    Node::new(at, Content::Map(vec![kind]))
}
