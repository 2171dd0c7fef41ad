//! Where PostgreSQL is installed, and the user it runs as.

use std::fs;
use std::os::unix::fs::chown;
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use crate::Error;

/// The oldest version that the product supports.
const OLDEST: u32 = 15;

/// Programs that refuse to run as root.
const NEVER_ROOT: [&str; 6] = [
    "initdb",
    "pg_ctl",
    "pg_resetwal",
    "pg_rewind",
    "pg_upgrade",
    "postgres",
];

/// An installation.
#[derive(Debug, Clone)]
pub(crate) struct Programs {
    folder: PathBuf,
    /// User and group of the server where the caller is root.
    pub(crate) user: Option<(u32, u32)>,
}

impl Programs {
    /// The installation of this machine, looked for once.
    pub(crate) fn get() -> Result<&'static Programs, Error> {
        static FOUND: OnceLock<Result<Programs, Error>> = OnceLock::new();
        FOUND
            .get_or_init(Programs::find)
            .as_ref()
            .map_err(Clone::clone)
    }

    fn find() -> Result<Programs, Error> {
        let folder = newest_enough(candidates()).ok_or_else(|| {
            Error::NotInstalled(format!(
                "PostgreSQL {OLDEST} or later is not installed\n\
                 hint: on Debian, `apt-get install postgresql`; elsewhere, put the folder of \
                 `postgres` and `initdb` on PATH"
            ))
        })?;
        let user = match id(&["-u"])? {
            0 => Some(unprivileged()?),
            _ => None,
        };
        Ok(Programs { folder, user })
    }

    /// Where the programs of the installation are.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// A program of the installation, as a user it accepts, without settings from the environment.
    pub(crate) fn command(&self, name: &str) -> Command {
        let mut command = Command::new(self.folder.join(name));
        for (variable, _) in std::env::vars_os() {
            if variable.to_string_lossy().starts_with("PG") {
                command.env_remove(&variable);
            }
        }
        command.env("LC_ALL", "C");
        if NEVER_ROOT.contains(&name) {
            self.unprivileged(&mut command);
        }
        command
    }

    /// Lets a command run as the user of the server.
    pub(crate) fn unprivileged(&self, command: &mut Command) {
        if let Some((user, group)) = self.user {
            command.uid(user).gid(group);
        }
    }

    /// Writes a file that the user of the server may read.
    pub(crate) fn write(&self, file: &Path, text: &str) -> Result<(), Error> {
        let written = fs::write(file, text).and_then(|()| match self.user {
            Some((user, group)) => chown(file, Some(user), Some(group)),
            None => Ok(()),
        });
        written.map_err(|error| Error::failed(format!("writing `{}`", file.display()), error))
    }
}

/// A program beside PostgreSQL, on PATH or where Debian puts what only root runs.
pub(crate) fn installed(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain([PathBuf::from("/usr/sbin")])
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
}

/// The first folder with an installation that the product supports.
fn newest_enough(folders: Vec<PathBuf>) -> Option<PathBuf> {
    folders
        .into_iter()
        // Links to single programs lead to the folder in which all of them are.
        .filter_map(|folder| {
            Some(
                folder
                    .join("postgres")
                    .canonicalize()
                    .ok()?
                    .parent()?
                    .into(),
            )
        })
        .find(|folder: &PathBuf| {
            ["initdb", "psql"]
                .iter()
                .all(|it| folder.join(it).is_file())
                && version(&folder.join("postgres")).is_some_and(|found| found >= OLDEST)
        })
}

/// Folders in which there may be a server: PATH first, then the usual ones, newest first.
fn candidates() -> Vec<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    let mut usual = Vec::new();
    for (parent, prefix) in [
        ("/usr/lib/postgresql", ""),
        ("/usr", "pgsql-"),
        ("/opt/homebrew/opt", "postgresql@"),
        ("/usr/local/opt", "postgresql@"),
    ] {
        for entry in fs::read_dir(parent).into_iter().flatten().flatten() {
            let name = entry.file_name();
            let version = name.to_str().and_then(|name| name.strip_prefix(prefix));
            if let Some(version) = version.and_then(|it| it.parse::<u32>().ok()) {
                usual.push((version, entry.path().join("bin")));
            }
        }
    }
    usual.sort_by_key(|(version, _)| std::cmp::Reverse(*version));
    folders.extend(usual.into_iter().map(|(_, folder)| folder));
    folders
}

/// The major version of a server, if it is one.
fn version(postgres: &Path) -> Option<u32> {
    let output = Command::new(postgres)
        .arg("--version")
        .stderr(Stdio::null())
        .output()
        .ok()?;
    // `postgres (PostgreSQL) 15.18 (Debian …)`
    let text = String::from_utf8(output.stdout).ok()?;
    let number = text.split_once("(PostgreSQL) ")?.1;
    let digits = number.find(|it: char| !it.is_ascii_digit());
    number[..digits.unwrap_or(number.len())].parse().ok()
}

/// The user that packages of PostgreSQL create.
fn unprivileged() -> Result<(u32, u32), Error> {
    let ids = |flag| id(&[flag, "postgres"]);
    match (ids("-u"), ids("-g")) {
        (Ok(user), Ok(group)) => Ok((user, group)),
        _ => Err(Error::NotInstalled(
            "PostgreSQL does not run as root, and there is no user `postgres`\n\
             hint: `useradd --system postgres`, or run as another user"
                .to_owned(),
        )),
    }
}

fn id(arguments: &[&str]) -> Result<u32, Error> {
    let output = Command::new("id")
        .args(arguments)
        .output()
        .map_err(|error| Error::failed("`id`", error))?;
    let text = String::from_utf8_lossy(&output.stdout);
    text.trim()
        .parse()
        .map_err(|_| Error::failed("`id`", String::from_utf8_lossy(&output.stderr)))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    use super::*;

    /// A folder with programs that say they are of a version.
    fn installation(root: &Path, name: &str, version: &str, programs: &[&str]) -> PathBuf {
        let folder = root.join(name);
        fs::create_dir_all(&folder).expect("a folder");
        for program in programs {
            let file = folder.join(program);
            fs::write(
                &file,
                format!("#!/bin/sh\necho '{program} (PostgreSQL) {version}'\n"),
            )
            .expect("a program");
            fs::set_permissions(&file, fs::Permissions::from_mode(0o755)).expect("executable");
        }
        folder.canonicalize().expect("it exists")
    }

    #[test]
    fn installations_that_are_too_old_or_incomplete_are_passed_over() {
        let root = std::env::temp_dir().join(format!("flexportal-programs-{}", std::process::id()));
        let all = ["postgres", "initdb", "psql"];
        let old = installation(&root, "old", "14.11 (Debian 14.11-1)", &all);
        let half = installation(&root, "half", "17.2", &["postgres", "psql"]);
        let good = installation(&root, "good", "15.18 (Debian 15.18-0+deb12u1)", &all);
        let beta = installation(&root, "beta", "18beta1", &all);
        let links = installation(&root, "links", "", &[]);
        symlink(good.join("postgres"), links.join("postgres")).expect("a link");
        let missing = root.join("missing");

        let found = newest_enough(vec![missing.clone(), old.clone(), half.clone(), links]);
        assert_eq!(found.as_ref(), Some(&good), "a link leads to the others");
        let found = newest_enough(vec![old.clone(), beta.clone(), good]);
        assert_eq!(found, Some(beta), "the first that will do");
        assert_eq!(newest_enough(vec![missing, old, half]), None);
        fs::remove_dir_all(root).expect("removed");
    }
}
