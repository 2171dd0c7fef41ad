//! Products of the catalogue.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::page::{Select, sort_fields};
use crate::statement::{self, InsertAll, json_rows};
use crate::value::text_enum;
use crate::{Error, Json, Listing, Page, Param, Row, Tx, params};

text_enum! {
    /// Soft deletion.
    ProductStatus {
        Active = "active",
        Discontinued = "discontinued",
    }
}

sort_fields! {
    /// What products can be sorted by.
    ProductSort, 600 {
        CreatedAt = "createdAt", "created_at";
        UpdatedAt = "updatedAt", "updated_at";
        Name = "name", "name";
        ProductSku = "productSku", "product_sku" unique;
    }
}

/// A row of `products`.
#[derive(Debug, Clone, PartialEq)]
pub struct ProductRow {
    /// Tenant.
    pub tenant_id: String,
    /// Id.
    pub id: String,
    /// Unique per tenant.
    pub product_sku: String,
    /// Name.
    pub name: String,
    /// Specification.
    pub specification: String,
    /// Category.
    pub category: String,
    /// Brand.
    pub brand: String,
    /// Description.
    pub description: Option<String>,
    /// Array of URIs.
    pub images: Json,
    /// Soft deletion.
    pub status: ProductStatus,
    /// Creation.
    pub created_at: Timestamp,
    /// Last change.
    pub updated_at: Timestamp,
}

/// Conditions of a list; all given ones must hold.
#[derive(Debug, Clone, Default)]
pub struct ProductFilter {
    /// Only this status.
    pub status: Option<ProductStatus>,
    /// Only this category.
    pub category: Option<String>,
    /// Only this brand.
    pub brand: Option<String>,
}

const COLUMNS: &str = "tenant_id, id, product_sku, name, specification, category, brand, description, images, \
     status, created_at, updated_at";
const CHANGEABLE: &str =
    "product_sku, name, specification, category, brand, description, images, status, updated_at";
const VARIANT_COUNT: &str = "(SELECT count(*) FROM variants v WHERE v.tenant_id = products.tenant_id \
     AND v.product_id = products.id)";

static SAVE: LazyLock<InsertAll> = LazyLock::new(|| {
    InsertAll::new("products", COLUMNS, &["created_at", "updated_at"])
        .or_update("tenant_id, id", CHANGEABLE)
});
static UPDATE: LazyLock<String> =
    LazyLock::new(|| statement::update("products", CHANGEABLE, "tenant_id, id"));
static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {COLUMNS} FROM products WHERE tenant_id = $1 AND id = $2"));
static FIND_BY_SKU: LazyLock<String> = LazyLock::new(|| {
    format!("SELECT {COLUMNS} FROM products WHERE tenant_id = $1 AND product_sku = $2")
});
static LISTED: LazyLock<String> = LazyLock::new(|| format!("{COLUMNS}, {VARIANT_COUNT}"));

/// Adds a product.
///
/// # Errors
/// As [`save_all`].
pub fn insert(tx: &mut Tx<'_>, row: &ProductRow) -> Result<(), Error> {
    save_all(tx, std::slice::from_ref(row))
}

/// Adds the products that are new and writes the others, everything but ids and creation. None may be among
/// them twice.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::ProductSku`](crate::Unique::ProductSku).
pub fn save_all(tx: &mut Tx<'_>, rows: &[ProductRow]) -> Result<(), Error> {
    let values: Vec<_> = rows.iter().map(values).collect();
    SAVE.run(tx, &values)
}

fn values(row: &ProductRow) -> Vec<Param<'_>> {
    params![
        &row.tenant_id,
        &row.id,
        &row.product_sku,
        &row.name,
        &row.specification,
        &row.category,
        &row.brand,
        row.description.as_deref(),
        &row.images,
        row.status,
        row.created_at,
        row.updated_at,
    ]
    .to_vec()
}

/// Writes everything but ids and creation; `false` if there is no such product.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::ProductSku`](crate::Unique::ProductSku).
pub fn update(tx: &mut Tx<'_>, row: &ProductRow) -> Result<bool, Error> {
    let values = params![
        &row.product_sku,
        &row.name,
        &row.specification,
        &row.category,
        &row.brand,
        row.description.as_deref(),
        &row.images,
        row.status,
        row.updated_at,
        &row.tenant_id,
        &row.id,
    ];
    Ok(tx.execute(&UPDATE, values)? > 0)
}

/// The product of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, tenant: &str, id: &str) -> Result<Option<ProductRow>, Error> {
    tx.query_opt(&FIND, params![tenant, id], from_row)
}

/// The product of a `productSku`.
///
/// # Errors
/// Engine failures.
pub fn find_by_sku(
    tx: &mut Tx<'_>,
    tenant: &str,
    product_sku: &str,
) -> Result<Option<ProductRow>, Error> {
    tx.query_opt(&FIND_BY_SKU, params![tenant, product_sku], from_row)
}

/// The products of several `productSku`s; those that do not exist are left out.
///
/// # Errors
/// Engine failures.
pub fn of_skus(
    tx: &mut Tx<'_>,
    tenant: &str,
    product_skus: &[&str],
) -> Result<Vec<ProductRow>, Error> {
    let sql = format!(
        "SELECT {COLUMNS} FROM products WHERE tenant_id = $1 \
         AND product_sku IN (SELECT w.value ->> 0 FROM {})",
        tx.each_of("$2", "w")
    );
    let skus = json_rows(product_skus.iter().map(|sku| [sku]))?;
    tx.query_all(&sql, params![tenant, skus], from_row)
}

/// One page of products, each with the number of its variants.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    tenant: &str,
    filter: &ProductFilter,
    page: &Page<ProductSort>,
) -> Result<Listing<(ProductRow, i64)>, Error> {
    let mut select = Select::new(&LISTED, "products", "tenant_id", tenant);
    let (category, brand) = (filter.category.as_deref(), filter.brand.as_deref());
    if page.sort != ProductSort::CreatedAt {
        select.narrow(tx, "category", category)?;
        select.narrow(tx, "brand", brand)?;
        select.narrow(tx, "status", filter.status)?;
    } else if category.is_some() {
        select
            .equals("category", category)
            .equals_unindexed("brand", brand)
            .equals_unindexed("status", filter.status);
    } else if brand.is_some() {
        select
            .equals("brand", brand)
            .equals_unindexed("status", filter.status);
    } else {
        select.equals("status", filter.status);
    }
    Ok(select
        .page(tx, "id", page, |row| Ok((from_row(row)?, row.get()?)))?
        .listing())
}

fn from_row(row: &mut Row<'_>) -> Result<ProductRow, Error> {
    Ok(ProductRow {
        tenant_id: row.get()?,
        id: row.get()?,
        product_sku: row.get()?,
        name: row.get()?,
        specification: row.get()?,
        category: row.get()?,
        brand: row.get()?,
        description: row.get()?,
        images: row.get()?,
        status: row.get()?,
        created_at: row.get()?,
        updated_at: row.get()?,
    })
}
