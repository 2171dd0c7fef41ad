//! What has another shape than belongs in its place, and can only mean one: a single value for a list, an empty list
//! for a map, a number or `true` in quotes, the name of a property for a discriminator. What is no schema is read as
//! any value.

use crate::kind::Kind;
use crate::node::{Content, Entry, Node};
use crate::problem::Problem;

/// What a list may hold.
#[derive(Clone, Copy)]
enum Item {
    Text,
    Map,
    /// A map with one of these keys: any other is more than one, by name.
    MapWith(&'static [&'static str]),
}

/// Lists that hold what no list can be mistaken for.
fn item(kind: Kind, key: &str) -> Option<Item> {
    Some(match (kind, key) {
        (Kind::Operation, "tags") | (Kind::Schema, "required" | "enum") => Item::Text,
        (Kind::Document | Kind::Operation, "security") => Item::Map,
        (Kind::Schema, "allOf" | "anyOf" | "oneOf" | "prefixItems") => Item::Map,
        (Kind::Document | Kind::PathItem | Kind::Operation, "servers") => Item::MapWith(&["url"]),
        (Kind::Document, "tags") => Item::MapWith(&["name"]),
        (Kind::PathItem | Kind::Operation, "parameters") => Item::MapWith(&["$ref", "in"]),
        _ => return None,
    })
}

/// Numbers, wherever a schema has them.
const NUMBERS: [&str; 13] = [
    "exclusiveMaximum",
    "exclusiveMinimum",
    "maxContains",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minContains",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
];

/// `true` or `false`, wherever an object has them.
const FLAGS: [&str; 15] = [
    "additionalProperties",
    "allowEmptyValue",
    "allowReserved",
    "deprecated",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "explode",
    "items",
    "nullable",
    "readOnly",
    "required",
    "unevaluatedItems",
    "unevaluatedProperties",
    "uniqueItems",
    "writeOnly",
];

/// Has what `node`, a `kind`, holds be of the shape that belongs there. It is warned of.
pub(crate) fn mend(node: &mut Node, kind: Kind, problems: &mut Vec<Problem>) {
    for entry in node.as_map_mut().into_iter().flatten() {
        let at = entry.node.at;
        if let Some(content) = unquoted(kind, entry) {
            let message = format!("`{}` is text, and is read without its quotes", entry.key);
            let problem = Problem::new(at, message).violation();
            problems.push(problem.hint("remove the quotes"));
            entry.node.content = content;
        }
        if item(kind, &entry.key).is_some_and(|item| is_one(&entry.node, item)) {
            let message = format!("`{}` must be a list, and is read as one", entry.key);
            let problem = Problem::new(at, message).violation();
            problems.push(problem.hint("put it in brackets, or behind a dash"));
            let one = std::mem::replace(&mut entry.node.content, Content::Null);
            entry.node.content = Content::List(vec![Node::new(at, one)]);
        }
        // As PHP writes an empty map.
        if is_map(kind, &entry.key)
            && matches!(&entry.node.content, Content::List(items) if items.is_empty())
        {
            let message = format!("`{}` must be a map, and is read as an empty one", entry.key);
            let problem = Problem::new(at, message).violation();
            problems.push(problem.hint("write `{}`, or remove it"));
            entry.node.content = Content::Map(Vec::new());
        }
        let is_schema = match entry.node.content {
            Content::Text(_) | Content::Number(_) => false,
            // `items` of older drafts may be a list.
            Content::List(_) => entry.key == "items",
            _ => true,
        };
        if kind.child(&entry.key) == Kind::Schema && !is_schema && entry.key != "$ref" {
            let message = format!("`{}` must be a schema, and is read as any value", entry.key);
            let problem = Problem::new(at, message).violation();
            problems.push(problem.hint("describe it, or remove it"));
            entry.node.content = Content::Map(Vec::new());
        }
        // As Swagger 2.0 has it.
        let is_name = kind == Kind::Schema && entry.key == "discriminator";
        if is_name && entry.node.as_str().is_some() {
            let message = "`discriminator` must be a map, and is read as its `propertyName`";
            let problem = Problem::new(at, message).violation();
            problems.push(problem.hint("write `propertyName` and the text below it"));
            let name = std::mem::replace(&mut entry.node.content, Content::Null);
            entry.node.content = Content::Map(vec![Entry {
                key: "propertyName".to_owned(),
                key_at: at,
                node: Node::new(at, name),
            }]);
        }
    }
}

/// The number or flag that a text stands for, where it cannot be text.
fn unquoted(kind: Kind, entry: &Entry) -> Option<Content> {
    use Kind::{Encoding, Header, Operation, Parameter, RequestBody, Schema};
    let text = entry.node.as_str()?;
    let key = entry.key.as_str();
    let has_flags = matches!(
        kind,
        Encoding | Header | Operation | Parameter | RequestBody | Schema
    );
    if has_flags && FLAGS.contains(&key) {
        match text.to_ascii_lowercase().as_str() {
            "true" => return Some(Content::Bool(true)),
            "false" => return Some(Content::Bool(false)),
            _ => {}
        }
    }
    let number = || text.parse().ok().map(Content::Number);
    (kind == Schema && NUMBERS.contains(&key))
        .then(number)
        .flatten()
}

/// Whether an object, or a map of objects, stands below `key`.
fn is_map(kind: Kind, key: &str) -> bool {
    let is_list = item(kind, key).is_some() || key == "prefixEncoding" || key == "items";
    kind.child(key) != Kind::Opaque && !is_list
}

fn is_one(node: &Node, item: Item) -> bool {
    match item {
        Item::Text => node.as_str().is_some(),
        Item::Map => node.as_map().is_some(),
        Item::MapWith(keys) => keys.iter().any(|key| node.get(key).is_some()),
    }
}
