// generated from enums.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Colour` of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Colour {
    /// `red`
    Red,
    /// `dark-blue`
    DarkBlue,
    /// ``
    Empty,
    /// `+1`
    Plus1,
    /// `-1`
    Minus1,
    /// `3d`
    N3d,
}

impl Colour {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::Red,
        Self::DarkBlue,
        Self::Empty,
        Self::Plus1,
        Self::Minus1,
        Self::N3d,
    ];

    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::DarkBlue => "dark-blue",
            Self::Empty => "",
            Self::Plus1 => "+1",
            Self::Minus1 => "-1",
            Self::N3d => "3d",
        }
    }
}

impl support::Choice for Colour {
    const TEXTS: &'static [&'static str] = &["red", "dark-blue", "", "+1", "-1", "3d"];
    fn from_text(text: &str) -> ::std::option::Option<Self> {
        match text {
            "red" => ::std::option::Option::Some(Self::Red),
            "dark-blue" => ::std::option::Option::Some(Self::DarkBlue),
            "" => ::std::option::Option::Some(Self::Empty),
            "+1" => ::std::option::Option::Some(Self::Plus1),
            "-1" => ::std::option::Option::Some(Self::Minus1),
            "3d" => ::std::option::Option::Some(Self::N3d),
            _ => ::std::option::Option::None,
        }
    }

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl ::std::fmt::Display for Colour {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ::std::str::FromStr for Colour {
    type Err = support::UnknownChoice;
    fn from_str(text: &str) -> ::std::result::Result<Self, support::UnknownChoice> {
        support::Choice::from_text(text).ok_or(support::UnknownChoice::of::<Self>())
    }
}

impl ::serde::Serialize for Colour {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> ::serde::Deserialize<'de> for Colour {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_choice(deserializer)
    }
}

impl support::Wire for Colour {
    const NAME: &'static str = "Colour";
    fn rule() -> &'static support::Rule {
        &support::Rule::Choice(<Self as support::Choice>::TEXTS)
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Pet` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Pet {
    /// Property `colour`.
    pub colour: support::Open<Colour>,
    /// Property `colours`.
    pub colours: ::std::option::Option<::std::vec::Vec<support::Open<Colour>>>,
    /// Property `second`.
    pub second: support::Maybe<support::Open<PetSecond>>,
}

impl support::Record for Pet {
    const PROPERTIES: &'static [&'static str] = &["colour", "colours", "second"];
    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut p2 = ::std::option::Option::None;
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
                        support::Plain<support::Open<Colour>>,
                        __A,
                    >(&mut p0, "colour", entries)
                }
                1 => {
                    support::read_into::<
                        support::Plain<::std::vec::Vec<support::Open<Colour>>>,
                        __A,
                    >(&mut p1, "colours", entries)
                }
                _ => {
                    support::read_into::<
                        support::Nullable<support::Plain<support::Open<PetSecond>>>,
                        __A,
                    >(&mut p2, "second", entries)
                }
            },
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self {
                    colour: p0,
                    colours: p1,
                    second: support::maybe(p2),
                })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("colour", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Pet {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Pet {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("colour", &self.colour)
            .put_some("colours", &self.colours)
            .put_maybe("second", &self.second)
            .end()
    }
}

impl support::Wire for Pet {
    const NAME: &'static str = "Pet";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "colour",
                    support::Rule::Named(<Colour as support::Wire>::rule),
                ),
                support::Property::Optional(
                    "colours",
                    support::Rule::list(
                        &support::Rule::Named(<Colour as support::Wire>::rule),
                    ),
                ),
                support::Property::Optional(
                    "second",
                    support::Rule::Nullable(
                        &support::Rule::Named(<PetSecond as support::Wire>::rule),
                    ),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        self.colour.is_known()
            && self
                .colours
                .as_ref()
                .is_none_or(|value| value.iter().all(|item| item.is_known()))
            && self.second.value().is_none_or(|value| value.is_known())
    }
}

/// Schema `PetInput` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct PetInput {
    /// Property `colour`.
    pub colour: Colour,
    /// Property `colours`.
    pub colours: ::std::option::Option<::std::vec::Vec<Colour>>,
}

impl support::Record for PetInput {
    const PROPERTIES: &'static [&'static str] = &["colour", "colours"];
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
                        support::Plain<Colour>,
                        __A,
                    >(&mut p0, "colour", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<::std::vec::Vec<Colour>>,
                        __A,
                    >(&mut p1, "colours", entries)
                }
            },
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { colour: p0, colours: p1 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("colour", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for PetInput {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for PetInput {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("colour", &self.colour)
            .put_some("colours", &self.colours)
            .end()
    }
}

impl support::Wire for PetInput {
    const NAME: &'static str = "PetInput";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "colour",
                    support::Rule::Named(<Colour as support::Wire>::rule),
                ),
                support::Property::Optional(
                    "colours",
                    support::Rule::list(
                        &support::Rule::Named(<Colour as support::Wire>::rule),
                    ),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema of the contract at `/components/schemas/Pet/properties/second`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PetSecond {
    /// `red`
    Red,
    /// `green`
    Green,
}

impl PetSecond {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Red, Self::Green];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Red => "red",
            Self::Green => "green",
        }
    }
}

impl support::Choice for PetSecond {
    const TEXTS: &'static [&'static str] = &["red", "green"];
    fn from_text(text: &str) -> ::std::option::Option<Self> {
        match text {
            "red" => ::std::option::Option::Some(Self::Red),
            "green" => ::std::option::Option::Some(Self::Green),
            _ => ::std::option::Option::None,
        }
    }

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl ::std::fmt::Display for PetSecond {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ::std::str::FromStr for PetSecond {
    type Err = support::UnknownChoice;
    fn from_str(text: &str) -> ::std::result::Result<Self, support::UnknownChoice> {
        support::Choice::from_text(text).ok_or(support::UnknownChoice::of::<Self>())
    }
}

impl ::serde::Serialize for PetSecond {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> ::serde::Deserialize<'de> for PetSecond {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_choice(deserializer)
    }
}

impl support::Wire for PetSecond {
    const NAME: &'static str = "PetSecond";
    fn rule() -> &'static support::Rule {
        &support::Rule::Choice(<Self as support::Choice>::TEXTS)
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry {
        name: "Colour",
        pointer: "/components/schemas/Colour",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Colour>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Pet",
        pointer: "/components/schemas/Pet",
        direction: support::Direction::Answer,
        decode: |bytes| support::decode::<Pet>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "PetInput",
        pointer: "/components/schemas/PetInput",
        direction: support::Direction::Request,
        decode: |bytes| support::decode::<PetInput>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "PetSecond",
        pointer: "/components/schemas/Pet/properties/second",
        direction: support::Direction::Answer,
        decode: |bytes| support::decode::<PetSecond>(bytes).map(drop),
    },
];
