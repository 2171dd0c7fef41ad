//! How values are read where Rust's own way differs from that of JSON Schema: whole numbers
//! written as `1.0`, and lists and maps of them.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, Error, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::{Deserialize, Deserializer};

/// A way to read a value; the types that implement it stand for the ways and are never made.
pub trait Shape {
    /// What is read.
    type Value;

    /// Reads it.
    ///
    /// # Errors
    /// Whatever the format reports, and values of the wrong type.
    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error>;
}

/// As `T` reads itself.
pub struct Plain<T>(PhantomData<T>);

impl<T: DeserializeOwned> Shape for Plain<T> {
    type Value = T;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        T::deserialize(deserializer)
    }
}

/// A whole number, also when it is written with a fraction of zero.
pub struct Int<T>(PhantomData<T>);

impl<T: TryFrom<i128>> Shape for Int<T> {
    type Value = T;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
        // `any`, since the buffers of serde hand a float only to those who ask for one.
        deserializer.deserialize_any(IntVisitor(PhantomData))
    }
}

struct IntVisitor<T>(PhantomData<T>);

impl<T: TryFrom<i128>> Visitor<'_> for IntVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a whole number in range")
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<T, E> {
        T::try_from(i128::from(value))
            .map_err(|_| E::invalid_value(Unexpected::Unsigned(value), &self))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<T, E> {
        T::try_from(i128::from(value))
            .map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<T, E> {
        let refused = || E::invalid_value(Unexpected::Float(value), &"a whole number in range");
        if value.fract() != 0.0 {
            return Err(refused());
        }
        #[expect(
            clippy::cast_possible_truncation,
            reason = "saturated values are out of range"
        )]
        T::try_from(value as i128).map_err(|_| refused())
    }
}

/// A list.
pub struct List<S>(PhantomData<S>);

impl<S: Shape> Shape for List<S> {
    type Value = Vec<S::Value>;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_seq(ListVisitor::<S>(PhantomData))
    }
}

struct ListVisitor<S>(PhantomData<S>);

impl<'de, S: Shape> Visitor<'de> for ListVisitor<S> {
    type Value = Vec<S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Self::Value, A::Error> {
        let mut list = Vec::new();
        while let Some(Wrapped(item)) = items.next_element::<Wrapped<S>>()? {
            list.push(item);
        }
        Ok(list)
    }
}

/// A map by property name.
pub struct Entries<S>(PhantomData<S>);

impl<S: Shape> Shape for Entries<S> {
    type Value = BTreeMap<String, S::Value>;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_map(EntriesVisitor::<S>(PhantomData))
    }
}

struct EntriesVisitor<S>(PhantomData<S>);

impl<'de, S: Shape> Visitor<'de> for EntriesVisitor<S> {
    type Value = BTreeMap<String, S::Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
        let mut map = BTreeMap::new();
        while let Some((name, Wrapped(value))) = entries.next_entry::<String, Wrapped<S>>()? {
            map.insert(name, value);
        }
        Ok(map)
    }
}

/// A value or `null`.
pub struct Nullable<S>(PhantomData<S>);

impl<S: Shape> Shape for Nullable<S> {
    type Value = Option<S::Value>;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error> {
        Option::<Wrapped<S>>::deserialize(deserializer).map(|found| found.map(|found| found.0))
    }
}

/// A value on the heap.
pub struct Boxed<S>(PhantomData<S>);

impl<S: Shape> Shape for Boxed<S> {
    type Value = Box<S::Value>;

    fn decode<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self::Value, D::Error> {
        S::decode(deserializer).map(Box::new)
    }
}

/// A shape as the type serde asks for inside lists, maps and options.
struct Wrapped<S: Shape>(S::Value);

impl<'de, S: Shape> Deserialize<'de> for Wrapped<S> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        S::decode(deserializer).map(Wrapped)
    }
}
