//! Saving a product with its variants: createProduct, updateProduct and each row of an import.

use store::{Json, ProductRow, ProductStatus};
use types::support::True;
use types::{
    ErrorCode, ProductCreate, ProductOperation, ProductUpdate, ProductUpserted, VariantInput,
    VariantUpdate,
};

use super::known::Known;
use super::plan::Plan;
use super::{status, wire};
use crate::call::Call;
use crate::error::{Error, not_found, refuse};
use crate::rules::texts::{self, Violation};

/// createProduct.
pub(crate) fn create(
    call: &mut Call<'_, '_>,
    body: &ProductCreate,
) -> Result<ProductUpserted, Error> {
    let variants: Vec<VariantUpdate> = body.variants.iter().map(as_update).collect();
    let skus = variants.iter().map(|variant| &*variant.variant_sku);
    let mut known = Known::of(call, [&*body.product_sku], skus)?;
    let saved = upsert(call, &mut known, body, &variants)?;
    known.write(call)?;
    Ok(saved)
}

/// Creates the product of a SKU or updates it, with these variants instead of the body's. `known` has
/// whatever is stored of them, and is to be written afterwards; a refusal leaves it as it is.
pub(super) fn upsert(
    call: &Call<'_, '_>,
    known: &mut Known,
    body: &ProductCreate,
    variants: &[VariantUpdate],
) -> Result<ProductUpserted, Error> {
    let sku = texts::trimmed(&body.product_sku);
    let before = known.product(sku);
    let operation = match before {
        Some(_) => ProductOperation::Updated,
        None => ProductOperation::Created,
    };
    let mut product = before.cloned().unwrap_or_else(|| blank(call, sku));
    product.name.clone_from(&body.name);
    product.specification.clone_from(&body.specification);
    product.category.clone_from(&body.category);
    product.brand.clone_from(&body.brand);
    if body.description.is_some() {
        product.description.clone_from(&body.description);
    }
    if let Some(images) = &body.images {
        product.images = Json::of(images)?;
    }
    product.updated_at = call.now;

    let unfit = unfit(Some(&body.product_sku), Some(&body.name));
    let plan = Plan::new(call, known, &product, variants, unfit)?;
    plan.check_skus(&product)?;
    plan.check_pricing()?;

    let (rows, results) = plan.rows(call)?;
    let saved = saved(&product, operation, results);
    known.put(product, rows);
    Ok(saved)
}

/// updateProduct.
pub(crate) fn update(
    call: &mut Call<'_, '_>,
    id: &str,
    body: &ProductUpdate,
) -> Result<ProductUpserted, Error> {
    let found = store::products::find(call.tx, id)?;
    let before = found.ok_or_else(|| not_found("product"))?;
    let mut product = before.clone();
    apply(&mut product, body)?;
    product.updated_at = call.now;

    let variants = body.variants.as_deref().unwrap_or_default();
    let unfit = unfit(body.product_sku.as_deref(), body.name.as_deref());
    let skus = variants.iter().map(|variant| &*variant.variant_sku);
    let known = Known::of(call, [], skus)?;
    let plan = Plan::new(call, &known, &product, variants, unfit)?;
    check_product_sku(call, &product)?;
    plan.check_skus(&product)?;
    plan.check_pricing()?;
    plan.check_unordered(call)?;
    let discontinue = body.status == Some(types::ProductStatus::Discontinued);
    if discontinue && status::is_offered(call, &before)? {
        status::check_product_unordered(call, &before)?;
    }

    store::products::update(call.tx, &product)?;
    let (rows, results) = plan.rows(call)?;
    store::variants::save_all(call.tx, &rows)?;
    if discontinue {
        store::variants::deactivate_all(call.tx, id, call.now)?;
    }
    Ok(saved(&product, ProductOperation::Updated, results))
}

/// Which of the texts that a request gives no product can have.
fn unfit(sku: Option<&str>, name: Option<&str>) -> Vec<Violation> {
    let sku = sku.and_then(|sku| texts::bad_key("productSku", sku));
    let name = name.and_then(|name| texts::too_long("name", name));
    sku.into_iter().chain(name).collect()
}

fn apply(product: &mut ProductRow, body: &ProductUpdate) -> Result<(), Error> {
    let texts = [
        (&mut product.name, &body.name),
        (&mut product.specification, &body.specification),
        (&mut product.category, &body.category),
        (&mut product.brand, &body.brand),
    ];
    if let Some(sku) = &body.product_sku {
        product.product_sku = texts::trimmed(sku).to_owned();
    }
    for (stored, given) in texts {
        if let Some(given) = given {
            stored.clone_from(given);
        }
    }
    if body.description.is_some() {
        product.description.clone_from(&body.description);
    }
    if let Some(images) = &body.images {
        product.images = Json::of(images)?;
    }
    if let Some(status) = body.status {
        product.status = wire::stored_product_status(status);
    }
    Ok(())
}

/// Refuses a product SKU that another product has.
fn check_product_sku(call: &mut Call<'_, '_>, product: &ProductRow) -> Result<(), Error> {
    let sku = &product.product_sku;
    match store::products::find_by_sku(call.tx, sku)? {
        Some(other) if other.id != product.id => Err(refuse(
            ErrorCode::DuplicateSku,
            format!("the product SKU `{sku}` belongs to another product"),
        )),
        _ => Ok(()),
    }
}

fn saved(
    product: &ProductRow,
    operation: ProductOperation,
    variant_results: Vec<types::VariantResult>,
) -> ProductUpserted {
    ProductUpserted {
        success: True,
        message: format!("the product is {}", operation.as_str()),
        product_id: product.id.clone(),
        product_sku: product.product_sku.clone(),
        operation: operation.into(),
        variant_results,
    }
}

/// A new product before anything is said of it.
fn blank(call: &Call<'_, '_>, sku: &str) -> ProductRow {
    ProductRow {
        tenant_id: call.tenant.id.to_string(),
        id: call.new_plain_id("prod_"),
        product_sku: sku.to_owned(),
        name: String::new(),
        specification: String::new(),
        category: String::new(),
        brand: String::new(),
        description: None,
        images: Json::empty_array(),
        status: ProductStatus::Active,
        created_at: call.now,
        updated_at: call.now,
    }
}

fn as_update(input: &VariantInput) -> VariantUpdate {
    VariantUpdate {
        variant_id: None,
        variant_sku: input.variant_sku.clone(),
        variant_name: Some(input.variant_name.clone()),
        grade: Some(input.grade.clone()),
        condition: input.condition.clone(),
        color_name: input.color_name.clone(),
        images: input.images.clone(),
        list_price: input.list_price,
        acquisition_cost: input.acquisition_cost,
        pricing: Some(input.pricing.clone()),
        status: None,
    }
}
