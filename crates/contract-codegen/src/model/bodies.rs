//! Bodies: of requests, and of answers, by media type.

use serde_json::Value;

use super::Use;

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
    /// Anything else: bytes.
    Binary(Size),
}

/// How many bytes a body may have.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Size {
    /// `minLength`.
    pub least: Option<u64>,
    /// `maxLength`.
    pub most: Option<u64>,
}

/// A form: a struct whose fields are its parts.
#[derive(Debug, Clone)]
pub struct Form {
    /// Rust name of the struct that a server reads it into.
    pub ident: String,
    /// In the order of the document.
    pub parts: Vec<Part>,
}

/// A part of a form.
#[derive(Debug, Clone)]
pub struct Part {
    /// Name on the wire.
    pub wire: String,
    /// Rust field name.
    pub ident: String,
    /// Its type; [`Shape::Binary`] is a file.
    pub value: Use,
    /// Listed in `required`.
    pub required: bool,
    /// Documentation.
    pub description: Option<String>,
    /// JSON pointer of the property.
    pub pointer: String,
}
