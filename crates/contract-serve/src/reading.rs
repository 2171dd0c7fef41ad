//! What the texts of a form can stand for where a value can be of several kinds.

use serde_json::{Number, Value};

use crate::{FilePart, Violation, ViolationCode, covers, part_text, repeated, violation};
use contract_wire::At;

/// What a text can stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kinds(u8);

impl Kinds {
    /// Itself.
    pub const TEXT: Kinds = Kinds(1);
    /// A number.
    pub const NUMBER: Kinds = Kinds(2);
    /// `true` or `false`.
    pub const BOOLEAN: Kinds = Kinds(4);
    /// JSON: an object or list.
    pub const JSON: Kinds = Kinds(8);
    /// Nothing.
    pub const NONE: Kinds = Kinds(0);

    /// Any of both.
    #[must_use]
    pub const fn or(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    fn has(self, other: Kinds) -> bool {
        self.0 & other.0 != 0
    }

    /// The value that `part` stands for. `as_text`: what may be text is text.
    fn value(self, part: &FilePart, as_text: bool, at: &At<'_>) -> Result<Value, Violation> {
        let mut found = Vec::new();
        let Some(text) = part_text(part, at, &mut found) else {
            return Err(found.swap_remove(0));
        };
        let stated = part.content_type.as_deref();
        let is_json = stated
            .is_some_and(|stated| covers("application/json", stated) || covers("*/*+json", stated));
        // Whoever says so can tell a text from what it looks like.
        let begins = text.trim_start().starts_with(['{', '[']);
        if is_json || self == Kinds::JSON || (self.has(Kinds::JSON) && begins) {
            match serde_json::from_str(&text) {
                Ok(value) => return Ok(value),
                Err(error) if self == Kinds::JSON || is_json => {
                    let flaw = (ViolationCode::InvalidType, format!("must be JSON: {error}"));
                    return Err(violation(at, flaw));
                }
                Err(_) => {}
            }
        }
        if !(as_text && self.has(Kinds::TEXT)) {
            match text.as_ref() {
                "true" if self.has(Kinds::BOOLEAN) => return Ok(Value::Bool(true)),
                "false" if self.has(Kinds::BOOLEAN) => return Ok(Value::Bool(false)),
                _ => {}
            }
            if self.has(Kinds::NUMBER)
                && let Ok(number) = serde_json::from_str::<Number>(&text)
            {
                return Ok(Value::Number(number));
            }
        }
        Ok(Value::String(text.into_owned()))
    }
}

/// What the parts of one name stand for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reading {
    one: Kinds,
    item: Kinds,
}

impl Reading {
    /// A single value: there is one part.
    pub const fn one(kinds: Kinds) -> Reading {
        Reading {
            one: kinds,
            item: Kinds::NONE,
        }
    }

    /// A list: each part is an item.
    pub const fn list(kinds: Kinds) -> Reading {
        Reading {
            one: Kinds::NONE,
            item: kinds,
        }
    }

    /// A list, or a single value where there is one part.
    pub const fn either(one: Kinds, item: Kinds) -> Reading {
        Reading { one, item }
    }

    pub(crate) fn value(
        self,
        parts: &[FilePart],
        as_text: bool,
        at: &At<'_>,
    ) -> Result<Value, Violation> {
        let is_list = self.item != Kinds::NONE;
        match parts {
            [part] if !is_list || self.one != Kinds::NONE => self.one.value(part, as_text, at),
            parts if is_list => {
                let items = parts.iter().enumerate();
                let items = items.map(|(index, part)| {
                    let kinds = self.item;
                    kinds.value(part, as_text, &at.item(index))
                });
                items.collect::<Result<_, _>>().map(Value::Array)
            }
            _ => Err(repeated(at)),
        }
    }
}
