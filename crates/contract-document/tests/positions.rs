//! Every node and key knows the line and column, from 1, where it begins.

use contract_document::Document;

const BLOCK: &str = "\
# a comment
openapi: 3.1.0
info:
  title: \"Größe: a quoted title\"
  version: '1'
  description: |
    several
    lines
  summary: >-
    folded
    text
paths:
  /pets/{id}:
    get:
      tags: [one, {two: 2}]
      responses:
        200:
          description: plain
        \"default\": {description: flow, x-list:
          [1,
           2]}
components:
  schemas:
    a/b~c:
      enum:
      - x
      -   - nested
";

fn block() -> Document {
    Document::parse("api.yaml", BLOCK).expect("the contract is sound")
}

fn line_and_column(position: &contract_document::Position) -> (usize, usize) {
    (position.line, position.column)
}

#[test]
fn values_stand_where_their_first_character_is() {
    let document = block();
    for (pointer, expected) in [
        ("", (2, 1)),
        ("/openapi", (2, 10)),
        ("/info", (4, 3)),
        ("/info/title", (4, 10)),
        ("/info/version", (5, 12)),
        // Blocks of text begin below their `|` or `>`.
        ("/info/description", (7, 5)),
        ("/info/summary", (10, 5)),
        ("/paths/~1pets~1{id}/get/tags", (15, 13)),
        ("/paths/~1pets~1{id}/get/tags/0", (15, 14)),
        ("/paths/~1pets~1{id}/get/tags/1", (15, 19)),
        ("/paths/~1pets~1{id}/get/tags/1/two", (15, 25)),
        (
            "/paths/~1pets~1{id}/get/responses/200/description",
            (18, 24),
        ),
        ("/paths/~1pets~1{id}/get/responses/default", (19, 20)),
        (
            "/paths/~1pets~1{id}/get/responses/default/x-list/1",
            (21, 12),
        ),
        ("/components/schemas/a~1b~0c/enum", (26, 7)),
        ("/components/schemas/a~1b~0c/enum/0", (26, 9)),
        ("/components/schemas/a~1b~0c/enum/1/0", (27, 13)),
    ] {
        assert_eq!(
            line_and_column(&document.position(pointer)),
            expected,
            "{pointer}"
        );
    }
}

#[test]
fn keys_stand_where_their_first_character_is() {
    let document = block();
    for (pointer, expected) in [
        ("/openapi", (2, 1)),
        ("/info/description", (6, 3)),
        ("/paths/~1pets~1{id}", (13, 3)),
        ("/paths/~1pets~1{id}/get/tags/1/two", (15, 20)),
        ("/paths/~1pets~1{id}/get/responses/200", (17, 9)),
        ("/paths/~1pets~1{id}/get/responses/default", (19, 9)),
        ("/components/schemas/a~1b~0c", (24, 5)),
        // An item of a list has no key.
        ("/components/schemas/a~1b~0c/enum/0", (26, 9)),
    ] {
        assert_eq!(
            line_and_column(&document.key_position(pointer)),
            expected,
            "{pointer}"
        );
    }
}

#[test]
fn columns_count_characters_and_not_bytes() {
    let text = "openapi: 3.1.0\ninfo: {title: 'äöü€😀', version: '1'}\npaths: {}\n";
    let document = Document::parse("api.yaml", text).expect("the contract is sound");
    assert_eq!(
        line_and_column(&document.key_position("/info/version")),
        (2, 24)
    );
}

#[test]
fn a_byte_order_mark_moves_nothing() {
    let text = "\u{feff}openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n";
    let document = Document::parse("api.yaml", text).expect("the contract is sound");
    assert_eq!(line_and_column(&document.position("/openapi")), (1, 10));
}

#[test]
fn json_may_begin_with_a_byte_order_mark() {
    let text = "\u{feff}{\"openapi\": \"3.1.0\", \"info\": {\"title\": \"t\", \"version\": \"1\"}, \"paths\": {}}";
    let document = Document::parse("api.json", text).expect("the contract is sound");
    assert_eq!(line_and_column(&document.position("/openapi")), (1, 13));
}

#[test]
fn what_does_not_exist_stands_at_its_nearest_ancestor() {
    let document = block();
    assert_eq!(
        document.position("/info/contact/name"),
        document.position("/info")
    );
    assert_eq!(
        document.position("/info/title").to_string(),
        "api.yaml:4:10"
    );
}

#[test]
fn json_and_yaml_agree_on_values_and_positions() {
    let text = r#"{
  "openapi": "3.1.0",
  "info": {"title": "T\u00e4", "version": "1", "x": [true, null, -1.5e3, 0, 18446744073709551615]},
	"paths": {"/a": {}, "/b":
      {"get": {"responses": {"200": {"description": ""}}}}}
}
"#;
    let json = Document::parse("api.json", text).expect("the JSON is sound");
    let yaml = Document::parse("api.yaml", &text.replace('\t', "  ")).expect("the YAML is sound");
    assert_eq!(json.root(), yaml.root());
    let get = "/paths/~1b/get/responses/200/description";
    for pointer in ["", "/openapi", "/info/x/0", "/info/x/2", "/info/x/4", get] {
        assert_eq!(
            line_and_column(&json.position(pointer)),
            line_and_column(&yaml.position(pointer)),
            "{pointer}"
        );
        assert_eq!(
            line_and_column(&json.key_position(pointer)),
            line_and_column(&yaml.key_position(pointer)),
            "{pointer}"
        );
    }
}

#[test]
fn json_escapes_beyond_yaml_are_read() {
    let text = r#"{"openapi": "3.1.0", "info": {"title": "\ud83d\ude00 \/", "version": "1"}, "paths": {}}"#;
    let document = Document::parse("api.json", text).expect("the contract is sound");
    assert_eq!(document.root()["info"]["title"], "😀 /");
}

#[test]
fn references_are_followed_to_their_definition() {
    let text = "\
openapi: 3.1.0
info: {title: t, version: '1'}
components:
  schemas:
    A: {$ref: '#/components/schemas/B', description: stays}
    B: {$ref: '#/components/schemas/a%20b~1c'}
    a b/c: {type: string}
";
    let document = Document::parse("api.yaml", text).expect("the contract is sound");
    let (pointer, value) = document
        .resolve("/components/schemas/A")
        .expect("the chain ends");
    assert_eq!(pointer, "/components/schemas/a b~1c");
    assert_eq!(value["type"], "string");
    let (pointer, _) = document
        .resolve(&pointer)
        .expect("a definition is its own end");
    assert_eq!(pointer, "/components/schemas/a b~1c");
    let missing = document
        .resolve("/components/schemas/X")
        .expect_err("nothing is there");
    assert_eq!(
        missing.to_string(),
        "api.yaml:5:5: `#/components/schemas/X` does not exist"
    );
}
