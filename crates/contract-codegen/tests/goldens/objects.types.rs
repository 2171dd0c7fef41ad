// generated from objects.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use serde_json::Value;
use support::{Property, Rule, Slot, Wire};

/// Schema `Address` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Address {
    /// Property `city`.
    pub city: Option<String>,
}

impl support::Record for Address {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut city = Slot::new("city");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            city.read(&mut properties)?;
        }
        Ok(Self { city: city.optional() })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put_some("city", &self.city);
    }
}

support::serde_as_record!(Address);

impl Wire for Address {
    const NAME: &'static str = "Address";
    const RULE: &'static Rule = &Rule::object(&[Property::optional("city", Rule::TEXT)]);
}

/// Schema `Nothing` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Nothing {}
impl support::Record for Nothing {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut others = support::Denied;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {}
        Ok(Self {})
    }

    fn write<S: Serializer>(&self, _fields: &mut support::Fields<S>) {}
}

support::serde_as_record!(Nothing);

impl Wire for Nothing {
    const NAME: &'static str = "Nothing";
    const RULE: &'static Rule = &Rule::Object(support::ObjectRule {
        properties: &[],
        additional: None,
        min: 0,
        max: usize::MAX,
    });
}

/// Somebody.
///
/// ```text
/// an example that is no Rust
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Person {
    /// Full name.
    pub name: String,
    /// Property `nickName`.
    ///
    /// Default: `"none"`.
    pub nick_name: Option<String>,
    /// Property `address`.
    pub address: Address,
    /// Property `oldAddress`.
    ///
    /// **Deprecated** by the contract.
    pub old_address: Option<Address>,
    /// Property `success`.
    pub success: Option<support::True>,
    /// Property `failure`.
    pub failure: Option<support::False>,
    /// Property `anything`.
    pub anything: Option<Value>,
}

impl support::Record for Person {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut name = Slot::new("name");
        let mut nick_name = Slot::new("nickName");
        let mut address = Slot::new("address");
        let mut old_address = Slot::new("oldAddress");
        let mut success = Slot::new("success");
        let mut failure = Slot::new("failure");
        let mut anything = Slot::new("anything");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => name.read(&mut properties)?,
                1 => nick_name.read(&mut properties)?,
                2 => address.read(&mut properties)?,
                3 => old_address.read(&mut properties)?,
                4 => success.read(&mut properties)?,
                5 => failure.read(&mut properties)?,
                _ => anything.read(&mut properties)?,
            }
        }
        Ok(Self {
            name: properties.required(name)?,
            nick_name: nick_name.optional(),
            address: properties.required(address)?,
            old_address: old_address.optional(),
            success: success.optional(),
            failure: failure.optional(),
            anything: anything.optional(),
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put("name", &self.name)
            .put_some("nickName", &self.nick_name)
            .put("address", &self.address)
            .put_some("oldAddress", &self.old_address)
            .put_some("success", &self.success)
            .put_some("failure", &self.failure)
            .put_some("anything", &self.anything);
    }
}

support::serde_as_record!(Person);

impl Wire for Person {
    const NAME: &'static str = "Person";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("name", Rule::TEXT),
            Property::optional("nickName", Rule::TEXT),
            Property::required("address", Rule::of::<Address>()),
            Property::optional("oldAddress", Rule::of::<Address>()),
            Property::optional("success", Rule::Literal("true")),
            Property::optional("failure", Rule::Literal("false")),
            Property::optional("anything", Rule::Any),
        ],
    );
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Address>(support::Direction::Any),
    support::SchemaEntry::of::<Nothing>(support::Direction::Any),
    support::SchemaEntry::of::<Person>(support::Direction::Any),
];
