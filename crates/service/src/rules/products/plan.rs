//! What saving the variants of a product would write. Nothing is written here: every check comes
//! first, so that a refusal leaves nothing behind.

use std::collections::HashMap;

use store::{Json, ProductRow, ProductStatus, VariantRow, VariantStatus};
use types::{ErrorCode, VariantOperation, VariantResult, VariantUpdate};

use super::known::Known;
use super::tiers::{self, Tier};
use super::{status, wire};
use crate::call::Call;
use crate::error::{Error, invalid_all, refuse, unfit};
use crate::rules::texts::{self, Violation};

/// Variants to be written.
pub(super) struct Plan {
    variants: Vec<Planned>,
    results: Vec<VariantResult>,
}

/// A variant to be written.
struct Planned {
    row: VariantRow,
    /// State it has in the store; `None`: it is new.
    before: Option<VariantStatus>,
    /// Price list, where the request gives one.
    tiers: Option<Vec<Tier>>,
}

/// Violations of a request.
type Violations = Vec<Violation>;

impl Plan {
    /// Matches what is asked for with the variants that there are. A SKU sent twice means the same
    /// variant twice. `violations` are those found in the product.
    ///
    /// # Errors
    /// These and SKUs that no variant can have at once; `VARIANT_NOT_FOUND` with all that new variants
    /// lack; `INVALID_PRICING` with all amounts that the currency cannot carry.
    pub(super) fn new(
        call: &Call<'_, '_>,
        known: &Known,
        product: &ProductRow,
        changes: &[VariantUpdate],
        mut violations: Violations,
    ) -> Result<Plan, Error> {
        let mut plan = Plan {
            variants: Vec::new(),
            results: Vec::new(),
        };
        let mut places: HashMap<&str, usize> = HashMap::new();
        let mut lacking = Violations::new();
        let mut amounts = Violations::new();
        for (index, change) in changes.iter().enumerate() {
            let path = format!("variants.{index}");
            let sku = texts::trimmed(&change.variant_sku);
            let seen = places.get(sku).copied();
            let place = match seen {
                Some(place) => place,
                None => {
                    let planned = match known.variant(sku) {
                        Some(row) => Planned {
                            before: Some(row.status),
                            row: row.clone(),
                            tiers: None,
                        },
                        None => {
                            violations.extend(texts::bad_key(format!("{path}.variantSku"), sku));
                            lacking.extend(lacks(change, &path));
                            Planned {
                                row: blank(call, product, sku),
                                before: None,
                                tiers: None,
                            }
                        }
                    };
                    plan.variants.push(planned);
                    plan.variants.len() - 1
                }
            };
            places.insert(sku, place);
            let planned = &mut plan.variants[place];
            let new = planned.before.is_none() && seen.is_none();
            planned.apply(call, &path, change, &mut amounts)?;
            plan.results.push(VariantResult {
                variant_sku: sku.to_owned(),
                operation: match new {
                    true => VariantOperation::Create.into(),
                    false => VariantOperation::Update.into(),
                },
            });
        }
        if !violations.is_empty() {
            return Err(invalid_all(violations));
        }
        if !lacking.is_empty() {
            return Err(unfit(ErrorCode::VariantNotFound, lacking));
        }
        if !amounts.is_empty() {
            return Err(unfit(ErrorCode::InvalidPricing, amounts));
        }
        Ok(plan)
    }

    /// Refuses SKUs of other products.
    pub(super) fn check_skus(&self, product: &ProductRow) -> Result<(), Error> {
        match self
            .variants
            .iter()
            .find(|it| it.row.product_id != product.id)
        {
            None => Ok(()),
            Some(Planned { row, .. }) => Err(refuse(
                ErrorCode::DuplicateSku,
                format!(
                    "the variant SKU `{}` belongs to another product",
                    row.variant_sku
                ),
            )),
        }
    }

    /// Refuses price lists that no order could use.
    pub(super) fn check_pricing(&self) -> Result<(), Error> {
        for planned in &self.variants {
            if let Some(tiers) = &planned.tiers {
                tiers::check(&planned.row.variant_sku, tiers)?;
            }
        }
        Ok(())
    }

    /// Refuses to deactivate variants that open orders wait for.
    pub(super) fn check_unordered(&self, call: &mut Call<'_, '_>) -> Result<(), Error> {
        for Planned { row, before, .. } in &self.variants {
            if *before == Some(VariantStatus::Active) && row.status == VariantStatus::Inactive {
                status::check_variant_unordered(call, row)?;
            }
        }
        Ok(())
    }

    /// The variants as they are to be, and what becomes of each that was sent.
    pub(super) fn rows(
        self,
        call: &Call<'_, '_>,
    ) -> Result<(Vec<VariantRow>, Vec<VariantResult>), Error> {
        let rows = self.variants.into_iter().map(|planned| {
            let mut row = planned.row;
            row.updated_at = call.now;
            if let Some(tiers) = planned.tiers {
                row.pricing = Json::of(&tiers)?;
            }
            Ok(row)
        });
        Ok((rows.collect::<Result<_, Error>>()?, self.results))
    }
}

impl Planned {
    fn apply(
        &mut self,
        call: &Call<'_, '_>,
        path: &str,
        change: &VariantUpdate,
        amounts: &mut Violations,
    ) -> Result<(), Error> {
        let currency = call.tenant.currency;
        let mut amount = |field: &str, major: f64| {
            currency.minor(major).unwrap_or_else(|why| {
                amounts.push((format!("{path}.{field}"), "custom", why.to_string()));
                0
            })
        };
        let row = &mut self.row;
        if let Some(price) = change.list_price {
            row.list_price = Some(amount("listPrice", price));
        }
        if let Some(cost) = change.acquisition_cost {
            row.acquisition_cost = Some(amount("acquisitionCost", cost));
        }
        if let Some(name) = &change.variant_name {
            row.name.clone_from(name);
        }
        if let Some(grade) = &change.grade {
            row.grade.clone_from(grade);
        }
        if change.condition.is_some() {
            row.condition.clone_from(&change.condition);
        }
        if change.color_name.is_some() {
            row.color_name.clone_from(&change.color_name);
        }
        if let Some(images) = &change.images {
            row.images = Json::of(images)?;
        }
        if let Some(status) = change.status {
            row.status = wire::stored_variant_status(status);
        }
        if let Some(pricing) = &change.pricing {
            let path = format!("{path}.pricing");
            self.tiers = Some(tiers::read(call, &path, pricing, amounts));
        }
        Ok(())
    }
}

/// A new variant before anything is said of it. That of a discontinued product is not on offer.
fn blank(call: &Call<'_, '_>, product: &ProductRow, sku: &str) -> VariantRow {
    VariantRow {
        tenant_id: call.tenant.id.to_string(),
        id: call.new_plain_id("var_"),
        product_id: product.id.clone(),
        variant_sku: sku.to_owned(),
        name: String::new(),
        grade: String::new(),
        condition: None,
        color_name: None,
        images: Json::empty_array(),
        list_price: None,
        acquisition_cost: None,
        pricing: Json::empty_array(),
        status: match product.status {
            ProductStatus::Active => VariantStatus::Active,
            ProductStatus::Discontinued => VariantStatus::Inactive,
        },
        created_at: call.now,
        updated_at: call.now,
    }
}

/// What a new variant cannot do without and is not said.
fn lacks(change: &VariantUpdate, path: &str) -> Violations {
    let fields = [
        ("variantName", change.variant_name.is_some()),
        ("grade", change.grade.is_some()),
        ("pricing", change.pricing.is_some()),
    ];
    let missing = fields.into_iter().filter(|(_, given)| !given);
    let message = || "is required for a new variant, and no variant has this SKU".to_owned();
    missing
        .map(|(field, _)| (format!("{path}.{field}"), "required", message()))
        .collect()
}
