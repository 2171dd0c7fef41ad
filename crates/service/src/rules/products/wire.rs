//! Products and variants between their stored and their wire form.

use store::{Json, ProductRow, VariantOfProduct, VariantRow};
use types::{Product, ProductSource, ProductStatus, ProductSync, Variant, VariantStatus};

use super::tiers;
use crate::call::{Call, instant};
use crate::error::Error;

/// A product on the wire. `variants` belongs to single products, `variant_count` to lists.
pub(super) fn product(
    row: ProductRow,
    variants: Option<Vec<Variant>>,
    variant_count: Option<u64>,
) -> Result<Product, Error> {
    Ok(Product {
        product_id: row.id,
        tenant_id: row.tenant_id,
        product_sku: row.product_sku,
        name: row.name,
        specification: row.specification,
        category: row.category,
        brand: row.brand,
        description: row.description,
        images: images(&row.images)?,
        status: match row.status {
            store::ProductStatus::Active => ProductStatus::Active.into(),
            store::ProductStatus::Discontinued => ProductStatus::Discontinued.into(),
        },
        sync: Some(ProductSync {
            source: ProductSource::Manual.into(),
            external_id: None,
            last_synced_at: None,
            sync_status: None,
            sync_error: None,
            read_only_fields: None,
        }),
        variants,
        variant_count,
        created_at: instant(row.created_at),
        updated_at: instant(row.updated_at),
    })
}

/// A variant of the product with this SKU on the wire.
pub(super) fn variant(
    call: &Call<'_, '_>,
    row: VariantRow,
    product_sku: &str,
) -> Result<Variant, Error> {
    Ok(Variant {
        pricing: tiers::to_wire(call, &row)?,
        variant_id: row.id,
        tenant_id: row.tenant_id,
        product_id: row.product_id,
        product_sku: product_sku.to_owned(),
        variant_sku: row.variant_sku,
        variant_name: row.name,
        grade: row.grade,
        condition: row.condition,
        color_name: row.color_name,
        images: images(&row.images)?,
        list_price: row.list_price.map(|price| call.major(price)),
        acquisition_cost: row.acquisition_cost.map(|cost| call.major(cost)),
        status: match row.status {
            store::VariantStatus::Active => VariantStatus::Active.into(),
            store::VariantStatus::Inactive => VariantStatus::Inactive.into(),
        },
        created_at: instant(row.created_at),
        updated_at: instant(row.updated_at),
    })
}

/// The picture shown for a variant: its own first one, else the first one of its product.
pub(crate) fn picture(found: &VariantOfProduct) -> Result<Option<String>, Error> {
    let first = |images: &Json| Ok::<_, Error>(images.read::<Vec<String>>()?.into_iter().next());
    match first(&found.variant.images)? {
        Some(own) => Ok(Some(own)),
        None => first(&found.product_images),
    }
}

/// A variant's state as the store has it.
pub(crate) fn stored_variant_status(wire: VariantStatus) -> store::VariantStatus {
    match wire {
        VariantStatus::Active => store::VariantStatus::Active,
        VariantStatus::Inactive => store::VariantStatus::Inactive,
    }
}

/// A product's state as the store has it.
pub(super) fn stored_product_status(wire: ProductStatus) -> store::ProductStatus {
    match wire {
        ProductStatus::Active => store::ProductStatus::Active,
        ProductStatus::Discontinued => store::ProductStatus::Discontinued,
    }
}

/// No pictures are left out rather than sent as an empty list.
fn images(stored: &Json) -> Result<Option<Vec<String>>, Error> {
    let images: Vec<String> = stored.read()?;
    Ok((!images.is_empty()).then_some(images))
}
