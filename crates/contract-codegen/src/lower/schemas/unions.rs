//! `oneOf`, `anyOf` and several types at once → unions.

use std::collections::HashSet;

use contract_document::child;
use serde_json::{Map, Value};

use super::build::Schemas;
use super::facts::{Facts, Part};
use super::families::component_name;
use super::plan::Planner;
use super::plan::{Choices, Plan};
use super::structs::is_struct;
use crate::lower::Problems;
use crate::lower::document::{Hint, choice_name};
use crate::lower::names::{Names, variants};
use crate::lower::source::{decoded, text};
use crate::lower::values::Types;
use crate::model::{Additional, Kind, Shape, TypeDef, Union, UnionVariant, Use};

impl<'a> Schemas<'a> {
    pub(super) fn build_types(&mut self, types: Types, facts: &Facts<'a>, hint: &Hint) -> Union {
        let mut choices = Vec::new();
        for (one, name) in types.each() {
            let hint = hint.inner(name);
            let shape = if one == Types::OBJECT && is_struct(facts) {
                let name = self.table.names.claim(&hint.name);
                let id = self.table.reserve();
                let kind = Kind::Struct(self.build_struct(facts, &hint));
                self.fill(id, name, None, &facts.pointer, kind);
                Shape::Named(id)
            } else {
                self.single(one, facts, &hint)
            };
            choices.push(UnionVariant {
                ident: name.to_owned(),
                tags: Vec::new(),
                value: Use {
                    shape,
                    nullable: false,
                },
            });
        }
        Union {
            exactly_one: false,
            discriminator: None,
            several: None,
            unlisted: None,
            variants: choices,
        }
    }

    /// An object by its properties, and every value that is no object: what a schema without `type` allows.
    pub(super) fn build_loose(&mut self, facts: &Facts<'a>, hint: &Hint) -> Union {
        let hint = hint.inner("Object");
        let name = self.table.names.claim(&hint.name);
        let id = self.table.reserve();
        let kind = Kind::Struct(self.build_struct(facts, &hint));
        self.fill(id, name, None, &facts.pointer, kind);
        let any = Use {
            shape: Shape::Any,
            nullable: false,
        };
        let other = Shape::Checked(Box::new(any), self.table.checks.no_object());
        let variant = |ident: &str, shape| UnionVariant {
            ident: ident.to_owned(),
            tags: Vec::new(),
            value: Use {
                shape,
                nullable: false,
            },
        };
        Union {
            exactly_one: true,
            discriminator: None,
            several: None,
            unlisted: None,
            variants: vec![variant("Object", Shape::Named(id)), variant("Other", other)],
        }
    }

    pub(in crate::lower) fn build_choices(&mut self, choices: Choices<'a>, hint: &Hint) -> Union {
        let names: Vec<String> = choices
            .each
            .iter()
            .map(|(choice, _)| choice_name(self.source, &choice.pointer))
            .collect();
        let idents = variants(names.iter().map(String::as_str));
        let mut built = Vec::new();
        for ((_, parts), ident) in choices.each.iter().zip(&idents) {
            let value = self.lower_parts(parts, &hint.inner(ident));
            built.push(UnionVariant {
                ident: ident.clone(),
                tags: Vec::new(),
                value: Use {
                    nullable: false,
                    ..value
                },
            });
        }
        let group = choices.group;
        let mut union = Union {
            exactly_one: group.exactly_one,
            discriminator: None,
            several: None,
            unlisted: None,
            variants: built,
        };
        if let Some((pointer, discriminator)) = &group.discriminator {
            self.discriminate(&mut union, discriminator, &choices.each, &[]);
            check_mapped(&union, pointer, discriminator, self.planner.problems);
        }
        union
    }

    /// Finds the values of the discriminator that select each choice. `inherited`: the values that
    /// choices have of a common parent, which says nothing of a single one.
    pub(super) fn discriminate(
        &mut self,
        union: &mut Union,
        discriminator: &'a Value,
        choices: &[(Part, Vec<Part>)],
        inherited: &[String],
    ) {
        let Some(property) = text(discriminator, "propertyName") else {
            return;
        };
        let names = choices.iter().map(|(choice, _)| &choice.pointer);
        let names = names.map(|at| component_name(&self.components.meant(at)?));
        let selection = Selection {
            property,
            mapping: discriminator.get("mapping").and_then(Value::as_object),
            names: names.collect(),
            inherited,
        };
        let mut taken = HashSet::new();
        let mut is_selected = true;
        let variants = union.variants.iter_mut().zip(choices).enumerate();
        for (index, (variant, choice)) in variants {
            let tags = self.tags(&selection, index, choice, &variant.value);
            let tags = tags.and_then(|tags| {
                let twice = tags.iter().find(|tag| !taken.insert((*tag).clone()));
                match twice {
                    Some(tag) => {
                        let message = format!("`{property}: {tag}` selects two choices");
                        self.warn_of_tag(
                            &choice.0.pointer,
                            &message,
                            "give each choice its own value",
                        );
                        None
                    }
                    None => Some(tags),
                }
            });
            let Some(tags) = tags else {
                is_selected = false;
                continue;
            };
            variant.tags = tags;
        }
        if !is_selected {
            for variant in &mut union.variants {
                variant.tags.clear();
            }
            return;
        }
        let idents = union.variants.iter().map(|variant| &variant.ident);
        union.unlisted = Some(free(idents, "Unlisted"));
        union.discriminator = Some(property.to_owned());
    }

    /// The values of the discriminator that select a choice, which is `value`; `None` after a refusal.
    fn tags(
        &mut self,
        selection: &Selection<'_>,
        index: usize,
        (choice, parts): &(Part, Vec<Part>),
        value: &Use,
    ) -> Option<Vec<String>> {
        let property = selection.property;
        let planned = self.planner.plan(parts)?;
        let is_object = matches!(planned.plan, Plan::One(Types::OBJECT) | Plan::Same(_));
        let mut properties = planned.facts.properties.iter();
        let found = properties.find(|(name, _)| name == property);
        let found = found.filter(|_| is_object && planned.facts.is_required(property));
        let Some((_, of_property)) = found else {
            let message =
                format!("the choice is no object with the required property `{property}`");
            let hint = format!("declare `{property}` in every choice, or remove `discriminator`");
            self.warn_of_tag(&choice.pointer, &message, &hint);
            return None;
        };
        let target = self.components.meant(&choice.pointer);
        let name = selection.names.get(index).cloned().flatten();
        let is_this = |to: &str| match to.strip_prefix('#') {
            Some(pointer) => Some(decoded(pointer)) == target,
            None => Some(to) == name.as_deref(),
        };
        let mapping = selection.mapping.into_iter().flatten();
        let mapped = mapping.filter(|(_, to)| is_this(to.as_str().unwrap_or_default()));
        let mut tags: Vec<String> = mapped.map(|(tag, _)| tag.clone()).collect();
        // A member of a family stands in it by itself, as another type.
        let is_family = |target: &String| {
            let id = self.components.at(target).map(Shape::Named);
            self.families.is_union(target) && id.as_ref() == Some(&value.shape)
        };
        if let Some(target) = target.filter(is_family) {
            // A choice that has choices itself is selected by what selects those.
            let family = self.build_family(&target);
            if family.discriminator.as_deref() == Some(property) {
                tags.extend(family.variants.into_iter().flat_map(|one| one.tags));
                let mut once = HashSet::new();
                tags.retain(|tag| once.insert(tag.clone()));
            }
            return Some(tags);
        }
        let values = self.planner.tag_values(of_property);
        if tags.is_empty() {
            tags = match &values {
                // A set that all share selects none: each choice is called by its name.
                Tags::Only(only) if !selection.is_shared(only) => only.clone(),
                _ => name.into_iter().collect(),
            };
        }
        let (message, hint) = match tags.iter().find(|tag| !values.can_be(tag)) {
            None if !tags.is_empty() => return Some(tags),
            None => (
                format!("no value of `{property}` selects this choice"),
                "make the choice a component, or give the property a `const`".to_owned(),
            ),
            Some(tag) => (
                format!("`{property}` cannot be `{tag}` in the choice that this selects"),
                format!("give `{property}` a `const` in each choice, or correct `mapping`"),
            ),
        };
        self.warn_of_tag(&choice.pointer, &message, &hint);
        None
    }

    /// Warns of a choice that no value of the discriminator selects, or that of another one, too.
    fn warn_of_tag(&mut self, pointer: &str, message: &str, hint: &str) {
        let message = format!("{message}: choices are told apart by what they hold");
        self.planner.problems.warn(pointer, message, hint);
    }
}

/// Warns of values of the discriminator that are mapped to what is no choice.
pub(super) fn check_mapped(
    union: &Union,
    pointer: &str,
    discriminator: &Value,
    problems: &mut Problems,
) {
    let mapping = discriminator.get("mapping").and_then(Value::as_object);
    let unmapped = mapping.into_iter().flatten().filter(|(tag, _)| {
        let mut tags = union.variants.iter().flat_map(|variant| &variant.tags);
        tags.all(|known| known != *tag)
    });
    for (tag, _) in unmapped.filter(|_| union.discriminator.is_some()) {
        let at = child(&child(pointer, "mapping"), tag);
        problems.warn(
            &at,
            format!(
                "`{tag}` is mapped to a schema that is no choice of this union, and has no effect"
            ),
            "map it to one of the choices, or add the choice",
        );
    }
}

impl Planner<'_> {
    /// What the property that selects a choice can be there.
    pub(in crate::lower) fn tag_values(&mut self, parts: &[Part]) -> Tags {
        match self.plan(parts).map(|planned| planned.plan) {
            Some(Plan::Texts(texts)) => Tags::Only(texts),
            Some(Plan::Literal(Value::Bool(flag))) => Tags::Only(vec![flag.to_string()]),
            Some(Plan::Literal(Value::Number(number))) => Tags::Only(vec![number.to_string()]),
            Some(Plan::Numbers(numbers, Types::INTEGER)) => {
                Tags::Only(numbers.iter().map(ToString::to_string).collect())
            }
            Some(Plan::One(Types::STRING) | Plan::Any) => Tags::Text,
            Some(Plan::One(Types::INTEGER)) => Tags::Integer,
            Some(Plan::One(Types::BOOLEAN)) => Tags::Boolean,
            Some(Plan::Same(parts)) => self.tag_values(&parts),
            _ => Tags::None,
        }
    }
}

/// What the choices of a union are told apart by.
struct Selection<'s> {
    property: &'s str,
    mapping: Option<&'s Map<String, Value>>,
    /// Names of the components that the choices are.
    names: Vec<Option<String>>,
    /// Values that choices have of a common parent.
    inherited: &'s [String],
}

impl Selection<'_> {
    /// Whether `values` are those of several choices.
    fn is_shared(&self, values: &[String]) -> bool {
        let names = self.names.iter().flatten();
        values == self.inherited || names.filter(|name| values.contains(name)).count() > 1
    }
}

/// Values that can select a choice, as text.
#[derive(Debug)]
pub(in crate::lower) enum Tags {
    Only(Vec<String>),
    Text,
    Integer,
    Boolean,
    None,
}

impl Tags {
    fn can_be(&self, tag: &str) -> bool {
        match self {
            Tags::Only(only) => only.iter().any(|one| one == tag),
            Tags::Text => true,
            Tags::Integer => tag
                .parse::<i64>()
                .is_ok_and(|value| value.to_string() == tag),
            Tags::Boolean => matches!(tag, "true" | "false"),
            Tags::None => false,
        }
    }
}

/// `name`, or that with a number, so that it is none of `taken`.
fn free<'n>(taken: impl Iterator<Item = &'n String>, name: &str) -> String {
    let mut names = Names::default();
    for taken in taken {
        names.claim(taken);
    }
    names.claim(name)
}

/// Finds the unions without discriminator of which a value can be several choices with nothing to
/// lose of any.
pub(super) fn find_several(types: &mut [TypeDef]) {
    let found: Vec<Option<String>> = types
        .iter()
        .map(|def| {
            let Kind::Union(union) = &def.kind else {
                return None;
            };
            if union.exactly_one || union.discriminator.is_some() {
                return None;
            }
            let choices = &union.variants;
            let is_chain = choices.iter().enumerate().all(|(index, one)| {
                choices[index + 1..].iter().all(|other| {
                    covers(types, &one.value, &other.value, 0)
                        || covers(types, &other.value, &one.value, 0)
                })
            });
            let idents = choices.iter().map(|variant| &variant.ident);
            (!is_chain).then(|| free(idents, "Several"))
        })
        .collect();
    for (def, several) in types.iter_mut().zip(found) {
        if let Kind::Union(union) = &mut def.kind {
            union.several = several;
        }
    }
}

/// Whether what is both `one` and `other` is kept whole by `one`.
fn covers(types: &[TypeDef], one: &Use, other: &Use, depth: usize) -> bool {
    if depth > 16 {
        // Too deep to be sure.
        return false;
    }
    let depth = depth + 1;
    let kind = |value: &Use| match value.shape {
        Shape::Named(id) => types.get(id.0).map(|def| &def.kind),
        _ => None,
    };
    if let Shape::Checked(one, _) = &one.shape {
        return covers(types, one, other, depth);
    }
    if let Shape::Checked(other, _) = &other.shape {
        return covers(types, one, other, depth);
    }
    if let Some(Kind::Alias(target)) = kind(one) {
        return covers(types, target, other, depth);
    }
    if let Some(Kind::Alias(target)) = kind(other) {
        return covers(types, one, target, depth);
    }
    if one.shape == other.shape || one.shape == Shape::Any {
        return true;
    }
    let is_any = |additional: &Additional| match additional {
        Additional::Kept(value) => value.shape == Shape::Any,
        _ => false,
    };
    match (kind(one), &one.shape, kind(other), &other.shape) {
        (Some(Kind::Union(_)), ..) | (_, _, Some(Kind::Union(_)), _) => false,
        (Some(Kind::Struct(one)), _, Some(Kind::Struct(other)), _) => {
            let kept = matches!(one.additional, Additional::Kept(_));
            let rest = !matches!(other.additional, Additional::Kept(_)) || is_any(&one.additional);
            rest && other.fields.iter().all(|field| {
                let own = one.fields.iter().find(|own| own.wire == field.wire);
                own.map_or(kept, |own| covers(types, &own.value, &field.value, depth))
            })
        }
        (Some(Kind::Struct(one)), _, _, Shape::Map(..)) => is_any(&one.additional),
        (_, Shape::Map(value, _), Some(Kind::Struct(other)), _) => {
            let fields = other.fields.iter();
            let mut values = fields.map(|field| &field.value);
            let rest = match &other.additional {
                Additional::Kept(rest) => covers(types, value, rest, depth),
                _ => true,
            };
            rest && values.all(|field| covers(types, value, field, depth))
        }
        (_, Shape::Map(one, _), _, Shape::Map(other, _)) => covers(types, one, other, depth),
        (_, Shape::Array(one, _), _, Shape::Array(other, _)) => covers(types, one, other, depth),
        (_, _, _, Shape::Any) => !matches!(
            (kind(one), &one.shape),
            (Some(Kind::Struct(_)), _) | (_, Shape::Map(..) | Shape::Array(..))
        ),
        // Plain values, and kinds of values of which none is of both.
        _ => true,
    }
}
