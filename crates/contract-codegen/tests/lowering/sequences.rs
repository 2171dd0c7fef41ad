//! What bodies are sequences, and of what.

use contract_codegen::model::{Body, Content, EventData, Framing, Sequence};

use super::*;

/// The bodies of an answer with this `content`, of a contract of OpenAPI 3.2.
#[track_caller]
fn contents(content: &str) -> (Api, Vec<Content>) {
    let text = format!(
        "
openapi: 3.2.0
info: {{title: T, version: '1'}}
paths:
  /items:
    get:
      operationId: getItems
      responses: {{'200': {{$ref: '#/components/responses/Items'}}}}
components:
  responses:
    Items:
      description: Items.
      content: {content}
  schemas:
    Point: {{type: object, required: [x], properties: {{x: {{type: integer}}}}}}
    Todo: {{type: object, properties: {{id: {{type: string}}, data: {{type: string}}, title: {{type: string}}}}}}
    Event:
      type: object
      required: [data]
      properties: {{data: {{$ref: '#/components/schemas/Point'}}, id: {{type: string}}}}
    Said:
      type: object
      required: [event, data]
      properties: {{event: {{const: said}}, data: {{type: string}}}}
    Coded:
      allOf:
        - {{type: object, properties: {{event: {{const: coded}}}}, required: [event]}}
        - type: object
          properties:
            data: {{contentMediaType: application/json, contentSchema: {{$ref: '#/components/schemas/Point'}}}}
  mediaTypes:
    Points: {{itemSchema: {{$ref: '#/components/schemas/Point'}}}}
"
    );
    match Contract::parse("api.yaml", &text, &[]) {
        Ok(contract) => {
            let api = contract.model().clone();
            let contents = api.operations[0].answers[0].content.clone();
            (api, contents)
        }
        Err(problems) => panic!("refused:\n{problems}"),
    }
}

#[track_caller]
fn sequence(media_type: &str, medium: &str) -> (Api, Sequence) {
    let (api, contents) = contents(&format!("{{{media_type}: {medium}}}"));
    match &contents[0].body {
        Body::Sequence(sequence) => (api, sequence.clone()),
        other => panic!("no sequence: {other:?}"),
    }
}

const POINT: &str = "{itemSchema: {$ref: '#/components/schemas/Point'}}";

#[test]
fn media_types_say_how_items_are_told_apart() {
    for (media_type, framing) in [
        ("application/jsonl", Framing::Lines),
        ("application/x-ndjson; charset=utf-8", Framing::Lines),
        ("Application/NDJSON", Framing::Lines),
        ("application/vnd.x+jsonl", Framing::Lines),
        ("application/json-seq", Framing::Records),
        ("application/geo+json-seq", Framing::Records),
        ("multipart/mixed", Framing::JsonParts),
    ] {
        let (api, sequence) = sequence(media_type, POINT);
        assert_eq!(sequence.framing, framing, "{media_type}");
        assert_eq!(name_of(&api, &sequence.item), "Point", "{media_type}");
    }
    let (api, contents) = contents("{application/jsonl: {$ref: '#/components/mediaTypes/Points'}}");
    assert_eq!(
        name_of(&api, &contents[0].sequence().unwrap().item),
        "Point"
    );
    // What is no sequence has no items.
    let (_, contents) = self::contents("{application/json: {itemSchema: {type: string}}}");
    assert!(matches!(contents[0].body, Body::Json(_)));
}

#[test]
fn items_are_whatever_schemas_are() {
    let of = |schema: &str| sequence("application/jsonl", &format!("{{itemSchema: {schema}}}"));
    let (api, inline) = of("{type: object, properties: {a: {type: string}}}");
    assert_eq!(name_of(&api, &inline.item), "ItemsItem");
    let (_, text) = of("{type: string, maxLength: 3}");
    assert!(matches!(text.item.shape, Shape::String(_)));
    let (api, either) = of("{oneOf: [{$ref: '#/components/schemas/Point'}, {type: string}]}");
    assert_eq!(union(&api, name_of(&api, &either.item)).variants.len(), 2);
    let (_, anything) = of("{}");
    assert_eq!(anything.item.shape, Shape::Any);
    let whole = "{schema: {type: array, items: {$ref: '#/components/schemas/Point'}}}";
    let (api, whole) = sequence("application/jsonl", whole);
    assert_eq!(name_of(&api, &whole.item), "Point");
}

#[test]
fn data_of_events_is_what_its_text_stands_for() {
    let of = |schema: &str| sequence("text/event-stream", &format!("{{itemSchema: {schema}}}"));
    for (schema, name, data) in [
        (
            "{$ref: '#/components/schemas/Event'}",
            "Event",
            EventData::Json,
        ),
        (
            "{$ref: '#/components/schemas/Said'}",
            "Said",
            EventData::Text,
        ),
        (
            "{$ref: '#/components/schemas/Coded'}",
            "Coded",
            EventData::Json,
        ),
        (
            "{properties: {data: {$ref: '#/components/schemas/Point'}}, type: object}",
            "ItemsEvent",
            EventData::Json,
        ),
        // No event: its data.
        (
            "{$ref: '#/components/schemas/Point'}",
            "ItemsEvent",
            EventData::Json,
        ),
        (
            "{$ref: '#/components/schemas/Todo'}",
            "ItemsEvent",
            EventData::Json,
        ),
        ("{type: string}", "ItemsEvent", EventData::Text),
    ] {
        let (api, sequence) = of(schema);
        assert_eq!(name_of(&api, &sequence.item), name, "{schema}");
        assert_eq!(sequence.framing, Framing::Events(data), "{schema}");
    }
    let (api, _) = of("{$ref: '#/components/schemas/Coded'}");
    let coded = &field(structure(&api, "Coded"), "data").value;
    assert_eq!(name_of(&api, coded), "Point");
    let (api, either) =
        of("{oneOf: [{$ref: '#/components/schemas/Said'}, {$ref: '#/components/schemas/Coded'}]}");
    assert_eq!(either.framing, Framing::Events(EventData::Either));
    assert_eq!(union(&api, name_of(&api, &either.item)).variants.len(), 2);
}

#[test]
fn a_choice_of_events_may_say_what_the_text_of_all_is() {
    // As the example of the specification.
    let coded =
        "{contentMediaType: application/json, contentSchema: {$ref: '#/components/schemas/Point'}}";
    let schema = format!(
        "{{type: object, required: [event, data], \
         properties: {{data: {{type: string}}, event: {{type: string}}, retry: {{type: integer}}}}, oneOf: [\
         {{properties: {{event: {{const: addString}}}}}}, \
         {{properties: {{event: {{const: addInt64}}, data: {{format: int64}}}}}}, \
         {{properties: {{event: {{const: addJson}}, data: {coded}}}}}]}}"
    );
    let (api, sequence) = sequence("text/event-stream", &format!("{{itemSchema: {schema}}}"));
    assert_eq!(sequence.framing, Framing::Events(EventData::Either));
    let data = |variant: usize| {
        let choice = &union(&api, name_of(&api, &sequence.item)).variants[variant].value;
        field(structure(&api, name_of(&api, choice)), "data")
            .value
            .clone()
    };
    assert!(matches!(data(0).shape, Shape::String(_)));
    assert!(matches!(data(1).shape, Shape::String(_)));
    assert_eq!(name_of(&api, &data(2)), "Point");
}

#[test]
fn parts_are_json_where_all_of_them_are() {
    let of = |more: &str| {
        sequence(
            "multipart/mixed",
            &format!("{{itemSchema: {{$ref: '#/components/schemas/Point'}}{more}}}"),
        )
    };
    for (more, framing) in [
        (
            ", itemEncoding: {contentType: application/vnd.x+json}",
            Framing::JsonParts,
        ),
        (", itemEncoding: {contentType: image/*}", Framing::RawParts),
        (
            ", prefixEncoding: [{contentType: application/json}], itemEncoding: {contentType: image/*}",
            Framing::RawParts,
        ),
        (
            ", itemEncoding: {headers: {X-A: {schema: {type: string}}}}",
            Framing::JsonParts,
        ),
    ] {
        assert_eq!(of(more).1.framing, framing, "{more}");
    }
    let (_, bytes) = sequence("multipart/mixed", "{itemSchema: {}}");
    assert_eq!(bytes.framing, Framing::RawParts);
}

#[test]
fn before_3_2_a_schema_may_be_that_of_an_event() {
    let of = |schema: &str| {
        let api = lower(&format!(
            "
paths:
  /chat:
    post:
      operationId: chat
      responses:
        '200': {{description: Events., content: {{text/event-stream: {{schema: {schema}}}}}}}
components:
  schemas:
    Chunk: {{type: object, properties: {{id: {{type: string}}}}}}
    Event: {{type: object, properties: {{event: {{type: string}}, data: {{$ref: '#/components/schemas/Chunk'}}}}}}
"
        ));
        let body = api.operations[0].answers[0].content[0].body.clone();
        (api, body)
    };
    for (schema, name) in [
        ("{$ref: '#/components/schemas/Event'}", "Event"),
        // An `id` alone makes no event.
        ("{$ref: '#/components/schemas/Chunk'}", "ChatEvent"),
        (
            "{type: array, items: {$ref: '#/components/schemas/Event'}}",
            "Event",
        ),
    ] {
        let (api, body) = of(schema);
        let Body::Sequence(sequence) = body else {
            panic!("no sequence: {schema}");
        };
        assert_eq!(name_of(&api, &sequence.item), name, "{schema}");
    }
    for schema in ["{type: string}", "{}"] {
        assert!(matches!(of(schema).1, Body::Text(_)), "{schema}");
    }
}
