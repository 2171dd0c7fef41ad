//! The rules of FlexPortal.

pub mod calendar;
pub mod clock;
pub mod cursor;
pub mod id;
pub mod money;
pub mod quotes;
pub mod schedule;
pub mod settings;
