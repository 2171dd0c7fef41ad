//! Document → model: every construct of a contract is understood, or refused with its position.
//!
//! `structure` first looks at every field of the document. Then `operations` walks the paths, with
//! `parameters`, `bodies` and `security` for what they contain, and `webhooks` walks what is sent.
//! Schemas pass four steps: `facts` gathers what a schema demands (`unite` for several at once),
//! `plan` decides what that amounts to, `schemas` and `unions` build types of it, and `usage` looks
//! at all types together.
//!
//! # Names of types
//!
//! A component is named by its key in Pascal case; two components that fall together are refused.
//! An inline schema is named by its place alone, so that no other part of the contract changes it:
//!
//! | Place | Name |
//! |---|---|
//! | body of an operation, of a webhook | operation + `Body`, the webhook's key + `Body` |
//! | only success answer of JSON, other answers | operation + `Response`, operation + status + `Response` |
//! | parameter or header of an operation | operation + its name |
//! | component parameter or header, response, request body | its key, key + `Response`, key + `Body` |
//! | property | parent + property |
//! | item of a list | the list's name without a plain plural `s`, else list + `Item` |
//! | value of a map | map + `Value` |
//! | choice of a union | parent + component, title, only value or type of the choice |
//!
//! Struct-like, enum-like and union-like inline schemas that are equal apart from texts and
//! examples *and* whose names end in the same part (both are a `status`, both a `Response`) are one
//! type, named by the first place in the order components, operations. A name that is taken gets a
//! number: `PetStatus2`.
//!
//! The enum of all webhooks is `Webhook`, or `Webhook2` where a type of the contract has that name.
//!
//! # What is read in one way of several
//!
//! - A schema without `type` has the type its keywords or values speak of; `{}` is anything, and
//!   text in a parameter.
//! - A keyword that says nothing of the declared type is refused, since it cannot be meant.
//! - `null` belongs to the use of a named type, not to the type. A parameter, header or part is
//!   never null.
//! - `allOf` is united to one schema. `oneOf` and `anyOf` beside other keywords are spread over
//!   their choices. Choices that are closed sets are one set; any text absorbs other text.
//! - A value of several choices of an `anyOf` is the one that keeps all of it, or all of them. A
//!   component with a discriminator that others include by `allOf` is a union of these (`families`).
//! - `readOnly` and `writeOnly` properties are those of answers and requests alone (`direction`).
//! - Bounds of integers are rounded to whole numbers.
//! - Only the first tag of an operation counts. A missing `operationId` is method and path.
//! - Lists in parameters are split at separators as they stand in the URL, header or cookie, and
//!   then decoded: `a%2Cb,c` is `a,b` and `c`, and `pipeDelimited` means a `|` that is not encoded.
//!   Cookies are percent-encoded, as `style: form` has it, headers are not. An item is never null.
//! - A header parameter `Accept`, `Content-Type` or `Authorization` and a response header
//!   `Content-Type` are dropped, as OpenAPI demands: other parts of the contract state them.
//! - Parameters of media types (`charset`) are dropped; two media types must differ without them.
//! - Bodies that are neither JSON nor forms are handed over as text or bytes. A schema of an XML
//!   body therefore describes it to readers only; constraints on text are refused.
//! - A response without `description` is described by its status.
//! - What webhooks send is read as an answer is, with or without `required` at its `requestBody`. By
//!   which property bodies are told apart: the head of `webhooks`.
//! - A required body that is missing is refused. With `x-missing-body: {}` at the root of the
//!   contract it is read as `{}`, so that what is missing in it is named.
//!
//! # What is accepted without effect
//!
//! `callbacks` and `links` (their references and operations must exist), parameters, answers and
//! `security` of webhooks, `servers` of paths and operations, `externalDocs`, `xml`, `contentSchema`,
//! `$comment`, `$schema`, `examples` of
//! parameters, `allowReserved` and `allowEmptyValue`, `encoding.contentType`, `default` of
//! properties (that of a parameter is read where it is absent), `discriminator` where there is
//! nothing to choose, components that nothing refers to (schemas become types), and extensions
//! (`x-…`) but for these: `x-undeclared-query: true` of an operation hands the server the query
//! parameters that are not declared, for families of names that OpenAPI cannot declare;
//! `x-missing-body` is told of above; `x-pattern-says` is the sentence for a text that does not match
//! the `pattern` beside it; with `x-trim: true` the constraints beside it are those of the text without
//! blanks around it; `x-status` beside an `enum` of error codes gives each of them a status;
//! `x-stream: name` beside the `schema` of an answer lets the server send this text while it is made; and a
//! `readOnly` property with `x-repeated: true` is read from requests, too, so that the server can reject
//! another value than its own. A `format` is checked if [`Format`](crate::model::Format) has
//! it; `int32` and `int64` choose the Rust type; `binary` is bytes. Every other format (`byte`,
//! `password`, `float`, `double`, `hostname`, `duration`, own ones, …) is documentation, as JSON
//! Schema leaves it.
//!
//! # What is refused
//!
//! `not`, `if`, `patternProperties`, `propertyNames`, `dependent…`, `prefixItems`, `contains` and
//! the like; `unevaluatedProperties` with a schema or beside a union; two unions in one schema;
//! paths whose parameters stand side by side or whose text no URL can have; forms that say more
//! than what their properties are; credentials that are sent together in one place; enums of
//! several types; look-around and back-references in patterns; parameters by `content`, or with the
//! styles `deepObject`, `label` and `matrix`; objects in parameters, except a map in a query; forms
//! in answers; webhooks that are not sent by POST as JSON, or of which only some say by a property
//! which they are; unknown fields.

mod document;
mod names;
mod operations;
mod schemas;

pub(crate) use names::is_keyword;

use std::collections::{HashMap, VecDeque};

use contract_document::{Diagnostic, Diagnostics, Document, child};
use serde_json::Value;

use crate::model::{Api, TypeDef, TypeId};

/// Turns a contract into the model.
///
/// # Errors
/// Everything that is wrong or not supported, each with its position.
pub(crate) fn lower(document: &Document) -> Result<Api, Diagnostics> {
    let mut lowering = Lowering::new(document);
    lowering.name_operations();
    lowering.name_webhooks();
    lowering.check_structure();
    lowering.reserve_components();
    lowering.find_families();
    lowering.lower_components();
    lowering.lower_bases();
    let operations = lowering.lower_operations();
    let webhooks = lowering.lower_webhooks();
    let mut api = lowering.lower_root(operations, webhooks);
    lowering.finish_types(&mut api);
    if lowering.problems.is_empty() {
        Ok(api)
    } else {
        Err(lowering.into_problems())
    }
}

/// How deep schemas may nest, and how long a chain of `$ref` and `allOf` may be.
const MAX_DEPTH: usize = 128;

/// Work in progress.
struct Lowering<'a> {
    document: &'a Document,
    root: &'a Value,
    problems: Vec<Diagnostic>,
    /// Types by id; `None` while a type is being built.
    types: Vec<Option<TypeDef>>,
    type_names: names::Names,
    /// Pointer of a component schema → its type.
    components: HashMap<String, TypeId>,
    /// Pointer, key and type name of the components to lower.
    component_names: Vec<(String, String, String)>,
    families: schemas::families::Families,
    /// Pointer, type and type name of the members of families to lower by themselves.
    base_names: Vec<(String, TypeId, String)>,
    /// Pointer of an operation → its names.
    operation_names: HashMap<String, operations::OperationNames>,
    /// Pointer of the operation of a webhook → its name in Pascal case.
    webhook_names: HashMap<String, String>,
    /// Inline types that were named but not built.
    pending: VecDeque<schemas::build::Pending>,
    /// Constraining parts → inline type made of them.
    inline: HashMap<Vec<schemas::facts::Part>, TypeId>,
    /// Last part of the name and canonical text → inline type that looks like it.
    alike: HashMap<(String, String), TypeId>,
    /// Constraining parts → what the places around them have to know.
    outlines: HashMap<Vec<schemas::facts::Part>, schemas::plan::Asked>,
    /// Patterns that were translated.
    patterns: HashMap<String, String>,
    depth: usize,
}

impl<'a> Lowering<'a> {
    fn new(document: &'a Document) -> Lowering<'a> {
        Lowering {
            document,
            root: document.root(),
            problems: Vec::new(),
            types: Vec::new(),
            type_names: names::Names::default(),
            components: HashMap::new(),
            component_names: Vec::new(),
            families: schemas::families::Families::default(),
            base_names: Vec::new(),
            operation_names: HashMap::new(),
            webhook_names: HashMap::new(),
            pending: VecDeque::new(),
            inline: HashMap::new(),
            alike: HashMap::new(),
            outlines: HashMap::new(),
            patterns: HashMap::new(),
            depth: 0,
        }
    }

    /// Value at `pointer`.
    fn get(&self, pointer: &str) -> Option<&'a Value> {
        self.root.pointer(pointer)
    }

    /// Records that the contract cannot be generated from because of what stands at `pointer`.
    fn refuse(&mut self, pointer: &str, message: impl Into<String>, hint: impl Into<String>) {
        let hint = Some(hint.into()).filter(|hint| !hint.is_empty());
        self.problems
            .push(self.document.diagnostic(pointer, message, hint));
    }

    /// As `refuse`, at the key rather than at what it holds.
    fn refuse_key(&mut self, pointer: &str, message: impl Into<String>, hint: impl Into<String>) {
        let position = self.document.key_position(pointer);
        let hint = Some(hint.into()).filter(|hint| !hint.is_empty());
        self.problems.push(Diagnostic {
            position,
            message: message.into(),
            hint,
        });
    }

    /// Every problem once, by position.
    fn into_problems(self) -> Diagnostics {
        let mut problems = self.problems;
        problems.sort_by_key(|problem| {
            let position = &problem.position;
            (
                position.file.clone(),
                position.line,
                position.column,
                problem.message.clone(),
            )
        });
        problems.dedup_by(|a, b| a.position == b.position && a.message == b.message);
        Diagnostics(problems)
    }

    /// Follows the `$ref`s of an object that is no schema; `None` where they lead nowhere.
    fn resolve(&self, pointer: &str) -> Option<(String, &'a Value)> {
        match self.get(pointer)?.get("$ref") {
            None => Some((pointer.to_owned(), self.get(pointer)?)),
            Some(_) => self.document.resolve(pointer).ok(),
        }
    }

    /// Entries of a map of the contract's own names, which may start with `x-`.
    fn all_entries(&self, pointer: &str) -> Vec<(&'a str, String, &'a Value)> {
        let object = self.get(pointer).and_then(Value::as_object);
        let entries = object.into_iter().flatten();
        entries
            .map(|(key, value)| (key.as_str(), child(pointer, key), value))
            .collect()
    }

    /// Entries of an object of OpenAPI, without extensions, each with its pointer.
    fn entries(&self, pointer: &str) -> Vec<(&'a str, String, &'a Value)> {
        let object = self.get(pointer).and_then(Value::as_object);
        let entries = object
            .into_iter()
            .flatten()
            .filter(|(key, _)| !key.starts_with("x-"));
        entries
            .map(|(key, value)| (key.as_str(), child(pointer, key), value))
            .collect()
    }
}

/// Text under `key`.
fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

/// Owned text under `key`.
fn owned(value: &Value, key: &str) -> Option<String> {
    text(value, key).map(str::to_owned)
}

/// Whether `key` is `true`.
fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or(false)
}

/// `example` and `examples` of a parameter, header or media type or schema.
fn examples(value: &Value) -> Vec<Value> {
    let mut found: Vec<Value> = value.get("example").cloned().into_iter().collect();
    match value.get("examples") {
        Some(Value::Array(examples)) => found.extend(examples.iter().cloned()),
        Some(Value::Object(examples)) => {
            found.extend(
                examples
                    .values()
                    .filter_map(|example| example.get("value").cloned()),
            );
        }
        _ => {}
    }
    found
}
