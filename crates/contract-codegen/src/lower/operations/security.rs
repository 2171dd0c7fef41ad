//! Security schemes and what operations require of them.

use contract_document::child;
use serde_json::Value;

use super::parameters::is_token;
use crate::lower::document::advice;
use crate::lower::names::{Names, snake_word};
use crate::lower::source::{owned, text};
use crate::lower::{Problems, Source};
use crate::model::{Location, Operation, SecurityKind, SecurityScheme};

const SCHEMES: &str = "/components/securitySchemes";

/// The alternatives of an operation, else those of the whole contract.
pub(super) fn requirements(
    operation: &Value,
    pointer: &str,
    source: Source<'_>,
    problems: &mut Problems,
) -> Vec<Vec<(String, Vec<String>)>> {
    let (list, at) = match operation.get("security") {
        Some(own) => (own.as_array(), child(pointer, "security")),
        None => (
            source.root.get("security").and_then(Value::as_array),
            "/security".to_owned(),
        ),
    };
    let mut alternatives = Vec::new();
    for (index, alternative) in list.into_iter().flatten().enumerate() {
        let at = format!("{at}/{index}");
        let mut schemes = Vec::new();
        for (name, scopes) in alternative.as_object().into_iter().flatten() {
            let at = child(&at, name);
            let scopes: Vec<String> = scopes
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|scope| scope.as_str().map(str::to_owned))
                .collect();
            check_requirement(name, &scopes, &at, source, problems);
            schemes.push((name.clone(), scopes));
        }
        alternatives.extend(sent_together(schemes, &at, source, problems));
    }
    alternatives
}

/// `schemes` as they can be sent together. Of credentials of one kind in one place, which are told apart by who takes
/// them, one stands for all. Those of different kinds there can only be meant as alternatives.
fn sent_together(
    schemes: Vec<(String, Vec<String>)>,
    at: &str,
    source: Source<'_>,
    problems: &mut Problems,
) -> Vec<Vec<(String, Vec<String>)>> {
    let mut alternatives: Vec<(usize, (String, Vec<String>))> = Vec::new();
    let mut places: Vec<Option<String>> = Vec::new();
    let mut sent: Vec<(String, Vec<String>)> = Vec::new();
    for (name, scopes) in schemes {
        let place = place(&name, source);
        let same = place.as_ref().and_then(|place| {
            places
                .iter()
                .position(|known| known.as_ref() == Some(place))
        });
        let Some(first) = same else {
            places.push(place);
            sent.push((name, scopes));
            continue;
        };
        let (other, others) = &mut sent[first];
        let place = place.unwrap_or_default();
        let message = format!("`{other}` and `{name}` are both sent in the {place}");
        let hint = "make them alternatives: one entry for each";
        if credential(other, source) != credential(&name, source) {
            let message = format!("{message}, where only one can be: either is asked for");
            problems.violation(at, message, hint);
            alternatives.push((first, (name, scopes)));
            continue;
        }
        let message = format!("{message}: one is asked for, that of `{other}`, with all scopes");
        problems.warn(at, message, hint);
        for scope in scopes {
            if !others.contains(&scope) {
                others.push(scope);
            }
        }
    }
    let others = alternatives.into_iter().map(|(place, scheme)| {
        let mut other = sent.clone();
        other[place] = scheme;
        other
    });
    let others: Vec<_> = others.collect();
    std::iter::once(sent).chain(others).collect()
}

/// Where the credential of a scheme is sent, unless it is part of the connection.
fn place(name: &str, source: Source<'_>) -> Option<String> {
    let (_, scheme) = source.resolve(&child(SCHEMES, name))?;
    let [kind, place, wire] = ["type", "in", "name"].map(|key| text(scheme, key));
    match (kind, place, wire) {
        (Some("mutualTLS"), ..) => None,
        (Some("apiKey"), Some("header"), Some(header)) => {
            Some(format!("header `{}`", header.to_ascii_lowercase()))
        }
        (Some("apiKey"), Some("query"), Some(wire)) => Some(format!("query parameter `{wire}`")),
        (Some("apiKey"), Some(place), Some(wire)) => Some(format!("{place} `{wire}`")),
        _ => Some("header `authorization`".to_owned()),
    }
}

/// What the credential of a scheme is.
fn credential(name: &str, source: Source<'_>) -> Option<String> {
    let (_, scheme) = source.resolve(&child(SCHEMES, name))?;
    Some(match text(scheme, "type")? {
        "oauth2" | "openIdConnect" => "bearer".to_owned(),
        "http" => text(scheme, "scheme")?.to_ascii_lowercase(),
        kind => kind.to_owned(),
    })
}

fn check_requirement(
    name: &str,
    scopes: &[String],
    at: &str,
    source: Source<'_>,
    problems: &mut Problems,
) {
    let Some((_, scheme)) = source.resolve(&child(SCHEMES, name)) else {
        let known = source.all_entries(SCHEMES).into_iter().map(|(key, ..)| key);
        let hint = advice(name, known, "declare it under `components.securitySchemes`");
        let message =
            format!("the security scheme `{name}` is not declared, and read as a bearer token");
        return problems.warn_key(at, message, hint);
    };
    let Some(flows) = scheme.get("flows").and_then(Value::as_object) else {
        return;
    };
    let known: Vec<&String> = flows
        .values()
        .filter_map(|flow| flow.get("scopes").and_then(Value::as_object))
        .flat_map(|scopes| scopes.keys())
        .collect();
    for (index, scope) in scopes.iter().enumerate() {
        if !known.contains(&scope) {
            problems.warn(
                &format!("{at}/{index}"),
                format!("`{name}` has no scope `{scope}`"),
                "declare it under `scopes` of a flow",
            );
        }
    }
}

/// The schemes that `operations` use.
pub(super) fn schemes(
    operations: &[Operation],
    source: Source<'_>,
    problems: &mut Problems,
) -> Vec<SecurityScheme> {
    let mut fields = Names::default();
    for taken in ["bearer", "basic", "headers", "extensions"] {
        fields.claim(taken);
    }
    let mut schemes = Vec::new();
    let required = operations
        .iter()
        .flat_map(|operation| operation.security.iter().flatten());
    let required: Vec<&str> = required.map(|(scheme, _)| scheme.as_str()).collect();
    for (name, used, _) in source.all_entries(SCHEMES) {
        let is_used = required.contains(&name);
        let Some((pointer, value)) = source.resolve(&used) else {
            continue;
        };
        let kind = scheme_kind(&pointer, value, problems);
        if let Some(kind) = kind.filter(|_| is_used) {
            schemes.push(SecurityScheme {
                name: name.to_owned(),
                field: fields.claim(&snake_word(name)),
                snake: snake_word(name),
                kind,
                description: owned(value, "description"),
            });
        }
    }
    // What is required and not declared must let nobody in without being asked for.
    for name in required {
        let is_declared = source.resolve(&child(SCHEMES, name)).is_some();
        if !is_declared && schemes.iter().all(|scheme| scheme.name != name) {
            schemes.push(SecurityScheme {
                name: name.to_owned(),
                field: fields.claim(&snake_word(name)),
                snake: snake_word(name),
                kind: SecurityKind::Bearer,
                description: None,
            });
        }
    }
    schemes
}

fn scheme_kind(pointer: &str, value: &Value, problems: &mut Problems) -> Option<SecurityKind> {
    match text(value, "type").unwrap_or_default() {
        "oauth2" | "openIdConnect" => Some(SecurityKind::Bearer),
        "mutualTLS" => Some(SecurityKind::MutualTls),
        "http" => match text(value, "scheme")
            .map(str::to_ascii_lowercase)
            .as_deref()
        {
            Some("bearer") => Some(SecurityKind::Bearer),
            Some("basic") => Some(SecurityKind::Basic),
            scheme => {
                let scheme = scheme.unwrap_or_default();
                problems.warn(
                    &child(pointer, "scheme"),
                    format!(
                        "the authentication scheme `{scheme}` is not known: credentials are the whole \
                         header `Authorization`"
                    ),
                    "use `bearer` or `basic`",
                );
                Some(SecurityKind::ApiKey(
                    Location::Header,
                    "Authorization".to_owned(),
                ))
            }
        },
        "apiKey" => {
            let location = match text(value, "in") {
                Some("header") => Location::Header,
                Some("query") => Location::Query,
                Some("cookie") => Location::Cookie,
                // What OpenAPI does not know was warned of.
                _ => Location::Header,
            };
            let name = owned(value, "name").unwrap_or_default();
            if name.is_empty() || location != Location::Query && !is_token(&name) {
                problems.refuse(
                    &child(pointer, "name"),
                    format!("`{name}` cannot be the name of a header or cookie"),
                    "use letters, digits, `-` and `_`",
                );
                return None;
            }
            Some(SecurityKind::ApiKey(location, name))
        }
        _ => Some(SecurityKind::Bearer),
    }
}
