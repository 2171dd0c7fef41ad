//! Where things stand, and how other programs are run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The folder of the workspace.
pub(crate) fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent()
        .expect("xtask stands in the workspace")
        .to_owned()
}

/// Names another contract than that of FlexPortal.
const CONTRACT: &str = "FLEXPORTAL_CONTRACT";

/// Whether the contract is that of FlexPortal.
pub(crate) fn is_own_contract() -> bool {
    std::env::var_os(CONTRACT).is_none()
}

/// The entry file of the contract, as `build.rs` chooses it.
pub(crate) fn contract() -> PathBuf {
    let entry = std::env::var_os(CONTRACT);
    root().join(entry.unwrap_or_else(|| "openapi/flexportal.yaml".into()))
}

/// `path`, seen from where this program was started: what it runs starts in the workspace.
pub(crate) fn absolute(path: &Path) -> PathBuf {
    std::path::absolute(path).unwrap_or_else(|_| path.to_owned())
}

/// The toolchain's own command line with `verb` for the contract. It is a program of its own, so
/// that this one need not be linked to the generator, which takes a minute to build.
pub(crate) fn toolchain(verb: &str) -> Command {
    let mut command = cargo(&["run", "--quiet", "--package", "contract", "--", verb]);
    command.arg("--contract").arg(contract());
    command
}

/// `cargo` with `arguments` in the workspace.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command.args(arguments).current_dir(root());
    command
}

/// Runs `command` and shows what it is.
///
/// # Errors
/// It cannot be started, or it fails.
pub(crate) fn run(mut command: Command) -> Result<(), String> {
    let shown = shown(&command);
    eprintln!("$ {shown}");
    let status = command
        .status()
        .map_err(|error| format!("`{shown}` cannot be run: {error}"))?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("`{shown}` failed"))
    }
}

/// Runs `command` and gives what it writes to standard output.
///
/// # Errors
/// As [`run`], or the output is not UTF-8.
pub(crate) fn output(mut command: Command) -> Result<String, String> {
    let shown = shown(&command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("`{shown}` cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("`{shown}` failed"));
    }
    String::from_utf8(output.stdout).map_err(|error| format!("`{shown}`: {error}"))
}

/// Reads a file.
///
/// # Errors
/// With the path.
pub(crate) fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

/// Writes a file and the folders above it.
///
/// # Errors
/// With the path.
pub(crate) fn write(path: &Path, text: &str) -> Result<(), String> {
    let folder = path.parent().expect("a file stands in a folder");
    std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(path, text))
        .map_err(|error| format!("{}: {error}", path.display()))
}

fn shown(command: &Command) -> String {
    let arguments = command
        .get_args()
        .map(|argument| argument.to_string_lossy());
    let program = Path::new(command.get_program());
    let program = program.file_name().unwrap_or_default().to_string_lossy();
    let words: Vec<_> = std::iter::once(program).chain(arguments).collect();
    words.join(" ")
}
