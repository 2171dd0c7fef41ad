// generated from client-shop.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Error` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    /// Property `code`.
    pub code: ::std::string::String,
    /// Property `message`.
    pub message: ::std::string::String,
}

impl support::Record for Error {
    const PROPERTIES: &'static [&'static str] = &["code", "message"];
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
                    >(&mut p0, "code", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p1, "message", entries)
                }
            },
        )?;
        match (p0, p1) {
            (::std::option::Option::Some(p0), ::std::option::Option::Some(p1)) => {
                ::std::result::Result::Ok(Self { code: p0, message: p1 })
            }
            (p0, p1) => {
                ::std::result::Result::Err(
                    support::missing(
                        &[("code", p0.is_none()), ("message", p1.is_none())],
                    ),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Error {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Error {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("code", &self.code)
            .put("message", &self.message)
            .end()
    }
}

impl support::Wire for Error {
    const NAME: &'static str = "Error";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("code", support::Rule::TEXT),
                support::Property::Required("message", support::Rule::TEXT),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `Item` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Property `id`.
    pub id: ::std::string::String,
    /// Property `state`.
    pub state: support::Open<State>,
}

impl support::Record for Item {
    const PROPERTIES: &'static [&'static str] = &["id", "state"];
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
                    >(&mut p0, "id", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<support::Open<State>>,
                        __A,
                    >(&mut p1, "state", entries)
                }
            },
        )?;
        match (p0, p1) {
            (::std::option::Option::Some(p0), ::std::option::Option::Some(p1)) => {
                ::std::result::Result::Ok(Self { id: p0, state: p1 })
            }
            (p0, p1) => {
                ::std::result::Result::Err(
                    support::missing(&[("id", p0.is_none()), ("state", p1.is_none())]),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Item {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Item {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("id", &self.id)
            .put("state", &self.state)
            .end()
    }
}

impl support::Wire for Item {
    const NAME: &'static str = "Item";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("id", support::Rule::TEXT),
                support::Property::Required(
                    "state",
                    support::Rule::Named(<State as support::Wire>::rule),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        self.state.is_known()
    }
}

/// Schema `ItemList` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemList {
    /// Property `items`.
    pub items: ::std::vec::Vec<Item>,
    /// Property `hasMore`.
    pub has_more: bool,
    /// Property `nextCursor`.
    pub next_cursor: ::std::option::Option<::std::string::String>,
}

impl support::Record for ItemList {
    const PROPERTIES: &'static [&'static str] = &["items", "hasMore", "nextCursor"];
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
                        support::Plain<::std::vec::Vec<Item>>,
                        __A,
                    >(&mut p0, "items", entries)
                }
                1 => {
                    support::read_into::<
                        support::Plain<bool>,
                        __A,
                    >(&mut p1, "hasMore", entries)
                }
                _ => {
                    support::read_into::<
                        support::Nullable<support::Plain<::std::string::String>>,
                        __A,
                    >(&mut p2, "nextCursor", entries)
                }
            },
        )?;
        match (p0, p1, p2) {
            (
                ::std::option::Option::Some(p0),
                ::std::option::Option::Some(p1),
                ::std::option::Option::Some(p2),
            ) => {
                ::std::result::Result::Ok(Self {
                    items: p0,
                    has_more: p1,
                    next_cursor: p2,
                })
            }
            (p0, p1, p2) => {
                ::std::result::Result::Err(
                    support::missing(
                        &[
                            ("items", p0.is_none()),
                            ("hasMore", p1.is_none()),
                            ("nextCursor", p2.is_none()),
                        ],
                    ),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for ItemList {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for ItemList {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("items", &self.items)
            .put("hasMore", &self.has_more)
            .put("nextCursor", &self.next_cursor)
            .end()
    }
}

impl support::Wire for ItemList {
    const NAME: &'static str = "ItemList";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "items",
                    support::Rule::list(
                        &support::Rule::Named(<Item as support::Wire>::rule),
                    ),
                ),
                support::Property::Required("hasMore", support::Rule::Boolean),
                support::Property::Required(
                    "nextCursor",
                    support::Rule::Nullable(&support::Rule::TEXT),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        self.items.iter().all(support::Wire::is_valid)
    }
}

/// Schema of the contract at `/paths/~1items~1{itemId}~1picture/put/requestBody/content/multipart~1form-data/schema/properties/size`.
#[derive(Debug, Clone, PartialEq)]
pub struct PutPictureBodySize {
    /// Property `width`.
    pub width: u64,
}

impl support::Record for PutPictureBodySize {
    const PROPERTIES: &'static [&'static str] = &["width"];
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
                support::Int<u64>,
                __A,
            >(&mut p0, "width", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { width: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("width", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for PutPictureBodySize {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for PutPictureBodySize {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("width", &self.width).end()
    }
}

impl support::Wire for PutPictureBodySize {
    const NAME: &'static str = "PutPictureBodySize";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "width",
                    support::Rule::Integer(support::IntegerRule {
                        min: 1,
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
        self.width >= 1
    }
}

/// Schema `State` of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// `new`
    New,
    /// `used`
    Used,
}

impl State {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::New, Self::Used];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Used => "used",
        }
    }
}

impl support::Choice for State {
    const TEXTS: &'static [&'static str] = &["new", "used"];
    fn from_text(text: &str) -> ::std::option::Option<Self> {
        match text {
            "new" => ::std::option::Option::Some(Self::New),
            "used" => ::std::option::Option::Some(Self::Used),
            _ => ::std::option::Option::None,
        }
    }

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl ::std::fmt::Display for State {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ::std::str::FromStr for State {
    type Err = support::UnknownChoice;
    fn from_str(text: &str) -> ::std::result::Result<Self, support::UnknownChoice> {
        support::Choice::from_text(text).ok_or(support::UnknownChoice::of::<Self>())
    }
}

impl ::serde::Serialize for State {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> ::serde::Deserialize<'de> for State {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_choice(deserializer)
    }
}

impl support::Wire for State {
    const NAME: &'static str = "State";
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
        name: "Error",
        pointer: "/components/schemas/Error",
        direction: support::Direction::Answer,
        decode: |bytes| support::decode::<Error>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Item",
        pointer: "/components/schemas/Item",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Item>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "ItemList",
        pointer: "/components/schemas/ItemList",
        direction: support::Direction::Answer,
        decode: |bytes| support::decode::<ItemList>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "PutPictureBodySize",
        pointer: "/paths/~1items~1{itemId}~1picture/put/requestBody/content/multipart~1form-data/schema/properties/size",
        direction: support::Direction::Request,
        decode: |bytes| support::decode::<PutPictureBodySize>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "State",
        pointer: "/components/schemas/State",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<State>(bytes).map(drop),
    },
];
