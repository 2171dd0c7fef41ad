//! Many payments settled at once over two servers: each is settled once, and whoever is refused disturbs nobody.

use std::collections::BTreeMap;
use std::sync::Arc;

use hyper::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::suite::support::{Answer, App, Random, TENANT};

/// How many requests are under way at once, half of them at each server.
const CALLERS: usize = 48;

/// What is sent, and what of.
#[derive(Clone)]
struct Sent {
    of: String,
    action: &'static str,
    body: Value,
    header: Option<(&'static str, String)>,
}

impl Sent {
    fn new(of: &str, action: &'static str, body: Value) -> Sent {
        Sent {
            of: of.into(),
            action,
            body,
            header: None,
        }
    }

    fn with(self, name: &'static str, value: String) -> Sent {
        Sent {
            header: Some((name, value)),
            ..self
        }
    }

    async fn to(&self, app: &App) -> Answer {
        let (method, path) = match self.action {
            "delete" => (Method::DELETE, format!("/v1/customers/{}", self.of)),
            action => (Method::POST, format!("/v1/payments/{}/{action}", self.of)),
        };
        let authorization = format!("Bearer {}", app.key);
        let mut headers = vec![
            ("authorization", authorization.as_str()),
            ("tenant-id", TENANT),
            ("content-type", "application/json"),
        ];
        let header = self.header.as_ref();
        headers.extend(header.map(|(name, value)| (*name, value.as_str())));
        app.send(method, &path, &headers, self.body.to_string())
            .await
    }
}

/// Customers, and their payments with the state in which each is found.
#[derive(Default)]
struct Crowd {
    running: Vec<String>,
    ended: Vec<String>,
    payments: BTreeMap<String, String>,
}

impl Crowd {
    /// Customers with contracts that run, with contracts that have ended, and one who pays for two at once.
    async fn gather(app: &App) -> Crowd {
        let mut crowd = Crowd::default();
        for number in 0..6 {
            let email = format!("c{number}@example.com");
            let (customer, _, rental) = app.renting(&email, &format!("S{number}")).await;
            if number % 2 == 0 {
                crowd.running.push(customer);
                continue;
            }
            let returned = json!({ "returnCondition": "good", "reason": "moved" });
            let path = format!("/v1/subscriptions/{rental}/early-return");
            app.post(&path, returned).await.is(200);
            crowd.ended.push(customer);
        }
        let (company, rentals) = app.company("company@example.com", &["G1", "G2"]).await;
        app.grouped(&company, 15, &rentals).await;
        crowd.running.push(company);
        for customer in crowd.running.iter().chain(&crowd.ended) {
            for (number, payment) in of(app, customer).await.into_iter().enumerate() {
                let id = payment["paymentId"].as_str().expect("an id").to_owned();
                if number % 11 == 3 && payment["status"] == "pending" {
                    let tried = json!({ "status": "processing" });
                    app.settle(&id, "record-attempt", tried).await.is(200);
                }
                let found = app.payment(&id).await["status"].clone();
                let found = found.as_str().expect("a status").to_owned();
                crowd.payments.insert(id, found);
            }
        }
        crowd
    }

    /// What is of one payment or customer together, so that it meets; else in an order that repeats.
    fn requests(&self) -> Vec<Sent> {
        let mut all = Vec::new();
        for (number, id) in self.payments.keys().enumerate() {
            let paid = |body| Sent::new(id, "mark-paid", body);
            let mut of_one = vec![
                paid(json!({})),
                paid(json!({ "reference": number.to_string() })),
                paid(json!({ "paidAt": "2026-03-09T10:00:00Z", "notes": "by transfer" })),
            ];
            let also = match number % 6 {
                0 | 1 => Sent::new(id, "cancel", json!({ "reason": "waived" })),
                2 => paid(json!({})).with("idempotency-key", format!("key-{number}")),
                3 => paid(json!({})).with("if-match", "\"old\"".into()),
                4 => paid(json!({ "paidAt": "2027-01-01T00:00:00Z" })),
                _ => Sent::new(&format!("{id}-unknown"), "mark-paid", json!({})),
            };
            of_one.push(also);
            all.push(of_one);
        }
        for customer in self.running.iter().chain(&self.ended) {
            let deleted = Sent::new(customer, "delete", json!({}));
            all.push(vec![deleted.clone(), deleted]);
        }
        let mut random = Random::new(7);
        for index in (1..all.len()).rev() {
            let other = random.below(i64::try_from(index).expect("a few") + 1);
            all.swap(index, usize::try_from(other).expect("not negative"));
        }
        all.into_iter().flatten().collect()
    }
}

/// All payments of a customer.
async fn of(app: &App, customer: &str) -> Vec<Value> {
    let path = format!("/v1/payments?customerId={customer}&limit=100");
    let answer = app.get(&path).await;
    assert_eq!(answer.is(200)["hasMore"], false);
    answer.body["payments"].as_array().expect("a list").clone()
}

/// A server with so few connections, as all have here, that requests wait for them.
async fn beside(app: &App) -> Arc<App> {
    Arc::new(app.beside().await)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_crowd_settles_each_payment_once() {
    let app = App::start().await;
    let servers = [beside(&app).await, beside(&app).await];
    let crowd = Crowd::gather(&app).await;
    let all = crowd.requests();
    let mut callers = JoinSet::new();
    for caller in 0..CALLERS {
        let server = Arc::clone(&servers[caller % 2]);
        let own: Vec<Sent> = all.iter().skip(caller).step_by(CALLERS).cloned().collect();
        callers.spawn(async move {
            let mut heard = Vec::new();
            for sent in own {
                let answer = sent.to(&server).await;
                heard.push((sent, answer));
            }
            heard
        });
    }
    let answers: Vec<(Sent, Answer)> = callers.join_all().await.into_iter().flatten().collect();
    for server in &servers {
        let statistics = server.service.store().statistics();
        assert_eq!(statistics.retries, 0, "nobody waits in a circle");
    }
    let events = app.events().await;
    let told = |kind: &str, name: &str, id: &str| {
        let all = events.iter();
        all.filter(|(it, data)| it == kind && data[name] == id)
            .count()
    };
    let mut settled: BTreeMap<&str, usize> = BTreeMap::new();
    for (
        Sent {
            of,
            action,
            body,
            header,
        },
        answer,
    ) in &answers
    {
        let found = crowd.payments.get(of).map_or("", String::as_str);
        if *action == "delete" {
            match crowd.ended.contains(of) {
                true => answer.is(200),
                false => answer.refused(409, "CUSTOMER_HAS_ACTIVE_SUBSCRIPTIONS"),
            };
        } else if found.is_empty() {
            answer.refused(404, "NOT_FOUND");
        } else if header.as_ref().is_some_and(|(name, _)| *name == "if-match") {
            answer.refused(412, "PRECONDITION_FAILED");
        } else if body["paidAt"] == "2027-01-01T00:00:00Z" {
            answer.refused(400, "INVALID_DATE");
        } else if answer.status == 200 {
            *settled.entry(of).or_default() += 1;
            assert_eq!(answer.body["payment"], app.payment(of).await);
        } else {
            let now = app.payment(of).await["status"].clone();
            let code = match (now.as_str(), *action) {
                (Some("processing"), _) => "PAYMENT_PROCESSING",
                (Some("paid"), _) => "ALREADY_PAID",
                (Some("cancelled"), "cancel") => "ALREADY_CANCELLED",
                (Some("cancelled"), _) => "PAYMENT_CANCELLED",
                (other, _) => panic!("{of} is {other:?} after it was refused"),
            };
            answer.refused(400, code);
        }
    }
    for (id, found) in &crowd.payments {
        let times = settled.get(id.as_str()).copied().unwrap_or(0);
        assert_eq!(times, usize::from(found == "pending"), "{id} was {found}");
        let paid = app.payment(id).await["status"] == "paid";
        let events = told("payment.succeeded", "paymentId", id);
        assert_eq!(events, usize::from(paid), "{id}");
    }
    for customer in crowd.running.iter().chain(&crowd.ended) {
        let paid = of(&app, customer).await.into_iter();
        let paid = paid.filter(|it| it["status"] == "paid");
        let paid: f64 = paid
            .map(|it| it["subtotal"].as_f64().expect("an amount"))
            .sum();
        let shown = app.get_customer(customer).await;
        assert_eq!(shown["lifetimeCollected"], paid);
        let deleted = crowd.ended.contains(customer);
        assert_eq!(shown["status"] == "inactive", deleted);
        let events = told("customer.deactivated", "customerId", customer);
        assert_eq!(events, usize::from(deleted));
    }
    for server in servers {
        let server = Arc::into_inner(server);
        server.expect("every request is over").finish().await;
    }
    app.finish().await;
}
