//! Which credentials and shared headers a client is built with.

use contract_codegen::model::{Api, SecurityKind, Setter, Shape};

/// The calls that set credentials and shared headers, as far as a value can be written down without
/// knowing more of the contract.
pub(crate) fn setters(api: &Api) -> Vec<String> {
    let setters = api.setters();
    let given = || setters.iter().filter(|one| is_given(one));
    let tokens = given().filter(|one| is_token(one));
    let tokens = tokens.map(|one| format!(".{}(\"your_key\")", one.name));
    // Credentials of other kinds are for the reader to add.
    let partial = setters
        .iter()
        .any(|one| one.scheme.is_some() && !is_given(one));
    let partial = partial.then(|| ".partial()".to_owned());
    let headers = given().filter(|one| !is_token(one));
    let headers = headers.map(|one| format!(".{}(\"…\")", one.name));
    tokens.chain(partial).chain(headers).collect()
}

/// Whether [`setters`] set the credential of `scheme`.
pub(crate) fn is_set(api: &Api, scheme: &str) -> bool {
    let is_it = |one: &Setter<'_>| one.scheme.is_some_and(|it| it.name == scheme) && is_given(one);
    api.setters().iter().any(is_it)
}

/// Tokens, and headers of text that are needed.
fn is_given(setter: &Setter<'_>) -> bool {
    let is_needed = |required| required || setter.scheme.is_some();
    let is_header = setter.header.is_some_and(|header| {
        is_needed(header.required) && matches!(header.value.shape, Shape::String(_))
    });
    is_token(setter) || is_header
}

fn is_token(setter: &Setter<'_>) -> bool {
    setter
        .scheme
        .is_some_and(|scheme| scheme.kind == SecurityKind::Bearer)
}
