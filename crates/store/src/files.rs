//! Records of files. Their content is kept elsewhere.

use std::sync::LazyLock;

use jiff::Timestamp;

use crate::page::{Select, sort_fields};
use crate::table::{Entry as _, Record as _, table};
use crate::value::text_enum;
use crate::{Error, Json, Listing, Page, Tx, params};

text_enum! {
    /// What kind of document a file is.
    FileType {
        Contract = "contract",
        Invoice = "invoice",
        Document = "document",
        Attachment = "attachment",
    }
}

text_enum! {
    /// Where a file comes from.
    FileCategory {
        Generated = "generated",
        Uploaded = "uploaded",
    }
}

sort_fields! {
    /// What files can be sorted by.
    FileSort, 700 {
        CreatedAt = "createdAt", "created_at";
    }
}

table! {
    /// A row of `files`.
    FileRow of "files" by (tenant_id, id) below ("orders", "customers") {
        /// Tenant.
        tenant_id: String,
        /// Id.
        id: String,
        /// Order it belongs to.
        order_id: String,
        /// Customer of the order.
        customer_id: String,
        /// Kind of document.
        file_type: FileType,
        /// Written here or uploaded.
        category: FileCategory,
        /// Name to save it under.
        filename: String,
        /// Name it was uploaded under.
        original_filename: Option<String>,
        /// Media type.
        content_type: String,
        /// Bytes.
        file_size: i64,
        /// Place in the storage.
        storage_path: String,
        /// What links to it are signed with, in hexadecimal digits.
        secret: String,
        /// Object.
        metadata: Option<Json>,
        /// Key that made it.
        uploaded_by: String,
        /// Creation.
        created_at: Timestamp,
        /// Last change.
        updated_at: Timestamp,
        /// When its deletion was begun, or taken up last; it is only there to be finished.
        deleting_since: Option<Timestamp> => kept,
    }
}

/// Conditions of a list; all given ones must hold.
#[derive(Debug, Clone, Default)]
pub struct FileFilter {
    /// Only of this order.
    pub order_id: Option<String>,
    /// Only of this customer.
    pub customer_id: Option<String>,
    /// Only of this type.
    pub file_type: Option<FileType>,
}

static INSERT: LazyLock<String> = LazyLock::new(|| FileRow::TABLE.insert());
static OF_ID: LazyLock<String> =
    LazyLock::new(|| FileRow::TABLE.select("WHERE tenant_id = $1 AND id = $2"));
static FIND: LazyLock<String> = LazyLock::new(|| format!("{} AND {SEEN}", *OF_ID));

/// Files that are not being deleted.
const SEEN: &str = "deleting_since IS NULL";

/// Adds a record.
///
/// # Errors
/// [`Error::Reference`] for an unknown order or customer.
pub fn insert(tx: &mut Tx<'_>, row: &FileRow) -> Result<(), Error> {
    tx.execute(&INSERT, &row.values_in(tx)?).map(drop)
}

/// The record of an id, unless it is being deleted.
///
/// # Errors
/// Engine failures.
pub fn find(tx: &mut Tx<'_>, id: &str) -> Result<Option<FileRow>, Error> {
    tx.query_opt(&FIND, params![tx.tenant()?, id], FileRow::from_row)
}

/// The record of an id, also of a file that is being deleted; nobody else changes it until the transaction ends.
///
/// # Errors
/// Engine failures.
pub fn lock(tx: &mut Tx<'_>, id: &str) -> Result<Option<FileRow>, Error> {
    let sql = format!("{}{}", *OF_ID, tx.dialect().lock);
    tx.query_opt(&sql, params![tx.tenant()?, id], FileRow::from_row)
}

/// Writes `deleting_since`; `false` if there is no such record.
///
/// # Errors
/// Engine failures.
pub fn mark(tx: &mut Tx<'_>, id: &str, deleting_since: Option<Timestamp>) -> Result<bool, Error> {
    let sql = "UPDATE files SET deleting_since = $1 WHERE tenant_id = $2 AND id = $3";
    Ok(tx.execute(sql, params![deleting_since, tx.tenant()?, id])? > 0)
}

/// Removes a record; `false` if there is none.
///
/// # Errors
/// Engine failures.
pub fn delete(tx: &mut Tx<'_>, id: &str) -> Result<bool, Error> {
    let sql = "DELETE FROM files WHERE tenant_id = $1 AND id = $2";
    Ok(tx.execute(sql, params![tx.tenant()?, id])? > 0)
}

/// At most `limit` files, by tenant and id, whose deletion was last taken up before `before`. Of a transaction that
/// sees every tenant.
///
/// # Errors
/// Engine failures.
pub fn left(
    tx: &mut Tx<'_>,
    before: Timestamp,
    limit: u32,
) -> Result<Vec<(String, String)>, Error> {
    let sql = "SELECT tenant_id, id FROM files WHERE deleting_since < $1 \
               ORDER BY tenant_id, id LIMIT $2";
    tx.query_all(sql, params![before, limit], |row| {
        Ok((row.get()?, row.get()?))
    })
}

/// One page of records.
///
/// # Errors
/// Engine failures.
pub fn list(
    tx: &mut Tx<'_>,
    filter: &FileFilter,
    page: &Page<FileSort>,
) -> Result<Listing<FileRow>, Error> {
    let tenant = tx.tenant()?;
    let mut select = Select::new(FileRow::columns(), "files", "tenant_id", tenant);
    select.condition(SEEN);
    // The narrowest condition given chooses the index, the others filter.
    match (&filter.order_id, &filter.customer_id) {
        (Some(order), customer) => select
            .equals("order_id", Some(order))
            .equals_unindexed("customer_id", customer.as_deref())
            .equals_unindexed("file_type", filter.file_type),
        (None, Some(customer)) => select
            .equals("customer_id", Some(customer))
            .equals_unindexed("file_type", filter.file_type),
        (None, None) => select.equals("file_type", filter.file_type),
    };
    Ok(select.page(tx, "id", page, FileRow::from_row)?.listing())
}
