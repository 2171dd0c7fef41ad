//! Which operations page through a list by cursor.
//!
//! | What | Names |
//! |---|---|
//! | optional query parameter | `startAfter`, `cursor`, `pageToken`, `page_token`, `after`, `nextToken` |
//! | property of the answer | `nextCursor`, `next_cursor`, `nextPageToken`, `next_page_token`, `nextToken`, `next` |
//!
//! The property is text or null. The operation is a GET with one success answer of JSON, an object
//! with exactly one list.

use crate::lower::Lowering;
use crate::model::{
    Body, Field, Kind, Location, Method, Operation, Paging, Shape, Status, Struct, Use,
};

const PARAMETERS: [&str; 6] = [
    "startAfter",
    "cursor",
    "pageToken",
    "page_token",
    "after",
    "nextToken",
];

const PROPERTIES: [&str; 6] = [
    "nextCursor",
    "next_cursor",
    "nextPageToken",
    "next_page_token",
    "nextToken",
    "next",
];

impl Lowering<'_> {
    pub(in crate::lower) fn paging(&self, operation: &Operation) -> Option<Paging> {
        if operation.method != Method::Get {
            return None;
        }
        let cursor = operation.parameters.iter().find(|parameter| {
            parameter.location == Location::Query
                && !parameter.required
                && PARAMETERS.contains(&parameter.wire.as_str())
                && matches!(self.shape_of(&parameter.value), Some(Shape::String(_)))
        })?;
        let mut bodies = operation
            .answers
            .iter()
            .filter(|answer| matches!(answer.status, Status::Code(200..300) | Status::Range(2)))
            .flat_map(|answer| &answer.content);
        let (Some(content), None) = (bodies.next(), bodies.next()) else {
            return None;
        };
        let Body::Json(body) = &content.body else {
            return None;
        };
        let body = self.struct_of(body)?;
        let next = body.fields.iter().find(|field| {
            PROPERTIES.contains(&field.wire.as_str())
                && matches!(self.shape_of(&field.value), Some(Shape::String(_)))
                && (field.value.nullable || !field.required)
        })?;
        let mut lists = body
            .fields
            .iter()
            .filter_map(|field| Some((field, self.item_of(field)?)));
        let (Some((items, item)), None) = (lists.next(), lists.next()) else {
            return None;
        };
        Some(Paging {
            cursor_parameter: cursor.wire.clone(),
            cursor_field: next.ident.clone(),
            items_field: items.ident.clone(),
            item,
        })
    }

    fn item_of(&self, field: &Field) -> Option<Use> {
        match self.shape_of(&field.value)? {
            Shape::Array(item, _) => Some(*item),
            _ => None,
        }
    }

    pub(in crate::lower) fn struct_of(&self, value: &Use) -> Option<&Struct> {
        let mut shape = &value.shape;
        for _ in 0..crate::lower::MAX_DEPTH {
            let Shape::Named(id) = shape else { return None };
            match &self.types.get(id.0)?.as_ref()?.kind {
                Kind::Struct(body) => return Some(body),
                Kind::Alias(inner) => shape = &inner.shape,
                _ => return None,
            }
        }
        None
    }
}
