//! Deleting files: the content first, so that nothing is left without a record.

use store::FileRow;
use types::support::True;
use types::{ErrorCode, FileDelete, FileDeleted};

use super::list::find;
use crate::call::Context;
use crate::error::{Error, Refusal, not_found};
use crate::face::conditions;
use crate::face::serve::Service;

/// deleteFile.
pub(crate) async fn delete(
    service: &Service,
    context: Context,
    id: String,
    body: FileDelete,
) -> Result<FileDeleted, Error> {
    if let Some(known) = conditions::whole(service, &context, None).await? {
        return known.map_err(Error::Refused);
    }
    let outcome = match remove(service, context.without_conditions(), id, body).await {
        Ok(deleted) => Ok(deleted),
        Err(Error::Refused(refusal)) => Err(refusal),
        Err(error) => return Err(error),
    };
    let known = conditions::whole(service, &context, Some(outcome)).await?;
    let missing = || Error::Broken("a deletion has no outcome".into());
    known.ok_or_else(missing)?.map_err(Error::Refused)
}

async fn remove(
    service: &Service,
    context: Context,
    id: String,
    body: FileDelete,
) -> Result<FileDeleted, Error> {
    let asked = id.clone();
    let row: FileRow = service
        .read(context.clone(), move |call| find(call, &asked))
        .await?;
    if body.delete_from_storage.unwrap_or(true) {
        let deleted = service
            .files()?
            .run(move |storage| storage.delete(&row.storage_path))
            .await;
        if let Err(error) = deleted {
            tracing::error!(file = id, %error, cause = crate::error::chain(&error), "not deleted");
            return Err(Error::Refused(Refusal {
                code: ErrorCode::DeleteFailed,
                message: "the stored file could not be deleted; nothing was changed".into(),
                details: Vec::new(),
            }));
        }
    }
    let asked = id.clone();
    service
        .write(context, move |call| {
            match store::files::delete(call.tx, &call.tenant.id, &asked)? {
                true => Ok(()),
                false => Err(not_found("file")),
            }
        })
        .await?;
    Ok(FileDeleted {
        success: True,
        message: "the file is deleted".into(),
        file_id: id,
    })
}
