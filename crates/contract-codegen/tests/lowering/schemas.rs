//! United schemas, nullability, unions, recursion and rules.

use std::path::Path;

use contract_codegen::model::{Additional, Format, Formatted};
use contract_codegen::{Formats, Options, Target};

use super::*;

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
    let contract = Contract::parse("api.yaml", text, &[]).expect("the contract is accepted");
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
    late: {type: string, format: date, pattern: '^2'}
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
    // A format alone is a type; with more to be checked it stays text.
    let date = &field(all, "date").value.shape;
    assert_eq!(*date, Shape::Formatted(Formatted::DateTime));
    assert_eq!(text("late").format, Some(Format::Date));
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

#[test]
fn formats_are_text_where_that_is_asked_for() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/goldens/strings.yaml");
    let of = |formats| {
        let options = Options {
            formats,
            ..Options::default()
        };
        let contract = Contract::load_as(Path::new(file), &[Target::Types], options);
        let text = contract.expect("it is accepted").generate(Target::Types);
        let fields = text.lines().map(str::trim);
        let fields =
            fields.filter(|line| line.starts_with("pub at:") || line.starts_with("pub day:"));
        fields.map(str::to_owned).collect::<Vec<_>>()
    };
    assert_eq!(
        of(Formats::Types),
        [
            "pub at: Option<support::DateTime>,",
            "pub day: Option<support::Date>,"
        ]
    );
    assert_eq!(
        of(Formats::Text),
        ["pub at: Option<String>,", "pub day: Option<String>,"]
    );
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

#[test]
fn children_that_include_the_union_they_are_choices_of_are_structs() {
    let api = schemas(
        "Pet:
  type: object
  required: [kind]
  properties: {kind: {type: string}}
  discriminator: {propertyName: kind}
  oneOf: [{$ref: '#/components/schemas/Cat'}, {$ref: '#/components/schemas/Dog'}]
Cat:
  allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {lives: {type: integer}}}]
Dog:
  allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {tricks: {type: integer}}}]
",
    );
    let pet = union(&api, "Pet");
    let tags: Vec<_> = pet
        .variants
        .iter()
        .map(|variant| variant.tags.clone())
        .collect();
    assert_eq!(tags, [["Cat"], ["Dog"]]);
    assert_eq!(name_of(&api, &pet.variants[0].value), "Cat");
    let wires: Vec<_> = structure(&api, "Cat")
        .fields
        .iter()
        .map(|field| &field.wire)
        .collect();
    assert_eq!(wires, ["kind", "lives"]);
}

#[test]
fn a_family_in_a_union_is_chosen_by_the_tags_of_its_members() {
    let api = schemas(
        "Pet:
  type: object
  required: [kind]
  properties: {kind: {type: string}}
  discriminator: {propertyName: kind}
Cat:
  allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {lives: {type: integer}}}]
Car: {type: object, required: [kind], properties: {kind: {const: car}}}
Thing:
  oneOf: [{$ref: '#/components/schemas/Pet'}, {$ref: '#/components/schemas/Car'}]
  discriminator: {propertyName: kind}
",
    );
    let thing = union(&api, "Thing");
    let tags: Vec<_> = thing
        .variants
        .iter()
        .map(|variant| variant.tags.clone())
        .collect();
    assert_eq!(tags, [["Cat"], ["car"]]);
}

#[test]
fn a_child_that_adds_nothing_and_one_with_children_have_types_of_their_own() {
    let api = schemas(
        "Pet:
  type: object
  required: [kind]
  properties: {kind: {type: string, enum: [Pet, Cat, Lion, Dog]}}
  discriminator: {propertyName: kind}
Cat:
  allOf: [{$ref: '#/components/schemas/Pet'}, {type: object, properties: {lives: {type: integer}}}]
Lion: {allOf: [{$ref: '#/components/schemas/Cat'}, {type: object, properties: {mane: {type: boolean}}}]}
Dog: {allOf: [{$ref: '#/components/schemas/Pet'}]}
",
    );
    let choices = |name: &str| -> Vec<String> {
        let variants = &union(&api, name).variants;
        variants
            .iter()
            .map(|variant| name_of(&api, &variant.value).to_owned())
            .collect()
    };
    assert_eq!(choices("Pet"), ["PetBase", "CatBase", "Dog", "Lion"]);
    assert_eq!(choices("Cat"), ["CatBase", "Lion"]);
}
