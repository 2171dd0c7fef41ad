//! Parameters, answers, paging and forms.

use contract_codegen::model::{Body, Status, Style};

use super::*;

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
    let Body::Multipart(form) = &body.content[0].body else {
        panic!("multipart")
    };
    let parts = &form.parts;
    assert_eq!(parts[0].value.shape, Shape::Binary);
    assert!(parts[0].required && !parts[1].required);
    assert_eq!(names(&api), Vec::<&str>::new());
}

#[test]
fn whole_defaults_have_no_fraction() {
    let api = lower(
        r"
paths:
  /pets:
    get:
      parameters:
        - {name: limit, in: query, schema: {type: integer, default: 10.0}}
        - {name: ages, in: query, schema: {type: array, items: {type: integer}, default: [1.0, 2]}}
        - {name: rate, in: query, schema: {type: number, default: 1.0}}
      responses: {'204': {description: none}}
",
    );
    let parameters = &api.operations[0].parameters;
    let defaults: Vec<String> = parameters
        .iter()
        .filter_map(|parameter| Some(parameter.default.as_ref()?.to_string()))
        .collect();
    assert_eq!(defaults, ["10", "[1,2]", "1.0"]);
}

#[test]
fn setters_of_a_client_have_names_of_their_own() {
    let api = lower(
        r"
paths:
  /pets:
    parameters:
      - {name: X-Key, in: header, schema: {type: string}}
      - {name: Build, in: header, required: true, schema: {type: string}}
    get: {security: [{key: []}, {build: []}, {other: []}, {tls: []}], responses: {'204': {description: none}}}
    put: {responses: {'204': {description: none}}}
components:
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
    build: {type: http, scheme: bearer}
    other: {type: http, scheme: bearer}
    tls: {type: mutualTLS}
",
    );
    let setters = api.setters();
    let setters: Vec<(&str, Option<&str>, Option<&str>)> = setters
        .iter()
        .map(|one| {
            let scheme = one.scheme.map(|scheme| scheme.name.as_str());
            let header = one.header.map(|header| header.wire.as_str());
            (one.name.as_str(), scheme, header)
        })
        .collect();
    assert_eq!(
        setters,
        [
            ("x_key", Some("key"), Some("X-Key")),
            ("build_", Some("build"), None),
            ("other", Some("other"), None),
            ("build__", None, Some("Build")),
        ]
    );
}
