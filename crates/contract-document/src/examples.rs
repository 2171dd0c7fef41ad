//! Where values of schemas stand: examples and defaults, each with the schema that it is to keep to.

use serde_json::Value;

use crate::kind::Kind;
use crate::{Document, child};

/// A value that the document gives for a schema. Both are named by JSON pointers into [`Document::root`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// The value.
    pub value: String,
    /// Its schema.
    pub schema: String,
    /// What it is called: `example` or `default`.
    pub keyword: &'static str,
    /// The media type of a body.
    pub media_type: Option<String>,
}

impl Document {
    /// Every example and default that has a schema, in the order of the document.
    pub fn given(&self) -> Vec<Given> {
        let mut found = Vec::new();
        let mut walk = Walk {
            document: self,
            found: &mut found,
        };
        walk.node(self.root(), String::new(), Kind::Document);
        found
    }
}

struct Walk<'a> {
    document: &'a Document,
    found: &'a mut Vec<Given>,
}

impl Walk<'_> {
    fn node(&mut self, value: &Value, pointer: String, kind: Kind) {
        match value {
            Value::Object(map) => {
                match kind {
                    Kind::Schema => self.schema(value, &pointer),
                    Kind::MediaType | Kind::Parameter | Kind::Header => {
                        self.holder(value, &pointer, kind)
                    }
                    Kind::Opaque => return,
                    _ => {}
                }
                for (key, value) in map {
                    let kind = kind.child(key);
                    if kind != Kind::Opaque {
                        self.node(value, child(&pointer, key), kind);
                    }
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter().enumerate() {
                    self.node(item, child(&pointer, index.to_string()), kind.child(""));
                }
            }
            _ => {}
        }
    }

    /// What a schema says of itself.
    fn schema(&mut self, schema: &Value, pointer: &str) {
        for keyword in ["example", "default"] {
            if schema.get(keyword).is_some() {
                self.add(child(pointer, keyword), pointer, keyword, None);
            }
        }
        if let Some(Value::Array(examples)) = schema.get("examples") {
            let list = child(pointer, "examples");
            for index in 0..examples.len() {
                self.add(child(&list, index.to_string()), pointer, "example", None);
            }
        }
    }

    /// What stands beside a schema, or that of the items of a sequence.
    fn holder(&mut self, holder: &Value, pointer: &str, kind: Kind) {
        let has = |keyword| holder.get(keyword).is_some();
        if !has("schema") && !has("itemSchema") {
            return;
        }
        // The key of a media type is its name.
        let last = crate::segments(pointer).last();
        let media_type = last.filter(|_| kind == Kind::MediaType);
        let media_type = media_type.map(|name| name.into_owned());
        let mut values = Vec::new();
        if let Some(value) = holder.get("example") {
            values.push((child(pointer, "example"), value));
        }
        let examples = holder.get("examples").and_then(Value::as_object);
        let examples_at = child(pointer, "examples");
        for name in examples.into_iter().flat_map(|map| map.keys()) {
            let Ok((at, example)) = self.document.resolve(&child(&examples_at, name)) else {
                continue;
            };
            for keyword in ["value", "dataValue"] {
                if let Some(value) = example.get(keyword) {
                    values.push((child(&at, keyword), value));
                }
            }
        }
        for (at, value) in values {
            if has("itemSchema")
                && let Value::Array(items) = value
            {
                let schema = child(pointer, "itemSchema");
                for index in 0..items.len() {
                    self.add(child(&at, index.to_string()), &schema, "example", None);
                }
            }
            if has("schema") {
                let schema = child(pointer, "schema");
                self.add(at, &schema, "example", media_type.clone());
            }
        }
    }

    fn add(
        &mut self,
        value: String,
        schema: &str,
        keyword: &'static str,
        media_type: Option<String>,
    ) {
        self.found.push(Given {
            value,
            schema: schema.to_owned(),
            keyword,
            media_type,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_found_by_their_place() {
        let text = "\
openapi: 3.1.0
info: {title: T, version: '1'}
components:
  examples: {night: {value: {name: night}}}
  schemas:
    Tour:
      example: {name: day, schema: {example: 1}}
      properties: {name: {type: string, examples: [a, b]}, example: {type: string, default: c}}
paths:
  /tours:
    post:
      requestBody:
        content:
          application/json:
            schema: {$ref: '#/components/schemas/Tour'}
            examples: {night: {$ref: '#/components/examples/night'}}
          application/jsonl:
            itemSchema: {$ref: '#/components/schemas/Tour'}
            example: [{name: dawn}, {name: dusk}]
            examples: {written: {serializedValue: '{}'}}
      responses: {'204': {description: ''}}
";
        let document = Document::parse("a.yaml", text).expect("it can be read");
        let found = document.given().into_iter().map(|given| given.value);
        let tour = "/components/schemas/Tour";
        let lines = "/paths/~1tours/post/requestBody/content/application~1jsonl/example";
        assert_eq!(
            found.collect::<Vec<_>>(),
            [
                format!("{tour}/example"),
                format!("{tour}/properties/name/examples/0"),
                format!("{tour}/properties/name/examples/1"),
                format!("{tour}/properties/example/default"),
                "/components/examples/night/value".to_owned(),
                format!("{lines}/0"),
                format!("{lines}/1"),
            ]
        );
    }
}
