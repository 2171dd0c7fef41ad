//! Sends one webhook, and nothing to anywhere else than it may go.
//!
//! The URL is checked again with every try. A name is resolved here, and only addresses that may be reached are
//! handed to what connects, so that a name cannot mean another address the second time. Redirects are answers, and
//! proxies are not asked.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use contract_webhooks::sign;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Client, redirect};
use service::webhooks::{Attempt, Delivery, Reach};

use crate::tls;

/// How long a try may take, from the look-up of the name to the status.
const TIMEOUT: Duration = Duration::from_secs(15);

/// Sends webhooks.
pub(super) struct Sender {
    client: Client,
    reach: Reach,
}

impl Sender {
    /// # Errors
    /// When this machine cannot do TLS.
    pub(super) fn new(reach: Reach) -> Result<Sender, String> {
        let failed = |error: &dyn std::error::Error| {
            format!("cannot send webhooks: {}", service::chain(error))
        };
        let client = Client::builder()
            .tls_backend_preconfigured(tls::client().map_err(|error| failed(&error))?)
            .user_agent(concat!("FlexPortal-Webhooks/", env!("CARGO_PKG_VERSION")))
            .redirect(redirect::Policy::none())
            .no_proxy()
            .timeout(TIMEOUT)
            .dns_resolver(Arc::new(Checked(reach)))
            .build()
            .map_err(|error| failed(&error))?;
        Ok(Sender { client, reach })
    }

    /// One try.
    pub(super) async fn send(&self, delivery: &Delivery) -> Attempt {
        if self.reach.check(&delivery.url).is_err() {
            return Attempt::Unanswered("the URL is not allowed");
        }
        let body = delivery.body.as_bytes();
        let Ok(signed) = sign(&delivery.secrets, &delivery.id, delivery.at, body) else {
            return Attempt::Unanswered("it cannot be signed");
        };
        let json = HeaderValue::from_static("application/json");
        let mut request = self
            .client
            .post(&delivery.url)
            .header(CONTENT_TYPE, json)
            .body(delivery.body.clone());
        for (name, value) in signed.headers() {
            request = request.header(name, value);
        }
        match request.send().await {
            // Whatever else it says is not read.
            Ok(response) => Attempt::Answered(response.status().as_u16()),
            Err(error) => Attempt::Unanswered(reason(&error)),
        }
    }
}

/// Why there was no answer, without the URL.
fn reason(error: &reqwest::Error) -> &'static str {
    let mut cause = std::error::Error::source(error);
    while let Some(one) = cause {
        if one.is::<Private>() {
            return "the host has no address on the internet";
        }
        cause = one.source();
    }
    if error.is_timeout() {
        "timeout"
    } else if error.is_connect() {
        "no connection"
    } else {
        "no answer"
    }
}

/// Looks up names, and gives out addresses that may be reached only.
struct Checked(Reach);

impl Resolve for Checked {
    fn resolve(&self, name: Name) -> Resolving {
        let Checked(reach) = *self;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let reachable = |address: &SocketAddr| reach.includes(address.ip());
            let addresses: Vec<SocketAddr> = found.filter(reachable).collect();
            match addresses.is_empty() {
                true => Err(Box::new(Private) as Box<dyn std::error::Error + Send + Sync>),
                false => Ok(Box::new(addresses.into_iter()) as Addrs),
            }
        })
    }
}

/// A name has no address that may be reached.
#[derive(Debug)]
struct Private;

impl std::fmt::Display for Private {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("no address of the host may be reached")
    }
}

impl std::error::Error for Private {}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn names_of_this_machine_have_no_address() {
        let resolve = async |reach, name: &str| {
            let name = name.parse::<Name>().unwrap();
            Checked(reach).resolve(name).await.map(Iterator::count)
        };
        let refused = resolve(Reach::Internet, "localhost").await.unwrap_err();
        assert!(refused.is::<Private>(), "{refused}");
        assert!(resolve(Reach::Anything, "localhost").await.unwrap() > 0);
    }
}
