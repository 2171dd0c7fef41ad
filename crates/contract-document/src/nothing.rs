//! What is written without a value, where a value of `null` has no meaning, and lists of schemas without a schema.

use crate::kind::Kind;
use crate::node::{Content, Entry, Node};
use crate::problem::Problem;

/// Keys whose value may be any, `null` among them, and one that means the type of that name.
const VALUES: [&str; 5] = ["const", "default", "example", "type", "value"];

/// Lists of schemas, which JSON Schema asks to have one.
const LISTS_OF_SCHEMAS: [&str; 4] = ["allOf", "anyOf", "oneOf", "prefixItems"];

/// Leaves such entries out, or has them be empty where their key is a name. They are warned of.
pub(crate) fn leave_out(node: &mut Node, kind: Kind, problems: &mut Vec<Problem>) {
    let entries = match &mut node.content {
        _ if kind == Kind::Opaque => return,
        Content::List(items) => {
            items.retain(|item| {
                let is_nothing = is_nothing(item);
                if is_nothing {
                    let problem = Problem::new(item.at, "an item is nothing, and is left out");
                    problems.push(problem.hint("give it a value, or remove it").violation());
                }
                !is_nothing
            });
            for item in items {
                leave_out(item, kind.child(""), problems);
            }
            return;
        }
        Content::Map(entries) => entries,
        _ => return,
    };
    let is_named = has_names(kind);
    entries.retain_mut(|entry| {
        if kind == Kind::Schema && is_empty_list_of_schemas(entry) {
            let message = format!("`{}` has no schema, and is left out", entry.key);
            let problem = Problem::new(entry.node.at, message);
            problems.push(problem.hint("list a schema, or remove it").violation());
            return false;
        }
        if !is_nothing(&entry.node) || entry.key.starts_with("x-") {
            return true;
        }
        if is_named && kind.child(&entry.key) != Kind::Opaque {
            problems.push(told(
                entry,
                "read as an empty map",
                "write `{}`, or describe it",
            ));
            entry.node.content = Content::Map(Vec::new());
            return true;
        }
        // The values of a link may be any.
        if VALUES.contains(&entry.key.as_str()) || kind == Kind::Link {
            return true;
        }
        problems.push(told(entry, "left out", "give it a value, or remove it"));
        false
    });
    for entry in entries {
        match entry.key.as_str() {
            "security" if matches!(kind, Kind::Document | Kind::Operation) => {
                let Content::List(alternatives) = &mut entry.node.content else {
                    continue;
                };
                for scheme in alternatives
                    .iter_mut()
                    .filter_map(Node::as_map_mut)
                    .flatten()
                {
                    if is_nothing(&scheme.node) {
                        problems.push(told(scheme, "read as no scopes", "write `[]`"));
                        scheme.node.content = Content::List(Vec::new());
                    }
                }
            }
            key => leave_out(&mut entry.node, kind.child(key), problems),
        }
    }
}

/// Whether keys are names that the author gave, or that say what something is for.
fn has_names(kind: Kind) -> bool {
    use Kind::{Callback, Each, Encodings, MediaTypes, Operations, Paths, Responses};
    let each = matches!(kind, Each(_) | MediaTypes | Encodings | Operations);
    each || matches!(kind, Paths | Callback | Responses)
}

fn is_nothing(node: &Node) -> bool {
    matches!(node.content, Content::Null)
}

fn is_empty_list_of_schemas(entry: &Entry) -> bool {
    let is_empty = matches!(&entry.node.content, Content::List(items) if items.is_empty());
    is_empty && LISTS_OF_SCHEMAS.contains(&entry.key.as_str())
}

fn told(entry: &Entry, read: &str, hint: &str) -> Problem {
    let message = format!("`{}` is nothing, and is {read}", entry.key);
    Problem::new(entry.node.at, message).hint(hint).violation()
}
