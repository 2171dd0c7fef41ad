//! `ci`: everything a change must pass.

use crate::workspace::{self, cargo};
use crate::{bench, client, codegen, deny, dist, readers};

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
    let otel = ["--locked", "-p", "server", "--features", "otel"];
    let mut traces = cargo(&["test"]);
    traces.args(otel).args(["--test", "traces"]);
    workspace::run(traces)?;
    let mut clippy = cargo(&["clippy"]);
    clippy
        .args(otel)
        .args(["--all-targets", "--", "-D", "warnings"]);
    workspace::run(clippy)?;
    bench::run(&["--quick".to_owned()])?;
    codegen::check()?;
    let out = workspace::root().join("target/client-crate");
    client::run(&out, "flexportal-client", true)?;
    deny::run()?;
    dist::run()?;
    if readers::are_installed()? {
        readers::lint()?;
        readers::clients()?;
    }
    Ok(())
}
