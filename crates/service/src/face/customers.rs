//! Customers as the contract has them.

use api::{
    CustomersApi, DeleteCustomerRequest, DeleteCustomerResponse, GetCustomerRequest,
    GetCustomerResponse, ListCustomersRequest, ListCustomersResponse, UpdateCustomerRequest,
    UpdateCustomerResponse,
};

use crate::call::Context;
use crate::error::{Fault, respond};
use crate::face::conditions::Resource;
use crate::face::serve::Service;
use crate::rules::customers::*;

impl CustomersApi for Service {
    async fn list_customers(
        &self,
        context: Context,
        request: ListCustomersRequest,
    ) -> Result<ListCustomersResponse, Fault> {
        respond(
            self.read(context, move |call| list::list(call, &request))
                .await,
        )
    }

    async fn get_customer(
        &self,
        context: Context,
        request: GetCustomerRequest,
    ) -> Result<GetCustomerResponse, Fault> {
        respond(
            self.read(context, move |call| get(call, &request.customer_id))
                .await,
        )
    }

    async fn update_customer(
        &self,
        context: Context,
        request: UpdateCustomerRequest,
    ) -> Result<UpdateCustomerResponse, Fault> {
        let UpdateCustomerRequest {
            customer_id, body, ..
        } = request;
        let body = body.unwrap_or_default();
        let resource = Resource::Customer(customer_id.clone());
        respond(
            self.change(context, resource, move |call| {
                update::update(call, &customer_id, &body)
            })
            .await,
        )
    }

    async fn delete_customer(
        &self,
        context: Context,
        request: DeleteCustomerRequest,
    ) -> Result<DeleteCustomerResponse, Fault> {
        respond(deactivate::delete(self, context, request.customer_id).await)
    }
}
