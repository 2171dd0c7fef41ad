//! The generated router before handlers that only build an answer.

use std::sync::Arc;

use api::types::support::{Maybe, True};
use api::*;

/// Answers from the request alone.
pub(crate) struct Stub;

/// What an operation needs to know of the caller.
pub(crate) struct Caller {
    tenant: &'static str,
}

/// The router. It does not tell layers around it which operation an answer is of, as the one by
/// hand does not either.
pub(crate) fn router() -> axum::Router {
    Mount::new(Arc::new(Stub))
        .label_answers(false)
        .customers()
        .orders()
        .finish()
}

impl Api for Stub {
    type Contract = Contract;
    type Context = Caller;
    type Fault = String;

    async fn authenticate(
        &self,
        _: Operation,
        credentials: Credentials<'_>,
    ) -> Result<Caller, Denial> {
        let Some(token) = credentials.bearer else {
            return Err(Denial::unauthenticated("AUTH_REQUIRED", "no credentials"));
        };
        if token != super::TOKEN {
            return Err(Denial::unauthenticated("INVALID_TOKEN", "unknown key"));
        }
        match credentials.tenant_id {
            Some(tenant) if tenant == super::TENANT => Ok(Caller {
                tenant: super::TENANT,
            }),
            _ => Err(Denial::forbidden(
                "NO_TENANT_ACCESS",
                "not a tenant of this key",
            )),
        }
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> types::ErrorBody {
        let code = types::ErrorCode::ValidationError.into();
        types::ErrorBody {
            error: types::ErrorInfo {
                code,
                message: rejection.to_string(),
                details: None,
            },
        }
    }
}

fn unused<T>() -> Result<T, String> {
    Err("not measured".to_owned())
}

impl CustomersApi for Stub {
    async fn delete_customer(
        &self,
        _: Caller,
        request: DeleteCustomerRequest,
    ) -> Result<DeleteCustomerResponse, String> {
        Ok(DeleteCustomerResponse::Ok(types::CustomerDeleted {
            success: True,
            message: super::DELETED.to_owned(),
            customer_id: request.customer_id,
        }))
    }

    async fn list_customers(
        &self,
        _: Caller,
        _: ListCustomersRequest,
    ) -> Result<ListCustomersResponse, String> {
        unused()
    }

    async fn get_customer(
        &self,
        _: Caller,
        _: GetCustomerRequest,
    ) -> Result<GetCustomerResponse, String> {
        unused()
    }

    async fn update_customer(
        &self,
        _: Caller,
        _: UpdateCustomerRequest,
    ) -> Result<UpdateCustomerResponse, String> {
        unused()
    }
}

impl OrdersApi for Stub {
    async fn create_order(
        &self,
        caller: Caller,
        request: CreateOrderRequest,
    ) -> Result<CreateOrderResponse, String> {
        let body = request.body;
        let devices = body.items.iter().map(|item| item.quantity).sum();
        let items = body.items.into_iter().map(|item| types::OrderItem {
            sku: item.sku,
            product_name: super::PRODUCT.to_owned(),
            quantity: item.quantity,
            unit_price: super::PRICE,
            contract_length: item.contract_length.map_or(12, |months| months as u64),
            product_id: None,
            variant_id: None,
            product_image_url: None,
            list_price: None,
            list_price_source: None,
            acquisition_cost: None,
            acquisition_cost_source: None,
            list_price_override: None,
            acquisition_cost_override: None,
            used_list_price_as_acquisition: None,
            rental_ids: None,
            rental_status: None,
        });
        let order = types::Order {
            order_id: super::ORDER.to_owned(),
            tenant_id: caller.tenant.to_owned(),
            status: types::OrderStatus::Pending.into(),
            order_type: body.order_type.unwrap_or(types::OrderType::Standard).into(),
            customer: types::OrderCustomer {
                customer_id: super::CUSTOMER.to_owned(),
                email: body.customer.email,
                first_name: body.customer.first_name,
                last_name: body.customer.last_name,
                company: body.customer.company,
                phone: body.customer.phone,
                customer_type: body.customer.customer_type.map(Into::into),
            },
            shipping_address: address(
                body.shipping_address
                    .unwrap_or_else(|| body.billing_address.clone()),
            ),
            billing_address: address(body.billing_address),
            items: items.collect(),
            totals: types::OrderTotals {
                subtotal: super::PRICE,
                tax_amount: None,
                total: super::PRICE,
                currency: super::CURRENCY.to_owned(),
                total_devices: devices,
            },
            rental_progress: types::OrderRentalProgress {
                total_devices: devices,
                rented_devices: 0,
            },
            rental_ids: Vec::new(),
            custom_fields: match body.custom_fields {
                Maybe::Value(fields) => Some(fields),
                Maybe::Null | Maybe::Absent => None,
            },
            notes: body.notes,
            // The order has none.
            extension_details: None,
            upgrade_details: None,
            payment: None,
            billing_group_id: None,
            tracking_number: None,
            shipped_at: None,
            cancellation_details: None,
            created_at: super::NOW.into(),
            updated_at: super::NOW.into(),
            created_by: super::KEY.to_owned(),
        };
        Ok(CreateOrderResponse::Created(types::OrderCreated {
            success: True,
            message: super::CREATED.to_owned(),
            order_id: super::ORDER.to_owned(),
            order,
        }))
    }

    async fn list_orders(
        &self,
        _: Caller,
        _: ListOrdersRequest,
    ) -> Result<ListOrdersResponse, String> {
        unused()
    }

    async fn get_order(&self, _: Caller, _: GetOrderRequest) -> Result<GetOrderResponse, String> {
        unused()
    }

    async fn update_order_notes(
        &self,
        _: Caller,
        _: UpdateOrderNotesRequest,
    ) -> Result<UpdateOrderNotesResponse, String> {
        unused()
    }

    async fn cancel_order(
        &self,
        _: Caller,
        _: CancelOrderRequest,
    ) -> Result<CancelOrderResponse, String> {
        unused()
    }

    async fn confirm_order(
        &self,
        _: Caller,
        _: ConfirmOrderRequest,
    ) -> Result<ConfirmOrderResponse, String> {
        unused()
    }
}

/// An address as answers have it: without the longest lengths of requests.
fn address(given: types::AddressInput) -> types::Address {
    types::Address {
        contact_name: given.contact_name,
        company: given.company,
        building_info: given.building_info,
        street_address: given.street_address,
        locality: given.locality,
        city: given.city,
        admin_area: given.admin_area,
        postal_code: given.postal_code,
        country: given.country,
    }
}
