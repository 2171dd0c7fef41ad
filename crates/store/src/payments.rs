//! Payments: the schedule of a subscription or billing group, and what was collected.

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;

use jiff::{Timestamp, civil::Date};

use crate::customers::{self, CustomerTotals};
use crate::page::{Select, in_list, sort_fields};
use crate::statement::{InsertAll, UpdateEach, json_rows};
use crate::table::{Entry as _, Record as _, all_in, table, view};
use crate::value::text_enum;
use crate::{Error, Json, Listing, Page, Param, Tx, consolidation, params};

text_enum! {
    /// State of a payment.
    PaymentStatus {
        Pending = "pending",
        Processing = "processing",
        Paid = "paid",
        Failed = "failed",
        Cancelled = "cancelled",
    }
}

text_enum! {
    /// For one subscription or for a billing group.
    PaymentType {
        Individual = "individual",
        Consolidated = "consolidated",
    }
}

sort_fields! {
    /// What payments can be sorted by.
    PaymentSort, 1200 {
        CreatedAt = "createdAt", "created_at";
        DueDate = "dueDate", "due_date";
        Total = "total", "total";
        Status = "status", "status";
    }
}

table! {
    /// A row of `payments`.
    PaymentRow of "payments" by (tenant_id, id) below ("customers", "subscriptions", "payments") {
        /// Tenant.
        tenant_id: String,
        /// Id.
        id: String,
        /// Customer.
        customer_id: String,
        /// Subscription of an individual payment.
        rental_id: Option<String>,
        /// Group of a consolidated payment.
        billing_group_id: Option<String>,
        /// State.
        status: PaymentStatus => changes,
        /// Individual or consolidated.
        payment_type: PaymentType,
        /// Net, minor units.
        subtotal: i64 => changes,
        /// Minor units.
        tax_amount: i64 => changes,
        /// Hundredths of a percent.
        tax_rate: i64 => changes,
        /// Gross, minor units: net plus tax.
        total: i64 => changes,
        /// ISO 4217 code.
        currency: String,
        /// `YYYY-MM`.
        billing_period: String,
        /// When it is due.
        due_date: Date => changes,
        /// First day that it pays for; none of what happens once, and of a group.
        period_start: Option<Date>,
        /// Last day that it pays for.
        period_end: Option<Date>,
        /// Unique among payments that are not cancelled.
        idempotency_key: String,
        /// Array; of a consolidated payment.
        line_items: Option<Json> => changes,
        /// Consolidated payment that took the place of this individual one.
        consolidated_in: Option<String> => kept,
        /// When it was paid.
        paid_at: Option<Timestamp> => changes,
        /// Last attempt to collect.
        last_capture_attempt: Option<Timestamp> => changes,
        /// Next attempt to collect.
        next_retry_at: Option<Timestamp> => changes,
        /// Who collects.
        provider: Option<String> => changes,
        /// Of the provider.
        transaction_id: Option<String> => changes,
        /// Of the provider.
        provider_response: Option<Json> => changes,
        /// Marked by hand.
        manually_marked: bool => changes,
        /// Of the transfer.
        payment_reference: Option<String> => changes,
        /// Key that marked it.
        marked_by: Option<String> => changes,
        /// Attempts so far.
        capture_attempts: i64 => changes,
        /// Object.
        last_capture_error: Option<Json> => changes,
        /// Free text.
        notes: Option<String> => changes,
        /// Creation.
        created_at: Timestamp,
        /// Last change.
        updated_at: Timestamp => changes,
    }
}

/// Conditions of a list; all given ones must hold.
#[derive(Debug, Clone, Default)]
pub struct PaymentFilter {
    /// Only this status.
    pub status: Option<PaymentStatus>,
    /// Only of this customer.
    pub customer_id: Option<String>,
    /// Only of this subscription.
    pub rental_id: Option<String>,
    /// Only of this group.
    pub billing_group_id: Option<String>,
    /// Only due on this day or later.
    pub due_date_from: Option<Date>,
    /// Only due on this day or earlier.
    pub due_date_to: Option<Date>,
}

static INSERT: LazyLock<InsertAll> = LazyLock::new(|| PaymentRow::TABLE.insert_all());
static UPDATE: LazyLock<String> = LazyLock::new(|| PaymentRow::TABLE.update());
/// What collecting leaves as it is.
const OWED: [&str; 6] = [
    "subtotal",
    "tax_amount",
    "tax_rate",
    "total",
    "due_date",
    "line_items",
];
static UPDATE_COLLECTED: LazyLock<String> =
    LazyLock::new(|| PaymentRow::TABLE.update_without(&OWED));
/// Payments, and what subscriptions and customers have paid with them.
static PAY: LazyLock<UpdateEach> = LazyLock::new(|| {
    let added = |total: &str| format!("{total} = t.{total} + CAST(r.value ->> 1 AS BIGINT)");
    UpdateEach::new(&[
        ("payments", &PaymentRow::TABLE.set_each()),
        ("subscriptions", &added("total_collected")),
        ("customers", &added("lifetime_collected")),
    ])
});
static FIND: LazyLock<String> =
    LazyLock::new(|| PaymentRow::TABLE.select("WHERE tenant_id = $1 AND id = $2"));
static OF_RENTAL: LazyLock<String> = LazyLock::new(|| {
    PaymentRow::TABLE
        .select("WHERE tenant_id = $1 AND rental_id = $2 ORDER BY due_date, created_at, id")
});

/// Adds payments, and counts those already paid for customer and subscription. A consolidated one gets its parts
/// afterwards, by [`consolidation::replace`].
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::PaymentKey`](crate::Unique::PaymentKey), [`Error::Reference`] for
/// unknown ids.
pub fn insert_all(tx: &mut Tx<'_>, rows: &[PaymentRow]) -> Result<(), Error> {
    let values = all_in(rows, tx)?;
    INSERT.run(tx, values)?;
    for row in rows {
        collect(tx, row, collected(row.status, row.subtotal))?;
    }
    Ok(())
}

/// Writes what can change (status, amounts, due date, line items, everything about collecting, notes,
/// `updated_at`), and counts what was collected for customer and subscription. `false` if there is no such
/// payment.
///
/// # Errors
/// [`Error::Duplicate`] if a cancelled payment would come back beside its successor.
pub fn update(tx: &mut Tx<'_>, row: &PaymentRow) -> Result<bool, Error> {
    let sql = "SELECT status, subtotal FROM payments WHERE tenant_id = $1 AND id = $2";
    let before = tx.query_opt(sql, params![tx.tenant()?, &row.id], |row| {
        Ok((row.get()?, row.get()?))
    })?;
    match before {
        Some((status, subtotal)) => {
            tx.post(&UPDATE, &row.changes_in(tx)?)?;
            let more = collected(row.status, row.subtotal) - collected(status, subtotal);
            collect(tx, row, more).map(|()| true)
        }
        None => Ok(false),
    }
}

/// [`update`] of a payment that was read under its lock, and was not paid by then; what is owed stays.
///
/// # Errors
/// As [`update`].
pub fn update_unpaid(tx: &mut Tx<'_>, row: &PaymentRow) -> Result<(), Error> {
    tx.post(&UPDATE_COLLECTED, &row.changes_without(&OWED, tx)?)?;
    collect(tx, row, collected(row.status, row.subtotal))
}

/// [`update_unpaid`] of several payments of a tenant, none of which is among them twice.
///
/// # Errors
/// As [`update`].
pub fn update_all_unpaid(tx: &mut Tx<'_>, rows: &[&PaymentRow]) -> Result<(), Error> {
    if rows.is_empty() || !tx.dialect().is_remote {
        return rows.iter().try_for_each(|row| update_unpaid(tx, row));
    }
    let (mut of_rentals, mut of_customers) = (BTreeMap::new(), BTreeMap::new());
    for row in rows {
        let amount = collected(row.status, row.subtotal);
        if amount == 0 {
            continue;
        }
        *of_customers.entry(row.customer_id.clone()).or_insert(0) += amount;
        let shares = match &row.rental_id {
            Some(rental) => vec![(rental.clone(), amount)],
            None => consolidation::shares(tx, &row.id)?,
        };
        for (rental, share) in shares {
            *of_rentals.entry(rental).or_insert(0) += share;
        }
    }
    let changes = rows.iter().map(|row| {
        let id = std::iter::once(Param::from(&row.id));
        Ok(id.chain(row.changes_in(tx)?).collect())
    });
    let changes: Vec<Vec<Param<'_>>> = changes.collect::<Result<_, Error>>()?;
    let added = |amounts: BTreeMap<String, i64>| {
        let amounts = amounts.into_iter();
        amounts
            .map(|(id, amount)| vec![id.into(), amount.into()])
            .collect()
    };
    let tables = [changes, added(of_rentals), added(of_customers)];
    PAY.post(tx, &tables)
}

/// Cancels the pending payments of a subscription whose period begins after a day, whenever they are
/// due; returns how many.
///
/// # Errors
/// Engine failures.
pub fn cancel_future(
    tx: &mut Tx<'_>,
    rental: &str,
    after: Date,
    at: Timestamp,
) -> Result<u64, Error> {
    let sql = "UPDATE payments SET status = 'cancelled', updated_at = $1 \
               WHERE tenant_id = $2 AND rental_id = $3 AND status = 'pending' AND period_start > $4";
    tx.execute(sql, params![at, tx.tenant()?, rental, after])
}

view! {
    /// What the schedule of a subscription holds on a day; net, minor units.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    Scheduled {
        /// Pending for periods that begin after it: what an end on that day cancels.
        to_come: i64 => "CAST(coalesce(sum(CASE WHEN coalesce(w.status, p.status) = 'pending' \
            AND p.period_start > $1 THEN p.subtotal END), 0) AS BIGINT)",
        /// For the period it lies in, paid or not.
        in_progress: i64 => "CAST(coalesce(sum(CASE WHEN coalesce(w.status, p.status) <> 'cancelled' \
            AND p.period_start <= $1 AND p.period_end >= $1 THEN p.subtotal END), 0) AS BIGINT)",
    }
}

/// Payments `p` of subscriptions, with the consolidated payment `w` that took the place of some.
const WITH_WHOLE: &str =
    "payments p LEFT JOIN payments w ON w.tenant_id = p.tenant_id AND w.id = p.consolidated_in";

/// Sums up the scheduled payments of a subscription on a day, those that were consolidated included.
///
/// # Errors
/// Engine failures.
pub fn scheduled(tx: &mut Tx<'_>, rental: &str, day: Date) -> Result<Scheduled, Error> {
    // Integers sum up to another type on PostgreSQL, hence the CASTs.
    let columns = Scheduled::columns();
    let sql =
        format!("SELECT {columns} FROM {WITH_WHOLE} WHERE p.tenant_id = $2 AND p.rental_id = $3");
    tx.query_one(
        &sql,
        params![day, tx.tenant()?, rental],
        Scheduled::from_row,
    )
}

/// The payment of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<PaymentRow>, Error> {
    tx.query_opt(&FIND, params![tx.tenant()?, id], PaymentRow::from_row)
}

/// [`find`], after its customer was locked: nobody else changes the two until the transaction ends.
///
/// # Errors
/// Engine failures.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Option<PaymentRow>, Error> {
    let suffix = tx.dialect().lock;
    if !suffix.is_empty() {
        // Of a payment, the customer never changes; all else is read behind the lock.
        let sql = format!(
            "SELECT id FROM customers WHERE tenant_id = $1 AND id = \
             (SELECT customer_id FROM payments WHERE tenant_id = $1 AND id = $2){suffix}"
        );
        tx.query_opt(&sql, params![tx.tenant()?, id], |row| row.get::<String>())?;
    }
    find(tx, id)
}

/// Those of the payments whose customers can be locked without waiting for anybody: as after [`lock`].
///
/// # Errors
/// Engine failures.
pub fn lock_free(tx: &mut Tx<'_>, ids: &[&str]) -> Result<Vec<PaymentRow>, Error> {
    let tenant = tx.tenant()?;
    if !tx.dialect().is_remote {
        let found = ids.iter().map(|id| find(tx, id).transpose());
        return found.flatten().collect();
    }
    let ids = json_rows(ids.iter().map(|id| [id]))?;
    tx.query_all(&LOCK_FREE, params![tenant, &ids], PaymentRow::from_row)
}

/// Locks customers, then the payments, which are given as they are by then and not as they were when the statement
/// began. The array and the lateral join make it look-ups by key, whatever the planner thinks of the sizes.
static LOCK_FREE: LazyLock<String> = LazyLock::new(|| {
    let columns = PaymentRow::TABLE.read_list("p.");
    format!(
        "SELECT {columns} FROM payments p CROSS JOIN LATERAL ( \
           SELECT c.id FROM customers c WHERE c.tenant_id = $1 AND c.id = p.customer_id \
           FOR NO KEY UPDATE SKIP LOCKED \
         ) locked \
         WHERE p.tenant_id = $1 AND p.id = ANY (ARRAY( \
           SELECT value ->> 0 FROM jsonb_array_elements(CAST(CAST($2 AS TEXT) AS JSONB)))) \
         FOR NO KEY UPDATE OF p SKIP LOCKED"
    )
});

/// The individual payments of a subscription by due date.
///
/// # Errors
/// Engine failures.
pub fn of_rental(tx: &mut Tx<'_>, rental: &str) -> Result<Vec<PaymentRow>, Error> {
    tx.query_all(
        &OF_RENTAL,
        params![tx.tenant()?, rental],
        PaymentRow::from_row,
    )
}

/// One page of payments.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &PaymentFilter,
    page: &Page<PaymentSort>,
) -> Result<Listing<PaymentRow>, Error> {
    let tenant = tx.tenant()?;
    let mut select = Select::new(PaymentRow::columns(), "payments", "tenant_id", tenant);
    select
        .equals("rental_id", filter.rental_id.as_deref())
        .equals("billing_group_id", filter.billing_group_id.as_deref())
        .equals("customer_id", filter.customer_id.as_deref())
        .compare("due_date", ">=", filter.due_date_from)
        .compare("due_date", "<=", filter.due_date_to);
    if filter.rental_id.is_some()
        || filter.billing_group_id.is_some()
        || filter.customer_id.is_some()
    {
        select.equals_unindexed("status", filter.status);
    } else {
        select.equals("status", filter.status);
    }
    Ok(select.page(tx, "id", page, PaymentRow::from_row)?.listing())
}

/// The earliest due date of a pending payment of each subscription, consolidated or its own; those without one
/// are absent.
///
/// # Errors
/// Engine failures.
pub fn next_due_by_rental(
    tx: &mut Tx<'_>,
    rentals: &[&str],
) -> Result<HashMap<String, Date>, Error> {
    let tenant = tx.tenant()?;
    let mut due = HashMap::new();
    for chunk in rentals.chunks(128) {
        let (places, values) = in_list(2, chunk);
        let sql = format!(
            "SELECT rental_id, min(due_date) FROM ( \
               SELECT rental_id, due_date FROM payments \
               WHERE tenant_id = $1 AND rental_id IN ({places}) AND status = 'pending' \
               UNION ALL \
               SELECT p.rental_id, w.due_date FROM payments p \
               JOIN payments w ON w.tenant_id = p.tenant_id AND w.id = p.consolidated_in \
               WHERE p.tenant_id = $1 AND p.rental_id IN ({places}) AND p.status = 'cancelled' \
               AND p.consolidated_in IS NOT NULL AND w.status = 'pending' \
             ) d GROUP BY rental_id"
        );
        let params: Vec<_> = std::iter::once(tenant.into()).chain(values).collect();
        due.extend(tx.query_all(&sql, &params, |row| {
            Ok((row.get::<String>()?, row.get::<Date>()?))
        })?);
    }
    Ok(due)
}

fn collected(status: PaymentStatus, subtotal: i64) -> i64 {
    if status == PaymentStatus::Paid {
        subtotal
    } else {
        0
    }
}

fn collect(tx: &mut Tx<'_>, row: &PaymentRow, amount: i64) -> Result<(), Error> {
    if amount == 0 {
        return Ok(());
    }
    match &row.rental_id {
        Some(rental) => {
            let sql = "UPDATE subscriptions SET total_collected = total_collected + $1 \
                       WHERE tenant_id = $2 AND id = $3";
            tx.post(sql, params![amount, tx.tenant()?, rental])?;
        }
        None => consolidation::collect(tx, &row.id, amount > 0)?,
    }
    let change = CustomerTotals {
        lifetime_collected: amount,
        ..Default::default()
    };
    customers::adjust(tx, &row.customer_id, &change, None)
}
