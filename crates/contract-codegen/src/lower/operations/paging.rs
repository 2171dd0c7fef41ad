//! Which operations page through a list by cursor.
//!
//! | What | Names |
//! |---|---|
//! | optional query parameter | `startAfter`, `cursor`, `pageToken`, `page_token`, `after`, `nextToken` |
//! | property of the answer | `nextCursor`, `next_cursor`, `nextPageToken`, `next_page_token`, `nextToken`, `next` |
//!
//! The property is text or null. The operation is a GET with one success answer of JSON, an object
//! with exactly one list.

use crate::lower::schemas::Table;
use crate::model::{Body, Field, Location, Method, Operation, Paging, Shape, Status, Use};

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

/// How `operation` pages, if it does.
pub(super) fn paging(operation: &Operation, table: &Table) -> Option<Paging> {
    if operation.method != Method::Get {
        return None;
    }
    let cursor = operation.parameters.iter().find(|parameter| {
        parameter.location == Location::Query
            && !parameter.required
            && PARAMETERS.contains(&parameter.wire.as_str())
            && matches!(table.shape_of(&parameter.value), Some(Shape::String(_)))
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
    let body = table.struct_of(body)?;
    let next = body.fields.iter().find(|field| {
        PROPERTIES.contains(&field.wire.as_str())
            && matches!(table.shape_of(&field.value), Some(Shape::String(_)))
            && (field.value.nullable || !field.required)
    })?;
    let mut lists = body
        .fields
        .iter()
        .filter_map(|field| Some((field, item_of(field, table)?)));
    let (Some((items, item)), None) = (lists.next(), lists.next()) else {
        return None;
    };
    Some(Paging {
        cursor_parameter: cursor.wire.clone(),
        cursor_field: next.ident.clone(),
        items_field: items.ident.clone(),
        item: item.clone(),
    })
}

fn item_of<'t>(field: &'t Field, table: &'t Table) -> Option<&'t Use> {
    match table.shape_of(&field.value)? {
        Shape::Array(item, _) => Some(item),
        _ => None,
    }
}
