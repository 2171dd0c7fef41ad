//! Bodies that are sequences of items: `itemSchema` under a media type that is one. What else is read as such is
//! settled in the document, before: see `Document::in_items`.

use contract_document::{EVENT_DATA, child};
use serde_json::Value;

use super::bodies::Place;
use crate::lower::schemas::Schemas;
use crate::lower::source::text;
use crate::model::{Body, EventData, Framing, Sequence};

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
        Some(contract_document::Sequence::Parts) | None => {
            let message = format!("`{}` is no sequence of items: `itemSchema` has no effect", place.media_type);
            let hint = "use `application/jsonl`, or describe the whole by `schema`";
            let at = child(place.pointer, "itemSchema");
            schemas.planner.problems.warn_key(&at, message, hint);
            return None;
        }
    };
    let item = schemas.lower_schema(&child(place.pointer, "itemSchema"));
    Some(Body::Sequence(Sequence { framing, item }))
}
