//! A component with a discriminator and without `oneOf` or `anyOf` is the parent of the components
//! that include it by `allOf`: where it stands, any of them may.
//!
//! So it is a union of its children, their children, and itself if a value of the discriminator
//! means it: one that `mapping` sends to it, or its own name where the property is a closed set. A
//! child with children of its own is likewise a union, and stands in it by its own name. What a
//! member of a family has by itself, apart from the union, is the struct `…Base`.

use std::collections::{BTreeSet, HashMap};

use contract_document::child;
use serde_json::Value;

use super::facts::Part;
use super::reduce::is_annotation;
use super::unions::Tags;
use crate::lower::Lowering;
use crate::lower::names::variants;
use crate::model::{Kind, Shape, TypeId, Union, UnionVariant, Use};

/// Components that stand for others.
#[derive(Debug, Default)]
pub(in crate::lower) struct Families {
    /// Pointer of the component → those it stands for, itself included where it stands for itself.
    members: HashMap<String, Vec<String>>,
    /// Pointer of such a component → the pointer of the one whose discriminator it has.
    heads: HashMap<String, String>,
    /// Pointer of such a component → what it is by itself.
    bases: HashMap<String, TypeId>,
}

impl Families {
    pub(in crate::lower) fn is_union(&self, pointer: &str) -> bool {
        self.members.contains_key(pointer)
    }
}

impl<'a> Lowering<'a> {
    /// Finds the families, and names what their members are by themselves.
    pub(in crate::lower) fn find_families(&mut self) {
        let components = self.all_entries("/components/schemas");
        let mut children: HashMap<String, Vec<String>> = HashMap::new();
        for (_, pointer, schema) in &components {
            let mut parents = BTreeSet::new();
            self.parents(schema, &mut parents, 0);
            for parent in parents.into_iter().filter(|parent| parent != pointer) {
                children.entry(parent).or_default().push(pointer.clone());
            }
        }
        for (_, head, schema) in &components {
            let is_head = schema.get("discriminator").is_some_and(Value::is_object)
                && schema.get("oneOf").is_none()
                && schema.get("anyOf").is_none();
            if !is_head {
                continue;
            }
            for member in std::iter::once(head.clone()).chain(below(&children, head)) {
                let below = below(&children, &member);
                if below.is_empty() || self.families.is_union(&member) {
                    continue;
                }
                let mut all = Vec::new();
                if member != *head || self.stands_for_itself(head, schema) {
                    all.push(member.clone());
                }
                all.extend(below);
                self.families.members.insert(member.clone(), all);
                self.families.heads.insert(member, head.clone());
            }
        }
        let needed: BTreeSet<String> = self.families.members.values().flatten().cloned().collect();
        for (key, pointer, _) in &components {
            if self.families.is_union(pointer) && needed.contains(pointer) {
                let name = crate::lower::names::pascal(key);
                let name = self.type_names.claim(&format!("{name}Base"));
                let id = self.reserve_type();
                self.families.bases.insert(pointer.clone(), id);
                self.base_names.push((pointer.clone(), id, name));
            }
        }
    }

    /// The components that `schema` includes.
    fn parents(&self, schema: &Value, found: &mut BTreeSet<String>, depth: usize) {
        if depth > crate::lower::MAX_DEPTH {
            return;
        }
        // A reference alone is another name, with anything beside it a child.
        let mut keys = schema.as_object().into_iter().flatten().map(|(key, _)| key);
        let extends = depth > 0 || keys.any(|key| key != "$ref" && !is_annotation(key));
        if let Some(target) = self.target(schema).filter(|_| extends) {
            found.insert(target);
        }
        for part in schema
            .get("allOf")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.parents(part, found, depth + 1);
        }
    }

    /// Whether what stands at `pointer` includes the component `wanted`.
    pub(in crate::lower) fn includes_component(&self, pointer: &str, wanted: &str) -> bool {
        let mut seen = BTreeSet::new();
        let mut open = vec![pointer.to_owned()];
        while let Some(pointer) = open.pop() {
            let Some(schema) = self.get(&pointer).filter(|_| seen.insert(pointer.clone())) else {
                continue;
            };
            let mut parents = BTreeSet::new();
            self.parents(schema, &mut parents, 0);
            parents.extend(self.target(schema));
            if parents.contains(wanted) {
                return true;
            }
            open.extend(parents);
        }
        false
    }

    /// Whether one of `children` is a choice of the union at `pointer`, which it then includes
    /// without being a union itself: many tools write families like that.
    pub(in crate::lower) fn is_parent_of(&self, pointer: &str, children: &[String]) -> bool {
        let Some(schema) = self.get(pointer) else {
            return false;
        };
        let choices = ["oneOf", "anyOf"]
            .into_iter()
            .filter_map(|key| schema.get(key)?.as_array());
        let mut targets = choices.flatten().filter_map(|choice| self.target(choice));
        targets.any(|target| children.contains(&target))
    }

    /// Whether a value of the discriminator of `head` means `head` itself.
    fn stands_for_itself(&mut self, head: &str, schema: &'a Value) -> bool {
        let discriminator = schema.get("discriminator").unwrap_or(&Value::Null);
        let name = head.strip_prefix("/components/schemas/").unwrap_or(head);
        let name = contract_document::unescape(name);
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let mut targets = mapping
            .into_iter()
            .flatten()
            .filter_map(|(_, to)| to.as_str());
        let is_self = |to: &str| match to.strip_prefix('#') {
            Some(pointer) => super::facts::decoded(pointer) == head,
            None => to == name,
        };
        if targets.any(is_self) {
            return true;
        }
        match self.tags_of(head, discriminator) {
            Tags::Only(values) => values.iter().any(|value| *value == name),
            _ => false,
        }
    }

    /// What the discriminator of `head` can be there.
    fn tags_of(&mut self, head: &str, discriminator: &Value) -> Tags {
        let property = crate::lower::text(discriminator, "propertyName").unwrap_or_default();
        let facts = self.facts(&[Part::new(head)]);
        let properties = facts.into_iter().flat_map(|facts| facts.properties);
        let mut properties = properties.filter(|(name, _)| name == property);
        match properties.next() {
            Some((_, parts)) => self.tag_values(&parts),
            None => Tags::None,
        }
    }

    /// The union of the members that the component at `pointer` stands for.
    pub(in crate::lower) fn build_family(&mut self, pointer: &str) -> Kind {
        let members = self
            .families
            .members
            .get(pointer)
            .cloned()
            .unwrap_or_default();
        let head = self
            .families
            .heads
            .get(pointer)
            .cloned()
            .unwrap_or_default();
        let keys: Vec<&str> = members
            .iter()
            .map(|member| member.rsplit('/').next().unwrap_or_default())
            .collect();
        let keys: Vec<String> = keys
            .into_iter()
            .map(|key| contract_document::unescape(key).into_owned())
            .collect();
        let idents = variants(keys.iter().map(String::as_str));
        let mut choices = Vec::new();
        let mut union = Union {
            exactly_one: true,
            discriminator: None,
            several: None,
            unlisted: None,
            variants: Vec::new(),
        };
        for (member, ident) in members.iter().zip(idents) {
            let base = self.families.bases.get(member);
            let Some(&id) = base.or_else(|| self.components.get(member)) else {
                continue;
            };
            union.variants.push(UnionVariant {
                ident,
                tags: Vec::new(),
                value: Use {
                    shape: Shape::Named(id),
                    nullable: false,
                },
            });
            choices.push((Part::new(member.as_str()), vec![Part::new(member.as_str())]));
        }
        let Some(discriminator) = self.get(&child(&head, "discriminator")) else {
            return Kind::Union(union);
        };
        let inherited = match self.tags_of(&head, discriminator) {
            Tags::Only(values) => values,
            _ => Vec::new(),
        };
        let at = child(&head, "discriminator");
        self.discriminate(&mut union, discriminator, &choices, &inherited);
        if head == pointer {
            self.check_mapped(&union, &at, discriminator);
        }
        Kind::Union(union)
    }

    /// The structs that members of families are by themselves.
    pub(in crate::lower) fn lower_bases(&mut self) {
        for (pointer, id, name) in std::mem::take(&mut self.base_names) {
            let hint = self.hint(&pointer);
            let parts = self.reduced(&[Part::new(pointer.as_str())], Some(&pointer));
            if let Some(kind) = self.build_kind(&parts, &hint) {
                self.fill_type(id, name, None, &pointer, kind);
            }
            self.build_all_pending();
        }
    }
}

/// Everything below `parent`, each once, nearest first.
fn below(children: &HashMap<String, Vec<String>>, parent: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    let mut open = vec![parent.to_owned()];
    while let Some(one) = open.pop() {
        for child in children.get(&one).into_iter().flatten() {
            if child != parent && !found.contains(child) {
                found.push(child.clone());
                open.push(child.clone());
            }
        }
    }
    found
}
