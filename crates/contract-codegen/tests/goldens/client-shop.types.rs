// generated from client-shop.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Error` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Error {
    /// Property `code`.
    pub code: String,
    /// Property `message`.
    pub message: String,
}

impl support::Record for Error {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut code = Slot::new("code");
        let mut message = Slot::new("message");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => code.read(&mut properties)?,
                _ => message.read(&mut properties)?,
            }
        }
        Ok(Self {
            code: properties.required(code)?,
            message: properties.required(message)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("code", &self.code).put("message", &self.message);
    }
}

support::serde_as_record!(Error);

impl Wire for Error {
    const NAME: &'static str = "Error";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("code", Rule::TEXT),
            Property::required("message", Rule::TEXT),
        ],
    );
}

/// Schema `Item` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Item {
    /// Property `id`.
    pub id: String,
    /// Property `state`.
    pub state: support::Open<State>,
}

impl Item {
    /// With what is required.
    pub fn new(id: impl Into<String>, state: impl Into<support::Open<State>>) -> Self {
        Self {
            id: id.into(),
            state: state.into(),
        }
    }
}

impl support::Record for Item {
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

support::serde_as_record!(Item);

impl Wire for Item {
    const NAME: &'static str = "Item";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("id", Rule::TEXT),
            Property::required("state", Rule::of::<State>()),
        ],
    );
    fn is_valid(&self) -> bool {
        self.state.is_known()
    }
}

/// Schema `ItemList` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct ItemList {
    /// Property `items`.
    pub items: Vec<Item>,
    /// Property `hasMore`.
    pub has_more: bool,
    /// Property `nextCursor`.
    pub next_cursor: Option<String>,
}

impl support::Record for ItemList {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut items = Slot::new("items");
        let mut has_more = Slot::new("hasMore");
        let mut next_cursor = Slot::new("nextCursor");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => items.read(&mut properties)?,
                1 => has_more.read(&mut properties)?,
                _ => next_cursor.read(&mut properties)?,
            }
        }
        Ok(Self {
            items: properties.required(items)?,
            has_more: properties.required(has_more)?,
            next_cursor: properties.required(next_cursor)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put("items", &self.items)
            .put("hasMore", &self.has_more)
            .put("nextCursor", &self.next_cursor);
    }
}

support::serde_as_record!(ItemList);

impl Wire for ItemList {
    const NAME: &'static str = "ItemList";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("items", Rule::list(&Rule::of::<Item>())),
            Property::required("hasMore", Rule::Boolean),
            Property::required("nextCursor", Rule::Nullable(&Rule::TEXT)),
        ],
    );
    fn is_valid(&self) -> bool {
        self.items.iter().all(Wire::is_valid)
    }
}

/// Schema of the contract at `/paths/~1items~1{itemId}~1picture/put/requestBody/content/multipart~1form-data/schema/properties/size`.
#[derive(Debug, Clone, PartialEq)]
pub struct PutPictureBodySize {
    /// Property `width`.
    pub width: u64,
}

impl PutPictureBodySize {
    /// With what is required.
    pub fn new(width: u64) -> Self {
        Self { width }
    }
}

impl support::Record for PutPictureBodySize {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut width = Slot::new("width");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            width.read_as::<support::Int<u64>, _>(&mut properties)?;
        }
        Ok(Self {
            width: properties.required(width)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("width", &self.width);
    }
}

support::serde_as_record!(PutPictureBodySize);

impl Wire for PutPictureBodySize {
    const NAME: &'static str = "PutPictureBodySize";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required(
                "width",
                Rule::Integer(support::IntegerRule {
                    min: 1,
                    max: 18446744073709551615,
                    stated: (true, false),
                    ..support::IntegerRule::ANY
                }),
            ),
        ],
    );
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
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for State {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["new", "used"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(State);

impl Wire for State {
    const NAME: &'static str = "State";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Error>(support::Direction::Answer),
    support::SchemaEntry::of::<Item>(support::Direction::Any),
    support::SchemaEntry::of::<ItemList>(support::Direction::Answer),
    support::SchemaEntry::of::<PutPictureBodySize>(support::Direction::Request)
        .at(
            "/paths/~1items~1{itemId}~1picture/put/requestBody/content/multipart~1form-data/schema/properties/size",
        ),
    support::SchemaEntry::of::<State>(support::Direction::Any),
];
