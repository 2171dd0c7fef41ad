// generated from webhooks.yaml by crates/contract-codegen; do not edit

pub use ::contract_wire as support;

use serde::Serializer;
use serde::de::MapAccess;
use support::{Property, Rule, Slot, Wire};

/// Schema `Envelope` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct Envelope {
    /// Property `event`.
    pub event: String,
    /// Property `timestamp`.
    pub timestamp: support::DateTime,
}

impl support::Record for Envelope {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut event = Slot::new("event");
        let mut timestamp = Slot::new("timestamp");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => event.read(&mut properties)?,
                _ => timestamp.read(&mut properties)?,
            }
        }
        Ok(Self {
            event: properties.required(event)?,
            timestamp: properties.required(timestamp)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("event", &self.event).put("timestamp", &self.timestamp);
    }
}

support::serde_as_record!(Envelope);

impl Wire for Envelope {
    const NAME: &'static str = "Envelope";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("event", Rule::TEXT),
            Property::required("timestamp", Rule::value::<support::DateTime>()),
        ],
    );
}

/// Schema `OrderCreatedEvent` of the contract.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderCreatedEvent {
    /// Property `event`.
    pub event: support::Open<OrderCreatedEventEvent>,
    /// Property `timestamp`.
    pub timestamp: support::DateTime,
    /// Property `data`.
    pub data: OrderCreatedEventData,
}

impl support::Record for OrderCreatedEvent {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut event = Slot::new("event");
        let mut timestamp = Slot::new("timestamp");
        let mut data = Slot::new("data");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => event.read(&mut properties)?,
                1 => timestamp.read(&mut properties)?,
                _ => data.read(&mut properties)?,
            }
        }
        Ok(Self {
            event: properties.required(event)?,
            timestamp: properties.required(timestamp)?,
            data: properties.required(data)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put("event", &self.event)
            .put("timestamp", &self.timestamp)
            .put("data", &self.data);
    }
}

support::serde_as_record!(OrderCreatedEvent);

impl Wire for OrderCreatedEvent {
    const NAME: &'static str = "OrderCreatedEvent";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("event", Rule::of::<OrderCreatedEventEvent>()),
            Property::required("timestamp", Rule::value::<support::DateTime>()),
            Property::required("data", Rule::of::<OrderCreatedEventData>()),
        ],
    );
    fn is_valid(&self) -> bool {
        self.event.is_known() && Wire::is_valid(&self.data)
    }
}

/// Schema of the contract at `/components/schemas/OrderCreatedEvent/allOf/1/properties/data`.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderCreatedEventData {
    /// Property `orderId`.
    pub order_id: String,
}

impl support::Record for OrderCreatedEventData {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut order_id = Slot::new("orderId");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            order_id.read(&mut properties)?;
        }
        Ok(Self {
            order_id: properties.required(order_id)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("orderId", &self.order_id);
    }
}

support::serde_as_record!(OrderCreatedEventData);

impl Wire for OrderCreatedEventData {
    const NAME: &'static str = "OrderCreatedEventData";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("orderId", Rule::text(0, 64))],
    );
    fn is_valid(&self) -> bool {
        support::length(&self.order_id, 0, 64)
    }
}

/// Schema of the contract at `/components/schemas/Envelope/properties/event`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum OrderCreatedEventEvent {
    /// `order.created`
    OrderCreated,
}

impl OrderCreatedEventEvent {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::OrderCreated];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for OrderCreatedEventEvent {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["order.created"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(OrderCreatedEventEvent);

impl Wire for OrderCreatedEventEvent {
    const NAME: &'static str = "OrderCreatedEventEvent";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Schema of the contract at `/components/requestBodies/PaymentFailed/content/application~1json/schema`.
#[derive(Debug, Clone, PartialEq)]
pub struct PaymentFailedBody {
    /// Property `event`.
    pub event: support::Open<PaymentFailedBodyEvent>,
    /// Property `timestamp`.
    pub timestamp: support::DateTime,
    /// Property `reason`.
    pub reason: support::Open<PaymentFailedBodyReason>,
}

impl support::Record for PaymentFailedBody {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut event = Slot::new("event");
        let mut timestamp = Slot::new("timestamp");
        let mut reason = Slot::new("reason");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while let Some(property) = properties.next(&mut others)? {
            match property {
                0 => event.read(&mut properties)?,
                1 => timestamp.read(&mut properties)?,
                _ => reason.read(&mut properties)?,
            }
        }
        Ok(Self {
            event: properties.required(event)?,
            timestamp: properties.required(timestamp)?,
            reason: properties.required(reason)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields
            .put("event", &self.event)
            .put("timestamp", &self.timestamp)
            .put("reason", &self.reason);
    }
}

support::serde_as_record!(PaymentFailedBody);

impl Wire for PaymentFailedBody {
    const NAME: &'static str = "PaymentFailedBody";
    const RULE: &'static Rule = &Rule::object(
        &[
            Property::required("event", Rule::of::<PaymentFailedBodyEvent>()),
            Property::required("timestamp", Rule::value::<support::DateTime>()),
            Property::required("reason", Rule::of::<PaymentFailedBodyReason>()),
        ],
    );
    fn is_valid(&self) -> bool {
        self.event.is_known() && self.reason.is_known()
    }
}

/// Schema of the contract at `/components/schemas/Envelope/properties/event`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PaymentFailedBodyEvent {
    /// `payment.failed`
    PaymentFailed,
}

impl PaymentFailedBodyEvent {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::PaymentFailed];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for PaymentFailedBodyEvent {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["payment.failed"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(PaymentFailedBodyEvent);

impl Wire for PaymentFailedBodyEvent {
    const NAME: &'static str = "PaymentFailedBodyEvent";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Schema of the contract at `/components/requestBodies/PaymentFailed/content/application~1json/schema/allOf/1/properties/reason`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PaymentFailedBodyReason {
    /// `expired`
    Expired,
    /// `refused`
    Refused,
}

impl PaymentFailedBodyReason {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Expired, Self::Refused];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for PaymentFailedBodyReason {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["expired", "refused"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(PaymentFailedBodyReason);

impl Wire for PaymentFailedBodyReason {
    const NAME: &'static str = "PaymentFailedBodyReason";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Schema of the contract at `/webhooks/unknown/post/requestBody/content/application~1json/schema`.
#[derive(Debug, Clone, PartialEq)]
pub struct UnknownBody {
    /// Property `event`.
    pub event: support::Open<UnknownBodyEvent>,
}

impl support::Record for UnknownBody {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut event = Slot::new("event");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            event.read(&mut properties)?;
        }
        Ok(Self {
            event: properties.required(event)?,
        })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put("event", &self.event);
    }
}

support::serde_as_record!(UnknownBody);

impl Wire for UnknownBody {
    const NAME: &'static str = "UnknownBody";
    const RULE: &'static Rule = &Rule::object(
        &[Property::required("event", Rule::of::<UnknownBodyEvent>())],
    );
    fn is_valid(&self) -> bool {
        self.event.is_known()
    }
}

/// Schema of the contract at `/webhooks/unknown/post/requestBody/content/application~1json/schema/properties/event`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum UnknownBodyEvent {
    /// `unknown`
    Unknown,
}

impl UnknownBodyEvent {
    /// Every value, in the order of the contract.
    pub const ALL: &'static [Self] = &[Self::Unknown];
    /// The value as it is written.
    pub const fn as_str(self) -> &'static str {
        <Self as support::Choice>::TEXTS[self as usize]
    }
}

impl support::Choice for UnknownBodyEvent {
    const VALUES: &'static [Self] = Self::ALL;
    const TEXTS: &'static [&'static str] = &["unknown"];
    fn text(self) -> &'static str {
        self.as_str()
    }
}

support::serde_as_choice!(UnknownBodyEvent);

impl Wire for UnknownBodyEvent {
    const NAME: &'static str = "UnknownBodyEvent";
    const RULE: &'static Rule = &Rule::Choice(<Self as support::Choice>::TEXTS);
}

/// Schema `Webhook` of the contract.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Webhook {
    /// Property `url`.
    pub url: Option<String>,
}

impl support::Record for Webhook {
    fn read<'de, A: MapAccess<'de>>(entries: A) -> Result<Self, A::Error> {
        let mut url = Slot::new("url");
        let mut others = support::Dropped;
        let mut properties = support::Properties::of::<Self>(entries);
        while properties.next(&mut others)?.is_some() {
            url.read(&mut properties)?;
        }
        Ok(Self { url: url.optional() })
    }

    fn write<S: Serializer>(&self, fields: &mut support::Fields<S>) {
        fields.put_some("url", &self.url);
    }
}

support::serde_as_record!(Webhook);

impl Wire for Webhook {
    const NAME: &'static str = "Webhook";
    const RULE: &'static Rule = &Rule::object(&[Property::optional("url", Rule::TEXT)]);
}

/// What is sent to those who subscribe: a variant for each of the contract's `webhooks`.
#[derive(Debug, Clone, PartialEq)]
pub enum Webhook2 {
    /// `order.created`: An order was placed.
    OrderCreated(OrderCreatedEvent),
    /// `payment.failed`
    PaymentFailed(PaymentFailedBody),
    /// `unknown`
    Unknown(UnknownBody),
    /// A webhook that this contract does not have, of a newer sender.
    Unknown2(support::UnknownEvent),
}

impl Webhook2 {
    /// The names of all webhooks, in the order of the contract.
    pub const NAMES: &'static [&'static str] = &[
        "order.created",
        "payment.failed",
        "unknown",
    ];

    /// The name of the webhook.
    pub fn name(&self) -> &str {
        match self {
            Self::OrderCreated(_) => "order.created",
            Self::PaymentFailed(_) => "payment.failed",
            Self::Unknown(_) => "unknown",
            Self::Unknown2(event) => event.name(),
        }
    }

    /// Reads a body as the webhook that it says it is of. It must have been verified.
    ///
    /// # Errors
    /// It is not JSON, does not say what it is, or is not what it says.
    pub fn parse(body: &[u8]) -> Result<Self, support::DecodeError> {
        support::parse_event(body)
    }

    /// The body to send.
    ///
    /// # Errors
    /// It cannot be written as JSON.
    pub fn to_json(&self) -> ::serde_json::Result<Vec<u8>> {
        match self {
            Self::OrderCreated(event) => ::serde_json::to_vec(event),
            Self::PaymentFailed(event) => ::serde_json::to_vec(event),
            Self::Unknown(event) => ::serde_json::to_vec(event),
            Self::Unknown2(event) => Ok(event.body().to_vec()),
        }
    }
}

impl support::Event for Webhook2 {
    const NAMES: &'static [&'static str] = Self::NAMES;
    fn read(index: usize, body: &[u8]) -> Result<Self, support::DecodeError> {
        match index {
            0 => support::read_event::<OrderCreatedEvent>(body).map(Self::OrderCreated),
            1 => support::read_event::<PaymentFailedBody>(body).map(Self::PaymentFailed),
            _ => support::read_event::<UnknownBody>(body).map(Self::Unknown),
        }
    }

    fn unknown(event: support::UnknownEvent) -> Self {
        Self::Unknown2(event)
    }
}

impl support::TaggedEvent for Webhook2 {
    const TAG: &'static str = "event";
    const TAGS: &'static [&'static str] = Self::NAMES;
}

/// Every named type, in alphabetical order.
#[doc(hidden)]
pub const SCHEMAS: &[support::SchemaEntry] = &[
    support::SchemaEntry::of::<Envelope>(support::Direction::Any),
    support::SchemaEntry::of::<OrderCreatedEvent>(support::Direction::Answer),
    support::SchemaEntry::of::<OrderCreatedEventData>(support::Direction::Answer)
        .at("/components/schemas/OrderCreatedEvent/allOf/1/properties/data"),
    support::SchemaEntry::of::<OrderCreatedEventEvent>(support::Direction::Answer)
        .at("/components/schemas/Envelope/properties/event"),
    support::SchemaEntry::of::<PaymentFailedBody>(support::Direction::Answer)
        .at("/components/requestBodies/PaymentFailed/content/application~1json/schema"),
    support::SchemaEntry::of::<PaymentFailedBodyEvent>(support::Direction::Answer)
        .at("/components/schemas/Envelope/properties/event"),
    support::SchemaEntry::of::<PaymentFailedBodyReason>(support::Direction::Answer)
        .at(
            "/components/requestBodies/PaymentFailed/content/application~1json/schema/allOf/1/properties/reason",
        ),
    support::SchemaEntry::of::<UnknownBody>(support::Direction::Answer)
        .at("/webhooks/unknown/post/requestBody/content/application~1json/schema"),
    support::SchemaEntry::of::<UnknownBodyEvent>(support::Direction::Answer)
        .at(
            "/webhooks/unknown/post/requestBody/content/application~1json/schema/properties/event",
        ),
    support::SchemaEntry::of::<Webhook>(support::Direction::Any),
];
