//! A refused value, read again to say what is wrong with it, without spending memory on lists without end.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value};

/// Items of all lists that are looked at first. Who sends more has mostly done the same wrong in all of them.
pub(crate) const MOST_ITEMS: usize = 2_000;

/// After so many items that are passed over, whoever waits for the processor has it first. They take some hundred
/// microseconds, unless they are large.
const GIVE_WAY: u32 = 20_000;

/// A value that may lack items at the ends of its lists.
pub(crate) struct Brief {
    pub(crate) value: Value,
    /// Whether it lacks none.
    pub(crate) whole: bool,
}

impl Brief {
    pub(crate) fn whole(value: Value) -> Brief {
        Brief { value, whole: true }
    }

    /// Reads a text, up to so many items of all lists.
    ///
    /// # Errors
    /// It is not JSON.
    pub(crate) fn read(text: &str, most: usize) -> serde_json::Result<Brief> {
        let state = State {
            left: Cell::new(most),
            cut: Cell::new(false),
        };
        let mut deserializer = serde_json::Deserializer::from_str(text);
        let value = Reader(&state).deserialize(&mut deserializer)?;
        deserializer.end()?;
        Ok(Brief {
            value,
            whole: !state.cut.get(),
        })
    }
}

struct State {
    left: Cell<usize>,
    cut: Cell<bool>,
}

#[derive(Clone, Copy)]
struct Reader<'s>(&'s State);

impl<'de> DeserializeSeed<'de> for Reader<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reader<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut list = Vec::new();
        while self.0.left.get() > 0 {
            let Some(item) = items.next_element_seed(self)? else {
                return Ok(Value::Array(list));
            };
            // Its own items may have used up what was left.
            self.0.left.set(self.0.left.get().saturating_sub(1));
            list.push(item);
        }
        let mut ignored = 0_u32;
        while items.next_element::<IgnoredAny>()?.is_some() {
            self.0.cut.set(true);
            ignored += 1;
            if ignored.is_multiple_of(GIVE_WAY) {
                std::thread::yield_now();
            }
        }
        Ok(Value::Array(list))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        let mut map = Map::new();
        while let Some(name) = entries.next_key::<String>()? {
            map.insert(name, entries.next_value_seed(self)?);
        }
        Ok(Value::Object(map))
    }
}
