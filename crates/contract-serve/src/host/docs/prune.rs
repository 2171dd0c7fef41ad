//! The contract without what a build does not serve.

use std::collections::HashSet;

use serde_json::{Map, Value};

/// Takes out the operations that are not `served` (`operationId`, method, path template), and with them the tags,
/// links and components that nothing uses any more.
pub(super) fn prune(contract: &mut Value, served: impl Fn(Option<&str>, &str, &str) -> bool) {
    let mut tags = Vec::new();
    let mut operations = HashSet::new();
    if let Some(paths) = contract.get_mut("paths").and_then(Value::as_object_mut) {
        for (path, item) in paths.iter_mut() {
            let Some(item) = item.as_object_mut() else {
                continue;
            };
            let is_served = |method: &str, operation: &Value| {
                let id = operation.get("operationId").and_then(Value::as_str);
                served(id, method, path)
            };
            // Everything else in a path item (parameters, summary) has no operation of its own.
            item.retain(|key, part| {
                !METHODS.contains(&key.as_str()) || is_served(&key.to_ascii_uppercase(), part)
            });
            let others = item.get_mut(OTHERS).and_then(Value::as_object_mut);
            if let Some(others) = others {
                others.retain(|method, part| is_served(method, part));
                if others.is_empty() {
                    item.remove(OTHERS);
                }
            }
            for operation in operations_of(item) {
                let own = operation.get("tags").and_then(Value::as_array);
                tags.extend(own.into_iter().flatten().cloned());
                operations.extend(text(operation, "operationId"));
            }
        }
        paths.retain(|_, item| {
            let item = item.as_object();
            item.is_some_and(|item| operations_of(item).next().is_some())
        });
    }
    let sent = contract.get("webhooks").and_then(Value::as_object);
    for item in sent
        .into_iter()
        .flat_map(Map::values)
        .filter_map(Value::as_object)
    {
        let sent = item
            .values()
            .filter_map(|part| part.get("tags")?.as_array());
        tags.extend(sent.flatten().cloned());
    }
    if let Some(declared) = contract.get_mut("tags").and_then(Value::as_array_mut) {
        declared.retain(|tag| tag.get("name").is_some_and(|name| tags.contains(name)));
    }
    remove_links(contract, &operations);
    remove_unused_components(contract);
}

/// Keys of path items that have operations.
const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// The key of operations with other methods.
const OTHERS: &str = "additionalOperations";

fn operations_of(item: &Map<String, Value>) -> impl Iterator<Item = &Value> {
    let own = item
        .iter()
        .filter(|(key, _)| METHODS.contains(&key.as_str()));
    let others = item.get(OTHERS).and_then(Value::as_object);
    own.map(|(_, operation)| operation)
        .chain(others.into_iter().flatten().map(|(_, operation)| operation))
}

fn text(node: &Value, key: &str) -> Option<String> {
    node.get(key).and_then(Value::as_str).map(str::to_owned)
}

/// Takes out links to other operations than these, wherever answers have links.
fn remove_links(node: &mut Value, operations: &HashSet<String>) {
    match node {
        Value::Object(fields) => {
            if let Some(links) = fields.get_mut("links").and_then(Value::as_object_mut) {
                links.retain(|_, link| {
                    text(link, "operationId").is_none_or(|id| operations.contains(&id))
                });
                if links.is_empty() {
                    fields.shift_remove("links");
                }
            }
            for part in fields.values_mut() {
                remove_links(part, operations);
            }
        }
        Value::Array(items) => {
            for item in items {
                remove_links(item, operations);
            }
        }
        _ => {}
    }
}

/// Takes out components that neither the rest of the document nor a component in use refers to.
fn remove_unused_components(contract: &mut Value) {
    let Some(root) = contract.as_object_mut() else {
        return;
    };
    let Some(Value::Object(mut components)) = root.shift_remove("components") else {
        return;
    };
    let mut used = HashSet::new();
    let mut found = Vec::new();
    references(contract, &mut found);
    while let Some(name) = found.pop() {
        if let Some(component) = component(&components, &name)
            && used.insert(name)
        {
            references(component, &mut found);
        }
    }
    for (section, parts) in components.iter_mut() {
        if let Some(parts) = parts.as_object_mut() {
            parts.retain(|name, _| used.contains(&(section.clone(), name.clone())));
        }
    }
    components.retain(|_, parts| parts.as_object().is_none_or(|parts| !parts.is_empty()));
    contract["components"] = Value::Object(components);
}

fn component<'a>(
    components: &'a Map<String, Value>,
    (section, name): &(String, String),
) -> Option<&'a Value> {
    components.get(section)?.get(name)
}

/// Section and name of every component that `node` refers to, also as the mapping of a
/// discriminator, an example's text that looks like it, or the name of a security scheme.
fn references(node: &Value, found: &mut Vec<(String, String)>) {
    match node {
        Value::Object(fields) => {
            for (key, part) in fields {
                if key == "security" {
                    let alternatives = part.as_array().into_iter().flatten();
                    let schemes = alternatives.filter_map(Value::as_object);
                    found.extend(schemes.flat_map(|schemes| {
                        let section = "securitySchemes".to_owned();
                        schemes
                            .keys()
                            .map(move |name| (section.clone(), name.clone()))
                    }));
                }
                references(part, found);
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        Value::String(text) => {
            if let Some((section, name)) = text
                .strip_prefix("#/components/")
                .and_then(|place| place.split_once('/'))
            {
                let name = name.split('/').next().unwrap_or(name);
                found.push((section.to_owned(), name.to_owned()));
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_not_served_is_not_advertised() {
        let pet = json!({ "$ref": "#/components/schemas/Pet" });
        let mut contract = json!({
            "security": [{ "key": [] }],
            "tags": [{ "name": "Pets" }, { "name": "Shops" }],
            "paths": {
                "/pets": {
                    "parameters": [],
                    "get": { "tags": ["Pets"], "operationId": "listPets", "responses": { "200": {
                        "schema": pet,
                        "links": {
                            "again": { "operationId": "listPets" },
                            "shop": { "operationId": "listShops" }
                        }
                    } } },
                    "post": { "tags": ["Shops"], "operationId": "addPet", "responses": {} }
                },
                "/shops": { "parameters": [], "get": {
                    "tags": ["Shops"], "operationId": "listShops", "responses": { "200": {
                        "schema": { "$ref": "#/components/schemas/Shop" }
                    } }
                } }
            },
            "components": {
                "schemas": {
                    "Pet": { "$ref": "#/components/schemas/Legs" },
                    "Legs": { "type": "integer" },
                    "Shop": { "$ref": "#/components/schemas/Street" },
                    "Street": { "type": "string" }
                },
                "responses": { "Closed": { "links": { "shop": { "operationId": "listShops" } } } },
                "securitySchemes": { "key": {}, "cookie": {} }
            }
        });
        prune(&mut contract, |_, method, path| {
            (method, path) == ("GET", "/pets")
        });
        assert_eq!(
            contract,
            json!({
                "security": [{ "key": [] }],
                "tags": [{ "name": "Pets" }],
                "paths": { "/pets": {
                    "parameters": [],
                    "get": { "tags": ["Pets"], "operationId": "listPets", "responses": { "200": {
                        "schema": pet,
                        "links": { "again": { "operationId": "listPets" } }
                    } } }
                } },
                "components": {
                    "schemas": {
                        "Pet": { "$ref": "#/components/schemas/Legs" },
                        "Legs": { "type": "integer" }
                    },
                    "securitySchemes": { "key": {} }
                }
            })
        );
    }
}
