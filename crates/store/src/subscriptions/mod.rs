//! Subscriptions (rentals): one asset each.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::civil::Date;

use crate::customers::{self, CustomerTotals};
use crate::page::{self, Select, sort_fields};
use crate::table::{Entry as _, Record as _};
use crate::value::text_enum;
use crate::{Error, Listing, Page, Tx, orders, params};

mod export;
mod row;

pub use export::{ExportFilter, ExportedSubscription, export};
pub use row::SubscriptionRow;

text_enum! {
    /// State of a subscription; everything but active is final.
    SubscriptionStatus {
        Active = "active",
        Cancelled = "cancelled",
        EndedCompleted = "ended_completed",
        EndedBuyout = "ended_buyout",
        EndedUpgrade = "ended_upgrade",
        EndedEarlyReturn = "ended_early_return",
    }
}

sort_fields! {
    /// What subscriptions can be sorted by.
    SubscriptionSort, 2500 {
        CreatedAt = "createdAt", "created_at";
        UpdatedAt = "updatedAt", "updated_at";
        StartDate = "startDate", "start_date";
        EndDate = "endDate", "end_date";
        MonthlyAmount = "monthlyAmount", "monthly_amount";
        Status = "status", "status";
    }
}

/// Conditions of a list; all given ones must hold.
#[derive(Debug, Clone, Default)]
pub struct SubscriptionFilter {
    /// Only this status.
    pub status: Option<SubscriptionStatus>,
    /// Only of this customer.
    pub customer_id: Option<String>,
    /// Only from this order.
    pub order_id: Option<String>,
    /// Only of this asset.
    pub serial_number: Option<String>,
    /// Only of this SKU.
    pub sku: Option<String>,
    /// Only ending on this day or later.
    pub end_date_from: Option<Date>,
    /// Only ending on this day or earlier.
    pub end_date_to: Option<Date>,
}

static INSERT: LazyLock<String> = LazyLock::new(|| SubscriptionRow::TABLE.insert());
static UPDATE: LazyLock<String> = LazyLock::new(|| SubscriptionRow::TABLE.update());
static FIND: LazyLock<String> =
    LazyLock::new(|| SubscriptionRow::TABLE.select("WHERE tenant_id = $1 AND id = $2"));

/// Adds a subscription and counts it for the customer. The asset and the order are updated by their own
/// functions.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::ActiveRentalOfAsset`](crate::Unique::ActiveRentalOfAsset),
/// [`Error::Constraint`] if active for an inactive customer, [`Error::Reference`] for unknown ids.
pub fn insert(tx: &mut Tx<'_>, row: &SubscriptionRow) -> Result<(), Error> {
    tx.execute(&INSERT, &row.values_in(tx)?)?;
    let ever = CustomerTotals {
        total_subscriptions: 1,
        acquisition_cost: row.acquisition_cost.unwrap_or(0),
        subscriptions_tracked: i64::from(row.acquisition_cost.is_some()),
        ..current(row.status, row.monthly_amount, 0)
    };
    customers::adjust(tx, &row.customer_id, &ever, Some(row.start_date))
}

/// Writes what can change after creation (group, asset, status, amount, length, end, schedule, months,
/// histories, details, notes, `updated_at`) and counts the change for the customer; a device still rented
/// out when its subscription ends becomes one that is not returned. `false` if there is no such subscription.
///
/// # Errors
/// As [`insert`].
pub fn update(tx: &mut Tx<'_>, row: &SubscriptionRow) -> Result<bool, Error> {
    let sql = "SELECT status, monthly_amount FROM subscriptions WHERE tenant_id = $1 AND id = $2";
    let before = tx.query_opt(sql, params![tx.tenant()?, &row.id], |row| {
        Ok((row.get()?, row.get()?))
    })?;
    let Some((status, amount)) = before else {
        return Ok(false);
    };
    let devices = devices_held(tx, &row.id)?;
    tx.execute(&UPDATE, &row.changes_in(tx)?)?;
    let change =
        current(row.status, row.monthly_amount, devices) - current(status, amount, devices);
    customers::adjust(tx, &row.customer_id, &change, None)?;
    Ok(true)
}

/// Writes list price, its source and when it was captured: what a rule learns of the price after the start.
/// `false` if there is no such subscription.
///
/// # Errors
/// Engine failures.
pub fn set_list_price(tx: &mut Tx<'_>, row: &SubscriptionRow) -> Result<bool, Error> {
    let sql = "UPDATE subscriptions SET list_price = $1, list_price_source = $2, list_price_captured_at = $3 \
               WHERE tenant_id = $4 AND id = $5";
    let values = params![
        row.list_price,
        &row.list_price_source,
        row.list_price_captured_at,
        tx.own(&row.tenant_id)?,
        &row.id,
    ];
    Ok(tx.execute(sql, values)? > 0)
}

/// The subscription of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<SubscriptionRow>, Error> {
    tx.query_opt(&FIND, params![tx.tenant()?, id], SubscriptionRow::from_row)
}

/// One page of subscriptions.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &SubscriptionFilter,
    page: &Page<SubscriptionSort>,
) -> Result<Listing<SubscriptionRow>, Error> {
    let tenant = tx.tenant()?;
    let mut select = Select::new(
        SubscriptionRow::columns(),
        "subscriptions",
        "tenant_id",
        tenant,
    );
    // The narrowest condition given chooses the index, the others filter.
    let narrow = [
        ("order_id", &filter.order_id),
        ("serial_number", &filter.serial_number),
        ("customer_id", &filter.customer_id),
    ];
    let mut indexed = false;
    for (column, value) in narrow {
        if let Some(value) = value {
            if indexed {
                select.equals_unindexed(column, Some(value));
            } else {
                select.equals(column, Some(value));
            }
            indexed = true;
        }
    }
    if indexed {
        select
            .equals_unindexed("status", filter.status)
            .equals_unindexed("sku", filter.sku.as_deref());
    } else if page.sort != SubscriptionSort::CreatedAt {
        select.narrow(tx, "status", filter.status)?;
        select.narrow(tx, "sku", filter.sku.as_deref())?;
    } else if filter.sku.is_some() {
        select
            .equals_unindexed("status", filter.status)
            .equals("sku", filter.sku.as_deref());
    } else {
        select.equals("status", filter.status);
    }
    let (from, to) = (filter.end_date_from, filter.end_date_to);
    let ends = match indexed || page.sort == SubscriptionSort::EndDate || (from, to) == (None, None)
    {
        true => true,
        // Few end then; or else they are met on the way.
        false => {
            let [first, last] = [from.unwrap_or(Date::MIN), to.unwrap_or(Date::MAX)];
            let between = "end_date >= $2 AND end_date <= $3";
            page::few(
                tx,
                "subscriptions",
                "tenant_id",
                between,
                params![tenant, first, last],
            )?
        }
    };
    let column = match ends {
        true => "end_date",
        false => "coalesce(end_date, '')",
    };
    select.compare(column, ">=", from).compare(column, "<=", to);
    Ok(select
        .page(tx, "id", page, SubscriptionRow::from_row)?
        .listing())
}

/// How many active subscriptions an order has.
///
/// # Errors
/// Engine failures.
pub fn count_active_of_order(tx: &mut Tx<'_>, order: &str) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM subscriptions WHERE tenant_id = $1 AND order_id = $2 \
               AND coalesce(status, '') = 'active'";
    tx.query_one(sql, params![tx.tenant()?, order], |row| row.get())
}

/// The active subscription of an asset.
///
/// # Errors
/// Engine failures.
pub fn active_of_asset(tx: &mut Tx<'_>, serial_number: &str) -> Result<Option<String>, Error> {
    let sql = "SELECT id FROM subscriptions WHERE tenant_id = $1 AND serial_number = $2 AND status = 'active'";
    tx.query_opt(sql, params![tx.tenant()?, serial_number], |row| row.get())
}

/// Active subscriptions whose last day is before `today`, earliest end first, at most `limit`: the work list
/// of the contract-end job.
///
/// # Errors
/// Engine failures.
pub fn past_end(tx: &mut Tx<'_>, today: Date, limit: u32) -> Result<Vec<String>, Error> {
    let sql = "SELECT id FROM subscriptions WHERE tenant_id = $1 AND status = 'active' AND end_date < $2 \
               ORDER BY end_date, id LIMIT $3";
    tx.query_all(sql, params![tx.tenant()?, today, limit], |row| row.get())
}

/// Ids of all subscriptions of each of the customers, oldest first; customers without any are absent.
///
/// # Errors
/// Engine failures.
pub fn ids_by_customer(
    tx: &mut Tx<'_>,
    customers: &[&str],
) -> Result<HashMap<String, Vec<String>>, Error> {
    orders::ids_by(tx, "subscriptions", "customer_id", customers)
}

/// Ids and item positions of all subscriptions of each of the orders, oldest first; orders without any are
/// absent.
///
/// # Errors
/// Engine failures.
pub fn ids_by_order(
    tx: &mut Tx<'_>,
    orders: &[&str],
) -> Result<HashMap<String, Vec<(String, i64)>>, Error> {
    let tenant = tx.tenant()?;
    let mut ids: HashMap<String, Vec<(String, i64)>> = HashMap::new();
    for chunk in orders.chunks(128) {
        let (places, values) = crate::page::in_list(2, chunk);
        let sql = format!(
            "SELECT order_id, id, order_item FROM subscriptions WHERE tenant_id = $1 AND order_id IN ({places}) \
             ORDER BY order_id, created_at, id"
        );
        let params: Vec<_> = std::iter::once(tenant.into()).chain(values).collect();
        let found = tx.query_all(&sql, &params, |row| {
            Ok((row.get::<String>()?, row.get()?, row.get()?))
        })?;
        for (order, id, item) in found {
            ids.entry(order).or_default().push((id, item));
        }
    }
    Ok(ids)
}

/// What a subscription adds to its customer now; `devices` are those it still has out.
fn current(status: SubscriptionStatus, monthly_amount: i64, devices: i64) -> CustomerTotals {
    match status {
        SubscriptionStatus::Active => CustomerTotals {
            active_subscriptions: 1,
            monthly_revenue: monthly_amount,
            ..Default::default()
        },
        _ => CustomerTotals {
            devices_out: devices,
            ..Default::default()
        },
    }
}

fn devices_held(tx: &mut Tx<'_>, id: &str) -> Result<i64, Error> {
    let sql = "SELECT count(*) FROM assets WHERE tenant_id = $1 AND rental_id = $2 \
               AND coalesce(status, '') = 'rented_out'";
    tx.query_one(sql, params![tx.tenant()?, id], |row| row.get())
}
