//! `encoding` of the parts of a form: of which media type they are, or how they are written like parameters.

use contract_document::child;
use serde_json::Value;

use super::parameters::{as_text, is_token};
use crate::lower::media::{essence, is_json};
use crate::lower::schemas::{Schemas, any};
use crate::lower::source::{flag, text};
use crate::model::{PartHeader, Style, Writing};

/// What is said of one part.
#[derive(Debug, Clone)]
pub(super) struct Encoding<'a> {
    pub(super) part: &'a str,
    pub(super) pointer: String,
    /// Of these media types; not looked at where there is a style.
    pub(super) media_types: Vec<String>,
    pub(super) style: Option<PartStyle>,
    /// Each with where it stands.
    pub(super) headers: Vec<(String, PartHeader)>,
}

/// As a query parameter with this style is written.
#[derive(Debug, Clone, Copy)]
pub(super) struct PartStyle {
    name: StyleName,
    explode: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum StyleName {
    Form,
    Spaces,
    Pipes,
    Deep,
}

impl Encoding<'_> {
    /// Whether its parts are JSON.
    pub(super) fn is_json(&self) -> bool {
        let mut types = self.media_types.iter();
        self.style.is_none() && types.next().is_some_and(|first| is_json(first)) && types.len() == 0
    }

    pub(super) fn hint(&self) -> &'static str {
        "remove `style` and `explode`, or use others"
    }
}

impl PartStyle {
    /// How a list of plain values, or an object, is written; `None`: as without a style.
    ///
    /// # Errors
    /// Why it cannot be.
    pub(super) fn writing(self, list: bool, object: bool) -> Result<Option<Writing>, &'static str> {
        let PartStyle { name, explode } = self;
        Ok(match (name, explode) {
            (StyleName::Form, true) if object => Some(Writing::Fields),
            (StyleName::Form, false) if object => Some(Writing::Pairs),
            (StyleName::Deep, _) if object => Some(Writing::Deep),
            (StyleName::Spaces | StyleName::Pipes, _) if object => {
                return Err("an object cannot be written with this `style`");
            }
            (StyleName::Deep, _) => return Err("only an object can be written as `deepObject`"),
            (_, true) => None,
            (StyleName::Form, false) if list => Some(Writing::Joined(Style::Commas)),
            (StyleName::Spaces, false) if list => Some(Writing::Joined(Style::Spaces)),
            (StyleName::Pipes, false) if list => Some(Writing::Joined(Style::Pipes)),
            _ => None,
        })
    }
}

/// What the entries at `pointer` say.
pub(super) fn encodings<'a>(
    schemas: &mut Schemas<'a>,
    pointer: &str,
    is_form: bool,
) -> Vec<Encoding<'a>> {
    let entries = schemas.source.all_entries(pointer).into_iter();
    let entries: Vec<_> = entries
        .map(|(part, pointer, value)| {
            let headers = headers(schemas, &pointer, value, is_form);
            let style = style(value);
            let listed = text(value, "contentType").unwrap_or_default();
            let listed = listed.split(',').map(essence);
            let listed: Vec<String> = listed.filter(|one| !one.is_empty()).collect();
            if style.is_some() && !listed.is_empty() {
                let message =
                    "`contentType` has no effect beside `style`, `explode` or `allowReserved`";
                let at = child(&pointer, "contentType");
                schemas
                    .planner
                    .problems
                    .warn_key(&at, message, "remove one of the two");
            }
            Encoding {
                part,
                pointer,
                media_types: match style {
                    Some(_) => Vec::new(),
                    None => listed,
                },
                style,
                headers,
            }
        })
        .collect();
    entries
}

/// The style that is stated; where one of its keywords stands, the others have their default.
fn style(value: &Value) -> Option<PartStyle> {
    let stated = ["style", "explode", "allowReserved"];
    if !stated.iter().any(|key| value.get(key).is_some()) {
        return None;
    }
    let name = match text(value, "style") {
        Some("spaceDelimited") => StyleName::Spaces,
        Some("pipeDelimited") => StyleName::Pipes,
        Some("deepObject") => StyleName::Deep,
        _ => StyleName::Form,
    };
    let explode = value.get("explode").and_then(Value::as_bool);
    Some(PartStyle {
        name,
        explode: explode.unwrap_or(name == StyleName::Form),
    })
}

/// The headers of a part.
fn headers(
    schemas: &mut Schemas<'_>,
    pointer: &str,
    value: &Value,
    is_form: bool,
) -> Vec<(String, PartHeader)> {
    let at = child(pointer, "headers");
    let mut headers = Vec::new();
    if value.get("headers").is_none() {
        return headers;
    }
    // OpenAPI has them ignored there.
    if is_form {
        let message = "fields of a urlencoded form have no headers: these have no effect";
        let problems = &mut *schemas.planner.problems;
        problems.warn_key(&at, message, "remove them");
        return headers;
    }
    for (name, used, _) in schemas.source.all_entries(&at) {
        // The type of the part says these already.
        if ["content-type", "content-disposition"].contains(&name.to_ascii_lowercase().as_str()) {
            continue;
        }
        let Some((header, value)) = schemas.source.resolve(&used) else {
            continue;
        };
        let mut lowered = match value.get("schema") {
            Some(_) => schemas.lower_text(&child(&header, "schema")),
            None => any(),
        };
        lowered.nullable = false;
        as_text(&mut lowered);
        if !is_token(name) || value.get("content").is_some() || !schemas.table.is_plain(&lowered) {
            let message =
                format!("the header `{name}` of the part is no plain value, and has no effect");
            let problems = &mut *schemas.planner.problems;
            problems.warn_key(&used, message, "send it as a part of its own");
            continue;
        }
        let header = PartHeader {
            wire: name.to_owned(),
            value: lowered,
            required: flag(value, "required"),
        };
        headers.push((used, header));
    }
    headers
}
