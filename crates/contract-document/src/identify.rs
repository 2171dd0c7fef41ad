//! Names of schemas other than their places: `$id`, `$anchor` and `$dynamicAnchor`.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::node::{Content, Node};
use crate::pointer::{child, segments};
use crate::uri;

/// A place in one of the files.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Target {
    pub(crate) file: u32,
    pub(crate) pointer: String,
}

impl Target {
    pub(crate) fn child(&self, key: &str) -> Target {
        Target {
            file: self.file,
            pointer: child(&self.pointer, key),
        }
    }
}

/// What is called how, in all files that were read.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// By URI: what has that `$id`.
    resources: HashMap<String, Target>,
    /// By what has an `$id`, or the whole of a file, and an anchor in it.
    anchors: HashMap<(Target, String), String>,
}

/// Words whose values are data.
const DATA: [&str; 5] = ["const", "enum", "default", "example", "examples"];

/// Words whose values have names for keys.
const NAMED: [&str; 5] = [
    "properties",
    "patternProperties",
    "$defs",
    "definitions",
    "dependentSchemas",
];

/// The URI that stands for a file where no `$id` does.
pub(crate) fn of_file(file: u32, name: &str) -> String {
    format!("contract:/{file}/{name}")
}

/// The `$id` of `node`, if it is one that names a resource.
pub(crate) fn id_of(node: &Node) -> Option<&str> {
    let id = node.get("$id")?.as_str()?;
    let id = id.strip_suffix('#').unwrap_or(id);
    (!id.is_empty() && !id.contains('#')).then_some(id)
}

impl Names {
    /// Enters what `tree`, the content of `file`, gives names to.
    pub(crate) fn enter(&mut self, file: u32, name: &str, tree: &Node) {
        let whole = Target {
            file,
            pointer: String::new(),
        };
        self.walk(tree, &whole, &of_file(file, name), &mut Vec::new());
    }

    /// What has the `$id` that `uri` is.
    pub(crate) fn resource(&self, uri: &str) -> Option<&Target> {
        self.resources.get(uri)
    }

    /// Where `anchor` stands in `resource`.
    pub(crate) fn anchor(&self, resource: &Target, anchor: &str) -> Option<Target> {
        let pointer = self.anchors.get(&(resource.clone(), anchor.to_owned()))?;
        Some(Target {
            file: resource.file,
            pointer: pointer.clone(),
        })
    }

    fn walk<'n>(
        &mut self,
        node: &'n Node,
        resource: &Target,
        base: &str,
        path: &mut Vec<Cow<'n, str>>,
    ) {
        let entries = match &node.content {
            Content::Map(entries) => entries,
            Content::List(items) => {
                for (index, item) in items.iter().enumerate() {
                    path.push(Cow::Owned(index.to_string()));
                    self.walk(item, resource, base, path);
                    path.pop();
                }
                return;
            }
            _ => return,
        };
        let mut resource = resource.clone();
        let mut base = base.to_owned();
        if let Some(id) = id_of(node) {
            base = uri::resolve(&base, id);
            resource.pointer = crate::pointer::pointer(&*path);
            self.resources
                .entry(base.clone())
                .or_insert_with(|| resource.clone());
        }
        for word in ["$anchor", "$dynamicAnchor"] {
            if let Some(anchor) = node.get(word).and_then(Node::as_str) {
                let key = (resource.clone(), anchor.to_owned());
                self.anchors
                    .entry(key)
                    .or_insert_with(|| crate::pointer::pointer(&*path));
            }
        }
        for entry in entries {
            let key = entry.key.as_str();
            if DATA.contains(&key) || key.starts_with("x-") {
                continue;
            }
            path.push(Cow::Borrowed(key));
            match entry.node.as_map() {
                Some(named) if NAMED.contains(&key) => {
                    for entry in named {
                        path.push(Cow::Borrowed(&entry.key));
                        self.walk(&entry.node, &resource, &base, path);
                        path.pop();
                    }
                }
                _ => self.walk(&entry.node, &resource, &base, path),
            }
            path.pop();
        }
    }
}

/// The outermost part of `tree` on the way to `pointer` that has an `$id`.
pub(crate) fn outermost(tree: &Node, pointer: &str) -> Option<String> {
    let mut node = tree;
    let mut way = String::new();
    for segment in segments(pointer) {
        if id_of(node).is_some() {
            return Some(way);
        }
        way = child(&way, &segment);
        node = node.find(&child("", &segment))?;
    }
    id_of(node).map(|_| way)
}
