// generated from access.yaml by crates/codegen; do not edit

/// Schema `Account` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Account {
    /// Property `id`.
    pub id: ::std::option::Option<::std::string::String>,
    /// Property `name`.
    pub name: ::std::string::String,
    /// Property `secret`.
    pub secret: ::std::string::String,
}

impl support::Record for Account {
    const PROPERTIES: &'static [&'static str] = &["id", "name", "secret"];
    fn read<'de, A: ::serde::de::MapAccess<'de>>(
        entries: A,
    ) -> ::std::result::Result<Self, A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut p2 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            A,
        >(
            entries,
            &mut rest,
            |property, entries| match property {
                0 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        A,
                    >(&mut p0, "id", entries)
                }
                1 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        A,
                    >(&mut p1, "name", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        A,
                    >(&mut p2, "secret", entries)
                }
            },
        )?;
        match (p1, p2) {
            (::std::option::Option::Some(p1), ::std::option::Option::Some(p2)) => {
                ::std::result::Result::Ok(Self {
                    id: p0,
                    name: p1,
                    secret: p2,
                })
            }
            (p1, p2) => {
                ::std::result::Result::Err(
                    support::missing(&[("name", p1.is_none()), ("secret", p2.is_none())]),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Account {
    fn deserialize<D: ::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::std::result::Result<Self, D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Account {
    fn serialize<S: ::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::std::result::Result<S::Ok, S::Error> {
        support::Fields::new(serializer)
            .put_some("id", &self.id)
            .put("name", &self.name)
            .put("secret", &self.secret)
            .end()
    }
}

impl support::Wire for Account {
    const NAME: &'static str = "Account";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::Object(support::ObjectRule {
            properties: &[
                support::Property::Optional("id", support::Rule::TEXT),
                support::Property::Required("name", support::Rule::TEXT),
                support::Property::Required("secret", support::Rule::TEXT),
            ],
            additional: ::std::option::Option::Some(&support::Rule::Any),
            min: 0,
            max: usize::MAX,
        });
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
    /// Property `secret`.
    pub secret: ::std::option::Option<::std::string::String>,
}

impl support::Record for AccountState {
    const PROPERTIES: &'static [&'static str] = &["id", "secret"];
    fn read<'de, A: ::serde::de::MapAccess<'de>>(
        entries: A,
    ) -> ::std::result::Result<Self, A::Error> {
        let mut p0 = ::std::option::Option::None;
        let mut p1 = ::std::option::Option::None;
        let mut rest = support::Dropped;
        support::read_properties::<
            Self,
            A,
        >(
            entries,
            &mut rest,
            |property, entries| match property {
                0 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        A,
                    >(&mut p0, "id", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        A,
                    >(&mut p1, "secret", entries)
                }
            },
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { id: p0, secret: p1 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("id", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for AccountState {
    fn deserialize<D: ::serde::Deserializer<'de>>(
        deserializer: D,
    ) -> ::std::result::Result<Self, D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for AccountState {
    fn serialize<S: ::serde::Serializer>(
        &self,
        serializer: S,
    ) -> ::std::result::Result<S::Ok, S::Error> {
        support::Fields::new(serializer)
            .put("id", &self.id)
            .put_some("secret", &self.secret)
            .end()
    }
}

impl support::Wire for AccountState {
    const NAME: &'static str = "AccountState";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::Object(support::ObjectRule {
            properties: &[
                support::Property::Required("id", support::Rule::TEXT),
                support::Property::Optional("secret", support::Rule::TEXT),
            ],
            additional: ::std::option::Option::Some(&support::Rule::Any),
            min: 0,
            max: usize::MAX,
        });
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
        decode: |bytes| support::decode::<Account>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "AccountState",
        pointer: "/components/schemas/AccountState",
        decode: |bytes| support::decode::<AccountState>(bytes).map(drop),
    },
];
