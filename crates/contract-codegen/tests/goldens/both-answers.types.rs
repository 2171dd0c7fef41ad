// generated from both-answers.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Holder` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Holder {
    /// Property `holder`.
    pub holder: ::std::string::String,
}

impl support::Record for Holder {
    const PROPERTIES: &'static [&'static str] = &["holder"];
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
            >(&mut p0, "holder", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { holder: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("holder", p0.is_none())]))
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
        support::Fields::new(serializer).put("holder", &self.holder).end()
    }
}

impl support::Wire for Holder {
    const NAME: &'static str = "Holder";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[support::Property::Required("holder", support::Rule::TEXT)],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Page` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Page {
    /// Property `title`.
    pub title: ::std::string::String,
}

impl support::Record for Page {
    const PROPERTIES: &'static [&'static str] = &["title"];
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
            >(&mut p0, "title", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { title: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("title", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Page {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Page {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("title", &self.title).end()
    }
}

impl support::Wire for Page {
    const NAME: &'static str = "Page";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[support::Property::Required("title", support::Rule::TEXT)],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

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

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry {
        name: "Holder",
        pointer: "/components/schemas/Holder",
        direction: support::Direction::Answer,
        decode: |bytes| support::decode::<Holder>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Page",
        pointer: "/components/schemas/Page",
        direction: support::Direction::Answer,
        decode: |bytes| support::decode::<Page>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Problem",
        pointer: "/components/schemas/Problem",
        direction: support::Direction::Answer,
        decode: |bytes| support::decode::<Problem>(bytes).map(drop),
    },
];
