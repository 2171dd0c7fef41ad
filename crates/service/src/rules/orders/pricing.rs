//! What the positions of an order cost: the tier of the contract length, captured with list price
//! and acquisition cost.

use std::collections::{HashMap, HashSet};

use store::order_items::OrderItemRow;
use store::products::ProductStatus;
use store::variants::{VariantOfProduct, VariantStatus};
use types::{ErrorCode, ErrorDetail, OrderItemInput};

use crate::call::{Call, Tenant};
use crate::error::{Error, Refusal, invalid};
use crate::rules::money::MAX_MINOR;
use crate::rules::products::tiers::{self, Tier};
use crate::rules::products::wire::picture;
use crate::rules::settings::Taxed;
use crate::rules::texts;

/// What orders need of a variant.
struct Offer {
    variant_id: String,
    product_id: String,
    product_name: String,
    picture: Option<String>,
    list_price: Option<i64>,
    acquisition_cost: Option<i64>,
    tiers: Vec<Tier>,
    active: bool,
}

impl Offer {
    fn new(found: VariantOfProduct) -> Result<Offer, Error> {
        Ok(Offer {
            picture: picture(&found)?,
            tiers: tiers::of_variant(&found.variant)?,
            active: found.variant.status == VariantStatus::Active
                && found.product_status == ProductStatus::Active,
            variant_id: found.variant.id,
            product_id: found.variant.product_id,
            product_name: found.product_name,
            list_price: found.variant.list_price,
            acquisition_cost: found.variant.acquisition_cost,
        })
    }
}

/// The items of a new order, or the refusal of the first one that cannot be ordered.
pub(super) fn items(
    call: &mut Call<'_, '_>,
    order_id: &str,
    inputs: &[OrderItemInput],
) -> Result<Vec<OrderItemRow>, Error> {
    let offers = offers(call, inputs)?;
    inputs
        .iter()
        .enumerate()
        .map(|(index, input)| item(call, order_id, index, input, &offers))
        .collect()
}

/// The variants that are asked for, by SKU, with one statement.
fn offers(
    call: &mut Call<'_, '_>,
    inputs: &[OrderItemInput],
) -> Result<HashMap<String, Offer>, Error> {
    let skus: HashSet<&str> = inputs
        .iter()
        .map(|input| texts::trimmed(&input.sku))
        .collect();
    let skus: Vec<&str> = skus.into_iter().collect();
    let mut offers = HashMap::new();
    let mut broken = None;
    let mut add = |found: VariantOfProduct| {
        let sku = found.variant.variant_sku.clone();
        match Offer::new(found) {
            Ok(offer) => drop(offers.insert(sku, offer)),
            Err(error) => broken = Some(error),
        }
    };
    match skus[..] {
        [sku] => {
            let found = store::variants::find_by_sku(call.tx, sku)?;
            found.into_iter().for_each(add);
        }
        _ => store::variants::each_of_skus(call.tx, &skus, &mut add)?,
    }
    broken.map_or(Ok(offers), Err)
}

fn item(
    call: &Call<'_, '_>,
    order_id: &str,
    index: usize,
    input: &OrderItemInput,
    offers: &HashMap<String, Offer>,
) -> Result<OrderItemRow, Error> {
    let sku = texts::trimmed(&input.sku);
    let Some(offer) = offers.get(sku) else {
        let message = format!("no variant has the SKU `{sku}`");
        return Err(refused(index, "sku", ErrorCode::VariantNotFound, message));
    };
    if !offer.active {
        let message = format!("the variant `{sku}` cannot be ordered any more");
        return Err(refused(index, "sku", ErrorCode::VariantInactive, message));
    }
    let Some(tier) = tier_for(call.tenant, &offer.tiers, input.contract_length) else {
        let message = match input.contract_length {
            Some(months) => format!("the variant `{sku}` has no price for {months} months"),
            None => format!("choose one of the contract lengths of the variant `{sku}`"),
        };
        return Err(refused(
            index,
            "contractLength",
            ErrorCode::InvalidContractLength,
            message,
        ));
    };
    let unfit = |what: &str| Error::Broken(format!("{what} of item {index} does not fit"));
    Ok(OrderItemRow {
        tenant_id: call.tenant.id.to_string(),
        order_id: order_id.into(),
        position: i64::try_from(index).map_err(|_| unfit("position"))?,
        sku: sku.to_owned(),
        product_id: offer.product_id.clone(),
        variant_id: offer.variant_id.clone(),
        product_name: offer.product_name.clone(),
        product_image_url: offer.picture.clone(),
        quantity: i64::try_from(input.quantity).map_err(|_| unfit("quantity"))?,
        rented: 0,
        unit_price: tier.price(),
        setup_fee: tier.setup_fee.unwrap_or(0),
        contract_length: tier.contract_length,
        list_price: offer.list_price,
        list_price_source: source(offer.list_price),
        list_price_override: None,
        acquisition_cost: offer.acquisition_cost,
        acquisition_cost_source: source(offer.acquisition_cost),
        acquisition_cost_override: None,
    })
}

/// The tier that an item is charged by: of exactly the length asked for, else of the tenant's
/// default length, else the only one.
pub(crate) fn tier_for<'a>(
    tenant: &Tenant,
    tiers: &'a [Tier],
    wanted: Option<f64>,
) -> Option<&'a Tier> {
    if let Some(months) = wanted {
        return tiers
            .iter()
            .find(|tier| tier.contract_length as f64 == months);
    }
    let default = tenant.settings.pricing.default_length();
    let of_default = tiers
        .iter()
        .find(|tier| Some(tier.contract_length) == default);
    match tiers {
        [only] => Some(only),
        _ => of_default,
    }
}

/// Where a price or cost is from.
pub(crate) fn source(amount: Option<i64>) -> String {
    if amount.is_some() {
        "variant"
    } else {
        "unknown"
    }
    .into()
}

fn refused(index: usize, property: &str, code: ErrorCode, message: String) -> Error {
    let path = format!("items.{index}.{property}");
    let detail = ErrorDetail {
        path,
        message: message.clone(),
        code: "custom".into(),
    };
    Error::Refused(Refusal {
        code,
        message,
        details: vec![detail],
    })
}

/// What an order adds up to, per month. Amounts in minor units.
pub(super) struct Totals {
    pub(super) taxed: Taxed,
    pub(super) devices: i64,
}

/// Sums up. Tax is rounded per item.
pub(super) fn totals(call: &Call<'_, '_>, items: &[OrderItemRow]) -> Result<Totals, Error> {
    let taxes = &call.tenant.settings.taxes;
    let mut totals = Totals {
        taxed: Taxed {
            subtotal: 0,
            tax: 0,
            total: 0,
        },
        devices: 0,
    };
    for item in items {
        let line = taxes.split(item.unit_price.saturating_mul(item.quantity));
        totals.taxed.subtotal = totals.taxed.subtotal.saturating_add(line.subtotal);
        totals.taxed.tax = totals.taxed.tax.saturating_add(line.tax);
        totals.taxed.total = totals.taxed.total.saturating_add(line.total);
        totals.devices = totals.devices.saturating_add(item.quantity);
    }
    if totals.taxed.total > MAX_MINOR {
        return Err(invalid("items", "too_big", "add up to too large an amount"));
    }
    Ok(totals)
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::rules::money::Currency;
    use crate::rules::settings::Settings;

    fn tenant() -> Tenant {
        Tenant {
            id: "bu_test".into(),
            currency: Currency::new("EUR").unwrap(),
            zone: TimeZone::UTC,
            settings: Settings::default(),
        }
    }

    /// The length of the tier chosen among tiers of these lengths.
    fn chosen(lengths: &[i64], wanted: Option<f64>) -> Option<i64> {
        let tier = |months: &i64| Tier {
            contract_length: *months,
            monthly_price: 1_000,
            setup_fee: None,
            discount: None,
            source: None,
            calculated_at: None,
            preset_used: None,
        };
        let tiers: Vec<Tier> = lengths.iter().map(tier).collect();
        tier_for(&tenant(), &tiers, wanted).map(|tier| tier.contract_length)
    }

    #[test]
    fn a_length_asked_for_must_be_priced_exactly() {
        assert_eq!(chosen(&[12, 24], Some(24.0)), Some(24));
        for wanted in [18.0, 12.5, 0.0, -12.0, f64::MAX] {
            assert_eq!(chosen(&[12, 24], Some(wanted)), None);
        }
    }

    #[test]
    fn no_length_means_the_default_one_or_the_only_one() {
        assert_eq!(chosen(&[6, 12, 24], None), Some(12));
        assert_eq!(chosen(&[36], None), Some(36));
        assert_eq!(chosen(&[24, 36], None), None);
    }
}
