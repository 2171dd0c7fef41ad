// generated from unions.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Cat` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Cat {
    /// Property `kind`.
    pub kind: CatKind,
    /// Property `lives`.
    pub lives: Option<u64>,
}

impl support::Record for Cat {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut kind = Slot::new("kind");
        let mut lives = Slot::new("lives");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => kind.read(&mut properties)?,
                _ => lives.read_as::<support::Int<u64>, _>(&mut properties)?,
            }
        }
        Ok(Self {
            kind: properties.required(kind)?,
            lives: lives.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("kind", &self.kind).put_some("lives", &self.lives);
    }
}

support::serde_as_record!(Cat);

impl Wire for Cat {
    const NAME: &'static str = "Cat";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("kind", Rule::of::<CatKind>()),
            Property::optional(
                "lives",
                Rule::Integer(support::IntegerRule {
                    min: 0,
                    max: 18446744073709551615,
                    stated: (true, false),
                    ..support::IntegerRule::ANY
                }),
            ),
        ],
    );
}

/// Schema of the contract at `/components/schemas/Cat/properties/kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum CatKind {
    /// `cat`
    Cat,
}

impl CatKind {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Cat];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for CatKind {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["cat"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(CatKind);

impl Wire for CatKind {
    const NAME: &'static str = "CatKind";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Schema `Circle` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Circle {
    /// Property `radius`.
    pub radius: f64,
}

impl support::Record for Circle {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut radius = Slot::new("radius");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            radius.read(&mut properties)?;
        }
        Ok(Self {
            radius: properties.required(radius)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("radius", &self.radius);
    }
}

support::serde_as_record!(Circle);

impl Wire for Circle {
    const NAME: &'static str = "Circle";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required(
                "radius",
                Rule::Number(support::NumberRule {
                    above: 0.0,
                    ..support::NumberRule::ANY
                }),
            ),
        ],
    );
    fn is_valid(&self) -> bool {
        self.radius > 0.0
    }
}

/// Schema `Dog` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Dog {
    /// Property `kind`.
    pub kind: String,
    /// Property `name`.
    pub name: String,
}

impl support::Record for Dog {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut kind = Slot::new("kind");
        let mut name = Slot::new("name");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => kind.read(&mut properties)?,
                _ => name.read(&mut properties)?,
            }
        }
        Ok(Self {
            kind: properties.required(kind)?,
            name: properties.required(name)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("kind", &self.kind).put("name", &self.name);
    }
}

support::serde_as_record!(Dog);

impl Wire for Dog {
    const NAME: &'static str = "Dog";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("kind", Rule::TEXT), Property::required("name", Rule::TEXT)],
    );
}

/// Schema `Holder` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Holder {
    /// Property `value`.
    pub value: TextOrNumber,
    /// Property `pets`.
    pub pets: Option<Vec<Pet>>,
}

impl support::Record for Holder {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut value = Slot::new("value");
        let mut pets = Slot::new("pets");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => value.read(&mut properties)?,
                _ => pets.read(&mut properties)?,
            }
        }
        Ok(Self {
            value: properties.required(value)?,
            pets: pets.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("value", &self.value).put_some("pets", &self.pets);
    }
}

support::serde_as_record!(Holder);

impl Wire for Holder {
    const NAME: &'static str = "Holder";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("value", Rule::of::<TextOrNumber>()),
            Property::optional("pets", Rule::list(&Rule::of::<Pet>())),
        ],
    );
    fn is_valid(&self) -> bool {
        Wire::is_valid(&self.value)
            && self.pets.as_ref().is_none_or(|value| value.iter().all(Wire::is_valid))
    }
}

/// Schema `Pet` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub enum Pet {
    /// Chosen by `cat`.
    Cat(Cat),
    /// Chosen by `dog`, `puppy`.
    Dog(Dog),
}

impl Serialize for Pet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Cat(value) => Serialize::serialize(value, serializer),
            Self::Dog(value) => Serialize::serialize(value, serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Pet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        support::decode_union(
            deserializer,
            <Self as Wire>::RULE,
            support::Union {
                read: |index, value| match index {
                    0 => {
                        support::read_choice::<support::Plain<Cat>>(value).map(Self::Cat)
                    }
                    _ => {
                        support::read_choice::<support::Plain<Dog>>(value).map(Self::Dog)
                    }
                },
                several: None,
                unlisted: None,
            },
        )
    }
}

impl Wire for Pet {
    const NAME: &'static str = "Pet";
    const RULE: &'static Rule = &Rule::Union(support::UnionRule {
        exactly_one: true,
        tag: Some("kind"),
        choices: &[
            support::UnionChoice {
                name: "Cat",
                tags: &["cat"],
                rule: Rule::of::<Cat>(),
            },
            support::UnionChoice {
                name: "Dog",
                tags: &["dog", "puppy"],
                rule: Rule::of::<Dog>(),
            },
        ],
    });
    fn is_valid(&self) -> bool {
        match self {
            Self::Cat(_) => true,
            Self::Dog(value) => matches!(value.kind.as_str(), "dog" | "puppy"),
        }
    }
}

/// Schema `Shape` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// Choice `Circle`.
    Circle(Circle),
    /// Choice `Square`.
    Square(Square),
}

impl Serialize for Shape {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Circle(value) => Serialize::serialize(value, serializer),
            Self::Square(value) => Serialize::serialize(value, serializer),
        }
    }
}

impl<'de> Deserialize<'de> for Shape {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        support::decode_union(
            deserializer,
            <Self as Wire>::RULE,
            support::Union {
                read: |index, value| match index {
                    0 => {
                        support::read_choice::<support::Plain<Circle>>(value)
                            .map(Self::Circle)
                    }
                    _ => {
                        support::read_choice::<support::Plain<Square>>(value)
                            .map(Self::Square)
                    }
                },
                several: None,
                unlisted: None,
            },
        )
    }
}

impl Wire for Shape {
    const NAME: &'static str = "Shape";
    const RULE: &'static Rule = &Rule::Union(support::UnionRule {
        exactly_one: true,
        tag: None,
        choices: &[
            support::UnionChoice {
                name: "Circle",
                tags: &[],
                rule: Rule::of::<Circle>(),
            },
            support::UnionChoice {
                name: "Square",
                tags: &[],
                rule: Rule::of::<Square>(),
            },
        ],
    });
    fn is_valid(&self) -> bool {
        match self {
            Self::Circle(value) => Wire::is_valid(value),
            Self::Square(_) => true,
        }
    }
}

/// Schema `Square` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Square {
    /// Property `side`.
    pub side: f64,
}

impl support::Record for Square {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut side = Slot::new("side");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            side.read(&mut properties)?;
        }
        Ok(Self {
            side: properties.required(side)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("side", &self.side);
    }
}

support::serde_as_record!(Square);

impl Wire for Square {
    const NAME: &'static str = "Square";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("side", Rule::NUMBER)],
    );
}

/// Schema `TextOrNumber` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub enum TextOrNumber {
    /// Choice `String`.
    String(String),
    /// Choice `Integer`.
    Integer(i64),
}

impl Serialize for TextOrNumber {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::String(value) => Serialize::serialize(value, serializer),
            Self::Integer(value) => Serialize::serialize(value, serializer),
        }
    }
}

impl<'de> Deserialize<'de> for TextOrNumber {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        support::decode_union(
            deserializer,
            <Self as Wire>::RULE,
            support::Union {
                read: |index, value| match index {
                    0 => {
                        support::read_choice::<support::Plain<String>>(value)
                            .map(Self::String)
                    }
                    _ => {
                        support::read_choice::<support::Int<i64>>(value)
                            .map(Self::Integer)
                    }
                },
                several: None,
                unlisted: None,
            },
        )
    }
}

impl Wire for TextOrNumber {
    const NAME: &'static str = "TextOrNumber";
    const RULE: &'static Rule = &Rule::Union(support::UnionRule {
        exactly_one: false,
        tag: None,
        choices: &[
            support::UnionChoice {
                name: "String",
                tags: &[],
                rule: Rule::text(1, usize::MAX),
            },
            support::UnionChoice {
                name: "Integer",
                tags: &[],
                rule: Rule::Integer(support::IntegerRule {
                    min: -9223372036854775808,
                    max: 9223372036854775807,
                    stated: (false, false),
                    ..support::IntegerRule::ANY
                }),
            },
        ],
    });
    fn is_valid(&self) -> bool {
        match self {
            Self::String(value) => !value.is_empty(),
            Self::Integer(_) => true,
        }
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Cat>(support::Direction::Any),
    support::SchemaEntry::of::<CatKind>(support::Direction::Any)
        .at("/components/schemas/Cat/properties/kind"),
    support::SchemaEntry::of::<Circle>(support::Direction::Any),
    support::SchemaEntry::of::<Dog>(support::Direction::Any),
    support::SchemaEntry::of::<Holder>(support::Direction::Any),
    support::SchemaEntry::of::<Pet>(support::Direction::Any),
    support::SchemaEntry::of::<Shape>(support::Direction::Any),
    support::SchemaEntry::of::<Square>(support::Direction::Any),
    support::SchemaEntry::of::<TextOrNumber>(support::Direction::Any),
];
