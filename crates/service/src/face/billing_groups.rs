//! Billing groups as the contract has them.

use api::{
    BillingGroupsApi, CreateBillingGroupRequest, CreateBillingGroupResponse,
    DeleteBillingGroupRequest, DeleteBillingGroupResponse, GetBillingGroupRequest,
    GetBillingGroupResponse, ListBillingGroupsRequest, ListBillingGroupsResponse,
    UpdateBillingGroupRequest, UpdateBillingGroupResponse,
};

use crate::call::Context;
use crate::error::{Fault, respond};
use crate::face::conditions::Resource;
use crate::face::serve::Service;
use crate::rules::billing_groups;

impl BillingGroupsApi for Service {
    async fn list_billing_groups(
        &self,
        context: Context,
        request: ListBillingGroupsRequest,
    ) -> Result<ListBillingGroupsResponse, Fault> {
        respond(
            self.read(context, move |call| billing_groups::list(call, &request))
                .await,
        )
    }

    async fn get_billing_group(
        &self,
        context: Context,
        request: GetBillingGroupRequest,
    ) -> Result<GetBillingGroupResponse, Fault> {
        respond(
            self.read(context, move |call| {
                billing_groups::get(call, &request.billing_group_id)
            })
            .await,
        )
    }

    async fn create_billing_group(
        &self,
        context: Context,
        request: CreateBillingGroupRequest,
    ) -> Result<CreateBillingGroupResponse, Fault> {
        respond(
            self.write(context, move |call| {
                billing_groups::create(call, &request.body)
            })
            .await,
        )
    }

    async fn update_billing_group(
        &self,
        context: Context,
        request: UpdateBillingGroupRequest,
    ) -> Result<UpdateBillingGroupResponse, Fault> {
        let body = request.body.unwrap_or_default();
        let resource = Resource::BillingGroup(request.billing_group_id.clone());
        respond(
            self.change(context, resource, move |call| {
                billing_groups::update(call, &request.billing_group_id, &body)
            })
            .await,
        )
    }

    async fn delete_billing_group(
        &self,
        context: Context,
        request: DeleteBillingGroupRequest,
    ) -> Result<DeleteBillingGroupResponse, Fault> {
        let resource = Resource::BillingGroup(request.billing_group_id.clone());
        respond(
            self.change(context, resource, move |call| {
                billing_groups::delete(call, &request.billing_group_id)
            })
            .await,
        )
    }
}
