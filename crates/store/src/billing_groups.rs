//! Billing groups. Membership is a column of the subscription.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::page::{Select, in_list, sort_fields};
use crate::table::{Entry as _, Record as _, table, view};
use crate::value::text_enum;
use crate::{Error, Listing, Page, Param, SubscriptionStatus, Tx, params};

text_enum! {
    /// Whether the group consolidates payments.
    BillingGroupStatus {
        Active = "active",
        Inactive = "inactive",
    }
}

sort_fields! {
    /// What billing groups can be sorted by.
    BillingGroupSort, 25_000 {
        CreatedAt = "createdAt", "created_at";
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
        group_name: String => changes,
        /// Day of the month, 1 to 28.
        billing_day: i64 => changes,
        /// Whether it consolidates payments.
        status: BillingGroupStatus => changes,
        /// Free text.
        notes: Option<String> => changes,
        /// Creation.
        created_at: Timestamp,
        /// Last change.
        updated_at: Timestamp => changes,
        /// Key that created it.
        created_by: String,
    }
}

/// Conditions of a list; all given ones must hold.
#[derive(Debug, Clone, Default)]
pub struct BillingGroupFilter {
    /// Only of this customer.
    pub customer_id: Option<String>,
    /// Only in this state.
    pub status: Option<BillingGroupStatus>,
}

view! {
    /// A subscription, as its group looks at it.
    #[derive(Debug, Clone, PartialEq, Eq)]
    Member {
        /// The group.
        group_id: String => "billing_group_id",
        /// The subscription.
        rental_id: String => "id",
        /// Its state.
        status: SubscriptionStatus => "status",
        /// Price of a month, minor units.
        monthly_amount: i64 => "monthly_amount",
    }
}

static INSERT: LazyLock<String> = LazyLock::new(|| BillingGroupRow::TABLE.insert());
static UPDATE: LazyLock<String> = LazyLock::new(|| BillingGroupRow::TABLE.update());
static FIND: LazyLock<String> =
    LazyLock::new(|| BillingGroupRow::TABLE.select("WHERE tenant_id = $1 AND id = $2"));

/// Adds a group.
///
/// # Errors
/// [`Error::Reference`] for an unknown customer.
pub fn insert(tx: &mut Tx<'_>, row: &BillingGroupRow) -> Result<(), Error> {
    tx.execute(&INSERT, &row.values_in(tx)?).map(drop)
}

/// Writes what can change (name, day, state, notes, `updated_at`); `false` if there is no such group.
///
/// # Errors
/// [`Error::Constraint`] for a day outside 1 to 28.
pub fn update(tx: &mut Tx<'_>, row: &BillingGroupRow) -> Result<bool, Error> {
    Ok(tx.execute(&UPDATE, &row.changes_in(tx)?)? > 0)
}

/// Removes a group without members; `false` if there is no such group. Its payments go on naming it.
///
/// # Errors
/// [`Error::Reference`] if it has members.
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM billing_groups WHERE tenant_id = $1 AND id = $2";
    Ok(tx.execute(sql, params![tx.tenant()?, id])? > 0)
}

/// The group of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<BillingGroupRow>, Error> {
    tx.query_opt(&FIND, params![tx.tenant()?, id], BillingGroupRow::from_row)
}

/// One page of groups.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &BillingGroupFilter,
    page: &Page<BillingGroupSort>,
) -> Result<Listing<BillingGroupRow>, Error> {
    let tenant = tx.tenant()?;
    let columns = BillingGroupRow::columns();
    let mut select = Select::new(columns, "billing_groups", "tenant_id", tenant);
    select.equals("customer_id", filter.customer_id.as_deref());
    match filter.customer_id {
        Some(_) => select.equals_unindexed("status", filter.status),
        None => select.equals("status", filter.status),
    };
    let found = select.page(tx, "id", page, BillingGroupRow::from_row)?;
    Ok(found.listing())
}

/// The subscriptions in groups, oldest first, ended ones included.
///
/// # Errors
/// Engine failures.
pub fn members(tx: &mut Tx<'_>, groups: &[&str]) -> Result<Vec<Member>, Error> {
    let tenant = tx.tenant()?;
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let (places, listed) = in_list(2, groups);
    let columns = Member::columns();
    let sql = format!(
        "SELECT {columns} FROM subscriptions WHERE tenant_id = $1 AND billing_group_id IN ({places}) \
         ORDER BY created_at, id"
    );
    let values: Vec<Param<'_>> = std::iter::once(tenant.into()).chain(listed).collect();
    tx.query_all(&sql, &values, Member::from_row)
}

/// Makes subscriptions members of a group, or of none.
///
/// # Errors
/// [`Error::Reference`] for an unknown group.
pub fn set_members(
    tx: &mut Tx<'_>,
    rentals: &[&str],
    group: Option<&str>,
    at: Timestamp,
) -> Result<(), Error> {
    let tenant = tx.tenant()?;
    for chunk in rentals.chunks(128) {
        let (places, listed) = in_list(4, chunk);
        let sql = format!(
            "UPDATE subscriptions SET billing_group_id = $1, updated_at = $2 \
             WHERE tenant_id = $3 AND id IN ({places})"
        );
        let mut values: Vec<Param<'_>> = vec![group.into(), at.into(), tenant.into()];
        values.extend(listed);
        tx.execute(&sql, &values)?;
    }
    Ok(())
}
