//! What a caller wants to see, or to add, whenever a request goes out.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Request, Response, StatusCode};

use super::value::request_id;

/// A request that goes out now: what a hook of `before_attempt` is given.
///
/// Headers and URL can hold credentials; its debug form has none of them.
pub struct Attempt<'a> {
    operation: &'a str,
    number: u32,
    request: &'a mut Request,
}

impl Attempt<'_> {
    /// `operationId` of the contract.
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// 1 for the first time the call is sent. A redirect that is followed has the number of what it follows.
    pub fn number(&self) -> u32 {
        self.number
    }

    /// The request as it will be sent.
    pub fn request(&self) -> &Request {
        self.request
    }

    /// Its headers. What is changed here goes out with this attempt, and is not there at the next one.
    pub fn headers_mut(&mut self) -> &mut HeaderMap {
        self.request.headers_mut()
    }
}

impl fmt::Debug for Attempt<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("operation", &self.operation)
            .field("number", &self.number)
            .field("method", self.request.method())
            .finish_non_exhaustive()
    }
}

/// What became of an attempt: what a hook of `after_attempt` is given, before anybody reads the body.
pub struct Outcome<'a> {
    operation: &'a str,
    attempt: u32,
    duration: Duration,
    answer: Result<&'a Response, &'a reqwest::Error>,
}

impl Outcome<'_> {
    /// `operationId` of the contract.
    pub fn operation(&self) -> &str {
        self.operation
    }

    /// The number of the attempt, from 1 on.
    pub fn attempt(&self) -> u32 {
        self.attempt
    }

    /// From the first byte of the request to the head of the answer, or to the error.
    pub fn duration(&self) -> Duration {
        self.duration
    }

    /// The status, if there is an answer.
    pub fn status(&self) -> Option<StatusCode> {
        Some(self.answer.ok()?.status())
    }

    /// The headers, if there is an answer.
    pub fn headers(&self) -> Option<&HeaderMap> {
        Some(self.answer.ok()?.headers())
    }

    /// What the server calls this request, if it says so.
    pub fn request_id(&self) -> Option<&str> {
        request_id(self.headers()?)
    }

    /// Why there is no answer; it does not have the URL.
    pub fn error(&self) -> Option<&reqwest::Error> {
        self.answer.err()
    }
}

impl fmt::Debug for Outcome<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Outcome")
            .field("operation", &self.operation)
            .field("attempt", &self.attempt)
            .field("duration", &self.duration)
            .field("status", &self.status())
            .field("request_id", &self.request_id())
            .field("error", &self.error())
            .finish_non_exhaustive()
    }
}

type Before = dyn Fn(&mut Attempt<'_>) + Send + Sync;
type After = dyn Fn(&Outcome<'_>) + Send + Sync;

/// The hooks of a client, in the order in which they were set.
#[derive(Clone, Default)]
pub struct Hooks {
    before: Vec<Arc<Before>>,
    after: Vec<Arc<After>>,
}

impl Hooks {
    /// One more that sees each attempt before it goes out.
    pub fn before(&mut self, hook: impl Fn(&mut Attempt<'_>) + Send + Sync + 'static) {
        self.before.push(Arc::new(hook));
    }

    /// One more that sees what became of each attempt.
    pub fn after(&mut self, hook: impl Fn(&Outcome<'_>) + Send + Sync + 'static) {
        self.after.push(Arc::new(hook));
    }

    pub(super) fn run_before(&self, operation: &str, number: u32, request: &mut Request) {
        let mut attempt = Attempt {
            operation,
            number,
            request,
        };
        for hook in &self.before {
            hook(&mut attempt);
        }
    }

    pub(super) fn run_after(
        &self,
        operation: &str,
        attempt: u32,
        duration: Duration,
        answer: Result<&Response, &reqwest::Error>,
    ) {
        let outcome = Outcome {
            operation,
            attempt,
            duration,
            answer,
        };
        for hook in &self.after {
            hook(&outcome);
        }
    }
}

impl fmt::Debug for Hooks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Hooks").finish_non_exhaustive()
    }
}
