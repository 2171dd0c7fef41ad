//! A server of the contract `museum.yaml`.

#[cfg(test)]
mod tests;
pub mod types {
    include!(concat!(env!("OUT_DIR"), "/types.rs"));
}
pub mod api {
    pub use super::types;
    include!(concat!(env!("OUT_DIR"), "/api.rs"));
}

use api::*;
use contract_serve::host::{self, Around, Host};
use std::convert::Infallible;
use std::sync::Arc;

struct Museum;

impl Api for Museum {
    type Contract = Contract;
    type Context = ();
    type Fault = Infallible;

    async fn authenticate(&self, _: Operation, _: Credentials<'_>) -> Result<(), Denial> {
        Ok(())
    }

    fn rejection(&self, _: Option<Operation>, rejection: &Rejection) -> ErrorBody {
        rejection.into()
    }
}

impl ToursApi for Museum {
    async fn get_tour(&self, request: GetTourRequest) -> Result<GetTourResponse, Infallible> {
        Ok(match request.name.as_str() {
            "night" => GetTourResponse::Ok(types::Tour { name: request.name }),
            _ => GetTourResponse::NotFound,
        })
    }
}

fn router() -> axum::Router {
    let tours = Mount::new(Arc::new(Museum)).tours().finish();
    let around = axum::middleware::from_fn_with_state(Around::default(), host::observe);
    // The contract's routes go last: they answer whatever is not served.
    host::health(async || Ok(())).merge(tours).layer(around)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> std::io::Result<()> {
    host::log("info", host::LogFormat::Text).map_err(std::io::Error::other)?;
    let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
    let stop = host::asked_to_stop()?;
    host::listen(listener, router(), Host::default(), || (), stop).await;
    Ok(())
}
