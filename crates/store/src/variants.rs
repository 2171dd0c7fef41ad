//! Variants of products: what is ordered, priced and tracked by serial number.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use jiff::Timestamp;

use crate::page::{self, Select, sort_fields};
use crate::products::ProductStatus;
use crate::statement::{self, InsertAll, json_rows};
use crate::value::text_enum;
use crate::{Error, Json, Listing, Page, Param, Row, Tx, params};

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

/// A row of `variants`.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantRow {
    /// Tenant.
    pub tenant_id: String,
    /// Id.
    pub id: String,
    /// Product; never changes.
    pub product_id: String,
    /// Unique per tenant; never changes.
    pub variant_sku: String,
    /// Name.
    pub name: String,
    /// A to E.
    pub grade: String,
    /// Condition.
    pub condition: Option<String>,
    /// Colour.
    pub color_name: Option<String>,
    /// Array of URIs.
    pub images: Json,
    /// Minor units.
    pub list_price: Option<i64>,
    /// Minor units.
    pub acquisition_cost: Option<i64>,
    /// Array of pricing tiers.
    pub pricing: Json,
    /// Whether it can be ordered.
    pub status: VariantStatus,
    /// Creation.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

/// A variant with what orders and lists need of its product.
#[derive(Debug, Clone, PartialEq)]
pub struct VariantOfProduct {
    /// The variant.
    pub variant: VariantRow,
    /// `productSku` of its product.
    pub product_sku: String,
    /// Name of its product.
    pub product_name: String,
    /// Images of its product.
    pub product_images: Json,
    /// Category of its product.
    pub category: String,
    /// Status of its product.
    pub product_status: ProductStatus,
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

const COLUMNS: &str = "tenant_id, id, product_id, variant_sku, name, grade, condition, color_name, images, \
     list_price, acquisition_cost, pricing, status, created_at, updated_at";
const CHANGEABLE: &str = "name, grade, condition, color_name, images, list_price, acquisition_cost, pricing, \
     status, updated_at";
const JOINED: &str = "v.tenant_id, v.id, v.product_id, v.variant_sku, v.name, v.grade, v.condition, v.color_name, \
     v.images, v.list_price, v.acquisition_cost, v.pricing, v.status, v.created_at, v.updated_at, p.product_sku, \
     p.name, p.images, p.category, p.status";
const FROM: &str =
    "variants v JOIN products p ON p.tenant_id = v.tenant_id AND p.id = v.product_id";

const INTEGERS: &[&str] = &["list_price", "acquisition_cost", "created_at", "updated_at"];

static SAVE: LazyLock<InsertAll> = LazyLock::new(|| {
    InsertAll::new("variants", COLUMNS, INTEGERS).or_update("tenant_id, id", CHANGEABLE)
});
static UPDATE: LazyLock<String> =
    LazyLock::new(|| statement::update("variants", CHANGEABLE, "tenant_id, id"));
static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {JOINED} FROM {FROM} WHERE v.tenant_id = $1 AND v.id = $2"));
static FIND_BY_SKU: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {JOINED} FROM {FROM} WHERE v.tenant_id = $1 AND v.variant_sku = $2")
});
static OF_PRODUCT: LazyLock<String> = LazyLock::new(|| {
    format!(
        "SELECT {COLUMNS} FROM variants WHERE tenant_id = $1 AND product_id = $2 ORDER BY created_at, id"
    )
});

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
    let values: Vec<_> = rows.iter().map(values).collect();
    SAVE.run(tx, &values)
}

fn values(row: &VariantRow) -> Vec<Param<'_>> {
    params![
        &row.tenant_id,
        &row.id,
        &row.product_id,
        &row.variant_sku,
        &row.name,
        &row.grade,
        row.condition.as_deref(),
        row.color_name.as_deref(),
        &row.images,
        row.list_price,
        row.acquisition_cost,
        &row.pricing,
        row.status,
        row.created_at,
        row.updated_at,
    ]
    .to_vec()
}

/// Writes everything but ids, product, SKU and creation; `false` if there is no such variant.
///
/// # Errors
/// Engine failures.
pub fn update(tx: &mut Tx<'_>, row: &VariantRow) -> Result<bool, Error> {
    let values = params![
        &row.name,
        &row.grade,
        row.condition.as_deref(),
        row.color_name.as_deref(),
        &row.images,
        row.list_price,
        row.acquisition_cost,
        &row.pricing,
        row.status,
        row.updated_at,
        &row.tenant_id,
        &row.id,
    ];
    Ok(tx.execute(&UPDATE, values)? > 0)
}

/// Makes every variant of a product inactive; returns how many changed.
///
/// # Errors
/// Engine failures.
pub fn deactivate_all(
    tx: &mut Tx<'_>,
    tenant: &str,
    product: &str,
    at: Timestamp,
) -> Result<u64, Error> {
    let sql = "UPDATE variants SET status = 'inactive', updated_at = $1 \
               WHERE tenant_id = $2 AND product_id = $3 AND coalesce(status, '') <> 'inactive'";
    tx.execute(sql, params![at, tenant, product])
}

/// The variant of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, tenant: &str, id: &str) -> Result<Option<VariantOfProduct>, Error> {
    tx.query_opt(&FIND, params![tenant, id], joined)
}

/// The variant of a `variantSku`.
///
/// # Errors
/// Engine failures.
pub fn find_by_sku(
    tx: &mut Tx<'_>,
    tenant: &str,
    variant_sku: &str,
) -> Result<Option<VariantOfProduct>, Error> {
    tx.query_opt(&FIND_BY_SKU, params![tenant, variant_sku], joined)
}

/// The variants of several `variantSku`s, one after the other, so that no more of them is held than is made of
/// each; those that do not exist are left out.
///
/// # Errors
/// Engine failures.
pub fn each_of_skus(
    tx: &mut Tx<'_>,
    tenant: &str,
    variant_skus: &[&str],
    mut take: impl FnMut(VariantOfProduct),
) -> Result<(), Error> {
    let sql = format!(
        "SELECT {JOINED} FROM {FROM} WHERE v.tenant_id = $1 \
         AND v.variant_sku IN (SELECT w.value ->> 0 FROM {})",
        tx.each_of("$2", "w")
    );
    let skus = json_rows(variant_skus.iter().map(|sku| [sku]))?;
    tx.query_until(&sql, params![tenant, skus], |row| {
        take(joined(row)?);
        Ok(ControlFlow::Continue(()))
    })
}

/// The variants of a product, oldest first.
///
/// # Errors
/// Engine failures.
pub fn of_product(tx: &mut Tx<'_>, tenant: &str, product: &str) -> Result<Vec<VariantRow>, Error> {
    tx.query_all(&OF_PRODUCT, params![tenant, product], from_row)
}

/// One page of variants.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    tenant: &str,
    filter: &VariantFilter,
    page: &Page<VariantSort>,
) -> Result<Listing<VariantOfProduct>, Error> {
    let mut select = Select::new(JOINED, FROM, "v.tenant_id", tenant);
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
    Ok(select.page(tx, "v.id", page, joined)?.listing())
}

fn from_row(row: &mut Row<'_>) -> Result<VariantRow, Error> {
    Ok(VariantRow {
        tenant_id: row.get()?,
        id: row.get()?,
        product_id: row.get()?,
        variant_sku: row.get()?,
        name: row.get()?,
        grade: row.get()?,
        condition: row.get()?,
        color_name: row.get()?,
        images: row.get()?,
        list_price: row.get()?,
        acquisition_cost: row.get()?,
        pricing: row.get()?,
        status: row.get()?,
        created_at: row.get()?,
        updated_at: row.get()?,
    })
}

fn joined(row: &mut Row<'_>) -> Result<VariantOfProduct, Error> {
    Ok(VariantOfProduct {
        variant: from_row(row)?,
        product_sku: row.get()?,
        product_name: row.get()?,
        product_images: row.get()?,
        category: row.get()?,
        product_status: row.get()?,
    })
}
