//! One value where a list of such belongs, an empty list where a map does, and the name of a property where a
//! discriminator does.

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

/// Has what `node`, a `kind`, holds of them be lists and objects. They are warned of.
pub(crate) fn wrap(node: &mut Node, kind: Kind, problems: &mut Vec<Problem>) {
    for entry in node.as_map_mut().into_iter().flatten() {
        let at = entry.node.at;
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
