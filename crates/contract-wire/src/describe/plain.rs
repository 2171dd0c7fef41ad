//! Types that are the same for every contract.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use utoipa::PartialSchema;
use utoipa::openapi::schema::{AdditionalProperties, Array, ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};

use super::constrain::format;
use super::{Components, Describe, Presence, literal, nullable};
use crate::{Choice, Constant, Date, DateTime, False, Maybe, Open, TextValue, True, Uuid};

/// Types that utoipa describes.
macro_rules! plain {
    ($($name:ty),*) => {$(
        impl Describe for $name {
            fn refer() -> RefOr<Schema> {
                <$name as PartialSchema>::schema()
            }

            fn sample() -> $name {
                <$name>::default()
            }
        }
    )*};
}
plain!(String, bool, u32, i32, u64, i64, f64, Value);

/// Types that are text of a format.
macro_rules! formatted {
    ($($name:ty),*) => {$(
        impl Describe for $name {
            fn refer() -> RefOr<Schema> {
                let text = ObjectBuilder::new().schema_type(Type::String);
                text.format(Some(format(<$name>::FORMAT))).into()
            }

            fn sample() -> $name {
                <$name>::default()
            }
        }
    )*};
}
formatted!(DateTime, Date, Uuid);

impl Describe for () {
    fn refer() -> RefOr<Schema> {
        ObjectBuilder::new().schema_type(Type::Null).into()
    }

    fn sample() {}
}

impl Describe for True {
    fn refer() -> RefOr<Schema> {
        literal(Value::Bool(true))
    }

    fn sample() -> True {
        True
    }
}

impl Describe for False {
    fn refer() -> RefOr<Schema> {
        literal(Value::Bool(false))
    }

    fn sample() -> False {
        False
    }
}

/// What a [`Constant`] is.
pub fn constant<C: Constant>() -> RefOr<Schema> {
    literal(serde_json::from_str(C::JSON).expect("constants are JSON"))
}

impl<T: Describe> Describe for Option<T> {
    const PRESENCE: Presence = Presence::Option;

    fn refer() -> RefOr<Schema> {
        nullable(T::refer())
    }

    fn present() -> RefOr<Schema> {
        T::refer()
    }

    fn define(components: &mut Components) {
        T::define(components);
    }

    fn sample() -> Option<T> {
        None
    }
}

impl<T: Describe> Describe for Maybe<T> {
    const PRESENCE: Presence = Presence::Maybe;

    fn refer() -> RefOr<Schema> {
        nullable(T::refer())
    }

    fn present() -> RefOr<Schema> {
        T::refer()
    }

    fn define(components: &mut Components) {
        T::define(components);
    }

    fn sample() -> Maybe<T> {
        Maybe::Absent
    }
}

/// In an answer, too, only values of `E` are written.
impl<E: Describe + Choice> Describe for Open<E> {
    fn refer() -> RefOr<Schema> {
        E::refer()
    }

    fn define(components: &mut Components) {
        E::define(components);
    }

    fn sample() -> Open<E> {
        E::sample().into()
    }
}

impl<T: Describe> Describe for Box<T> {
    fn refer() -> RefOr<Schema> {
        T::refer()
    }

    fn define(components: &mut Components) {
        T::define(components);
    }

    fn sample() -> Box<T> {
        Box::new(T::sample())
    }
}

impl<T: Describe> Describe for Vec<T> {
    fn refer() -> RefOr<Schema> {
        Schema::Array(Array::new(T::refer())).into()
    }

    fn define(components: &mut Components) {
        T::define(components);
    }

    fn sample() -> Vec<T> {
        Vec::new()
    }
}

impl<T: Describe> Describe for BTreeMap<String, T> {
    fn refer() -> RefOr<Schema> {
        let map = ObjectBuilder::new().schema_type(Type::Object);
        map.additional_properties(Some(T::refer())).into()
    }

    fn define(components: &mut Components) {
        T::define(components);
    }

    fn sample() -> BTreeMap<String, T> {
        BTreeMap::new()
    }
}

impl Describe for Map<String, Value> {
    fn refer() -> RefOr<Schema> {
        let map = ObjectBuilder::new().schema_type(Type::Object);
        let anything = AdditionalProperties::FreeForm(true);
        map.additional_properties(Some(anything)).into()
    }

    fn sample() -> Map<String, Value> {
        Map::new()
    }
}
