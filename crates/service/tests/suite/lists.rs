//! What all lists have in common: how much is on a page, and where the next one begins.

use hyper::Method;
use serde_json::{Value, json};

use crate::suite::support::{Answer, App, ORGANISATION_KEY, order_body};

/// A list: its path, the name of its items, its largest page and the usual one, and whether it says `limit`.
const LISTS: [(&str, &str, i64, i64, bool); 12] = [
    ("/v1/customers", "customers", 100, 50, true),
    ("/v1/orders", "orders", 100, 50, true),
    ("/v1/subscriptions", "rentals", 100, 50, true),
    ("/v1/products", "products", 100, 50, true),
    ("/v1/products/variants", "variants", 5000, 5000, true),
    ("/v1/assets", "assets", 100, 50, true),
    ("/v1/payments", "payments", 100, 50, false),
    ("/v1/billing-groups", "billingGroups", 100, 50, false),
    ("/v1/files", "files", 100, 50, true),
    ("/v1/webhook-endpoints", "endpoints", 100, 50, true),
    ("/v1/tenants", "tenants", 100, 50, true),
    ("/v1/tenants/bu_test/api-keys", "apiKeys", 100, 50, true),
];

impl App {
    /// Reads as whoever may.
    async fn listed(&self, path: &str) -> Answer {
        if !path.starts_with("/v1/tenants") {
            return self.get(path).await;
        }
        let bearer = format!("Bearer {ORGANISATION_KEY}");
        let headers = [("authorization", bearer.as_str())];
        self.send(Method::GET, path, &headers, "").await
    }
}

/// Two records in every list.
async fn two_of_everything() -> App {
    let app = App::start().await;
    for (name, sku) in [("ada", "SKU"), ("bob", "OTHER")] {
        app.variant(sku).await;
        let mut order = order_body(&format!("{name}@example.com"), sku, 1);
        order["customer"]["customerType"] = json!("business");
        let order = app.post("/v1/orders", order).await;
        let (id, customer) = (
            order.text("/orderId"),
            order.text("/order/customer/customerId"),
        );
        app.confirm(&id).await;
        app.asset(name, sku).await;
        let rental = app.subscribe(&id, &customer, name).await;
        let group = json!({
            "customerId": customer, "groupName": name, "billingDay": 1, "rentalIds": [rental]
        });
        app.post("/v1/billing-groups", group).await.is(201);
        app.contract(&id).await;
        let endpoint = json!({ "url": "https://hooks.example.com/", "events": ["order.created"] });
        app.post("/v1/webhook-endpoints", endpoint).await.is(201);
    }
    app.key_with(&[]).await;
    app.other_tenant("bu_other").await;
    app
}

#[tokio::test]
async fn a_limit_is_a_number_from_one_to_the_largest_page() {
    let app = two_of_everything().await;
    for (path, items, most, usual, says) in LISTS {
        for limit in [1, most] {
            let answer = app.listed(&format!("{path}?limit={limit}")).await;
            let body = answer.is(200);
            assert_eq!(
                body.get("limit"),
                says.then(|| json!(limit)).as_ref(),
                "{path}"
            );
        }
        let answer = app.listed(path).await;
        let body = answer.is(200);
        assert_eq!(
            body.get("limit"),
            says.then(|| json!(usual)).as_ref(),
            "{path}"
        );
        let count = body[items].as_array().map(Vec::len);
        assert_eq!(
            count.map(|it| json!(it)).as_ref(),
            body.get("count"),
            "{path}"
        );
        let beyond = (most + 1).to_string();
        for limit in [
            "0",
            &beyond,
            "-1",
            "1.5",
            "1e1",
            "ten",
            "",
            "%201",
            "9223372036854775808",
        ] {
            let answer = app.listed(&format!("{path}?limit={limit}")).await;
            answer.refused(400, "VALIDATION_ERROR");
            assert_eq!(answer.details()[0].0, "limit", "{path} {limit}");
        }
        // Names that nobody knows are for somebody else.
        app.listed(&format!("{path}?unheard=of&offset=1"))
            .await
            .is(200);
    }
    app.finish().await;
}

#[tokio::test]
async fn a_cursor_leads_on_in_its_own_list_until_there_is_no_more() {
    let app = two_of_everything().await;
    let mut cursors = Vec::new();
    for (path, items, ..) in LISTS {
        let whole = app.listed(path).await.is(200)[items]
            .as_array()
            .expect(items)
            .clone();
        assert!(whole.len() >= 2, "{path}");
        let (mut walked, mut next) = (Vec::new(), format!("{path}?limit=1"));
        loop {
            let page = app.listed(&next).await;
            walked.extend(page.is(200)[items].as_array().expect(items).clone());
            assert_eq!(page.body["hasMore"], !page.body["nextCursor"].is_null());
            let Some(cursor) = page.body["nextCursor"].as_str() else {
                assert_eq!(page.body["nextCursor"], Value::Null);
                break;
            };
            if walked.len() == 1 {
                cursors.push((path, cursor.to_owned()));
            }
            next = format!("{path}?limit=1&startAfter={cursor}");
        }
        assert_eq!(walked, whole, "{path}");
    }
    for (of, cursor) in &cursors {
        for (path, ..) in LISTS {
            let answer = app.listed(&format!("{path}?startAfter={cursor}")).await;
            match path == *of {
                true => drop(answer.is(200)),
                false => drop(answer.refused(400, "INVALID_CURSOR")),
            }
        }
    }
    app.finish().await;
}
