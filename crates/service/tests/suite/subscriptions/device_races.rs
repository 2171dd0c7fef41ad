//! Requests that want the same free device at the same moment: it goes one way, and every row says
//! which.

use serde_json::{Value, json};

use crate::suite::support::{Answer, App, Race, ok, refused};

/// An order with units for every round: (order id, customer id).
async fn large_order(app: &App) -> (String, String) {
    let (order, customer) = app.order("ada@example.com", "SKU", 1000).await;
    app.confirm(&order).await;
    (order, customer)
}

/// A free device of this round.
async fn free_device(app: &App, round: usize) -> String {
    let serial = format!("S{round}");
    app.asset(&serial, "SKU").await;
    serial
}

/// The subscription is active and has the device, and the device is rented out by it.
async fn is_rented_out(app: &App, serial: &str, rental: &str) {
    let asset = app.get_asset(serial).await;
    assert_eq!(asset["status"], "rented_out");
    assert_eq!(asset["rentalId"], rental);
    let rental = app.rental(rental).await;
    assert_eq!(rental["status"], "active");
    assert_eq!(rental["assetSerialNumber"], serial);
}

/// Taking a free device out of use, which leaves it in `status`, against a subscription that wants
/// it.
async fn a_subscription_against(status: &str, take: impl AsyncFn(&App, &str) -> Answer) {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, customer) = large_order(&app).await;
    let race = Race {
        one_first: (ok(201), refused(409, "ASSET_IN_USE")),
        other_first: (refused(400, "ASSET_NOT_AVAILABLE"), ok(200)),
    };
    race.run(
        &app,
        async |round| free_device(&app, round).await,
        async |server, serial| start(server, &order, &customer, serial).await,
        async |server, serial| take(server, &format!("/v1/assets/{serial}")).await,
        async |serial, started, _| {
            if started.status == 201 {
                is_rented_out(&app, serial, &started.text("/rentalId")).await;
            } else {
                let asset = app.get_asset(serial).await;
                assert_eq!(asset["status"], status);
                assert_eq!(asset["rentalId"], Value::Null);
            }
        },
    )
    .await;
    app.finish().await;
}

async fn start(app: &App, order: &str, customer: &str, serial: &str) -> Answer {
    let body = json!({ "orderId": order, "customerId": customer, "assetSerialNumber": serial });
    app.post("/v1/subscriptions", body).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_subscription_against_the_device_becoming_unavailable() {
    a_subscription_against("unavailable", async |server, asset| {
        server.put(asset, json!({ "status": "unavailable" })).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_subscription_against_the_sale_of_the_device() {
    a_subscription_against("sold", async |server, asset| {
        server.put(asset, json!({ "status": "sold" })).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_subscription_against_the_deletion_of_the_device() {
    a_subscription_against("unavailable", async |server, asset| {
        server.delete(asset).await
    })
    .await;
}

fn replace(serial: &str) -> Value {
    json!({ "newSerialNumber": serial, "replacementReason": "damaged" })
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_replacement_against_the_device_becoming_unavailable() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("bob@example.com", "OLD").await;
    let race = Race {
        one_first: (ok(200), refused(409, "ASSET_IN_USE")),
        other_first: (refused(400, "ASSET_NOT_AVAILABLE"), ok(200)),
    };
    race.run(
        &app,
        async |round| {
            let has = app.rental(&rental).await["assetSerialNumber"].clone();
            (free_device(&app, round).await, has)
        },
        async |server, (serial, _)| server.act(&rental, "replace", replace(serial)).await,
        async |server, (serial, _)| {
            let asset = format!("/v1/assets/{serial}");
            server.put(&asset, json!({ "status": "unavailable" })).await
        },
        async |(serial, had), replaced, _| {
            let had = had.as_str().unwrap();
            let (has, free) = match replaced.status.as_u16() {
                200 => (serial.as_str(), had),
                _ => (had, serial.as_str()),
            };
            is_rented_out(&app, has, &rental).await;
            assert_eq!(app.get_asset(free).await["status"], "unavailable");
        },
    )
    .await;
    app.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_subscription_against_a_replacement_for_another_customer() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("bob@example.com", "OLD").await;
    let (order, customer) = large_order(&app).await;
    let taken = || refused(400, "ASSET_NOT_AVAILABLE");
    let race = Race {
        one_first: (ok(201), taken()),
        other_first: (taken(), ok(200)),
    };
    race.run(
        &app,
        async |round| {
            let has = app.rental(&rental).await["assetSerialNumber"].clone();
            (free_device(&app, round).await, has)
        },
        async |server, (serial, _)| start(server, &order, &customer, serial).await,
        async |server, (serial, _)| server.act(&rental, "replace", replace(serial)).await,
        async |(serial, had), started, _| {
            let had = had.as_str().unwrap();
            if started.status == 201 {
                is_rented_out(&app, serial, &started.text("/rentalId")).await;
                is_rented_out(&app, had, &rental).await;
            } else {
                is_rented_out(&app, serial, &rental).await;
                assert_eq!(app.get_asset(had).await["status"], "unavailable");
            }
        },
    )
    .await;
    app.finish().await;
}
