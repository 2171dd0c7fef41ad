//! The states of a device: which change by hand, which only through subscriptions, and what a
//! device out with a customer forbids.

use crate::suite::support::{self, App};
use serde_json::{Value, json};

async fn set(app: &App, serial: &str, status: &str) -> support::Answer {
    app.put(&format!("/v1/assets/{serial}"), json!({ "status": status }))
        .await
}

async fn asset(app: &App, serial: &str) -> Value {
    app.get(&format!("/v1/assets/{serial}"))
        .await
        .is(200)
        .clone()
}

/// Brings a fresh device into a state that can be reached by hand.
async fn in_state(app: &App, serial: &str, status: &str) {
    app.asset(serial, "SKU").await;
    match status {
        "available" => {}
        "returned" => {
            set(app, serial, "unavailable").await.is(200);
            set(app, serial, "returned").await.is(200);
        }
        other => {
            set(app, serial, other).await.is(200);
        }
    }
}

/// Ends a subscription so that its device stays out.
async fn cancel(app: &App, rental: &str) {
    let path = format!("/v1/subscriptions/{rental}/cancel");
    app.post(&path, json!({ "reason": "customer_request" }))
        .await
        .is(200);
}

#[tokio::test]
async fn only_the_changes_of_the_table_can_be_recorded() {
    let app = App::start().await;
    app.variant("SKU").await;
    let states = ["available", "rented_out", "returned", "sold", "unavailable"];
    let allowed = [
        ("returned", "available"),
        ("returned", "unavailable"),
        ("returned", "sold"),
        ("unavailable", "available"),
        ("unavailable", "returned"),
        ("available", "unavailable"),
        ("available", "sold"),
    ];
    for from in ["available", "returned", "sold", "unavailable"] {
        for to in states {
            let serial = format!("{from}-{to}");
            in_state(&app, &serial, from).await;
            let before = asset(&app, &serial).await;
            let answer = set(&app, &serial, to).await;
            if from == to {
                assert_eq!(
                    answer.is(200)["asset"],
                    before,
                    "the same state again changes nothing"
                );
            } else if allowed.contains(&(from, to)) {
                assert_eq!(answer.is(200)["asset"]["status"], to);
            } else {
                answer.refused(400, "INVALID_STATUS");
                assert_eq!(asset(&app, &serial).await, before);
            }
        }
    }
    in_state(&app, "S1", "available").await;
    set(&app, "S1", "in_repair")
        .await
        .refused(400, "INVALID_STATUS");
    assert!(
        app.events().await.is_empty(),
        "a device that was not rented does not return"
    );
    app.finish().await;
}

#[tokio::test]
async fn deleting_puts_a_device_out_of_use_and_available_restores_it() {
    let app = App::start().await;
    app.variant("SKU").await;
    for state in ["available", "returned", "sold", "unavailable"] {
        in_state(&app, state, state).await;
        let path = format!("/v1/assets/{state}");
        assert_eq!(app.delete(&path).await.is(200)["serialNumber"], state);
        let before = asset(&app, state).await;
        assert_eq!(before["status"], "unavailable");
        app.delete(&path).await.is(200);
        assert_eq!(asset(&app, state).await, before, "a repeat changes nothing");
        assert_eq!(
            set(&app, state, "available").await.is(200)["asset"]["status"],
            "available"
        );
    }
    app.finish().await;
}

#[tokio::test]
async fn a_rented_device_keeps_its_state_and_sku() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "S1").await;
    app.variant("OTHER").await;
    let before = asset(&app, "S1").await;
    assert_eq!(before["status"], "rented_out");
    assert_eq!(
        (&before["customerId"], &before["rentalId"]),
        (&json!(customer), &json!(rental))
    );
    for status in ["available", "returned", "sold", "unavailable"] {
        set(&app, "S1", status).await.refused(409, "ASSET_IN_USE");
    }
    app.put("/v1/assets/S1", json!({ "sku": "OTHER" }))
        .await
        .refused(409, "ASSET_IN_USE");
    app.delete("/v1/assets/S1")
        .await
        .refused(409, "ASSET_IN_USE");
    set(&app, "S1", "lost").await.refused(400, "INVALID_STATUS");
    app.put("/v1/assets/S1", json!({ "sku": "NONE" }))
        .await
        .refused(400, "VARIANT_NOT_FOUND");
    assert_eq!(asset(&app, "S1").await, before);

    set(&app, "S1", "rented_out").await.is(200);
    let body = json!({ "notes": "seen in Berlin", "sku": "SKU", "status": "rented_out" });
    assert_eq!(
        app.put("/v1/assets/S1", body).await.is(200)["asset"]["notes"],
        "seen in Berlin"
    );
    let list = app
        .get(&format!(
            "/v1/assets?customerId={customer}&rentalId={rental}"
        ))
        .await;
    assert_eq!(list.is(200)["count"], 1);
    app.finish().await;
}

#[tokio::test]
async fn the_return_or_loss_is_recorded_once_the_subscription_has_ended() {
    for (to, returned) in [
        ("returned", true),
        ("available", true),
        ("unavailable", false),
    ] {
        let app = App::start().await;
        let (customer, _, rental) = app.renting("ada@example.com", "S1").await;
        cancel(&app, &rental).await;
        let out = asset(&app, "S1").await;
        assert_eq!(
            out["status"], "rented_out",
            "cancelling does not bring the device back"
        );
        app.delete("/v1/assets/S1")
            .await
            .refused(409, "ASSET_IN_USE");
        let customer_path = format!("/v1/customers/{customer}");
        app.delete(&customer_path)
            .await
            .refused(409, "CUSTOMER_HAS_UNRETURNED_DEVICES");

        let answer = set(&app, "S1", to).await;
        let after = &answer.is(200)["asset"];
        assert_eq!(after["status"], to);
        assert!(after.get("customerId").is_none() && after.get("rentalId").is_none());

        let told: Vec<_> = app
            .events()
            .await
            .into_iter()
            .filter(|(kind, _)| kind == "asset.returned")
            .collect();
        let data =
            json!({ "serialNumber": "S1", "subscriptionId": rental, "customerId": customer });
        let expected = if returned {
            vec![("asset.returned".to_owned(), data)]
        } else {
            vec![]
        };
        assert_eq!(told, expected, "{to}");
        app.delete(&customer_path).await.is(200);
        app.finish().await;
    }
}

#[tokio::test]
async fn a_later_sale_keeps_the_holder_until_the_record_is_deleted() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "S1").await;
    cancel(&app, &rental).await;
    let sold = set(&app, "S1", "sold").await.is(200)["asset"].clone();
    assert_eq!(
        (&sold["customerId"], &sold["rentalId"]),
        (&json!(customer), &json!(rental))
    );
    assert!(
        !app.event_kinds()
            .await
            .contains(&"asset.returned".to_owned())
    );
    set(&app, "S1", "available")
        .await
        .refused(400, "INVALID_STATUS");

    app.delete("/v1/assets/S1").await.is(200);
    let gone = asset(&app, "S1").await;
    assert_eq!(gone["status"], "unavailable");
    assert!(gone.get("customerId").is_none() && gone.get("rentalId").is_none());
    app.finish().await;
}

#[tokio::test]
async fn a_refused_change_leaves_no_event() {
    let app = App::start().await;
    let (_, _, rental) = app.renting("ada@example.com", "S1").await;
    cancel(&app, &rental).await;
    let events = app.event_kinds().await;
    let body = json!({ "status": "returned", "acquisitionCost": 0.001 });
    app.put("/v1/assets/S1", body)
        .await
        .refused(400, "INVALID_PRICING");
    let body = json!({ "status": "returned", "sku": "NONE" });
    app.put("/v1/assets/S1", body)
        .await
        .refused(400, "VARIANT_NOT_FOUND");
    assert_eq!(app.event_kinds().await, events);
    assert_eq!(asset(&app, "S1").await["status"], "rented_out");
    app.finish().await;
}

#[tokio::test]
async fn the_sku_of_a_device_that_is_still_out_can_be_corrected() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "S1").await;
    app.variant("OTHER").await;
    cancel(&app, &rental).await;
    let after = app
        .put("/v1/assets/S1", json!({ "sku": "OTHER" }))
        .await
        .is(200)["asset"]
        .clone();
    assert_eq!(
        (&after["sku"], &after["status"]),
        (&json!("OTHER"), &json!("rented_out"))
    );
    assert_eq!(after["customerId"], customer.as_str());
    app.finish().await;
}

#[tokio::test]
async fn recording_the_last_return_and_deleting_the_customer_never_both_miss() {
    let app = App::start().await;
    let (customer, _, rental) = app.renting("ada@example.com", "S1").await;
    cancel(&app, &rental).await;
    let path = format!("/v1/customers/{customer}");
    let (deleted, returned) = tokio::join!(app.delete(&path), set(&app, "S1", "returned"));
    returned.is(200);
    match deleted.status.as_u16() {
        200 => assert_eq!(app.get(&path).await.is(200)["status"], "inactive"),
        _ => {
            deleted.refused(409, "CUSTOMER_HAS_UNRETURNED_DEVICES");
            app.delete(&path).await.is(200);
        }
    }
    app.finish().await;
}
