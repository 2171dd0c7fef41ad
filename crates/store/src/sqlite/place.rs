//! Where a database lies: its file and what SQLite keeps beside it, known by device and inode and not by
//! name. Names lie: a relative path, a link or another folder can lead to the log of a live database.

use std::ffi::{OsStr, OsString};
use std::fs::{self, Metadata, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use crate::Error;

/// What SQLite keeps beside a database.
pub(crate) const COMPANIONS: [&str; 3] = ["-wal", "-shm", "-journal"];

/// Which file it is, whatever it is called.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Identity {
    #[cfg(unix)]
    device_and_inode: (u64, u64),
    /// Where there are no inodes, two names of one file are not told.
    #[cfg(not(unix))]
    path: PathBuf,
}

impl Identity {
    /// Of the file that `path` leads to.
    pub(crate) fn of(path: &Path) -> io::Result<Self> {
        #[cfg(unix)]
        return fs::metadata(path).map(|found| Self::of_metadata(&found));
        #[cfg(not(unix))]
        return fs::canonicalize(path).map(|path| Self { path });
    }

    #[cfg(unix)]
    pub(crate) fn of_metadata(metadata: &Metadata) -> Self {
        use std::os::unix::fs::MetadataExt as _;
        Self {
            device_and_inode: (metadata.dev(), metadata.ino()),
        }
    }
}

/// Whether `path` is the database `database`, something that SQLite keeps or may come to keep beside it, or
/// another name of one of them.
pub(crate) fn is_part(path: &Path, database: &Path) -> bool {
    let database = real(database);
    let companions = COMPANIONS.map(|suffix| beside(&database, suffix));
    std::iter::once(&database)
        .chain(&companions)
        .any(|part| is_same(path, part))
}

/// Whether a file of that name would be taken for what SQLite keeps beside a database.
pub(crate) fn is_named_like_companion(path: &Path) -> bool {
    let name = path.file_name().map(OsStr::to_string_lossy);
    name.is_some_and(|name| COMPANIONS.iter().any(|suffix| name.ends_with(suffix)))
}

/// Refuses a database that has a second name: SQLite would keep another log for each, and processes that
/// came by different names would destroy it.
pub(crate) fn refuse_second_name(database: &Path) -> Result<(), Error> {
    let unusable = |why: &str| Error::UnusableFile {
        path: database.display().to_string(),
        why: why.to_owned(),
    };
    if is_named_like_companion(database) {
        return Err(unusable(
            "files of this name hold the log of another database; give it another name",
        ));
    }
    match fs::metadata(database) {
        Ok(found) if names(&found) > 1 => Err(unusable(
            "it has several names (hard links), and a log for each would destroy it; remove the other ones",
        )),
        _ => Ok(()),
    }
}

/// Creates the file if there is none, for its owner alone. SQLite gives what it keeps beside a database the
/// permissions of the database.
pub(crate) fn create_private(database: &Path) -> io::Result<()> {
    match private(OpenOptions::new().write(true).create_new(true)).open(database) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// With permissions for nobody but the owner: a database holds what customers told in confidence.
pub(crate) fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600);
    options
}

/// How many names a file has.
pub(crate) fn names(file: &Metadata) -> u64 {
    #[cfg(unix)]
    return std::os::unix::fs::MetadataExt::nlink(file);
    #[cfg(not(unix))]
    return {
        let _ = file;
        1
    };
}

/// The name of what stands beside `path`.
pub(crate) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// Where a link leads to; SQLite, too, follows it before it names what it keeps beside.
fn real(path: &Path) -> PathBuf {
    fs::canonicalize(path).unwrap_or_else(|_| path.to_path_buf())
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (Identity::of(one), Identity::of(other)) {
        (Ok(one), Ok(other)) => one == other,
        // What is not there yet is told by its folder and name.
        (Err(_), Err(_)) => spot(one).is_some_and(|spot_of_one| Some(spot_of_one) == spot(other)),
        _ => false,
    }
}

fn spot(path: &Path) -> Option<(Identity, &OsStr)> {
    let folder = match path.parent()? {
        here if here.as_os_str().is_empty() => Path::new("."),
        folder => folder,
    };
    Some((Identity::of(folder).ok()?, path.file_name()?))
}

/// Whether the files of an open database are still where they were opened. Once they were not, it stays so:
/// nobody knows what was written into which file meanwhile.
#[derive(Debug)]
pub(crate) struct Watch {
    files: Vec<(PathBuf, Identity)>,
    lost: OnceLock<String>,
    /// Where all of them are.
    folder: PathBuf,
    /// The folder as it was when the files were last found in it, once it had been so for a while.
    settled: Mutex<Option<FolderState>>,
}

/// A folder, and when last a name in it was made, moved or removed.
type FolderState = (Identity, SystemTime);

/// For how long nothing must have happened in a folder for its time to tell whether something does: file systems
/// note it with the precision of a tick, or of some.
const SETTLED: Duration = Duration::from_secs(3);

impl Watch {
    /// Over a database that has just been opened, and read once so that its log is there.
    pub(crate) fn over(database: &Path) -> Self {
        let database = real(database);
        let mut files = vec![database.clone()];
        files.extend(COMPANIONS.map(|suffix| beside(&database, suffix)));
        let known = |path: PathBuf| Identity::of(&path).ok().map(|it| (path, it));
        Self {
            files: files.into_iter().filter_map(known).collect(),
            lost: OnceLock::new(),
            folder: match database.parent() {
                Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
                _ => PathBuf::from("."),
            },
            settled: Mutex::default(),
        }
    }

    /// As [`Watch::look`], but at their folder alone as long as nothing happens in it: for each commit.
    ///
    /// # Errors
    /// As [`Watch::look`].
    pub(crate) fn glance(&self) -> Result<(), Error> {
        let found = folder_state(&self.folder);
        let mut settled = self.settled.lock().unwrap_or_else(PoisonError::into_inner);
        if found.is_some() && *settled == found {
            return self.known();
        }
        *settled = None;
        let looked = self.look();
        let is_old = |state: &FolderState| state.1.elapsed().is_ok_and(|age| age > SETTLED);
        if looked.is_ok() {
            *settled = found.filter(is_old);
        }
        looked
    }

    /// Looks at the files: a system call each.
    ///
    /// # Errors
    /// [`Error::Unavailable`], from the first time on that one was missing or another.
    pub(crate) fn look(&self) -> Result<(), Error> {
        if self.lost.get().is_none() {
            let missing = self.files.iter().find_map(|(path, known)| {
                let what = match Identity::of(path) {
                    Ok(found) if found == *known => return None,
                    Ok(_) => "is another file than was opened",
                    Err(error) if error.kind() == io::ErrorKind::NotFound => "was moved or deleted",
                    // Out of file handles, or no permission: it tells nothing of the file.
                    Err(_) => return None,
                };
                Some(format!("`{}` {what}", path.display()))
            });
            if let Some(missing) = missing {
                let _ = self.lost.set(missing);
            }
        }
        self.known()
    }

    /// What the looks so far have found.
    ///
    /// # Errors
    /// As [`Watch::look`].
    pub(crate) fn known(&self) -> Result<(), Error> {
        match self.lost.get() {
            None => Ok(()),
            Some(what) => Err(Error::Unavailable {
                doing: "looking after its files",
                cause: Arc::new(io::Error::other(format!(
                    "{what}; nothing is read or written until the server is started again"
                ))),
            }),
        }
    }
}

/// `None`: it cannot be told.
fn folder_state(folder: &Path) -> Option<FolderState> {
    #[cfg(unix)]
    {
        let found = fs::metadata(folder).ok()?;
        Some((Identity::of_metadata(&found), found.modified().ok()?))
    }
    #[cfg(not(unix))]
    {
        let _ = folder;
        None
    }
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    struct Folder(PathBuf);

    impl Folder {
        fn new(name: &str) -> Self {
            let path = std::env::temp_dir()
                .join(format!("flexportal-place-{name}-{}", std::process::id()));
            fs::create_dir_all(path.join("sub")).expect("a folder");
            Self(path)
        }

        fn file(&self, name: &str) -> PathBuf {
            let path = self.0.join(name);
            fs::write(&path, name).expect("writes");
            path
        }
    }

    impl Drop for Folder {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[test]
    fn every_name_of_a_database_and_of_what_is_beside_it_is_known() {
        let folder = Folder::new("names");
        let database = folder.file("d.db");
        let log = folder.file("d.db-wal");
        let (hard, soft, elsewhere) = (
            folder.0.join("hard"),
            folder.0.join("soft"),
            folder.0.join("elsewhere"),
        );
        fs::hard_link(&log, &hard).expect("links");
        symlink(&log, &soft).expect("links");
        symlink(&folder.0, &elsewhere).expect("links");
        let by_link = folder.0.join("link.db");
        symlink(&database, &by_link).expect("links");
        for database in [&database, &by_link] {
            for part in [
                database.clone(),
                log.clone(),
                hard.clone(),
                soft.clone(),
                elsewhere.join("d.db-wal"),
                folder.0.join("sub/../d.db-wal"),
                // They are not there yet.
                folder.0.join("d.db-journal"),
                elsewhere.join("d.db-shm"),
            ] {
                assert!(
                    is_part(&part, database),
                    "{} of {}",
                    part.display(),
                    database.display()
                );
            }
            for other in ["e.db", "d.db-wal2", "sub/d.db", "sub/d.db-wal"] {
                assert!(!is_part(&folder.0.join(other), database), "{other}");
            }
        }
        assert!(!is_part(&folder.file("other.db"), &database));
    }

    #[test]
    fn a_glance_notices_what_happens_in_a_folder_that_was_at_rest() {
        let folder = Folder::new("glance");
        let database = folder.file("d.db");
        let rest = || {
            let hour_ago = SystemTime::now() - Duration::from_secs(3_600);
            let opened = fs::File::open(&folder.0).expect("opens");
            opened.set_modified(hour_ago).expect("sets the time");
        };
        let settled = |watch: &Watch| watch.settled.lock().expect("whole").is_some();
        let watch = Watch::over(&database);
        watch.glance().expect("all is there");
        assert!(!settled(&watch), "something has just happened");
        rest();
        watch.glance().expect("all is there");
        assert!(settled(&watch));
        folder.file("other");
        watch.glance().expect("all is there");
        assert!(!settled(&watch));
        rest();
        watch.glance().expect("all is there");
        fs::rename(&database, folder.0.join("aside")).expect("moves");
        assert!(watch.glance().is_err());
        fs::rename(folder.0.join("aside"), &database).expect("moves back");
        assert!(watch.glance().is_err(), "it stays lost");

        let watch = Watch::over(&database);
        rest();
        watch.glance().expect("all is there");
        assert!(settled(&watch));
        let elsewhere = folder.0.with_extension("elsewhere");
        fs::rename(&folder.0, &elsewhere).expect("moves the folder");
        assert!(watch.glance().is_err());
        fs::rename(&elsewhere, &folder.0).expect("moves back");
    }

    #[test]
    fn what_was_lost_once_stays_lost() {
        let folder = Folder::new("lost");
        let (database, log) = (folder.file("d.db"), folder.file("d.db-wal"));
        let watch = Watch::over(&database);
        watch.look().expect("all is there");
        fs::write(&log, "grown").expect("writes");
        watch.look().expect("a file may change");
        let aside = folder.0.join("aside");
        fs::rename(&log, &aside).expect("moves");
        assert!(watch.look().is_err());
        fs::rename(&aside, &log).expect("moves back");
        let error = watch.look().expect_err("it stays lost");
        let cause = std::error::Error::source(&error)
            .expect("a cause")
            .to_string();
        assert!(cause.contains("d.db-wal` was moved or deleted"), "{cause}");

        let watch = Watch::over(&database);
        fs::rename(folder.file("new"), &database).expect("replaces");
        assert!(watch.look().is_err());
    }
}
