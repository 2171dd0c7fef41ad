//! The first look at a contract: is every field known, and does it hold what it should?
//!
//! Everything that has a place in the tables of `keywords` is looked at, also what nothing is
//! generated from (links, callbacks, unused components), so that no mistake hides there.

use std::collections::HashMap;

use contract_document::child;
use serde_json::{Map, Value};

use super::beside;
use super::keywords::{Is, Object, ROOT};
use super::nearest::{advice, nearest};
use super::places::Places;
use super::types;
use super::vocabulary::{EXTENSIONS, OF_TYPE, SCHEMA, UNSUPPORTED};
use crate::lower::source::{decoded, whole_count};
use crate::lower::values::{Types, compare};
use crate::lower::{MAX_DEPTH, Problems, Source};

/// Objects that tell their readers something, or are read whatever they hold: what is generated needs none of their
/// fields.
const INFORMS: [&str; 13] = [
    "contact",
    "example",
    "external documentation",
    "flow",
    "flows",
    "info",
    "license",
    "link",
    "security scheme",
    "server",
    "server variable",
    "tag",
    "xml description",
];

/// The walk, and what it has seen.
struct Walk<'a, 'p> {
    source: Source<'a>,
    problems: &'p mut Problems,
    /// Pointer of an object → what it is.
    kinds: HashMap<String, &'static str>,
    /// References: pointer, target, what the target has to be.
    references: Vec<(String, String, &'static str)>,
    /// Operations that links lead to.
    links: Vec<(String, &'a str)>,
    /// Whether it is in what only informs, of which nothing is refused.
    informs: bool,
}

/// Refuses fields that are unknown or hold something else than they should.
pub(in crate::lower) fn check(places: &Places<'_>, problems: &mut Problems) {
    let mut walk = Walk {
        source: places.source,
        problems,
        kinds: HashMap::new(),
        references: Vec::new(),
        links: Vec::new(),
        informs: false,
    };
    walk.check(walk.source.root, "", Is::Obj(&ROOT), 0);
    walk.check_references();
    walk.check_links(places);
}

impl<'a> Walk<'a, '_> {
    fn check_references(&mut self) {
        for (pointer, target, kind) in &self.references {
            let at = child(pointer, "$ref");
            if let Err(problem) = self.source.document.resolve(pointer) {
                self.problems.push(problem);
                continue;
            }
            let (message, hint) = match self.kinds.get(target) {
                Some(found) if found == kind => continue,
                Some(found) => (
                    format!("`{target}` is a {found}, not a {kind}"),
                    format!("refer to a {kind}"),
                ),
                None => (
                    format!("`{target}` is no {kind}"),
                    format!("refer to a {kind} under `components`"),
                ),
            };
            self.problems.refuse(&at, message, hint);
        }
    }

    fn check_links(&mut self, places: &Places<'_>) {
        let ids: Vec<&str> = places.ids().collect();
        for (at, id) in &self.links {
            if !ids.contains(id) {
                let hint = advice(
                    id,
                    ids.iter().copied(),
                    "name the `operationId` of an operation",
                );
                let message = format!("the link leads to the unknown operation `{id}`");
                self.problems.warn(at, message, hint);
            }
        }
    }

    fn check(&mut self, value: &'a Value, pointer: &str, is: Is, depth: usize) {
        if depth > MAX_DEPTH {
            let message = format!("the contract nests deeper than {MAX_DEPTH}");
            self.problems
                .refuse(pointer, message, "move inner schemas to `components`");
            return;
        }
        let depth = depth + 1;
        if self.is_as_if_absent(value, pointer, is) {
            return;
        }
        let around = self.informs;
        self.informs |= informs(is);
        self.check_inner(value, pointer, is, depth);
        self.informs = around;
    }

    fn check_inner(&mut self, value: &'a Value, pointer: &str, is: Is, depth: usize) {
        match is {
            Is::Any => {}
            Is::Text => self.expect(value.is_string(), value, pointer, "text"),
            Is::Bool => self.expect(value.is_boolean(), value, pointer, "`true` or `false`"),
            Is::Number => self.expect(value.is_number(), value, pointer, "a number"),
            Is::Count => self.expect(
                whole_count(value).is_some(),
                value,
                pointer,
                "a whole number from 0",
            ),
            Is::Values => self.expect(value.is_array(), value, pointer, "a list"),
            Is::Closed(words) => self.check_word(value, pointer, words),
            Is::Texts => {
                let texts = value
                    .as_array()
                    .filter(|items| items.iter().all(Value::is_string));
                self.expect(texts.is_some(), value, pointer, "a list of text");
            }
            Is::SomeTexts => {
                let texts = value.as_array().filter(|items| !items.is_empty());
                let texts = texts.filter(|items| items.iter().all(Value::is_string));
                let wanted = "a list of at least one text";
                self.expect(texts.is_some(), value, pointer, wanted);
            }
            Is::Types => types::check(value, pointer, self.problems),
            Is::Schema => self.check_schema(value, pointer, depth),
            Is::AllOf => {
                let schemas = value.as_array().filter(|schemas| !schemas.is_empty());
                self.expect(
                    schemas.is_some(),
                    value,
                    pointer,
                    "a list of at least one schema",
                );
                for (index, schema) in schemas.into_iter().flatten().enumerate() {
                    let pointer = format!("{pointer}/{index}");
                    self.check_schema(schema, &pointer, depth);
                }
            }
            Is::List(item) => {
                self.expect(value.is_array(), value, pointer, "a list");
                for (index, value) in value.as_array().into_iter().flatten().enumerate() {
                    self.check(value, &format!("{pointer}/{index}"), *item, depth);
                }
            }
            Is::Map(item) => {
                self.expect(value.is_object(), value, pointer, "a map");
                for (key, value) in value.as_object().into_iter().flatten() {
                    self.check(value, &child(pointer, key), *item, depth);
                }
            }
            Is::Obj(kind) => {
                self.expect(value.is_object(), value, pointer, "a map");
                if let Some(fields) = value.as_object() {
                    self.check_object(fields, pointer, kind, depth);
                }
            }
            Is::Ref(kind) => match value.as_object() {
                Some(fields) if fields.contains_key("$ref") => {
                    self.check_reference(fields, pointer, kind);
                }
                _ => self.check(value, pointer, Is::Obj(kind), depth),
            },
        }
    }

    /// What says nothing as it is written, and is only said to readers or nowhere else: it is noted, and nothing is
    /// lost.
    fn is_as_if_absent(&mut self, value: &Value, pointer: &str, is: Is) -> bool {
        let key = contract_document::unescape(pointer.rsplit('/').next().unwrap_or_default());
        let is_remark = matches!(
            &*key,
            "description" | "summary" | "title" | "termsOfService"
        );
        let (told, hint) = match (is, value) {
            // A text that is left empty in YAML is `null`.
            (Is::Text | Is::Bool, Value::Null) => ("is empty, and", "fill it, or remove it"),
            (Is::Text, value) if is_remark && !value.is_string() => {
                ("is no text, and", "put text in quotes, or remove it")
            }
            (Is::Text, Value::Number(_)) if key == "pattern" => {
                ("is no text, and", "put the pattern in quotes, or remove it")
            }
            // Of drafts before JSON Schema 4.
            (Is::Texts, Value::Bool(_)) if key == "required" => (
                "is a list of names since JSON Schema 4, and a flag",
                "list the names of required properties beside `properties`",
            ),
            _ => return false,
        };
        let message = format!("`{key}` {told} is read as if it were absent");
        self.problems.violation(pointer, message, hint);
        true
    }

    fn check_object(
        &mut self,
        fields: &'a Map<String, Value>,
        pointer: &str,
        kind: &'static Object,
        depth: usize,
    ) {
        self.kinds.insert(pointer.to_owned(), kind.name);
        if let Some(Value::String(id)) = fields.get("operationId").filter(|_| kind.name == "link") {
            self.links.push((child(pointer, "operationId"), id));
        }
        for name in kind
            .required
            .iter()
            .filter(|name| !fields.contains_key(**name))
        {
            let message = format!("the {} has no `{name}`", kind.name);
            let hint = format!("add `{name}`");
            match kind.name {
                "request body" => {
                    let message = format!("{message}, and is read as bytes of any media type");
                    self.problems.violation(pointer, message, hint);
                }
                _ => self.refuse(pointer, message, hint),
            }
        }
        beside::check(self.source, fields, pointer, kind.name, self.problems);
        for (key, value) in fields {
            let at = child(pointer, key);
            let field = kind.fields.iter().find(|(name, _)| name == key);
            match field.map(|(_, is)| *is).or(kind.other) {
                // A map of paths or responses may have extensions, a schema `x-…` too.
                _ if key.starts_with("x-") => self.check_extension(key, value, &at, kind, depth),
                Some(is) => self.check(value, &at, is, depth),
                None => self.refuse_unknown(key, &at, kind),
            }
        }
    }

    /// What others call `x-…` is their affair, also if they call it as this generator does: elsewhere, or with
    /// values of another kind. It is only said then. What it honours must be what it can honour.
    fn check_extension(
        &mut self,
        key: &str,
        value: &'a Value,
        at: &str,
        kind: &'static Object,
        depth: usize,
    ) {
        let Some((_, of, is)) = EXTENSIONS.iter().find(|(name, ..)| *name == key) else {
            return;
        };
        if *of != kind.name {
            let message = format!("`{key}` has no effect in {}", with_article(kind.name));
            let hint = format!(
                "if it is meant for this generator, move it to {}",
                with_article(of)
            );
            return self.problems.warn_key(at, message, hint);
        }
        let (is_ours, wanted) = match is {
            Is::Bool => (value.is_boolean(), "`true` or `false`"),
            Is::Text => (value.is_string(), "text"),
            Is::Map(_) => (value.is_object(), "a map"),
            _ => (true, ""),
        };
        if !is_ours {
            let message = format!("`{key}` has no effect with this value");
            let hint = format!("if it is meant for this generator, let it be {wanted}");
            return self.problems.warn_key(at, message, hint);
        }
        if key == "x-status" {
            self.check_statuses(value, at);
        }
        self.check(value, at, *is, depth);
    }

    /// `x-status` has a status for each text of the `enum` beside it, and for nothing else.
    fn check_statuses(&mut self, value: &'a Value, at: &str) {
        let schema = at
            .rsplit_once('/')
            .and_then(|(schema, _)| self.source.get(schema));
        let texts = schema.and_then(|schema| schema.get("enum")?.as_array());
        let texts = texts.into_iter().flatten();
        let texts: Vec<&str> = texts.filter_map(Value::as_str).collect();
        if texts.is_empty() {
            let message = "`x-status` has no effect without an `enum` of texts";
            return self.problems.refuse_key(
                at,
                message,
                "put it beside the `enum` of error codes",
            );
        }
        let Some(statuses) = value.as_object() else {
            return;
        };
        for (text, status) in statuses {
            let entry = child(at, text);
            if !texts.contains(&text.as_str()) {
                let hint = advice(
                    text,
                    texts.iter().copied(),
                    "remove it, or add it to `enum`",
                );
                self.problems
                    .refuse_key(&entry, format!("`{text}` is no value of `enum`"), hint);
            } else if status.as_u64().is_some_and(|it| !(100..=599).contains(&it)) {
                let message = format!("{status} is no status of HTTP");
                self.problems
                    .refuse(&entry, message, "give one from 100 to 599");
            }
        }
        for text in texts {
            if !statuses.contains_key(text) {
                let message = format!("`x-status` has no status for `{text}`");
                self.problems
                    .refuse_key(at, message, "give every value of `enum` one");
            }
        }
    }

    /// Refuses what is wrong, unless it only informs.
    fn refuse(&mut self, pointer: &str, message: String, hint: String) {
        match self.informs {
            true => self.problems.violation(pointer, message, hint),
            false => self.problems.refuse(pointer, message, hint),
        }
    }

    fn refuse_unknown(&mut self, key: &str, at: &str, kind: &Object) {
        let unsupported = UNSUPPORTED.iter().find(|(name, _)| *name == key);
        if let Some((_, hint)) = unsupported.filter(|_| kind.name == SCHEMA.name) {
            self.problems
                .refuse_key(at, format!("`{key}` is not supported"), *hint);
            return;
        }
        let names = kind.fields.iter().map(|(name, _)| *name);
        let near = nearest(key, names);
        let is_schema = kind.name == SCHEMA.name;
        let kind = with_article(kind.name);
        let message = format!("`{key}` is no field of {kind}, and has no effect");
        match near {
            Some(near) => {
                let hint = format!("did you mean `{near}`? own fields start with `x-`");
                self.problems.violation(at, message, hint);
            }
            // JSON Schema has unknown keywords be remarks, OpenAPI has no unknown fields.
            None => {
                let hint = "remove it; own fields start with `x-`";
                match is_schema {
                    true => self.problems.warn_key(at, message, hint),
                    false => self.problems.violation(at, message, hint),
                }
            }
        }
    }

    fn check_reference(
        &mut self,
        fields: &'a Map<String, Value>,
        pointer: &str,
        kind: &'static Object,
    ) {
        self.kinds.insert(pointer.to_owned(), kind.name);
        for key in fields.keys() {
            if !matches!(key.as_str(), "$ref" | "summary" | "description") && !key.starts_with("x-")
            {
                let message = format!("`{key}` beside `$ref` has no effect");
                let at = child(pointer, key);
                self.problems
                    .violation(&at, message, "move it to what `$ref` refers to");
            }
        }
        self.note_reference(fields.get("$ref"), pointer, kind.name);
    }

    fn note_reference(&mut self, reference: Option<&Value>, pointer: &str, kind: &'static str) {
        match reference
            .and_then(Value::as_str)
            .and_then(|text| text.strip_prefix('#'))
        {
            Some(target) => self
                .references
                .push((pointer.to_owned(), decoded(target), kind)),
            // Not followed, and warned of where it was read.
            None if matches!(kind, "security scheme" | "example" | "link")
                && reference.is_some_and(Value::is_string) => {}
            None => {
                let at = child(pointer, "$ref");
                let hint = "write `#/components/schemas/Name`, or a relative path to a file";
                self.problems.refuse(&at, "`$ref` is no reference", hint);
            }
        }
    }

    fn check_schema(&mut self, value: &'a Value, pointer: &str, depth: usize) {
        if value.is_boolean() {
            self.kinds.insert(pointer.to_owned(), SCHEMA.name);
            return;
        }
        let Some(fields) = value.as_object() else {
            self.expect(false, value, pointer, "a schema");
            return;
        };
        if fields.contains_key("$ref") {
            self.note_reference(fields.get("$ref"), pointer, SCHEMA.name);
        }
        self.check_object(fields, pointer, &SCHEMA, depth);
        self.check_applies(value, pointer);
        if let (Some(constant), Some(Value::Array(values))) =
            (value.get("const"), value.get("enum"))
            && !values.contains(constant)
        {
            let message = "`const` is not in `enum`, so no value is allowed";
            self.problems
                .warn(&child(pointer, "const"), message, "keep one of the two");
        }
        if let Some(number) = value.get("multipleOf").and_then(Value::as_number)
            && !compare(number, &0.into()).is_gt()
        {
            let at = child(pointer, "multipleOf");
            self.problems.refuse(
                &at,
                "`multipleOf` must be greater than 0",
                "write the step as it is meant",
            );
        }
    }

    /// Refuses keywords that say nothing of the declared types.
    fn check_applies(&mut self, schema: &Value, pointer: &str) {
        let names: Vec<&str> = match schema.get("type") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => return,
        };
        let Some(types) = Types::stated(schema) else {
            return;
        };
        for (of, keys) in OF_TYPE {
            let applies = Types::named(of).is_some_and(|of| !types.and(of).is_empty());
            for key in keys
                .iter()
                .filter(|key| !applies && schema.get(**key).is_some())
            {
                let message = format!("`{key}` has no effect on `type: {}`", names.join(", "));
                let hint = format!("remove `{key}`, or correct `type`");
                self.problems.warn_key(&child(pointer, key), message, hint);
            }
        }
    }

    fn check_word(&mut self, value: &Value, pointer: &str, words: &'static [&'static str]) {
        match value.as_str() {
            Some(word) if words.contains(&word) => {}
            Some(word) => {
                let hint = advice(
                    word,
                    words.iter().copied(),
                    format!("write one of {}", words.join(", ")),
                );
                let key = pointer.rsplit('/').next().unwrap_or_default();
                let mut message = format!("`{word}` is no value of `{key}`");
                if self.informs {
                    message.push_str(", and has no effect");
                }
                self.refuse(pointer, message, hint);
            }
            None => self.expect(false, value, pointer, "text"),
        }
    }

    fn expect(&mut self, holds: bool, value: &Value, pointer: &str, wanted: &str) {
        if holds {
            return;
        }
        let segment = pointer.rsplit('/').next().unwrap_or_default();
        let key = contract_document::unescape(segment);
        let found = match value {
            Value::Null => "nothing",
            Value::Bool(_) => "a boolean",
            Value::Number(_) => "a number",
            Value::String(_) => "text",
            Value::Array(_) => "a list",
            Value::Object(_) => "a map",
        };
        let hint = match (wanted, value) {
            ("text", Value::Bool(_) | Value::Number(_)) => "put it in quotes".to_owned(),
            (_, Value::Array(items)) if items.is_empty() => {
                "fill the list, or remove it".to_owned()
            }
            _ => format!("write {wanted}, or remove it"),
        };
        let message = format!("`{key}` must be {wanted}, and is {found}");
        if self.informs || key == "examples" {
            let message = format!("{message}: it is left out");
            self.problems.violation(pointer, message, hint);
        } else {
            self.problems.refuse(pointer, message, hint);
        }
    }
}

/// Whether nothing is generated from what holds that.
fn informs(is: Is) -> bool {
    match is {
        Is::Obj(kind) | Is::Ref(kind) => INFORMS.contains(&kind.name),
        Is::List(item) | Is::Map(item) => informs(*item),
        _ => false,
    }
}

fn with_article(kind: &str) -> String {
    match kind.starts_with(['a', 'e', 'i', 'o', 'u']) {
        true => format!("an {kind}"),
        false => format!("a {kind}"),
    }
}
