//! Contract → code → contract: what the generated code says of itself through utoipa is what the
//! contract says.
//!
//! The code speaks for itself: names, types, nullability and presence come from the Rust items,
//! constraints from the rules that values are checked by, parameters from decoding requests, and
//! statuses, media types and headers from answers as they are written. Both sides are compared
//! after the normalisations below (module `normal`), and nothing else is forgiven. `default_tag`,
//! `null_beside`, `bytes` and `numbers` are there for other contracts; ours does without them. Only
//! `allOf` is not described as it was written: in Rust it is one struct.
//!
//! | Normalisation | Reason |
//! |---|---|
//! | `prose` | Words and examples are documentation in Rust, too, and no behaviour. |
//! | `shared_parts` | Rust has no items for shared parameters, answers and headers. |
//! | `path_item_parameters` | Each request struct has all of its parameters. |
//! | `default_tag` | In Rust each operation belongs to a trait; without a tag, to that of `Default`. |
//! | `default_security` | Each operation knows what it asks for. |
//! | `transparent_names` | An alias is no type of its own in Rust, and an inline schema is one. |
//! | `is_form` | A form is a struct of its parts, not the JSON its named schema would be. |
//! | `united_scalars` | A scalar with several schemas (`allOf`) is one type in Rust. |
//! | `single_values` | utoipa has no `const`; an `enum` of one value is the same. |
//! | `null_beside` | A named Rust type cannot include `null`, so `Option` puts it beside. |
//! | `widest_formats` | utoipa gives every number a format; `int64` and `double` add nothing. |
//! | `property_defaults` | The default of a property is documentation: absent stays absent. |
//! | `bytes` | A body of bytes needs no schema; its media type says it all. |
//! | `default_styles` | utoipa leaves `style` and `explode` out where they are the default. |
//! | `header_names` | Names of headers do not depend on case, and Rust writes them in lower case. |
//! | `required_headers` | utoipa has no `required` for headers; the code says it as `x-required`. |
//! | `optional_by_default` | What is not said to be `required` is not. |
//! | `inclusive_bounds` | Bounds of whole numbers include themselves in Rust. |
//! | `unordered` | The order of parameters, required properties and types means nothing. |
//! | `numbers` | `1` and `1.0` are the same number in JSON Schema. |

mod normal;

use serde_json::{Value, json};

#[test]
fn the_code_describes_itself_as_the_contract_does() {
    let (contract, code) = normal::both(&contract(), &code());
    let differences = differences(&contract, &code);
    assert!(
        differences.is_empty(),
        "{} differences:\n{}",
        differences.len(),
        differences.join("\n")
    );
}

#[test]
fn everything_is_described() {
    let (contract, code) = normal::both(&contract(), &code());
    for side in [&contract, &code] {
        let operations = side["paths"].as_object().into_iter().flatten();
        let operations = operations.filter_map(|(_, path)| path.as_object());
        let operations: usize = operations.map(|path| path.len()).sum();
        assert_eq!(operations, api::Operation::ALL.len());
        let schemas = side["components"]["schemas"].as_object();
        assert!(schemas.is_some_and(|schemas| schemas.len() > 50));
    }
}

/// Each of these is one word of the contract changed, at a pointer, to something else.
#[test]
fn a_contract_that_says_anything_else_is_noticed() {
    let delete = "/paths/~1v1~1customers~1{customerId}/delete";
    let list = "/paths/~1v1~1customers/get";
    let schemas = "/components/schemas";
    let changes = [
        (format!("{delete}/operationId"), json!("eraseCustomer")),
        (format!("{delete}/tags/0"), json!("Orders")),
        (format!("{delete}/responses/404"), Value::Null),
        (
            format!("{delete}/responses/410"),
            json!({ "description": "gone" }),
        ),
        (
            format!("{delete}/responses/409/content/text~1plain"),
            json!({}),
        ),
        (format!("{delete}/security"), json!([])),
        (format!("{list}/parameters/1/schema/default"), json!(10)),
        (format!("{list}/parameters/1/schema/maximum"), json!(99)),
        (format!("{list}/parameters/1/name"), json!("size")),
        (format!("{list}/parameters/1/in"), json!("header")),
        (format!("{list}/parameters/1/required"), json!(true)),
        (
            format!("{list}/responses/429/headers/Retry-After"),
            Value::Null,
        ),
        (
            format!("{list}/responses/429/headers/Retry-After/required"),
            json!(false),
        ),
        (
            format!("{list}/responses/429/headers/Retry-After/schema/minimum"),
            json!(1),
        ),
        (
            format!("{schemas}/CustomerDeleted/properties/success/allOf/1/const"),
            json!(false),
        ),
        (format!("{schemas}/CustomerDeleted/required"), json!([])),
        (
            format!("{schemas}/ErrorInfo/properties/message/type"),
            json!("integer"),
        ),
        (
            format!("{schemas}/ErrorInfo/properties/message/maxLength"),
            json!(7),
        ),
        (
            format!("{schemas}/ErrorInfo/properties/details/minItems"),
            json!(1),
        ),
        (
            format!("{schemas}/ErrorInfo/properties/hint"),
            json!({ "type": "string" }),
        ),
        (
            format!("{schemas}/ErrorInfo/properties/code"),
            json!({ "type": "string" }),
        ),
        (
            format!("{schemas}/ErrorInfo/additionalProperties"),
            json!(false),
        ),
        (format!("{schemas}/ErrorCode/enum/0"), json!("AUTH_MISSING")),
        (
            format!("{schemas}/Address/properties/postalCode/type"),
            json!("string"),
        ),
        (
            format!("{schemas}/Address/properties/city/type"),
            json!(["string", "null"]),
        ),
        (
            format!("{schemas}/Address/properties/city/pattern"),
            json!("^[A-Z]"),
        ),
        (
            format!("{schemas}/Address/properties/city/format"),
            json!("email"),
        ),
    ];
    // What is the same for all changes is done once.
    let original = normal::prose(normal::shared_parts(contract()));
    let code = normal::prose(code());
    for (pointer, value) in changes {
        let mut changed = original.clone();
        set(&mut changed, &pointer, value);
        let (changed, code) = normal::both(&changed, &code);
        assert!(
            !differences(&changed, &code).is_empty(),
            "nobody noticed {pointer}"
        );
    }
}

/// The contract this workspace was built from.
fn contract() -> Value {
    let entry = env!("CONTRACT").as_ref();
    let document = contract_document::Document::load(entry).expect("the contract is readable");
    serde_json::from_str(&document.to_json()).expect("it is JSON")
}

fn code() -> Value {
    serde_json::to_value(api::description()).expect("a description is JSON")
}

/// Puts `value` where `pointer` says; `null` removes what is there.
fn set(target: &mut Value, pointer: &str, value: Value) {
    let (parent, key) = pointer.rsplit_once('/').expect("it is a pointer");
    let key = key.replace("~1", "/");
    match target.pointer_mut(parent) {
        Some(Value::Object(parent)) if value.is_null() => {
            assert!(parent.shift_remove(&key).is_some(), "nothing at {pointer}");
        }
        Some(Value::Object(parent)) => {
            parent.insert(key, value);
        }
        Some(Value::Array(parent)) => {
            let index: usize = key.parse().expect("it is an index");
            parent[index] = value;
        }
        _ => panic!("nothing at {parent}"),
    }
}

/// Every place at which two documents differ.
fn differences(contract: &Value, code: &Value) -> Vec<String> {
    let mut found = Vec::new();
    compare("", contract, code, &mut found);
    found
}

fn compare(at: &str, contract: &Value, code: &Value, found: &mut Vec<String>) {
    match (contract, code) {
        (Value::Object(one), Value::Object(other)) => {
            for (key, value) in one {
                let at = format!("{at}/{key}");
                match other.get(key) {
                    Some(other) => compare(&at, value, other, found),
                    None => found.push(format!("{at}: the code lacks {value}")),
                }
            }
            for (key, value) in other.iter().filter(|(key, _)| !one.contains_key(*key)) {
                found.push(format!("{at}/{key}: the contract lacks {value}"));
            }
        }
        (Value::Array(one), Value::Array(other)) if one.len() == other.len() => {
            for (index, (one, other)) in one.iter().zip(other).enumerate() {
                compare(&format!("{at}/{index}"), one, other, found);
            }
        }
        (one, other) if one == other => {}
        (one, other) => found.push(format!("{at}: contract {one}, code {other}")),
    }
}
