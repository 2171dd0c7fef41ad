//! Taking products and variants out of the offer and bringing variants back. Open orders stand in
//! the way; running subscriptions do not.

use store::{ProductRow, ProductStatus, VariantRow, VariantStatus, order_items};
use types::support::True;
use types::{ErrorCode, ProductDeleted, VariantStatusUpdated};

use crate::call::Call;
use crate::error::{Error, not_found, refuse};

/// deleteProduct. On a product that is out of the offer already it changes nothing.
pub(crate) fn discontinue(call: &mut Call<'_, '_>, id: &str) -> Result<ProductDeleted, Error> {
    let found = store::products::find(call.tx, id)?;
    let mut product = found.ok_or_else(|| not_found("product"))?;
    if is_offered(call, &product)? {
        check_product_unordered(call, &product)?;
        product.status = ProductStatus::Discontinued;
        product.updated_at = call.now;
        store::products::update(call.tx, &product)?;
        store::variants::deactivate_all(call.tx, id, call.now)?;
    }
    Ok(ProductDeleted {
        success: True,
        message: "the product is discontinued".into(),
        product_id: product.id,
        product_sku: product.product_sku,
    })
}

/// updateVariantStatus. Asking for the state it has changes nothing.
pub(crate) fn set_variant(
    call: &mut Call<'_, '_>,
    id: &str,
    wanted: VariantStatus,
) -> Result<VariantStatusUpdated, Error> {
    let found = store::variants::find(call.tx, id)?;
    let mut variant = found.ok_or_else(|| not_found("variant"))?.variant;
    if variant.status != wanted {
        if wanted == VariantStatus::Inactive {
            check_variant_unordered(call, &variant)?;
        }
        variant.status = wanted;
        variant.updated_at = call.now;
        store::variants::update(call.tx, &variant)?;
    }
    let message = format!("the variant is {}", wanted.as_str());
    Ok(VariantStatusUpdated {
        success: True,
        message,
        variant_id: variant.id,
    })
}

/// Whether anything is left to take out of the offer. A variant can have been set active again
/// while its product stayed discontinued.
pub(super) fn is_offered(call: &mut Call<'_, '_>, product: &ProductRow) -> Result<bool, Error> {
    if product.status == ProductStatus::Active {
        return Ok(true);
    }
    let variants = store::variants::of_product(call.tx, &product.id)?;
    Ok(variants
        .iter()
        .any(|variant| variant.status == VariantStatus::Active))
}

/// Refuses while any variant of the product is in an open order.
pub(super) fn check_product_unordered(
    call: &mut Call<'_, '_>,
    product: &ProductRow,
) -> Result<(), Error> {
    if order_items::product_is_in_open_order(call.tx, &product.id)? {
        let message = format!("the product `{}` is in open orders", product.product_sku);
        return Err(refuse(ErrorCode::ProductHasActiveOrders, message));
    }
    Ok(())
}

/// Refuses while the variant is in an open order.
pub(super) fn check_variant_unordered(
    call: &mut Call<'_, '_>,
    variant: &VariantRow,
) -> Result<(), Error> {
    let product = &variant.product_id;
    if order_items::variant_is_in_open_order(call.tx, product, &variant.id)? {
        let message = format!("the variant `{}` is in an open order", variant.variant_sku);
        return Err(refuse(ErrorCode::VariantInUse, message));
    }
    Ok(())
}
