//! Properties that belong to requests only (`writeOnly`) or to answers only (`readOnly`).
//!
//! A type that has such properties, or contains a type that has, is two types where it is used both
//! ways: the answer keeps the name, and what requests take is called like it with `Input` behind.
//! The types of each direction have the properties of that direction alone. One of the other
//! direction is neither needed nor kept: a request that repeats what an answer said is read without
//! it, as JSON Schema allows ("ignored or rejected"), and no answer can be made to show it.

use std::collections::HashSet;

use serde_json::Value;

use super::facts::Part;
use super::usage::{each_id, each_request_use, each_use, named};
use crate::lower::names::Names;
use crate::lower::source::{flag, list};
use crate::lower::{MAX_DEPTH, Problems, Source};
use crate::model::{Additional, Api, Kind, TypeDef, TypeId, Use};

/// `x-repeated: true` beside `readOnly`: requests may repeat the value, and the server reads it, to
/// reject another one.
const REPEATED: &str = "x-repeated";

/// Gives each direction its types.
pub(super) fn split_by_direction(types: &mut Vec<TypeDef>, names: &mut Names, api: &mut Api) {
    let sensitive = sensitive(types);
    if !sensitive.contains(&true) {
        return;
    }
    let mut twins: Vec<Option<TypeId>> = vec![None; types.len()];
    for index in 0..types.len() {
        let def = &mut types[index];
        if !sensitive[index] || !def.in_request || !def.in_response {
            continue;
        }
        let twin = TypeDef {
            name: names.claim(&format!("{}Input", def.name)),
            component: None,
            in_response: false,
            ..def.clone()
        };
        def.in_request = false;
        twins[index] = Some(TypeId(types.len()));
        types.push(twin);
    }
    let to_twin = |id: &mut TypeId| {
        if let Some(Some(twin)) = twins.get(id.0) {
            *id = *twin;
        }
    };
    for def in types.iter_mut() {
        if def.in_request && !def.in_response {
            each_id(&mut def.kind, &to_twin);
            keep(&mut def.kind, |read_only, _| read_only);
        } else if def.in_response && !def.in_request {
            keep(&mut def.kind, |_, write_only| write_only);
        }
    }
    each_request_use(api, &to_twin);
}

/// Has both directions have what tells the choices of a union apart, where they have the union.
pub(super) fn keep_tags(types: &mut [TypeDef], problems: &mut Problems) {
    let mut kept = Vec::new();
    for def in &*types {
        let Kind::Union(union) = &def.kind else {
            continue;
        };
        let Some(tag) = &union.discriminator else {
            continue;
        };
        let variants = union.variants.iter();
        let structs: Vec<TypeId> = variants
            .filter_map(|variant| structure(types, &variant.value))
            .collect();
        for (is_there, word, place) in [
            (def.in_request, "readOnly", "requests"),
            (def.in_response, "writeOnly", "answers"),
        ] {
            let before = kept.len();
            kept.extend(structs.iter().filter_map(|id| {
                let Kind::Struct(body) = &types[id.0].kind else {
                    return None;
                };
                let index = body.fields.iter().position(|field| field.wire == *tag)?;
                let field = &body.fields[index];
                let is_lost = match word {
                    "readOnly" => field.read_only,
                    _ => field.write_only,
                };
                (is_there && is_lost).then_some((*id, index))
            }));
            if kept.len() > before {
                let message = format!(
                    "the discriminator `{tag}` is `{word}`, and read as if it were not: {place} have it, too"
                );
                problems.warn(
                    &def.pointer,
                    message,
                    format!("remove `{word}` from `{tag}`"),
                );
            }
        }
    }
    for (id, index) in kept {
        if let Kind::Struct(body) = &mut types[id.0].kind {
            body.fields[index].read_only = false;
            body.fields[index].write_only = false;
        }
    }
}

/// Whether the property `wire` is `readOnly`, and whether it is `writeOnly`. Who says both has said nothing.
pub(in crate::lower) fn directions(
    wire: &str,
    parts: &[Part],
    source: Source<'_>,
    problems: &mut Problems,
) -> (bool, bool) {
    let mut any = |key| {
        let mut parts = parts.iter();
        parts.any(|part| is_flagged(&part.pointer, key, source, problems))
    };
    let (read_only, write_only) = (any("readOnly"), any("writeOnly"));
    if let (true, Some(part)) = (read_only && write_only, parts.first()) {
        let message = format!(
            "`{wire}` is `readOnly` and `writeOnly`, and read as neither: nobody could give it"
        );
        problems.violation(&part.pointer, message, "remove one of the two");
        return (false, false);
    }
    (read_only, write_only)
}

/// Whether a property whose schema stands at `pointer` has the annotation `key`: itself, by
/// what it refers to or is united of, or since all that it can hold has it.
pub(super) fn is_flagged(
    pointer: &str,
    key: &str,
    source: Source<'_>,
    problems: &mut Problems,
) -> bool {
    let mut search = Search {
        key,
        source,
        problems,
        seen: HashSet::new(),
    };
    search.finds(pointer)
}

/// A search for an annotation.
struct Search<'a, 'p> {
    key: &'p str,
    source: Source<'a>,
    problems: &'p mut Problems,
    /// Where it was.
    seen: HashSet<String>,
}

impl Search<'_, '_> {
    fn finds(&mut self, pointer: &str) -> bool {
        if self.seen.len() > MAX_DEPTH || !self.seen.insert(pointer.to_owned()) {
            return false;
        }
        let Some(schema) = self.source.get(pointer) else {
            return false;
        };
        if flag(schema, self.key) && !(self.key == "readOnly" && flag(schema, REPEATED)) {
            return true;
        }
        if let Some(target) = self.source.target(schema)
            && self.finds(&target)
        {
            return true;
        }
        for index in 0..list(schema, "allOf").len() {
            if self.finds(&format!("{pointer}/allOf/{index}")) {
                return true;
            }
        }
        if schema.get("items").is_some() && self.finds(&format!("{pointer}/items")) {
            return true;
        }
        let additional = schema.get("additionalProperties");
        let is_map = additional.is_some_and(Value::is_object) && schema.get("properties").is_none();
        if is_map && self.finds(&format!("{pointer}/additionalProperties")) {
            return true;
        }
        let mut groups = ["oneOf", "anyOf"].into_iter();
        groups.any(|of| self.finds_all(&format!("{pointer}/{of}"), list(schema, of).len()))
    }

    /// Whether every choice but `null` has it. That some have it says nothing of the property.
    fn finds_all(&mut self, choices: &str, count: usize) -> bool {
        let mut flagged = None;
        let mut others = 0;
        for index in 0..count {
            let at = format!("{choices}/{index}");
            let is_null = |schema: &Value| schema.get("type").is_some_and(|name| name == "null");
            if self.source.get(&at).is_some_and(is_null) {
                continue;
            }
            match self.finds(&at) {
                true => flagged = Some(at),
                false => others += 1,
            }
        }
        if let Some(at) = flagged.as_ref().filter(|_| others > 0) {
            let key = self.key;
            self.problems.warn(
                at,
                format!("`{key}` on one choice of several has no effect"),
                format!("put `{key}` on the property, or on every choice"),
            );
        }
        flagged.is_some() && others == 0
    }
}

/// By type: whether its properties depend on the direction, here or further in.
fn sensitive(types: &[TypeDef]) -> Vec<bool> {
    let mut sensitive: Vec<bool> = types
        .iter()
        .map(|def| match &def.kind {
            Kind::Struct(body) => {
                let fields = body.fields.iter();
                let mut flags = fields.map(|field| field.read_only || field.write_only);
                body.additional_read_only || body.additional_write_only || flags.any(|flag| flag)
            }
            _ => false,
        })
        .collect();
    let mut changed = true;
    while changed {
        changed = false;
        for (index, def) in types.iter().enumerate() {
            if sensitive[index] {
                continue;
            }
            let mut found = false;
            each_use(&def.kind, &mut |value, _| {
                found |= named(value).is_some_and(|id| sensitive[id.0]);
            });
            sensitive[index] = found;
            changed |= found;
        }
    }
    sensitive
}

/// Excludes the properties of which `is_foreign(readOnly, writeOnly)` is true.
fn keep(kind: &mut Kind, is_foreign: impl Fn(bool, bool) -> bool) {
    let Kind::Struct(body) = kind else { return };
    let (foreign, own): (Vec<_>, Vec<_>) = std::mem::take(&mut body.fields)
        .into_iter()
        .partition(|field| is_foreign(field.read_only, field.write_only));
    body.fields = own;
    body.excluded = foreign.into_iter().map(|field| field.wire).collect();
    if is_foreign(body.additional_read_only, body.additional_write_only) {
        body.additional = Additional::Ignored;
    }
}

/// The struct that `value` is, through aliases.
fn structure(types: &[TypeDef], value: &Use) -> Option<TypeId> {
    let mut value = value;
    for _ in 0..MAX_DEPTH {
        let id = named(value)?;
        match &types.get(id.0)?.kind {
            Kind::Struct(_) => return Some(id),
            Kind::Alias(inner) => value = inner,
            _ => return None,
        }
    }
    None
}
