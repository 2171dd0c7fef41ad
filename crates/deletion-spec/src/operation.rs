//! What can be asked, and what can be answered.

use crate::{DeviceId, Events, OrderId, Status, SubscriptionId};

/// A request that concerns one customer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operation {
    /// createOrder. A shape that an open order has is taken for a repeat of that
    /// order, so whoever sends a shape again does so within the window for repeats.
    CreateOrder {
        /// What is ordered, as a number.
        shape: u32,
        /// Units.
        quantity: u8,
    },
    /// confirmOrder.
    ConfirmOrder(OrderId),
    /// cancelOrder.
    CancelOrder(OrderId),
    /// createSubscription, of a device of the SKU that was ordered.
    CreateSubscription {
        /// To be fulfilled.
        order: OrderId,
        /// To be handed out.
        device: DeviceId,
        /// Whether it begins so early that its last day has passed.
        over: bool,
        /// Length of the contract.
        months: u16,
    },
    /// cancelSubscription.
    CancelSubscription(SubscriptionId),
    /// earlyReturn, buyout or complete.
    EndSubscription(SubscriptionId, Ending),
    /// upgradeSubscription, to a device of the new SKU.
    Upgrade {
        /// To be replaced.
        subscription: SubscriptionId,
        /// To be handed out.
        device: DeviceId,
        /// Length of the new contract.
        months: u16,
    },
    /// extendSubscription.
    Extend {
        /// To be prolonged.
        subscription: SubscriptionId,
        /// By how much.
        months: u16,
    },
    /// updateAsset to a status of this device, given as one of those that are set by hand.
    UpdateAsset(DeviceId, crate::Device),
    /// deleteCustomer.
    DeleteCustomer,
    /// updateCustomer with nothing but `status`.
    SetStatus(Status),
    /// updateCustomer with nothing but `phone`.
    SetPhone(u32),
    /// createBillingGroup with this member.
    CreateBillingGroup(SubscriptionId),
    /// markPaymentPaid for the payment due on a subscription's first day.
    MarkPaymentPaid(SubscriptionId),
    /// getCustomer.
    GetCustomer,
    /// Status, counters and announcements as they are stored, read at once.
    Audit,
}

/// How a subscription ends together with what becomes of its device.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Ending {
    /// The device is back before the contract's end.
    EarlyReturn,
    /// The device is the customer's.
    Buyout,
    /// The device is back after the contract's end.
    Complete,
}

/// What came back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    /// 200 of a change.
    Done,
    /// 201 of createOrder.
    OrderPlaced(OrderId),
    /// 201 of createSubscription.
    SubscriptionStarted(SubscriptionId),
    /// 200 of upgradeSubscription.
    Upgraded(SubscriptionId),
    /// 201 of createBillingGroup.
    GroupCreated,
    /// 200 of getCustomer.
    Shown(Profile),
    /// What [`Operation::Audit`] found.
    Audited(Audit),
    /// A refusal.
    Refused(Code),
    /// A refusal of deletion that names so many records in the way.
    Blocked(Code, u32),
}

impl Answer {
    /// HTTP status.
    pub fn status(&self) -> u16 {
        match self {
            Answer::Done | Answer::Upgraded(_) | Answer::Shown(_) | Answer::Audited(_) => 200,
            Answer::OrderPlaced(_) | Answer::SubscriptionStarted(_) | Answer::GroupCreated => 201,
            Answer::Refused(code) | Answer::Blocked(code, _) => code.status(),
        }
    }
}

/// What getCustomer shows, as far as it is checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Profile {
    /// Soft deletion.
    pub status: Status,
    /// Telephone number.
    pub phone: u32,
    /// `totalOrders`, and as many `orderIds`.
    pub orders: u32,
    /// As many `rentalIds`.
    pub subscriptions: u32,
    /// `totalDevicesRented`.
    pub active_subscriptions: u32,
}

/// What is stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Audit {
    /// Soft deletion.
    pub status: Status,
    /// Counter.
    pub open_orders: u32,
    /// Counter.
    pub active_subscriptions: u32,
    /// Counter.
    pub devices_out: u32,
    /// Announcements.
    pub events: Events,
}

/// Declares the codes with status and text.
macro_rules! codes {
    ($($name:ident $status:literal $text:literal)*) => {
        /// Why something was refused.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code {
            $(#[doc = concat!("`", $text, "`")] $name,)*
        }

        impl Code {
            /// Every code.
            pub const ALL: &[Code] = &[$(Code::$name),*];

            /// As in the error body.
            pub fn as_str(self) -> &'static str {
                match self { $(Code::$name => $text,)* }
            }

            /// HTTP status.
            pub fn status(self) -> u16 {
                match self { $(Code::$name => $status,)* }
            }
        }
    };
}

codes! {
    NotFound 404 "NOT_FOUND"
    CustomerInactive 400 "CUSTOMER_INACTIVE"
    ActiveSubscriptions 409 "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS"
    PendingOrders 409 "CUSTOMER_HAS_PENDING_ORDERS"
    UnreturnedDevices 409 "CUSTOMER_HAS_UNRETURNED_DEVICES"
    OrderNotFound 400 "ORDER_NOT_FOUND"
    OrderNotConfirmable 400 "ORDER_NOT_CONFIRMABLE"
    OrderNotConfirmed 400 "ORDER_NOT_CONFIRMED"
    OrderNotCancellable 400 "ORDER_NOT_CANCELLABLE"
    ItemFullyFulfilled 400 "ITEM_FULLY_FULFILLED"
    AlreadyCancelled 400 "ALREADY_CANCELLED"
    AlreadyEnded 400 "ALREADY_ENDED"
    AlreadyPaid 400 "ALREADY_PAID"
    SubscriptionNotFound 400 "SUBSCRIPTION_NOT_FOUND"
    SubscriptionNotActive 400 "SUBSCRIPTION_NOT_ACTIVE"
    ContractNotEnded 400 "CONTRACT_NOT_ENDED"
    InvalidExtensionMonths 400 "INVALID_EXTENSION_MONTHS"
    VariantInactive 400 "VARIANT_INACTIVE"
    VariantInUse 409 "VARIANT_IN_USE"
    AssetNotAvailable 400 "ASSET_NOT_AVAILABLE"
    AssetInUse 409 "ASSET_IN_USE"
    InvalidStatus 400 "INVALID_STATUS"
    InternalError 500 "INTERNAL_ERROR"
}
