//! Schemas → types.
//!
//! This room reads the document and the names of its places. [`Planner`](plan::Planner) works out what
//! schemas demand (`facts`, `unite`, `whole`) and what that amounts to (`plan`, `alternatives`), and changes nothing
//! but what it remembers. [`Schemas`] makes types of it (`build`, `structs`, `unions`, `families`, `checks`) and writes
//! them into a [`Table`], which can be asked about those that are there. [`finish`] has the last look at all of them
//! (`usage`, `direction`), and gives them to the model.

mod alternatives;
mod build;
mod checks;
mod components;
mod direction;
mod facts;
mod families;
mod pattern;
mod plan;
mod rules;
mod structs;
mod surrogates;
mod table;
mod translate;
mod unions;
mod unite;
mod usage;
mod whole;

pub(in crate::lower) use self::alternatives::Merged;
pub(in crate::lower) use self::build::{Schemas, any};
pub(in crate::lower) use self::direction::directions;
pub(in crate::lower) use self::facts::{Extra, Facts, Part, first_place};
pub(crate) use self::pattern::looks_around;
pub(in crate::lower) use self::plan::{Plan, Planner};
pub(in crate::lower) use self::structs::{annotation, documentation};
pub(in crate::lower) use self::table::Table;
pub(in crate::lower) use self::usage::finish;
