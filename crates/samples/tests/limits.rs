//! What is left of a limit on requests goes out where the contract declares both headers for it.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

samples::contract!("limits");

use std::sync::Arc;

use api::support::{Policy, Quota};
use api::*;

static POLICY: Policy = Policy {
    name: "hour",
    limit: 50,
    window_seconds: 3600,
};

/// Callers have as much left as their key says; of `none` nothing is counted.
struct Desk;

impl Api for Desk {
    type Contract = Contract;
    type Context = Option<Quota>;
    type Fault = String;

    async fn authenticate(
        &self,
        _: Operation,
        credentials: Credentials<'_>,
    ) -> Result<Option<Quota>, Denial> {
        let key = credentials.key.unwrap();
        let left = key.parse().ok().map(|remaining| Quota {
            policy: &POLICY,
            remaining,
            reset_seconds: 7,
        });
        match left {
            Some(quota) if quota.remaining == 0 => {
                Err(Denial::too_many_requests("LATER", "later", 7).with_quota(quota))
            }
            left => Ok(left),
        }
    }

    fn quota(context: &Option<Quota>) -> Option<Quota> {
        *context
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        rejection.into()
    }
}

impl DefaultApi for Desk {
    async fn get_limited(
        &self,
        _: Option<Quota>,
        request: GetLimitedRequest,
    ) -> Result<GetLimitedResponse, String> {
        match request.n {
            None => Ok(GetLimitedResponse::Ok(types::Thing { name: None })),
            Some(0) => Ok(GetLimitedResponse::NotFound),
            Some(_) => Err("broken".to_owned()),
        }
    }

    async fn get_half(
        &self,
        _: Option<Quota>,
        _: GetHalfRequest,
    ) -> Result<GetHalfResponse, String> {
        let headers = NoContentHeaders {
            rate_limit: Some("mine".to_owned()),
        };
        Ok(GetHalfResponse::NoContent(headers))
    }

    async fn get_unlimited(
        &self,
        _: Option<Quota>,
        _: GetUnlimitedRequest,
    ) -> Result<GetUnlimitedResponse, String> {
        Ok(GetUnlimitedResponse::NoContent)
    }

    async fn get_optional(
        &self,
        _: Option<Option<Quota>>,
        _: GetOptionalRequest,
    ) -> Result<GetOptionalResponse, String> {
        Ok(GetOptionalResponse::NoContent)
    }
}

/// Status, `RateLimit`, `RateLimit-Policy` and `Retry-After` of an answer.
async fn get(path: &str, key: &str) -> [String; 4] {
    let router = Mount::new(Arc::new(Desk)).default().finish();
    let address = samples::serve(router).await;
    let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{key}\r\n");
    let answer = samples::raw(address, request.as_bytes()).await.unwrap();
    let line = |name: &str| {
        let value = answer.lines().find_map(|line| line.strip_prefix(name));
        value.unwrap_or_default().trim().to_owned()
    };
    [
        answer[9..12].to_owned(),
        line("ratelimit:"),
        line("ratelimit-policy:"),
        line("retry-after:"),
    ]
}

#[tokio::test]
async fn every_answer_of_an_operation_that_declares_it_says_what_is_left() {
    let policy = "\"hour\";q=50;w=3600";
    for (path, key, status, left, wait) in [
        ("/limited", 42, "200", "\"hour\";r=42;t=7", ""),
        ("/limited?n=0", 42, "404", "\"hour\";r=42;t=7", ""),
        ("/limited?n=x", 42, "400", "\"hour\";r=42;t=7", ""),
        ("/limited?n=1", 42, "500", "\"hour\";r=42;t=7", ""),
        ("/limited", 0, "429", "\"hour\";r=0;t=7", "7"),
        ("/optional", 1, "204", "\"hour\";r=1;t=7", ""),
    ] {
        let found = get(path, &format!("X-Key: {key}\r\n")).await;
        assert_eq!(found, [status, left, policy, wait], "{path}");
    }
}

#[tokio::test]
async fn nothing_is_said_where_nothing_is_declared_or_limited() {
    for (path, key, status, left) in [
        ("/limited", "X-Key: none\r\n", "200", ""),
        ("/optional", "", "204", ""),
        ("/unlimited", "X-Key: 42\r\n", "204", ""),
        // One without the other is a header like any other.
        ("/half", "X-Key: 42\r\n", "204", "mine"),
    ] {
        assert_eq!(get(path, key).await, [status, left, "", ""], "{path}");
    }
}
