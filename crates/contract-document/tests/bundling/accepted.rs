//! What a bundled document looks like.

use contract_document::to_yaml;

use super::{api, bundled};

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
    assert_eq!(root["webhooks"]["w"]["post"]["operationId"], "hook");
    assert!(root["components"]["pathItems"].get("hook").is_none());
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
fn pointers_into_the_entry_file_are_percent_encoded() {
    let entry = api("\
paths:
  /a/{id}: {get: {responses: {200: {$ref: part.yaml}}}}
");
    let part = "\
description: d
content:
  a/b: {schema: {$ref: 'api.yaml#/paths/~1a~1{id}/x-schema'}}
links:
  l: {operationRef: 'api.yaml#/paths/~1a~1{id}/get'}
";
    let entry = entry.replace("{get:", "{x-schema: {type: string}, get:");
    let document = bundled("encoding", &[("api.yaml", &entry), ("part.yaml", part)]);
    let response = &document.root()["components"]["responses"]["part"];
    assert_eq!(
        response["links"]["l"]["operationRef"],
        "#/paths/~1a~1%7Bid%7D/get"
    );
    let (pointer, schema) = document
        .resolve("/components/responses/part/content/a~1b/schema")
        .expect("the schema exists");
    assert_eq!(pointer, "/paths/~1a~1{id}/x-schema");
    assert_eq!(schema["type"], "string");
}

#[test]
fn what_is_called_alike_in_two_files_is_told_apart_by_them() {
    let entry = api("\
components:
  schemas:
    A: {items: {$ref: 'one.yaml#/Pet'}}
    B: {items: {$ref: 'sub/two.yaml#/Pet'}}
    C: {items: {$ref: 'one.yaml#/A'}}
");
    let files = [
        ("api.yaml", entry.as_str()),
        ("one.yaml", "Pet: {type: string}\nA: {}\n"),
        ("sub/two.yaml", "\nPet: {type: integer}\n"),
    ];
    let document = bundled("alike", &files);
    let schemas = &document.root()["components"]["schemas"];
    let reference = |of: &str| schemas[of]["items"]["$ref"].as_str().map(str::to_owned);
    assert_eq!(reference("A").as_deref(), Some("#/components/schemas/Pet"));
    assert_eq!(
        reference("B").as_deref(),
        Some("#/components/schemas/two_Pet")
    );
    assert_eq!(
        reference("C").as_deref(),
        Some("#/components/schemas/one_A")
    );
    assert_eq!(schemas["two_Pet"]["type"], "integer");
    let told: Vec<String> = document
        .problems()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(told.len(), 2, "{told:?}");
    let expected =
        "one.yaml:2:1: warning: `A` is the name of two different schemas, so this one is `one_A`";
    assert!(told[0].contains(expected), "{told:?}");
}
