//! Sends requests: attempts, waits, redirects, and what is said about them.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::time::{Duration, Instant};

use reqwest::header::{HeaderName, HeaderValue, LOCATION};
use reqwest::{Client, Method, Request, Response, StatusCode, Url};
use tracing::Instrument as _;

use super::config::Inner;
use super::error::Error;
use super::request::Call;

const IDEMPOTENCY_KEY: HeaderName = HeaderName::from_static("idempotency-key");

/// Redirects that are followed for one call.
const REDIRECTS: u32 = 5;

impl Inner {
    /// Sends `call`, which is of the method `name`, as the hooks would send what progenitor wrote.
    ///
    /// # Errors
    /// An argument that cannot be sent, credentials that are missing, or no answer.
    pub async fn send<E>(
        &self,
        client: &Client,
        call: Call,
        name: &str,
    ) -> Result<Response, Error<E>> {
        let request = call.build(client);
        let mut request = request.map_err(|problem| self.named(problem, name))?;
        self.prepare(&mut request, name)?;
        Ok(self.execute(client, request, name).await?)
    }

    /// Sends `request`, which is of the method `name`, as often as the policy allows.
    ///
    /// # Errors
    /// There is no answer.
    pub async fn execute(
        &self,
        client: &Client,
        mut request: Request,
        name: &str,
    ) -> reqwest::Result<Response> {
        let known = self.operation(name);
        if known.is_some_and(|operation| operation.repeats)
            && let Ok(key) = HeaderValue::from_str(&key())
        {
            let headers = request.headers_mut();
            headers.entry(IDEMPOTENCY_KEY).or_insert(key);
        }
        let operation = known.map_or(name, |operation| operation.id);
        let redirects = known.map_or(&[][..], |operation| operation.redirects);
        // Neither the URL, which may hold ids, nor headers and bodies are recorded.
        let span = tracing::debug_span!(target: "contract_call", "call", operation, method = %request.method());
        self.attempts(client, request, operation, redirects)
            .instrument(span)
            .await
    }

    /// `declared` are the redirects that are handed out instead of followed.
    async fn attempts(
        &self,
        client: &Client,
        request: Request,
        operation: &str,
        declared: &[(u16, u16)],
    ) -> reqwest::Result<Response> {
        let mut current = request;
        let mut attempt = 1;
        let mut redirects = 0;
        let mut waited = Duration::ZERO;
        let policy = self.retry();
        let repeats =
            is_idempotent(current.method()) || current.headers().contains_key(IDEMPOTENCY_KEY);
        loop {
            let again = current.try_clone();
            self.hooks().run_before(operation, attempt, &mut current);
            let started = Instant::now();
            // The URL, which may hold ids and credentials, is nothing for messages.
            let result = client.execute(current).await;
            let result = result.map_err(reqwest::Error::without_url);
            let duration = started.elapsed();
            self.hooks()
                .run_after(operation, attempt, duration, result.as_ref());
            let response = match result {
                Ok(response) => response,
                Err(error) => {
                    let timeout = error.is_timeout();
                    tracing::warn!(target: "contract_call", attempt, timeout, "no answer");
                    let wait = policy.wait_unanswered(attempt, waited);
                    // Where there was no connection, nothing has happened yet; what is no request will not become one.
                    let repeats = (repeats || error.is_connect()) && !error.is_builder();
                    let (Some(next), Some(wait), true) = (again, wait, repeats) else {
                        return Err(error);
                    };
                    policy.sleep(wait).await;
                    waited += wait;
                    attempt += 1;
                    current = next;
                    continue;
                }
            };
            let status = response.status();
            tracing::debug!(target: "contract_call", attempt, status = status.as_u16(), "answer");
            // A streamed body is gone and cannot be sent a second time.
            let Some(mut next) = again else {
                return Ok(response);
            };
            let follows = self.follows_redirects()
                && redirects < REDIRECTS
                && !declared
                    .iter()
                    .any(|(from, to)| (*from..=*to).contains(&status.as_u16()));
            if let Some(target) = redirect(&response, next.method()).filter(|_| follows) {
                redirects += 1;
                *next.url_mut() = target;
                current = next;
                continue;
            }
            let headers = response.headers();
            let wait = policy.wait(repeats, status, headers, attempt, waited);
            let Some(wait) = wait else {
                return Ok(response);
            };
            drop(response);
            tracing::info!(
                target: "contract_call",
                attempt,
                status = status.as_u16(),
                wait_ms = wait.as_millis() as u64,
                "retry"
            );
            policy.sleep(wait).await;
            waited += wait;
            attempt += 1;
            current = next;
        }
    }
}

/// Whether one more request does no harm (RFC 9110, section 9.2.2, and OpenAPI 3.2 on `QUERY`).
fn is_idempotent(method: &Method) -> bool {
    method.is_idempotent() || method.as_str() == "QUERY"
}

/// A key that no other call has: all tries of one call have the same. Not a secret, so what the standard library
/// seeds its hash tables with is random enough.
fn key() -> String {
    let random = RandomState::new();
    format!("{:016x}{:016x}", random.hash_one(0), random.hash_one(1))
}

/// Where `response` sends a request that only reads, if that is the same origin: credentials never
/// go to another one.
fn redirect(response: &Response, method: &Method) -> Option<Url> {
    let follows = matches!(
        response.status(),
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    if !follows || !matches!(*method, Method::GET | Method::HEAD) {
        return None;
    }
    let location = response.headers().get(LOCATION)?.to_str().ok()?;
    let target = response.url().join(location).ok()?;
    (target.origin() == response.url().origin()).then_some(target)
}
