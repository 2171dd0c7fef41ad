//! deleteCustomer against everything that may happen to the customer at the same moment. Whatever
//! the interleaving, the outcome equals one of the two orders, and an inactive customer has no
//! active subscription, no open order and no device out. Half of the rounds go through two servers.

use crate::suite::support::{self, Answer, App, Outcomes, TENANT, ok, refused};
use serde_json::{Value, json};
use store::CustomerStatus;

/// A race, as a row of the contract's table.
struct Race {
    /// What deletion and the other request answer when deletion comes first.
    delete_first: Outcomes,
    /// And when the other request comes first.
    other_first: Outcomes,
}

impl Race {
    /// Runs the race. `prepare` makes a customer and what `other` needs: (customer id, that).
    async fn run<T>(
        self,
        prepare: impl AsyncFn(&App, usize) -> (String, T),
        other: impl AsyncFn(&App, &T) -> Answer,
    ) {
        let app = App::start().await;
        app.variant("SKU").await;
        let race = support::Race {
            one_first: self.delete_first,
            other_first: self.other_first,
        };
        race.run(
            &app,
            async |round| prepare(&app, round).await,
            async |server, (customer, _)| server.delete(&format!("/v1/customers/{customer}")).await,
            async |server, (_, with)| other(server, with).await,
            async |(customer, _), _, _| check(&app, customer).await,
        )
        .await;
        app.finish().await;
    }
}

/// The invariant holds, and the status is what the events say.
pub(super) async fn check(app: &App, customer: &str) {
    let id = customer.to_owned();
    let (faults, status, deactivated, reactivated) = app
        .service
        .store()
        .read_in(&TENANT.into(), move |tx| {
            let row = store::customers::find(tx, &id)?.expect("the customer is there");
            let mut events = |kind| store::events::count(tx, kind, &id);
            let deactivated = events("customer.deactivated")?;
            let reactivated = events("customer.reactivated")?;
            let faults = store::verify_invariants(tx, TENANT)?;
            Ok::<_, store::Error>((faults, row.status, deactivated, reactivated))
        })
        .await
        .expect("the database is readable");
    assert!(faults.is_empty(), "{faults:#?}");
    let inactive = i64::from(status == CustomerStatus::Inactive);
    assert_eq!(
        deactivated - reactivated,
        inactive,
        "events and status disagree"
    );
}

fn email(round: usize) -> String {
    format!("ada{round}@example.com")
}

pub(super) fn order_body(round: usize, quantity: u64) -> Value {
    json!({
        "customer": { "email": email(round), "firstName": "Ada", "lastName": "Lovelace" },
        "billingAddress": {
            "contactName": "Ada", "streetAddress": "1", "city": "Berlin", "country": "DE"
        },
        "items": [{ "sku": "SKU", "quantity": quantity, "contractLength": 12 }]
    })
}

/// A settled customer.
pub(super) async fn settled(app: &App, round: usize) -> String {
    app.customer(&email(round)).await
}

/// A customer with one active subscription: (customer id, rental id).
pub(super) async fn renting(app: &App, round: usize) -> (String, String) {
    let (customer, _, rental) = app.renting(&email(round), &format!("S{round}")).await;
    (customer, rental)
}

/// A customer with a confirmed order and an asset for it: (customer id, order id).
async fn confirmed(app: &App, round: usize) -> (String, String) {
    app.asset(&format!("S{round}"), "SKU").await;
    let (order, customer) = app.order(&email(round), "SKU", 1).await;
    app.confirm(&order).await;
    (customer, order)
}

pub(super) async fn act(app: &App, rental: &str, action: &str, body: Value) -> Answer {
    app.post(&format!("/v1/subscriptions/{rental}/{action}"), body)
        .await
}

pub(super) const SUBSCRIPTIONS: &str = "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS";
pub(super) const ORDERS: &str = "CUSTOMER_HAS_PENDING_ORDERS";
const DEVICES: &str = "CUSTOMER_HAS_UNRETURNED_DEVICES";

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_a_new_order() {
    Race {
        delete_first: (ok(200), refused(400, "CUSTOMER_INACTIVE")),
        other_first: (refused(409, ORDERS), ok(201)),
    }
    .run(
        async |app, round| (settled(app, round).await, order_body(round, 3)),
        async |app, body| app.post("/v1/orders", body.clone()).await,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_the_confirmation_of_an_order() {
    Race {
        delete_first: (refused(409, ORDERS), ok(200)),
        other_first: (refused(409, ORDERS), ok(200)),
    }
    .run(
        async |app, round| {
            let (order, customer) = app.order(&email(round), "SKU", 1).await;
            (customer, order)
        },
        async |app, order| {
            app.post(&format!("/v1/orders/{order}/confirm"), json!({}))
                .await
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_the_cancellation_of_the_last_open_order() {
    Race {
        delete_first: (refused(409, ORDERS), ok(200)),
        other_first: (ok(200), ok(200)),
    }
    .run(confirmed, async |app, order| {
        app.post(&format!("/v1/orders/{order}/cancel"), json!({}))
            .await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_a_new_subscription() {
    Race {
        delete_first: (refused(409, ORDERS), ok(201)),
        other_first: (refused(409, SUBSCRIPTIONS), ok(201)),
    }
    .run(
        async |app, round| {
            let (customer, order) = confirmed(app, round).await;
            let body = json!({
                "orderId": order, "customerId": customer, "assetSerialNumber": format!("S{round}")
            });
            (customer, body)
        },
        async |app, body| app.post("/v1/subscriptions", body.clone()).await,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_the_cancellation_of_the_last_subscription() {
    Race {
        delete_first: (refused(409, SUBSCRIPTIONS), ok(200)),
        other_first: (refused(409, DEVICES), ok(200)),
    }
    .run(renting, async |app, rental| {
        act(app, rental, "cancel", json!({ "reason": "other" })).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_an_early_return() {
    Race {
        delete_first: (refused(409, SUBSCRIPTIONS), ok(200)),
        other_first: (ok(200), ok(200)),
    }
    .run(renting, async |app, rental| {
        let body = json!({ "returnCondition": "good", "reason": "done" });
        act(app, rental, "early-return", body).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_a_buyout() {
    Race {
        delete_first: (refused(409, SUBSCRIPTIONS), ok(200)),
        other_first: (ok(200), ok(200)),
    }
    .run(renting, async |app, rental| {
        act(
            app,
            rental,
            "buyout",
            json!({ "reason": "customer_request" }),
        )
        .await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_the_completion_of_the_contract() {
    Race {
        delete_first: (refused(409, SUBSCRIPTIONS), ok(200)),
        other_first: (ok(200), ok(200)),
    }
    .run(
        async |app, round| {
            let prepared = renting(app, round).await;
            app.advance_days(366);
            prepared
        },
        async |app, rental| act(app, rental, "complete", json!({})).await,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_an_upgrade() {
    Race {
        delete_first: (refused(409, SUBSCRIPTIONS), ok(200)),
        other_first: (refused(409, SUBSCRIPTIONS), ok(200)),
    }
    .run(
        async |app, round| {
            let (customer, rental) = renting(app, round).await;
            let serial = format!("NEW{round}");
            app.asset(&serial, "SKU").await;
            let body = json!({
                "newSku": "SKU", "newSerialNumber": serial, "contractLength": 24,
                "newMonthlyAmount": 60, "reason": "newer"
            });
            (customer, (rental, body))
        },
        async |app, (rental, body)| act(app, rental, "upgrade", body.clone()).await,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_an_extension() {
    Race {
        delete_first: (refused(409, SUBSCRIPTIONS), ok(200)),
        other_first: (refused(409, SUBSCRIPTIONS), ok(200)),
    }
    .run(renting, async |app, rental| {
        let body = json!({ "extensionMonths": 6, "reason": "likes it" });
        act(app, rental, "extend", body).await
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_the_return_of_the_last_device() {
    Race {
        delete_first: (refused(409, DEVICES), ok(200)),
        other_first: (ok(200), ok(200)),
    }
    .run(
        async |app, round| {
            let (customer, rental) = renting(app, round).await;
            act(app, &rental, "cancel", json!({ "reason": "other" }))
                .await
                .is(200);
            (customer, format!("/v1/assets/S{round}"))
        },
        async |app, asset| app.put(asset, json!({ "status": "returned" })).await,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_another_deletion() {
    // `check` sees that the two wrote one event between them.
    Race {
        delete_first: (ok(200), ok(200)),
        other_first: (ok(200), ok(200)),
    }
    .run(
        async |app, round| {
            let customer = settled(app, round).await;
            (customer.clone(), format!("/v1/customers/{customer}"))
        },
        async |app, path| app.delete(path).await,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_a_deactivation_by_update() {
    Race {
        delete_first: (ok(200), ok(200)),
        other_first: (ok(200), ok(200)),
    }
    .run(
        async |app, round| {
            let customer = settled(app, round).await;
            (customer.clone(), format!("/v1/customers/{customer}"))
        },
        async |app, path| app.put(path, json!({ "status": "inactive" })).await,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_a_reactivation() {
    // Deletion first: active in the end, with two events; else inactive, with one. `check` sees
    // both.
    Race {
        delete_first: (ok(200), ok(200)),
        other_first: (ok(200), ok(200)),
    }
    .run(
        async |app, round| {
            let customer = settled(app, round).await;
            (customer.clone(), format!("/v1/customers/{customer}"))
        },
        async |app, path| app.put(path, json!({ "status": "active" })).await,
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_a_correction_of_the_profile() {
    Race {
        delete_first: (ok(200), ok(200)),
        other_first: (ok(200), ok(200)),
    }
    .run(
        async |app, round| {
            let customer = settled(app, round).await;
            (customer.clone(), format!("/v1/customers/{customer}"))
        },
        async |app, path| {
            let answer = app.put(path, json!({ "phone": "1" })).await;
            assert_eq!(answer.is(200)["customer"]["phone"], "1");
            answer
        },
    )
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn against_the_payment_of_what_is_owed() {
    Race {
        delete_first: (ok(200), ok(200)),
        other_first: (ok(200), ok(200)),
    }
    .run(
        async |app, round| {
            let (customer, rental) = renting(app, round).await;
            let end = json!({ "returnCondition": "good", "reason": "done", "earlyReturnFee": 0 });
            act(app, &rental, "early-return", end).await.is(200);
            let path = format!("/v1/payments?rentalId={rental}&status=pending");
            let payment = app.get(&path).await.text("/payments/0/paymentId");
            (customer, format!("/v1/payments/{payment}/mark-paid"))
        },
        async |app, path| app.post(path, json!({})).await,
    )
    .await;
}
