//! Reading records of files.

use api::ListFilesRequest;
use store::{FileFilter, FileRow, FileSort, Json, Listing};
use types::{FileCategory, FileListFilters, FileType, StoredFile, StoredFileList};

use crate::call::{Call, instant};
use crate::error::{Error, not_found};
use crate::face::paging::Sorting;

/// getFile.
pub(crate) fn get(call: &mut Call<'_, '_>, id: &str) -> Result<StoredFile, Error> {
    wire(find(call, id)?)
}

pub(super) fn find(call: &mut Call<'_, '_>, id: &str) -> Result<FileRow, Error> {
    let found = store::files::find(call.tx, id)?;
    found.ok_or_else(|| not_found("file"))
}

/// listFiles.
pub(crate) fn list(
    call: &mut Call<'_, '_>,
    request: &ListFilesRequest,
) -> Result<StoredFileList, Error> {
    let filter = FileFilter {
        order_id: request.order_id.clone(),
        customer_id: request.customer_id.clone(),
        file_type: request.r#type.map(|wire| match wire {
            FileType::Contract => store::FileType::Contract,
            FileType::Invoice => store::FileType::Invoice,
            FileType::Document => store::FileType::Document,
            FileType::Attachment => store::FileType::Attachment,
        }),
    };
    let sort = FileSort::CreatedAt;
    let sorting = Sorting::newest_first("files");
    let page = sorting.page(sort, request.start_after.as_deref(), request.limit)?;
    let Listing { rows, next } = store::files::list(call.tx, &filter, &page)?;
    let files: Vec<StoredFile> = rows.into_iter().map(wire).collect::<Result<_, Error>>()?;
    let next_cursor = sorting.cursor(next);
    Ok(StoredFileList {
        count: files.len() as u64,
        files,
        limit: request.limit,
        offset: 0,
        filters: FileListFilters {
            order_id: request.order_id.clone(),
            r#type: request.r#type.map(Into::into),
        },
        has_more: next_cursor.is_some(),
        next_cursor,
    })
}

fn wire(row: FileRow) -> Result<StoredFile, Error> {
    let negative = |_| Error::Broken(format!("file `{}` has a negative size", row.id));
    let file_size = u64::try_from(row.file_size).map_err(negative)?;
    Ok(StoredFile {
        file_id: row.id,
        tenant_id: row.tenant_id,
        order_id: row.order_id,
        r#type: match row.file_type {
            store::FileType::Contract => FileType::Contract,
            store::FileType::Invoice => FileType::Invoice,
            store::FileType::Document => FileType::Document,
            store::FileType::Attachment => FileType::Attachment,
        }
        .into(),
        category: match row.category {
            store::FileCategory::Generated => FileCategory::Generated,
            store::FileCategory::Uploaded => FileCategory::Uploaded,
        }
        .into(),
        filename: row.filename,
        original_filename: row.original_filename,
        content_type: row.content_type,
        file_size,
        storage_path: row.storage_path,
        uploaded_by: row.uploaded_by,
        metadata: row.metadata.as_ref().map(Json::read).transpose()?,
        created_at: instant(row.created_at),
        updated_at: instant(row.updated_at),
    })
}
