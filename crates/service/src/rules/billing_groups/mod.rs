//! Billing groups: subscriptions of one customer that are paid together. Whatever changes a group, its members or
//! its payments holds the lock of their customer.

mod change;
mod consolidate;
mod list;
mod wire;

pub(crate) use change::{create, delete, update};
pub(crate) use consolidate::{follow, shed};
pub(crate) use list::{get, list};
