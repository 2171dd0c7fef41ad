//! Disks that fill up and disks that take no writes.

use std::fs::{self, File, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::random::seed;
use crate::tally;

/// Set inside the namespace that has the small disk: where it is mounted.
const MOUNTED: &str = "FAULTS_DISK";

/// A file system that is all the test's own, and small.
pub(crate) struct Disk {
    path: PathBuf,
}

impl Disk {
    /// The small disk, inside; otherwise runs the test `name` again in a mount namespace that has
    /// one, and gives `None` once that run has passed. The disk goes with the processes on it.
    ///
    /// `root`: the test goes on as root of its namespace, so that it may mount the disk read-only.
    pub(crate) fn of(name: &str, size_mib: usize, root: bool) -> Option<Disk> {
        if let Ok(path) = std::env::var(MOUNTED) {
            return Some(Disk { path: path.into() });
        }
        let is_root = output(Command::new("id").arg("-u")).is_ok_and(|id| id.trim() == "0");
        // Without privileges, a user namespace gives them, as far as mounting memory goes.
        let namespace: &[&str] = match is_root {
            true => &["--mount"],
            false => &["--map-root-user", "--mount"],
        };
        if let Err(error) = output(Command::new("unshare").args(namespace).arg("true")) {
            return impossible(&format!(
                "`{name}` needs a mount namespace: {error}\nhint: run it as root, or allow user \
                 namespaces (`sysctl kernel.unprivileged_userns_clone=1`)"
            ));
        }
        let path =
            Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("disk-{}", std::process::id()));
        fs::create_dir_all(&path).expect("the mount point can be made");
        let mount =
            "mount -t tmpfs -o size=\"$1\"m,mode=0777 tmpfs \"$2\" && shift 2 && exec \"$@\"";
        let mut command = Command::new("unshare");
        command.args(namespace).args(["sh", "-c", mount, "sh"]);
        command.arg(size_mib.to_string()).arg(&path);
        if !is_root && !root {
            // Back to the user, which is what PostgreSQL asks for.
            command.args(["unshare", "--map-user=1000", "--map-group=1000"]);
        }
        let test = std::env::current_exe().expect("the test knows its file");
        command.arg(test).args([name, "--exact", "--nocapture"]);
        command.env(MOUNTED, &path);
        // Where PostgreSQL's folder goes.
        command.env("TMPDIR", &path);
        command.env("FAULT_SEED", seed().to_string());
        command.env(tally::FILE, tally::file());
        // Its lines about faults go through; what the harness says is of no interest if it passes.
        let output = command.stderr(std::process::Stdio::inherit()).output();
        let _ = fs::remove_dir(&path);
        let output = output.expect("`unshare` runs");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stdout)
        );
        None
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// Takes all the room that is left.
    pub(crate) fn fill(&self) {
        let mut options = OpenOptions::new();
        let ballast = options.create(true).append(true).open(self.ballast());
        let mut ballast = ballast.expect("a file of no size fits");
        // Down to the last page: a large block may be refused where a small one still fits.
        for size in [1 << 20, 4096, 1] {
            let block = vec![0; size];
            while ballast.write_all(&block).is_ok() {}
        }
    }

    /// Gives the room back.
    pub(crate) fn free(&self) {
        fs::remove_file(self.ballast()).expect("the disk has been filled");
    }

    /// Remounts the disk, on which no file is open for writing.
    pub(crate) fn set_read_only(&self, read_only: bool) {
        let options = if read_only {
            "remount,ro"
        } else {
            "remount,rw"
        };
        output(Command::new("mount").args(["-o", options]).arg(&self.path))
            .expect("the disk can be remounted");
    }

    fn ballast(&self) -> PathBuf {
        self.path.join("ballast")
    }
}

/// Files that refuse every write, also through handles that are open already, as those of a disk
/// do that turned read-only.
pub(crate) struct Frozen {
    files: Vec<PathBuf>,
}

impl Frozen {
    /// Whether this user can freeze files in `folder`.
    pub(crate) fn possible(folder: &Path) -> bool {
        let probe = folder.join("probe");
        File::create(&probe).expect("a file can be made");
        let frozen = change("+i", &probe).and_then(|()| change("-i", &probe));
        let _ = fs::remove_file(&probe);
        if let Err(error) = frozen {
            return impossible::<()>(&format!(
                "files cannot be made immutable: {error}\nhint: run it as root, on ext4"
            ))
            .is_some();
        }
        true
    }

    /// Freezes files.
    pub(crate) fn start(files: &[PathBuf]) -> Frozen {
        for file in files {
            change("+i", file).expect("the file can be frozen");
        }
        Frozen {
            files: files.to_vec(),
        }
    }
}

impl Drop for Frozen {
    fn drop(&mut self) {
        for file in &self.files {
            // A failure shows as a service that does not come back.
            let _ = change("-i", file);
        }
    }
}

fn change(attribute: &str, file: &Path) -> Result<(), String> {
    output(Command::new("chattr").arg(attribute).arg(file)).map(drop)
}

/// A kind of fault that this machine cannot have, because of its kernel, its file system or the
/// user's rights, which no package changes: said.
fn impossible<T>(why: &str) -> Option<T> {
    let _ = std::io::stderr().write_all(format!("not injected: {why}\n").as_bytes());
    None
}

fn output(command: &mut Command) -> Result<String, String> {
    match command.output() {
        Ok(output) if output.status.success() => {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        }
        Ok(output) => Err(String::from_utf8_lossy(&output.stderr).trim().to_owned()),
        Err(error) => Err(error.to_string()),
    }
}
