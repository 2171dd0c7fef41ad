//! What accepted contracts become: names, united schemas, nullability, recursion, paging.

use codegen::Contract;
use codegen::model::{
    Additional, Api, Body, Field, Format, Kind, Shape, Status, Struct, Style, TypeDef, Union, Use,
};

#[track_caller]
fn lower(text: &str) -> Api {
    let head = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\n";
    match Contract::parse("api.yaml", &format!("{head}{text}")) {
        Ok(contract) => contract.model().clone(),
        Err(problems) => panic!("refused:\n{problems}"),
    }
}

#[track_caller]
fn schemas(text: &str) -> Api {
    let indented: String = text.lines().map(|line| format!("    {line}\n")).collect();
    lower(&format!("paths: {{}}\ncomponents:\n  schemas:\n{indented}"))
}

#[track_caller]
fn named<'a>(api: &'a Api, name: &str) -> &'a TypeDef {
    let names: Vec<&str> = api.types.iter().map(|def| def.name.as_str()).collect();
    let found = api.types.iter().find(|def| def.name == name);
    found.unwrap_or_else(|| panic!("no type `{name}` among {names:?}"))
}

#[track_caller]
fn structure<'a>(api: &'a Api, name: &str) -> &'a Struct {
    match &named(api, name).kind {
        Kind::Struct(body) => body,
        other => panic!("`{name}` is {other:?}"),
    }
}

#[track_caller]
fn union<'a>(api: &'a Api, name: &str) -> &'a Union {
    match &named(api, name).kind {
        Kind::Union(union) => union,
        other => panic!("`{name}` is {other:?}"),
    }
}

#[track_caller]
fn field<'a>(body: &'a Struct, wire: &str) -> &'a Field {
    body.fields
        .iter()
        .find(|field| field.wire == wire)
        .expect("the field is there")
}

#[track_caller]
fn name_of<'a>(api: &'a Api, value: &Use) -> &'a str {
    match &value.shape {
        Shape::Named(id) => &api.types[id.0].name,
        other => panic!("unnamed {other:?}"),
    }
}

fn names(api: &Api) -> Vec<&str> {
    api.types.iter().map(|def| def.name.as_str()).collect()
}

fn values(api: &Api, name: &str) -> Vec<(String, String)> {
    match &named(api, name).kind {
        Kind::Enum(values) => values
            .iter()
            .map(|v| (v.wire.clone(), v.ident.clone()))
            .collect(),
        other => panic!("`{name}` is {other:?}"),
    }
}

#[test]
fn inline_schemas_are_named_after_their_place() {
    let api = lower(
        r"
paths:
  /pets:
    post:
      operationId: addPet
      parameters: [{name: sort-by, in: query, schema: {enum: [name, -name]}}]
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                tags: {type: array, items: {type: object, properties: {a: {type: string}}}}
                addresses: {type: array, items: {type: object, properties: {b: {type: string}}}}
                prices: {type: object, additionalProperties: {type: object, properties: {c: {}}}}
      responses:
        '201':
          description: Created
          content: {application/json: {schema: {type: object, properties: {id: {}}}}}
        '400':
          description: Bad
          content: {application/json: {schema: {type: object, properties: {why: {}}}}}
",
    );
    assert_eq!(
        names(&api),
        [
            "AddPet400Response",
            "AddPetBody",
            "AddPetBodyAddressesItem",
            "AddPetBodyPricesValue",
            "AddPetBodyTag",
            "AddPetResponse",
            "AddPetSortBy",
        ]
    );
    let idents: Vec<_> = values(&api, "AddPetSortBy")
        .into_iter()
        .map(|(_, ident)| ident)
        .collect();
    assert_eq!(idents, ["Name", "MinusName"]);
}

#[test]
fn names_of_one_part_do_not_depend_on_another() {
    let pet = "Pet: {type: object, properties: {status: {enum: [a, b]}}}\n";
    let alone = schemas(pet);
    let with_other = schemas(&format!(
        "Aardvark: {{type: object, properties: {{mood: {{enum: [a, b]}}}}}}\n{pet}"
    ));
    assert_eq!(names(&alone), ["Pet", "PetStatus"]);
    assert_eq!(
        names(&with_other),
        ["Aardvark", "AardvarkMood", "Pet", "PetStatus"]
    );
}

#[test]
fn identical_inline_schemas_under_one_property_name_share_a_type() {
    let api = schemas(
        "A: {type: object, properties: {status: {enum: [x, y], description: one}}}\n\
         B: {type: object, properties: {status: {enum: [x, y], description: two}}}\n\
         C: {type: object, properties: {status: {enum: [x, z]}}}\n",
    );
    assert_eq!(names(&api), ["A", "AStatus", "B", "C", "CStatus"]);
}

#[test]
fn an_inline_name_gives_way_to_a_component() {
    let api = schemas(
        "Pet: {type: object, properties: {status: {enum: [a]}}}\nPetStatus: {type: integer}\n",
    );
    assert_eq!(names(&api), ["Pet", "PetStatus", "PetStatus2"]);
    assert_eq!(
        name_of(&api, &field(structure(&api, "Pet"), "status").value),
        "PetStatus2"
    );
}

#[test]
fn any_text_becomes_an_identifier() {
    let api = schemas(
        "Odd:\n  type: object\n  properties:\n    '@id': {}\n    id: {}\n    x-rate: {}\n    1st: {}\n    \
         $top: {}\n    type: {}\n    self: {}\n    getURLFor2FA: {}\n    größe: {}\n    '': {}\n    '+1': {}\n    '-1': {}\n\
         Level:\n  enum: ['', '+1', '-1', Self, 1st, a b, A-B, '>=', ü]\n",
    );
    let idents: Vec<&str> = structure(&api, "Odd")
        .fields
        .iter()
        .map(|field| field.ident.as_str())
        .collect();
    assert_eq!(
        idents,
        [
            "id",
            "id_2",
            "x_rate",
            "n_1st",
            "top",
            "r#type",
            "self_",
            "get_url_for2_fa",
            "größe",
            "empty",
            "plus1",
            "minus1",
        ]
    );
    let idents: Vec<_> = values(&api, "Level")
        .into_iter()
        .map(|(_, ident)| ident)
        .collect();
    assert_eq!(
        idents,
        [
            "Empty",
            "Plus1",
            "Minus1",
            "Self_",
            "N1st",
            "AB",
            "AMinusB",
            "GreaterEqual",
            "Ü"
        ]
    );
}

#[test]
fn a_missing_operation_id_is_derived_from_method_and_path() {
    let api = lower(
        "paths:\n  /pets/{petId}/toys:\n    get:\n      parameters: [{name: petId, in: path, \
         required: true, schema: {type: string}}]\n      responses: {'204': {description: D}}\n",
    );
    assert_eq!(api.operations[0].snake, "get_pets_by_pet_id_toys");
    assert_eq!(api.operations[0].ident, "GetPetsByPetIdToys");
    assert_eq!(api.tags[0].name, "Default");
}

#[test]
fn all_of_unites_its_schemas() {
    let api = schemas(
        r"
Pet:
  type: object
  required: [name]
  properties: {name: {type: string, maxLength: 20}, age: {type: number, minimum: 0}}
Cat:
  description: Meows
  allOf:
    - $ref: '#/components/schemas/Pet'
    - required: [age, lives]
      properties:
        lives: {type: integer}
        age: {type: integer, minimum: 1, maximum: 30}
        name: {minLength: 2}
",
    );
    let cat = structure(&api, "Cat");
    let wires: Vec<&str> = cat.fields.iter().map(|field| field.wire.as_str()).collect();
    assert_eq!(wires, ["name", "age", "lives"]);
    assert!(cat.fields.iter().all(|field| field.required));
    let Shape::String(name) = &field(cat, "name").value.shape else {
        panic!("text")
    };
    assert_eq!((name.min_length, name.max_length), (Some(2), Some(20)));
    let Shape::Integer(age) = &field(cat, "age").value.shape else {
        panic!("integer")
    };
    assert_eq!(age.minimum, Some(1.into()));
    assert_eq!(age.maximum, Some(30.into()));
    assert_eq!(structure(&api, "Pet").fields.len(), 2);
}

#[test]
fn all_of_of_one_schema_is_that_schema() {
    let api = schemas(
        "Pet: {type: object, properties: {a: {}}}\n\
         Box: {type: object, properties: {pet: {description: Mine, allOf: [{$ref: '#/components/schemas/Pet'}]}}}\n",
    );
    let pet = field(structure(&api, "Box"), "pet");
    assert_eq!(name_of(&api, &pet.value), "Pet");
    assert_eq!(pet.description.as_deref(), Some("Mine"));
}

#[test]
fn null_belongs_to_the_use_in_every_spelling() {
    let api = schemas(
        r"
Pet: {type: object, properties: {a: {}}}
Maybe: {anyOf: [{$ref: '#/components/schemas/Pet'}, {type: 'null'}]}
Status: {enum: [a, b, null]}
Box:
  type: object
  required: [c]
  properties:
    a: {oneOf: [{$ref: '#/components/schemas/Pet'}, {type: 'null'}]}
    b: {type: [string, 'null']}
    c: {$ref: '#/components/schemas/Maybe'}
    d: {$ref: '#/components/schemas/Status'}
    e: {$ref: '#/components/schemas/Pet'}
    f: {enum: [1, 2, null]}
    g: {allOf: [{$ref: '#/components/schemas/Maybe'}, {type: object}]}
",
    );
    let body = structure(&api, "Box");
    let nullable: Vec<bool> = body
        .fields
        .iter()
        .map(|field| field.value.nullable)
        .collect();
    assert_eq!(nullable, [true, true, true, true, false, true, false]);
    assert_eq!(name_of(&api, &field(body, "a").value), "Pet");
    assert_eq!(name_of(&api, &field(body, "c").value), "Maybe");
    assert_eq!(values(&api, "Status").len(), 2);
}

#[test]
fn nullable_of_openapi_3_0_is_understood() {
    let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\ncomponents:\n  schemas:\n    \
                Pet: {type: object, properties: {a: {type: string, nullable: true}, \
                b: {nullable: true, allOf: [{$ref: '#/components/schemas/Pet'}]}}}\n";
    let contract = Contract::parse("api.yaml", text).expect("the contract is accepted");
    let pet = structure(contract.model(), "Pet");
    assert!(pet.fields.iter().all(|field| field.value.nullable));
    assert_eq!(name_of(contract.model(), &field(pet, "b").value), "Pet");
}

#[test]
fn fields_that_lead_back_to_their_struct_are_boxed() {
    let api = schemas(
        r"
Node:
  type: object
  properties:
    next: {$ref: '#/components/schemas/Node'}
    all: {type: array, items: {$ref: '#/components/schemas/Node'}}
    leaf: {$ref: '#/components/schemas/Leaf'}
    either: {oneOf: [{$ref: '#/components/schemas/Node'}, {type: string}]}
    a: {$ref: '#/components/schemas/A'}
Leaf: {type: object, properties: {x: {}}}
A: {type: object, properties: {b: {$ref: '#/components/schemas/B'}}}
B: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}
",
    );
    let node = structure(&api, "Node");
    let boxed: Vec<bool> = node.fields.iter().map(|field| field.boxed).collect();
    assert_eq!(boxed, [true, false, false, true, false]);
    assert!(structure(&api, "A").fields[0].boxed);
    assert!(structure(&api, "B").fields[0].boxed);
}

#[test]
fn unions_of_closed_text_are_enums() {
    let api = schemas(
        "Size: {oneOf: [{const: s, title: Small}, {const: l, title: Large}]}\n\
         Open: {anyOf: [{type: string}, {enum: [a]}]}\n",
    );
    assert_eq!(values(&api, "Size").len(), 2);
    let Kind::Alias(open) = &named(&api, "Open").kind else {
        panic!("alias")
    };
    assert!(matches!(open.shape, Shape::String(_)));
}

#[test]
fn a_union_beside_properties_is_spread_over_its_choices() {
    let api = schemas(
        "Pet:\n  type: object\n  required: [name]\n  properties: {name: {type: string}}\n  oneOf:\n    \
         - {title: Cat, required: [lives], properties: {lives: {type: integer}}}\n    \
         - {title: Dog, required: [bark], properties: {bark: {type: boolean}}}\n",
    );
    let pet = union(&api, "Pet");
    assert!(pet.exactly_one);
    let idents: Vec<&str> = pet
        .variants
        .iter()
        .map(|variant| variant.ident.as_str())
        .collect();
    assert_eq!(idents, ["Cat", "Dog"]);
    let cat = structure(&api, name_of(&api, &pet.variants[0].value));
    assert_eq!(cat.fields.len(), 2);
}

#[test]
fn several_types_are_a_union() {
    let api = schemas("Value: {type: [string, integer, 'null'], maxLength: 3, minimum: 1}\n");
    let value = union(&api, "Value");
    assert!(!value.exactly_one);
    assert!(matches!(&value.variants[0].value.shape, Shape::String(r) if r.max_length == Some(3)));
    assert!(matches!(&value.variants[1].value.shape, Shape::Integer(r) if r.minimum.is_some()));
}

#[test]
fn a_discriminator_knows_its_tags() {
    let api = schemas(
        r"
Cat: {type: object, required: [kind], properties: {kind: {type: string}}}
Dog: {type: object, required: [kind], properties: {kind: {const: woof}}}
Cow: {type: object, required: [kind], properties: {kind: {type: string}}}
Animal:
  oneOf:
    - $ref: '#/components/schemas/Cat'
    - $ref: '#/components/schemas/Dog'
    - $ref: '#/components/schemas/Cow'
  discriminator:
    propertyName: kind
    mapping: {cat: '#/components/schemas/Cat', tom: Cat}
",
    );
    let animal = union(&api, "Animal");
    assert_eq!(animal.discriminator.as_deref(), Some("kind"));
    let tags: Vec<Vec<&str>> = animal
        .variants
        .iter()
        .map(|variant| variant.tags.iter().map(String::as_str).collect())
        .collect();
    assert_eq!(tags, [vec!["cat", "tom"], vec!["woof"], vec!["Cow"]]);
}

#[test]
fn further_properties_are_ignored_denied_or_kept() {
    let api = schemas(
        "A: {type: object, properties: {a: {}}}\n\
         B: {type: object, properties: {a: {}}, additionalProperties: false}\n\
         C: {type: object, properties: {a: {}}, additionalProperties: {type: integer}}\n\
         D: {type: object, additionalProperties: {type: integer}}\n\
         E: {unevaluatedProperties: false, allOf: [{$ref: '#/components/schemas/A'}]}\n",
    );
    assert!(matches!(
        structure(&api, "A").additional,
        Additional::Ignored
    ));
    assert!(matches!(
        structure(&api, "B").additional,
        Additional::Denied
    ));
    assert!(
        matches!(&structure(&api, "C").additional, Additional::Kept(value)
        if matches!(value.shape, Shape::Integer(_)))
    );
    let Kind::Alias(map) = &named(&api, "D").kind else {
        panic!("alias")
    };
    assert!(matches!(map.shape, Shape::Map(..)));
    assert!(matches!(
        structure(&api, "E").additional,
        Additional::Denied
    ));
}

#[test]
fn rules_reach_the_model() {
    let api = schemas(
        r"
All:
  type: object
  properties:
    date: {type: string, format: date-time}
    hue: {type: string, format: hue}
    code: {type: string, pattern: '^\d{3}$'}
    flag: {const: true}
    level: {type: integer, enum: [1, 2, 3], format: int32}
    bytes: {type: string, contentEncoding: base64}
",
    );
    let all = structure(&api, "All");
    let text = |wire: &str| match &field(all, wire).value.shape {
        Shape::String(rules) => rules.clone(),
        other => panic!("{wire} is {other:?}"),
    };
    assert_eq!(text("date").format, Some(Format::DateTime));
    assert_eq!(text("hue").format, None);
    assert_eq!(text("code").pattern.as_deref(), Some("^[0-9]{3}$"));
    assert_eq!(text("code").pattern_source.as_deref(), Some(r"^\d{3}$"));
    assert!(matches!(&field(all, "flag").value.shape, Shape::Literal(value) if value == true));
    assert!(
        matches!(&field(all, "level").value.shape, Shape::Integer(rules)
        if rules.allowed.len() == 3 && rules.int32)
    );
    assert_eq!(text("bytes"), Default::default());
}

const LIST: &str = r"
paths:
  /pets:
    parameters:
      - {name: limit, in: query, schema: {type: integer, default: 20}}
      - {name: X-Trace, in: header, schema: {type: string}}
    get:
      operationId: listPets
      tags: [Pets]
      parameters:
        - {name: limit, in: query, schema: {$ref: '#/components/schemas/Limit'}}
        - {name: cursor, in: query, schema: {type: string}}
        - {name: ids, in: query, style: pipeDelimited, explode: false, schema: {type: array, items: {type: string}}}
        - {name: Authorization, in: header, schema: {type: string}}
      responses:
        default: {$ref: '#/components/responses/Failed'}
        '200':
          description: Fine
          headers: {X-Total: {required: true, schema: {type: integer}}}
          content:
            application/json:
              schema:
                type: object
                required: [pets]
                properties:
                  pets: {type: array, items: {type: string}}
                  nextCursor: {type: [string, 'null']}
        4XX: {$ref: '#/components/responses/Failed'}
        '404': {$ref: '#/components/responses/Failed'}
components:
  schemas:
    Limit: {type: integer, minimum: 1, maximum: 100, default: 50}
    Error: {type: object, properties: {message: {type: string}}}
  responses:
    Failed: {description: Failed, content: {application/json: {schema: {$ref: '#/components/schemas/Error'}}}}
";

#[test]
fn parameters_of_an_operation_replace_those_of_its_path() {
    let api = lower(LIST);
    let parameters = &api.operations[0].parameters;
    let wires: Vec<&str> = parameters
        .iter()
        .map(|parameter| parameter.wire.as_str())
        .collect();
    assert_eq!(wires, ["limit", "X-Trace", "cursor", "ids"]);
    assert_eq!(parameters[0].default, Some(50.into()));
    assert_eq!(parameters[3].style, Style::Pipes);
}

#[test]
fn answers_are_ordered_and_named_by_status() {
    let api = lower(LIST);
    let answers: Vec<(Status, &str)> = api.operations[0]
        .answers
        .iter()
        .map(|answer| (answer.status, answer.ident.as_str()))
        .collect();
    assert_eq!(
        answers,
        [
            (Status::Code(200), "Ok"),
            (Status::Code(404), "NotFound"),
            (Status::Range(4), "ClientError"),
            (Status::Default, "Default"),
        ]
    );
    assert_eq!(api.operations[0].answers[0].headers[0].ident, "x_total");
    assert_eq!(
        api.error.map(|id| api.types[id.0].name.as_str()),
        Some("Error")
    );
}

#[test]
fn paging_is_recognised_by_its_names() {
    let api = lower(LIST);
    let paging = api.operations[0]
        .paging
        .as_ref()
        .expect("the operation pages");
    assert_eq!(paging.cursor_parameter, "cursor");
    assert_eq!(paging.cursor_field, "next_cursor");
    assert_eq!(paging.items_field, "pets");
    assert!(matches!(paging.item.shape, Shape::String(_)));
}

#[test]
fn types_know_whether_requests_or_answers_contain_them() {
    let api = lower(LIST);
    assert!(named(&api, "Limit").in_request && !named(&api, "Limit").in_response);
    assert!(!named(&api, "Error").in_request && named(&api, "Error").in_response);
}

#[test]
fn forms_have_parts_and_files() {
    let api = lower(
        r"
paths:
  /files:
    post:
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              required: [file]
              properties:
                file: {type: string, contentMediaType: application/octet-stream}
                note: {type: string}
      responses: {'204': {description: Done}}
",
    );
    let body = api.operations[0].body.as_ref().expect("a body");
    let Body::Multipart(parts) = &body.content[0].body else {
        panic!("multipart")
    };
    assert_eq!(parts[0].value.shape, Shape::Binary);
    assert!(parts[0].required && !parts[1].required);
    assert_eq!(names(&api), Vec::<&str>::new());
}

#[test]
fn own_names_may_start_like_extensions() {
    let api = lower(
        "paths:\n  /a:\n    x-note: extension\n    get:\n      responses:\n        x-note: extension\n        \
         '204':\n          description: Done\n          headers: {x-id: {schema: {type: string}}}\n\
         components: {schemas: {x-thing: {type: object, properties: {x-a: {type: string}}}}}\n",
    );
    assert_eq!(api.operations[0].answers.len(), 1);
    assert_eq!(api.operations[0].answers[0].headers[0].wire, "x-id");
    assert_eq!(structure(&api, "XThing").fields[0].wire, "x-a");
}

#[test]
fn lists_may_contain_the_union_they_are_a_choice_of() {
    let api = schemas(
        "Json: {oneOf: [{type: string}, {$ref: '#/components/schemas/Jsons'}]}\n\
         Jsons: {type: array, items: {$ref: '#/components/schemas/Json'}}\n",
    );
    assert_eq!(union(&api, "Json").variants.len(), 2);
}

#[test]
fn bounds_of_integers_are_whole() {
    let api = schemas(
        "A: {type: integer, minimum: 0.5, exclusiveMaximum: 7.0}\nB: {type: integer, enum: [1.0, 2]}\n",
    );
    let rules = |name: &str| match &named(&api, name).kind {
        Kind::Alias(Use {
            shape: Shape::Integer(rules),
            ..
        }) => rules.clone(),
        other => panic!("`{name}` is {other:?}"),
    };
    assert_eq!(rules("A").minimum, Some(1.into()));
    assert_eq!(rules("A").exclusive_maximum, Some(7.into()));
    assert_eq!(rules("B").allowed, [1.into(), 2.into()]);
}
