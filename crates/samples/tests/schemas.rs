//! Words of JSON Schema that no type has by itself: what is read is what the schema allows, and what is refused
//! is told with its place.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("schemas");

use std::sync::Arc;

use api::*;
use serde_json::{Value, json};
use types::support::{DecodeError, decode, decode_value, violations};
use types::{All, Holes, Inner, Kept, LooseObject, Named, Payment, PaymentMethod, Shape};

/// What is wrong with `value` as the schema `name`; nothing where it is accepted.
fn told(name: &str, value: &Value) -> String {
    let schema = types::SCHEMAS.iter().find(|schema| schema.name == name);
    match (schema.unwrap().decode)(value.to_string().as_bytes()) {
        Ok(()) => String::new(),
        Err(error) => error.to_string(),
    }
}

/// Each value with what is wrong with it.
#[track_caller]
fn check<const N: usize>(name: &str, cases: [(Value, &str); N]) {
    for (value, expected) in cases {
        assert_eq!(told(name, &value), expected, "{name}: {value}");
    }
}

#[test]
fn words_for_any_value() {
    let shut = "must not match what `not` describes";
    check(
        "NotReserved",
        [
            (json!("me"), ""),
            (json!("root"), shut),
            (json!(1), "must be a string"),
        ],
    );
    let listed = r#"must be one of `1`, `"one"`, `null`, `[1]`, `{"one":1}`, `true`"#;
    check(
        "Mixed",
        [
            (json!(1.0), ""),
            (json!("one"), ""),
            (json!(null), ""),
            (json!([1]), ""),
            (json!({"one": 1}), ""),
            (json!(true), ""),
            (json!("two"), listed),
            (json!([2]), listed),
        ],
    );
    check(
        "Origin",
        [
            (json!({"y": 0, "x": 0.0}), ""),
            (json!({"x": 0}), "must be `{\"x\":0,\"y\":0}`"),
        ],
    );
    check(
        "Nothing",
        [
            (json!(null), "is not allowed"),
            (json!({}), "is not allowed"),
        ],
    );
    check("Anything", [(json!(null), ""), (json!([{}]), "")]);
    check(
        "Loose",
        [
            (json!("abc"), ""),
            (json!("ab"), "must have at least 3 characters"),
            (json!(11), "must be at most 10"),
            (json!([11]), ""),
            (json!(null), ""),
        ],
    );
    check(
        "LooseObject",
        [
            (json!({"a": 1}), ""),
            (json!({}), "`a` is required"),
            (json!({"a": "x"}), "`a` must be an integer"),
            (json!("not an object"), ""),
        ],
    );
    check("Odd", [(json!(3), ""), (json!("x"), "must be an integer")]);
    check(
        "Huge",
        [
            (json!(1e21), ""),
            (json!(1e20), "must be at least 123456789012345680000"),
        ],
    );
}

#[test]
fn words_for_objects() {
    check(
        "Payment",
        [
            (json!({"method": "cash"}), ""),
            (json!({"method": "card", "card": "1", "amount": 3}), ""),
            (json!({"method": "card"}), "`card` is required"),
            (
                json!({"method": "card", "card": "1"}),
                "`amount` is required beside `card`",
            ),
            (
                json!({"method": "transfer", "iban": "x", "amount": 3}),
                "`amount` must be at least 100",
            ),
            (
                json!({"method": "cash", "card": "1", "amount": 3}),
                "must not match what `not` describes",
            ),
            // What its type says is said as ever.
            (
                json!({"method": "cash", "amount": -1}),
                "`amount` must be at least 0",
            ),
        ],
    );
    check(
        "Labels",
        [
            (json!({"n_a": 1, "s_b": "x"}), ""),
            (json!({"n_a": "x"}), "`n_a` must be an integer"),
            (json!({"other": 1}), "`other` is not a known property"),
            (json!({"n_long": 1}), ""),
            (
                json!({"n_longer": 1}),
                "`n_longer` is no name that a property may have",
            ),
        ],
    );
    check(
        "Shape",
        [
            (json!({"name": "x", "radius": 1}), ""),
            (json!({"name": "x", "side": 1}), ""),
            (
                json!({"name": "x", "side": 1, "depth": 2}),
                "`depth` is not a known property",
            ),
            (json!({"name": "x"}), "must match one of `Circle`, `Square`"),
        ],
    );
    check(
        "Twice",
        [
            (json!({"a": 1, "c": 1}), ""),
            (json!({"a": 1, "c": 1, "d": 1}), ""),
            (
                json!({"a": 1}),
                "must match at least one of the schemas of `anyOf`",
            ),
            (
                json!({"a": 1, "b": 1, "c": 1}),
                "must match exactly one of the schemas of `oneOf`, not several",
            ),
        ],
    );
    check(
        "Holes",
        [
            (json!({"open": [], "maybe": null}), ""),
            (json!({"maybe": "y"}), ""),
            (
                json!({"maybe": "x"}),
                "`maybe` must not match what `not` describes",
            ),
            (json!({"shut": 1}), "`shut` is not allowed"),
        ],
    );
}

#[test]
fn words_for_lists() {
    check(
        "Point",
        [
            (json!([1, 2]), ""),
            (json!([1, 2.5, "mm"]), ""),
            (json!([1]), "must have at least 2 items"),
            (json!([1, "x"]), "`1` must be a number"),
            (
                json!([1, 2, "inch"]),
                "`2` must be one of `\"cm\"`, `\"mm\"`",
            ),
            (json!([1, 2, "mm", 4]), "`3` is not allowed"),
        ],
    );
    check(
        "Team",
        [
            (json!(["lead:a", "b"]), ""),
            (
                json!(["b"]),
                "must have at least 1 item that `contains` describes",
            ),
            (
                json!(["lead:a", "lead:b", "lead:c"]),
                "must have at most 2 items that `contains` describes",
            ),
            (json!([1, "lead:a"]), "`0` must be a string"),
        ],
    );
    check(
        "Tail",
        [
            (json!(["x", 1]), ""),
            (json!(["x", "y"]), "`1` must be an integer"),
            (json!([]), ""),
        ],
    );
}

#[test]
fn names_and_references() {
    check(
        "Named",
        [
            (json!({"word": "ab", "size": 1}), ""),
            (
                json!({"word": "a", "size": 0}),
                "`word` must have at least 2 characters; `size` must be at least 1",
            ),
        ],
    );
    let tree = json!({"children": [{"data": 1, "daat": 2}]});
    check(
        "Tree",
        [
            (tree.clone(), ""),
            (json!({"children": [1]}), "`children.0` must be an object"),
        ],
    );
    check(
        "StrictTree",
        [
            (tree, "`children.0.daat` is not a known property"),
            (json!({"children": [{"data": 1}]}), ""),
        ],
    );
    check(
        "AnySchema",
        [
            (json!({"type": "string", "not": {"minLength": 3}}), ""),
            (
                json!({"not": {"minLength": -3}}),
                "`not.minLength` must be at least 0",
            ),
        ],
    );
    check(
        "LongWord",
        [
            (json!("here"), ""),
            (json!("he"), "must have at least 4 characters"),
            (json!("long"), "must match the pattern `e`"),
            (json!("HeRe"), "must match the pattern `^[a-z]+$`"),
        ],
    );
    let pattern = r"must match the pattern `^(?=.*\d)(?!.*(.)\1).{4,}$`";
    check(
        "Password",
        [
            (json!("abc1"), ""),
            (json!("abcd"), pattern),
            (json!("abb1"), pattern),
        ],
    );
}

#[test]
fn types_stay_where_there_are_any() {
    let payment: Payment =
        decode(br#"{"method":"card","card":"1","amount":5,"note":"n"}"#).unwrap();
    assert_eq!(payment.method, PaymentMethod::Card);
    assert_eq!(payment.amount, Some(5));
    // Nothing is lost, since a word may speak of it.
    assert_eq!(payment.additional_properties["note"], "n");
    let broken = Payment {
        amount: None,
        ..payment
    };
    let found = violations(&broken);
    assert_eq!(found.len(), 1);
    assert_eq!(found[0].to_string(), "`amount` is required beside `card`");
    let Shape::Circle(circle) = decode_value(&json!({"name": "x", "radius": 2})).unwrap() else {
        panic!("the value is a circle");
    };
    assert_eq!((circle.name.as_str(), circle.radius), ("x", 2.0));
    let named: Named = decode(br#"{"word":"ab"}"#).unwrap();
    assert_eq!(named.word.as_deref(), Some("ab"));
    let loose: LooseObject = decode(br#"{"a":1}"#).unwrap();
    assert_eq!(
        loose,
        LooseObject::Object(types::LooseObjectObject { a: 1 })
    );
    let loose: LooseObject = decode(b"[]").unwrap();
    assert_eq!(loose, LooseObject::Other(json!([])));
    let holes: Holes = decode(br#"{"maybe":"y"}"#).unwrap();
    assert_eq!(holes.maybe.value().map(String::as_str), Some("y"));
}

/// A word of the outer schema speaks of a property that no type lists.
#[test]
fn inner_values_lose_nothing() {
    let kept: Kept = decode(br#"{"inner":{"open":"x","more":1}}"#).unwrap();
    assert_eq!(serde_json::to_value(&kept).unwrap()["inner"]["more"], 1);
    let error = decode::<Kept>(br#"{"inner":{"secret":1}}"#).unwrap_err();
    assert_eq!(error.to_string(), "must not match what `not` describes");
    let secret: Inner = decode(br#"{"secret":1}"#).unwrap();
    assert!(
        !violations(&Kept {
            inner: Some(secret),
            ..kept
        })
        .is_empty()
    );
}

/// Values of unions inside unions cost no time that is exponential in their depth, and a hostile value does not
/// run out of the stack.
#[test]
fn deep_values_are_looked_at_in_time() {
    let mut deep = "1".to_owned();
    for _ in 0..60 {
        deep = format!(r#"{{"not":{{"anyOf":[{deep},true]}}}}"#);
    }
    let schema = types::SCHEMAS
        .iter()
        .find(|schema| schema.name == "AnySchema");
    let DecodeError::Syntax { .. } = (schema.unwrap().decode)(deep.as_bytes()).unwrap_err() else {
        panic!("the parser stops at 128 levels");
    };
    let mut deep = "true".to_owned();
    for _ in 0..40 {
        deep = format!(r#"{{"not":{{"anyOf":[{deep}]}}}}"#);
    }
    assert!((schema.unwrap().decode)(deep.as_bytes()).is_ok());
}

/// Answers what it read.
struct Echo;

impl Api for Echo {
    type Contract = Contract;
    type Context = ();
    type Fault = String;

    async fn authenticate(&self, _: Operation, _: Credentials<'_>) -> Result<(), Denial> {
        Ok(())
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        rejection.into()
    }
}

impl DefaultApi for Echo {
    async fn put_inline(&self, request: PutInlineRequest) -> Result<PutInlineResponse, String> {
        Ok(PutInlineResponse::Ok(format!("{:?}", request.body.count)))
    }

    async fn search(&self, request: SearchRequest) -> Result<SearchResponse, String> {
        Ok(SearchResponse::Ok(format!(
            "{:?} {:?}",
            request.word, request.code
        )))
    }

    async fn put_all(&self, request: PutAllRequest) -> Result<PutAllResponse, String> {
        Ok(PutAllResponse::Ok(request.body))
    }
}

#[tokio::test]
async fn servers_hold_requests_against_the_whole() {
    let router = Mount::new(Arc::new(Echo)).default().finish();
    let address = samples::serve(router).await;
    let put = async |path: &str, body: Value| {
        samples::put(address, path, &body.to_string())
            .await
            .unwrap()
    };
    let (status, answer) = put("/inline", json!({"kind": "counted", "count": 3})).await;
    assert_eq!((status, answer.as_str()), (200, "Some(3)"));
    let (status, answer) = put("/inline", json!({"kind": "counted"})).await;
    assert!(status == 422 || status == 400, "{status}");
    assert!(answer.contains("count"), "{answer}");
    let (status, _) = put("/inline", json!({"count": 13})).await;
    assert_ne!(status, 200);
    let all = json!({"labels": {"n_a": 1}, "point": [1, 2], "mixed": [1], "tree": {"data": 3}});
    let (status, answer) = put("/all", all.clone()).await;
    assert_eq!(
        (status, serde_json::from_str::<Value>(&answer).unwrap()),
        (200, all)
    );
    let (status, answer) = put("/all", json!({"labels": {"n_a": "x"}})).await;
    assert_ne!(status, 200);
    assert!(answer.contains("labels.n_a"), "{answer}");
    for (query, fine) in [
        ("word=me&code=12&sizes=1&sizes=12", true),
        ("word=all", false),
        ("code=012", false),
        ("sizes=1", false),
    ] {
        let request =
            format!("GET /search?{query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = samples::raw(address, request.as_bytes()).await.unwrap();
        assert_eq!(
            answer.starts_with("HTTP/1.1 200"),
            fine,
            "{query}: {answer}"
        );
    }
    // A word is told of by its place.
    let _: fn(&[u8]) -> Result<All, DecodeError> = decode::<All>;
}

#[test]
fn lists_of_themselves() {
    check(
        "Nested",
        [
            (json!([]), ""),
            (json!([[], [[]]]), ""),
            (json!([[1]]), "`0.0` must be an array"),
        ],
    );
}

#[test]
fn words_of_older_drafts() {
    check(
        "Pair",
        [
            (json!([1, "a"]), ""),
            (json!(["a", "a"]), "`0` must be an integer"),
        ],
    );
    assert_ne!(told("Pair", &json!([1, "a", 2])), "");
    check(
        "Filter",
        [
            (json!({ "parts": [{ "parts": [] }] }), ""),
            (json!({ "parts": [{}] }), "`parts.0.parts` is required"),
        ],
    );
}
