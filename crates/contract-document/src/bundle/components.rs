//! Targets of references as components of the entry file.

use std::path::Path;

use super::{Bundler, Component, reference_of};
use crate::identify::{self, Target};
use crate::kind::Section;
use crate::node::{Content, Entry, Mark, Node};
use crate::pointer::segments;
use crate::problem::Problem;

impl Bundler<'_> {
    /// Enters the components of the entry file. One that only refers to another file becomes its
    /// target, so that the name chosen there is the name of the target everywhere.
    pub(super) fn take_names(&mut self, components: &mut Node) {
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
            // One that leads nowhere is told of where it is rewritten.
            let Ok(Some(target)) = self.resolve(at, &text) else {
                return;
            };
            // A schema with an `$id` around it stays there.
            let tree = self.files.tree(target.file);
            let whole = tree.and_then(|tree| identify::outermost(tree, &target.pointer));
            if section == Section::Schemas && whole.is_some_and(|whole| whole != target.pointer) {
                return;
            }
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

    /// The name of the component that stands for `target`.
    pub(super) fn component(
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
            self.dangling(at, text, Some(section));
            return None;
        }
        let node = found.node.clone();
        let key_at = found.key_at.unwrap_or(node.at);
        let wanted = self.name_of(target);
        let name = self.free_name(section, &wanted, target);
        if let Some(other) = self.taken.get(&(section, wanted.clone())) {
            let message = format!(
                "`{wanted}` is the name of two different {}, so this one is `{name}`",
                section.name()
            );
            self.problems.push(
                Problem::new(key_at, message)
                    .also("the other one stands at", *other)
                    .hint("rename one of them, or refer to it from `components` under another name")
                    .warning(),
            );
        }
        self.taken.insert((section, name.clone()), key_at);
        let entry = Entry {
            key: name.clone(),
            key_at,
            node,
        };
        self.hoisted.push(Component { section, entry });
        self.names.insert(key, name.clone());
        Some(name)
    }

    /// `wanted`, where it is taken after the file or its folders, which tell apart what is called alike.
    fn free_name(&self, section: Section, wanted: &str, target: &Target) -> String {
        let is_free = |name: &str| !self.taken.contains_key(&(section, name.to_owned()));
        let mut name = wanted.to_owned();
        let path = Path::new(self.files.name(target.file)).with_extension("");
        for part in path.iter().rev() {
            let part = component_name(&part.to_string_lossy());
            if is_free(&name) {
                break;
            }
            if part != wanted {
                name = format!("{part}_{name}");
            }
        }
        let mut number = 1;
        let base = name.clone();
        while !is_free(&name) {
            number += 1;
            name = format!("{base}_{number}");
        }
        name
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
        component_name(&name)
    }
}

/// `name` in the characters that the keys of components may have.
fn component_name(name: &str) -> String {
    let allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    name.chars()
        .map(|c| if allowed(c) { c } else { '_' })
        .collect()
}

/// Adds `hoisted` to the components: within a section at its end, new sections in the order of the
/// standard.
pub(super) fn insert_components(root: &mut Node, hoisted: Vec<Component>) {
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
