// generated from strings.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Grade` of the contract.
pub type Grade = String;

/// Schema `Texts` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Texts {
    /// Property `bounded`.
    pub bounded: Option<String>,
    /// Property `filled`.
    pub filled: Option<String>,
    /// Property `grade`.
    pub grade: Option<String>,
    /// Property `either`.
    pub either: Option<String>,
    /// Property `plate`.
    pub plate: Option<String>,
    /// Property `shown`.
    pub shown: Option<String>,
    /// Property `loose`.
    pub loose: Option<String>,
    /// Property `at`.
    pub at: Option<support::DateTime>,
    /// Property `day`.
    pub day: Option<support::Date>,
    /// Property `clock`.
    pub clock: Option<String>,
    /// Property `mail`.
    pub mail: Option<String>,
    /// Property `link`.
    pub link: Option<String>,
    /// Property `id`.
    pub id: Option<support::Uuid>,
    /// Property `v4`.
    pub v4: Option<String>,
    /// Property `v6`.
    pub v6: Option<String>,
    /// Property `secret`.
    pub secret: Option<String>,
}

impl support::Record for Texts {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut bounded = Slot::new("bounded");
        let mut filled = Slot::new("filled");
        let mut grade = Slot::new("grade");
        let mut either = Slot::new("either");
        let mut plate = Slot::new("plate");
        let mut shown = Slot::new("shown");
        let mut loose = Slot::new("loose");
        let mut at = Slot::new("at");
        let mut day = Slot::new("day");
        let mut clock = Slot::new("clock");
        let mut mail = Slot::new("mail");
        let mut link = Slot::new("link");
        let mut id = Slot::new("id");
        let mut v4 = Slot::new("v4");
        let mut v6 = Slot::new("v6");
        let mut secret = Slot::new("secret");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => bounded.read(&mut properties)?,
                1 => filled.read(&mut properties)?,
                2 => grade.read(&mut properties)?,
                3 => either.read(&mut properties)?,
                4 => plate.read(&mut properties)?,
                5 => shown.read(&mut properties)?,
                6 => loose.read(&mut properties)?,
                7 => at.read(&mut properties)?,
                8 => day.read_as::<support::Text<support::Date>, _>(&mut properties)?,
                9 => clock.read(&mut properties)?,
                10 => mail.read(&mut properties)?,
                11 => link.read(&mut properties)?,
                12 => id.read_as::<support::Text<support::Uuid>, _>(&mut properties)?,
                13 => v4.read(&mut properties)?,
                14 => v6.read(&mut properties)?,
                _ => secret.read(&mut properties)?,
            }
        }
        Ok(Self {
            bounded: bounded.optional(),
            filled: filled.optional(),
            grade: grade.optional(),
            either: either.optional(),
            plate: plate.optional(),
            shown: shown.optional(),
            loose: loose.optional(),
            at: at.optional(),
            day: day.optional(),
            clock: clock.optional(),
            mail: mail.optional(),
            link: link.optional(),
            id: id.optional(),
            v4: v4.optional(),
            v6: v6.optional(),
            secret: secret.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
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
            .put_some("secret", &self.secret);
    }
}

support::serde_as_record!(Texts);

impl Wire for Texts {
    const NAME: &'static str = "Texts";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::optional("bounded", Rule::text(2, 4)),
            Property::optional("filled", Rule::text(1, usize::MAX)),
            Property::optional(
                "grade",
                Rule::Text(support::TextRule {
                    pattern: Some(support::Pattern {
                        source: "^[A-E]$",
                        matches: patterns::p33ee82695b797f96,
                        says: None,
                    }),
                    ..support::TextRule::ANY
                }),
            ),
            Property::optional(
                "either",
                Rule::Text(support::TextRule {
                    max: 3,
                    pattern: Some(support::Pattern {
                        source: "a|b",
                        matches: patterns::pe726b11905478f76,
                        says: None,
                    }),
                    ..support::TextRule::ANY
                }),
            ),
            Property::optional(
                "plate",
                Rule::Text(support::TextRule {
                    pattern: Some(support::Pattern {
                        source: "^[A-Z]+$",
                        matches: patterns::p7f5dcaa7b3ed0a36,
                        says: Some("must be capital letters"),
                    }),
                    ..support::TextRule::ANY
                }),
            ),
            Property::optional(
                "shown",
                Rule::Text(support::TextRule {
                    pattern: Some(support::Pattern {
                        source: "\\S",
                        matches: patterns::p7ac4dc46ae4c498c,
                        says: None,
                    }),
                    ..support::TextRule::ANY
                }),
            ),
            Property::optional(
                "loose",
                Rule::Text(support::TextRule {
                    max: 9,
                    format: Some(support::Format::Email),
                    trim: true,
                    ..support::TextRule::ANY
                }),
            ),
            Property::optional("at", Rule::value::<support::DateTime>()),
            Property::optional("day", Rule::value::<support::Date>()),
            Property::optional("clock", Rule::format(support::Format::Time)),
            Property::optional("mail", Rule::format(support::Format::Email)),
            Property::optional("link", Rule::format(support::Format::Uri)),
            Property::optional("id", Rule::value::<support::Uuid>()),
            Property::optional("v4", Rule::format(support::Format::Ipv4)),
            Property::optional("v6", Rule::format(support::Format::Ipv6)),
            Property::optional("secret", Rule::TEXT),
        ],
    );
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
            && self.clock.as_ref().is_none_or(|value| support::format::time(value))
            && self.mail.as_ref().is_none_or(|value| support::format::email(value))
            && self.link.as_ref().is_none_or(|value| support::format::uri(value))
            && self.v4.as_ref().is_none_or(|value| support::format::ipv4(value))
            && self.v6.as_ref().is_none_or(|value| support::format::ipv6(value))
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry {
        name: "Grade",
        place: Some("/components/schemas/Grade"),
        direction: support::Direction::Any,
        decode: |bytes| {
            {
                const RULE: &Rule = &Rule::Text(support::TextRule {
                    pattern: Some(support::Pattern {
                        source: "^[A-E]$",
                        matches: patterns::p33ee82695b797f96,
                        says: None,
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
    support::SchemaEntry::of::<Texts>(support::Direction::Any),
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
