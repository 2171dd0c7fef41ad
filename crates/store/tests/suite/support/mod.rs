//! A fresh database per test, and rows to fill it with.
#![allow(dead_code, reason = "each test binary uses a part of it")]

mod database;
pub(crate) mod plan;

use std::task::Poll;

use jiff::{Timestamp, civil::Date};
use store::*;

pub(crate) use database::Database;

pub(crate) const TENANT: &str = "acme";

/// A write for [`TENANT`] that must succeed.
pub(crate) async fn write<T: Send + 'static>(
    store: &Store,
    f: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    let tenant = TENANT.into();
    store
        .write_in(&tenant, f)
        .await
        .expect("the transaction commits")
}

/// A write across tenants that must succeed.
pub(crate) async fn administer<T: Send + 'static>(
    store: &Store,
    f: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    store.write(f).await.expect("the transaction commits")
}

/// A read for [`TENANT`] that must succeed.
pub(crate) async fn read<T: Send + 'static>(
    store: &Store,
    f: impl FnMut(&mut Tx<'_>) -> Result<T, Error> + Send + 'static,
) -> T {
    let tenant = TENANT.into();
    store.read_in(&tenant, f).await.expect("the read succeeds")
}

/// Polls a transaction once, so that the store has accepted it when this returns. Its answer may be there
/// already.
pub(crate) async fn queued<T>(transaction: impl Future<Output = T>) -> impl Future<Output = T> {
    let mut transaction = Box::pin(transaction);
    let mut first =
        Some(std::future::poll_fn(|context| Poll::Ready(transaction.as_mut().poll(context))).await);
    std::future::poll_fn(move |context| match first.take() {
        Some(Poll::Ready(answer)) => Poll::Ready(answer),
        _ => transaction.as_mut().poll(context),
    })
}

/// Holds a writer inside a transaction of its own until the sender is used. SQLite has one writer, so there
/// everything written in the meantime waits and becomes the next group.
pub(crate) async fn hold_writer(store: &Store) -> std::sync::mpsc::Sender<()> {
    let (release, held) = std::sync::mpsc::channel::<()>();
    let (entering, entered) = tokio::sync::oneshot::channel::<()>();
    let mut entering = Some(entering);
    let store = store.clone();
    tokio::spawn(async move {
        let held = store.write(move |_| {
            let _ = entering.take().expect("runs once").send(());
            held.recv().expect("the test releases the writer");
            Ok::<_, Error>(())
        });
        held.await.expect("it ends");
    });
    entered.await.expect("the writer is held");
    release
}

/// The faults of [`TENANT`].
pub(crate) async fn faults(store: &Store) -> Vec<String> {
    read(store, |tx| verify_invariants(tx, TENANT)).await
}

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).expect("a time in range")
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().expect("a date")
}

pub(crate) fn tenant(id: &str) -> TenantRow {
    TenantRow {
        id: id.into(),
        name: "Acme".into(),
        currency: "EUR".into(),
        country: None,
        timezone: "UTC".into(),
        industry: None,
        tier: "growth".into(),
        status: TenantStatus::Active,
        settings: Json::empty_object(),
        created_at: at(0),
        updated_at: at(0),
    }
}

pub(crate) fn key(id: &str) -> KeyRow {
    KeyRow {
        tenant_id: TENANT.into(),
        id: id.into(),
        name: "test".into(),
        hash: "00".into(),
        permissions: Json::empty_array(),
        created_at: at(0),
        expires_at: None,
        revoked_at: None,
        last_used_at: None,
        use_count: 0,
    }
}

pub(crate) fn product(id: &str) -> ProductRow {
    ProductRow {
        tenant_id: TENANT.into(),
        id: id.into(),
        product_sku: format!("SKU-{id}"),
        name: "Laptop".into(),
        specification: "16 GB".into(),
        category: "laptops".into(),
        brand: "Brand".into(),
        description: None,
        images: Json::empty_array(),
        status: ProductStatus::Active,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub(crate) fn variant(id: &str, product: &str) -> VariantRow {
    VariantRow {
        tenant_id: TENANT.into(),
        id: id.into(),
        product_id: product.into(),
        variant_sku: format!("SKU-{id}"),
        name: "Silver".into(),
        grade: "A".into(),
        condition: None,
        color_name: None,
        images: Json::empty_array(),
        list_price: Some(100_000),
        acquisition_cost: Some(80_000),
        pricing: Json::empty_array(),
        status: VariantStatus::Active,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub(crate) fn customer(id: &str) -> CustomerRow {
    CustomerRow {
        tenant_id: TENANT.into(),
        id: id.into(),
        email: format!("{id}@example.com"),
        email_key: format!("{id}@example.com"),
        first_name: "Ada".into(),
        last_name: "Lovelace".into(),
        company: None,
        phone: None,
        customer_type: CustomerType::Individual,
        status: CustomerStatus::Active,
        custom_fields: None,
        billing_address: None,
        shipping_address: None,
        totals: CustomerTotals::default(),
        first_start: None,
        created_at: at(0),
        updated_at: at(0),
        created_by: "key_1".into(),
    }
}

pub(crate) fn order(id: &str, customer: &str, units: i64) -> (OrderRow, Vec<OrderItemRow>) {
    let row = OrderRow {
        tenant_id: TENANT.into(),
        id: id.into(),
        customer_id: customer.into(),
        status: OrderStatus::Pending,
        order_type: OrderType::Standard,
        customer: Json::empty_object(),
        billing_address: Json::empty_object(),
        shipping_address: Json::empty_object(),
        subtotal: 4_900 * units,
        tax_amount: 0,
        total: 4_900 * units,
        currency: "EUR".into(),
        total_devices: units,
        rented_devices: 0,
        custom_fields: None,
        notes: None,
        extension_details: None,
        upgrade_details: None,
        cancellation: None,
        fingerprint: Some(format!("print of {id}")),
        created_at: at(1),
        updated_at: at(1),
        created_by: "key_1".into(),
    };
    let item = OrderItemRow {
        tenant_id: TENANT.into(),
        order_id: id.into(),
        position: 0,
        sku: "SKU-var_1".into(),
        product_id: "prod_1".into(),
        variant_id: "var_1".into(),
        product_name: "Laptop".into(),
        product_image_url: None,
        quantity: units,
        rented: 0,
        unit_price: 4_900,
        setup_fee: 0,
        contract_length: 12,
        list_price: Some(100_000),
        list_price_source: "variant".into(),
        list_price_override: None,
        acquisition_cost: Some(80_000),
        acquisition_cost_source: "variant".into(),
        acquisition_cost_override: None,
    };
    (row, vec![item])
}

pub(crate) fn asset(serial_number: &str) -> AssetRow {
    AssetRow {
        tenant_id: TENANT.into(),
        serial_number: serial_number.into(),
        sku: "SKU-var_1".into(),
        product_id: "prod_1".into(),
        variant_id: "var_1".into(),
        product_name: "Laptop".into(),
        product_image_url: None,
        status: AssetStatus::Available,
        customer_id: None,
        rental_id: None,
        location: None,
        notes: None,
        acquisition_cost: None,
        acquisition_date: Some(day("2026-01-01")),
        condition: None,
        created_at: at(0),
        updated_at: at(0),
    }
}

pub(crate) fn subscription(
    id: &str,
    customer: &str,
    order: &str,
    serial_number: &str,
) -> SubscriptionRow {
    SubscriptionRow {
        tenant_id: TENANT.into(),
        id: id.into(),
        customer_id: customer.into(),
        order_id: order.into(),
        order_item: 0,
        billing_group_id: None,
        upgrade_from_rental_id: None,
        serial_number: serial_number.into(),
        sku: "SKU-var_1".into(),
        product_id: "prod_1".into(),
        variant_id: "var_1".into(),
        product_name: "Laptop".into(),
        product_image_url: None,
        customer_email: "ada@example.com".into(),
        customer_name: "Ada Lovelace".into(),
        status: SubscriptionStatus::Active,
        monthly_amount: 4_900,
        currency: "EUR".into(),
        original_contract_length: 12,
        contract_length: 12,
        start_date: day("2026-01-01"),
        end_date: day("2026-12-31"),
        schedule: None,
        list_price: Some(100_000),
        list_price_source: "variant".into(),
        list_price_captured_at: Some(at(2)),
        acquisition_cost: Some(80_000),
        acquisition_cost_source: "variant".into(),
        acquisition_cost_captured_at: Some(at(2)),
        total_collected: 0,
        actual_months_rented: None,
        months_saved: None,
        extension_history: Json::empty_array(),
        replacement_history: Json::empty_array(),
        buyout_details: None,
        early_return_details: None,
        cancellation_details: None,
        custom_fields: None,
        notes: None,
        created_at: at(2),
        updated_at: at(2),
        created_by: "key_1".into(),
    }
}

pub(crate) fn payment(id: &str, customer: &str, rental: &str, due: &str) -> PaymentRow {
    PaymentRow {
        tenant_id: TENANT.into(),
        id: id.into(),
        customer_id: customer.into(),
        rental_id: Some(rental.into()),
        billing_group_id: None,
        status: PaymentStatus::Pending,
        payment_type: PaymentType::Individual,
        subtotal: 4_900,
        tax_amount: 0,
        tax_rate: 0,
        total: 4_900,
        currency: "EUR".into(),
        billing_period: due[..7].into(),
        due_date: day(due),
        period_start: Some(day(due)),
        period_end: Some(day(due)),
        idempotency_key: format!("{rental}:{}", &due[..7]),
        line_items: None,
        consolidated_in: None,
        paid_at: None,
        last_capture_attempt: None,
        next_retry_at: None,
        provider: None,
        transaction_id: None,
        provider_response: None,
        manually_marked: false,
        payment_reference: None,
        marked_by: None,
        capture_attempts: 0,
        last_capture_error: None,
        notes: None,
        created_at: at(2),
        updated_at: at(2),
    }
}

/// Customer, one-unit order, asset and active subscription, all named after `n`.
pub(crate) fn rent(tx: &mut Tx<'_>, n: u32) -> Result<(), Error> {
    let (customer_id, order_id) = (format!("cust_{n}"), format!("ord_{n}"));
    let (rental, serial) = (format!("sub_{n}"), format!("SN{n}"));
    if customers::find(tx, &customer_id)?.is_none() {
        customers::insert(tx, &customer(&customer_id))?;
    }
    let (mut row, items) = order(&order_id, &customer_id, 1);
    orders::insert(tx, &row, &items, &[])?;
    assets::insert(tx, &asset(&serial))?;
    subscriptions::insert(tx, &subscription(&rental, &customer_id, &order_id, &serial))?;
    let mut device = asset(&serial);
    device.status = AssetStatus::RentedOut;
    device.customer_id = Some(customer_id);
    device.rental_id = Some(rental);
    assets::update(tx, &device)?;
    assert!(order_items::take_unit(tx, &order_id, 0)?);
    row.status = OrderStatus::Fulfilled;
    row.rented_devices = 1;
    orders::update(tx, &row)?;
    Ok(())
}
