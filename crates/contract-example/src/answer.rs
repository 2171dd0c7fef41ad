//! What an operation could answer, by the examples of its contract.

use contract_document::Document;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

use crate::check::keeps;
use crate::make::make;
use crate::schema::resolve;

/// The examples of a contract.
#[derive(Debug, Clone)]
pub struct Examples {
    root: Value,
}

/// An answer of an operation.
#[derive(Debug, Clone, Copy)]
pub struct Example<'a> {
    root: &'a Value,
    answer: &'a Value,
}

impl Examples {
    /// Those of a contract in one file, as JSON.
    ///
    /// # Errors
    /// Why it cannot be read.
    pub fn new(contract: &str) -> Result<Examples, String> {
        let document = Document::parse("contract.json", contract);
        let document = document.map_err(|problems| problems.to_string())?;
        let document = document.in_items().unwrap_or(document);
        Ok(Examples {
            root: document.root().clone(),
        })
    }

    /// The answer of an operation that is declared for `status`: a number, a range such as `2XX`, or `default`. The
    /// operation is that with this `operationId`, or the one without any that has this method and path template.
    ///
    /// # Errors
    /// There is none.
    pub fn answer(
        &self,
        id: &str,
        method: &str,
        path: &str,
        status: &str,
    ) -> Result<Example<'_>, String> {
        let mut operations = self.operations();
        let operation = operations.find(|(at, by, operation)| {
            match operation.get("operationId").and_then(Value::as_str) {
                Some(known) => known == id,
                None => *at == path && by.eq_ignore_ascii_case(method),
            }
        });
        let answers = operation.and_then(|(.., operation)| operation.get("responses")?.as_object());
        let mut answers = answers.into_iter().flatten();
        let answer = answers.find(|(key, _)| key.eq_ignore_ascii_case(status));
        let answer = answer.and_then(|(_, answer)| resolve(&self.root, answer));
        match answer {
            Some(answer) => Ok(Example {
                root: &self.root,
                answer,
            }),
            None => Err(format!("`{id}` has no answer {status}")),
        }
    }

    /// Path template, method and object of every operation.
    fn operations(&self) -> impl Iterator<Item = (&str, &str, &Value)> {
        let paths = self.root.get("paths").and_then(Value::as_object);
        let items = paths.into_iter().flatten().filter_map(|(path, item)| {
            let item = resolve(&self.root, item)?.as_object()?;
            Some((path.as_str(), item))
        });
        items.flat_map(|(path, item)| {
            let others = item.get("additionalOperations").and_then(Value::as_object);
            let entries = item.iter().chain(others.into_iter().flatten());
            entries.map(move |(method, operation)| (path, method.as_str(), operation))
        })
    }
}

/// Properties that say in words what went wrong, the best first.
const WORDS: [&str; 6] = [
    "message",
    "detail",
    "description",
    "error_description",
    "title",
    "error",
];

/// Properties that hold the status.
const STATUS: [&str; 3] = ["status", "statusCode", "code"];

impl Examples {
    /// A body of the first JSON answer that is declared for an error; it says `message` and `status` where it has
    /// properties that are called so.
    ///
    /// # Errors
    /// There is none, or no value was found that is one.
    pub fn error(&self, status: u16, message: &str) -> Result<Value, String> {
        let media = self
            .error_media()
            .ok_or("the contract declares no error that is JSON")?;
        let example = Example {
            root: &self.root,
            answer: media,
        };
        let made = example
            .example(media)
            .ok_or("no value was found that keeps to the schema of the error")?;
        let schema = media.get("schema").unwrap_or(&Value::Null);
        let mut told = made.clone();
        if let Some(Value::Object(properties)) = telling(&mut told) {
            let words = WORDS.into_iter().find(|name| is_text(properties, name));
            if let Some(words) = words {
                properties.insert(words.to_owned(), message.into());
            }
            for name in STATUS {
                if properties.get(name).is_some_and(Value::is_number) {
                    properties.insert(name.to_owned(), status.into());
                }
            }
        }
        // What was made keeps to the schema; what is told need not.
        Ok(match keeps(&self.root, schema, &told) {
            true => told,
            false => made,
        })
    }

    /// The first JSON media type of an answer that is declared for an error.
    fn error_media(&self) -> Option<&Value> {
        let answers = self
            .operations()
            .filter_map(|(.., operation)| operation.get("responses")?.as_object())
            .flatten();
        let mut errors = answers.filter(|(status, _)| status.starts_with(['4', '5', 'd']));
        errors.find_map(|(_, answer)| {
            let content = resolve(&self.root, answer)?.get("content")?.as_object()?;
            let mut content = content.iter();
            // A media type that leaves it open is sent as JSON.
            let is_json = |media_type: &str| is_json(&name(media_type)) || media_type.contains('*');
            content
                .find(|(media_type, _)| is_json(media_type))
                .map(|(_, media)| media)
        })
    }
}

/// The object that says in words what went wrong: an error itself, or one in it, such as `error`.
fn telling(error: &mut Value) -> Option<&mut Value> {
    let tells = |value: &Value| {
        let properties = value.as_object();
        properties.is_some_and(|it| WORDS.iter().any(|name| is_text(it, name)))
    };
    if tells(error) {
        return Some(error);
    }
    let mut inner = error.as_object_mut()?.iter_mut().map(|(_, value)| value);
    inner.find(|value| tells(value))
}

fn is_text(properties: &Map<String, Value>, name: &str) -> bool {
    properties.get(name).is_some_and(Value::is_string)
}

/// A media type without parameters.
fn name(media_type: &str) -> String {
    let name = media_type.split(';').next().unwrap_or_default();
    name.trim().to_ascii_lowercase()
}

fn is_json(media_type: &str) -> bool {
    media_type.ends_with("/json") || media_type.ends_with("+json")
}

impl Example<'_> {
    /// The body, of a JSON media type.
    ///
    /// # Errors
    /// There is none, or no value was found that is one.
    pub fn body<T: DeserializeOwned>(&self) -> Result<T, String> {
        let value = self
            .value(|media_type| media_type.ends_with("/json") || media_type.ends_with("+json"))?;
        serde_json::from_value(value)
            .map_err(|error| format!("the example is no such body: {error}"))
    }

    /// The body, of a media type of text.
    ///
    /// # Errors
    /// As [`Example::body`].
    pub fn text(&self) -> Result<String, String> {
        Ok(written(
            self.value(|media_type| media_type.starts_with("text/"))?,
        ))
    }

    /// The body, of any media type.
    ///
    /// # Errors
    /// As [`Example::body`].
    pub fn bytes(&self) -> Result<Vec<u8>, String> {
        let value =
            self.value(|media_type| !is_json(media_type) && !media_type.starts_with("text/"))?;
        Ok(written(value).into_bytes())
    }

    /// The items of the body, of a media type that is a sequence: those of its examples, or one that is made up.
    ///
    /// # Errors
    /// There is none, or no value was found that is one.
    pub fn items<T: DeserializeOwned>(&self) -> Result<Vec<T>, String> {
        let content = self.answer.get("content").and_then(Value::as_object);
        let mut content = content.into_iter().flatten();
        let found = content.find_map(|(_, media)| Some((media, media.get("itemSchema")?)));
        let (media, schema) = found.ok_or("the answer has no items")?;
        let named = media.get("examples").and_then(Value::as_object);
        let named = named.into_iter().flatten().filter_map(|(_, example)| {
            let example = resolve(self.root, example)?;
            example.get("dataValue").or(example.get("value"))
        });
        let given = media.get("example").into_iter().chain(named);
        // One that is a list is all of a sequence.
        let given = given.flat_map(|value| match value {
            Value::Array(items) if !keeps(self.root, schema, value) => items.as_slice(),
            value => std::slice::from_ref(value),
        });
        let read = given.map(|item| with_data(item.clone()));
        let mut items: Vec<Value> = read.filter(|item| keeps(self.root, schema, item)).collect();
        if items.is_empty() {
            items.extend(make(self.root, schema));
        }
        let items: Result<Vec<T>, _> = items.into_iter().map(serde_json::from_value).collect();
        match items {
            Ok(items) if items.is_empty() => {
                Err("no value was found that keeps to the schema of an item".to_owned())
            }
            items => items.map_err(|error| format!("the example is no such item: {error}")),
        }
    }

    /// A header; one that may be missing is `None` where no value was found.
    ///
    /// # Errors
    /// No value was found.
    pub fn header<T: DeserializeOwned>(&self, name: &str) -> Result<T, String> {
        let headers = self.answer.get("headers").and_then(Value::as_object);
        let mut headers = headers.into_iter().flatten();
        let header = headers.find(|(known, _)| known.eq_ignore_ascii_case(name));
        let header = header.and_then(|(_, header)| resolve(self.root, header));
        // One that is described by `content` has its schema in there.
        let header = header.map(|header| {
            let content = header.get("content").and_then(Value::as_object);
            content
                .and_then(|content| content.values().next())
                .unwrap_or(header)
        });
        let value = header.and_then(|header| self.example(header));
        serde_json::from_value(value.unwrap_or(Value::Null))
            .map_err(|error| format!("no example of the header `{name}`: {error}"))
    }

    /// The body under the first media type that is `wanted`, or under the first of all.
    fn value(&self, wanted: impl Fn(&str) -> bool) -> Result<Value, String> {
        let content = self.answer.get("content").and_then(Value::as_object);
        let content = content.ok_or("the answer has no body")?;
        let media = content
            .iter()
            .find(|(media_type, _)| wanted(&name(media_type)));
        let (media_type, media) = media
            .or(content.iter().next())
            .ok_or("the answer has no body")?;
        self.example(media)
            .ok_or_else(|| format!("no value was found that keeps to the schema of `{media_type}`"))
    }

    /// The example of a media type or header that keeps to its schema; else one that is made up; else the first.
    fn example(&self, of: &Value) -> Option<Value> {
        let anything = Value::Bool(true);
        let schema = of.get("schema").unwrap_or(&anything);
        let named = of.get("examples").and_then(Value::as_object);
        let named = named.into_iter().flatten();
        let named = named.filter_map(|(_, example)| resolve(self.root, example)?.get("value"));
        let mut given = of.get("example").into_iter().chain(named);
        let first = given.clone().next();
        given
            .find(|value| keeps(self.root, schema, value))
            .cloned()
            .or_else(|| make(self.root, schema))
            .or_else(|| first.cloned())
    }
}

/// An event whose `data` is what its text stands for, where that is JSON.
fn with_data(mut item: Value) -> Value {
    if let Some(data) = item.get_mut("data")
        && let Some(parsed) = data
            .as_str()
            .and_then(|text| serde_json::from_str::<Value>(text).ok())
        && (parsed.is_object() || parsed.is_array())
    {
        *data = parsed;
    }
    item
}

/// As bodies that are no JSON have it.
fn written(value: Value) -> String {
    match value {
        Value::String(text) => text,
        value => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MUSEUM: &str = r##"{
        "openapi": "3.0.3", "info": {"title": "Museum", "version": "1"},
        "components": {"schemas": {"Tour": {"type": "object", "required": ["name"], "properties": {
            "name": {"type": "string", "nullable": true, "maxLength": 5}}}}},
        "paths": {"/tours": {"get": {"responses": {
            "200": {"description": "", "headers": {"Left": {"schema": {"type": "integer", "minimum": 3}}},
                "content": {"application/json": {
                    "schema": {"$ref": "#/components/schemas/Tour"},
                    "examples": {"wrong": {"value": {"name": 1}}, "night": {"value": {"name": "night"}}}}}},
            "2XX": {"description": "", "content": {"application/json": {
                "schema": {"$ref": "#/components/schemas/Tour"}}}},
            "default": {"description": "", "content": {"text/plain": {"example": "closed"}}}}}}}
    }"##;

    #[test]
    fn an_answer_is_the_first_example_that_keeps_to_its_schema() {
        let examples = Examples::new(MUSEUM).expect("it can be read");
        let answer = |status| {
            examples
                .answer("tours", "GET", "/tours", status)
                .expect("it is declared")
        };
        assert_eq!(
            answer("200").body::<Value>(),
            Ok(serde_json::json!({"name": "night"}))
        );
        assert_eq!(
            answer("2xx").body::<Value>(),
            Ok(serde_json::json!({"name": "text"}))
        );
        assert_eq!(answer("default").text().as_deref(), Ok("closed"));
        assert_eq!(answer("200").header::<u8>("left"), Ok(3));
        assert_eq!(answer("200").header::<Option<u8>>("right"), Ok(None));
        assert!(answer("200").header::<u8>("right").is_err());
        assert!(examples.answer("tours", "GET", "/tours", "404").is_err());
    }

    #[test]
    fn the_items_of_a_sequence_are_those_of_its_examples() {
        let contract = serde_json::json!({
            "openapi": "3.2.0", "info": {"title": "T", "version": "1"},
            "paths": {"/points": {"get": {"operationId": "points", "responses": {
                "200": {"description": "", "content": {"application/jsonl": {
                    "itemSchema": {"type": "integer", "minimum": 2},
                    "examples": {"all": {"value": [1, 2, 3]}, "one": {"dataValue": 4}}}}},
                "201": {"description": "", "content": {"text/event-stream": {
                    "itemSchema": {"type": "object", "required": ["data"], "properties": {"data": {
                        "type": "string", "contentMediaType": "application/json",
                        "contentSchema": {"type": "object", "required": ["x"]}}}},
                    "example": [{"data": "{\"x\":1}"}]}}},
                "202": {"description": "", "content": {"application/json-seq": {
                    "itemSchema": {"type": "integer", "minimum": 2}}}}}}}},
        });
        let examples = Examples::new(&contract.to_string()).expect("it can be read");
        let items = |status| {
            let answer = examples.answer("points", "get", "/points", status);
            let answer = answer.expect("it is declared");
            answer.items::<Value>().expect("there are some")
        };
        assert_eq!(
            items("200"),
            [
                serde_json::json!(2),
                serde_json::json!(3),
                serde_json::json!(4)
            ]
        );
        assert_eq!(items("201"), [serde_json::json!({"data": {"x": 1}})]);
        assert_eq!(items("202").len(), 1);
    }
}
