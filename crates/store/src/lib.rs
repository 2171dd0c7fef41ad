//! Tables, SQL and engines of FlexPortal.
//!
//! Start at [`Store`]: it opens a database and runs closures as transactions. Inside, a closure calls the
//! functions of the resource modules ([`customers`], [`orders`], …) with its [`Tx`]; they are
//! plain functions over rows.
//!
//! ```no_run
//! # async fn example() -> Result<(), store::Error> {
//! let store = store::Store::open("sqlite:flexportal.db")?;
//! let at = jiff::Timestamp::now();
//! let acme = "acme".into();
//! let deleted: Result<bool, store::Error> =
//!     store.write_in(&acme, move |tx| store::customers::deactivate(tx, "cust_1", at)).await;
//! # deleted.map(drop)
//! # }
//! ```
//!
//! **Architecture Invariant:** no wire types and no HTTP here, and no SQL anywhere else. Statements use
//! `$n` placeholders and only integers and text, so that both engines run the same ones.
//!
//! **Architecture Invariant:** whose rows are read and written, the transaction says. Only what administers tenants
//! ([`tenants`], [`keys`], [`idempotency`], [`rates`], [`verify_invariants`]) is told a tenant.
//!
//! **Architecture Invariant:** the functions that write orders, subscriptions, assets and payments keep
//! the customer's counters themselves, in the same transaction. A rule cannot forget to. The deletion
//! invariant (an inactive customer has no open order, no active subscription and no device out) is a
//! CHECK over these counters, and [`verify_invariants`] recomputes them from the base tables.
//!
//! Money is `i64` minor units, instants are [`jiff::Timestamp`] with microseconds (finer parts are cut off
//! when written, so clocks should tick in microseconds), calendar dates are [`jiff::civil::Date`].

mod batch;
mod customer_list;
mod customer_names;
mod customer_search;
mod customer_terms;
mod customer_totals;
mod deletion;
mod engine;
mod error;
mod found;
mod job;
mod migrations;
mod order_fields;
mod pace;
mod page;
mod postgres;
mod queue;
mod sqlite;
mod statement;
mod statistics;
mod store;
mod table;
mod tx;
mod value;
mod verify;

pub mod assets;
pub mod backup;
pub mod billing_groups;
pub mod consolidation;
pub mod copy;
pub mod customers;
pub mod events;
pub mod files;
pub mod idempotency;
pub mod jobs;
pub mod keys;
pub mod order_items;
pub mod orders;
pub mod payments;
pub mod products;
pub mod rates;
pub mod subscriptions;
pub mod tenants;
pub mod variants;
pub mod webhooks;

pub use assets::{AssetFilter, AssetRow, AssetSort, AssetStatus};
pub use batch::Grouped;
pub use billing_groups::{
    BillingGroupFilter, BillingGroupRow, BillingGroupSort, BillingGroupStatus, Member,
};
pub use customer_totals::{Blocker, CustomerTotals, DELETABLE};
pub use customers::{
    CustomerFilter, CustomerRow, CustomerSort, CustomerStatus, CustomerType, ListedCustomer,
};
pub use deletion::Deactivation;
pub use error::{Cause, Error, Unique};
pub use events::{EventRow, NewEvent};
pub use files::{FileCategory, FileFilter, FileRow, FileSort, FileType};
pub use idempotency::RepeatRow;
pub use jobs::JobRow;
pub use keys::{KeyRow, KeyUse};
pub use order_items::OrderItemRow;
pub use orders::{ListedOrder, OrderFilter, OrderRow, OrderSort, OrderStatus, OrderType};
pub use page::{Listing, Page, Position, SortValue};
pub use payments::{PaymentFilter, PaymentRow, PaymentSort, PaymentStatus, PaymentType};
pub use postgres::PostgresOptions;
pub use products::{ProductFilter, ProductRow, ProductSort, ProductStatus};
pub use sqlite::SqliteOptions;
pub use statistics::Statistics;
pub use store::{Options, Purpose, Store};
pub use subscriptions::{
    ExportFilter, ExportedSubscription, SubscriptionFilter, SubscriptionRow, SubscriptionSort,
    SubscriptionStatus,
};
pub use tenants::{TenantRow, TenantStatus};
pub use tx::{Row, Tx};
pub use value::{Column, FromColumn, Hidden, Json, Param};
pub use variants::{VariantFilter, VariantOfProduct, VariantRow, VariantSort, VariantStatus};
pub use verify::verify_invariants;
pub use webhooks::{
    DueDelivery, ListedDelivery, WebhookDeliveryFilter, WebhookDeliveryRow, WebhookDeliverySort,
    WebhookDeliveryState, WebhookEndpointRow, WebhookEndpointSort,
};
