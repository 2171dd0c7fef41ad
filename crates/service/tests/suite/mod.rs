//! The rules over HTTP; nothing here but `support` knows the engine.

mod assets;
mod assets_states;
mod catalogue_races;
mod contract;
mod customers;
mod customers_list;
mod customers_search;
mod deletion_clearing;
mod deletion_crowds;
mod deletion_decision;
mod deletion_devices;
mod deletion_races;
mod deletion_status;
mod deletion_visibility;
mod deletion_writes;
mod keys;
mod limits;
mod lists_large;
mod moments;
mod orders;
mod orders_idempotency;
mod orders_lifecycle;
mod orders_list;
mod orders_settings;
mod payments;
mod products;
mod products_bodies;
mod products_csv;
mod products_csv_cells;
mod products_offer;
mod products_update;
mod subscriptions;
pub(crate) mod support;

mod texts;
mod unavailable;
