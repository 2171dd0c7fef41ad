// generated from client-odd.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Job` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Job {
    /// Property `state`.
    pub state: support::Open<JobState>,
}

impl Job {
    /// With what is required.
    pub fn new(state: impl Into<support::Open<JobState>>) -> Self {
        Self { state: state.into() }
    }
}

impl support::Record for Job {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut state = Slot::new("state");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            state.read(&mut properties)?;
        }
        Ok(Self {
            state: properties.required(state)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("state", &self.state);
    }
}

support::serde_as_record!(Job);

impl Wire for Job {
    const NAME: &'static str = "Job";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("state", Rule::of::<JobState>())],
    );
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
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for JobState {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["open", "closed"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(JobState);

impl Wire for JobState {
    const NAME: &'static str = "JobState";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
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
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for ListsTheme {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["dark", "light"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(ListsTheme);

impl Wire for ListsTheme {
    const NAME: &'static str = "ListsTheme";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Job>(support::Direction::Any),
    support::SchemaEntry::of::<JobState>(support::Direction::Any)
        .at("/components/schemas/Job/properties/state"),
    support::SchemaEntry::of::<ListsTheme>(support::Direction::Request)
        .at("/paths/~1lists/get/parameters/5/schema"),
];
