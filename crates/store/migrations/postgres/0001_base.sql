-- Tenants, keys, catalogue, customers, orders, rentals, payments, outbox; the same tables as on SQLite.
--
-- Money: BIGINT minor units of the tenant's currency. Instants: BIGINT microseconds since 1970, UTC.
-- Calendar dates: TEXT `YYYY-MM-DD`. Flags: BIGINT 0 or 1. JSON: TEXT, read and written whole.
-- Text is compared by bytes (collation C), as SQLite does: lists and cursors mean the same everywhere.
-- The tenant id leads every primary key, index and foreign key; the one exception is named below.

CREATE TABLE tenants (
    id         TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    name       TEXT COLLATE "C" NOT NULL,
    currency   TEXT COLLATE "C" NOT NULL,
    country    TEXT COLLATE "C",
    timezone   TEXT COLLATE "C" NOT NULL,
    industry   TEXT COLLATE "C",
    tier       TEXT COLLATE "C" NOT NULL,
    status     TEXT COLLATE "C" NOT NULL CONSTRAINT tenant_status CHECK (status IN ('active', 'inactive')),
    settings   TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
);

CREATE INDEX tenants_by_creation ON tenants (created_at, id);

CREATE TABLE api_keys (
    tenant_id    TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id           TEXT COLLATE "C" NOT NULL,
    name         TEXT COLLATE "C" NOT NULL,
    hash         TEXT COLLATE "C" NOT NULL,
    permissions  TEXT COLLATE "C" NOT NULL,
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
    tenant_id     TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id            TEXT COLLATE "C" NOT NULL,
    product_sku   TEXT COLLATE "C" NOT NULL,
    name          TEXT COLLATE "C" NOT NULL,
    specification TEXT COLLATE "C" NOT NULL,
    category      TEXT COLLATE "C" NOT NULL,
    brand         TEXT COLLATE "C" NOT NULL,
    description   TEXT COLLATE "C",
    images        TEXT COLLATE "C" NOT NULL,
    status        TEXT COLLATE "C" NOT NULL CONSTRAINT product_status CHECK (status IN ('active', 'discontinued')),
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
    tenant_id        TEXT COLLATE "C" NOT NULL,
    id               TEXT COLLATE "C" NOT NULL,
    product_id       TEXT COLLATE "C" NOT NULL,
    variant_sku      TEXT COLLATE "C" NOT NULL,
    name             TEXT COLLATE "C" NOT NULL,
    grade            TEXT COLLATE "C" NOT NULL,
    condition        TEXT COLLATE "C",
    color_name       TEXT COLLATE "C",
    images           TEXT COLLATE "C" NOT NULL,
    list_price       BIGINT CONSTRAINT variant_list_price CHECK (list_price >= 0),
    acquisition_cost BIGINT CONSTRAINT variant_acquisition_cost CHECK (acquisition_cost >= 0),
    pricing          TEXT COLLATE "C" NOT NULL,
    status           TEXT COLLATE "C" NOT NULL CONSTRAINT variant_status CHECK (status IN ('active', 'inactive')),
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
    tenant_id            TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id                   TEXT COLLATE "C" NOT NULL,
    email                TEXT COLLATE "C" NOT NULL,
    email_key            TEXT COLLATE "C" NOT NULL,
    first_name           TEXT COLLATE "C" NOT NULL,
    last_name            TEXT COLLATE "C" NOT NULL,
    company              TEXT COLLATE "C",
    phone                TEXT COLLATE "C",
    customer_type        TEXT COLLATE "C" NOT NULL CONSTRAINT customer_type CHECK (customer_type IN ('individual', 'business')),
    status               TEXT COLLATE "C" NOT NULL CONSTRAINT customer_status CHECK (status IN ('active', 'inactive')),
    custom_fields        TEXT COLLATE "C",
    billing_address      TEXT COLLATE "C",
    shipping_address     TEXT COLLATE "C",
    total_orders         BIGINT NOT NULL DEFAULT 0,
    open_orders          BIGINT NOT NULL DEFAULT 0,
    total_subscriptions  BIGINT NOT NULL DEFAULT 0,
    active_subscriptions BIGINT NOT NULL DEFAULT 0,
    devices_out          BIGINT NOT NULL DEFAULT 0,
    monthly_revenue      BIGINT NOT NULL DEFAULT 0,
    lifetime_collected   BIGINT NOT NULL DEFAULT 0,
    acquisition_cost     BIGINT NOT NULL DEFAULT 0,
    subscriptions_tracked BIGINT NOT NULL DEFAULT 0,
    first_start          TEXT COLLATE "C",
    created_at           BIGINT NOT NULL,
    updated_at           BIGINT NOT NULL,
    created_by           TEXT COLLATE "C" NOT NULL,
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
    -- Counters change often: with room on its page a row is written anew without an entry in each index.
) WITH (fillfactor = 75);
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
    tenant_id   TEXT COLLATE "C" NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    first_name  TEXT COLLATE "C" NOT NULL,
    last_name   TEXT COLLATE "C" NOT NULL,
    -- As of `customers`.
    signature   BIGINT NOT NULL DEFAULT -1,
    PRIMARY KEY (tenant_id, customer_id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);
CREATE INDEX customer_names_by_first ON customer_names (tenant_id, first_name, customer_id, signature);
CREATE INDEX customer_names_by_last ON customer_names (tenant_id, last_name, customer_id, signature);

-- The words that customers are searched by, without case and accents.
CREATE TABLE customer_terms (
    tenant_id   TEXT COLLATE "C" NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    term        TEXT COLLATE "C" NOT NULL,
    -- Of the customer, so that those found are in their usual sequence without being read.
    created_at  BIGINT NOT NULL,
    -- Some time around it: those found are looked for from one to the next, until there are enough for a page.
    era         BIGINT NOT NULL,
    -- Of all words of the customer.
    signature   BIGINT NOT NULL DEFAULT -1,
    PRIMARY KEY (tenant_id, customer_id, term),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);
CREATE INDEX customer_terms_by_term ON customer_terms (tenant_id, term, created_at, customer_id, signature);
CREATE INDEX customer_terms_by_era ON customer_terms (tenant_id, era, term, created_at, customer_id, signature);

CREATE TABLE orders (
    tenant_id         TEXT COLLATE "C" NOT NULL,
    id                TEXT COLLATE "C" NOT NULL,
    customer_id       TEXT COLLATE "C" NOT NULL,
    status            TEXT COLLATE "C" NOT NULL CONSTRAINT order_status
                      CHECK (status IN ('pending', 'confirmed', 'partial', 'fulfilled', 'cancelled')),
    order_type        TEXT COLLATE "C" NOT NULL CONSTRAINT order_type CHECK (order_type IN ('standard', 'extension', 'upgrade')),
    customer          TEXT COLLATE "C" NOT NULL,
    billing_address   TEXT COLLATE "C" NOT NULL,
    shipping_address  TEXT COLLATE "C" NOT NULL,
    subtotal          BIGINT NOT NULL,
    tax_amount        BIGINT NOT NULL,
    total             BIGINT NOT NULL,
    currency          TEXT COLLATE "C" NOT NULL,
    total_devices     BIGINT NOT NULL,
    rented_devices    BIGINT NOT NULL,
    custom_fields     TEXT COLLATE "C",
    notes             TEXT COLLATE "C",
    extension_details TEXT COLLATE "C",
    upgrade_details   TEXT COLLATE "C",
    cancellation      TEXT COLLATE "C",
    fingerprint       TEXT COLLATE "C",
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    created_by        TEXT COLLATE "C" NOT NULL,
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
    tenant_id                 TEXT COLLATE "C" NOT NULL,
    order_id                  TEXT COLLATE "C" NOT NULL,
    position                  BIGINT NOT NULL,
    sku                       TEXT COLLATE "C" NOT NULL,
    product_id                TEXT COLLATE "C" NOT NULL,
    variant_id                TEXT COLLATE "C" NOT NULL,
    product_name              TEXT COLLATE "C" NOT NULL,
    product_image_url         TEXT COLLATE "C",
    quantity                  BIGINT NOT NULL,
    rented                    BIGINT NOT NULL,
    unit_price                BIGINT NOT NULL,
    setup_fee                 BIGINT NOT NULL,
    contract_length           BIGINT NOT NULL,
    list_price                BIGINT,
    list_price_source         TEXT COLLATE "C" NOT NULL,
    list_price_override       BIGINT,
    acquisition_cost          BIGINT,
    acquisition_cost_source   TEXT COLLATE "C" NOT NULL,
    acquisition_cost_override BIGINT,
    -- 1 while the order is open, so that "is it in an open order" reads no closed ones.
    open                      BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, order_id, position),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES variants (tenant_id, id),
    CONSTRAINT item_progress CHECK (quantity > 0 AND rented >= 0 AND rented <= quantity)
);
CREATE INDEX order_items_open ON order_items (tenant_id, product_id, variant_id) WHERE open = 1;

-- Scalar custom fields of orders as text, one row each, for the exact filter of the order list.
CREATE TABLE order_fields (
    tenant_id TEXT COLLATE "C" NOT NULL,
    field_id  TEXT COLLATE "C" NOT NULL,
    value     TEXT COLLATE "C" NOT NULL,
    -- Of the order, so that one value is a list of orders in their usual sequence.
    created_at BIGINT NOT NULL,
    order_id  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, field_id, value, created_at, order_id),
    FOREIGN KEY (tenant_id, order_id) REFERENCES orders (tenant_id, id)
);

CREATE TABLE billing_groups (
    tenant_id   TEXT COLLATE "C" NOT NULL,
    id          TEXT COLLATE "C" NOT NULL,
    customer_id TEXT COLLATE "C" NOT NULL,
    group_name  TEXT COLLATE "C" NOT NULL,
    billing_day BIGINT NOT NULL CONSTRAINT billing_day CHECK (billing_day BETWEEN 1 AND 28),
    status      TEXT COLLATE "C" NOT NULL CONSTRAINT billing_group_status CHECK (status IN ('active', 'inactive')),
    notes       TEXT COLLATE "C",
    created_at  BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    created_by  TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id)
);
CREATE INDEX billing_groups_by_creation ON billing_groups (tenant_id, created_at, id);
CREATE INDEX billing_groups_by_customer ON billing_groups (tenant_id, customer_id, created_at, id);
CREATE INDEX billing_groups_by_status ON billing_groups (tenant_id, status, created_at, id);

CREATE TABLE assets (
    tenant_id         TEXT COLLATE "C" NOT NULL,
    serial_number     TEXT COLLATE "C" NOT NULL,
    -- The form under which serial numbers are compared: see `serial_key`.
    serial_key        TEXT COLLATE "C" NOT NULL,
    sku               TEXT COLLATE "C" NOT NULL,
    product_id        TEXT COLLATE "C" NOT NULL,
    variant_id        TEXT COLLATE "C" NOT NULL,
    product_name      TEXT COLLATE "C" NOT NULL,
    product_image_url TEXT COLLATE "C",
    status            TEXT COLLATE "C" NOT NULL CONSTRAINT asset_status
                      CHECK (status IN ('available', 'rented_out', 'returned', 'sold', 'unavailable')),
    customer_id       TEXT COLLATE "C",
    rental_id         TEXT COLLATE "C",
    location          TEXT COLLATE "C",
    notes             TEXT COLLATE "C",
    acquisition_cost  BIGINT CONSTRAINT asset_acquisition_cost CHECK (acquisition_cost >= 0),
    acquisition_date  TEXT COLLATE "C",
    condition         TEXT COLLATE "C",
    created_at        BIGINT NOT NULL,
    updated_at        BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, serial_number),
    FOREIGN KEY (tenant_id, variant_id) REFERENCES variants (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
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
    tenant_id                    TEXT COLLATE "C" NOT NULL,
    id                           TEXT COLLATE "C" NOT NULL,
    customer_id                  TEXT COLLATE "C" NOT NULL,
    order_id                     TEXT COLLATE "C" NOT NULL,
    order_item                   BIGINT NOT NULL,
    billing_group_id             TEXT COLLATE "C",
    upgrade_from_rental_id       TEXT COLLATE "C",
    serial_number                TEXT COLLATE "C" NOT NULL,
    sku                          TEXT COLLATE "C" NOT NULL,
    product_id                   TEXT COLLATE "C" NOT NULL,
    variant_id                   TEXT COLLATE "C" NOT NULL,
    product_name                 TEXT COLLATE "C" NOT NULL,
    product_image_url            TEXT COLLATE "C",
    customer_email               TEXT COLLATE "C" NOT NULL,
    customer_name                TEXT COLLATE "C" NOT NULL,
    status                       TEXT COLLATE "C" NOT NULL CONSTRAINT subscription_status CHECK (status IN (
        'active', 'cancelled', 'ended_completed', 'ended_buyout', 'ended_upgrade', 'ended_early_return')),
    monthly_amount               BIGINT NOT NULL CONSTRAINT subscription_amount CHECK (monthly_amount >= 0),
    currency                     TEXT COLLATE "C" NOT NULL,
    original_contract_length     BIGINT NOT NULL,
    contract_length              BIGINT NOT NULL,
    start_date                   TEXT COLLATE "C" NOT NULL,
    end_date                     TEXT COLLATE "C" NOT NULL,
    schedule                     TEXT COLLATE "C",
    list_price                   BIGINT,
    list_price_source            TEXT COLLATE "C" NOT NULL,
    list_price_captured_at       BIGINT,
    acquisition_cost             BIGINT,
    acquisition_cost_source      TEXT COLLATE "C" NOT NULL,
    acquisition_cost_captured_at BIGINT,
    total_collected              BIGINT NOT NULL,
    actual_months_rented         BIGINT,
    months_saved                 BIGINT,
    extension_history            TEXT COLLATE "C" NOT NULL,
    replacement_history          TEXT COLLATE "C" NOT NULL,
    buyout_details               TEXT COLLATE "C",
    early_return_details         TEXT COLLATE "C",
    cancellation_details         TEXT COLLATE "C",
    custom_fields                TEXT COLLATE "C",
    notes                        TEXT COLLATE "C",
    created_at                   BIGINT NOT NULL,
    updated_at                   BIGINT NOT NULL,
    created_by                   TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id),
    FOREIGN KEY (tenant_id, customer_id) REFERENCES customers (tenant_id, id),
    FOREIGN KEY (tenant_id, order_id, order_item) REFERENCES order_items (tenant_id, order_id, position),
    FOREIGN KEY (tenant_id, serial_number) REFERENCES assets (tenant_id, serial_number),
    FOREIGN KEY (tenant_id, billing_group_id) REFERENCES billing_groups (tenant_id, id),
    FOREIGN KEY (tenant_id, upgrade_from_rental_id) REFERENCES subscriptions (tenant_id, id)
    -- As of `customers`, by `total_collected`.
) WITH (fillfactor = 75);
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
    tenant_id            TEXT COLLATE "C" NOT NULL,
    id                   TEXT COLLATE "C" NOT NULL,
    customer_id          TEXT COLLATE "C" NOT NULL,
    rental_id            TEXT COLLATE "C",
    billing_group_id     TEXT COLLATE "C",
    status               TEXT COLLATE "C" NOT NULL CONSTRAINT payment_status
                         CHECK (status IN ('pending', 'processing', 'paid', 'failed', 'cancelled')),
    payment_type         TEXT COLLATE "C" NOT NULL CONSTRAINT payment_type CHECK (payment_type IN ('individual', 'consolidated')),
    subtotal             BIGINT NOT NULL,
    tax_amount           BIGINT NOT NULL,
    -- Hundredths of a percent.
    tax_rate             BIGINT NOT NULL,
    total                BIGINT NOT NULL,
    currency             TEXT COLLATE "C" NOT NULL,
    billing_period       TEXT COLLATE "C" NOT NULL,
    due_date             TEXT COLLATE "C" NOT NULL,
    -- First and last day that a scheduled payment pays for; none where it happens once.
    period_start         TEXT COLLATE "C",
    period_end           TEXT COLLATE "C",
    idempotency_key      TEXT COLLATE "C" NOT NULL,
    line_items           TEXT COLLATE "C",
    -- Of an individual payment: the consolidated one that took its place, and has it among its line items. It is
    -- cancelled since, and its amount is owed, or paid, as part of that one.
    consolidated_in      TEXT COLLATE "C",
    paid_at              BIGINT,
    last_capture_attempt BIGINT,
    next_retry_at        BIGINT,
    provider             TEXT COLLATE "C",
    transaction_id       TEXT COLLATE "C",
    provider_response    TEXT COLLATE "C",
    manually_marked      BIGINT NOT NULL,
    payment_reference    TEXT COLLATE "C",
    marked_by            TEXT COLLATE "C",
    capture_attempts     BIGINT NOT NULL,
    last_capture_error   TEXT COLLATE "C",
    notes                TEXT COLLATE "C",
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

-- Assets and subscriptions name each other.
ALTER TABLE assets ADD CONSTRAINT assets_rental
    FOREIGN KEY (tenant_id, rental_id) REFERENCES subscriptions (tenant_id, id);

-- Records of files; their content is in a storage of its own.
CREATE TABLE files (
    tenant_id         TEXT COLLATE "C" NOT NULL,
    id                TEXT COLLATE "C" NOT NULL,
    order_id          TEXT COLLATE "C" NOT NULL,
    customer_id       TEXT COLLATE "C" NOT NULL,
    file_type         TEXT COLLATE "C" NOT NULL
                      CONSTRAINT file_type CHECK (file_type IN ('contract', 'invoice', 'document', 'attachment')),
    category          TEXT COLLATE "C" NOT NULL CONSTRAINT file_category CHECK (category IN ('generated', 'uploaded')),
    filename          TEXT COLLATE "C" NOT NULL,
    original_filename TEXT COLLATE "C",
    content_type      TEXT COLLATE "C" NOT NULL,
    file_size         BIGINT NOT NULL CONSTRAINT file_size CHECK (file_size >= 0),
    storage_path      TEXT COLLATE "C" NOT NULL,
    -- What links to the file are signed with.
    secret            TEXT COLLATE "C" NOT NULL,
    metadata          TEXT COLLATE "C",
    uploaded_by       TEXT COLLATE "C" NOT NULL,
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
    tenant_id   TEXT COLLATE "C" NOT NULL,
    operation   TEXT COLLATE "C" NOT NULL,
    key         TEXT COLLATE "C" NOT NULL,
    fingerprint TEXT COLLATE "C" NOT NULL,
    -- Of a refusal; none of a success.
    code        TEXT COLLATE "C",
    body        TEXT COLLATE "C" NOT NULL,
    created_at  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, operation, key)
);
CREATE INDEX idempotency_keys_by_creation ON idempotency_keys (tenant_id, created_at);

-- How many requests of a tenant were let in within a minute, for plans that limit them.
CREATE TABLE rate_windows (
    tenant_id TEXT COLLATE "C" NOT NULL,
    -- Minutes since 1970.
    minute    BIGINT NOT NULL,
    requests  BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, minute)
);

-- What is done by itself, by one process at a time. Instants are those of the database's clock.
CREATE TABLE jobs (
    name       TEXT COLLATE "C" NOT NULL PRIMARY KEY,
    -- Who is at it; nobody else is before `held_until`, which the holder puts off.
    holder     TEXT COLLATE "C",
    held_until BIGINT NOT NULL,
    started_at BIGINT NOT NULL,
    -- None before the first run has ended.
    ended_at   BIGINT,
    -- Why the last run that ended failed, if it did.
    failure    TEXT COLLATE "C"
);

-- Transactional outbox. Events of one resource have sequence numbers in the order of their commits, because
-- the resource is locked; those of different resources may become visible out of order.
CREATE SEQUENCE events_sequence AS BIGINT;
CREATE TABLE events (
    tenant_id   TEXT COLLATE "C" NOT NULL,
    sequence    BIGINT NOT NULL DEFAULT nextval('events_sequence'),
    kind        TEXT COLLATE "C" NOT NULL,
    resource    TEXT COLLATE "C" NOT NULL,
    data        TEXT COLLATE "C" NOT NULL,
    at          BIGINT NOT NULL,
    PRIMARY KEY (tenant_id, sequence)
);
ALTER SEQUENCE events_sequence OWNED BY events.sequence;

-- Where events are sent.
CREATE TABLE webhook_endpoints (
    tenant_id  TEXT COLLATE "C" NOT NULL REFERENCES tenants (id),
    id         TEXT COLLATE "C" NOT NULL,
    url        TEXT COLLATE "C" NOT NULL,
    -- Names, as a JSON array.
    events     TEXT COLLATE "C" NOT NULL,
    secret     TEXT COLLATE "C" NOT NULL,
    -- The one before, and until when it is signed with as well.
    previous_secret       TEXT COLLATE "C",
    previous_secret_until BIGINT,
    -- Sequence number of the last event that was looked at for it.
    position   BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    created_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant_id, id),
    CONSTRAINT webhook_endpoint_previous CHECK ((previous_secret IS NULL) = (previous_secret_until IS NULL))
);
CREATE INDEX webhook_endpoints_by_creation ON webhook_endpoints (tenant_id, created_at, id);

-- An event that is sent to an endpoint, or was.
CREATE TABLE webhook_deliveries (
    tenant_id       TEXT COLLATE "C" NOT NULL,
    endpoint_id     TEXT COLLATE "C" NOT NULL,
    sequence        BIGINT NOT NULL,
    -- The same for every endpoint and on every try.
    event_id        TEXT COLLATE "C" NOT NULL,
    resource        TEXT COLLATE "C" NOT NULL,
    state           TEXT COLLATE "C" NOT NULL CONSTRAINT webhook_delivery_state
                    CHECK (state IN ('pending', 'succeeded', 'failed')),
    attempts        BIGINT NOT NULL,
    -- How many of them were made before it was asked for again.
    attempts_before BIGINT NOT NULL,
    -- The first one since then.
    first_attempt   BIGINT,
    last_attempt    BIGINT,
    -- Before it, nobody sends it: somebody is at it, or waits.
    next_attempt    BIGINT NOT NULL,
    last_status     BIGINT,
    last_error      TEXT COLLATE "C",
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

-- The second wall between tenants. A session names the tenant it works for in `flexportal.tenant`, or `*` for
-- all; one that names none sees nothing. FORCE, because the role of the server owns the tables. The functions
-- behind the comparisons are leakproof, so that indexes are used as without the policies.
DO $$
DECLARE
    name TEXT;
BEGIN
    FOREACH name IN ARRAY ARRAY['tenants', 'api_keys', 'products', 'variants', 'customers', 'customer_names', 'customer_terms',
        'orders', 'order_items', 'order_fields', 'billing_groups', 'assets', 'subscriptions', 'payments', 'files', 'idempotency_keys', 'rate_windows',
        'events', 'webhook_endpoints', 'webhook_deliveries']
    LOOP
        EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', name);
        EXECUTE format(
            'CREATE POLICY one_tenant ON %I USING (%I = current_setting(''flexportal.tenant'', true)'
            ' OR current_setting(''flexportal.tenant'', true) = ''*'')',
            name, CASE name WHEN 'tenants' THEN 'id' ELSE 'tenant_id' END);
    END LOOP;
END
$$;
