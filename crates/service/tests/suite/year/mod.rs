//! A year of a tenant: orders, contracts and their ends, payments, billing groups, customers who
//! leave and come back, by a plan that looks random and is the same in every run. At the end of
//! every month everything that is stored and shown must fit together ([`checks`]).
//!
//! `YEAR_SEED` gives another year.

mod business;
mod checks;
mod customers;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::suite::support::{Answer, App, Random};

/// Requests of a day.
const A_DAY: i64 = 3;

/// Payment terms that the tenant has at times, and the days they give.
const PAYMENT_TERMS: [(&str, i64); 2] = [("due_immediately", 0), ("net_14", 14)];

/// A tenant, and what the plan remembers of it.
struct Year {
    app: App,
    random: Random,
    /// Names that were used: of customers, devices, variants.
    names: u64,
    emails: Vec<String>,
    /// Changes that cannot be read from the records any more, by event and resource.
    told: BTreeMap<(String, String), usize>,
    /// How often each operation succeeded and was refused.
    done: BTreeMap<String, (usize, usize)>,
}

#[tokio::test]
async fn a_year_of_business_leaves_nothing_that_does_not_fit_together() {
    let seed = std::env::var("YEAR_SEED")
        .ok()
        .and_then(|it| it.parse().ok());
    let seed = seed.unwrap_or(2_026);
    let mut year = Year::begin(seed).await;
    for month in 1..=12 {
        // The tenant changes its mind now and then; contracts go on as they began.
        year.change_settings(month).await;
        for _ in 0..30 {
            for _ in 0..A_DAY {
                year.something_happens().await;
            }
            year.app.advance_days(1);
            let outcome = year.app.service.end_contracts().await;
            outcome.expect("the job runs");
        }
        year.one_customer_leaves().await;
        year.check(&format!("seed {seed}, month {month}")).await;
    }
    // What was not done was not tested.
    let done = &year.done;
    println!("seed {seed}: {done:?}");
    for operation in OPERATIONS {
        let (succeeded, _) = done.get(operation).copied().unwrap_or_default();
        assert!(succeeded > 0, "`{operation}` never succeeded: {done:#?}");
    }
    assert!(done["deleteCustomer"].1 > 0, "no deletion was refused");
    year.app.finish().await;
}

const OPERATIONS: [&str; 21] = [
    "createOrder",
    "confirmOrder",
    "cancelOrder",
    "createSubscription",
    "extend",
    "upgrade",
    "replace",
    "buyout",
    "early-return",
    "cancel",
    "complete",
    "mark-paid",
    "cancelPayment",
    "record-attempt",
    "createBillingGroup",
    "updateBillingGroup",
    "deleteBillingGroup",
    "joinBillingGroup",
    "returnDevice",
    "deleteCustomer",
    "reactivate",
];

impl Year {
    async fn begin(seed: u64) -> Year {
        let app = App::start_with(|it| {
            it.taxes.enabled = true;
            it.taxes.default_rate = 19.0;
        })
        .await;
        app.post(
            "/v1/products",
            json!({
                "productSku": "P", "name": "Notebook", "specification": "16 GB",
                "category": "laptops", "brand": "Acme",
                "variants": (["S", "L"].map(|sku| json!({
                    "variantSku": sku, "variantName": sku, "grade": "A",
                    "listPrice": 900, "acquisitionCost": 400,
                    "pricing": ([1, 3, 6, 12].map(|months| json!({
                        "contractLength": months, "monthlyPrice": 70 - 2 * months,
                        "setupFee": if sku == "L" { 9.5 } else { 0.0 }
                    })))
                })))
            }),
        )
        .await
        .is(201);
        Year {
            app,
            random: Random::new(seed),
            names: 0,
            emails: Vec::new(),
            told: BTreeMap::new(),
            done: BTreeMap::new(),
        }
    }

    async fn change_settings(&mut self, month: i64) {
        let change = json!({
            "contractEnd": { "behaviour": match month {
                4 | 5 => "auto_renew_monthly",
                6 | 7 => "auto_terminate",
                8 | 9 => "auto_renew_same_term",
                _ => "require_action",
            } },
            "billing": {
                "cycle": self.random.pick(&["subscription_start", "fixed_day", "every_30_days"]),
                "dayOfMonth": self.random.within(1, 28),
                "firstPayment": self.random.pick(
                    &["full_month", "prorated", "free_until_cycle", "collected_externally"]
                ),
                "paymentTerms": self.random.pick(&PAYMENT_TERMS).0,
            },
            "taxes": { "calculation": self.random.pick(&["exclusive", "inclusive"]) },
            "extensions": { "createOrder": month % 2 == 0 },
        });
        self.app.patch("/v1/settings", change).await.is(200);
    }

    async fn something_happens(&mut self) {
        match self.random.below(100) {
            0..=13 => self.order().await,
            14..=21 => self.confirm().await,
            22..=24 => self.cancel_order().await,
            25..=39 => self.activate().await,
            40..=43 => self.extend().await,
            44..=46 => self.upgrade().await,
            47..=48 => self.replace().await,
            49..=54 => self.end().await,
            55..=76 => self.settle_payment().await,
            77..=89 => self.group().await,
            90..=92 => self.return_device().await,
            93..=96 => self.delete_customer().await,
            _ => self.reactivate().await,
        }
    }

    fn name(&mut self, kind: &str) -> String {
        self.names += 1;
        format!("{kind}{}", self.names)
    }

    /// Notes how a request ended; anything but success or a refusal that was to be expected is a fault.
    fn noted(&mut self, operation: &str, answer: &Answer, refusals: &[&str]) -> bool {
        let counts = self.done.entry(operation.to_owned()).or_default();
        if answer.status.is_success() {
            counts.0 += 1;
            return true;
        }
        counts.1 += 1;
        let code = answer.body["error"]["code"].as_str().unwrap_or_default();
        let what = &answer.body;
        assert!(refusals.contains(&code), "{operation}: {what:#}");
        false
    }

    fn tell(&mut self, event: &str, of: &str) {
        *self
            .told
            .entry((event.to_owned(), of.to_owned()))
            .or_insert(0) += 1;
    }

    /// Everything of a list, page by page.
    async fn all(&self, path: &str, name: &str) -> Vec<Value> {
        let mark = if path.contains('?') { '&' } else { '?' };
        let first = format!("{path}{mark}limit=100");
        let (mut path, mut found) = (first.clone(), Vec::new());
        loop {
            let page = self.app.get(&path).await;
            found.extend(
                page.is(200)[name]
                    .as_array()
                    .expect("a list")
                    .iter()
                    .cloned(),
            );
            match page.body["nextCursor"].as_str() {
                Some(cursor) => path = format!("{first}&startAfter={cursor}"),
                None => return found,
            }
        }
    }

    /// Some row of a list, if there is any.
    async fn some(&mut self, path: &str, name: &str) -> Option<Value> {
        let found = self.all(path, name).await;
        (!found.is_empty()).then(|| self.random.pick(&found).clone())
    }
}

/// A text of an answer.
fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name]
        .as_str()
        .unwrap_or_else(|| panic!("no {name}: {value:#}"))
}
