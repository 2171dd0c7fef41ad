// generated from server.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Listing` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    /// Property `names`.
    pub names: String,
    /// Property `count`.
    pub count: u64,
}

impl support::Record for Listing {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut names = Slot::new("names");
        let mut count = Slot::new("count");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => names.read(&mut properties)?,
                _ => count.read_as::<support::Int<u64>, _>(&mut properties)?,
            }
        }
        Ok(Self {
            names: properties.required(names)?,
            count: properties.required(count)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("names", &self.names).put("count", &self.count);
    }
}

support::serde_as_record!(Listing);

impl Wire for Listing {
    const NAME: &'static str = "Listing";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("names", Rule::TEXT),
            Property::required(
                "count",
                Rule::Integer(support::IntegerRule {
                    min: 0,
                    max: 18446744073709551615,
                    stated: (true, false),
                    ..support::IntegerRule::ANY
                }),
            ),
        ],
    );
}

/// Schema `Problem` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// Property `code`.
    pub code: String,
    /// Property `message`.
    pub message: String,
    /// Property `details`.
    pub details: Option<Vec<String>>,
}

impl support::Record for Problem {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut code = Slot::new("code");
        let mut message = Slot::new("message");
        let mut details = Slot::new("details");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => code.read(&mut properties)?,
                1 => message.read(&mut properties)?,
                _ => details.read(&mut properties)?,
            }
        }
        Ok(Self {
            code: properties.required(code)?,
            message: properties.required(message)?,
            details: details.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put("code", &self.code)
            .put("message", &self.message)
            .put_some("details", &self.details);
    }
}

support::serde_as_record!(Problem);

impl Wire for Problem {
    const NAME: &'static str = "Problem";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("code", Rule::TEXT),
            Property::required("message", Rule::TEXT),
            Property::optional("details", Rule::list(&Rule::TEXT)),
        ],
    );
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
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for State {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["open", "closed"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(State);

impl Wire for State {
    const NAME: &'static str = "State";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Schema `Ticket` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// Property `id`.
    pub id: String,
    /// Property `state`.
    pub state: support::Open<State>,
}

impl support::Record for Ticket {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut id = Slot::new("id");
        let mut state = Slot::new("state");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => id.read(&mut properties)?,
                _ => state.read(&mut properties)?,
            }
        }
        Ok(Self {
            id: properties.required(id)?,
            state: properties.required(state)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("id", &self.id).put("state", &self.state);
    }
}

support::serde_as_record!(Ticket);

impl Wire for Ticket {
    const NAME: &'static str = "Ticket";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("id", Rule::text(0, 8)),
            Property::required("state", Rule::of::<State>()),
        ],
    );
    fn is_valid(&self) -> bool {
        support::length(&self.id, 0, 8) && self.state.is_known()
    }
}

/// Schema `TicketChange` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct TicketChange {
    /// Property `state`.
    pub state: Option<State>,
}

impl support::Record for TicketChange {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut state = Slot::new("state");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            state.read(&mut properties)?;
        }
        Ok(Self { state: state.optional() })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put_some("state", &self.state);
    }
}

support::serde_as_record!(TicketChange);

impl Wire for TicketChange {
    const NAME: &'static str = "TicketChange";
    const RULE: &'static Rule = &Rule::object(
        &[Property::optional("state", Rule::of::<State>())],
    );
}

/// Schema `TicketCreate` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct TicketCreate {
    /// Property `title`.
    pub title: String,
    /// Property `author`.
    pub author: TicketCreateAuthor,
    /// Property `steps`.
    pub steps: Option<Vec<u64>>,
}

impl TicketCreate {
    /// With what is required.
    pub fn new(title: impl Into<String>, author: TicketCreateAuthor) -> Self {
        Self {
            title: title.into(),
            author,
            steps: Default::default(),
        }
    }
}

impl support::Record for TicketCreate {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut title = Slot::new("title");
        let mut author = Slot::new("author");
        let mut steps = Slot::new("steps");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => title.read(&mut properties)?,
                1 => author.read(&mut properties)?,
                _ => {
                    steps
                        .read_as::<support::List<support::Int<u64>>, _>(&mut properties)?
                }
            }
        }
        Ok(Self {
            title: properties.required(title)?,
            author: properties.required(author)?,
            steps: steps.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put("title", &self.title)
            .put("author", &self.author)
            .put_some("steps", &self.steps);
    }
}

support::serde_as_record!(TicketCreate);

impl Wire for TicketCreate {
    const NAME: &'static str = "TicketCreate";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("title", Rule::text(1, 20)),
            Property::required("author", Rule::of::<TicketCreateAuthor>()),
            Property::optional(
                "steps",
                Rule::list(
                    &Rule::Integer(support::IntegerRule {
                        min: 1,
                        max: 18446744073709551615,
                        stated: (true, false),
                        ..support::IntegerRule::ANY
                    }),
                ),
            ),
        ],
    );
    fn is_valid(&self) -> bool {
        support::length(&self.title, 1, 20) && Wire::is_valid(&self.author)
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
    pub email: String,
}

impl TicketCreateAuthor {
    /// With what is required.
    pub fn new(email: impl Into<String>) -> Self {
        Self { email: email.into() }
    }
}

impl support::Record for TicketCreateAuthor {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut email = Slot::new("email");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            email.read(&mut properties)?;
        }
        Ok(Self {
            email: properties.required(email)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("email", &self.email);
    }
}

support::serde_as_record!(TicketCreateAuthor);

impl Wire for TicketCreateAuthor {
    const NAME: &'static str = "TicketCreateAuthor";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("email", Rule::format(support::Format::Email))],
    );
    fn is_valid(&self) -> bool {
        support::format::email(&self.email)
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Listing>(support::Direction::Answer),
    support::SchemaEntry::of::<Problem>(support::Direction::Answer),
    support::SchemaEntry::of::<State>(support::Direction::Any),
    support::SchemaEntry::of::<Ticket>(support::Direction::Answer),
    support::SchemaEntry::of::<TicketChange>(support::Direction::Request),
    support::SchemaEntry::of::<TicketCreate>(support::Direction::Request),
    support::SchemaEntry::of::<TicketCreateAuthor>(support::Direction::Request)
        .at("/components/schemas/TicketCreate/properties/author"),
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
