//! What a call sends, and what is never sent.

mod support;

use client::{BuildError, Client, Error, Upload, types};
use support::{Server, answer, customer, deleted, page};

#[tokio::test]
async fn every_call_carries_token_and_tenant() {
    let server = Server::start(vec![deleted("cust_1")]);
    let answer = server.client().delete_customer("cust_1").await.unwrap();
    assert_eq!(
        (answer.customer_id.as_str(), answer.status().as_u16()),
        ("cust_1", 200)
    );
    let request = &server.seen()[0];
    assert_eq!(request.line, "DELETE /v1/customers/cust_1");
    assert_eq!(request.header("authorization"), Some("Bearer secret-key"));
    assert_eq!(request.header("tenant-id"), Some("acme"));
    assert_eq!(request.header("accept"), Some("application/json"));
    assert!(request.header("user-agent").unwrap().contains("-client/"));
    assert_eq!(
        request.header("api-version"),
        None,
        "the contract has no such header"
    );
}

#[tokio::test]
async fn a_call_can_have_headers_of_its_own() {
    let server = Server::start(vec![deleted("cust_1"), deleted("cust_1")]);
    let client = server.client();
    let traced = client.with_header("X-Trace", "t 1").unwrap();
    let both = traced.with_header("User-Agent", "mine").unwrap();
    both.with_header("authorization", "Bearer mine")
        .unwrap()
        .delete_customer("cust_1")
        .await
        .unwrap();
    client.delete_customer("cust_1").await.unwrap();
    let seen = server.seen();
    assert_eq!(seen[0].header("x-trace"), Some("t 1"));
    assert_eq!(seen[0].header("user-agent"), Some("mine"));
    assert_eq!(seen[0].header("authorization"), Some("Bearer secret-key"));
    assert_eq!(seen[1].header("x-trace"), None);
    assert!(seen[1].header("user-agent").unwrap().contains("-client/"));
    for (name, value) in [
        ("two words", "x"),
        ("", "x"),
        ("x", "two\nlines"),
        ("Content-Length", "0"),
        ("transfer-encoding", "chunked"),
    ] {
        let refused = client.with_header(name, value).unwrap_err().to_string();
        let start = format!("the header {name:?} cannot be sent: ");
        assert!(refused.starts_with(&start), "{refused}");
    }
}

#[tokio::test]
async fn query_parameters_are_written_under_their_wire_names() {
    let server = Server::start(vec![page(&[], None)]);
    let client = server.client();
    let mut list = client.list_customers_stream(
        None,
        Some("ada+test@example.com"),
        None,
        Some(2),
        Some("ada love"),
        None,
        None,
        Some(types::CustomerStatusFilter::Inactive),
    );
    assert!(list.next().await.is_none());
    assert_eq!(
        server.seen()[0].line,
        "GET /v1/customers?email=ada%2Btest%40example.com&limit=2&search=ada+love&status=inactive"
    );
}

#[tokio::test]
async fn ids_are_encoded_and_cannot_leave_their_place_in_the_path() {
    let server = Server::start(vec![answer(200, customer("x"))]);
    let client = server.client();
    for id in ["..", ".", "", "%2e%2e"] {
        let outcome = client.get_customer(id).await;
        if id == "%2e%2e" {
            // Encoded once more, so it is an id like any other.
            outcome.unwrap();
            assert_eq!(server.seen()[0].line, "GET /v1/customers/%252e%252e");
        } else {
            let error = outcome.unwrap_err();
            assert!(matches!(error, Error::InvalidRequest(_)), "{id:?}: {error}");
        }
    }
    assert_eq!(server.seen().len(), 1);
}

#[tokio::test]
async fn bodies_leave_out_what_is_absent() {
    let server = Server::start(vec![answer(
        200,
        serde_json::json!({
            "success": true, "message": "changed", "customerId": "cust_1",
            "customer": customer("cust_1"),
        }),
    )]);
    let change = types::CustomerUpdate {
        status: Some(types::CustomerStatus::Active),
        ..types::CustomerUpdate::default()
    };
    server
        .client()
        .update_customer("cust_1", Some(&change))
        .await
        .unwrap();
    let request = &server.seen()[0];
    assert_eq!(request.text(), r#"{"status":"active"}"#);
    assert_eq!(request.header("content-type"), Some("application/json"));
}

#[tokio::test]
async fn uploads_are_multipart_bodies_of_known_length() {
    let imported = serde_json::json!({
        "success": true, "message": "imported", "created": 1, "updated": 0, "errors": [],
    });
    let server = Server::start(vec![answer(201, imported)]);
    let file = Upload::new("my \"list\".csv", "sku\nA-1\n").media_type("text/csv");
    let answer = server.client().import_products_csv(&file).await.unwrap();
    assert_eq!(answer.created, 1);
    let request = &server.seen()[0];
    assert_eq!(
        request.header("content-type"),
        Some("multipart/form-data; boundary=form-boundary")
    );
    assert_eq!(
        request.text(),
        "--form-boundary\r\n\
         Content-Disposition: form-data; name=\"csvFile\"; filename=\"my %22list%22.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n\
         sku\nA-1\n\r\n\
         --form-boundary--\r\n"
    );
}

#[tokio::test]
async fn a_boundary_never_occurs_in_the_file() {
    let server = Server::start(vec![support::refusal(400, "VALIDATION_ERROR")]);
    let file = Upload::new("a.csv", "--form-boundary--\r\nform-boundary-1");
    server
        .client()
        .import_products_csv(&file)
        .await
        .unwrap_err();
    assert_eq!(
        server.seen()[0].header("content-type"),
        Some("multipart/form-data; boundary=form-boundary-2")
    );
}

#[tokio::test]
async fn without_a_token_there_is_no_client() {
    let server = Server::start(vec![deleted("cust_1")]);
    let builder = || Client::builder(server.url.as_str()).tenant_id("acme");
    let error = builder().build().unwrap_err();
    assert!(
        error.to_string().contains(" needs `token(…)`\nhint: "),
        "{error}"
    );
    let client = builder().partial().build().unwrap();
    let error = client.delete_customer("cust_1").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "`deleteCustomer` needs credentials\nhint: call `token(…)` on the builder"
    );
    assert!(server.seen().is_empty());
}

#[test]
fn a_tenant_that_cannot_be_sent_is_refused() {
    for tenant in ["acme\r\nX-Evil: 1", " acme", "acme\t", "ä", "\0"] {
        let builder = Client::builder("http://host").token("k").tenant_id(tenant);
        let error = builder.build().unwrap_err().to_string();
        assert!(
            error.starts_with("the value of `tenantId` cannot be sent: "),
            "{tenant:?}: {error}"
        );
    }
}

#[test]
fn a_client_is_refused_with_the_reason_and_never_with_the_key() {
    let build = |url: &str, token: &str| Client::builder(url).token(token).tenant_id("a").build();
    let text = |outcome: Result<Client, BuildError>| outcome.unwrap_err().to_string();
    assert!(
        text(build("localhost:80", "k")).starts_with("the base URL cannot be used: only `http`")
    );
    assert!(text(build("https://user:pw@host", "k")).contains("credentials do not belong in it"));
    assert!(text(build("not a url", "k")).contains("hint: it looks like `https://"));
    let refused = text(build("http://host", "top\nsecret"));
    assert!(
        refused.contains("`bearerAuth`") && !refused.contains("secret"),
        "{refused}"
    );
    let missing = Client::builder("http://host").token("k").build();
    let missing = text(missing);
    assert!(
        missing.contains("needs `tenant_id(…)`\nhint: call it on the builder"),
        "{missing}"
    );
}

#[test]
fn debug_output_hides_the_key() {
    let builder = Client::builder("http://host")
        .token("secret-key")
        .tenant_id("acme");
    let text = format!("{builder:?} {:?}", builder.clone().build().unwrap());
    assert!(!text.contains("secret-key"), "{text}");
}

#[tokio::test]
async fn a_base_path_stands_in_front_of_every_path() {
    let server = Server::start(vec![deleted("cust_1")]);
    let client = Client::builder(format!("{}/gateway/", server.url))
        .token("k")
        .tenant_id("acme")
        .build()
        .unwrap();
    client.delete_customer("cust_1").await.unwrap();
    assert_eq!(server.seen()[0].line, "DELETE /gateway/v1/customers/cust_1");
}
