//! Names of types, fields, variants and operations.

use super::*;

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
         $top: {}\n    type: {}\n    self: {}\n    getURLFor2FA: {}\n    größe: {}\n    '': {}\n    \
         '+1': {}\n    '-1': {}\n\
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
            "Itself",
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
