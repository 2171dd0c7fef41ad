//! The generated layer with nothing behind it: it routes, authenticates against one known key,
//! decodes and answers, on the same listener as the server.

use std::fmt;
use std::sync::Arc;

use api::types::support::True;
use api::types::{CustomerDeleted, ErrorBody, ErrorCode, ErrorInfo};
use api::{
    Api, Credentials, CustomersApi, DeleteCustomerRequest, DeleteCustomerResponse, Denial,
    GetCustomerRequest, GetCustomerResponse, ListCustomersRequest, ListCustomersResponse, Mount,
    Operation, Rejection, Tags as _, UpdateCustomerRequest, UpdateCustomerResponse,
};

struct Layer;

struct NotHere;

impl fmt::Display for NotHere {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("only deletions are measured")
    }
}

impl Api for Layer {
    type Contract = api::Contract;
    type Context = ();
    type Fault = NotHere;

    async fn authenticate(&self, _: Operation, credentials: Credentials<'_>) -> Result<(), Denial> {
        let tenant = credentials
            .headers
            .get("tenant-id")
            .map(|value| value.as_bytes());
        if credentials.bearer == Some("fp_layer_0") && tenant == Some(crate::TENANT.as_bytes()) {
            Ok(())
        } else {
            Err(Denial::unauthenticated("INVALID_TOKEN", "unknown key"))
        }
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        let code = ErrorCode::InternalError.into();
        ErrorBody {
            error: ErrorInfo {
                code,
                message: rejection.to_string(),
                details: None,
            },
        }
    }
}

impl CustomersApi for Layer {
    async fn delete_customer(
        &self,
        (): (),
        request: DeleteCustomerRequest,
    ) -> Result<DeleteCustomerResponse, NotHere> {
        Ok(DeleteCustomerResponse::Ok(CustomerDeleted {
            success: True,
            message: "customer deactivated".into(),
            customer_id: request.customer_id,
        }))
    }

    async fn get_customer(
        &self,
        (): (),
        _: GetCustomerRequest,
    ) -> Result<GetCustomerResponse, NotHere> {
        Err(NotHere)
    }

    async fn list_customers(
        &self,
        (): (),
        _: ListCustomersRequest,
    ) -> Result<ListCustomersResponse, NotHere> {
        Err(NotHere)
    }

    async fn update_customer(
        &self,
        (): (),
        _: UpdateCustomerRequest,
    ) -> Result<UpdateCustomerResponse, NotHere> {
        Err(NotHere)
    }
}

/// Serves until the process is killed; the first line of output is the address.
pub(crate) fn serve() {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0")
            .await
            .expect("a free port");
        println!("{}", listener.local_addr().expect("an address"));
        let app = Mount::new(Arc::new(Layer)).customers().finish();
        axum::serve(listener, app).await.expect("the server runs");
    });
}
