//! Webhooks: where events are sent, which of them are to be sent now, and what becomes of each try.
//!
//! Events are written to the outbox by the rules that cause them, whether anybody listens or not.
//! [`fan_out`] looks at them later, for each endpoint; [`deliver`] hands out what is to be sent and
//! is told what became of it; [`deliveries`] shows that, and [`forget`] ends it. Whoever speaks
//! HTTP stands outside.

pub(crate) mod address;
pub(crate) mod deliver;
pub(crate) mod deliveries;
pub(crate) mod endpoints;
mod fan_out;
mod forget;
