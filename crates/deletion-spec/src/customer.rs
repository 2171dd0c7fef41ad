//! The state: a customer with its orders, subscriptions and devices.

use std::collections::BTreeMap;
use std::fmt;

/// Names a thing of one customer. Who records a history chooses the numbers.
macro_rules! id {
    ($name:ident, $prefix:literal, $doc:literal) => {
        #[doc = $doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl fmt::Debug for $name {
            fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(out, concat!($prefix, "{}"), self.0)
            }
        }
    };
}

id!(OrderId, "order ", "An order.");
id!(SubscriptionId, "subscription ", "A subscription.");
id!(
    DeviceId,
    "device ",
    "A device that may be handed to the customer."
);

/// Soft deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Status {
    /// As every customer begins.
    Active,
    /// Deleted.
    Inactive,
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum OrderStatus {
    /// Placed.
    Pending,
    /// Released for fulfilment.
    Confirmed,
    /// Some of its units are handed out.
    Partial,
    /// All of its units are.
    Fulfilled,
    /// Called off.
    Cancelled,
}

impl OrderStatus {
    /// Whether it stands in the way of deletion.
    pub fn is_open(self) -> bool {
        match self {
            OrderStatus::Pending | OrderStatus::Confirmed | OrderStatus::Partial => true,
            OrderStatus::Fulfilled | OrderStatus::Cancelled => false,
        }
    }
}

/// An order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Order {
    /// What was ordered, as a number: the same shape again is a repeat.
    pub shape: u32,
    /// Where it stands.
    pub status: OrderStatus,
    /// Units ordered.
    pub quantity: u8,
    /// Units that became subscriptions.
    pub rented: u8,
}

/// Whether a subscription runs, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SubscriptionStatus {
    /// Running.
    Active,
    /// By cancelSubscription; the device is still out.
    Cancelled,
    /// By earlyReturn, buyout or complete.
    Ended,
    /// Another one took over; the device is still out.
    Upgraded,
}

/// A subscription.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Subscription {
    /// The order it was made from; none when an upgrade made it.
    pub order: Option<OrderId>,
    /// What was handed out.
    pub device: DeviceId,
    /// Whether it runs.
    pub status: SubscriptionStatus,
    /// Whether its last day has passed, so that it can be completed.
    pub over: bool,
    /// Length of the contract, extensions included.
    pub months: u16,
    /// Whether the payment that is due from its first day has been marked as paid.
    pub paid: bool,
}

/// Where a device is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Device {
    /// Can be handed out.
    Available,
    /// At the customer's, under this subscription.
    RentedOut(SubscriptionId),
    /// Back.
    Returned,
    /// Lost, stolen or defective.
    Unavailable,
    /// The customer's own.
    Sold,
}

/// Status changes that were announced.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Events {
    /// `customer.deactivated`.
    pub deactivated: u32,
    /// `customer.reactivated`.
    pub reactivated: u32,
}

/// A customer and what belongs to it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash)]
pub struct Customer {
    /// None until its first order.
    pub status: Option<Status>,
    /// What the last correction of the profile wrote.
    pub phone: u32,
    /// Those it placed; orders that an upgrade made are only counted.
    pub orders: BTreeMap<OrderId, Order>,
    /// All ever.
    pub subscriptions: BTreeMap<SubscriptionId, Subscription>,
    /// Those that are not available.
    pub devices: BTreeMap<DeviceId, Device>,
    /// Orders that upgrades made, fulfilled from the beginning.
    pub upgrade_orders: u32,
    /// Billing groups ever made.
    pub groups: u32,
    /// What was announced.
    pub events: Events,
}

impl Customer {
    /// Where a device is.
    pub fn device(&self, id: DeviceId) -> Device {
        self.devices.get(&id).copied().unwrap_or(Device::Available)
    }

    /// Puts a device somewhere else.
    pub fn set_device(&mut self, id: DeviceId, device: Device) {
        match device {
            Device::Available => self.devices.remove(&id),
            elsewhere => self.devices.insert(id, elsewhere),
        };
    }

    /// Running subscriptions.
    pub fn active_subscriptions(&self) -> u32 {
        count(self.subscriptions.values(), |it| {
            it.status == SubscriptionStatus::Active
        })
    }

    /// Orders that can still become subscriptions.
    pub fn open_orders(&self) -> u32 {
        count(self.orders.values(), |it| it.status.is_open())
    }

    /// Devices that are out although their subscription has ended.
    pub fn devices_out(&self) -> u32 {
        count(self.devices.values(), |device| match device {
            Device::RentedOut(by) => !self.is_active(*by),
            Device::Available | Device::Returned | Device::Unavailable | Device::Sold => false,
        })
    }

    /// Whether a subscription runs.
    pub fn is_active(&self, id: SubscriptionId) -> bool {
        self.subscriptions
            .get(&id)
            .is_some_and(|it| it.status == SubscriptionStatus::Active)
    }
}

fn count<T>(things: impl Iterator<Item = T>, condition: impl Fn(&T) -> bool) -> u32 {
    let found = things.filter(|thing| condition(thing)).count();
    u32::try_from(found).expect("fewer than four thousand million things")
}
