//! `client`: the client crate of this contract, with the licence and the locked versions of this
//! workspace. `crates/contract` writes it.

use std::path::Path;

use crate::workspace::{self, root, toolchain};

/// What the crate is called if nothing else is asked for.
pub(crate) const NAME: &str = "flexportal-client";

/// Writes the crate `name` to `out`, and runs its tests if that is asked for.
///
/// # Errors
/// The contract is refused, a file cannot be read or written, or the tests fail.
pub(crate) fn run(out: &Path, name: &str, test: bool) -> Result<(), String> {
    // `Cargo.lock`: the tests take the versions that the workspace was tested with.
    for file in ["LICENSE", "Cargo.lock"] {
        workspace::write(&out.join(file), &workspace::read(&root().join(file))?)?;
    }
    let mut command = toolchain("client");
    command.arg("--out").arg(out).args(["--name", name]);
    if test {
        command.arg("--test");
    }
    workspace::run(command)
}
