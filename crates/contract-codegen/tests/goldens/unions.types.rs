// generated from unions.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Cat` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Cat {
    /// Property `kind`.
    pub kind: CatKind,
    /// Property `lives`.
    pub lives: ::std::option::Option<u64>,
}

impl support::Record for Cat {
    const PROPERTIES: &'static [&'static str] = &["kind", "lives"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |property, entries| match property {
                0 => {
                    support::read_into::<
                        support::Plain<CatKind>,
                        __A,
                    >(&mut p0, "kind", entries)
                }
                _ => {
                    support::read_into::<
                        support::Int<u64>,
                        __A,
                    >(&mut p1, "lives", entries)
                }
            },
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { kind: p0, lives: p1 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("kind", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Cat {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Cat {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("kind", &self.kind)
            .put_some("lives", &self.lives)
            .end()
    }
}

impl support::Wire for Cat {
    const NAME: &'static str = "Cat";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "kind",
                    support::Rule::Named(<CatKind as support::Wire>::rule),
                ),
                support::Property::Optional(
                    "lives",
                    support::Rule::Integer(support::IntegerRule {
                        min: 0,
                        max: 18446744073709551615,
                        stated: (true, false),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[],
                    }),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
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
        match self {
            Self::Cat => "cat",
        }
    }
}

impl support::Choice for CatKind {
    const TEXTS: &'static [&'static str] = &["cat"];
    fn from_text(text: &str) -> ::std::option::Option<Self> {
        match text {
            "cat" => ::std::option::Option::Some(Self::Cat),
            _ => ::std::option::Option::None,
        }
    }

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl ::std::fmt::Display for CatKind {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ::std::str::FromStr for CatKind {
    type Err = support::UnknownChoice;
    fn from_str(text: &str) -> ::std::result::Result<Self, support::UnknownChoice> {
        support::Choice::from_text(text).ok_or(support::UnknownChoice::of::<Self>())
    }
}

impl ::serde::Serialize for CatKind {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> ::serde::Deserialize<'de> for CatKind {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_choice(deserializer)
    }
}

impl support::Wire for CatKind {
    const NAME: &'static str = "CatKind";
    fn rule() -> &'static support::Rule {
        &support::Rule::Choice(<Self as support::Choice>::TEXTS)
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Circle` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Circle {
    /// Property `radius`.
    pub radius: f64,
}

impl support::Record for Circle {
    const PROPERTIES: &'static [&'static str] = &["radius"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |_, entries| support::read_into::<
                support::Plain<f64>,
                __A,
            >(&mut p0, "radius", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { radius: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("radius", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Circle {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Circle {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("radius", &self.radius).end()
    }
}

impl support::Wire for Circle {
    const NAME: &'static str = "Circle";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "radius",
                    support::Rule::Number(support::NumberRule {
                        above: 0.0,
                        ..support::NumberRule::ANY
                    }),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        self.radius > 0.0
    }
}

/// Schema `Dog` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Dog {
    /// Property `kind`.
    pub kind: ::std::string::String,
    /// Property `name`.
    pub name: ::std::string::String,
}

impl support::Record for Dog {
    const PROPERTIES: &'static [&'static str] = &["kind", "name"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |property, entries| match property {
                0 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p0, "kind", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p1, "name", entries)
                }
            },
        )?;
        match (p0, p1) {
            (::std::option::Option::Some(p0), ::std::option::Option::Some(p1)) => {
                ::std::result::Result::Ok(Self { kind: p0, name: p1 })
            }
            (p0, p1) => {
                ::std::result::Result::Err(
                    support::missing(&[("kind", p0.is_none()), ("name", p1.is_none())]),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Dog {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Dog {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("kind", &self.kind)
            .put("name", &self.name)
            .end()
    }
}

impl support::Wire for Dog {
    const NAME: &'static str = "Dog";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("kind", support::Rule::TEXT),
                support::Property::Required("name", support::Rule::TEXT),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Holder` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Holder {
    /// Property `value`.
    pub value: TextOrNumber,
    /// Property `pets`.
    pub pets: ::std::option::Option<::std::vec::Vec<Pet>>,
}

impl support::Record for Holder {
    const PROPERTIES: &'static [&'static str] = &["value", "pets"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |property, entries| match property {
                0 => {
                    support::read_into::<
                        support::Plain<TextOrNumber>,
                        __A,
                    >(&mut p0, "value", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<::std::vec::Vec<Pet>>,
                        __A,
                    >(&mut p1, "pets", entries)
                }
            },
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { value: p0, pets: p1 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("value", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Holder {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Holder {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("value", &self.value)
            .put_some("pets", &self.pets)
            .end()
    }
}

impl support::Wire for Holder {
    const NAME: &'static str = "Holder";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "value",
                    support::Rule::Named(<TextOrNumber as support::Wire>::rule),
                ),
                support::Property::Optional(
                    "pets",
                    support::Rule::list(
                        &support::Rule::Named(<Pet as support::Wire>::rule),
                    ),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        support::Wire::is_valid(&self.value)
            && self
                .pets
                .as_ref()
                .is_none_or(|value| value.iter().all(support::Wire::is_valid))
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

impl ::serde::Serialize for Pet {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        match self {
            Self::Cat(value) => ::serde::Serialize::serialize(value, serializer),
            Self::Dog(value) => ::serde::Serialize::serialize(value, serializer),
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Pet {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_union(
            deserializer,
            <Self as support::Wire>::rule(),
            support::Union {
                read: |index, value| match index {
                    0 => {
                        support::read_choice::<support::Plain<Cat>>(value).map(Self::Cat)
                    }
                    _ => {
                        support::read_choice::<support::Plain<Dog>>(value).map(Self::Dog)
                    }
                },
                several: ::std::option::Option::None,
                unlisted: ::std::option::Option::None,
            },
        )
    }
}

impl support::Wire for Pet {
    const NAME: &'static str = "Pet";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::Union(support::UnionRule {
            exactly_one: true,
            tag: ::std::option::Option::Some("kind"),
            choices: &[
                support::UnionChoice {
                    name: "Cat",
                    tags: &["cat"],
                    rule: support::Rule::Named(<Cat as support::Wire>::rule),
                },
                support::UnionChoice {
                    name: "Dog",
                    tags: &["dog", "puppy"],
                    rule: support::Rule::Named(<Dog as support::Wire>::rule),
                },
            ],
        });
        RULE
    }

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

impl ::serde::Serialize for Shape {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        match self {
            Self::Circle(value) => ::serde::Serialize::serialize(value, serializer),
            Self::Square(value) => ::serde::Serialize::serialize(value, serializer),
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Shape {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_union(
            deserializer,
            <Self as support::Wire>::rule(),
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
                several: ::std::option::Option::None,
                unlisted: ::std::option::Option::None,
            },
        )
    }
}

impl support::Wire for Shape {
    const NAME: &'static str = "Shape";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::Union(support::UnionRule {
            exactly_one: true,
            tag: ::std::option::Option::None,
            choices: &[
                support::UnionChoice {
                    name: "Circle",
                    tags: &[],
                    rule: support::Rule::Named(<Circle as support::Wire>::rule),
                },
                support::UnionChoice {
                    name: "Square",
                    tags: &[],
                    rule: support::Rule::Named(<Square as support::Wire>::rule),
                },
            ],
        });
        RULE
    }

    fn is_valid(&self) -> bool {
        match self {
            Self::Circle(value) => support::Wire::is_valid(value),
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
    const PROPERTIES: &'static [&'static str] = &["side"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            __A,
        >(
            entries,
            &mut rest,
            |_, entries| support::read_into::<
                support::Plain<f64>,
                __A,
            >(&mut p0, "side", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { side: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("side", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Square {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Square {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("side", &self.side).end()
    }
}

impl support::Wire for Square {
    const NAME: &'static str = "Square";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[support::Property::Required("side", support::Rule::NUMBER)],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `TextOrNumber` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub enum TextOrNumber {
    /// Choice `String`.
    String(::std::string::String),
    /// Choice `Integer`.
    Integer(i64),
}

impl ::serde::Serialize for TextOrNumber {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        match self {
            Self::String(value) => ::serde::Serialize::serialize(value, serializer),
            Self::Integer(value) => ::serde::Serialize::serialize(value, serializer),
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for TextOrNumber {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_union(
            deserializer,
            <Self as support::Wire>::rule(),
            support::Union {
                read: |index, value| match index {
                    0 => {
                        support::read_choice::<
                            support::Plain<::std::string::String>,
                        >(value)
                            .map(Self::String)
                    }
                    _ => {
                        support::read_choice::<support::Int<i64>>(value)
                            .map(Self::Integer)
                    }
                },
                several: ::std::option::Option::None,
                unlisted: ::std::option::Option::None,
            },
        )
    }
}

impl support::Wire for TextOrNumber {
    const NAME: &'static str = "TextOrNumber";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::Union(support::UnionRule {
            exactly_one: false,
            tag: ::std::option::Option::None,
            choices: &[
                support::UnionChoice {
                    name: "String",
                    tags: &[],
                    rule: support::Rule::text(1, usize::MAX),
                },
                support::UnionChoice {
                    name: "Integer",
                    tags: &[],
                    rule: support::Rule::Integer(support::IntegerRule {
                        min: -9223372036854775808,
                        max: 9223372036854775807,
                        stated: (false, false),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[],
                    }),
                },
            ],
        });
        RULE
    }

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
    support::SchemaEntry {
        name: "Cat",
        pointer: "/components/schemas/Cat",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Cat>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "CatKind",
        pointer: "/components/schemas/Cat/properties/kind",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<CatKind>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Circle",
        pointer: "/components/schemas/Circle",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Circle>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Dog",
        pointer: "/components/schemas/Dog",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Dog>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Holder",
        pointer: "/components/schemas/Holder",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Holder>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Pet",
        pointer: "/components/schemas/Pet",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Pet>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Shape",
        pointer: "/components/schemas/Shape",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Shape>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Square",
        pointer: "/components/schemas/Square",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Square>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "TextOrNumber",
        pointer: "/components/schemas/TextOrNumber",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<TextOrNumber>(bytes).map(drop),
    },
];
