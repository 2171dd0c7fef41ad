//! Reads YAML 1.2 into nodes.
//!
//! Keys are text as it is written (`200:` is `"200"`). Aliases are copied, `<<` merges maps (keys
//! that are spelled out win). Duplicate keys, further documents and tags outside the core schema
//! are refused.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use granit_parser::{ErrorKind, Event, Marker, Parser, ScalarStyle, Tag};

use crate::node::{Content, Entry, MAX_DEPTH, Mark, Node};
use crate::problem::Problem;
use crate::scalar;

/// Bound on what aliases copy, so that a small text cannot fill the memory.
const MAX_COPIED_NODES: usize = 1_000_000;

/// Reads the one document of `text`.
///
/// # Errors
/// What the scanner stumbles over, or every duplicate key and unknown tag.
pub(crate) fn read(file: u32, text: &str) -> Result<Node, Vec<Problem>> {
    let mut reader = Reader {
        file,
        frames: Vec::new(),
        anchors: HashMap::new(),
        copied: 0,
        root: None,
        documents: 0,
        lines: text.split('\n').collect(),
        problems: Vec::new(),
    };
    if let Err(problem) = reader.run(text) {
        reader.problems.push(problem);
    }
    match reader.root {
        Some(root) if reader.problems.is_empty() => Ok(root),
        _ => {
            if reader.problems.is_empty() {
                let start = Mark {
                    file,
                    line: 1,
                    column: 1,
                };
                reader
                    .problems
                    .push(Problem::new(start, "the file is empty"));
            }
            Err(reader.problems)
        }
    }
}

struct Reader<'a> {
    file: u32,
    frames: Vec<Frame>,
    anchors: HashMap<usize, Node>,
    copied: usize,
    root: Option<Node>,
    documents: usize,
    lines: Vec<&'a str>,
    problems: Vec<Problem>,
}

/// A list or map that is not complete yet.
struct Frame {
    at: Mark,
    anchor: usize,
    collection: Collection,
}

enum Collection {
    List(Vec<Node>),
    Map(OpenMap),
}

#[derive(Default)]
struct OpenMap {
    entries: Vec<Entry>,
    seen: HashSet<String>,
    /// Key whose value comes next.
    key: Option<Key>,
    /// Values of `<<`.
    merges: Vec<Node>,
}

struct Key {
    text: String,
    at: Mark,
    is_merge: bool,
}

impl Reader<'_> {
    fn run(&mut self, text: &str) -> Result<(), Problem> {
        let mut parser = Parser::new_from_str(text);
        while let Some(event) = parser.next_event() {
            let (event, span) =
                event.map_err(|error| match (self.mark(error.marker()), error.kind()) {
                    (at, ErrorKind::RecursionLimitExceeded) => too_deep(at),
                    (at, _) => Problem::new(at, error.info()),
                })?;
            let at = self.mark(&span.tag_start.unwrap_or(span.start));
            match event {
                Event::DocumentStart(..) => self.start_document(at)?,
                Event::Scalar(value, style, anchor, tag) => {
                    self.scalar(at, value, style, anchor, tag.as_deref())?;
                }
                Event::SequenceStart(_, anchor, tag) => {
                    let at = self.start_of_list(at);
                    self.check_tag(at, tag.as_deref(), "seq");
                    self.open(at, anchor, Collection::List(Vec::new()))?;
                }
                Event::MappingStart(_, anchor, tag) => {
                    self.check_tag(at, tag.as_deref(), "map");
                    self.open(at, anchor, Collection::Map(OpenMap::default()))?;
                }
                Event::SequenceEnd | Event::MappingEnd => self.close()?,
                Event::Alias(anchor) => self.alias(at, anchor)?,
                // Starts and ends of the stream; comments and the like are not asked for.
                _ => {}
            }
        }
        Ok(())
    }

    fn mark(&self, marker: &Marker) -> Mark {
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Mark {
            file: self.file,
            line: narrow(marker.line().max(1)),
            column: narrow(marker.col() + 1),
        }
    }

    /// A list whose dashes stand below the key of the list begins for the scanner after its first
    /// dash; that dash is in the column of the map.
    fn start_of_list(&self, at: Mark) -> Mark {
        let Some(Frame {
            at: Mark { column, .. },
            collection: Collection::Map(_),
            ..
        }) = self.frames.last()
        else {
            return at;
        };
        let line = self.lines.get(at.line as usize - 1).unwrap_or(&"");
        // Before the dash there is only indentation, so that characters are bytes.
        let rest = line
            .as_bytes()
            .get(*column as usize - 1..)
            .unwrap_or_default();
        match rest {
            [b'-'] | [b'-', b' ' | b'\t' | b'\r', ..] => Mark {
                column: *column,
                ..at
            },
            _ => at,
        }
    }

    fn start_document(&mut self, at: Mark) -> Result<(), Problem> {
        self.documents += 1;
        if self.documents > 1 {
            return Err(Problem::new(at, "a second YAML document begins here")
                .hint("keep one document per file"));
        }
        Ok(())
    }

    fn scalar(
        &mut self,
        at: Mark,
        value: Cow<'_, str>,
        style: ScalarStyle,
        anchor: usize,
        tag: Option<&Tag>,
    ) -> Result<(), Problem> {
        let plain = style == ScalarStyle::Plain;
        if let Some(map) = self.awaiting_key() {
            let is_merge = plain && value == "<<";
            map.key = Some(Key {
                text: value.clone().into_owned(),
                at,
                is_merge,
            });
            if anchor > 0 {
                self.anchors.insert(anchor, Node::text(at, value));
            }
            return Ok(());
        }
        let content = match tag {
            None if plain => scalar::plain(&value),
            None => Ok(Content::Text(value.into_owned())),
            Some(tag) => self.tagged(at, &value, tag),
        };
        let content = content.unwrap_or_else(|message| {
            self.problems.push(Problem::new(at, message));
            Content::Null
        });
        self.value(Node::new(at, content), anchor)
    }

    /// A scalar with a tag: the tag decides, whatever the quotes.
    fn tagged(&mut self, at: Mark, value: &str, tag: &Tag) -> Result<Content, String> {
        let is_text = tag.handle().is_empty() && tag.suffix() == "!";
        if !(is_text || tag.is_yaml_core_schema()) {
            self.unknown_tag(at, tag);
            return Ok(Content::Null);
        }
        let content = match tag.suffix() {
            "str" | "!" => return Ok(Content::Text(value.to_owned())),
            _ => scalar::plain(value)?,
        };
        match (tag.suffix(), content) {
            ("null", Content::Null) => Ok(Content::Null),
            ("bool", Content::Bool(value)) => Ok(Content::Bool(value)),
            ("int", Content::Number(number)) if !number.is_f64() => Ok(Content::Number(number)),
            ("float", Content::Number(number)) => Ok(Content::Number(
                number
                    .as_f64()
                    .and_then(serde_json::Number::from_f64)
                    .unwrap_or(number),
            )),
            ("null" | "bool" | "int" | "float", _) => {
                Err(format!("`{value}` is not a value of `!!{}`", tag.suffix()))
            }
            _ => {
                self.unknown_tag(at, tag);
                Ok(Content::Null)
            }
        }
    }

    fn check_tag(&mut self, at: Mark, tag: Option<&Tag>, expected: &str) {
        if let Some(tag) = tag
            && !tag.is_yaml_core_schema_tag(expected)
        {
            self.unknown_tag(at, tag);
        }
    }

    fn unknown_tag(&mut self, at: Mark, tag: &Tag) {
        self.problems.push(
            Problem::new(
                at,
                format!("the YAML tag `{tag}` has no meaning in a contract"),
            )
            .hint("remove the tag"),
        );
    }

    fn alias(&mut self, at: Mark, anchor: usize) -> Result<(), Problem> {
        if self.awaiting_key().is_some() {
            return Err(Problem::new(at, "an alias cannot be a key here").hint("write the key out"));
        }
        let Some(target) = self.anchors.get(&anchor) else {
            return Err(Problem::new(
                at,
                "the alias stands inside the node it refers to",
            ));
        };
        let (count, depth) = target.extent();
        self.copied += count;
        if self.copied > MAX_COPIED_NODES {
            let message = format!("aliases copy more than {MAX_COPIED_NODES} nodes");
            return Err(Problem::new(at, message));
        }
        if self.frames.len() + depth > MAX_DEPTH {
            return Err(too_deep(at));
        }
        let node = Node {
            at,
            ..target.clone()
        };
        self.value(node, 0)
    }

    /// The innermost map, if its next node is a key.
    fn awaiting_key(&mut self) -> Option<&mut OpenMap> {
        match self.frames.last_mut() {
            Some(Frame {
                collection: Collection::Map(map),
                ..
            }) if map.key.is_none() => Some(map),
            _ => None,
        }
    }

    fn open(&mut self, at: Mark, anchor: usize, collection: Collection) -> Result<(), Problem> {
        if self.awaiting_key().is_some() {
            return Err(Problem::new(at, "a key must be text, not a list or map")
                .hint("quote the key if it begins with a bracket or brace"));
        }
        if self.frames.len() >= MAX_DEPTH {
            return Err(too_deep(at));
        }
        self.frames.push(Frame {
            at,
            anchor,
            collection,
        });
        Ok(())
    }

    fn close(&mut self) -> Result<(), Problem> {
        let Some(frame) = self.frames.pop() else {
            return Ok(());
        };
        let content = match frame.collection {
            Collection::List(items) => Content::List(items),
            Collection::Map(map) => Content::Map(self.merge(map)),
        };
        self.value(Node::new(frame.at, content), frame.anchor)
    }

    fn value(&mut self, node: Node, anchor: usize) -> Result<(), Problem> {
        if anchor > 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let Some(frame) = self.frames.last_mut() else {
            self.root = Some(node);
            return Ok(());
        };
        match &mut frame.collection {
            Collection::List(items) => items.push(node),
            Collection::Map(map) => {
                let Some(key) = map.key.take() else {
                    return Ok(());
                };
                if key.is_merge {
                    map.merges.push(node);
                } else if map.seen.insert(key.text.clone()) {
                    map.entries.push(Entry {
                        key: key.text,
                        key_at: key.at,
                        node,
                    });
                } else {
                    let first = map.entries.iter().find(|entry| entry.key == key.text);
                    let problem = Problem::new(key.at, format!("duplicate key `{}`", key.text));
                    self.problems.push(match first {
                        Some(entry) => problem.also("it stands first at", entry.key_at),
                        None => problem,
                    });
                }
            }
        }
        Ok(())
    }

    /// The entries of a complete map, with those that `<<` brings; earlier ones win.
    fn merge(&mut self, map: OpenMap) -> Vec<Entry> {
        let OpenMap {
            mut entries,
            mut seen,
            merges,
            ..
        } = map;
        for merge in merges {
            let at = merge.at;
            let maps = match merge.content {
                Content::List(items) => items,
                content => vec![Node::new(at, content)],
            };
            for node in maps {
                let Content::Map(merged) = node.content else {
                    self.problems.push(
                        Problem::new(node.at, "`<<` takes a map or a list of maps")
                            .hint("quote the key if `<<` is meant as a name"),
                    );
                    continue;
                };
                for entry in merged {
                    if seen.insert(entry.key.clone()) {
                        entries.push(entry);
                    }
                }
            }
        }
        entries
    }
}

fn too_deep(at: Mark) -> Problem {
    Problem::new(at, format!("nodes nest deeper than {MAX_DEPTH} levels"))
}
