//! Forms: bodies whose parts are the properties of their schema.

use contract_document::child;
use serde_json::Value;

use crate::lower::Problems;
use crate::lower::names::{Names, escaped, snake};
use crate::lower::schemas::{
    Extra, Facts, Part as SchemaPart, Plan, Schemas, Table, directions, documentation, first_place,
};
use crate::lower::source::{flag, text};
use crate::lower::values::Types;
use crate::model::{Part, Shape, Use};

/// The parts of a form: the properties of its schema.
pub(super) fn lower_form(
    schemas: &mut Schemas<'_>,
    schema: Option<&str>,
    pointer: &str,
    is_form: bool,
) -> Option<Vec<Part>> {
    let Some(schema) = schema else {
        let hint = "add one with `type: object`";
        schemas.refuse(pointer, "the form has no `schema`", hint);
        return None;
    };
    check_encoding(schemas, &child(pointer, "encoding"), schema);
    let planned = schemas.planner.plan(&[SchemaPart::new(schema)])?;
    let facts = planned.facts;
    let is_object = matches!(planned.plan, Plan::One(Types::OBJECT) | Plan::Same(_));
    if !is_object || facts.properties.is_empty() {
        schemas.refuse(
            schema,
            "a form must be an object with `properties`",
            "list the parts under `properties`",
        );
        return None;
    }
    check_form(&facts, schema, schemas.planner.problems);
    let hint = schemas.places.hint(schema);
    let mut names = Names::default();
    let mut parts = Vec::new();
    for (wire, places) in &facts.properties {
        let (read_only, _) = directions(wire, places, schemas.source, schemas.planner.problems);
        // Not for requests, which forms are.
        if read_only {
            continue;
        }
        if !is_form && wire.contains(|c: char| c.is_control() || c == '"' || c == '\\') {
            let message = format!("`{wire}` cannot be the name of a part");
            let hint = "use letters, digits, `-` and `_`";
            schemas.refuse_key(first_place(places), message, hint);
            continue;
        }
        let mut value = schemas.lower_text_parts(places, &hint.inner(wire));
        if value.shape == Shape::Any && !is_form {
            value.shape = Shape::Binary;
        }
        value.nullable = false;
        if matches!(schemas.table.shape_of(&value), Some(Shape::Array(..))) {
            value = schemas.table.without_null(value);
        }
        if !is_part(&value, is_form, &schemas.table) {
            let message = format!("the part `{wire}` cannot be written in a form");
            let hint = match is_form {
                true => "use text, numbers, booleans, an `enum` of text, or lists of these",
                false => "use a file, a plain value, an object, or a list of files or plain values",
            };
            schemas.refuse(first_place(places), message, hint);
            continue;
        }
        let description = places
            .iter()
            .find_map(|part| schemas.source.get(&part.pointer).and_then(documentation));
        parts.push(Part {
            wire: wire.clone(),
            ident: escaped(names.claim(&snake(wire))),
            value,
            required: facts.is_required(wire),
            description,
            pointer: first_place(places).to_owned(),
        });
    }
    schemas.build_all_pending();
    Some(parts)
}

/// Refuses what is said of a form as a whole: its fields are looked at one by one, and others
/// are passed over.
fn check_form(facts: &Facts<'_>, schema: &str, problems: &mut Problems) {
    let unlisted = facts
        .required
        .iter()
        .find(|(name, _)| facts.properties.iter().all(|(known, _)| known != name));
    if let Some((name, at)) = unlisted {
        let message = format!("`{name}` is required, and no property of the form");
        problems.refuse(at, message, "list it under `properties`");
    }
    let is_closed = matches!(facts.extra, Extra::Denied | Extra::Parts(_));
    for (is_said, key, hint) in [
        (
            facts.object.min_properties.is_some(),
            "minProperties",
            "list what is needed under `required`",
        ),
        (
            facts.object.max_properties.is_some(),
            "maxProperties",
            "describe the rule in `description`",
        ),
        (
            is_closed,
            "additionalProperties",
            "remove it: fields that are not listed are passed over",
        ),
    ] {
        if is_said {
            let message = format!("`{key}` of a form is not supported");
            problems.refuse(schema, message, hint);
        }
    }
}

fn is_part(value: &Use, is_form: bool, table: &Table) -> bool {
    match table.shape_of(value) {
        Some(Shape::Array(item, _)) => {
            table.is_plain(item) || (!is_form && table.shape_of(item) == Some(&Shape::Binary))
        }
        None | Some(Shape::Binary | Shape::Map(..)) => !is_form || table.is_plain(value),
        Some(_) => table.is_plain(value),
    }
}

/// `encoding` may name the media type of parts; anything else would change how they are
/// written.
fn check_encoding(schemas: &mut Schemas<'_>, encoding: &str, schema: &str) {
    let facts = schemas.planner.facts(&[SchemaPart::new(schema)]);
    for (part, pointer, value) in schemas.source.all_entries(encoding) {
        let known = facts
            .as_ref()
            .is_none_or(|facts| facts.properties.iter().any(|(name, _)| name == part));
        if !known {
            let message = format!("`{part}` is no property of the form");
            schemas.refuse_key(&pointer, message, "correct the name, or remove the entry");
        }
        let style_is_default = text(value, "style").is_none_or(|style| style == "form")
            && value
                .get("explode")
                .is_none_or(|explode| explode == &Value::Bool(true))
            && !flag(value, "allowReserved");
        if !style_is_default || value.get("headers").is_some() {
            schemas.refuse(
                &pointer,
                format!("the encoding of `{part}` is not supported"),
                "only `contentType` may be stated; lists are written as repeated parts",
            );
        }
    }
}
