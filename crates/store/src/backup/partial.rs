//! The copy until it gets its name.

use std::fs::{self, File, OpenOptions};
use std::path::{Path, PathBuf};

use rusqlite::backup::{Backup, StepResult};
use rusqlite::{Connection, OpenFlags};

use super::Progress;
use super::error::{Error, engine};
use crate::sqlite::error::translate;
use crate::sqlite::place::{self, COMPANIONS, beside};

/// Pages per step (4 MiB): large enough to copy at the speed of the disk, small enough for progress.
const STEP: i32 = 1_024;

/// The file under construction. It goes when it is dropped unfinished.
pub(super) struct Partial {
    pub(super) path: PathBuf,
    /// Locked: two backups to the same file must not write into each other.
    file: File,
}

impl Partial {
    /// For a copy of `from` that will be called `target`.
    pub(super) fn create(target: &Path, from: &Path) -> Result<Partial, Error> {
        let path = beside(target, ".partial");
        let failed = |cause| Error::File {
            doing: "creating",
            path: path.clone(),
            cause,
        };
        // What a run that was killed left behind is a file of its own; a link could lead anywhere.
        let left = fs::symlink_metadata(&path);
        let plain = |found: &fs::Metadata| found.is_file() && place::names(found) == 1;
        if place::is_part(&path, from) || left.is_ok_and(|found| !plain(&found)) {
            return Err(Error::Exists(path));
        }
        let mut options = OpenOptions::new();
        place::private(options.read(true).write(true).create(true));
        let file = options.open(&path).map_err(failed)?;
        if file.try_lock().is_err() {
            return Err(Error::Writing(path));
        }
        // What a run that was killed left behind.
        file.set_len(0).map_err(failed)?;
        remove_companions(&path);
        Ok(Partial { path, file })
    }

    /// Copies every page of one snapshot of `source`.
    pub(super) fn fill(
        &self,
        source: &Connection,
        from: &Path,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(), Error> {
        let failed = |error| engine(error, "copying the database", from);
        // The snapshot: from the first statement to the end of the transaction.
        source.execute_batch("BEGIN").map_err(failed)?;
        source
            .query_row("SELECT count(*) FROM sqlite_master", [], |_| Ok(()))
            .map_err(failed)?;
        let mut copy = open_copy(&self.path)?;
        // Not flushed page by page: the whole file is, before it gets its name.
        pragma(&copy, "journal_mode = OFF")?;
        copy.execute_batch("PRAGMA synchronous = OFF")
            .map_err(failed)?;
        {
            let pages = Backup::new(source, &mut copy).map_err(failed)?;
            loop {
                match pages.step(STEP).map_err(failed)? {
                    StepResult::Done => break,
                    StepResult::More => {
                        let at = pages.progress();
                        let count = |pages: i32| u64::try_from(pages).unwrap_or(0);
                        progress(Progress {
                            copied: count(at.pagecount - at.remaining),
                            pages: count(at.pagecount),
                        });
                    }
                    // Nobody else knows the copy, and readers of the source wait for nobody.
                    _ => return Err(Error::InUse(from.to_path_buf())),
                }
            }
        }
        source.execute_batch("COMMIT").map_err(failed)?;
        drop(copy);
        // One file that can be read from anywhere, without a log beside it.
        pragma(&open_copy(&self.path)?, "journal_mode = DELETE")
    }

    /// Flushes the file and gives it its name.
    pub(super) fn finish(&self, target: &Path) -> Result<(), Error> {
        let failed = |doing, path: &Path| {
            let path = path.to_path_buf();
            move |cause| Error::File { doing, path, cause }
        };
        self.file
            .sync_all()
            .map_err(failed("flushing", &self.path))?;
        fs::rename(&self.path, target).map_err(failed("renaming", &self.path))?;
        let folder = folder(target);
        // The name, too, must survive a power failure.
        let flushed = File::open(&folder).and_then(|folder| folder.sync_all());
        flushed.map_err(failed("flushing", &folder))
    }

    /// The server that will open the file runs as whoever owns the database, or its folder.
    pub(super) fn give_to_owner_of(&self, target: &Path) {
        #[cfg(unix)]
        {
            use std::os::unix::fs::{MetadataExt as _, chown};
            let folder = folder(target);
            let model = fs::metadata(target).or_else(|_| fs::metadata(folder));
            // Only root may give files away; everybody else runs as the owner anyway.
            let _ = model.and_then(|it| chown(&self.path, Some(it.uid()), Some(it.gid())));
        }
        if let Ok(model) = fs::metadata(target) {
            let _ = self.file.set_permissions(model.permissions());
        }
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // Nothing of that name is left after `finish`.
        let _ = fs::remove_file(&self.path);
        remove_companions(&self.path);
    }
}

/// The copy, to be written by this process alone.
pub(super) fn open_copy(path: &Path) -> Result<Connection, Error> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(path, flags)
        .map_err(|error| engine(error, "opening the copy", path))
}

fn pragma(connection: &Connection, setting: &str) -> Result<(), Error> {
    connection
        .query_row(&format!("PRAGMA {setting}"), [], |_| Ok(()))
        .map_err(|error| Error::Store(translate(error, "writing the copy")))
}

fn folder(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

pub(super) fn remove_companions(path: &Path) {
    for suffix in COMPANIONS {
        let _ = fs::remove_file(beside(path, suffix));
    }
}
