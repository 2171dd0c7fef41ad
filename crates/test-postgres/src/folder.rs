//! The folder of a cluster.

use std::fs;
use std::io::ErrorKind;
use std::ops::Deref;
use std::os::unix::fs::{DirBuilderExt as _, chown};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering::Relaxed};

use crate::Error;
use crate::programs::Programs;

/// A folder that goes when it is dropped; the guard of a server removes it as well.
#[derive(Debug)]
pub(crate) struct Folder(PathBuf);

impl Deref for Folder {
    type Target = Path;

    fn deref(&self) -> &Path {
        &self.0
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// A new folder, which only the user of the server may enter.
pub(crate) fn fresh(programs: &Programs, durable: bool) -> Result<Folder, Error> {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let failed = |error| Error::failed("making the folder of a cluster", error);
    let parent = parent(durable);
    loop {
        let number = NUMBER.fetch_add(1, Relaxed);
        let name = format!("flexportal-cluster-{}-{number}", std::process::id());
        let folder = parent.join(name);
        match fs::DirBuilder::new().mode(0o700).create(&folder) {
            // A leftover of an earlier process with the same number.
            Err(error) if error.kind() == ErrorKind::AlreadyExists => continue,
            result => result.map_err(failed)?,
        }
        let folder = Folder(folder);
        if let Some((user, group)) = programs.user {
            chown(&*folder, Some(user), Some(group)).map_err(failed)?;
        }
        return Ok(folder);
    }
}

/// Temporary files may be kept in memory; where durability matters they must not be.
fn parent(durable: bool) -> PathBuf {
    let disk = Path::new("/var/tmp");
    if durable && std::env::var_os("TMPDIR").is_none() && disk.is_dir() {
        return disk.to_path_buf();
    }
    std::env::temp_dir()
}
