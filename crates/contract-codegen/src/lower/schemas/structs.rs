//! Objects with properties → structs.

use std::collections::HashSet;

use serde_json::Value;

use super::build::{Schemas, any};
use super::direction::{directions, is_flagged};
use super::facts::{Extra, Facts, Part, first_place};
use crate::lower::document::Hint;
use crate::lower::names::{Names, escaped, snake};
use crate::lower::source::{examples, flag, list, owned};
use crate::lower::values::Types;
use crate::lower::{MAX_DEPTH, Source};
use crate::model::{Additional, Field, Struct, Use};

impl Schemas<'_> {
    pub(super) fn build_struct(&mut self, facts: &Facts<'_>, hint: &Hint) -> Struct {
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
                Extra::Denied if facts.whole => continue,
                Extra::Denied => {
                    let message = format!(
                        "`{wire}` is required, and allowed though `additionalProperties: false` forbids it"
                    );
                    let hint = "list it under `properties`";
                    self.planner.problems.warn(pointer, message, hint);
                    any()
                }
            };
            let ident = escaped(names.claim(&snake(wire)));
            fields.push(self.field(wire, ident, value, &[Part::new(pointer.as_str())], true));
        }
        let extra = match &facts.extra {
            Extra::Parts(parts) => parts.clone(),
            _ => Vec::new(),
        };
        let (source, problems) = (self.source, &mut *self.planner.problems);
        let mut extra_is = |key| {
            let mut parts = extra.iter();
            parts.any(|part| is_flagged(&part.pointer, key, source, problems))
        };
        let (additional_read_only, additional_write_only) =
            (extra_is("readOnly"), extra_is("writeOnly"));
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
            .filter_map(|part| self.source.get(&part.pointer))
            .collect();
        let default = parts
            .iter()
            .find_map(|part| annotation(self.source, &part.pointer, "default"));
        let default = default.zip(parts.first());
        let default = default
            .and_then(|(default, part)| self.default_of(default, &value, wire, &part.pointer));
        let (read_only, write_only) = directions(wire, parts, self.source, self.planner.problems);
        Field {
            wire: wire.to_owned(),
            ident,
            required,
            boxed: false,
            default,
            description: own.iter().find_map(|schema| documentation(schema)),
            deprecated: own.iter().any(|schema| flag(schema, "deprecated")),
            read_only,
            write_only,
            examples: own.iter().flat_map(|schema| examples(schema)).collect(),
            pointer: first_place(parts).to_owned(),
            value,
        }
    }
}

/// Whether an object is a struct rather than a map.
pub(super) fn is_struct(facts: &Facts<'_>) -> bool {
    !facts.properties.is_empty()
        || !facts.required.is_empty()
        || matches!(facts.extra, Extra::Denied)
}

/// Whether an object is a struct, and values of every other type are allowed beside it.
pub(super) fn is_loose_object(facts: &Facts<'_>) -> bool {
    facts.open && !facts.untyped && facts.types == Some(Types::OBJECT) && is_struct(facts)
}

/// An annotation of the schema at `pointer` or of what it refers to.
pub(in crate::lower) fn annotation<'a>(
    source: Source<'a>,
    pointer: &str,
    key: &str,
) -> Option<&'a Value> {
    let mut pointer = pointer.to_owned();
    for _ in 0..MAX_DEPTH {
        let schema = source.get(&pointer)?;
        if let Some(value) = schema.get(key) {
            return Some(value);
        }
        pointer = match (source.target(schema), list(schema, "allOf")) {
            (Some(target), _) => target,
            (None, [_]) => format!("{pointer}/allOf/0"),
            _ => return None,
        };
    }
    None
}

/// Title and description.
pub(in crate::lower) fn documentation(schema: &Value) -> Option<String> {
    match (owned(schema, "title"), owned(schema, "description")) {
        (Some(title), Some(description)) => Some(format!("{title}\n\n{description}")),
        (title, description) => title.or(description),
    }
}
