//! `ci`: everything a change must pass. The list of checks stands here and nowhere else; `.ci/run`
//! installs programs and then runs it.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::workspace::{self, cargo, root};
use crate::{bench, client, codegen, deny, dist, readers};

/// A check: what it is called, and what it does.
type Step = (&'static str, fn() -> Result<(), String>);

const STEPS: [Step; 13] = [
    ("tests", tests),
    ("format", format),
    ("lints", lints),
    ("optional features", traces),
    ("figures and soak, shortly", || {
        bench::run(&["--quick".to_owned()])
    }),
    ("generated code", codegen::check),
    ("the client as a crate of its own", client_crate),
    ("a server outside the workspace", stranger),
    ("the toolchain as packages", packages),
    ("dependencies", deny::run),
    ("the binary as it is given away", dist::check),
    ("the contract as others read it", others),
    ("compatibility with the published contract", compatibility),
];

/// Runs every check, and says how long each took.
///
/// # Errors
/// The first check that fails.
pub(crate) fn run() -> Result<(), String> {
    let mut taken: Vec<(&str, Duration)> = Vec::new();
    for (name, step) in STEPS {
        println!("== {name}");
        let start = Instant::now();
        let done = step();
        let (took, how) = (
            start.elapsed(),
            if done.is_ok() { "passed" } else { "failed" },
        );
        println!("== {name}: {how} after {} s", took.as_secs());
        done?;
        taken.push((name, took));
    }
    println!("{}", summary(&taken));
    Ok(())
}

/// Whether this is no developer's machine, so that everything a check needs has to be there.
pub(crate) fn is_ci() -> bool {
    let ci = std::env::var("CI").unwrap_or_default();
    !["", "false", "0"].contains(&ci.as_str())
}

/// `tidy` is among them.
fn tests() -> Result<(), String> {
    workspace::run(cargo(&["test", "--locked", "--workspace"]))
}

fn format() -> Result<(), String> {
    workspace::run(cargo(&["fmt", "--all", "--check"]))
}

/// With what is optional, which adds far more than it replaces: the tests were compiled without it.
fn lints() -> Result<(), String> {
    let mut clippy = cargo(&["clippy", "--locked", "--workspace", "--all-targets"]);
    clippy.args(["--features", "server/otel", "--", "-D", "warnings"]);
    workspace::run(clippy)
}

fn traces() -> Result<(), String> {
    let otel = ["--locked", "-p", "server", "--features", "otel"];
    let mut traces = cargo(&["test"]);
    traces.args(otel).args(["--test", "traces"]);
    workspace::run(traces)
}

fn client_crate() -> Result<(), String> {
    let out = root().join("target/client-crate");
    client::run(&out, None, true)
}

/// That others can serve a contract of theirs: a few lines and the crates of the toolchain.
fn stranger() -> Result<(), String> {
    let folder = root().join("crates/samples/museum");
    // The versions that the workspace was tested with, many of which are compiled already.
    let lock = workspace::read(&root().join("Cargo.lock"))?;
    workspace::write(&folder.join("Cargo.lock"), &lock)?;
    let mut test = cargo(&["test", "--offline", "--manifest-path"]);
    test.arg(folder.join("Cargo.toml"));
    test.arg("--target-dir").arg(root().join("target"));
    workspace::run(test)
}

/// That the toolchain could be published.
fn packages() -> Result<(), String> {
    // Its code was compiled before; what is not committed yet is packaged as well.
    let mut package = cargo(&["package", "--locked", "--no-verify", "--allow-dirty"]);
    package.args(["--quiet", "--package", "contract*"]);
    workspace::run(package)
}

/// What linters and generators of others make of the contract. Only CI installs them without being
/// asked; elsewhere it is said that they are missing.
fn others() -> Result<(), String> {
    if is_ci() {
        readers::install()?;
    } else if !readers::are_installed()? {
        return Ok(());
    }
    readers::lint()?;
    readers::clients()?;
    readers::requests()
}

/// The contract must stay a compatible superset of the published one, where that is at hand.
fn compatibility() -> Result<(), String> {
    let tool = root().join("../shared/tools/contract-compat");
    if !tool.exists() {
        println!("the published contract is not at hand: nothing was compared");
        return Ok(());
    }
    // It needs PyYAML, which `.ci/run` installs beside what the tests want of Python.
    let python = std::env::var_os("FLEXPORTAL_PYTHON").unwrap_or_else(|| "python3".into());
    let mut compare = Command::new(python);
    compare.arg(tool).arg("openapi/flexportal.yaml");
    compare.current_dir(root());
    workspace::run(compare)
}

/// A line for each check.
fn summary(taken: &[(&str, Duration)]) -> String {
    let lines = taken
        .iter()
        .map(|(name, taken)| format!("{:>6} s  {name}", taken.as_secs()));
    lines.collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_stand_beside_the_names_of_checks() {
        let taken = [
            ("tests", Duration::from_millis(61_900)),
            ("format", Duration::from_millis(400)),
        ];
        assert_eq!(summary(&taken), "    61 s  tests\n     0 s  format");
    }

    #[test]
    fn checks_have_names_of_their_own() {
        let mut names: Vec<&str> = STEPS.iter().map(|(name, _)| *name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), STEPS.len());
    }
}
