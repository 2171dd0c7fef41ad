//! Items of orders, with the prices and costs captured when the order was made.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::found::Parts;
use crate::page::in_list;
use crate::statement::InsertAll;
use crate::table::{Entry as _, Record as _, all_in, table};
use crate::{Error, Row, Tx, params};

table! {
    /// A row of `order_items`.
    OrderItemRow of "order_items" by (tenant_id, order_id, position) below ("orders", "variants") {
        /// Tenant.
        tenant_id: String,
        /// Order.
        order_id: String,
        /// Place in the order, from 0.
        position: i64,
        /// Variant SKU.
        sku: String,
        /// Product.
        product_id: String,
        /// Variant.
        variant_id: String,
        /// Product name as ordered.
        product_name: String,
        /// Image as ordered.
        product_image_url: Option<String>,
        /// Units ordered, at least 1.
        quantity: i64,
        /// Units that became subscriptions; never falls.
        rented: i64,
        /// Monthly price, minor units.
        unit_price: i64,
        /// Charged with the first payment, minor units.
        setup_fee: i64,
        /// Months.
        contract_length: i64,
        /// List price, minor units.
        list_price: Option<i64>,
        /// Where the list price comes from.
        list_price_source: String,
        /// Minor units.
        list_price_override: Option<i64>,
        /// Acquisition cost, minor units.
        acquisition_cost: Option<i64>,
        /// Where the cost comes from.
        acquisition_cost_source: String,
        /// Minor units.
        acquisition_cost_override: Option<i64>,
    } with (open: bool)
}

static INSERT: LazyLock<InsertAll> = LazyLock::new(|| OrderItemRow::TABLE.insert_all());
static OF_ORDER: LazyLock<String> = LazyLock::new(|| {
    OrderItemRow::TABLE.select("WHERE tenant_id = $1 AND order_id = $2 ORDER BY position")
});

/// Of the orders of a page.
pub(crate) fn parts() -> Parts<'static> {
    Parts {
        columns: OrderItemRow::columns(),
        table: "order_items",
        owner: "order_id",
        order: "position",
        bytes: 450,
    }
}

/// Reads an item of [`parts`] with the id of its order.
pub(crate) fn part(row: &mut Row<'_>) -> Result<(String, OrderItemRow), Error> {
    let item = OrderItemRow::from_row(row)?;
    Ok((item.order_id.clone(), item))
}

/// The items of an order in their order.
///
/// # Errors
/// Engine failures.
pub fn of_order(tx: &mut Tx<'_>, order: &str) -> Result<Vec<OrderItemRow>, Error> {
    tx.query_all(
        &OF_ORDER,
        params![tx.tenant()?, order],
        OrderItemRow::from_row,
    )
}

/// The items of each of the orders, by order id.
///
/// # Errors
/// Engine failures.
pub fn by_order(
    tx: &mut Tx<'_>,
    orders: &[&str],
) -> Result<HashMap<String, Vec<OrderItemRow>>, Error> {
    let tenant = tx.tenant()?;
    let mut items: HashMap<String, Vec<OrderItemRow>> = HashMap::new();
    for chunk in orders.chunks(128) {
        let (places, values) = in_list(2, chunk);
        let sql = OrderItemRow::TABLE.select(&format!(
            "WHERE tenant_id = $1 AND order_id IN ({places}) ORDER BY order_id, position"
        ));
        let params: Vec<_> = std::iter::once(tenant.into()).chain(values).collect();
        for item in tx.query_all(&sql, &params, OrderItemRow::from_row)? {
            items.entry(item.order_id.clone()).or_default().push(item);
        }
    }
    Ok(items)
}

/// Takes one unit of an item for a subscription; `false` if all are taken.
///
/// # Errors
/// Engine failures.
pub fn take_unit(tx: &mut Tx<'_>, order: &str, position: i64) -> Result<bool, Error> {
    let sql = "UPDATE order_items SET rented = rented + 1 \
               WHERE tenant_id = $1 AND order_id = $2 AND position = $3 AND rented < quantity";
    Ok(tx.execute(sql, params![tx.tenant()?, order, position])? > 0)
}

/// Whether the variant of the product is in an open order.
///
/// # Errors
/// Engine failures.
pub fn variant_is_in_open_order(
    tx: &mut Tx<'_>,
    product: &str,
    variant: &str,
) -> Result<bool, Error> {
    let tenant = tx.tenant()?;
    let sql = "SELECT 1 FROM order_items \
               WHERE tenant_id = $1 AND product_id = $2 AND variant_id = $3 AND open = 1 LIMIT 1";
    let values = params![tenant, product, variant];
    Ok(tx.query_opt(sql, values, |row| row.get::<i64>())?.is_some())
}

/// Whether any variant of the product is in an open order.
///
/// # Errors
/// Engine failures.
pub fn product_is_in_open_order(tx: &mut Tx<'_>, product: &str) -> Result<bool, Error> {
    let sql =
        "SELECT 1 FROM order_items WHERE tenant_id = $1 AND product_id = $2 AND open = 1 LIMIT 1";
    Ok(tx
        .query_opt(sql, params![tx.tenant()?, product], |row| row.get::<i64>())?
        .is_some())
}

pub(crate) fn insert_all(tx: &mut Tx<'_>, rows: &[OrderItemRow], open: bool) -> Result<(), Error> {
    let mut values = all_in(rows, tx)?;
    for row in &mut values {
        row.push(open.into());
    }
    INSERT.run(tx, values)
}

pub(crate) fn set_open(tx: &mut Tx<'_>, order: &str, open: bool) -> Result<(), Error> {
    let sql = "UPDATE order_items SET open = $1 WHERE tenant_id = $2 AND order_id = $3";
    tx.execute(sql, params![open, tx.tenant()?, order])
        .map(drop)
}
