//! Deleting files.
//!
//! One transaction takes the key of the request and marks the file, which nobody sees from then on. Its content goes
//! next, and its record last, so that nothing is left without one. What is left between, because a process ends, a
//! repeat finishes, or [`Service::finish_deletions`]. Several may be at one file at once: each has a mark of its own,
//! and only the last one brings the file back when its content cannot be deleted.

use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use store::Tx;
use types::support::True;
use types::{ErrorCode, FileDelete, FileDeleted};

use crate::call::{Asked, Call, Context};
use crate::error::{Error, chain, not_found, refuse};
use crate::face::conditions;
use crate::face::serve::Service;

/// Whoever is at a deletion has ended if it has been quiet for so long: storages give up earlier.
const LEFT: SignedDuration = SignedDuration::from_mins(5);

/// Deletions that one run finishes; the next run finds the others.
const BATCH: u32 = 100;

/// deleteFile.
pub(crate) async fn delete(
    service: &Service,
    context: Context,
    id: String,
    body: FileDelete,
) -> Result<FileDeleted, Error> {
    service.files()?;
    let with_content = body.delete_from_storage.unwrap_or(true);
    let asked = id.clone();
    let deleted = service
        .write(context.clone(), move |call| {
            begin(call, &asked, with_content)
        })
        .await?;
    if !with_content {
        return Ok(deleted);
    }
    // A repeat, too, says that the file is deleted once it is.
    let deletion = Deletion {
        tenant: Arc::clone(&context.tenant.id),
        file: id,
        asked: context.conditions,
    };
    match deletion.finish(service).await {
        Ok(true) => Ok(deleted),
        Ok(false) => {
            let message = "the stored file could not be deleted; nothing was changed";
            Err(refuse(ErrorCode::DeleteFailed, message))
        }
        // The file is marked, so it is not as if nothing had happened.
        Err(error) => Err(Error::Broken(format!("a deletion: {}", chain(&error)))),
    }
}

impl Service {
    /// Finishes deletions of files that others have left. A run is bounded, so it is called again and again; it
    /// costs an indexed read when nothing is left.
    ///
    /// # Errors
    /// The first failure: a storage that fails for one file is not asked for the others. That one comes last again.
    pub async fn finish_deletions(&self) -> Result<u64, Error> {
        let now = self.clock().now();
        let before = now.saturating_sub(LEFT).unwrap_or(now);
        let left = self
            .store()
            .read(move |tx| store::files::left(tx, before, BATCH).map_err(Error::from))
            .await?;
        let count = left.len() as u64;
        for (tenant, file) in left {
            let deletion = Deletion {
                tenant: tenant.into(),
                file,
                asked: None,
            };
            deletion.take_up(self, before).await?;
        }
        Ok(count)
    }
}

/// Clears away a new file that nobody was shown; what cannot be cleared now, [`Service::finish_deletions`] does.
pub(super) async fn clear_away(service: &Service, tenant: &Arc<str>, file: String) {
    let deletion = Deletion {
        tenant: Arc::clone(tenant),
        file: file.clone(),
        asked: None,
    };
    if let Err(error) = deletion.take_up(service, Timestamp::MAX).await {
        let error = chain(&error);
        tracing::warn!(
            file,
            error,
            "a file that was not made is cleared away later"
        );
    }
}

/// Marks a file, or removes its record if that is all.
fn begin(call: &mut Call<'_, '_>, id: &str, with_content: bool) -> Result<FileDeleted, Error> {
    let row = store::files::lock(call.tx, id)?;
    let seen = row.filter(|row| row.deleting_since.is_none());
    seen.ok_or_else(|| not_found("file"))?;
    match with_content {
        true => store::files::mark(call.tx, id, Some(call.now))?,
        false => store::files::delete(call.tx, id)?,
    };
    Ok(deleted(id))
}

fn deleted(id: &str) -> FileDeleted {
    FileDeleted {
        success: True,
        message: "the file is deleted".into(),
        file_id: id.into(),
    }
}

/// The deletion of a file that is marked.
#[derive(Clone)]
struct Deletion {
    tenant: Arc<str>,
    file: String,
    /// By whom; nobody, if it was left.
    asked: Option<Asked>,
}

/// What an attempt finds.
enum Found {
    /// No record any more.
    Gone,
    /// A file that is not being deleted any more.
    Back,
    /// A file to be deleted, which has this mark now.
    Marked { path: String, mark: Timestamp },
}

impl Deletion {
    /// Deletes content and record, or brings the file back and frees the key. Whether the file is gone.
    async fn finish(self, service: &Service) -> Result<bool, Error> {
        let taken = self.write(service, |it, tx, now| it.take(tx, now, Timestamp::MAX));
        let (path, mark) = match taken.await? {
            Found::Gone => return Ok(true),
            Found::Back => return Ok(false),
            Found::Marked { path, mark } => (path, mark),
        };
        if let Err(error) = delete_content(service, path).await {
            tracing::error!(file = self.file, %error, cause = chain(&error), "not deleted");
            return self
                .write(service, move |it, tx, now| it.give_up(tx, mark, now))
                .await;
        }
        // Nobody will see the file again, whoever removes its record.
        if let Err(error) = self.remove(service).await {
            tracing::warn!(
                file = self.file,
                error = chain(&error),
                "the record is removed later"
            );
        }
        Ok(true)
    }

    /// [`Deletion::finish`] of what was left before `before`. What cannot be deleted stays marked: it is tried again.
    async fn take_up(self, service: &Service, before: Timestamp) -> Result<(), Error> {
        let taken = self.write(service, move |it, tx, now| it.take(tx, now, before));
        match taken.await? {
            Found::Gone | Found::Back => Ok(()),
            Found::Marked { path, .. } => {
                delete_content(service, path).await?;
                self.remove(service).await
            }
        }
    }

    /// Gives the file a mark of one's own, if the one it has is of before `before`.
    fn take(&self, tx: &mut Tx<'_>, now: Timestamp, before: Timestamp) -> Result<Found, Error> {
        let Some(row) = store::files::lock(tx, &self.file)? else {
            return Ok(Found::Gone);
        };
        let Some(since) = row.deleting_since.filter(|since| *since < before) else {
            return Ok(Found::Back);
        };
        let later = since.saturating_add(SignedDuration::from_micros(1));
        let mark = now.max(later.unwrap_or(now));
        store::files::mark(tx, &self.file, Some(mark))?;
        let path = row.storage_path;
        Ok(Found::Marked { path, mark })
    }

    /// Brings the file back, unless somebody else is at it now. Whether it is gone.
    fn give_up(&self, tx: &mut Tx<'_>, mark: Timestamp, now: Timestamp) -> Result<bool, Error> {
        let Some(row) = store::files::lock(tx, &self.file)? else {
            return Ok(true);
        };
        if row.deleting_since == Some(mark) {
            store::files::mark(tx, &self.file, None)?;
            if let Some(asked) = &self.asked {
                conditions::free(tx, asked, &self.tenant, now)?;
            }
        }
        Ok(false)
    }

    /// Removes the record. If another attempt has brought it back and freed the key meanwhile, the key is taken anew.
    async fn remove(&self, service: &Service) -> Result<(), Error> {
        self.write(service, |it, tx, now| {
            store::files::delete(tx, &it.file)?;
            match &it.asked {
                Some(asked) => conditions::keep(tx, asked, &it.tenant, now, &deleted(&it.file)),
                None => Ok(()),
            }
        })
        .await
    }

    async fn write<T: Send + 'static>(
        &self,
        service: &Service,
        rule: impl Fn(&Deletion, &mut Tx<'_>, Timestamp) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (it, clock) = (self.clone(), service.clock().clone());
        let run = move |tx: &mut Tx<'_>| rule(&it, tx, clock.now());
        service.store().write_in(&self.tenant, run).await
    }
}

async fn delete_content(service: &Service, path: String) -> Result<(), Error> {
    let deleting = move |storage: &dyn crate::storage::Storage| storage.delete(&path);
    service.files()?.run(deleting).await
}
