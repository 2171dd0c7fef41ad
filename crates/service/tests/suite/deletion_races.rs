//! deleteCustomer against everything that may happen to the customer at the same moment. Whatever
//! the interleaving, the outcome equals one of the two orders, and an inactive customer has no
//! active subscription, no open order and no device out. Half of the rounds go through two servers.

use crate::suite::support::{Answer, App, TENANT};
use serde_json::{Value, json};
use store::CustomerStatus;

/// Parallel rounds per race, after one in each order.
pub(super) const ROUNDS: usize = 60;

/// Status and, if refused, code.
type Outcome = (u16, String);

/// The outcomes of deletion and of the other request.
type Outcomes = (Outcome, Outcome);

/// A race, as a row of the contract's table.
struct Race {
    /// What deletion and the other request answer when deletion comes first.
    delete_first: Outcomes,
    /// And when the other request comes first.
    other_first: Outcomes,
}

fn ok(status: u16) -> Outcome {
    (status, String::new())
}

fn refused(status: u16, code: &str) -> Outcome {
    (status, code.into())
}

fn outcome(answer: &Answer) -> Outcome {
    let code = answer.body["error"]["code"].as_str().unwrap_or_default();
    (answer.status.as_u16(), code.into())
}

impl Race {
    /// Runs the race: once in each order to prove the table, then in parallel. `prepare` makes a
    /// customer and what `other` needs: (customer id, that).
    async fn run<T>(
        self,
        prepare: impl AsyncFn(&App, usize) -> (String, T),
        other: impl AsyncFn(&App, &T) -> Answer,
    ) {
        let app = App::start().await;
        let beside = app.beside().await;
        app.variant("SKU").await;
        for round in 0..ROUNDS + 2 {
            let (customer, with) = prepare(&app, round).await;
            // In pairs, so that each server sees both orders.
            let second = if round % 4 < 2 { &beside } else { &app };
            let path = format!("/v1/customers/{customer}");
            let (deleted, other) = match round {
                0 => {
                    let deleted = app.delete(&path).await;
                    (deleted, other(second, &with).await)
                }
                1 => {
                    let other = other(second, &with).await;
                    (app.delete(&path).await, other)
                }
                // Whoever is named first is sent first, which does not mean that it arrives first.
                _ if round % 2 == 0 => tokio::join!(app.delete(&path), other(second, &with)),
                _ => {
                    let (other, deleted) = tokio::join!(other(second, &with), app.delete(&path));
                    (deleted, other)
                }
            };
            let found = (outcome(&deleted), outcome(&other));
            match round {
                0 => assert_eq!(found, self.delete_first, "deletion first"),
                1 => assert_eq!(found, self.other_first, "deletion second"),
                _ => assert!(
                    found == self.delete_first || found == self.other_first,
                    "round {round}: {found:?} is neither {:?} nor {:?}",
                    self.delete_first,
                    self.other_first
                ),
            }
            check(&app, &customer).await;
        }
        beside.finish().await;
        app.finish().await;
    }
}

/// The invariant holds, and the status is what the events say.
pub(super) async fn check(app: &App, customer: &str) {
    let id = customer.to_owned();
    let (faults, status, deactivated, reactivated) = app
        .service
        .store()
        .read(move |tx| {
            let row = store::customers::find(tx, TENANT, &id)?.expect("the customer is there");
            let mut events = |kind| store::events::count(tx, TENANT, kind, &id);
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
