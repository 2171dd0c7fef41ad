//! Orders. Their items are in [`crate::order_items`].

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::Timestamp;

use crate::customers::{self, CustomerTotals};
use crate::found::{FoundRow, Parts};
use crate::order_fields;
use crate::order_items::{self, OrderItemRow};
use crate::page::{Order, Select, in_list, sort_fields};
use crate::value::text_enum;
use crate::{Error, Json, Listing, Page, Row, Tx, params, statement};

pub use crate::order_fields::known as known_fields;

text_enum! {
    /// State of an order.
    OrderStatus {
        Pending = "pending",
        Confirmed = "confirmed",
        Partial = "partial",
        Fulfilled = "fulfilled",
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// What an order is for.
    OrderType {
        Standard = "standard",
        Extension = "extension",
        Upgrade = "upgrade",
    }
}

sort_fields! {
    /// What orders can be sorted by.
    OrderSort, 1500 {
        CreatedAt = "createdAt", "o.created_at";
        UpdatedAt = "updatedAt", "o.updated_at";
        OrderId = "orderId", "o.id" unique;
        Status = "status", "o.status";
        Total = "totals.total", "o.total";
    }
}

impl OrderStatus {
    /// Pending, confirmed or partial: it can still lead to subscriptions and blocks deletions.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Confirmed | Self::Partial)
    }
}

/// A row of `orders`.
#[derive(Debug, Clone, PartialEq)]
pub struct OrderRow {
    /// Tenant.
    pub tenant_id: String,
    /// Id.
    pub id: String,
    /// Customer.
    pub customer_id: String,
    /// State.
    pub status: OrderStatus,
    /// What it is for.
    pub order_type: OrderType,
    /// The customer's data as ordered.
    pub customer: Json,
    /// Address as ordered.
    pub billing_address: Json,
    /// Address as ordered.
    pub shipping_address: Json,
    /// Monthly net, minor units.
    pub subtotal: i64,
    /// Monthly tax, minor units.
    pub tax_amount: i64,
    /// Monthly gross, minor units.
    pub total: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Sum of the quantities.
    pub total_devices: i64,
    /// Subscriptions ever made from it.
    pub rented_devices: i64,
    /// As given.
    pub custom_fields: Option<Json>,
    /// Free text.
    pub notes: Option<String>,
    /// Of an extension order.
    pub extension_details: Option<Json>,
    /// Of an upgrade order.
    pub upgrade_details: Option<Json>,
    /// Reason, time and actor of the cancellation.
    pub cancellation: Option<Json>,
    /// Under which a repeat of the request is recognised; none for orders the server makes itself.
    pub fingerprint: Option<String>,
    /// Creation.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// Key that created it.
    pub created_by: String,
}

/// An order in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedOrder {
    /// The order.
    pub row: OrderRow,
    /// Its items, in their order.
    pub items: Vec<OrderItemRow>,
    /// Ids and item positions of its subscriptions, oldest first.
    pub rentals: Vec<(String, i64)>,
}

/// Conditions of a list; all given ones must hold.
#[derive(Debug, Clone, Default)]
pub struct OrderFilter {
    /// Only this status.
    pub status: Option<OrderStatus>,
    /// Only this customer.
    pub customer_id: Option<String>,
    /// Only with these custom fields: field id, value as text.
    pub custom_fields: Vec<(String, String)>,
}

const COLUMNS: &str = "tenant_id, id, customer_id, status, order_type, customer, billing_address, \
     shipping_address, subtotal, tax_amount, total, currency, total_devices, rented_devices, custom_fields, notes, \
     extension_details, upgrade_details, cancellation, fingerprint, created_at, updated_at, created_by";
const CHANGEABLE: &str = "status, rented_devices, notes, cancellation, updated_at";

static INSERT: LazyLock<String> = LazyLock::new(|| statement::insert("orders", COLUMNS));
static QUALIFIED: LazyLock<String> = LazyLock::new(|| statement::qualified("o", COLUMNS));
static UPDATE: LazyLock<String> =
    LazyLock::new(|| statement::update("orders", CHANGEABLE, "tenant_id, id"));
static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM orders WHERE tenant_id = $1 AND id = $2"));
static FIND_BY_FINGERPRINT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM orders WHERE tenant_id = $1 AND fingerprint = $2 AND created_at > $3 \
         AND status IN ('pending', 'confirmed', 'partial') ORDER BY created_at DESC, id DESC LIMIT 1"
    )
});

/// Adds an order with its items, and counts it for the customer. `search_fields` are the scalar custom
/// fields as text, which lists filter by.
///
/// # Errors
/// [`Error::Reference`] for an unknown customer or variant, [`Error::Constraint`] for an open order of an
/// inactive customer.
pub fn insert(
    tx: &mut Tx<'_>,
    row: &OrderRow,
    items: &[OrderItemRow],
    search_fields: &[(String, String)],
) -> Result<(), Error> {
    let values = params![
        &row.tenant_id,
        &row.id,
        &row.customer_id,
        row.status,
        row.order_type,
        &row.customer,
        &row.billing_address,
        &row.shipping_address,
        row.subtotal,
        row.tax_amount,
        row.total,
        &row.currency,
        row.total_devices,
        row.rented_devices,
        row.custom_fields.as_ref(),
        row.notes.as_deref(),
        row.extension_details.as_ref(),
        row.upgrade_details.as_ref(),
        row.cancellation.as_ref(),
        row.fingerprint.as_deref(),
        row.created_at,
        row.updated_at,
        &row.created_by,
    ];
    tx.execute(&INSERT, values)?;
    order_items::insert_all(tx, items, row.status.is_open())?;
    order_fields::insert_all(tx, row, search_fields)?;
    let added = CustomerTotals {
        total_orders: 1,
        open_orders: i64::from(row.status.is_open()),
        ..Default::default()
    };
    customers::adjust(tx, &row.tenant_id, &row.customer_id, &added, None)
}

/// The order of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, tenant: &str, id: &str) -> Result<Option<OrderRow>, Error> {
    tx.query_opt(&FIND, params![tenant, id], from_row)
}

/// The latest open order with a fingerprint made after `since`. Open orders are never older than the last
/// reactivation of their customer: none of them is open when a customer is deleted.
///
/// # Errors
/// Engine failures.
pub fn find_by_fingerprint(
    tx: &mut Tx<'_>,
    tenant: &str,
    fingerprint: &str,
    since: Timestamp,
) -> Result<Option<OrderRow>, Error> {
    tx.query_opt(
        &FIND_BY_FINGERPRINT,
        params![tenant, fingerprint, since],
        from_row,
    )
}

/// Writes status, progress, notes, cancellation and `updated_at`; the rest of an order never changes. Opens
/// or closes its items and counts it for the customer accordingly. `false` if there is no such order.
///
/// # Errors
/// [`Error::Constraint`] if it would be open for an inactive customer.
pub fn update(tx: &mut Tx<'_>, row: &OrderRow) -> Result<bool, Error> {
    let sql = "SELECT status FROM orders WHERE tenant_id = $1 AND id = $2";
    let before: Option<OrderStatus> =
        tx.query_opt(sql, params![&row.tenant_id, &row.id], |row| row.get())?;
    let Some(before) = before else {
        return Ok(false);
    };
    let values = params![
        row.status,
        row.rented_devices,
        row.notes.as_deref(),
        row.cancellation.as_ref(),
        row.updated_at,
        &row.tenant_id,
        &row.id,
    ];
    tx.execute(&UPDATE, values)?;
    let (was, is) = (before.is_open(), row.status.is_open());
    if was != is {
        order_items::set_open(tx, &row.tenant_id, &row.id, is)?;
        let change = CustomerTotals {
            open_orders: i64::from(is) - i64::from(was),
            ..Default::default()
        };
        customers::adjust(tx, &row.tenant_id, &row.customer_id, &change, None)?;
    }
    Ok(true)
}

/// One page of orders.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    tenant: &str,
    filter: &OrderFilter,
    page: &Page<OrderSort>,
) -> Result<Listing<ListedOrder>, Error> {
    let wanted = order_fields::Wanted::of(tx, tenant, &filter.custom_fields)?;
    let columns = &*QUALIFIED;
    let mut select = match &wanted {
        None => Select::new(columns, "orders o", "o.tenant_id", tenant),
        Some(wanted) => wanted.select(tx, columns, tenant),
    };
    // A custom field and a customer are narrow enough.
    if filter.customer_id.is_some() || wanted.is_some() {
        select.equals("o.customer_id", filter.customer_id.as_deref());
        select.equals_unindexed("o.status", filter.status);
    } else if page.sort == OrderSort::CreatedAt {
        select.equals("o.status", filter.status);
    } else {
        select.narrow(tx, "o.status", filter.status)?;
    }
    let listed = |row: &mut Row<'_>| {
        Ok(ListedOrder {
            row: from_row(row)?,
            items: Vec::new(),
            rentals: Vec::new(),
        })
    };
    let mut found = if wanted.is_some() && page.sort == OrderSort::CreatedAt {
        // Fields are kept in this order.
        select.page_by(
            tx,
            ("f.created_at", "f.order_id"),
            Order::Ties,
            page,
            listed,
        )?
    } else {
        select.page(tx, "o.id", page, listed)?
    };
    let mut items = found.parts(tx, tenant, &order_items::PARTS, order_items::part)?;
    let mut rentals = found.parts(tx, tenant, &RENTALS, |row| {
        Ok((row.get()?, (row.get()?, row.get()?)))
    })?;
    for FoundRow { value, .. } in &mut found.rows {
        value.items = items.remove(&value.row.id).unwrap_or_default();
        value.rentals = rentals.remove(&value.row.id).unwrap_or_default();
    }
    Ok(found.listing())
}

/// The subscriptions made from an order. An answer names each twice: at the order and at its item.
const RENTALS: Parts<'_> = Parts {
    columns: "order_id, id, order_item",
    table: "subscriptions",
    owner: "order_id",
    order: "created_at, id",
    bytes: 24,
};

/// Ids of all orders of each of the customers, oldest first; customers without orders are absent.
///
/// # Errors
/// Engine failures.
pub fn ids_by_customer(
    tx: &mut Tx<'_>,
    tenant: &str,
    customers: &[&str],
) -> Result<HashMap<String, Vec<String>>, Error> {
    ids_by(tx, "orders", "customer_id", tenant, customers)
}

/// Ids of the rows of `table` by the value of `owner`, oldest first.
pub(crate) fn ids_by(
    tx: &mut Tx<'_>,
    table: &str,
    owner: &str,
    tenant: &str,
    owners: &[&str],
) -> Result<HashMap<String, Vec<String>>, Error> {
    let mut ids: HashMap<String, Vec<String>> = HashMap::new();
    for chunk in owners.chunks(128) {
        let (places, values) = in_list(2, chunk);
        let sql = format!(
            "SELECT {owner}, id FROM {table} WHERE tenant_id = $1 AND {owner} IN ({places}) \
             ORDER BY {owner}, created_at, id"
        );
        let params: Vec<_> = std::iter::once(tenant.into()).chain(values).collect();
        for (owner, id) in
            tx.query_all(&sql, &params, |row| Ok((row.get::<String>()?, row.get()?)))?
        {
            ids.entry(owner).or_default().push(id);
        }
    }
    Ok(ids)
}

fn from_row(row: &mut Row<'_>) -> Result<OrderRow, Error> {
    Ok(OrderRow {
        tenant_id: row.get()?,
        id: row.get()?,
        customer_id: row.get()?,
        status: row.get()?,
        order_type: row.get()?,
        customer: row.get()?,
        billing_address: row.get()?,
        shipping_address: row.get()?,
        subtotal: row.get()?,
        tax_amount: row.get()?,
        total: row.get()?,
        currency: row.get()?,
        total_devices: row.get()?,
        rented_devices: row.get()?,
        custom_fields: row.get()?,
        notes: row.get()?,
        extension_details: row.get()?,
        upgrade_details: row.get()?,
        cancellation: row.get()?,
        fingerprint: row.get()?,
        created_at: row.get()?,
        updated_at: row.get()?,
        created_by: row.get()?,
    })
}
