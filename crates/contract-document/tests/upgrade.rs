//! OpenAPI 3.0 is read as 3.1, and given back as it was.

use contract_document::Document;
use serde_json::{Value, json};

fn document(schema: &str) -> Document {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{}}\ncomponents:\n  schemas:\n    \
         Other: {{}}\n    A: {schema}\n"
    );
    Document::parse("api.yaml", &text).unwrap_or_else(|problems| panic!("{problems}"))
}

fn upgraded(schema: &str) -> Value {
    document(schema).root()["components"]["schemas"]["A"].clone()
}

fn refused(schema: &str) -> String {
    let text = format!(
        "openapi: 3.0.3\ninfo: {{title: t, version: '1'}}\npaths: {{}}\ncomponents: {{schemas: {{A: {schema}}}}}\n"
    );
    match Document::parse("api.yaml", &text) {
        Ok(document) => panic!("accepted: {}", document.root()),
        Err(problems) => problems.to_string(),
    }
}

#[test]
fn nullable_adds_null_to_type_and_enum() {
    assert_eq!(
        upgraded("{type: string, nullable: true, enum: [a, b]}"),
        json!({"type": ["string", "null"], "enum": ["a", "b", null]})
    );
    assert_eq!(
        upgraded("{type: string, enum: [a, null], nullable: true}"),
        json!({"type": ["string", "null"], "enum": ["a", null]})
    );
    assert_eq!(
        upgraded("{type: string, nullable: false}"),
        json!({"type": "string"})
    );
    // Without a type, null is allowed already.
    assert_eq!(
        upgraded("{nullable: true, maxLength: 3}"),
        json!({"maxLength": 3})
    );
}

#[test]
fn nullable_beside_a_composition_adds_an_alternative() {
    let other = "{$ref: '#/components/schemas/Other'}";
    assert_eq!(
        upgraded(&format!(
            "{{description: d, nullable: true, allOf: [{other}]}}"
        )),
        json!({"description": "d", "anyOf": [
            {"allOf": [{"$ref": "#/components/schemas/Other"}]},
            {"type": "null"}
        ]})
    );
    assert_eq!(
        upgraded(&format!("{{nullable: true, oneOf: [{other}]}}")),
        json!({"oneOf": [{"$ref": "#/components/schemas/Other"}, {"type": "null"}]})
    );
    assert_eq!(
        upgraded(&format!("{{nullable: true, anyOf: [{other}]}}")),
        json!({"anyOf": [{"$ref": "#/components/schemas/Other"}, {"type": "null"}]})
    );
}

#[test]
fn exclusive_flags_become_bounds() {
    assert_eq!(
        upgraded("{minimum: 1, exclusiveMinimum: true, maximum: 2.5, exclusiveMaximum: false}"),
        json!({"exclusiveMinimum": 1, "maximum": 2.5})
    );
    assert_eq!(
        upgraded("{properties: {p: {maximum: 2, exclusiveMaximum: true}}}"),
        json!({"properties": {"p": {"exclusiveMaximum": 2}}})
    );
}

#[test]
fn what_stands_beside_a_reference_is_dropped_but_for_text() {
    assert_eq!(
        upgraded(
            "{items: {$ref: '#/components/schemas/Other', maxLength: 1, nullable: true, description: d}}"
        ),
        json!({"items": {"$ref": "#/components/schemas/Other", "description": "d"}})
    );
}

#[test]
fn values_are_not_upgraded() {
    let schema = json!({
        "properties": {"nullable": {"type": "boolean"}},
        "example": {"nullable": true, "exclusiveMinimum": true},
        "default": {"nullable": true}
    });
    assert_eq!(upgraded(&schema.to_string()), schema);
}

#[test]
fn the_source_is_given_back_unchanged() {
    let document = document("{type: string, nullable: true}");
    assert_eq!(document.version(), "3.0.3");
    assert_eq!(document.root()["openapi"], "3.1.0");
    let source: Value = serde_json::from_str(&document.to_json()).expect("the output is JSON");
    assert_eq!(source["openapi"], "3.0.3");
    let again = Document::parse("again.yaml", &document.to_yaml()).expect("the output is sound");
    assert_eq!(again.to_json(), document.to_json());
    assert_eq!(
        source["components"]["schemas"]["A"],
        json!({"type": "string", "nullable": true})
    );
}

#[test]
fn upgraded_nodes_keep_their_positions() {
    let document = document("{allOf: [{type: object}], nullable: true}");
    let at = |pointer: &str| document.position(pointer).to_string();
    assert_eq!(
        at("/components/schemas/A/anyOf/0/allOf/0/type"),
        "api.yaml:7:24"
    );
    assert_eq!(at("/components/schemas/A/anyOf/1/type"), "api.yaml:7:34");
}

#[test]
fn flags_that_say_nothing_are_refused() {
    assert_eq!(
        refused("{exclusiveMaximum: 'three'}"),
        "api.yaml:4:46: `exclusiveMaximum` must be true or false\n\
         hint: OpenAPI 3.0 has the number in `maximum`"
    );
    assert_eq!(
        refused("{nullable: 'yes'}"),
        "api.yaml:4:38: `nullable` must be true or false"
    );
}

/// Of a contract with the one schema `schema`: the schema as it is read, and what is warned of.
fn read(version: &str, schema: &str) -> (serde_json::Value, Vec<String>) {
    let text = format!(
        "openapi: {version}\ninfo: {{title: t, version: '1'}}\npaths: {{}}\n\
         components: {{schemas: {{A: {schema}}}}}\n"
    );
    let document = Document::parse("api.yaml", &text).expect("the contract is sound");
    assert_eq!(
        document.to_json().contains("nullable"),
        schema.contains("nullable")
    );
    let told = document.problems().iter();
    let told = told.map(|problem| {
        problem
            .to_string()
            .lines()
            .next()
            .unwrap_or_default()
            .to_owned()
    });
    (
        document.root()["components"]["schemas"]["A"].clone(),
        told.collect(),
    )
}

#[test]
fn words_of_the_neighbouring_version_are_honoured_and_warned_of() {
    for (version, schema, is, told) in [
        (
            "3.1.1",
            "{type: string, nullable: true}",
            json!({ "type": ["string", "null"] }),
            "api.yaml:4:42: warning: `nullable` is a word of OpenAPI 3.0, and read as there",
        ),
        (
            "3.2.0",
            "{type: number, minimum: 1, exclusiveMinimum: true}",
            json!({ "type": "number", "exclusiveMinimum": 1 }),
            "api.yaml:4:54: warning: `exclusiveMinimum` as a flag is a word of OpenAPI 3.0, and read as there",
        ),
        (
            "3.0.3",
            "{type: number, exclusiveMaximum: 3}",
            json!({ "type": "number", "exclusiveMaximum": 3 }),
            "api.yaml:4:42: warning: `exclusiveMaximum` as a number is a word of OpenAPI 3.1, and read as there",
        ),
    ] {
        assert_eq!(
            read(version, schema),
            (is, vec![told.to_owned()]),
            "{schema}"
        );
    }
    let (is, told) = read(
        "3.1.0",
        "{$ref: '#/components/schemas/B', nullable: true}, B: {}",
    );
    let expected = json!({ "anyOf": [{ "$ref": "#/components/schemas/B" }, { "type": "null" }] });
    assert_eq!((is, told.len()), (expected, 1));
    let (is, told) = read("3.1.0", "{example: {nullable: true}, type: object}");
    assert_eq!(
        (is["example"]["nullable"].clone(), told.len()),
        (json!(true), 0)
    );
}
