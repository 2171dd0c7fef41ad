//! What schemas say of themselves: their names, their dialect, and references that depend on the way to them.

use super::{Bundler, Section};
use crate::check::DIALECTS;
use crate::identify::{Target, id_of, of_file};
use crate::kind::Kind;
use crate::node::{Content, Entry, Mark, Node};
use crate::pointer::escape;
use crate::problem::Problem;
use crate::reference;
use crate::uri;

/// A schema with an `$id`, for the references in it.
pub(super) struct Scope {
    pub(super) uri: String,
    pub(super) target: Target,
}

/// Which words have a meaning.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dialect {
    /// Those that constrain values.
    validates: bool,
}

impl Default for Dialect {
    fn default() -> Dialect {
        Dialect { validates: true }
    }
}

/// The vocabulary of the words that constrain values.
const VALIDATION: &str = "https://json-schema.org/draft/2020-12/vocab/validation";

/// Its words.
const VALIDATING: [&str; 20] = [
    "type",
    "const",
    "enum",
    "multipleOf",
    "maximum",
    "exclusiveMaximum",
    "minimum",
    "exclusiveMinimum",
    "maxLength",
    "minLength",
    "pattern",
    "maxItems",
    "minItems",
    "uniqueItems",
    "maxContains",
    "minContains",
    "maxProperties",
    "minProperties",
    "required",
    "dependentRequired",
];

impl Bundler<'_> {
    /// What has an `$id` around the walk, in the file `file`.
    pub(super) fn scope(&self, file: u32) -> Option<&Scope> {
        self.scopes.last().filter(|scope| scope.target.file == file)
    }

    /// Notes the `$id` and the dialect of a schema.
    pub(super) fn enter_schema(&mut self, node: &mut Node) {
        let file = node.at.file;
        if let Some(id) = id_of(node) {
            let base = match self.scope(file) {
                Some(scope) => scope.uri.clone(),
                None => of_file(file, self.files.name(file)),
            };
            let uri = uri::resolve(&base, id);
            if let Some(target) = self.files.names.resource(&uri) {
                let target = target.clone();
                self.scopes.push(Scope { uri, target });
            }
        }
        if let Some(name) = node.get("$schema").and_then(Node::as_str) {
            let name = name.trim_end_matches('#').to_owned();
            if DIALECTS.contains(&name.as_str()) {
                self.dialect = Dialect::default();
            } else if let Some(validates) = self.has_validation(&name) {
                self.dialect = Dialect { validates };
                if let Some(dialect) = node.get_mut("$schema") {
                    dialect.content = Content::Text(DIALECTS[0].to_owned());
                }
            }
        }
        split_dependencies(node);
        if !self.dialect.validates
            && let Some(entries) = node.as_map_mut()
        {
            entries.retain(|entry| !VALIDATING.contains(&entry.key.as_str()));
        }
    }

    /// What `text`, a pointer to nothing in the entry file, can only mean: the same in the component that it stands
    /// in, which was a document of its own before somebody moved it.
    pub(super) fn within_component(&mut self, at: Mark, text: &str) -> Option<String> {
        let fragment = reference::decode(text.strip_prefix('#')?)?;
        let tree = self.files.tree(self.entry)?;
        if !fragment.is_empty() && tree.find(&fragment).is_some() {
            return None;
        }
        let components = tree.find("/components/schemas")?.as_map()?;
        let before = |entry: &&Entry| entry.key_at.file == at.file && entry.key_at <= at;
        let component = components.iter().rfind(before)?;
        let inner = (component.node.at.file == at.file).then(|| component.node.find(&fragment))?;
        inner?;
        let pointer = format!("/components/schemas/{}{fragment}", escape(&component.key));
        let message = format!("`{text}` is no schema here, and read as `#{pointer}`");
        let hint = "references count from the whole file, unless the schema has an `$id`";
        let problem = Problem::new(at, message).hint(hint).warning();
        self.problems.push(problem);
        Some(reference::to_pointer(&pointer))
    }

    /// Whether the dialect that the metaschema `uri` describes has words that constrain values.
    fn has_validation(&self, uri: &str) -> Option<bool> {
        let target = self.files.names.resource(uri)?;
        let metaschema = self.files.find(target.file, &target.pointer)?;
        let vocabularies = metaschema.get("$vocabulary")?.as_map()?;
        Some(vocabularies.iter().any(|entry| entry.key == VALIDATION))
    }

    /// Lets the `$dynamicRef` of `node` name what it leads to at first; one that cannot lead elsewhere becomes a
    /// `$ref`.
    pub(super) fn dynamic_reference(&mut self, node: &mut Node) {
        let Some(reference) = node.entry("$dynamicRef") else {
            return;
        };
        let (at, key_at) = (reference.node.at, reference.key_at);
        let Some(text) = reference.node.as_str().map(str::to_owned) else {
            return;
        };
        let Some(target) = self.target(at, &text) else {
            return;
        };
        let anchor = text.split_once('#').map_or("", |(_, fragment)| fragment);
        let found = self.files.find(target.file, &target.pointer);
        let found = found.and_then(|found| found.get("$dynamicAnchor")?.as_str());
        let is_dynamic = found == Some(anchor);
        self.is_dynamic |= is_dynamic;
        let Some(text) = self.component_reference(at, &text, target, Section::Schemas) else {
            return;
        };
        let has_reference = node.get("$ref").is_some();
        let Some(entries) = node.as_map_mut() else {
            return;
        };
        let entry = |key: &str, node| Entry {
            key: key.to_owned(),
            key_at,
            node,
        };
        let Some(index) = entries.iter().position(|entry| entry.key == "$dynamicRef") else {
            return;
        };
        let text = Node::text(at, text);
        if is_dynamic || !has_reference {
            let key = if is_dynamic { "$dynamicRef" } else { "$ref" };
            entries[index] = entry(key, text);
            return;
        }
        // Its own `$ref` has the place.
        entries.remove(index);
        let one = Node::new(at, Content::Map(vec![entry("$ref", text)]));
        match entries.iter_mut().find(|entry| entry.key == "allOf") {
            Some(Entry {
                node:
                    Node {
                        content: Content::List(schemas),
                        ..
                    },
                ..
            }) => schemas.push(one),
            _ => entries.push(entry("allOf", Node::new(at, Content::List(vec![one])))),
        }
    }
}

/// `dependencies`, as older drafts have it, is `dependentRequired` and `dependentSchemas`.
fn split_dependencies(node: &mut Node) {
    let Some(entries) = node.as_map_mut() else {
        return;
    };
    let is_old = |entry: &Entry| entry.key == "dependencies" && entry.node.as_map().is_some();
    let Some(index) = entries.iter().position(is_old) else {
        return;
    };
    let names = ["dependentRequired", "dependentSchemas"];
    if entries
        .iter()
        .any(|entry| names.contains(&entry.key.as_str()))
    {
        // Left to be refused: nobody can say how both are meant.
        return;
    }
    let old = entries.remove(index);
    let (key_at, at) = (old.key_at, old.node.at);
    let Content::Map(dependencies) = old.node.content else {
        return;
    };
    let is_list = |entry: &Entry| matches!(entry.node.content, Content::List(_));
    let (required, schemas): (Vec<_>, Vec<_>) = dependencies.into_iter().partition(is_list);
    for (key, dependencies) in names.into_iter().zip([required, schemas]) {
        if !dependencies.is_empty() {
            entries.push(Entry {
                key: key.to_owned(),
                key_at,
                node: Node::new(at, Content::Map(dependencies)),
            });
        }
    }
}

/// Removes names that nothing refers to any more; those that dynamic references depend on stay.
pub(super) fn forget_names(node: &mut Node, kind: Kind, is_dynamic: bool) {
    if kind == Kind::Opaque {
        return;
    }
    match &mut node.content {
        Content::List(items) => {
            for item in items {
                forget_names(item, kind.child(""), is_dynamic);
            }
        }
        Content::Map(entries) => {
            if kind == Kind::Schema {
                entries.retain(|entry| match entry.key.as_str() {
                    "$anchor" | "$vocabulary" => false,
                    "$id" | "$dynamicAnchor" => is_dynamic,
                    _ => true,
                });
            }
            for entry in entries {
                forget_names(&mut entry.node, kind.child(&entry.key), is_dynamic);
            }
        }
        _ => {}
    }
}
