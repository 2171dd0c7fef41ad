//! Answers that do without the body of their request, of which nothing is left unread then.

use axum::body::Body;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;

use crate::Rest;

/// Middleware: the answer of a part of the server that reads no bodies.
pub async fn without_body(request: Request, next: Next) -> Response {
    settled(request, async |head| next.run(head).await).await
}

/// Answers what is asked without the body, of which nothing is left then.
pub async fn settled(request: Request, answer: impl AsyncFnOnce(Request) -> Response) -> Response {
    let (head, body) = request.into_parts();
    let rest = Rest::new(&head, body);
    let mut response = answer(Request::from_parts(head, Body::empty())).await;
    rest.settle(&mut response).await;
    response
}
