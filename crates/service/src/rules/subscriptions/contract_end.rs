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

/// Contracts of a tenant that one run looks at; the next run finds the others.
const BATCH: u32 = 200;

/// Renewals of a contract in one transaction: a contract that ended long ago catches up in steps.
const RENEWALS: usize = 24;

/// Recorded as the actor.
const ACTOR: &str = "contract-end";

impl Service {
    /// Ends or renews the active contracts whose last day has passed in the time zone of their
    /// tenant, as the tenant's settings say; by default they stay as they are. Each contract is a
    /// transaction of its own, and a run is bounded, so it is called again and again. It costs one
    /// indexed read for each tenant concerned when nothing is due.
    ///
    /// # Errors
    /// The first failure, after everything else that is due has been tried.
    pub async fn end_contracts(&self) -> Result<(), Error> {
        let tenants = self
            .store()
            .read(|tx| store::tenants::list(tx).map_err(Error::from))
            .await?;
        let mut outcome = Ok(());
        for tenant in tenants.into_iter().filter(may_act) {
            outcome = outcome.and(self.end_contracts_of(tenant).await);
        }
        outcome
    }

    async fn end_contracts_of(&self, tenant: TenantRow) -> Result<(), Error> {
        let context = Context {
            tenant: Arc::new(to_tenant(tenant)?),
            key_id: ACTOR.into(),
            key_name: ACTOR.into(),
            under_way: None,
            conditions: None,
            quota: None,
        };
        if context.tenant.settings.contract_end.behaviour == ContractEndBehaviour::RequireAction {
            return Ok(());
        }
        let due = self
            .read(context.clone(), |call| {
                let today = call.today();
                Ok(store::subscriptions::past_end(
                    call.tx,
                    &call.tenant.id,
                    today,
                    BATCH,
                )?)
            })
            .await?;
        let mut outcome = Ok(());
        for id in due {
            outcome = outcome.and(
                self.write(context.clone(), move |call| settle(call, &id))
                    .await,
            );
        }
        outcome
    }
}

/// A cheap look before settings are read in full: only these behaviours are named like that.
fn may_act(tenant: &TenantRow) -> bool {
    tenant.status == TenantStatus::Active && tenant.settings.as_str().contains("auto_")
}

/// Ends or renews one contract, if that is still due.
fn settle(call: &mut Call<'_, '_>, id: &str) -> Result<(), Error> {
    let (mut rental, _) = lock(call, id)?;
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
                break;
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
    }
    Ok(())
}
