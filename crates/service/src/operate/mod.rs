//! What the operator of a deployment does: tenants and their keys, and data to try it with.

pub mod admin;
pub mod demo;
