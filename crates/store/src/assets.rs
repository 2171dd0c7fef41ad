//! Assets: single devices, by serial number.

use std::borrow::Cow;
use std::sync::LazyLock;

use caseless::Caseless as _;
use jiff::{Timestamp, civil::Date};
use unicode_normalization::UnicodeNormalization as _;

use crate::customers::{self, CustomerTotals};
use crate::page::{Select, sort_fields};
use crate::table::{Entry as _, Record as _, table};
use crate::value::text_enum;
use crate::{Error, Listing, Page, Tx, params};

text_enum! {
    /// Where a device is.
    AssetStatus {
        Available = "available",
        RentedOut = "rented_out",
        Returned = "returned",
        Sold = "sold",
        Unavailable = "unavailable",
    }
}

sort_fields! {
    /// What assets can be sorted by.
    AssetSort, 600 {
        CreatedAt = "createdAt", "created_at";
        UpdatedAt = "updatedAt", "updated_at";
        SerialNumber = "serialNumber", "serial_number" unique;
        Status = "status", "status";
        Sku = "sku", "sku";
    }
}

table! {
    /// A row of `assets`.
    AssetRow of "assets" by (tenant_id, serial_number) below ("variants", "customers", "subscriptions") {
        /// Tenant.
        tenant_id: String,
        /// Key, as first given; never changes. Unique per tenant as [`serial_key`] has it.
        serial_number: String,
        /// Variant SKU.
        sku: String => changes,
        /// Product.
        product_id: String => changes,
        /// Variant.
        variant_id: String => changes,
        /// Product name.
        product_name: String => changes,
        /// Image.
        product_image_url: Option<String> => changes,
        /// Where it is.
        status: AssetStatus => changes,
        /// Holder: always while rented out, maybe when sold, never otherwise.
        customer_id: Option<String> => changes,
        /// Subscription: as the holder.
        rental_id: Option<String> => changes,
        /// Free text.
        location: Option<String> => changes,
        /// Free text.
        notes: Option<String> => changes,
        /// Minor units.
        acquisition_cost: Option<i64> => changes,
        /// When it was bought.
        acquisition_date: Option<Date> => changes,
        /// Free text.
        condition: Option<String> => changes,
        /// Creation.
        created_at: Timestamp,
        /// Last change.
        updated_at: Timestamp => changes,
    } with (serial_key: String)
}

/// Conditions of a list; all given ones must hold.
#[derive(Debug, Clone, Default)]
pub struct AssetFilter {
    /// Only this status.
    pub status: Option<AssetStatus>,
    /// Only this SKU.
    pub sku: Option<String>,
    /// Only with this holder.
    pub customer_id: Option<String>,
    /// Only of this subscription.
    pub rental_id: Option<String>,
}

/// The form under which serial numbers are compared: without case, and however their characters are composed
/// (canonical caseless matching, Unicode 3.13, D145) or joined.
pub fn serial_key(serial_number: &str) -> Cow<'_, str> {
    if serial_number.is_ascii() {
        return match serial_number.bytes().any(|byte| byte.is_ascii_uppercase()) {
            true => serial_number.to_ascii_lowercase().into(),
            false => serial_number.into(),
        };
    }
    let seen = serial_number
        .chars()
        .filter(|c| !matches!(c, '\u{200c}' | '\u{200d}'));
    Cow::Owned(seen.nfd().default_case_fold().nfd().collect())
}

static INSERT: LazyLock<String> = LazyLock::new(|| AssetRow::TABLE.insert());
static UPDATE: LazyLock<String> = LazyLock::new(|| AssetRow::TABLE.update());
static FIND: LazyLock<String> =
    LazyLock::new(|| AssetRow::TABLE.select("WHERE tenant_id = $1 AND serial_key = $2"));

/// Adds an asset, which nobody holds yet.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::AssetSerial`](crate::Unique::AssetSerial), [`Error::Reference`] for an
/// unknown variant.
pub fn insert(tx: &mut Tx<'_>, row: &AssetRow) -> Result<(), Error> {
    let key = serial_key(&row.serial_number);
    let mut values = row.values_in(tx)?;
    values.push(key.as_ref().into());
    tx.execute(&INSERT, &values)?;
    count_change(tx, row, 0)
}

/// Writes everything but key and creation, and counts the device for its holder (not returned while rented
/// out by a subscription that is not active). `false` if there is no such asset.
///
/// # Errors
/// [`Error::Constraint`] if status and holder do not fit together, [`Error::Reference`] for unknown ids.
pub fn update(tx: &mut Tx<'_>, row: &AssetRow) -> Result<bool, Error> {
    let Some(before) = find(tx, &row.serial_number)? else {
        return Ok(false);
    };
    let was_out = unreturned(tx, &before)?;
    tx.execute(&UPDATE, &row.changes_in(tx)?)?;
    if before.customer_id == row.customer_id {
        count_change(tx, row, was_out)?;
    } else {
        add_devices_out(tx, &before, -was_out)?;
        count_change(tx, row, 0)?;
    }
    Ok(true)
}

/// The asset of a serial number, as [`serial_key`] compares them.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, serial_number: &str) -> Result<Option<AssetRow>, Error> {
    let key = serial_key(serial_number);
    tx.query_opt(
        &FIND,
        params![tx.tenant()?, key.as_ref()],
        AssetRow::from_row,
    )
}

/// [`find`], and nobody else changes the asset until the transaction ends. The customer that has it, or is to
/// get it, must be locked before.
///
/// # Errors
/// Engine failures.
pub fn lock(tx: &mut Tx<'_>, serial_number: &str) -> Result<Option<AssetRow>, Error> {
    match tx.dialect().lock {
        "" => find(tx, serial_number),
        suffix => tx.query_opt(
            &format!("{}{suffix}", *FIND),
            params![tx.tenant()?, serial_key(serial_number).as_ref()],
            AssetRow::from_row,
        ),
    }
}

/// [`lock`] with the customer that has the asset, if there is one: a return may be what stands between a
/// customer and its deletion.
///
/// # Errors
/// Engine failures.
pub fn lock_with_holder(tx: &mut Tx<'_>, serial_number: &str) -> Result<Option<AssetRow>, Error> {
    let Some(seen) = find(tx, serial_number)? else {
        return Ok(None);
    };
    if let Some(holder) = &seen.customer_id {
        customers::lock(tx, holder)?;
    }
    match lock(tx, serial_number)? {
        // Locking its new holder now would be against the order of locks.
        Some(locked) if locked.customer_id != seen.customer_id => Err(tx.run_again()),
        locked => Ok(locked),
    }
}

/// One page of assets.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &AssetFilter,
    page: &Page<AssetSort>,
) -> Result<Listing<AssetRow>, Error> {
    let tenant = tx.tenant()?;
    let mut select = Select::new(AssetRow::columns(), "assets", "tenant_id", tenant);
    let narrow = filter.rental_id.is_some() || filter.customer_id.is_some();
    select
        .equals("rental_id", filter.rental_id.as_deref())
        .equals("customer_id", filter.customer_id.as_deref());
    if narrow {
        select
            .equals_unindexed("sku", filter.sku.as_deref())
            .equals_unindexed("status", filter.status);
    } else if page.sort != AssetSort::CreatedAt {
        select.narrow(tx, "sku", filter.sku.as_deref())?;
        select.narrow(tx, "status", filter.status)?;
    } else if filter.sku.is_some() {
        select
            .equals("sku", filter.sku.as_deref())
            .equals_unindexed("status", filter.status);
    } else {
        select.equals("status", filter.status);
    }
    Ok(select
        .page(tx, "serial_number", page, AssetRow::from_row)?
        .listing())
}

/// 1 if the device counts as not returned.
fn unreturned(tx: &mut Tx<'_>, row: &AssetRow) -> Result<i64, Error> {
    let (AssetStatus::RentedOut, Some(rental)) = (row.status, &row.rental_id) else {
        return Ok(0);
    };
    let sql = "SELECT 1 FROM subscriptions WHERE tenant_id = $1 AND id = $2 AND coalesce(status, '') <> 'active'";
    Ok(tx
        .query_opt(sql, params![tx.tenant()?, rental], |row| row.get())?
        .unwrap_or(0))
}

fn count_change(tx: &mut Tx<'_>, row: &AssetRow, before: i64) -> Result<(), Error> {
    let after = unreturned(tx, row)?;
    add_devices_out(tx, row, after - before)
}

fn add_devices_out(tx: &mut Tx<'_>, row: &AssetRow, devices_out: i64) -> Result<(), Error> {
    match &row.customer_id {
        Some(customer) => {
            let change = CustomerTotals {
                devices_out,
                ..Default::default()
            };
            customers::adjust(tx, customer, &change, None)
        }
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::serial_key;

    #[test]
    fn serial_numbers_are_compared_without_case_and_composition() {
        for (one, other) in [
            ("X1", "x1"),
            ("STRASSE", "stra\u{df}e"),
            ("\u{1e9e}", "ss"),
            ("\u{c4}-1", "a\u{308}-1"),
            ("\u{130}", "i\u{307}"),
            ("\u{3a3}", "\u{3c2}"),
            ("\u{212a}", "k"),
            ("\u{1f80}", "\u{1f88}"),
            ("\u{645}\u{200c}\u{62e}", "\u{645}\u{62e}"),
        ] {
            assert_eq!(serial_key(one), serial_key(other), "{one} {other}");
            assert_eq!(serial_key(&serial_key(one)), serial_key(one), "{one}");
        }
        for (one, other) in [
            ("X1", "X2"),
            ("I", "\u{131}"),
            ("a", "\u{e4}"),
            ("1", "\u{ff11}"),
        ] {
            assert_ne!(serial_key(one), serial_key(other), "{one} {other}");
        }
    }
}
