//! The types that are being built, and what can be asked of them before all are there.

use contract_wire::{Date, DateTime, TextValue, Uuid};
use serde_json::Value;

use super::checks::Builder;
use super::rules::{whole_number, within};
use crate::lower::MAX_DEPTH;
use crate::lower::names::Names;
use crate::model::{Checks, Formatted, Kind, Shape, Struct, TypeDef, TypeId, Use};

/// Types by id, and their names.
#[derive(Debug, Default)]
pub(in crate::lower) struct Table {
    /// `None` while a type is being built.
    types: Vec<Option<TypeDef>>,
    pub(in crate::lower) names: Names,
    /// Schemas that values are held against as a whole.
    pub(super) checks: Builder,
}

impl Table {
    /// The id of a type that is still to be filled in.
    pub(super) fn reserve(&mut self) -> TypeId {
        self.types.push(None);
        TypeId(self.types.len() - 1)
    }

    pub(super) fn fill(&mut self, id: TypeId, def: TypeDef) {
        if let Some(slot) = self.types.get_mut(id.0) {
            *slot = Some(def);
        }
    }

    /// Every type with the names that are taken; `None` where one was not filled in.
    pub(super) fn complete(self) -> Option<(Vec<TypeDef>, Names, Checks)> {
        let types: Option<Vec<TypeDef>> = self.types.into_iter().collect();
        Some((types?, self.names, self.checks.made))
    }

    fn kind(&self, id: TypeId) -> Option<&Kind> {
        Some(&self.types.get(id.0)?.as_ref()?.kind)
    }

    /// What `value` is once aliases are followed: its shape, and its kind where that has a name.
    fn followed<'t>(&'t self, value: &'t Use) -> Option<(&'t Shape, Option<&'t Kind>)> {
        let mut shape = &value.shape;
        for _ in 0..MAX_DEPTH {
            let id = match shape {
                Shape::Named(id) => id,
                Shape::Checked(inner, _) => {
                    shape = &inner.shape;
                    continue;
                }
                _ => return Some((shape, None)),
            };
            match self.kind(*id)? {
                Kind::Alias(inner) => shape = &inner.shape,
                kind => return Some((shape, Some(kind))),
            }
        }
        None
    }

    /// The shape of a use, through aliases; `None` for what has more than a shape.
    pub(in crate::lower) fn shape_of<'t>(&'t self, value: &'t Use) -> Option<&'t Shape> {
        match self.followed(value)? {
            (shape, None) => Some(shape),
            _ => None,
        }
    }

    /// The struct that `value` is, through aliases.
    pub(in crate::lower) fn struct_of<'t>(&'t self, value: &'t Use) -> Option<&'t Struct> {
        match self.followed(value)? {
            (_, Some(Kind::Struct(body))) => Some(body),
            _ => None,
        }
    }

    /// Whether `value` is an object whatever it holds: a struct or map, or a union of these.
    pub(in crate::lower) fn is_object(&self, value: &Use) -> bool {
        let mut open = vec![value];
        // A union may contain itself by way of its choices.
        for _ in 0..MAX_DEPTH {
            let Some(value) = open.pop() else {
                return true;
            };
            match self.followed(value) {
                Some((_, Some(Kind::Struct(_)))) | Some((Shape::Map(..), None)) => {}
                Some((_, Some(Kind::Union(union)))) => {
                    open.extend(union.variants.iter().map(|variant| &variant.value));
                }
                _ => return false,
            }
        }
        false
    }

    /// Whether `value` can be written as one piece of text.
    pub(in crate::lower) fn is_plain(&self, value: &Use) -> bool {
        match self.followed(value) {
            Some((_, Some(kind))) => matches!(kind, Kind::Enum(_)),
            Some((Shape::Literal(literal), _)) => literal.is_boolean(),
            Some((shape, _)) => matches!(
                shape,
                Shape::String(_)
                    | Shape::Formatted(_)
                    | Shape::Integer(_)
                    | Shape::Number(_)
                    | Shape::Boolean
            ),
            None => false,
        }
    }

    /// Text has no null, so a parameter or part is there or absent, and so is each item of a list.
    pub(in crate::lower) fn without_null(&self, value: Use) -> Use {
        if let Shape::Checked(inner, check) = value.shape {
            return Use {
                shape: Shape::Checked(Box::new(self.without_null(*inner)), check),
                nullable: false,
            };
        }
        let of = |inner: &Use| {
            Box::new(Use {
                nullable: false,
                ..inner.clone()
            })
        };
        // No longer what the name stands for.
        let shape = match self.shape_of(&value) {
            Some(Shape::Array(inner, rules)) if inner.nullable => {
                Some(Shape::Array(of(inner), rules.clone()))
            }
            Some(Shape::Map(inner, rules)) if inner.nullable => {
                Some(Shape::Map(of(inner), rules.clone()))
            }
            _ => None,
        };
        Use {
            shape: shape.unwrap_or(value.shape),
            nullable: false,
        }
    }

    /// `value` of `wanted` as generated code has it: a whole number has no fraction.
    pub(in crate::lower) fn written(&self, value: &Value, wanted: &Use) -> Value {
        match (self.shape_of(wanted), value) {
            (Some(Shape::Integer(_)), Value::Number(number)) => {
                whole_number(number).map_or_else(|| value.clone(), Value::Number)
            }
            (Some(Shape::Array(item, _)), Value::Array(values)) => {
                let values = values.iter().map(|value| self.written(value, item));
                Value::Array(values.collect())
            }
            _ => value.clone(),
        }
    }

    /// Whether `value` can be decoded as `wanted`: type, closed sets and bounds of plain values.
    pub(super) fn is_value_of(&self, value: &Value, wanted: &Use) -> bool {
        if value.is_null() {
            return wanted.nullable || wanted.shape == Shape::Any;
        }
        match &wanted.shape {
            Shape::String(rules) => value.as_str().is_some_and(|text| {
                let length = text.chars().count() as u64;
                rules.min_length.is_none_or(|min| length >= min)
                    && rules.max_length.is_none_or(|max| length <= max)
            }),
            Shape::Formatted(format) => value.as_str().is_some_and(|text| match format {
                Formatted::DateTime => DateTime::from_text(text).is_some(),
                Formatted::Date => Date::from_text(text).is_some(),
                Formatted::Uuid => Uuid::from_text(text).is_some(),
            }),
            Shape::Integer(rules) => value
                .as_number()
                .is_some_and(|number| whole_number(number).is_some() && within(number, rules)),
            Shape::Number(rules) => value
                .as_number()
                .is_some_and(|number| within(number, rules)),
            Shape::Boolean => value.is_boolean(),
            Shape::Literal(literal) => value == literal,
            Shape::Array(item, _) => value
                .as_array()
                .is_some_and(|items| items.iter().all(|value| self.is_value_of(value, item))),
            Shape::Named(id) => match self.kind(*id) {
                Some(Kind::Enum(values)) => value
                    .as_str()
                    .is_some_and(|text| values.iter().any(|v| v.wire == text)),
                Some(Kind::Alias(inner)) => self.is_value_of(value, inner),
                Some(Kind::Struct(_)) => value.is_object(),
                Some(Kind::Union(_)) | None => true,
            },
            Shape::Map(..) => value.is_object(),
            Shape::Checked(inner, _) => self.is_value_of(value, inner),
            Shape::Any | Shape::Binary => true,
        }
    }
}
