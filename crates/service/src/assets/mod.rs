//! Assets: single devices, by serial number. Subscriptions hand them out; the return, loss or
//! later sale is recorded here.

use api::{
    AssetsApi, CreateAssetRequest, CreateAssetResponse, DeleteAssetRequest, DeleteAssetResponse,
    GetAssetRequest, GetAssetResponse, ListAssetsRequest, ListAssetsResponse, UpdateAssetRequest,
    UpdateAssetResponse,
};

use crate::call::Context;
use crate::error::{Fault, answer};
use crate::serve::Service;

mod create;
mod imei;
mod list;
mod update;
mod wire;

impl AssetsApi for Service {
    async fn list_assets(
        &self,
        context: Context,
        request: ListAssetsRequest,
    ) -> Result<ListAssetsResponse, Fault> {
        let outcome = self
            .read(context, move |call| list::list(call, &request))
            .await;
        answer(
            outcome,
            ListAssetsResponse::Ok,
            ListAssetsResponse::from_error,
        )
    }

    async fn create_asset(
        &self,
        context: Context,
        request: CreateAssetRequest,
    ) -> Result<CreateAssetResponse, Fault> {
        let outcome = self
            .write(context, move |call| create::create(call, &request.body))
            .await;
        answer(
            outcome,
            CreateAssetResponse::Created,
            CreateAssetResponse::from_error,
        )
    }

    async fn get_asset(
        &self,
        context: Context,
        request: GetAssetRequest,
    ) -> Result<GetAssetResponse, Fault> {
        let outcome = self
            .read(context, move |call| list::get(call, &request.serial_number))
            .await;
        answer(outcome, GetAssetResponse::Ok, GetAssetResponse::from_error)
    }

    async fn update_asset(
        &self,
        context: Context,
        request: UpdateAssetRequest,
    ) -> Result<UpdateAssetResponse, Fault> {
        let body = request.body.unwrap_or_default();
        let outcome = self
            .write(context, move |call| {
                update::update(call, &request.serial_number, &body)
            })
            .await;
        answer(
            outcome,
            UpdateAssetResponse::Ok,
            UpdateAssetResponse::from_error,
        )
    }

    async fn delete_asset(
        &self,
        context: Context,
        request: DeleteAssetRequest,
    ) -> Result<DeleteAssetResponse, Fault> {
        let outcome = self
            .write(context, move |call| {
                update::delete(call, &request.serial_number)
            })
            .await;
        answer(
            outcome,
            DeleteAssetResponse::Ok,
            DeleteAssetResponse::from_error,
        )
    }
}
