//! What a generated server does with requests, over TCP, by the golden contract `server.yaml`.

use std::sync::Arc;
use std::time::Duration;

use api::support::Facts;
use axum::body::{Body, HttpBody as _};
use axum::http::Request;
use tower_service::Service as _;

use super::served::api::{Mount, Tags as _};
use super::served::{Desk, serve, serve_with};

const JSON: &str = "\nContent-Type: application/json";

#[tokio::test]
async fn unknown_route_is_refused_before_anything_else() {
    let desk = serve().await;
    assert_eq!(
        desk.send("GET /nowhere", "").await.problem(),
        "404 -:404 []"
    );
    assert_eq!(
        desk.send("GET /tickets/", "").await.problem(),
        "404 -:404 []"
    );
    assert_eq!(
        desk.send("GET //tickets", "").await.problem(),
        "404 -:404 []"
    );
}

#[tokio::test]
async fn unknown_method_names_those_that_exist() {
    let desk = serve().await;
    let reply = desk.send("DELETE /tickets", "").await;
    assert_eq!(reply.problem(), "405 -:405 []");
    assert_eq!(reply.headers["allow"], "GET, HEAD, POST");
    assert_eq!(reply.headers["content-type"], "application/json");
}

#[tokio::test]
async fn tag_that_is_not_mounted_is_unknown() {
    let desk = serve_with(|mount| {
        assert!(mount.served().is_empty());
        let mount = mount.health();
        let served: Vec<&str> = mount
            .served()
            .into_iter()
            .map(|served| served.id())
            .collect();
        assert_eq!(served, ["health", "whoami"]);
        mount
    })
    .await;
    assert_eq!(desk.send("GET /health", "").await.status, 204);
    assert_eq!(desk.ann("GET /tickets", "").await.problem(), "404 -:404 []");
}

#[tokio::test]
async fn literal_segment_wins_over_parameter() {
    let desk = serve().await;
    let reply = desk.ann("GET /tickets/open", "").await;
    assert_eq!((reply.status, reply.text()), (200, "7 öpen"));
    assert_eq!(reply.headers["content-type"], "text/plain; charset=utf-8");
    assert_eq!(
        desk.ann("GET /tickets/other", "").await.json()["id"],
        "other"
    );
}

#[tokio::test]
async fn credentials_come_before_body_and_parameters() {
    let desk = serve().await;
    let reply = desk
        .send("POST /tickets\nContent-Type: text/html", "<")
        .await;
    assert_eq!(reply.problem(), "401 NO_TOKEN []");
    assert_eq!(reply.headers["www-authenticate"], "Bearer");
    let reply = desk
        .send("POST /tickets\nAuthorization: bearer wrong", "")
        .await;
    assert_eq!(reply.problem(), "401 BAD_TOKEN []");
    assert_eq!(
        reply.headers["www-authenticate"],
        "Bearer error=\"invalid_token\""
    );
    let reply = desk
        .send("POST /tickets\nAuthorization: Bearer eve", "")
        .await;
    assert_eq!(reply.problem(), "403 NOT_YOURS []");
    let reply = desk
        .send("POST /tickets\nAuthorization: Bearer bot", "")
        .await;
    assert_eq!(reply.problem(), "429 SLOW_DOWN []");
    assert_eq!(reply.headers["retry-after"], "7");
    let reply = desk
        .send("POST /tickets\nAuthorization: Bearer wait", "")
        .await;
    assert_eq!(reply.problem(), "503 NOT_NOW []");
    assert_eq!(reply.headers["retry-after"], "2");
    let reply = desk
        .send("POST /tickets\nAuthorization: Bearer down", "")
        .await;
    assert_eq!(reply.problem(), "500 createTicket:500 []");
    assert_eq!(desk.heard(), ["defect createTicket: key store is gone"]);
}

#[tokio::test]
async fn two_authorization_headers_are_none() {
    let desk = serve().await;
    let reply = desk
        .ann("GET /tickets\nAuthorization: Bearer eve", "")
        .await;
    assert_eq!(reply.problem(), "401 NO_TOKEN []");
}

#[tokio::test]
async fn optional_credentials_are_checked_when_sent() {
    let desk = serve().await;
    assert_eq!(desk.send("GET /whoami", "").await.text(), "nobody");
    assert_eq!(desk.ann("GET /whoami", "").await.text(), "ann");
    assert_eq!(
        desk.send("GET /whoami?api_key=k%201", "").await.text(),
        "key"
    );
    assert_eq!(
        desk.send("GET /whoami?api_key=k2", "").await.problem(),
        "401 BAD_TOKEN []"
    );
}

#[tokio::test]
async fn media_type_comes_before_parameters_and_syntax() {
    let desk = serve().await;
    for head in [
        "POST /tickets\nContent-Type: text/html",
        "POST /tickets",
        "POST /tickets\nContent-Type: x",
    ] {
        assert_eq!(
            desk.ann(head, "<").await.problem(),
            "415 createTicket:415 []",
            "{head}"
        );
    }
}

#[tokio::test]
async fn media_type_may_have_parameters_and_any_case() {
    let desk = serve().await;
    let body = r#"{"title": "t", "author": {"email": "a@b.de"}}"#;
    for media_type in [
        "application/json; charset=utf-8",
        "Application/JSON ;charset=\"UTF-8\"",
    ] {
        let head = format!("POST /tickets?notify=true\nContent-Type: {media_type}");
        assert_eq!(desk.ann(&head, body).await.status, 201, "{media_type}");
    }
    let head = "POST /files\nContent-Type: text/csv; charset=latin1";
    assert_eq!(desk.ann(head, "a").await.problem(), "415 addFile:415 []");
}

#[tokio::test]
async fn every_violation_of_parameters_and_body_is_reported_at_once() {
    let desk = serve().await;
    let body = r#"{"title": "", "author": {"email": "x"}, "steps": [1, 0, "2"]}"#;
    let reply = desk
        .ann(&format!("POST /tickets?notify=maybe{JSON}"), body)
        .await;
    assert_eq!(
        reply.problem(),
        "400 createTicket:400 [notify invalid_type, title too_small, author.email invalid_string, \
         steps.1 too_small, steps.2 invalid_type]"
    );
    let reply = desk
        .ann(
            "GET /tickets?limit=0&limit=1&state=x&near=1,b&label=A&label=b",
            "",
        )
        .await;
    assert_eq!(
        reply.problem(),
        "400 listTickets:400 [limit custom, state invalid_enum_value, label.0 invalid_string, near.1 invalid_type]"
    );
}

#[tokio::test]
async fn required_body_is_missing_as_a_whole() {
    let desk = serve().await;
    let expected = "400 createTicket:400 [notify required,  required]";
    assert_eq!(desk.ann("POST /tickets", "").await.problem(), expected);
    assert_eq!(
        desk.ann(&format!("POST /tickets{JSON}\nContent-Length: 0"), "")
            .await
            .problem(),
        expected
    );
    let chunked = format!("POST /tickets{JSON}\nTransfer-Encoding: chunked");
    let reply = desk
        .raw(
            &format!("{chunked}\nAuthorization: Bearer ann"),
            b"0\r\n\r\n",
        )
        .await;
    assert_eq!(reply.problem(), expected);
}

#[tokio::test]
async fn optional_body_may_be_missing() {
    let desk = serve().await;
    assert_eq!(desk.ann("PATCH /tickets/t1", "").await.status, 204);
    assert_eq!(
        desk.ann(
            &format!("PATCH /tickets/t1{JSON}"),
            r#"{"state": "closed"}"#
        )
        .await
        .status,
        204
    );
    assert_eq!(desk.heard(), ["None", "Some(Some(Closed))"]);
}

#[tokio::test]
async fn body_that_is_not_json_is_malformed() {
    let desk = serve().await;
    for body in ["{", "{}}", "nul", " ", "{\"title\": \"\u{1}\"}"] {
        let reply = desk
            .ann(&format!("POST /tickets?notify=true{JSON}"), body)
            .await;
        assert_eq!(reply.problem(), "400 createTicket:400 []", "{body}");
    }
    let reply = desk
        .ann(
            &format!("POST /tickets?notify=true{JSON}"),
            b"{\"title\": \"\xff\"}",
        )
        .await;
    assert_eq!(reply.problem(), "400 createTicket:400 []");
    let deep = "[".repeat(900);
    let reply = desk
        .ann(&format!("POST /tickets?notify=true{JSON}"), deep)
        .await;
    assert_eq!(reply.problem(), "400 createTicket:400 []");
}

#[tokio::test]
async fn body_above_the_limit_is_refused_by_its_announced_length() {
    let desk = serve().await;
    // Nothing of the body is sent: the length alone decides.
    let head = format!("POST /tickets{JSON}\nAuthorization: Bearer ann\nContent-Length: 1001");
    assert_eq!(
        desk.raw(&head, b"").await.problem(),
        "413 createTicket:413 []"
    );
}

#[tokio::test]
async fn body_above_the_limit_is_refused_while_it_streams() {
    let desk = serve().await;
    let head =
        format!("POST /tickets{JSON}\nAuthorization: Bearer ann\nTransfer-Encoding: chunked");
    let chunk = format!("1f4\r\n{}\r\n", " ".repeat(500));
    let body = chunk.repeat(3) + "0\r\n\r\n";
    assert_eq!(
        desk.raw(&head, body.as_bytes()).await.problem(),
        "413 createTicket:413 []"
    );
    let just = format!(
        "1f4\r\n{}\r\n1f4\r\n{}\r\n0\r\n\r\n",
        " ".repeat(500),
        " ".repeat(498) + "{}"
    );
    let reply = desk.raw(&head, just.as_bytes()).await;
    assert_eq!(
        reply.problem(),
        "400 createTicket:400 [notify required, title required, author required]"
    );
}

#[tokio::test]
async fn body_that_stops_arriving_is_answered() {
    let soon = Some(Duration::from_millis(200));
    let desk = serve_with(|mount| mount.body_timeout(soon).tickets()).await;
    let head = format!("POST /tickets{JSON}\nAuthorization: Bearer ann\nContent-Length: 10");
    assert_eq!(
        desk.raw(&head, b"{").await.problem(),
        "408 createTicket:408 []"
    );
}

#[tokio::test]
async fn body_of_an_operation_without_one_is_not_read() {
    let desk = serve().await;
    let head = "GET /tickets/open\nAuthorization: Bearer ann\nContent-Type: text/html\nContent-Length: 1000000";
    assert_eq!(desk.raw(head, b"").await.status, 200);
}

#[tokio::test]
async fn parameters_are_typed_and_have_defaults() {
    let desk = serve().await;
    let reply = desk.ann("GET /tickets", "").await;
    assert_eq!(reply.headers["x-total"], "50");
    assert_eq!(
        reply.headers["x-next"],
        "ann ListTicketsRequest { limit: 50, state: None, label: None, near: None, x_depth: None, \
         session: None, urgent: false }"
    );
    let head = "GET /tickets?limit=7&state=closed&label=a&label=b&near=1.5,-2&urgent=true&other=1\n\
                X-Depth: 3\nCookie: a=b; session=xyz";
    assert_eq!(
        desk.ann(head, "").await.headers["x-next"],
        "ann ListTicketsRequest { limit: 7, state: Some(Closed), label: Some([\"a\", \"b\"]), \
         near: Some([1.5, -2.0]), x_depth: Some(3), session: Some(\"xyz\"), urgent: true }"
    );
}

#[tokio::test]
async fn numbers_are_read_strictly() {
    let desk = serve().await;
    let limits = [
        ("0", "too_small"),
        ("-1", "too_small"),
        ("101", "too_big"),
        ("99999999999999999999999999999999999999999", "too_big"),
        ("", "invalid_type"),
        ("-", "invalid_type"),
        ("1.0", "invalid_type"),
        ("+1", "invalid_type"),
        ("1e1", "invalid_type"),
        ("%20", "invalid_type"),
        ("0x1", "invalid_type"),
    ];
    for (limit, code) in limits {
        let reply = desk.ann(&format!("GET /tickets?limit={limit}"), "").await;
        let expected = format!("400 listTickets:400 [limit {code}]");
        assert_eq!(reply.problem(), expected, "{limit}");
    }
    for (near, code) in [
        ("inf", "invalid_type"),
        ("NaN", "invalid_type"),
        (".5", "invalid_type"),
        ("1e999", "too_big"),
        ("", "invalid_type"),
    ] {
        let reply = desk.ann(&format!("GET /tickets?near=1,{near}"), "").await;
        let expected = format!("400 listTickets:400 [near.1 {code}]");
        assert_eq!(reply.problem(), expected, "{near}");
    }
}

#[tokio::test]
async fn lists_keep_to_their_rules() {
    let desk = serve().await;
    let problem = async |query: &str| {
        desk.ann(&format!("GET /tickets?{query}"), "")
            .await
            .problem()
    };
    assert_eq!(
        problem("label=a&label=b&label=c&label=d").await,
        "400 listTickets:400 [label too_big]"
    );
    assert_eq!(
        problem("label=a&label=a").await,
        "400 listTickets:400 [label custom]"
    );
}

#[tokio::test]
async fn path_parameters_are_decoded() {
    let desk = serve().await;
    assert_eq!(
        desk.ann("GET /tickets/a%2Fb%20%C3%A9", "").await.json()["id"],
        "a/b é"
    );
    assert_eq!(desk.ann("GET /tickets/a+b", "").await.json()["id"], "a+b");
    let reply = desk.ann("GET /tickets/a+b%20c", "").await;
    assert_eq!(reply.json()["id"], "a+b c");
    let reply = desk.ann("GET /tickets/%FF", "").await;
    assert_eq!(reply.problem(), "400 getTicket:400 [id invalid_string]");
    let reply = desk.ann("GET /tickets/123456789", "").await;
    assert_eq!(reply.problem(), "400 getTicket:400 [id too_big]");
    let reply = desk.ann("GET /tickets/t1/photos/0", "").await;
    assert_eq!(reply.problem(), "400 getPhoto:400 [number too_small]");
}

#[tokio::test]
async fn head_is_answered_like_get_without_body() {
    let desk = serve().await;
    let reply = desk.ann("HEAD /tickets/open", "").await;
    assert_eq!((reply.status, reply.body.len()), (200, 0));
    assert_eq!(reply.headers["content-length"], "7");
}

#[tokio::test]
async fn head_has_no_body_without_a_server_to_cut_it_off() {
    let mut router = Mount::new(Arc::new(Desk::default())).tickets().finish();
    let request = Request::head("/tickets/open").header("authorization", "Bearer ann");
    let request = request
        .body(Body::empty())
        .expect("the request is well-formed");
    let Ok(response) = router.call(request).await;
    assert_eq!(response.headers()["content-length"], "7");
    assert!(response.body().is_end_stream());
}

#[tokio::test]
async fn answer_tells_layers_its_operation_unless_told_not_to() {
    let labels = [(true, Some("health")), (false, None)];
    for (label, expected) in labels {
        let mount = Mount::new(Arc::new(Desk::default())).health();
        let request = Request::get("/health").body(Body::empty());
        let mut router = mount.label_answers(label).finish();
        let Ok(response) = router
            .call(request.expect("the request is well-formed"))
            .await;
        let facts = response.extensions().get::<&'static Facts>();
        assert_eq!(facts.map(|it| it.id), expected);
    }
}

#[tokio::test]
async fn binary_answer_has_its_media_type() {
    let desk = serve().await;
    let reply = desk.ann("GET /tickets/t1/photos/3", "").await;
    assert_eq!(reply.headers["content-type"], "image/png");
    assert_eq!(reply.body, [0x89, b'P', 3]);
}
