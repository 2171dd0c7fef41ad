//! Two schemas at once: what `allOf`, and keywords beside `$ref`, demand of one value.

use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

use contract_wire::json_eq;
use serde_json::{Number, Value};

use super::facts::{Extra, Facts, Part, first_place};
use crate::lower::Problems;
use crate::lower::values::compare;
use crate::model::{ArrayRules, MapRules, NumberRules};

/// `a` and `b` both. What cannot be one type is held against the whole.
pub(super) fn united<'a>(mut a: Facts<'a>, b: Facts<'a>, problems: &mut Problems) -> Facts<'a> {
    let at = b.pointer;
    let mut clashes = false;
    a.types = match (a.types, b.types) {
        (Some(one), Some(other)) if one.and(other).is_empty() => {
            problems.warn(
                &at,
                "no value has this type and the one it is united with",
                "schemas of one `allOf` must have a type in common",
            );
            (clashes, a.untyped) = (true, true);
            Some(one)
        }
        (Some(one), Some(other)) => Some(one.and(other)),
        (one, other) => one.or(other),
    };
    a.values = match (a.values, b.values) {
        (Some(one), Some(other)) => {
            let is_other = |value: &Value| other.iter().any(|other| json_eq(value, other));
            let both: Vec<Value> = one.into_iter().filter(is_other).collect();
            if both.is_empty() {
                problems.warn(
                    &at,
                    "no value is in this `enum` and in the one it is united with",
                    "schemas of one `allOf` must have a value in common",
                );
                (clashes, a.untyped) = (true, true);
            }
            Some(both)
        }
        (one, other) => one.or(other),
    };
    a.string.min_length = a.string.min_length.max(b.string.min_length);
    a.string.max_length = least(a.string.max_length, b.string.max_length);
    clashes |= matches!(
        (&a.string.pattern_source, &b.string.pattern_source),
        (Some(one), Some(other)) if one != other
    );
    clashes |=
        matches!((a.string.format, b.string.format), (Some(one), Some(other)) if one != other);
    clashes |= matches!(
        (&a.number.multiple_of, &b.number.multiple_of),
        (Some(one), Some(other)) if compare(one, other) != Ordering::Equal
    );
    a.string.pattern = a.string.pattern.or(b.string.pattern);
    a.string.pattern_source = a.string.pattern_source.or(b.string.pattern_source);
    a.string.pattern_says = a.string.pattern_says.or(b.string.pattern_says);
    a.string.trim |= b.string.trim;
    a.string.format = a.string.format.or(b.string.format);
    a.number = NumberRules {
        minimum: greater(a.number.minimum, b.number.minimum),
        maximum: lesser(a.number.maximum, b.number.maximum),
        exclusive_minimum: greater(a.number.exclusive_minimum, b.number.exclusive_minimum),
        exclusive_maximum: lesser(a.number.exclusive_maximum, b.number.exclusive_maximum),
        multiple_of: a.number.multiple_of.or(b.number.multiple_of),
        allowed: Vec::new(),
        int32: a.number.int32 || b.number.int32,
        int64: a.number.int64 || b.number.int64,
    };
    a.array = ArrayRules {
        min_items: a.array.min_items.max(b.array.min_items),
        max_items: least(a.array.max_items, b.array.max_items),
        unique: a.array.unique || b.array.unique,
    };
    a.object = MapRules {
        min_properties: a.object.min_properties.max(b.object.min_properties),
        max_properties: least(a.object.max_properties, b.object.max_properties),
    };
    a.items.extend(b.items);
    let forbids = |closed: bool, extra: &Extra, own: &[(String, _)], other: &[(String, _)]| {
        let is_other = |name: &String| own.iter().all(|(known, _)| known != name);
        let mut other = other.iter();
        closed && matches!(extra, Extra::Denied) && other.any(|(name, _)| is_other(name))
    };
    let is_closed = forbids(a.closed, &a.extra, &a.properties, &b.properties)
        || forbids(b.closed, &b.extra, &b.properties, &a.properties);
    clashes |= is_closed;
    let mut noted = match is_closed {
        // The whole refuses it.
        true => Problems::default(),
        false => std::mem::take(problems),
    };
    unite_properties(
        &mut a.properties,
        &mut a.extra,
        b.properties,
        b.extra,
        &mut noted,
    );
    if !is_closed {
        *problems = noted;
    }
    a.closed |= b.closed;
    for (name, pointer) in b.required {
        if !a.required.iter().any(|(known, _)| *known == name) {
            a.required.push((name, pointer));
        }
    }
    a.groups.extend(b.groups);
    a.binary |= b.binary;
    a.loose |= b.loose;
    a.untyped |= b.untyped;
    a.clashes |= b.clashes || clashes;
    a.whole |= b.whole || clashes;
    a
}

fn unite_properties(
    ours: &mut Vec<(String, Vec<Part>)>,
    extra: &mut Extra,
    mut theirs: Vec<(String, Vec<Part>)>,
    their_extra: Extra,
    problems: &mut Problems,
) {
    let known: HashMap<String, usize> = ours
        .iter()
        .enumerate()
        .map(|(index, (name, _))| (name.clone(), index))
        .collect();
    let foreign: HashSet<&String> = theirs.iter().map(|(name, _)| name).collect();
    for (name, parts) in ours.iter_mut().filter(|(name, _)| !foreign.contains(name)) {
        apply_extra(&their_extra, name, parts, problems);
    }
    for (name, parts) in &mut theirs {
        match known.get(name).and_then(|&index| ours.get_mut(index)) {
            Some((_, ours)) => ours.append(parts),
            None => {
                apply_extra(extra, name, parts, problems);
                ours.push((std::mem::take(name), std::mem::take(parts)));
            }
        }
    }
    *extra = match (std::mem::take(extra), their_extra) {
        (Extra::Denied, _) | (_, Extra::Denied) => Extra::Denied,
        (Extra::Parts(mut one), Extra::Parts(other)) => {
            one.extend(other);
            Extra::Parts(one)
        }
        (Extra::Parts(parts), _) | (_, Extra::Parts(parts)) => Extra::Parts(parts),
        (Extra::Any, _) | (_, Extra::Any) => Extra::Any,
        (Extra::Absent, Extra::Absent) => Extra::Absent,
    };
}

/// `additionalProperties` of one schema speaks of the properties of the others.
fn apply_extra(extra: &Extra, name: &str, parts: &mut Vec<Part>, problems: &mut Problems) {
    match extra {
        Extra::Absent | Extra::Any => {}
        Extra::Parts(more) => parts.extend(more.iter().cloned()),
        Extra::Denied => {
            let at = first_place(parts).to_owned();
            problems.warn(
                &at,
                format!(
                    "`additionalProperties: false` of another schema of the `allOf` \
                     forbids `{name}`, which is allowed all the same"
                ),
                "remove that `additionalProperties`, or list the property beside it",
            );
        }
    }
}

fn greater(a: Option<Number>, b: Option<Number>) -> Option<Number> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if compare(&a, &b).is_lt() { b } else { a }),
        (a, b) => a.or(b),
    }
}

fn lesser(a: Option<Number>, b: Option<Number>) -> Option<Number> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if compare(&a, &b).is_gt() { b } else { a }),
        (a, b) => a.or(b),
    }
}

fn least(a: Option<u64>, b: Option<u64>) -> Option<u64> {
    match (a, b) {
        (Some(a), Some(b)) => Some(a.min(b)),
        (a, b) => a.or(b),
    }
}
