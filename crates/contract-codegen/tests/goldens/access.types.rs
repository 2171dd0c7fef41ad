// generated from access.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Account` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Property `name`.
    pub name: ::std::string::String,
    /// Property `secret`.
    pub secret: ::std::string::String,
}

impl support::Record for Account {
    const PROPERTIES: &'static [&'static str] = &["name", "secret"];
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
                    >(&mut p0, "name", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p1, "secret", entries)
                }
            },
        )?;
        match (p0, p1) {
            (::std::option::Option::Some(p0), ::std::option::Option::Some(p1)) => {
                ::std::result::Result::Ok(Self { name: p0, secret: p1 })
            }
            (p0, p1) => {
                ::std::result::Result::Err(
                    support::missing(&[("name", p0.is_none()), ("secret", p1.is_none())]),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Account {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Account {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("name", &self.name)
            .put("secret", &self.secret)
            .end()
    }
}

impl support::Wire for Account {
    const NAME: &'static str = "Account";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("name", support::Rule::TEXT),
                support::Property::Required("secret", support::Rule::TEXT),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `AccountState` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct AccountState {
    /// Property `id`.
    pub id: ::std::string::String,
}

impl support::Record for AccountState {
    const PROPERTIES: &'static [&'static str] = &["id"];
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
            >(&mut p0, "id", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { id: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("id", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for AccountState {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for AccountState {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("id", &self.id).end()
    }
}

impl support::Wire for AccountState {
    const NAME: &'static str = "AccountState";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[support::Property::Required("id", support::Rule::TEXT)],
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
        name: "Account",
        pointer: "/components/schemas/Account",
        direction: support::Direction::Request,
        decode: |bytes| support::decode::<Account>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "AccountState",
        pointer: "/components/schemas/AccountState",
        direction: support::Direction::Answer,
        decode: |bytes| support::decode::<AccountState>(bytes).map(drop),
    },
];
