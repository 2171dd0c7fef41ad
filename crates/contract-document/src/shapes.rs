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

/// What an entry means.
enum Meant {
    /// Something else than it holds.
    Other(Content),
    /// A list of what it holds.
    ListOfIt,
    /// A discriminator by the property that it names.
    ByProperty,
}

/// Has what `node`, a `kind`, holds be of the shape that belongs there. It is warned of.
pub(crate) fn mend(node: &mut Node, kind: Kind, problems: &mut Vec<Problem>) {
    for entry in node.as_map_mut().into_iter().flatten() {
        let Some((meant, told, hint)) = meant(kind, entry) else {
            continue;
        };
        let at = entry.node.at;
        let problem = Problem::new(at, format!("`{}` {told}", entry.key));
        problems.push(problem.hint(hint).violation());
        let held = std::mem::replace(&mut entry.node.content, Content::Null);
        entry.node.content = match meant {
            Meant::Other(content) => content,
            Meant::ListOfIt => Content::List(vec![Node::new(at, held)]),
            Meant::ByProperty => Content::Map(vec![Entry {
                key: "propertyName".to_owned(),
                key_at: at,
                node: Node::new(at, held),
            }]),
        };
    }
}

/// What an entry means that can only mean something else than it says, what is told of it, and what to do.
fn meant(kind: Kind, entry: &Entry) -> Option<(Meant, &'static str, &'static str)> {
    let (key, content) = (entry.key.as_str(), &entry.node.content);
    if let Some(content) = unquoted(kind, entry) {
        let told = "is text, and is read without its quotes";
        return Some((Meant::Other(content), told, "remove the quotes"));
    }
    if item(kind, key).is_some_and(|item| is_one(&entry.node, item)) {
        let told = "must be a list, and is read as one";
        let hint = "put it in brackets, or behind a dash";
        return Some((Meant::ListOfIt, told, hint));
    }
    if kind == Kind::Schema && key == "discriminator" && matches!(content, Content::Text(_)) {
        let told = "must be a map, and is read as its `propertyName`";
        let hint = "write `propertyName` and the text below it";
        return Some((Meant::ByProperty, told, hint));
    }
    let empty = || Meant::Other(Content::Map(Vec::new()));
    // `items` of older drafts may be a list.
    let may_be_list = kind == Kind::Schema && key == "items";
    match content {
        // As PHP writes an empty map.
        Content::List(items) if items.is_empty() && is_map(kind, key) => {
            let told = "must be a map, and is read as an empty one";
            Some((empty(), told, "write `{}`, or remove it"))
        }
        Content::List(_) if may_be_list => None,
        Content::List(_) | Content::Text(_) | Content::Number(_)
            if kind.child(key) == Kind::Schema && key != "$ref" =>
        {
            let told = "must be a schema, and is read as any value";
            Some((empty(), told, "describe it, or remove it"))
        }
        _ => None,
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
    let is_list = item(kind, key).is_some() || key == "prefixEncoding";
    kind.child(key) != Kind::Opaque && !is_list
}

fn is_one(node: &Node, item: Item) -> bool {
    match item {
        Item::Text => node.as_str().is_some(),
        Item::Map => node.as_map().is_some(),
        Item::MapWith(keys) => keys.iter().any(|key| node.get(key).is_some()),
    }
}
