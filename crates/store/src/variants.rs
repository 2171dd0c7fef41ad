//! Variants of products: what is ordered, priced and tracked by serial number.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use jiff::Timestamp;

use crate::page::{self, Select, sort_fields};
use crate::products::ProductStatus;
use crate::statement::{InsertAll, json_rows};
use crate::table::{Entry as _, Record as _, all_in, table, view};
use crate::value::text_enum;
use crate::{Error, Json, Listing, Page, Tx, params};

text_enum! {
    /// Whether a variant can be ordered.
    VariantStatus {
        Active = "active",
        Inactive = "inactive",
    }
}

sort_fields! {
    /// What variants can be sorted by.
    VariantSort, 700 {
        CreatedAt = "createdAt", "v.created_at";
    }
}

table! {
    /// A row of `variants`.
    VariantRow of "variants" by (tenant_id, id) below ("products") {
        /// Tenant.
        tenant_id: String,
        /// Id.
        id: String,
        /// Product; never changes.
        product_id: String,
        /// Unique per tenant; never changes.
        variant_sku: String,
        /// Name.
        name: String => changes,
        /// A to E.
        grade: String => changes,
        /// Condition.
        condition: Option<String> => changes,
        /// Colour.
        color_name: Option<String> => changes,
        /// Array of URIs.
        images: Json => changes,
        /// Minor units.
        list_price: Option<i64> => changes,
        /// Minor units.
        acquisition_cost: Option<i64> => changes,
        /// Array of pricing tiers.
        pricing: Json => changes,
        /// Whether it can be ordered.
        status: VariantStatus => changes,
        /// Creation.
        created_at: Timestamp,
        /// Last change.
        updated_at: Timestamp => changes,
    }
}

view! {
    /// A variant with what orders and lists need of its product.
    #[derive(Debug, Clone, PartialEq)]
    VariantOfProduct {
        /// The variant.
        variant: VariantRow => row "v",
        /// `productSku` of its product.
        product_sku: String => "p.product_sku",
        /// Name of its product.
        product_name: String => "p.name",
        /// Images of its product.
        product_images: Json => "p.images",
        /// Category of its product.
        category: String => "p.category",
        /// Status of its product.
        product_status: ProductStatus => "p.status",
    }
}

/// Conditions of a list; all given ones must hold.
#[derive(Debug, Clone, Default)]
pub struct VariantFilter {
    /// Only this status.
    pub status: Option<VariantStatus>,
    /// Only of the product with this `productSku`.
    pub product_sku: Option<String>,
    /// Only this grade.
    pub grade: Option<String>,
    /// Only of products in this category.
    pub category: Option<String>,
    /// Only of products of this brand.
    pub brand: Option<String>,
    /// Only `variantSku`s that start with this.
    pub sku_prefix: Option<String>,
}

const FROM: &str =
    "variants v JOIN products p ON p.tenant_id = v.tenant_id AND p.id = v.product_id";

static SAVE: LazyLock<InsertAll> =
    LazyLock::new(|| VariantRow::TABLE.insert_all().or_update(&VariantRow::TABLE));
static UPDATE: LazyLock<String> = LazyLock::new(|| VariantRow::TABLE.update());
static FIND: LazyLock<String> = LazyLock::new(|| joined("v.tenant_id = $1 AND v.id = $2"));
static FIND_BY_SKU: LazyLock<String> =
    LazyLock::new(|| joined("v.tenant_id = $1 AND v.variant_sku = $2"));
static OF_PRODUCT: LazyLock<String> = LazyLock::new(|| {
    VariantRow::TABLE.select("WHERE tenant_id = $1 AND product_id = $2 ORDER BY created_at, id")
});

fn joined(condition: &str) -> String {
    let columns = VariantOfProduct::columns();
    format!("SELECT {columns} FROM {FROM} WHERE {condition}")
}

/// Adds a variant.
///
/// # Errors
/// As [`save_all`].
pub fn insert(tx: &mut Tx<'_>, row: &VariantRow) -> Result<(), Error> {
    save_all(tx, std::slice::from_ref(row))
}

/// Adds the variants that are new and writes the others, everything but ids, product, SKU and creation. None
/// may be among them twice.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::VariantSku`](crate::Unique::VariantSku), [`Error::Reference`] for an
/// unknown product.
pub fn save_all(tx: &mut Tx<'_>, rows: &[VariantRow]) -> Result<(), Error> {
    let values = all_in(rows, tx)?;
    SAVE.run(tx, values)
}

/// Writes everything but ids, product, SKU and creation; `false` if there is no such variant.
///
/// # Errors
/// Engine failures.
pub fn update(tx: &mut Tx<'_>, row: &VariantRow) -> Result<bool, Error> {
    Ok(tx.execute(&UPDATE, &row.changes_in(tx)?)? > 0)
}

/// Makes every variant of a product inactive; returns how many changed.
///
/// # Errors
/// Engine failures.
pub fn deactivate_all(tx: &mut Tx<'_>, product: &str, at: Timestamp) -> Result<u64, Error> {
    let sql = "UPDATE variants SET status = 'inactive', updated_at = $1 \
               WHERE tenant_id = $2 AND product_id = $3 AND coalesce(status, '') <> 'inactive'";
    tx.execute(sql, params![at, tx.tenant()?, product])
}

/// The variant of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<VariantOfProduct>, Error> {
    tx.query_opt(&FIND, params![tx.tenant()?, id], VariantOfProduct::from_row)
}

/// The variant of a `variantSku`.
///
/// # Errors
/// Engine failures.
pub fn find_by_sku(tx: &mut Tx<'_>, variant_sku: &str) -> Result<Option<VariantOfProduct>, Error> {
    tx.query_opt(
        &FIND_BY_SKU,
        params![tx.tenant()?, variant_sku],
        VariantOfProduct::from_row,
    )
}

/// The variants of several `variantSku`s, one after the other, so that no more of them is held than is made of
/// each; those that do not exist are left out.
///
/// # Errors
/// Engine failures.
pub fn each_of_skus(
    tx: &mut Tx<'_>,
    variant_skus: &[&str],
    mut take: impl FnMut(VariantOfProduct),
) -> Result<(), Error> {
    let sql = joined(&format!(
        "v.tenant_id = $1 AND v.variant_sku IN (SELECT w.value ->> 0 FROM {})",
        tx.each_of("$2", "w")
    ));
    let skus = json_rows(variant_skus.iter().map(|sku| [sku]))?;
    tx.query_until(&sql, params![tx.tenant()?, skus], |row| {
        take(VariantOfProduct::from_row(row)?);
        Ok(ControlFlow::Continue(()))
    })
}

/// The variants of a product, oldest first.
///
/// # Errors
/// Engine failures.
pub fn of_product(tx: &mut Tx<'_>, product: &str) -> Result<Vec<VariantRow>, Error> {
    tx.query_all(
        &OF_PRODUCT,
        params![tx.tenant()?, product],
        VariantRow::from_row,
    )
}

/// One page of variants.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &VariantFilter,
    page: &Page<VariantSort>,
) -> Result<Listing<VariantOfProduct>, Error> {
    let tenant = tx.tenant()?;
    let mut select = Select::new(VariantOfProduct::columns(), FROM, "v.tenant_id", tenant);
    select.equals("p.product_sku", filter.product_sku.as_deref());
    let prefix = filter
        .sku_prefix
        .as_deref()
        .map(|prefix| (prefix, page::beyond(prefix)));
    if let Some((prefix, beyond)) = &prefix {
        // Not LIKE, whose wildcards and case folding differ between engines.
        let beyond = beyond.as_deref().unwrap_or("\u{10FFFF}\u{10FFFF}");
        let between = "variant_sku >= $2 AND variant_sku < $3";
        let few = page::few(
            tx,
            "variants",
            "tenant_id",
            between,
            params![tenant, *prefix, beyond],
        )?;
        let column = match few {
            true => "v.variant_sku",
            false => "coalesce(v.variant_sku, '')",
        };
        select
            .compare(column, ">=", Some(*prefix))
            .compare(column, "<", Some(beyond));
    }
    if filter.product_sku.is_some() || prefix.is_some() {
        select
            .equals_unindexed("v.status", filter.status)
            .equals_unindexed("v.grade", filter.grade.as_deref());
    } else if filter.grade.is_some() {
        select
            .equals("v.grade", filter.grade.as_deref())
            .equals_unindexed("v.status", filter.status);
    } else {
        select.equals("v.status", filter.status);
    }
    for (column, value) in [("category", &filter.category), ("brand", &filter.brand)] {
        let Some(value) = value else {
            continue;
        };
        // The variants of few products are looked up; those of many are met on the way.
        let products = format!("{column} = $2");
        let column = format!("p.{column}");
        match page::few(
            tx,
            "products",
            "tenant_id",
            &products,
            params![tenant, value],
        )? {
            true => select.equals(&column, Some(value)),
            false => select.equals_unindexed(&column, Some(value)),
        };
    }
    Ok(select
        .page(tx, "v.id", page, VariantOfProduct::from_row)?
        .listing())
}
