// generated from server.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Problem` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Property `code`.
    pub code: ::std::string::String,
    /// Property `message`.
    pub message: ::std::string::String,
    /// Property `details`.
    pub details: ::std::option::Option<::std::vec::Vec<::std::string::String>>,
}

impl support::Record for Problem {
    const PROPERTIES: &'static [&'static str] = &["code", "message", "details"];
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
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p0, "code", entries)
                }
                1 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p1, "message", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<::std::vec::Vec<::std::string::String>>,
                        __A,
                    >(&mut p2, "details", entries)
                }
            },
        )?;
        match (p0, p1) {
            (::std::option::Option::Some(p0), ::std::option::Option::Some(p1)) => {
                ::std::result::Result::Ok(Self {
                    code: p0,
                    message: p1,
                    details: p2,
                })
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
        support::Fields::new(serializer)
            .put("code", &self.code)
            .put("message", &self.message)
            .put_some("details", &self.details)
            .end()
    }
}

impl support::Wire for Problem {
    const NAME: &'static str = "Problem";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("code", support::Rule::TEXT),
                support::Property::Required("message", support::Rule::TEXT),
                support::Property::Optional(
                    "details",
                    support::Rule::list(&support::Rule::TEXT),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `State` of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum State {
    /// `open`
    Open,
    /// `closed`
    Closed,
}

impl State {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Open, Self::Closed];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Closed => "closed",
        }
    }
}

impl support::Choice for State {
    const TEXTS: &'static [&'static str] = &["open", "closed"];
    fn from_text(text: &str) -> ::std::option::Option<Self> {
        match text {
            "open" => ::std::option::Option::Some(Self::Open),
            "closed" => ::std::option::Option::Some(Self::Closed),
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

/// Schema `Ticket` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Property `id`.
    pub id: ::std::string::String,
    /// Property `state`.
    pub state: support::Open<State>,
}

impl support::Record for Ticket {
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

impl<'de> ::serde::Deserialize<'de> for Ticket {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Ticket {
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

impl support::Wire for Ticket {
    const NAME: &'static str = "Ticket";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("id", support::Rule::text(0, 8)),
                support::Property::Required(
                    "state",
                    support::Rule::Named(<State as support::Wire>::rule),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        support::length(&self.id, 0, 8) && self.state.is_known()
    }
}

/// Schema `TicketChange` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TicketChange {
    /// Property `state`.
    pub state: ::std::option::Option<State>,
}

impl support::Record for TicketChange {
    const PROPERTIES: &'static [&'static str] = &["state"];
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
                support::Plain<State>,
                __A,
            >(&mut p0, "state", entries),
        )?;
        ::std::result::Result::Ok(Self { state: p0 })
    }
}

impl<'de> ::serde::Deserialize<'de> for TicketChange {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for TicketChange {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put_some("state", &self.state).end()
    }
}

impl support::Wire for TicketChange {
    const NAME: &'static str = "TicketChange";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Optional(
                    "state",
                    support::Rule::Named(<State as support::Wire>::rule),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema `TicketCreate` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketCreate {
    /// Property `title`.
    pub title: ::std::string::String,
    /// Property `author`.
    pub author: TicketCreateAuthor,
    /// Property `steps`.
    pub steps: ::std::option::Option<::std::vec::Vec<u64>>,
}

impl support::Record for TicketCreate {
    const PROPERTIES: &'static [&'static str] = &["title", "author", "steps"];
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
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p0, "title", entries)
                }
                1 => {
                    support::read_into::<
                        support::Plain<TicketCreateAuthor>,
                        __A,
                    >(&mut p1, "author", entries)
                }
                _ => {
                    support::read_into::<
                        support::List<support::Int<u64>>,
                        __A,
                    >(&mut p2, "steps", entries)
                }
            },
        )?;
        match (p0, p1) {
            (::std::option::Option::Some(p0), ::std::option::Option::Some(p1)) => {
                ::std::result::Result::Ok(Self {
                    title: p0,
                    author: p1,
                    steps: p2,
                })
            }
            (p0, p1) => {
                ::std::result::Result::Err(
                    support::missing(
                        &[("title", p0.is_none()), ("author", p1.is_none())],
                    ),
                )
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for TicketCreate {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for TicketCreate {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put("title", &self.title)
            .put("author", &self.author)
            .put_some("steps", &self.steps)
            .end()
    }
}

impl support::Wire for TicketCreate {
    const NAME: &'static str = "TicketCreate";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required("title", support::Rule::text(1, 20)),
                support::Property::Required(
                    "author",
                    support::Rule::Named(<TicketCreateAuthor as support::Wire>::rule),
                ),
                support::Property::Optional(
                    "steps",
                    support::Rule::list(
                        &support::Rule::Integer(support::IntegerRule {
                            min: 1,
                            max: 18446744073709551615,
                            stated: (true, false),
                            multiple_of: ::std::option::Option::None,
                            allowed: &[],
                        }),
                    ),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        support::length(&self.title, 1, 20) && support::Wire::is_valid(&self.author)
            && self
                .steps
                .as_ref()
                .is_none_or(|value| value.iter().all(|item| *item >= 1))
    }
}

/// Schema of the contract at `/components/schemas/TicketCreate/properties/author`.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketCreateAuthor {
    /// Property `email`.
    pub email: ::std::string::String,
}

impl support::Record for TicketCreateAuthor {
    const PROPERTIES: &'static [&'static str] = &["email"];
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
            >(&mut p0, "email", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { email: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("email", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for TicketCreateAuthor {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for TicketCreateAuthor {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("email", &self.email).end()
    }
}

impl support::Wire for TicketCreateAuthor {
    const NAME: &'static str = "TicketCreateAuthor";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "email",
                    support::Rule::format(support::format::Format::Email),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        support::format::email(&self.email)
    }
}

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
        name: "State",
        pointer: "/components/schemas/State",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<State>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "Ticket",
        pointer: "/components/schemas/Ticket",
        direction: support::Direction::Answer,
        decode: |bytes| support::decode::<Ticket>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "TicketChange",
        pointer: "/components/schemas/TicketChange",
        direction: support::Direction::Request,
        decode: |bytes| support::decode::<TicketChange>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "TicketCreate",
        pointer: "/components/schemas/TicketCreate",
        direction: support::Direction::Request,
        decode: |bytes| support::decode::<TicketCreate>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "TicketCreateAuthor",
        pointer: "/components/schemas/TicketCreate/properties/author",
        direction: support::Direction::Request,
        decode: |bytes| support::decode::<TicketCreateAuthor>(bytes).map(drop),
    },
];

/// Patterns of the contract.
#[doc(hidden)]
pub mod patterns {
    use ::std::sync::LazyLock;
    use ::regex::Regex;
    fn compile(pattern: &str) -> Regex {
        Regex::new(pattern)
            .expect("patterns are compiled before code is generated from them")
    }

    /// Whether `text` matches `^[a-z]+$`.
    pub fn pc182f89fdb221836(text: &str) -> bool {
        static PATTERN: LazyLock<Regex> = LazyLock::new(|| compile("^[a-z]+$"));
        PATTERN.is_match(text)
    }
}
