//! Business units and their keys over the API: from nothing to a first request.

use hyper::Method;
use serde_json::{Value, json};
use store::tenants::{TenantStatus, set_status};

use crate::suite::support::{Answer, App, ORGANISATION_KEY, TENANT, order_body};

impl App {
    /// A request of the organisation.
    async fn organisation(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        self.organised(method, path, body, &[]).await
    }

    async fn organised(
        &self,
        method: Method,
        path: &str,
        body: Option<Value>,
        more: &[(&str, &str)],
    ) -> Answer {
        let authorization = format!("Bearer {ORGANISATION_KEY}");
        let mut headers = vec![("authorization", authorization.as_str())];
        headers.extend_from_slice(more);
        let body = body.map(|body| body.to_string()).unwrap_or_default();
        if !body.is_empty() {
            headers.push(("content-type", "application/json"));
        }
        self.send(method, path, &headers, body).await
    }
}

#[tokio::test]
async fn from_nothing_to_a_first_request() {
    let app = App::start().await;
    let body = json!({
        "name": "Nordlicht", "currency": "JPY", "country": "JP", "timezone": "Asia/Tokyo",
        "industry": "furniture", "tier": "enterprise"
    });
    let made = app
        .organisation(Method::POST, "/v1/tenants", Some(body))
        .await;
    let id = made.text("/tenantId");
    assert!(id.starts_with("bu_"), "{id}");
    let at = &made.body["tenant"]["createdAt"];
    let expected = json!({
        "success": true, "message": made.body["message"], "tenantId": id,
        "tenant": {
            "tenantId": id, "name": "Nordlicht", "currency": "JPY", "country": "JP",
            "timezone": "Asia/Tokyo", "industry": "furniture", "tier": "enterprise",
            "status": "active", "createdAt": at, "updatedAt": at
        }
    });
    assert_eq!(*made.is(201), expected);

    let keys = format!("/v1/tenants/{id}/api-keys");
    let body = json!({ "name": "shop", "permissions": ["settings:read"] });
    let key = app.organisation(Method::POST, &keys, Some(body)).await;
    key.is(201);
    let (key_id, secret) = (key.text("/keyId"), key.text("/apiKey"));
    let read = app
        .json_as(&secret, &id, Method::GET, "/v1/settings", None)
        .await;
    let settings = read.is(200);
    assert_eq!(settings["general"]["currency"], "JPY");
    assert_eq!(settings["general"]["displayName"], "Nordlicht");
    assert_eq!(settings["general"]["idPrefix"], "FUR");
    assert_eq!(settings["localization"]["timezone"], "Asia/Tokyo");
    assert_eq!(settings["buyout"]["flatFee"], 500.0);
    assert_eq!(settings["pricing"]["profitMargin"], 28.0);
    let write = app
        .json_as(&secret, &id, Method::PATCH, "/v1/settings", Some(json!({})))
        .await;
    write.refused(403, "INSUFFICIENT_PERMISSIONS");
    // Not in another one.
    let other = app
        .json_as(&secret, TENANT, Method::GET, "/v1/settings", None)
        .await;
    other.refused(403, "NO_TENANT_ACCESS");

    app.service.write_usage().await.expect("uses are written");
    let listed = app.organisation(Method::GET, &keys, None).await;
    let shown = &listed.is(200)["apiKeys"][0];
    assert_eq!(shown["keyId"], key_id.as_str());
    assert_eq!(
        (&shown["state"], &shown["permissions"]),
        (&json!("active"), &json!(["settings:read"]))
    );
    assert!(shown["useCount"].as_u64().unwrap() > 0 && shown["lastUsedAt"].is_string());
    assert!(
        !listed
            .body
            .to_string()
            .contains(&secret[secret.len() - 20..])
    );

    let path = format!("{keys}/{key_id}");
    for _ in 0..2 {
        app.organisation(Method::DELETE, &path, None).await.is(200);
    }
    let read = app
        .json_as(&secret, &id, Method::GET, "/v1/settings", None)
        .await;
    read.refused(401, "INVALID_TOKEN");
    let listed = app.organisation(Method::GET, &keys, None).await;
    assert_eq!(listed.is(200)["apiKeys"][0]["state"], "revoked");
    app.finish().await;
}

#[tokio::test]
async fn nobody_but_the_organisation_is_let_in() {
    let app = App::start().await;
    let paths = [
        (Method::GET, "/v1/tenants".to_owned()),
        (Method::POST, "/v1/tenants".to_owned()),
        (Method::GET, format!("/v1/tenants/{TENANT}/api-keys")),
        (Method::POST, format!("/v1/tenants/{TENANT}/api-keys")),
        (
            Method::DELETE,
            format!("/v1/tenants/{TENANT}/api-keys/key_x"),
        ),
    ];
    for (method, path) in paths {
        let bare = app.send(method.clone(), &path, &[], "").await;
        bare.refused(401, "AUTH_REQUIRED");
        // Not even a key with every permission.
        let answer = app.json(method.clone(), &path, None).await;
        answer.refused(401, "INVALID_TOKEN");
        let wrong = format!("Bearer {ORGANISATION_KEY}x");
        let answer = app
            .send(method, &path, &[("authorization", &wrong)], "")
            .await;
        answer.refused(401, "INVALID_TOKEN");
    }
    // And the organisation has no tenant.
    let answer = app
        .json_as(ORGANISATION_KEY, TENANT, Method::GET, "/v1/orders", None)
        .await;
    answer.refused(401, "INVALID_TOKEN");
    app.finish().await;
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    let app = App::start().await;
    for (body, path) in [
        (json!({ "currency": "EUR", "country": "DE" }), "name"),
        (
            json!({ "name": "N", "currency": "EUX", "country": "DE" }),
            "currency",
        ),
        (
            json!({ "name": "N", "currency": "eur", "country": "DE" }),
            "currency",
        ),
        (
            json!({ "name": "N", "currency": "EUR", "country": "Germany" }),
            "country",
        ),
        (
            json!({ "name": "N", "currency": "EUR", "country": "DE", "timezone": "Mars" }),
            "timezone",
        ),
        (
            json!({ "name": "N", "currency": "EUR", "country": "DE", "industry": "gaming" }),
            "industry",
        ),
        (
            json!({ "name": "N", "currency": "EUR", "country": "DE", "tier": "free" }),
            "tier",
        ),
    ] {
        let answer = app
            .organisation(Method::POST, "/v1/tenants", Some(body))
            .await;
        answer.refused(400, "VALIDATION_ERROR");
        assert_eq!(answer.details()[0].0, path);
    }
    let keys = format!("/v1/tenants/{TENANT}/api-keys");
    let body = Some(json!({ "name": "k", "permissions": ["orders:delete"] }));
    let answer = app.organisation(Method::POST, &keys, body).await;
    answer.refused(400, "VALIDATION_ERROR");
    let nowhere = "/v1/tenants/bu_none/api-keys";
    for (method, path, body) in [
        (Method::GET, nowhere.to_owned(), None),
        (
            Method::POST,
            nowhere.to_owned(),
            Some(json!({ "name": "k" })),
        ),
        (Method::DELETE, format!("{nowhere}/key_x"), None),
        (Method::DELETE, format!("{keys}/key_x"), None),
    ] {
        let answer = app.organisation(method, &path, body).await;
        answer.refused(404, "NOT_FOUND");
    }
    app.finish().await;
}

#[tokio::test]
async fn lists_are_walked_newest_first() {
    let app = App::start().await;
    let mut made = vec![TENANT.to_owned()];
    for name in ["A", "B"] {
        let body = json!({ "name": name, "currency": "EUR", "country": "DE" });
        let answer = app
            .organisation(Method::POST, "/v1/tenants", Some(body))
            .await;
        answer.is(201);
        made.push(answer.text("/tenantId"));
    }
    made.reverse();
    let mut seen = Vec::new();
    let mut path = "/v1/tenants?limit=2".to_owned();
    loop {
        let page = app.organisation(Method::GET, &path, None).await;
        let tenants = page.is(200)["tenants"].as_array().unwrap();
        assert_eq!(page.body["count"], tenants.len());
        seen.extend(
            tenants
                .iter()
                .map(|it| it["tenantId"].as_str().unwrap().to_owned()),
        );
        match page.body["nextCursor"].as_str() {
            Some(next) => path = format!("/v1/tenants?limit=2&startAfter={next}"),
            None => break,
        }
    }
    assert_eq!(seen, made);
    let keys = format!("/v1/tenants/{TENANT}/api-keys?limit=1");
    let page = app.organisation(Method::GET, &keys, None).await;
    assert_eq!(
        (&page.is(200)["count"], &page.body["hasMore"]),
        (&json!(1), &json!(false))
    );
    app.finish().await;
}

#[tokio::test]
async fn a_repeat_makes_no_second_one_and_does_not_show_the_key_again() {
    let app = App::start().await;
    let once = [("idempotency-key", "k")];
    let body = Some(json!({ "name": "N", "currency": "EUR", "country": "DE" }));
    let first = app
        .organised(Method::POST, "/v1/tenants", body.clone(), &once)
        .await;
    let again = app
        .organised(Method::POST, "/v1/tenants", body, &once)
        .await;
    assert_eq!(first.is(201), again.is(201));
    assert!(again.headers.contains_key("idempotency-replayed"));
    let keys = format!("/v1/tenants/{}/api-keys", first.text("/tenantId"));
    let body = Some(json!({ "name": "shop" }));
    let first = app
        .organised(Method::POST, &keys, body.clone(), &once)
        .await;
    let again = app.organised(Method::POST, &keys, body, &once).await;
    assert!(first.is(201)["apiKey"].is_string());
    assert_eq!(again.is(201)["keyId"], first.body["keyId"]);
    assert!(again.body.get("apiKey").is_none());
    let listed = app.organisation(Method::GET, &keys, None).await;
    assert_eq!(listed.is(200)["count"], 1);
    // Everything is allowed where nothing is said.
    let secret = first.text("/apiKey");
    let tenant = keys.split('/').nth(3).unwrap();
    let order = Some(order_body("ada@example.com", "SKU", 1));
    let answer = app
        .json_as(&secret, tenant, Method::POST, "/v1/orders", order)
        .await;
    answer.refused(400, "VARIANT_NOT_FOUND");
    app.finish().await;
}

#[tokio::test]
async fn each_industry_begins_with_its_preset() {
    let app = App::start().await;
    let rrp = "remaining_months_plus_rrp";
    for (industry, prefix, months, (method, flat, percent), recovery, margin) in [
        ("electronics", "ELE", 24, (rrp, 0.0, 50.0), 80.0, 20.0),
        ("furniture", "FUR", 12, ("flat_fee", 500.0, 0.0), 60.0, 28.0),
        ("mobility", "MOB", 12, (rrp, 0.0, 40.0), 70.0, 25.0),
        (
            "baby_kids",
            "BAB",
            6,
            ("remaining_months", 0.0, 0.0),
            50.0,
            32.0,
        ),
        ("appliances", "APP", 12, (rrp, 0.0, 45.0), 65.0, 26.0),
        ("medical", "MED", 6, ("flat_fee", 500.0, 0.0), 85.0, 28.0),
    ] {
        let body = json!({
            "name": industry, "currency": "EUR", "country": "DE", "industry": industry
        });
        let made = app
            .organisation(Method::POST, "/v1/tenants", Some(body))
            .await;
        made.is(201);
        let id = made.text("/tenantId");
        let keys = format!("/v1/tenants/{id}/api-keys");
        let key = app
            .organisation(Method::POST, &keys, Some(json!({ "name": "k" })))
            .await;
        let key = key.text("/apiKey");
        let read = app
            .json_as(&key, &id, Method::GET, "/v1/settings", None)
            .await;
        let settings = read.is(200);
        assert_eq!(settings["general"]["idPrefix"], prefix);
        let lengths = settings["pricing"]["contractLengths"]
            .as_array()
            .expect("lengths");
        let found: Vec<_> = lengths.iter().map(|it| it["months"].clone()).collect();
        assert_eq!(found, [6, 12, 24, 36], "{industry}");
        let default: Vec<_> = lengths.iter().filter(|it| it["default"] == true).collect();
        assert_eq!(default.len(), 1, "{industry}");
        assert_eq!(default[0]["months"], months, "{industry}");
        let buyout = &settings["buyout"];
        assert_eq!(buyout["method"], method, "{industry}");
        assert_eq!([&buyout["flatFee"], &buyout["rrpPercent"]], [flat, percent]);
        let pricing = &settings["pricing"];
        assert_eq!(pricing["valueRecoveryPercent"], recovery, "{industry}");
        assert_eq!(pricing["profitMargin"], margin, "{industry}");
        let free = industry == "medical";
        let returned = if free { "no_fee" } else { "remaining_months" };
        assert_eq!(settings["earlyReturn"]["method"], returned, "{industry}");
    }
    app.finish().await;
}

#[tokio::test]
async fn a_key_that_has_expired_lets_nobody_in() {
    let app = App::start().await;
    let new = service::admin::NewKey {
        tenant: TENANT.into(),
        name: "short".into(),
        permissions: Vec::new(),
        expires_in_days: Some(1),
    };
    let made = service::admin::create_key(app.service.store(), &app.clock(), new).await;
    let key = made.expect("a key can be made").secret;
    let read = async || {
        app.json_as(&key, TENANT, Method::GET, "/v1/orders", None)
            .await
    };
    read().await.is(200);
    app.advance(jiff::SignedDuration::from_hours(24) - jiff::SignedDuration::from_secs(5));
    read().await.is(200);
    app.advance(jiff::SignedDuration::from_secs(5));
    read().await.refused(401, "INVALID_TOKEN");
    app.finish().await;
}

#[tokio::test]
async fn an_inactive_tenant_is_served_to_nobody_and_comes_back_as_it_was() {
    let app = App::start().await;
    app.variant("SKU").await;
    let (order, _) = app.order("ada@example.com", "SKU", 1).await;
    let file = app.contract(&order).await;
    let link = app.link(json!({ "fileId": file })).await;
    let set = async |status: TenantStatus| {
        let at = app.clock().now();
        let store = app.service.store();
        let set = store.write(move |tx| set_status(tx, TENANT, status, at));
        assert!(set.await.expect("tenants are writable"));
        // One that has not seen the key before.
        app.beside().await
    };
    let path = format!("/v1/orders/{order}");
    let closed = set(TenantStatus::Inactive).await;
    for (method, path) in [
        (Method::GET, path.clone()),
        (Method::POST, format!("{path}/confirm")),
        (Method::GET, "/v1/settings".into()),
    ] {
        let answer = closed.json(method, &path, None).await;
        answer.refused(403, "NO_TENANT_ACCESS");
    }
    closed.open(&link).await.refused(404, "NOT_FOUND");
    let opened = set(TenantStatus::Active).await;
    assert_eq!(opened.get(&path).await.is(200)["status"], "pending");
    opened.open(&link).await.is(200);
    opened.finish().await;
    closed.finish().await;
    app.finish().await;
}
