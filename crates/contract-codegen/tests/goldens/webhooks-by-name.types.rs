// generated from webhooks-by-name.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use serde_json::Value;
use support::{Property, Rule, Slot, Wire};

/// Schema `Pet` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Pet {
    /// Property `version`.
    pub version: support::Open<PetVersion>,
    /// Property `name`.
    pub name: String,
    /// Property `kind`.
    pub kind: Option<support::Open<PetKind>>,
}

impl support::Record for Pet {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut version = Slot::new("version");
        let mut name = Slot::new("name");
        let mut kind = Slot::new("kind");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => version.read(&mut properties)?,
                1 => name.read(&mut properties)?,
                _ => kind.read(&mut properties)?,
            }
        }
        Ok(Self {
            version: properties.required(version)?,
            name: properties.required(name)?,
            kind: kind.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put("version", &self.version)
            .put("name", &self.name)
            .put_some("kind", &self.kind);
    }
}

support::serde_as_record!(Pet);

impl Wire for Pet {
    const NAME: &'static str = "Pet";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("version", Rule::of::<PetVersion>()),
            Property::required("name", Rule::TEXT),
            Property::optional("kind", Rule::of::<PetKind>()),
        ],
    );
    fn is_valid(&self) -> bool {
        self.version.is_known()
            && self.kind.as_ref().is_none_or(|value| value.is_known())
    }
}

/// Schema of the contract at `/components/schemas/Pet/properties/kind`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PetKind {
    /// `cat`
    Cat,
    /// `dog`
    Dog,
}

impl PetKind {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Cat, Self::Dog];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for PetKind {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["cat", "dog"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(PetKind);

impl Wire for PetKind {
    const NAME: &'static str = "PetKind";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Schema of the contract at `/components/schemas/Pet/properties/version`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PetVersion {
    /// `1`
    N1,
}

impl PetVersion {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::N1];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for PetVersion {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["1"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(PetVersion);

impl Wire for PetVersion {
    const NAME: &'static str = "PetVersion";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// What is sent to those who subscribe: a variant for each of the contract's `webhooks`.
#[derive(Debug, Clone, PartialEq)]
pub enum Webhook {
    /// `newPet`: A pet was added.
    NewPet(Pet),
    /// `lostPets`
    LostPets(Option<Vec<Pet>>),
    /// `count`
    Count(u64),
    /// `anything`
    Anything(Value),
    /// A webhook that this contract does not have, of a newer sender.
    Unknown(support::UnknownEvent),
}

impl Webhook {
    /// The names of all webhooks, in the order of the contract.
    pub const NAMES: &'static [&'static str] = &[
        "newPet",
        "lostPets",
        "count",
        "anything",
    ];

    /// The name of the webhook.
    pub fn name(&self) -> &str {
        match self {
            Self::NewPet(_) => "newPet",
            Self::LostPets(_) => "lostPets",
            Self::Count(_) => "count",
            Self::Anything(_) => "anything",
            Self::Unknown(event) => event.name(),
        }
    }

    /// Reads a body as that of the webhook `name`. It must have been verified.
    ///
    /// # Errors
    /// It is not JSON, or not a body of this webhook.
    pub fn parse_as(name: &str, body: &[u8]) -> Result<Self, support::DecodeError> {
        support::parse_event_as(name, body)
    }

    /// The body to send.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn to_json(&self) -> ::serde_json::Result<Vec<u8>> {
        match self {
            Self::NewPet(event) => ::serde_json::to_vec(event),
            Self::LostPets(event) => ::serde_json::to_vec(event),
            Self::Count(event) => ::serde_json::to_vec(event),
            Self::Anything(event) => ::serde_json::to_vec(event),
            Self::Unknown(event) => Ok(event.body().to_vec()),
        }
    }
}

impl support::Event for Webhook {
    const NAMES: &'static [&'static str] = Self::NAMES;
    fn read(index: usize, body: &[u8]) -> Result<Self, support::DecodeError> {
        match index {
            0 => support::read_event::<Pet>(body).map(Self::NewPet),
            1 => {
                {
                    const RULE: &Rule = &Rule::Nullable(&Rule::list(&Rule::of::<Pet>()));
                    support::decode_with::<
                        support::Nullable<support::Plain<Vec<Pet>>>,
                    >(body, |_| true, RULE)
                }
                    .map(Self::LostPets)
            }
            2 => {
                {
                    const RULE: &Rule = &Rule::Integer(support::IntegerRule {
                        min: 0,
                        max: 18446744073709551615,
                        stated: (true, false),
                        ..support::IntegerRule::ANY
                    });
                    support::decode_with::<support::Int<u64>>(body, |_| true, RULE)
                }
                    .map(Self::Count)
            }
            _ => {
                {
                    const RULE: &Rule = &Rule::Any;
                    support::decode_with::<support::Plain<Value>>(body, |_| true, RULE)
                }
                    .map(Self::Anything)
            }
        }
    }

    fn unknown(event: support::UnknownEvent) -> Self {
        Self::Unknown(event)
    }
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Pet>(support::Direction::Answer),
    support::SchemaEntry::of::<PetKind>(support::Direction::Answer)
        .at("/components/schemas/Pet/properties/kind"),
    support::SchemaEntry::of::<PetVersion>(support::Direction::Answer)
        .at("/components/schemas/Pet/properties/version"),
];
