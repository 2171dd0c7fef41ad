//! Schemas → types.

pub(in crate::lower) mod build;
pub(in crate::lower) mod direction;
pub(in crate::lower) mod facts;
pub(in crate::lower) mod families;
mod pattern;
pub(in crate::lower) mod plan;
mod reduce;
mod rules;
mod unions;
mod unite;
pub(in crate::lower) mod usage;
pub(in crate::lower) mod values;
