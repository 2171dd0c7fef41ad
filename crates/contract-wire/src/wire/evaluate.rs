//! Values held against whole schemas.
//!
//! There is one walk for both questions, whether a value is fine and what is wrong with it: with a sink it goes
//! on after what is wrong, and says so.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::sink::Sink;
use super::{
    At, ObjectWords, Resource, Schema, TextRule, Violation, ViolationCode, Word, multiple_of,
    one_of, unique_json,
};

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
            true => sink.add(at, ViolationCode::Custom, String::new),
            false => {
                Walk::default().run(self, value, at, None, Some(sink));
            }
        }
    }

    /// Whether it is the schema `false`.
    fn is_never(&self) -> bool {
        matches!(self.words, [Word::Never])
    }

    /// Whether it asks what other words looked at.
    fn gathers(&self) -> bool {
        let mut words = self.words.iter();
        words.any(|word| matches!(word, Word::OtherProperties(_) | Word::OtherItems(_)))
    }
}

/// Which properties, or which items, of a value were looked at.
#[derive(Clone)]
struct Marks(Vec<bool>);

impl Marks {
    fn of(value: &Value) -> Marks {
        Marks(match value {
            Value::Array(items) => vec![false; items.len()],
            Value::Object(object) => vec![false; object.len()],
            _ => Vec::new(),
        })
    }

    fn set(&mut self, index: usize) {
        if let Some(mark) = self.0.get_mut(index) {
            *mark = true;
        }
    }

    fn has(&self, index: usize) -> bool {
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
type Key = (usize, usize, Vec<usize>);

/// What is known of a schema and a value.
enum Known {
    /// They are being looked at. Who comes back to them on the way learns nothing new.
    Open,
    /// The verdict, and what was looked at if anyone asked.
    Done(bool, Option<Marks>),
}

/// A walk through one value. Neither values nor schemas go away during it, so no address is used twice.
#[derive(Default)]
struct Walk {
    /// Resources on the way here, the outermost first, each once.
    scope: Vec<&'static Resource>,
    /// Only references make circles, so remembering them keeps the time linear.
    known: HashMap<Key, Known>,
}

impl Walk {
    /// Whether `value` is what `schema` demands. `marks`: what was looked at; `sink`: what is wrong.
    fn run(
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

    fn object_word(
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

    fn list_word(
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

/// Words that look no further into a value; those that do not concern its type are fine with it.
fn plain_word(
    word: &'static Word,
    value: &Value,
    at: &At<'_>,
    sink: Option<&mut Sink<'_>>,
) -> bool {
    match (word, value) {
        (Word::Never, _) => told(false, sink, |sink| {
            sink.add(at, ViolationCode::Custom, || "is not allowed".to_owned());
        }),
        (Word::Types(types), value) => {
            let has = types.iter().any(|one| one.has(value));
            told(has, sink, |sink| {
                let names: Vec<&str> = types.iter().map(|one| one.with_article()).collect();
                sink.wrong_type(at, &names.join(" or "));
            })
        }
        (Word::Values(values), value) => {
            let has = values.iter().any(|one| one.is(value));
            told(has, sink, |sink| {
                let texts: Vec<String> = values.iter().map(ToString::to_string).collect();
                let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
                sink.add(at, ViolationCode::InvalidEnumValue, || match values {
                    [] => "is not allowed".to_owned(),
                    _ => one_of(&texts),
                });
            })
        }
        (Word::Text(rule), Value::String(text)) => match sink {
            None => text_is(rule, text),
            Some(sink) => told(text_is(rule, text), Some(sink), |sink| {
                rule.walk(text, at, sink);
            }),
        },
        (
            Word::Minimum(bound) | Word::Above(bound) | Word::Maximum(bound) | Word::Below(bound),
            Value::Number(number),
        ) => {
            let order = bound.compare(number);
            let (fine, code, says) = match word {
                Word::Minimum(_) => (order.is_ge(), ViolationCode::TooSmall, "at least"),
                Word::Above(_) => (order.is_gt(), ViolationCode::TooSmall, "greater than"),
                Word::Maximum(_) => (order.is_le(), ViolationCode::TooBig, "at most"),
                _ => (order.is_lt(), ViolationCode::TooBig, "less than"),
            };
            told(fine, sink, |sink| {
                sink.add(at, code, || format!("must be {says} {bound}"));
            })
        }
        (Word::MultipleOf(divisor), Value::Number(number)) => {
            let number = number.as_f64().unwrap_or_default();
            told(multiple_of(number, *divisor), sink, |sink| {
                sink.divisible(at, number, Some(*divisor));
            })
        }
        _ => true,
    }
}

fn text_is(rule: &TextRule, text: &str) -> bool {
    let text = if rule.trim { text.trim() } else { text };
    super::length(text, rule.min, rule.max)
        && rule.pattern.is_none_or(|pattern| (pattern.matches)(text))
        && rule.misread(text).is_none()
}

/// `fine`; what is not is told to the sink, where there is one.
fn told<'s, 'f>(
    fine: bool,
    sink: Option<&'s mut Sink<'f>>,
    say: impl FnOnce(&'s mut Sink<'f>),
) -> bool {
    if !fine && let Some(sink) = sink {
        say(sink);
    }
    fine
}
