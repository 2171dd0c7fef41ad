//! What each operation becomes: one method, its arguments, its answers, and who writes it.

use proc_macro2::{Ident, TokenStream};

use super::params::stem;
use super::rust::{Argument, Context, ident};
use crate::model::{
    Answer, Body, Content, Framing, Location, Method, Operation, Parameter, Shape, Status, Style,
    Use,
};

/// An operation as the client offers it.
pub(super) struct Plan<'m> {
    pub(super) operation: &'m Operation,
    /// Name of the method.
    pub(super) name: String,
    /// Sends another media type than the operation's main method.
    pub(super) alternative: bool,
    /// Parameters the caller gives: all but those that configure the client and credentials.
    pub(super) parameters: Vec<&'m Parameter>,
    /// The body that is sent.
    pub(super) body: Option<&'m Content>,
    pub(super) body_required: bool,
    pub(super) success: Success,
    pub(super) errors: Errors,
    /// Written by progenitor; otherwise by us in the same style.
    pub(super) progenitor: bool,
}

/// What a successful call gives.
pub(super) enum Success {
    /// The same for every success status.
    One(Value),
    /// By status.
    Several(Vec<(Status, Value)>),
}

/// A body that is received.
#[derive(Clone)]
pub(super) enum Value {
    Json {
        rust: TokenStream,
        media_type: String,
    },
    /// One of several, by media type.
    Media {
        name: Ident,
        choices: Vec<Choice>,
    },
    /// Text that is a plain value.
    Plain {
        rust: TokenStream,
        media_type: String,
    },
    /// Items, one after the other.
    Sequence {
        item: TokenStream,
        /// A value of what generated clients read items with.
        reader: TokenStream,
        events: bool,
        media_type: String,
    },
    /// Neither JSON nor such a value: handed out as a stream of bytes.
    Raw {
        media_types: Vec<String>,
    },
    /// Text of an error.
    Text,
    /// An error that is neither JSON nor text.
    Bytes,
    Empty,
}

/// A body of one media type of several.
#[derive(Clone)]
pub(super) struct Choice {
    /// Those that are read alike.
    pub(super) media_types: Vec<String>,
    pub(super) variant: Ident,
    pub(super) value: Value,
}

/// What a failed call gives: `E` of `Error<E>`.
pub(super) enum Errors {
    /// The same for these statuses.
    One(Value, Vec<Status>),
    /// By status.
    Several(Vec<(Status, Value)>),
}

impl<'m> Plan<'m> {
    /// The methods of `operation`: one, and one more for each further request media type.
    pub(super) fn all(
        context: &Context<'m>,
        operation: &'m Operation,
        shared: &[&Parameter],
    ) -> Vec<Plan<'m>> {
        let mut contents: Vec<Option<&Content>> = match &operation.body {
            Some(body) => body.content.iter().map(Some).collect(),
            None => Vec::new(),
        };
        contents.sort_by_key(|content| content.map(rank));
        if contents.is_empty() {
            contents.push(None);
        }
        let mut plans: Vec<Plan<'m>> = Vec::new();
        for (index, content) in contents.into_iter().enumerate() {
            let mut plan = Plan::new(context, operation, shared, content);
            if let Some(content) = content.filter(|_| index > 0) {
                plan.name = alternative_name(operation, content);
                plan.alternative = true;
                plan.progenitor = false;
                if plans.iter().any(|one| one.name == plan.name)
                    || context
                        .api
                        .operations
                        .iter()
                        .any(|one| one.snake == plan.name)
                {
                    plan.name = format!("{}_{index}", plan.name);
                }
            }
            plans.push(plan);
        }
        plans
    }

    fn new(
        context: &Context<'m>,
        operation: &'m Operation,
        shared: &[&Parameter],
        body: Option<&'m Content>,
    ) -> Plan<'m> {
        let is_shared = |parameter: &Parameter| {
            parameter.location == Location::Header
                && shared
                    .iter()
                    .any(|one| one.wire.eq_ignore_ascii_case(&parameter.wire))
        };
        // What the operation's credentials send is set once, too.
        let is_credential = |parameter: &Parameter| {
            let mut schemes = context.api.schemes_of(operation);
            schemes.any(|one| parameter.is_sent_by(&one.kind))
        };
        let parameters = operation
            .parameters
            .iter()
            .filter(|parameter| !is_shared(parameter) && !is_credential(parameter))
            // Of each call, which the client says by itself or is told beforehand.
            .filter(|parameter| !operation.is_condition(parameter))
            .collect();
        let request = operation.body.as_ref();
        let mut plan = Plan {
            operation,
            name: operation.client_method(),
            alternative: false,
            parameters,
            body,
            body_required: request.is_some_and(|body| body.required),
            success: success(context, operation),
            errors: errors(context, operation),
            progenitor: false,
        };
        plan.progenitor = plan.suits_progenitor(context);
        plan
    }

    /// How many arguments its method takes.
    pub(super) fn arguments(&self) -> usize {
        self.parameters.len() + usize::from(self.body.is_some())
    }

    /// Whether progenitor writes this operation as the contract means it. What it cannot do, and
    /// what it would do differently, is ours: it asserts on several success types, knows
    /// four request media types and no optional body, repeats the name of every list parameter and
    /// drops empty ones, sends header values that do not arrive, has no cookies, no OPTIONS or
    /// TRACE, reads bodies of HEAD, and merges slashes.
    fn suits_progenitor(&self, context: &Context<'_>) -> bool {
        let Operation { method, path, .. } = self.operation;
        let method = matches!(
            method,
            Method::Get | Method::Put | Method::Post | Method::Delete | Method::Patch
        ) && self.operation.query.is_empty();
        let is_plain = |segment: &str| {
            let inner = segment
                .strip_prefix('{')
                .and_then(|rest| rest.strip_suffix('}'));
            let word = |c: char| c.is_ascii_alphanumeric() || "-._~".contains(c);
            !segment.is_empty() && inner.unwrap_or(segment).chars().all(word)
        };
        let path = path.split('/').skip(1).all(is_plain);
        let parameters = self.parameters.iter().all(|parameter| {
            let argument = Argument::of(context, &parameter.value);
            let is_single = !matches!(argument, Argument::Borrowed(_) | Argument::List(_));
            let is_single = is_single && !matches!(parameter.style, Style::Structured(_));
            is_single && matches!(parameter.location, Location::Path | Location::Query)
        });
        let body = match self.body {
            None => true,
            Some(content) => {
                self.body_required
                    && match &content.body {
                        Body::Json(value) => {
                            content.media_type == "application/json"
                                && is_path(&context.body_type(value, false))
                        }
                        Body::Text(text) => {
                            content.media_type == "text/plain"
                                && matches!(context.api.shape(text), Shape::String(_))
                        }
                        Body::Binary(_) => content.media_type == "application/octet-stream",
                        Body::Multipart(_) | Body::Form(_) | Body::Sequence(_) => false,
                    }
            }
        };
        let success = match &self.success {
            Success::One(Value::Json { rust, media_type }) => {
                media_type == "application/json" && is_path(rust)
            }
            // Progenitor asks for JSON only where the success is typed.
            Success::One(Value::Raw { .. } | Value::Empty) => true,
            Success::One(
                Value::Media { .. }
                | Value::Sequence { .. }
                | Value::Plain { .. }
                | Value::Text
                | Value::Bytes,
            )
            | Success::Several(_) => false,
        };
        // It looks up parameters by their name alone.
        let mut names: Vec<&str> = self
            .parameters
            .iter()
            .map(|one| one.wire.as_str())
            .collect();
        names.sort_unstable();
        names.dedup();
        let parameters = parameters && names.len() == self.parameters.len();
        method && path && parameters && body && success
    }

    /// Whether it may give items, which arrive for as long as there are some. `wanted` is asked whether they are
    /// events.
    pub(super) fn gives_items(&self, wanted: fn(bool) -> bool) -> bool {
        let is_wanted = |value: &Value| match value {
            Value::Sequence { events, .. } => wanted(*events),
            _ => false,
        };
        self.values().0.into_iter().any(|value| match value {
            Value::Media { choices, .. } => choices.iter().any(|one| is_wanted(&one.value)),
            value => is_wanted(value),
        })
    }

    /// Everything that it may give when it succeeds, and when it fails.
    pub(super) fn values(&self) -> (Vec<&Value>, Vec<&Value>) {
        let successes = match &self.success {
            Success::One(value) => vec![value],
            Success::Several(values) => values.iter().map(|(_, value)| value).collect(),
        };
        let errors = match &self.errors {
            Errors::One(value, _) => vec![value],
            Errors::Several(values) => values.iter().map(|(_, value)| value).collect(),
        };
        (successes, errors)
    }
}

/// Whether typify can name the type: it knows paths only, not `()`, which stands for `null`.
fn is_path(rust: &TokenStream) -> bool {
    syn::parse2::<syn::TypePath>(rust.clone()).is_ok()
}

/// Which of several request media types is sent: the one whose fields are known best.
fn rank(content: &Content) -> u8 {
    match content.body {
        Body::Json(_) => 0,
        Body::Multipart(_) => 1,
        Body::Form(_) => 2,
        Body::Sequence(_) => 3,
        Body::Text(_) => 4,
        Body::Binary(_) => 5,
    }
}

/// `import_products_as_csv` for `text/csv`.
fn alternative_name(operation: &Operation, content: &Content) -> String {
    let (_, subtype) = content
        .media_type
        .split_once('/')
        .unwrap_or(("", &content.media_type));
    let words: Vec<String> = subtype
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(str::to_ascii_lowercase)
        .collect();
    let suffix = if words.is_empty() {
        "other".to_owned()
    } else {
        words.join("_")
    };
    format!("{}_as_{suffix}", stem(&operation.snake))
}

/// RFC 9110, sections 6.4.1 and 15.3.6: these have no content, whatever is declared.
fn has_no_body(method: &Method, status: Status) -> bool {
    let never = matches!(
        status,
        Status::Code(100..=199 | 204 | 205 | 304) | Status::Range(1)
    );
    never || *method == Method::Head
}

fn value(context: &Context<'_>, operation: &Operation, answer: &Answer, is_error: bool) -> Value {
    if has_no_body(&operation.method, answer.status) {
        return Value::Empty;
    }
    let mut read: Vec<(&Content, Value)> = Vec::new();
    for content in &answer.content {
        read.push((content, content_value(context, content, is_error)));
    }
    let Some((_, first)) = read.first() else {
        return Value::Empty;
    };
    let alike = read.iter().all(|(_, value)| value.is_like(first));
    let error = answer.error_ident.as_ref().filter(|_| is_error);
    match error.or(answer.body_ident.as_ref()) {
        Some(name) if !alike => media(name, read),
        _ => {
            let all = read.into_iter().map(|(_, value)| value);
            all.reduce(Value::with).unwrap_or(Value::Empty)
        }
    }
}

/// A body under one media type. What is neither JSON nor a plain value is a stream in a success, and whole in an
/// error.
fn content_value(context: &Context<'_>, content: &Content, is_error: bool) -> Value {
    let media_type = content.media_type.clone();
    match &content.body {
        Body::Json(body) => Value::Json {
            rust: context.body_type(body, true),
            media_type,
        },
        Body::Text(text) if !matches!(context.api.shape(text), Shape::String(_)) => Value::Plain {
            rust: context.body_type(text, true),
            media_type,
        },
        Body::Sequence(sequence) if !is_error => Value::Sequence {
            item: super::sequence::item(context, sequence, true),
            reader: super::sequence::reader(context, sequence),
            events: matches!(sequence.framing, Framing::Events(_)),
            media_type,
        },
        Body::Text(_) if is_error => Value::Text,
        _ if is_error => Value::Bytes,
        _ => Value::Raw {
            media_types: vec![media_type],
        },
    }
}

/// The bodies that are told apart by media type. Several types of JSON that are read alike are one of them.
fn media(name: &str, read: Vec<(&Content, Value)>) -> Value {
    let mut choices: Vec<Choice> = Vec::new();
    for (content, value) in read {
        let is_json = matches!(value, Value::Json { .. });
        let known = choices
            .iter_mut()
            .find(|known| is_json && known.value.is_like(&value));
        let media_type = content.media_type.clone();
        match known {
            Some(known) => known.media_types.push(media_type),
            None => choices.push(Choice {
                media_types: vec![media_type],
                variant: ident(&content.ident),
                value,
            }),
        }
    }
    // Anything is text or bytes, so that what says when it is not read comes first.
    choices.sort_by_key(|choice| match choice.value {
        Value::Json { .. } => 0,
        Value::Plain { .. } | Value::Sequence { .. } => 1,
        _ => 2,
    });
    Value::Media {
        name: ident(name),
        choices,
    }
}

/// Whether an answer of that status is what was asked for, or tells where to find it.
pub(super) fn is_success(status: Status) -> bool {
    matches!(status, Status::Code(100..=399) | Status::Range(1..=3))
}

fn success(context: &Context<'_>, operation: &Operation) -> Success {
    let mut answers: Vec<&Answer> = operation
        .answers
        .iter()
        .filter(|answer| is_success(answer.status))
        .collect();
    if !answers.iter().any(|answer| answer.status.is_done()) {
        answers.extend(
            operation
                .answers
                .iter()
                .find(|answer| answer.status == Status::Default),
        );
    }
    let values: Vec<(Status, Value)> = answers
        .into_iter()
        .map(|answer| (answer.status, value(context, operation, answer, false)))
        .collect();
    match values.first() {
        None => Success::One(Value::Raw {
            media_types: Vec::new(),
        }),
        Some((_, first)) if values.iter().all(|(_, one)| one.is_like(first)) => {
            let all = values.into_iter().map(|(_, value)| value);
            Success::One(all.reduce(Value::with).unwrap_or(Value::Empty))
        }
        Some(_) => Success::Several(values),
    }
}

impl Value {
    /// Itself, which `other` is like: of the media types of both.
    fn with(mut self, other: Value) -> Value {
        if let (Value::Raw { media_types }, Value::Raw { media_types: more }) = (&mut self, other) {
            media_types.extend(more);
        }
        self
    }

    /// Whether a stream of bytes is in it.
    pub(super) fn has_stream(&self) -> bool {
        match self {
            Value::Raw { .. } | Value::Sequence { .. } => true,
            Value::Media { choices, .. } => choices.iter().any(|one| one.value.has_stream()),
            _ => false,
        }
    }

    fn is_like(&self, other: &Value) -> bool {
        match (self, other) {
            (Value::Json { rust, .. }, Value::Json { rust: other, .. }) => {
                rust.to_string() == other.to_string()
            }
            (Value::Plain { rust, .. }, Value::Plain { rust: other, .. }) => {
                rust.to_string() == other.to_string()
            }
            (Value::Sequence { reader, .. }, Value::Sequence { reader: other, .. }) => {
                reader.to_string() == other.to_string()
            }
            (Value::Raw { .. }, Value::Raw { .. })
            | (Value::Empty, Value::Empty)
            | (Value::Text, Value::Text)
            | (Value::Bytes, Value::Bytes) => true,
            (Value::Media { name, .. }, Value::Media { name: other, .. }) => name == other,
            _ => false,
        }
    }
}

/// Identical JSON errors stand for every failure, so that each is typed, also one with a status the
/// contract does not list. An operation without errors has those of the contract.
fn errors(context: &Context<'_>, operation: &Operation) -> Errors {
    let is_error = |answer: &&Answer| {
        matches!(
            answer.status,
            Status::Code(400..=599) | Status::Range(4 | 5) | Status::Default
        )
    };
    let mut values: Vec<(Status, Value)> = operation
        .answers
        .iter()
        .filter(is_error)
        .map(|answer| (answer.status, value(context, operation, answer, true)))
        .collect();
    let all = vec![Status::Range(4), Status::Range(5)];
    match (values.first(), context.api.error) {
        (None, Some(id)) if operation.method != Method::Head => {
            let error = Use {
                shape: Shape::Named(id),
                nullable: false,
            };
            let json = Value::Json {
                rust: context.body_type(&error, true),
                media_type: "application/json".to_owned(),
            };
            Errors::One(json, all)
        }
        (None, _) => Errors::One(Value::Empty, Vec::new()),
        (Some((_, first)), _) if values.iter().all(|(_, one)| one.is_like(first)) => {
            let statuses = match first {
                Value::Json { .. } => all,
                _ => values.iter().map(|(status, _)| *status).collect(),
            };
            Errors::One(values.swap_remove(0).1, statuses)
        }
        (Some(_), _) => Errors::Several(values),
    }
}
