//! Operations: parameters, bodies, answers and security.

use serde_json::Value;

use super::{Content, Framing, RequestBody, Use};

/// An HTTP method an operation can have.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the names of the methods")]
pub enum Method {
    Get,
    Put,
    Post,
    Delete,
    Options,
    Head,
    Patch,
    Trace,
    /// Of OpenAPI 3.2: reads, and has a body.
    Query,
    /// Any other, as `additionalOperations` of OpenAPI 3.2 has them.
    Other(String),
}

impl Method {
    /// As it is written in a request.
    pub fn as_str(&self) -> &str {
        match self {
            Method::Get => "GET",
            Method::Put => "PUT",
            Method::Post => "POST",
            Method::Delete => "DELETE",
            Method::Options => "OPTIONS",
            Method::Head => "HEAD",
            Method::Patch => "PATCH",
            Method::Trace => "TRACE",
            Method::Query => "QUERY",
            Method::Other(name) => name,
        }
    }
}

/// An operation.
#[derive(Debug, Clone)]
pub struct Operation {
    /// `operationId`, e.g. `deleteCustomer`.
    pub id: String,
    /// Rust function name, e.g. `delete_customer`.
    pub snake: String,
    /// Rust type part, e.g. `DeleteCustomer`.
    pub ident: String,
    /// Index into [`Api::tags`].
    pub tag: usize,
    /// Method.
    pub method: Method,
    /// The name that its path has in the contract, e.g. `/v1/customers/{customerId}`.
    pub key: String,
    /// Path template: the same, percent-encoded where a URL has to be, without query and fragment, and with the text
    /// that stands for parameters of one value.
    pub path: String,
    /// What the contract writes behind a `?` of the path: every request has these parameters.
    pub query: Vec<(String, String)>,
    /// `summary`.
    pub summary: Option<String>,
    /// `description`.
    pub description: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// Path, query, header and cookie parameters, in the order of the document
    /// (those of the path item first).
    pub parameters: Vec<Parameter>,
    /// `requestBody`.
    pub body: Option<RequestBody>,
    /// Answers by status, ascending; ranges and `default` after the exact ones.
    pub answers: Vec<Answer>,
    /// Alternatives, each a set of scheme names with scopes; empty: no credentials needed. An
    /// empty alternative means that credentials are optional.
    pub security: Vec<Vec<(String, Vec<String>)>>,
    /// `x-undeclared-query: true`: the request carries the query parameters that nobody declared.
    pub undeclared_query: bool,
    /// It takes the header `Idempotency-Key`: a repeat is told from a second request.
    pub repeats: bool,
    /// Its answers have an `ETag`, and it takes `If-None-Match`, or `If-Match` where it changes something: what
    /// follows from them is decided around its handler.
    pub conditional: bool,
    /// Its answers have the headers `RateLimit` and `RateLimit-Policy`, which are written around its handler.
    pub limited: bool,
    /// The operation pages through a list by cursor.
    pub paging: Option<Paging>,
    /// JSON pointer of the operation, e.g. `/paths/~1v1~1customers/get`.
    pub pointer: String,
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names of the places")]
pub enum Location {
    Path,
    Query,
    Header,
    Cookie,
}

/// How a parameter's array or object value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// One value, or values separated by commas (`simple`, or `form` with `explode: false`).
    Commas,
    /// The name repeated (`form` with `explode: true`), the default in queries.
    Repeated,
    /// Values separated by spaces (`spaceDelimited`).
    Spaces,
    /// Values separated by `|` (`pipeDelimited`).
    Pipes,
    /// What is no plain value, no list or map of them, or not written like these: put together from what is sent.
    Structured(Notation),
}

/// How a value is written that is put together from what is sent; `true`: exploded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs, reason = "the styles of OpenAPI")]
pub enum Notation {
    Simple(bool),
    Form(bool),
    Spaces,
    Pipes,
    Deep,
    Label(bool),
    Matrix(bool),
    /// `content` of JSON.
    Json,
    /// `in: querystring`, JSON.
    WholeJson,
    /// `in: querystring`, a form.
    WholeForm,
}

impl Notation {
    /// As a variant of the type of this name that servers and clients run on, with what is exploded.
    pub fn variant(self) -> (&'static str, Option<bool>) {
        match self {
            Notation::Simple(explode) => ("Simple", Some(explode)),
            Notation::Form(explode) => ("Form", Some(explode)),
            Notation::Spaces => ("Spaces", None),
            Notation::Pipes => ("Pipes", None),
            Notation::Deep => ("Deep", None),
            Notation::Label(explode) => ("Label", Some(explode)),
            Notation::Matrix(explode) => ("Matrix", Some(explode)),
            Notation::Json => ("Json", None),
            Notation::WholeJson => ("WholeJson", None),
            Notation::WholeForm => ("WholeForm", None),
        }
    }
}

/// A parameter.
#[derive(Debug, Clone)]
pub struct Parameter {
    /// Name on the wire.
    pub wire: String,
    /// Rust field name.
    pub ident: String,
    /// Where it stands.
    pub location: Location,
    /// `required`.
    pub required: bool,
    /// How arrays are written.
    pub style: Style,
    /// Its type: text, number, boolean, string enum, or an array of these; a query parameter that
    /// is a [`Shape::Map`] of such values takes every query name no other parameter has
    /// (`form` + `explode`). Anything else is [`Style::Structured`].
    pub value: Use,
    /// `default`.
    pub default: Option<Value>,
    /// Documentation.
    pub description: Option<String>,
    /// `deprecated: true`.
    pub deprecated: bool,
    /// JSON pointer of the parameter.
    pub pointer: String,
}

/// Methods that every client has, or calls on itself.
pub(crate) const OF_CLIENTS: [&str; 14] = [
    "api_version",
    "baseurl",
    "builder",
    "client",
    "clone",
    "exec",
    "inner",
    "post",
    "pre",
    "with_accept",
    "with_header",
    "with_idempotency_key",
    "with_if_match",
    "with_timeout",
];

impl Operation {
    /// Rust name of what a server is asked, e.g. `DeleteCustomerRequest`.
    pub fn request_type(&self) -> String {
        format!("{}Request", self.ident)
    }

    /// Rust name of what a server answers, e.g. `DeleteCustomerResponse`.
    pub fn response_type(&self) -> String {
        format!("{}Response", self.ident)
    }

    /// Rust name of a client's method for it: [`Operation::snake`], unless the client has such a method itself
    /// or calls one on itself.
    pub fn client_method(&self) -> String {
        match OF_CLIENTS.contains(&self.snake.as_str()) {
            true => format!("{}_", self.snake),
            false => self.snake.clone(),
        }
    }

    /// Names of the parameters in the path, in order.
    pub fn path_names(&self) -> impl Iterator<Item = &str> {
        self.path.split(['{', '}']).skip(1).step_by(2)
    }

    /// Whether its method is one that only reads.
    pub fn reads(&self) -> bool {
        matches!(self.method, Method::Get | Method::Head | Method::Query)
    }

    /// Whether the caller has a say in what an answer is of: there are several types, or a range of them.
    pub fn negotiates(&self) -> bool {
        let mut answers = self.answers.iter();
        answers
            .any(|answer| answer.content.len() > 1 || answer.content.iter().any(Content::is_open))
    }

    /// Whether an answer of success is a stream of events, which a caller can go on with after one that it names.
    pub fn sends_events(&self) -> bool {
        let is_success = |answer: &&Answer| {
            matches!(
                answer.status,
                Status::Code(200..=299) | Status::Range(2) | Status::Default
            )
        };
        let contents = self.answers.iter().filter(is_success);
        let mut sequences = contents
            .flat_map(|it| &it.content)
            .filter_map(Content::sequence);
        sequences.any(|it| matches!(it.framing, Framing::Events(_)))
    }

    /// Whether a parameter is for every call to say, and not for the handler to read.
    pub fn is_condition(&self, parameter: &Parameter) -> bool {
        let is = |name: &str| parameter.is_header(name);
        self.repeats && is("Idempotency-Key")
            || self.conditional && (is("If-Match") || is("If-None-Match"))
    }
}

impl Parameter {
    /// Whether it is the header of that name.
    pub fn is_header(&self, name: &str) -> bool {
        self.location == Location::Header && self.wire.eq_ignore_ascii_case(name)
    }

    /// Whether a credential of `kind` is sent in the place of this parameter.
    pub fn is_sent_by(&self, kind: &SecurityKind) -> bool {
        match kind {
            SecurityKind::ApiKey(Location::Header, name) => {
                self.location == Location::Header && name.eq_ignore_ascii_case(&self.wire)
            }
            SecurityKind::ApiKey(location, name) => {
                self.location == *location && *name == self.wire
            }
            _ => false,
        }
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Answer {
    /// Its status.
    pub status: Status,
    /// Rust variant name, e.g. `Ok`, `NotFound`.
    pub ident: String,
    /// Documentation.
    pub description: String,
    /// Body by media type; empty: no body.
    pub content: Vec<Content>,
    /// Rust name of the enum of these, where there are several.
    pub body_ident: Option<String>,
    /// That of a client which may get it for an error, where it is the answer of a success as well.
    pub error_ident: Option<String>,
    /// Declared response headers.
    pub headers: Vec<Header>,
    /// The struct of these, where there are any.
    pub headers_type: Option<HeadersType>,
    /// It has the headers `RateLimit` and `RateLimit-Policy` beside them.
    pub limited: bool,
}

/// The status of an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// E.g. `404`.
    Code(u16),
    /// E.g. `4XX`: the first digit.
    Range(u8),
    /// `default`.
    Default,
}

impl Status {
    /// Whether it says that what was asked for is done.
    pub fn is_done(self) -> bool {
        matches!(self, Status::Code(200..=299) | Status::Range(2))
    }
}

/// The struct that a server writes response headers from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeadersType {
    /// Its Rust name, e.g. `TooManyRequestsHeaders`.
    pub ident: String,
    /// It is that of every answer with this name.
    pub shared: bool,
}

/// A declared response header.
#[derive(Debug, Clone)]
pub struct Header {
    /// Name on the wire.
    pub wire: String,
    /// Rust field name.
    pub ident: String,
    /// Its type: text, number, boolean or string enum, unless it is JSON or a list of these.
    pub value: Use,
    /// It is written as JSON: `content` says so.
    pub json: bool,
    /// Its items are written beside each other, with commas between them.
    pub list: bool,
    /// `required`.
    pub required: bool,
    /// Documentation.
    pub description: Option<String>,
    /// JSON pointer of the header.
    pub pointer: String,
}

/// How a list operation pages: declared by query parameter and answer property.
#[derive(Debug, Clone)]
pub struct Paging {
    /// Wire name of the query parameter that takes the cursor, e.g. `startAfter`.
    pub cursor_parameter: String,
    /// Rust field of the answer that holds the next cursor, e.g. `next_cursor`.
    pub cursor_field: String,
    /// Rust field of the answer that holds the items, e.g. `customers`.
    pub items_field: String,
    /// Type of one item.
    pub item: Use,
}

/// A security scheme.
#[derive(Debug, Clone)]
pub struct SecurityScheme {
    /// Key under `components.securitySchemes`.
    pub name: String,
    /// Rust function name; never a keyword.
    pub snake: String,
    /// Rust name of the field of a server's credentials.
    pub field: String,
    /// What it is.
    pub kind: SecurityKind,
    /// Documentation.
    pub description: Option<String>,
}

/// Kinds of security schemes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SecurityKind {
    /// `http` with scheme `bearer`, and `oauth2` and `openIdConnect`, which send one too.
    Bearer,
    /// `http` with scheme `basic`.
    Basic,
    /// `apiKey` in a header, query parameter or cookie of that name.
    ApiKey(Location, String),
    /// `mutualTLS`: the connection is the credential.
    MutualTls,
}
