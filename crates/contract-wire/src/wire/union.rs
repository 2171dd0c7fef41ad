//! One of several types.

use std::cell::Cell;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::Value;

use super::{Rule, Shape, TagError, UnionRule, json_eq};

/// A value whose tag selects a choice that was not declared when this code was generated, in an
/// answer of a newer server. Only reading makes one.
#[derive(Debug, Clone, PartialEq)]
pub struct Unlisted {
    tag: String,
    value: Value,
}

impl Unlisted {
    /// The tag; a number or boolean as text.
    pub fn tag(&self) -> &str {
        &self.tag
    }

    /// The whole value.
    pub fn value(&self) -> &Value {
        &self.value
    }
}

impl Serialize for Unlisted {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(serializer)
    }
}

/// How a union is read.
pub struct Union<T, F> {
    /// The choice with the given index out of a value.
    pub read: F,
    /// Several choices at once.
    pub several: Option<fn(Vec<T>) -> T>,
    /// What no tag that is known selects.
    pub unlisted: Option<fn(Unlisted) -> T>,
}

/// Reads one of several types.
///
/// The choice is the one whose tag the value carries. Without tags it is the one whose rules the
/// value keeps; of several, the one that keeps all that any of them declares, or else all of them
/// together. If the value keeps the rules of none, the one that can be read and keeps most is
/// taken, so that an answer with a value this code does not know stays readable.
///
/// # Errors
/// No choice can be read, or the contract wants exactly one and several match.
pub fn decode_union<'de, T, F, D>(
    deserializer: D,
    rule: &Rule,
    how: Union<T, F>,
) -> Result<T, D::Error>
where
    T: Serialize,
    F: Fn(usize, Value) -> serde_json::Result<T>,
    D: Deserializer<'de>,
{
    let value = Value::deserialize(deserializer)?;
    let mut rule = rule;
    while let Rule::Refined(refined) = rule {
        rule = refined.rule;
    }
    let Rule::Union(union) = rule else {
        return Err(D::Error::custom("no union"));
    };
    if let Some(tag) = union.tag {
        return match (union.tagged(tag, &value), how.unlisted) {
            (Ok(index), _) => (how.read)(index, value).map_err(D::Error::custom),
            (Err(TagError::Unknown(tag)), Some(make)) => Ok(make(Unlisted { tag, value })),
            (Err(_), _) => Err(D::Error::custom(format_args!("`{tag}` selects no choice"))),
        };
    }
    let matching = union.matching(&value);
    match matching.as_slice() {
        [only] => (how.read)(*only, value).map_err(D::Error::custom),
        [_, _, ..] if union.exactly_one => Err(D::Error::custom("several choices match")),
        [] => {
            let all: Vec<usize> = (0..union.choices.len()).collect();
            fullest(union, &all, &value, &how.read, None)
                .ok_or_else(|| D::Error::custom("no choice matches"))
        }
        several => fullest(union, several, &value, &how.read, how.several)
            .ok_or_else(|| D::Error::custom("no choice can be read")),
    }
}

thread_local! {
    /// How deep unions are being compared in each other, and how much may still be read for that.
    static WORK: Cell<(usize, usize)> = const { Cell::new((0, 0)) };
}

/// Reading every choice of every union inside every choice takes time exponential in their depth,
/// which a hostile value could choose. So what is read of one value is limited to a multiple of its
/// size; a value that would take more is refused.
struct Work;

const MOST_READS: usize = 32;

impl Work {
    fn begin(value: &Value) -> Work {
        let (depth, left) = WORK.get();
        let left = match depth {
            0 => MOST_READS * (leaves(value) + 32),
            _ => left,
        };
        WORK.set((depth + 1, left));
        Work
    }

    /// Whether `value` may be read once more.
    fn spend(&self, value: &Value) -> bool {
        let (depth, left) = WORK.get();
        let left = left.saturating_sub(leaves(value));
        WORK.set((depth, left));
        left > 0
    }

    fn is_spent(&self) -> bool {
        WORK.get().1 == 0
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        let (depth, left) = WORK.get();
        WORK.set((depth - 1, left));
    }
}

/// A choice that was read, and what it keeps of the value.
struct Candidate<T> {
    read: T,
    kept: Value,
    /// Properties of the value that it declares.
    declared: usize,
}

/// The choice that keeps most of `value`.
fn fullest<T: Serialize>(
    union: &UnionRule,
    choices: &[usize],
    value: &Value,
    read: &impl Fn(usize, Value) -> serde_json::Result<T>,
    several: Option<fn(Vec<T>) -> T>,
) -> Option<T> {
    let work = Work::begin(value);
    let candidate = |index: &usize| {
        if !work.spend(value) {
            return None;
        }
        let read = read(*index, value.clone()).ok()?;
        let kept = serde_json::to_value(&read).ok()?;
        let declared = union.choices.get(*index)?.rule.declared(value);
        Some(Candidate {
            read,
            kept,
            declared,
        })
    };
    let mut candidates: Vec<Candidate<T>> = choices.iter().filter_map(candidate).collect();
    if work.is_spent() {
        return None;
    }
    // One whose content another has as well adds nothing; of equals, the first that declares most
    // stays.
    let mut index = 0;
    while index < candidates.len() {
        let own = &candidates[index];
        let is_covered = candidates.iter().enumerate().any(|(other, candidate)| {
            let better = (candidate.declared, index) > (own.declared, other);
            other != index
                && holds(&candidate.kept, &own.kept)
                && (better || !holds(&own.kept, &candidate.kept))
        });
        if is_covered {
            candidates.remove(index);
        } else {
            index += 1;
        }
    }
    match several {
        Some(make) if candidates.len() > 1 => {
            Some(make(candidates.into_iter().map(|one| one.read).collect()))
        }
        _ => {
            let sizes = candidates.iter().map(|one| leaves(&one.kept));
            let most = sizes.max()?;
            let fullest = candidates.into_iter().find(|one| leaves(&one.kept) == most);
            fullest.map(|one| one.read)
        }
    }
}

/// Whether `part` adds nothing to `whole`.
fn holds(whole: &Value, part: &Value) -> bool {
    json_eq(&merged(whole.clone(), part), whole)
}

/// `value` with what `other`, read from the same text, has in addition.
fn merged(value: Value, other: &Value) -> Value {
    match (value, other) {
        (Value::Object(mut object), Value::Object(other)) => {
            for (name, other) in other {
                let value = match object.remove(name) {
                    Some(value) => merged(value, other),
                    None => other.clone(),
                };
                object.insert(name.clone(), value);
            }
            Value::Object(object)
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            let pairs = items.into_iter().zip(others);
            Value::Array(pairs.map(|(item, other)| merged(item, other)).collect())
        }
        (value, _) => value,
    }
}

fn leaves(value: &Value) -> usize {
    match value {
        Value::Object(object) => object.values().map(leaves).sum::<usize>() + 1,
        Value::Array(items) => items.iter().map(leaves).sum::<usize>() + 1,
        _ => 1,
    }
}

/// Writes several choices as the one value they were read from.
///
/// # Errors
/// Whatever the format or one of the values reports.
pub fn encode_several<T: Serialize, S: Serializer>(
    values: &[T],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut all: Option<Value> = None;
    for value in values {
        let value = serde_json::to_value(value).map_err(serde::ser::Error::custom)?;
        all = Some(match all {
            Some(all) => merged(all, &value),
            None => value,
        });
    }
    all.serialize(serializer)
}

/// Reads a value of shape `S` from parsed JSON.
///
/// # Errors
/// As [`Shape::decode`].
pub fn read_choice<S: Shape>(value: Value) -> serde_json::Result<S::Value> {
    S::decode(value)
}
