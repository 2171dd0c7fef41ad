//! Who may do what, and what is looked at first.

use api::Operation;
use hyper::Method;
use serde_json::{Value, json};

use super::rate_limits::Starter;
use crate::suite::support::{Answer, App, TENANT};

/// Operations that read, although their method is not GET.
const READING: [&str; 4] = [
    "calculateBuyoutPrice",
    "calculateEarlyReturnFee",
    "getFileUrl",
    "exportRentals",
];

const RESOURCES: [&str; 11] = [
    "orders",
    "subscriptions",
    "products",
    "customers",
    "assets",
    "payments",
    "billing-groups",
    "files",
    "exports",
    "settings",
    "webhooks",
];

/// The path of an operation for records that do not exist.
fn nowhere(operation: Operation) -> String {
    let segments = operation.path().split('/');
    let segments = segments.map(|it| if it.starts_with('{') { "none" } else { it });
    segments.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_operation_needs_its_own_permission_and_no_other() {
    let app = App::start().await;
    let names: Vec<String> = RESOURCES
        .iter()
        .flat_map(|resource| ["read", "write"].map(|access| format!("{resource}:{access}")))
        .collect();
    let (mut only, mut all_but) = (Vec::new(), Vec::new());
    for name in &names {
        only.push(app.key_with(&[name]).await);
        let others = names.iter().filter(|it| *it != name).map(String::as_str);
        all_but.push(app.key_with(&others.collect::<Vec<_>>()).await);
    }
    let mut tried = 0;
    for operation in Operation::ALL {
        // One is for the organisation, the other for whoever has a link.
        if operation.tag() == "Tenants" || operation.id() == "getFileContent" {
            continue;
        }
        let resource = operation.tag().to_lowercase().replace(' ', "-");
        let reads = operation.method() == "GET" || READING.contains(&operation.id());
        let needed = format!("{resource}:{}", if reads { "read" } else { "write" });
        let place = names.iter().position(|name| *name == needed);
        let place = place.unwrap_or_else(|| panic!("{needed} is no permission"));
        let send = async |key: &str| {
            let (method, path) = (
                operation.method().parse().expect("a method"),
                nowhere(operation),
            );
            app.json_as(key, TENANT, method, &path, None).await
        };
        let refused = send(&all_but[place]).await;
        refused.refused(403, "INSUFFICIENT_PERMISSIONS");
        let answer = send(&only[place]).await;
        let status = answer.status.as_u16();
        assert!(
            [200, 400, 404, 415].contains(&status),
            "{needed}: {}",
            answer.body
        );
        tried += 1;
    }
    assert!(tried > 50, "{tried}");
    app.finish().await;
}

/// A request that is wrong in every way; each way that is mended shows the next.
#[tokio::test]
async fn what_is_wrong_first_is_answered_first() {
    let app = App::start().await;
    let starter = Starter::new(&app).await;
    let reader = json!({ "name": "reader", "permissions": ["customers:read"] });
    let reader = Starter::key(&app, &starter.id, reader).await;
    let bearer = |key: &str| format!("Bearer {key}");
    let too_large = "x".repeat(1024 * 1024 + 1);
    let customer = "/v1/customers/none";
    let send = async |path: &str, headers: &[(&str, &str)], body: &str| -> Answer {
        app.send(Method::PUT, path, headers, body.to_owned()).await
    };
    // The path, then the method, whoever asks.
    send("/v1/nowhere", &[], &too_large)
        .await
        .refused(404, "NOT_FOUND");
    let answer = send("/v1/customers", &[], &too_large).await;
    answer.refused(405, "METHOD_NOT_ALLOWED");
    assert_eq!(answer.headers["allow"], "GET, HEAD");
    // The key.
    let tenant = ("tenant-id", starter.id.as_str());
    send(customer, &[tenant], &too_large)
        .await
        .refused(401, "AUTH_REQUIRED");
    send(
        customer,
        &[("authorization", "Basic YTpi"), tenant],
        &too_large,
    )
    .await
    .refused(401, "AUTH_REQUIRED");
    send(customer, &[("authorization", "Bearer fp_x_y")], &too_large)
        .await
        .refused(401, "INVALID_TOKEN");
    // The tenant.
    let (reader, writer) = (bearer(&reader), bearer(&starter.key));
    for wrong in [None, Some(TENANT), Some("bu_none"), Some("")] {
        let mut headers = vec![("authorization", reader.as_str())];
        headers.extend(wrong.map(|wrong| ("tenant-id", wrong)));
        send(customer, &headers, &too_large)
            .await
            .refused(403, "NO_TENANT_ACCESS");
    }
    // The rate, then the permission.
    let reading = [("authorization", reader.as_str()), tenant];
    for _ in 0..100 {
        app.send(Method::GET, customer, &reading, "").await.is(404);
    }
    send(customer, &reading, &too_large)
        .await
        .refused(429, "RATE_LIMITED");
    app.advance(jiff::SignedDuration::from_mins(1));
    send(customer, &reading, &too_large)
        .await
        .refused(403, "INSUFFICIENT_PERMISSIONS");
    // What the body is, then what it says.
    let text = [
        ("authorization", writer.as_str()),
        tenant,
        ("content-type", "text/plain"),
    ];
    send(customer, &text, "{")
        .await
        .refused(415, "UNSUPPORTED_MEDIA_TYPE");
    let writing = [
        ("authorization", writer.as_str()),
        tenant,
        ("content-type", "application/json"),
    ];
    send(customer, &writing, &too_large)
        .await
        .refused(413, "PAYLOAD_TOO_LARGE");
    let malformed = [
        Value::from("x"),
        json!({ "status": "gone" }),
        json!({ "customerId": "other" }),
    ];
    for body in malformed
        .map(|body| body.to_string())
        .iter()
        .map(String::as_str)
        .chain(["{"])
    {
        send(customer, &writing, body)
            .await
            .refused(400, "VALIDATION_ERROR");
    }
    // The resource, and the rules last.
    send(customer, &writing, "{\"status\":\"inactive\"}")
        .await
        .refused(404, "NOT_FOUND");
    app.finish().await;
}
