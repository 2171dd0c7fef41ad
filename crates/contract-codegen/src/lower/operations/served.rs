//! What a server cannot read, and a client can send: refused where a server is asked for.

use super::api::Lowered;
use crate::lower::Problems;
use crate::lower::schemas::Table;
use crate::model::{Body, Operation, Parameter, Shape, Style, Use, Writing};

/// Most parameters a path can have; `contract_serve::Routes` keeps no more.
const MAX_PATH_PARAMETERS: usize = 12;

/// Refuses what of `operations` a server cannot be generated for.
pub(in crate::lower) fn check(operations: &[Lowered], table: &Table, problems: &mut Problems) {
    for Lowered { operation, .. } in operations {
        let count = operation.path_names().count();
        if count > MAX_PATH_PARAMETERS {
            let message = format!("the path `{}` has {count} parameters", operation.path);
            let hint = format!("a server reads up to {MAX_PATH_PARAMETERS}");
            problems.refuse(&operation.pointer, message, hint);
        }
        for (pointer, value) in texts(operation, table) {
            if matches!(table.shape_of(value), Some(Shape::Literal(_))) {
                let message = "a value that is written as text has to be text, a number, a boolean \
                               or an enum of texts";
                let hint = "use one of these, or an array of them; put anything else into the body";
                problems.refuse(pointer, message, hint);
            }
        }
    }
}

/// What is read from text in `operation` or written as text, and where it stands.
fn texts<'t>(operation: &'t Operation, table: &'t Table) -> Vec<(&'t str, &'t Use)> {
    let mut texts: Vec<(&str, &Use)> = Vec::new();
    let plain = |one: &&Parameter| !matches!(one.style, Style::Structured(_));
    for parameter in operation.parameters.iter().filter(plain) {
        let value = match table.shape_of(&parameter.value) {
            Some(Shape::Array(item, _) | Shape::Map(item, _)) => item,
            _ => &parameter.value,
        };
        texts.push((&parameter.pointer, value));
    }
    let contents = operation.body.iter().flat_map(|body| &body.content);
    for content in contents {
        if let Body::Multipart(form) | Body::Form(form) = &content.body {
            for part in &form.parts {
                // A part by itself is JSON where it is no plain value.
                if part.writing == Writing::Plain
                    && let Some(Shape::Array(item, _)) = table.shape_of(&part.value)
                {
                    texts.push((&part.pointer, item));
                }
            }
        }
    }
    let headers = operation.answers.iter().flat_map(|answer| &answer.headers);
    let headers = headers.filter(|header| !header.json);
    texts.extend(headers.map(|header| {
        let item = match table.shape_of(&header.value) {
            Some(Shape::Array(item, _)) if header.list => item,
            _ => &header.value,
        };
        (header.pointer.as_str(), item)
    }));
    texts
}
