//! A component with a discriminator and without `oneOf` or `anyOf` is the parent of the components
//! that include it by `allOf`: where it stands, any of them may.
//!
//! So it is a union of its children, their children, and itself if a value of the discriminator
//! means it: one that `mapping` sends to it, or its own name where the property is a closed set. A
//! child with children of its own is likewise a union, and stands in it by its own name. What a
//! member of a family has by itself, apart from the union, is the struct `…Base`.

use std::collections::{BTreeSet, HashMap};

use contract_document::{child, unescape};
use serde_json::Value;

use super::build::Schemas;
use super::components::is_annotation;
use super::facts::Part;
use super::plan::Planner;
use super::table::Table;
use super::unions::{Tags, check_mapped};
use crate::lower::names::{pascal, variants};
use crate::lower::source::{decoded, list, text};
use crate::lower::{MAX_DEPTH, Source};
use crate::model::{Shape, TypeId, Union, UnionVariant, Use};

/// Components that stand for others.
#[derive(Debug, Default)]
pub(super) struct Families {
    /// Pointer of the component → those it stands for, itself included where it stands for itself.
    members: HashMap<String, Vec<String>>,
    /// Pointer of such a component → the pointer of the one whose discriminator it has.
    heads: HashMap<String, String>,
    /// What members are by themselves, where that is needed, in the order of the document.
    pub(super) bases: Vec<Base>,
}

/// What a member of a family is by itself.
#[derive(Debug, Clone)]
pub(super) struct Base {
    pub(super) pointer: String,
    pub(super) id: TypeId,
    pub(super) name: String,
}

impl Families {
    /// Finds the families, and names in `table` what their members are by themselves.
    pub(super) fn find(planner: &mut Planner<'_>, table: &mut Table) -> Families {
        let mut families = Families::default();
        let source = planner.source;
        let components = source.all_entries("/components/schemas");
        let mut children: HashMap<String, Vec<String>> = HashMap::new();
        for (_, pointer, schema) in &components {
            let mut parents = BTreeSet::new();
            find_parents(source, schema, &mut parents, 0);
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
                if below.is_empty() || families.is_union(&member) {
                    continue;
                }
                let mut all = Vec::new();
                if member != *head || stands_for_itself(head, schema, planner) {
                    all.push(member.clone());
                }
                all.extend(below);
                families.members.insert(member.clone(), all);
                families.heads.insert(member, head.clone());
            }
        }
        let needed: BTreeSet<&String> = families.members.values().flatten().collect();
        let bases = components.iter().filter(|(_, pointer, _)| {
            families.members.contains_key(pointer) && needed.contains(pointer)
        });
        families.bases = bases
            .map(|(key, pointer, _)| {
                let name = table.names.claim(&format!("{}Base", pascal(key)));
                let (id, pointer) = (table.reserve(), pointer.clone());
                Base { pointer, id, name }
            })
            .collect();
        families
    }

    /// Whether the component at `pointer` stands for others.
    pub(super) fn is_union(&self, pointer: &str) -> bool {
        self.members.contains_key(pointer)
    }
}

/// The components that `schema` includes.
fn find_parents(source: Source<'_>, schema: &Value, found: &mut BTreeSet<String>, depth: usize) {
    if depth > MAX_DEPTH {
        return;
    }
    // A reference alone is another name, with anything beside it a child.
    let mut keys = schema.as_object().into_iter().flatten().map(|(key, _)| key);
    let extends = depth > 0 || keys.any(|key| key != "$ref" && !is_annotation(key));
    if let Some(target) = source.target(schema).filter(|_| extends) {
        found.insert(target);
    }
    for part in list(schema, "allOf") {
        find_parents(source, part, found, depth + 1);
    }
}

/// Whether what stands at `pointer` includes the component `wanted`.
pub(super) fn includes_component(source: Source<'_>, pointer: &str, wanted: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut open = vec![pointer.to_owned()];
    while let Some(pointer) = open.pop() {
        let Some(schema) = source
            .get(&pointer)
            .filter(|_| seen.insert(pointer.clone()))
        else {
            continue;
        };
        let mut parents = BTreeSet::new();
        find_parents(source, schema, &mut parents, 0);
        parents.extend(source.target(schema));
        if parents.contains(wanted) {
            return true;
        }
        open.extend(parents);
    }
    false
}

/// Whether one of `children` is a choice of the union at `pointer`, which it then includes
/// without being a union itself: many tools write families like that.
pub(super) fn is_parent_of(source: Source<'_>, pointer: &str, children: &[String]) -> bool {
    let Some(schema) = source.get(pointer) else {
        return false;
    };
    let choices = ["oneOf", "anyOf"].into_iter();
    let choices = choices.flat_map(|key| list(schema, key));
    let mut targets = choices.filter_map(|choice| source.target(choice));
    targets.any(|target| children.contains(&target))
}

/// The name of the component at `pointer`.
pub(super) fn component_name(pointer: &str) -> Option<String> {
    let name = pointer.strip_prefix("/components/schemas/")?;
    Some(unescape(name).into_owned())
}

/// Whether a value of the discriminator of `head` means `head` itself.
fn stands_for_itself(head: &str, schema: &Value, planner: &mut Planner<'_>) -> bool {
    let discriminator = schema.get("discriminator").unwrap_or(&Value::Null);
    let name = component_name(head).unwrap_or_default();
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let targets = mapping.into_iter().flatten();
    let mut targets = targets.filter_map(|(_, to)| to.as_str());
    let is_self = |to: &str| match to.strip_prefix('#') {
        Some(pointer) => decoded(pointer) == head,
        None => to == name,
    };
    if targets.any(is_self) {
        return true;
    }
    match tags_of(head, discriminator, planner) {
        Tags::Only(values) => values.contains(&name),
        _ => false,
    }
}

/// What the discriminator of `head` can be there.
fn tags_of(head: &str, discriminator: &Value, planner: &mut Planner<'_>) -> Tags {
    let property = text(discriminator, "propertyName").unwrap_or_default();
    let facts = planner.facts(&[Part::new(head)]);
    let properties = facts.into_iter().flat_map(|facts| facts.properties);
    let mut properties = properties.filter(|(name, _)| name == property);
    match properties.next() {
        Some((_, parts)) => planner.tag_values(&parts),
        None => Tags::None,
    }
}

impl Schemas<'_> {
    /// The union of the members that the component at `pointer` stands for.
    pub(super) fn build_family(&mut self, pointer: &str) -> Union {
        let families = &self.families;
        let members = families.members.get(pointer).cloned().unwrap_or_default();
        let head = families.heads.get(pointer).cloned().unwrap_or_default();
        let keys = members.iter().map(|member| {
            let key = member.rsplit('/').next().unwrap_or_default();
            unescape(key).into_owned()
        });
        let keys: Vec<String> = keys.collect();
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
            let mut bases = families.bases.iter();
            let base = bases
                .find(|base| base.pointer == *member)
                .map(|base| base.id);
            let Some(id) = base.or_else(|| self.components.at(member)) else {
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
        let at = child(&head, "discriminator");
        let Some(discriminator) = self.source.get(&at) else {
            return union;
        };
        let inherited = match tags_of(&head, discriminator, &mut self.planner) {
            Tags::Only(values) => values,
            _ => Vec::new(),
        };
        self.discriminate(&mut union, discriminator, &choices, &inherited);
        // What nothing tells apart is what keeps most of it.
        union.exactly_one = union.discriminator.is_some();
        if head == pointer {
            check_mapped(&union, &at, discriminator, self.planner.problems);
        }
        union
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
