//! Consolidated payments, and the individual ones whose place each took. Those are cancelled, keep what they
//! were for, and name it, so that it can be undone to the cent: a consolidated payment is the sum of its parts.

use std::sync::LazyLock;

use jiff::{Timestamp, civil::Date};

use crate::page::in_list;
use crate::table::{Entry as _, Record as _};
use crate::{Error, Param, PaymentRow, Tx, params};

/// Ids in one statement.
const CHUNK: usize = 128;

static OPEN: LazyLock<String> = LazyLock::new(|| {
    PaymentRow::TABLE.select(
        "WHERE tenant_id = $1 AND rental_id = $2 AND status = 'pending' AND due_date > $3 \
         AND period_start IS NOT NULL ORDER BY due_date, created_at, id",
    )
});
static PARTS: LazyLock<String> = LazyLock::new(|| {
    PaymentRow::TABLE.select(
        "WHERE tenant_id = $1 AND consolidated_in = $2 ORDER BY rental_id, due_date, created_at, id",
    )
});
static OF_GROUP: LazyLock<String> = LazyLock::new(|| {
    PaymentRow::TABLE.select(
        "WHERE tenant_id = $1 AND billing_group_id = $2 AND status <> 'cancelled' \
         AND payment_type = 'consolidated' ORDER BY created_at, id",
    )
});

/// Pending scheduled payments of a subscription that are due after a day, by due date.
///
/// # Errors
/// Engine failures.
pub fn open_of_rental(
    tx: &mut Tx<'_>,
    rental: &str,
    after: Date,
) -> Result<Vec<PaymentRow>, Error> {
    let tenant = tx.tenant()?;
    let values = params![tenant, rental, after];
    tx.query_all(&OPEN, values, PaymentRow::from_row)
}

/// Payments whose place a consolidated one took, by subscription and due date.
///
/// # Errors
/// Engine failures.
pub fn parts(tx: &mut Tx<'_>, whole: &str) -> Result<Vec<PaymentRow>, Error> {
    tx.query_all(&PARTS, params![tx.tenant()?, whole], PaymentRow::from_row)
}

/// Consolidated payments of a group that are not cancelled, oldest first.
///
/// # Errors
/// Engine failures.
pub fn of_group(tx: &mut Tx<'_>, group: &str) -> Result<Vec<PaymentRow>, Error> {
    tx.query_all(
        &OF_GROUP,
        params![tx.tenant()?, group],
        PaymentRow::from_row,
    )
}

/// Cancels individual payments, whose place a consolidated one takes.
///
/// # Errors
/// [`Error::Reference`] for an unknown consolidated payment.
pub fn replace(tx: &mut Tx<'_>, parts: &[&str], whole: &str, at: Timestamp) -> Result<(), Error> {
    let set = "status = 'cancelled', consolidated_in = $1, updated_at = $2";
    update(tx, set, &[whole.into(), at.into()], parts)
}

/// Takes payments out of the consolidated ones that took their place. They stay cancelled.
///
/// # Errors
/// Engine failures.
pub fn release(tx: &mut Tx<'_>, parts: &[&str], at: Timestamp) -> Result<(), Error> {
    let set = "consolidated_in = NULL, updated_at = $1";
    update(tx, set, &[at.into()], parts)
}

fn update(tx: &mut Tx<'_>, set: &str, values: &[Param<'_>], ids: &[&str]) -> Result<(), Error> {
    let place = values.len() + 1;
    for chunk in ids.chunks(CHUNK) {
        let (places, listed) = in_list(place + 1, chunk);
        let sql =
            format!("UPDATE payments SET {set} WHERE tenant_id = ${place} AND id IN ({places})");
        let mut all = values.to_vec();
        all.push(tx.tenant()?.into());
        all.extend(listed);
        tx.execute(&sql, &all)?;
    }
    Ok(())
}

/// Takes what a subscription would pay for periods that begin after a day out of pending consolidated payments,
/// whenever they are due; gives the ids of those.
///
/// # Errors
/// Engine failures.
pub fn release_future(
    tx: &mut Tx<'_>,
    rental: &str,
    after: Date,
    at: Timestamp,
) -> Result<Vec<String>, Error> {
    let sql = "SELECT p.id, w.id FROM payments p \
               JOIN payments w ON w.tenant_id = p.tenant_id AND w.id = p.consolidated_in \
               WHERE p.tenant_id = $1 AND p.rental_id = $2 AND p.status = 'cancelled' \
               AND p.consolidated_in IS NOT NULL AND p.period_start > $3 AND w.status = 'pending' ORDER BY w.id";
    let found = tx.query_all(sql, params![tx.tenant()?, rental, after], |row| {
        Ok((row.get::<String>()?, row.get::<String>()?))
    })?;
    let (parts, mut wholes): (Vec<String>, Vec<String>) = found.into_iter().unzip();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    release(tx, &parts, at)?;
    wholes.dedup();
    Ok(wholes)
}

/// Counts what its parts are for as collected for their subscriptions, or no longer.
pub(crate) fn collect(tx: &mut Tx<'_>, whole: &str, collected: bool) -> Result<(), Error> {
    let shares = shares(tx, whole)?;
    let sql = "UPDATE subscriptions SET total_collected = total_collected + $1 WHERE tenant_id = $2 AND id = $3";
    for (rental, share) in shares {
        let share = if collected { share } else { -share };
        tx.post(sql, params![share, tx.tenant()?, &rental])?;
    }
    Ok(())
}

/// What the parts of a consolidated payment are for, by subscription.
pub(crate) fn shares(tx: &mut Tx<'_>, whole: &str) -> Result<Vec<(String, i64)>, Error> {
    let sql = "SELECT rental_id, CAST(sum(subtotal) AS BIGINT) FROM payments \
               WHERE tenant_id = $1 AND consolidated_in = $2 GROUP BY rental_id ORDER BY rental_id";
    tx.query_all(sql, params![tx.tenant()?, whole], |row| {
        Ok((row.get()?, row.get()?))
    })
}
