//! What a call gives, good or bad.

mod support;

use client::{Client, Error, Pages, types};
use support::{Answer, Server, answer, customer, page, refusal};

#[tokio::test]
async fn refusals_are_typed_whatever_their_status() {
    for (status, code) in [
        (404, "NOT_FOUND"),
        (409, "CUSTOMER_HAS_PENDING_ORDERS"),
        (418, "INTERNAL_ERROR"),
        (500, "INTERNAL_ERROR"),
    ] {
        let server = Server::start(vec![refusal(status, code)]);
        let error = server.client().delete_customer("cust_1").await.unwrap_err();
        assert_eq!(error.status().unwrap().as_u16(), status);
        assert_eq!(error.code().as_deref(), Some(code));
        let Error::ErrorResponse(body) = &error else {
            panic!("{error}")
        };
        assert_eq!(body.error.code.as_str(), code);
    }
}

#[tokio::test]
async fn errors_say_status_code_message_and_details() {
    let server = Server::start(vec![answer(
        400,
        serde_json::json!({ "error": {
            "code": "VALIDATION_ERROR", "message": "the request is malformed",
            "details": [{ "path": "email", "message": "is not an e-mail address", "code": "invalid_string" }],
        } }),
    )]);
    let error = server
        .client()
        .update_customer("cust_1", None)
        .await
        .unwrap_err();
    let text = "400 Bad Request: `VALIDATION_ERROR`: the request is malformed; \
                `email`: is not an e-mail address";
    assert_eq!(error.to_string(), text);
    assert_eq!(format!("{error:?}"), text);
}

#[tokio::test]
async fn errors_say_what_the_server_calls_the_request() {
    let id = |answer: Answer| answer.with("X-Request-Id", "req_7");
    let server = Server::start(vec![
        id(refusal(409, "CUSTOMER_HAS_PENDING_ORDERS")),
        id(refusal(502, "X").page("<html>")),
        id(answer(302, serde_json::json!({}))),
        id(refusal(500, "INTERNAL_ERROR").cut()),
        refusal(500, "INTERNAL_ERROR").with("Request-Id", "req_8"),
        refusal(500, "INTERNAL_ERROR").with("X-Request-Id", "ü"),
    ]);
    let client = server.client();
    for start in [
        "409 Conflict: `CUSTOMER_HAS_PENDING_ORDERS`: because",
        "502 Bad Gateway: the body is not what the contract declares",
        "302 Found: a status the contract does not declare",
        "500 Internal Server Error: the answer broke off",
    ] {
        let error = client.get_customer("cust_1").await.unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with(start), "{text}");
        assert!(text.ends_with(" (request `req_7`)"), "{text}");
        assert_eq!(error.request_id(), Some("req_7"));
        assert!(error.status().is_some());
    }
    let error = client.get_customer("cust_1").await.unwrap_err();
    assert_eq!(error.request_id(), Some("req_8"));
    let error = client.get_customer("cust_1").await.unwrap_err();
    assert_eq!(error.request_id(), None, "{error}");
}

#[tokio::test]
async fn a_page_of_a_proxy_keeps_its_status() {
    let server = Server::start(vec![refusal(502, "X").page("<html>bad gateway</html>")]);
    let error = server.client().get_customer("cust_1").await.unwrap_err();
    assert!(
        matches!(error, Error::InvalidResponsePayload(..)),
        "{error}"
    );
    assert_eq!(error.status().unwrap().as_u16(), 502);
    assert!(error.is_retryable());
    assert!(
        !format!("{error} {error:?}").contains("html"),
        "bodies stay out of messages"
    );
}

#[tokio::test]
async fn a_success_status_the_contract_lacks_is_an_error() {
    let server = Server::start(vec![answer(204, serde_json::json!({}))]);
    let error = server.client().get_customer("cust_1").await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "204 No Content: a status the contract does not declare"
    );
}

#[tokio::test]
async fn enum_values_of_a_newer_server_are_kept() {
    let mut newer = customer("cust_1");
    newer["status"] = "hibernating".into();
    let server = Server::start(vec![answer(200, newer)]);
    let customer = server.client().get_customer("cust_1").await.unwrap();
    assert_eq!(customer.status.as_str(), "hibernating");
    assert_eq!(customer.status.known(), None::<types::CustomerStatus>);
}

#[tokio::test]
async fn an_unreachable_server_is_said_to_be_so() {
    let server = Server::start(Vec::new());
    let client = server.client();
    // The script is empty, so the listener closes; whatever the kernel does with the connection,
    // no answer comes.
    let error = client.get_customer("cust_1").await.unwrap_err();
    assert!(matches!(error, Error::CommunicationError(_)), "{error}");
    assert!(
        !format!("{error:?}").contains("cust_1"),
        "ids stay out of messages"
    );
}

fn customers(client: &Client, limit: Option<u32>) -> Pages<'_, types::Customer, types::ErrorBody> {
    client.list_customers_stream(None, None, None, limit, None, None, None, None)
}

#[tokio::test]
async fn streams_follow_the_cursor_and_fetch_no_page_too_early() {
    let server = Server::start(vec![
        page(&["cust_1", "cust_2"], Some("c 1")),
        page(&["cust_3"], None),
    ]);
    let client = server.client();
    let mut list = customers(&client, Some(2));
    assert!(
        server.seen().is_empty(),
        "a stream does nothing until it is polled"
    );
    let mut ids = Vec::new();
    while let Some(customer) = list.next().await {
        ids.push(customer.unwrap().customer_id);
        let expected = if ids.len() < 3 { 1 } else { 2 };
        assert_eq!(server.seen().len(), expected, "after {} items", ids.len());
    }
    assert_eq!(ids, ["cust_1", "cust_2", "cust_3"]);
    assert_eq!(
        server.seen()[1].line,
        "GET /v1/customers?limit=2&startAfter=c+1"
    );
    assert!(list.next().await.is_none(), "the end stays the end");
}

#[tokio::test]
async fn an_error_ends_a_stream() {
    let server = Server::start(vec![
        page(&["cust_1"], Some("a")),
        refusal(500, "INTERNAL_ERROR"),
    ]);
    let client = server.client();
    let mut list = customers(&client, None);
    assert!(list.next().await.unwrap().is_ok());
    assert_eq!(
        list.next()
            .await
            .unwrap()
            .unwrap_err()
            .status()
            .unwrap()
            .as_u16(),
        500
    );
    assert!(list.next().await.is_none());
}

#[tokio::test]
async fn a_cursor_that_comes_again_is_an_error_and_no_endless_loop() {
    let server = Server::start(vec![
        page(&["cust_1"], Some("a")),
        page(&["cust_2"], Some("b")),
        page(&["cust_1"], Some("a")),
    ]);
    let client = server.client();
    let mut list = customers(&client, None);
    let mut ids = Vec::new();
    let error = loop {
        match list.next().await.expect("an error comes before the end") {
            Ok(customer) => ids.push(customer.customer_id),
            Err(error) => break error,
        }
    };
    assert!(matches!(error, Error::RepeatedCursor));
    assert_eq!(ids, ["cust_1", "cust_2"]);
    assert!(list.next().await.is_none());
}
