//! Bodies that are sequences of items: `itemSchema` under a media type that is one. What else is read as such is
//! settled in the document, before: see `Document::in_items`.

use contract_document::{EVENT_DATA, child};
use serde_json::Value;

use super::bodies::Place;
use crate::lower::media::{essence, is_json};
use crate::lower::schemas::Schemas;
use crate::lower::source::{list, text};
use crate::model::{Body, EventData, Framing, Sequence, Shape};

/// The sequence under the media type at `place`; none if it is none, or does not say what its items are.
pub(super) fn lower(schemas: &mut Schemas<'_>, place: &Place<'_>, medium: &Value) -> Option<Body> {
    medium.get("itemSchema")?;
    let framing = match contract_document::Sequence::of(place.media_type) {
        Some(contract_document::Sequence::Lines) => Framing::Lines,
        Some(contract_document::Sequence::Records) => Framing::Records,
        Some(contract_document::Sequence::Events) => {
            Framing::Events(match text(medium, EVENT_DATA) {
                Some("json") => EventData::Json,
                Some("either") => EventData::Either,
                _ => EventData::Text,
            })
        }
        Some(contract_document::Sequence::Parts) => return Some(parts(schemas, place, medium)),
        None => {
            let message = format!(
                "`{}` is no sequence of items: `itemSchema` has no effect",
                place.media_type
            );
            let hint = "use `application/jsonl`, or describe the whole by `schema`";
            let at = child(place.pointer, "itemSchema");
            schemas.planner.problems.warn_key(&at, message, hint);
            return None;
        }
    };
    let item = schemas.lower_schema(&child(place.pointer, "itemSchema"));
    Some(Body::Sequence(Sequence { framing, item }))
}

/// Parts: JSON where all of them are, by `itemEncoding` and `prefixEncoding`, or without these by what an item is.
fn parts(schemas: &mut Schemas<'_>, place: &Place<'_>, medium: &Value) -> Body {
    let item = schemas.lower_schema(&child(place.pointer, "itemSchema"));
    let encodings = list(medium, "prefixEncoding")
        .iter()
        .chain(medium.get("itemEncoding"));
    let types: Vec<&str> = encodings.filter_map(|it| text(it, "contentType")).collect();
    let is_json = match types.is_empty() {
        true => {
            let shape = schemas.table.shape_of(&item);
            let is_bytes = matches!(shape, Some(Shape::Binary | Shape::Any));
            !is_bytes && !schemas.table.is_plain(&item)
        }
        false => types
            .iter()
            .all(|types| types.split(',').all(|it| is_json(&essence(it)))),
    };
    let framing = match is_json {
        true => Framing::JsonParts,
        false => Framing::RawParts,
    };
    Body::Sequence(Sequence { framing, item })
}
