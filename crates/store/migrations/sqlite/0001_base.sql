-- Tenants, keys, catalogue, customers, orders, rentals, payments, outbox.
--
-- Money: BIGINT minor units of the tenant's currency. Instants: BIGINT microseconds since 1970, UTC.
-- Calendar dates: TEXT `YYYY-MM-DD`. Flags: BIGINT 0 or 1. JSON: TEXT, read and written whole.
-- The tenant id leads every primary key, index and foreign key; the one exception is named below.
-- More than two values are compared one by one: of an IN, SQLite makes a table in memory for every row written.

CREATE TABLE tenants (
    id         TEXT   NOT NULL PRIMARY KEY,
    name       TEXT   NOT NULL,
    currency   TEXT   NOT NULL,
    country    TEXT,
    timezone   TEXT   NOT NULL,
    industry   TEXT,
    tier       TEXT   NOT NULL,
    status     TEXT   NOT NULL CONSTRAINT tenant_status CHECK (status IN ('active', 'inactive')),
    settings   TEXT   NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX tenants_by_creation ON tenants (created_at, id);

CREATE TABLE api_keys (
    tenant_id    TEXT   NOT NULL REFERENCES tenants (id),
    id           TEXT   NOT NULL,
    name         TEXT   NOT NULL,
    hash         TEXT   NOT NULL,
    permissions  TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT,
    revoked_at   BIGINT,
    last_used_at BIGINT,
    use_count    BIGINT NOT NULL DEFAULT 0,
    PRIMARY KEY (tenant_id, id)
);
-- A request names its key before anything is known about its tenant.
CREATE UNIQUE INDEX api_keys_by_public_id ON api_keys (id);
CREATE INDEX api_keys_by_creation ON api_keys (tenant_id, created_at, id);

CREATE TABLE products (
    tenant_id     TEXT   NOT NULL REFERENCES tenants (id),
    id            TEXT   NOT NULL,
    product_sku   TEXT   NOT NULL,
    name          TEXT   NOT NULL,
    specification TEXT   NOT NULL,
    category      TEXT   NOT NULL,
    brand         TEXT   NOT NULL,
    description   TEXT,
    images        TEXT   NOT NULL,
    status        TEXT   NOT NULL CONSTRAINT product_status CHECK (status IN ('active', 'discontinued')),
    created_at    BIGINT NOT NULL,
    updated_at    BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id)
);
CREATE UNIQUE INDEX products_by_sku ON products (tenant_id, product_sku);
CREATE INDEX products_by_creation ON products (tenant_id, created_at, id);
CREATE INDEX products_by_change ON products (tenant_id, updated_at, id);
CREATE INDEX products_by_name ON products (tenant_id, name, id);
CREATE INDEX products_by_category ON products (tenant_id, category, created_at, id);
CREATE INDEX products_by_brand ON products (tenant_id, brand, created_at, id);
CREATE INDEX products_by_status ON products (tenant_id, status, created_at, id);

CREATE TABLE variants (
    tenant_id        TEXT   NOT NULL,
    id               TEXT   NOT NULL,
    product_id       TEXT   NOT NULL,
    variant_sku      TEXT   NOT NULL,
    name             TEXT   NOT NULL,
    grade            TEXT   NOT NULL,
    condition        TEXT,
    color_name       TEXT,
    images           TEXT   NOT NULL,
    list_price       BIGINT CONSTRAINT variant_list_price CHECK (list_price >= 0),
    acquisition_cost BIGINT CONSTRAINT variant_acquisition_cost CHECK (acquisition_cost >= 0),
    pricing          TEXT   NOT NULL,
    status           TEXT   NOT NULL CONSTRAINT variant_status CHECK (status IN ('active', 'inactive')),
    created_at       BIGINT NOT NULL,
    updated_at       BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, product_id) REFERENCES products (tenant_id, id)
);
CREATE UNIQUE INDEX variants_by_sku ON variants (tenant_id, variant_sku);
CREATE INDEX variants_by_creation ON variants (tenant_id, created_at, id);
CREATE INDEX variants_by_grade ON variants (tenant_id, grade, created_at, id);
CREATE INDEX variants_by_status ON variants (tenant_id, status, created_at, id);
CREATE INDEX variants_by_product ON variants (tenant_id, product_id, created_at, id);

CREATE TABLE customers (
    tenant_id            TEXT   NOT NULL REFERENCES tenants (id),
    id                   TEXT   NOT NULL,
    email                TEXT   NOT NULL,
    email_key            TEXT   NOT NULL,
    first_name           TEXT   NOT NULL,
    last_name            TEXT   NOT NULL,
    company              TEXT,
    phone                TEXT,
    customer_type        TEXT   NOT NULL CONSTRAINT customer_type CHECK (customer_type IN ('individual', 'business')),
    status               TEXT   NOT NULL CONSTRAINT customer_status CHECK (status IN ('active', 'inactive')),
    custom_fields        TEXT,
    billing_address      TEXT,
    shipping_address     TEXT,
    total_orders         BIGINT NOT NULL DEFAULT 0,
    open_orders          BIGINT NOT NULL DEFAULT 0,
    total_subscriptions  BIGINT NOT NULL DEFAULT 0,
    active_subscriptions BIGINT NOT NULL DEFAULT 0,
    devices_out          BIGINT NOT NULL DEFAULT 0,
    monthly_revenue      BIGINT NOT NULL DEFAULT 0,
    lifetime_collected   BIGINT NOT NULL DEFAULT 0,
    acquisition_cost     BIGINT NOT NULL DEFAULT 0,
    subscriptions_tracked BIGINT NOT NULL DEFAULT 0,
    first_start          TEXT,
    created_at           BIGINT NOT NULL,
    updated_at           BIGINT NOT NULL,
    created_by           TEXT   NOT NULL,
    -- Of the words it is searched by: whoever lacks a bit of those looked for has not all of them.
    signature            BIGINT NOT NULL DEFAULT -1,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT customer_counters CHECK (
        total_orders >= open_orders AND open_orders >= 0
        AND total_subscriptions >= active_subscriptions AND active_subscriptions >= 0
        AND devices_out >= 0 AND monthly_revenue >= 0 AND lifetime_collected >= 0
        AND acquisition_cost >= 0 AND subscriptions_tracked >= 0
    ),
    -- The deletion invariant: see `verify` for the same statement over the base tables.
    CONSTRAINT inactive_customer_is_settled CHECK (
        status = 'active' OR (open_orders = 0 AND active_subscriptions = 0 AND devices_out = 0)
    )
);
CREATE UNIQUE INDEX customers_by_email ON customers (tenant_id, email_key);
CREATE INDEX customers_by_creation ON customers (tenant_id, created_at, id, signature);
CREATE INDEX customers_by_status ON customers (tenant_id, status, created_at, id, signature);
CREATE INDEX customers_business ON customers (tenant_id, created_at, id) WHERE customer_type = 'business';
-- Most customers rent nothing; being made or deleted they cost these nothing.
CREATE INDEX customers_by_revenue ON customers (tenant_id, monthly_revenue, id)
    WHERE coalesce(monthly_revenue, 0) > 0;
CREATE INDEX customers_by_devices ON customers (tenant_id, active_subscriptions, id)
    WHERE coalesce(active_subscriptions, 0) > 0;
CREATE INDEX customers_renting ON customers (tenant_id, status, created_at, id) WHERE active_subscriptions > 0;

-- What customers are sorted by that deletions leave as it is: PostgreSQL writes a row that changes, and an entry in
-- each index of its table, anew.
CREATE TABLE customer_names (
    tenant_id   TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    first_name  TEXT NOT NULL,
    last_name   TEXT NOT NULL,
    -- As of `customers`.
    signature   BIGINT NOT NULL DEFAULT -1,
    PRIMARY KEY (tenant_id, customer_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX customer_names_by_first ON customer_names (tenant_id, first_name, customer_id, signature);
CREATE INDEX customer_names_by_last ON customer_names (tenant_id, last_name, customer_id, signature);

-- The words that customers are searched by, without case and accents.
CREATE TABLE customer_terms (
    tenant_id   TEXT NOT NULL,
    customer_id TEXT NOT NULL,
    term        TEXT NOT NULL,
    -- Of the customer, so that those found are in their usual sequence without being read.
    created_at  BIGINT NOT NULL,
    -- Some time around it: those found are looked for from one to the next, until there are enough for a page.
    era         BIGINT NOT NULL,
    -- Of all words of the customer.
    signature   BIGINT NOT NULL DEFAULT -1,
    PRIMARY KEY (tenant_id, customer_id, term),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
) WITHOUT ROWID;
CREATE INDEX customer_terms_by_term ON customer_terms (tenant_id, term, created_at, customer_id, signature);
CREATE INDEX customer_terms_by_era ON customer_terms (tenant_id, era, term, created_at, customer_id, signature);

CREATE TABLE orders (
    tenant_id         TEXT   NOT NULL,
    id                TEXT   NOT NULL,
    customer_id       TEXT   NOT NULL,
    status            TEXT   NOT NULL CONSTRAINT order_status CHECK (
        status = 'pending' OR status = 'confirmed' OR status = 'partial' OR status = 'fulfilled'
        OR status = 'cancelled'),
    order_type        TEXT   NOT NULL CONSTRAINT order_type CHECK (
        order_type = 'standard' OR order_type = 'extension' OR order_type = 'upgrade'),
    customer          TEXT   NOT NULL,
    billing_address   TEXT   NOT NULL,
    shipping_address  TEXT   NOT NULL,
    subtotal          BIGINT NOT NULL,
    tax_amount        BIGINT NOT NULL,
    total             BIGINT NOT NULL,
    currency          TEXT   NOT NULL,
    total_devices     BIGINT NOT NULL,
    rented_devices    BIGINT NOT NULL,
    custom_fields     TEXT,
    notes             TEXT,
    extension_details TEXT,
    upgrade_details   TEXT,
    cancellation      TEXT,
    fingerprint       TEXT,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    created_by        TEXT   NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    CONSTRAINT order_progress CHECK (rented_devices >= 0 AND rented_devices <= total_devices)
);
CREATE INDEX orders_by_creation ON orders (tenant_id, created_at, id);
CREATE INDEX orders_by_status ON orders (tenant_id, status, created_at, id);
CREATE INDEX orders_by_status_and_id ON orders (tenant_id, status, id);
CREATE INDEX orders_by_change ON orders (tenant_id, updated_at, id);
CREATE INDEX orders_by_total ON orders (tenant_id, total, id);
CREATE INDEX orders_by_customer ON orders (tenant_id, customer_id, created_at, id);
CREATE INDEX orders_by_fingerprint ON orders (tenant_id, fingerprint, created_at);

CREATE TABLE order_items (
    tenant_id                 TEXT   NOT NULL,
    order_id                  TEXT   NOT NULL,
    position                  BIGINT NOT NULL,
    sku                       TEXT   NOT NULL,
    product_id                TEXT   NOT NULL,
    variant_id                TEXT   NOT NULL,
    product_name              TEXT   NOT NULL,
    product_image_url         TEXT,
    quantity                  BIGINT NOT NULL,
    rented                    BIGINT NOT NULL,
    unit_price                BIGINT NOT NULL,
    setup_fee                 BIGINT NOT NULL,
    contract_length           BIGINT NOT NULL,
    list_price                BIGINT,
    list_price_source         TEXT   NOT NULL,
    list_price_override       BIGINT,
    acquisition_cost          BIGINT,
    acquisition_cost_source   TEXT   NOT NULL,
    acquisition_cost_override BIGINT,
    -- 1 while the order is open, so that "is it in an open order" reads no closed ones.
    open                      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, order_id, position),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES variants (tenant_id, id),
    CONSTRAINT item_progress CHECK (quantity > 0 AND rented >= 0 AND rented <= quantity)
) WITHOUT ROWID;
CREATE INDEX order_items_open ON order_items (tenant_id, product_id, variant_id) WHERE open = 1;

-- Scalar custom fields of orders as text, one row each, for the exact filter of the order list.
CREATE TABLE order_fields (
    tenant_id TEXT NOT NULL,
    field_id  TEXT NOT NULL,
    value     TEXT NOT NULL,
    -- Of the order, so that one value is a list of orders in their usual sequence.
    created_at BIGINT NOT NULL,
    order_id  TEXT NOT NULL,
    PRIMARY KEY (tenant_id, field_id, value, created_at, order_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
) WITHOUT ROWID;

CREATE TABLE billing_groups (
    tenant_id   TEXT   NOT NULL,
    id          TEXT   NOT NULL,
    customer_id TEXT   NOT NULL,
    group_name  TEXT   NOT NULL,
    billing_day BIGINT NOT NULL CONSTRAINT billing_day CHECK (billing_day BETWEEN 1 AND 28),
    status      TEXT   NOT NULL CONSTRAINT billing_group_status CHECK (status IN ('active', 'inactive')),
    notes       TEXT,
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    created_by  TEXT   NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);
CREATE INDEX billing_groups_by_creation ON billing_groups (tenant_id, created_at, id);
CREATE INDEX billing_groups_by_customer ON billing_groups (tenant_id, customer_id, created_at, id);
CREATE INDEX billing_groups_by_status ON billing_groups (tenant_id, status, created_at, id);

CREATE TABLE assets (
    tenant_id         TEXT   NOT NULL,
    serial_number     TEXT   NOT NULL,
    -- The form under which serial numbers are compared: see `serial_key`.
    serial_key        TEXT   NOT NULL,
    sku               TEXT   NOT NULL,
    product_id        TEXT   NOT NULL,
    variant_id        TEXT   NOT NULL,
    product_name      TEXT   NOT NULL,
    product_image_url TEXT,
    status            TEXT   NOT NULL CONSTRAINT asset_status CHECK (
        status = 'available' OR status = 'rented_out' OR status = 'returned' OR status = 'sold'
        OR status = 'unavailable'),
    customer_id       TEXT,
    rental_id         TEXT,
    location          TEXT,
    notes             TEXT,
    acquisition_cost  BIGINT CONSTRAINT asset_acquisition_cost CHECK (acquisition_cost >= 0),
    acquisition_date  TEXT,
    condition         TEXT,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, serial_number),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES variants (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    FOREIGN KEY (tenant_id, rental_id) REFERENCES subscriptions (tenant_id, id),
    CONSTRAINT asset_holder CHECK (
        (status <> 'rented_out' OR (customer_id IS NOT NULL AND rental_id IS NOT NULL))
        AND (status IN ('rented_out', 'sold') OR (customer_id IS NULL AND rental_id IS NULL))
    )
);
CREATE UNIQUE INDEX assets_by_serial ON assets (tenant_id, serial_key);
CREATE INDEX assets_by_creation ON assets (tenant_id, created_at, serial_number);
CREATE INDEX assets_by_status ON assets (tenant_id, status, created_at, serial_number);
CREATE INDEX assets_by_status_and_number ON assets (tenant_id, status, serial_number);
CREATE INDEX assets_by_sku_and_number ON assets (tenant_id, sku, serial_number);
CREATE INDEX assets_by_change ON assets (tenant_id, updated_at, serial_number);
CREATE INDEX assets_by_sku ON assets (tenant_id, sku, created_at, serial_number);
CREATE INDEX assets_by_customer ON assets (tenant_id, customer_id, created_at, serial_number);
CREATE INDEX assets_by_rental ON assets (tenant_id, rental_id);

CREATE TABLE subscriptions (
    tenant_id                    TEXT   NOT NULL,
    id                           TEXT   NOT NULL,
    customer_id                  TEXT   NOT NULL,
    order_id                     TEXT   NOT NULL,
    order_item                   BIGINT NOT NULL,
    billing_group_id             TEXT,
    upgrade_from_rental_id       TEXT,
    serial_number                TEXT   NOT NULL,
    sku                          TEXT   NOT NULL,
    product_id                   TEXT   NOT NULL,
    variant_id                   TEXT   NOT NULL,
    product_name                 TEXT   NOT NULL,
    product_image_url            TEXT,
    customer_email               TEXT   NOT NULL,
    customer_name                TEXT   NOT NULL,
    status                       TEXT   NOT NULL CONSTRAINT subscription_status CHECK (
        status = 'active' OR status = 'cancelled' OR status = 'ended_completed' OR status = 'ended_buyout'
        OR status = 'ended_upgrade' OR status = 'ended_early_return'),
    monthly_amount               BIGINT NOT NULL CONSTRAINT subscription_amount CHECK (monthly_amount >= 0),
    currency                     TEXT   NOT NULL,
    original_contract_length     BIGINT NOT NULL,
    contract_length              BIGINT NOT NULL,
    start_date                   TEXT   NOT NULL,
    end_date                     TEXT   NOT NULL,
    schedule                     TEXT,
    list_price                   BIGINT,
    list_price_source            TEXT   NOT NULL,
    list_price_captured_at       BIGINT,
    acquisition_cost             BIGINT,
    acquisition_cost_source      TEXT   NOT NULL,
    acquisition_cost_captured_at BIGINT,
    total_collected              BIGINT NOT NULL,
    actual_months_rented         BIGINT,
    months_saved                 BIGINT,
    extension_history            TEXT   NOT NULL,
    replacement_history          TEXT   NOT NULL,
    buyout_details               TEXT,
    early_return_details         TEXT,
    cancellation_details         TEXT,
    custom_fields                TEXT,
    notes                        TEXT,
    created_at                   BIGINT NOT NULL,
    updated_at                   BIGINT NOT NULL,
    created_by                   TEXT   NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id, order_item) REFERENCES order_items (tenant_id, order_id, position),
    FOREIGN KEY (tenant_id, serial_number) REFERENCES assets (tenant_id, serial_number),
    FOREIGN KEY (tenant_id, billing_group_id) REFERENCES billing_groups (tenant_id, id),
    FOREIGN KEY (tenant_id, upgrade_from_rental_id) REFERENCES subscriptions (tenant_id, id)
);
CREATE INDEX subscriptions_by_creation ON subscriptions (tenant_id, created_at, id);
CREATE INDEX subscriptions_by_status ON subscriptions (tenant_id, status, created_at, id);
CREATE INDEX subscriptions_by_status_and_id ON subscriptions (tenant_id, status, id);
CREATE INDEX subscriptions_by_change ON subscriptions (tenant_id, updated_at, id);
CREATE INDEX subscriptions_by_start ON subscriptions (tenant_id, start_date, id);
CREATE INDEX subscriptions_by_last_day ON subscriptions (tenant_id, end_date, id);
CREATE INDEX subscriptions_by_amount ON subscriptions (tenant_id, monthly_amount, id);
CREATE INDEX subscriptions_by_sku ON subscriptions (tenant_id, sku, created_at, id);
CREATE INDEX subscriptions_by_customer ON subscriptions (tenant_id, customer_id, created_at, id);
CREATE INDEX subscriptions_by_order ON subscriptions (tenant_id, order_id, created_at, id);
CREATE INDEX subscriptions_by_asset ON subscriptions (tenant_id, serial_number, created_at, id);
CREATE INDEX subscriptions_by_group ON subscriptions (tenant_id, billing_group_id, created_at, id);
-- The work list of the daily contract-end job.
CREATE INDEX subscriptions_by_end ON subscriptions (tenant_id, end_date, id) WHERE status = 'active';
CREATE UNIQUE INDEX subscriptions_active_by_asset ON subscriptions (tenant_id, serial_number) WHERE status = 'active';

CREATE TABLE payments (
    tenant_id            TEXT   NOT NULL,
    id                   TEXT   NOT NULL,
    customer_id          TEXT   NOT NULL,
    rental_id            TEXT,
    billing_group_id     TEXT,
    status               TEXT   NOT NULL CONSTRAINT payment_status CHECK (
        status = 'pending' OR status = 'processing' OR status = 'paid' OR status = 'failed'
        OR status = 'cancelled'),
    payment_type         TEXT   NOT NULL CONSTRAINT payment_type CHECK (payment_type IN ('individual', 'consolidated')),
    subtotal             BIGINT NOT NULL,
    tax_amount           BIGINT NOT NULL,
    -- Hundredths of a percent.
    tax_rate             BIGINT NOT NULL,
    total                BIGINT NOT NULL,
    currency             TEXT   NOT NULL,
    billing_period       TEXT   NOT NULL,
    due_date             TEXT   NOT NULL,
    -- First and last day that a scheduled payment pays for; none where it happens once.
    period_start         TEXT,
    period_end           TEXT,
    idempotency_key      TEXT   NOT NULL,
    line_items           TEXT,
    -- Of an individual payment: the consolidated one that took its place, and has it among its line items. It is
    -- cancelled since, and its amount is owed, or paid, as part of that one.
    consolidated_in      TEXT,
    paid_at              BIGINT,
    last_capture_attempt BIGINT,
    next_retry_at        BIGINT,
    provider             TEXT,
    transaction_id       TEXT,
    provider_response    TEXT,
    manually_marked      BIGINT NOT NULL,
    payment_reference    TEXT,
    marked_by            TEXT,
    capture_attempts     BIGINT NOT NULL,
    last_capture_error   TEXT,
    notes                TEXT,
    created_at           BIGINT NOT NULL,
    updated_at           BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    FOREIGN KEY (tenant_id, rental_id) REFERENCES subscriptions (tenant_id, id),
    FOREIGN KEY (tenant_id, consolidated_in) REFERENCES payments (tenant_id, id),
    CONSTRAINT payment_consolidated CHECK (
        consolidated_in IS NULL OR (payment_type = 'individual' AND status = 'cancelled')),
    CONSTRAINT payment_amounts CHECK (subtotal >= 0 AND tax_amount >= 0 AND total = subtotal + tax_amount),
    CONSTRAINT payment_period CHECK ((period_start IS NULL) = (period_end IS NULL) AND period_start <= period_end),
    CONSTRAINT payment_target CHECK (
        (payment_type = 'individual' AND rental_id IS NOT NULL)
        OR (payment_type = 'consolidated' AND billing_group_id IS NOT NULL)
    )
);
CREATE UNIQUE INDEX payments_by_idempotency_key ON payments (tenant_id, idempotency_key) WHERE status <> 'cancelled';
CREATE INDEX payments_by_creation ON payments (tenant_id, created_at, id);
CREATE INDEX payments_by_status ON payments (tenant_id, status, created_at, id);
CREATE INDEX payments_by_customer ON payments (tenant_id, customer_id, created_at, id);
CREATE INDEX payments_by_rental ON payments (tenant_id, rental_id, due_date);
CREATE INDEX payments_by_group ON payments (tenant_id, billing_group_id, created_at, id);
CREATE INDEX payments_by_consolidation ON payments (tenant_id, consolidated_in, rental_id)
    WHERE consolidated_in IS NOT NULL;

-- Records of files; their content is in a storage of its own.
CREATE TABLE files (
    tenant_id         TEXT NOT NULL,
    id                TEXT NOT NULL,
    order_id          TEXT NOT NULL,
    customer_id       TEXT NOT NULL,
    file_type         TEXT NOT NULL CONSTRAINT file_type CHECK (
        file_type = 'contract' OR file_type = 'invoice' OR file_type = 'document' OR file_type = 'attachment'),
    category          TEXT NOT NULL CONSTRAINT file_category CHECK (category IN ('generated', 'uploaded')),
    filename          TEXT NOT NULL,
    original_filename TEXT,
    content_type      TEXT NOT NULL,
    file_size         BIGINT NOT NULL CONSTRAINT file_size CHECK (file_size >= 0),
    storage_path      TEXT NOT NULL,
    -- What links to the file are signed with.
    secret            TEXT NOT NULL,
    metadata          TEXT,
    uploaded_by       TEXT NOT NULL,
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    -- Of a file that is being deleted: its content first, then the record. Nobody sees it any more.
    deleting_since    BIGINT,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);
CREATE INDEX files_by_creation ON files (tenant_id, created_at, id);
CREATE INDEX files_by_order ON files (tenant_id, order_id, created_at, id);
CREATE INDEX files_by_customer ON files (tenant_id, customer_id, created_at, id);
CREATE INDEX files_by_type ON files (tenant_id, file_type, created_at, id);
CREATE INDEX files_by_deletion ON files (tenant_id, id) WHERE deleting_since IS NOT NULL;

-- Answers to requests with an `Idempotency-Key`, each written in the transaction of what it tells of.
CREATE TABLE idempotency_keys (
    -- Empty for what the organisation asks for.
    tenant_id   TEXT NOT NULL,
    operation   TEXT NOT NULL,
    key         TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    -- Of a refusal; none of a success.
    code        TEXT,
    body        TEXT NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, operation, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_creation ON idempotency_keys (tenant_id, created_at);

-- How many requests of a tenant were let in within a minute, for plans that limit them.
CREATE TABLE rate_windows (
    tenant_id TEXT   NOT NULL,
    -- Minutes since 1970.
    minute    BIGINT NOT NULL,
    requests  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, minute)
) WITHOUT ROWID;

-- What is done by itself, by one process at a time. Instants are those of the database's clock.
CREATE TABLE jobs (
    name       TEXT   NOT NULL PRIMARY KEY,
    -- Who is at it; nobody else is before `held_until`, which the holder puts off.
    holder     TEXT,
    held_until BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    -- None before the first run has ended.
    ended_at   BIGINT,
    -- Why the last run that ended failed, if it did.
    failure    TEXT
) WITHOUT ROWID;

-- Transactional outbox. `sequence` counts up by one per tenant; the newest row of a tenant is never deleted.
CREATE TABLE events (
    tenant_id TEXT   NOT NULL,
    sequence  BIGINT NOT NULL,
    kind      TEXT   NOT NULL,
    resource  TEXT   NOT NULL,
    data      TEXT   NOT NULL,
    at        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
) WITHOUT ROWID;

-- Where events are sent.
CREATE TABLE webhook_endpoints (
    tenant_id  TEXT NOT NULL REFERENCES tenants (id),
    id         TEXT NOT NULL,
    url        TEXT NOT NULL,
    -- Names, as a JSON array.
    events     TEXT NOT NULL,
    secret     TEXT NOT NULL,
    -- The one before, and until when it is signed with as well.
    previous_secret       TEXT,
    previous_secret_until BIGINT,
    -- Sequence number of the last event that was looked at for it.
    position   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT webhook_endpoint_previous CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
);
CREATE INDEX webhook_endpoints_by_creation ON webhook_endpoints (tenant_id, created_at, id);

-- An event that is sent to an endpoint, or was.
CREATE TABLE webhook_deliveries (
    tenant_id       TEXT NOT NULL,
    endpoint_id     TEXT NOT NULL,
    sequence        BIGINT NOT NULL,
    -- The same for every endpoint and on every try.
    event_id        TEXT NOT NULL,
    resource        TEXT NOT NULL,
    state           TEXT NOT NULL CONSTRAINT webhook_delivery_state CHECK (
        state = 'pending' OR state = 'succeeded' OR state = 'failed'),
    attempts        BIGINT NOT NULL,
    -- How many of them were made before it was asked for again.
    attempts_before BIGINT NOT NULL,
    -- The first one since then.
    first_attempt   BIGINT,
    last_attempt    BIGINT,
    -- Before it, nobody sends it: somebody is at it, or waits.
    next_attempt    BIGINT NOT NULL,
    last_status     BIGINT,
    last_error      TEXT,
    created_at      BIGINT NOT NULL,
    finished_at     BIGINT,
    PRIMARY KEY (tenant_id, endpoint_id, sequence),
    FOREIGN KEY (tenant_id, endpoint_id) REFERENCES webhook_endpoints (tenant_id, id),
    FOREIGN KEY (tenant_id, sequence) REFERENCES events (tenant_id, sequence),
    CONSTRAINT webhook_delivery_end CHECK ((state = 'pending') = (finished_at IS NULL))
);
CREATE INDEX webhook_deliveries_due ON webhook_deliveries (tenant_id, endpoint_id, next_attempt, sequence)
    WHERE state = 'pending';
CREATE INDEX webhook_deliveries_in_order ON webhook_deliveries (tenant_id, endpoint_id, resource, sequence)
    WHERE state = 'pending';
-- Ids of events are in the order of their creation.
CREATE UNIQUE INDEX webhook_deliveries_by_event ON webhook_deliveries (tenant_id, endpoint_id, event_id);
CREATE INDEX webhook_deliveries_by_state ON webhook_deliveries (tenant_id, endpoint_id, state, event_id);
CREATE INDEX webhook_deliveries_ended ON webhook_deliveries (tenant_id, endpoint_id, finished_at)
    WHERE state <> 'pending';
