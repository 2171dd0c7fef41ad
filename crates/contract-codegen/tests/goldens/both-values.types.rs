// generated from both-values.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Problem` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Property `message`.
    pub message: ::std::string::String,
}

impl support::Record for Problem {
    const PROPERTIES: &'static [&'static str] = &["message"];
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
                support::Plain<::std::string::String>,
                __A,
            >(&mut p0, "message", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { message: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(
                    support::missing(&[("message", p0.is_none())]),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Problem {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Problem {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("message", &self.message).end()
    }
}

impl support::Wire for Problem {
    const NAME: &'static str = "Problem";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[support::Property::Required("message", support::Rule::TEXT)],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Read` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Read {
    /// Property `operation`.
    pub operation: ::std::string::String,
    /// Property `values`.
    pub values: ::std::vec::Vec<
        ::std::option::Option<::std::vec::Vec<::std::string::String>>,
    >,
}

impl support::Record for Read {
    const PROPERTIES: &'static [&'static str] = &["operation", "values"];
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
                    >(&mut p0, "operation", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<
                            ::std::vec::Vec<
                                ::std::option::Option<
                                    ::std::vec::Vec<::std::string::String>,
                                >,
                            >,
                        >,
                        __A,
                    >(&mut p1, "values", entries)
                }
            },
        )?;
        match (p0, p1) {
            (::std::option::Option::Some(p0), ::std::option::Option::Some(p1)) => {
                ::std::result::Result::Ok(Self { operation: p0, values: p1 })
            }
            (p0, p1) => {
                ::std::result::Result::Err(
                    support::missing(
                        &[("operation", p0.is_none()), ("values", p1.is_none())],
                    ),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Read {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Read {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("operation", &self.operation)
            .put("values", &self.values)
            .end()
    }
}

impl support::Wire for Read {
    const NAME: &'static str = "Read";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("operation", support::Rule::TEXT),
                support::Property::Required(
                    "values",
                    support::Rule::list(
                        &support::Rule::Nullable(
                            &support::Rule::list(&support::Rule::TEXT),
                        ),
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

/// Schema `Texts` of the contract.
pub type Texts = ::std::vec::Vec<::std::string::String>;

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry {
        name: "Problem",
        pointer: "/components/schemas/Problem",
        direction: support::Direction::Answer,
        decode: |bytes| support::decode::<Problem>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Read",
        pointer: "/components/schemas/Read",
        direction: support::Direction::Answer,
        decode: |bytes| support::decode::<Read>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Texts",
        pointer: "/components/schemas/Texts",
        direction: support::Direction::Request,
        decode: |bytes| {
            {
                const RULE: &support::Rule = &support::Rule::list(&support::Rule::TEXT);
                support::decode_with::<support::Plain<Texts>>(bytes, |_| true, RULE)
            }
                .map(drop)
        },
    },
];
