//! What events are: which schemas describe them, and what their `data` stands for.

use std::collections::HashSet;

use super::{Budget, EVENT_DATA, essence, followed, list};
use crate::node::{Content, Entry, Mark, Node};
use crate::problem::Problem;

/// What an event has.
const FIELDS: [&str; 4] = ["data", "event", "id", "retry"];

/// What the text of `data` is.
#[derive(Default, Clone, Copy)]
struct Data {
    text: bool,
    json: bool,
}

/// Gives the items of events their form.
pub(super) fn settle(root: &mut Node, medium: &mut Node, given: bool, problems: &mut Vec<Problem>) {
    let Some(entry) = medium.entry("itemSchema") else {
        return;
    };
    let (at, key_at) = (entry.node.at, entry.key_at);
    let mut item = entry.node.clone();
    let (mut data, budget) = (Data::default(), Budget::new());
    if is_event(root, &item, !given, &budget) {
        let mut seen = HashSet::new();
        settle_schema(root, &mut item, &mut data, &mut seen, &budget);
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
        settle_data(root, &mut item, &mut data, &budget);
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

/// Whether a schema is one of events: all that it lists is what they have. `sure`: `data` is part of it, since it was
/// not said to be one.
fn is_event(root: &Node, node: &Node, sure: bool, budget: &Budget) -> bool {
    let (node, _) = followed(root, node);
    if !budget.spend() {
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
        return all_of.iter().all(|part| is_part(root, part, budget));
    }
    if !all_of.is_empty() {
        return all_of.iter().any(|part| is_event(root, part, sure, budget))
            && all_of.iter().all(|part| is_part(root, part, budget));
    }
    choices().next().is_some() && choices().all(|one| is_event(root, one, sure, budget))
}

/// Whether a schema can stand beside one of events.
fn is_part(root: &Node, node: &Node, budget: &Budget) -> bool {
    let (target, _) = followed(root, node);
    target.get("properties").is_none() || is_event(root, node, false, budget)
}

/// Gives `data` of an event, wherever its schema lists it, the schema of its JSON.
fn settle_schema(
    root: &mut Node,
    node: &mut Node,
    data: &mut Data,
    seen: &mut HashSet<Vec<String>>,
    budget: &Budget,
) {
    if !budget.spend() {
        return;
    }
    if let (_, Some(place)) = followed(root, node) {
        if seen.insert(place.clone())
            && let Some(mut target) = super::at(root, &place).map(|node| node.clone())
        {
            settle_schema(root, &mut target, data, seen, budget);
            if let Some(node) = super::at(root, &place) {
                *node = target;
            }
        }
        return;
    }
    hand_down(node);
    if let Some(property) = node.get_mut("properties").and_then(|it| it.get_mut("data")) {
        let mut schema = property.clone();
        settle_data(root, &mut schema, data, budget);
        *property = schema;
    }
    for word in ["allOf", "oneOf", "anyOf"] {
        if let Some(Content::List(parts)) = node.get_mut(word).map(|it| &mut it.content) {
            for part in parts {
                settle_schema(root, part, data, seen, budget);
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
fn settle_data(root: &Node, node: &mut Node, data: &mut Data, budget: &Budget) {
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
    if let (Some(word), true, true) = (word, budget.spend(), target.get("type").is_none()) {
        let mut within = target.clone();
        let mut found = Data::default();
        if let Some(Content::List(choices)) = within.get_mut(word).map(|it| &mut it.content) {
            for choice in choices {
                settle_data(root, choice, &mut found, budget);
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
