//! `dist`: the binary as it is given away. It names no folder of the machine it was built on, carries
//! the list of what it was built from (`cargo audit bin` and `syft` read it), and is stripped.

use std::fs;
use std::path::{Path, PathBuf};

use crate::workspace::{self, cargo};

/// Section in which `cargo auditable` leaves the list.
const BILL_OF_MATERIALS: &[u8] = b".dep-v0";

/// Builds the binary into `target/dist` and looks at it.
///
/// # Errors
/// `cargo auditable` is missing, the build fails, or the binary is not as it should be.
pub(crate) fn run() -> Result<(), String> {
    build(&[])
}

/// [`run`] without optimisation: what is looked at does not depend on it, and it takes most of the time.
///
/// # Errors
/// As [`run`].
pub(crate) fn check() -> Result<(), String> {
    build(&[("CARGO_PROFILE_DIST_OPT_LEVEL", "0")])
}

fn build(settings: &[(&str, &str)]) -> Result<(), String> {
    let version = cargo(&["auditable", "--version"]).output();
    if !version.is_ok_and(|output| output.status.success()) {
        return Err("`cargo auditable` is missing\n\
                    hint: `cargo install cargo-auditable --locked --version 0.7.7`"
            .to_owned());
    }
    let root = workspace::root();
    let folders = folders(&root);
    let mut build = cargo(&["auditable", "build", "--locked", "--profile", "dist"]);
    build.args(["--package", "server", "--target-dir", "target/dist"]);
    build.env("CARGO_ENCODED_RUSTFLAGS", rust_flags(&folders));
    // SQLite and the arithmetic of TLS are C and assembler.
    build.env("CFLAGS", c_flags(&folders));
    build.envs(settings.iter().copied());
    workspace::run(build)?;

    let binary = root.join("target/dist/dist/flexportal");
    let bytes = fs::read(&binary).map_err(|error| format!("{}: {error}", binary.display()))?;
    inspect(&bytes, &folders).map_err(|why| format!("{}: {why}", binary.display()))?;
    println!(
        "{}: {:.1} MB",
        binary.display(),
        bytes.len() as f64 / 1_000_000.0
    );
    Ok(())
}

/// A folder of this machine, and what stands for it in the binary.
type Folder = (PathBuf, &'static str);

fn folders(root: &Path) -> Vec<Folder> {
    let home = |variable: &str, usual: &str| {
        std::env::var_os(variable).map_or_else(
            || PathBuf::from(std::env::var_os("HOME").unwrap_or_default()).join(usual),
            PathBuf::from,
        )
    };
    // The compiler takes the last one that fits.
    vec![
        (home("RUSTUP_HOME", ".rustup"), "/rustup"),
        (home("CARGO_HOME", ".cargo"), "/cargo"),
        (root.to_owned(), "/flexportal"),
    ]
}

fn rust_flags(folders: &[Folder]) -> String {
    let flag = |(folder, name): &Folder| format!("--remap-path-prefix={}={name}", folder.display());
    let flags: Vec<_> = folders.iter().map(flag).collect();
    // Separated as cargo asks for it, so that folders may have blanks in their names.
    flags.join("\u{1f}")
}

fn c_flags(folders: &[Folder]) -> String {
    let flag = |(folder, name): &Folder| format!("-ffile-prefix-map={}={name}", folder.display());
    let flags: Vec<_> = folders.iter().map(flag).collect();
    flags.join(" ")
}

/// What is wrong with a binary that is to be given away.
fn inspect(binary: &[u8], folders: &[Folder]) -> Result<(), String> {
    let contains = |bytes: &[u8]| binary.windows(bytes.len()).any(|window| window == bytes);
    for (folder, _) in folders {
        let path = folder.display().to_string();
        if contains(path.as_bytes()) {
            return Err(format!("names the folder `{path}` of this machine"));
        }
    }
    if !contains(BILL_OF_MATERIALS) {
        return Err("does not carry the list of what it was built from".to_owned());
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_binary_that_names_a_folder_or_lacks_its_list_is_refused() {
        let folders = [(PathBuf::from("/home/ada/flexportal"), "/flexportal")];
        assert_eq!(
            inspect(b"code .dep-v0 /flexportal/crates", &folders),
            Ok(())
        );
        let names = inspect(b"code .dep-v0 /home/ada/flexportal/crates", &folders);
        assert!(names.is_err_and(|why| why.contains("/home/ada")));
        assert!(inspect(b"code", &folders).is_err_and(|why| why.contains("list")));
    }

    #[test]
    fn every_folder_is_renamed_for_the_compilers() {
        let folders = [(PathBuf::from("/a b"), "/x"), (PathBuf::from("/c"), "/y")];
        assert_eq!(
            rust_flags(&folders),
            "--remap-path-prefix=/a b=/x\u{1f}--remap-path-prefix=/c=/y"
        );
        assert_eq!(
            c_flags(&folders),
            "-ffile-prefix-map=/a b=/x -ffile-prefix-map=/c=/y"
        );
    }
}
