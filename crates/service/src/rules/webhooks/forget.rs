//! Clears away what has had its time.

use jiff::{SignedDuration, Timestamp};
use store::webhooks::{endpoints, history};

use crate::error::Error;
use crate::face::serve::Service;

/// How long it is known what has become of a delivery.
const KEPT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Deliveries that one transaction clears away.
const CLEARED: u32 = 400;

impl Service {
    /// Forgets deliveries that were over 30 days ago, and secrets that are not signed with any more.
    ///
    /// # Errors
    /// The first failure, after the other endpoints have been looked at.
    pub async fn forget_webhooks(&self) -> Result<u64, Error> {
        let now = self.clock().now();
        let before = now.checked_sub(KEPT).unwrap_or(Timestamp::MIN);
        let outdated = self
            .store()
            .read(move |tx| history::outdated(tx, now, before).map_err(Error::from))
            .await?;
        let (mut all, mut outcome) = (0, Ok(()));
        for (tenant, endpoint) in outdated {
            match self.forget_webhooks_of(tenant, endpoint, now, before).await {
                Ok(forgotten) => all += forgotten,
                Err(error) => outcome = outcome.and(Err(error)),
            }
        }
        outcome.map(|()| all)
    }

    async fn forget_webhooks_of(
        &self,
        tenant: String,
        endpoint: String,
        now: Timestamp,
        before: Timestamp,
    ) -> Result<u64, Error> {
        let tenant = tenant.into();
        let mut all = 0;
        loop {
            let endpoint = endpoint.clone();
            let forgotten = self
                .store()
                .write_in(&tenant, move |tx| {
                    endpoints::forget_secret(tx, &endpoint, now)?;
                    Ok::<_, Error>(history::forget(tx, &endpoint, before, CLEARED)?)
                })
                .await?;
            all += forgotten;
            if forgotten < u64::from(CLEARED) {
                return Ok(all);
            }
        }
    }
}
