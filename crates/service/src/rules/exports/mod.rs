//! Exports: subscriptions as a table, whatever the state of their customers.

mod columns;
mod csv;

use jiff::Timestamp;
use jiff::civil::Date;
use store::{ExportFilter, SubscriptionStatus};
use types::support::True;
use types::{RentalExport, RentalExportFilters, RentalExported};

use self::columns::Columns;
use crate::call::{Call, Tenant, instant};
use crate::error::{Error, invalid};
use crate::rules::calendar::date_in;
use crate::rules::money::share;
use crate::rules::subscriptions::{date, wire::stored_status};

/// Subscriptions that one transaction reads.
const ROWS: u32 = 1_000;

/// What is known of a table in the making. It is read in pieces, each in a transaction of its own, so that a large
/// one keeps nobody waiting; a subscription that changes meanwhile is in it once, as before or as after.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: u64,
    active: u64,
    collected: i64,
    monthly: i64,
    /// Creation and id of the last subscription; none before the first piece.
    last: Option<(Timestamp, String)>,
}

/// A piece of a table.
pub(crate) struct Piece {
    /// Its lines.
    pub(crate) text: String,
    rows: u64,
    active: u64,
    collected: i64,
    monthly: i64,
    last: Option<(Timestamp, String)>,
}

impl Table {
    /// Counts the rows of the next piece. Whether another one follows.
    pub(crate) fn count(&mut self, piece: &Piece) -> bool {
        self.rows += piece.rows;
        self.active += piece.active;
        self.collected = self.collected.saturating_add(piece.collected);
        self.monthly = self.monthly.saturating_add(piece.monthly);
        self.last.clone_from(&piece.last);
        piece.rows == u64::from(ROWS)
    }

    /// Where the next piece begins.
    pub(crate) fn last(&self) -> Option<(Timestamp, String)> {
        self.last.clone()
    }

    /// The answer, once all of it is known; `text` are the lines of the last piece.
    pub(crate) fn finish(
        self,
        text: String,
        tenant: &Tenant,
        now: Timestamp,
        body: &RentalExport,
    ) -> RentalExported {
        let currency = tenant.currency;
        let count = i64::try_from(self.rows).unwrap_or(i64::MAX);
        let mean = match count {
            0 => 0,
            _ => share(self.monthly, 1, count),
        };
        RentalExported {
            success: True,
            filename: format!("rentals-{}.csv", date_in(&tenant.zone, now)),
            csv_data: text,
            total_records: self.rows,
            generated_at: instant(now),
            filters: RentalExportFilters {
                start_date: body.start_date.clone(),
                end_date: body.end_date.clone(),
                status: body.status.map(Into::into),
                customer_ids: body.customer_ids.clone(),
            },
            total_rentals: self.rows,
            active_rentals: self.active,
            total_revenue: currency.major(self.collected),
            average_monthly_revenue: currency.major(mean),
        }
    }
}

/// The next piece of the table that `body` asks for; the first one begins with its header.
pub(crate) fn piece(
    call: &mut Call<'_, '_>,
    body: &RentalExport,
    last: Option<(Timestamp, String)>,
) -> Result<Piece, Error> {
    let filter = filter(call, body)?;
    let columns = Columns::of(call.tenant, body.include_fields.as_ref());
    let mut text = String::new();
    if last.is_none() {
        csv::line(&mut text, columns.names());
    }
    let after = last.as_ref().map(|(at, id)| (*at, id.as_str()));
    let rows = store::subscriptions::export(call.tx, &filter, after, ROWS)?;
    for row in &rows {
        csv::line(&mut text, columns.cells(row)?);
    }
    let active = rows
        .iter()
        .filter(|row| row.status == SubscriptionStatus::Active);
    let next = rows.last().map(|row| (row.created_at, row.id.clone()));
    Ok(Piece {
        text,
        rows: rows.len() as u64,
        active: active.count() as u64,
        collected: rows.iter().map(|row| row.total_collected).sum(),
        monthly: rows.iter().map(|row| row.monthly_amount).sum(),
        last: next.or(last),
    })
}

fn filter(call: &Call<'_, '_>, body: &RentalExport) -> Result<ExportFilter, Error> {
    let day = |path: &str, text: &Option<String>| -> Result<Option<Date>, Error> {
        let text = text.as_deref();
        text.map(|text| date(call, path, text)).transpose()
    };
    let filter = ExportFilter {
        start_from: day("startDate", &body.start_date)?,
        start_to: day("endDate", &body.end_date)?,
        status: body.status.map(stored_status),
        customer_ids: body.customer_ids.clone(),
    };
    match (filter.start_from, filter.start_to) {
        (Some(from), Some(to)) if from > to => {
            let message = "must not be after `endDate`";
            Err(invalid("startDate", "custom", message))
        }
        _ => Ok(filter),
    }
}
