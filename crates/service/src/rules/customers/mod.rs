//! Customers: they come into being with their first order, and deletion only makes them inactive.

use crate::call::Call;
use crate::error::{Error, not_found};

pub(crate) mod address;
pub(crate) mod deactivate;
pub(crate) mod list;
pub(crate) mod update;
pub(crate) mod wire;

pub(crate) fn get(call: &mut Call<'_, '_>, id: &str) -> Result<types::Customer, Error> {
    let row = store::customers::find(call.tx, id)?;
    wire::customer(call, row.ok_or_else(|| not_found("customer"))?)
}
