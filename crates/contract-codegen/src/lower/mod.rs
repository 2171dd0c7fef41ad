//! Document → model: every construct of a contract is understood, or refused with its position.
//!
//! Three rooms, each with a head that says what it reads and what it gives:
//!
//! | Room | From | To |
//! |---|---|---|
//! | `document` | the document | every field is known and holds what it should; names of its places |
//! | `schemas` | schemas, and the names of their places | types |
//! | `operations` | paths and webhooks | operations, webhooks, tags, security schemes |
//!
//! A step takes what it reads and writes as arguments: [`Source`] is only read, into [`Problems`] goes what
//! is refused, [`Schemas`] makes types.
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
//! - A schema without `type` whose words speak of a type allows values of all others: it is a union of the object
//!   it lists and everything `Other`, or else anything that keeps to it.
//!   In a parameter, header or form, which are text, it has the type its words speak of. `{}` is
//!   anything, and text in a parameter.
//! - A keyword that says nothing of the declared type is warned of, since it cannot be meant.
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
//! - Parameters of media types (`charset`) are dropped; of two media types that differ in these alone, one must say
//!   nothing that the other does not.
//! - A response header is a plain value, a list of these with commas between them, or JSON; else it is text.
//! - Bodies under the media type of a sequence (`application/jsonl`, `application/json-seq`, `text/event-stream`,
//!   `multipart/mixed`, …) are sequences of items where `itemSchema` says what these are. What else is read so, and
//!   what `data` of an event is: `Document::in_items` of `contract-document`. The parts of a `multipart` are JSON where
//!   all are, by their encodings or else their schema, and bytes otherwise.
//! - Bodies that are neither JSON nor forms nor sequences are text that is a plain value, or bytes (`raw`); any other
//!   schema describes them to readers only, with a warning. Forms: the head of `forms`.
//! - A range of media types (`image/*`) is each type of it, which the body says itself; where JSON is one of them
//!   and the schema speaks of more than text, JSON is read by it, and other types are bytes.
//! - Bodies of GET, forms in answers, bytes in JSON, bodies with 204, and statuses 1XX are warned of: see there.
//! - Redirects are answers where they are declared.
//! - A response without `description` is described by its status.
//! - What webhooks send is read as an answer is, with or without `required` at its `requestBody`. By
//!   which property bodies are told apart: the head of `webhooks`.
//! - A required body that is missing is refused. With `x-missing-body: {}` at the root of the
//!   contract it is read as `{}`, so that what is missing in it is named.
//!
//! # What is accepted without effect
//!
//! `callbacks` and `links` (their references must exist), parameters, answers and
//! `security` of webhooks, `servers` of paths and operations, `externalDocs`, `xml`, `contentSchema`
//! (but for `data` of events),
//! `$comment`, `$schema`, `examples` of
//! parameters, `allowReserved` and `allowEmptyValue`, `default` of
//! properties (that of a parameter is read where it is absent), `discriminator` where there is
//! nothing to choose, components that nothing refers to (schemas become types), and extensions
//! (`x-…`) but for these: `x-undeclared-query: true` of an operation hands the server the query
//! parameters that are not declared, for families of names that OpenAPI cannot declare;
//! `x-missing-body` is told of above; `x-pattern-says` is the sentence for a text that does not match
//! the `pattern` beside it; with `x-trim: true` the constraints beside it are those of the text without
//! blanks around it; `x-status` beside an `enum` of error codes gives each of them a status;
//! `x-stream: name` beside the `schema` of an answer lets the server send this text while it is made; and a
//! `readOnly` property with `x-repeated: true` is read from requests, too, so that the server can reject
//! another value than its own. Of formats of text, [`Formats`] says which are checked; `int32` and `int64` choose
//! the Rust type; `binary` is bytes. Every other format (`byte`, `password`, `float`, `double`, own ones, …) is
//! documentation, as JSON Schema leaves it.
//!
//! # Formats that are types
//!
//! Text of which a schema demands the format `date-time` or `date` and nothing else is a value of
//! [`Formatted`](crate::model::Formatted), unless [`Formats::Text`] is asked for; beside other constraints it is
//! text. The type takes what the format has, and no other form of ISO 8601. Of what it has no value for:
//! a leap second is read as the second before it, decimals beyond nanoseconds are cut off, and an instant before
//! the year 0 or after `9999-12-30T22:00:00Z` is refused. It is written in UTC, so another offset is not kept.
//! Webhooks, which are read without their constraints, must hold such values all the same.
//!
//! # What is held against the whole
//!
//! Words of JSON Schema that no type has (`not`, `if`, `patternProperties`, `prefixItems`, `contains`, `dependent…`,
//! `unevaluated…`, `$dynamicRef`, …), values of several types, `false`, several unions in one schema, and schemas of
//! one `allOf` that cannot be one type: values are held against the schema as a whole, which is generated as data
//! (`schemas/checks`). Where the rest of the schema is a type, that stays, and keeps the properties that it does not
//! list, since a word may speak of them; otherwise the type is any value. Of `required`, what is `readOnly` or
//! `writeOnly` is demanded by the types of its direction alone. A schema whose `$dynamicRef`s depend on the way to
//! them is any value, too. A contract without such words has nothing of this.
//!
//! # What is refused
//!
//! Keywords of older drafts where they cannot be read as those of today (`additionalItems` by itself, `$recursiveRef`
//! without `$recursiveAnchor`); paths whose parameters stand side by side, unless one of them has a single value;
//! credentials that are sent together in one place; names that no header can have; references that lead nowhere, and
//! circles that hold nothing.
//!
//! # What is warned of
//!
//! Whoever uses a contract may not be able to change it, so what cannot be meant as it is written is read in the
//! way that loses nothing, and a warning says which: keywords that say nothing of the declared type, unknown fields,
//! words of the neighbouring version (`nullable`, `exclusiveMinimum: true`, `items` as a list), defaults and
//! values of `enum` that are not of their type, types of other languages, discriminators that do not tell choices
//! apart, bounds that exclude everything, two things of one name, scopes, schemes and parameters that are not
//! declared, webhooks that give no event, paths with a query or fragment, dangling links.
//! What OpenAPI itself forbids is a *violation*: generated from all the same, and refused by `contract check`.
//! [`Options::strict`](crate::Options) refuses all of it.

mod document;
mod media;
mod names;
mod operations;
mod problems;
mod schemas;
mod source;
mod values;

use contract_document::{Diagnostic, Diagnostics, Document};

use self::document::{Places, structure};
use self::operations::{api, served, webhooks};
use self::problems::Problems;
use self::schemas::Schemas;
pub(crate) use self::schemas::looks_around;
use self::source::Source;
use crate::model::Api;
use crate::{Formats, Target};

/// How deep schemas may nest, and how long a chain of `$ref` and `allOf` may be.
const MAX_DEPTH: usize = 128;

/// Turns a contract into the model, from which `targets` can be generated, and says what cannot be meant as it is
/// written. `formats`: what text with a format is.
///
/// # Errors
/// Everything that is wrong or not supported, each with its position.
pub(crate) fn lower(
    document: &Document,
    targets: &[Target],
    formats: Formats,
) -> Result<(Api, Vec<Diagnostic>), Diagnostics> {
    let source = Source::new(document);
    let mut problems = Problems::default();
    for problem in document.problems() {
        problems.push(problem.clone());
    }
    let places = Places::new(source, &mut problems);
    structure::check(&places, &mut problems);
    let mut schemas = Schemas::new(&places, formats, &mut problems);
    schemas.lower_components();
    let operations = operations::lower(&mut schemas);
    // After everything else, so that webhooks change no other name.
    let webhooks = webhooks::lower(&mut schemas);
    let table = schemas.into_table();
    if targets.contains(&Target::Api) {
        served::check(&operations, &mut problems);
    }
    let mut api = api::assemble(operations, webhooks, source, &mut problems);
    schemas::finish(table, &mut api, &mut problems);
    problems.finish(api, document)
}
