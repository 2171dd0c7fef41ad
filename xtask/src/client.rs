//! `client`: the client crate of the contract, with the versions that are locked here.
//! `crates/contract` writes it.

use std::path::Path;

use crate::workspace::{self, root, toolchain};

/// What the client of FlexPortal is called.
const NAME: &str = "flexportal-client";

/// Writes the crate `name` to `out`, and runs its tests if that is asked for. Without `name`, that of
/// another contract than FlexPortal's is called what its title gives.
///
/// # Errors
/// The contract is refused, a file cannot be read or written, or the tests fail.
pub(crate) fn run(out: &Path, name: Option<&str>, test: bool) -> Result<(), String> {
    let copy = |file| workspace::write(&out.join(file), &workspace::read(&root().join(file))?);
    // The tests take the versions that the workspace was tested with.
    copy("Cargo.lock")?;
    let mut name = name;
    // Another contract has a licence of its own.
    if workspace::is_own_contract() {
        copy("LICENSE")?;
        name = name.or(Some(NAME));
    }
    let mut command = toolchain("client");
    command.arg("--out").arg(out);
    if let Some(name) = name {
        command.args(["--name", name]);
    }
    if test {
        command.arg("--test");
    }
    workspace::run(command)
}
