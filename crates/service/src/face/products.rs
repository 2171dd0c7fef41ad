//! Products as the contract has them.

use api::{
    CreateProductRequest, CreateProductResponse, DeleteProductRequest, DeleteProductResponse,
    GetProductRequest, GetProductResponse, ImportProductsCsvRequest, ImportProductsCsvResponse,
    ListProductsRequest, ListProductsResponse, ListVariantsRequest, ListVariantsResponse,
    ProductsApi, UpdateProductRequest, UpdateProductResponse, UpdateVariantStatusRequest,
    UpdateVariantStatusResponse,
};

use crate::call::Context;
use crate::error::{Fault, respond};
use crate::face::conditions::Resource;
use crate::face::serve::Service;
use crate::rules::products::*;

impl ProductsApi for Service {
    async fn import_products_csv(
        &self,
        context: Context,
        request: ImportProductsCsvRequest,
    ) -> Result<ImportProductsCsvResponse, Fault> {
        respond(import::import(self, context, &request.body).await)
    }

    async fn list_products(
        &self,
        context: Context,
        request: ListProductsRequest,
    ) -> Result<ListProductsResponse, Fault> {
        respond(
            self.read(context, move |call| list::products(call, &request))
                .await,
        )
    }

    async fn create_product(
        &self,
        context: Context,
        request: CreateProductRequest,
    ) -> Result<CreateProductResponse, Fault> {
        respond(
            self.write_alone(context, move |call| save::create(call, &request.body))
                .await,
        )
    }

    async fn list_variants(
        &self,
        context: Context,
        request: ListVariantsRequest,
    ) -> Result<ListVariantsResponse, Fault> {
        respond(
            self.read(context, move |call| list::variants(call, &request))
                .await,
        )
    }

    async fn get_product(
        &self,
        context: Context,
        request: GetProductRequest,
    ) -> Result<GetProductResponse, Fault> {
        respond(
            self.read(context, move |call| {
                list::product(call, &request.product_id)
            })
            .await,
        )
    }

    async fn update_product(
        &self,
        context: Context,
        request: UpdateProductRequest,
    ) -> Result<UpdateProductResponse, Fault> {
        let body = request.body.unwrap_or_default();
        let resource = Resource::Product(request.product_id.clone());
        respond(
            self.change_alone(context, resource, move |call| {
                save::update(call, &request.product_id, &body)
            })
            .await,
        )
    }

    async fn delete_product(
        &self,
        context: Context,
        request: DeleteProductRequest,
    ) -> Result<DeleteProductResponse, Fault> {
        let resource = Resource::Product(request.product_id.clone());
        respond(
            self.change_alone(context, resource, move |call| {
                status::discontinue(call, &request.product_id)
            })
            .await,
        )
    }

    async fn update_variant_status(
        &self,
        context: Context,
        request: UpdateVariantStatusRequest,
    ) -> Result<UpdateVariantStatusResponse, Fault> {
        let wanted = wire::stored_variant_status(request.body.status);
        respond(
            self.write_alone(context, move |call| {
                status::set_variant(call, &request.variant_id, wanted)
            })
            .await,
        )
    }
}
