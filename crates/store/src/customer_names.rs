//! The names of customers, apart: lists are sorted by them, and deletions do not touch them.

use std::sync::LazyLock;

use crate::customers::CustomerRow;
use crate::table::{Entry as _, table};
use crate::{Error, Tx, params};

/// What stands in a FROM for customers in the order of their names. The engines are to begin with the names, in
/// which `names_of` is the tenant: SQLite takes the tables of a CROSS JOIN in their order.
pub(crate) const SORTED: &str = "(SELECT tenant_id AS names_of, customer_id, first_name AS by_first_name, \
     last_name AS by_last_name, signature FROM customer_names) AS names CROSS JOIN customers";

/// What joins the two; the tenant is `$1`.
pub(crate) const JOINED: &str = "names_of = $1 AND id = customer_id";

table! {
    /// A row of `customer_names`.
    NamesRow<'a> of "customer_names" by (tenant_id, customer_id) below ("customers") {
        tenant_id: &'a str,
        customer_id: &'a str,
        first_name: &'a str,
        last_name: &'a str,
        signature: i64,
    }
}

static INSERT: LazyLock<String> = LazyLock::new(|| NamesRow::TABLE.insert());

/// Adds those of a new customer.
pub(crate) fn insert(tx: &mut Tx<'_>, customer: &CustomerRow, signature: i64) -> Result<(), Error> {
    let row = NamesRow {
        tenant_id: &customer.tenant_id,
        customer_id: &customer.id,
        first_name: &customer.first_name,
        last_name: &customer.last_name,
        signature,
    };
    tx.execute(&INSERT, &row.values_in(tx)?).map(drop)
}

/// Replaces those of a customer.
pub(crate) fn update(tx: &mut Tx<'_>, customer: &CustomerRow, signature: i64) -> Result<(), Error> {
    let sql = "UPDATE customer_names SET first_name = $1, last_name = $2, signature = $3 \
               WHERE tenant_id = $4 AND customer_id = $5";
    let values = params![
        &customer.first_name,
        &customer.last_name,
        signature,
        tx.tenant()?,
        &customer.id,
    ];
    tx.execute(sql, values).map(drop)
}
