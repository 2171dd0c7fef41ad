//! Bodies that are neither JSON nor forms: text, whose rules are looked at, and bytes.
//!
//! | Schema | Under | Is |
//! |---|---|---|
//! | none, or anything | `text/*` | text |
//! | | others | bytes |
//! | a plain value with rules, or other than text | all | text that is read as such a value |
//! | text without rules | `text/*` | text; under other types bytes |
//! | `format: binary` | `text/*` | text; with `minLength` or `maxLength`, and under other types, bytes |
//! | anything else | ranges with JSON in them | JSON if it says so, and bytes |
//! | | others | as without a schema, with a warning: it is not looked into |

use super::bodies::{Place, text};
use crate::lower::media::covers;
use crate::lower::schemas::{Part, Plan, Schemas};
use crate::lower::values::Types;
use crate::model::{Body, Size, StringRules};

/// What a schema says of a body that is no JSON.
enum Said {
    Nothing,
    Bytes(Size),
    /// A plain value; `free`: any text.
    Text {
        free: bool,
    },
    /// Something that only JSON has.
    Structure,
}

/// The bodies under the media type at `place`.
pub(super) fn lower(schemas: &mut Schemas<'_>, place: &Place<'_>) -> Vec<(String, Body)> {
    let media_type = place.media_type;
    let is_text = media_type.starts_with("text/");
    let plain = |is_text: bool| match is_text {
        true => Body::Text(text()),
        false => Body::Binary(Size::default()),
    };
    let said = place.schema.map(|schema| (schema, said(schemas, schema)));
    let body = match said {
        None | Some((_, Said::Nothing)) => plain(is_text),
        Some((_, Said::Text { free: true })) => plain(is_text),
        Some((schema, Said::Text { free: false })) => {
            let mut value = schemas.lower_text(schema);
            value.nullable = false;
            match schemas.table.is_plain(&value) {
                true => Body::Text(value),
                false => unread(schemas, place, plain(is_text)),
            }
        }
        Some((_, Said::Bytes(size))) if is_text && size == Size::default() => plain(true),
        Some((_, Said::Bytes(size))) => Body::Binary(size),
        Some((schema, Said::Structure)) if covers(media_type, "application/json") => {
            let others = unread(schemas, place, plain(false));
            let mut bodies = vec![(media_type.to_owned(), others)];
            if !place.has_json {
                let json = Body::Json(schemas.lower_schema(schema));
                bodies.insert(0, ("application/json".to_owned(), json));
            }
            return bodies;
        }
        Some((_, Said::Structure)) => unread(schemas, place, plain(is_text)),
    };
    vec![(media_type.to_owned(), body)]
}

/// `body`, whose schema only JSON could be held against.
fn unread(schemas: &mut Schemas<'_>, place: &Place<'_>, body: Body) -> Body {
    let media_type = place.media_type;
    let (which, hint) = match covers(media_type, "application/json") {
        true => ("other types than JSON", "name the media types"),
        false => (
            media_type,
            "use JSON to have it looked into, or describe a plain value",
        ),
    };
    let handed = match body {
        Body::Text(_) => "text",
        _ => "bytes",
    };
    let message =
        format!("bodies of {which} are handed over as {handed}: their schema has no effect");
    let at = place.schema.unwrap_or(place.pointer);
    schemas.planner.problems.warn(at, message, hint);
    body
}

fn said(schemas: &mut Schemas<'_>, schema: &str) -> Said {
    let mut parts = vec![Part::new(schema)];
    // A schema that only stands for another one is what that is.
    for _ in 0..8 {
        if schemas.says_nothing(&parts) {
            return Said::Nothing;
        }
        let Some(planned) = schemas.planner.plan(&parts) else {
            return Said::Nothing;
        };
        let whole = planned.facts.is_whole();
        let rules = planned.facts.string;
        match planned.plan {
            Plan::Same(others) => parts = others,
            Plan::Any if !whole => return Said::Nothing,
            Plan::Any => return Said::Text { free: false },
            Plan::Binary => {
                return Said::Bytes(Size {
                    least: rules.min_length,
                    most: rules.max_length,
                });
            }
            Plan::One(Types::STRING) => {
                let free = rules == StringRules::default() && !whole;
                return Said::Text { free };
            }
            Plan::One(Types::INTEGER | Types::NUMBER | Types::BOOLEAN)
            | Plan::Texts(_)
            | Plan::Numbers(..)
            | Plan::Literal(_) => return Said::Text { free: false },
            _ => return Said::Structure,
        }
    }
    Said::Structure
}
