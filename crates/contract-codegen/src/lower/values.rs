//! JSON values: sets of their types, and their order.

use std::cmp::Ordering;

use serde_json::{Number, Value};

/// A set of JSON types; `number` is the union of two, so that sets intersect as they should.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Types(u8);

impl Types {
    pub(super) const NULL: Types = Types(1);
    pub(super) const BOOLEAN: Types = Types(2);
    pub(super) const OBJECT: Types = Types(4);
    pub(super) const ARRAY: Types = Types(8);
    pub(super) const STRING: Types = Types(16);
    pub(super) const INTEGER: Types = Types(32);
    pub(super) const NUMBER: Types = Types(32 | 64);
    pub(super) const ALL: Types = Types(127);

    pub(super) fn named(name: &str) -> Option<Types> {
        Some(match name {
            "null" => Types::NULL,
            "boolean" => Types::BOOLEAN,
            "object" => Types::OBJECT,
            "array" => Types::ARRAY,
            "string" => Types::STRING,
            "integer" => Types::INTEGER,
            "number" => Types::NUMBER,
            _ => return None,
        })
    }

    /// What others call types that are none: Swagger, programming languages, databases.
    pub(super) fn meant(name: &str) -> Option<Types> {
        let name = name.to_ascii_lowercase();
        if let Some(types) = Types::named(&name) {
            return Some(types);
        }
        Some(match name.as_str() {
            "file" | "text" | "str" | "char" | "enum" | "date" | "datetime" | "date-time"
            | "timestamp" | "time" | "uuid" | "email" | "uri" | "url" | "byte" | "binary"
            | "password" => Types::STRING,
            "int" | "int32" | "int64" | "long" | "short" => Types::INTEGER,
            "float" | "double" | "decimal" => Types::NUMBER,
            "bool" => Types::BOOLEAN,
            "list" => Types::ARRAY,
            "map" | "dict" | "hash" => Types::OBJECT,
            "any" | "mixed" => Types::ALL,
            _ => return None,
        })
    }

    /// The types that a schema states, if it does; what is no type may be any.
    pub(super) fn stated(schema: &Value) -> Option<Types> {
        let one = |name: &Value| match name {
            // It needs no quotes to be understood.
            Value::Null => Some(Types::NULL),
            name => Some(Types::meant(name.as_str()?).unwrap_or(Types::ALL)),
        };
        match schema.get("type")? {
            Value::Array(names) => names.iter().filter_map(one).reduce(Types::or),
            name => one(name),
        }
    }

    /// No type.
    pub(super) const NONE: Types = Types(0);

    /// The type of `value`.
    pub(super) fn of(value: &Value) -> Types {
        match value {
            Value::Null => Types::NULL,
            Value::Bool(_) => Types::BOOLEAN,
            Value::Object(_) => Types::OBJECT,
            Value::Array(_) => Types::ARRAY,
            Value::String(_) => Types::STRING,
            Value::Number(number) if is_whole(number) => Types::INTEGER,
            Value::Number(_) => Types::NUMBER,
        }
    }

    pub(super) fn and(self, other: Types) -> Types {
        Types(self.0 & other.0)
    }

    pub(super) fn or(self, other: Types) -> Types {
        Types(self.0 | other.0)
    }

    pub(super) fn without(self, other: Types) -> Types {
        Types(self.0 & !other.0)
    }

    pub(super) fn contains(self, other: Types) -> bool {
        self.0 & other.0 == other.0
    }

    pub(super) fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// As JSON Schema names them.
    pub(super) fn names(self) -> Vec<String> {
        let each = self.each().into_iter();
        each.map(|(_, name)| name.to_lowercase()).collect()
    }

    /// Each type of the set, by itself.
    pub(super) fn each(self) -> Vec<(Types, &'static str)> {
        let number = if self.contains(Types::NUMBER) {
            Types::NUMBER
        } else {
            Types::INTEGER
        };
        let number_name = if number == Types::NUMBER {
            "Number"
        } else {
            "Integer"
        };
        let all = [
            (Types::STRING, "String"),
            (number, number_name),
            (Types::BOOLEAN, "Boolean"),
            (Types::ARRAY, "Array"),
            (Types::OBJECT, "Object"),
            (Types::NULL, "Null"),
        ];
        all.into_iter()
            .filter(|(one, _)| self.contains(*one))
            .collect()
    }
}

/// `a` against `b` without loss for whole numbers.
pub(super) fn compare(a: &Number, b: &Number) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => {
            let (a, b) = (
                a.as_f64().unwrap_or(f64::NAN),
                b.as_f64().unwrap_or(f64::NAN),
            );
            a.partial_cmp(&b).unwrap_or(Ordering::Equal)
        }
    }
}

/// Whether `number` counts as an integer, as `1.0` does.
pub(super) fn is_whole(number: &Number) -> bool {
    number.as_i128().is_some() || number.as_f64().is_some_and(|float| float.fract() == 0.0)
}
