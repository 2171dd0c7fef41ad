//! Schemas as a whole: what values are held against where a type cannot say everything.
//!
//! Every word of a schema and of all it refers to becomes data of the model. Which schemas need that is said by
//! `whole`.

use std::collections::HashMap;

use contract_document::child;
use serde_json::Value;

use super::build::Schemas;
use super::direction::is_flagged;
use super::facts::Part;
use super::whole::{Resources, resource_of};
use crate::lower::source::{count, flag, list, text};
use crate::lower::values::Types;
use crate::model::{Check, CheckId, Checks, StringRules, Word};

/// The schemas that were asked for.
#[derive(Debug, Default)]
pub(in crate::lower) struct Builder {
    pub(super) made: Checks,
    /// Pointers of schemas → what they became.
    ids: HashMap<String, CheckId>,
    /// Pointers of those that are still to be read.
    open: Vec<(CheckId, String)>,
}

impl Builder {
    fn reserve(&mut self, pointer: &str) -> (CheckId, bool) {
        if let Some(&id) = self.ids.get(pointer) {
            return (id, false);
        }
        let id = CheckId(self.made.schemas.len());
        self.made.schemas.push(Check {
            pointer: pointer.to_owned(),
            ..Check::default()
        });
        self.ids.insert(pointer.to_owned(), id);
        (id, true)
    }

    /// The schema at `pointer`, which is read later.
    fn at(&mut self, pointer: String) -> CheckId {
        let (id, is_new) = self.reserve(&pointer);
        if is_new {
            self.open.push((id, pointer));
        }
        id
    }

    /// A schema that allows everything but objects.
    pub(super) fn no_object(&mut self) -> CheckId {
        let (id, is_new) = self.reserve("all but objects");
        if is_new {
            let names = ["null", "boolean", "string", "number", "array"];
            let types = Word::Types(names.map(str::to_owned).to_vec());
            self.made.schemas[id.0].words.push(types);
        }
        id
    }

    fn is_dynamic(&self) -> bool {
        let mut words = self.made.schemas.iter().flat_map(|check| &check.words);
        words.any(|word| matches!(word, Word::ReferDynamic(..)))
    }
}

impl Schemas<'_> {
    /// What all of `parts` demand as a whole; nothing where that is looked at elsewhere.
    pub(super) fn check_of(&mut self, parts: &[Part]) -> Option<CheckId> {
        let mut whole: Vec<&str> = Vec::new();
        for part in parts.iter().filter(|part| !part.bare) {
            if !whole.contains(&part.pointer.as_str()) {
                whole.push(&part.pointer);
            }
        }
        let builder = &mut self.table.checks;
        let id = match whole.as_slice() {
            [] => return None,
            [only] => builder.at((*only).to_owned()),
            all => {
                let (id, is_new) = builder.reserve(&all.join(" "));
                if is_new {
                    let all = all.iter().map(|pointer| builder.at((*pointer).to_owned()));
                    let all = Word::AllOf(all.collect());
                    builder.made.schemas[id.0].words.push(all);
                }
                id
            }
        };
        self.read_open();
        Some(id)
    }

    fn read_open(&mut self) {
        while let Some((id, pointer)) = self.table.checks.open.pop() {
            let words = self.words(&pointer);
            self.table.checks.made.schemas[id.0].words = words;
        }
    }

    /// Adds the anchors that dynamic references depend on, once everything is lowered.
    pub(super) fn finish_checks(&mut self) {
        if !self.table.checks.is_dynamic() {
            return;
        }
        let resources = Resources::of(self.source);
        let mut ids = HashMap::new();
        for (resource, anchors) in &resources.0 {
            if anchors.is_empty() {
                continue;
            }
            let builder = &mut self.table.checks;
            let anchors = anchors.iter().map(|(name, pointer)| {
                let id = builder.at(pointer.clone());
                (name.clone(), id)
            });
            let anchors = anchors.collect();
            ids.insert(resource.clone(), builder.made.resources.len());
            builder.made.resources.push(anchors);
            self.read_open();
        }
        let source = self.source;
        for check in &mut self.table.checks.made.schemas {
            check.resource = ids.get(&resource_of(source, &check.pointer)).copied();
        }
    }

    /// What the words of the schema at `pointer` demand.
    fn words(&mut self, pointer: &str) -> Vec<Word> {
        let Some(schema) = self.source.get(pointer) else {
            return Vec::new();
        };
        if let Value::Bool(allowed) = schema {
            return match allowed {
                true => Vec::new(),
                false => vec![Word::Never],
            };
        }
        let mut words = Vec::new();
        if let Some(types) = Types::stated(schema) {
            words.push(Word::Types(types.names()));
        }
        if let Some(value) = schema.get("const") {
            words.push(Word::Values(vec![value.clone()]));
        }
        if let Some(Value::Array(values)) = schema.get("enum") {
            words.push(Word::Values(values.clone()));
        }
        self.plain_words(schema, pointer, &mut words);
        self.object_words(schema, pointer, &mut words);
        self.list_words(schema, pointer, &mut words);
        self.references(schema, pointer, &mut words);
        let builder = &mut self.table.checks;
        for (key, make) in [
            ("allOf", Word::AllOf as fn(Vec<CheckId>) -> Word),
            ("anyOf", Word::AnyOf),
            ("oneOf", Word::OneOf),
        ] {
            if schema.get(key).is_some() {
                words.push(make(each(builder, schema, pointer, key)));
            }
        }
        if schema.get("not").is_some() {
            words.push(Word::Not(builder.at(child(pointer, "not"))));
        }
        if schema.get("if").is_some() {
            let mut at = |key: &str| schema.get(key).map(|_| builder.at(child(pointer, key)));
            if let Some(condition) = at("if") {
                words.push(Word::If(condition, at("then"), at("else")));
            }
        }
        if let Some(Value::Object(dependent)) = schema.get("dependentSchemas") {
            let place = child(pointer, "dependentSchemas");
            let dependent = dependent.keys();
            let each = dependent.map(|name| (name.clone(), builder.at(child(&place, name))));
            words.push(Word::DependentSchemas(each.collect()));
        }
        // These ask what all others looked at.
        for (key, make) in [
            (
                "unevaluatedProperties",
                Word::OtherProperties as fn(CheckId) -> Word,
            ),
            ("unevaluatedItems", Word::OtherItems),
        ] {
            if schema.get(key).is_some() {
                words.push(make(builder.at(child(pointer, key))));
            }
        }
        words
    }

    /// Words for text and numbers.
    fn plain_words(&mut self, schema: &Value, pointer: &str, words: &mut Vec<Word>) {
        let rules = self.planner.string_rules(schema, pointer);
        if rules != StringRules::default() {
            words.push(Word::Text(rules));
        }
        let number = |key: &str| schema.get(key).and_then(Value::as_number).cloned();
        words.extend(number("minimum").map(Word::Minimum));
        words.extend(number("maximum").map(Word::Maximum));
        words.extend(number("exclusiveMinimum").map(Word::Above));
        words.extend(number("exclusiveMaximum").map(Word::Below));
        words.extend(number("multipleOf").map(Word::MultipleOf));
    }

    fn object_words(&mut self, schema: &Value, pointer: &str, words: &mut Vec<Word>) {
        let (min, max) = (
            count(schema, "minProperties"),
            count(schema, "maxProperties"),
        );
        if min.is_some() || max.is_some() {
            words.push(Word::Properties(min, max));
        }
        // What one direction alone has, only its types demand.
        let names = list(schema, "required").iter().filter_map(Value::as_str);
        let names: Vec<&str> = names.collect();
        let required = names
            .into_iter()
            .filter(|name| !self.has_direction(pointer, name));
        let required: Vec<String> = required.map(str::to_owned).collect();
        if !required.is_empty() {
            words.push(Word::Required(required));
        }
        if let Some(Value::Object(dependent)) = schema.get("dependentRequired") {
            let dependent = dependent.iter().map(|(name, needed)| {
                let needed = needed.as_array().into_iter().flatten();
                let needed = needed.filter_map(Value::as_str).map(str::to_owned);
                (name.clone(), needed.collect())
            });
            words.push(Word::DependentRequired(dependent.collect()));
        }
        let matching = schema.get("patternProperties").and_then(Value::as_object);
        let mut patterns = Vec::new();
        for source in matching.into_iter().flatten().map(|(source, _)| source) {
            let at = child(&child(pointer, "patternProperties"), source);
            let planner = &mut self.planner;
            // Without one, it is about no property.
            if let Some(pattern) = planner.patterns.translated(source, &at, planner.problems) {
                patterns.push((source.clone(), pattern, self.table.checks.at(at)));
            }
        }
        let builder = &mut self.table.checks;
        let properties = schema.get("properties").and_then(Value::as_object);
        let place = child(pointer, "properties");
        let names = properties.into_iter().flatten().map(|(name, _)| name);
        let named: Vec<_> = names
            .map(|name| (name.clone(), builder.at(child(&place, name))))
            .collect();
        let others = schema.get("additionalProperties");
        let others = others.map(|_| builder.at(child(pointer, "additionalProperties")));
        if !named.is_empty() || !patterns.is_empty() || others.is_some() {
            words.push(Word::Object {
                named,
                matching: patterns,
                others,
            });
        }
        if schema.get("propertyNames").is_some() {
            words.push(Word::Names(builder.at(child(pointer, "propertyNames"))));
        }
    }

    fn has_direction(&mut self, pointer: &str, name: &str) -> bool {
        let at = child(&child(pointer, "properties"), name);
        let (source, problems) = (self.source, &mut *self.planner.problems);
        ["readOnly", "writeOnly"]
            .into_iter()
            .any(|key| is_flagged(&at, key, source, problems))
    }

    fn list_words(&mut self, schema: &Value, pointer: &str, words: &mut Vec<Word>) {
        let builder = &mut self.table.checks;
        let (min, max) = (count(schema, "minItems"), count(schema, "maxItems"));
        if min.is_some() || max.is_some() {
            words.push(Word::Items(min, max));
        }
        if flag(schema, "uniqueItems") {
            words.push(Word::Unique);
        }
        let prefix = each(builder, schema, pointer, "prefixItems");
        let items = schema.get("items");
        let items = items.map(|_| builder.at(child(pointer, "items")));
        if !prefix.is_empty() || items.is_some() {
            words.push(Word::List(prefix, items));
        }
        if schema.get("contains").is_some() {
            let least = count(schema, "minContains").unwrap_or(1);
            let most = count(schema, "maxContains");
            let contains = builder.at(child(pointer, "contains"));
            words.push(Word::Contains(contains, least, most));
        }
    }

    fn references(&mut self, schema: &Value, pointer: &str, words: &mut Vec<Word>) {
        if let Some(target) = self.source.target(schema) {
            words.push(Word::Refer(self.table.checks.at(target)));
        }
        if schema.get("$dynamicRef").is_none() {
            return;
        }
        let target = self.source.dynamic_target(schema);
        let anchor = target.as_ref().and_then(|target| {
            let anchor = text(self.source.get(target)?, "$dynamicAnchor")?;
            Some(anchor.to_owned())
        });
        match (target, anchor) {
            (Some(target), Some(anchor)) => {
                let target = self.table.checks.at(target);
                words.push(Word::ReferDynamic(anchor, target));
            }
            _ => self.refuse(
                &child(pointer, "$dynamicRef"),
                "the reference leads to nothing with a `$dynamicAnchor`",
                "use `$ref`",
            ),
        }
    }
}

/// The schemas of the list under `key`.
fn each(builder: &mut Builder, schema: &Value, pointer: &str, key: &str) -> Vec<CheckId> {
    let place = child(pointer, key);
    let indexes = 0..list(schema, key).len();
    indexes
        .map(|index| builder.at(child(&place, index)))
        .collect()
}
