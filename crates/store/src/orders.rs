//! Orders. Their items are in [`crate::order_items`].

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::Timestamp;

use crate::customers::{self, CustomerTotals};
use crate::found::{FoundRow, Parts};
use crate::order_fields;
use crate::order_items::{self, OrderItemRow};
use crate::page::{Order, Select, in_list, sort_fields};
use crate::table::{Entry as _, Record as _, table};
use crate::value::text_enum;
use crate::{Error, Json, Listing, Page, Row, Tx, params};

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

table! {
    /// A row of `orders`.
    OrderRow of "orders" by (tenant_id, id) below ("customers") {
        /// Tenant.
        tenant_id: String,
        /// Id.
        id: String,
        /// Customer.
        customer_id: String,
        /// State.
        status: OrderStatus => changes,
        /// What it is for.
        order_type: OrderType,
        /// The customer's data as ordered.
        customer: Json,
        /// Address as ordered.
        billing_address: Json,
        /// Address as ordered.
        shipping_address: Json,
        /// Monthly net, minor units.
        subtotal: i64,
        /// Monthly tax, minor units.
        tax_amount: i64,
        /// Monthly gross, minor units.
        total: i64,
        /// ISO 4217 code.
        currency: String,
        /// Sum of the quantities.
        total_devices: i64,
        /// Subscriptions ever made from it.
        rented_devices: i64 => changes,
        /// As given.
        custom_fields: Option<Json>,
        /// Free text.
        notes: Option<String> => changes,
        /// Of an extension order.
        extension_details: Option<Json>,
        /// Of an upgrade order.
        upgrade_details: Option<Json>,
        /// Reason, time and actor of the cancellation.
        cancellation: Option<Json> => changes,
        /// Under which a repeat of the request is recognised; none for orders the server makes itself.
        fingerprint: Option<String>,
        /// Creation.
        created_at: Timestamp,
        /// Last change.
        updated_at: Timestamp => changes,
        /// Key that created it.
        created_by: String,
    }
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

static INSERT: LazyLock<String> = LazyLock::new(|| OrderRow::TABLE.insert());
static QUALIFIED: LazyLock<String> = LazyLock::new(|| OrderRow::TABLE.read_list("o."));
static UPDATE: LazyLock<String> = LazyLock::new(|| OrderRow::TABLE.update());
static FIND: LazyLock<String> =
    LazyLock::new(|| OrderRow::TABLE.select("WHERE tenant_id = $1 AND id = $2"));
static FIND_BY_FINGERPRINT: LazyLock<String> = LazyLock::new(|| {
    OrderRow::TABLE.select("WHERE tenant_id = $1 AND fingerprint = $2 AND created_at > $3 \
         AND status IN ('pending', 'confirmed', 'partial') ORDER BY created_at DESC, id DESC LIMIT 1")
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
    tx.execute(&INSERT, &row.values_in(tx)?)?;
    order_items::insert_all(tx, items, row.status.is_open())?;
    order_fields::insert_all(tx, row, search_fields)?;
    let added = CustomerTotals {
        total_orders: 1,
        open_orders: i64::from(row.status.is_open()),
        ..Default::default()
    };
    customers::adjust(tx, &row.customer_id, &added, None)
}

/// The order of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<OrderRow>, Error> {
    tx.query_opt(&FIND, params![tx.tenant()?, id], OrderRow::from_row)
}

/// The latest open order with a fingerprint made after `since`. Open orders are never older than the last
/// reactivation of their customer: none of them is open when a customer is deleted.
///
/// # Errors
/// Engine failures.
pub fn find_by_fingerprint(
    tx: &mut Tx<'_>,
    fingerprint: &str,
    since: Timestamp,
) -> Result<Option<OrderRow>, Error> {
    tx.query_opt(
        &FIND_BY_FINGERPRINT,
        params![tx.tenant()?, fingerprint, since],
        OrderRow::from_row,
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
        tx.query_opt(sql, params![tx.tenant()?, &row.id], |row| row.get())?;
    let Some(before) = before else {
        return Ok(false);
    };
    tx.execute(&UPDATE, &row.changes_in(tx)?)?;
    let (was, is) = (before.is_open(), row.status.is_open());
    if was != is {
        order_items::set_open(tx, &row.id, is)?;
        let change = CustomerTotals {
            open_orders: i64::from(is) - i64::from(was),
            ..Default::default()
        };
        customers::adjust(tx, &row.customer_id, &change, None)?;
    }
    Ok(true)
}

/// One page of orders.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &OrderFilter,
    page: &Page<OrderSort>,
) -> Result<Listing<ListedOrder>, Error> {
    let tenant = tx.tenant()?;
    let wanted = order_fields::Wanted::of(tx, &filter.custom_fields)?;
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
            row: OrderRow::from_row(row)?,
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
    let mut items = found.parts(tx, &order_items::parts(), order_items::part)?;
    let mut rentals = found.parts(tx, &RENTALS, |row| {
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
    customers: &[&str],
) -> Result<HashMap<String, Vec<String>>, Error> {
    ids_by(tx, "orders", "customer_id", customers)
}

/// Ids of the rows of `table` by the value of `owner`, oldest first.
pub(crate) fn ids_by(
    tx: &mut Tx<'_>,
    table: &str,
    owner: &str,
    owners: &[&str],
) -> Result<HashMap<String, Vec<String>>, Error> {
    let mut ids: HashMap<String, Vec<String>> = HashMap::new();
    for chunk in owners.chunks(128) {
        let (places, values) = in_list(2, chunk);
        let sql = format!(
            "SELECT {owner}, id FROM {table} WHERE tenant_id = $1 AND {owner} IN ({places}) \
             ORDER BY {owner}, created_at, id"
        );
        let params: Vec<_> = std::iter::once(tx.tenant()?.into()).chain(values).collect();
        for (owner, id) in
            tx.query_all(&sql, &params, |row| Ok((row.get::<String>()?, row.get()?)))?
        {
            ids.entry(owner).or_default().push(id);
        }
    }
    Ok(ids)
}
