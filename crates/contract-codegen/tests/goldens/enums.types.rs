// generated from enums.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Colour` of the contract.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Colour {
    /// `red`
    Red,
    /// `dark-blue`
    DarkBlue,
    /// ``
    Empty,
    /// `+1`
    Plus1,
    /// `-1`
    Minus1,
    /// `3d`
    N3d,
}

impl Colour {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[
        Self::Red,
        Self::DarkBlue,
        Self::Empty,
        Self::Plus1,
        Self::Minus1,
        Self::N3d,
    ];

    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        <Self as support::Choice>::TEXTS[self as usize]
    }

    /// The status of answers with it.
    pub const fn status(self) -> u16 {
        match self {
            Self::N3d => 400,
            Self::DarkBlue | Self::Empty => 404,
            Self::Red | Self::Minus1 => 409,
            Self::Plus1 => 500,
        }
    }
}

impl support::Choice for Colour {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["red", "dark-blue", "", "+1", "-1", "3d"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(Colour);

impl Wire for Colour {
    const NAME: &'static str = "Colour";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Schema `Pet` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Pet {
    /// Property `colour`.
    pub colour: support::Open<Colour>,
    /// Property `colours`.
    pub colours: Option<Vec<support::Open<Colour>>>,
    /// Property `second`.
    pub second: support::Maybe<support::Open<PetSecond>>,
}

impl support::Record for Pet {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut colour = Slot::new("colour");
        let mut colours = Slot::new("colours");
        let mut second = Slot::new("second");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => colour.read(&mut properties)?,
                1 => colours.read(&mut properties)?,
                _ => second.read(&mut properties)?,
            }
        }
        Ok(Self {
            colour: properties.required(colour)?,
            colours: colours.optional(),
            second: second.maybe(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put("colour", &self.colour)
            .put_some("colours", &self.colours)
            .put_maybe("second", &self.second);
    }
}

support::serde_as_record!(Pet);

impl Wire for Pet {
    const NAME: &'static str = "Pet";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("colour", Rule::of::<Colour>()),
            Property::optional("colours", Rule::list(&Rule::of::<Colour>())),
            Property::optional("second", Rule::Nullable(&Rule::of::<PetSecond>())),
        ],
    );
    fn is_valid(&self) -> bool {
        self.colour.is_known()
            && self
                .colours
                .as_ref()
                .is_none_or(|value| value.iter().all(|item| item.is_known()))
            && self.second.value().is_none_or(|value| value.is_known())
    }
}

/// Schema `PetInput` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct PetInput {
    /// Property `colour`.
    pub colour: Colour,
    /// Property `colours`.
    pub colours: Option<Vec<Colour>>,
}

impl PetInput {
    /// With what is required.
    pub fn new(colour: Colour) -> Self {
        Self {
            colour,
            colours: Default::default(),
        }
    }
}

impl support::Record for PetInput {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut colour = Slot::new("colour");
        let mut colours = Slot::new("colours");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => colour.read(&mut properties)?,
                _ => colours.read(&mut properties)?,
            }
        }
        Ok(Self {
            colour: properties.required(colour)?,
            colours: colours.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("colour", &self.colour).put_some("colours", &self.colours);
    }
}

support::serde_as_record!(PetInput);

impl Wire for PetInput {
    const NAME: &'static str = "PetInput";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("colour", Rule::of::<Colour>()),
            Property::optional("colours", Rule::list(&Rule::of::<Colour>())),
        ],
    );
}

/// Schema of the contract at `/components/schemas/Pet/properties/second`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PetSecond {
    /// `red`
    Red,
    /// `green`
    Green,
}

impl PetSecond {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Red, Self::Green];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for PetSecond {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["red", "green"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(PetSecond);

impl Wire for PetSecond {
    const NAME: &'static str = "PetSecond";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Colour>(support::Direction::Any),
    support::SchemaEntry::of::<Pet>(support::Direction::Answer),
    support::SchemaEntry::of::<PetInput>(support::Direction::Request),
    support::SchemaEntry::of::<PetSecond>(support::Direction::Answer)
        .at("/components/schemas/Pet/properties/second"),
];
