//! Subscriptions: one rented device each, from the day it is handed out to the day the contract
//! ends, in one way or another.

use api::{
    BuyoutSubscriptionRequest, BuyoutSubscriptionResponse, CalculateBuyoutPriceRequest,
    CalculateBuyoutPriceResponse, CalculateEarlyReturnFeeRequest, CalculateEarlyReturnFeeResponse,
    CancelSubscriptionRequest, CancelSubscriptionResponse, CompleteSubscriptionRequest,
    CompleteSubscriptionResponse, CreateSubscriptionRequest, CreateSubscriptionResponse,
    EarlyReturnSubscriptionRequest, EarlyReturnSubscriptionResponse, ExtendSubscriptionRequest,
    ExtendSubscriptionResponse, GetSubscriptionRequest, GetSubscriptionResponse,
    ListSubscriptionsRequest, ListSubscriptionsResponse, ReplaceSubscriptionDeviceRequest,
    ReplaceSubscriptionDeviceResponse, SubscriptionsApi, UpdateSubscriptionNotesRequest,
    UpdateSubscriptionNotesResponse, UpgradeSubscriptionRequest, UpgradeSubscriptionResponse,
};
use jiff::civil::Date;
use store::{CustomerRow, SubscriptionRow, SubscriptionStatus};
use types::support::True;
use types::{ErrorCode, SubscriptionChanged, SubscriptionNotesUpdate};

use crate::calendar;
use crate::call::{Call, Context};
use crate::customers::wire::not_empty;
use crate::error::{Error, Fault, answer, invalid, not_found, refuse};
use crate::serve::Service;

mod buyout;
mod charges;
mod contract_end;
mod create;
mod early_return;
mod end;
mod extend;
mod list;
mod quotes;
mod recovery;
mod replace;
mod start;
mod upgrade;
mod wire;

impl SubscriptionsApi for Service {
    async fn create_subscription(
        &self,
        context: Context,
        request: CreateSubscriptionRequest,
    ) -> Result<CreateSubscriptionResponse, Fault> {
        let outcome = self
            .write(context, move |call| create::create(call, &request.body))
            .await;
        answer(
            outcome,
            CreateSubscriptionResponse::Created,
            CreateSubscriptionResponse::from_error,
        )
    }

    async fn list_subscriptions(
        &self,
        context: Context,
        request: ListSubscriptionsRequest,
    ) -> Result<ListSubscriptionsResponse, Fault> {
        let outcome = self
            .read(context, move |call| list::list(call, &request))
            .await;
        answer(
            outcome,
            ListSubscriptionsResponse::Ok,
            ListSubscriptionsResponse::from_error,
        )
    }

    async fn get_subscription(
        &self,
        context: Context,
        request: GetSubscriptionRequest,
    ) -> Result<GetSubscriptionResponse, Fault> {
        let outcome = self
            .read(context, move |call| get(call, &request.subscription_id))
            .await;
        answer(
            outcome,
            GetSubscriptionResponse::Ok,
            GetSubscriptionResponse::from_error,
        )
    }

    async fn extend_subscription(
        &self,
        context: Context,
        request: ExtendSubscriptionRequest,
    ) -> Result<ExtendSubscriptionResponse, Fault> {
        let outcome = self
            .write(context, move |call| {
                extend::extend(call, &request.subscription_id, &request.body)
            })
            .await;
        answer(
            outcome,
            ExtendSubscriptionResponse::Ok,
            ExtendSubscriptionResponse::from_error,
        )
    }

    async fn upgrade_subscription(
        &self,
        context: Context,
        request: UpgradeSubscriptionRequest,
    ) -> Result<UpgradeSubscriptionResponse, Fault> {
        let outcome = self
            .write(context, move |call| {
                upgrade::upgrade(call, &request.subscription_id, &request.body)
            })
            .await;
        answer(
            outcome,
            UpgradeSubscriptionResponse::Ok,
            UpgradeSubscriptionResponse::from_error,
        )
    }

    async fn replace_subscription_device(
        &self,
        context: Context,
        request: ReplaceSubscriptionDeviceRequest,
    ) -> Result<ReplaceSubscriptionDeviceResponse, Fault> {
        let outcome = self
            .write(context, move |call| {
                replace::replace(call, &request.subscription_id, &request.body)
            })
            .await;
        answer(
            outcome,
            ReplaceSubscriptionDeviceResponse::Ok,
            ReplaceSubscriptionDeviceResponse::from_error,
        )
    }

    async fn buyout_subscription(
        &self,
        context: Context,
        request: BuyoutSubscriptionRequest,
    ) -> Result<BuyoutSubscriptionResponse, Fault> {
        let outcome = self
            .write(context, move |call| {
                buyout::buyout(call, &request.subscription_id, &request.body)
            })
            .await;
        answer(
            outcome,
            BuyoutSubscriptionResponse::Ok,
            BuyoutSubscriptionResponse::from_error,
        )
    }

    async fn early_return_subscription(
        &self,
        context: Context,
        request: EarlyReturnSubscriptionRequest,
    ) -> Result<EarlyReturnSubscriptionResponse, Fault> {
        let outcome = self
            .write(context, move |call| {
                early_return::early_return(call, &request.subscription_id, &request.body)
            })
            .await;
        answer(
            outcome,
            EarlyReturnSubscriptionResponse::Ok,
            EarlyReturnSubscriptionResponse::from_error,
        )
    }

    async fn cancel_subscription(
        &self,
        context: Context,
        request: CancelSubscriptionRequest,
    ) -> Result<CancelSubscriptionResponse, Fault> {
        let outcome = self
            .write(context, move |call| {
                end::cancel(call, &request.subscription_id, &request.body)
            })
            .await;
        answer(
            outcome,
            CancelSubscriptionResponse::Ok,
            CancelSubscriptionResponse::from_error,
        )
    }

    async fn complete_subscription(
        &self,
        context: Context,
        request: CompleteSubscriptionRequest,
    ) -> Result<CompleteSubscriptionResponse, Fault> {
        let outcome = self
            .write(context, move |call| {
                end::complete(call, &request.subscription_id, request.body.as_ref())
            })
            .await;
        answer(
            outcome,
            CompleteSubscriptionResponse::Ok,
            CompleteSubscriptionResponse::from_error,
        )
    }

    async fn update_subscription_notes(
        &self,
        context: Context,
        request: UpdateSubscriptionNotesRequest,
    ) -> Result<UpdateSubscriptionNotesResponse, Fault> {
        let outcome = self
            .write(context, move |call| {
                replace_notes(call, &request.subscription_id, &request.body)
            })
            .await;
        answer(
            outcome,
            UpdateSubscriptionNotesResponse::Ok,
            UpdateSubscriptionNotesResponse::from_error,
        )
    }

    async fn calculate_buyout_price(
        &self,
        context: Context,
        request: CalculateBuyoutPriceRequest,
    ) -> Result<CalculateBuyoutPriceResponse, Fault> {
        let id = request.body.rental_id;
        let outcome = self
            .read(context, move |call| quotes::calculate_buyout(call, &id))
            .await;
        answer(
            outcome,
            CalculateBuyoutPriceResponse::Ok,
            CalculateBuyoutPriceResponse::from_error,
        )
    }

    async fn calculate_early_return_fee(
        &self,
        context: Context,
        request: CalculateEarlyReturnFeeRequest,
    ) -> Result<CalculateEarlyReturnFeeResponse, Fault> {
        let id = request.body.rental_id;
        let outcome = self
            .read(context, move |call| {
                quotes::calculate_early_return(call, &id)
            })
            .await;
        answer(
            outcome,
            CalculateEarlyReturnFeeResponse::Ok,
            CalculateEarlyReturnFeeResponse::from_error,
        )
    }
}

fn get(call: &mut Call<'_, '_>, id: &str) -> Result<types::Rental, Error> {
    let row = known(call, id)?;
    wire::rental(call, row)
}

/// Replaces the notes, whatever status the subscription has.
fn replace_notes(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &SubscriptionNotesUpdate,
) -> Result<SubscriptionChanged, Error> {
    let (mut rental, _) = lock(call, id)?;
    rental.notes = not_empty(&body.notes);
    rental.updated_at = call.now;
    store::subscriptions::update(call.tx, &rental)?;
    let message = "the notes are replaced".into();
    Ok(SubscriptionChanged {
        success: True,
        message,
        rental_id: rental.id,
    })
}

fn known(call: &mut Call<'_, '_>, id: &str) -> Result<SubscriptionRow, Error> {
    let row = store::subscriptions::find(call.tx, &call.tenant.id, id)?;
    row.ok_or_else(|| not_found("subscription"))
}

/// A subscription, and its customer under the lock that serialises whatever decides over the
/// customer's status.
fn lock(call: &mut Call<'_, '_>, id: &str) -> Result<(SubscriptionRow, CustomerRow), Error> {
    let rental = known(call, id)?;
    let customer = store::customers::lock(call.tx, &call.tenant.id, &rental.customer_id)?;
    let customer = customer
        .ok_or_else(|| Error::Broken(format!("the customer of subscription `{id}` is gone")))?;
    // Read again: until the lock was taken, somebody else could change it.
    Ok((known(call, id)?, customer))
}

/// [`lock`], refused unless the subscription is active.
fn lock_active(call: &mut Call<'_, '_>, id: &str) -> Result<(SubscriptionRow, CustomerRow), Error> {
    let locked = lock(call, id)?;
    match locked.0.status {
        SubscriptionStatus::Active => Ok(locked),
        ended => Err(not_active(ended)),
    }
}

fn not_active(status: SubscriptionStatus) -> Error {
    refuse(
        ErrorCode::SubscriptionNotActive,
        format!("the subscription is `{status}`"),
    )
}

/// A body may repeat the id of the path, but name no other.
fn repeats_id(id: &str, given: Option<&str>) -> Result<(), Error> {
    match given {
        Some(given) if given != id => {
            Err(invalid("rentalId", "custom", "must be the id in the path"))
        }
        _ => Ok(()),
    }
}

/// A day that the contract leaves to the rules to read.
fn date(call: &Call<'_, '_>, path: &str, text: &str) -> Result<Date, Error> {
    calendar::parse_date(text, &call.tenant.zone).ok_or_else(|| {
        invalid(
            path,
            "invalid_string",
            "must be a date, as YYYY-MM-DD or RFC 3339",
        )
    })
}
