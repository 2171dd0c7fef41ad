//! Reading the catalogue. Nothing is hidden by default: not discontinued products, not inactive
//! variants.

use api::{ListProductsRequest, ListVariantsRequest};
use store::{Listing, ProductFilter, VariantFilter, VariantSort};
use types::{Product, ProductList, ProductSort, Variant, VariantList};

use super::wire;
use crate::call::Call;
use crate::error::{Error, not_found};
use crate::face::paging::Sorting;
use crate::rules::texts;

/// getProduct.
pub(crate) fn product(call: &mut Call<'_, '_>, id: &str) -> Result<Product, Error> {
    let found = store::products::find(call.tx, id)?;
    let product = found.ok_or_else(|| not_found("product"))?;
    let variants = store::variants::of_product(call.tx, id)?
        .into_iter()
        .map(|row| wire::variant(call, row, &product.product_sku))
        .collect::<Result<Vec<Variant>, Error>>()?;
    wire::product(product, Some(variants), None)
}

/// listProducts.
pub(crate) fn products(
    call: &mut Call<'_, '_>,
    request: &ListProductsRequest,
) -> Result<ProductList, Error> {
    let (sort, numeric) = match request.sort_by {
        ProductSort::CreatedAt => (store::ProductSort::CreatedAt, true),
        ProductSort::UpdatedAt => (store::ProductSort::UpdatedAt, true),
        ProductSort::Name => (store::ProductSort::Name, false),
        ProductSort::ProductSku => (store::ProductSort::ProductSku, false),
    };
    let sorting = Sorting {
        list: "products",
        by: sort.as_str(),
        numeric,
        direction: request.sort_dir,
    };
    let filter = ProductFilter {
        status: request.status.map(wire::stored_product_status),
        category: request.category.clone(),
        brand: request.brand.clone(),
    };
    let page = sorting.page(sort, request.start_after.as_deref(), request.limit)?;
    let Listing { rows, next } = store::products::list(call.tx, &filter, &page)?;
    let products = rows
        .into_iter()
        .map(|(row, variants)| {
            let count = u64::try_from(variants).map_err(|_| {
                Error::Broken(format!("product `{}` has {variants} variants", row.id))
            })?;
            wire::product(row, None, Some(count))
        })
        .collect::<Result<Vec<Product>, Error>>()?;
    let next_cursor = sorting.cursor(next);
    Ok(ProductList {
        count: products.len() as u64,
        products,
        limit: request.limit,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}

/// listVariants: newest first.
pub(crate) fn variants(
    call: &mut Call<'_, '_>,
    request: &ListVariantsRequest,
) -> Result<VariantList, Error> {
    let sort = VariantSort::CreatedAt;
    let sorting = Sorting::newest_first("variants");
    let key = |given: &Option<String>| given.as_deref().map(texts::trimmed).map(str::to_owned);
    let filter = VariantFilter {
        status: request.status.map(wire::stored_variant_status),
        product_sku: key(&request.product_sku),
        grade: request.grade.clone(),
        category: request.category.clone(),
        brand: request.brand.clone(),
        sku_prefix: key(&request.sku),
    };
    let page = sorting.page(sort, request.start_after.as_deref(), request.limit)?;
    let Listing { rows, next } = store::variants::list(call.tx, &filter, &page)?;
    let variants = rows
        .into_iter()
        .map(|found| wire::variant(call, found.variant, &found.product_sku))
        .collect::<Result<Vec<Variant>, Error>>()?;
    let next_cursor = sorting.cursor(next);
    Ok(VariantList {
        count: variants.len() as u64,
        variants,
        limit: request.limit,
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}
