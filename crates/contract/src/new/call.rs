//! The first call of a workspace's tests.

use contract_codegen::Contract;
use contract_codegen::model::{
    Api, Body, Location, Method, Operation, Parameter, Shape, Status, Style,
};
use contract_example::{Examples, make};
use serde_json::Value;

use crate::client::credentials::{is_set, setters};

const CALL: &str = include_str!("template/call.rs.txt");
const NO_CALL: &str = include_str!("template/no-call.rs.txt");

/// A test that calls an operation whose arguments and answer are known; where there is none, one that makes a client.
pub(super) fn test(contract: &Contract, examples: &Examples) -> String {
    let api = contract.model();
    let root = contract.document().root();
    let found = api
        .operations
        .iter()
        .filter(|operation| is_open(api, operation) && is_answered(operation, examples))
        .find_map(|operation| Some((operation, arguments(api, root, operation)?)));
    let text = match found {
        Some((operation, arguments)) => CALL
            .replace(
                "{{request}}",
                &format!("{} {}", operation.method.as_str(), operation.path),
            )
            .replace("{{method}}", &operation.client_method())
            .replace("{{arguments}}", &arguments.join(", ")),
        None => NO_CALL.to_owned(),
    };
    let setters = setters(api).into_iter();
    let lines: String = setters
        .map(|call| format!("        {}\n", call.replace('…', "value")))
        .collect();
    text.replace("        // setters\n", &lines)
}

/// Whether a client can call it with what it is made with.
fn is_open(api: &Api, operation: &Operation) -> bool {
    let callable =
        |schemes: &Vec<(String, Vec<String>)>| schemes.iter().all(|(name, _)| is_set(api, name));
    operation.security.is_empty() || operation.security.iter().any(callable)
}

/// Whether it answers an example: JSON, or nothing.
fn is_answered(operation: &Operation, examples: &Examples) -> bool {
    let mut answers = operation.answers.iter();
    let success = answers.find(|answer| matches!(answer.status, Status::Code(200..=299)));
    let Some(success) = success else { return false };
    let Status::Code(code) = success.status else {
        return false;
    };
    let (method, path) = (operation.method.as_str(), &operation.path);
    let Ok(example) = examples.answer(&operation.id, method, path, &code.to_string()) else {
        return false;
    };
    let has_headers = success.headers.iter().any(|header| header.required);
    let body = match success.content.as_slice() {
        [] => true,
        [one] => matches!(one.body, Body::Json(_)) && example.body::<Value>().is_ok(),
        _ => false,
    };
    body && !has_headers && operation.body.is_none() && operation.method != Method::Head
}

/// What the method of a client is given; `None` where that cannot be written down.
fn arguments(api: &Api, root: &Value, operation: &Operation) -> Option<Vec<String>> {
    let shared = api.shared_headers();
    let is_shared = |one: &Parameter| shared.iter().any(|shared| shared.wire == one.wire);
    let mut arguments = Vec::new();
    for parameter in operation.parameters.iter().filter(|one| !is_shared(one)) {
        let is_text = matches!(parameter.value.shape, Shape::String(_))
            && !matches!(parameter.style, Style::Structured(_));
        if parameter.location != Location::Path || !is_text {
            return None;
        }
        let made = make(root, root.pointer(&parameter.pointer)?.get("schema")?)?;
        let made = made
            .as_str()
            .filter(|text| !text.is_empty() && !text.contains('/'))?;
        arguments.push(format!("{made:?}"));
    }
    Some(arguments)
}
