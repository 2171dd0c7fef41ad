//! Statuses of every kind, by the golden contract `both-answers.yaml`.

use std::sync::Arc;

use axum::http::StatusCode;

use crate::desk::{Server, answer};
use crate::goldens::answers::api::*;
use crate::goldens::answers::client::{
    AnythingSuccess, Client, EitherDefaultBody as Received, EitherDefaultErrorBody as Refused,
    Error, GetOldSuccess, GetPageFailure, GetPageSuccess, PutPageFailure, PutPageSuccess,
};
use crate::goldens::answers::types::{Holder, Page, Problem};
use crate::serve;

/// Answers with the status that is asked for.
pub(crate) struct Desk;

fn page() -> Page {
    Page {
        title: "t".to_owned(),
    }
}

fn problem() -> Problem {
    Problem {
        message: "m".to_owned(),
    }
}

fn who(credentials: &str) -> String {
    credentials.to_owned()
}

impl Api for Desk {
    type Contract = Contract;
    type Context = String;
    type Fault = String;

    async fn authenticate(&self, _: Operation, all: Credentials<'_>) -> Result<String, Denial> {
        let basic = all
            .basic
            .map(|basic| format!("{}/{}", basic.user, basic.password));
        let found = [
            all.bearer.map(str::to_owned),
            all.app.map(|key| key.into_owned()),
            basic,
            all.link.map(|key| key.into_owned()),
            all.session.map(|key| key.into_owned()),
        ];
        let found: Vec<String> = found.into_iter().flatten().collect();
        match found.as_slice() {
            [] => Err(Denial::unauthenticated("NOBODY", "nobody")),
            found => Ok(found.join(" and ")),
        }
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        ErrorBody::from(rejection)
    }
}

macro_rules! told {
    ($($name:ident $request:ident $response:ident),*) => {
        impl DefaultApi for Desk {
            $(async fn $name(&self, who: String, _: $request) -> Result<$response, String> {
                Ok($response::Ok(who))
            })*

            async fn with_session(
                &self,
                who: String,
                request: WithSessionRequest,
            ) -> Result<WithSessionResponse, String> {
                let theme = request.theme.unwrap_or_default();
                Ok(WithSessionResponse::Ok(format!("{who} in {theme}")))
            }

            async fn with_perhaps(
                &self,
                who: Option<String>,
                _: WithPerhapsRequest,
            ) -> Result<WithPerhapsResponse, String> {
                Ok(WithPerhapsResponse::Ok(who.unwrap_or("nobody".to_owned())))
            }

            async fn get_page(&self, request: GetPageRequest) -> Result<GetPageResponse, String> {
                Ok(match request.id.as_str() {
                    "304" => GetPageResponse::NotModified,
                    "400" => GetPageResponse::BadRequest(problem()),
                    "404" => GetPageResponse::NotFound,
                    "409" => GetPageResponse::Conflict(Holder { holder: "h".to_owned() }),
                    "410" => GetPageResponse::Gone("since long".to_owned()),
                    "418" => GetPageResponse::Status418(vec![1, 2].into()),
                    "503" => {
                        let status = StatusCode::SERVICE_UNAVAILABLE;
                        GetPageResponse::ServerError(support::RangeStatus::new(status).unwrap(), problem())
                    }
                    _ => GetPageResponse::Ok(page()),
                })
            }

            async fn has_page(&self, request: HasPageRequest) -> Result<HasPageResponse, String> {
                Ok(match request.id.as_str() {
                    "404" => HasPageResponse::NotFound(problem()),
                    _ => HasPageResponse::Ok(page()),
                })
            }

            async fn put_page(&self, request: PutPageRequest) -> Result<PutPageResponse, String> {
                let status = StatusCode::from_bytes(request.id.as_bytes()).unwrap();
                Ok(match status.as_u16() {
                    204 => PutPageResponse::NoContent,
                    200..=299 => PutPageResponse::Success(support::RangeStatus::new(status).unwrap(), page()),
                    400..=499 => PutPageResponse::ClientError(support::RangeStatus::new(status).unwrap(), problem()),
                    _ => PutPageResponse::Default(status, "odd".to_owned()),
                })
            }

            async fn delete_page(&self, request: DeletePageRequest) -> Result<DeletePageResponse, String> {
                Ok(match request.id.as_str() {
                    "404" => DeletePageResponse::NotFound,
                    _ => DeletePageResponse::ResetContent,
                })
            }

            async fn moved(&self, _: MovedRequest) -> Result<MovedResponse, String> {
                Ok(MovedResponse::Found(FoundHeaders { location: "/pages/1".to_owned() }))
            }

            async fn get_old(&self, request: GetOldRequest) -> Result<GetOldResponse, String> {
                let status = StatusCode::from_bytes(request.id.as_bytes()).unwrap();
                Ok(match support::RangeStatus::new(status) {
                    Some(status) => GetOldResponse::Redirection(status),
                    None => GetOldResponse::Ok(page()),
                })
            }

            async fn anything(&self, _: AnythingRequest) -> Result<AnythingResponse, String> {
                Ok(AnythingResponse::Default(StatusCode::ACCEPTED, page()))
            }

            async fn either(&self, request: EitherRequest) -> Result<EitherResponse, String> {
                let status = StatusCode::from_u16(request.status as u16).unwrap();
                let body = match status.as_u16() % 2 {
                    0 => EitherDefaultBody::Json(page()),
                    _ => EitherDefaultBody::Plain("odd".to_owned()),
                };
                Ok(EitherResponse::Default(status, body))
            }
        }
    };
}

told! {
    with_token WithTokenRequest WithTokenResponse,
    with_both WithBothRequest WithBothResponse,
    with_either WithEitherRequest WithEitherResponse
}

pub(crate) async fn url() -> String {
    serve(Mount::new(Arc::new(Desk)).default().finish()).await
}

async fn client() -> Client {
    Client::builder(url().await).partial().build().unwrap()
}

fn scripted(server: &Server) -> Client {
    Client::builder(server.url.as_str())
        .partial()
        .build()
        .unwrap()
}

fn failure<T, E: serde::Serialize>(outcome: Result<T, Error<E>>) -> E
where
    Error<E>: std::fmt::Display,
{
    match outcome.err() {
        Some(Error::ErrorResponse(answer)) => answer.into_inner(),
        Some(error) => panic!("{error}"),
        None => panic!("a success"),
    }
}

#[tokio::test]
async fn every_declared_status_has_its_type() {
    let client = client().await;
    let success = |answer: Result<_, Error<GetPageFailure>>| answer.unwrap();
    let ok = success(client.get_page("1", None).await).into_inner();
    assert!(matches!(ok, GetPageSuccess::Ok(page) if page.title == "t"));
    let same = success(client.get_page("304", None).await);
    assert_eq!(same.status().as_u16(), 304);
    assert!(matches!(*same, GetPageSuccess::NotModified(())));

    let error = client.get_page("400", None).await.unwrap_err();
    assert_eq!(
        error.message().as_deref(),
        Some("m"),
        "the body is looked into"
    );
    assert_eq!(error.to_string(), "400 Bad Request: m");
    let refused = failure(client.get_page("400", None).await);
    assert!(matches!(refused, GetPageFailure::BadRequest(problem) if problem.message == "m"));
    let refused = failure(client.get_page("404", None).await);
    assert!(matches!(refused, GetPageFailure::NotFound(())));
    let refused = failure(client.get_page("409", None).await);
    assert!(matches!(refused, GetPageFailure::Conflict(holder) if holder.holder == "h"));
    let refused = failure(client.get_page("410", None).await);
    assert!(matches!(refused, GetPageFailure::Gone(text) if text == "since long"));
    let refused = failure(client.get_page("418", None).await);
    assert!(matches!(refused, GetPageFailure::Status418(bytes) if bytes.as_ref() == [1, 2]));
    let refused = failure(client.get_page("503", None).await);
    assert!(matches!(refused, GetPageFailure::ServerError(problem) if problem.message == "m"));
}

#[tokio::test]
async fn ranges_and_defaults_stand_behind_exact_statuses() {
    let client = client().await;
    let kept = client.put_page("299").await.unwrap();
    assert_eq!(kept.status().as_u16(), 299);
    assert!(matches!(kept.into_inner(), PutPageSuccess::Success(_)));
    let same = client.put_page("204").await.unwrap().into_inner();
    assert!(matches!(same, PutPageSuccess::NoContent(())));
    let refused = failure(client.put_page("499").await);
    assert!(matches!(refused, PutPageFailure::ClientError(_)));
    let refused = failure(client.put_page("500").await);
    assert!(matches!(refused, PutPageFailure::Default(text) if text == "odd"));
    let anything = client.anything().await.unwrap().into_inner();
    assert!(matches!(anything, AnythingSuccess::Default(_)));
}

/// The one answer is that of successes, whose text is a stream, and that of errors, whose text is whole.
#[tokio::test]
async fn a_default_of_several_media_types_is_a_success_and_an_error() {
    let client = client().await;
    let page = client.either(200).await.ok().unwrap().into_inner();
    assert!(matches!(page, Received::Json(page) if page.title == "t"));
    let text = client.either(201).await.ok().unwrap().into_inner();
    let Received::Plain(text) = text else {
        panic!("JSON");
    };
    let mut text = text.into_inner();
    let chunk = std::future::poll_fn(|context| text.as_mut().poll_next(context)).await;
    assert_eq!(chunk.unwrap().unwrap().as_ref(), b"odd");
    let refused = failure(client.either(404).await);
    assert!(matches!(refused, Refused::Json(page) if page.title == "t"));
    let refused = failure(client.either(409).await);
    assert!(matches!(refused, Refused::Plain(text) if text == "odd"));
}

#[tokio::test]
async fn answers_without_content_have_no_body() {
    let client = client().await;
    client.has_page("1").await.unwrap().into_inner();
    failure(client.has_page("404").await);
    let gone = client.delete_page("1").await.unwrap();
    assert_eq!(gone.status().as_u16(), 205);
    failure(client.delete_page("404").await);
}

#[tokio::test]
async fn declared_redirects_are_given_and_not_followed() {
    let client = client().await;
    let moved = client.moved().await.unwrap();
    assert_eq!(moved.status().as_u16(), 302);
    assert_eq!(moved.headers()["location"], "/pages/1");
    for status in ["301", "307"] {
        let old = client.get_old(status).await.unwrap();
        assert_eq!(old.status().as_str(), status);
        assert!(matches!(*old, GetOldSuccess::Redirection(())));
    }
}

#[tokio::test]
async fn redirects_that_are_not_declared_are_followed_where_that_is_asked_for() {
    let moved = || answer(302, serde_json::json!(null)).with("Location", "/pages/2");
    let server = Server::start(vec![moved()]);
    let error = scripted(&server).get_page("1", None).await.err().unwrap();
    assert_eq!(error.status().unwrap().as_u16(), 302);

    let server = Server::start(vec![
        moved(),
        answer(200, serde_json::json!({ "title": "moved" })),
    ]);
    let client = Client::builder(server.url.as_str()).partial();
    let client = client.follow_redirects().build().unwrap();
    let page = client.get_page("1", None).await.unwrap();
    assert!(matches!(page.into_inner(), GetPageSuccess::Ok(page) if page.title == "moved"));
}

#[tokio::test]
async fn an_undeclared_answer_keeps_status_headers_and_body() {
    let long = "x".repeat(100_000);
    let server = Server::start(vec![
        answer(422, serde_json::json!({ "why": "new" })).with("X-Trace", "7"),
        answer(500, serde_json::json!(0)).page("<p>oops</p>"),
        answer(500, serde_json::json!(0)).page("gone wrong"),
        answer(206, serde_json::json!(0)).page(&long),
    ]);
    let client = scripted(&server);
    let error = client.get_page("1", None).await.err().unwrap();
    assert_eq!(
        error.to_string(),
        "422 Unprocessable Entity: a status the contract does not declare"
    );
    assert_eq!(
        error.undeclared_body().unwrap().as_ref(),
        br#"{"why":"new"}"#
    );
    assert_eq!(error.headers().unwrap()["x-trace"], "7");
    assert!(matches!(error, Error::UnexpectedResponse(answer) if answer.status() == 422));

    // Declared as JSON, and none.
    let error = client.get_page("1", None).await.err().unwrap();
    assert_eq!(error.undeclared_body().unwrap().as_ref(), b"<p>oops</p>");
    assert_eq!(error.headers().unwrap()["content-type"], "text/html");
    assert!(
        !format!("{error} {error:?}").contains("oops"),
        "bodies stay out of messages"
    );

    // Declared without content, for other statuses.
    let error = client.delete_page("1").await.err().unwrap();
    assert_eq!(error.undeclared_body().unwrap().as_ref(), b"gone wrong");
    let error = client.delete_page("1").await.err().unwrap();
    assert_eq!(error.undeclared_body().unwrap().len(), 64 * 1024);
}
