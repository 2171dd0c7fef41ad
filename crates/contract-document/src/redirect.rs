//! References to an object of another kind than belongs in their place: a schema where a response is wanted, a
//! response where a schema or a request body is. What they mean stands in the object, or around it.

use std::collections::BTreeMap;

use crate::kind::Kind;
use crate::node::{Content, Entry, Mark, Node};
use crate::pointer::{child, segments};
use crate::problem::Problem;
use crate::reference;

/// What a reference stands for.
enum Meant {
    /// The schema in what it refers to.
    Schema(String),
    /// Something that has what it refers to as the schema of a body of JSON.
    Body,
    /// Something that has the same content; what is said of it.
    Content(Entry, &'static str),
}

/// Has such references lead to what they mean. They are warned of.
pub(crate) fn redirect(root: &mut Node, problems: &mut Vec<Problem>) {
    let mut found = BTreeMap::new();
    find(root, root, Kind::Document, &mut found);
    if !found.is_empty() {
        replace(root, &found, problems);
    }
}

/// Finds them, by where the text of `$ref` stands.
fn find(root: &Node, node: &Node, kind: Kind, found: &mut BTreeMap<Mark, Meant>) {
    if kind == Kind::Opaque {
        return;
    }
    match &node.content {
        Content::List(items) => {
            for item in items {
                find(root, item, kind.child(""), found);
            }
        }
        Content::Map(entries) => {
            for entry in entries {
                let target = entry.node.as_str().filter(|_| entry.key == "$ref");
                match target.and_then(|target| meant(root, kind, target)) {
                    Some(meant) => drop(found.insert(entry.node.at, meant)),
                    None => find(root, &entry.node, kind.child(&entry.key), found),
                }
            }
        }
        _ => {}
    }
}

fn meant(root: &Node, kind: Kind, target: &str) -> Option<Meant> {
    let pointer = reference::pointer(target).ok()?;
    let other = segments(&pointer).fold(Kind::Document, |kind, key| kind.child(&key));
    match (kind, other) {
        (Kind::Response | Kind::RequestBody, Kind::Schema) => Some(Meant::Body),
        (Kind::Response, Kind::RequestBody) | (Kind::RequestBody, Kind::Response) => {
            let content = root.find(&pointer)?.entry("content")?;
            let told = match kind {
                Kind::Response => {
                    "`$ref` refers to a request body, and is read as a response of its content"
                }
                _ => "`$ref` refers to a response, and is read as a request body of its content",
            };
            Some(Meant::Content(content.clone(), told))
        }
        (Kind::Schema, Kind::Parameter | Kind::Header | Kind::Response | Kind::RequestBody) => {
            let whole = root.find(&pointer)?;
            let content = || {
                let content = whole.get("content")?.as_map()?;
                let media_type = content.iter().find(|entry| entry.key.contains("json"))?;
                let at = child(&child(&pointer, "content"), &media_type.key);
                media_type.node.get("schema").map(|_| child(&at, "schema"))
            };
            let own = whole.get("schema").map(|_| child(&pointer, "schema"));
            own.or_else(content).map(Meant::Schema)
        }
        _ => None,
    }
}

fn replace(node: &mut Node, found: &BTreeMap<Mark, Meant>, problems: &mut Vec<Problem>) {
    match &mut node.content {
        Content::List(items) => {
            for item in items {
                replace(item, found, problems);
            }
        }
        Content::Map(entries) => {
            let is_one = |entry: &Entry| entry.key == "$ref" && found.contains_key(&entry.node.at);
            let Some(index) = entries.iter().position(is_one) else {
                for entry in entries {
                    replace(&mut entry.node, found, problems);
                }
                return;
            };
            let entry = &mut entries[index];
            let at = entry.node.at;
            let (message, hint) = match &found[&at] {
                Meant::Schema(pointer) => {
                    let schema = reference::to_pointer(pointer);
                    entry.node.content = Content::Text(schema.clone());
                    (
                        "`$ref` refers to no schema, and is read as the schema there",
                        format!("write `{schema}`"),
                    )
                }
                Meant::Body => {
                    let schema = entry.clone();
                    let within = |key: &str, entry: Entry| Entry {
                        key: key.to_owned(),
                        key_at: at,
                        node: Node::new(at, Content::Map(vec![entry])),
                    };
                    let media = within("application/json", within("schema", schema));
                    *entries = described(at, within("content", media));
                    (
                        "`$ref` refers to a schema, and is read as a body of JSON that it describes",
                        "put it below `content`".to_owned(),
                    )
                }
                Meant::Content(content, told) => {
                    *entries = described(at, content.clone());
                    (*told, "repeat the `content`".to_owned())
                }
            };
            problems.push(Problem::new(at, message).hint(hint).violation());
        }
        _ => {}
    }
}

/// What has `content`.
fn described(at: Mark, content: Entry) -> Vec<Entry> {
    let description = Entry {
        key: "description".to_owned(),
        key_at: at,
        node: Node::text(at, ""),
    };
    vec![description, content]
}
