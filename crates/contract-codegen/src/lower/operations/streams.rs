//! Answers of which one text is sent while it is made: `x-stream` beside their `schema` names the property.

use contract_document::child;
use serde_json::Value;

use crate::lower::Problems;
use crate::lower::document::advice;
use crate::lower::schemas::Table;
use crate::model::{Body, Operation, Shape, StringRules};

const STREAM: &str = "x-stream";

/// The property that the media type at `pointer` sends while it is made.
pub(super) fn streamed(
    pointer: &str,
    media_type: &Value,
    body: &Body,
    in_request: bool,
    table: &Table,
    problems: &mut Problems,
) -> Option<String> {
    let name = media_type.get(STREAM)?.as_str()?;
    let at = child(pointer, STREAM);
    if in_request {
        let message = format!("`{STREAM}` has no effect in a request");
        problems.refuse_key(&at, message, "remove it");
        return None;
    }
    let object = match body {
        Body::Json(value) if !value.nullable => table.struct_of(value),
        _ => None,
    };
    let Some(object) = object else {
        let message = format!("`{STREAM}` needs an object of JSON with `properties`");
        problems.refuse_key(&at, message, "put the text into an object, or remove it");
        return None;
    };
    let fields = &object.fields;
    let Some(field) = fields.iter().find(|field| field.wire == name) else {
        let names = fields.iter().map(|field| field.wire.as_str());
        let hint = advice(name, names, "name one of its `properties`");
        problems.refuse(&at, format!("`{name}` is no property of the answer"), hint);
        return None;
    };
    let plain = field.required && !field.value.nullable && !field.write_only;
    let text = Shape::String(StringRules::default());
    if !plain || table.shape_of(&field.value) != Some(&text) {
        let message =
            format!("`{name}` is sent before all of it is known, so nothing can be said of it");
        let hint = "let it be a required `type: string` without constraints";
        problems.refuse(&at, message, hint);
        return None;
    }
    Some(name.to_owned())
}

/// Refuses streams in answers whose version is told before them: it is a hash of the whole.
pub(super) fn check(operation: &Operation, problems: &mut Problems) {
    let mut contents = operation.answers.iter().flat_map(|answer| &answer.content);
    if operation.conditional && operation.reads() && contents.any(|it| it.streamed.is_some()) {
        let message =
            format!("an answer with `ETag` is hashed as a whole, and cannot have `{STREAM}`");
        let hint = "remove `If-None-Match` and the header `ETag`, or the stream";
        problems.refuse_key(&operation.pointer, message, hint);
    }
}
