//! Random JSON: instances of a schema, and damage done to them. Written from the schema alone, so
//! that it shares nothing with the generator it is used to judge.

use serde_json::{Map, Value, json};

mod damage;
mod pattern;

/// A source of instances.
pub(crate) struct Instances<'a> {
    root: &'a Value,
    state: u64,
}

const TEXTS: [&str; 8] = ["a", "Vienna", "äöü", "🦀 crab", "x y", "cust_1", "0", "A-1"];
const DATES: [&str; 3] = ["2025-01-31", "2024-02-29", "1999-12-01"];
const DATE_TIMES: [&str; 3] = [
    "2025-01-31T09:30:00Z",
    "2024-02-29T23:59:59.5+02:00",
    "2016-12-31T23:59:60Z",
];

impl<'a> Instances<'a> {
    pub(crate) fn new(root: &'a Value, seed: u64) -> Instances<'a> {
        Instances {
            root,
            state: seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5eed,
        }
    }

    /// An instance of the schema at `pointer`.
    pub(crate) fn of(&mut self, pointer: &str) -> Value {
        let schema = self
            .root
            .pointer(pointer)
            .unwrap_or_else(|| panic!("no schema at {pointer}"));
        self.instance(schema, 0)
    }

    /// SplitMix64.
    pub(crate) fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    pub(crate) fn below(&mut self, bound: usize) -> usize {
        (self.next() % bound.max(1) as u64) as usize
    }

    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'b, T>(&mut self, from: &'b [T]) -> &'b T {
        &from[self.below(from.len())]
    }

    fn instance(&mut self, schema: &'a Value, depth: usize) -> Value {
        if let Some(target) = schema["$ref"].as_str() {
            let pointer = target.trim_start_matches('#');
            let target = self
                .root
                .pointer(pointer)
                .unwrap_or_else(|| panic!("no schema at {pointer}"));
            return self.instance(target, depth);
        }
        if let Some(value) = schema.get("const") {
            return value.clone();
        }
        if let Some(values) = schema["enum"].as_array() {
            return self.pick(values).clone();
        }
        for choices in ["oneOf", "anyOf"] {
            if let Some(choices) = schema[choices].as_array() {
                let choice = self.pick(choices);
                return self.instance(choice, depth + 1);
            }
        }
        if let Some(parts) = schema["allOf"].as_array() {
            return self.all_of(schema, parts, depth);
        }
        let kind = match &schema["type"] {
            Value::String(kind) => kind.as_str(),
            Value::Array(kinds) => self.pick(kinds).as_str().unwrap_or("null"),
            _ if schema.get("properties").is_some() => "object",
            _ => *self.pick(&["null", "boolean", "integer", "number", "string"]),
        };
        match kind {
            "null" => Value::Null,
            "boolean" => json!(self.chance(50)),
            "integer" => self.number(schema, true),
            "number" => {
                let whole = self.chance(30);
                self.number(schema, whole)
            }
            "string" => json!(self.text(schema)),
            "array" => self.list(schema, depth),
            _ => self.object(schema, depth),
        }
    }

    fn all_of(&mut self, schema: &'a Value, parts: &'a [Value], depth: usize) -> Value {
        let mut merged = Map::new();
        for part in parts {
            match self.instance(part, depth) {
                Value::Object(properties) => merged.extend(properties),
                other => return other,
            }
        }
        if schema.get("properties").is_some()
            && let Value::Object(properties) = self.object(schema, depth)
        {
            merged.extend(properties);
        }
        Value::Object(merged)
    }

    fn object(&mut self, schema: &'a Value, depth: usize) -> Value {
        let mut object = Map::new();
        let none = Map::new();
        let required: Vec<&str> = schema["required"]
            .as_array()
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let likely = [70, 60, 50, 30, 10].get(depth).copied().unwrap_or(0);
        let properties = schema["properties"]
            .as_object()
            .map_or_else(Vec::new, |known| known.iter().collect());
        for (name, property) in properties {
            if required.contains(&name.as_str()) || self.chance(likely) {
                object.insert(name.clone(), self.instance(property, depth + 1));
            }
        }
        let known = schema["properties"].as_object().unwrap_or(&none);
        let additional = &schema["additionalProperties"];
        let wanted = schema["minProperties"].as_u64().unwrap_or(0) as usize;
        let more = if *additional == json!(false) {
            0
        } else {
            self.below(3)
        };
        for index in 0..more.max(wanted.saturating_sub(object.len())) {
            let name = format!("more{index}");
            if !known.contains_key(&name) {
                let value = if additional.is_object() {
                    self.instance(additional, depth + 1)
                } else {
                    self.anything()
                };
                object.insert(name, value);
            }
        }
        Value::Object(object)
    }

    fn list(&mut self, schema: &'a Value, depth: usize) -> Value {
        let least = schema["minItems"].as_u64().unwrap_or(0) as usize;
        let most = schema["maxItems"]
            .as_u64()
            .map_or(least + 3, |most| (most as usize).min(least + 3));
        let length = if depth > 4 {
            least
        } else {
            least + self.below(most + 1 - least)
        };
        let mut items: Vec<Value> = Vec::new();
        for _ in 0..length {
            let item = self.instance(&schema["items"], depth + 1);
            if schema["uniqueItems"] != json!(true) || !items.contains(&item) {
                items.push(item);
            }
        }
        Value::Array(items)
    }

    fn number(&mut self, schema: &Value, whole: bool) -> Value {
        let bound = |name: &str| schema[name].as_f64();
        let least = bound("minimum")
            .or(bound("exclusiveMinimum").map(|bound| bound + if whole { 1.0 } else { 0.01 }));
        let most = bound("maximum")
            .or(bound("exclusiveMaximum").map(|bound| bound - if whole { 1.0 } else { 0.01 }));
        let (least, most) = match (least, most) {
            (Some(least), Some(most)) => (least, most),
            (Some(least), None) => (least, least + 1000.0),
            (None, Some(most)) => (most - 1000.0, most),
            (None, None) => (-1000.0, 1000.0),
        };
        let value = match self.below(4) {
            0 => least,
            1 => most,
            _ => least + (most - least) * (self.below(1001) as f64) / 1000.0,
        };
        let step = bound("multipleOf").unwrap_or(if whole { 1.0 } else { 0.01 });
        // Through text, so that the number is the decimal it looks like.
        let decimals = step
            .to_string()
            .split_once('.')
            .map_or(0, |(_, fraction)| fraction.len());
        let value = ((value / step).floor() * step).max(least);
        let text = format!("{value:.decimals$}");
        match (whole, self.chance(10)) {
            (true, false) => json!(value.round() as i64),
            _ => text
                .parse::<f64>()
                .map_or(Value::Null, |value| json!(value)),
        }
    }

    fn text(&mut self, schema: &Value) -> String {
        if let Some(pattern) = schema["pattern"].as_str() {
            return pattern::matching(pattern, self);
        }
        match schema["format"].as_str() {
            Some("date") => return (*self.pick(&DATES)).to_owned(),
            Some("date-time") => return (*self.pick(&DATE_TIMES)).to_owned(),
            Some("time") => return (*self.pick(&["09:30:00Z", "23:59:60Z"])).to_owned(),
            Some("email") => {
                return (*self.pick(&["a@b.c", "\"x y\"@example.com", "jane@[127.0.0.1]"]))
                    .to_owned();
            }
            Some("uri") => {
                return (*self.pick(&["https://example.com/a?b#c", "urn:a:b", "http://[::1]:80/"]))
                    .to_owned();
            }
            Some("uuid") => return "123e4567-e89b-12d3-a456-426614174000".to_owned(),
            Some("ipv4") => return "127.0.0.1".to_owned(),
            Some("ipv6") => return "::1".to_owned(),
            _ => {}
        }
        let least = schema["minLength"].as_u64().unwrap_or(0) as usize;
        let most = schema["maxLength"]
            .as_u64()
            .map_or(least + 12, |most| most as usize);
        let length = match self.below(4) {
            0 => least,
            1 => most,
            _ => least + self.below((most - least + 1).min(12)),
        };
        let seed = *self.pick(&TEXTS);
        seed.chars().cycle().take(length).collect()
    }

    pub(crate) fn anything(&mut self) -> Value {
        match self.below(8) {
            0 => Value::Null,
            1 => json!(self.chance(50)),
            2 => json!(self.below(2000) as i64 - 1000),
            3 => json!(self.below(200_000) as f64 / 1000.0 - 100.0),
            4 => json!([1, "two"]),
            5 => json!({}),
            6 => json!([]),
            _ => json!(*self.pick(&TEXTS)),
        }
    }
}
