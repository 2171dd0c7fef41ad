// generated from names.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Box` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Box {
    /// Property `next`.
    pub next: ::std::option::Option<::std::string::String>,
}

impl support::Record for Box {
    const PROPERTIES: &'static [&'static str] = &["next"];
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
                support::Nullable<support::Plain<::std::string::String>>,
                __A,
            >(&mut p0, "next", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { next: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("next", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Box {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Box {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("next", &self.next).end()
    }
}

impl support::Wire for Box {
    const NAME: &'static str = "Box";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "next",
                    support::Rule::Nullable(&support::Rule::TEXT),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Option` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Option {
    /// Property `String`.
    pub string: ::std::option::Option<::std::string::String>,
    /// Property `some`.
    pub some: ::std::option::Option<Vec>,
}

impl support::Record for Option {
    const PROPERTIES: &'static [&'static str] = &["String", "some"];
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
                    >(&mut p0, "String", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<Vec>,
                        __A,
                    >(&mut p1, "some", entries)
                }
            },
        )?;
        ::std::result::Result::Ok(Self { string: p0, some: p1 })
    }
}

impl<'de> ::serde::Deserialize<'de> for Option {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Option {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put_some("String", &self.string)
            .put_some("some", &self.some)
            .end()
    }
}

impl support::Wire for Option {
    const NAME: &'static str = "Option";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Optional("String", support::Rule::TEXT),
                support::Property::Optional(
                    "some",
                    support::Rule::Named(<Vec as support::Wire>::rule),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Result` of the contract.
pub type Result = ::std::vec::Vec<Box>;

/// Schema `snake_case_thing` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct SnakeCaseThing {
    /// Property `type`.
    pub r#type: ::std::option::Option<::std::string::String>,
    /// Property `self`.
    pub self_: ::std::option::Option<::std::string::String>,
    /// Property `@id`.
    pub id: ::std::option::Option<::std::string::String>,
    /// Property `1st`.
    pub n_1st: ::std::option::Option<::std::string::String>,
    /// Property `$top`.
    pub top: ::std::option::Option<i64>,
    /// Property `x-rate`.
    pub x_rate: ::std::option::Option<f64>,
    /// Property `camelCase`.
    pub camel_case: ::std::option::Option<::std::string::String>,
    /// Property `camel_case`.
    pub camel_case_2: ::std::option::Option<::std::string::String>,
    /// Property `Option`.
    pub option: ::std::option::Option<::std::string::String>,
}

impl support::Record for SnakeCaseThing {
    const PROPERTIES: &'static [&'static str] = &[
        "type",
        "self",
        "@id",
        "1st",
        "$top",
        "x-rate",
        "camelCase",
        "camel_case",
        "Option",
    ];

    fn read<'de, __A: ::serde::de::MapAccess<'de>>(
        entries: __A,
    ) -> ::std::result::Result<Self, __A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut p2 = ::std::option::Option::None;
        let mut p3 = ::std::option::Option::None;
        let mut p4 = ::std::option::Option::None;
        let mut p5 = ::std::option::Option::None;
        let mut p6 = ::std::option::Option::None;
        let mut p7 = ::std::option::Option::None;
        let mut p8 = ::std::option::Option::None;
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
                    >(&mut p0, "type", entries)
                }
                1 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p1, "self", entries)
                }
                2 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p2, "@id", entries)
                }
                3 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p3, "1st", entries)
                }
                4 => {
                    support::read_into::<
                        support::Int<i64>,
                        __A,
                    >(&mut p4, "$top", entries)
                }
                5 => {
                    support::read_into::<
                        support::Plain<f64>,
                        __A,
                    >(&mut p5, "x-rate", entries)
                }
                6 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p6, "camelCase", entries)
                }
                7 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p7, "camel_case", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p8, "Option", entries)
                }
            },
        )?;
        ::std::result::Result::Ok(Self {
            r#type: p0,
            self_: p1,
            id: p2,
            n_1st: p3,
            top: p4,
            x_rate: p5,
            camel_case: p6,
            camel_case_2: p7,
            option: p8,
        })
    }
}

impl<'de> ::serde::Deserialize<'de> for SnakeCaseThing {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for SnakeCaseThing {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put_some("type", &self.r#type)
            .put_some("self", &self.self_)
            .put_some("@id", &self.id)
            .put_some("1st", &self.n_1st)
            .put_some("$top", &self.top)
            .put_some("x-rate", &self.x_rate)
            .put_some("camelCase", &self.camel_case)
            .put_some("camel_case", &self.camel_case_2)
            .put_some("Option", &self.option)
            .end()
    }
}

impl support::Wire for SnakeCaseThing {
    const NAME: &'static str = "SnakeCaseThing";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Optional("type", support::Rule::TEXT),
                support::Property::Optional("self", support::Rule::TEXT),
                support::Property::Optional("@id", support::Rule::TEXT),
                support::Property::Optional("1st", support::Rule::TEXT),
                support::Property::Optional(
                    "$top",
                    support::Rule::Integer(support::IntegerRule {
                        min: -9223372036854775808,
                        max: 9223372036854775807,
                        stated: (false, false),
                        multiple_of: ::std::option::Option::None,
                        allowed: &[],
                    }),
                ),
                support::Property::Optional("x-rate", support::Rule::NUMBER),
                support::Property::Optional("camelCase", support::Rule::TEXT),
                support::Property::Optional("camel_case", support::Rule::TEXT),
                support::Property::Optional("Option", support::Rule::TEXT),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Vec` of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Vec {
    /// `None`
    None,
    /// `Some`
    Some,
    /// `self`
    Itself,
}

impl Vec {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::None, Self::Some, Self::Itself];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::None => "None",
            Self::Some => "Some",
            Self::Itself => "self",
        }
    }
}

impl support::Choice for Vec {
    const TEXTS: &'static [&'static str] = &["None", "Some", "self"];
    fn from_text(text: &str) -> ::std::option::Option<Self> {
        match text {
            "None" => ::std::option::Option::Some(Self::None),
            "Some" => ::std::option::Option::Some(Self::Some),
            "self" => ::std::option::Option::Some(Self::Itself),
            _ => ::std::option::Option::None,
        }
    }

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl ::std::fmt::Display for Vec {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ::std::str::FromStr for Vec {
    type Err = support::UnknownChoice;
    fn from_str(text: &str) -> ::std::result::Result<Self, support::UnknownChoice> {
        support::Choice::from_text(text).ok_or(support::UnknownChoice::of::<Self>())
    }
}

impl ::serde::Serialize for Vec {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> ::serde::Deserialize<'de> for Vec {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_choice(deserializer)
    }
}

impl support::Wire for Vec {
    const NAME: &'static str = "Vec";
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
        name: "Box",
        pointer: "/components/schemas/Box",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Box>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Option",
        pointer: "/components/schemas/Option",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Option>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Result",
        pointer: "/components/schemas/Result",
        direction: support::Direction::Any,
        decode: |bytes| {
            {
                const RULE: &support::Rule = &support::Rule::list(
                    &support::Rule::Named(<Box as support::Wire>::rule),
                );
                support::decode_with::<support::Plain<Result>>(bytes, |_| true, RULE)
            }
                .map(drop)
        },
    },
    support::SchemaEntry {
        name: "SnakeCaseThing",
        pointer: "/components/schemas/snake_case_thing",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<SnakeCaseThing>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Vec",
        pointer: "/components/schemas/Vec",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Vec>(bytes).map(drop),
    },
];
