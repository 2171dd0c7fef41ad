//! Payments, one by one: what was paid, waived or tried. Schedules are made with their subscriptions.

mod change;
mod list;
mod wire;

pub(crate) use change::{cancel, mark_paid, record_attempt};
pub(crate) use list::{get, list};
