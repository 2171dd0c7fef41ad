// generated from client-odd.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Job` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Property `state`.
    pub state: support::Open<JobState>,
}

impl support::Record for Job {
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
                support::Plain<support::Open<JobState>>,
                __A,
            >(&mut p0, "state", entries),
        )?;
        match (p0,) {
            (::std::option::Option::Some(p0),) => {
                ::std::result::Result::Ok(Self { state: p0 })
            }
            (p0,) => {
                ::std::result::Result::Err(support::missing(&[("state", p0.is_none())]))
            }
        }
    }
}

impl<'de> ::serde::Deserialize<'de> for Job {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Job {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer).put("state", &self.state).end()
    }
}

impl support::Wire for Job {
    const NAME: &'static str = "Job";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Required(
                    "state",
                    support::Rule::Named(<JobState as support::Wire>::rule),
                ),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        self.state.is_known()
    }
}

/// Schema of the contract at `/components/schemas/Job/properties/state`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum JobState {
    /// `open`
    Open,
    /// `closed`
    Closed,
}

impl JobState {
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

impl support::Choice for JobState {
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

impl ::std::fmt::Display for JobState {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ::std::str::FromStr for JobState {
    type Err = support::UnknownChoice;
    fn from_str(text: &str) -> ::std::result::Result<Self, support::UnknownChoice> {
        support::Choice::from_text(text).ok_or(support::UnknownChoice::of::<Self>())
    }
}

impl ::serde::Serialize for JobState {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> ::serde::Deserialize<'de> for JobState {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_choice(deserializer)
    }
}

impl support::Wire for JobState {
    const NAME: &'static str = "JobState";
    fn rule() -> &'static support::Rule {
        &support::Rule::Choice(<Self as support::Choice>::TEXTS)
    }

    fn is_valid(&self) -> bool {
        true
    }
}

/// Schema of the contract at `/paths/~1lists/get/parameters/5/schema`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ListsTheme {
    /// `dark`
    Dark,
    /// `light`
    Light,
}

impl ListsTheme {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Dark, Self::Light];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dark => "dark",
            Self::Light => "light",
        }
    }
}

impl support::Choice for ListsTheme {
    const TEXTS: &'static [&'static str] = &["dark", "light"];
    fn from_text(text: &str) -> ::std::option::Option<Self> {
        match text {
            "dark" => ::std::option::Option::Some(Self::Dark),
            "light" => ::std::option::Option::Some(Self::Light),
            _ => ::std::option::Option::None,
        }
    }

    fn text(self) -> &'static str {
        self.as_str()
    }
}

impl ::std::fmt::Display for ListsTheme {
    fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl ::std::str::FromStr for ListsTheme {
    type Err = support::UnknownChoice;
    fn from_str(text: &str) -> ::std::result::Result<Self, support::UnknownChoice> {
        support::Choice::from_text(text).ok_or(support::UnknownChoice::of::<Self>())
    }
}

impl ::serde::Serialize for ListsTheme {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> ::serde::Deserialize<'de> for ListsTheme {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_choice(deserializer)
    }
}

impl support::Wire for ListsTheme {
    const NAME: &'static str = "ListsTheme";
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
        name: "Job",
        pointer: "/components/schemas/Job",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Job>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "JobState",
        pointer: "/components/schemas/Job/properties/state",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<JobState>(bytes).map(drop),
    },
    support::SchemaEntry {
        name: "ListsTheme",
        pointer: "/paths/~1lists/get/parameters/5/schema",
        direction: support::Direction::Request,
        decode: |bytes| support::decode::<ListsTheme>(bytes).map(drop),
    },
];
