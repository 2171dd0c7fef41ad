//! What cannot be bundled, and where it is said to stand.

use std::fs;
use std::path::Path;

use contract_document::Document;

use super::{api, directory, refused};

#[test]
fn references_out_of_reach_are_refused_where_they_stand() {
    let entry = api("\
paths:
  /a: {$ref: '#/paths/~1a'}
  /b: {$ref: 'part.yaml#/item', get: {}}
  /c: {$ref: 'part.yaml#/absent'}
components:
  schemas:
    A: {$ref: 'https://example.com/a.yaml'}
    B: {items: {$ref: missing.yaml}}
    C: {items: {$ref: 'part.yaml#/Pet'}}
    D: {items: {$ref: 'part.yaml#/absent'}}
    E: {items: {$ref: 'part.yaml#anchor'}}
    F: {items: {$ref: /etc/schema.yaml}}
    G: {items: {$ref: broken.yaml}}
    H: {items: {$ref: broken.yaml}}
  links:
    L: {operationRef: 'part.yaml#/item/get'}
    M: {operationRef: 'https://example.com/api.yaml#/paths/~1a/get'}
");
    let part = "\
item: {get: {}}
Pet: {not: {$ref: '#/components/schemas/A'}}
";
    let files = [
        ("api.yaml", entry.as_str()),
        ("part.yaml", part),
        ("broken.yaml", "a: [\n"),
    ];
    let problems = refused("out_of_reach", &files);
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR")).join("bundling/out_of_reach");
    assert_eq!(
        problems.replace(&directory.display().to_string(), "."),
        "\
api.yaml:4:14: `#/paths/~1a` leads back to itself
hint: let one of the references define something
api.yaml:5:33: `get` stands beside `$ref` and in its target (the other one stands at part.yaml:1:8)
hint: keep one of them
api.yaml:6:14: `part.yaml#/absent` does not exist
hint: define it, or correct the reference
api.yaml:9:15: warning: `https://example.com/a.yaml` is elsewhere, and is read as any value
hint: save the file beside the contract and refer to it by a relative path
api.yaml:10:23: `missing.yaml` cannot be read: there is no such file
hint: paths are relative to the file in which the reference stands
api.yaml:12:23: warning: `part.yaml#/absent` does not exist, and is read as any value
hint: define it, or correct the reference
api.yaml:13:23: warning: `part.yaml#anchor` names an anchor that nothing has, and is read as any value
hint: add `$anchor`, or write the path out, for example `#/components/schemas/Pet`
api.yaml:14:23: warning: `/etc/schema.yaml` is elsewhere, and is read as any value
hint: save the file beside the contract and refer to it by a relative path
api.yaml:18:23: `part.yaml#/item/get` names an operation in a file that is not the entry file
hint: use `operationId`
broken.yaml:1:4: unclosed bracket '['
part.yaml:2:19: warning: `#/components/schemas/A` does not exist here, and is read as that of `api.yaml`
hint: references count from their own file: write its path before `#`"
    );
}

#[test]
fn files_that_cannot_be_read_say_why() {
    assert_eq!(
        refused("no_file", &[("other.yaml", "")]),
        "api.yaml:1:1: the file cannot be read: there is no such file"
    );
    let directory = directory("not_utf8");
    let path = directory.join("api.yaml");
    fs::write(&path, b"openapi: 3.1.0\ninfo: \xe4\xff\n").expect("files can be written");
    let problems = Document::load(&path).expect_err("refused").to_string();
    assert!(
        problems.ends_with("api.yaml:2:7: the file is not UTF-8 from here on"),
        "{problems}"
    );
}

#[test]
fn a_single_text_has_no_other_files() {
    let text = api("components: {schemas: {A: {$ref: a.yaml}}}\n");
    let problems = Document::parse("api.yaml", &text)
        .expect_err("refused")
        .to_string();
    assert_eq!(
        problems,
        "api.yaml:3:34: `a.yaml` is another file, and only one text was given\n\
         hint: load the contract from its file"
    );
    let text = api("components: {schemas: {A: {}, B: {$ref: 'api.yaml#/components/schemas/A'}}}\n");
    let document = Document::parse("api.yaml", &text).expect("the text refers to itself");
    assert_eq!(
        document.root()["components"]["schemas"]["B"]["$ref"],
        "#/components/schemas/A"
    );
}

#[test]
fn copies_in_place_cannot_fill_the_memory() {
    let mut entry = api("paths:\n  /a: {$ref: 'bomb.yaml#/l0'}\n").replace("3.1.0", "3.0.3");
    entry.push_str("x-end: true\n");
    let mut bomb = String::new();
    for level in 0..30 {
        let next = level + 1;
        bomb.push_str(&format!(
            "l{level}: {{post: {{callbacks: {{a: {{u: {{$ref: '#/l{next}'}}, v: {{$ref: '#/l{next}'}}}}}}}}}}\n"
        ));
    }
    bomb.push_str("l30: {get: {}}\n");
    let problems = refused("bomb", &[("api.yaml", &entry), ("bomb.yaml", &bomb)]);
    assert!(problems.contains("references "), "{problems}");
    assert!(problems.len() < 10_000, "{} bytes", problems.len());
}
