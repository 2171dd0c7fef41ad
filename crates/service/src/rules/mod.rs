//! The rules, and what they reckon with: days, money, schedules, settings of a tenant.

pub(crate) mod assets;
pub(crate) mod billing_groups;
pub mod calendar;
pub(crate) mod currencies;
pub(crate) mod customers;
pub(crate) mod exports;
pub(crate) mod files;
pub mod money;
pub(crate) mod orders;
pub(crate) mod payments;
pub(crate) mod products;
pub mod quotes;
pub mod schedule;
pub mod settings;
pub(crate) mod subscriptions;
pub(crate) mod tenants;
pub(crate) mod texts;
pub(crate) mod webhooks;
