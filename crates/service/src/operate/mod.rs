//! What the operator of a deployment does: tenants and their keys, data to try it with, and what is done by itself.

pub mod admin;
pub mod demo;
pub mod jobs;
