//! `oneOf`, `anyOf` and several types at once → unions.

use std::collections::HashSet;

use document::child;
use serde_json::Value;

use super::facts::{Facts, Part};
use super::hints::Hint;
use super::names::variants;
use super::plan::{Choices, Plan};
use super::schemas::is_struct;
use super::values::Types;
use super::{Lowering, text};
use crate::model::{Kind, Shape, Union, UnionVariant, Use};

impl<'a> Lowering<'a> {
    pub(super) fn build_types(&mut self, types: Types, facts: &Facts<'a>, hint: &Hint) -> Union {
        let mut choices = Vec::new();
        for (one, name) in types.each() {
            let hint = hint.inner(name);
            let shape = if one == Types::OBJECT && is_struct(facts) {
                let name = self.type_names.claim(&hint.name);
                let id = self.reserve_type();
                let kind = Kind::Struct(self.build_struct(facts, &hint));
                self.fill_type(id, name, None, &facts.pointer.clone(), kind);
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
            variants: choices,
        }
    }

    pub(super) fn build_choices(&mut self, choices: Choices<'a>, hint: &Hint) -> Union {
        let names: Vec<String> = choices
            .each
            .iter()
            .map(|(choice, _)| self.choice_name(&choice.pointer))
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
            variants: built,
        };
        if let Some((pointer, discriminator)) = &group.discriminator {
            self.discriminate(&mut union, pointer, discriminator, &choices.each);
        }
        union
    }

    /// Finds the values of the discriminator that select each choice.
    fn discriminate(
        &mut self,
        union: &mut Union,
        pointer: &str,
        discriminator: &'a Value,
        choices: &[(Part, Vec<Part>)],
    ) {
        let Some(property) = text(discriminator, "propertyName") else {
            return;
        };
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let mut taken = HashSet::new();
        let mut mapped = HashSet::new();
        for (variant, (choice, parts)) in union.variants.iter_mut().zip(choices) {
            let Some(planned) = self.plan(parts) else {
                return;
            };
            let is_object = matches!(planned.plan, Plan::One(Types::OBJECT) | Plan::Same(_));
            let has_property = planned
                .facts
                .properties
                .iter()
                .any(|(name, _)| name == property);
            let is_tagged = has_property && planned.facts.is_required(property);
            if !is_object || !is_tagged {
                self.refuse(
                    &choice.pointer,
                    format!("the choice is no object with the required property `{property}`"),
                    format!("declare `{property}` in every choice, or remove `discriminator`"),
                );
                return;
            }
            let target = self
                .get(&choice.pointer)
                .and_then(|schema| self.target(schema));
            let name = target
                .as_deref()
                .and_then(|target| target.strip_prefix("/components/schemas/"));
            let name = name.map(|name| document::unescape(name).into_owned());
            for (tag, to) in mapping.into_iter().flatten() {
                let to = to.as_str().unwrap_or_default();
                let is_this = match to.strip_prefix('#') {
                    Some(pointer) => Some(super::facts::decoded(pointer)) == target,
                    None => Some(to) == name.as_deref(),
                };
                if is_this {
                    mapped.insert(tag.clone());
                    variant.tags.push(tag.clone());
                }
            }
            if variant.tags.is_empty() {
                let property = planned
                    .facts
                    .properties
                    .iter()
                    .find(|(name, _)| name == property);
                let parts = property.map(|(_, parts)| parts.clone()).unwrap_or_default();
                variant.tags = match self.plan(&parts).map(|planned| planned.plan) {
                    Some(Plan::Texts(texts)) => texts,
                    _ => name.into_iter().collect(),
                };
            }
            if variant.tags.is_empty() {
                self.refuse(
                    &choice.pointer,
                    format!("no value of `{property}` selects this choice"),
                    "make the choice a component, or give the property a `const`",
                );
                return;
            }
            if let Some(tag) = variant
                .tags
                .iter()
                .find(|tag| !taken.insert((*tag).clone()))
            {
                let message = format!("`{property}: {tag}` selects two choices");
                self.refuse(&choice.pointer, message, "give each choice its own value");
                return;
            }
        }
        for (tag, _) in mapping
            .into_iter()
            .flatten()
            .filter(|(tag, _)| !mapped.contains(*tag))
        {
            let at = child(&child(pointer, "mapping"), tag);
            self.refuse(
                &at,
                format!("`{tag}` is mapped to a schema that is no choice of this union"),
                "map it to one of the choices, or add the choice",
            );
        }
        union.discriminator = Some(property.to_owned());
    }
}
