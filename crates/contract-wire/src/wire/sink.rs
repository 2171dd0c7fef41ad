//! Where violations are collected.

use std::collections::HashMap;

use serde_json::Value;

use super::{At, MAX_VIOLATIONS, Rule, Violation, ViolationCode, multiple_of, one_of};

/// Collects violations, up to a limit.
pub(crate) struct Sink<'a> {
    found: &'a mut Vec<Violation>,
    limit: usize,
    /// A union that does not match is not looked into: whoever asks only wants to know the kind
    /// of mismatch, and unions inside unions would multiply the work.
    brief: bool,
    /// Verdicts of choices on values, by address of both: without them, unions nested in unions
    /// would cost time exponential in their depth. Both outlive the sink, so no address is reused.
    verdicts: HashMap<(usize, usize), bool>,
}

impl<'a> Sink<'a> {
    pub(crate) fn new(found: &'a mut Vec<Violation>) -> Sink<'a> {
        Sink {
            found,
            limit: MAX_VIOLATIONS,
            brief: false,
            verdicts: HashMap::new(),
        }
    }

    pub(crate) fn brief(found: &'a mut Vec<Violation>) -> Sink<'a> {
        Sink {
            brief: true,
            ..Sink::new(found)
        }
    }

    pub(crate) fn is_brief(&self) -> bool {
        self.brief
    }

    /// How many violations there are.
    pub(crate) fn count(&self) -> usize {
        self.found.len()
    }

    pub(crate) fn is_full(&self) -> bool {
        self.found.len() >= self.limit
    }

    pub(crate) fn add(
        &mut self,
        at: &At<'_>,
        code: ViolationCode,
        message: impl FnOnce() -> String,
    ) {
        if !self.is_full() {
            self.found.push(Violation {
                path: at.to_string(),
                code,
                message: message(),
            });
        }
    }

    pub(crate) fn accepts(&mut self, rule: &Rule, value: &Value) -> bool {
        let key = (
            std::ptr::from_ref(rule).addr(),
            std::ptr::from_ref(value).addr(),
        );
        if let Some(verdict) = self.verdicts.get(&key) {
            return *verdict;
        }
        let mut found = Vec::new();
        let mut inner = Sink {
            found: &mut found,
            limit: 1,
            brief: true,
            verdicts: std::mem::take(&mut self.verdicts),
        };
        rule.walk(value, &At::ROOT, &mut inner);
        self.verdicts = inner.verdicts;
        self.verdicts.insert(key, found.is_empty());
        found.is_empty()
    }

    pub(crate) fn wrong_type(&mut self, at: &At<'_>, expected: &str) {
        self.add(at, ViolationCode::InvalidType, || {
            format!("must be {expected}")
        });
    }

    pub(crate) fn size(&mut self, at: &At<'_>, size: usize, min: usize, max: usize, unit: &str) {
        let plural = |count: usize| match (count, unit) {
            (1, unit) => unit.to_owned(),
            (_, "property") => "properties".to_owned(),
            (_, unit) => format!("{unit}s"),
        };
        if size < min {
            self.add(at, ViolationCode::TooSmall, || {
                format!("must have at least {min} {}", plural(min))
            });
        }
        if size > max {
            self.add(at, ViolationCode::TooBig, || {
                format!("must have at most {max} {}", plural(max))
            });
        }
    }

    pub(crate) fn divisible(&mut self, at: &At<'_>, value: f64, divisor: Option<f64>) {
        if let Some(divisor) = divisor.filter(|divisor| !multiple_of(value, *divisor)) {
            self.add(at, ViolationCode::Custom, || {
                format!("must be a multiple of {divisor}")
            });
        }
    }

    pub(crate) fn not_listed(&mut self, at: &At<'_>, allowed: &[impl ToString]) {
        let texts: Vec<String> = allowed.iter().map(ToString::to_string).collect();
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        self.add(at, ViolationCode::InvalidEnumValue, || one_of(&texts));
    }
}
