//! References that lead nowhere, or only back to themselves: what would be there is not known, and whatever it may be
//! is read. Where nothing can be said without it, such as for a parameter, the reference stays, and is refused.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::check;
use crate::kind::Kind;
use crate::node::{Content, Entry, Mark, Node};
use crate::pointer::child;
use crate::problem::Problem;
use crate::reference;

/// Where references stand that are left out.
type Found = BTreeSet<Mark>;

/// Leaves such references out, and values of a `mapping` that lead nowhere. They are warned of; those at `known`
/// were.
pub(crate) fn leave_out(root: &mut Node, mut known: Found, problems: &mut Vec<Problem>) {
    let mut nowhere = BTreeMap::new();
    find(root, root, Kind::Document, &mut nowhere);
    known.extend(nowhere.keys());
    problems.extend(nowhere.into_values());
    remove_all(root, &known);
    let circles = circles(root);
    remove_all(root, &circles.keys().copied().collect());
    problems.extend(circles.into_values());
}

fn remove_all(root: &mut Node, found: &Found) {
    if !found.is_empty() {
        remove(root, Kind::Document, found);
    }
}

/// How a reference that leads nowhere is read where `kind` belongs; none where it cannot be.
pub(crate) fn reading(kind: Kind) -> Option<&'static str> {
    Some(match kind {
        Kind::Schema | Kind::MediaType => "is read as any value",
        Kind::Response | Kind::RequestBody => "is read as bytes of any media type",
        Kind::Header => "is read as text",
        Kind::SecurityScheme => "is read as a bearer token",
        Kind::Example | Kind::Link | Kind::Callback => "is left out",
        _ => return None,
    })
}

/// As [`reading`], if the entry of a `kind` is a reference.
fn reading_of(entry: &Entry, kind: Kind) -> Option<&'static str> {
    let is_dynamic = kind == Kind::Schema && entry.key == "$dynamicRef";
    reading(kind).filter(|_| entry.key == "$ref" || is_dynamic)
}

/// What to say of a reference to what is not there, in place of a `kind`.
pub(crate) fn told(at: Mark, text: &str, kind: Kind) -> Problem {
    let message = format!("`{text}` does not exist");
    let problem = Problem::new(at, message);
    match reading(kind) {
        Some(reading) => problem.read_as(reading).violation(),
        None => problem,
    }
}

/// What stands in place of a `$ref` at `at` that is left out.
fn stand_in(kind: Kind, at: Mark) -> Vec<Entry> {
    let entry = |key: &str, content| Entry {
        key: key.to_owned(),
        key_at: at,
        node: Node::new(at, content),
    };
    let text = |key: &str, value: &str| entry(key, Content::Text(value.to_owned()));
    let any = || entry("*/*", Content::Map(Vec::new()));
    match kind {
        Kind::Response => vec![
            text("description", ""),
            entry("content", Content::Map(vec![any()])),
        ],
        Kind::RequestBody => vec![entry("content", Content::Map(vec![any()]))],
        Kind::Header => {
            let schema = Content::Map(vec![text("type", "string")]);
            vec![entry("schema", schema)]
        }
        Kind::SecurityScheme => vec![text("type", "http"), text("scheme", "bearer")],
        _ => Vec::new(),
    }
}

/// Finds those that lead nowhere, by where their text stands.
fn find(root: &Node, node: &Node, kind: Kind, found: &mut BTreeMap<Mark, Problem>) {
    match &node.content {
        _ if kind == Kind::Opaque => {}
        Content::List(items) => {
            for item in items {
                find(root, item, kind.child(""), found);
            }
        }
        Content::Map(entries) if kind == Kind::Discriminator => {
            let mapping = entries.iter().find(|entry| entry.key == "mapping");
            let values = mapping.and_then(|mapping| mapping.node.as_map());
            for entry in values.unwrap_or_default() {
                let missing =
                    nowhere(root, &entry.node).or_else(|| no_component(root, &entry.node));
                if let Some(Nowhere { message, pointer }) = missing {
                    let message = format!("{message}: the value `{}` is left out", entry.key);
                    let problem = Problem::new(entry.node.at, message).violation();
                    let problem = with_advice(problem, root, pointer);
                    found.insert(entry.node.at, problem);
                }
            }
        }
        Content::Map(entries) => {
            for entry in entries {
                if let Some(reading) = reading_of(entry, kind)
                    && let Some(Nowhere { message, pointer }) = nowhere(root, &entry.node)
                {
                    let problem = Problem::new(entry.node.at, message).read_as(reading);
                    let problem = with_advice(problem.violation(), root, pointer);
                    found.insert(entry.node.at, problem);
                } else {
                    find(root, &entry.node, kind.child(&entry.key), found);
                }
            }
        }
        _ => {}
    }
}

fn remove(node: &mut Node, kind: Kind, found: &Found) {
    match &mut node.content {
        _ if kind == Kind::Opaque => {}
        Content::List(items) => {
            for item in items {
                remove(item, kind.child(""), found);
            }
        }
        Content::Map(entries) if kind == Kind::Discriminator => {
            let mapping = entries.iter_mut().find(|entry| entry.key == "mapping");
            if let Some(mapping) = mapping.and_then(|mapping| mapping.node.as_map_mut()) {
                mapping.retain(|entry| !found.contains(&entry.node.at));
            }
        }
        Content::Map(entries) => {
            let mut left_out = None;
            entries.retain(|entry| {
                let at = entry.node.at;
                let is_one = reading_of(entry, kind).is_some() && found.contains(&at);
                left_out = left_out.or(is_one.then_some(at));
                !is_one
            });
            for field in left_out.map_or_else(Vec::new, |at| stand_in(kind, at)) {
                // A `description` beside the reference stays.
                if entries.iter().all(|entry| entry.key != field.key) {
                    entries.push(field);
                }
            }
            for entry in entries {
                remove(&mut entry.node, kind.child(&entry.key), found);
            }
        }
        _ => {}
    }
}

/// What is said of a reference that leads nowhere, and the pointer that it is, if it is one.
struct Nowhere {
    message: String,
    pointer: Option<String>,
}

/// Whether a reference in the document is to what is not in it.
fn nowhere(root: &Node, reference: &Node) -> Option<Nowhere> {
    let text = reference.as_str().filter(|text| text.starts_with('#'))?;
    match reference::pointer(text) {
        Ok(pointer) => root.find(&pointer).is_none().then(|| Nowhere {
            message: format!("`{text}` does not exist"),
            pointer: Some(pointer),
        }),
        Err((message, _)) => Some(Nowhere {
            message,
            pointer: None,
        }),
    }
}

/// Whether what is no reference is not the name of a component either.
fn no_component(root: &Node, name: &Node) -> Option<Nowhere> {
    let name = name.as_str().filter(|text| !text.starts_with('#'))?;
    let pointer = child("/components/schemas", name);
    root.find(&pointer).is_none().then(|| Nowhere {
        message: format!("`{name}` is no component schema"),
        pointer: Some(pointer),
    })
}

fn with_advice(problem: Problem, root: &Node, pointer: Option<String>) -> Problem {
    match pointer {
        Some(pointer) => check::with_advice(problem, root, &pointer),
        None => problem.hint(reference::HINT),
    }
}

/// References that lead back to where they stand by references, and `allOf`, alone: what they add is what is there.
fn circles(root: &Node) -> BTreeMap<Mark, Problem> {
    let mut search = Search {
        root,
        targets: HashMap::new(),
        states: HashMap::new(),
        found: BTreeMap::new(),
    };
    search.walk(root, Kind::Document);
    search.found
}

/// Looks at each object once, with those that it consists of (depth first).
struct Search<'a> {
    root: &'a Node,
    /// What each reference leads to.
    targets: HashMap<&'a str, Option<&'a Node>>,
    /// By the address of an object: whether all that it consists of was looked at.
    states: HashMap<*const Node, bool>,
    found: BTreeMap<Mark, Problem>,
}

/// An object on the way, the reference that led to it, if one did, and what it consists of, likewise.
struct Step<'a> {
    reference: Option<&'a Node>,
    node: &'a Node,
    parts: Vec<(Option<&'a Node>, &'a Node)>,
}

impl<'a> Search<'a> {
    fn walk(&mut self, node: &'a Node, kind: Kind) {
        match &node.content {
            _ if kind == Kind::Opaque => {}
            Content::List(items) => {
                for item in items {
                    self.walk(item, kind.child(""));
                }
            }
            Content::Map(entries) => {
                if reading(kind).is_some() && node.get("$ref").is_some() {
                    self.look(node, kind);
                }
                for entry in entries {
                    self.walk(&entry.node, kind.child(&entry.key));
                }
            }
            _ => {}
        }
    }

    fn look(&mut self, start: &'a Node, kind: Kind) {
        if self.states.contains_key(&std::ptr::from_ref(start)) {
            return;
        }
        let mut way = vec![self.enter(None, start, kind)];
        while let Some(step) = way.last_mut() {
            let Some((reference, part)) = step.parts.pop() else {
                self.states.insert(std::ptr::from_ref(step.node), true);
                way.pop();
                continue;
            };
            match self.states.get(&std::ptr::from_ref(part)) {
                None => way.push(self.enter(reference, part, kind)),
                Some(true) => {}
                // It is on the way: the last reference on it closes the circle.
                Some(false) => {
                    let passed = way.iter().rev().map(|step| step.reference);
                    let last = std::iter::once(reference).chain(passed).flatten().next();
                    self.found
                        .extend(last.map(|last| (last.at, leads_back(last, kind))));
                }
            }
        }
    }

    fn enter(&mut self, reference: Option<&'a Node>, node: &'a Node, kind: Kind) -> Step<'a> {
        self.states.insert(std::ptr::from_ref(node), false);
        let mut parts = Vec::new();
        if kind == Kind::Schema
            && let Some(Content::List(items)) = node.get("allOf").map(|all| &all.content)
        {
            parts.extend(items.iter().rev().map(|item| (None, item)));
        }
        if let Some(reference) = node.get("$ref")
            && let Some(target) = self.target(reference)
        {
            parts.push((Some(reference), target));
        }
        Step {
            reference,
            node,
            parts,
        }
    }

    fn target(&mut self, reference: &'a Node) -> Option<&'a Node> {
        let text = reference.as_str()?;
        let root = self.root;
        let find = || root.find(&reference::pointer(text).ok()?);
        *self.targets.entry(text).or_insert_with(find)
    }
}

fn leads_back(reference: &Node, kind: Kind) -> Problem {
    let text = reference.as_str().unwrap_or_default();
    let message = format!("`{text}` only leads back to what it stands in");
    let problem = Problem::new(reference.at, message).violation();
    problem
        .read_as(reading(kind).unwrap_or_default())
        .hint("let it refer to something else, or remove it")
}
