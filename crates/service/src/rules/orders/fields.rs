//! Order fields of the tenant's own: what their settings demand, and how lists find them.

use regex::Regex;
use serde_json::{Map, Value};
use types::support::format::Format;

use crate::error::Error;
use crate::rules::settings::{CustomField, CustomFieldSection, CustomFieldType};
use crate::rules::texts::Violation;

/// What is wrong with the values given for the tenant's order fields. Values of other fields are
/// stored as they are.
pub(super) fn check(
    declared: &[CustomField],
    given: Option<&Map<String, Value>>,
) -> Result<Vec<Violation>, Error> {
    let mut violations = Vec::new();
    for field in declared
        .iter()
        .filter(|field| field.section == CustomFieldSection::Order)
    {
        let value = given.and_then(|given| given.get(&field.id));
        if let Some((code, message)) = fault(field, value)? {
            violations.push((format!("customFields.{}", field.id), code, message));
        }
    }
    Ok(violations)
}

/// The scalar values as text, which is what the filter `customField_<id>` compares.
pub(crate) fn searchable(given: &Map<String, Value>) -> Vec<(String, String)> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    };
    given
        .iter()
        .filter_map(|(id, value)| Some((id.clone(), text(value)?)))
        .collect()
}

type Fault = Option<(&'static str, String)>;

fn fault(field: &CustomField, value: Option<&Value>) -> Result<Fault, Error> {
    let value = match value {
        None | Some(Value::Null) => return Ok(missing(field)),
        Some(Value::String(text)) if text.is_empty() => return Ok(missing(field)),
        Some(value) => value,
    };
    match (field.kind, value) {
        (CustomFieldType::Number, Value::Number(_)) => Ok(None),
        (CustomFieldType::Number, _) => Ok(Some(("invalid_type", "must be a number".into()))),
        (_, Value::String(text)) => text_fault(field, text),
        (_, _) => Ok(Some(("invalid_type", "must be text".into()))),
    }
}

fn missing(field: &CustomField) -> Fault {
    field.required.then(|| {
        (
            "required",
            "is required by the settings of this tenant".into(),
        )
    })
}

fn text_fault(field: &CustomField, text: &str) -> Result<Fault, Error> {
    let length = text.chars().count() as u64;
    if let Some(exact) = field.exact_length
        && length != exact
    {
        let code = if length < exact {
            "too_small"
        } else {
            "too_big"
        };
        return Ok(Some((
            code,
            format!("must have exactly {exact} characters"),
        )));
    }
    if let Some(least) = field.min_length
        && length < least
    {
        return Ok(Some((
            "too_small",
            format!("must have at least {least} characters"),
        )));
    }
    if let Some(most) = field.max_length
        && length > most
    {
        return Ok(Some((
            "too_big",
            format!("must have at most {most} characters"),
        )));
    }
    if let Some(pattern) = &field.pattern {
        let broken = |error| Error::Broken(format!("pattern of field `{}`: {error}", field.id));
        if !Regex::new(pattern).map_err(broken)?.is_match(text) {
            return Ok(Some((
                "invalid_string",
                "must match the pattern of the field".into(),
            )));
        }
    }
    Ok(match field.kind {
        CustomFieldType::Email if !Format::Email.accepts(text) => {
            Some(("invalid_string", "must be an e-mail address".into()))
        }
        CustomFieldType::Phone if !is_phone(text) => Some((
            "invalid_string",
            "must be a telephone number: digits, blanks and `+ ( ) - . /`".into(),
        )),
        CustomFieldType::Select if !field.options.iter().any(|option| option == text) => {
            let message = format!("must be one of `{}`", field.options.join("`, `"));
            Some(("invalid_enum_value", message))
        }
        _ => None,
    })
}

/// Written as people write telephone numbers anywhere: only what cannot be one is refused.
fn is_phone(text: &str) -> bool {
    let fits = |it: char| it.is_ascii_digit() || " +()-./".contains(it);
    text.chars().all(fits) && text.contains(|it: char| it.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn field(settings: Value) -> CustomField {
        let mut field = json!({ "id": "f", "type": "text", "section": "order" });
        let all = field.as_object_mut().unwrap();
        all.extend(settings.as_object().unwrap().clone());
        serde_json::from_value(field).unwrap()
    }

    /// The detail code for a value, or `ok`.
    fn verdict(settings: Value, value: Value) -> &'static str {
        let given = json!({ "f": value });
        let violations = check(&[field(settings)], given.as_object()).unwrap();
        violations.first().map_or("ok", |(_, code, _)| *code)
    }

    #[test]
    fn required_fields_are_missed_when_absent_null_or_empty() {
        let required = field(json!({ "required": true }));
        let missing = check(std::slice::from_ref(&required), None).unwrap();
        assert_eq!(missing[0].0, "customFields.f");
        assert_eq!(missing[0].1, "required");
        assert_eq!(
            verdict(json!({ "required": true }), json!(null)),
            "required"
        );
        assert_eq!(verdict(json!({ "required": true }), json!("")), "required");
        assert_eq!(
            verdict(json!({ "required": false, "minLength": 3 }), json!("")),
            "ok"
        );
        assert_eq!(
            verdict(
                json!({ "required": true, "section": "customer" }),
                json!(null)
            ),
            "ok"
        );
    }

    #[test]
    fn values_are_of_the_type_of_the_field() {
        assert_eq!(verdict(json!({ "type": "number" }), json!(1.5)), "ok");
        assert_eq!(
            verdict(json!({ "type": "number" }), json!("1.5")),
            "invalid_type"
        );
        assert_eq!(verdict(json!({ "type": "text" }), json!(1)), "invalid_type");
        assert_eq!(
            verdict(json!({ "type": "email" }), json!("a@b.example")),
            "ok"
        );
        assert_eq!(
            verdict(json!({ "type": "email" }), json!("nobody")),
            "invalid_string"
        );
        for (number, expected) in [
            ("+49 (0)30 123-456", "ok"),
            ("020.7946/0", "ok"),
            ("+", "invalid_string"),
            ("call me", "invalid_string"),
        ] {
            let phone = json!({ "type": "phone" });
            assert_eq!(verdict(phone, json!(number)), expected, "{number}");
        }
        let select = json!({ "type": "select", "options": ["a", "b"] });
        assert_eq!(verdict(select.clone(), json!("b")), "ok");
        assert_eq!(verdict(select, json!("c")), "invalid_enum_value");
    }

    #[test]
    fn lengths_count_characters() {
        assert_eq!(verdict(json!({ "maxLength": 2 }), json!("äö")), "ok");
        assert_eq!(verdict(json!({ "maxLength": 2 }), json!("äöü")), "too_big");
        assert_eq!(verdict(json!({ "minLength": 2 }), json!("ä")), "too_small");
        assert_eq!(
            verdict(json!({ "exactLength": 2 }), json!("ä")),
            "too_small"
        );
        assert_eq!(
            verdict(json!({ "exactLength": 2 }), json!("äöü")),
            "too_big"
        );
        assert_eq!(verdict(json!({ "exactLength": 2 }), json!("äö")), "ok");
    }

    #[test]
    fn patterns_hold_and_a_broken_one_is_not_the_callers_affair() {
        assert_eq!(
            verdict(json!({ "pattern": "^[0-9]{4}$" }), json!("4711")),
            "ok"
        );
        assert_eq!(
            verdict(json!({ "pattern": "^[0-9]{4}$" }), json!("47a1")),
            "invalid_string"
        );
        let broken = field(json!({ "pattern": "(" }));
        let given = json!({ "f": "x" });
        assert!(matches!(
            check(&[broken], given.as_object()),
            Err(Error::Broken(_))
        ));
    }

    #[test]
    fn scalars_are_searchable_as_text() {
        let given = json!({ "a": "x", "b": 4711, "c": true, "d": null, "e": [1], "f": {} });
        let found = searchable(given.as_object().unwrap());
        let expected = [("a", "x"), ("b", "4711"), ("c", "true")];
        assert_eq!(found, expected.map(|(id, text)| (id.into(), text.into())));
    }
}
