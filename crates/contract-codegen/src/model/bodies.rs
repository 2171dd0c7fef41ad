//! Bodies: of requests, and of answers, by media type.

use serde_json::Value;

use super::{MapRules, Style, Use};

/// A request body.
#[derive(Debug, Clone)]
pub struct RequestBody {
    /// `required`. A missing body is otherwise read as absent.
    pub required: bool,
    /// The contract has the extension `x-missing-body: {}`: a required body that is missing is
    /// read like an empty object or form, so that what is missing in it can be named.
    pub missing_is_empty: bool,
    /// Accepted media types, in the order of the document.
    pub content: Vec<Content>,
    /// Rust name of the enum of these, where there are several.
    pub ident: Option<String>,
    /// Documentation.
    pub description: Option<String>,
}

/// A body under one media type.
#[derive(Debug, Clone)]
pub struct Content {
    /// E.g. `application/json`, lower case, without parameters; or a range of them, e.g. `image/*`.
    pub media_type: String,
    /// Rust variant name among the media types of one body, e.g. `Json`.
    pub ident: String,
    /// How it is read and written.
    pub body: Body,
    /// `x-stream`: the text, by its name on the wire, that an answer sends while it is made.
    pub streamed: Option<String>,
    /// `example` and `examples`.
    pub examples: Vec<Value>,
}

impl Content {
    /// What it is a sequence of.
    pub fn sequence(&self) -> Option<&Sequence> {
        match &self.body {
            Body::Sequence(sequence) => Some(sequence),
            _ => None,
        }
    }

    /// Whether it is there once: it is still being made or read, so that it cannot be copied or compared.
    pub fn is_under_way(&self) -> bool {
        self.streamed.is_some() || self.sequence().is_some()
    }

    /// Whether who sends it says of what type it is: the declared one is a range, or has a boundary of its own.
    pub fn is_open(&self) -> bool {
        let parts = self.media_type.starts_with("multipart/");
        self.media_type.contains('*') || (parts && matches!(self.body, Body::Binary(_)))
    }
}

/// How a body is read and written.
#[derive(Debug, Clone)]
pub enum Body {
    /// JSON (`application/json`, `…+json`).
    Json(Use),
    /// `multipart/form-data`.
    Multipart(Form),
    /// `application/x-www-form-urlencoded`.
    Form(Form),
    /// UTF-8 that is a plain value: `text/*`, and other types whose schema has rules for text.
    Text(Use),
    /// Items, one after the other.
    Sequence(Sequence),
    /// Anything else: bytes.
    Binary(Size),
}

/// A sequence of items.
#[derive(Debug, Clone)]
pub struct Sequence {
    /// How they are told apart.
    pub framing: Framing,
    /// What each of them is.
    pub item: Use,
}

/// How the items of a sequence are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// JSON in lines.
    Lines,
    /// JSON behind record separators.
    Records,
    /// Server-sent events, whose `data` is this.
    Events(EventData),
    /// Parts that are JSON.
    JsonParts,
    /// Parts of any type, as they are: what an item is has no effect.
    RawParts,
}

/// What the text of `data` of an event is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventData {
    /// Text.
    Text,
    /// JSON.
    Json,
    /// Text of some events, and JSON of others.
    Either,
}

/// How many bytes a body may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// `minLength`.
    pub least: Option<u64>,
    /// `maxLength`.
    pub most: Option<u64>,
}

/// A form: a struct whose fields are its parts, or a value whose properties are.
#[derive(Debug, Clone)]
pub struct Form {
    /// Rust name of the struct that a server reads it into.
    pub ident: String,
    /// In the order of the document.
    pub parts: Vec<Part>,
    /// What happens to names that are no parts.
    pub others: Others,
    /// `minProperties` and `maxProperties`.
    pub count: MapRules,
    /// What is asked of the names that are there.
    pub alternatives: Vec<Alternatives>,
    /// The type of the whole form, if it is no single struct, but one of several; it has no parts then.
    pub whole: Option<Use>,
}

/// `oneOf` or `anyOf`, as far as the names of a form tell.
#[derive(Debug, Clone)]
pub struct Alternatives {
    /// One of them; else at least one.
    pub exactly_one: bool,
    /// Each of them.
    pub each: Vec<Alternative>,
}

/// What one of several needs.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// Names that are there.
    pub required: Vec<String>,
    /// No others are.
    pub only: Option<Vec<String>>,
}

impl Form {
    /// Every type in it.
    pub fn uses(&self) -> impl Iterator<Item = &Use> {
        let parts = self.parts.iter().flat_map(|part| {
            let headers = part.headers.iter().map(|header| &header.value);
            headers.chain([&part.value])
        });
        parts.chain(self.others.kept()).chain(&self.whole)
    }

    /// Every type in it, to be changed.
    pub fn uses_mut(&mut self) -> impl Iterator<Item = &mut Use> {
        let others = match &mut self.others {
            Others::Kept(value) => Some(&mut **value),
            Others::Ignored | Others::Denied => None,
        };
        let parts = self.parts.iter_mut().flat_map(|part| {
            let headers = part.headers.iter_mut().map(|header| &mut header.value);
            headers.chain([&mut part.value])
        });
        parts.chain(others).chain(&mut self.whole)
    }

    /// Whether names that are no parts have to be seen.
    pub fn sees_all(&self) -> bool {
        let deep = |part: &Part| matches!(part.writing, Writing::Deep | Writing::Fields);
        let ignores = matches!(self.others, Others::Ignored);
        let is_part = |name: &String| self.parts.iter().any(|part| part.wire == *name);
        let mut alternatives = self.alternatives.iter().flat_map(|group| &group.each);
        !ignores
            || alternatives.any(|one| one.only.is_some() || !one.required.iter().all(is_part))
            || self.whole.is_some()
            || self.count != MapRules::default()
            || self.parts.iter().any(deep)
    }
}

/// What happens to fields of a form that are not listed.
#[derive(Debug, Clone)]
pub enum Others {
    /// Accepted and dropped.
    Ignored,
    /// Refused.
    Denied,
    /// Kept in a map.
    Kept(Box<Use>),
}

impl Others {
    /// The type of each, where they are kept.
    pub fn kept(&self) -> Option<&Use> {
        match self {
            Others::Kept(value) => Some(value),
            Others::Ignored | Others::Denied => None,
        }
    }
}

/// A part of a form.
#[derive(Debug, Clone)]
pub struct Part {
    /// Name on the wire.
    pub wire: String,
    /// Rust field name.
    pub ident: String,
    /// Its type; [`Shape::Binary`](super::Shape::Binary) is a file.
    pub value: Use,
    /// How it is written.
    pub writing: Writing,
    /// `encoding.contentType`: the media types it can be of, ranges among them; none: that of its type.
    pub media_types: Vec<String>,
    /// `encoding.headers` of a file.
    pub headers: Vec<PartHeader>,
    /// Listed in `required`.
    pub required: bool,
    /// Documentation.
    pub description: Option<String>,
    /// JSON pointer of the property.
    pub pointer: String,
}

/// A header of a part of a form.
#[derive(Debug, Clone)]
pub struct PartHeader {
    /// Name on the wire.
    pub wire: String,
    /// Its type: text, number, boolean or string enum.
    pub value: Use,
    /// `required`.
    pub required: bool,
}

/// How a part of a form is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// As its type says: a plain value as text, a list of these as one part for each, a file as it is, and anything
    /// else as JSON.
    Plain,
    /// Each item of a list as a part, and each value that is not plain as JSON.
    Value,
    /// As JSON, also what is plain.
    Json,
    /// The items of a list in one text, with this between them.
    Joined(Style),
    /// An object in one text: names and values in turn, with commas between them.
    Pairs,
    /// The properties of an object as fields of the form.
    Fields,
    /// The properties of an object as fields with the name of the part before: `part[property]`.
    Deep,
}
