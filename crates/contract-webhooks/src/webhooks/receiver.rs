//! What a receiver does.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::Mac as _;

use super::{Error, Headers, ID, SIGNATURE, Secret, TIMESTAMP};
use crate::wire::{DecodeError, Event, TaggedEvent, parse_event, parse_event_as};

/// How far the clocks of sender and receiver may be apart, time on the way included: what the
/// standard's own libraries tolerate.
const TOLERANCE: Duration = Duration::from_secs(5 * 60);

/// Version of the signatures that are looked at: HMAC-SHA256. Others, such as `v1a`, are passed over.
const VERSION: &str = "v1";

/// Who verifies webhooks, and reads them.
#[derive(Debug, Clone)]
pub struct Receiver {
    secrets: Vec<Secret>,
    tolerance: Duration,
}

/// A webhook that was verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// Id of the event. Events are delivered at least once: whoever has seen the id has seen the event.
    pub id: String,
    /// When this try was sent, which may be long after the event.
    pub sent: SystemTime,
}

/// A webhook that was verified and read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received<E> {
    /// What is known of the delivery.
    pub delivery: Delivery,
    /// What happened.
    pub event: E,
}

impl Receiver {
    /// A receiver of what is signed with `secret`.
    pub fn new(secret: Secret) -> Receiver {
        Receiver {
            secrets: vec![secret],
            tolerance: TOLERANCE,
        }
    }

    /// Accepts `secret` as well, as long as one is being replaced by another.
    #[must_use]
    pub fn accept(mut self, secret: Secret) -> Receiver {
        self.secrets.push(secret);
        self
    }

    /// How far the time of sending may lie before or after that of receiving: 5 minutes, unless this
    /// says otherwise. Within it, whoever has overheard a webhook can send it again.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Receiver {
        self.tolerance = tolerance;
        self
    }

    /// Verifies that `body`, the very bytes that came, were sent lately by someone who has a secret.
    ///
    /// # Errors
    /// Everything but [`Error::Invalid`].
    pub fn verify(
        &self,
        headers: &(impl Headers + ?Sized),
        body: &[u8],
        now: SystemTime,
    ) -> Result<Delivery, Error> {
        let id = header(headers, ID)?;
        let timestamp = header(headers, TIMESTAMP)?;
        let signatures = header(headers, SIGNATURE)?;
        let sent = self.timely(timestamp, now)?;
        let signatures: Vec<Vec<u8>> = signatures
            .split(' ')
            .filter_map(|signature| signature.split_once(','))
            .filter(|(version, _)| *version == VERSION)
            .filter_map(|(_, encoded)| STANDARD.decode(encoded).ok())
            .collect();
        let is_signed = self.secrets.iter().any(|secret| {
            let digest = secret.digest(id, timestamp, body);
            // In constant time; a signature of another length is none.
            let mut signatures = signatures.iter();
            signatures.any(|signature| digest.clone().verify_slice(signature).is_ok())
        });
        match is_signed {
            true => Ok(Delivery {
                id: id.to_owned(),
                sent,
            }),
            false => Err(Error::NoSignatureMatches),
        }
    }

    /// Verifies a webhook and reads it as the event that its own text says it is. `E` is the
    /// enum that was generated from the `webhooks` of a contract.
    ///
    /// # Errors
    /// [`Error::Invalid`] only of what is signed.
    pub fn receive<E: TaggedEvent>(
        &self,
        headers: &(impl Headers + ?Sized),
        body: &[u8],
        now: SystemTime,
    ) -> Result<Received<E>, Error> {
        let delivery = self.verify(headers, body, now)?;
        received(delivery, parse_event(body))
    }

    /// As [`Receiver::receive`], for contracts whose bodies do not say what they are: `name` does,
    /// for instance by the address that the webhook came to.
    ///
    /// # Errors
    /// As [`Receiver::receive`].
    pub fn receive_as<E: Event>(
        &self,
        name: &str,
        headers: &(impl Headers + ?Sized),
        body: &[u8],
        now: SystemTime,
    ) -> Result<Received<E>, Error> {
        let delivery = self.verify(headers, body, now)?;
        received(delivery, parse_event_as(name, body))
    }

    /// When it was sent, if that is not too far from `now`; compared in whole seconds.
    fn timely(&self, timestamp: &str, now: SystemTime) -> Result<SystemTime, Error> {
        let is_number = timestamp.bytes().all(|byte| byte.is_ascii_digit());
        let seconds = timestamp.parse().ok().filter(|_| is_number);
        let sent = seconds.and_then(|seconds| UNIX_EPOCH.checked_add(Duration::from_secs(seconds)));
        let (Some(seconds), Some(sent)) = (seconds, sent) else {
            return Err(Error::UnreadableHeader(TIMESTAMP));
        };
        let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let age_seconds = now.saturating_sub(seconds);
        let ahead_seconds = seconds.saturating_sub(now);
        if age_seconds > self.tolerance.as_secs() {
            return Err(Error::TooOld { age_seconds });
        }
        if ahead_seconds > self.tolerance.as_secs() {
            return Err(Error::TooNew { ahead_seconds });
        }
        Ok(sent)
    }
}

fn header<'h>(headers: &'h (impl Headers + ?Sized), name: &'static str) -> Result<&'h str, Error> {
    let value = headers.value(name).ok_or(Error::MissingHeader(name))?;
    std::str::from_utf8(value).map_err(|_| Error::UnreadableHeader(name))
}

fn received<E>(delivery: Delivery, event: Result<E, DecodeError>) -> Result<Received<E>, Error> {
    let event = event.map_err(Error::Invalid)?;
    Ok(Received { delivery, event })
}
