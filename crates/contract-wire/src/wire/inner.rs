//! Whole schemas: words that look at the properties of an object and at the items of a list.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::evaluate::{Marks, Walk};
use super::plain::{plain_word, told};
use super::sink::Sink;
use super::{At, ObjectWords, Schema, ViolationCode, Word, unique_json};

impl Walk {
    pub(super) fn object_word(
        &mut self,
        word: &'static Word,
        value: &Value,
        object: &Map<String, Value>,
        at: &At<'_>,
        mut marks: Option<&mut Marks>,
        mut sink: Option<&mut Sink<'_>>,
    ) -> bool {
        match word {
            Word::Properties(min, max) => {
                let fine = (*min..=*max).contains(&object.len());
                told(fine, sink, |sink| {
                    sink.size(at, object.len(), *min, *max, "property");
                })
            }
            Word::Required(names) => names.iter().fold(true, |fine, name| {
                let here = object.contains_key(*name);
                fine & told(here, sink.as_deref_mut(), |sink| {
                    let at = at.property(name);
                    sink.add(&at, ViolationCode::Required, || "is required".to_owned());
                })
            }),
            Word::DependentRequired(dependent) => {
                let mut fine = true;
                for (name, needed) in dependent
                    .iter()
                    .filter(|(name, _)| object.contains_key(*name))
                {
                    for other in needed.iter().filter(|other| !object.contains_key(**other)) {
                        fine = told(false, sink.as_deref_mut(), |sink| {
                            sink.add(&at.property(other), ViolationCode::Required, || {
                                format!("is required beside `{name}`")
                            });
                        });
                    }
                }
                fine
            }
            Word::DependentSchemas(dependent) => {
                let mut fine = true;
                for (name, schema) in *dependent {
                    if object.contains_key(*name) {
                        let (marks, sink) = (marks.as_deref_mut(), sink.as_deref_mut());
                        fine &= self.run(schema, value, at, marks, sink);
                    }
                }
                fine
            }
            Word::Object(words) => self.properties(words, object, at, marks, sink),
            Word::Names(schema) => {
                let mut fine = true;
                for name in object.keys() {
                    // Names are no part of the value: what is known of them is theirs alone.
                    let mut walk = Walk {
                        scope: self.scope.clone(),
                        known: HashMap::new(),
                    };
                    let text = Value::String(name.clone());
                    let allowed = walk.run(schema, &text, at, None, None);
                    fine &= told(allowed, sink.as_deref_mut(), |sink| {
                        sink.add(&at.property(name), ViolationCode::Custom, || {
                            "is no name that a property may have".to_owned()
                        });
                    });
                }
                fine
            }
            Word::OtherProperties(schema) => {
                let mut fine = true;
                let seen = marks.as_deref().cloned();
                for (index, (name, value)) in object.iter().enumerate() {
                    if seen.as_ref().is_some_and(|seen| seen.has(index)) {
                        continue;
                    }
                    let at = at.property(name);
                    fine &= self.other(schema, value, &at, sink.as_deref_mut());
                    if let Some(marks) = marks.as_deref_mut() {
                        marks.set(index);
                    }
                }
                fine
            }
            _ => plain_word(word, value, at, sink),
        }
    }

    fn properties(
        &mut self,
        words: &'static ObjectWords,
        object: &Map<String, Value>,
        at: &At<'_>,
        mut marks: Option<&mut Marks>,
        mut sink: Option<&mut Sink<'_>>,
    ) -> bool {
        let mut fine = true;
        for (index, (name, value)) in object.iter().enumerate() {
            let at = at.property(name);
            let mut seen = false;
            if let Some((_, schema)) = words.named.iter().find(|(known, _)| known == name) {
                seen = true;
                fine &= self.run(schema, value, &at, None, sink.as_deref_mut());
            }
            for (pattern, schema) in words.matching {
                if (pattern.matches)(name) {
                    seen = true;
                    fine &= self.run(schema, value, &at, None, sink.as_deref_mut());
                }
            }
            if !seen && let Some(schema) = words.others {
                seen = true;
                fine &= self.other(schema, value, &at, sink.as_deref_mut());
            }
            if !fine && sink.is_none() {
                return false;
            }
            if seen && let Some(marks) = marks.as_deref_mut() {
                marks.set(index);
            }
        }
        fine
    }

    /// A property that no other word speaks of.
    fn other(
        &mut self,
        schema: &'static Schema,
        value: &Value,
        at: &At<'_>,
        sink: Option<&mut Sink<'_>>,
    ) -> bool {
        if !schema.is_never() {
            return self.run(schema, value, at, None, sink);
        }
        told(false, sink, |sink| {
            sink.add(at, ViolationCode::Custom, || {
                "is not a known property".to_owned()
            });
        })
    }

    pub(super) fn list_word(
        &mut self,
        word: &'static Word,
        value: &Value,
        items: &[Value],
        at: &At<'_>,
        mut marks: Option<&mut Marks>,
        mut sink: Option<&mut Sink<'_>>,
    ) -> bool {
        match word {
            Word::Items(min, max) => {
                let fine = (*min..=*max).contains(&items.len());
                told(fine, sink, |sink| {
                    sink.size(at, items.len(), *min, *max, "item");
                })
            }
            Word::Unique => told(unique_json(items), sink, |sink| {
                sink.add(at, ViolationCode::Custom, || {
                    "must not have the same item twice".to_owned()
                });
            }),
            Word::List(prefix, rest) => {
                let mut fine = true;
                for (index, item) in items.iter().enumerate() {
                    let Some(schema) = prefix.get(index).copied().or(*rest) else {
                        break;
                    };
                    fine &= self.run(schema, item, &at.item(index), None, sink.as_deref_mut());
                    if !fine && sink.is_none() {
                        return false;
                    }
                    if let Some(marks) = marks.as_deref_mut() {
                        marks.set(index);
                    }
                }
                fine
            }
            Word::Contains(schema, min, max) => {
                let mut count = 0_usize;
                for (index, item) in items.iter().enumerate() {
                    if self.run(schema, item, at, None, None) {
                        count += 1;
                        if let Some(marks) = marks.as_deref_mut() {
                            marks.set(index);
                        }
                    }
                }
                told((*min..=*max).contains(&count), sink, |sink| {
                    let (code, bound, limit) = match count < *min {
                        true => (ViolationCode::TooSmall, "least", *min),
                        false => (ViolationCode::TooBig, "most", *max),
                    };
                    let noun = if limit == 1 { "item" } else { "items" };
                    sink.add(at, code, || {
                        format!("must have at {bound} {limit} {noun} that `contains` describes")
                    });
                })
            }
            Word::OtherItems(schema) => {
                let mut fine = true;
                let seen = marks.as_deref().cloned();
                for (index, item) in items.iter().enumerate() {
                    if seen.as_ref().is_some_and(|seen| seen.has(index)) {
                        continue;
                    }
                    fine &= self.run(schema, item, &at.item(index), None, sink.as_deref_mut());
                    if let Some(marks) = marks.as_deref_mut() {
                        marks.set(index);
                    }
                }
                fine
            }
            _ => plain_word(word, value, at, sink),
        }
    }
}
