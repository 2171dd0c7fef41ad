//! A body is read as what its media type says, and what is none of it is kept.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("answers");

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use api::*;
use client::{Client, Error, GetPageFailure};
use types::{Draft, Legacy, Page, Problem};

/// Answers with what is asked for.
struct Desk;

impl Api for Desk {
    type Contract = Contract;
    type Context = ();
    type Fault = String;

    async fn authenticate(&self, _: Operation, _: Credentials<'_>) -> Result<(), Denial> {
        Ok(())
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        rejection.into()
    }
}

impl DefaultApi for Desk {
    async fn get_page(&self, request: GetPageRequest) -> Result<GetPageResponse, String> {
        let text = || Some("x".to_owned());
        let problem = || Problem { detail: text() };
        let good = GetPageResponse::Ok;
        let bad = GetPageResponse::BadRequest;
        Ok(match request.id.as_str() {
            "page" => good(GetPageOkBody::Json(Page { title: text() })),
            "draft" => good(GetPageOkBody::VndDraftJson(Draft { notes: text() })),
            "html" => good(GetPageOkBody::Html("<p>".into())),
            "legacy" => bad(GetPageBadRequestBody::Json(Legacy { error: text() })),
            "problem" => bad(GetPageBadRequestBody::ProblemJson(problem())),
            "text" => bad(GetPageBadRequestBody::Plain("x".to_owned())),
            "held" => GetPageResponse::Conflict(problem()),
            _ => GetPageResponse::Gone("since long".to_owned()),
        })
    }
}

async fn client() -> Client {
    let router = Mount::new(Arc::new(Desk)).default().finish();
    let address = samples::serve(router).await;
    Client::builder(format!("http://{address}"))
        .build()
        .unwrap()
}

#[tokio::test]
async fn bodies_of_one_status_are_told_apart_by_media_type() {
    use client::{GetPageBadRequestBody as Bad, GetPageOkBody as Good};
    let client = client().await;
    let page = client.get_page("page").await.unwrap().into_inner();
    assert!(matches!(page, Good::Json(page) if page.title.is_some()));
    let draft = client.get_page("draft").await.unwrap().into_inner();
    assert!(matches!(draft, Good::VndDraftJson(draft) if draft.notes.is_some()));

    let html = client.get_page("html").await.unwrap().into_inner();
    assert!(matches!(html, Good::Html(_)));

    let error = client.get_page("legacy").await.err().unwrap();
    assert_eq!(error.to_string(), "400 Bad Request: x");
    let failure = |error: Error<GetPageFailure>| match error {
        Error::ErrorResponse(answer) => answer.into_inner(),
        error => panic!("{error}"),
    };
    let bad = |failure| match failure {
        GetPageFailure::BadRequest(bad) => bad,
        failure => panic!("{failure:?}"),
    };
    assert!(matches!(bad(failure(error)), Bad::Json(legacy) if legacy.error.is_some()));
    let error = client.get_page("problem").await.err().unwrap();
    assert!(matches!(bad(failure(error)), Bad::ProblemJson(problem) if problem.detail.is_some()));
    let error = client.get_page("text").await.err().unwrap();
    assert!(matches!(bad(failure(error)), Bad::Plain(text) if text == "x"));
    let error = client.get_page("held").await.err().unwrap();
    assert!(
        matches!(failure(error), GetPageFailure::Conflict(problem) if problem.detail.is_some())
    );
    let error = client.get_page("gone").await.err().unwrap();
    assert!(matches!(failure(error), GetPageFailure::Gone(text) if text == "since long"));
}

#[tokio::test]
async fn a_body_that_is_not_what_it_should_be_is_kept() {
    let undeclared = axum::Router::new().fallback(async || axum::response::Html("<p>"));
    let address = samples::serve(undeclared).await;
    let other = Client::builder(format!("http://{address}")).build();
    let page = other.unwrap().get_page("html").await.unwrap().into_inner();
    assert!(matches!(page, client::GetPageOkBody::Html(_)));

    let xml = axum::Router::new().fallback(async || ([("content-type", "text/xml")], "<p/>"));
    let address = samples::serve(xml).await;
    let other = Client::builder(format!("http://{address}")).build();
    let error = other.unwrap().get_page("xml").await.err().unwrap();
    assert_eq!(error.status().unwrap(), 200);
    assert_eq!(error.undeclared_body().unwrap().as_ref(), b"<p/>");

    let broken = axum::Router::new().fallback(async || {
        let bytes = axum::body::Bytes::from_static(b"\xfcber");
        (axum::http::StatusCode::GONE, bytes)
    });
    let address = samples::serve(broken).await;
    let client = Client::builder(format!("http://{address}"))
        .build()
        .unwrap();
    let error = client.get_page("latin").await.err().unwrap();
    assert!(
        matches!(&error, Error::InvalidResponsePayload(..)),
        "{error}"
    );
    assert_eq!(error.undeclared_body().unwrap().as_ref(), b"\xfcber");
}

#[tokio::test]
async fn a_value_that_no_url_has_room_for_is_not_told() {
    let secret = "s".repeat(70_000);
    let attempts = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&attempts);
    let client = Client::builder("http://127.0.0.1:1").after_attempt(move |_| {
        counted.fetch_add(1, Ordering::Relaxed);
    });
    let error = client.build().unwrap().get_page(&secret).await;
    let error = error.err().unwrap();
    assert!(matches!(error, Error::InvalidRequest(_)));
    assert!(!error.to_string().contains("ssss"), "the value is in it");
    assert_eq!(attempts.load(Ordering::Relaxed), 1, "it never fits");
}
