//! Billing groups: what subscriptions need of them. Membership is a column of the subscription.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::value::text_enum;
use crate::{Error, Row, Tx, params, statement};

text_enum! {
    /// Whether the group consolidates payments.
    BillingGroupStatus {
        Active = "active",
        Inactive = "inactive",
    }
}

/// A row of `billing_groups`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillingGroupRow {
    /// Tenant.
    pub tenant_id: String,
    /// Id.
    pub id: String,
    /// Customer.
    pub customer_id: String,
    /// Name.
    pub group_name: String,
    /// Day of the month, 1 to 28.
    pub billing_day: i64,
    /// Whether it consolidates payments.
    pub status: BillingGroupStatus,
    /// Free text.
    pub notes: Option<String>,
    /// Creation.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// Key that created it.
    pub created_by: String,
}

const COLUMNS: &str = "tenant_id, id, customer_id, group_name, billing_day, status, notes, created_at, \
     updated_at, created_by";

static INSERT: LazyLock<String> = LazyLock::new(|| statement::insert("billing_groups", COLUMNS));
static FIND: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM billing_groups WHERE tenant_id = $1 AND id = $2")
});

/// Adds a group.
///
/// # Errors
/// [`Error::Reference`] for an unknown customer.
pub fn insert(tx: &mut Tx<'_>, row: &BillingGroupRow) -> Result<(), Error> {
    let values = params![
        &row.tenant_id,
        &row.id,
        &row.customer_id,
        &row.group_name,
        row.billing_day,
        row.status,
        row.notes.as_deref(),
        row.created_at,
        row.updated_at,
        &row.created_by,
    ];
    tx.execute(&INSERT, values).map(drop)
}

/// The group of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, tenant: &str, id: &str) -> Result<Option<BillingGroupRow>, Error> {
    tx.query_opt(&FIND, params![tenant, id], from_row)
}

/// Ids of the subscriptions in a group, oldest first.
///
/// # Errors
/// Engine failures.
pub fn members(tx: &mut Tx<'_>, tenant: &str, id: &str) -> Result<Vec<String>, Error> {
    let sql = "SELECT id FROM subscriptions WHERE tenant_id = $1 AND billing_group_id = $2 ORDER BY created_at, id";
    tx.query_all(sql, params![tenant, id], |row| row.get())
}

fn from_row(row: &mut Row<'_>) -> Result<BillingGroupRow, Error> {
    Ok(BillingGroupRow {
        tenant_id: row.get()?,
        id: row.get()?,
        customer_id: row.get()?,
        group_name: row.get()?,
        billing_day: row.get()?,
        status: row.get()?,
        notes: row.get()?,
        created_at: row.get()?,
        updated_at: row.get()?,
        created_by: row.get()?,
    })
}
