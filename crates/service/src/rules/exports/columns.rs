//! Columns of the table of subscriptions.

use serde_json::{Map, Value};
use store::ExportedSubscription;
use types::RentalExportFields;

use super::csv::Cell;
use crate::call::Tenant;
use crate::error::Error;
use crate::rules::money::{Currency, percentage};
use crate::rules::settings::CustomFieldSection;

/// The columns that were asked for.
pub(super) struct Columns {
    customer: bool,
    device: bool,
    financial: bool,
    /// Ids of the tenant's own fields.
    custom: Vec<String>,
    currency: Currency,
}

impl Columns {
    /// The columns of a tenant; a group that is not spoken of is among them.
    pub(super) fn of(tenant: &Tenant, wanted: Option<&RentalExportFields>) -> Columns {
        let wanted =
            |group: fn(&RentalExportFields) -> Option<bool>| wanted.and_then(group).unwrap_or(true);
        let own = tenant.settings.custom_fields.iter();
        let own = own.filter(|field| field.section == CustomFieldSection::Subscription);
        Columns {
            customer: wanted(|it| it.customer_details),
            device: wanted(|it| it.device_details),
            financial: wanted(|it| it.financial_details),
            custom: match wanted(|it| it.custom_fields) {
                true => own.map(|field| field.id.clone()).collect(),
                false => Vec::new(),
            },
            currency: tenant.currency,
        }
    }

    /// The header.
    pub(super) fn names(&self) -> Vec<Cell> {
        const CUSTOMER: &[&str] = &["customerId", "customerEmail", "customerName", "company"];
        const DEVICE: &[&str] = &["sku", "productName", "serialNumber"];
        const FINANCIAL: &[&str] = &[
            "monthlyAmount",
            "currency",
            "totalCollected",
            "acquisitionCost",
            "costRecoveryPercent",
        ];
        let groups = [
            (true, &["subscriptionId"][..]),
            (self.customer, CUSTOMER),
            (self.device, DEVICE),
            (true, &["status", "startDate", "endDate", "contractLength"]),
            (self.financial, FINANCIAL),
        ];
        let names = groups.into_iter().filter(|(wanted, _)| *wanted);
        let names = names.flat_map(|(_, names)| names.iter().map(|name| (*name).to_owned()));
        names
            .chain(self.custom.iter().cloned())
            .map(Cell::Text)
            .collect()
    }

    /// One line, in the order of [`Columns::names`].
    pub(super) fn cells(&self, row: &ExportedSubscription) -> Result<Vec<Cell>, Error> {
        let text = |text: &str| Cell::Text(text.to_owned());
        let figure = |figure: &dyn ToString| Cell::Figure(figure.to_string());
        let money = |minor: i64| Cell::Figure(self.currency.text(minor));
        let mut cells = vec![text(&row.id)];
        if self.customer {
            cells.extend([
                text(&row.customer_id),
                text(&row.customer_email),
                text(&row.customer_name),
                row.company.as_deref().map_or(Cell::Empty, text),
            ]);
        }
        if self.device {
            cells.extend([
                text(&row.sku),
                text(&row.product_name),
                text(&row.serial_number),
            ]);
        }
        cells.extend([
            text(&row.status.to_string()),
            figure(&row.start_date),
            figure(&row.end_date),
            figure(&row.contract_length),
        ]);
        if self.financial {
            let cost = row.acquisition_cost;
            let percent = cost.and_then(|cost| percentage(row.total_collected, cost));
            cells.extend([
                money(row.monthly_amount),
                text(&row.currency),
                money(row.total_collected),
                cost.map_or(Cell::Empty, money),
                percent.map_or(Cell::Empty, |it| Cell::Figure(format!("{it:.2}"))),
            ]);
        }
        if !self.custom.is_empty() {
            let fields: Map<String, Value> = match &row.custom_fields {
                Some(fields) => fields.read()?,
                None => Map::new(),
            };
            cells.extend(self.custom.iter().map(|id| own(fields.get(id))));
        }
        Ok(cells)
    }
}

/// A value of the tenant's own.
fn own(value: Option<&Value>) -> Cell {
    match value {
        None | Some(Value::Null) => Cell::Empty,
        Some(Value::String(text)) => Cell::Text(text.clone()),
        Some(Value::Number(number)) => Cell::Figure(number.to_string()),
        Some(other) => Cell::Text(other.to_string()),
    }
}
