//! What is to be sent now, and what becomes of each try.

use std::sync::Arc;
use std::time::SystemTime;

use contract_webhooks::Secret;
use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use store::webhooks::deliveries::{self, Tried};
use store::{DueDelivery, WebhookDeliveryState};

use crate::call::instant;
use crate::error::Error;
use crate::face::serve::Service;

/// How long a try may take, its answer written down included. Whoever has said nothing by then has ended, and
/// somebody else tries again.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// Waits after the first try, the second one and so on, in seconds; the last one from then on.
const WAITS: [i64; 7] = [5, 30, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 8 * 3600];

/// It is given up so long after the first try; the last one is not earlier.
const GIVEN_UP: SignedDuration = SignedDuration::from_hours(24);

/// An endpoint that something may have to be sent to.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Queue {
    tenant: Arc<str>,
    endpoint: Arc<str>,
}

/// An event to be sent now. Whoever claimed it sends it once, and says what came of it by
/// [`Service::record_delivery`].
#[derive(Debug, Clone)]
pub struct Delivery {
    queue: Queue,
    sequence: i64,
    resource: String,
    attempt: i64,
    attempts_before: i64,
    first_attempt: Timestamp,
    /// Where to.
    pub url: String,
    /// What to sign with: the secret, and the one before while that is being replaced.
    pub secrets: Vec<Secret>,
    /// Id of the event: the same on every try.
    pub id: String,
    /// When this try is made.
    pub at: SystemTime,
    /// What to send.
    pub body: String,
}

/// What came of a try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// This status was answered.
    Answered(u16),
    /// There was no answer; why, in a few words.
    Unanswered(&'static str),
}

/// What has become of a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was received.
    Delivered,
    /// It is tried again.
    PutOff,
    /// It is given up.
    GivenUp,
    /// Somebody else has tried it since, or its endpoint is gone.
    Overtaken,
}

impl Attempt {
    fn is_received(&self) -> bool {
        matches!(self, Attempt::Answered(200..=299))
    }
}

impl Queue {
    /// Its endpoint, for the log.
    pub fn endpoint(&self) -> &str {
        &self.endpoint
    }
}

impl Delivery {
    /// The endpoint that it goes to.
    pub fn queue(&self) -> &Queue {
        &self.queue
    }

    /// Which try it is, from 1, those included that were made before it was asked for again.
    pub fn attempt(&self) -> i64 {
        self.attempt
    }
}

impl Service {
    /// The endpoints to which something may have to be sent now.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn due_deliveries(&self) -> Result<Vec<Queue>, Error> {
        let now = self.clock().now();
        let due = self
            .store()
            .read(move |tx| deliveries::due(tx, now).map_err(Error::from))
            .await?;
        let queue = |(tenant, endpoint): (String, String)| Queue {
            tenant: tenant.into(),
            endpoint: endpoint.into(),
        };
        Ok(due.into_iter().map(queue).collect())
    }

    /// Takes what is to be sent to an endpoint now, at most `limit`: of each resource the first event
    /// that was not received. No other process gets it within the next minute.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn claim_deliveries(
        &self,
        queue: &Queue,
        limit: u32,
    ) -> Result<Vec<Delivery>, Error> {
        let (endpoint, clock) = (queue.endpoint.clone(), self.clock().clone());
        let (now, claimed) = self
            .store()
            .write_in(&queue.tenant, move |tx| {
                let now = clock.now();
                let until = later(now, LEASE);
                let claimed = deliveries::claim(tx, &endpoint, now, until, limit)?;
                Ok::<_, Error>((now, claimed))
            })
            .await?;
        claimed
            .into_iter()
            .map(|due| delivery(queue, due, now))
            .collect()
    }

    /// Writes down what came of a try: it is done, or tried again later, up to 24 hours after the first try.
    ///
    /// # Errors
    /// When the store fails; the event is sent again then.
    pub async fn record_delivery(
        &self,
        delivery: &Delivery,
        attempt: Attempt,
    ) -> Result<Outcome, Error> {
        let (it, clock) = (delivery.clone(), self.clock().clone());
        self.store()
            .write_in(&delivery.queue.tenant, move |tx| {
                let now = clock.now();
                let (status, error) = match attempt {
                    Attempt::Answered(status) => (Some(i64::from(status)), None),
                    Attempt::Unanswered(why) => (None, Some(why)),
                };
                let tried = Tried {
                    endpoint_id: &it.queue.endpoint,
                    sequence: it.sequence,
                    resource: &it.resource,
                    attempt: it.attempt,
                    status,
                    error,
                    at: now,
                };
                let (known, outcome) = if attempt.is_received() {
                    let state = WebhookDeliveryState::Succeeded;
                    (deliveries::finish(tx, &tried, state)?, Outcome::Delivered)
                } else if let Some(next) =
                    next_attempt(it.attempt - it.attempts_before, it.first_attempt, now)
                {
                    (deliveries::put_off(tx, &tried, next)?, Outcome::PutOff)
                } else {
                    let state = WebhookDeliveryState::Failed;
                    (deliveries::finish(tx, &tried, state)?, Outcome::GivenUp)
                };
                Ok(if known { outcome } else { Outcome::Overtaken })
            })
            .await
    }
}

fn delivery(queue: &Queue, due: DueDelivery, now: Timestamp) -> Result<Delivery, Error> {
    // The names of the contract, in its order.
    let data: serde_json::Value = due.data.read()?;
    let body = json!({ "event": due.kind, "timestamp": instant(due.at), "data": data });
    let previous = due.previous_secret_until.is_some_and(|until| now < until);
    let previous = due.previous_secret.filter(|_| previous);
    let secrets = [Some(due.secret), previous].into_iter().flatten();
    let secrets = secrets.map(|secret| secret.0.parse());
    let secrets = secrets
        .collect::<Result<Vec<Secret>, _>>()
        .map_err(|error| Error::Broken(format!("secret of `{}`: {error}", queue.endpoint)))?;
    Ok(Delivery {
        queue: queue.clone(),
        sequence: due.sequence,
        resource: due.resource,
        attempt: due.attempts + 1,
        attempts_before: due.attempts_before,
        first_attempt: due.first_attempt.unwrap_or(now),
        url: due.url,
        secrets,
        id: due.event_id,
        at: now.into(),
        body: body.to_string(),
    })
}

/// When to try again after the try `attempt`, from 1, failed at `now`; `None` if it is given up.
fn next_attempt(attempt: i64, first: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let end = later(first, GIVEN_UP);
    if now >= end {
        return None;
    }
    let index = usize::try_from(attempt.saturating_sub(1)).unwrap_or(usize::MAX);
    let wait = WAITS[index.min(WAITS.len() - 1)];
    Some(later(now, SignedDuration::from_secs(wait)).min(end))
}

/// The calendar ends later than any clock of ours.
fn later(at: Timestamp, by: SignedDuration) -> Timestamp {
    at.checked_add(by).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_the_last_try_is_a_day_after_the_first() {
        let first: Timestamp = "2026-03-10T09:00:00Z".parse().unwrap();
        let (mut now, mut tries) = (first, vec![]);
        for attempt in 1..100 {
            let Some(next) = next_attempt(attempt, first, now) else {
                break;
            };
            tries.push(next.duration_since(first).as_secs());
            now = next;
        }
        assert_eq!(tries, [5, 35, 335, 2135, 9335, 27335, 56135, 84935, 86400]);
        assert!(next_attempt(1, first, later(first, GIVEN_UP)).is_none());
    }
}
