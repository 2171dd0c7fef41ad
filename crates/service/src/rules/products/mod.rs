//! Products and their variants: saved by SKU, taken out of the offer, never erased.

pub(crate) mod csv;
pub(crate) mod import;
pub(crate) mod known;
pub(crate) mod list;
pub(crate) mod plan;
pub(crate) mod save;
pub(crate) mod status;
pub(crate) mod tiers;
pub(crate) mod wire;
