//! The rows of one customer and what it shares with others, small enough to be copied into every
//! state.

use std::collections::BTreeMap;

use deletion_spec::{
    Customer, Device, DeviceId, Events, Order, OrderId, Status, Subscription, SubscriptionId,
    SubscriptionStatus,
};

/// Most requests at a time.
pub const PROCESSES: usize = 3;
/// Orders, and also subscriptions, that can be there at the start.
pub const GIVEN: usize = 2;
/// Each process has a place of its own for what it makes.
const PLACES: usize = GIVEN + PROCESSES;
/// One per order of the start, and one to be handed out.
pub const DEVICES: usize = 3;

/// The row of the customer with its counters.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct CustomerRow {
    /// None: there is no such row.
    pub status: Option<Status>,
    pub phone: u32,
    pub open_orders: i8,
    pub active_subscriptions: i8,
    pub devices_out: i8,
}

impl CustomerRow {
    pub fn is_settled(&self) -> bool {
        self.open_orders == 0 && self.active_subscriptions == 0 && self.devices_out == 0
    }

    /// The CHECK constraints of the table.
    pub fn is_allowed(&self) -> bool {
        let counters = [
            self.open_orders,
            self.active_subscriptions,
            self.devices_out,
        ];
        counters.iter().all(|counter| *counter >= 0)
            && (self.status != Some(Status::Inactive) || self.is_settled())
    }
}

/// The row of a device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct DeviceRow {
    pub at: Device,
    /// Whether its notes were written.
    pub noted: bool,
}

/// Rows that are only ever added, as their numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Appended {
    pub deactivated: u8,
    pub reactivated: u8,
    pub groups: u8,
    pub upgrade_orders: u8,
}

impl Appended {
    pub fn add(&mut self, other: Appended) {
        self.deactivated += other.deactivated;
        self.reactivated += other.reactivated;
        self.groups += other.groups;
        self.upgrade_orders += other.upgrade_orders;
    }
}

/// Everything about the customer, and the variant that every order is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tables {
    pub customer: CustomerRow,
    pub orders: [Option<Order>; PLACES],
    pub subscriptions: [Option<Subscription>; PLACES],
    pub devices: [DeviceRow; DEVICES],
    /// Whether the variant can be ordered.
    pub offered: bool,
    pub appended: Appended,
}

/// A set of rows that exist once and can be locked, and of what else can be.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub struct Rows(u32);

impl Rows {
    pub const NONE: Rows = Rows(0);
    pub const CUSTOMER: Rows = Rows(1);
    pub const VARIANT: Rows = Rows(2);
    /// The tenant, which is no row here, only a lock; whoever is alone has both parts of it.
    pub const TENANT_SHARED: Rows = Rows(4);
    pub const TENANT_ALONE: Rows = Rows(8);
    pub const TENANT: Rows = Rows(4 | 8);

    pub fn order(id: OrderId) -> Rows {
        Rows(16 << id.0)
    }

    pub fn subscription(id: SubscriptionId) -> Rows {
        Rows(16 << (PLACES as u32 + id.0))
    }

    pub fn device(id: DeviceId) -> Rows {
        Rows(16 << (2 * PLACES as u32 + id.0))
    }

    pub fn meets(self, other: Rows) -> bool {
        self.0 & other.0 != 0
    }

    pub fn add(&mut self, other: Rows) {
        self.0 |= other.0;
    }
}

impl Tables {
    /// No customer yet.
    pub fn empty() -> Tables {
        let device = DeviceRow {
            at: Device::Available,
            noted: false,
        };
        Tables {
            customer: CustomerRow::default(),
            orders: [None; PLACES],
            subscriptions: [None; PLACES],
            devices: [device; DEVICES],
            offered: true,
            appended: Appended::default(),
        }
    }

    /// Copies these rows from elsewhere.
    pub fn take(&mut self, rows: Rows, from: &Tables) {
        if rows.meets(Rows::CUSTOMER) {
            self.customer = from.customer;
        }
        if rows.meets(Rows::VARIANT) {
            self.offered = from.offered;
        }
        for (place, order) in from.orders.iter().enumerate() {
            if rows.meets(Rows::order(OrderId(place as u32))) {
                self.orders[place] = *order;
            }
        }
        for (place, subscription) in from.subscriptions.iter().enumerate() {
            if rows.meets(Rows::subscription(SubscriptionId(place as u32))) {
                self.subscriptions[place] = *subscription;
            }
        }
        for (place, device) in from.devices.iter().enumerate() {
            if rows.meets(Rows::device(DeviceId(place as u32))) {
                self.devices[place] = *device;
            }
        }
    }

    pub fn order(&self, id: OrderId) -> Option<Order> {
        self.orders[id.0 as usize]
    }

    pub fn subscription(&self, id: SubscriptionId) -> Option<Subscription> {
        self.subscriptions[id.0 as usize]
    }

    pub fn device(&self, id: DeviceId) -> Device {
        self.devices[id.0 as usize].at
    }

    pub fn put(&mut self, id: DeviceId, at: Device) {
        self.devices[id.0 as usize].at = at;
    }

    pub fn is_active(&self, id: SubscriptionId) -> bool {
        self.subscription(id)
            .is_some_and(|it| it.status == SubscriptionStatus::Active)
    }

    /// The counters as they have to be.
    pub fn counted(&self) -> (i8, i8, i8) {
        let customer = self.meaning();
        let small = |count: u32| i8::try_from(count).expect("a handful");
        (
            small(customer.open_orders()),
            small(customer.active_subscriptions()),
            small(customer.devices_out()),
        )
    }

    /// What the rows of the customer mean, without the counters.
    pub fn meaning(&self) -> Customer {
        let orders = places(&self.orders);
        let subscriptions = places(&self.subscriptions);
        let mut customer = Customer {
            status: self.customer.status,
            phone: self.customer.phone,
            orders: orders.map(|(id, order)| (OrderId(id), order)).collect(),
            subscriptions: subscriptions
                .map(|(id, subscription)| (SubscriptionId(id), subscription))
                .collect(),
            devices: BTreeMap::new(),
            upgrade_orders: self.appended.upgrade_orders.into(),
            groups: self.appended.groups.into(),
            events: Events {
                deactivated: self.appended.deactivated.into(),
                reactivated: self.appended.reactivated.into(),
            },
        };
        for (id, device) in self.devices.iter().enumerate() {
            customer.set_device(DeviceId(id as u32), device.at);
        }
        customer
    }
}

fn places<T: Copy>(rows: &[Option<T>]) -> impl Iterator<Item = (u32, T)> {
    rows.iter()
        .enumerate()
        .filter_map(|(place, row)| Some((place as u32, (*row)?)))
}
