//! `codegen`: the generated code where it can be read, and whether it is what gets compiled.

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::workspace::{self, cargo, root, toolchain};

/// The packages whose code is generated, each by a target of the same name.
const PACKAGES: [&str; 3] = ["types", "api", "client"];

/// Writes the code of every package to `out`.
///
/// # Errors
/// The contract is refused, or a file cannot be written.
pub(crate) fn write(out: &Path) -> Result<(), String> {
    workspace::run(writing(out))
}

fn writing(out: &Path) -> Command {
    let mut command = toolchain("generate");
    command.arg("--out").arg(out);
    command
}

/// Checks that generation is deterministic, that the goldens are fresh, and that builds compile
/// what would be generated now.
///
/// # Errors
/// Everything that is not so, each with the file and what to do about it.
pub(crate) fn check() -> Result<(), String> {
    let code = generate("one")?;
    let mut problems = Vec::new();
    // Every hash map has a seed of its own, so an order that depends on one differs already here.
    for ((package, one), (_, other)) in code.iter().zip(generate("other")?) {
        if let Some(line) = first_difference(one, &other) {
            problems.push(format!(
                "{package}.rs:{line}: two runs over the same contract differ\n\
                 hint: `crates/contract-codegen` must not depend on the order of a hash map"
            ));
        }
    }
    if let Err(problem) = workspace::run(cargo(&[
        "test",
        "--quiet",
        "-p",
        "contract-codegen",
        "--test",
        "goldens",
    ])) {
        problems.push(format!(
            "{problem}\nhint: `UPDATE_GOLDENS=1 cargo test -p contract-codegen` refreshes the goldens"
        ));
    }
    let built = built()?;
    for (package, expected) in &code {
        let Some(out) = built
            .iter()
            .find(|(name, _)| name == package)
            .map(|(_, out)| out)
        else {
            problems.push(format!("the build script of `{package}` did not run"));
            continue;
        };
        let file = out.join(format!("{package}.rs"));
        if let Some(line) = first_difference(&workspace::read(&file)?, expected) {
            problems.push(format!(
                "{}:{line}: the build compiles other code than is generated now\n\
                 hint: `cargo clean -p {package}`; if that helps, `build.rs` misses a file",
                file.display()
            ));
        }
    }
    if problems.is_empty() {
        println!("generated code is deterministic, and goldens and builds are fresh");
        return Ok(());
    }
    Err(problems.join("\n"))
}

/// The code of every package, written to a folder called `name` and read again.
fn generate(name: &str) -> Result<Vec<(&'static str, String)>, String> {
    let folder = root().join("target/codegen-check").join(name);
    // This contract is ours to change, so there is nothing to be warned of.
    let mut command = writing(&folder);
    command.arg("--strict");
    workspace::run(command)?;
    let code = |package| {
        let code = workspace::read(&folder.join(format!("{package}.rs")))?;
        Ok((package, code))
    };
    PACKAGES.into_iter().map(code).collect()
}

/// Where the build scripts of the generated packages write to, after they ran.
fn built() -> Result<Vec<(String, PathBuf)>, String> {
    let mut command = cargo(&["check", "--quiet", "--message-format=json"]);
    for package in PACKAGES {
        command.args(["-p", package]);
    }
    let mut found = Vec::new();
    for line in workspace::output(command)?.lines() {
        let message: Value =
            serde_json::from_str(line).map_err(|error| format!("cargo: {error}"))?;
        if message["reason"] != "build-script-executed" {
            continue;
        }
        let (Some(id), Some(out)) = (message["package_id"].as_str(), message["out_dir"].as_str())
        else {
            continue;
        };
        // `path+file:///…/crates/types#1.2.3`
        let package = PACKAGES
            .into_iter()
            .find(|package| id.contains(&format!("/crates/{package}#")));
        found.extend(package.map(|package| (package.to_owned(), PathBuf::from(out))));
    }
    Ok(found)
}

/// The first line in which two texts differ.
fn first_difference(one: &str, other: &str) -> Option<usize> {
    if one == other {
        return None;
    }
    let same = one
        .lines()
        .zip(other.lines())
        .take_while(|(one, other)| one == other)
        .count();
    Some(same + 1)
}

#[cfg(test)]
mod tests {
    use super::first_difference;

    #[test]
    fn differences_have_a_line() {
        assert_eq!(first_difference("a\nb\n", "a\nb\n"), None);
        assert_eq!(first_difference("a\nb\n", "a\nc\n"), Some(2));
        assert_eq!(first_difference("a\n", "a\nb\n"), Some(2));
        assert_eq!(first_difference("a", "a\n"), Some(2));
    }
}
