//! Subscriptions as the contract has them.

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

use crate::call::Context;
use crate::error::{Fault, respond};
use crate::face::conditions::Resource;
use crate::face::serve::Service;
use crate::rules::subscriptions::*;

impl SubscriptionsApi for Service {
    async fn create_subscription(
        &self,
        context: Context,
        request: CreateSubscriptionRequest,
    ) -> Result<CreateSubscriptionResponse, Fault> {
        respond(
            self.write(context, move |call| create::create(call, &request.body))
                .await,
        )
    }

    async fn list_subscriptions(
        &self,
        context: Context,
        request: ListSubscriptionsRequest,
    ) -> Result<ListSubscriptionsResponse, Fault> {
        respond(
            self.read(context, move |call| list::list(call, &request))
                .await,
        )
    }

    async fn get_subscription(
        &self,
        context: Context,
        request: GetSubscriptionRequest,
    ) -> Result<GetSubscriptionResponse, Fault> {
        respond(
            self.read(context, move |call| get(call, &request.subscription_id))
                .await,
        )
    }

    async fn extend_subscription(
        &self,
        context: Context,
        request: ExtendSubscriptionRequest,
    ) -> Result<ExtendSubscriptionResponse, Fault> {
        let resource = Resource::Subscription(request.subscription_id.clone());
        respond(
            self.change(context, resource, move |call| {
                extend::extend(call, &request.subscription_id, &request.body)
            })
            .await,
        )
    }

    async fn upgrade_subscription(
        &self,
        context: Context,
        request: UpgradeSubscriptionRequest,
    ) -> Result<UpgradeSubscriptionResponse, Fault> {
        let resource = Resource::Subscription(request.subscription_id.clone());
        respond(
            self.change(context, resource, move |call| {
                upgrade::upgrade(call, &request.subscription_id, &request.body)
            })
            .await,
        )
    }

    async fn replace_subscription_device(
        &self,
        context: Context,
        request: ReplaceSubscriptionDeviceRequest,
    ) -> Result<ReplaceSubscriptionDeviceResponse, Fault> {
        let resource = Resource::Subscription(request.subscription_id.clone());
        respond(
            self.change(context, resource, move |call| {
                replace::replace(call, &request.subscription_id, &request.body)
            })
            .await,
        )
    }

    async fn buyout_subscription(
        &self,
        context: Context,
        request: BuyoutSubscriptionRequest,
    ) -> Result<BuyoutSubscriptionResponse, Fault> {
        let resource = Resource::Subscription(request.subscription_id.clone());
        respond(
            self.change(context, resource, move |call| {
                buyout::buyout(call, &request.subscription_id, &request.body)
            })
            .await,
        )
    }

    async fn early_return_subscription(
        &self,
        context: Context,
        request: EarlyReturnSubscriptionRequest,
    ) -> Result<EarlyReturnSubscriptionResponse, Fault> {
        let resource = Resource::Subscription(request.subscription_id.clone());
        respond(
            self.change(context, resource, move |call| {
                early_return::early_return(call, &request.subscription_id, &request.body)
            })
            .await,
        )
    }

    async fn cancel_subscription(
        &self,
        context: Context,
        request: CancelSubscriptionRequest,
    ) -> Result<CancelSubscriptionResponse, Fault> {
        let resource = Resource::Subscription(request.subscription_id.clone());
        respond(
            self.change(context, resource, move |call| {
                end::cancel(call, &request.subscription_id, &request.body)
            })
            .await,
        )
    }

    async fn complete_subscription(
        &self,
        context: Context,
        request: CompleteSubscriptionRequest,
    ) -> Result<CompleteSubscriptionResponse, Fault> {
        let resource = Resource::Subscription(request.subscription_id.clone());
        respond(
            self.change(context, resource, move |call| {
                end::complete(call, &request.subscription_id, request.body.as_ref())
            })
            .await,
        )
    }

    async fn update_subscription_notes(
        &self,
        context: Context,
        request: UpdateSubscriptionNotesRequest,
    ) -> Result<UpdateSubscriptionNotesResponse, Fault> {
        let resource = Resource::Subscription(request.subscription_id.clone());
        respond(
            self.change(context, resource, move |call| {
                replace_notes(call, &request.subscription_id, &request.body)
            })
            .await,
        )
    }

    async fn calculate_buyout_price(
        &self,
        context: Context,
        request: CalculateBuyoutPriceRequest,
    ) -> Result<CalculateBuyoutPriceResponse, Fault> {
        let id = request.body.rental_id;
        respond(
            self.read(context, move |call| quotes::calculate_buyout(call, &id))
                .await,
        )
    }

    async fn calculate_early_return_fee(
        &self,
        context: Context,
        request: CalculateEarlyReturnFeeRequest,
    ) -> Result<CalculateEarlyReturnFeeResponse, Fault> {
        let id = request.body.rental_id;
        respond(
            self.read(context, move |call| {
                quotes::calculate_early_return(call, &id)
            })
            .await,
        )
    }
}
