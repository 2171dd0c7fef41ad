//! Billing groups: what subscriptions need of them. Membership is a column of the subscription.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::table::{Entry as _, Record as _, table};
use crate::value::text_enum;
use crate::{Error, Tx, params};

text_enum! {
    /// Whether the group consolidates payments.
    BillingGroupStatus {
        Active = "active",
        Inactive = "inactive",
    }
}

table! {
    /// A row of `billing_groups`.
    #[derive(Eq)]
    BillingGroupRow of "billing_groups" by (tenant_id, id) below ("customers") {
        /// Tenant.
        tenant_id: String,
        /// Id.
        id: String,
        /// Customer.
        customer_id: String,
        /// Name.
        group_name: String,
        /// Day of the month, 1 to 28.
        billing_day: i64,
        /// Whether it consolidates payments.
        status: BillingGroupStatus,
        /// Free text.
        notes: Option<String>,
        /// Creation.
        created_at: Timestamp,
        /// Last change.
        updated_at: Timestamp,
        /// Key that created it.
        created_by: String,
    }
}

static INSERT: LazyLock<String> = LazyLock::new(|| BillingGroupRow::TABLE.insert());
static FIND: LazyLock<String> =
    LazyLock::new(|| BillingGroupRow::TABLE.select("WHERE tenant_id = $1 AND id = $2"));

/// Adds a group.
///
/// # Errors
/// [`Error::Reference`] for an unknown customer.
pub fn insert(tx: &mut Tx<'_>, row: &BillingGroupRow) -> Result<(), Error> {
    tx.execute(&INSERT, &row.values()).map(drop)
}

/// The group of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, tenant: &str, id: &str) -> Result<Option<BillingGroupRow>, Error> {
    tx.query_opt(&FIND, params![tenant, id], BillingGroupRow::from_row)
}

/// Ids of the subscriptions in a group, oldest first.
///
/// # Errors
/// Engine failures.
pub fn members(tx: &mut Tx<'_>, tenant: &str, id: &str) -> Result<Vec<String>, Error> {
    let sql = "SELECT id FROM subscriptions WHERE tenant_id = $1 AND billing_group_id = $2 ORDER BY created_at, id";
    tx.query_all(sql, params![tenant, id], |row| row.get())
}
