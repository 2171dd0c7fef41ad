//! What a schema demands of a value, with `$ref` and `allOf` followed and united.

use std::collections::HashSet;

use contract_document::child;
use serde_json::Value;

use super::families::is_parent_of;
use super::pattern::counted;
use super::plan::Planner;
use super::rules::retyped;
use super::unite::united;
use super::whole::contains_itself;
use super::whole::{WORDS, is_dynamic};
use crate::Formats;
use crate::lower::MAX_DEPTH;
use crate::lower::source::{count, flag, list, text};
use crate::lower::values::Types;
use crate::model::{ArrayRules, Format, MapRules, NumberRules, StringRules};

/// One of the schemas that a value has to satisfy.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(in crate::lower) struct Part {
    /// Where the schema stands.
    pub(in crate::lower) pointer: String,
    /// Without its `oneOf` and `anyOf`, at any depth: these were dealt with.
    pub(super) bare: bool,
}

impl Part {
    pub(in crate::lower) fn new(pointer: impl Into<String>) -> Part {
        Part {
            pointer: pointer.into(),
            bare: false,
        }
    }

    pub(in crate::lower) fn bare(&self) -> Part {
        Part {
            pointer: self.pointer.clone(),
            bare: true,
        }
    }
}

/// Where the first of `parts` stands, for messages.
pub(in crate::lower) fn first_place(parts: &[Part]) -> &str {
    parts.first().map_or("", |part| &part.pointer)
}

/// What happens to properties that are not listed.
#[derive(Debug, Clone, Default)]
pub(in crate::lower) enum Extra {
    #[default]
    Absent,
    Denied,
    Any,
    Parts(Vec<Part>),
}

/// A `oneOf` or `anyOf`.
#[derive(Debug, Clone)]
pub(super) struct Group<'a> {
    pub(super) exactly_one: bool,
    pub(in crate::lower) choices: Vec<Part>,
    pub(super) discriminator: Option<(String, &'a Value)>,
}

/// Everything a schema demands.
#[derive(Debug, Clone, Default)]
pub(in crate::lower) struct Facts<'a> {
    /// Where the first part stands, for messages.
    pub(in crate::lower) pointer: String,
    /// Types as declared, else as the keywords imply; `None`: any.
    pub(super) types: Option<Types>,
    /// `enum` and `const`.
    pub(super) values: Option<Vec<Value>>,
    pub(in crate::lower) string: StringRules,
    pub(super) number: NumberRules,
    pub(super) array: ArrayRules,
    pub(in crate::lower) object: MapRules,
    pub(in crate::lower) items: Vec<Part>,
    pub(in crate::lower) properties: Vec<(String, Vec<Part>)>,
    /// Names with the pointer of the entry.
    pub(in crate::lower) required: Vec<(String, String)>,
    pub(in crate::lower) extra: Extra,
    pub(super) groups: Vec<Group<'a>>,
    /// Raw bytes rather than JSON.
    pub(super) binary: bool,
    /// It says what no type can, so that values are held against it as a whole.
    pub(super) whole: bool,
    /// What the types are is only what keywords imply: values of other types are allowed, too.
    pub(super) open: bool,
    /// Of what is open: it says more than that.
    pub(super) says_more: bool,
    /// No type says any of it: values are anything that keeps to the whole.
    pub(super) untyped: bool,
    /// Schemas that are united cannot be one type.
    pub(super) clashes: bool,
    /// It is closed to what other schemas list.
    pub(super) closed: bool,
    /// Words other than those of types look at properties.
    pub(super) loose: bool,
}

impl<'a> Facts<'a> {
    /// Whether more is demanded than types say, beside that they show only by their words.
    pub(in crate::lower) fn is_whole(&self) -> bool {
        self.says_more || self.untyped || (self.whole && !self.open)
    }

    /// What is demanded of a list.
    pub(in crate::lower) fn array_rules(&self) -> ArrayRules {
        self.array.clone()
    }

    pub(in crate::lower) fn is_required(&self, name: &str) -> bool {
        self.required.iter().any(|(required, _)| required == name)
    }

    /// Whether nothing but the type is demanded, and that only of a set that contains `types`.
    pub(super) fn demands_only(&self, types: Option<Types>) -> bool {
        let only_types = self.demands_only_types();
        match (self.types, types) {
            (None, _) => only_types,
            (Some(own), Some(types)) => only_types && own.contains(types.without(Types::NULL)),
            (Some(_), None) => false,
        }
    }

    fn demands_only_types(&self) -> bool {
        self.values.is_none()
            && self.string == StringRules::default()
            && self.number == NumberRules::default()
            && self.array == ArrayRules::default()
            && self.object == MapRules::default()
            && self.items.is_empty()
            && self.properties.is_empty()
            && self.required.is_empty()
            && matches!(self.extra, Extra::Absent | Extra::Any)
            && self.groups.is_empty()
            && !self.binary
            && !self.whole
    }

    /// Whether its type is anything, held against the whole.
    pub(super) fn is_untyped(&self) -> bool {
        self.open || self.untyped
    }

    /// Whether any keyword for objects was used.
    fn speaks_of_objects(&self) -> bool {
        !self.properties.is_empty()
            || !self.required.is_empty()
            || !matches!(self.extra, Extra::Absent)
            || self.object != MapRules::default()
    }

    /// Types that the keywords imply where none is declared.
    fn implied(&self) -> Option<Types> {
        let mut types = Types::NONE;
        if self.speaks_of_objects() {
            types = types.or(Types::OBJECT);
        }
        if !self.items.is_empty() || self.array != ArrayRules::default() {
            types = types.or(Types::ARRAY);
        }
        if self.string != StringRules::default() || self.binary {
            types = types.or(Types::STRING);
        }
        if self.number != NumberRules::default() {
            types = types.or(Types::NUMBER);
        }
        (!types.is_empty()).then_some(types)
    }
}

impl<'a> Planner<'a> {
    /// What `parts` demand together; `None` after a refusal.
    pub(in crate::lower) fn facts(&mut self, parts: &[Part]) -> Option<Facts<'a>> {
        let mut all: Option<Facts<'a>> = None;
        let mut seen = HashSet::new();
        for part in parts {
            let facts = self.part_facts(part, &mut Vec::new(), &mut seen)?;
            all = Some(match all {
                None => facts,
                Some(all) => united(all, facts, self.problems),
            });
        }
        let mut all = all?;
        if all.types.is_none() && all.values.is_none() {
            all.types = all.implied();
            all.open = all.types.is_some() && !all.binary;
            all.says_more = all.whole;
            all.whole |= all.open;
        }
        if all.values.as_ref().is_some_and(|values| !is_typed(values)) {
            all.untyped = true;
            all.whole = true;
        }
        Some(all)
    }

    fn part_facts(
        &mut self,
        part: &Part,
        path: &mut Vec<String>,
        seen: &mut HashSet<Part>,
    ) -> Option<Facts<'a>> {
        let pointer = &part.pointer;
        if path.len() > MAX_DEPTH {
            self.refuse_circle(pointer);
            return None;
        }
        if path.contains(pointer) {
            self.problems.refuse(
                pointer,
                "the schema is part of itself",
                "`$ref` and `allOf` must not lead back to the schema they stand in",
            );
            return None;
        }
        if !seen.insert(part.clone()) {
            // What was united once says nothing new.
            return Some(Facts {
                pointer: pointer.clone(),
                ..Facts::default()
            });
        }
        let schema = self.source.get(pointer)?;
        if schema == &Value::Bool(false) {
            return Some(Facts {
                pointer: pointer.clone(),
                whole: true,
                untyped: true,
                ..Facts::default()
            });
        }
        path.push(pointer.clone());
        let mut facts = self.own_facts(schema, part);
        if let Some(target) = self.source.target(schema) {
            let target = Part {
                bare: part.bare || is_parent_of(self.source, &target, path),
                pointer: target,
            };
            let more = self.part_facts(&target, path, seen)?;
            facts = united(facts, more, self.problems);
        }
        let all_of = schema.get("allOf").and_then(Value::as_array);
        for index in 0..all_of.map_or(0, Vec::len) {
            let pointer = format!("{pointer}/allOf/{index}");
            let more = self.part_facts(
                &Part {
                    pointer,
                    bare: part.bare,
                },
                path,
                seen,
            )?;
            facts = united(facts, more, self.problems);
        }
        self.close(schema, part, &mut facts);
        path.pop();
        Some(facts)
    }

    /// `unevaluatedProperties: false` closes what `$ref`, `allOf` and the schema itself list.
    fn close(&mut self, schema: &Value, part: &Part, facts: &mut Facts<'a>) {
        match schema.get("unevaluatedProperties") {
            None => {}
            // All are looked at, for the schemas around this.
            Some(Value::Bool(true)) => facts.loose = true,
            Some(Value::Bool(false)) if !facts.loose => {
                facts.closed = true;
                // A schema or `true` for further properties has looked at all of them.
                if matches!(facts.extra, Extra::Absent) {
                    facts.extra = Extra::Denied;
                }
            }
            Some(_) => {
                facts.whole |= !part.bare;
                facts.loose = true;
                // Whose types differ from property to property.
                if matches!(facts.extra, Extra::Absent) {
                    facts.extra = Extra::Any;
                }
            }
        }
    }

    /// What the keywords of one schema object demand by themselves.
    fn own_facts(&mut self, schema: &'a Value, part: &Part) -> Facts<'a> {
        let pointer = &part.pointer;
        let mut facts = Facts {
            pointer: pointer.clone(),
            ..Facts::default()
        };
        facts.types = Types::stated(schema);
        let says_more = WORDS.iter().any(|word| schema.get(*word).is_some());
        let has_choices = ["oneOf", "anyOf"]
            .iter()
            .any(|key| schema.get(*key).is_some());
        facts.loose = says_more || has_choices;
        facts.whole = says_more && !part.bare;
        if self.is_dynamic && is_dynamic(self.source, pointer) {
            facts.whole = true;
            facts.untyped = true;
        }
        facts.values = match (schema.get("const"), schema.get("enum")) {
            (Some(value), _) => Some(vec![value.clone()]),
            (None, Some(Value::Array(values))) => {
                let mut once: Vec<Value> = Vec::new();
                for value in values {
                    if !once.contains(value) {
                        once.push(value.clone());
                    }
                }
                Some(once)
            }
            _ => None,
        };
        if let (Some(one), Some(Value::Array(values))) = (schema.get("const"), schema.get("enum"))
            && !values.contains(one)
        {
            facts.untyped = true;
            facts.whole |= !part.bare;
        }
        self.fit_values(&mut facts);
        let has_inner =
            schema.get("items").is_some() || schema.get("additionalProperties").is_some();
        if has_inner && contains_itself(self.source, pointer) {
            facts.whole = true;
            facts.untyped = true;
        }
        facts.string = self.string_rules(schema, pointer);
        facts.number = number_rules(schema);
        facts.array = ArrayRules {
            min_items: count(schema, "minItems"),
            max_items: count(schema, "maxItems"),
            unique: flag(schema, "uniqueItems"),
        };
        facts.object = MapRules {
            min_properties: count(schema, "minProperties"),
            max_properties: count(schema, "maxProperties"),
        };
        // Behind `prefixItems`, `items` does not speak of all.
        if schema.get("items").is_some() && schema.get("prefixItems").is_none() {
            facts.items.push(Part::new(child(pointer, "items")));
        }
        let properties = child(pointer, "properties");
        for (name, pointer, _) in self.source.all_entries(&properties) {
            facts
                .properties
                .push((name.to_owned(), vec![Part::new(pointer)]));
        }
        for (index, name) in list(schema, "required").iter().enumerate() {
            if let Some(name) = name.as_str().filter(|name| !facts.is_required(name)) {
                facts
                    .required
                    .push((name.to_owned(), format!("{pointer}/required/{index}")));
            }
        }
        facts.extra = match schema.get("additionalProperties") {
            None => Extra::Absent,
            Some(Value::Bool(true)) => Extra::Any,
            // `patternProperties` allow others.
            Some(_) if schema.get("patternProperties").is_some() => Extra::Any,
            Some(Value::Bool(false)) => Extra::Denied,
            Some(_) => Extra::Parts(vec![Part::new(child(pointer, "additionalProperties"))]),
        };
        if !part.bare {
            let discriminator = schema
                .get("discriminator")
                .map(|value| (child(pointer, "discriminator"), value));
            for (key, exactly_one) in [("oneOf", true), ("anyOf", false)] {
                if schema.get(key).is_none() {
                    continue;
                }
                let pointer = child(pointer, key);
                let count = list(schema, key).len();
                let choices = (0..count).map(|index| Part::new(format!("{pointer}/{index}")));
                facts.groups.push(Group {
                    choices: choices.collect(),
                    exactly_one,
                    discriminator: discriminator.clone(),
                });
            }
        }
        let may_be_text = facts
            .types
            .is_none_or(|types| types.contains(Types::STRING));
        facts.binary = may_be_text && is_binary(schema);
        facts
    }

    /// Reads values that are not of the declared type as those that are meant.
    fn fit_values(&mut self, facts: &mut Facts<'a>) {
        let (Some(types), Some(values)) = (facts.types, &mut facts.values) else {
            return;
        };
        let at = child(&facts.pointer, "enum");
        let mut read = types;
        let mut fitted: Vec<Value> = Vec::new();
        for value in std::mem::take(values) {
            let is_one = |value: &Value| types.contains(Types::of(value));
            let (kept, told) = match retyped(&value, is_one) {
                _ if is_one(&value) => (Some(value), None),
                _ if value.is_null() => {
                    read = read.or(Types::NULL);
                    let told = "`null` is not of the declared `type`, and is allowed all the same";
                    (Some(value), Some(told.to_owned()))
                }
                Some(meant) => {
                    let told =
                        format!("`{value}` is not of the declared `type`: it is read as `{meant}`");
                    (Some(meant), Some(told))
                }
                None => {
                    let told =
                        format!("`{value}` is not of the declared `type`, and no value of it");
                    (None, Some(told))
                }
            };
            if let Some(told) = told {
                self.problems.warn(&at, told, "correct the value or `type`");
            }
            fitted.extend(kept.filter(|kept| !fitted.contains(kept)));
        }
        *values = fitted;
        facts.types = Some(read);
    }

    pub(super) fn string_rules(&mut self, schema: &Value, pointer: &str) -> StringRules {
        let written = text(schema, "pattern");
        let counted = written.and_then(counted);
        let source = counted
            .as_ref()
            .map(|(shorter, ..)| shorter.as_str())
            .or(written);
        let at = child(pointer, "pattern");
        let pattern =
            source.and_then(|source| self.patterns.translated(source, &at, self.problems));
        let [mut min_length, mut max_length] =
            ["minLength", "maxLength"].map(|key| count(schema, key));
        if let Some((_, Some((low, high)))) = counted {
            min_length = min_length.max(Some(low));
            max_length = Some(max_length.map_or(high, |max| max.min(high)));
        }
        StringRules {
            min_length: min_length.filter(|&length| length > 0),
            max_length,
            pattern_source: source.filter(|_| pattern.is_some()).map(str::to_owned),
            pattern,
            pattern_says: text(schema, "x-pattern-says").map(str::to_owned),
            trim: flag(schema, "x-trim"),
            format: text(schema, "format").and_then(|name| format(name, self.formats)),
        }
    }
}

/// Whether `values` are of one type that is not made of others.
fn is_typed(values: &[Value]) -> bool {
    let types = values
        .iter()
        .filter(|value| !value.is_null())
        .map(Types::of);
    let types = types.fold(Types::NONE, Types::or);
    let single = [
        Types::NONE,
        Types::STRING,
        Types::INTEGER,
        Types::NUMBER,
        Types::BOOLEAN,
    ];
    !values.is_empty() && single.contains(&types)
}

fn number_rules(schema: &Value) -> NumberRules {
    let number = |key: &str| schema.get(key).and_then(Value::as_number).cloned();
    NumberRules {
        minimum: number("minimum"),
        maximum: number("maximum"),
        exclusive_minimum: number("exclusiveMinimum"),
        exclusive_maximum: number("exclusiveMaximum"),
        multiple_of: number("multipleOf"),
        allowed: Vec::new(),
        int32: text(schema, "format") == Some("int32"),
        int64: text(schema, "format") == Some("int64"),
    }
}

fn format(name: &str, formats: Formats) -> Option<Format> {
    if formats == Formats::None {
        return None;
    }
    Some(match name {
        "date-time" => Format::DateTime,
        "date" => Format::Date,
        "time" => Format::Time,
        "email" => Format::Email,
        "uri" => Format::Uri,
        "uuid" => Format::Uuid,
        "ipv4" => Format::Ipv4,
        "ipv6" => Format::Ipv6,
        _ if formats != Formats::All => return None,
        "hostname" => Format::Hostname,
        "idn-hostname" => Format::IdnHostname,
        "idn-email" => Format::IdnEmail,
        "duration" => Format::Duration,
        "json-pointer" => Format::JsonPointer,
        "relative-json-pointer" => Format::RelativeJsonPointer,
        "uri-reference" => Format::UriReference,
        "uri-template" => Format::UriTemplate,
        "iri" => Format::Iri,
        "iri-reference" => Format::IriReference,
        "regex" => Format::Regex,
        _ => return None,
    })
}

/// `format: binary`, or `contentMediaType` of something that is not text, without encoding.
fn is_binary(schema: &Value) -> bool {
    let encoded = schema.get("contentEncoding").is_some();
    let media_type = text(schema, "contentMediaType");
    let of_bytes = media_type.is_some_and(|name| {
        !(name.starts_with("text/") || name.contains("json") || name.contains("xml"))
    });
    let is_file = text(schema, "type") == Some("file");
    is_file || text(schema, "format") == Some("binary") || (of_bytes && !encoded)
}
