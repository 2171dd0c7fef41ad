//! What happens by itself once the last day of a contract has passed, where the tenant's settings
//! want that: the contract ends, or goes on.

use std::sync::Arc;

use store::{SubscriptionStatus, TenantRow, TenantStatus};
use types::Actor;

use super::end::{Device, end_after};
use super::extend::{Extension, prolong};
use super::lock;
use crate::call::{Call, Context};
use crate::error::Error;
use crate::face::serve::Service;
use crate::face::tenants::to_tenant;
use crate::rules::settings::ContractEndBehaviour;

/// Contracts of a tenant that are looked for at a time.
const BATCH: u32 = 200;

/// Renewals of a contract in one transaction: a contract that ended long ago catches up in steps.
const RENEWALS: usize = 24;

/// Recorded as the actor.
const ACTOR: &str = "contract-end";

impl Service {
    /// Ends or renews the active contracts whose last day has passed in the time zone of their
    /// tenant, as the tenant's settings say; by default they stay as they are. How many did either.
    /// Each contract is a transaction of its own, so it can be interrupted, and is called again and
    /// again. It costs one indexed read for each tenant concerned when nothing is due.
    ///
    /// # Errors
    /// The first failure, after everything else that is due has been tried.
    pub async fn end_contracts(&self) -> Result<u64, Error> {
        let tenants = self
            .store()
            .read(|tx| store::tenants::list(tx).map_err(Error::from))
            .await?;
        let (mut all, mut outcome) = (0, Ok(()));
        for tenant in tenants.into_iter().filter(may_act) {
            match self.end_contracts_of(tenant).await {
                Ok(settled) => all += settled,
                Err(error) => outcome = outcome.and(Err(error)),
            }
        }
        outcome.map(|()| all)
    }

    async fn end_contracts_of(&self, tenant: TenantRow) -> Result<u64, Error> {
        let context = Context {
            tenant: Arc::new(to_tenant(tenant)?),
            key_id: ACTOR.into(),
            key_name: ACTOR.into(),
            under_way: None,
            conditions: None,
            quota: None,
        };
        if context.tenant.settings.contract_end.behaviour == ContractEndBehaviour::RequireAction {
            return Ok(0);
        }
        let (mut all, mut outcome) = (0, Ok(()));
        loop {
            let due = self
                .read(context.clone(), |call| {
                    let today = call.today();
                    Ok(store::subscriptions::past_end(call.tx, today, BATCH)?)
                })
                .await?;
            let (found, mut settled) = (due.len(), 0);
            for id in due {
                let done = self.write(context.clone(), move |call| settle(call, &id));
                match done.await {
                    Ok(done) => settled += u64::from(done),
                    Err(error) => outcome = outcome.and(Err(error)),
                }
            }
            all += settled;
            // Those that failed would be found again and again.
            if found < BATCH as usize || settled == 0 {
                return outcome.map(|()| all);
            }
        }
    }
}

/// A cheap look before settings are read in full: only these behaviours are named like that.
fn may_act(tenant: &TenantRow) -> bool {
    tenant.status == TenantStatus::Active && tenant.settings.as_str().contains("auto_")
}

/// Ends or renews one contract; `false` if that was not due any more.
fn settle(call: &mut Call<'_, '_>, id: &str) -> Result<bool, Error> {
    let (mut rental, _) = lock(call, id)?;
    let mut settled = false;
    for _ in 0..RENEWALS {
        if rental.status != SubscriptionStatus::Active || rental.end_date >= call.today() {
            break;
        }
        let months = match call.tenant.settings.contract_end.behaviour {
            ContractEndBehaviour::RequireAction => break,
            ContractEndBehaviour::AutoTerminate => {
                let status = SubscriptionStatus::EndedCompleted;
                // The last day has passed, and the month that has begun since is not rented.
                let months = rental.contract_length;
                end_after(call, &mut rental, status, Device::Out, months)?;
                return Ok(true);
            }
            ContractEndBehaviour::AutoRenewMonthly => 1,
            ContractEndBehaviour::AutoRenewSameTerm => rental.original_contract_length,
        };
        let extension = Extension {
            months,
            amount: rental.monthly_amount,
            reason: "renewed at the end of the contract".into(),
            notes: None,
            by: Actor {
                user_id: ACTOR.into(),
                email: None,
                display_name: None,
                role: None,
                member_id: None,
            },
        };
        prolong(call, &mut rental, extension)?;
        settled = true;
    }
    Ok(settled)
}
