//! Builds `types`, `api` and `client` from the contract: each of the three names this file as its
//! build script and includes what it wrote to `OUT_DIR`. All generation logic lives in
//! `crates/contract-codegen`.

use std::env;
use std::path::PathBuf;
use std::process::ExitCode;

use contract_codegen::Target;

fn main() -> ExitCode {
    let package = env::var("CARGO_PKG_NAME").unwrap_or_default();
    let Some(target) = Target::from_package(&package) else {
        eprintln!("build.rs: nothing is generated for package `{package}`");
        return ExitCode::FAILURE;
    };
    // Where the contract stands, from the root of the workspace; `FLEXPORTAL_CONTRACT` builds the
    // same workspace from another one.
    println!("cargo::rerun-if-env-changed=FLEXPORTAL_CONTRACT");
    let here = PathBuf::from(env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default());
    let root = here.ancestors().nth(2).unwrap_or(&here);
    let entry = env::var_os("FLEXPORTAL_CONTRACT");
    let entry = root.join(entry.unwrap_or_else(|| "openapi/flexportal.yaml".into()));
    // Tests read it, too.
    println!("cargo::rustc-env=CONTRACT={}", entry.display());
    contract_codegen::build(entry, &[target])
}
