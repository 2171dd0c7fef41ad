//! Products and their variants: saved by SKU, taken out of the offer, never erased.

use api::{
    CreateProductRequest, CreateProductResponse, DeleteProductRequest, DeleteProductResponse,
    GetProductRequest, GetProductResponse, ImportProductsCsvRequest, ImportProductsCsvResponse,
    ListProductsRequest, ListProductsResponse, ListVariantsRequest, ListVariantsResponse,
    ProductsApi, UpdateProductRequest, UpdateProductResponse, UpdateVariantStatusRequest,
    UpdateVariantStatusResponse,
};

use crate::call::Context;
use crate::error::{Fault, answer};
use crate::serve::Service;

mod csv;
mod import;
mod known;
mod list;
mod plan;
mod save;
mod status;
pub(crate) mod tiers;
pub(crate) mod wire;

impl ProductsApi for Service {
    async fn import_products_csv(
        &self,
        context: Context,
        request: ImportProductsCsvRequest,
    ) -> Result<ImportProductsCsvResponse, Fault> {
        let outcome = match import::read(&request.body) {
            Ok(rows) => import::import(self, context, &rows).await,
            Err(refusal) => Err(refusal),
        };
        answer(
            outcome,
            ImportProductsCsvResponse::Created,
            ImportProductsCsvResponse::from_error,
        )
    }

    async fn list_products(
        &self,
        context: Context,
        request: ListProductsRequest,
    ) -> Result<ListProductsResponse, Fault> {
        let outcome = self
            .read(context, move |call| list::products(call, &request))
            .await;
        answer(
            outcome,
            ListProductsResponse::Ok,
            ListProductsResponse::from_error,
        )
    }

    async fn create_product(
        &self,
        context: Context,
        request: CreateProductRequest,
    ) -> Result<CreateProductResponse, Fault> {
        let outcome = self
            .write_alone(context, move |call| save::create(call, &request.body))
            .await;
        answer(
            outcome,
            CreateProductResponse::Created,
            CreateProductResponse::from_error,
        )
    }

    async fn list_variants(
        &self,
        context: Context,
        request: ListVariantsRequest,
    ) -> Result<ListVariantsResponse, Fault> {
        let outcome = self
            .read(context, move |call| list::variants(call, &request))
            .await;
        answer(
            outcome,
            ListVariantsResponse::Ok,
            ListVariantsResponse::from_error,
        )
    }

    async fn get_product(
        &self,
        context: Context,
        request: GetProductRequest,
    ) -> Result<GetProductResponse, Fault> {
        let outcome = self
            .read(context, move |call| {
                list::product(call, &request.product_id)
            })
            .await;
        answer(
            outcome,
            GetProductResponse::Ok,
            GetProductResponse::from_error,
        )
    }

    async fn update_product(
        &self,
        context: Context,
        request: UpdateProductRequest,
    ) -> Result<UpdateProductResponse, Fault> {
        let body = request.body.unwrap_or_default();
        let outcome = self
            .write_alone(context, move |call| {
                save::update(call, &request.product_id, &body)
            })
            .await;
        answer(
            outcome,
            UpdateProductResponse::Ok,
            UpdateProductResponse::from_error,
        )
    }

    async fn delete_product(
        &self,
        context: Context,
        request: DeleteProductRequest,
    ) -> Result<DeleteProductResponse, Fault> {
        let outcome = self
            .write_alone(context, move |call| {
                status::discontinue(call, &request.product_id)
            })
            .await;
        answer(
            outcome,
            DeleteProductResponse::Ok,
            DeleteProductResponse::from_error,
        )
    }

    async fn update_variant_status(
        &self,
        context: Context,
        request: UpdateVariantStatusRequest,
    ) -> Result<UpdateVariantStatusResponse, Fault> {
        let wanted = wire::stored_variant_status(request.body.status);
        let outcome = self
            .write_alone(context, move |call| {
                status::set_variant(call, &request.variant_id, wanted)
            })
            .await;
        answer(
            outcome,
            UpdateVariantStatusResponse::Ok,
            UpdateVariantStatusResponse::from_error,
        )
    }
}
