//! Subscriptions for tables, all of them, some at a time.

use jiff::{Timestamp, civil::Date};

use super::SubscriptionStatus;
use crate::page::in_list;
use crate::table::view;
use crate::{Error, Json, Param, Tx};

view! {
    /// A subscription in a table.
    #[derive(Debug, Clone, PartialEq)]
    ExportedSubscription {
        /// Id.
        id: String => "s.id",
        /// Customer.
        customer_id: String => "s.customer_id",
        /// E-mail as ordered.
        customer_email: String => "s.customer_email",
        /// Name as ordered.
        customer_name: String => "s.customer_name",
        /// Company of the customer.
        company: Option<String> => "c.company",
        /// Variant SKU.
        sku: String => "s.sku",
        /// Product name.
        product_name: String => "s.product_name",
        /// Device.
        serial_number: String => "s.serial_number",
        /// State.
        status: SubscriptionStatus => "s.status",
        /// First day.
        start_date: Date => "s.start_date",
        /// Last day.
        end_date: Date => "s.end_date",
        /// Months including extensions.
        contract_length: i64 => "s.contract_length",
        /// Minor units.
        monthly_amount: i64 => "s.monthly_amount",
        /// ISO 4217 code.
        currency: String => "s.currency",
        /// Minor units.
        total_collected: i64 => "s.total_collected",
        /// Minor units.
        acquisition_cost: Option<i64> => "s.acquisition_cost",
        /// As ordered.
        custom_fields: Option<Json> => "s.custom_fields",
        /// Creation.
        created_at: Timestamp => "s.created_at",
    }
}

/// Which subscriptions; all given conditions must hold.
#[derive(Debug, Clone, Default)]
pub struct ExportFilter {
    /// Only starting on this day or later.
    pub start_from: Option<Date>,
    /// Only starting on this day or earlier.
    pub start_to: Option<Date>,
    /// Only in this state.
    pub status: Option<SubscriptionStatus>,
    /// Only of these customers.
    pub customer_ids: Option<Vec<String>>,
}

/// At most `limit` subscriptions in the order of creation, those after one with this creation and id.
///
/// # Errors
/// Engine failures.
pub fn export(
    tx: &mut Tx<'_>,
    filter: &ExportFilter,
    after: Option<(Timestamp, &str)>,
    limit: u32,
) -> Result<Vec<ExportedSubscription>, Error> {
    let tenant = tx.tenant()?;
    let columns = ExportedSubscription::columns();
    let mut sql = format!(
        "SELECT {columns} FROM subscriptions s \
         JOIN customers c ON c.tenant_id = s.tenant_id AND c.id = s.customer_id WHERE s.tenant_id = $1"
    );
    let mut values: Vec<Param<'_>> = vec![tenant.into()];
    if let Some((at, id)) = after {
        sql += " AND (s.created_at, s.id) > ($2, $3)";
        values.extend([at.into(), id.into()]);
    }
    let conditions: [(&str, Option<Param<'_>>); 3] = [
        ("s.start_date >=", filter.start_from.map(Into::into)),
        ("s.start_date <=", filter.start_to.map(Into::into)),
        ("s.status =", filter.status.map(Into::into)),
    ];
    for (condition, value) in conditions {
        if let Some(value) = value {
            values.push(value);
            sql += &format!(" AND {condition} ${}", values.len());
        }
    }
    if let Some(ids) = &filter.customer_ids {
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let (places, listed) = in_list(values.len() + 1, &ids);
        sql += &format!(" AND s.customer_id IN ({places})");
        values.extend(listed);
    }
    values.push(i64::from(limit).into());
    sql += &format!(" ORDER BY s.created_at, s.id LIMIT ${}", values.len());
    tx.query_all(&sql, &values, ExportedSubscription::from_row)
}
