//! Values held against whole schemas.
//!
//! There is one walk for both questions, whether a value is fine and what is wrong with it: with a sink it goes
//! on after what is wrong, and says so.

use std::collections::HashMap;

use serde_json::Value;

use super::plain::{plain_word, told};
use super::sink::Sink;
use super::{At, Resource, Schema, Violation, ViolationCode, Word};

impl Schema {
    /// A schema that belongs to no resource.
    pub const fn new(words: &'static [Word]) -> Schema {
        Schema {
            words,
            resource: None,
        }
    }

    /// Whether nothing is wrong with `value`.
    pub fn accepts(&'static self, value: &Value) -> bool {
        Walk::default().run(self, value, &At::ROOT, None, None)
    }

    /// Notes in `found` everything that is wrong with `value`, which stands at `at`.
    pub fn check(&'static self, value: &Value, at: &At<'_>, found: &mut Vec<Violation>) {
        self.walk(value, at, &mut Sink::new(found));
    }

    pub(crate) fn walk(&'static self, value: &Value, at: &At<'_>, sink: &mut Sink<'_>) {
        match sink.is_brief() {
            true if self.accepts(value) => {}
            // Who asks wants to know whether another type was meant, and no more.
            true => match self.is_of_other_type(value) {
                true => sink.wrong_type(at, "of another type"),
                false => sink.add(at, ViolationCode::Custom, String::new),
            },
            false => {
                Walk::default().run(self, value, at, None, Some(sink));
            }
        }
    }

    /// Whether it is the schema `false`.
    pub(super) fn is_never(&self) -> bool {
        matches!(self.words, [Word::Never])
    }

    fn is_of_other_type(&self, value: &Value) -> bool {
        self.words.iter().any(|word| match word {
            Word::Types(types) => !types.iter().any(|one| one.has(value)),
            _ => false,
        })
    }

    /// Whether it asks what other words looked at.
    fn gathers(&self) -> bool {
        let mut words = self.words.iter();
        words.any(|word| matches!(word, Word::OtherProperties(_) | Word::OtherItems(_)))
    }
}

/// Which properties, or which items, of a value were looked at.
#[derive(Clone)]
pub(super) struct Marks(Vec<bool>);

impl Marks {
    pub(super) fn of(value: &Value) -> Marks {
        Marks(match value {
            Value::Array(items) => vec![false; items.len()],
            Value::Object(object) => vec![false; object.len()],
            _ => Vec::new(),
        })
    }

    pub(super) fn set(&mut self, index: usize) {
        if let Some(mark) = self.0.get_mut(index) {
            *mark = true;
        }
    }

    pub(super) fn has(&self, index: usize) -> bool {
        self.0.get(index).copied().unwrap_or(false)
    }

    fn add(&mut self, other: &Marks) {
        for (mark, other) in self.0.iter_mut().zip(&other.0) {
            *mark |= other;
        }
    }
}

/// By address: a schema that was referred to, the value that was held against it, and the resources gone through
/// before, on which dynamic references depend.
pub(super) type Key = (usize, usize, Vec<usize>);

/// What is known of a schema and a value.
pub(super) enum Known {
    /// They are being looked at. Who comes back to them on the way learns nothing new.
    Open,
    /// The verdict, and what was looked at if anyone asked.
    Done(bool, Option<Marks>),
}

/// A walk through one value. Neither values nor schemas go away during it, so no address is used twice.
#[derive(Default)]
pub(super) struct Walk {
    /// Resources on the way here, the outermost first, each once.
    pub(super) scope: Vec<&'static Resource>,
    /// Only references make circles, so remembering them keeps the time linear.
    pub(super) known: HashMap<Key, Known>,
}

impl Walk {
    /// Whether `value` is what `schema` demands. `marks`: what was looked at; `sink`: what is wrong.
    pub(super) fn run(
        &mut self,
        schema: &'static Schema,
        value: &Value,
        at: &At<'_>,
        marks: Option<&mut Marks>,
        mut sink: Option<&mut Sink<'_>>,
    ) -> bool {
        let depth = self.scope.len();
        let tells = sink.is_some();
        if let Some(resource) = schema.resource
            && !self.scope.iter().any(|one| std::ptr::eq(*one, resource))
        {
            self.scope.push(resource);
        }
        let wanted = marks.is_some() || schema.gathers();
        let mut own = wanted.then(|| Marks::of(value));
        let mut fine = true;
        for word in schema.words {
            fine &= self.word(word, value, at, own.as_mut(), sink.as_deref_mut());
            if !fine && sink.as_ref().is_none_or(|sink| sink.is_full()) {
                break;
            }
        }
        self.scope.truncate(depth);
        // Of what is wrong in itself, nobody is told that it is also more than there may be.
        if (fine || tells)
            && let (Some(marks), Some(own)) = (marks, own)
        {
            marks.add(&own);
        }
        fine
    }

    fn word(
        &mut self,
        word: &'static Word,
        value: &Value,
        at: &At<'_>,
        marks: Option<&mut Marks>,
        sink: Option<&mut Sink<'_>>,
    ) -> bool {
        match word {
            Word::Refer(schema) => self.refer(schema, value, at, marks, sink),
            Word::ReferDynamic(anchor, schema) => {
                let schema = self.outermost(anchor).unwrap_or(schema);
                self.refer(schema, value, at, marks, sink)
            }
            Word::AllOf(schemas) => self.all_of(schemas, value, at, marks, sink),
            Word::AnyOf(schemas) => self.any_of(schemas, value, at, marks, sink),
            Word::OneOf(schemas) => self.one_of(schemas, value, at, marks, sink),
            Word::Not(schema) => {
                let matches = self.run(schema, value, at, None, None);
                told(!matches, sink, |sink| {
                    let message = "must not match what `not` describes";
                    sink.add(at, ViolationCode::Custom, || message.to_owned());
                })
            }
            Word::If(condition, then, other) => {
                let mut seen = marks.is_some().then(|| Marks::of(value));
                let branch = match self.run(condition, value, at, seen.as_mut(), None) {
                    true => then,
                    false => other,
                };
                let mut marks = marks;
                if let (Some(marks), Some(seen)) = (marks.as_deref_mut(), &seen) {
                    marks.add(seen);
                }
                branch.is_none_or(|branch| self.run(branch, value, at, marks, sink))
            }
            _ => match value {
                Value::Object(object) => self.object_word(word, value, object, at, marks, sink),
                Value::Array(items) => self.list_word(word, value, items, at, marks, sink),
                _ => plain_word(word, value, at, sink),
            },
        }
    }

    /// The schema that has `anchor` in the outermost resource that has such a one.
    fn outermost(&self, anchor: &str) -> Option<&'static Schema> {
        let mut anchors = self.scope.iter().flat_map(|resource| resource.anchors);
        anchors
            .find(|(name, _)| *name == anchor)
            .map(|found| found.1)
    }

    fn refer(
        &mut self,
        schema: &'static Schema,
        value: &Value,
        at: &At<'_>,
        mut marks: Option<&mut Marks>,
        sink: Option<&mut Sink<'_>>,
    ) -> bool {
        let scope = self.scope.iter().map(|one| std::ptr::from_ref(*one).addr());
        let key: Key = (
            std::ptr::from_ref(schema).addr(),
            std::ptr::from_ref(value).addr(),
            scope.collect(),
        );
        match self.known.get(&key) {
            Some(Known::Open) => return true,
            Some(Known::Done(false, _)) if sink.is_none() => return false,
            Some(Known::Done(true, None)) if marks.is_none() => return true,
            Some(Known::Done(true, Some(seen))) => {
                if let Some(marks) = marks.as_deref_mut() {
                    marks.add(seen);
                }
                return true;
            }
            _ => {}
        }
        self.known.insert(key.clone(), Known::Open);
        let tells = sink.is_some();
        let mut seen = marks.is_some().then(|| Marks::of(value));
        let fine = self.run(schema, value, at, seen.as_mut(), sink);
        if (fine || tells)
            && let (Some(marks), Some(seen)) = (marks, &seen)
        {
            marks.add(seen);
        }
        self.known.insert(key, Known::Done(fine, seen));
        fine
    }

    fn all_of(
        &mut self,
        schemas: &'static [&'static Schema],
        value: &Value,
        at: &At<'_>,
        mut marks: Option<&mut Marks>,
        mut sink: Option<&mut Sink<'_>>,
    ) -> bool {
        let mut fine = true;
        for schema in schemas {
            fine &= self.run(schema, value, at, marks.as_deref_mut(), sink.as_deref_mut());
            if !fine && sink.is_none() {
                break;
            }
        }
        fine
    }

    fn any_of(
        &mut self,
        schemas: &'static [&'static Schema],
        value: &Value,
        at: &At<'_>,
        mut marks: Option<&mut Marks>,
        sink: Option<&mut Sink<'_>>,
    ) -> bool {
        let mut found = false;
        for schema in schemas {
            found |= self.run(schema, value, at, marks.as_deref_mut(), None);
            if found && marks.is_none() {
                break;
            }
        }
        told(found, sink, |sink| match schemas {
            [only] => {
                self.run(only, value, at, None, Some(sink));
            }
            _ => sink.add(at, ViolationCode::Custom, || {
                "must match at least one of the schemas of `anyOf`".to_owned()
            }),
        })
    }

    fn one_of(
        &mut self,
        schemas: &'static [&'static Schema],
        value: &Value,
        at: &At<'_>,
        mut marks: Option<&mut Marks>,
        sink: Option<&mut Sink<'_>>,
    ) -> bool {
        let mut found = 0_usize;
        for schema in schemas {
            found += usize::from(self.run(schema, value, at, marks.as_deref_mut(), None));
            if found > 1 {
                break;
            }
        }
        told(found == 1, sink, |sink| match (found, schemas) {
            (0, [only]) => {
                self.run(only, value, at, None, Some(sink));
            }
            (0, _) => sink.add(at, ViolationCode::Custom, || {
                "must match one of the schemas of `oneOf`".to_owned()
            }),
            _ => sink.add(at, ViolationCode::Custom, || {
                "must match exactly one of the schemas of `oneOf`, not several".to_owned()
            }),
        })
    }
}
