//! `deny`: what the dependencies must be, as `deny.toml` says.

use std::process::Stdio;

use crate::workspace::{self, cargo};

/// Holds all dependencies against `deny.toml`. Known vulnerabilities are looked up where the advisory
/// database can be reached, and it is said where not.
///
/// # Errors
/// `cargo deny` is missing, or a dependency is not as it must be.
pub(crate) fn run() -> Result<(), String> {
    let quietly = |arguments: &[&str]| {
        let mut command = cargo(arguments);
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command.status().is_ok_and(|status| status.success())
    };
    if !quietly(&["deny", "--version"]) {
        return Err("`cargo deny` is missing\n\
                    hint: `cargo install cargo-deny --locked --version 0.20.2`"
            .to_owned());
    }
    let check = ["deny", "--all-features", "check"];
    let mut offline = cargo(&check);
    offline.args(["licenses", "bans", "sources"]);
    workspace::run(offline)?;
    if !quietly(&["deny", "fetch"]) {
        eprintln!(
            "the advisory database cannot be reached: known vulnerabilities were not looked up"
        );
        return Ok(());
    }
    let mut advisories = cargo(&check);
    advisories.arg("advisories");
    workspace::run(advisories)
}
