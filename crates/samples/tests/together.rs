//! Two contracts in one process run on the same code, so what holds for both is written once.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

/// One contract.
pub mod answers {
    samples::contract!("answers");
}
/// Another one.
pub mod values {
    samples::contract!("values");
}

use std::convert::Infallible;
use std::marker::PhantomData;
use std::sync::{Arc, Mutex};

use answers::api::{GetPageRequest, GetPageResponse};
use contract_serve::{Api, Contract, Denial, Mount, Problem, Rejection, Violation};
use values::api::*;

/// What both servers were told.
type Heard = Arc<Mutex<Vec<Violation>>>;

/// A server of the contract `C`, which lets anybody in and remembers what was wrong.
struct Desk<C>(Heard, PhantomData<C>);

impl<C> Desk<C> {
    fn new(heard: &Heard) -> Arc<Desk<C>> {
        Arc::new(Desk(Arc::clone(heard), PhantomData))
    }
}

impl<C: Contract<ErrorBody = Problem> + Send + Sync> Api for Desk<C> {
    type Contract = C;
    type Context = ();
    type Fault = Infallible;

    async fn authenticate(&self, _: C::Operation, _: C::Credentials<'_>) -> Result<(), Denial> {
        Ok(())
    }

    fn rejection(&self, _: Option<C::Operation>, rejection: &Rejection) -> Problem {
        if let Rejection::Invalid(violations) = rejection {
            self.0.lock().unwrap().extend_from_slice(violations);
        }
        rejection.into()
    }
}

impl answers::api::DefaultApi for Desk<answers::api::Contract> {
    async fn get_page(&self, request: GetPageRequest) -> Result<GetPageResponse, Infallible> {
        Ok(GetPageResponse::Gone(request.id))
    }
}

macro_rules! echo {
    ($($name:ident $request:ident $response:ident;)*) => {
        impl values::api::DefaultApi for Desk<values::api::Contract> {
            $(async fn $name(&self, request: $request) -> Result<$response, Infallible> {
                Ok($response::Ok(format!("{request:?}")))
            })*

            async fn get_sure(&self, _: GetSureRequest) -> Result<GetSureResponse, Infallible> {
                let x_sure = values::types::support::True;
                let headers = OkHeaders { x_sure, x_tags: Vec::new() };
                Ok(GetSureResponse::Ok(String::new(), headers))
            }
        }
    };
}

echo! {
    get_number GetNumberRequest GetNumberResponse;
    get_pair GetPairRequest GetPairResponse;
    get_colors GetColorsRequest GetColorsResponse;
    get_lists GetListsRequest GetListsResponse;
    send_form SendFormRequest SendFormResponse;
    send_parts SendPartsRequest SendPartsResponse;
}

#[tokio::test]
async fn two_contracts_share_what_they_run_on() {
    let heard = Heard::default();
    let pages = answers::api::Tags::default(Mount::new(Desk::new(&heard))).finish();
    let numbers = values::api::Tags::default(Mount::new(Desk::new(&heard))).finish();
    let (pages, numbers) = (samples::serve(pages).await, samples::serve(numbers).await);

    let get = |address, path: &str| {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        async move { samples::raw(address, request.as_bytes()).await.unwrap() }
    };
    assert!(get(pages, "/pages/7").await.ends_with("\r\n\r\n7"));
    assert!(get(numbers, "/numbers/7").await.contains("number: 7"));
    // Neither serves what the other does.
    assert!(get(numbers, "/pages/7").await.starts_with("HTTP/1.1 404"));

    assert!(get(pages, "/pages/%FF").await.starts_with("HTTP/1.1 400"));
    assert!(get(numbers, "/numbers/x").await.starts_with("HTTP/1.1 400"));
    let heard = heard.lock().unwrap();
    let heard: Vec<String> = heard
        .iter()
        .map(|one| format!("{} {}", one.path, one.message))
        .collect();
    assert_eq!(heard, ["id must be UTF-8", "number must be an integer"]);
}
