//! Objects with known properties: reading and writing them property by property.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{Maybe, Shape};

/// An object with known properties.
pub trait Record: Sized {
    /// The known properties.
    const PROPERTIES: &'static [&'static str];

    /// Reads the object.
    ///
    /// # Errors
    /// Missing and repeated properties, and values of the wrong type.
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error>;
}

/// Reads a record from an object, and from nothing else.
///
/// # Errors
/// As [`Record::read`].
pub fn decode_record<'de, T: Record, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(RecordVisitor(PhantomData))
}

struct RecordVisitor<T>(PhantomData<T>);

impl<'de, T: Record> Visitor<'de> for RecordVisitor<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, entries: A) -> Result<T, A::Error> {
        T::read(entries)
    }
}

/// What happens to properties that are not known.
pub trait Rest {
    /// Takes the property `name` that `entries` stands at.
    ///
    /// # Errors
    /// As the kind of rest has it.
    fn take<'de, A: MapAccess<'de>>(&mut self, name: &str, entries: &mut A)
    -> Result<(), A::Error>;
}

/// They are dropped.
pub struct Dropped;

/// They are refused.
pub struct Denied;

/// They are kept.
pub struct Kept<S: Shape>(pub std::collections::BTreeMap<String, S::Value>);

impl Rest for Dropped {
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        _name: &str,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        entries.next_value::<IgnoredAny>().map(drop)
    }
}

impl Rest for Denied {
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        _entries: &mut A,
    ) -> Result<(), A::Error> {
        Err(A::Error::unknown_field(name, &[]))
    }
}

impl<S: Shape> Rest for Kept<S> {
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        let value = entries.next_value_seed(Seed::<S>(PhantomData))?;
        self.0.insert(name.to_owned(), value);
        Ok(())
    }
}

impl Rest for Map<String, Value> {
    fn take<'de, A: MapAccess<'de>>(
        &mut self,
        name: &str,
        entries: &mut A,
    ) -> Result<(), A::Error> {
        let value = entries.next_value()?;
        self.insert(name.to_owned(), value);
        Ok(())
    }
}

/// Reads all properties of `T`: `read` takes the known one with the given index, `rest` the others.
///
/// # Errors
/// Whatever `read` and `rest` report.
pub fn read_properties<'de, T: Record, A: MapAccess<'de>>(
    mut entries: A,
    rest: &mut impl Rest,
    mut read: impl FnMut(usize, &mut A) -> Result<(), A::Error>,
) -> Result<(), A::Error> {
    let mut next = 0;
    while let Some(key) = entries.next_key_seed(KeySeed {
        names: T::PROPERTIES,
        next,
    })? {
        match key {
            Key::Known(index) => {
                next = index + 1;
                read(index, &mut entries)?;
            }
            Key::Other(name) => rest.take(&name, &mut entries)?,
        }
    }
    Ok(())
}

/// Reads a value of shape `S` into the place of the property `name`.
///
/// # Errors
/// The property is repeated, or its value has the wrong type.
pub fn read_into<'de, S: Shape, A: MapAccess<'de>>(
    place: &mut Option<S::Value>,
    name: &'static str,
    entries: &mut A,
) -> Result<(), A::Error> {
    if place.is_some() {
        return Err(A::Error::duplicate_field(name));
    }
    *place = Some(entries.next_value_seed(Seed::<S>(PhantomData))?);
    Ok(())
}

/// Passes over the value of a property that belongs to the other direction.
///
/// # Errors
/// Whatever the format reports.
pub fn skip<'de, A: MapAccess<'de>>(entries: &mut A) -> Result<(), A::Error> {
    entries.next_value::<IgnoredAny>().map(drop)
}

/// The error for the first of `properties` that is missing.
pub fn missing<E: Error>(properties: &[(&'static str, bool)]) -> E {
    let name = properties
        .iter()
        .find(|(_, missing)| *missing)
        .map_or("", |(name, _)| name);
    E::missing_field(name)
}

struct Seed<S>(PhantomData<S>);

impl<'de, S: Shape> DeserializeSeed<'de> for Seed<S> {
    type Value = S::Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<S::Value, D::Error> {
        S::decode(deserializer)
    }
}

enum Key {
    Known(usize),
    Other(String),
}

/// Finds the index of a name. Properties mostly arrive in the order of the contract, so the search
/// starts where the last one ended.
#[derive(Clone, Copy)]
struct KeySeed {
    names: &'static [&'static str],
    next: usize,
}

impl<'de> DeserializeSeed<'de> for KeySeed {
    type Value = Key;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Key, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeySeed {
    type Value = Key;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a property name")
    }

    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        let (before, after) = self.names.split_at(self.next);
        let index = match after.iter().position(|known| *known == name) {
            Some(index) => Some(self.next + index),
            None => before.iter().position(|known| *known == name),
        };
        Ok(index.map_or_else(|| Key::Other(name.to_owned()), Key::Known))
    }
}

/// An object that is being written; an error is kept until [`Fields::end`]. It is handed on by
/// reference: moving it from property to property costs more than writing one.
pub struct Fields<S: Serializer>(Option<Result<S::SerializeMap, S::Error>>);

impl<S: Serializer> Fields<S> {
    /// Starts an object.
    pub fn new(serializer: S) -> Fields<S> {
        Fields(Some(serializer.serialize_map(None)))
    }

    /// Writes a property.
    pub fn put<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Fields<S> {
        if let Some(Ok(map)) = &mut self.0
            && let Err(error) = map.serialize_entry(name, value)
        {
            self.0 = Some(Err(error));
        }
        self
    }

    /// Writes an optional property if it is there.
    pub fn put_some<T: Serialize>(
        &mut self,
        name: &'static str,
        value: &Option<T>,
    ) -> &mut Fields<S> {
        match value {
            Some(value) => self.put(name, value),
            None => self,
        }
    }

    /// Writes an optional property, `null` included, if it is there.
    pub fn put_maybe<T: Serialize>(
        &mut self,
        name: &'static str,
        value: &Maybe<T>,
    ) -> &mut Fields<S> {
        match value {
            Maybe::Absent => self,
            Maybe::Null => self.put(name, &()),
            Maybe::Value(value) => self.put(name, value),
        }
    }

    /// Writes properties that are not listed.
    pub fn put_all<'a, T: Serialize + 'a>(
        &mut self,
        entries: impl IntoIterator<Item = (&'a String, &'a T)>,
    ) -> &mut Fields<S> {
        for (name, value) in entries {
            if let Some(Ok(map)) = &mut self.0
                && let Err(error) = map.serialize_entry(name, value)
            {
                self.0 = Some(Err(error));
            }
        }
        self
    }

    /// As [`Fields::put_all`], but for those of these names.
    pub fn put_others<'a, T: Serialize + 'a>(
        &mut self,
        entries: impl IntoIterator<Item = (&'a String, &'a T)>,
        excluded: &[&str],
    ) -> &mut Fields<S> {
        let entries = entries.into_iter();
        self.put_all(entries.filter(|(name, _)| !excluded.contains(&name.as_str())))
    }

    /// Ends the object.
    ///
    /// # Errors
    /// The first error of the format.
    pub fn end(&mut self) -> Result<S::Ok, S::Error> {
        match self.0.take() {
            Some(map) => map.and_then(SerializeMap::end),
            None => Err(serde::ser::Error::custom("the object has ended already")),
        }
    }
}

/// What a missing, `null` or present property reads as.
pub fn maybe<T>(found: Option<Option<T>>) -> Maybe<T> {
    found.map_or(Maybe::Absent, Maybe::from)
}
