//! Making up a value that keeps to a schema.

use std::cell::Cell;

use serde_json::{Map, Number, Value, json};

use crate::check::keeps;
use crate::schema::{count, is_set, list, number, resolve, target, types};
use crate::text;

/// Most schemas that are looked at for one value.
const STEPS: usize = 20_000;

/// Deepest nesting of a value.
const DEPTH: usize = 24;

/// How deep properties are made that could be left out: at first as an example is best, then less, as types that
/// contain themselves may demand.
const OPTIONAL: [usize; 3] = [3, 1, 0];

/// A value that keeps to `schema`, whose references lead into `root`, as an answer could hold it: an example of the
/// schema, or one made up. `None` if none was found.
pub fn make(root: &Value, schema: &Value) -> Option<Value> {
    made(root, schema, "writeOnly")
}

/// As [`make`], as a request could hold it.
pub fn make_sent(root: &Value, schema: &Value) -> Option<Value> {
    made(root, schema, "readOnly")
}

fn made(root: &Value, schema: &Value, left_out: &'static str) -> Option<Value> {
    OPTIONAL.into_iter().find_map(|optional| {
        let maker = Maker {
            root,
            left_out,
            optional,
            left: Cell::new(STEPS),
        };
        let made = maker.value(schema, 0)?;
        keeps(root, schema, &made).then_some(made)
    })
}

struct Maker<'a> {
    root: &'a Value,
    /// Properties that say this of themselves go the other way.
    left_out: &'static str,
    optional: usize,
    left: Cell<usize>,
}

impl Maker<'_> {
    fn value(&self, schema: &Value, depth: usize) -> Option<Value> {
        let left = self.left.get().checked_sub(1)?;
        self.left.set(left);
        if depth > DEPTH {
            return None;
        }
        let map = match schema {
            Value::Object(map) => map,
            Value::Bool(false) => return None,
            _ => return Some(json!({})),
        };
        if let Some(given) = self.given(map, schema) {
            return Some(given);
        }
        let mut whole = Map::new();
        self.unite(&mut whole, map, 0);
        if whole.len() != map.len()
            && let Some(given) = self.given(&whole, schema)
        {
            return Some(given);
        }
        let choices = [list(&whole, "oneOf"), list(&whole, "anyOf")].concat();
        if choices.is_empty() {
            return self.plain(&whole, depth);
        }
        let tag = whole.get("discriminator").cloned();
        whole.remove("oneOf");
        whole.remove("anyOf");
        whole.remove("discriminator");
        let whole = Value::Object(whole);
        choices.iter().find_map(|choice| {
            let mut made = self.value(&json!({ "allOf": [choice, whole] }), depth + 1)?;
            if let Some(tag) = &tag {
                self.say_which(&mut made, tag, choice);
            }
            keeps(self.root, schema, &made).then_some(made)
        })
    }

    /// A value that the schema itself gives, if it keeps to it.
    fn given(&self, map: &Map<String, Value>, schema: &Value) -> Option<Value> {
        let one = |keyword: &str| map.get(keyword);
        let examples = list(map, "examples").iter();
        let mut given = one("const")
            .into_iter()
            .chain(one("example"))
            .chain(examples)
            .chain(one("default"))
            .chain(list(map, "enum"));
        // `null` is a value that says little.
        given
            .find(|value| !value.is_null() && keeps(self.root, schema, value))
            .cloned()
    }

    /// Adds everything that `part` demands to `whole`, with what it refers to and its `allOf`.
    fn unite(&self, whole: &mut Map<String, Value>, part: &Map<String, Value>, depth: usize) {
        if depth > DEPTH {
            return;
        }
        let reference = part.get("$ref").and_then(Value::as_str);
        let reference = reference.and_then(|reference| target(self.root, reference));
        for next in reference.into_iter().chain(list(part, "allOf")) {
            if let Some(next) = next.as_object() {
                self.unite(whole, next, depth + 1);
            }
        }
        for (keyword, said) in part {
            match (keyword.as_str(), whole.get_mut(keyword)) {
                ("$ref" | "allOf", _) => {}
                (_, None) => {
                    whole.insert(keyword.clone(), said.clone());
                }
                ("properties", Some(known)) => both(known, said),
                ("required", Some(Value::Array(known))) => {
                    let more = said.as_array().into_iter().flatten();
                    known.extend(more.cloned());
                }
                ("type", Some(known)) => *known = common_type(known, said),
                ("enum", Some(Value::Array(known))) => {
                    let allowed = said.as_array().map(Vec::as_slice).unwrap_or_default();
                    known.retain(|one| allowed.contains(one));
                }
                (name, Some(known)) => {
                    let lower = name.starts_with("min") || name == "exclusiveMinimum";
                    let upper = name.starts_with("max") || name == "exclusiveMaximum";
                    let (one, other) = (known.as_f64(), said.as_f64());
                    if lower && one < other || upper && one > other || name == "example" {
                        *known = said.clone();
                    }
                }
            }
        }
    }

    /// A value of a schema without parts and choices.
    fn plain(&self, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let types = types(schema);
        let has = |keywords: &[&str]| keywords.iter().any(|keyword| schema.contains_key(*keyword));
        let kind = match types.iter().find(|kind| **kind != "null") {
            Some(kind) => kind,
            None if !types.is_empty() => "null",
            None if has(&["items", "prefixItems", "minItems", "maxItems"]) => "array",
            None if has(&["minLength", "maxLength", "pattern", "format"]) => "string",
            None if has(&["minimum", "maximum", "multipleOf"]) => "number",
            None => "object",
        };
        match kind {
            "object" => self.object(schema, depth),
            "array" => self.array(schema, depth),
            "string" => text::make(schema).map(Value::String),
            "integer" => whole_number(schema),
            "number" => some_number(schema),
            "boolean" => Some(Value::Bool(true)),
            _ => Some(Value::Null),
        }
    }

    fn object(&self, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let mut made = Map::new();
        let required = list(schema, "required");
        let is_required = |name: &str| required.iter().any(|one| one.as_str() == Some(name));
        let most = count(schema, "maxProperties").unwrap_or(usize::MAX);
        let properties = schema.get("properties").and_then(Value::as_object);
        for (name, property) in properties.into_iter().flatten() {
            let required = is_required(name);
            let target = resolve(self.root, property).unwrap_or(property);
            if is_set(target, self.left_out) || is_set(property, self.left_out) {
                continue;
            }
            if !required
                && (depth >= self.optional || made.len() + required_left(schema, &made) >= most)
            {
                continue;
            }
            match self.value(property, depth + 1) {
                Some(value) => drop(made.insert(name.clone(), value)),
                None if required => return None,
                None => {}
            }
        }
        let further = schema.get("additionalProperties");
        let further = further.cloned().unwrap_or(Value::Bool(true));
        for name in required.iter().filter_map(Value::as_str) {
            let declared = properties.is_some_and(|all| all.contains_key(name));
            if !declared {
                made.insert(name.to_owned(), self.value(&further, depth + 1)?);
            }
        }
        let mut number = 1;
        while made.len() < count(schema, "minProperties").unwrap_or(0).min(1_000) {
            made.insert(format!("key{number}"), self.value(&further, depth + 1)?);
            number += 1;
        }
        Some(Value::Object(made))
    }

    fn array(&self, schema: &Map<String, Value>, depth: usize) -> Option<Value> {
        let least = count(schema, "minItems").unwrap_or(0).min(1_000);
        let most = count(schema, "maxItems").unwrap_or(usize::MAX);
        let wanted = match depth > self.optional {
            true => least,
            false => least.max(1).min(most),
        };
        let anything = json!({});
        let item = schema.get("items").unwrap_or(&anything);
        let first = list(schema, "prefixItems");
        let unique = is_set(&Value::Object(schema.clone()), "uniqueItems");
        // Those that `contains` asks for come first of those without a place of their own.
        let contained = schema.get("contains");
        let needed = contained.map_or(0, |_| count(schema, "minContains").unwrap_or(1));
        let needed = first.len()..first.len() + needed.min(1_000);
        let contained = contained.map(|contained| json!({ "allOf": [item, contained] }));
        let wanted = wanted.max(if needed.is_empty() { 0 } else { needed.end });
        let mut made: Vec<Value> = Vec::new();
        for index in 0..wanted {
            let item = match &contained {
                Some(contained) if needed.contains(&index) => contained,
                _ => first.get(index).unwrap_or(item),
            };
            match self.value(item, depth + 1) {
                Some(value) if unique && made.contains(&value) => {
                    made.push(self.another(item, &value, &made)?);
                }
                Some(value) => made.push(value),
                None if made.len() >= least => break,
                None => return None,
            }
        }
        Some(Value::Array(made))
    }

    /// A value beside those that were made.
    fn another(&self, schema: &Value, like: &Value, made: &[Value]) -> Option<Value> {
        let resolved = resolve(self.root, schema)?;
        let listed = list(resolved.as_object()?, "enum").iter().cloned();
        let index = made.len();
        let varied = match like {
            Value::String(text) => json!(format!("{text}{index}")),
            Value::Number(number) => {
                json!(number.as_i64()?.checked_add(i64::try_from(index).ok()?)?)
            }
            Value::Bool(value) => json!(!value),
            _ => return None,
        };
        let mut candidates = listed.chain([varied]);
        candidates.find(|one| !made.contains(one) && keeps(self.root, schema, one))
    }

    /// Sets the property by which a discriminator tells `choice` from the others, where its schema leaves it open.
    fn say_which(&self, made: &mut Value, discriminator: &Value, choice: &Value) {
        let name = discriminator.get("propertyName").and_then(Value::as_str);
        let reference = choice.get("$ref").and_then(Value::as_str);
        let (Some(name), Some(reference), Some(made)) = (name, reference, made.as_object_mut())
        else {
            return;
        };
        let schema =
            resolve(self.root, choice).and_then(|schema| schema.get("properties")?.get(name));
        if schema.is_some_and(|schema| schema.get("const").or(schema.get("enum")).is_some()) {
            return;
        }
        let last = |text: &str| text.rsplit('/').next().unwrap_or_default().to_owned();
        let mapping = discriminator.get("mapping").and_then(Value::as_object);
        let mapped = mapping.into_iter().flatten().find(|(_, target)| {
            target
                .as_str()
                .is_some_and(|target| target == reference || target == last(reference))
        });
        let value = mapped.map_or_else(|| last(reference), |(value, _)| value.clone());
        made.insert(name.to_owned(), Value::String(value));
    }
}

/// How many required properties are still to be made.
fn required_left(schema: &Map<String, Value>, made: &Map<String, Value>) -> usize {
    let required = list(schema, "required").iter().filter_map(Value::as_str);
    required.filter(|name| !made.contains_key(*name)).count()
}

/// Properties of both; what is said of one twice holds together.
fn both(known: &mut Value, said: &Value) {
    let (Some(known), Some(said)) = (known.as_object_mut(), said.as_object()) else {
        return;
    };
    for (name, schema) in said {
        match known.get_mut(name) {
            Some(other) if other == schema => {}
            Some(other) => *other = json!({ "allOf": [other.clone(), schema] }),
            None => drop(known.insert(name.clone(), schema.clone())),
        }
    }
}

/// What two values of `type` have in common.
fn common_type(one: &Value, other: &Value) -> Value {
    let all = |value: &Value| -> Vec<String> {
        match value {
            Value::Array(several) => several
                .iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
            value => value.as_str().map(str::to_owned).into_iter().collect(),
        }
    };
    let (one, mut other) = (all(one), all(other));
    for kind in &mut other {
        if kind == "number" && one.iter().any(|kind| kind == "integer") {
            "integer".clone_into(kind);
        }
    }
    let is_whole = other.iter().any(|kind| kind == "integer");
    other.retain(|kind| {
        one.contains(kind)
            || kind == "integer" && is_whole && one.iter().any(|kind| kind == "number")
    });
    json!(other)
}

fn whole_number(schema: &Map<String, Value>) -> Option<Value> {
    candidates(schema, 1.0).find_map(|value| {
        // As large as whole numbers are exact.
        let whole = value.fract() == 0.0 && value.abs() < 9e15;
        whole.then(|| json!(value as i64))
    })
}

fn some_number(schema: &Map<String, Value>) -> Option<Value> {
    let value = candidates(schema, 1.0)
        .chain(candidates(schema, 0.001))
        .next()?;
    match value.fract() == 0.0 && value.abs() < 9e15 {
        true => Some(json!(value as i64)),
        false => Number::from_f64(value).map(Value::Number),
    }
}

/// Numbers that keep to the bounds of a schema: 1 if it does, else near the bounds, by steps of `step`.
fn candidates(schema: &Map<String, Value>, step: f64) -> impl Iterator<Item = f64> {
    let (low, high) = (number(schema, "minimum"), number(schema, "maximum"));
    let above = number(schema, "exclusiveMinimum");
    let below = number(schema, "exclusiveMaximum");
    let multiple = number(schema, "multipleOf").filter(|multiple| *multiple > 0.0);
    let unit = multiple.unwrap_or(step);
    let mut found = vec![1.0, 0.0, unit];
    for bound in [low, above, high, below].into_iter().flatten() {
        let near = (bound / unit).floor() * unit;
        found.extend([
            bound,
            bound.ceil(),
            bound.floor(),
            near,
            near + unit,
            near - unit,
        ]);
    }
    if let (Some(low), Some(high)) = (low.or(above), high.or(below)) {
        found.push((low + high) / 2.0);
    }
    let schema = schema.clone();
    found.into_iter().filter(move |value| {
        let mut bounds = schema.clone();
        bounds.retain(|keyword, _| {
            keyword.contains("inimum") || keyword.contains("aximum") || keyword == "multipleOf"
        });
        Number::from_f64(*value).is_some_and(|number| {
            keeps(&Value::Null, &Value::Object(bounds), &Value::Number(number))
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(schema: Value) -> Value {
        let made = make(&schema, &schema);
        made.unwrap_or_else(|| panic!("nothing keeps to {schema}"))
    }

    #[test]
    fn what_a_schema_gives_itself_comes_first() {
        assert_eq!(
            made(json!({"type": "string", "example": "a", "default": "b"})),
            "a"
        );
        assert_eq!(made(json!({"enum": ["c", "d"]})), "c");
        assert_eq!(made(json!({"const": 7})), 7);
        // An example that does not keep to the schema is none.
        assert_eq!(
            made(json!({"type": "integer", "example": "a", "minimum": 5})),
            5
        );
    }

    #[test]
    fn bounds_are_kept() {
        assert_eq!(
            made(json!({"type": "integer", "exclusiveMinimum": 4, "multipleOf": 10})),
            10
        );
        assert_eq!(made(json!({"type": "integer", "maximum": -3})), -3);
        let number =
            made(json!({"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.5}));
        assert!(
            number
                .as_f64()
                .is_some_and(|number| number > 0.0 && number < 0.5)
        );
        assert_eq!(made(json!({"type": "array", "items": {"type": "string"}, "minItems": 2, "uniqueItems": true}))
            .as_array().map(Vec::len), Some(2));
        let lead = json!({"properties": {"role": {"const": "lead"}}, "required": ["role"]});
        let member =
            json!({"type": "object", "properties": {"name": {"const": "a"}}, "required": ["name"]});
        assert_eq!(
            made(
                json!({"type": "array", "items": member, "contains": lead, "minContains": 2, "minItems": 3})
            ),
            json!([{"name": "a", "role": "lead"}, {"name": "a", "role": "lead"}, {"name": "a"}])
        );
        assert_eq!(
            made(json!({"type": "object", "minProperties": 2}))
                .as_object()
                .map(Map::len),
            Some(2)
        );
    }

    #[test]
    fn what_goes_the_other_way_is_left_out() {
        let schema = json!({"type": "object", "required": ["id", "word"], "properties": {
            "id": {"type": "integer", "readOnly": true}, "word": {"type": "string", "writeOnly": true}}});
        assert_eq!(make(&schema, &schema), Some(json!({"id": 1})));
        assert_eq!(make_sent(&schema, &schema), Some(json!({"word": "text"})));
    }

    #[test]
    fn parts_and_choices_are_one_value() {
        let root = json!({"defs": {
            "base": {"type": "object", "required": ["id"], "properties": {"id": {"type": "integer"}}},
            "dog": {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}},
        }});
        let named = json!({"required": ["name"], "properties": {"name": {"type": "string"}}});
        let schema = json!({"allOf": [{"$ref": "#/defs/base"}, named]});
        assert_eq!(make(&root, &schema), Some(json!({"id": 1, "name": "text"})));
        let schema = json!({"oneOf": [{"$ref": "#/defs/dog"}],
            "discriminator": {"propertyName": "kind", "mapping": {"DOG": "#/defs/dog"}}});
        assert_eq!(make(&root, &schema), Some(json!({"kind": "DOG"})));
    }

    #[test]
    fn types_that_contain_themselves_end() {
        let root = json!({"node": {"type": "object", "properties": {
            "children": {"type": "array", "items": {"$ref": "#/node"}}, "next": {"$ref": "#/node"}}}});
        assert!(make(&root, &root["node"]).is_some());
        let properties = json!({"next": {"$ref": "#/node"}});
        let root =
            json!({"node": {"type": "object", "required": ["next"], "properties": properties}});
        assert_eq!(make(&root, &root["node"]), None);
    }
}
