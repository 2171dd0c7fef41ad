//! Schemas → types.

use std::collections::{HashMap, VecDeque};

use serde_json::Value;

use super::components::{Components, canonical};
use super::facts::{Extra, Facts, Part, first_place};
use super::families::Families;
use super::plan::{Plan, Planned, Planner};
use super::rules::{allowed_numbers, allowed_texts, check_bounds, whole};
use super::structs::{documentation, is_loose_object, is_struct};
use super::table::Table;
use crate::Formats;
use crate::lower::document::{Hint, Places};
use crate::lower::names::pascal;
use crate::lower::source::{examples, flag};
use crate::lower::values::Types;
use crate::lower::{MAX_DEPTH, Problems, Source};
use crate::model::{CheckId, Formatted, Kind, Shape, TypeDef, TypeId, Use};

/// Makes types of schemas: it reads the document and the names of its places, and writes `table`.
pub(in crate::lower) struct Schemas<'a> {
    pub(in crate::lower) source: Source<'a>,
    pub(in crate::lower) places: &'a Places<'a>,
    /// What schemas demand, and what is wrong with them.
    pub(in crate::lower) planner: Planner<'a>,
    pub(in crate::lower) table: Table,
    pub(super) components: Components<'a>,
    pub(super) families: Families,
    /// Component schemas, in the order of the document.
    named: Vec<Component>,
    inline: Inline,
}

/// A component schema that has its name.
struct Component {
    id: TypeId,
    name: String,
    key: String,
    pointer: String,
}

/// Types of schemas that are no components.
#[derive(Default)]
struct Inline {
    /// Constraining parts → type made of them.
    by_parts: HashMap<Vec<Part>, TypeId>,
    /// Last part of the name and canonical text → type that looks like it.
    alike: HashMap<(String, String), TypeId>,
    /// Types that were named but not built.
    pending: VecDeque<Pending>,
}

/// An inline type that has its name.
struct Pending {
    id: TypeId,
    name: String,
    parts: Vec<Part>,
    hint: Hint,
    place: String,
}

/// What a schema became.
enum Built {
    /// A type with a name, and the schema that values are held against as a whole.
    Kind(Kind, Option<CheckId>),
    Use(Use),
}

impl<'a> Schemas<'a> {
    /// Names every component schema, before anything refers to it.
    pub(in crate::lower) fn new(
        places: &'a Places<'a>,
        formats: Formats,
        problems: &'a mut Problems,
    ) -> Schemas<'a> {
        let source = places.source;
        let mut table = Table::default();
        let named = name_components(source, &mut table, problems);
        let types = named.iter().map(|one| (one.pointer.clone(), one.id));
        let components = Components::new(source, types.collect());
        let mut planner = Planner::new(source, formats, problems);
        let families = Families::find(&mut planner, &mut table);
        Schemas {
            source,
            places,
            planner,
            table,
            components,
            families,
            named,
            inline: Inline::default(),
        }
    }

    /// The types, once everything is lowered.
    pub(in crate::lower) fn into_table(mut self) -> Table {
        self.finish_checks();
        self.table
    }

    /// Refuses the contract because of what stands at `pointer`.
    pub(in crate::lower) fn refuse(
        &mut self,
        pointer: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.planner.problems.refuse(pointer, message, hint);
    }

    /// As `refuse`, at the key rather than at what it holds.
    pub(in crate::lower) fn refuse_key(
        &mut self,
        pointer: &str,
        message: impl Into<String>,
        hint: impl Into<String>,
    ) {
        self.planner.problems.refuse_key(pointer, message, hint);
    }

    /// Lowers every component, used or not, and what members of families are by themselves.
    pub(in crate::lower) fn lower_components(&mut self) {
        for component in std::mem::take(&mut self.named) {
            let kind = self.component_kind(&component.pointer);
            let Component {
                id,
                name,
                key,
                pointer,
            } = component;
            let nullable = self.planner.accepts_null(&[Part::new(pointer.as_str())]);
            let (kind, check) = kind;
            let def = self.def(name, Some(key), &pointer, kind);
            let def = TypeDef {
                nullable,
                check,
                ..def
            };
            self.table.fill(id, def);
            self.build_all_pending();
        }
        for base in self.families.bases.clone() {
            let hint = self.places.hint(&base.pointer);
            let whole = Part::new(base.pointer.as_str());
            let parts = self.components.reduced(&[whole], Some(&base.pointer));
            if let Built::Kind(kind, check) = self.build(&parts, &hint) {
                let def = self.def(base.name, None, &base.pointer, kind);
                self.table.fill(base.id, TypeDef { check, ..def });
            }
            self.build_all_pending();
        }
    }

    fn component_kind(&mut self, pointer: &str) -> (Kind, Option<CheckId>) {
        if self.families.is_union(pointer) {
            return (Kind::Union(self.build_family(pointer)), None);
        }
        let hint = self.places.hint(pointer);
        let parts = self
            .components
            .reduced(&[Part::new(pointer)], Some(pointer));
        let built = match parts.as_slice() {
            [] => Built::Use(any()),
            // A child that adds nothing is still another type than its parent.
            [part] if self.families.is_union(&part.pointer) && self.includes(pointer) => {
                self.build(&parts, &hint)
            }
            [part] if self.components.is_named(part) && part.pointer != pointer => {
                Built::Use(self.lower_parts(&parts, &hint))
            }
            _ => self.build(&parts, &hint),
        };
        match built {
            Built::Kind(kind, check) => (kind, check),
            Built::Use(value) => {
                let value = Use {
                    nullable: false,
                    ..value
                };
                (Kind::Alias(value), None)
            }
        }
    }

    /// Whether the component at `pointer` includes others, rather than only refers to one.
    fn includes(&self, pointer: &str) -> bool {
        let schema = self.source.get(pointer);
        schema.is_some_and(|schema| schema.get("allOf").is_some())
    }

    /// The type of the schema at `pointer`.
    pub(in crate::lower) fn lower_schema(&mut self, pointer: &str) -> Use {
        let hint = self.places.hint(pointer);
        let value = self.lower_parts(&[Part::new(pointer)], &hint);
        self.build_all_pending();
        value
    }

    /// As [`Schemas::lower_schema`], of what is written as text: that shows no type, so what has none has the one
    /// that its words speak of.
    pub(in crate::lower) fn lower_text(&mut self, pointer: &str) -> Use {
        let hint = self.places.hint(pointer);
        let value = self.lower_text_parts(&[Part::new(pointer)], &hint);
        self.build_all_pending();
        value
    }

    /// As [`Schemas::lower_text`], of what satisfies all of `parts`.
    pub(in crate::lower) fn lower_text_parts(&mut self, parts: &[Part], hint: &Hint) -> Use {
        let reduced = self.components.reduced(parts, None);
        let planned = match reduced.is_empty() {
            true => None,
            false => self.planner.plan(&reduced),
        };
        let Some(Planned { plan, facts, .. }) = planned.filter(|planned| planned.facts.whole)
        else {
            return self.lower_parts(parts, hint);
        };
        let shape = match plan {
            Plan::One(types) if facts.open && types != Types::OBJECT => {
                self.single(types, &facts, hint)
            }
            Plan::Any if !facts.untyped => Shape::String(facts.string.clone()),
            _ => return self.lower_parts(parts, hint),
        };
        let value = Use {
            shape,
            nullable: false,
        };
        let check = match facts.says_more {
            true => self.check_of(&reduced),
            false => None,
        };
        match check {
            None => value,
            Some(check) => Use {
                shape: Shape::Checked(Box::new(value), check),
                nullable: false,
            },
        }
    }

    /// Whether `parts` leave everything open.
    pub(in crate::lower) fn says_nothing(&self, parts: &[Part]) -> bool {
        self.components.reduced(parts, None).is_empty()
    }

    /// The type of what satisfies all of `parts`; `hint` names it if it stands at no one place.
    pub(in crate::lower) fn lower_parts(&mut self, parts: &[Part], hint: &Hint) -> Use {
        let hint = match parts {
            [part] if !part.bare => self.places.hint(&part.pointer),
            _ => hint.clone(),
        };
        let place = first_place(parts).to_owned();
        let reduced = self.components.reduced(parts, None);
        if reduced.is_empty() {
            return any();
        }
        if let Some(named) = self.components.named(&reduced, &mut self.planner) {
            return named;
        }
        if let Some(&id) = self.inline.by_parts.get(&reduced) {
            return Use {
                shape: Shape::Named(id),
                nullable: self.planner.accepts_null(&reduced),
            };
        }
        if self.planner.depth > MAX_DEPTH {
            self.planner.refuse_circle(&place);
            return any();
        }
        self.planner.depth += 1;
        let lowered = self.lower_inline(&reduced, &hint, &place);
        self.planner.depth -= 1;
        lowered
    }

    fn lower_inline(&mut self, parts: &[Part], hint: &Hint, place: &str) -> Use {
        let Some(planned) = self.planner.plan(parts) else {
            return any();
        };
        let nullable = planned.nullable;
        let is_named = match &planned.plan {
            _ if is_loose_object(&planned.facts) => true,
            _ if planned.facts.is_untyped() => false,
            Plan::Texts(_) | Plan::Choices(_) | Plan::Types(_) => true,
            Plan::One(Types::OBJECT) => is_struct(&planned.facts),
            _ => false,
        };
        if !is_named {
            return match self.build(parts, hint) {
                Built::Use(value) => with_null(value.shape, value.nullable || nullable),
                Built::Kind(..) => any(),
            };
        }
        let alike = (hint.last.clone(), canonical(self.source, parts));
        if let Some(&id) = self.inline.alike.get(&alike) {
            return Use {
                shape: Shape::Named(id),
                nullable,
            };
        }
        let name = self.table.names.claim(&hint.name);
        let id = self.table.reserve();
        self.inline.by_parts.insert(parts.to_vec(), id);
        self.inline.alike.insert(alike, id);
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
            _ => self.inline.pending.push_back(pending),
        }
        Use {
            shape: Shape::Named(id),
            nullable,
        }
    }

    /// Builds the inline types that were named but not built.
    pub(in crate::lower) fn build_all_pending(&mut self) {
        while let Some(pending) = self.inline.pending.pop_front() {
            self.build_pending(pending);
        }
    }

    fn build_pending(&mut self, pending: Pending) {
        if let Built::Kind(kind, check) = self.build(&pending.parts, &pending.hint) {
            let def = self.def(pending.name, None, &pending.place, kind);
            self.table.fill(pending.id, TypeDef { check, ..def });
        }
    }

    fn build(&mut self, parts: &[Part], hint: &Hint) -> Built {
        let Some(planned) = self.planner.plan(parts) else {
            return Built::Use(any());
        };
        let clashes = planned.facts.clashes;
        let whole = match is_loose_object(&planned.facts) {
            true => planned.facts.says_more,
            false => planned.facts.whole,
        };
        let built = self.build_typed(planned, hint);
        if !whole {
            return built;
        }
        // What was dealt with around this is needed again where it contradicts the rest.
        let all: Vec<Part> = parts
            .iter()
            .map(|part| Part {
                bare: part.bare && !clashes,
                ..part.clone()
            })
            .collect();
        match (self.check_of(&all), built) {
            (None, built) => built,
            (Some(check), Built::Kind(kind, _)) => Built::Kind(kind, Some(check)),
            (Some(check), Built::Use(value)) => Built::Use(Use {
                shape: Shape::Checked(Box::new(value), check),
                nullable: false,
            }),
        }
    }

    fn build_typed(&mut self, planned: Planned<'a>, hint: &Hint) -> Built {
        let facts = planned.facts;
        let nullable = planned.nullable;
        let used = |shape| Built::Use(with_null(shape, nullable));
        let named = |kind| Built::Kind(kind, None);
        if is_loose_object(&facts) {
            return named(Kind::Union(self.build_loose(&facts, hint)));
        }
        if facts.is_untyped() {
            return Built::Use(any());
        }
        if !facts.whole {
            check_bounds(&facts, self.planner.problems);
        }
        match planned.plan {
            Plan::Any => Built::Use(any()),
            Plan::Binary => used(Shape::Binary),
            Plan::Literal(value) => used(Shape::Literal(value)),
            Plan::Same(parts) => {
                let value = self.lower_parts(&parts, hint);
                Built::Use(with_null(value.shape, nullable))
            }
            Plan::Texts(texts) => named(Kind::Enum(allowed_texts(
                texts,
                &facts,
                self.source,
                self.planner.problems,
            ))),
            Plan::Numbers(numbers, types) => {
                let mut rules = facts.number.clone();
                rules.allowed = allowed_numbers(numbers, &facts, self.planner.problems);
                match types {
                    Types::INTEGER => used(Shape::Integer(whole(rules))),
                    _ => used(Shape::Number(rules)),
                }
            }
            Plan::One(Types::OBJECT) if is_struct(&facts) => {
                named(Kind::Struct(self.build_struct(&facts, hint)))
            }
            Plan::One(types) => used(self.single(types, &facts, hint)),
            Plan::Types(types) => named(Kind::Union(self.build_types(types, &facts, hint))),
            Plan::Choices(choices) => named(Kind::Union(self.build_choices(choices, hint))),
        }
    }

    pub(super) fn single(&mut self, types: Types, facts: &Facts<'a>, hint: &Hint) -> Shape {
        match types {
            Types::STRING => {
                let formatted = match self.planner.formats {
                    Formats::Types => Formatted::of(&facts.string),
                    Formats::Text | Formats::All | Formats::None => None,
                };
                formatted.map_or_else(|| Shape::String(facts.string.clone()), Shape::Formatted)
            }
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

    pub(super) fn fill(
        &mut self,
        id: TypeId,
        name: String,
        component: Option<String>,
        pointer: &str,
        kind: Kind,
    ) {
        let def = self.def(name, component, pointer, kind);
        self.table.fill(id, def);
    }

    fn def(&self, name: String, component: Option<String>, pointer: &str, kind: Kind) -> TypeDef {
        let schema = self.source.get(pointer).unwrap_or(&Value::Null);
        TypeDef {
            name,
            component,
            pointer: pointer.to_owned(),
            description: documentation(schema),
            deprecated: flag(schema, "deprecated"),
            examples: examples(schema),
            in_request: false,
            in_response: false,
            nullable: false,
            check: None,
            kind,
        }
    }
}

/// Gives every component schema its name; one that falls together with another gets a number.
fn name_components(
    source: Source<'_>,
    table: &mut Table,
    problems: &mut Problems,
) -> Vec<Component> {
    let components = source.all_entries("/components/schemas").into_iter();
    let named = components.map(|(key, pointer, _)| {
        let wanted = pascal(key);
        let name = table.names.claim(&wanted);
        if name != wanted {
            let message = format!(
                "`{key}` and another component schema are both `{wanted}` in Rust: this one is `{name}`"
            );
            problems.warn_key(&pointer, message, "rename one of them");
        }
        Component {
            id: table.reserve(),
            name,
            key: key.to_owned(),
            pointer,
        }
    });
    named.collect()
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
