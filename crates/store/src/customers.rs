//! Customers, their counters and their soft deletion.

use std::sync::LazyLock;

use jiff::{Timestamp, civil::Date};

use crate::page::sort_fields;
use crate::value::text_enum;
use crate::{Error, Json, Row, Tx, customer_names, customer_terms, params, statement};

pub use crate::customer_list::list;
pub use crate::customer_terms::words;
pub use crate::customer_totals::CustomerTotals;
pub(crate) use crate::customer_totals::adjust;
pub use crate::deletion::deactivate;

text_enum! {
    /// Soft deletion.
    CustomerStatus {
        Active = "active",
        Inactive = "inactive",
    }
}

text_enum! {
    /// Person or company.
    CustomerType {
        Individual = "individual",
        Business = "business",
    }
}

sort_fields! {
    /// What customers can be sorted by.
    CustomerSort, 1500 {
        CreatedAt = "createdAt", "created_at";
        FirstName = "firstName", "first_name";
        LastName = "lastName", "last_name";
        Email = "email", "email_key" unique;
        TotalMonthlyRevenue = "totalMonthlyRevenue", "monthly_revenue";
        TotalDevicesRented = "totalDevicesRented", "active_subscriptions";
    }
}

/// A row of `customers`.
#[derive(Debug, Clone, PartialEq)]
pub struct CustomerRow {
    /// Tenant.
    pub tenant_id: String,
    /// Id.
    pub id: String,
    /// As it was given.
    pub email: String,
    /// In the form for comparison; unique per tenant. Made by [`email_key`].
    pub email_key: String,
    /// First name.
    pub first_name: String,
    /// Last name.
    pub last_name: String,
    /// Company.
    pub company: Option<String>,
    /// Phone.
    pub phone: Option<String>,
    /// Person or company.
    pub customer_type: CustomerType,
    /// Soft deletion.
    pub status: CustomerStatus,
    /// Object.
    pub custom_fields: Option<Json>,
    /// Address of the latest order or update.
    pub billing_address: Option<Json>,
    /// Address of the latest order or update.
    pub shipping_address: Option<Json>,
    /// Counters, kept by the functions that write orders, subscriptions, assets and payments.
    pub totals: CustomerTotals,
    /// Earliest start of a subscription.
    pub first_start: Option<Date>,
    /// Creation.
    pub created_at: Timestamp,
    /// Last change of profile or status.
    pub updated_at: Timestamp,
    /// Key that created it.
    pub created_by: String,
}

/// A customer in a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListedCustomer {
    /// The customer.
    pub row: CustomerRow,
    /// All its orders, oldest first.
    pub order_ids: Vec<String>,
    /// All its subscriptions, oldest first.
    pub rental_ids: Vec<String>,
}

/// Conditions of a list; all given ones must hold.
#[derive(Debug, Clone, Default)]
pub struct CustomerFilter {
    /// Only this status.
    pub status: Option<CustomerStatus>,
    /// Only this type.
    pub customer_type: Option<CustomerType>,
    /// Only this e-mail, normalised by [`email_key`].
    pub email_key: Option<String>,
    /// With (`true`) or without (`false`) active subscriptions.
    pub has_active_rentals: Option<bool>,
    /// Only with each of these [`words`] at the beginning of a word of name, company, e-mail or phone.
    pub words: Option<Vec<String>>,
}

/// The form of an e-mail address under which customers are compared: trimmed, in lower case, and quoted only
/// where it must be: `"a"@x` and `"\\a"@x` are ways to write `a@x` (RFC 5321, 4.1.2).
pub fn email_key(email: &str) -> String {
    let key = email.trim().to_lowercase();
    unquoted(&key).unwrap_or(key)
}

/// An address with a quoted local part in the shortest form that means the same.
fn unquoted(address: &str) -> Option<String> {
    let (local, domain) = address.rsplit_once('@')?;
    let quoted = local.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::new();
    let mut characters = quoted.chars();
    while let Some(character) = characters.next() {
        match character {
            '\\' => text.push(characters.next()?),
            '"' => return None,
            _ => text.push(character),
        }
    }
    let atom = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-/=?^_`{|}~".contains(c);
    if text
        .split('.')
        .all(|part| !part.is_empty() && part.chars().all(atom))
    {
        return Some(format!("{text}@{domain}"));
    }
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    Some(format!("\"{text}\"@{domain}"))
}

pub(crate) const COLUMNS: &str = "tenant_id, id, email, email_key, first_name, last_name, company, phone, \
     customer_type, \
     status, custom_fields, billing_address, shipping_address, total_orders, open_orders, total_subscriptions, \
     active_subscriptions, devices_out, monthly_revenue, lifetime_collected, acquisition_cost, \
     subscriptions_tracked, first_start, created_at, updated_at, created_by";
const PROFILE: &str = "email, email_key, first_name, last_name, company, phone, customer_type, custom_fields, \
     billing_address, shipping_address, updated_at";

static INSERT: LazyLock<String> = LazyLock::new(|| {
    statement::insert(
        "customers",
        &COLUMNS.replace(
            "total_orders, open_orders, total_subscriptions, active_subscriptions, devices_out, monthly_revenue, \
             lifetime_collected, acquisition_cost, subscriptions_tracked, first_start, ",
            "",
        ),
    )
});
static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM customers WHERE tenant_id = $1 AND id = $2"));
static FIND_BY_EMAIL: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM customers WHERE tenant_id = $1 AND email_key = $2")
});
static UPDATE: LazyLock<String> =
    LazyLock::new(|| statement::update("customers", PROFILE, "tenant_id, id"));

/// Adds a customer. Its counters start at zero whatever `row.totals` says.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::CustomerEmail`](crate::Unique::CustomerEmail).
pub fn insert(tx: &mut Tx<'_>, row: &CustomerRow) -> Result<(), Error> {
    let values = params![
        &row.tenant_id,
        &row.id,
        &row.email,
        &row.email_key,
        &row.first_name,
        &row.last_name,
        row.company.as_deref(),
        row.phone.as_deref(),
        row.customer_type,
        row.status,
        row.custom_fields.as_ref(),
        row.billing_address.as_ref(),
        row.shipping_address.as_ref(),
        row.created_at,
        row.updated_at,
        &row.created_by,
    ];
    tx.execute(&INSERT, values)?;
    customer_names::insert(tx, row)?;
    customer_terms::insert(tx, row)
}

/// The customer of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, tenant: &str, id: &str) -> Result<Option<CustomerRow>, Error> {
    tx.query_opt(&FIND, params![tenant, id], from_row)
}

/// [`find`], and nobody else changes the customer, its orders or subscriptions until the transaction ends.
///
/// # Errors
/// Engine failures.
pub fn lock(tx: &mut Tx<'_>, tenant: &str, id: &str) -> Result<Option<CustomerRow>, Error> {
    match tx.lock_suffix() {
        "" => find(tx, tenant, id),
        suffix => tx.query_opt(&format!("{}{suffix}", *FIND), params![tenant, id], from_row),
    }
}

/// The customer of a normalised e-mail, active or not, locked.
///
/// # Errors
/// Engine failures.
pub fn lock_by_email(
    tx: &mut Tx<'_>,
    tenant: &str,
    email_key: &str,
) -> Result<Option<CustomerRow>, Error> {
    match tx.lock_suffix() {
        "" => tx.query_opt(&FIND_BY_EMAIL, params![tenant, email_key], from_row),
        suffix => tx.query_opt(
            &format!("{}{suffix}", *FIND_BY_EMAIL),
            params![tenant, email_key],
            from_row,
        ),
    }
}

/// Makes an inactive customer active again; `false` if there was nothing to change.
///
/// # Errors
/// Engine failures.
pub fn reactivate(tx: &mut Tx<'_>, tenant: &str, id: &str, at: Timestamp) -> Result<bool, Error> {
    let sql = "UPDATE customers SET status = 'active', updated_at = $1 \
               WHERE tenant_id = $2 AND id = $3 AND status = 'inactive'";
    Ok(tx.execute(sql, params![at, tenant, id])? > 0)
}

/// Writes the profile: e-mail, names, company, phone, type, custom fields, addresses, `updated_at`, in place of
/// that of `before`. Status and counters have functions of their own.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::CustomerEmail`](crate::Unique::CustomerEmail).
pub fn update_profile(
    tx: &mut Tx<'_>,
    before: &CustomerRow,
    row: &CustomerRow,
) -> Result<bool, Error> {
    let values = params![
        &row.email,
        &row.email_key,
        &row.first_name,
        &row.last_name,
        row.company.as_deref(),
        row.phone.as_deref(),
        row.customer_type,
        row.custom_fields.as_ref(),
        row.billing_address.as_ref(),
        row.shipping_address.as_ref(),
        row.updated_at,
        &row.tenant_id,
        &row.id,
    ];
    let found = tx.execute(&UPDATE, values)? > 0;
    if found {
        customer_names::update(tx, before, row)?;
        customer_terms::update(tx, before, row)?;
    }
    Ok(found)
}

/// Writes addresses and `updated_at`. `false` if there is no such customer.
///
/// # Errors
/// Engine failures.
pub fn update_addresses(tx: &mut Tx<'_>, row: &CustomerRow) -> Result<bool, Error> {
    let sql = "UPDATE customers SET billing_address = $1, shipping_address = $2, updated_at = $3 \
               WHERE tenant_id = $4 AND id = $5";
    let values = params![
        row.billing_address.as_ref(),
        row.shipping_address.as_ref(),
        row.updated_at,
        &row.tenant_id,
        &row.id,
    ];
    Ok(tx.execute(sql, values)? > 0)
}

pub(crate) fn from_row(row: &mut Row<'_>) -> Result<CustomerRow, Error> {
    Ok(CustomerRow {
        tenant_id: row.get()?,
        id: row.get()?,
        email: row.get()?,
        email_key: row.get()?,
        first_name: row.get()?,
        last_name: row.get()?,
        company: row.get()?,
        phone: row.get()?,
        customer_type: row.get()?,
        status: row.get()?,
        custom_fields: row.get()?,
        billing_address: row.get()?,
        shipping_address: row.get()?,
        totals: CustomerTotals::from_row(row)?,
        first_start: row.get()?,
        created_at: row.get()?,
        updated_at: row.get()?,
        created_by: row.get()?,
    })
}

#[cfg(test)]
mod tests {
    use super::email_key;

    #[test]
    fn addresses_that_mean_one_mailbox_are_compared_as_one() {
        for (given, key) in [
            (" Ada@Example.COM ", "ada@example.com"),
            (r#""q1"@x"#, "q1@x"),
            (r#""Q\1"@X"#, "q1@x"),
            (r#""a.b"@x"#, "a.b@x"),
            (r#""a b"@x"#, r#""a b"@x"#),
            (r#""a\ b"@x"#, r#""a b"@x"#),
            (r#""a..b"@x"#, r#""a..b"@x"#),
            (r#""\"\\"@x"#, r#""\"\\"@x"#),
            (r#""a@b"@x"#, r#""a@b"@x"#),
            (r#"""@x"#, r#"""@x"#),
            (r#""@x"#, r#""@x"#),
            ("ada", "ada"),
        ] {
            assert_eq!(email_key(given), key, "{given}");
            assert_eq!(email_key(key), key, "{key}");
        }
    }
}
