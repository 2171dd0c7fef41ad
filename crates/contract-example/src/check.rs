//! Whether a value keeps to a schema.

use std::collections::HashSet;

use contract_document::child;
use serde_json::{Map, Number, Value};

use crate::facts::{equal, format, is_multiple, is_of, matches, shown};
use crate::schema::{DEPTH, count, is_set, list, number, resolve, target, types};

/// Where and how a value departs from its schema.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flaw {
    /// JSON pointer into the value.
    pub pointer: String,
    /// What it must be, such as "must be a text".
    pub message: String,
}

/// Everything in which `value` departs from `schema`, whose references lead into `root`. Properties that only go one
/// way (`readOnly`, `writeOnly`) may be left out. A pattern that is beyond regular expressions is not looked
/// at, nor are `unevaluatedItems` and `$dynamicRef`.
pub fn flaws(root: &Value, schema: &Value, value: &Value) -> Vec<Flaw> {
    let mut check = Check {
        root,
        found: Vec::new(),
    };
    check.schema(schema, value, "", 0);
    check.found
}

/// Whether `value` keeps to `schema`.
pub(crate) fn keeps(root: &Value, schema: &Value, value: &Value) -> bool {
    flaws(root, schema, value).is_empty()
}

struct Check<'a> {
    root: &'a Value,
    found: Vec<Flaw>,
}

impl<'a> Check<'a> {
    fn say(&mut self, at: &str, message: impl Into<String>) {
        self.found.push(Flaw {
            pointer: at.to_owned(),
            message: message.into(),
        });
    }

    /// Whether `value` keeps to another schema, of which nothing is said.
    fn holds(&self, schema: &'a Value, value: &Value, depth: usize) -> bool {
        let mut other = Check {
            root: self.root,
            found: Vec::new(),
        };
        other.schema(schema, value, "", depth);
        other.found.is_empty()
    }

    fn schema(&mut self, schema: &'a Value, value: &Value, at: &str, depth: usize) {
        let map = match schema {
            Value::Object(map) => map,
            Value::Bool(false) => return self.say(at, "must not be there"),
            _ => return,
        };
        if depth > DEPTH {
            return;
        }
        let depth = depth + 1;
        if let Some(reference) = map.get("$ref").and_then(Value::as_str)
            && let Some(next) = target(self.root, reference)
        {
            self.schema(next, value, at, depth);
        }
        let before = self.found.len();
        self.kind(map, value, at);
        if self.found.len() > before {
            // All else would be said of a value of another type.
            return;
        }
        match value {
            Value::String(text) => self.text(map, text, at),
            Value::Number(number) => self.number(map, number, at),
            Value::Array(items) => self.array(map, items, at, depth),
            Value::Object(object) => self.object(map, object, at, depth),
            Value::Null | Value::Bool(_) => {}
        }
        self.combined(map, value, at, depth);
    }

    fn kind(&mut self, map: &Map<String, Value>, value: &Value, at: &str) {
        let types = types(map);
        if !types.is_empty() && !types.iter().any(|one| is_of(value, one)) {
            let article = |one: &&str| match *one {
                "string" => "a text".to_owned(),
                "null" => "null".to_owned(),
                "integer" => "a whole number".to_owned(),
                "array" => "a list".to_owned(),
                "object" => "an object".to_owned(),
                other => format!("a {other}"),
            };
            let types: Vec<_> = types.iter().map(article).collect();
            return self.say(at, format!("must be {}", types.join(" or ")));
        }
        if let Some(constant) = map.get("const")
            && !equal(constant, value)
        {
            return self.say(at, format!("must be `{}`", shown(constant)));
        }
        if let Some(Value::Array(allowed)) = map.get("enum")
            && !allowed.iter().any(|one| equal(one, value))
        {
            let shown: Vec<_> = allowed.iter().take(8).map(shown).collect();
            let more = if allowed.len() > 8 { ", …" } else { "" };
            let message = format!("must be one of `{}`{more}", shown.join("`, `"));
            self.say(at, message);
        }
    }

    fn text(&mut self, map: &Map<String, Value>, text: &str, at: &str) {
        let length = text.chars().count();
        if let Some(least) = count(map, "minLength").filter(|least| length < *least) {
            self.say(at, format!("must have {least} characters or more"));
        }
        if let Some(most) = count(map, "maxLength").filter(|most| length > *most) {
            self.say(at, format!("must have {most} characters or fewer"));
        }
        if let Some(pattern) = map.get("pattern").and_then(Value::as_str)
            && matches(pattern, text) == Some(false)
        {
            self.say(at, format!("must match `{pattern}`"));
        }
        let format = map.get("format").and_then(Value::as_str).and_then(format);
        if let Some(format) = format.filter(|format| !format.accepts(text)) {
            self.say(at, format!("must be {}", format.describe()));
        }
    }

    fn number(&mut self, map: &Map<String, Value>, value: &Number, at: &str) {
        let Some(value) = value.as_f64() else { return };
        let bound = |keyword: &str| number(map, keyword);
        if let Some(bound) = bound("minimum").filter(|bound| value < *bound) {
            self.say(at, format!("must be {bound} or more"));
        }
        if let Some(bound) = bound("maximum").filter(|bound| value > *bound) {
            self.say(at, format!("must be {bound} or less"));
        }
        if let Some(bound) = bound("exclusiveMinimum").filter(|bound| value <= *bound) {
            self.say(at, format!("must be more than {bound}"));
        }
        if let Some(bound) = bound("exclusiveMaximum").filter(|bound| value >= *bound) {
            self.say(at, format!("must be less than {bound}"));
        }
        if let Some(step) = number(map, "multipleOf").filter(|step| *step > 0.0)
            && !is_multiple(value, step)
        {
            self.say(at, format!("must be a multiple of {step}"));
        }
        let range = match map.get("format").and_then(Value::as_str) {
            Some("int32") => f64::from(i32::MIN)..=f64::from(i32::MAX),
            _ => f64::MIN..=f64::MAX,
        };
        if !range.contains(&value) {
            self.say(at, "must fit into 32 bits");
        }
    }

    fn array(&mut self, map: &'a Map<String, Value>, items: &[Value], at: &str, depth: usize) {
        if let Some(least) = count(map, "minItems").filter(|least| items.len() < *least) {
            self.say(at, format!("must have {least} items or more"));
        }
        if let Some(most) = count(map, "maxItems").filter(|most| items.len() > *most) {
            self.say(at, format!("must have {most} items or fewer"));
        }
        if map.get("uniqueItems") == Some(&Value::Bool(true)) {
            let repeats = |(index, item): (usize, &Value)| {
                items[..index].iter().any(|other| equal(other, item))
            };
            if items.iter().enumerate().any(repeats) {
                self.say(at, "must not have an item twice");
            }
        }
        let first = list(map, "prefixItems");
        for (index, item) in items.iter().enumerate() {
            let schema = first.get(index).or_else(|| map.get("items"));
            if let Some(schema) = schema {
                self.schema(schema, item, &child(at, index.to_string()), depth);
            }
        }
        if let Some(wanted) = map.get("contains") {
            let found = items.iter().filter(|item| self.holds(wanted, item, depth));
            let found = found.count();
            let most = count(map, "maxContains").unwrap_or(usize::MAX);
            if found < count(map, "minContains").unwrap_or(1) || found > most {
                self.say(at, "must contain the items that `contains` demands");
            }
        }
    }

    fn object(
        &mut self,
        map: &'a Map<String, Value>,
        object: &Map<String, Value>,
        at: &str,
        depth: usize,
    ) {
        let empty = Map::new();
        let properties = map.get("properties").and_then(Value::as_object);
        let properties = properties.unwrap_or(&empty);
        let mut missing = list(map, "required")
            .iter()
            .filter_map(Value::as_str)
            .collect::<Vec<_>>();
        missing.retain(|name| {
            let goes_one_way = properties.get(*name).is_some_and(|property| {
                let property = resolve(self.root, property).unwrap_or(property);
                is_set(property, "readOnly") || is_set(property, "writeOnly")
            });
            !object.contains_key(*name) && !goes_one_way
        });
        for name in missing {
            self.say(at, format!("must have the property `{name}`"));
        }
        if let Some(least) = count(map, "minProperties").filter(|least| object.len() < *least) {
            self.say(at, format!("must have {least} properties or more"));
        }
        if let Some(most) = count(map, "maxProperties").filter(|most| object.len() > *most) {
            self.say(at, format!("must have {most} properties or fewer"));
        }
        let patterns = map.get("patternProperties").and_then(Value::as_object);
        let patterns: Vec<_> = patterns.into_iter().flatten().collect();
        for (name, value) in object {
            let at = child(at, name);
            let mut known = false;
            if let Some(schema) = map.get("properties").and_then(|all| all.get(name)) {
                known = true;
                self.schema(schema, value, &at, depth);
            }
            for (pattern, schema) in &patterns {
                if matches(pattern, name) == Some(true) {
                    known = true;
                    self.schema(schema, value, &at, depth);
                }
            }
            match map.get("additionalProperties") {
                Some(Value::Bool(false)) if !known => self.say(&at, "must not be there"),
                Some(schema) if !known => self.schema(schema, value, &at, depth),
                _ => {}
            }
            if let Some(names) = map.get("propertyNames") {
                self.schema(names, &Value::String(name.clone()), &at, depth);
            }
        }
        if map.get("unevaluatedProperties") == Some(&Value::Bool(false)) {
            let mut known = HashSet::new();
            let all = self.known(map, object, &mut known, depth);
            for name in object.keys().filter(|name| !all && !known.contains(*name)) {
                self.say(&child(at, name), "must not be there");
            }
        }
        let dependent = map.get("dependentRequired").and_then(Value::as_object);
        for (name, needed) in dependent.into_iter().flatten() {
            let needed = needed.as_array().into_iter().flatten();
            let needed = needed.filter_map(Value::as_str);
            for needed in needed.filter(|other| !object.contains_key(*other)) {
                if object.contains_key(name) {
                    self.say(at, format!("must have the property `{needed}`"));
                }
            }
        }
        let dependent = map.get("dependentSchemas").and_then(Value::as_object);
        for (name, schema) in dependent.into_iter().flatten() {
            if object.contains_key(name) {
                self.schema(schema, &Value::Object(object.clone()), at, depth);
            }
        }
    }

    /// The properties that a schema speaks of, with all of its parts that hold; `true`: every one.
    fn known(
        &self,
        map: &'a Map<String, Value>,
        object: &Map<String, Value>,
        known: &mut HashSet<String>,
        depth: usize,
    ) -> bool {
        let is_open = |keyword: &str| match map.get(keyword) {
            None | Some(Value::Bool(false)) => false,
            Some(_) => true,
        };
        if depth > DEPTH || is_open("additionalProperties") || is_open("patternProperties") {
            return true;
        }
        let properties = map.get("properties").and_then(Value::as_object);
        known.extend(properties.into_iter().flat_map(|all| all.keys().cloned()));
        let reference = map.get("$ref").and_then(Value::as_str);
        let reference = reference.and_then(|reference| target(self.root, reference));
        let value = Value::Object(object.clone());
        let keywords = ["allOf", "anyOf", "oneOf"];
        let parts = keywords
            .into_iter()
            .flat_map(|keyword| list(map, keyword))
            .chain(
                ["if", "then", "else"]
                    .into_iter()
                    .filter_map(|at| map.get(at)),
            );
        let parts: Vec<_> = parts
            .chain(reference)
            .filter(|part| self.holds(part, &value, depth + 1))
            .filter_map(Value::as_object)
            .collect();
        parts
            .into_iter()
            .any(|part| self.known(part, object, known, depth + 1))
    }

    fn combined(&mut self, map: &'a Map<String, Value>, value: &Value, at: &str, depth: usize) {
        for part in list(map, "allOf") {
            self.schema(part, value, at, depth);
        }
        let any = list(map, "anyOf");
        if !any.is_empty() && !any.iter().any(|one| self.holds(one, value, depth)) {
            self.choice(any, map, value, at, depth);
        }
        let one = list(map, "oneOf");
        let matching = one.iter().filter(|one| self.holds(one, value, depth));
        match matching.count() {
            0 if !one.is_empty() => self.choice(one, map, value, at, depth),
            0 | 1 => {}
            several => self.say(at, format!("must be of one choice, and is of {several}")),
        }
        if let Some(not) = map.get("not")
            && self.holds(not, value, depth)
        {
            self.say(at, "must not be what `not` says");
        }
        if let Some(condition) = map.get("if") {
            let branch = match self.holds(condition, value, depth) {
                true => "then",
                false => "else",
            };
            if let Some(schema) = map.get(branch) {
                self.schema(schema, value, at, depth);
            }
        }
    }

    /// No choice holds: says what is wrong with the one that is meant, where that is clear.
    fn choice(
        &mut self,
        choices: &'a [Value],
        map: &Map<String, Value>,
        value: &Value,
        at: &str,
        depth: usize,
    ) {
        let tag = map
            .get("discriminator")
            .and_then(|it| it.get("propertyName"));
        let tag = tag.and_then(Value::as_str);
        let meant = tag.and_then(|tag| {
            let said = value.get(tag)?;
            let mut matching = choices.iter().filter(|choice| {
                let schema = resolve(self.root, choice);
                let schema = schema.and_then(|schema| schema.get("properties")?.get(tag));
                let schema = schema.and_then(|schema| resolve(self.root, schema));
                schema.is_some_and(|schema| {
                    schema.get("const").or(schema.get("enum")).is_some()
                        && self.holds(schema, said, depth)
                })
            });
            matching.next().filter(|_| matching.next().is_none())
        });
        let fitting = match (meant, choices) {
            (Some(meant), _) => Some(meant),
            (None, [only]) => Some(only),
            (None, choices) => {
                // The only one of the value's type, as of a choice between an object and null.
                let mut fitting = choices.iter().filter(|choice| {
                    let schema = resolve(self.root, choice).and_then(Value::as_object);
                    let types = schema.map(types).unwrap_or_default();
                    types.is_empty() || types.iter().any(|one| is_of(value, one))
                });
                fitting.next().filter(|_| fitting.next().is_none())
            }
        };
        match fitting {
            Some(schema) => self.schema(schema, value, at, depth),
            None => self.say(at, "must be one of the choices, and is none"),
        }
    }
}
