//! Where the content of files is kept.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::error::Error;

/// A place for content, under paths of letters, digits, `-`, `_` and `/`. Its methods may block.
pub trait Storage: Send + Sync + 'static {
    /// Keeps `content`; it is there for good when this returns.
    ///
    /// # Errors
    /// It is not kept.
    fn put(&self, path: &str, content: &[u8]) -> io::Result<()>;

    /// What is kept; `None` if nothing is.
    ///
    /// # Errors
    /// It cannot be read.
    fn get(&self, path: &str) -> io::Result<Option<Vec<u8>>>;

    /// Deletes what is kept, if anything is.
    ///
    /// # Errors
    /// It may still be there.
    fn delete(&self, path: &str) -> io::Result<()>;
}

/// Whether `path` is one that a [`Storage`] is asked for.
pub fn is_place(path: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let fits = |part: &str| !part.is_empty() && part.chars().all(plain);
    path.split('/').all(fits)
}

/// A folder of the machine; it is made with the first file. Several processes can share one.
#[derive(Debug, Clone)]
pub struct Folder(PathBuf);

impl Folder {
    /// The folder at `path`.
    pub fn new(path: impl Into<PathBuf>) -> Folder {
        Folder(path.into())
    }

    fn at(&self, path: &str) -> io::Result<PathBuf> {
        match is_place(path) {
            true => Ok(self.0.join(path)),
            false => Err(io::Error::other(format!(
                "`{path}` is no place in a storage"
            ))),
        }
    }
}

impl Storage for Folder {
    fn put(&self, path: &str, content: &[u8]) -> io::Result<()> {
        let path = self.at(path)?;
        let folder = path.parent().unwrap_or(&self.0);
        fs::create_dir_all(folder)?;
        // Whoever finds the name finds all of the content.
        let part = path.with_extension("part");
        let mut file = File::create(&part)?;
        file.write_all(content)?;
        file.sync_all()?;
        fs::rename(&part, &path)?;
        sync(folder)
    }

    fn get(&self, path: &str) -> io::Result<Option<Vec<u8>>> {
        match fs::read(self.at(path)?) {
            Ok(content) => Ok(Some(content)),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn delete(&self, path: &str) -> io::Result<()> {
        match fs::remove_file(self.at(path)?) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }
}

/// Names survive a loss of power once their folder is written; where folders cannot be opened, they need not be.
fn sync(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Ok(folder) => folder.sync_all(),
        Err(_) => Ok(()),
    }
}

/// The storage of a service, and where links to it lead.
#[derive(Clone)]
pub(crate) struct Files {
    pub(crate) storage: Arc<dyn Storage>,
    /// Scheme and host, without a slash at the end.
    pub(crate) public_url: String,
}

impl Files {
    /// Does something with the storage, aside from what must not wait.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Storage) -> io::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let storage = Arc::clone(&self.storage);
        let done = tokio::task::spawn_blocking(move || work(&*storage)).await;
        let done = done.map_err(|error| Error::Broken(format!("storage: {error}")))?;
        done.map_err(|error| Error::Broken(format!("storage: {error}")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_keeps_gives_and_forgets_and_has_no_way_out() {
        let root = std::env::temp_dir().join(format!("flexportal-storage-{}", std::process::id()));
        let folder = Folder::new(&root);
        assert_eq!(folder.get("demo/file_1").unwrap(), None);
        folder.put("demo/file_1", b"one").unwrap();
        folder.put("demo/file_1", b"two").unwrap();
        assert_eq!(
            folder.get("demo/file_1").unwrap().as_deref(),
            Some(&b"two"[..])
        );
        folder.delete("demo/file_1").unwrap();
        folder.delete("demo/file_1").unwrap();
        assert_eq!(folder.get("demo/file_1").unwrap(), None);
        for path in ["../x", "/etc/passwd", "a//b", "", "a/../b", "a.b"] {
            assert!(folder.put(path, b"x").is_err(), "{path}");
            assert!(folder.get(path).is_err(), "{path}");
            assert!(folder.delete(path).is_err(), "{path}");
        }
        fs::remove_dir_all(root).unwrap();
    }
}
