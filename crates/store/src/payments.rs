//! Payments: the schedule of a subscription or billing group, and what was collected.

use std::collections::HashMap;
use std::sync::LazyLock;

use jiff::{Timestamp, civil::Date};

use crate::customers::{self, CustomerTotals};
use crate::page::{Select, in_list, sort_fields};
use crate::statement::{self, InsertAll};
use crate::value::text_enum;
use crate::{Error, Json, Listing, Page, Param, Row, Tx, params};

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

/// A row of `payments`.
#[derive(Debug, Clone, PartialEq)]
pub struct PaymentRow {
    /// Tenant.
    pub tenant_id: String,
    /// Id.
    pub id: String,
    /// Customer.
    pub customer_id: String,
    /// Subscription of an individual payment.
    pub rental_id: Option<String>,
    /// Group of a consolidated payment.
    pub billing_group_id: Option<String>,
    /// State.
    pub status: PaymentStatus,
    /// Individual or consolidated.
    pub payment_type: PaymentType,
    /// Net, minor units.
    pub subtotal: i64,
    /// Minor units.
    pub tax_amount: i64,
    /// Hundredths of a percent.
    pub tax_rate: i64,
    /// Gross, minor units: net plus tax.
    pub total: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// `YYYY-MM`.
    pub billing_period: String,
    /// When it is due.
    pub due_date: Date,
    /// First day that it pays for; none of what happens once, and of a group.
    pub period_start: Option<Date>,
    /// Last day that it pays for.
    pub period_end: Option<Date>,
    /// Unique among payments that are not cancelled.
    pub idempotency_key: String,
    /// Array; of a consolidated payment.
    pub line_items: Option<Json>,
    /// When it was paid.
    pub paid_at: Option<Timestamp>,
    /// Last attempt to collect.
    pub last_capture_attempt: Option<Timestamp>,
    /// Next attempt to collect.
    pub next_retry_at: Option<Timestamp>,
    /// Who collects.
    pub provider: Option<String>,
    /// Of the provider.
    pub transaction_id: Option<String>,
    /// Of the provider.
    pub provider_response: Option<Json>,
    /// Marked by hand.
    pub manually_marked: bool,
    /// Of the transfer.
    pub payment_reference: Option<String>,
    /// Key that marked it.
    pub marked_by: Option<String>,
    /// Attempts so far.
    pub capture_attempts: i64,
    /// Object.
    pub last_capture_error: Option<Json>,
    /// Free text.
    pub notes: Option<String>,
    /// Creation.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
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

const COLUMNS: &str = "tenant_id, id, customer_id, rental_id, billing_group_id, status, payment_type, subtotal, \
     tax_amount, tax_rate, total, currency, billing_period, due_date, period_start, period_end, idempotency_key, \
     line_items, paid_at, last_capture_attempt, next_retry_at, provider, transaction_id, provider_response, \
     manually_marked, \
     payment_reference, marked_by, capture_attempts, last_capture_error, notes, created_at, updated_at";
const CHANGEABLE: &str = "status, subtotal, tax_amount, total, due_date, line_items, paid_at, last_capture_attempt, \
     next_retry_at, provider, transaction_id, provider_response, manually_marked, payment_reference, marked_by, \
     capture_attempts, last_capture_error, notes, updated_at";

const INTEGERS: &[&str] = &[
    "subtotal",
    "tax_amount",
    "tax_rate",
    "total",
    "paid_at",
    "last_capture_attempt",
    "next_retry_at",
    "manually_marked",
    "capture_attempts",
    "created_at",
    "updated_at",
];

static INSERT: LazyLock<InsertAll> =
    LazyLock::new(|| InsertAll::new("payments", COLUMNS, INTEGERS));
static UPDATE: LazyLock<String> =
    LazyLock::new(|| statement::update("payments", CHANGEABLE, "tenant_id, id"));
static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM payments WHERE tenant_id = $1 AND id = $2"));
static OF_RENTAL: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM payments WHERE tenant_id = $1 AND rental_id = $2 ORDER BY due_date, created_at, id"
    )
});

/// Adds payments, and counts those already paid for customer and subscription.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::PaymentKey`](crate::Unique::PaymentKey), [`Error::Reference`] for
/// unknown ids.
pub fn insert_all(tx: &mut Tx<'_>, rows: &[PaymentRow]) -> Result<(), Error> {
    let values: Vec<_> = rows.iter().map(values).collect();
    INSERT.run(tx, &values)?;
    for row in rows {
        collect(tx, row, collected(row.status, row.subtotal))?;
    }
    Ok(())
}

fn values(row: &PaymentRow) -> Vec<Param<'_>> {
    params![
        &row.tenant_id,
        &row.id,
        &row.customer_id,
        row.rental_id.as_deref(),
        row.billing_group_id.as_deref(),
        row.status,
        row.payment_type,
        row.subtotal,
        row.tax_amount,
        row.tax_rate,
        row.total,
        &row.currency,
        &row.billing_period,
        row.due_date,
        row.period_start,
        row.period_end,
        &row.idempotency_key,
        row.line_items.as_ref(),
        row.paid_at,
        row.last_capture_attempt,
        row.next_retry_at,
        row.provider.as_deref(),
        row.transaction_id.as_deref(),
        row.provider_response.as_ref(),
        row.manually_marked,
        row.payment_reference.as_deref(),
        row.marked_by.as_deref(),
        row.capture_attempts,
        row.last_capture_error.as_ref(),
        row.notes.as_deref(),
        row.created_at,
        row.updated_at,
    ]
    .to_vec()
}

/// Writes what can change (status, amounts, due date, line items, everything about collecting, notes,
/// `updated_at`), and counts what was collected for customer and subscription. `false` if there is no such
/// payment.
///
/// # Errors
/// [`Error::Duplicate`] if a cancelled payment would come back beside its successor.
pub fn update(tx: &mut Tx<'_>, row: &PaymentRow) -> Result<bool, Error> {
    let sql = "SELECT status, subtotal FROM payments WHERE tenant_id = $1 AND id = $2";
    let before = tx.query_opt(sql, params![&row.tenant_id, &row.id], |row| {
        Ok((row.get()?, row.get()?))
    })?;
    let Some((status, subtotal)) = before else {
        return Ok(false);
    };
    let values = params![
        row.status,
        row.subtotal,
        row.tax_amount,
        row.total,
        row.due_date,
        row.line_items.as_ref(),
        row.paid_at,
        row.last_capture_attempt,
        row.next_retry_at,
        row.provider.as_deref(),
        row.transaction_id.as_deref(),
        row.provider_response.as_ref(),
        row.manually_marked,
        row.payment_reference.as_deref(),
        row.marked_by.as_deref(),
        row.capture_attempts,
        row.last_capture_error.as_ref(),
        row.notes.as_deref(),
        row.updated_at,
        &row.tenant_id,
        &row.id,
    ];
    tx.execute(&UPDATE, values)?;
    collect(
        tx,
        row,
        collected(row.status, row.subtotal) - collected(status, subtotal),
    )?;
    Ok(true)
}

/// Cancels the pending payments of a subscription whose period begins after a day, whenever they are
/// due; returns how many.
///
/// # Errors
/// Engine failures.
pub fn cancel_future(
    tx: &mut Tx<'_>,
    tenant: &str,
    rental: &str,
    after: Date,
    at: Timestamp,
) -> Result<u64, Error> {
    let sql = "UPDATE payments SET status = 'cancelled', updated_at = $1 \
               WHERE tenant_id = $2 AND rental_id = $3 AND status = 'pending' AND period_start > $4";
    tx.execute(sql, params![at, tenant, rental, after])
}

/// What the schedule of a subscription holds on a day; net, minor units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scheduled {
    /// Pending for periods that begin after it: what [`cancel_future`] cancels.
    pub to_come: i64,
    /// For the period it lies in, paid or not.
    pub in_progress: i64,
}

/// Sums up the scheduled payments of a subscription on a day.
///
/// # Errors
/// Engine failures.
pub fn scheduled(
    tx: &mut Tx<'_>,
    tenant: &str,
    rental: &str,
    day: Date,
) -> Result<Scheduled, Error> {
    // Integers sum up to another type on PostgreSQL.
    let sql = "SELECT \
        CAST(coalesce(sum(CASE WHEN status = 'pending' AND period_start > $1 THEN subtotal END), 0) AS BIGINT), \
        CAST(coalesce(sum(CASE WHEN status <> 'cancelled' AND period_start <= $1 AND period_end >= $1 \
            THEN subtotal END), 0) AS BIGINT) \
        FROM payments WHERE tenant_id = $2 AND rental_id = $3";
    tx.query_one(sql, params![day, tenant, rental], |row| {
        Ok(Scheduled {
            to_come: row.get()?,
            in_progress: row.get()?,
        })
    })
}

/// The payment of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, tenant: &str, id: &str) -> Result<Option<PaymentRow>, Error> {
    tx.query_opt(&FIND, params![tenant, id], from_row)
}

/// The individual payments of a subscription by due date.
///
/// # Errors
/// Engine failures.
pub fn of_rental(tx: &mut Tx<'_>, tenant: &str, rental: &str) -> Result<Vec<PaymentRow>, Error> {
    tx.query_all(&OF_RENTAL, params![tenant, rental], from_row)
}

/// One page of payments.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    tenant: &str,
    filter: &PaymentFilter,
    page: &Page<PaymentSort>,
) -> Result<Listing<PaymentRow>, Error> {
    let mut select = Select::new(COLUMNS, "payments", "tenant_id", tenant);
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
    Ok(select.page(tx, "id", page, from_row)?.listing())
}

/// The earliest due date of a pending payment of each subscription; those without one are absent.
///
/// # Errors
/// Engine failures.
pub fn next_due_by_rental(
    tx: &mut Tx<'_>,
    tenant: &str,
    rentals: &[&str],
) -> Result<HashMap<String, Date>, Error> {
    let mut due = HashMap::new();
    for chunk in rentals.chunks(128) {
        let (places, values) = in_list(2, chunk);
        let sql = format!(
            "SELECT rental_id, min(due_date) FROM payments WHERE tenant_id = $1 AND rental_id IN ({places}) \
             AND status = 'pending' GROUP BY rental_id"
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
    if let Some(rental) = &row.rental_id {
        let sql = "UPDATE subscriptions SET total_collected = total_collected + $1 WHERE tenant_id = $2 AND id = $3";
        tx.execute(sql, params![amount, &row.tenant_id, rental])?;
    }
    let change = CustomerTotals {
        lifetime_collected: amount,
        ..Default::default()
    };
    customers::adjust(tx, &row.tenant_id, &row.customer_id, &change, None)
}

fn from_row(row: &mut Row<'_>) -> Result<PaymentRow, Error> {
    Ok(PaymentRow {
        tenant_id: row.get()?,
        id: row.get()?,
        customer_id: row.get()?,
        rental_id: row.get()?,
        billing_group_id: row.get()?,
        status: row.get()?,
        payment_type: row.get()?,
        subtotal: row.get()?,
        tax_amount: row.get()?,
        tax_rate: row.get()?,
        total: row.get()?,
        currency: row.get()?,
        billing_period: row.get()?,
        due_date: row.get()?,
        period_start: row.get()?,
        period_end: row.get()?,
        idempotency_key: row.get()?,
        line_items: row.get()?,
        paid_at: row.get()?,
        last_capture_attempt: row.get()?,
        next_retry_at: row.get()?,
        provider: row.get()?,
        transaction_id: row.get()?,
        provider_response: row.get()?,
        manually_marked: row.get()?,
        payment_reference: row.get()?,
        marked_by: row.get()?,
        capture_attempts: row.get()?,
        last_capture_error: row.get()?,
        notes: row.get()?,
        created_at: row.get()?,
        updated_at: row.get()?,
    })
}
