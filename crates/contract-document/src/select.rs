//! Parts of a document: some operations, and only the components that something refers to.

use std::collections::HashSet;

use crate::document::Document;
use crate::kind::{Kind, Section};
use crate::node::{Content, Entry, Node};
use crate::pointer::segments;
use crate::reference;

/// An operation, as far as it can be chosen by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OperationHead {
    /// `operationId`.
    pub id: Option<String>,
    /// The method, as it is sent.
    pub method: String,
    /// The path template; the name of a component where the path item is one.
    pub path: String,
    /// Its tags.
    pub tags: Vec<String>,
}

impl Document {
    /// Every operation under `paths` and `components.pathItems`, in the order of the document.
    pub fn operations(&self) -> Vec<OperationHead> {
        let mut found = Vec::new();
        let mut tree = self.tree.clone();
        for items in path_items(&mut tree) {
            for item in items {
                let operations = operations_of(&item.node);
                found.extend(operations.map(|(method, entry)| head(&item.key, method, entry)));
            }
        }
        found
    }

    /// The document with those operations alone that `keep` wants, without webhooks, links to other operations, and
    /// components that nothing refers to any more.
    #[must_use]
    pub fn select(mut self, keep: impl Fn(&OperationHead) -> bool) -> Document {
        for tree in self.trees() {
            select(tree, &keep);
        }
        self.pruned()
    }

    /// The document without components that nothing refers to.
    #[must_use]
    pub fn pruned(mut self) -> Document {
        for tree in self.trees() {
            prune(tree);
        }
        self.refresh();
        self
    }
}

/// The maps of path items.
fn path_items(tree: &mut Node) -> Vec<&mut Vec<Entry>> {
    let mut found = Vec::new();
    for entry in tree.as_map_mut().into_iter().flatten() {
        match entry.key.as_str() {
            "paths" => found.extend(entry.node.as_map_mut()),
            "components" => {
                let items = entry.node.get_mut("pathItems");
                found.extend(items.and_then(Node::as_map_mut));
            }
            _ => {}
        }
    }
    found
}

/// The key of operations with methods of their own.
const OTHERS: &str = "additionalOperations";

fn is_operation(entry: &Entry) -> bool {
    Kind::PathItem.child(&entry.key) == Kind::Operation
}

/// The operations of a path item, with their methods.
fn operations_of(item: &Node) -> impl Iterator<Item = (String, &Entry)> {
    let own = item.as_map().unwrap_or_default().iter();
    let own = own.filter(|entry| is_operation(entry));
    let others = item.get(OTHERS).and_then(Node::as_map).unwrap_or_default();
    own.map(|entry| (entry.key.to_ascii_uppercase(), entry))
        .chain(others.iter().map(|entry| (entry.key.clone(), entry)))
}

fn head(path: &str, method: String, entry: &Entry) -> OperationHead {
    let tags = match entry.node.get("tags").map(|tags| &tags.content) {
        Some(Content::List(tags)) => tags.iter().filter_map(Node::as_str),
        _ => [].iter().filter_map(Node::as_str),
    };
    OperationHead {
        id: text(&entry.node, "operationId"),
        method,
        path: path.to_owned(),
        tags: tags.map(str::to_owned).collect(),
    }
}

fn text(node: &Node, key: &str) -> Option<String> {
    node.get(key).and_then(Node::as_str).map(str::to_owned)
}

fn select(tree: &mut Node, keep: &impl Fn(&OperationHead) -> bool) {
    if let Some(root) = tree.as_map_mut() {
        root.retain(|entry| entry.key != "webhooks");
    }
    let mut kept = HashSet::new();
    for items in path_items(tree) {
        for item in items.iter_mut() {
            let path = item.key.clone();
            if let Some(parts) = item.node.as_map_mut() {
                parts.retain(|entry| {
                    let method = entry.key.to_ascii_uppercase();
                    !is_operation(entry) || keep(&head(&path, method, entry))
                });
            }
            if let Some(others) = item.node.get_mut(OTHERS).and_then(Node::as_map_mut) {
                others.retain(|entry| keep(&head(&path, entry.key.clone(), entry)));
            }
            let operations = operations_of(&item.node);
            kept.extend(operations.filter_map(|(_, entry)| text(&entry.node, "operationId")));
        }
    }
    // What refers to a path item without operations has none, either.
    let whole = tree.clone();
    let has_operations = |item: &Node| {
        let mut item = Some(item);
        for _ in 0..crate::node::MAX_DEPTH {
            let Some(reference) = item.and_then(|item| item.get("$ref")?.as_str()) else {
                break;
            };
            let pointer = reference::pointer(reference).ok();
            item = pointer.and_then(|pointer| whole.find(&pointer));
        }
        item.is_some_and(|item| operations_of(item).next().is_some())
    };
    for items in path_items(tree) {
        items.retain(|item| item.key.starts_with("x-") || has_operations(&item.node));
    }
    without_links(tree, Kind::Document, &kept);
}

/// Takes out links to other operations than these.
fn without_links(node: &mut Node, kind: Kind, operations: &HashSet<String>) {
    let is_kept = |link: &Node| match (text(link, "operationId"), link.get("operationRef")) {
        (Some(id), _) => operations.contains(&id),
        // By its place, which may be gone.
        (None, Some(_)) => false,
        (None, None) => true,
    };
    match &mut node.content {
        Content::List(items) => {
            for item in items {
                without_links(item, kind.child(""), operations);
            }
        }
        Content::Map(entries) => {
            if kind == Kind::Each(Section::Links) {
                entries.retain(|entry| is_kept(&entry.node));
            }
            for entry in entries {
                let kind = kind.child(&entry.key);
                if kind != Kind::Opaque {
                    without_links(&mut entry.node, kind, operations);
                }
            }
        }
        _ => {}
    }
}

/// Section and name of a component.
type Name = (String, String);

fn prune(tree: &mut Node) {
    let whole = tree.clone();
    let mut used = HashSet::new();
    let mut waiting = Vec::new();
    for entry in whole.as_map().unwrap_or_default() {
        if entry.key != "components" {
            let kind = Kind::Document.child(&entry.key);
            references(&entry.node, kind, &mut waiting);
        }
    }
    required(&whole, &mut waiting);
    let components = whole.get("components");
    while let Some(name) = waiting.pop() {
        let component = components.and_then(|all| all.get(&name.0)?.get(&name.1));
        let section = Section::from_name(&name.0);
        let (Some(component), Some(section)) = (component, section) else {
            continue;
        };
        if used.insert(name.clone()) {
            references(component, section.kind(), &mut waiting);
            if component.get("discriminator").is_some() {
                heirs(components, &name, &mut waiting);
            }
        }
    }
    let Some(components) = tree.get_mut("components").and_then(Node::as_map_mut) else {
        return;
    };
    for section in components.iter_mut() {
        if Section::from_name(&section.key).is_some()
            && let Some(parts) = section.node.as_map_mut()
        {
            let name = section.key.clone();
            parts.retain(|part| used.contains(&(name.clone(), part.key.clone())));
        }
    }
    components.retain(|section| section.node.as_map().is_none_or(|parts| !parts.is_empty()));
    let is_empty = components.is_empty();
    if let Some(root) = tree.as_map_mut() {
        root.retain(|entry| entry.key != "components" || !is_empty);
    }
}

/// Adds the components that `node` refers to.
fn references(node: &Node, kind: Kind, found: &mut Vec<Name>) {
    match kind {
        Kind::Opaque => return,
        Kind::Discriminator => {
            let mapping = node.get("mapping").and_then(Node::as_map);
            for entry in mapping.unwrap_or_default() {
                let Some(target) = entry.node.as_str() else {
                    continue;
                };
                match target.starts_with('#') {
                    true => found.extend(component(target)),
                    false => found.push(("schemas".to_owned(), target.to_owned())),
                }
            }
            return;
        }
        Kind::Operation => required(node, found),
        _ => {}
    }
    if let Some(reference) = node.get("$ref").and_then(Node::as_str) {
        found.extend(component(reference));
    }
    match &node.content {
        Content::List(items) => {
            for item in items {
                references(item, kind.child(""), found);
            }
        }
        Content::Map(entries) => {
            for entry in entries {
                references(&entry.node, kind.child(&entry.key), found);
            }
        }
        _ => {}
    }
}

/// The component that a reference leads to, or into.
fn component(reference: &str) -> Option<Name> {
    let pointer = reference::pointer(reference).ok()?;
    let mut parts = segments(&pointer);
    if parts.next()? != "components" {
        return None;
    }
    Some((parts.next()?.into_owned(), parts.next()?.into_owned()))
}

/// Adds the security schemes that `security` of `node` names.
fn required(node: &Node, found: &mut Vec<Name>) {
    let Some(Content::List(alternatives)) = node.get("security").map(|node| &node.content) else {
        return;
    };
    for entry in alternatives.iter().filter_map(Node::as_map).flatten() {
        found.push(("securitySchemes".to_owned(), entry.key.clone()));
    }
}

/// Adds the schemas that are built on the schema `name`, one of which its discriminator may mean.
fn heirs(components: Option<&Node>, name: &Name, found: &mut Vec<Name>) {
    let schemas = components.and_then(|all| all.get("schemas")?.as_map());
    for schema in schemas.unwrap_or_default() {
        let Some(Content::List(parts)) = schema.node.get("allOf").map(|parts| &parts.content)
        else {
            continue;
        };
        let mut bases = parts.iter().filter_map(|part| part.get("$ref")?.as_str());
        if bases.any(|base| component(base).as_ref() == Some(name)) {
            found.push(("schemas".to_owned(), schema.key.clone()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MUSEUM: &str = "\
openapi: 3.0.3
info: {title: T, version: '1'}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: Key}
    token: {type: http, scheme: bearer}
  schemas:
    Tour: {type: object, properties: {guide: {$ref: '#/components/schemas/Guide'}}, discriminator: {propertyName: kind}}
    Guide: {type: string, nullable: true}
    Night: {allOf: [{$ref: '#/components/schemas/Tour'}]}
    Shop: {type: object, example: {$ref: '#/components/schemas/Lost'}}
    Lost: {type: string}
paths:
  /tours:
    get:
      operationId: tours
      tags: [Tours]
      security: [{key: []}]
      responses:
        '200':
          description: ''
          links: {shop: {operationId: shop}, again: {operationId: tours}}
          content: {application/json: {schema: {$ref: '#/components/schemas/Tour'}}}
  /shop:
    get:
      operationId: shop
      security: [{token: []}]
      responses:
        '200': {description: '', content: {application/json: {schema: {$ref: '#/components/schemas/Shop'}}}}
";

    fn museum() -> Document {
        Document::parse("a.yaml", MUSEUM).expect("it can be read")
    }

    fn names(document: &Document, pointer: &str) -> Vec<String> {
        let map = document.get(pointer).and_then(|value| value.as_object());
        map.map(|map| map.keys().cloned().collect())
            .unwrap_or_default()
    }

    #[test]
    fn what_nothing_refers_to_goes() {
        let pruned = museum().pruned();
        let schemas = ["Tour", "Guide", "Night", "Shop"];
        assert_eq!(names(&pruned, "/components/schemas"), schemas);
        assert_eq!(names(&pruned, "/paths"), ["/tours", "/shop"]);
    }

    #[test]
    fn what_is_selected_has_what_it_needs_and_no_more() {
        let selected = museum().select(|operation| operation.tags == ["Tours"]);
        assert_eq!(names(&selected, "/paths"), ["/tours"]);
        let schemas = ["Tour", "Guide", "Night"];
        assert_eq!(names(&selected, "/components/schemas"), schemas);
        assert_eq!(names(&selected, "/components/securitySchemes"), ["key"]);
        let links = "/paths/~1tours/get/responses/200/links";
        assert_eq!(names(&selected, links), ["again"]);
        // In the version of the source as well, and with positions.
        assert!(selected.to_json().contains("\"nullable\": true"));
        assert!(!selected.to_json().contains("Shop"));
        let place = selected.position("/components/schemas/Guide");
        assert_eq!(place.to_string(), "a.yaml:9:12");
    }

    #[test]
    fn operations_are_listed() {
        let operations = museum().operations();
        let told = operations
            .iter()
            .map(|one| format!("{} {}", one.method, one.path));
        assert_eq!(told.collect::<Vec<_>>(), ["GET /tours", "GET /shop"]);
        assert_eq!(operations[0].id.as_deref(), Some("tours"));
    }
}
