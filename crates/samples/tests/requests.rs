//! Every refusal says the true reason, once, in the words of the contract.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("requests");

use std::net::SocketAddr;
use std::sync::Arc;

use api::*;

struct Desk;

#[derive(Debug)]
struct Never;

impl std::fmt::Display for Never {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("never")
    }
}

impl Api for Desk {
    type Contract = Contract;
    type Context = ();
    type Fault = Never;

    async fn authenticate(&self, _: Operation, credentials: Credentials<'_>) -> Result<(), Denial> {
        let flaw = credentials.flaw();
        match credentials.bearer {
            Some(_) => Ok(()),
            None => Err(Denial::unauthenticated("auth", flaw.unwrap_or_default())),
        }
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        rejection.into()
    }
}

impl DefaultApi for Desk {
    async fn get_thing(&self, request: GetThingRequest) -> Result<GetThingResponse, Never> {
        Ok(GetThingResponse::Ok(format!("{}", request.number)))
    }

    async fn add_thing(&self, request: AddThingRequest) -> Result<AddThingResponse, Never> {
        Ok(AddThingResponse::Ok(format!("{:?}", request.body.quantity)))
    }

    async fn change_thing(
        &self,
        request: ChangeThingRequest,
    ) -> Result<ChangeThingResponse, Never> {
        Ok(ChangeThingResponse::Ok(format!(
            "{}",
            request.body.is_some()
        )))
    }

    async fn add_text(&self, request: AddTextRequest) -> Result<AddTextResponse, Never> {
        Ok(AddTextResponse::Ok(request.body))
    }

    async fn add_form(&self, _: AddFormRequest) -> Result<AddFormResponse, Never> {
        Ok(AddFormResponse::Ok(String::new()))
    }

    async fn get_me(&self, _: (), _: GetMeRequest) -> Result<GetMeResponse, Never> {
        Ok(GetMeResponse::Ok("me".to_owned()))
    }
}

async fn site() -> SocketAddr {
    let router = Mount::new(Arc::new(Desk)).default().finish();
    samples::serve(router).await
}

/// Status and `detail` of the answer to a request of these head lines and body.
async fn ask(
    address: SocketAddr,
    line: &str,
    headers: &[&str],
    body: &[u8],
) -> (u16, String, String) {
    let mut request = format!("{line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n");
    for header in headers {
        request.push_str(&format!("{header}\r\n"));
    }
    if !body.is_empty() {
        request.push_str(&format!("Content-Length: {}\r\n", body.len()));
    }
    request.push_str("\r\n");
    let mut request = request.into_bytes();
    request.extend_from_slice(body);
    let answer = samples::raw(address, &request).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    let status = head.split(' ').nth(1).unwrap().parse().unwrap();
    let detail = serde_json::from_str(body).map_or_else(
        |_| body.to_owned(),
        |problem: serde_json::Value| problem["detail"].as_str().unwrap_or(body).to_owned(),
    );
    (status, head.to_lowercase(), detail)
}

const JSON: &str = "Content-Type: application/json";

#[tokio::test]
async fn a_required_body_is_required() {
    let address = site().await;
    let required = "request body is required";
    for line in ["POST /things", "POST /texts", "POST /forms"] {
        let (status, _, detail) = ask(address, line, &[], b"").await;
        assert_eq!((status, detail.as_str()), (400, required), "{line}");
    }
    for headers in [&[JSON][..], &[JSON, "Content-Length: 0"]] {
        let (status, _, detail) = ask(address, "POST /things", headers, b"").await;
        assert_eq!((status, detail.as_str()), (400, required));
    }
    // A form without fields is written like that.
    let form = "Content-Type: application/x-www-form-urlencoded";
    assert_eq!(ask(address, "POST /forms", &[form], b"").await.0, 200);
    // A text may have no characters.
    let text = "Content-Type: text/csv";
    let (status, _, detail) = ask(address, "POST /texts", &[text], b"").await;
    assert_eq!((status, detail.as_str()), (200, ""));
    let (status, _, detail) = ask(address, "PATCH /things", &[], b"").await;
    assert_eq!((status, detail.as_str()), (200, "false"));
    let (status, _, _) = ask(address, "POST /things", &[JSON], b"{}").await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn a_body_in_another_form_is_told_which_one() {
    let address = site().await;
    let media = "`Content-Type` must be `application/json`";
    for (headers, expected) in [
        (
            &[JSON, "Content-Encoding: gzip"][..],
            "`Content-Encoding` must be `identity`: compressed bodies are not accepted",
        ),
        (
            &[JSON, "Content-Encoding: identity, br"],
            "`Content-Encoding` must be `identity`: compressed bodies are not accepted",
        ),
        (
            &["Content-Type: application/json; charset=iso-8859-1"],
            "the `charset` of `Content-Type` must be `utf-8`",
        ),
        (
            &["Content-Type: application/json;charset=\"UTF-16\""],
            "the `charset` of `Content-Type` must be `utf-8`",
        ),
        (
            &[],
            "`Content-Type` is missing; it must be `application/json`",
        ),
        (
            &["Content-Type:"],
            "`Content-Type` is empty; it must be `application/json`",
        ),
        (
            &["Content-Type: ;charset=utf-8"],
            "`Content-Type` is empty; it must be `application/json`",
        ),
        (
            &[JSON, JSON],
            "`Content-Type` must be given only once, as `application/json`",
        ),
        (&["Content-Type: text/plain"], media),
        (&["Content-Type: application/jsonp"], media),
    ] {
        let (status, head, detail) = ask(address, "POST /things", headers, b"{}").await;
        assert_eq!((status, detail.as_str()), (415, expected), "{headers:?}");
        let accepted = match expected.contains("Encoding") {
            true => "accept-encoding: identity\r\n",
            false => "accept: application/json\r\n",
        };
        assert!(head.contains(accepted), "{head}");
    }
    for headers in [
        &["Content-Type: Application/JSON; Charset=UTF-8"][..],
        &[JSON, "Content-Encoding: identity"],
        &[JSON, "Content-Encoding:"],
    ] {
        let (status, _, detail) = ask(address, "POST /things", headers, b"{}").await;
        assert_eq!(status, 200, "{headers:?}: {detail}");
    }
}

#[tokio::test]
async fn a_byte_order_mark_is_passed_over() {
    let address = site().await;
    let (status, _, detail) = ask(
        address,
        "POST /things",
        &[JSON],
        b"\xef\xbb\xbf{\"quantity\":2}",
    )
    .await;
    assert_eq!((status, detail.as_str()), (200, "Some(2)"));
    for utf16 in [&b"\xff\xfe{\0}\0"[..], b"\xfe\xff\0{\0}"] {
        let (status, _, detail) = ask(address, "POST /things", &[JSON], utf16).await;
        assert_eq!(status, 400);
        assert!(
            detail.starts_with("request body: not JSON: the text is not UTF-8"),
            "{detail}"
        );
    }
}

#[tokio::test]
async fn what_is_no_json_is_described_in_words() {
    let address = site().await;
    for (body, expected) in [
        (
            "{\"a\":",
            "the text ends where a value is expected at line 1 column 5",
        ),
        ("{", "the text ends inside an object at line 1 column 1"),
        ("{\"price\":+1}", "a value is expected at line 1 column 10"),
        (
            "{\"price\":01}",
            "a number is not written as JSON writes it at line 1 column 11",
        ),
        ("{\"price\" 1}", "a colon is expected at line 1 column 10"),
        ("{} {}", "more text follows the value at line 1 column 4"),
        (
            "{a:1}",
            "the name of a property must be in double quotes at line 1 column 2",
        ),
        (
            "{\"price\":1e999}",
            "a number is too large at line 1 column 14",
        ),
    ] {
        let (status, _, detail) = ask(address, "POST /things", &[JSON], body.as_bytes()).await;
        let expected = format!("request body: not JSON: {expected}");
        assert_eq!((status, detail), (400, expected), "{body}");
    }
}

#[tokio::test]
async fn bounds_are_those_of_the_contract_and_said_once() {
    let address = site().await;
    let huge = "99999999999999999999";
    for (query, expected) in [
        ("limit=-1".to_owned(), "`limit` must be at least 1"),
        ("limit=0".to_owned(), "`limit` must be at least 1"),
        (format!("limit={huge}"), "`limit` must be at most 100"),
        (format!("limit=-{huge}"), "`limit` must be at least 1"),
        ("limit=1.5".to_owned(), "`limit` must be an integer"),
        ("limit=".to_owned(), "`limit` must be an integer"),
        (
            format!("small={huge}"),
            "`small` must be at most 2147483647",
        ),
        ("count=-1".to_owned(), "`count` must be at least 0"),
        (
            format!("count={huge}"),
            "`count` must be at most 9223372036854775807",
        ),
        (
            "count=9223372036854775808".to_owned(),
            "`count` must be at most 9223372036854775807",
        ),
        (format!("any={huge}"), "`any` is too large"),
        (format!("any=-{huge}"), "`any` is too small"),
        (format!("natural={huge}"), "`natural` is too large"),
        ("natural=-1".to_owned(), "`natural` must be at least 0"),
        (format!("odd={huge}"), "`odd` must be one of `1`, `3`"),
        ("odd=-1".to_owned(), "`odd` must be one of `1`, `3`"),
        ("ratio=1e999".to_owned(), "`ratio` must be less than 1"),
        ("free=-1e999".to_owned(), "`free` is too small"),
        ("free=NaN".to_owned(), "`free` must be a number"),
        (format!("many={huge}"), "`many.0` must be at most 9"),
        ("many=1&many=-1".to_owned(), "`many.1` must be at least 0"),
        ("flag=yes".to_owned(), "`flag` must be `true` or `false`"),
    ] {
        let (status, _, detail) = ask(address, &format!("GET /things/1?{query}"), &[], b"").await;
        assert_eq!((status, detail.as_str()), (400, expected), "{query}");
    }
    let (_, _, detail) = ask(address, &format!("GET /things/{huge}"), &[], b"").await;
    assert_eq!(detail, "`number` must be at most 50");
    let (_, _, detail) = ask(address, "GET /things/-1", &[], b"").await;
    assert_eq!(detail, "`number` must be at least 1");
    let (_, _, detail) = ask(address, "GET /things/1", &["X-Depth: -9"], b"").await;
    assert_eq!(detail, "`X-Depth` must be at least 2");
    for (body, expected) in [
        (
            format!(r#"{{"quantity":{huge}}}"#),
            "`quantity` is too large",
        ),
        (
            r#"{"quantity":-1}"#.to_owned(),
            "`quantity` must be at least 1",
        ),
        (
            r#"{"quantity":0}"#.to_owned(),
            "`quantity` must be at least 1",
        ),
        (
            format!(r#"{{"bounded":{huge}}}"#),
            "`bounded` must be at most 7",
        ),
        (
            format!(r#"{{"small":-{huge}}}"#),
            "`small` must be at least -2147483648",
        ),
        (
            format!(r#"{{"long":{huge}}}"#),
            "`long` must be at most 9223372036854775807",
        ),
        (
            r#"{"price":1e300}"#.to_owned(),
            "`price` must be at most 10",
        ),
        (
            r#"{"quantity":"1"}"#.to_owned(),
            "`quantity` must be an integer",
        ),
    ] {
        let (status, _, detail) = ask(address, "POST /things", &[JSON], body.as_bytes()).await;
        assert_eq!((status, detail.as_str()), (400, expected), "{body}");
    }
    let form = "Content-Type: application/x-www-form-urlencoded";
    let (_, _, detail) = ask(
        address,
        "POST /forms",
        &[form],
        format!("a={huge}").as_bytes(),
    )
    .await;
    assert_eq!(detail, "`a` is too large");
}

#[tokio::test]
async fn credentials_that_are_none_are_told_why() {
    let address = site().await;
    for (headers, expected) in [
        (&[][..], ""),
        (
            &["Authorization: Bearer a", "Authorization: Bearer b"],
            "`Authorization` must be given only once",
        ),
        (
            &["Authorization: Basic YTpi"],
            "`Authorization` must start with `Bearer` and a space",
        ),
        (
            &["Authorization: Bearre abc"],
            "`Authorization` must start with `Bearer` and a space",
        ),
        (
            &["Authorization: abc"],
            "`Authorization` must start with `Bearer` and a space",
        ),
        (
            &["Authorization: Bearer "],
            "`Bearer` in `Authorization` must be followed by a space and the credentials",
        ),
        (
            &["Authorization:"],
            "`Authorization` must start with `Bearer` and a space",
        ),
    ] {
        let (status, _, detail) = ask(address, "GET /me", headers, b"").await;
        assert_eq!((status, detail.as_str()), (401, expected), "{headers:?}");
    }
    let (status, ..) = ask(address, "GET /me", &["Authorization: bearer  abc"], b"").await;
    assert_eq!(status, 200);
}
