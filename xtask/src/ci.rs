//! `ci`: everything a change must pass.

use crate::workspace::{self, cargo};
use crate::{client, codegen};

/// Runs every check, in the order of `.ci/run`.
///
/// # Errors
/// The first check that fails.
pub(crate) fn run() -> Result<(), String> {
    workspace::run(cargo(&["test", "--locked", "--workspace"]))?;
    workspace::run(cargo(&["fmt", "--all", "--check"]))?;
    let mut clippy = cargo(&["clippy", "--locked", "--workspace", "--all-targets"]);
    clippy.args(["--", "-D", "warnings"]);
    workspace::run(clippy)?;
    codegen::check()?;
    let out = workspace::root().join("target/client-crate");
    client::write(&out, "flexportal-client")?;
    client::test(&out)
}
