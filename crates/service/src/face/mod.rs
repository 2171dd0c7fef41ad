//! Between the contract and the rules: who may call what, how much at once, and one expression for
//! each operation that hands it to its rule.

mod assets;
mod auth;
mod billing_groups;
pub(crate) mod conditions;
pub mod cursor;
mod customers;
mod exports;
pub(crate) mod failures;
mod files;
mod orders;
pub(crate) mod paging;
mod payments;
pub(crate) mod permissions;
mod products;
pub(crate) mod rates;
pub(crate) mod running;
pub(crate) mod serve;
mod settings;
mod subscriptions;
pub(crate) mod tenants;
pub(crate) mod token;
mod webhooks;
