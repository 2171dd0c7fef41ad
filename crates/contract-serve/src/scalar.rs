//! Values that arrive as text: parameters, headers, cookies, form fields. [`Scalar`] says which types
//! do.

use std::borrow::Cow;

use contract_wire::{At, Flaw, Rule, Unread};

use crate::{Scalar, Violation, ViolationCode};

/// Constraints of a value; `None`: its type says all.
pub type Constraint = Option<&'static Rule>;

/// Reads a value at `at` and checks it. `None`: it is wrong, and `found` knows.
pub(crate) fn read_scalar<T: Scalar>(
    text: Cow<'_, str>,
    rule: Constraint,
    at: &At<'_>,
    found: &mut Vec<Violation>,
) -> Option<T> {
    match (T::read(text), rule) {
        (Ok(value), None) => Some(value),
        (Ok(value), Some(rule)) => {
            let before = found.len();
            let value = value.checked(rule, at, found);
            (found.len() == before).then_some(value)
        }
        (Err(unread), rule) => {
            note(unread, rule, at, found);
            None
        }
    }
}

/// Reads a value of a list or map at `at`, whose `rule` is checked with all of them together.
pub(crate) fn read_item<T: Scalar>(
    text: Cow<'_, str>,
    rule: Constraint,
    at: &At<'_>,
    found: &mut Vec<Violation>,
) -> Option<T> {
    T::read(text)
        .map_err(|unread| {
            let rule = match rule {
                Some(Rule::List(rule)) => Some(rule.item),
                Some(Rule::Object(rule)) => rule.additional,
                _ => None,
            };
            note(unread, rule, at, found);
        })
        .ok()
}

/// Says why a value was not read: a number out of range by the bounds of the contract, not by
/// those of a type that the caller knows nothing of.
fn note(unread: Unread, rule: Constraint, at: &At<'_>, found: &mut Vec<Violation>) {
    let before = found.len();
    let small = match (unread, rule) {
        (Unread::Flaw(flaw), _) => return found.push(violation(at, flaw)),
        (Unread::Whole(value), rule) => {
            if let Some(Rule::Integer(rule)) = rule {
                rule.check(value, at, found);
            }
            value < 0
        }
        (Unread::Float(value), rule) => {
            if let Some(Rule::Number(rule)) = rule {
                rule.check(value, at, found);
            }
            value < 0.0
        }
    };
    if found.len() == before {
        let flaw = match small {
            true => (ViolationCode::TooSmall, "is too small".to_owned()),
            false => (ViolationCode::TooBig, "is too large".to_owned()),
        };
        found.push(violation(at, flaw));
    }
}

/// A violation at a place.
pub(crate) fn violation(at: &At<'_>, flaw: Flaw) -> Violation {
    let (code, message) = flaw;
    Violation {
        path: at.to_string(),
        code,
        message,
    }
}

/// A value that must be there and is not.
pub(crate) fn missing(at: &At<'_>) -> Violation {
    violation(at, (ViolationCode::Required, "is required".to_owned()))
}

/// A value that was given twice.
pub(crate) fn repeated(at: &At<'_>) -> Violation {
    violation(
        at,
        (ViolationCode::Custom, "must be given only once".to_owned()),
    )
}

/// Text that is no text.
pub(crate) fn not_utf8(at: &At<'_>) -> Violation {
    violation(
        at,
        (ViolationCode::InvalidString, "must be UTF-8".to_owned()),
    )
}
