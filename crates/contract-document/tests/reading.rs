//! What YAML means, and what is refused, with its position.

use contract_document::Document;
use serde_json::{Value, json};

/// The value of `x` in a contract.
fn value(x: &str) -> Value {
    let text = format!(
        "openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{}}\nx-a: &a {{k: 1, l: 2}}\nx: {x}\n"
    );
    match Document::parse("api.yaml", &text) {
        Ok(document) => document.root()["x"].clone(),
        Err(problems) => panic!("{problems}"),
    }
}

/// The problems of a contract that goes on with `rest` on line 4.
fn problems(rest: &str) -> String {
    let text = format!("openapi: 3.1.0\ninfo: {{title: t, version: '1'}}\npaths: {{}}\n{rest}\n");
    whole(&text)
}

fn whole(text: &str) -> String {
    match Document::parse("api.yaml", text) {
        Ok(document) => panic!("accepted: {}", document.root()),
        Err(problems) => problems.to_string(),
    }
}

/// What an accepted contract is warned of.
fn warnings(text: &str) -> String {
    let document = Document::parse("api.yaml", text).expect("it is accepted");
    let told = document.problems().iter().map(ToString::to_string);
    told.collect::<Vec<_>>().join("\n")
}

#[test]
fn plain_scalars_follow_the_core_schema_of_yaml_1_2() {
    for (text, expected) in [
        ("", Value::Null),
        ("~", Value::Null),
        ("Null", Value::Null),
        ("true", json!(true)),
        ("FALSE", json!(false)),
        ("yes", json!("yes")),
        ("no", json!("no")),
        ("on", json!("on")),
        ("1", json!(1)),
        ("+1", json!(1)),
        ("-7", json!(-7)),
        ("012", json!(12)),
        ("0x1F", json!(31)),
        ("0o17", json!(15)),
        ("1_000", json!("1_000")),
        ("18446744073709551615", json!(u64::MAX)),
        ("-9223372036854775808", json!(i64::MIN)),
        ("1.0", json!(1.0)),
        (".5", json!(0.5)),
        ("5.", json!(5.0)),
        ("1e3", json!(1000.0)),
        ("-1.5E-2", json!(-0.015)),
        ("1.2.3", json!("1.2.3")),
        ("2024-01-31", json!("2024-01-31")),
        ("12:30", json!("12:30")),
        ("'1'", json!("1")),
        ("\"\\u00e4\\x41\"", json!("äA")),
        ("!!str 1", json!("1")),
        ("!!int '1'", json!(1)),
        ("! 12", json!("12")),
        ("!!float 1", json!(1.0)),
        ("|\n  a\n   b\n", json!("a\n b\n")),
        (">-\n  a\n  b\n\n  c\n", json!("a b\nc")),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn keys_are_text_as_written() {
    let expected = json!({"200": 1, "1.10": 2, "true": 3, "~": 4, "0x1F": 5, "": 6});
    assert_eq!(
        value("{200: 1, 1.10: 2, true: 3, ~: 4, 0x1F: 5, '': 6}"),
        expected
    );
}

#[test]
fn aliases_are_copied_and_merges_yield_to_spelled_out_keys() {
    assert_eq!(
        value("[*a, *a]"),
        json!([{"k": 1, "l": 2}, {"k": 1, "l": 2}])
    );
    assert_eq!(value("{l: 3, <<: *a}"), json!({"l": 3, "k": 1}));
    assert_eq!(
        value("{<<: [{k: 0}, *a], m: 4}"),
        json!({"m": 4, "k": 0, "l": 2})
    );
    assert_eq!(value("{'<<': 1}"), json!({"<<": 1}));
}

#[test]
fn duplicate_keys_are_refused_with_both_positions() {
    assert_eq!(
        problems("x: {a: 1, b: {c: 1, c: 2}, a: 2}"),
        "api.yaml:4:21: duplicate key `c` (it stands first at api.yaml:4:15)\n\
         api.yaml:4:28: duplicate key `a` (it stands first at api.yaml:4:5)"
    );
    assert_eq!(
        Document::parse("api.json", "{\"a\": 1,\n \"a\": 2}")
            .expect_err("refused")
            .to_string(),
        "api.json:2:2: duplicate key `a` (it stands first at api.json:1:2)"
    );
}

#[test]
fn unreadable_text_is_refused_where_it_stands() {
    for (rest, expected) in [
        (
            "x: *nowhere",
            "api.yaml:4:4: while parsing node, found unknown anchor",
        ),
        (
            "x: &a [1, *a]",
            "api.yaml:4:11: the alias stands inside the node it refers to",
        ),
        (
            "x: !mine 1",
            "api.yaml:4:4: the YAML tag `!mine` has no meaning in a contract\nhint: remove the tag",
        ),
        (
            "x: !!int one",
            "api.yaml:4:4: `one` is not a value of `!!int`",
        ),
        (
            "x: 1e999",
            "api.yaml:4:4: `1e999` is beyond the range of 64-bit numbers",
        ),
        (
            "x: .nan",
            "api.yaml:4:4: `.nan` is not a number that JSON can carry",
        ),
        (
            "? [a]\n: 1",
            "api.yaml:4:3: a key must be text, not a list or map\n\
             hint: quote the key if it begins with a bracket or brace",
        ),
        (
            "x: {<<: 1}",
            "api.yaml:4:9: `<<` takes a map or a list of maps\nhint: quote the key if `<<` is meant as a name",
        ),
        (
            "---\nx: 1",
            "api.yaml:4:1: a second YAML document begins here\nhint: keep one document per file",
        ),
    ] {
        assert_eq!(problems(rest), expected, "{rest}");
    }
}

/// As JSON is pasted into YAML: the specification has brackets further right than the key before them, which many
/// readers do not ask for.
#[test]
fn brackets_may_close_below_their_key_or_further_left() {
    for (rest, expected) in [
        (
            "\n  a: {\n    \"b\": \"c\"\n  }\n  d: 1",
            json!({"a": {"b": "c"}, "d": 1}),
        ),
        (
            "\n  a: {\n\"b\": [\n\"c\"\n]\n}",
            json!({"a": {"b": ["c"]}}),
        ),
        ("\n- a: [\n  {\"b\": 1},\n]", json!([{"a": [{"b": 1}]}])),
        (
            "\n  - a: {b: c,\nd: e\n f, g: \"h\n i\"}\n  - j",
            json!([{"a": {"b": "c", "d": "e f", "g": "h i"}}, "j"]),
        ),
        ("\n  a: \"b\nc\"", json!({"a": "b c"})),
    ] {
        assert_eq!(value(rest), expected, "{rest}");
    }
}

#[test]
fn scanner_messages_have_positions() {
    for (rest, line_and_column) in [
        ("x:\n\ty: 1", "5:2"),
        ("x:\n  y: 1\n z: 2", "6:2"),
        ("x: [1, 2", "4:4"),
        ("x: 'open", "4:4"),
        ("x: a: b", "4:5"),
        // Only between brackets and quotes nothing depends on the indentation.
        ("x: a\nb", "5:1"),
    ] {
        let text = problems(rest);
        assert!(
            text.starts_with(&format!("api.yaml:{line_and_column}: ")),
            "{rest}: {text}"
        );
    }
}

#[test]
fn json_errors_name_what_was_expected() {
    for (text, expected) in [
        (
            "{\"a\": 1,\n}",
            "2:1: expected a key in double quotes, found `}`",
        ),
        ("{\"a\" 1}", "1:6: expected `:`, found `1`"),
        ("[1 2]", "1:4: expected `,` or `]`, found `2`"),
        ("[1,\n  nul]", "2:3: expected a value, found `n`"),
        ("[01]", "1:2: `01` is not a number"),
        (
            "[1e400]",
            "1:2: `1e400` is beyond the range of 64-bit numbers",
        ),
        (
            "{\"a\": \"b",
            "1:7: the text that begins here has no closing quote",
        ),
        (
            "[\"\\q\"]",
            "1:2: the text contains an escape that JSON does not know",
        ),
        (
            "[\"a\nb\"]",
            "1:4: text must not contain control characters\n\
             hint: escape the character, for example `\\n` for the end of a line",
        ),
        ("{} x", "1:4: expected the end of the file, found `x`"),
        ("", "1:1: expected a value, found the end of the file"),
    ] {
        let problems = Document::parse("a.json", text)
            .expect_err("refused")
            .to_string();
        assert_eq!(problems, format!("a.json:{expected}"), "{text}");
    }
}

#[test]
fn deep_nesting_is_refused_and_not_followed() {
    for name in ["api.yaml", "api.json"] {
        for depth in [129, 100_000] {
            let text = "[".repeat(depth) + &"]".repeat(depth);
            let problems = Document::parse(name, &text)
                .expect_err("refused")
                .to_string();
            assert!(
                problems.contains("nodes nest deeper than 128 levels"),
                "{problems}"
            );
        }
        let text = format!("{}{}", "[".repeat(128), "]".repeat(128));
        let problems = Document::parse(name, &text)
            .expect_err("a list")
            .to_string();
        assert!(problems.contains("a contract is a map"), "{problems}");
    }
}

#[test]
fn aliases_do_not_nest_deeper_than_text() {
    let list = |inner: &str| format!("{}{inner}{}", "[".repeat(100), "]".repeat(100));
    assert_eq!(
        problems(&format!("x: &x {}\ny: {}", list("1"), list("*x"))),
        "api.yaml:5:104: nodes nest deeper than 128 levels"
    );
}

#[test]
fn aliases_cannot_fill_the_memory() {
    let mut bomb = String::from("a0: &a0 [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n");
    for level in 1..12 {
        let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    let text = problems(&bomb);
    assert!(
        text.contains("aliases copy more than 1000000 nodes"),
        "{text}"
    );
}

#[test]
fn only_openapi_3_0_to_3_2_is_read() {
    let rest = "\ninfo: {title: t, version: '1'}\npaths: {}\n";
    for (first, expected) in [
        (
            "swagger: '2.0'",
            "1:1: this is a Swagger 2.0 document\n\
             hint: OpenAPI 3.0, 3.1 and 3.2 are supported; convert the document first",
        ),
        (
            "openapi: 3.3.0",
            "1:10: OpenAPI version `3.3.0` is not supported\nhint: OpenAPI 3.0, 3.1 and 3.2 are supported",
        ),
        (
            "openapi: 3.1.x",
            "1:10: OpenAPI version `3.1.x` is not supported\nhint: OpenAPI 3.0, 3.1 and 3.2 are supported",
        ),
        (
            "openapi: 3.1",
            "1:10: `openapi` must be text of three numbers\nhint: write it out, for example `openapi: 3.1.0`",
        ),
        (
            "x-a: 1",
            "1:1: `openapi` is missing\nhint: name the version, for example `openapi: 3.1.0`",
        ),
    ] {
        assert_eq!(
            whole(&format!("{first}{rest}")),
            format!("api.yaml:{expected}"),
            "{first}"
        );
    }
    assert_eq!(
        whole("- 1"),
        "api.yaml:1:1: a contract is a map, with `openapi` as its first key"
    );
    assert_eq!(whole("# nothing\n"), "api.yaml:1:1: the file is empty");
}

#[test]
fn the_outermost_structure_is_checked_at_once() {
    assert_eq!(
        whole("openapi: 3.1.0\ninfo: {version: 1.0}\npaths: 5\n"),
        "api.yaml:2:7: warning: `info.title` is missing\n\
         api.yaml:2:17: warning: `info.version` must be text\nhint: put it in quotes\n\
         api.yaml:3:8: `paths` must be a map"
    );
    assert_eq!(
        warnings("openapi: 3.1.0\ninfo: {title: t, version: '1'}\n"),
        "api.yaml:1:1: warning: the document describes nothing\nhint: add `paths`, `webhooks` or `components`"
    );
}

#[test]
fn references_that_lead_nowhere_are_told_where_they_stand() {
    let components = "\
components:
  schemas:
    Pet: {type: object}
    A: {$ref: '#/components/schemas/Pets'}
    B: {items: {$ref: '#/components/schemas/Elsewhere'}}
    C: {not: {$ref: '#/components/schemas/D'}}
    D: {$ref: '#/components/schemas/E'}
    E: {$ref: '#/components/schemas/D'}
    F: {$ref: '#Pet'}
    G: {$ref: 1}
    H: {discriminator: {propertyName: p, mapping: {h: '#/components/schemas/Pt'}}}
    I: {$id: 'https://example.com/i', $schema: 'http://json-schema.org/draft-07/schema#'}
    J: {properties: {example: {$ref: '#/nowhere'}}, example: {$ref: '#/text'}, x-j: {$ref: '#/text'}}
";
    assert_eq!(
        problems(components),
        "\
api.yaml:7:15: warning: `#/components/schemas/Pets` does not exist, and is read as any value
hint: did you mean `Pet`?
api.yaml:8:23: warning: `#/components/schemas/Elsewhere` does not exist, and is read as any value
hint: define it, or correct the reference
api.yaml:11:15: warning: `#/components/schemas/D` only leads back to what it stands in, and is read as any value
hint: let it refer to something else, or remove it
api.yaml:12:15: warning: `#Pet` names an anchor that nothing has, and is read as any value
hint: add `$anchor`, or write the path out, for example `#/components/schemas/Pet`
api.yaml:13:15: `$ref` must be text
hint: name a component, `#/components/…`
api.yaml:14:55: warning: `#/components/schemas/Pt` does not exist: the value `h` is left out
hint: did you mean `Pet`?
api.yaml:15:48: warning: the schema dialect `http://json-schema.org/draft-07/schema#` is not known
hint: schemas are read as `https://json-schema.org/draft/2020-12/schema`
api.yaml:16:38: warning: `#/nowhere` does not exist, and is read as any value
hint: define it, or correct the reference"
    );
}
