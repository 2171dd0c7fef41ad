//! One customer's life, as far as its deletion is concerned, as a sequential specification: what
//! every operation that can meet a deletion answers in every situation, and what it changes.
//!
//! It is used twice. `tests/model` lets the steps of the implementation's transactions interleave
//! in every possible way and compares what comes out with the specification. [`check`] compares a
//! [`History`] that was recorded from real servers with it: whatever ran at the same time, there
//! has to be one order of the operations, in keeping with the clock, in which every answer is the
//! specified one (linearisability).
//!
//! Nothing here reads a database, speaks HTTP or uses code of the product: shared mistakes would
//! hide.

mod checker;
mod customer;
mod generate;
mod history;
mod operation;
mod random;
mod specification;

pub use checker::{Checked, Violation, check};
pub use customer::{
    Customer, Device, DeviceId, Events, Order, OrderId, OrderStatus, Status, Subscription,
    SubscriptionId, SubscriptionStatus,
};
pub use generate::{Caller, Range, history};
pub use history::{Call, History};
pub use operation::{Answer, Audit, Code, Ending, Operation, Profile};
pub use random::Random;
pub use specification::apply;
