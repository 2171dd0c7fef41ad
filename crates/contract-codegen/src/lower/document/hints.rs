//! Names of inline schemas, read off the place where they stand.

use serde_json::Value;

use super::places::Places;
use crate::lower::Source;
use crate::lower::names::{pascal, singular};
use crate::lower::source::text;

/// A name to try, and the last part it was made of.
#[derive(Debug, Clone)]
pub(in crate::lower) struct Hint {
    pub(in crate::lower) name: String,
    pub(in crate::lower) last: String,
}

impl Hint {
    /// The name of a thing `last` inside of the thing this hint names.
    pub(in crate::lower) fn inner(&self, last: &str) -> Hint {
        let last = pascal(last);
        Hint {
            name: format!("{}{last}", self.name),
            last,
        }
    }

    /// The name of an item of the list this hint names.
    pub(in crate::lower) fn item(&self) -> Hint {
        match singular(&self.name) {
            Some(name) => Hint {
                name: name.to_owned(),
                last: self.last.clone(),
            },
            None => self.inner("Item"),
        }
    }

    fn whole(name: String) -> Hint {
        Hint {
            last: name.clone(),
            name,
        }
    }
}

impl Places<'_> {
    /// The name for the schema at `pointer`, a function of the place alone.
    pub(in crate::lower) fn hint(&self, pointer: &str) -> Hint {
        let segments: Vec<String> = contract_document::segments(pointer)
            .map(|segment| segment.into_owned())
            .collect();
        let segments: Vec<&str> = segments.iter().map(String::as_str).collect();
        let (base, rest) = self.owner(&segments, pointer);
        self.below(base, rest, pointer)
    }

    /// Name of what owns the schema, and the way from the owner's schema to the schema.
    fn owner<'s>(&self, segments: &'s [&'s str], pointer: &str) -> (Hint, &'s [&'s str]) {
        match segments {
            [
                "components",
                "schemas" | "parameters" | "headers",
                key,
                rest @ ..,
            ] => (Hint::whole(pascal(key)), after_schema(rest)),
            ["components", "responses", key, "headers", header, rest @ ..] => {
                (Hint::whole(pascal(key)).inner(header), after_schema(rest))
            }
            [
                "components",
                "responses" | "requestBodies",
                key,
                "content",
                media_type,
                "itemSchema",
                rest @ ..,
            ] => (item(&Hint::whole(pascal(key)), media_type), rest),
            [
                "components",
                section @ ("responses" | "requestBodies"),
                key,
                rest @ ..,
            ] => {
                let end = if *section == "responses" {
                    "Response"
                } else {
                    "Body"
                };
                (Hint::whole(with_end(pascal(key), end)), after_schema(rest))
            }
            ["paths", path, "parameters", index, rest @ ..] => {
                let at = format!(
                    "/paths/{}/parameters/{index}",
                    contract_document::escape(path)
                );
                let name = self
                    .source
                    .get(&at)
                    .and_then(|parameter| text(parameter, "name"));
                let base = Hint::whole(pascal(path)).inner(name.unwrap_or("Parameter"));
                (base, after_schema(rest))
            }
            ["paths", path, method, rest @ ..] => {
                let at = format!("/paths/{}/{method}", contract_document::escape(path));
                match self.operations.get(&at) {
                    Some(names) => {
                        self.below_operation(&at, &Hint::whole(names.ident.clone()), rest)
                    }
                    None => (
                        Hint::whole(pascal(&format!("{path} {method}"))),
                        after_schema(rest),
                    ),
                }
            }
            ["webhooks", _, "post", rest @ ..]
            | ["components", "pathItems", _, "post", rest @ ..] => {
                let operation = &segments[..segments.len() - rest.len()];
                let steps = operation.iter().map(|step| contract_document::escape(step));
                let at: String = steps.map(|step| format!("/{step}")).collect();
                match self.webhooks.get(&at) {
                    Some(name) => self.below_operation(&at, &Hint::whole(name.clone()), rest),
                    None => (Hint::whole(pascal(pointer)), &[]),
                }
            }
            _ => (Hint::whole(pascal(pointer)), &[]),
        }
    }

    fn below_operation<'s>(
        &self,
        operation: &str,
        base: &Hint,
        rest: &'s [&'s str],
    ) -> (Hint, &'s [&'s str]) {
        match rest {
            [
                "requestBody",
                "content",
                media_type,
                "itemSchema",
                rest @ ..,
            ] => (item(base, media_type), rest),
            ["requestBody", rest @ ..] => (base.inner("Body"), after_schema(rest)),
            ["responses", _, "headers", header, rest @ ..] => {
                (base.inner(header), after_schema(rest))
            }
            [
                "responses",
                _,
                "content",
                media_type,
                "itemSchema",
                rest @ ..,
            ] => (item(base, media_type), rest),
            ["responses", status, rest @ ..] => {
                let names = self.operations.get(operation);
                let hint =
                    if names.is_some_and(|names| names.only_success.as_deref() == Some(*status)) {
                        base.inner("Response")
                    } else {
                        let name = format!("{}{}Response", base.name, pascal_status(status));
                        Hint {
                            name,
                            last: "Response".to_owned(),
                        }
                    };
                (hint, after_schema(rest))
            }
            ["parameters", index, rest @ ..] => {
                let parameter = self.source.get(&format!("{operation}/parameters/{index}"));
                let name = parameter.and_then(|parameter| text(parameter, "name"));
                (base.inner(name.unwrap_or("Parameter")), after_schema(rest))
            }
            _ => (base.clone(), &[]),
        }
    }

    /// Adds to `hint` what the way `rest` inside of a schema says.
    fn below(&self, mut hint: Hint, rest: &[&str], pointer: &str) -> Hint {
        let mut rest = rest;
        loop {
            rest = match rest {
                ["properties", name, rest @ ..] | ["$defs", name, rest @ ..] => {
                    hint = hint.inner(name);
                    rest
                }
                ["items", rest @ ..] => {
                    hint = hint.item();
                    rest
                }
                ["additionalProperties", rest @ ..] => {
                    hint = hint.inner("Value");
                    rest
                }
                ["oneOf" | "anyOf", _, tail @ ..] => {
                    let names = tail.iter().map(|name| contract_document::escape(name));
                    let below: usize = names.map(|name| name.len() + 1).sum();
                    let choice = pointer.get(..pointer.len() - below).unwrap_or(pointer);
                    hint = hint.inner(&choice_name(self.source, choice));
                    tail
                }
                [_, rest @ ..] if rest.len() > 1 => rest,
                ["allOf", ..] | [_] | [] => return hint,
                [_, rest @ ..] => rest,
            }
        }
    }
}

/// Name of a choice of a union: the component it refers to, its title, its only value, or
/// its type.
pub(in crate::lower) fn choice_name(source: Source<'_>, pointer: &str) -> String {
    let Some(schema) = source.get(pointer) else {
        return "Choice".to_owned();
    };
    let target = source.target(schema);
    if let Some(name) = target
        .as_deref()
        .and_then(|target| target.rsplit('/').next())
    {
        return pascal(&contract_document::unescape(name));
    }
    if let Some(title) = text(schema, "title").filter(|title| title.len() <= 60) {
        return pascal(title);
    }
    let values = schema
        .get("enum")
        .and_then(Value::as_array)
        .map(Vec::as_slice);
    match (schema.get("const"), values, schema.get("type")) {
        (Some(Value::String(value)), ..) | (None, Some([Value::String(value)]), _) => pascal(value),
        (_, _, Some(Value::String(name))) => pascal(name),
        _ if schema.get("properties").is_some() => "Object".to_owned(),
        _ if schema.get("items").is_some() => "Array".to_owned(),
        _ => "Choice".to_owned(),
    }
}

/// An item of the sequence that `base` takes or answers.
fn item(base: &Hint, media_type: &str) -> Hint {
    match media_type.trim_start().starts_with("text/event-stream") {
        true => base.inner("Event"),
        false => base.inner("Item"),
    }
}

/// What follows the segment `schema`, or the keywords directly.
fn after_schema<'s>(rest: &'s [&'s str]) -> &'s [&'s str] {
    match rest {
        ["content", _, "schema", rest @ ..] | ["schema", rest @ ..] => rest,
        ["content", ..] => &[],
        rest => rest,
    }
}

fn with_end(name: String, end: &str) -> String {
    if name.ends_with(end) {
        name
    } else {
        name + end
    }
}

fn pascal_status(status: &str) -> String {
    match status {
        "default" => "Default".to_owned(),
        status => status.to_uppercase(),
    }
}
