//! Customers, their counters and their soft deletion.

use std::sync::LazyLock;

use jiff::{Timestamp, civil::Date};

use crate::customer_terms::Terms;
use crate::page::sort_fields;
use crate::table::{Entry as _, Record as _, table};
use crate::value::text_enum;
use crate::{Error, Json, Tx, customer_names, params};

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

table! {
    /// A row of `customers`.
    CustomerRow of "customers" by (tenant_id, id) below ("tenants") {
        /// Tenant.
        tenant_id: String,
        /// Id.
        id: String,
        /// As it was given.
        email: String => changes,
        /// In the form for comparison; unique per tenant. Made by [`email_key`].
        email_key: String => changes,
        /// First name.
        first_name: String => changes,
        /// Last name.
        last_name: String => changes,
        /// Company.
        company: Option<String> => changes,
        /// Phone.
        phone: Option<String> => changes,
        /// Person or company.
        customer_type: CustomerType => changes,
        /// Soft deletion.
        status: CustomerStatus,
        /// Object.
        custom_fields: Option<Json> => changes,
        /// Address of the latest order or update.
        billing_address: Option<Json> => changes,
        /// Address of the latest order or update.
        shipping_address: Option<Json> => changes,
        /// Counters, kept by the functions that write orders, subscriptions, assets and payments.
        totals: CustomerTotals => totals,
        /// Earliest start of a subscription.
        first_start: Option<Date> => kept,
        /// Creation.
        created_at: Timestamp,
        /// Last change of profile or status.
        updated_at: Timestamp => changes,
        /// Key that created it.
        created_by: String,
    } with (signature: i64)
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

static INSERT: LazyLock<String> = LazyLock::new(|| CustomerRow::TABLE.insert());
static FIND: LazyLock<String> =
    LazyLock::new(|| CustomerRow::TABLE.select("WHERE tenant_id = $1 AND id = $2"));
static FIND_BY_EMAIL: LazyLock<String> =
    LazyLock::new(|| CustomerRow::TABLE.select("WHERE tenant_id = $1 AND email_key = $2"));
static UPDATE: LazyLock<String> = LazyLock::new(|| CustomerRow::TABLE.update());

/// Adds a customer. Its counters start at zero whatever `row.totals` says.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::CustomerEmail`](crate::Unique::CustomerEmail).
pub fn insert(tx: &mut Tx<'_>, row: &CustomerRow) -> Result<(), Error> {
    let terms = Terms::of(row);
    let signature = terms.signature();
    let mut values = row.values_in(tx)?;
    values.push(signature.into());
    tx.execute(&INSERT, &values)?;
    customer_names::insert(tx, row, signature)?;
    terms.insert(tx, row)
}

/// The customer of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<CustomerRow>, Error> {
    tx.query_opt(&FIND, params![tx.tenant()?, id], CustomerRow::from_row)
}

/// [`find`], and nobody else changes the customer, its orders or subscriptions until the transaction ends.
///
/// # Errors
/// Engine failures.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Option<CustomerRow>, Error> {
    match tx.dialect().lock {
        "" => find(tx, id),
        suffix => tx.query_opt(
            &format!("{}{suffix}", *FIND),
            params![tx.tenant()?, id],
            CustomerRow::from_row,
        ),
    }
}

/// The customer of a normalised e-mail, active or not, locked.
///
/// # Errors
/// Engine failures.
pub fn lock_by_email(tx: &mut Tx<'_>, email_key: &str) -> Result<Option<CustomerRow>, Error> {
    let tenant = tx.tenant()?;
    match tx.dialect().lock {
        "" => tx.query_opt(
            &FIND_BY_EMAIL,
            params![tenant, email_key],
            CustomerRow::from_row,
        ),
        suffix => tx.query_opt(
            &format!("{}{suffix}", *FIND_BY_EMAIL),
            params![tenant, email_key],
            CustomerRow::from_row,
        ),
    }
}

/// Makes an inactive customer active again; `false` if there was nothing to change.
///
/// # Errors
/// Engine failures.
pub fn reactivate(tx: &mut Tx<'_>, id: &str, at: Timestamp) -> Result<bool, Error> {
    let sql = "UPDATE customers SET status = 'active', updated_at = $1 \
               WHERE tenant_id = $2 AND id = $3 AND status = 'inactive'";
    Ok(tx.execute(sql, params![at, tx.tenant()?, id])? > 0)
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
    let found = tx.execute(&UPDATE, &row.changes_in(tx)?)? > 0;
    if found {
        let terms = Terms::of(row);
        let is_found_otherwise = terms != Terms::of(before);
        let names = [before, row].map(|it| [&it.first_name, &it.last_name]);
        if is_found_otherwise || names[0] != names[1] {
            customer_names::update(tx, row, terms.signature())?;
        }
        if is_found_otherwise {
            terms.replace(tx, row)?;
        }
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
        tx.own(&row.tenant_id)?,
        &row.id,
    ];
    Ok(tx.execute(sql, values)? > 0)
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
