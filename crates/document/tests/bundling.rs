//! Contracts over several files become one document.

use std::fs;
use std::path::{Path, PathBuf};

use document::{Document, to_yaml};

/// Writes `files` into a directory of their own and loads `api.yaml`. The directory is cut off
/// from the names of files in problems.
fn load(test: &str, files: &[(&str, &str)]) -> Result<Document, String> {
    let directory = directory(test);
    for (name, text) in files {
        let path = directory.join(name);
        fs::create_dir_all(path.parent().expect("the path has a directory"))
            .expect("directories can be created");
        fs::write(path, text).expect("files can be written");
    }
    Document::load(&directory.join("api.yaml")).map_err(|problems| {
        problems
            .to_string()
            .replace(&format!("{}/", directory.display()), "")
    })
}

fn directory(test: &str) -> PathBuf {
    let directory = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("bundling")
        .join(test);
    if directory.exists() {
        fs::remove_dir_all(&directory).expect("the directory of an earlier run can be removed");
    }
    fs::create_dir_all(&directory).expect("directories can be created");
    directory
}

fn bundled(test: &str, files: &[(&str, &str)]) -> Document {
    load(test, files).unwrap_or_else(|problems| panic!("{problems}"))
}

fn refused(test: &str, files: &[(&str, &str)]) -> String {
    match load(test, files) {
        Ok(document) => panic!("accepted:\n{}", to_yaml(document.root())),
        Err(problems) => problems,
    }
}

const HEAD: &str = "openapi: 3.1.0\ninfo: {title: t, version: '1'}\n";

fn api(rest: &str) -> String {
    format!("{HEAD}{rest}")
}

#[test]
fn three_files_with_a_cycle_become_one_document() {
    let entry = api("\
paths:
  /pets:
    get:
      parameters:
      - $ref: parts/common.yaml#/parameters/limit
      responses:
        200: {$ref: 'parts/common.yaml#/answers/pet list'}
components:
  schemas:
    Tag: {type: string}
");
    let document = bundled(
        "three_files",
        &[
            ("api.yaml", &entry),
            (
                "parts/common.yaml",
                "\
parameters:
  limit: {name: limit, in: query, schema: {$ref: '#/schemas/Count'}}
answers:
  pet list:
    description: pets
    headers: {X-Count: {schema: {$ref: '#/schemas/Count'}}}
    content: {application/json: {schema: {items: {$ref: ../models/pet.json, description: kept}}}}
schemas:
  Count: {type: integer}
",
            ),
            (
                "models/pet.json",
                r##"{
  "properties": {
    "parent": {"$ref": "#"},
    "tag": {"$ref": "../api.yaml#/components/schemas/Tag"},
    "count": {"$ref": "../parts/common.yaml#/schemas/Count"}
  }
}"##,
            ),
        ],
    );
    assert_eq!(
        document.to_yaml(),
        "\
openapi: 3.1.0
info:
  title: t
  version: '1'
paths:
  /pets:
    get:
      parameters:
      - $ref: '#/components/parameters/limit'
      responses:
        '200':
          $ref: '#/components/responses/pet_list'
components:
  schemas:
    Tag:
      type: string
    Count:
      type: integer
    pet:
      properties:
        parent:
          $ref: '#/components/schemas/pet'
        tag:
          $ref: '#/components/schemas/Tag'
        count:
          $ref: '#/components/schemas/Count'
  responses:
    pet_list:
      description: pets
      headers:
        X-Count:
          schema:
            $ref: '#/components/schemas/Count'
      content:
        application/json:
          schema:
            items:
              $ref: '#/components/schemas/pet'
              description: kept
  parameters:
    limit:
      name: limit
      in: query
      schema:
        $ref: '#/components/schemas/Count'
"
    );
    let position = document
        .position("/components/schemas/pet/properties/tag")
        .to_string();
    assert!(
        position.ends_with("three_files/models/pet.json:4:12"),
        "{position}"
    );
    let key = document
        .key_position("/components/parameters/limit")
        .to_string();
    assert!(key.ends_with("three_files/parts/common.yaml:2:3"), "{key}");
    let sources: Vec<_> = document
        .sources()
        .iter()
        .filter_map(|path| path.file_name())
        .collect();
    assert_eq!(sources, ["api.yaml", "common.yaml", "pet.json"]);
}

#[test]
fn a_component_that_only_refers_gives_its_target_the_name() {
    let entry = api("\
components:
  schemas:
    List: {items: {$ref: pet.yaml}}
    Pet: {$ref: ./pet.yaml}
    Same: {$ref: pet.yaml}
");
    let document = bundled(
        "names",
        &[("api.yaml", &entry), ("pet.yaml", "type: object\n")],
    );
    assert_eq!(
        to_yaml(&document.root()["components"]),
        "\
schemas:
  List:
    items:
      $ref: '#/components/schemas/Pet'
  Pet:
    type: object
  Same:
    $ref: '#/components/schemas/Pet'
"
    );
}

#[test]
fn path_items_are_replaced_in_place() {
    let entry = api("\
paths:
  /a: {$ref: 'items.yaml#/~1pets', summary: beside}
  /b: {$ref: '#/components/pathItems/B'}
webhooks:
  w: {$ref: 'items.yaml#/hook'}
components:
  pathItems:
    B: {get: {operationId: b}}
");
    let items = "\
/pets: {get: {responses: {200: {$ref: '#/answer'}}}}
hook: {post: {operationId: hook}}
answer: {description: ok}
";
    let document = bundled("path_items", &[("api.yaml", &entry), ("items.yaml", items)]);
    let root = document.root();
    assert_eq!(
        to_yaml(&root["paths"]),
        "\
/a:
  get:
    responses:
      '200':
        $ref: '#/components/responses/answer'
  summary: beside
/b:
  get:
    operationId: b
"
    );
    assert_eq!(root["webhooks"]["w"]["$ref"], "#/components/pathItems/hook");
    assert_eq!(
        root["components"]["pathItems"]["hook"]["post"]["operationId"],
        "hook"
    );
    assert!(
        document
            .position("/paths/~1a/get")
            .to_string()
            .ends_with("items.yaml:1:14")
    );
}

#[test]
fn openapi_3_0_has_no_path_item_components() {
    let entry = api("\
paths:
  /a:
    post:
      callbacks: {done: {'{$url}': {$ref: hook.yaml}}}
")
    .replace("3.1.0", "3.0.3");
    let document = bundled(
        "no_components",
        &[
            ("api.yaml", &entry),
            ("hook.yaml", "post: {operationId: h}\n"),
        ],
    );
    let callback = &document.root()["paths"]["/a"]["post"]["callbacks"]["done"]["{$url}"];
    assert_eq!(callback["post"]["operationId"], "h");
    assert!(document.root().get("components").is_none());
}

#[test]
fn parts_without_components_are_replaced_in_place() {
    let entry =
        api("paths: {$ref: paths/index.yaml}\ncomponents: {schemas: {$ref: schemas.yaml}}\n");
    let files = [
        ("api.yaml", entry.as_str()),
        ("paths/index.yaml", "/a: {$ref: a.yaml}\n"),
        (
            "paths/a.yaml",
            "get: {requestBody: {content: {a/b: {schema: {$ref: ../schemas.yaml#/Pet}}}}}\n",
        ),
        ("schemas.yaml", "Pet: {$ref: pet.yaml}\n"),
        ("pet.yaml", "type: object\n"),
    ];
    let document = bundled("parts", &files);
    assert_eq!(
        to_yaml(document.root()),
        format!(
            "{}\
paths:
  /a:
    get:
      requestBody:
        content:
          a/b:
            schema:
              $ref: '#/components/schemas/Pet'
components:
  schemas:
    Pet:
      type: object
",
            "openapi: 3.1.0\ninfo:\n  title: t\n  version: '1'\n"
        )
    );
}

#[test]
fn discriminator_mappings_follow_their_schemas() {
    let entry =
        api("components: {schemas: {Pet: {$ref: pets.yaml#/components/schemas/Pet}, Own: {}}}\n");
    let pets = "\
components:
  schemas:
    Pet:
      oneOf: [{$ref: '#/components/schemas/Cat'}]
      discriminator:
        propertyName: kind
        mapping: {cat: Cat, dog: '#/components/schemas/Dog', fish: fish.yaml, own: Own}
    Cat: {type: object}
    Dog: {type: object}
";
    let files = [
        ("api.yaml", entry.as_str()),
        ("pets.yaml", pets),
        ("fish.yaml", "type: object\n"),
    ];
    let document = bundled("mappings", &files);
    let mapping = &document.root()["components"]["schemas"]["Pet"]["discriminator"]["mapping"];
    assert_eq!(
        to_yaml(mapping),
        "\
cat: '#/components/schemas/Cat'
dog: '#/components/schemas/Dog'
fish: '#/components/schemas/fish'
own: Own
"
    );
    assert!(document.get("/components/schemas/Dog").is_some());
}

#[test]
fn text_that_looks_like_a_reference_stays() {
    let entry = api("\
components:
  schemas:
    A:
      properties:
        example: {$ref: a.yaml}
        default: {$ref: a.yaml}
        x-odd: {$ref: a.yaml}
      example: {$ref: no.yaml}
      examples: [{$ref: no.yaml}]
      default: {$ref: no.yaml}
      const: {$ref: no.yaml}
      enum: [{$ref: no.yaml}]
      x-more: {$ref: no.yaml}
");
    let document = bundled(
        "values",
        &[("api.yaml", &entry), ("a.yaml", "type: string\n")],
    );
    let schema = &document.root()["components"]["schemas"]["A"];
    for property in ["example", "default", "x-odd"] {
        assert_eq!(
            schema["properties"][property]["$ref"], "#/components/schemas/a",
            "{property}"
        );
    }
    for value in [
        "/example",
        "/examples/0",
        "/default",
        "/const",
        "/enum/0",
        "/x-more",
    ] {
        let value = schema.pointer(value).expect("the value is there");
        assert_eq!(value["$ref"], "no.yaml", "{value}");
    }
}

#[test]
fn one_name_for_two_targets_is_refused_with_both_positions() {
    let entry = api("\
components:
  schemas:
    A: {items: {$ref: 'one.yaml#/Pet'}}
    B: {items: {$ref: 'two.yaml#/Pet'}}
    C: {items: {$ref: 'one.yaml#/A'}}
");
    let one = "Pet: {type: string}\nA: {}\n";
    let files = [
        ("api.yaml", entry.as_str()),
        ("one.yaml", one),
        ("two.yaml", "\nPet: {}\n"),
    ];
    assert_eq!(
        refused("collision", &files),
        "\
one.yaml:2:1: `A` would be the name of two different schemas (the other one stands at api.yaml:5:5)
hint: rename one of them, or refer to it from `components` under another name
two.yaml:2:1: `Pet` would be the name of two different schemas (the other one stands at one.yaml:1:1)
hint: rename one of them, or refer to it from `components` under another name"
    );
}

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
api.yaml:9:15: `https://example.com/a.yaml` is not a relative path
hint: save the file beside the contract and refer to it by a relative path
api.yaml:10:23: `missing.yaml` cannot be read: there is no such file
hint: paths are relative to the file in which the reference stands
api.yaml:12:23: `part.yaml#/absent` does not exist
api.yaml:13:23: `part.yaml#anchor` names an anchor, and only JSON pointers are supported
hint: write the path out, for example `#/components/schemas/Pet`
api.yaml:14:23: `/etc/schema.yaml` is not a relative path
hint: save the file beside the contract and refer to it by a relative path
api.yaml:18:23: `part.yaml#/item/get` names an operation in a file that is not the entry file
hint: use `operationId`
broken.yaml:2:1: while parsing a node, did not find expected node content
part.yaml:2:19: `#/components/schemas/A` does not exist
hint: `api.yaml` has it, but references count from their own file"
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
