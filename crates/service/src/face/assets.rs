//! Assets as the contract has them.

use api::{
    AssetsApi, CreateAssetRequest, CreateAssetResponse, DeleteAssetRequest, DeleteAssetResponse,
    GetAssetRequest, GetAssetResponse, ListAssetsRequest, ListAssetsResponse, UpdateAssetRequest,
    UpdateAssetResponse,
};

use crate::call::Context;
use crate::error::{Fault, respond};
use crate::face::conditions::Resource;
use crate::face::serve::Service;
use crate::rules::assets::*;

impl AssetsApi for Service {
    async fn list_assets(
        &self,
        context: Context,
        request: ListAssetsRequest,
    ) -> Result<ListAssetsResponse, Fault> {
        respond(
            self.read(context, move |call| list::list(call, &request))
                .await,
        )
    }

    async fn create_asset(
        &self,
        context: Context,
        request: CreateAssetRequest,
    ) -> Result<CreateAssetResponse, Fault> {
        respond(
            self.write(context, move |call| create::create(call, &request.body))
                .await,
        )
    }

    async fn get_asset(
        &self,
        context: Context,
        request: GetAssetRequest,
    ) -> Result<GetAssetResponse, Fault> {
        respond(
            self.read(context, move |call| list::get(call, &request.serial_number))
                .await,
        )
    }

    async fn update_asset(
        &self,
        context: Context,
        request: UpdateAssetRequest,
    ) -> Result<UpdateAssetResponse, Fault> {
        let body = request.body.unwrap_or_default();
        let resource = Resource::Asset(request.serial_number.clone());
        respond(
            self.change(context, resource, move |call| {
                update::update(call, &request.serial_number, &body)
            })
            .await,
        )
    }

    async fn delete_asset(
        &self,
        context: Context,
        request: DeleteAssetRequest,
    ) -> Result<DeleteAssetResponse, Fault> {
        let resource = Resource::Asset(request.serial_number.clone());
        respond(
            self.change(context, resource, move |call| {
                update::delete(call, &request.serial_number)
            })
            .await,
        )
    }
}
