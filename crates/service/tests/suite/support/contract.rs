//! What the contract says of operations, for tests that must not forget one.

use std::collections::BTreeSet;

use hyper::Method;
use serde_json::Value;

/// The operations that declare a parameter, each as `PUT /v1/customers/{customerId}`.
pub fn declaring(parameter: &str) -> BTreeSet<String> {
    let contract: Value = serde_json::from_str(api::CONTRACT_JSON).expect("the contract is JSON");
    let named = |reference: &Value| {
        let pointer = reference["$ref"]
            .as_str()
            .map(|it| it.trim_start_matches('#'));
        let parameter = pointer
            .and_then(|it| contract.pointer(it))
            .unwrap_or(reference);
        parameter["name"].clone()
    };
    let mut found = BTreeSet::new();
    for (path, item) in contract["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("a path item") {
            let parameters = operation["parameters"].as_array();
            if parameters
                .into_iter()
                .flatten()
                .any(|it| named(it) == parameter)
            {
                found.insert(format!("{} {path}", method.to_uppercase()));
            }
        }
    }
    found
}

/// Takes the operation that a request is for out of `left`.
pub fn strike(left: &mut BTreeSet<String>, method: &Method, path: &str) {
    let segments: Vec<&str> = path
        .split('?')
        .next()
        .unwrap_or_default()
        .split('/')
        .collect();
    let is_meant = |operation: &String| {
        let template = operation.strip_prefix(method.as_str()).map(str::trim_start);
        template.is_some_and(|template| {
            let template: Vec<&str> = template.split('/').collect();
            let fits =
                |(expected, given): (&&str, &&str)| expected.starts_with('{') || expected == given;
            template.len() == segments.len() && template.iter().zip(&segments).all(fits)
        })
    };
    // `/v1/products/csv` is no product.
    let literal = |operation: &String| !operation.contains('{');
    let meant: Vec<String> = left.iter().filter(|it| is_meant(it)).cloned().collect();
    let best = meant.iter().find(|it| literal(it)).or(meant.first());
    if let Some(best) = best {
        left.remove(best);
    }
}
