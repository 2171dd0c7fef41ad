//! The row of a subscription.

use jiff::{Timestamp, civil::Date};

use super::SubscriptionStatus;
use crate::Json;
use crate::table::table;

table! {
    /// A row of `subscriptions`.
    SubscriptionRow of "subscriptions" by (tenant_id, id)
        below ("customers", "order_items", "assets", "billing_groups", "subscriptions")
    {
        /// Tenant.
        tenant_id: String,
        /// Id, the contract's `rentalId`.
        id: String,
        /// Customer.
        customer_id: String,
        /// Order it was made from.
        order_id: String,
        /// Position of the item in the order.
        order_item: i64,
        /// Billing group it is a member of.
        billing_group_id: Option<String> => changes,
        /// The subscription it replaced.
        upgrade_from_rental_id: Option<String>,
        /// Asset; changes when the device is replaced.
        serial_number: String => changes,
        /// Variant SKU.
        sku: String,
        /// Product.
        product_id: String,
        /// Variant.
        variant_id: String,
        /// Product name.
        product_name: String,
        /// Image.
        product_image_url: Option<String>,
        /// E-mail as ordered.
        customer_email: String,
        /// Name as ordered.
        customer_name: String,
        /// State.
        status: SubscriptionStatus => changes,
        /// Minor units.
        monthly_amount: i64 => changes,
        /// ISO 4217 code.
        currency: String,
        /// Months at the start.
        original_contract_length: i64,
        /// Months including extensions.
        contract_length: i64 => changes,
        /// First day.
        start_date: Date,
        /// Last day, inclusive.
        end_date: Date => changes,
        /// What the payment schedule was made with, for extensions to continue it.
        schedule: Option<Json> => changes,
        /// Minor units.
        list_price: Option<i64>,
        /// Where the list price comes from.
        list_price_source: String,
        /// When it was captured.
        list_price_captured_at: Option<Timestamp>,
        /// Minor units.
        acquisition_cost: Option<i64>,
        /// Where the cost comes from.
        acquisition_cost_source: String,
        /// When it was captured.
        acquisition_cost_captured_at: Option<Timestamp>,
        /// Net of paid payments, minor units; kept by the payment functions.
        total_collected: i64,
        /// Set when ended.
        actual_months_rented: Option<i64> => changes,
        /// Set when ended.
        months_saved: Option<i64> => changes,
        /// Array.
        extension_history: Json => changes,
        /// Array.
        replacement_history: Json => changes,
        /// Set by buyout.
        buyout_details: Option<Json> => changes,
        /// Set by early return.
        early_return_details: Option<Json> => changes,
        /// Set by cancellation.
        cancellation_details: Option<Json> => changes,
        /// As ordered.
        custom_fields: Option<Json>,
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
