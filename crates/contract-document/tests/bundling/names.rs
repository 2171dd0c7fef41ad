//! References by `$id`, `$anchor` and `$dynamicAnchor`.

use super::{api, bundled};
use serde_json::json;

#[test]
fn schemas_are_found_by_the_names_they_have() {
    let entry = api("\
components:
  schemas:
    A:
      $id: https://example.com/schemas/a.json
      properties:
        own: {$ref: '#/$defs/x'}
        anchor: {$ref: '#here'}
        other: {$ref: b.json}
        part: {$ref: 'b.json#/$defs/y'}
      $defs:
        x: {$anchor: here, type: string}
    B: {$ref: shared/b.json}
    C: {$ref: '#there'}
    D: {$anchor: there, not: {$ref: 'https://json-schema.org/draft/2020-12/meta/content'}}
    E: {items: {$ref: 'urn:x:y'}}
    F: {$id: 'urn:x:y', type: integer}
");
    let b = r##"{"$id": "https://example.com/schemas/b.json", "$defs": {"y": {"items": {"$ref": "#/$defs/y"}}}}"##;
    let files = [("api.yaml", entry.as_str()), ("shared/b.json", b)];
    let document = bundled("by_name", &files);
    let root = document.root();
    let at = |pointer: &str| root.pointer(pointer).cloned();
    let reference = |pointer: &str| at(&format!("/components/schemas/{pointer}/$ref"));
    assert_eq!(
        reference("A/properties/own"),
        Some(json!("#/components/schemas/A/$defs/x"))
    );
    assert_eq!(
        reference("A/properties/anchor"),
        Some(json!("#/components/schemas/A/$defs/x"))
    );
    assert_eq!(
        reference("A/properties/other"),
        Some(json!("#/components/schemas/B"))
    );
    assert_eq!(
        reference("A/properties/part"),
        Some(json!("#/components/schemas/B/$defs/y"))
    );
    assert_eq!(
        reference("B/$defs/y/items"),
        Some(json!("#/components/schemas/B/$defs/y"))
    );
    assert_eq!(reference("C"), Some(json!("#/components/schemas/D")));
    assert_eq!(
        reference("D/not"),
        Some(json!("#/components/schemas/content"))
    );
    assert_eq!(reference("E/items"), Some(json!("#/components/schemas/F")));
}

#[test]
fn dynamic_references_keep_what_they_depend_on() {
    let entry = api("\
components:
  schemas:
    Tree:
      $id: https://example.com/tree
      $dynamicAnchor: node
      properties: {children: {items: {$dynamicRef: '#node'}}}
    Plain: {$dynamicRef: '#/components/schemas/Tree'}
");
    let document = bundled("dynamic", &[("api.yaml", entry.as_str())]);
    let root = document.root();
    let tree = &root["components"]["schemas"]["Tree"];
    assert_eq!(tree["$dynamicAnchor"], "node");
    assert_eq!(
        tree["properties"]["children"]["items"],
        json!({"$dynamicRef": "#/components/schemas/Tree"})
    );
    let plain = &root["components"]["schemas"]["Plain"];
    assert_eq!(*plain, json!({"$ref": "#/components/schemas/Tree"}));
}

#[test]
fn pointers_into_a_schema_that_was_moved_are_read_as_they_are_meant() {
    let entry = api("\
components:
  schemas:
    Other: {type: string}
    Tree:
      type: object
      properties:
        word: {$ref: '#/$defs/word'}
        inner: {$ref: '#'}
        other: {$ref: '#/components/schemas/Other'}
      $defs: {word: {type: string}}
    Last: {$ref: '#/components/schemas/Tree'}
");
    let document = bundled("moved", &[("api.yaml", entry.as_str())]);
    let properties = &document.root()["components"]["schemas"]["Tree"]["properties"];
    assert_eq!(
        properties["word"]["$ref"],
        "#/components/schemas/Tree/$defs/word"
    );
    assert_eq!(properties["inner"]["$ref"], "#/components/schemas/Tree");
    assert_eq!(properties["other"]["$ref"], "#/components/schemas/Other");
    let problems = document.problems();
    assert_eq!(problems.len(), 2);
    assert!(
        problems[0]
            .message
            .contains("read as `#/components/schemas/Tree/$defs/word`")
    );
}
