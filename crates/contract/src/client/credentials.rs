//! Which credentials and shared headers a client is built with.

use contract_codegen::model::{Api, Location, Operation, Parameter, SecurityKind, Shape};

/// The calls that set credentials and shared headers, as the generator names them for the common
/// case: at most one bearer scheme, and no two setters of one name.
pub(super) fn setters(api: &Api) -> Vec<String> {
    let mut calls = Vec::new();
    if only_bearer(api).is_some() {
        calls.push(".token(\"your_key\")".to_owned());
    }
    // Credentials of other kinds are for the reader to add.
    if !api
        .security_schemes
        .iter()
        .all(|one| is_set(api, &one.name))
    {
        calls.push(".partial()".to_owned());
    }
    calls.extend(
        shared(api)
            .iter()
            .map(|one| format!(".{}(\"…\")", one.ident.trim_start_matches("r#"))),
    );
    calls
}

/// Whether [`setters`] set the credential of `scheme`: a token, or a shared header.
pub(super) fn is_set(api: &Api, scheme: &str) -> bool {
    let shared = shared(api);
    only_bearer(api).is_some_and(|only| only == scheme)
        || api.security_schemes.iter().any(|one| match &one.kind {
            SecurityKind::ApiKey(Location::Header, name) => {
                one.name == scheme && shared.iter().any(|shared| shared.wire == *name)
            }
            _ => false,
        })
}

/// The one scheme with a bearer token, which the builder sets by `token`.
fn only_bearer(api: &Api) -> Option<&String> {
    let is_bearer = |kind: &SecurityKind| *kind == SecurityKind::Bearer;
    let mut bearers = api
        .security_schemes
        .iter()
        .filter(|one| is_bearer(&one.kind));
    let first = bearers.next()?;
    bearers.next().is_none().then_some(&first.name)
}

/// Text headers of every operation that are required, or carry a credential.
pub(super) fn shared<'a>(api: &'a Api) -> Vec<&'a Parameter> {
    let is_credential = |header: &String| {
        let schemes = api.security_schemes.iter();
        let mut kinds = schemes.map(|scheme| &scheme.kind);
        kinds.any(
            |kind| matches!(kind, SecurityKind::ApiKey(Location::Header, name) if name == header),
        )
    };
    let headers = |operation: &'a Operation| -> Vec<&'a Parameter> {
        let all = operation
            .parameters
            .iter()
            .filter(|one| one.location == Location::Header);
        all.filter(|one| one.required || is_credential(&one.wire))
            .filter(|one| matches!(one.value.shape, Shape::String(_)))
            .collect()
    };
    let Some((first, rest)) = api
        .operations
        .split_first()
        .filter(|(_, rest)| !rest.is_empty())
    else {
        return Vec::new();
    };
    let in_all = |header: &&Parameter| {
        rest.iter().all(|operation| {
            let mut headers = headers(operation).into_iter();
            headers.any(|one| one.wire == header.wire)
        })
    };
    headers(first).into_iter().filter(in_all).collect()
}
