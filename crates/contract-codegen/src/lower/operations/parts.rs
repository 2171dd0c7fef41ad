//! Parts of forms: of which type each is, and how it is written. What is read how: the head of `forms`.

use super::encoding::Encoding;
use super::forms::Lowering;
use crate::lower::schemas::{Part as SchemaPart, Plan, Table, first_place};
use crate::lower::values::Types;
use crate::model::{Shape, Use, Writing};

impl Lowering<'_, '_, '_> {
    /// Files, where bytes are one of several kinds that a part can be of.
    pub(super) fn files(&mut self, places: &[SchemaPart]) -> Option<Use> {
        if self.is_form || places.is_empty() {
            return None;
        }
        let planned = self.schemas.planner.plan(places)?;
        let Plan::Choices(choices) = planned.plan else {
            return None;
        };
        let (mut bytes, mut others, mut list) = (false, false, None);
        for (_, parts) in &choices.each {
            let planned = self.schemas.planner.plan(parts)?;
            match planned.plan {
                Plan::Binary => bytes = true,
                Plan::One(Types::ARRAY) => {
                    let items = planned.facts.items.clone();
                    let item = self.schemas.planner.plan(&items);
                    match item.map(|item| item.plan) {
                        Some(Plan::Binary) => {
                            bytes = true;
                            list = Some(planned.facts.array_rules());
                        }
                        _ => others = true,
                    }
                }
                _ => others = true,
            }
        }
        if !bytes {
            return None;
        }
        if others {
            let message = "a part that is a file or something else is handed over as a file: only bytes have all of it";
            let hint = "use parts of their own";
            let at = first_place(places).to_owned();
            self.schemas.planner.problems.warn(&at, message, hint);
        }
        let file = Use {
            shape: Shape::Binary,
            nullable: false,
        };
        Some(match list {
            None => file,
            Some(mut rules) => {
                // A single one is no list, so that the least number does not hold for it.
                rules.min_items = rules.min_items.filter(|least| *least <= 1);
                Use {
                    shape: Shape::Array(Box::new(file), rules),
                    nullable: false,
                }
            }
        })
    }

    /// The type of a part, and how it is written.
    pub(super) fn typed(
        &mut self,
        mut value: Use,
        places: &[SchemaPart],
        encoding: Option<&Encoding<'_>>,
    ) -> (Use, Writing) {
        // Made by now, so that it can be asked about.
        self.schemas.build_all_pending();
        let is_form = self.is_form;
        let open = |value: &mut Use| {
            if value.shape == Shape::Any {
                value.shape = match is_form {
                    true => Shape::String(Default::default()),
                    false => Shape::Binary,
                };
            }
        };
        let json = encoding.is_some_and(Encoding::is_json);
        if !json {
            open(&mut value);
        }
        // A part is there, or it is not.
        value.nullable = false;
        let table = &self.schemas.table;
        if matches!(table.shape_of(&value), Some(Shape::Array(..))) {
            value = table.without_null(value);
            if let (Shape::Array(item, _), false) = (&mut value.shape, json) {
                open(item);
            }
        }
        let table = &self.schemas.table;
        if is_form {
            text_for_bytes(&mut value, table);
        }
        let item = match table.shape_of(&value) {
            Some(Shape::Array(item, _)) => Some(&**item),
            _ => None,
        };
        let is_file = |value: &Use| table.shape_of(value) == Some(&Shape::Binary);
        let by_itself = item.map_or_else(
            || is_file(&value) || table.is_plain(&value) || is_json(&value, table),
            |item| is_file(item) || table.is_plain(item),
        );
        let at = first_place(places).to_owned();
        let Some(encoding) = encoding else {
            let is_map = matches!(table.shape_of(&value), Some(Shape::Map(..)));
            if is_form && (is_map || table.is_object(&value)) {
                let message = "an object in a urlencoded form is JSON, as OpenAPI 3.1.1 has it; earlier versions \
                               leave it open";
                let hint = "say so by `contentType: application/json` under `encoding`, or by `style` otherwise";
                self.schemas.planner.problems.warn(&at, message, hint);
            }
            return (
                value,
                if by_itself {
                    Writing::Plain
                } else {
                    Writing::Value
                },
            );
        };
        if let Some(style) = encoding.style {
            let plain = item.is_some_and(|item| table.is_plain(item));
            let object = item.is_none() && !table.is_plain(&value) && !is_file(&value);
            return match style.writing(plain, object) {
                Ok(Some(writing)) => (value, writing),
                Ok(None) => (
                    value,
                    if by_itself {
                        Writing::Plain
                    } else {
                        Writing::Value
                    },
                ),
                Err(why) => {
                    self.schemas.refuse(&encoding.pointer, why, encoding.hint());
                    (value, Writing::Plain)
                }
            };
        }
        let looks = item.unwrap_or(&value);
        if json {
            let writing = match (item, table.is_plain(looks)) {
                // Each item by itself.
                (Some(_), false) => Writing::Value,
                (Some(_), true) => {
                    let why = "a list of plain values as JSON is written item by item, which is not supported";
                    let hint = "put the list into an object, or remove `contentType`";
                    self.schemas.refuse(&encoding.pointer, why, hint);
                    Writing::Plain
                }
                (None, true) => Writing::Json,
                (None, false) => Writing::Plain,
            };
            return (value, writing);
        }
        if encoding.media_types.is_empty() || is_file(looks) || table.is_plain(looks) {
            return (
                value,
                if by_itself {
                    Writing::Plain
                } else {
                    Writing::Value
                },
            );
        }
        // Nobody knows how such a thing is written.
        let message = format!(
            "a part of `{}` is handed over as it is: its schema has no effect",
            encoding.media_types.join(", ")
        );
        self.schemas
            .planner
            .problems
            .warn(&at, message, "use `application/json`");
        let raw = Use {
            shape: match is_form {
                true => Shape::String(Default::default()),
                false => Shape::Binary,
            },
            nullable: false,
        };
        let value = match &value.shape {
            Shape::Array(_, rules) => Use {
                shape: Shape::Array(Box::new(raw), rules.clone()),
                nullable: false,
            },
            _ => raw,
        };
        (value, Writing::Plain)
    }
}

/// Whether a value is JSON whatever it holds: an object, a map, or one of several objects.
fn is_json(value: &Use, table: &Table) -> bool {
    match table.shape_of(value) {
        Some(Shape::Map(..) | Shape::Literal(_)) => true,
        Some(_) => false,
        None => table.is_object(value),
    }
}

/// Text in place of bytes, which a urlencoded form has no room for.
fn text_for_bytes(value: &mut Use, table: &Table) {
    if let Shape::Checked(inner, _) = &mut value.shape {
        return text_for_bytes(inner, table);
    }
    match table.shape_of(value) {
        Some(Shape::Binary) => value.shape = Shape::String(Default::default()),
        Some(Shape::Array(item, rules)) if table.shape_of(item) == Some(&Shape::Binary) => {
            let (mut item, rules) = (item.clone(), rules.clone());
            text_for_bytes(&mut item, table);
            value.shape = Shape::Array(item, rules);
        }
        _ => {}
    }
}
