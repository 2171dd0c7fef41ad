//! Where events are sent, and which are still to be sent there.
//!
//! Nothing happens here while an event is written: events stand in the outbox, [`endpoints::behind`] finds the
//! tenants whose endpoints have not seen the newest ones, and whoever looks at them writes [`deliveries`] and
//! moves the position of the endpoint in one transaction. What has become of them is [`history`].

pub mod deliveries;
pub mod endpoints;
pub mod history;

pub use deliveries::{DueDelivery, WebhookDeliveryRow, WebhookDeliveryState};
pub use endpoints::{WebhookEndpointRow, WebhookEndpointSort};
pub use history::{ListedDelivery, WebhookDeliveryFilter, WebhookDeliverySort};
