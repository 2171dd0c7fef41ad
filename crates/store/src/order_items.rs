//! Items of orders, with the prices and costs captured when the order was made.

use std::collections::HashMap;
use std::sync::LazyLock;

use crate::found::Parts;
use crate::page::in_list;
use crate::statement::InsertAll;
use crate::{Error, Param, Row, Tx, params};

/// A row of `order_items`.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderItemRow {
    /// Tenant.
    pub tenant_id: String,
    /// Order.
    pub order_id: String,
    /// Place in the order, from 0.
    pub position: i64,
    /// Variant SKU.
    pub sku: String,
    /// Product.
    pub product_id: String,
    /// Variant.
    pub variant_id: String,
    /// Product name as ordered.
    pub product_name: String,
    /// Image as ordered.
    pub product_image_url: Option<String>,
    /// Units ordered, at least 1.
    pub quantity: i64,
    /// Units that became subscriptions; never falls.
    pub rented: i64,
    /// Monthly price, minor units.
    pub unit_price: i64,
    /// Charged with the first payment, minor units.
    pub setup_fee: i64,
    /// Months.
    pub contract_length: i64,
    /// List price, minor units.
    pub list_price: Option<i64>,
    /// Where the list price comes from.
    pub list_price_source: String,
    /// Minor units.
    pub list_price_override: Option<i64>,
    /// Acquisition cost, minor units.
    pub acquisition_cost: Option<i64>,
    /// Where the cost comes from.
    pub acquisition_cost_source: String,
    /// Minor units.
    pub acquisition_cost_override: Option<i64>,
}

const COLUMNS: &str = "tenant_id, order_id, position, sku, product_id, variant_id, product_name, \
     product_image_url, quantity, rented, unit_price, setup_fee, contract_length, list_price, list_price_source, \
     list_price_override, acquisition_cost, acquisition_cost_source, acquisition_cost_override";

const INTEGERS: &[&str] = &[
    "position",
    "quantity",
    "rented",
    "unit_price",
    "setup_fee",
    "contract_length",
    "list_price",
    "list_price_override",
    "acquisition_cost",
    "acquisition_cost_override",
    "open",
];

static INSERT: LazyLock<InsertAll> =
    LazyLock::new(|| InsertAll::new("order_items", &format!("{COLUMNS}, open"), INTEGERS));
static OF_ORDER: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM order_items WHERE tenant_id = $1 AND order_id = $2 ORDER BY position"
    )
});

/// Of the orders of a page.
pub(crate) const PARTS: Parts<'_> = Parts {
    columns: COLUMNS,
    table: "order_items",
    owner: "order_id",
    order: "position",
    bytes: 450,
};

/// Reads an item of [`PARTS`] with the id of its order.
pub(crate) fn part(row: &mut Row<'_>) -> Result<(String, OrderItemRow), Error> {
    let item = from_row(row)?;
    Ok((item.order_id.clone(), item))
}

/// The items of an order in their order.
///
/// # Errors
/// Engine failures.
pub fn of_order(tx: &mut Tx<'_>, tenant: &str, order: &str) -> Result<Vec<OrderItemRow>, Error> {
    tx.query_all(&OF_ORDER, params![tenant, order], from_row)
}

/// The items of each of the orders, by order id.
///
/// # Errors
/// Engine failures.
pub fn by_order(
    tx: &mut Tx<'_>,
    tenant: &str,
    orders: &[&str],
) -> Result<HashMap<String, Vec<OrderItemRow>>, Error> {
    let mut items: HashMap<String, Vec<OrderItemRow>> = HashMap::new();
    for chunk in orders.chunks(128) {
        let (places, values) = in_list(2, chunk);
        let sql = format!(
            "SELECT {COLUMNS} FROM order_items WHERE tenant_id = $1 AND order_id IN ({places}) \
             ORDER BY order_id, position"
        );
        let params: Vec<_> = std::iter::once(tenant.into()).chain(values).collect();
        for item in tx.query_all(&sql, &params, from_row)? {
            items.entry(item.order_id.clone()).or_default().push(item);
        }
    }
    Ok(items)
}

/// Takes one unit of an item for a subscription; `false` if all are taken.
///
/// # Errors
/// Engine failures.
pub fn take_unit(tx: &mut Tx<'_>, tenant: &str, order: &str, position: i64) -> Result<bool, Error> {
    let sql = "UPDATE order_items SET rented = rented + 1 \
               WHERE tenant_id = $1 AND order_id = $2 AND position = $3 AND rented < quantity";
    Ok(tx.execute(sql, params![tenant, order, position])? > 0)
}

/// Whether the variant is in an open order.
///
/// # Errors
/// Engine failures.
pub fn variant_is_in_open_order(
    tx: &mut Tx<'_>,
    tenant: &str,
    variant: &str,
) -> Result<bool, Error> {
    let sql =
        "SELECT 1 FROM order_items WHERE tenant_id = $1 AND variant_id = $2 AND open = 1 LIMIT 1";
    Ok(tx
        .query_opt(sql, params![tenant, variant], |row| row.get::<i64>())?
        .is_some())
}

/// Whether any variant of the product is in an open order.
///
/// # Errors
/// Engine failures.
pub fn product_is_in_open_order(
    tx: &mut Tx<'_>,
    tenant: &str,
    product: &str,
) -> Result<bool, Error> {
    let sql =
        "SELECT 1 FROM order_items WHERE tenant_id = $1 AND product_id = $2 AND open = 1 LIMIT 1";
    Ok(tx
        .query_opt(sql, params![tenant, product], |row| row.get::<i64>())?
        .is_some())
}

pub(crate) fn insert_all(tx: &mut Tx<'_>, rows: &[OrderItemRow], open: bool) -> Result<(), Error> {
    let values: Vec<_> = rows.iter().map(|row| values(row, open)).collect();
    INSERT.run(tx, &values)
}

fn values(row: &OrderItemRow, open: bool) -> Vec<Param<'_>> {
    params![
        &row.tenant_id,
        &row.order_id,
        row.position,
        &row.sku,
        &row.product_id,
        &row.variant_id,
        &row.product_name,
        row.product_image_url.as_deref(),
        row.quantity,
        row.rented,
        row.unit_price,
        row.setup_fee,
        row.contract_length,
        row.list_price,
        &row.list_price_source,
        row.list_price_override,
        row.acquisition_cost,
        &row.acquisition_cost_source,
        row.acquisition_cost_override,
        open,
    ]
    .to_vec()
}

pub(crate) fn set_open(
    tx: &mut Tx<'_>,
    tenant: &str,
    order: &str,
    open: bool,
) -> Result<(), Error> {
    let sql = "UPDATE order_items SET open = $1 WHERE tenant_id = $2 AND order_id = $3";
    tx.execute(sql, params![open, tenant, order]).map(drop)
}

fn from_row(row: &mut Row<'_>) -> Result<OrderItemRow, Error> {
    Ok(OrderItemRow {
        tenant_id: row.get()?,
        order_id: row.get()?,
        position: row.get()?,
        sku: row.get()?,
        product_id: row.get()?,
        variant_id: row.get()?,
        product_name: row.get()?,
        product_image_url: row.get()?,
        quantity: row.get()?,
        rented: row.get()?,
        unit_price: row.get()?,
        setup_fee: row.get()?,
        contract_length: row.get()?,
        list_price: row.get()?,
        list_price_source: row.get()?,
        list_price_override: row.get()?,
        acquisition_cost: row.get()?,
        acquisition_cost_source: row.get()?,
        acquisition_cost_override: row.get()?,
    })
}
