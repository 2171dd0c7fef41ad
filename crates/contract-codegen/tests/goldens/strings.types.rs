// generated from strings.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

/// Schema `Grade` of the contract.
pub type Grade = ::std::string::String;

/// Schema `Texts` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    /// Property `bounded`.
    pub bounded: ::std::option::Option<::std::string::String>,
    /// Property `filled`.
    pub filled: ::std::option::Option<::std::string::String>,
    /// Property `grade`.
    pub grade: ::std::option::Option<::std::string::String>,
    /// Property `either`.
    pub either: ::std::option::Option<::std::string::String>,
    /// Property `plate`.
    pub plate: ::std::option::Option<::std::string::String>,
    /// Property `shown`.
    pub shown: ::std::option::Option<::std::string::String>,
    /// Property `loose`.
    pub loose: ::std::option::Option<::std::string::String>,
    /// Property `at`.
    pub at: ::std::option::Option<::std::string::String>,
    /// Property `day`.
    pub day: ::std::option::Option<::std::string::String>,
    /// Property `clock`.
    pub clock: ::std::option::Option<::std::string::String>,
    /// Property `mail`.
    pub mail: ::std::option::Option<::std::string::String>,
    /// Property `link`.
    pub link: ::std::option::Option<::std::string::String>,
    /// Property `id`.
    pub id: ::std::option::Option<::std::string::String>,
    /// Property `v4`.
    pub v4: ::std::option::Option<::std::string::String>,
    /// Property `v6`.
    pub v6: ::std::option::Option<::std::string::String>,
    /// Property `secret`.
    pub secret: ::std::option::Option<::std::string::String>,
}

impl support::Record for Texts {
    const PROPERTIES: &'static [&'static str] = &[
        "bounded",
        "filled",
        "grade",
        "either",
        "plate",
        "shown",
        "loose",
        "at",
        "day",
        "clock",
        "mail",
        "link",
        "id",
        "v4",
        "v6",
        "secret",
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
        let mut p9 = ::std::option::Option::None;
        let mut p10 = ::std::option::Option::None;
        let mut p11 = ::std::option::Option::None;
        let mut p12 = ::std::option::Option::None;
        let mut p13 = ::std::option::Option::None;
        let mut p14 = ::std::option::Option::None;
        let mut p15 = ::std::option::Option::None;
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
                    >(&mut p0, "bounded", entries)
                }
                1 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p1, "filled", entries)
                }
                2 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p2, "grade", entries)
                }
                3 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p3, "either", entries)
                }
                4 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p4, "plate", entries)
                }
                5 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p5, "shown", entries)
                }
                6 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p6, "loose", entries)
                }
                7 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p7, "at", entries)
                }
                8 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p8, "day", entries)
                }
                9 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p9, "clock", entries)
                }
                10 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p10, "mail", entries)
                }
                11 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p11, "link", entries)
                }
                12 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p12, "id", entries)
                }
                13 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p13, "v4", entries)
                }
                14 => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p14, "v6", entries)
                }
                _ => {
                    support::read_into::<
                        support::Plain<::std::string::String>,
                        __A,
                    >(&mut p15, "secret", entries)
                }
            },
        )?;
        ::std::result::Result::Ok(Self {
            bounded: p0,
            filled: p1,
            grade: p2,
            either: p3,
            plate: p4,
            shown: p5,
            loose: p6,
            at: p7,
            day: p8,
            clock: p9,
            mail: p10,
            link: p11,
            id: p12,
            v4: p13,
            v6: p14,
            secret: p15,
        })
    }
}

impl<'de> ::serde::Deserialize<'de> for Texts {
    fn deserialize<__D: ::serde::Deserializer<'de>>(
        deserializer: __D,
    ) -> ::std::result::Result<Self, __D::Error> {
        support::decode_record(deserializer)
    }
}

impl ::serde::Serialize for Texts {
    fn serialize<__S: ::serde::Serializer>(
        &self,
        serializer: __S,
    ) -> ::std::result::Result<__S::Ok, __S::Error> {
        support::Fields::new(serializer)
            .put_some("bounded", &self.bounded)
            .put_some("filled", &self.filled)
            .put_some("grade", &self.grade)
            .put_some("either", &self.either)
            .put_some("plate", &self.plate)
            .put_some("shown", &self.shown)
            .put_some("loose", &self.loose)
            .put_some("at", &self.at)
            .put_some("day", &self.day)
            .put_some("clock", &self.clock)
            .put_some("mail", &self.mail)
            .put_some("link", &self.link)
            .put_some("id", &self.id)
            .put_some("v4", &self.v4)
            .put_some("v6", &self.v6)
            .put_some("secret", &self.secret)
            .end()
    }
}

impl support::Wire for Texts {
    const NAME: &'static str = "Texts";
    fn rule() -> &'static support::Rule {
        const RULE: &support::Rule = &support::Rule::object(
            &[
                support::Property::Optional("bounded", support::Rule::text(2, 4)),
                support::Property::Optional(
                    "filled",
                    support::Rule::text(1, usize::MAX),
                ),
                support::Property::Optional(
                    "grade",
                    support::Rule::Text(support::TextRule {
                        pattern: ::std::option::Option::Some(support::Pattern {
                            source: "^[A-E]$",
                            matches: patterns::p33ee82695b797f96,
                            says: ::std::option::Option::None,
                        }),
                        ..support::TextRule::ANY
                    }),
                ),
                support::Property::Optional(
                    "either",
                    support::Rule::Text(support::TextRule {
                        max: 3,
                        pattern: ::std::option::Option::Some(support::Pattern {
                            source: "a|b",
                            matches: patterns::pe726b11905478f76,
                            says: ::std::option::Option::None,
                        }),
                        ..support::TextRule::ANY
                    }),
                ),
                support::Property::Optional(
                    "plate",
                    support::Rule::Text(support::TextRule {
                        pattern: ::std::option::Option::Some(support::Pattern {
                            source: "^[A-Z]+$",
                            matches: patterns::p7f5dcaa7b3ed0a36,
                            says: ::std::option::Option::Some("must be capital letters"),
                        }),
                        ..support::TextRule::ANY
                    }),
                ),
                support::Property::Optional(
                    "shown",
                    support::Rule::Text(support::TextRule {
                        pattern: ::std::option::Option::Some(support::Pattern {
                            source: "\\S",
                            matches: patterns::p7ac4dc46ae4c498c,
                            says: ::std::option::Option::None,
                        }),
                        ..support::TextRule::ANY
                    }),
                ),
                support::Property::Optional(
                    "loose",
                    support::Rule::Text(support::TextRule {
                        max: 9,
                        format: ::std::option::Option::Some(
                            support::format::Format::Email,
                        ),
                        trim: true,
                        ..support::TextRule::ANY
                    }),
                ),
                support::Property::Optional(
                    "at",
                    support::Rule::format(support::format::Format::DateTime),
                ),
                support::Property::Optional(
                    "day",
                    support::Rule::format(support::format::Format::Date),
                ),
                support::Property::Optional(
                    "clock",
                    support::Rule::format(support::format::Format::Time),
                ),
                support::Property::Optional(
                    "mail",
                    support::Rule::format(support::format::Format::Email),
                ),
                support::Property::Optional(
                    "link",
                    support::Rule::format(support::format::Format::Uri),
                ),
                support::Property::Optional(
                    "id",
                    support::Rule::format(support::format::Format::Uuid),
                ),
                support::Property::Optional(
                    "v4",
                    support::Rule::format(support::format::Format::Ipv4),
                ),
                support::Property::Optional(
                    "v6",
                    support::Rule::format(support::format::Format::Ipv6),
                ),
                support::Property::Optional("secret", support::Rule::TEXT),
            ],
        );
        RULE
    }

    fn is_valid(&self) -> bool {
        self.bounded.as_ref().is_none_or(|value| support::length(value, 2, 4))
            && self.filled.as_ref().is_none_or(|value| !value.is_empty())
            && self.grade.as_ref().is_none_or(|value| patterns::p33ee82695b797f96(value))
            && self
                .either
                .as_ref()
                .is_none_or(|value| {
                    support::length(value, 0, 3) && patterns::pe726b11905478f76(value)
                })
            && self.plate.as_ref().is_none_or(|value| patterns::p7f5dcaa7b3ed0a36(value))
            && self.shown.as_ref().is_none_or(|value| patterns::p7ac4dc46ae4c498c(value))
            && self
                .loose
                .as_ref()
                .is_none_or(|value| {
                    support::length(value.trim(), 0, 9)
                        && support::format::email(value.trim())
                })
            && self.at.as_ref().is_none_or(|value| support::format::date_time(value))
            && self.day.as_ref().is_none_or(|value| support::format::date(value))
            && self.clock.as_ref().is_none_or(|value| support::format::time(value))
            && self.mail.as_ref().is_none_or(|value| support::format::email(value))
            && self.link.as_ref().is_none_or(|value| support::format::uri(value))
            && self.id.as_ref().is_none_or(|value| support::format::uuid(value))
            && self.v4.as_ref().is_none_or(|value| support::format::ipv4(value))
            && self.v6.as_ref().is_none_or(|value| support::format::ipv6(value))
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry {
        name: "Grade",
        pointer: "/components/schemas/Grade",
        direction: support::Direction::Any,
        decode: |bytes| {
            {
                const RULE: &support::Rule = &support::Rule::Text(support::TextRule {
                    pattern: ::std::option::Option::Some(support::Pattern {
                        source: "^[A-E]$",
                        matches: patterns::p33ee82695b797f96,
                        says: ::std::option::Option::None,
                    }),
                    ..support::TextRule::ANY
                });
                support::decode_with::<
                    support::Plain<Grade>,
                >(bytes, |value| patterns::p33ee82695b797f96(value), RULE)
            }
                .map(drop)
        },
    },
    support::SchemaEntry {
        name: "Texts",
        pointer: "/components/schemas/Texts",
        direction: support::Direction::Any,
        decode: |bytes| support::decode::<Texts>(bytes).map(drop),
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

    /// Whether `text` matches `^[A-E]$`.
    pub fn p33ee82695b797f96(text: &str) -> bool {
        static PATTERN: LazyLock<Regex> = LazyLock::new(|| compile("^[A-E]$"));
        PATTERN.is_match(text)
    }

    /// Whether `text` matches `\S`.
    pub fn p7ac4dc46ae4c498c(text: &str) -> bool {
        static PATTERN: LazyLock<Regex> = LazyLock::new(|| compile(
            "[^\\t\\n\\x0B\\x0C\\r \\u{A0}\\u{FEFF}\\p{Zs}\\u{2028}\\u{2029}]",
        ));
        text.as_bytes().first().is_some_and(u8::is_ascii_graphic)
            || PATTERN.is_match(text)
    }

    /// Whether `text` matches `^[A-Z]+$`.
    pub fn p7f5dcaa7b3ed0a36(text: &str) -> bool {
        static PATTERN: LazyLock<Regex> = LazyLock::new(|| compile("^[A-Z]+$"));
        PATTERN.is_match(text)
    }

    /// Whether `text` matches `a|b`.
    pub fn pe726b11905478f76(text: &str) -> bool {
        static PATTERN: LazyLock<Regex> = LazyLock::new(|| compile("a|b"));
        PATTERN.is_match(text)
    }
}
