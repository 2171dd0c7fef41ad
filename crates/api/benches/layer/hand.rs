//! The same two operations as one would write them by hand: axum's router and extractors, structs
//! with derived serde code, `serde_json::from_slice`, and every check that the contract asks for.

use std::borrow::Cow;
use std::sync::Arc;

use api::types::support::format::Format;
use api::types::{OrderCancellation, OrderPayment};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, Path, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodRouter, delete, get, post};
use serde::{Deserialize, Deserializer, Serialize};

/// The router: the two operations, and a stub for every other one that the generated router has
/// beside them.
pub(crate) fn router() -> Router {
    let rest: MethodRouter<Arc<App>> = get(unused);
    Router::new()
        .route(
            "/v1/customers/{customerId}",
            delete(delete_customer).get(unused).put(unused),
        )
        .route("/v1/customers", rest.clone())
        .route("/v1/orders", post(create_order).get(unused))
        .route("/v1/orders/{orderId}", rest)
        .route("/v1/orders/{orderId}/notes", post(unused))
        .route("/v1/orders/{orderId}/cancel", post(unused))
        .route("/v1/orders/{orderId}/confirm", post(unused))
        .with_state(Arc::new(App))
}

struct App;

async fn unused() -> StatusCode {
    StatusCode::NOT_IMPLEMENTED
}

/// Who calls: bearer token and tenant, both checked.
struct Caller {
    tenant: &'static str,
}

impl FromRequestParts<Arc<App>> for Caller {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<Caller, Response> {
        let header = parts
            .headers
            .get(header::AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = header.and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
        });
        let Some(token) = token.filter(|token| !token.is_empty()) else {
            return Err(error(StatusCode::UNAUTHORIZED, "AUTH_REQUIRED", Vec::new()));
        };
        if token != super::TOKEN {
            return Err(error(StatusCode::UNAUTHORIZED, "INVALID_TOKEN", Vec::new()));
        }
        match parts.headers.get("tenant-id") {
            Some(tenant) if tenant == super::TENANT => Ok(Caller {
                tenant: super::TENANT,
            }),
            _ => Err(error(StatusCode::FORBIDDEN, "NO_TENANT_ACCESS", Vec::new())),
        }
    }
}

/// Whether the body is JSON by its header, once it is known that there may be one.
struct JsonBody;

impl FromRequestParts<Arc<App>> for JsonBody {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, _: &Arc<App>) -> Result<JsonBody, Response> {
        if is_json(&parts.headers) {
            Ok(JsonBody)
        } else {
            Err(error(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "UNSUPPORTED_MEDIA_TYPE",
                Vec::new(),
            ))
        }
    }
}

fn is_json(headers: &HeaderMap) -> bool {
    let value = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let (media_type, parameters) = value.split_once(';').unwrap_or((value, ""));
    let charset = parameters
        .split(';')
        .filter_map(|parameter| parameter.split_once('='));
    let utf8 = |(name, value): (&str, &str)| {
        !name.trim().eq_ignore_ascii_case("charset")
            || value.trim().trim_matches('"').eq_ignore_ascii_case("utf-8")
    };
    media_type.trim().eq_ignore_ascii_case("application/json") && charset.into_iter().all(utf8)
}

async fn delete_customer(
    State(_): State<Arc<App>>,
    _: Caller,
    Path(customer_id): Path<String>,
) -> Response {
    json(
        StatusCode::OK,
        &Deleted {
            success: true,
            message: super::DELETED.into(),
            customer_id,
        },
    )
}

async fn create_order(
    State(_): State<Arc<App>>,
    caller: Caller,
    _: JsonBody,
    body: Bytes,
) -> Response {
    let order: OrderCreate = match serde_json::from_slice(&body) {
        Ok(order) => order,
        Err(problem) => {
            return error(
                StatusCode::BAD_REQUEST,
                "VALIDATION_ERROR",
                vec![(String::new(), problem.to_string())],
            );
        }
    };
    let found = order.check();
    if !found.is_empty() {
        return error(StatusCode::BAD_REQUEST, "VALIDATION_ERROR", found);
    }
    let devices = order.items.iter().map(|item| item.quantity).sum();
    let items = order.items.into_iter().map(|item| OrderItem {
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
    let created = OrderCreated {
        success: true,
        message: super::CREATED.into(),
        order_id: super::ORDER.to_owned(),
        order: Order {
            order_id: super::ORDER.to_owned(),
            tenant_id: caller.tenant.to_owned(),
            status: "pending",
            order_type: order.order_type.unwrap_or(OrderType::Standard),
            customer: OrderCustomer {
                customer_id: super::CUSTOMER.to_owned(),
                email: order.customer.email,
                first_name: order.customer.first_name,
                last_name: order.customer.last_name,
                company: order.customer.company,
                phone: order.customer.phone,
                customer_type: order.customer.customer_type,
            },
            shipping_address: order
                .shipping_address
                .unwrap_or_else(|| order.billing_address.clone()),
            billing_address: order.billing_address,
            items: items.collect(),
            totals: Totals {
                subtotal: super::PRICE,
                tax_amount: None,
                total: super::PRICE,
                currency: super::CURRENCY.to_owned(),
                total_devices: devices,
            },
            rental_progress: Progress {
                total_devices: devices,
                rented_devices: 0,
            },
            rental_ids: Vec::new(),
            custom_fields: order.custom_fields.flatten(),
            notes: order.notes,
            extension_details: order.extension_details,
            upgrade_details: order.upgrade_details,
            payment: None,
            billing_group_id: None,
            tracking_number: None,
            shipped_at: None,
            cancellation_details: None,
            created_at: format!("{:.3}", super::NOW),
            updated_at: format!("{:.3}", super::NOW),
            created_by: super::KEY.to_owned(),
        },
    };
    json(StatusCode::CREATED, &created)
}

fn json(status: StatusCode, body: &impl Serialize) -> Response {
    let Ok(bytes) = serde_json::to_vec(body) else {
        return error(
            StatusCode::INTERNAL_SERVER_ERROR,
            "INTERNAL_ERROR",
            Vec::new(),
        );
    };
    let mut response = Response::new(Body::from(bytes));
    *response.status_mut() = status;
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

fn error(status: StatusCode, code: &'static str, found: Vec<(String, String)>) -> Response {
    let details: Vec<_> = found
        .into_iter()
        .map(|(path, message)| serde_json::json!({"path": path, "message": message, "code": "custom"}))
        .collect();
    json(
        status,
        &serde_json::json!({"error": {"code": code, "message": code, "details": details}}),
    )
}

impl OrderCreate {
    fn check(&self) -> Vec<(String, String)> {
        let mut found = Vec::new();
        if !Format::Email.accepts(&self.customer.email) {
            found.push((
                "customer.email".to_owned(),
                "must be an e-mail address of ASCII characters".to_owned(),
            ));
        }
        if self.items.is_empty() {
            found.push(("items".to_owned(), "must have at least 1 item".to_owned()));
        }
        for (index, item) in self.items.iter().enumerate() {
            if item.sku.is_empty() {
                found.push((format!("items.{index}.sku"), "must not be empty".to_owned()));
            }
            if item.quantity < 1 {
                found.push((
                    format!("items.{index}.quantity"),
                    "must be at least 1".to_owned(),
                ));
            }
        }
        let customer = &self.customer;
        let some = |text: &Option<String>| text.as_deref().map_or(0, length);
        let mut sizes = vec![
            ("customer.email", length(&customer.email), 254),
            ("customer.firstName", length(&customer.first_name), 255),
            ("customer.lastName", length(&customer.last_name), 255),
            ("customer.company", some(&customer.company), 255),
            ("customer.phone", some(&customer.phone), 255),
            ("notes", some(&self.notes), 5_000),
            ("items", self.items.len(), 500),
        ];
        if let Some(Some(fields)) = &self.custom_fields {
            sizes.push(("customFields", fields.len(), 64));
        }
        for address in std::iter::once(&self.billing_address).chain(&self.shipping_address) {
            let code = address.postal_code.as_ref().and_then(Option::as_deref);
            sizes.extend([
                ("contactName", length(&address.contact_name), 255),
                ("company", some(&address.company), 255),
                ("buildingInfo", some(&address.building_info), 255),
                ("streetAddress", length(&address.street_address), 255),
                ("locality", some(&address.locality), 255),
                ("city", length(&address.city), 255),
                ("adminArea", some(&address.admin_area), 255),
                ("postalCode", code.map_or(0, length), 255),
                ("country", length(&address.country), 255),
            ]);
        }
        for (path, size, most) in sizes {
            if size > most {
                found.push((path.to_owned(), format!("must have at most {most}")));
            }
        }
        if self
            .extension_details
            .as_ref()
            .is_some_and(|extension| extension.extension_months < 1)
        {
            found.push((
                "extensionDetails.extensionMonths".to_owned(),
                "must be at least 1".to_owned(),
            ));
        }
        found
    }
}

/// Characters; bytes where they are no more than any limit of a text.
fn length(text: &str) -> usize {
    match text.len() {
        few @ ..=254 => few,
        _ => text.chars().count(),
    }
}

/// A value that is there: `null` is none.
fn present<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

#[derive(Serialize, Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum OrderType {
    Standard,
    Extension,
    Upgrade,
}

#[derive(Serialize, Deserialize, Clone, Copy)]
#[serde(rename_all = "snake_case")]
enum CustomerType {
    Individual,
    Business,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OrderCreate {
    #[serde(default, deserialize_with = "present")]
    order_type: Option<OrderType>,
    customer: CustomerInput,
    billing_address: Address,
    #[serde(default, deserialize_with = "present")]
    shipping_address: Option<Address>,
    items: Vec<ItemInput>,
    #[serde(default, deserialize_with = "present")]
    custom_fields: Option<Option<serde_json::Map<String, serde_json::Value>>>,
    #[serde(default, deserialize_with = "present")]
    notes: Option<String>,
    #[serde(default, deserialize_with = "present")]
    extension_details: Option<Extension>,
    #[serde(default, deserialize_with = "present")]
    upgrade_details: Option<Upgrade>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CustomerInput {
    email: String,
    first_name: String,
    last_name: String,
    #[serde(default, deserialize_with = "present")]
    company: Option<String>,
    #[serde(default, deserialize_with = "present")]
    phone: Option<String>,
    #[serde(default, deserialize_with = "present")]
    customer_type: Option<CustomerType>,
}

#[derive(Serialize, Deserialize, Clone)]
#[serde(rename_all = "camelCase")]
struct Address {
    contact_name: String,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    company: Option<String>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    building_info: Option<String>,
    street_address: String,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    locality: Option<String>,
    city: String,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    admin_area: Option<String>,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    postal_code: Option<Option<String>>,
    country: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemInput {
    sku: String,
    quantity: u64,
    #[serde(default, deserialize_with = "present")]
    contract_length: Option<f64>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Extension {
    original_order_id: String,
    extension_months: u64,
    previous_end_date: String,
    new_end_date: String,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    reason: Option<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Upgrade {
    previous_device: String,
    previous_serial_number: String,
    previous_monthly_amount: f64,
    previous_rental_id: String,
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    upgrade_reason: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Deleted {
    success: bool,
    message: Cow<'static, str>,
    customer_id: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderCreated {
    success: bool,
    message: Cow<'static, str>,
    order_id: String,
    order: Order,
}

/// An order as every operation answers it, so with all that an order can have.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Order {
    order_id: String,
    tenant_id: String,
    status: &'static str,
    order_type: OrderType,
    customer: OrderCustomer,
    billing_address: Address,
    shipping_address: Address,
    items: Vec<OrderItem>,
    totals: Totals,
    rental_progress: Progress,
    rental_ids: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    custom_fields: Option<serde_json::Map<String, serde_json::Value>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notes: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extension_details: Option<Extension>,
    #[serde(skip_serializing_if = "Option::is_none")]
    upgrade_details: Option<Upgrade>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment: Option<OrderPayment>,
    #[serde(skip_serializing_if = "Option::is_none")]
    billing_group_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    tracking_number: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipped_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cancellation_details: Option<OrderCancellation>,
    created_at: String,
    updated_at: String,
    created_by: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderCustomer {
    customer_id: String,
    email: String,
    first_name: String,
    last_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    company: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    phone: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer_type: Option<CustomerType>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct OrderItem {
    sku: String,
    product_name: String,
    quantity: u64,
    unit_price: f64,
    contract_length: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    product_image_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_price: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_price_source: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acquisition_cost: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acquisition_cost_source: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    list_price_override: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    acquisition_cost_override: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    used_list_price_as_acquisition: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rental_ids: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    rental_status: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Totals {
    subtotal: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    tax_amount: Option<f64>,
    total: f64,
    currency: String,
    total_devices: u64,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Progress {
    total_devices: u64,
    rented_devices: u64,
}
