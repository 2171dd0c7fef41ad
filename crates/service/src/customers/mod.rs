//! Customers: they come into being with their first order, and deletion only makes them inactive.

use crate::call::{Call, Context};
use crate::error::{Error, Fault, answer, not_found};
use crate::serve::Service;
use api::{
    CustomersApi, DeleteCustomerRequest, DeleteCustomerResponse, GetCustomerRequest,
    GetCustomerResponse, ListCustomersRequest, ListCustomersResponse, UpdateCustomerRequest,
    UpdateCustomerResponse,
};

pub(crate) mod address;
mod deactivate;
mod list;
mod update;
pub(crate) mod wire;

impl CustomersApi for Service {
    async fn list_customers(
        &self,
        context: Context,
        request: ListCustomersRequest,
    ) -> Result<ListCustomersResponse, Fault> {
        let outcome = self
            .read(context, move |call| list::list(call, &request))
            .await;
        answer(
            outcome,
            ListCustomersResponse::Ok,
            ListCustomersResponse::from_error,
        )
    }

    async fn get_customer(
        &self,
        context: Context,
        request: GetCustomerRequest,
    ) -> Result<GetCustomerResponse, Fault> {
        let outcome = self
            .read(context, move |call| get(call, &request.customer_id))
            .await;
        answer(
            outcome,
            GetCustomerResponse::Ok,
            GetCustomerResponse::from_error,
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
        let outcome = self
            .write(context, move |call| {
                update::update(call, &customer_id, &body)
            })
            .await;
        answer(
            outcome,
            UpdateCustomerResponse::Ok,
            UpdateCustomerResponse::from_error,
        )
    }

    async fn delete_customer(
        &self,
        context: Context,
        request: DeleteCustomerRequest,
    ) -> Result<DeleteCustomerResponse, Fault> {
        let outcome = deactivate::delete(self, context, request.customer_id).await;
        answer(
            outcome,
            DeleteCustomerResponse::Ok,
            DeleteCustomerResponse::from_error,
        )
    }
}

fn get(call: &mut Call<'_, '_>, id: &str) -> Result<types::Customer, Error> {
    let row = store::customers::find(call.tx, &call.tenant.id, id)?;
    wire::customer(call, row.ok_or_else(|| not_found("customer"))?)
}
