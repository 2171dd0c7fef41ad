//! Bodies that are sequences of items: which media types these are, and a form of the document in which each says by
//! `itemSchema` alone what an item is.
//!
//! | Written | Read as |
//! |---|---|
//! | `itemSchema` | itself |
//! | `schema` of a list, without `itemSchema` | its `items`: OpenAPI 3.2 has the whole sequence as a list |
//! | any other `schema` that only JSON has | what an item is, with a warning; of events what their `data` is, unless it describes events |
//! | `schema` of text or bytes, or none | itself: no sequence that is looked into |
//!
//! An item of `text/event-stream` is an object with `data`, `event`, `id` and `retry`. What stands for another item is
//! what its `data` is, and `data` of text that says to be JSON, by `contentMediaType` and `contentSchema`, has the
//! schema of that JSON. How the text of `data` is read stands beside `itemSchema` as [`EVENT_DATA`].

use std::collections::HashSet;

use crate::document::Document;
use crate::kind::Kind;
use crate::node::{Content, Entry, Mark, Node};
use crate::pointer::segments;
use crate::problem::Problem;

/// Beside `itemSchema` of events: `text`, `json` or `either`. No document has it that was not put into this form.
pub const EVENT_DATA: &str = "x-event-data";

/// What an event has.
const FIELDS: [&str; 4] = ["data", "event", "id", "retry"];

/// How far references and choices are followed.
const MAX_STEPS: usize = 16;

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
        events(root, medium, given, problems);
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
        _ if !is_structure(root, target, 0) => return false,
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

/// Whether only JSON has such values.
fn is_structure(root: &Node, node: &Node, depth: usize) -> bool {
    let (node, _) = followed(root, node);
    if depth > MAX_STEPS {
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
    of_type || choices.any(|choice| is_structure(root, choice, depth + 1))
}

/// What the text of `data` is.
#[derive(Default, Clone, Copy)]
struct Data {
    text: bool,
    json: bool,
}

/// Gives the items of events their form.
fn events(root: &mut Node, medium: &mut Node, given: bool, problems: &mut Vec<Problem>) {
    let Some(entry) = medium.entry("itemSchema") else {
        return;
    };
    let (at, key_at) = (entry.node.at, entry.key_at);
    let mut item = entry.node.clone();
    let mut data = Data::default();
    if is_event(root, &item, !given, 0) {
        let mut seen = HashSet::new();
        settle(root, &mut item, &mut data, &mut seen, 0);
    } else {
        let message = match given {
            true => {
                "an item of events is an object of `data`, `event`, `id` and `retry`: this is read as its `data`"
            }
            false => {
                "`schema` describes all of a sequence: this one is read as that of the `data` of an event"
            }
        };
        let hint = "write `itemSchema`: an object with the property `data`";
        problems.push(Problem::new(key_at, message).hint(hint).warning());
        settle_data(root, &mut item, &mut data, 0);
        item = wrapped(at, item);
    }
    let name = match (data.json, data.text) {
        (true, true) => "either",
        (true, false) => "json",
        _ => "text",
    };
    if let Some(entries) = medium.as_map_mut() {
        for entry in entries.iter_mut().filter(|it| it.key == "itemSchema") {
            entry.node = item.clone();
        }
        entries.retain(|entry| entry.key != EVENT_DATA);
        entries.push(entry_of(at, EVENT_DATA, Node::text(at, name)));
    }
}

fn list<'n>(node: &'n Node, word: &str) -> &'n [Node] {
    match node.get(word).map(|it| &it.content) {
        Some(Content::List(items)) => items,
        _ => &[],
    }
}

/// Whether a schema is one of events: all that it lists is what they have. `sure`: `data` is part of it, since it was
/// not said to be one.
fn is_event(root: &Node, node: &Node, sure: bool, depth: usize) -> bool {
    let (node, _) = followed(root, node);
    if depth > MAX_STEPS {
        return false;
    }
    let properties = node
        .get("properties")
        .and_then(Node::as_map)
        .unwrap_or_default();
    let known = |entry: &Entry| FIELDS.contains(&entry.key.as_str());
    if !properties.iter().all(known) {
        return false;
    }
    let has_data = properties.iter().any(|entry| entry.key == "data");
    let all_of = list(node, "allOf");
    let choices = || list(node, "oneOf").iter().chain(list(node, "anyOf"));
    let has = has_data || (!sure && !properties.is_empty());
    if has {
        return all_of.iter().all(|part| is_part(root, part, depth));
    }
    if !all_of.is_empty() {
        return all_of
            .iter()
            .any(|part| is_event(root, part, sure, depth + 1))
            && all_of.iter().all(|part| is_part(root, part, depth));
    }
    choices().next().is_some() && choices().all(|one| is_event(root, one, sure, depth + 1))
}

/// Whether a schema can stand beside one of events.
fn is_part(root: &Node, node: &Node, depth: usize) -> bool {
    let (target, _) = followed(root, node);
    target.get("properties").is_none() || is_event(root, node, false, depth + 1)
}

/// Gives `data` of an event, wherever its schema lists it, the schema of its JSON.
fn settle(
    root: &mut Node,
    node: &mut Node,
    data: &mut Data,
    seen: &mut HashSet<Vec<String>>,
    depth: usize,
) {
    if depth > MAX_STEPS {
        return;
    }
    if let (_, Some(place)) = followed(root, node) {
        if seen.insert(place.clone())
            && let Some(mut target) = at(root, &place).map(|node| node.clone())
        {
            settle(root, &mut target, data, seen, depth + 1);
            if let Some(node) = at(root, &place) {
                *node = target;
            }
        }
        return;
    }
    hand_down(node);
    if let Some(property) = node.get_mut("properties").and_then(|it| it.get_mut("data")) {
        let mut schema = property.clone();
        settle_data(root, &mut schema, data, depth + 1);
        *property = schema;
    }
    for word in ["allOf", "oneOf", "anyOf"] {
        if let Some(Content::List(parts)) = node.get_mut(word).map(|it| &mut it.content) {
            for part in parts {
                settle(root, part, data, seen, depth + 1);
            }
        }
    }
}

/// Whether a schema says that its text is JSON, and which.
fn is_coded(data: &Node) -> bool {
    data.get("contentSchema").is_some()
}

/// Where `data` is text that is JSON in some choices, it is no text for these: each choice has its own then, instead of
/// all of them.
fn hand_down(node: &mut Node) {
    let data_of = |node: &Node| {
        node.get("properties")
            .and_then(|it| it.get("data"))
            .cloned()
    };
    let Some(shared) = data_of(node).filter(|it| is_text(it) && !is_coded(it)) else {
        return;
    };
    let mut handed = false;
    for word in ["oneOf", "anyOf"] {
        if !list(node, word)
            .iter()
            .any(|it| data_of(it).is_some_and(|data| is_coded(&data)))
        {
            continue;
        }
        let Some(Content::List(choices)) = node.get_mut(word).map(|it| &mut it.content) else {
            continue;
        };
        for choice in choices.iter_mut().filter(|it| it.get("$ref").is_none()) {
            let at = choice.at;
            match choice.get_mut("properties").and_then(Node::as_map_mut) {
                None => {
                    let properties = map(at, vec![("data", shared.clone())]);
                    if let Some(words) = choice.as_map_mut() {
                        words.push(entry_of(at, "properties", properties));
                    }
                }
                Some(properties) => match properties.iter_mut().find(|it| it.key == "data") {
                    None => properties.push(entry_of(at, "data", shared.clone())),
                    Some(own) if is_coded(&own.node) => {}
                    Some(own) => {
                        let all_of =
                            Node::new(at, Content::List(vec![shared.clone(), own.node.clone()]));
                        own.node = map(
                            at,
                            vec![("type", Node::text(at, "string")), ("allOf", all_of)],
                        );
                    }
                },
            }
        }
        handed = true;
    }
    if let (true, Some(properties)) = (
        handed,
        node.get_mut("properties").and_then(Node::as_map_mut),
    ) {
        properties.retain(|entry| entry.key != "data");
    }
}

/// Gives a schema of `data` that of its JSON, and notes what its text is.
fn settle_data(root: &Node, node: &mut Node, data: &mut Data, depth: usize) {
    let (target, place) = followed(root, node);
    let media_type = target
        .get("contentMediaType")
        .and_then(Node::as_str)
        .map(essence);
    let is_json = media_type.is_none_or(|it| it == "application/json" || it.ends_with("+json"));
    if let (true, Some(schema)) = (is_json, target.get("contentSchema")) {
        data.json = true;
        *node = schema.clone();
        return;
    }
    let word = ["oneOf", "anyOf"]
        .into_iter()
        .find(|word| !list(target, word).is_empty());
    if let (Some(word), true, true) = (word, depth < MAX_STEPS, target.get("type").is_none()) {
        let mut within = target.clone();
        let mut found = Data::default();
        if let Some(Content::List(choices)) = within.get_mut(word).map(|it| &mut it.content) {
            for choice in choices {
                settle_data(root, choice, &mut found, depth + 1);
            }
        }
        data.text |= found.text;
        data.json |= found.json;
        // A component keeps its name unless something in it is another.
        if place.is_none() {
            *node = within;
        }
        return;
    }
    match is_text(target) {
        true => data.text = true,
        false => data.json = true,
    }
}

/// Whether values of a schema are text, as far as it says.
fn is_text(node: &Node) -> bool {
    let is_string = |node: &Node| matches!(node.content, Content::Text(_));
    match node.get("type").map(|it| &it.content) {
        Some(Content::Text(name)) => name == "string",
        Some(Content::List(names)) => {
            let mut names = names.iter().filter_map(Node::as_str);
            names.all(|name| matches!(name, "string" | "null"))
        }
        _ => {
            let values = list(node, "enum");
            let words = ["minLength", "maxLength", "pattern", "format"];
            let speaks = [
                "properties",
                "items",
                "allOf",
                "additionalProperties",
                "minimum",
            ];
            node.get("const").is_some_and(is_string)
                || (!values.is_empty() && values.iter().all(is_string))
                || words.iter().any(|word| node.get(word).is_some())
                || (node.as_map().is_some()
                    && node.get("const").is_none()
                    && values.is_empty()
                    && !speaks.iter().any(|word| node.get(word).is_some()))
        }
    }
}

fn entry_of(at: Mark, key: &str, node: Node) -> Entry {
    Entry {
        key: key.to_owned(),
        key_at: at,
        node,
    }
}

fn map(at: Mark, entries: Vec<(&str, Node)>) -> Node {
    let entries = entries
        .into_iter()
        .map(|(key, node)| entry_of(at, key, node));
    Node::new(at, Content::Map(entries.collect()))
}

/// The event whose `data` is `item`.
fn wrapped(at: Mark, item: Node) -> Node {
    let of_type = |name: &str| map(at, vec![("type", Node::text(at, name))]);
    let least = Node::new(at, Content::Number(0.into()));
    let retry = map(
        at,
        vec![("type", Node::text(at, "integer")), ("minimum", least)],
    );
    let required = Node::new(at, Content::List(vec![Node::text(at, "data")]));
    let properties = map(
        at,
        vec![
            ("data", item),
            ("event", of_type("string")),
            ("id", of_type("string")),
            ("retry", retry),
        ],
    );
    map(
        at,
        vec![
            ("type", Node::text(at, "object")),
            ("required", required),
            ("properties", properties),
        ],
    )
}
