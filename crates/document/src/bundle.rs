//! From several files to one document.
//!
//! What a reference into another file names becomes a component of the entry file, named after the
//! last segment of the reference or the stem of the file; a component that is nothing but such a
//! reference takes its target's place. Path items under `paths`, and parts for which there are no
//! components, are replaced in place. Relative references count from the file they stand in,
//! which every node knows by its mark.

use std::collections::HashMap;
use std::path::Path;

use crate::files::Files;
use crate::kind::{Kind, Section};
use crate::node::{Content, Entry, MAX_DEPTH, Mark, Node};
use crate::pointer::{child, escape, segments};
use crate::problem::Problem;
use crate::reference::{self, Reference};

/// Bound on what references copy in place, so that few files cannot fill the memory.
const MAX_COPIED_NODES: usize = 1_000_000;

/// The self-contained document whose entry file is `entry`, written in `version`.
///
/// # Errors
/// References that lead nowhere, to the network or in circles; files that cannot be read; different
/// targets of one name.
pub(crate) fn bundle(files: &mut Files, entry: u32, version: &str) -> Result<Node, Vec<Problem>> {
    let mut root = files.tree(entry).expect("the entry file was read").clone();
    let mut bundler = Bundler {
        files,
        entry,
        has_path_items: !version.starts_with("3.0."),
        names: HashMap::new(),
        taken: HashMap::new(),
        hoisted: Vec::new(),
        copying: Vec::new(),
        copied: 0,
        problems: Vec::new(),
    };
    if let Some(components) = root.get_mut("components") {
        bundler.take_names(components);
    }
    bundler.walk(&mut root, Kind::Document, 0);
    bundler.walk_hoisted();
    let Bundler {
        hoisted, problems, ..
    } = bundler;
    if !problems.is_empty() {
        return Err(problems);
    }
    insert_components(&mut root, hoisted);
    Ok(root)
}

struct Bundler<'a> {
    files: &'a mut Files,
    entry: u32,
    /// Whether `components` may contain path items.
    has_path_items: bool,
    /// Names of components by what they stand for.
    names: HashMap<(Section, Target), String>,
    /// Where the component of each name is defined.
    taken: HashMap<(Section, String), Mark>,
    /// New components in the order of their first reference.
    hoisted: Vec<Component>,
    /// Targets inside whose copies the walk is.
    copying: Vec<Target>,
    copied: usize,
    problems: Vec<Problem>,
}

#[derive(Debug, Clone, PartialEq, Eq, Hash)]
struct Target {
    file: u32,
    pointer: String,
}

impl Target {
    fn child(&self, key: &str) -> Target {
        Target {
            file: self.file,
            pointer: child(&self.pointer, key),
        }
    }
}

struct Component {
    section: Section,
    entry: Entry,
}

impl Bundler<'_> {
    /// Enters the components of the entry file. One that only refers to another file becomes its
    /// target, so that the name chosen there is the name of the target everywhere.
    fn take_names(&mut self, components: &mut Node) {
        self.copy_in_place(components);
        let whole = std::mem::take(&mut self.copying);
        for section in Section::ALL {
            let Some(group) = components.get_mut(section.name()) else {
                continue;
            };
            self.copy_in_place(group);
            let mut origins = std::mem::take(&mut self.copying);
            origins.extend(whole.iter().map(|target| target.child(section.name())));
            for entry in group.as_map().unwrap_or_default() {
                self.taken
                    .insert((section, entry.key.clone()), entry.key_at);
                for origin in &origins {
                    let key = (section, origin.child(&entry.key));
                    self.names.insert(key, entry.key.clone());
                }
            }
            for entry in group.as_map_mut().into_iter().flatten() {
                self.replace_component(section, entry);
            }
        }
    }

    fn replace_component(&mut self, section: Section, entry: &mut Entry) {
        while entry
            .node
            .as_map()
            .is_some_and(|entries| entries.len() == 1)
        {
            let Some((at, text)) = reference_of(&entry.node) else {
                return;
            };
            if at.file == self.entry && text.starts_with('#') {
                return;
            }
            let Some(target) = self.target(at, &text) else {
                return;
            };
            let key = (section, target);
            if key.1.file == self.entry || self.names.contains_key(&key) {
                return;
            }
            let Some(node) = self.files.find(key.1.file, &key.1.pointer).cloned() else {
                return;
            };
            self.names.insert(key, entry.key.clone());
            entry.node = node;
        }
    }

    fn walk(&mut self, node: &mut Node, kind: Kind, depth: usize) {
        if depth > MAX_DEPTH {
            let message = format!("references nest deeper than {MAX_DEPTH} levels");
            self.problems.push(Problem::new(node.at, message));
            return;
        }
        match kind {
            Kind::Opaque => return,
            Kind::Discriminator => return self.discriminator(node),
            Kind::Link => self.link(node),
            _ => {}
        }
        let copies = match kind.section() {
            Some(Section::PathItems) if !self.has_path_items => self.copy_in_place(node),
            Some(section) => {
                self.rewrite(node, section);
                0
            }
            None => self.copy_in_place(node),
        };
        self.walk_children(node, kind, depth);
        self.copying.truncate(self.copying.len() - copies);
    }

    fn walk_children(&mut self, node: &mut Node, kind: Kind, depth: usize) {
        match &mut node.content {
            Content::List(items) => {
                for item in items {
                    self.walk(item, kind.child(""), depth + 1);
                }
            }
            Content::Map(entries) => {
                for entry in entries {
                    let child = kind.child(&entry.key);
                    // Tools for 3.0 do not follow the `$ref` of a path item.
                    let copies = if kind == Kind::Paths && child == Kind::PathItem {
                        self.copy_in_place(&mut entry.node)
                    } else {
                        0
                    };
                    self.walk(&mut entry.node, child, depth + 1);
                    self.copying.truncate(self.copying.len() - copies);
                }
            }
            _ => {}
        }
    }

    /// New components refer to further ones, which join the end of the row.
    fn walk_hoisted(&mut self) {
        let mut index = 0;
        while let Some(component) = self.hoisted.get_mut(index) {
            let kind = component.section.kind();
            let at = component.entry.node.at;
            let empty = Node::new(at, Content::Null);
            let mut node = std::mem::replace(&mut component.entry.node, empty);
            self.walk(&mut node, kind, 0);
            self.hoisted[index].entry.node = node;
            index += 1;
        }
    }

    /// Lets the `$ref` of `node` name a component of the entry file.
    fn rewrite(&mut self, node: &mut Node, section: Section) {
        let Some((at, text)) = reference_of(node) else {
            return;
        };
        if let Some(text) = self.rewritten(at, &text, section)
            && let Some(reference) = node.get_mut("$ref")
        {
            reference.content = Content::Text(text);
        }
    }

    fn rewritten(&mut self, at: Mark, text: &str, section: Section) -> Option<String> {
        if at.file == self.entry && text.starts_with('#') {
            return None;
        }
        let target = self.target(at, text)?;
        if target.file == self.entry {
            return Some(reference::to_pointer(&target.pointer));
        }
        let name = self.component(at, text, target, section)?;
        Some(reference::to_pointer(&format!(
            "/components/{}/{}",
            section.name(),
            escape(&name)
        )))
    }

    /// The name of the component that stands for `target`.
    fn component(
        &mut self,
        at: Mark,
        text: &str,
        target: Target,
        section: Section,
    ) -> Option<String> {
        let key = (section, target);
        if let Some(name) = self.names.get(&key) {
            return Some(name.clone());
        }
        let target = &key.1;
        let (found, complete) = self.files.tree(target.file)?.follow(&target.pointer);
        if !complete {
            self.dangling(at, text, &target.pointer);
            return None;
        }
        let node = found.node.clone();
        let key_at = found.key_at.unwrap_or(node.at);
        let name = self.name_of(target);
        if let Some(other) = self.taken.insert((section, name.clone()), key_at) {
            let message = format!(
                "`{name}` would be the name of two different {}",
                section.name()
            );
            self.problems.push(
                Problem::new(key_at, message)
                    .also("the other one stands at", other)
                    .hint(
                        "rename one of them, or refer to it from `components` under another name",
                    ),
            );
        }
        let entry = Entry {
            key: name.clone(),
            key_at,
            node,
        };
        self.hoisted.push(Component { section, entry });
        self.names.insert(key, name.clone());
        Some(name)
    }

    /// The last segment of the pointer or the stem of the file, in the characters that the keys of
    /// components may have.
    fn name_of(&self, target: &Target) -> String {
        let file = Path::new(self.files.name(target.file));
        let name = match segments(&target.pointer).last() {
            Some(segment) => segment.into_owned(),
            None => file
                .file_stem()
                .map_or_else(String::new, |stem| stem.to_string_lossy().into()),
        };
        let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
        name.chars()
            .map(|c| if allowed(c) { c } else { '_' })
            .collect()
    }

    /// Replaces `node` by what its `$ref` names, again and again; the number of targets that
    /// `copying` grew by.
    fn copy_in_place(&mut self, node: &mut Node) -> usize {
        let before = self.copying.len();
        while let Some((at, text)) = reference_of(node) {
            let Some(target) = self.target(at, &text) else {
                break;
            };
            if self.copying.contains(&target) {
                let message = format!("`{text}` leads back to itself");
                self.problems.push(
                    Problem::new(at, message).hint("let one of the references define something"),
                );
                break;
            }
            let Some(copy) = self.files.find(target.file, &target.pointer) else {
                if self.files.tree(target.file).is_some() {
                    self.dangling(at, &text, &target.pointer);
                }
                break;
            };
            self.copied += copy.extent().0;
            if self.copied > MAX_COPIED_NODES {
                let message = format!("references copy more than {MAX_COPIED_NODES} nodes");
                self.problems.push(Problem::new(at, message));
                break;
            }
            let copy = copy.clone();
            self.copying.push(target);
            let original = std::mem::replace(node, copy);
            self.add_siblings(node, original);
        }
        if self.copying.len() > before && reference_of(node).is_some() {
            // The reason was reported; nothing is left to follow.
            node.content = Content::Map(Vec::new());
        }
        self.copying.len() - before
    }

    /// Adds to `node` what stood beside the `$ref` that it replaces.
    fn add_siblings(&mut self, node: &mut Node, original: Node) {
        let Content::Map(siblings) = original.content else {
            return;
        };
        for sibling in siblings.into_iter().filter(|entry| entry.key != "$ref") {
            if let Some(entry) = node.entry(&sibling.key) {
                let message = format!("`{}` stands beside `$ref` and in its target", sibling.key);
                self.problems.push(
                    Problem::new(sibling.key_at, message)
                        .also("the other one stands at", entry.key_at)
                        .hint("keep one of them"),
                );
            } else if let Some(entries) = node.as_map_mut() {
                entries.push(sibling);
            }
        }
    }

    /// The values of `mapping` are names of schemas or references.
    fn discriminator(&mut self, node: &mut Node) {
        let Some(mapping) = node.get_mut("mapping").and_then(Node::as_map_mut) else {
            return;
        };
        for entry in mapping {
            let at = entry.node.at;
            let Some(text) = entry.node.as_str() else {
                continue;
            };
            let is_file = [".yaml", ".yml", ".json"]
                .iter()
                .any(|end| text.ends_with(end));
            let text = if is_file || text.contains(['/', '#']) {
                text.to_owned()
            } else {
                // A name means a schema of its own file, if that has one.
                let pointer = format!("/components/schemas/{}", escape(text));
                if at.file == self.entry || self.files.find(at.file, &pointer).is_none() {
                    continue;
                }
                reference::to_pointer(&pointer)
            };
            if let Some(text) = self.rewritten(at, &text, Section::Schemas) {
                entry.node.content = Content::Text(text);
            }
        }
    }

    fn link(&mut self, node: &mut Node) {
        let Some(operation) = node.get_mut("operationRef") else {
            return;
        };
        let at = operation.at;
        let Some(text) = operation.as_str().map(str::to_owned) else {
            return;
        };
        // An absolute one names an operation of another API, which is not followed.
        if at.file == self.entry && text.starts_with('#') || reference::is_absolute(&text) {
            return;
        }
        let Some(target) = self.target(at, &text) else {
            return;
        };
        if target.file == self.entry {
            operation.content = Content::Text(reference::to_pointer(&target.pointer));
        } else {
            let message =
                format!("`{text}` names an operation in a file that is not the entry file");
            self.problems
                .push(Problem::new(at, message).hint("use `operationId`"));
        }
    }

    /// What `text`, which stands at `at`, refers to; reads the file if need be.
    fn target(&mut self, at: Mark, text: &str) -> Option<Target> {
        let Reference { path, pointer } = match Reference::parse(text) {
            Ok(reference) => reference,
            Err((message, hint)) => {
                self.problems.push(Problem::new(at, message).hint(hint));
                return None;
            }
        };
        if path.is_empty() {
            return Some(Target {
                file: at.file,
                pointer,
            });
        }
        match self.files.load(at, &path) {
            Ok(file) => Some(Target { file, pointer }),
            Err(problems) => {
                self.problems.extend(problems);
                None
            }
        }
    }

    fn dangling(&mut self, at: Mark, text: &str, pointer: &str) {
        let problem = Problem::new(at, format!("`{text}` does not exist"));
        let in_entry = self.files.find(self.entry, pointer).is_some();
        self.problems.push(if in_entry && text.starts_with('#') {
            let entry = self.files.name(self.entry);
            problem.hint(format!(
                "`{entry}` has it, but references count from their own file"
            ))
        } else {
            problem
        });
    }
}

/// The `$ref` of a map, if that is text, and where it stands.
fn reference_of(node: &Node) -> Option<(Mark, String)> {
    let reference = node.get("$ref")?;
    Some((reference.at, reference.as_str()?.to_owned()))
}

/// Adds `hoisted` to the components: within a section at its end, new sections in the order of the
/// standard.
fn insert_components(root: &mut Node, hoisted: Vec<Component>) {
    if hoisted.is_empty() {
        return;
    }
    let at = root.at;
    let empty = |key: &str| Entry {
        key: key.to_owned(),
        key_at: at,
        node: Node::new(at, Content::Map(Vec::new())),
    };
    let entries = root.as_map_mut().expect("the version was found in a map");
    let index = entries
        .iter()
        .position(|entry| entry.key == "components")
        .unwrap_or_else(|| {
            let described = |entry: &Entry| matches!(entry.key.as_str(), "paths" | "webhooks");
            let index = entries
                .iter()
                .rposition(described)
                .map_or(entries.len(), |index| index + 1);
            entries.insert(index, empty("components"));
            index
        });
    let components = &mut entries[index].node;
    for Component { section, entry } in hoisted {
        if components.get(section.name()).is_none()
            && let Some(groups) = components.as_map_mut()
        {
            let follows =
                |group: &Entry| Section::from_name(&group.key).is_some_and(|other| other > section);
            let index = groups.iter().position(follows).unwrap_or(groups.len());
            groups.insert(index, empty(section.name()));
        }
        if let Some(group) = components
            .get_mut(section.name())
            .and_then(Node::as_map_mut)
        {
            group.push(entry);
        }
    }
}
