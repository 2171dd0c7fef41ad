//! The thorough check that explains a refusal. Values that are fine never come here.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::sink::Sink;
use super::{
    At, Expected, IntegerRule, ListRule, NumberRule, ObjectRule, Rule, TextRule, UnionChoice,
    UnionRule, Violation, ViolationCode, json_eq, one_of, unique_json, whole,
};

impl Rule {
    /// Notes in `found` everything that is wrong with `value`, which stands at `at`.
    pub fn check(&self, value: &Value, at: &At<'_>, found: &mut Vec<Violation>) {
        self.walk(value, at, &mut Sink::new(found));
    }

    /// Whether nothing is wrong with `value`.
    pub fn accepts(&self, value: &Value) -> bool {
        Sink::new(&mut Vec::new()).accepts(self, value)
    }

    /// How many properties of `value` are declared, of an object as a whole.
    pub(crate) fn declared(&self, value: &Value) -> usize {
        match (self, value) {
            (Rule::Nullable(rule), value) => rule.declared(value),
            (Rule::Named(rule), value) => rule().declared(value),
            (Rule::Refined(rule), value) => rule.rule.declared(value),
            (Rule::Union(rule), value) => {
                let choices = rule.choices.iter();
                let declared = choices.map(|choice| choice.rule.declared(value));
                declared.max().unwrap_or(0)
            }
            (Rule::Object(rule), Value::Object(object)) => {
                let properties = rule.properties.iter();
                let declared = properties.filter(|property| {
                    !property.is_excluded() && object.contains_key(property.name)
                });
                declared.count()
            }
            _ => 0,
        }
    }

    pub(crate) fn walk(&self, value: &Value, at: &At<'_>, sink: &mut Sink<'_>) {
        match (self, value) {
            (Rule::Any, _) | (Rule::Boolean, Value::Bool(_)) | (Rule::Nullable(_), Value::Null) => {
            }
            (Rule::Nullable(rule), value) => rule.walk(value, at, sink),
            (Rule::Named(rule), value) => rule().walk(value, at, sink),
            (Rule::Refined(rule), value) => {
                let before = sink.count();
                rule.rule.walk(value, at, sink);
                // What the type says is said better there.
                if sink.count() == before {
                    (rule.schema)().walk(value, at, sink);
                }
            }
            (Rule::Union(rule), value) => rule.walk(value, at, sink),
            (Rule::Text(rule), Value::String(text)) => rule.walk(text, at, sink),
            (Rule::Integer(rule), Value::Number(number)) => match whole(number) {
                Some(value) => rule.walk(value, at, sink),
                None => sink.wrong_type(at, "an integer"),
            },
            (Rule::Number(rule), Value::Number(number)) => match number.as_f64() {
                Some(value) => rule.walk(value, at, sink),
                None => sink.wrong_type(at, "a number"),
            },
            (Rule::List(rule), Value::Array(items)) => rule.walk(items, at, sink),
            (Rule::Object(rule), Value::Object(object)) => rule.walk(object, at, sink),
            (Rule::Choice(texts), Value::String(text)) => {
                if !texts.contains(&text.as_str()) {
                    sink.add(at, ViolationCode::InvalidEnumValue, || one_of(texts));
                }
            }
            (Rule::Literal(json), value) => {
                let expected: Option<Value> = serde_json::from_str(json).ok();
                if !expected.is_some_and(|expected| json_eq(&expected, value)) {
                    sink.add(at, ViolationCode::InvalidEnumValue, || {
                        format!("must be `{json}`")
                    });
                }
            }
            (Rule::Boolean, _) => sink.wrong_type(at, "a boolean"),
            (Rule::Choice(_) | Rule::Text(_), _) => sink.wrong_type(at, "a string"),
            (Rule::Integer(_), _) => sink.wrong_type(at, "an integer"),
            (Rule::Number(_), _) => sink.wrong_type(at, "a number"),
            (Rule::List(_), _) => sink.wrong_type(at, "an array"),
            (Rule::Object(_), _) => sink.wrong_type(at, "an object"),
        }
    }
}

impl TextRule {
    pub(crate) fn walk(&self, text: &str, at: &At<'_>, sink: &mut Sink<'_>) {
        let text = if self.trim { text.trim() } else { text };
        sink.size(at, text.chars().count(), self.min, self.max, "character");
        if let Some(pattern) = self.pattern.filter(|pattern| !(pattern.matches)(text)) {
            // Of text, that is what the least length is for.
            let (code, reason) = match pattern.source {
                r"\S" => (ViolationCode::TooSmall, "must not be blank".to_owned()),
                source => {
                    let reason = format!("must match the pattern `{source}`");
                    (ViolationCode::InvalidString, reason)
                }
            };
            sink.add(at, code, || pattern.says.map_or(reason, str::to_owned));
        }
        if let Some(message) = self.misread(text) {
            sink.add(at, ViolationCode::InvalidString, || message);
        }
    }
}

impl IntegerRule {
    /// Notes in `found` what is wrong with `value`, which no Rust type need have room for.
    pub fn check(&self, value: i128, at: &At<'_>, found: &mut Vec<Violation>) {
        self.walk(value, at, &mut Sink::new(found));
    }

    fn walk(&self, value: i128, at: &At<'_>, sink: &mut Sink<'_>) {
        if !self.allowed.is_empty() && !self.allowed.contains(&value) {
            // The list says it all.
            return sink.not_listed(at, self.allowed);
        }
        if value < self.min {
            sink.add(at, ViolationCode::TooSmall, || match self.stated.0 {
                true => format!("must be at least {}", self.min),
                false => "is too small".to_owned(),
            });
        }
        if value > self.max {
            sink.add(at, ViolationCode::TooBig, || match self.stated.1 {
                true => format!("must be at most {}", self.max),
                false => "is too large".to_owned(),
            });
        }
        #[expect(
            clippy::cast_precision_loss,
            reason = "beyond 2^53 decimals are compared by digits anyway"
        )]
        sink.divisible(at, value as f64, self.multiple_of);
    }
}

impl NumberRule {
    /// Notes in `found` what is wrong with `value`, which may be infinite.
    pub fn check(&self, value: f64, at: &At<'_>, found: &mut Vec<Violation>) {
        self.walk(value, at, &mut Sink::new(found));
    }

    fn walk(&self, value: f64, at: &At<'_>, sink: &mut Sink<'_>) {
        if !self.allowed.is_empty() && !self.allowed.contains(&value) {
            return sink.not_listed(at, self.allowed);
        }
        if value < self.min {
            sink.add(at, ViolationCode::TooSmall, || {
                format!("must be at least {}", self.min)
            });
        } else if value <= self.above {
            sink.add(at, ViolationCode::TooSmall, || {
                format!("must be greater than {}", self.above)
            });
        }
        if value > self.max {
            sink.add(at, ViolationCode::TooBig, || {
                format!("must be at most {}", self.max)
            });
        } else if value >= self.below {
            sink.add(at, ViolationCode::TooBig, || {
                format!("must be less than {}", self.below)
            });
        }
        sink.divisible(at, value, self.multiple_of);
    }
}

impl ListRule {
    fn walk(&self, items: &[Value], at: &At<'_>, sink: &mut Sink<'_>) {
        sink.size(at, items.len(), self.min, self.max, "item");
        for (index, item) in items.iter().enumerate() {
            if sink.is_full() {
                return;
            }
            self.item.walk(item, &at.item(index), sink);
        }
        if self.unique && !unique_json(items) {
            sink.add(at, ViolationCode::Custom, || {
                "must not have the same item twice".to_owned()
            });
        }
    }
}

impl ObjectRule {
    fn walk(&self, object: &Map<String, Value>, at: &At<'_>, sink: &mut Sink<'_>) {
        for property in self.properties {
            if sink.is_full() {
                return;
            }
            if property.is_excluded() {
                continue;
            }
            let here = at.property(property.name);
            match object.get(property.name) {
                Some(value) => property.rule.walk(value, &here, sink),
                None if property.expected == Expected::Required => {
                    sink.add(&here, ViolationCode::Required, || "is required".to_owned());
                }
                None => {}
            }
        }
        let excluded = self.properties.iter();
        let excluded = excluded
            .filter(|property| property.is_excluded() && object.contains_key(property.name));
        let count = object.len() - excluded.count();
        sink.size(at, count, self.min, self.max, "property");
        if matches!(self.additional, Some(Rule::Any)) {
            return;
        }
        for (name, value) in object {
            if sink.is_full() {
                return;
            }
            if self.properties.iter().any(|property| property.name == name) {
                continue;
            }
            match self.additional {
                Some(rule) => rule.walk(value, &at.property(name), sink),
                None => sink.add(&at.property(name), ViolationCode::Custom, || {
                    "is not a known property".to_owned()
                }),
            }
        }
    }
}

impl UnionRule {
    fn walk(&self, value: &Value, at: &At<'_>, sink: &mut Sink<'_>) {
        if let Some(tag) = self.tag {
            return match self.tagged(tag, value) {
                Ok(index) => self.choices[index].rule.walk(value, at, sink),
                Err(TagError::NotAnObject) => sink.wrong_type(at, "an object"),
                Err(TagError::Missing) => {
                    sink.add(&at.property(tag), ViolationCode::Required, || {
                        "is required".to_owned()
                    });
                }
                Err(TagError::NotText) => sink.wrong_type(&at.property(tag), "a string"),
                Err(TagError::Unknown(_)) => {
                    let tags: Vec<&str> = self
                        .choices
                        .iter()
                        .flat_map(|choice| choice.tags)
                        .copied()
                        .collect();
                    sink.add(&at.property(tag), ViolationCode::InvalidEnumValue, || {
                        one_of(&tags)
                    });
                }
            };
        }
        let matching = self
            .choices
            .iter()
            .filter(|choice| sink.accepts(&choice.rule, value))
            .count();
        match matching {
            0 => self.explain(value, at, sink),
            1 => {}
            _ if self.exactly_one => sink.add(at, ViolationCode::Custom, || {
                format!("must match exactly one of {}, not several", self.names())
            }),
            _ => {}
        }
    }

    /// Indices of the choices whose rules `value` keeps.
    pub(crate) fn matching(&self, value: &Value) -> Vec<usize> {
        let mut found = Vec::new();
        let mut sink = Sink::new(&mut found);
        (0..self.choices.len())
            .filter(|index| sink.accepts(&self.choices[*index].rule, value))
            .collect()
    }

    /// Index of the choice that the tag of `value` selects.
    pub(crate) fn tagged(&self, tag: &str, value: &Value) -> Result<usize, TagError> {
        let object = value.as_object().ok_or(TagError::NotAnObject)?;
        let text: Cow<'_, str> = match object.get(tag).ok_or(TagError::Missing)? {
            Value::String(text) => text.as_str().into(),
            Value::Bool(flag) => flag.to_string().into(),
            Value::Number(number) => match whole(number) {
                Some(number) => number.to_string().into(),
                None => return Err(TagError::Unknown(number.to_string())),
            },
            _ => return Err(TagError::NotText),
        };
        let selected = |choice: &UnionChoice| choice.tags.contains(&text.as_ref());
        let index = self.choices.iter().position(selected);
        index.ok_or_else(|| TagError::Unknown(text.into_owned()))
    }

    /// The violations of the one choice that was meant, as far as the type of the value tells.
    fn explain(&self, value: &Value, at: &At<'_>, sink: &mut Sink<'_>) {
        let mut meant = self.choices.iter().filter(|choice| {
            let mut found = Vec::new();
            choice
                .rule
                .walk(value, &At::ROOT, &mut Sink::brief(&mut found));
            !found
                .iter()
                .any(|one| one.path.is_empty() && one.code == ViolationCode::InvalidType)
        });
        if !sink.is_brief()
            && let (Some(choice), None) = (meant.next(), meant.next())
        {
            return choice.rule.walk(value, at, sink);
        }
        sink.add(at, ViolationCode::Custom, || {
            format!("must match one of {}", self.names())
        });
    }

    fn names(&self) -> String {
        let names: Vec<String> = self
            .choices
            .iter()
            .map(|choice| format!("`{}`", choice.name))
            .collect();
        names.join(", ")
    }
}

/// Why a tag selects no choice.
pub(crate) enum TagError {
    NotAnObject,
    Missing,
    NotText,
    Unknown(String),
}
