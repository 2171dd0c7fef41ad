//! Schemas → types.

use std::collections::HashSet;

use serde_json::Value;

use super::facts::{Extra, Facts, Part};
use super::plan::Plan;
use super::rules::whole;
use super::values::Types;
use crate::lower::document::hints::Hint;
use crate::lower::names::{Names, escaped, pascal, snake};
use crate::lower::{Lowering, MAX_DEPTH, examples, flag, owned};
use crate::model::{Additional, Field, Kind, Shape, Struct, TypeDef, TypeId, Use};

/// An inline type that has its name.
pub(in crate::lower) struct Pending {
    id: TypeId,
    name: String,
    parts: Vec<Part>,
    hint: Hint,
    place: String,
}

/// What a schema became.
enum Built {
    Kind(Kind),
    Use(Use),
}

impl<'a> Lowering<'a> {
    /// Gives every component schema its name, before anything refers to it.
    pub(in crate::lower) fn reserve_components(&mut self) {
        for (key, pointer, _) in self.all_entries("/components/schemas") {
            let name = pascal(key);
            if !self.type_names.is_free(&name) {
                self.refuse_key(
                    &pointer,
                    format!("`{key}` and another component schema are both `{name}` in Rust"),
                    "rename one of them",
                );
            }
            let name = self.type_names.claim(&name);
            let id = self.reserve_type();
            self.components.insert(pointer.clone(), id);
            self.component_names.push((pointer, key.to_owned(), name));
        }
    }

    pub(in crate::lower) fn lower_components(&mut self) {
        for (pointer, key, name) in std::mem::take(&mut self.component_names) {
            let Some(&id) = self.components.get(&pointer) else {
                continue;
            };
            if self.families.is_union(&pointer) {
                let kind = self.build_family(&pointer);
                self.fill_type(id, name, Some(key), &pointer, kind);
                continue;
            }
            let hint = self.hint(&pointer);
            let parts = self.reduced(&[Part::new(pointer.as_str())], Some(&pointer));
            let built = match parts.as_slice() {
                [] => Built::Use(any()),
                // A child that adds nothing is still another type than its parent.
                [part] if self.families.is_union(&part.pointer) && self.includes(&pointer) => {
                    self.build(&parts, &hint)
                }
                [part] if self.names_component(part) && part.pointer != pointer => {
                    Built::Use(self.lower_parts(&parts, &hint))
                }
                _ => self.build(&parts, &hint),
            };
            let kind = match built {
                Built::Kind(kind) => kind,
                Built::Use(value) => Kind::Alias(Use {
                    nullable: false,
                    ..value
                }),
            };
            self.fill_type(id, name, Some(key), &pointer, kind);
            self.build_all_pending();
        }
    }

    /// Whether the component at `pointer` includes others, rather than only refers to one.
    fn includes(&self, pointer: &str) -> bool {
        self.get(pointer)
            .is_some_and(|schema| schema.get("allOf").is_some())
    }

    /// What `parts` are, if that has a type of its own.
    pub(in crate::lower) fn build_kind(&mut self, parts: &[Part], hint: &Hint) -> Option<Kind> {
        match self.build(parts, hint) {
            Built::Kind(kind) => Some(kind),
            Built::Use(_) => None,
        }
    }

    /// The type of the schema at `pointer`.
    pub(in crate::lower) fn lower_schema(&mut self, pointer: &str) -> Use {
        let hint = self.hint(pointer);
        let value = self.lower_parts(&[Part::new(pointer)], &hint);
        self.build_all_pending();
        value
    }

    /// The type of what satisfies all of `parts`; `hint` names it if it stands at no one place.
    pub(in crate::lower) fn lower_parts(&mut self, parts: &[Part], hint: &Hint) -> Use {
        let hint = match parts {
            [part] if !part.bare => self.hint(&part.pointer),
            _ => hint.clone(),
        };
        let place = parts
            .first()
            .map(|part| part.pointer.clone())
            .unwrap_or_default();
        let reduced = self.reduced(parts, None);
        if reduced.is_empty() {
            return any();
        }
        if let Some(named) = self.named_component(&reduced) {
            return named;
        }
        if let Some(&id) = self.inline.get(&reduced) {
            return Use {
                shape: Shape::Named(id),
                nullable: self.accepts_null(&reduced),
            };
        }
        if self.depth > MAX_DEPTH {
            self.refuse_circle(&place);
            return any();
        }
        self.depth += 1;
        let lowered = self.lower_inline(&reduced, &hint, &place);
        self.depth -= 1;
        lowered
    }

    fn lower_inline(&mut self, parts: &[Part], hint: &Hint, place: &str) -> Use {
        let Some(planned) = self.plan(parts) else {
            return any();
        };
        let nullable = planned.nullable;
        let is_named = match &planned.plan {
            Plan::Texts(_) | Plan::Choices(_) | Plan::Types(_) => true,
            Plan::One(Types::OBJECT) => is_struct(&planned.facts),
            _ => false,
        };
        if !is_named {
            return match self.build(parts, hint) {
                Built::Use(value) => with_null(value.shape, value.nullable || nullable),
                Built::Kind(_) => any(),
            };
        }
        let alike = (hint.last.clone(), self.canonical(parts));
        if let Some(&id) = self.alike.get(&alike) {
            return Use {
                shape: Shape::Named(id),
                nullable,
            };
        }
        let name = self.type_names.claim(&hint.name);
        let id = self.reserve_type();
        self.inline.insert(parts.to_vec(), id);
        self.alike.insert(alike, id);
        let hint = Hint {
            name: name.clone(),
            last: hint.last.clone(),
        };
        let pending = Pending {
            id,
            name,
            parts: parts.to_vec(),
            hint,
            place: place.to_owned(),
        };
        // Structs and unions wait, so that chains of inline schemas, however long, need no stack.
        match planned.plan {
            Plan::Texts(_) => self.build_pending(pending),
            _ => self.pending.push_back(pending),
        }
        Use {
            shape: Shape::Named(id),
            nullable,
        }
    }

    /// Builds the inline types that were named but not built.
    pub(in crate::lower) fn build_all_pending(&mut self) {
        while let Some(pending) = self.pending.pop_front() {
            self.build_pending(pending);
        }
    }

    fn build_pending(&mut self, pending: Pending) {
        if let Built::Kind(kind) = self.build(&pending.parts, &pending.hint) {
            self.fill_type(pending.id, pending.name, None, &pending.place, kind);
        }
    }

    fn build(&mut self, parts: &[Part], hint: &Hint) -> Built {
        let Some(planned) = self.plan(parts) else {
            return Built::Use(any());
        };
        let facts = planned.facts;
        let nullable = planned.nullable;
        let used = |shape| Built::Use(with_null(shape, nullable));
        self.check_bounds(&facts);
        match planned.plan {
            Plan::Any => Built::Use(any()),
            Plan::Binary => used(Shape::Binary),
            Plan::Literal(value) => used(Shape::Literal(value)),
            Plan::Same(parts) => {
                let value = self.lower_parts(&parts, hint);
                Built::Use(with_null(value.shape, nullable))
            }
            Plan::Texts(texts) => Built::Kind(Kind::Enum(self.allowed_texts(texts, &facts))),
            Plan::Numbers(numbers, types) => {
                let mut rules = facts.number.clone();
                rules.allowed = self.allowed_numbers(numbers, &facts);
                match types {
                    Types::INTEGER => used(Shape::Integer(whole(rules))),
                    _ => used(Shape::Number(rules)),
                }
            }
            Plan::One(Types::OBJECT) if is_struct(&facts) => {
                Built::Kind(Kind::Struct(self.build_struct(&facts, hint)))
            }
            Plan::One(types) => used(self.single(types, &facts, hint)),
            Plan::Types(types) => Built::Kind(Kind::Union(self.build_types(types, &facts, hint))),
            Plan::Choices(choices) => Built::Kind(Kind::Union(self.build_choices(choices, hint))),
        }
    }

    pub(in crate::lower) fn single(
        &mut self,
        types: Types,
        facts: &Facts<'a>,
        hint: &Hint,
    ) -> Shape {
        match types {
            Types::STRING => Shape::String(facts.string.clone()),
            Types::INTEGER => Shape::Integer(whole(facts.number.clone())),
            Types::NUMBER => Shape::Number(facts.number.clone()),
            Types::BOOLEAN => Shape::Boolean,
            Types::ARRAY => {
                let item = match facts.items.as_slice() {
                    [] => any(),
                    items => self.lower_parts(items, &hint.item()),
                };
                Shape::Array(Box::new(item), facts.array.clone())
            }
            Types::OBJECT => {
                let value = match &facts.extra {
                    Extra::Parts(parts) => self.lower_parts(parts, &hint.inner("Value")),
                    _ => any(),
                };
                Shape::Map(Box::new(value), facts.object.clone())
            }
            _ => Shape::Any,
        }
    }

    pub(in crate::lower) fn build_struct(&mut self, facts: &Facts<'a>, hint: &Hint) -> Struct {
        let additional = match &facts.extra {
            Extra::Absent => Additional::Ignored,
            Extra::Denied => Additional::Denied,
            Extra::Any => Additional::Kept(Box::new(any())),
            Extra::Parts(parts) => {
                let value = self.lower_parts(parts, &hint.inner("Value"));
                Additional::Kept(Box::new(value))
            }
        };
        let mut names = Names::default();
        if matches!(additional, Additional::Kept(_)) {
            names.claim("additional_properties");
        }
        let mut fields = Vec::new();
        for (wire, parts) in &facts.properties {
            let ident = escaped(names.claim(&snake(wire)));
            let value = self.lower_parts(parts, &hint.inner(wire));
            fields.push(self.field(wire, ident, value, parts, facts.is_required(wire)));
        }
        let listed: HashSet<&String> = facts.properties.iter().map(|(name, _)| name).collect();
        for (wire, pointer) in facts
            .required
            .iter()
            .filter(|(name, _)| !listed.contains(name))
        {
            let value = match &facts.extra {
                Extra::Parts(parts) => self.lower_parts(parts, &hint.inner("Value")),
                Extra::Absent | Extra::Any => any(),
                Extra::Denied => {
                    self.refuse(
                        pointer,
                        format!(
                            "`{wire}` is required, but `additionalProperties: false` forbids it"
                        ),
                        "list it under `properties`",
                    );
                    continue;
                }
            };
            let ident = escaped(names.claim(&snake(wire)));
            fields.push(self.field(wire, ident, value, &[Part::new(pointer.as_str())], true));
        }
        let extra = match &facts.extra {
            Extra::Parts(parts) => parts.clone(),
            _ => Vec::new(),
        };
        let mut is_flagged =
            |key| -> bool { extra.iter().any(|part| self.is_flagged(&part.pointer, key)) };
        let (additional_read_only, additional_write_only) =
            (is_flagged("readOnly"), is_flagged("writeOnly"));
        Struct {
            fields,
            excluded: Vec::new(),
            additional,
            additional_read_only,
            additional_write_only,
            min_properties: facts.object.min_properties,
            max_properties: facts.object.max_properties,
        }
    }

    fn field(
        &mut self,
        wire: &str,
        ident: String,
        value: Use,
        parts: &[Part],
        required: bool,
    ) -> Field {
        let own: Vec<&Value> = parts
            .iter()
            .filter_map(|part| self.get(&part.pointer))
            .collect();
        let default = parts
            .iter()
            .find_map(|part| self.annotation(&part.pointer, "default"));
        if let (Some(default), Some(part)) = (default, parts.first()) {
            self.check_default(default, &value, wire, &part.pointer);
        }
        let (read_only, write_only) = self.directions(wire, parts);
        Field {
            wire: wire.to_owned(),
            ident,
            required,
            boxed: false,
            default: default.cloned(),
            description: own.iter().find_map(|schema| documentation(schema)),
            deprecated: own.iter().any(|schema| flag(schema, "deprecated")),
            read_only,
            write_only,
            examples: own.iter().flat_map(|schema| examples(schema)).collect(),
            pointer: parts
                .first()
                .map(|part| part.pointer.clone())
                .unwrap_or_default(),
            value,
        }
    }

    /// An annotation of the schema at `pointer` or of what it refers to.
    pub(in crate::lower) fn annotation(&self, pointer: &str, key: &str) -> Option<&'a Value> {
        let mut pointer = pointer.to_owned();
        for _ in 0..MAX_DEPTH {
            let schema = self.get(&pointer)?;
            if let Some(value) = schema.get(key) {
                return Some(value);
            }
            pointer = match (self.target(schema), schema.get("allOf")) {
                (Some(target), _) => target,
                (None, Some(Value::Array(parts))) if parts.len() == 1 => {
                    format!("{pointer}/allOf/0")
                }
                _ => return None,
            };
        }
        None
    }

    pub(in crate::lower) fn reserve_type(&mut self) -> TypeId {
        self.types.push(None);
        TypeId(self.types.len() - 1)
    }

    pub(in crate::lower) fn fill_type(
        &mut self,
        id: TypeId,
        name: String,
        component: Option<String>,
        pointer: &str,
        kind: Kind,
    ) {
        let schema = self.get(pointer).unwrap_or(&Value::Null);
        let def = TypeDef {
            name,
            component,
            pointer: pointer.to_owned(),
            description: documentation(schema),
            deprecated: flag(schema, "deprecated"),
            examples: examples(schema),
            in_request: false,
            in_response: false,
            kind,
        };
        if let Some(slot) = self.types.get_mut(id.0) {
            *slot = Some(def);
        }
    }
}

/// Anything.
pub(in crate::lower) fn any() -> Use {
    Use {
        shape: Shape::Any,
        nullable: false,
    }
}

/// `shape`, with `null` unless that is a value of it anyway.
fn with_null(shape: Shape, nullable: bool) -> Use {
    let holds_null = matches!(shape, Shape::Any | Shape::Literal(Value::Null));
    Use {
        nullable: nullable && !holds_null,
        shape,
    }
}

/// Whether an object is a struct rather than a map.
pub(in crate::lower) fn is_struct(facts: &Facts<'_>) -> bool {
    !facts.properties.is_empty()
        || !facts.required.is_empty()
        || matches!(facts.extra, Extra::Denied)
}

/// Title and description.
pub(in crate::lower) fn documentation(schema: &Value) -> Option<String> {
    match (owned(schema, "title"), owned(schema, "description")) {
        (Some(title), Some(description)) => Some(format!("{title}\n\n{description}")),
        (title, description) => title.or(description),
    }
}
