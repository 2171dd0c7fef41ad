//! What a store promises on every engine; nothing here but `support` knows which one it is.

mod administration;
mod constraints;
mod customers;
mod fairness;
mod list_plans;
mod lists;
mod processes;
mod search;
pub(crate) mod support;
mod together;
mod transactions;
mod walls;
