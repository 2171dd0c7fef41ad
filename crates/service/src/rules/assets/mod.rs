//! Assets: single devices, by serial number. Subscriptions hand them out; the return, loss or
//! later sale is recorded here.

pub(crate) mod create;
pub(crate) mod imei;
pub(crate) mod list;
pub(crate) mod update;
pub(crate) mod wire;
