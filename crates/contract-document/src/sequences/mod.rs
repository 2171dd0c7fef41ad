//! Bodies that are sequences of items: which media types these are, and a form of the document in which each says by
//! `itemSchema` alone what an item is.
//!
//! | Written | Read as |
//! |---|---|
//! | `itemSchema` | itself |
//! | `schema` of a list, without `itemSchema` | its `items`: OpenAPI 3.2 has the whole sequence as a list |
//! | other `schema` that only JSON has | an item, with a warning; or `data` of events that it does not describe |
//! | `schema` of text or bytes, or none | itself: no sequence that is looked into |
//!
//! An item of `text/event-stream` is an object with `data`, `event`, `id` and `retry`. What stands for another item is
//! what its `data` is, and `data` of text that says to be JSON, by `contentMediaType` and `contentSchema`, has the
//! schema of that JSON, also in other places that refer to the component which describes the event. How the text of
//! `data` is read stands beside `itemSchema` as [`EVENT_DATA`].

mod events;

use std::cell::Cell;

use crate::document::Document;
use crate::kind::Kind;
use crate::node::{Content, Node};
use crate::pointer::segments;
use crate::problem::Problem;

/// Beside `itemSchema` of events: `text`, `json` or `either`. No document has it that was not put into this form.
pub const EVENT_DATA: &str = "x-event-data";

/// How many references are followed one after the other, and how many schemas are looked at for one medium: real ones
/// stay far below.
const MAX_STEPS: usize = 16;
const MAX_SCHEMAS: usize = 1_000;

/// The kinds of sequences.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sequence {
    /// JSON in lines.
    Lines,
    /// JSON behind record separators.
    Records,
    /// Server-sent events.
    Events,
    /// The parts of a `multipart` that is no form.
    Parts,
}

impl Sequence {
    /// What `media_type`, in lower case and without parameters, is a sequence of.
    pub fn of(media_type: &str) -> Option<Sequence> {
        let (main, sub) = media_type.split_once('/')?;
        if main == "multipart" {
            return (sub != "form-data" && !sub.contains('*')).then_some(Sequence::Parts);
        }
        if media_type == "text/event-stream" {
            return Some(Sequence::Events);
        }
        let name = sub.rsplit_once('+').map_or(sub, |(_, suffix)| suffix);
        match name.strip_prefix("x-").unwrap_or(name) {
            "jsonl" | "ndjson" | "jsonlines" => Some(Sequence::Lines),
            "json-seq" => Some(Sequence::Records),
            _ => None,
        }
    }
}

impl Document {
    /// The document in the form that the head of this module tells of; `None` where it has that form already, having
    /// no sequences. What is read in another way than it is written is a problem of it.
    pub fn in_items(&self) -> Option<Document> {
        let mut places = Vec::new();
        find(&self.tree, Kind::Document, &mut Vec::new(), &mut places);
        if places.is_empty() {
            return None;
        }
        let mut document = self.clone();
        let mut problems = Vec::new();
        let older = ["3.0.", "3.1."]
            .iter()
            .any(|it| self.version().starts_with(it));
        for place in places {
            let Some(found) = at(&mut document.tree, &place).map(|node| node.clone()) else {
                continue;
            };
            // One of `components` that others share is read for each of them.
            let mut medium = followed(&document.tree, &found).0.clone();
            let Some(kind) = place.last().and_then(|key| Sequence::of(&essence(key))) else {
                continue;
            };
            if let (true, Some(entry)) = (older, medium.entry("itemSchema")) {
                let message = "`itemSchema` is a word of OpenAPI 3.2, and read as there";
                let hint = "write `openapi: 3.2.0`";
                problems.push(Problem::new(entry.key_at, message).hint(hint).warning());
            }
            if normalize(&mut document.tree, &mut medium, kind, &mut problems)
                && let Some(node) = at(&mut document.tree, &place)
            {
                *node = medium;
            }
        }
        let found = problems.into_iter().map(|one| one.locate(&document.texts));
        document.problems.extend(found.collect::<Vec<_>>());
        document.refresh();
        Some(document)
    }
}

fn essence(key: &str) -> String {
    let name = key.split(';').next().unwrap_or_default();
    name.trim().to_ascii_lowercase()
}

/// The ways to media types of sequences.
fn find(node: &Node, kind: Kind, way: &mut Vec<String>, found: &mut Vec<Vec<String>>) {
    if kind == Kind::Opaque || kind == Kind::Schema {
        return;
    }
    for entry in node.as_map().unwrap_or_default() {
        let below = kind.child(&entry.key);
        way.push(entry.key.clone());
        if kind == Kind::MediaTypes && Sequence::of(&essence(&entry.key)).is_some() {
            found.push(way.clone());
        }
        find(&entry.node, below, way, found);
        way.pop();
    }
    if let Content::List(items) = &node.content {
        for (index, item) in items.iter().enumerate() {
            way.push(index.to_string());
            find(item, kind.child(""), way, found);
            way.pop();
        }
    }
}

fn at<'n>(root: &'n mut Node, way: &[String]) -> Option<&'n mut Node> {
    way.iter()
        .try_fold(root, |node, step| match &mut node.content {
            Content::List(items) => items.get_mut(step.parse::<usize>().ok()?),
            Content::Map(entries) => {
                let found = entries.iter_mut().find(|entry| entry.key == *step);
                found.map(|entry| &mut entry.node)
            }
            _ => None,
        })
}

/// Gives `medium` its form, and whether that is another one.
fn normalize(
    root: &mut Node,
    medium: &mut Node,
    kind: Sequence,
    problems: &mut Vec<Problem>,
) -> bool {
    let given = medium.get("itemSchema").is_some();
    if !given && !from_schema(root, medium, kind, problems) {
        return false;
    }
    if kind == Sequence::Events {
        events::settle(root, medium, given, problems);
    }
    true
}

/// Makes `itemSchema` of `schema`.
fn from_schema(
    root: &Node,
    medium: &mut Node,
    kind: Sequence,
    problems: &mut Vec<Problem>,
) -> bool {
    let Some(entry) = medium.entry("schema").cloned() else {
        return false;
    };
    if kind == Sequence::Parts {
        return false;
    }
    let (target, _) = followed(root, &entry.node);
    let is_list = |node: &Node| node.get("type").and_then(Node::as_str) == Some("array");
    let item = match target.get("items") {
        Some(items) if is_list(target) && target.get("prefixItems").is_none() => items.clone(),
        _ if !is_structure(root, target, &Budget::new()) => return false,
        _ => {
            let message =
                "`schema` describes all of a sequence: this one is read as that of an item";
            if kind != Sequence::Events {
                let hint = "write `itemSchema`, or a list";
                problems.push(Problem::new(entry.key_at, message).hint(hint).warning());
            }
            entry.node
        }
    };
    if let Some(entries) = medium.as_map_mut() {
        for entry in entries.iter_mut().filter(|it| it.key == "schema") {
            entry.key = "itemSchema".to_owned();
            entry.node = item.clone();
        }
    }
    true
}

/// What `node` refers to, and where that stands.
fn followed<'n>(root: &'n Node, node: &'n Node) -> (&'n Node, Option<Vec<String>>) {
    let (mut node, mut place) = (node, None);
    for _ in 0..MAX_STEPS {
        let reference = node.get("$ref").and_then(Node::as_str);
        let Some(pointer) = reference.and_then(|it| it.strip_prefix('#')) else {
            break;
        };
        let Some(target) = root.find(pointer) else {
            break;
        };
        let steps = segments(pointer);
        place = Some(steps.map(|step| step.into_owned()).collect());
        node = target;
    }
    (node, place)
}

/// What is left of [`MAX_SCHEMAS`]: schemas may contain themselves, several times over.
struct Budget(Cell<usize>);

impl Budget {
    fn new() -> Budget {
        Budget(Cell::new(MAX_SCHEMAS))
    }

    /// Whether another one may be looked at.
    fn spend(&self) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(1));
        left > 0
    }
}

/// Whether only JSON has such values.
fn is_structure(root: &Node, node: &Node, budget: &Budget) -> bool {
    let (node, _) = followed(root, node);
    if !budget.spend() {
        return false;
    }
    let words = [
        "properties",
        "additionalProperties",
        "items",
        "patternProperties",
    ];
    let of_type = match node.get("type").map(|it| &it.content) {
        Some(Content::Text(name)) => matches!(name.as_str(), "object" | "array"),
        Some(Content::List(names)) => {
            let mut names = names.iter().filter_map(Node::as_str);
            names.any(|name| matches!(name, "object" | "array"))
        }
        _ => words.iter().any(|word| node.get(word).is_some()),
    };
    let choices = ["allOf", "anyOf", "oneOf"]
        .iter()
        .filter_map(|word| node.get(word));
    let mut choices = choices.flat_map(|list| match &list.content {
        Content::List(items) => items.as_slice(),
        _ => &[],
    });
    of_type || choices.any(|choice| is_structure(root, choice, budget))
}

/// The schemas that are listed under `word`.
fn list<'n>(node: &'n Node, word: &str) -> &'n [Node] {
    match node.get(word).map(|it| &it.content) {
        Some(Content::List(items)) => items,
        _ => &[],
    }
}
