//! Products of the catalogue.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::page::{Select, sort_fields};
use crate::statement::{InsertAll, json_rows};
use crate::table::{Entry as _, Record as _, all_in, table};
use crate::value::text_enum;
use crate::{Error, Json, Listing, Page, Tx, params};

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

table! {
    /// A row of `products`.
    ProductRow of "products" by (tenant_id, id) below ("tenants") {
        /// Tenant.
        tenant_id: String,
        /// Id.
        id: String,
        /// Unique per tenant.
        product_sku: String => changes,
        /// Name.
        name: String => changes,
        /// Specification.
        specification: String => changes,
        /// Category.
        category: String => changes,
        /// Brand.
        brand: String => changes,
        /// Description.
        description: Option<String> => changes,
        /// Array of URIs.
        images: Json => changes,
        /// Soft deletion.
        status: ProductStatus => changes,
        /// Creation.
        created_at: Timestamp,
        /// Last change.
        updated_at: Timestamp => changes,
    }
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

const VARIANT_COUNT: &str = "(SELECT count(*) FROM variants v WHERE v.tenant_id = products.tenant_id \
     AND v.product_id = products.id)";

static SAVE: LazyLock<InsertAll> =
    LazyLock::new(|| ProductRow::TABLE.insert_all().or_update(&ProductRow::TABLE));
static UPDATE: LazyLock<String> = LazyLock::new(|| ProductRow::TABLE.update());
static FIND: LazyLock<String> =
    LazyLock::new(|| ProductRow::TABLE.select("WHERE tenant_id = $1 AND id = $2"));
static FIND_BY_SKU: LazyLock<String> =
    LazyLock::new(|| ProductRow::TABLE.select("WHERE tenant_id = $1 AND product_sku = $2"));
static LISTED: LazyLock<String> =
    LazyLock::new(|| format!("{}, {VARIANT_COUNT}", ProductRow::columns()));

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
    let values = all_in(rows, tx)?;
    SAVE.run(tx, values)
}

/// Writes everything but ids and creation; `false` if there is no such product.
///
/// # Errors
/// [`Error::Duplicate`] with [`Unique::ProductSku`](crate::Unique::ProductSku).
pub fn update(tx: &mut Tx<'_>, row: &ProductRow) -> Result<bool, Error> {
    Ok(tx.execute(&UPDATE, &row.changes_in(tx)?)? > 0)
}

/// The product of an id.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<ProductRow>, Error> {
    tx.query_opt(&FIND, params![tx.tenant()?, id], ProductRow::from_row)
}

/// The product of a `productSku`.
///
/// # Errors
/// Engine failures.
pub fn find_by_sku(tx: &mut Tx<'_>, product_sku: &str) -> Result<Option<ProductRow>, Error> {
    tx.query_opt(
        &FIND_BY_SKU,
        params![tx.tenant()?, product_sku],
        ProductRow::from_row,
    )
}

/// The products of several `productSku`s; those that do not exist are left out.
///
/// # Errors
/// Engine failures.
pub fn of_skus(tx: &mut Tx<'_>, product_skus: &[&str]) -> Result<Vec<ProductRow>, Error> {
    let sql = ProductRow::TABLE.select(&format!(
        "WHERE tenant_id = $1 AND product_sku IN (SELECT w.value ->> 0 FROM {})",
        tx.each_of("$2", "w")
    ));
    let skus = json_rows(product_skus.iter().map(|sku| [sku]))?;
    tx.query_all(&sql, params![tx.tenant()?, skus], ProductRow::from_row)
}

/// One page of products, each with the number of its variants.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &ProductFilter,
    page: &Page<ProductSort>,
) -> Result<Listing<(ProductRow, i64)>, Error> {
    let tenant = tx.tenant()?;
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
        .page(tx, "id", page, |row| {
            Ok((ProductRow::from_row(row)?, row.get()?))
        })?
        .listing())
}
