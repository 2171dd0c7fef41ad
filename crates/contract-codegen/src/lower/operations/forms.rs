//! Forms: bodies whose parts are the properties of their schema.
//!
//! | Part | In `multipart/form-data` | In `application/x-www-form-urlencoded` |
//! |---|---|---|
//! | plain value | text | text |
//! | list | a part for each item | a field for each item |
//! | object, map | JSON | JSON |
//! | bytes, `{}` | file | text |
//! | of several kinds | what is plain as text, anything else as JSON | likewise |
//! | of several kinds, bytes among them | file, or files where lists are among them | – |
//! | `encoding` with `style`, `explode` or `allowReserved` | as a query parameter has it | likewise |
//!
//! So OpenAPI 3.1.1 and 3.0.4 have it (section 4.8.15); before, it was not said whether objects in urlencoded
//! forms are JSON. Names that are not listed are dropped where nothing is said of them, as in JSON, refused under
//! `additionalProperties: false`, and kept where there is a schema for them, or no property at all. A form that is
//! a union is a value of its type; with files or an `encoding`, it is read as one that has the parts of all
//! alternatives, of which those have to be there that one of them needs.

use contract_document::child;

use super::encoding::{Encoding, encodings};
use crate::lower::names::{Names, escaped, snake};
use crate::lower::problems::Problems;
use crate::lower::schemas::{
    Extra, Facts, Merged, Part as SchemaPart, Plan, Planner, Schemas, any, directions,
    documentation, first_place,
};
use crate::lower::values::Types;
use crate::model::{Form, MapRules, Others, Part, PartHeader, Shape, Use, Writing};

/// What a form is lowered with.
pub(super) struct Lowering<'f, 's, 'a> {
    pub(super) schemas: &'f mut Schemas<'s>,
    /// It is urlencoded.
    pub(super) is_form: bool,
    encodings: Vec<Encoding<'a>>,
    names: Names,
}

/// The form that has `schema`; `pointer` is where its media type stands. `None`: the schema is that of no form.
pub(super) fn lower_form(
    schemas: &mut Schemas<'_>,
    schema: Option<&str>,
    pointer: &str,
    is_form: bool,
) -> Option<Form> {
    let encodings = encodings(schemas, &child(pointer, "encoding"), is_form);
    let (parts, facts, alternatives) = match object(schemas, schema) {
        Of::Object(parts, facts) => (parts, *facts, Vec::new()),
        Of::Several(parts) if !encodings.is_empty() || has_files(schemas, &parts, is_form) => {
            let Merged {
                facts,
                alternatives,
            } = schemas.planner.merged(&parts)?;
            (parts, facts, alternatives)
        }
        Of::Several(_) => return schema.map(|schema| whole(schemas, schema)),
        Of::Other => return None,
    };
    let mut lowering = Lowering {
        schemas,
        is_form,
        encodings,
        names: Names::default(),
    };
    let mut form = lowering.form(schema.unwrap_or(pointer), &parts, &facts);
    form.alternatives = alternatives;
    for encoding in &lowering.encodings {
        if !facts
            .properties
            .iter()
            .any(|(name, _)| name == encoding.part)
        {
            let message = format!(
                "`{}` is no property of the form: its encoding has no effect",
                encoding.part
            );
            let hint = "correct the name, or remove the entry";
            let problems = &mut *lowering.schemas.planner.problems;
            problems.warn_key(&encoding.pointer, message, hint);
        }
    }
    lowering.schemas.build_all_pending();
    Some(form)
}

/// What the schema of a form is.
enum Of<'a> {
    /// An object, and what is demanded of it.
    Object(Vec<SchemaPart>, Box<Facts<'a>>),
    /// One of several.
    Several(Vec<SchemaPart>),
    /// Nothing that has properties, or refused.
    Other,
}

fn object<'a>(schemas: &mut Schemas<'a>, schema: Option<&str>) -> Of<'a> {
    let Some(schema) = schema else {
        return Of::Object(Vec::new(), Box::default());
    };
    let mut parts = vec![SchemaPart::new(schema)];
    // A schema that only stands for another one is what that is.
    for _ in 0..8 {
        if schemas.says_nothing(&parts) {
            return Of::Object(parts, Box::default());
        }
        let Some(planned) = schemas.planner.plan(&parts) else {
            return Of::Other;
        };
        match planned.plan {
            // Held against the whole, which a struct of parts is not.
            Plan::One(Types::OBJECT) | Plan::Any if planned.facts.is_whole() => {
                return Of::Several(parts);
            }
            Plan::One(Types::OBJECT) | Plan::Any => {
                return Of::Object(parts, Box::new(planned.facts));
            }
            Plan::Same(others) => parts = others,
            Plan::Choices(_) => return Of::Several(parts),
            Plan::Types(types) if types.contains(Types::OBJECT) => return Of::Several(parts),
            _ => break,
        }
    }
    Of::Other
}

/// Whether one of several that `parts` allow has a file. Files are no part of a value.
fn has_files(schemas: &mut Schemas<'_>, parts: &[SchemaPart], is_form: bool) -> bool {
    if is_form {
        return false;
    }
    // Asked by itself, so that nothing is said of what is read as a value.
    let mut problems = Problems::default();
    let source = schemas.source;
    let mut planner = Planner::new(source, schemas.planner.formats(), &mut problems);
    let Some(Merged { facts, .. }) = planner.merged(parts) else {
        return false;
    };
    let mut parts = facts.properties.iter();
    parts.any(|(_, places)| is_file(&mut planner, places, 0))
}

/// Whether a part can be a file, or files.
fn is_file(planner: &mut Planner<'_>, places: &[SchemaPart], depth: usize) -> bool {
    let Some(planned) = planner.plan(places).filter(|_| depth < 8) else {
        return false;
    };
    match planned.plan {
        Plan::Binary => true,
        Plan::Same(parts) => is_file(planner, &parts, depth + 1),
        Plan::One(Types::ARRAY) => is_file(planner, &planned.facts.items, depth + 1),
        Plan::Choices(choices) => {
            let mut each = choices.each.iter();
            each.any(|(_, parts)| is_file(planner, parts, depth + 1))
        }
        _ => false,
    }
}

/// A form that is one of several.
fn whole(schemas: &mut Schemas<'_>, schema: &str) -> Form {
    let mut value = schemas.lower_schema(schema);
    value.nullable = false;
    Form {
        ident: String::new(),
        parts: Vec::new(),
        others: Others::Ignored,
        count: MapRules::default(),
        alternatives: Vec::new(),
        whole: Some(value),
    }
}

impl Lowering<'_, '_, '_> {
    fn form(&mut self, schema: &str, whole: &[SchemaPart], facts: &Facts<'_>) -> Form {
        let hint = match whole {
            [] => self.schemas.places.hint(schema),
            parts => self.schemas.places.hint(first_place(parts)),
        };
        let is_open = facts.properties.is_empty() && facts.required.is_empty();
        let extra = match &facts.extra {
            Extra::Absent if is_open => Some(Vec::new()),
            Extra::Any => Some(Vec::new()),
            Extra::Parts(parts) => Some(parts.clone()),
            Extra::Absent | Extra::Denied => None,
        };
        let others = match extra {
            None if matches!(facts.extra, Extra::Denied) => Others::Denied,
            None => Others::Ignored,
            Some(parts) => {
                self.names.claim("additional_properties");
                let value = match parts.as_slice() {
                    [] => any(),
                    parts => self.schemas.lower_text_parts(parts, &hint.inner("Value")),
                };
                let (value, _) = self.typed(value, &parts, None);
                Others::Kept(Box::new(value))
            }
        };
        let mut parts = Vec::new();
        for (wire, places) in &facts.properties {
            let hint = hint.inner(wire);
            let lower = |schemas: &mut Schemas<'_>| schemas.lower_text_parts(places, &hint);
            let mut part = self.part(wire, places, facts.is_required(wire), lower);
            if let Some(part) = part.as_mut().filter(|_| places.is_empty()) {
                part.pointer = schema.to_owned();
            }
            parts.extend(part);
        }
        let unlisted = facts.required.iter();
        let unlisted =
            unlisted.filter(|(name, _)| facts.properties.iter().all(|(known, _)| known != name));
        for (wire, at) in unlisted {
            let places = match &facts.extra {
                Extra::Denied => {
                    let message = format!(
                        "`{wire}` is required, but `additionalProperties: false` forbids it"
                    );
                    self.schemas
                        .refuse(at, message, "list it under `properties`");
                    continue;
                }
                Extra::Parts(parts) => parts.clone(),
                Extra::Absent | Extra::Any => Vec::new(),
            };
            let hint = hint.inner("Value");
            let lower = |schemas: &mut Schemas<'_>| match places.as_slice() {
                [] => any(),
                places => schemas.lower_text_parts(places, &hint),
            };
            let mut part = self.part(wire, &places, true, lower);
            if let Some(part) = &mut part {
                part.pointer = at.clone();
            }
            parts.extend(part);
        }
        self.check_count(schema, facts, &parts);
        Form {
            ident: String::new(),
            parts,
            others,
            count: facts.object.clone(),
            alternatives: Vec::new(),
            whole: None,
        }
    }

    /// Refuses to count properties that are not fields one by one.
    fn check_count(&mut self, schema: &str, facts: &Facts<'_>, parts: &[Part]) {
        let is_spread = |part: &&Part| matches!(part.writing, Writing::Deep | Writing::Fields);
        let spread = parts.iter().find(is_spread);
        if let Some(part) = spread.filter(|_| facts.object != MapRules::default()) {
            let message = format!(
                "`minProperties` and `maxProperties` do not count fields that `{}` is spread over",
                part.wire
            );
            self.schemas
                .refuse(schema, message, "remove them, or the `style`");
        }
    }

    /// The headers of a part, which only files have room for.
    fn headers(&mut self, value: &Use, encoding: Option<&Encoding<'_>>) -> Vec<PartHeader> {
        let Some(encoding) = encoding else {
            return Vec::new();
        };
        let table = &self.schemas.table;
        let item = match table.shape_of(value) {
            Some(Shape::Array(item, _)) => item,
            _ => value,
        };
        let is_file = table.shape_of(item) == Some(&Shape::Binary);
        for (at, header) in encoding.headers.iter().filter(|_| !is_file) {
            let message = format!(
                "the header `{}` of a part that is no file has no effect",
                header.wire
            );
            let problems = &mut *self.schemas.planner.problems;
            problems.warn_key(at, message, "send it as a part of its own");
        }
        if !is_file {
            return Vec::new();
        }
        let headers = encoding.headers.iter().map(|(_, header)| header.clone());
        headers.collect()
    }

    /// The part `wire`, which has to satisfy `places`.
    fn part(
        &mut self,
        wire: &str,
        places: &[SchemaPart],
        required: bool,
        lower: impl FnOnce(&mut Schemas<'_>) -> Use,
    ) -> Option<Part> {
        let schemas = &mut *self.schemas;
        let (read_only, _) = directions(wire, places, schemas.source, schemas.planner.problems);
        // Not for requests, which forms are.
        if read_only {
            return None;
        }
        if !self.is_form && wire.contains(|c: char| c.is_control() || c == '"' || c == '\\') {
            let message = format!("`{wire}` cannot be the name of a part");
            let hint = "use letters, digits, `-` and `_`";
            schemas.refuse_key(first_place(places), message, hint);
            return None;
        }
        let files = self.files(places);
        let value = match files {
            Some(value) => value,
            None => lower(self.schemas),
        };
        let encoding = self.encodings.iter().find(|one| one.part == wire).cloned();
        let (value, writing) = self.typed(value, places, encoding.as_ref());
        let headers = self.headers(&value, encoding.as_ref());
        let source = self.schemas.source;
        let description = places
            .iter()
            .find_map(|part| source.get(&part.pointer).and_then(documentation));
        Some(Part {
            wire: wire.to_owned(),
            ident: escaped(self.names.claim(&snake(wire))),
            value,
            writing,
            media_types: encoding.map(|one| one.media_types).unwrap_or_default(),
            headers,
            required,
            description,
            pointer: first_place(places).to_owned(),
        })
    }
}
