//! Every table, in the order in which they are copied. The tables themselves are declared beside their functions;
//! a test holds this list, and them, against the schemas that the migrations make on both engines.

use crate::assets::AssetRow;
use crate::billing_groups::BillingGroupRow;
use crate::customer_names::NamesRow;
use crate::customers::CustomerRow;
use crate::events::EventRow;
use crate::files::FileRow;
use crate::idempotency::RepeatRow;
use crate::keys::KeyRow;
use crate::order_fields::FieldRow;
use crate::order_items::OrderItemRow;
use crate::orders::OrderRow;
use crate::payments::PaymentRow;
use crate::products::ProductRow;
use crate::subscriptions::SubscriptionRow;
use crate::table::{Entry as _, Role};
use crate::tenants::TenantRow;
use crate::variants::VariantRow;
use crate::webhooks::{WebhookDeliveryRow, WebhookEndpointRow};

pub use crate::table::{Column, Kind, Table};

/// Columns that have to wait until other tables are filled. Until then a row has stand-ins in them.
#[derive(Debug)]
pub struct Later {
    /// Rows in which this column is not null are concerned.
    pub of: &'static str,
    /// The columns, with the text (or null) they have in the meantime.
    pub stand_ins: &'static [(&'static str, Option<&'static str>)],
}

/// Tables that are no data: what the processes that run on a database agree on for a moment. They stay where they
/// are.
pub const NOT_COPIED: [&str; 2] = ["jobs", "rate_windows"];

/// Every other table, parents before children.
pub const TABLES: &[Table] = &[
    Table {
        // A server that already runs on the target leaves an inactive tenant alone.
        later: Some(Later {
            of: "id",
            stand_ins: &[("status", Some("inactive"))],
        }),
        ..TenantRow::TABLE
    },
    KeyRow::TABLE,
    ProductRow::TABLE,
    VariantRow::TABLE,
    CustomerRow::TABLE,
    NamesRow::TABLE,
    Table {
        name: "customer_terms",
        key: &["tenant_id", "customer_id", "term"],
        parents: &["customers"],
        columns: &[
            text("tenant_id"),
            text("customer_id"),
            text("term"),
            integer("created_at"),
            integer("era"),
            integer("signature"),
        ],
        later: None,
    },
    OrderRow::TABLE,
    OrderItemRow::TABLE,
    FieldRow::TABLE,
    BillingGroupRow::TABLE,
    Table {
        // Assets and subscriptions name each other; the CHECK `asset_holder` ties these three together.
        later: Some(Later {
            of: "rental_id",
            stand_ins: &[
                ("status", Some("available")),
                ("customer_id", None),
                ("rental_id", None),
            ],
        }),
        ..AssetRow::TABLE
    },
    Table {
        // It may be copied after the one that replaced it.
        later: Some(Later {
            of: "upgrade_from_rental_id",
            stand_ins: &[("upgrade_from_rental_id", None)],
        }),
        ..SubscriptionRow::TABLE
    },
    Table {
        // Ids count up with time, so the one that took its place comes later.
        later: Some(Later {
            of: "consolidated_in",
            stand_ins: &[("consolidated_in", None)],
        }),
        ..PaymentRow::TABLE
    },
    FileRow::TABLE,
    RepeatRow::TABLE,
    EventRow::TABLE,
    WebhookEndpointRow::TABLE,
    WebhookDeliveryRow::TABLE,
];

impl Table {
    /// Where a column stands in a row.
    pub(super) fn position(&self, column: &str) -> usize {
        self.columns
            .iter()
            .position(|known| known.name == column)
            .expect("the catalogue names its own columns")
    }

    /// Names of the columns, for a statement.
    pub(super) fn column_list(&self) -> String {
        let names: Vec<&str> = self.columns.iter().map(|column| column.name).collect();
        names.join(", ")
    }
}

const fn integer(name: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Integer,
        role: Role::Fixed,
    }
}

const fn text(name: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Text,
        role: Role::Fixed,
    }
}
