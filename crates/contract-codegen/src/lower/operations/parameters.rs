//! Parameters, of path items and operations.

use std::collections::HashSet;

use contract_document::child;
use serde_json::Value;

use crate::lower::Problems;
use crate::lower::media::is_json;
use crate::lower::names::{Names, escaped, snake};
use crate::lower::schemas::{Schemas, Table, annotation, any, documentation};
use crate::lower::source::{flag, owned, text};
use crate::model::{Location, Notation, Parameter, Shape, Style, Use};

/// Header parameters that OpenAPI says to ignore: other parts of the contract declare them.
const IGNORED_HEADERS: [&str; 3] = ["accept", "content-type", "authorization"];

/// The parameters of `operation`: its own, and those of its path that it does not replace. `path` is what was made
/// of its `key` in the contract.
pub(super) fn lower(
    schemas: &mut Schemas<'_>,
    (key, path): (&str, &str),
    operation: &str,
    has_body: bool,
) -> Vec<Parameter> {
    let item = item_of(operation);
    let mut found: Vec<(String, String, &Value)> = Vec::new();
    let mut own: HashSet<(String, String)> = HashSet::new();
    for place in [child(item, "parameters"), child(operation, "parameters")] {
        own.clear();
        let listed = schemas.source.get(&place).and_then(Value::as_array);
        for index in 0..listed.map_or(0, Vec::len) {
            let used = format!("{place}/{index}");
            let Some((pointer, value)) = schemas.source.resolve(&used) else {
                continue;
            };
            let key = key_of(value);
            if !own.insert(key.clone()) {
                let message = format!(
                    "the {} parameter `{}` is declared twice, and the second has no effect",
                    key.0, key.1
                );
                let problems = &mut schemas.planner.problems;
                problems.warn(&used, message, "remove one of the two");
                continue;
            }
            match found.iter_mut().find(|(.., other)| key_of(other) == key) {
                Some(entry) => *entry = (used, pointer, value),
                None => found.push((used, pointer, value)),
            }
        }
    }
    // What has become text in it is a parameter no more.
    found.retain(|(.., value)| {
        let name = format!("{{{}}}", text(value, "name").unwrap_or_default());
        text(value, "in") != Some("path") || !key.contains(&name) || path.contains(&name)
    });
    let undeclared = check_template(path, operation, &mut found, schemas.planner.problems);
    let mut names = Names::default();
    if has_body {
        names.claim("body");
    }
    let mut parameters: Vec<Parameter> = undeclared;
    for (used, pointer, value) in found {
        parameters.extend(lower_parameter(schemas, &used, &pointer, value));
    }
    for parameter in &mut parameters {
        let plain = snake(&parameter.wire);
        let place = format!("{:?}", parameter.location).to_lowercase();
        let name = names.claim_first(&[plain.clone(), format!("{place}_{plain}")]);
        parameter.ident = escaped(name);
    }
    parameters
}

/// The path item of an operation.
pub(super) fn item_of(operation: &str) -> &str {
    let item = contract_document::parent(operation).unwrap_or_default();
    item.strip_suffix("/additionalOperations").unwrap_or(item)
}

/// Holds a path template against the declared parameters: gives those that only the path has, and takes away
/// those that it does not have.
fn check_template(
    path: &str,
    operation: &str,
    found: &mut Vec<(String, String, &Value)>,
    problems: &mut Problems,
) -> Vec<Parameter> {
    let mut in_template = HashSet::new();
    let mut undeclared = Vec::new();
    let own = path.split(['?', '#']).next().unwrap_or(path);
    for piece in own.split('{').skip(1) {
        let name = piece.split('}').next().unwrap_or_default();
        let is_declared = |(.., value): &(String, String, &Value)| {
            key_of(value) == ("path".to_owned(), name.to_owned())
        };
        if !in_template.insert(name.to_owned()) {
            problems.refuse_key(
                operation,
                format!("`{path}` has `{{{name}}}` twice"),
                "give each parameter of the path its own name",
            );
        } else if !found.iter().any(is_declared) {
            problems.warn_key(
                operation,
                format!("the path parameter `{name}` is not declared, and read as text"),
                format!("add a parameter with `name: {name}` and `in: path`"),
            );
            undeclared.push(Parameter {
                wire: name.to_owned(),
                ident: String::new(),
                location: Location::Path,
                required: true,
                style: Style::Commas,
                value: Use {
                    shape: Shape::String(Default::default()),
                    nullable: false,
                },
                default: None,
                description: None,
                deprecated: false,
                pointer: operation.to_owned(),
            });
        }
    }
    found.retain(|(used, _, value)| {
        let (place, name) = key_of(value);
        let has_place = place != "path" || in_template.contains(&name);
        if !has_place {
            problems.warn(
                used,
                format!("`{name}` is not in the path `{path}`, and has no effect"),
                format!("write `{{{name}}}` into the path, or remove the parameter"),
            );
        }
        has_place
    });
    undeclared
}

fn lower_parameter(
    schemas: &mut Schemas<'_>,
    used: &str,
    pointer: &str,
    value: &Value,
) -> Option<Parameter> {
    let wire = owned(value, "name")?;
    let location = match text(value, "in")? {
        "path" => Location::Path,
        "query" => Location::Query,
        "header" => Location::Header,
        "cookie" => Location::Cookie,
        "querystring" => Location::Query,
        _ => return None,
    };
    if location == Location::Header && IGNORED_HEADERS.contains(&wire.to_ascii_lowercase().as_str())
    {
        return None;
    }
    if matches!(location, Location::Header | Location::Cookie) && !is_token(&wire) {
        return None;
    }
    let required = flag(value, "required");
    if location == Location::Path && !required {
        let message =
            format!("the path parameter `{wire}` is not required, and read as if it were");
        let problems = &mut schemas.planner.problems;
        problems.violation(pointer, message, "add `required: true`");
    }
    let required = required || location == Location::Path;
    let content = first_content(schemas, pointer);
    let schema = match &content {
        Some((at, _)) => child(at, "schema"),
        None => child(pointer, "schema"),
    };
    if content.is_none() && value.get("schema").is_none() {
        let message = format!(
            "the parameter `{wire}` has neither `schema` nor `content`, and may be any text"
        );
        let problems = &mut schemas.planner.problems;
        problems.violation(pointer, message, "add `schema`");
    }
    let is_json = content
        .as_ref()
        .is_some_and(|(_, media_type)| is_json(media_type));
    let lowered = match schemas.source.get(&schema) {
        Some(_) if is_json => schemas.lower_schema(&schema),
        Some(_) => schemas.lower_text(&schema),
        None => any(),
    };
    let whole = text(value, "in") == Some("querystring");
    // What is described by JSON may be `null`, and anything is JSON.
    let mut lowered = match is_json {
        true => lowered,
        false => schemas.table.without_null(lowered),
    };
    if !is_json {
        if let Shape::Map(inner, _) | Shape::Array(inner, _) = &mut lowered.shape {
            as_text(inner);
        }
        as_text(&mut lowered);
    }
    if let Some((at, media_type)) = content.as_ref().filter(|_| !is_json && !whole)
        && !is_plain(&lowered, &schemas.table)
    {
        let message =
            format!("a parameter of {media_type} is handed over as text: its schema has no effect");
        let hint = "use `application/json`, or describe a plain value";
        schemas.planner.problems.warn(at, message, hint);
        lowered = Use {
            shape: Shape::String(Default::default()),
            nullable: false,
        };
    }
    let style = match (&content, whole) {
        (Some(_), true) if is_json => Style::Structured(Notation::WholeJson),
        (_, true) => Style::Structured(Notation::WholeForm),
        (Some(_), false) if is_json => Style::Structured(Notation::Json),
        // Other media types are text.
        (Some(_), false) => Style::Commas,
        (None, false) => style(value, pointer, location, &lowered, schemas),
    };
    let default = annotation(schemas.source, &schema, "default");
    let default = default.and_then(|default| schemas.default_of(default, &lowered, &wire, &schema));
    let description =
        owned(value, "description").or_else(|| schemas.source.get(&schema).and_then(documentation));
    Some(Parameter {
        wire,
        ident: String::new(),
        location,
        required,
        style,
        value: lowered,
        default,
        description,
        deprecated: flag(value, "deprecated"),
        pointer: used.to_owned(),
    })
}

/// Whether it is text by itself, or a list of such.
fn is_plain(value: &Use, table: &Table) -> bool {
    let item = match table.shape_of(value) {
        Some(Shape::Array(item, _)) => &**item,
        _ => value,
    };
    table.is_plain(item)
}

/// Where the first media type of `content` stands, and which it is.
fn first_content(schemas: &Schemas<'_>, pointer: &str) -> Option<(String, String)> {
    let content = schemas.source.all_entries(&child(pointer, "content"));
    let (media_type, at, _) = content.into_iter().next()?;
    let (at, _) = schemas.source.resolve(&at)?;
    Some((at, media_type.to_ascii_lowercase()))
}

/// How a parameter is written, by what it is and by its `style`.
fn style(
    value: &Value,
    pointer: &str,
    location: Location,
    lowered: &Use,
    schemas: &mut Schemas<'_>,
) -> Style {
    let at_query = location == Location::Query;
    let in_form = matches!(location, Location::Query | Location::Cookie);
    let usual = if in_form { "form" } else { "simple" };
    let mut style = text(value, "style").unwrap_or(usual);
    let is_possible = match style {
        "simple" => !in_form,
        "form" => in_form,
        "spaceDelimited" | "pipeDelimited" | "deepObject" => at_query,
        "label" | "matrix" => location == Location::Path,
        "cookie" => location == Location::Cookie,
        // Refused as a word already.
        _ => true,
    };
    if !is_possible {
        let place = text(value, "in").unwrap_or_default();
        let message =
            format!("`style: {style}` is not for a {place} parameter, and read as `{usual}`");
        let hint = format!("write `style: {usual}`, or remove `style`");
        let problems = &mut schemas.planner.problems;
        problems.violation(&child(pointer, "style"), message, hint);
        style = usual;
    }
    let explode = value.get("explode").and_then(Value::as_bool);
    let explode = explode.unwrap_or(matches!(style, "form" | "cookie"));
    let table = &schemas.table;
    // Whether it is read and written without looking at what it is.
    let (is_plain, is_list, is_map) = match table.shape_of(lowered) {
        Some(Shape::Array(item, _)) => (false, table.is_plain(item), false),
        Some(Shape::Map(inner, _)) => (false, false, table.is_plain(inner)),
        _ => (table.is_plain(lowered), false, false),
    };
    match (style, explode) {
        ("simple", _) if is_plain || is_list => Style::Commas,
        ("simple", explode) => Style::Structured(Notation::Simple(explode)),
        ("label", explode) => Style::Structured(Notation::Label(explode)),
        ("matrix", explode) => Style::Structured(Notation::Matrix(explode)),
        ("deepObject", _) => Style::Structured(Notation::Deep),
        ("spaceDelimited", false) if is_list => Style::Spaces,
        ("pipeDelimited", false) if is_list => Style::Pipes,
        ("spaceDelimited", false) if !is_plain => Style::Structured(Notation::Spaces),
        ("pipeDelimited", false) if !is_plain => Style::Structured(Notation::Pipes),
        (_, false) if is_plain || is_list => Style::Commas,
        (_, true) if is_plain || (at_query && (is_list || is_map)) => Style::Repeated,
        (_, explode) => Style::Structured(Notation::Form(explode)),
    }
}

/// What may be anything is text in a parameter.
pub(super) fn as_text(value: &mut Use) {
    if value.shape == Shape::Any {
        value.shape = Shape::String(Default::default());
    }
}

/// Whether `name` can name a header or cookie (RFC 9110, section 5.6.2; RFC 6265, section 4.1.1).
pub(in crate::lower) fn is_token(name: &str) -> bool {
    let token = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !name.is_empty() && name.bytes().all(token)
}

/// Place and name, which together identify a parameter; header names have no case.
fn key_of(value: &Value) -> (String, String) {
    let place = text(value, "in").unwrap_or_default();
    let name = text(value, "name").unwrap_or_default();
    let name = match place {
        "header" => name.to_ascii_lowercase(),
        _ => name.to_owned(),
    };
    (place.to_owned(), name)
}
