//! By which property webhooks are told apart.

#![allow(missing_docs, reason = "a test")]

use std::fmt::Write as _;

use contract_codegen::Contract;
use contract_codegen::model::Webhooks;

#[test]
fn the_property_that_holds_the_key_is_the_tag() {
    let found = webhooks(&[
        ("a", "kind: {const: x}, event: {const: a}"),
        ("b", "kind: {const: y}, event: {const: b}"),
    ]);
    assert_eq!(tags(&found), ("event", vec!["a", "b"]));
}

#[test]
fn otherwise_it_is_the_first_that_differs_everywhere() {
    let found = webhooks(&[
        (
            "a",
            "version: {const: '1'}, kind: {const: x}, sort: {const: s}",
        ),
        (
            "b",
            "version: {const: '1'}, sort: {const: t}, kind: {enum: [y]}",
        ),
    ]);
    assert_eq!(tags(&found), ("kind", vec!["x", "y"]));
}

#[test]
fn what_is_the_same_everywhere_or_has_several_values_tells_nothing_apart() {
    let found = webhooks(&[
        (
            "a",
            "version: {const: '1'}, kind: {enum: [x, y]}, count: {const: 1}",
        ),
        (
            "b",
            "version: {const: '1'}, kind: {enum: [z]}, count: {const: 2}",
        ),
    ]);
    assert_eq!(found.tag, None);
}

#[test]
fn the_only_webhook_has_no_tag_but_its_key() {
    assert_eq!(webhooks(&[("a", "version: {const: '1'}")]).tag, None);
    let found = webhooks(&[("a", "version: {const: '1'}, event: {const: a}")]);
    assert_eq!(tags(&found), ("event", vec!["a"]));
}

#[test]
fn what_is_not_sent_is_no_tag() {
    let found = webhooks(&[
        ("a", "secret: {const: x, writeOnly: true}, kind: {const: x}"),
        ("b", "secret: {const: y, writeOnly: true}, kind: {const: y}"),
    ]);
    assert_eq!(tags(&found), ("kind", vec!["x", "y"]));
}

#[test]
fn a_contract_without_webhooks_has_no_enum_of_them() {
    let head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\npaths: {}\n";
    for text in [head.to_owned(), format!("{head}webhooks: {{}}\n")] {
        let contract = Contract::parse("t.yaml", &text, &[]);
        let contract = contract.unwrap_or_else(|problems| panic!("{problems}"));
        assert!(contract.model().webhooks.is_none(), "{text}");
    }
}

/// The webhooks of these names, whose bodies have these properties, all required.
fn webhooks(each: &[(&str, &str)]) -> Webhooks {
    let mut text = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nwebhooks:\n".to_owned();
    for (name, properties) in each {
        let required = ["version", "kind", "sort", "event", "secret", "count"];
        let required = required.into_iter().filter(|one| properties.contains(one));
        let required: Vec<&str> = required.collect();
        let _ = writeln!(
            text,
            "  {name}: {{post: {{requestBody: {{content: {{application/json: {{schema: \
             {{type: object, required: [{}], properties: {{{properties}}}}}}}}}}}}}}}",
            required.join(", ")
        );
    }
    let contract = Contract::parse("t.yaml", &text, &[]);
    let contract = contract.unwrap_or_else(|problems| panic!("{problems}"));
    let found = contract.model().webhooks.clone();
    found.expect("there are webhooks")
}

fn tags(webhooks: &Webhooks) -> (&str, Vec<&str>) {
    let each = webhooks.each.iter().map(|one| one.tag.as_str());
    (webhooks.tag.as_deref().unwrap_or_default(), each.collect())
}
