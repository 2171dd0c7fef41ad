//! The golden types of `crates/contract-codegen` compile without warnings, and behave.

#![deny(warnings)]
#![allow(
    dead_code,
    unreachable_pub,
    missing_docs,
    reason = "a test exports nothing"
)]

mod goldens {
    macro_rules! goldens {
        ($($module:ident $file:literal)*) => {
            pub const FILES: &[&str] = &[$($file),*];
            $(pub mod $module {
                include!(concat!("../../contract-codegen/tests/goldens/", $file));
            })*
        };
    }

    goldens! {
        access "access.types.rs"
        additional "additional.types.rs"
        all_of "all-of.types.rs"
        arrays "arrays.types.rs"
        enums "enums.types.rs"
        maps "maps.types.rs"
        names "names.types.rs"
        nullable "nullable.types.rs"
        numbers "numbers.types.rs"
        objects "objects.types.rs"
        recursion "recursion.types.rs"
        strings "strings.types.rs"
        unions "unions.types.rs"
        webhooks "webhooks.types.rs"
        webhooks_by_name "webhooks-by-name.types.rs"
    }
}

use goldens::*;
use types::support::{
    DecodeError, Maybe, True, Violation, ViolationCode, Wire, decode, decode_value, violations,
};

#[test]
fn every_golden_is_compiled_here() {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../contract-codegen/tests/goldens"
    );
    for entry in std::fs::read_dir(folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        // Those of servers and clients are compiled with what they need, in `api` and `client`.
        let elsewhere = ["server", "client", "both"]
            .iter()
            .any(|kind| name.starts_with(kind));
        if name.ends_with(".types.rs") && !elsewhere {
            assert!(
                goldens::FILES.contains(&name.as_str()),
                "add `{name}` to the list in this file"
            );
        }
    }
}

/// Every violation as `path code`.
fn refused<T: Wire + std::fmt::Debug>(json: &str) -> Vec<String> {
    match decode::<T>(json.as_bytes()) {
        Err(DecodeError::Invalid(found)) => found
            .iter()
            .map(|Violation { path, code, .. }| format!("{path} {code}"))
            .collect(),
        other => panic!("expected violations of {json}, found {other:?}"),
    }
}

fn accepted<T: Wire + std::fmt::Debug>(json: &str) -> T {
    decode(json.as_bytes()).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn written<T: Wire>(value: &T) -> String {
    serde_json::to_string(value).expect("golden types can be written")
}

#[test]
fn absent_null_and_value_stay_apart() {
    let sent =
        r#"{"always":"a","alwaysOrNull":null,"sometimesOrNull":null,"count":1.0,"list":[1,null]}"#;
    let ways: nullable::Ways = accepted(sent);
    assert_eq!(ways.always_or_null, None);
    assert_eq!(ways.sometimes, None);
    assert_eq!(ways.sometimes_or_null, Maybe::Null);
    assert_eq!(ways.count, Maybe::Value(1));
    assert_eq!(ways.other, Maybe::Absent);
    assert_eq!(ways.list, Some(vec![Some(1), None]));
    assert_eq!(written(&ways), sent.replace("1.0", "1"));
}

#[test]
fn every_violation_is_reported_with_its_path() {
    assert_eq!(
        refused::<nullable::Ways>(
            r#"{"always":null,"sometimes":null,"count":"1","list":[1,"x",1.5]}"#
        ),
        [
            "always invalid_type",
            "alwaysOrNull required",
            "sometimes invalid_type",
            "count invalid_type",
            "list.1 invalid_type",
            "list.2 invalid_type",
        ]
    );
    assert_eq!(
        refused::<recursion::Tree>(
            r#"{"name":"r","children":[{"name":""},{}],"byName":{"x":{"name":1}}}"#
        ),
        [
            "children.0.name too_small",
            "children.1.name required",
            "byName.x.name invalid_type"
        ]
    );
}

#[test]
fn messages_say_what_is_allowed_and_not_what_was_sent() {
    let error = decode::<numbers::Numbers>(br#"{"limit":4711,"price":0.001,"rate":8,"open":0}"#)
        .unwrap_err();
    let expected = "`limit` must be at most 100; `price` must be a multiple of 0.01; \
                    `open` must be greater than 0; `rate` must be one of `0`, `7.5`, `19`";
    assert_eq!(error.to_string(), expected);
    let error = decode::<strings::Texts>(br#"{"grade":"secret","mail":"secret"}"#).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`grade` must match the pattern `^[A-E]$`; `mail` must be an e-mail address of ASCII characters"
    );
}

#[test]
fn text_that_is_not_json_has_a_position() {
    let error = decode::<strings::Texts>(b"{\n  \"grade\": }").unwrap_err();
    assert_eq!(
        error,
        DecodeError::Syntax {
            line: 2,
            column: 12,
            message: "a value is expected".to_owned()
        }
    );
    // Also where nobody would look at it.
    for text in [&b"{\n\"grade\": \"\xff\"}"[..], b"{\n\"other\": \"\xff\"}"] {
        assert_eq!(
            decode::<strings::Texts>(text).unwrap_err(),
            DecodeError::Syntax {
                line: 2,
                column: 11,
                message: "the text is not UTF-8".to_owned()
            }
        );
    }
    assert!(matches!(
        decode::<strings::Texts>(b"{} {}"),
        Err(DecodeError::Syntax { .. })
    ));
    assert!(matches!(
        decode::<strings::Texts>(b""),
        Err(DecodeError::Syntax { .. })
    ));
}

#[test]
fn deep_nesting_is_an_error() {
    let deep = format!("{}{}", r#"{"name":"x","left":"#.repeat(10_000), "1");
    assert!(matches!(
        decode::<recursion::Tree>(deep.as_bytes()),
        Err(DecodeError::Syntax { .. })
    ));
}

#[test]
fn unions_inside_unions_are_judged_in_linear_time() {
    let depth = 40;
    let nested = format!(
        "{}\"x\"{}",
        r#"{"times":["#.repeat(depth),
        "]}".repeat(depth)
    );
    assert_eq!(refused::<recursion::Expression>(&nested).len(), 1);
    let nested = nested.replace("\"x\"", "7");
    accepted::<recursion::Expression>(&nested);
}

#[test]
fn a_repeated_property_is_named() {
    let error = decode::<objects::Address>(br#"{"city":"a","city":"b"}"#).unwrap_err();
    assert_eq!(error.to_string(), "must not have the property `city` twice");
}

#[test]
fn an_array_is_no_object() {
    assert_eq!(
        refused::<objects::Address>(r#"["Vienna"]"#),
        [" invalid_type"]
    );
    assert_eq!(refused::<objects::Address>("[]"), [" invalid_type"]);
}

#[test]
fn only_true_is_true() {
    assert_eq!(
        refused::<objects::Person>(r#"{"name":"a","address":{},"success":false}"#),
        ["success invalid_enum_value"]
    );
    let person: objects::Person = accepted(r#"{"name":"a","address":{},"success":true}"#);
    assert_eq!(person.success, Some(True));
    assert_eq!(
        written(&person),
        r#"{"name":"a","address":{},"success":true}"#
    );
}

#[test]
fn whole_numbers_may_be_written_with_a_fraction_of_zero() {
    let numbers: numbers::Numbers = accepted(r#"{"limit":10.0,"any":-3.0,"temperatures":[1.0]}"#);
    assert_eq!(
        (numbers.limit, numbers.any, numbers.temperatures),
        (Some(10), Some(-3), Some(vec![1]))
    );
    assert_eq!(
        refused::<numbers::Numbers>(r#"{"any":1.5}"#),
        ["any invalid_type"]
    );
    assert_eq!(
        refused::<numbers::Numbers>(r#"{"any":9223372036854775808,"small":-2147483649}"#),
        ["any too_big", "small too_small"]
    );
    assert_eq!(
        refused::<numbers::Numbers>(r#"{"natural":-1}"#),
        ["natural too_small"]
    );
}

/// Every violation as `path code: message`.
fn told(json: &str) -> Vec<String> {
    match decode::<strings::Texts>(json.as_bytes()) {
        Err(DecodeError::Invalid(found)) => found
            .iter()
            .map(
                |Violation {
                     path,
                     code,
                     message,
                 }| format!("{path} {code}: {message}"),
            )
            .collect(),
        other => panic!("expected violations of {json}, found {other:?}"),
    }
}

#[test]
fn the_contract_may_say_what_a_pattern_means() {
    accepted::<strings::Texts>(r#"{"plate":"AB"}"#);
    assert_eq!(
        told(r#"{"plate":"ab","grade":"F"}"#),
        [
            "grade invalid_string: must match the pattern `^[A-E]$`",
            "plate invalid_string: must be capital letters"
        ]
    );
    for blank in ["", " ", "\\t\\u00a0"] {
        let json = format!(r#"{{"shown":"{blank}"}}"#);
        assert_eq!(told(&json), ["shown too_small: must not be blank"]);
    }
    for shown in ["a", "  b", "\u{e4}", " \u{1f600}"] {
        accepted::<strings::Texts>(&format!(r#"{{"shown":"{shown}"}}"#));
    }
}

#[test]
fn blanks_around_a_text_do_not_count_where_the_contract_says_so() {
    for loose in ["a@b.c", "  a@b.c", "\\ta@b.c\\r\\n", "   abc@d.ef   "] {
        accepted::<strings::Texts>(&format!(r#"{{"loose":"{loose}"}}"#));
    }
    assert_eq!(
        told(r#"{"loose":"   "}"#),
        ["loose invalid_string: must be an e-mail address of ASCII characters"]
    );
    assert_eq!(
        refused::<strings::Texts>(r#"{"loose":"abcde@f.gh"}"#),
        ["loose too_big"]
    );
    assert_eq!(
        refused::<strings::Texts>(r#"{"mail":" a@b.c"}"#),
        ["mail invalid_string"]
    );
}

#[test]
fn multiples_are_those_of_decimals() {
    for price in ["0.07", "1.1", "19.99", "1070468.14", "0", "3", "1e3"] {
        accepted::<numbers::Numbers>(&format!(r#"{{"price":{price}}}"#));
    }
    for price in ["0.001", "19.995", "0.1234"] {
        assert_eq!(
            refused::<numbers::Numbers>(&format!(r#"{{"price":{price}}}"#)),
            ["price custom"]
        );
    }
}

#[test]
fn answers_stay_readable_when_an_enum_grows() {
    use enums::{Colour, Pet, PetInput};
    let json = r#"{"colour":"octarine","colours":["red"]}"#;
    let pet: Pet = serde_json::from_str(json).unwrap();
    assert_eq!(
        (pet.colour.known(), pet.colour.as_str()),
        (None, "octarine")
    );
    assert_eq!(pet.colours.clone().unwrap()[0], Colour::Red);
    assert_eq!(written(&pet), json);
    // A server neither takes nor sends it.
    assert!(!pet.is_valid());
    assert_eq!(violations(&pet)[0].code, ViolationCode::InvalidEnumValue);
    assert_eq!(refused::<Pet>(json), ["colour invalid_enum_value"]);
    assert_eq!(refused::<PetInput>(json), ["colour invalid_enum_value"]);
    assert!(serde_json::from_str::<PetInput>(json).is_err());
}

#[test]
fn enums_are_read_and_written_as_text() {
    use enums::Colour;
    for colour in Colour::ALL {
        assert_eq!(colour.as_str().parse::<Colour>(), Ok(*colour));
        assert_eq!(colour.to_string(), colour.as_str());
    }
    let error = "green".parse::<Colour>().unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("must be one of `red`, `dark-blue`"),
        "{error}"
    );
}

#[test]
fn lengths_count_characters() {
    accepted::<strings::Texts>(r#"{"bounded":"äöüß"}"#);
    accepted::<strings::Texts>(r#"{"bounded":"🦀🦀🦀🦀"}"#);
    assert_eq!(
        refused::<strings::Texts>(r#"{"bounded":"🦀"}"#),
        ["bounded too_small"]
    );
    assert_eq!(
        refused::<strings::Texts>(r#"{"bounded":"aaaaa"}"#),
        ["bounded too_big"]
    );
}

#[test]
fn lists_are_unique_as_json() {
    assert_eq!(
        refused::<arrays::Lists>(r#"{"anything":[1,1.0]}"#),
        ["anything custom"]
    );
    assert_eq!(
        refused::<arrays::Lists>(r#"{"anything":[{"a":1,"b":2},{"b":2.0,"a":1}]}"#),
        ["anything custom"]
    );
    accepted::<arrays::Lists>(r#"{"anything":[1,"1",true,[1],null]}"#);
    // These differ in what the type drops.
    accepted::<arrays::Lists>(r#"{"things":[{"name":"a","x":1},{"name":"a","x":2}]}"#);
    let many: Vec<String> = (0..1000).map(|n| format!("\"{n}\"")).collect();
    accepted::<arrays::Lists>(&format!(r#"{{"tags":[{}]}}"#, many.join(",")));
    assert_eq!(
        refused::<arrays::Lists>(&format!(r#"{{"tags":[{},"7"]}}"#, many.join(","))),
        ["tags custom"]
    );
}

#[test]
fn properties_that_are_not_listed_are_dropped_refused_kept_or_counted() {
    assert_eq!(
        written(&accepted::<additional::Dropped>(r#"{"a":"x","b":1}"#)),
        r#"{"a":"x"}"#
    );
    assert_eq!(
        refused::<additional::Refused>(r#"{"a":"x","b":1,"c":2}"#),
        ["b custom", "c custom"]
    );
    let json = r#"{"a":"x","z":1,"b":null}"#;
    assert_eq!(written(&accepted::<additional::KeptAny>(json)), json);
    let kept: additional::KeptTyped = accepted(r#"{"additional_properties":"x","n":2.0}"#);
    assert_eq!(kept.additional_properties["n"], 2);
    assert_eq!(
        refused::<additional::KeptTyped>(r#"{"additional_properties":"x","n":0,"m":"2"}"#),
        ["n too_small", "m invalid_type"]
    );
    assert_eq!(refused::<additional::Counted>("{}"), [" too_small"]);
    assert_eq!(
        refused::<additional::Counted>(r#"{"a":"x","b":null,"c":1}"#),
        [" too_big"]
    );
    accepted::<additional::Counted>(r#"{"c":1}"#);
}

#[test]
fn unions_take_the_choice_that_matches() {
    use unions::{Holder, Pet, Shape, TextOrNumber};
    let holder: Holder = accepted(
        r#"{"value":3.0,"pets":[{"kind":"cat","lives":9},{"kind":"puppy","name":"Rex"}]}"#,
    );
    assert_eq!(holder.value, TextOrNumber::Integer(3));
    assert!(matches!(
        holder.pets.as_deref(),
        Some([Pet::Cat(_), Pet::Dog(_)])
    ));
    assert_eq!(refused::<Holder>(r#"{"value":""}"#), ["value too_small"]);
    assert_eq!(refused::<Holder>(r#"{"value":true}"#), ["value custom"]);
    assert_eq!(
        refused::<Holder>(r#"{"value":1,"pets":[{"kind":"cow"},{"kind":"dog"},{}]}"#),
        [
            "pets.0.kind invalid_enum_value",
            "pets.1.name required",
            "pets.2.kind required"
        ]
    );
    assert!(matches!(accepted(r#"{"side":1}"#), Shape::Square(_)));
    assert_eq!(refused::<Shape>(r#"{"side":1,"radius":1}"#), [" custom"]);
}

#[test]
fn tags_must_fit_their_choice() {
    let dog = unions::Dog {
        kind: "cow".to_owned(),
        name: "Rex".to_owned(),
    };
    let pet = unions::Pet::Dog(dog);
    assert!(!pet.is_valid());
    assert_eq!(violations(&pet)[0].path, "kind");
}

#[test]
fn read_only_properties_are_not_required_in_requests() {
    accepted::<access::Account>(r#"{"name":"a","secret":"s"}"#);
    assert_eq!(
        refused::<access::Account>(r#"{"name":"a"}"#),
        ["secret required"]
    );
    accepted::<access::AccountState>(r#"{"id":"a"}"#);
    assert_eq!(refused::<access::AccountState>("{}"), ["id required"]);
}

#[test]
fn parsed_values_are_judged_like_bytes() {
    let value = serde_json::json!({ "name": "", "children": [{}] });
    let from_bytes = decode::<recursion::Tree>(value.to_string().as_bytes()).unwrap_err();
    assert_eq!(
        decode_value::<recursion::Tree>(&value).unwrap_err(),
        from_bytes
    );
    let value = serde_json::json!({ "name": "x", "left": { "name": "y" } });
    assert_eq!(
        serde_json::to_value(decode_value::<recursion::Tree>(&value).unwrap()).unwrap(),
        value
    );
}

#[test]
fn a_hostile_value_is_not_answered_with_endless_violations() {
    let body = format!(
        r#"{{"temperatures":[{}]}}"#,
        vec!["\"\""; 100_000].join(",")
    );
    assert_eq!(
        refused::<numbers::Numbers>(&body).len(),
        types::support::MAX_VIOLATIONS
    );
}

#[test]
fn what_is_wrong_behind_many_items_is_refused_as_well() {
    let many = "[0],".repeat(30_000);
    let grid = |last: &str| format!(r#"{{"grid": [{many}[{last}]]}}"#);
    assert_eq!(
        refused::<arrays::Lists>(&grid("-1")),
        ["grid.30000.0 too_small"]
    );
    accepted::<arrays::Lists>(&grid("1"));
    // A list that was not looked at is not too short for that.
    let some = format!(r#"{{"grid": [{many}[-1]], "some": ["a", "b", "c"], "tags": 1}}"#);
    assert_eq!(refused::<arrays::Lists>(&some), ["tags invalid_type"]);
    let large = format!(r#"{{"some": [{}"a"]}}"#, r#""a","#.repeat(30_000));
    assert_eq!(refused::<arrays::Lists>(&large), ["some too_big"]);
}

#[test]
fn an_event_is_the_webhook_that_its_tag_says() {
    use webhooks::Webhook2;
    let body =
        br#"{"event":"payment.failed","timestamp":"2026-01-01T00:00:00Z","reason":"expired"}"#;
    let event = Webhook2::parse(body).unwrap();
    assert!(matches!(event, Webhook2::PaymentFailed(_)), "{event:?}");
    let of_contract = Webhook2::parse(br#"{"event":"unknown"}"#).unwrap();
    assert!(matches!(of_contract, Webhook2::Unknown(_)));
    let later = Webhook2::parse(br#"{"event":"order.lost"}"#).unwrap();
    assert!(matches!(later, Webhook2::Unknown2(_)));
}

#[test]
fn events_without_a_tag_are_read_as_what_is_said() {
    use webhooks_by_name::Webhook;
    let read = |name, body: &str| Webhook::parse_as(name, body.as_bytes());
    assert_eq!(read("lostPets", "null"), Ok(Webhook::LostPets(None)));
    assert_eq!(read("count", "3.0"), Ok(Webhook::Count(3)));
    let found = read("newPet", r#"{"version":"1"}"#).unwrap_err();
    assert_eq!(found.to_string(), "`name` is required");
    let found = read("lostPets", r#"[{"version":"1","name":"A"},{}]"#).unwrap_err();
    assert_eq!(
        found.to_string(),
        "`1.version` is required; `1.name` is required"
    );
    assert_eq!(read("later", "?").unwrap().name(), "later");
}
