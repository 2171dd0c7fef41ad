//! The catalogue of all tables, which has to follow every migration; a test holds it against both engines.

/// A table, the same on every engine.
#[derive(Debug)]
pub struct Table {
    /// Name.
    pub name: &'static str,
    /// Primary key, in its order.
    pub key: &'static [&'static str],
    /// Tables that its foreign keys name.
    pub parents: &'static [&'static str],
    /// Columns that are copied, in the order of the migration.
    pub columns: &'static [Column],
    /// What cannot be copied in the first pass.
    pub later: Option<Later>,
}

/// A column.
#[derive(Debug)]
pub struct Column {
    /// Name.
    pub name: &'static str,
    /// Type.
    pub kind: Kind,
}

/// Type of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// `BIGINT`.
    Integer,
    /// `TEXT`, ordered by its bytes.
    Text,
}

/// Columns that have to wait until other tables are filled. Until then a row has stand-ins in them.
#[derive(Debug)]
pub struct Later {
    /// Rows in which this column is not null are concerned.
    pub of: &'static str,
    /// The columns, with the text (or null) they have in the meantime.
    pub stand_ins: &'static [(&'static str, Option<&'static str>)],
}

/// Every table, parents before children.
pub const TABLES: &[Table] = &[
    Table {
        name: "tenants",
        key: &["id"],
        parents: &[],
        columns: &[
            text("id"),
            text("name"),
            text("currency"),
            text("country"),
            text("timezone"),
            text("industry"),
            text("tier"),
            text("status"),
            text("settings"),
            integer("created_at"),
            integer("updated_at"),
        ],
        // A server that already runs on the target leaves an inactive tenant alone.
        later: Some(Later {
            of: "id",
            stand_ins: &[("status", Some("inactive"))],
        }),
    },
    Table {
        name: "api_keys",
        key: &["tenant_id", "id"],
        parents: &["tenants"],
        columns: &[
            text("tenant_id"),
            text("id"),
            text("name"),
            text("hash"),
            text("permissions"),
            integer("created_at"),
            integer("expires_at"),
            integer("revoked_at"),
            integer("last_used_at"),
            integer("use_count"),
        ],
        later: None,
    },
    Table {
        name: "products",
        key: &["tenant_id", "id"],
        parents: &["tenants"],
        columns: &[
            text("tenant_id"),
            text("id"),
            text("product_sku"),
            text("name"),
            text("specification"),
            text("category"),
            text("brand"),
            text("description"),
            text("images"),
            text("status"),
            integer("created_at"),
            integer("updated_at"),
        ],
        later: None,
    },
    Table {
        name: "variants",
        key: &["tenant_id", "id"],
        parents: &["products"],
        columns: &[
            text("tenant_id"),
            text("id"),
            text("product_id"),
            text("variant_sku"),
            text("name"),
            text("grade"),
            text("condition"),
            text("color_name"),
            text("images"),
            integer("list_price"),
            integer("acquisition_cost"),
            text("pricing"),
            text("status"),
            integer("created_at"),
            integer("updated_at"),
        ],
        later: None,
    },
    Table {
        name: "customers",
        key: &["tenant_id", "id"],
        parents: &["tenants"],
        columns: &[
            text("tenant_id"),
            text("id"),
            text("email"),
            text("email_key"),
            text("first_name"),
            text("last_name"),
            text("company"),
            text("phone"),
            text("customer_type"),
            text("status"),
            text("custom_fields"),
            text("billing_address"),
            text("shipping_address"),
            integer("total_orders"),
            integer("open_orders"),
            integer("total_subscriptions"),
            integer("active_subscriptions"),
            integer("devices_out"),
            integer("monthly_revenue"),
            integer("lifetime_collected"),
            integer("acquisition_cost"),
            integer("subscriptions_tracked"),
            text("first_start"),
            integer("created_at"),
            integer("updated_at"),
            text("created_by"),
        ],
        later: None,
    },
    Table {
        name: "customer_names",
        key: &["tenant_id", "customer_id"],
        parents: &["customers"],
        columns: &[
            text("tenant_id"),
            text("customer_id"),
            text("first_name"),
            text("last_name"),
        ],
        later: None,
    },
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
        ],
        later: None,
    },
    Table {
        name: "orders",
        key: &["tenant_id", "id"],
        parents: &["customers"],
        columns: &[
            text("tenant_id"),
            text("id"),
            text("customer_id"),
            text("status"),
            text("order_type"),
            text("customer"),
            text("billing_address"),
            text("shipping_address"),
            integer("subtotal"),
            integer("tax_amount"),
            integer("total"),
            text("currency"),
            integer("total_devices"),
            integer("rented_devices"),
            text("custom_fields"),
            text("notes"),
            text("extension_details"),
            text("upgrade_details"),
            text("cancellation"),
            text("fingerprint"),
            integer("created_at"),
            integer("updated_at"),
            text("created_by"),
        ],
        later: None,
    },
    Table {
        name: "order_items",
        key: &["tenant_id", "order_id", "position"],
        parents: &["orders", "variants"],
        columns: &[
            text("tenant_id"),
            text("order_id"),
            integer("position"),
            text("sku"),
            text("product_id"),
            text("variant_id"),
            text("product_name"),
            text("product_image_url"),
            integer("quantity"),
            integer("rented"),
            integer("unit_price"),
            integer("setup_fee"),
            integer("contract_length"),
            integer("list_price"),
            text("list_price_source"),
            integer("list_price_override"),
            integer("acquisition_cost"),
            text("acquisition_cost_source"),
            integer("acquisition_cost_override"),
            integer("open"),
        ],
        later: None,
    },
    Table {
        name: "order_fields",
        key: &["tenant_id", "field_id", "value", "created_at", "order_id"],
        parents: &["orders"],
        columns: &[
            text("tenant_id"),
            text("field_id"),
            text("value"),
            integer("created_at"),
            text("order_id"),
        ],
        later: None,
    },
    Table {
        name: "billing_groups",
        key: &["tenant_id", "id"],
        parents: &["customers"],
        columns: &[
            text("tenant_id"),
            text("id"),
            text("customer_id"),
            text("group_name"),
            integer("billing_day"),
            text("status"),
            text("notes"),
            integer("created_at"),
            integer("updated_at"),
            text("created_by"),
        ],
        later: None,
    },
    Table {
        name: "assets",
        key: &["tenant_id", "serial_number"],
        parents: &["variants", "customers", "subscriptions"],
        columns: &[
            text("tenant_id"),
            text("serial_number"),
            text("serial_key"),
            text("sku"),
            text("product_id"),
            text("variant_id"),
            text("product_name"),
            text("product_image_url"),
            text("status"),
            text("customer_id"),
            text("rental_id"),
            text("location"),
            text("notes"),
            integer("acquisition_cost"),
            text("acquisition_date"),
            text("condition"),
            integer("created_at"),
            integer("updated_at"),
        ],
        // Assets and subscriptions name each other; the CHECK `asset_holder` ties these three together.
        later: Some(Later {
            of: "rental_id",
            stand_ins: &[
                ("status", Some("available")),
                ("customer_id", None),
                ("rental_id", None),
            ],
        }),
    },
    Table {
        name: "subscriptions",
        key: &["tenant_id", "id"],
        parents: &[
            "customers",
            "order_items",
            "assets",
            "billing_groups",
            "subscriptions",
        ],
        columns: &[
            text("tenant_id"),
            text("id"),
            text("customer_id"),
            text("order_id"),
            integer("order_item"),
            text("billing_group_id"),
            text("upgrade_from_rental_id"),
            text("serial_number"),
            text("sku"),
            text("product_id"),
            text("variant_id"),
            text("product_name"),
            text("product_image_url"),
            text("customer_email"),
            text("customer_name"),
            text("status"),
            integer("monthly_amount"),
            text("currency"),
            integer("original_contract_length"),
            integer("contract_length"),
            text("start_date"),
            text("end_date"),
            text("schedule"),
            integer("list_price"),
            text("list_price_source"),
            integer("list_price_captured_at"),
            integer("acquisition_cost"),
            text("acquisition_cost_source"),
            integer("acquisition_cost_captured_at"),
            integer("total_collected"),
            integer("actual_months_rented"),
            integer("months_saved"),
            text("extension_history"),
            text("replacement_history"),
            text("buyout_details"),
            text("early_return_details"),
            text("cancellation_details"),
            text("custom_fields"),
            text("notes"),
            integer("created_at"),
            integer("updated_at"),
            text("created_by"),
        ],
        // It may be copied after the one that replaced it.
        later: Some(Later {
            of: "upgrade_from_rental_id",
            stand_ins: &[("upgrade_from_rental_id", None)],
        }),
    },
    Table {
        name: "payments",
        key: &["tenant_id", "id"],
        parents: &["customers", "subscriptions"],
        columns: &[
            text("tenant_id"),
            text("id"),
            text("customer_id"),
            text("rental_id"),
            text("billing_group_id"),
            text("status"),
            text("payment_type"),
            integer("subtotal"),
            integer("tax_amount"),
            integer("tax_rate"),
            integer("total"),
            text("currency"),
            text("billing_period"),
            text("due_date"),
            text("period_start"),
            text("period_end"),
            text("idempotency_key"),
            text("line_items"),
            integer("paid_at"),
            integer("last_capture_attempt"),
            integer("next_retry_at"),
            text("provider"),
            text("transaction_id"),
            text("provider_response"),
            integer("manually_marked"),
            text("payment_reference"),
            text("marked_by"),
            integer("capture_attempts"),
            text("last_capture_error"),
            text("notes"),
            integer("created_at"),
            integer("updated_at"),
        ],
        later: None,
    },
    Table {
        name: "events",
        key: &["tenant_id", "sequence"],
        parents: &[],
        columns: &[
            text("tenant_id"),
            integer("sequence"),
            text("kind"),
            text("resource"),
            text("data"),
            integer("at"),
        ],
        later: None,
    },
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
    }
}

const fn text(name: &'static str) -> Column {
    Column {
        name,
        kind: Kind::Text,
    }
}
