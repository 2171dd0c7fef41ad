//! Price lists of variants: as callers send them, as they are stored, as orders charge them.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use store::VariantRow;
use types::{
    Discount, DiscountInput, DiscountType, ErrorCode, PricingSource, PricingTier, PricingTierInput,
};

use crate::call::{Call, instant};
use crate::error::{Error, refuse};
use crate::rules::calendar::nearest_instant;
use crate::rules::money::Percent;
use crate::rules::texts::Violation;

/// Contract lengths that may be priced, in months.
const LENGTHS: std::ops::RangeInclusive<i64> = 1..=120;

/// Price of a variant for one contract length. Amounts in minor units.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Tier {
    /// Months.
    pub(crate) contract_length: i64,
    /// Per month, before the discount.
    pub(crate) monthly_price: i64,
    /// Charged once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) setup_fee: Option<i64>,
    /// Reduction of the monthly price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) discount: Option<Reduction>,
    /// Whether a preset suggested the price.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<PricingSource>,
    /// When it was suggested.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) calculated_at: Option<Timestamp>,
    /// The preset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) preset_used: Option<String>,
}

/// A discount.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Reduction {
    /// How much.
    pub(crate) by: By,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) description: Option<String>,
}

/// How a discount is counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum By {
    /// Percent of the monthly price.
    Percentage(f64),
    /// Minor units per month.
    Fixed(i64),
}

impl Tier {
    /// What a month costs: the monthly price less its discount, never below 0. Minor units.
    pub(crate) fn price(&self) -> i64 {
        let price = match self.discount.as_ref().map(|discount| discount.by) {
            Some(By::Percentage(percent)) => Percent::from_number(percent).off(self.monthly_price),
            Some(By::Fixed(amount)) => self.monthly_price.saturating_sub(amount),
            None => self.monthly_price,
        };
        price.max(0)
    }
}

/// The stored price list of a variant.
pub(crate) fn of_variant(variant: &VariantRow) -> Result<Vec<Tier>, Error> {
    Ok(variant.pricing.read()?)
}

/// Reads a price list. What the currency cannot carry is added to `amounts` under `path`.
pub(super) fn read(
    call: &Call<'_, '_>,
    path: &str,
    pricing: &[PricingTierInput],
    amounts: &mut Vec<Violation>,
) -> Vec<Tier> {
    let currency = call.tenant.currency;
    let mut tiers = Vec::with_capacity(pricing.len());
    for (index, input) in pricing.iter().enumerate() {
        let mut amount = |field: &str, major: f64| {
            currency.minor(major).unwrap_or_else(|why| {
                amounts.push((format!("{path}.{index}.{field}"), "custom", why.to_string()));
                0
            })
        };
        let monthly_price = amount("monthlyPrice", input.monthly_price);
        let setup_fee = input.setup_fee.map(|major| amount("setupFee", major));
        let discount = input.discount.as_ref().map(|discount| Reduction {
            by: match discount.r#type {
                DiscountType::Fixed => By::Fixed(amount("discount.value", discount.value)),
                DiscountType::Percentage => By::Percentage(discount.value),
            },
            description: discount.description.clone(),
        });
        // Its form was checked.
        let calculated_at = input.calculated_at.as_deref().map(nearest_instant);
        tiers.push(Tier {
            contract_length: input.contract_length,
            monthly_price,
            setup_fee,
            discount,
            source: input.source,
            calculated_at,
            preset_used: input.preset_used.clone(),
        });
    }
    tiers
}

/// Refuses a price list that no order could use. `sku` names the variant.
pub(super) fn check(sku: &str, tiers: &[Tier]) -> Result<(), Error> {
    let refused = |what: String| {
        Err(refuse(
            ErrorCode::InvalidPricing,
            format!("pricing of the variant `{sku}` {what}"),
        ))
    };
    if tiers.is_empty() {
        return refused("needs at least one tier".into());
    }
    let mut lengths = BTreeSet::new();
    for tier in tiers {
        let months = tier.contract_length;
        if !LENGTHS.contains(&months) {
            return refused("has a contract length outside 1 to 120 months".into());
        }
        if !lengths.insert(months) {
            return refused(format!("has two tiers of {months} months"));
        }
        if let Some(Reduction {
            by: By::Percentage(percent),
            ..
        }) = tier.discount
            && percent > 100.0
        {
            return refused(format!(
                "has a discount above 100 percent for {months} months"
            ));
        }
    }
    Ok(())
}

/// The stored price list of a variant as the wire carries it.
pub(super) fn to_wire(
    call: &Call<'_, '_>,
    variant: &VariantRow,
) -> Result<Vec<PricingTier>, Error> {
    let tiers = of_variant(variant)?;
    tiers
        .into_iter()
        .map(|tier| tier_to_wire(call, &variant.id, tier))
        .collect()
}

/// The price list of a variant after an import that says what a month costs for some lengths: the
/// other lengths stay as they are, and so do setup fees and discounts.
///
/// # Errors
/// When the stored list cannot be read.
pub(super) fn merge(
    call: &Call<'_, '_>,
    variant: &VariantRow,
    given: Vec<PricingTierInput>,
) -> Result<Vec<PricingTierInput>, Error> {
    let mut merged = Vec::new();
    for tier in of_variant(variant)? {
        merged.push(PricingTierInput {
            contract_length: tier.contract_length,
            monthly_price: call.major(tier.monthly_price),
            setup_fee: tier.setup_fee.map(|fee| call.major(fee)),
            discount: tier.discount.map(|discount| {
                let (r#type, value) = match discount.by {
                    By::Percentage(percent) => (DiscountType::Percentage, percent),
                    By::Fixed(amount) => (DiscountType::Fixed, call.major(amount)),
                };
                DiscountInput {
                    r#type,
                    value,
                    description: discount.description,
                }
            }),
            source: tier.source,
            calculated_at: tier.calculated_at.map(|at| instant(at).to_string()),
            preset_used: tier.preset_used,
        });
    }
    for new in given {
        let same = |tier: &&mut PricingTierInput| tier.contract_length == new.contract_length;
        match merged.iter_mut().find(same) {
            None => merged.push(new),
            Some(tier) if tier.monthly_price == new.monthly_price => {}
            // No preset suggested this price.
            Some(tier) => {
                *tier = PricingTierInput {
                    setup_fee: tier.setup_fee,
                    discount: tier.discount.take(),
                    ..new
                }
            }
        }
    }
    merged.sort_by_key(|tier| tier.contract_length);
    Ok(merged)
}

fn tier_to_wire(call: &Call<'_, '_>, variant: &str, tier: Tier) -> Result<PricingTier, Error> {
    let contract_length = u64::try_from(tier.contract_length)
        .map_err(|_| Error::Broken(format!("variant `{variant}`: negative contract length")))?;
    Ok(PricingTier {
        contract_length,
        monthly_price: call.major(tier.monthly_price),
        setup_fee: tier.setup_fee.map(|fee| call.major(fee)),
        discount: tier.discount.map(|discount| Discount {
            r#type: match discount.by {
                By::Percentage(_) => DiscountType::Percentage.into(),
                By::Fixed(_) => DiscountType::Fixed.into(),
            },
            value: match discount.by {
                By::Percentage(percent) => percent,
                By::Fixed(amount) => call.major(amount),
            },
            description: discount.description,
        }),
        source: tier.source.map(Into::into),
        calculated_at: tier.calculated_at.map(instant),
        preset_used: tier.preset_used,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tier(contract_length: i64, by: Option<By>) -> Tier {
        Tier {
            contract_length,
            monthly_price: 4_999,
            setup_fee: None,
            discount: by.map(|by| Reduction {
                by,
                description: None,
            }),
            source: None,
            calculated_at: None,
            preset_used: None,
        }
    }

    #[test]
    fn a_discount_lowers_the_monthly_price_but_never_below_zero() {
        assert_eq!(tier(12, None).price(), 4_999);
        assert_eq!(tier(12, Some(By::Percentage(10.0))).price(), 4_499);
        assert_eq!(tier(12, Some(By::Percentage(100.0))).price(), 0);
        assert_eq!(tier(12, Some(By::Fixed(999))).price(), 4_000);
        assert_eq!(tier(12, Some(By::Fixed(5_000))).price(), 0);
    }

    #[test]
    fn the_price_is_rounded_half_up_and_not_its_discount() {
        let price = |monthly_price, percent| {
            let by = Some(By::Percentage(percent));
            Tier {
                monthly_price,
                ..tier(12, by)
            }
            .price()
        };
        assert_eq!(price(1_005, 50.0), 503);
        assert_eq!(price(1, 50.0), 1);
        assert_eq!(price(1_000, 33.333), 667);
        assert_eq!(price(0, 50.0), 0);
    }

    #[test]
    fn only_price_lists_that_an_order_can_use_pass() {
        assert!(
            check(
                "S",
                &[tier(1, None), tier(120, Some(By::Percentage(100.0)))]
            )
            .is_ok()
        );
        assert!(check("S", &[]).is_err());
        assert!(check("S", &[tier(0, None)]).is_err());
        assert!(check("S", &[tier(121, None)]).is_err());
        assert!(check("S", &[tier(12, None), tier(12, None)]).is_err());
        assert!(check("S", &[tier(12, Some(By::Percentage(100.5)))]).is_err());
    }

    #[test]
    fn a_price_list_survives_storage() {
        let mut full = tier(24, Some(By::Percentage(12.5)));
        full.setup_fee = Some(1_900);
        full.source = Some(PricingSource::Suggested);
        full.calculated_at = Some("2026-03-10T09:00:00Z".parse().unwrap());
        full.preset_used = Some("electronics".into());
        let tiers = vec![full, tier(12, Some(By::Fixed(500)))];
        let stored = store::Json::of(&tiers).unwrap();
        assert_eq!(stored.read::<Vec<Tier>>().unwrap(), tiers);
    }
}
