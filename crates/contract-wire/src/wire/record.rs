//! Objects with known properties: reading and writing them property by property.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, DeserializeSeed, Error, IgnoredAny, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserializer, Serialize};
use serde_json::{Map, Value};

use super::{Maybe, Plain, Property, Shape, Wire};

/// An object with known properties: those of its rule.
pub trait Record: Wire {
    /// Reads the object.
    ///
    /// # Errors
    /// Missing and repeated properties, and values of the wrong type.
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error>;

    /// Writes its properties.
    fn write<S: Serializer>(&self, fields: &mut Fields<S>);
}

/// Lets a type be read and written as the [`Record`] it is. What it runs on is called `support` where this is used.
#[doc(hidden)]
#[macro_export]
macro_rules! serde_as_record {
    ($record:ident) => {
        impl<'de> ::serde::Deserialize<'de> for $record {
            fn deserialize<D: ::serde::Deserializer<'de>>(
                deserializer: D,
            ) -> ::std::result::Result<Self, D::Error> {
                support::decode_record(deserializer)
            }
        }

        impl ::serde::Serialize for $record {
            fn serialize<S: ::serde::Serializer>(
                &self,
                serializer: S,
            ) -> ::std::result::Result<S::Ok, S::Error> {
                support::encode_record(self, serializer)
            }
        }
    };
}

/// Reads a record from an object, and from nothing else.
///
/// # Errors
/// As [`Record::read`].
pub fn decode_record<'de, T: Record, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    deserializer.deserialize_map(RecordVisitor(PhantomData))
}

/// Writes a record as an object.
///
/// # Errors
/// The first error of the format.
#[inline]
pub fn encode_record<T: Record, S: Serializer>(
    record: &T,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut fields = Fields::new(serializer);
    record.write(&mut fields);
    fields.end()
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

/// The properties of an object, one after the other.
pub struct Properties<A> {
    entries: A,
    known: &'static [Property],
    next: usize,
}

impl<'de, A: MapAccess<'de>> Properties<A> {
    /// Those of a `T`.
    pub fn of<T: Record>(entries: A) -> Properties<A> {
        Properties {
            entries,
            known: const { T::RULE.properties() },
            next: 0,
        }
    }

    /// The next one that is known, by its index in the rule; `rest` takes those before it that are not.
    ///
    /// # Errors
    /// Whatever the format and `rest` report.
    #[inline(always)]
    pub fn next(&mut self, rest: &mut impl Rest) -> Result<Option<usize>, A::Error> {
        while let Some(key) = self.entries.next_key_seed(KeySeed {
            properties: self.known,
            next: self.next,
        })? {
            match key {
                Key::Known(index) => {
                    self.next = index + 1;
                    return Ok(Some(index));
                }
                Key::Other(name) => rest.take(&name, &mut self.entries)?,
            }
        }
        Ok(None)
    }

    /// Passes over the value of a property that belongs to the other direction.
    ///
    /// # Errors
    /// Whatever the format reports.
    pub fn skip(&mut self) -> Result<(), A::Error> {
        self.entries.next_value::<IgnoredAny>().map(drop)
    }

    /// The value of a property that must be there.
    ///
    /// # Errors
    /// It is missing.
    #[inline]
    pub fn required<T>(&self, slot: Slot<T>) -> Result<T, A::Error> {
        slot.value.ok_or_else(|| A::Error::missing_field(slot.name))
    }
}

/// A property that is being read.
pub struct Slot<T> {
    name: &'static str,
    value: Option<T>,
}

impl<T> Slot<T> {
    /// The property `name`, which has not been seen.
    pub const fn new(name: &'static str) -> Slot<T> {
        Slot { name, value: None }
    }

    /// Reads its value, which the type knows how to.
    ///
    /// # Errors
    /// The property is repeated, or its value has the wrong type.
    #[inline]
    pub fn read<'de, A>(&mut self, from: &mut Properties<A>) -> Result<(), A::Error>
    where
        T: DeserializeOwned,
        A: MapAccess<'de>,
    {
        self.read_as::<Plain<T>, A>(from)
    }

    /// Reads its value in the way of `S`.
    ///
    /// # Errors
    /// As [`Slot::read`].
    #[inline]
    pub fn read_as<'de, S, A>(&mut self, from: &mut Properties<A>) -> Result<(), A::Error>
    where
        S: Shape<Value = T>,
        A: MapAccess<'de>,
    {
        if self.value.is_some() {
            return Err(A::Error::duplicate_field(self.name));
        }
        self.value = Some(from.entries.next_value_seed(Seed::<S>(PhantomData))?);
        Ok(())
    }

    /// Its value, if it is there.
    #[inline]
    pub fn optional(self) -> Option<T> {
        self.value
    }
}

impl<T> Slot<Option<T>> {
    /// Its value, `null`, or that it is not there.
    #[inline]
    pub fn maybe(self) -> Maybe<T> {
        self.value.map_or(Maybe::Absent, Maybe::from)
    }
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

/// Finds the index of a name. Properties mostly arrive in the order of the contract, some left out, so the
/// search goes on where the last one ended, and begins anew at the end.
#[derive(Clone, Copy)]
struct KeySeed {
    properties: &'static [Property],
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

    #[inline]
    fn visit_str<E>(self, name: &str) -> Result<Key, E> {
        let is_known = |property: &Property| property.name == name;
        let (before, after) = self.properties.split_at(self.next);
        let index = match after.iter().position(is_known) {
            Some(index) => Some(self.next + index),
            None => before.iter().position(is_known),
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
    #[inline(always)]
    pub fn put<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> &mut Fields<S> {
        if let Some(Ok(map)) = &mut self.0
            && let Err(error) = map.serialize_entry(name, value)
        {
            self.0 = Some(Err(error));
        }
        self
    }

    /// Writes an optional property if it is there.
    #[inline(always)]
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
    #[inline(always)]
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
