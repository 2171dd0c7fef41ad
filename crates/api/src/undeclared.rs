//! What the contract does not declare does not compile. Each example that must fail stands beside
//! one that differs in nothing but the point, and compiles.

/// An answer that is declared:
///
/// ```
/// use api::{DeleteCustomerResponse, types};
///
/// fn answer(error: types::ErrorBody) -> DeleteCustomerResponse {
///     DeleteCustomerResponse::Conflict(error)
/// }
/// ```
///
/// A status that is not, `410 Gone`:
///
/// ```compile_fail,E0599
/// use api::{DeleteCustomerResponse, types};
///
/// fn answer(error: types::ErrorBody) -> DeleteCustomerResponse {
///     DeleteCustomerResponse::Gone(error)
/// }
/// ```
struct Status;

/// The body that `404` declares:
///
/// ```
/// use api::{DeleteCustomerResponse, types};
///
/// fn answer(body: types::ErrorBody) -> DeleteCustomerResponse {
///     DeleteCustomerResponse::NotFound(body)
/// }
/// ```
///
/// The body of another status:
///
/// ```compile_fail,E0308
/// use api::{DeleteCustomerResponse, types};
///
/// fn answer(body: types::CustomerDeleted) -> DeleteCustomerResponse {
///     DeleteCustomerResponse::NotFound(body)
/// }
/// ```
///
/// No body at all:
///
/// ```compile_fail,E0308
/// use api::{DeleteCustomerResponse, types};
///
/// fn answer(_: types::ErrorBody) -> DeleteCustomerResponse {
///     DeleteCustomerResponse::NotFound
/// }
/// ```
struct Body;

/// `success` is `true`:
///
/// ```
/// use api::types;
///
/// fn deleted(customer_id: String) -> types::CustomerDeleted {
///     let success = types::support::True;
///     types::CustomerDeleted { success, message: "deactivated".to_owned(), customer_id }
/// }
/// ```
///
/// `success: false`:
///
/// ```compile_fail,E0308
/// use api::types;
///
/// fn deleted(customer_id: String) -> types::CustomerDeleted {
///     let success = false;
///     types::CustomerDeleted { success, message: "deactivated".to_owned(), customer_id }
/// }
/// ```
struct Success;

/// A value of an enum that is declared:
///
/// ```
/// use api::types;
///
/// fn status(customer: &mut types::Customer) {
///     customer.status = types::CustomerStatus::Inactive.into();
/// }
/// ```
///
/// One that is not, though a client would survive it:
///
/// ```compile_fail,E0308
/// use api::types;
///
/// fn status(customer: &mut types::Customer) {
///     customer.status = "deleted".to_owned();
/// }
/// ```
struct EnumValue;

/// The headers of an answer belong to it:
///
/// ```
/// use api::{DeleteCustomerResponse, TooManyRequestsHeaders, types};
///
/// fn answer(error: types::ErrorBody) -> DeleteCustomerResponse {
///     DeleteCustomerResponse::TooManyRequests(error, TooManyRequestsHeaders { retry_after: 60 })
/// }
/// ```
///
/// Left out:
///
/// ```compile_fail,E0061
/// use api::{DeleteCustomerResponse, types};
///
/// fn answer(error: types::ErrorBody) -> DeleteCustomerResponse {
///     DeleteCustomerResponse::TooManyRequests(error)
/// }
/// ```
struct Headers;

/// A handler that is given who calls:
///
/// ```
/// use api::DeleteCustomerRequest;
///
/// async fn admitted<A: api::CustomersApi>(api: &A, context: A::Context, request: DeleteCustomerRequest) {
///     let _ = api.delete_customer(context, request).await;
/// }
/// ```
///
/// An operation that nobody was admitted to cannot be called:
///
/// ```compile_fail,E0061
/// use api::DeleteCustomerRequest;
///
/// async fn admitted<A: api::CustomersApi>(api: &A, request: DeleteCustomerRequest) {
///     let _ = api.delete_customer(request).await;
/// }
/// ```
struct Context;
