//! Payments, one by one: what was paid, waived or tried. Schedules are made with their subscriptions.

mod change;
mod list;
mod mark_paid;
mod wire;

pub(crate) use change::{cancel, record_attempt};
pub(crate) use list::{get, list};
pub(crate) use mark_paid::mark_paid;
