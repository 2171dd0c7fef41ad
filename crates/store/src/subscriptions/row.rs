//! The row of a subscription.

use jiff::{Timestamp, civil::Date};

use super::SubscriptionStatus;
use crate::{Error, Json, Row};

/// A row of `subscriptions`.
#[derive(Debug, Clone, PartialEq)]
pub struct SubscriptionRow {
    /// Tenant.
    pub tenant_id: String,
    /// Id, the contract's `rentalId`.
    pub id: String,
    /// Customer.
    pub customer_id: String,
    /// Order it was made from.
    pub order_id: String,
    /// Position of the item in the order.
    pub order_item: i64,
    /// Billing group it is a member of.
    pub billing_group_id: Option<String>,
    /// The subscription it replaced.
    pub upgrade_from_rental_id: Option<String>,
    /// Asset; changes when the device is replaced.
    pub serial_number: String,
    /// Variant SKU.
    pub sku: String,
    /// Product.
    pub product_id: String,
    /// Variant.
    pub variant_id: String,
    /// Product name.
    pub product_name: String,
    /// Image.
    pub product_image_url: Option<String>,
    /// E-mail as ordered.
    pub customer_email: String,
    /// Name as ordered.
    pub customer_name: String,
    /// State.
    pub status: SubscriptionStatus,
    /// Minor units.
    pub monthly_amount: i64,
    /// ISO 4217 code.
    pub currency: String,
    /// Months at the start.
    pub original_contract_length: i64,
    /// Months including extensions.
    pub contract_length: i64,
    /// First day.
    pub start_date: Date,
    /// Last day, inclusive.
    pub end_date: Date,
    /// What the payment schedule was made with, for extensions to continue it.
    pub schedule: Option<Json>,
    /// Minor units.
    pub list_price: Option<i64>,
    /// Where the list price comes from.
    pub list_price_source: String,
    /// When it was captured.
    pub list_price_captured_at: Option<Timestamp>,
    /// Minor units.
    pub acquisition_cost: Option<i64>,
    /// Where the cost comes from.
    pub acquisition_cost_source: String,
    /// When it was captured.
    pub acquisition_cost_captured_at: Option<Timestamp>,
    /// Net of paid payments, minor units; kept by the payment functions.
    pub total_collected: i64,
    /// Set when ended.
    pub actual_months_rented: Option<i64>,
    /// Set when ended.
    pub months_saved: Option<i64>,
    /// Array.
    pub extension_history: Json,
    /// Array.
    pub replacement_history: Json,
    /// Set by buyout.
    pub buyout_details: Option<Json>,
    /// Set by early return.
    pub early_return_details: Option<Json>,
    /// Set by cancellation.
    pub cancellation_details: Option<Json>,
    /// As ordered.
    pub custom_fields: Option<Json>,
    /// Free text.
    pub notes: Option<String>,
    /// Creation.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
    /// Key that created it.
    pub created_by: String,
}

/// In the order of the fields of [`SubscriptionRow`].
pub(super) const COLUMNS: &str = "tenant_id, id, customer_id, order_id, order_item, billing_group_id, \
     upgrade_from_rental_id, \
     serial_number, sku, product_id, variant_id, product_name, product_image_url, customer_email, customer_name, \
     status, monthly_amount, currency, original_contract_length, contract_length, start_date, end_date, schedule, \
     list_price, list_price_source, list_price_captured_at, acquisition_cost, acquisition_cost_source, \
     acquisition_cost_captured_at, total_collected, actual_months_rented, months_saved, extension_history, \
     replacement_history, buyout_details, early_return_details, cancellation_details, custom_fields, notes, \
     created_at, updated_at, created_by";

/// Reads the columns of [`COLUMNS`].
pub(super) fn from_row(row: &mut Row<'_>) -> Result<SubscriptionRow, Error> {
    Ok(SubscriptionRow {
        tenant_id: row.get()?,
        id: row.get()?,
        customer_id: row.get()?,
        order_id: row.get()?,
        order_item: row.get()?,
        billing_group_id: row.get()?,
        upgrade_from_rental_id: row.get()?,
        serial_number: row.get()?,
        sku: row.get()?,
        product_id: row.get()?,
        variant_id: row.get()?,
        product_name: row.get()?,
        product_image_url: row.get()?,
        customer_email: row.get()?,
        customer_name: row.get()?,
        status: row.get()?,
        monthly_amount: row.get()?,
        currency: row.get()?,
        original_contract_length: row.get()?,
        contract_length: row.get()?,
        start_date: row.get()?,
        end_date: row.get()?,
        schedule: row.get()?,
        list_price: row.get()?,
        list_price_source: row.get()?,
        list_price_captured_at: row.get()?,
        acquisition_cost: row.get()?,
        acquisition_cost_source: row.get()?,
        acquisition_cost_captured_at: row.get()?,
        total_collected: row.get()?,
        actual_months_rented: row.get()?,
        months_saved: row.get()?,
        extension_history: row.get()?,
        replacement_history: row.get()?,
        buyout_details: row.get()?,
        early_return_details: row.get()?,
        cancellation_details: row.get()?,
        custom_fields: row.get()?,
        notes: row.get()?,
        created_at: row.get()?,
        updated_at: row.get()?,
        created_by: row.get()?,
    })
}
