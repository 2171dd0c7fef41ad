//! A tree of values that know where they stand.

use serde_json::{Map, Number, Value};

use crate::pointer::{index, segments};

/// Deepest nesting of a document. Real contracts stay below 40; walks over a tree recurse.
pub(crate) const MAX_DEPTH: usize = 128;

/// Where something stands: index of the file in the order of reading, line and column from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Mark {
    pub(crate) file: u32,
    pub(crate) line: u32,
    pub(crate) column: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Node {
    pub(crate) at: Mark,
    pub(crate) content: Content,
}

#[derive(Debug, Clone)]
pub(crate) enum Content {
    Null,
    Bool(bool),
    Number(Number),
    Text(String),
    List(Vec<Node>),
    Map(Vec<Entry>),
}

#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub(crate) key: String,
    pub(crate) key_at: Mark,
    pub(crate) node: Node,
}

impl Node {
    pub(crate) fn new(at: Mark, content: Content) -> Node {
        Node { at, content }
    }

    pub(crate) fn text(at: Mark, text: impl Into<String>) -> Node {
        Node::new(at, Content::Text(text.into()))
    }

    pub(crate) fn as_str(&self) -> Option<&str> {
        match &self.content {
            Content::Text(text) => Some(text),
            _ => None,
        }
    }

    pub(crate) fn as_map(&self) -> Option<&[Entry]> {
        match &self.content {
            Content::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn as_map_mut(&mut self) -> Option<&mut Vec<Entry>> {
        match &mut self.content {
            Content::Map(entries) => Some(entries),
            _ => None,
        }
    }

    pub(crate) fn entry(&self, key: &str) -> Option<&Entry> {
        self.as_map()?.iter().find(|entry| entry.key == key)
    }

    pub(crate) fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|entry| &entry.node)
    }

    pub(crate) fn get_mut(&mut self, key: &str) -> Option<&mut Node> {
        let entries = self.as_map_mut()?;
        let entry = entries.iter_mut().find(|entry| entry.key == key)?;
        Some(&mut entry.node)
    }

    /// The node at `pointer`.
    pub(crate) fn find(&self, pointer: &str) -> Option<&Node> {
        match self.follow(pointer) {
            (found, true) => Some(found.node),
            (_, false) => None,
        }
    }

    /// The node at `pointer` or its nearest ancestor, and whether it is the node itself.
    pub(crate) fn follow(&self, pointer: &str) -> (Found<'_>, bool) {
        let mut found = Found {
            node: self,
            key_at: None,
        };
        for segment in segments(pointer) {
            match found.node.step(&segment) {
                Some(next) => found = next,
                None => return (found, false),
            }
        }
        (found, pointer.is_empty() || pointer.starts_with('/'))
    }

    fn step(&self, segment: &str) -> Option<Found<'_>> {
        match &self.content {
            Content::Map(_) => self.entry(segment).map(|entry| Found {
                node: &entry.node,
                key_at: Some(entry.key_at),
            }),
            Content::List(items) => {
                let node = items.get(index(segment)?)?;
                Some(Found { node, key_at: None })
            }
            _ => None,
        }
    }

    /// The tree without its positions.
    pub(crate) fn to_value(&self) -> Value {
        match &self.content {
            Content::Null => Value::Null,
            Content::Bool(value) => Value::Bool(*value),
            Content::Number(value) => Value::Number(value.clone()),
            Content::Text(value) => Value::String(value.clone()),
            Content::List(items) => Value::Array(items.iter().map(Node::to_value).collect()),
            Content::Map(entries) => {
                let mut map = Map::with_capacity(entries.len());
                for entry in entries {
                    map.insert(entry.key.clone(), entry.node.to_value());
                }
                Value::Object(map)
            }
        }
    }

    /// Number of nodes and levels of the tree.
    pub(crate) fn extent(&self) -> (usize, usize) {
        let children = |nodes: &mut dyn Iterator<Item = &Node>| {
            nodes.fold((1, 1), |(count, depth), node| {
                let (inner_count, inner_depth) = node.extent();
                (count + inner_count, depth.max(inner_depth + 1))
            })
        };
        match &self.content {
            Content::List(items) => children(&mut items.iter()),
            Content::Map(entries) => children(&mut entries.iter().map(|entry| &entry.node)),
            _ => (1, 1),
        }
    }
}

/// A node that a pointer leads to, with its key if it is the entry of a map.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Found<'a> {
    pub(crate) node: &'a Node,
    pub(crate) key_at: Option<Mark>,
}
