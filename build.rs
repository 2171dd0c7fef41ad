//! Builds `types`, `api` and `client` from the contract: each of the three names this file as its
//! build script and includes what it wrote to `OUT_DIR`. All generation logic lives in
//! `crates/contract-codegen`.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

fn main() -> ExitCode {
    match generate() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn generate() -> Result<(), String> {
    let variable = |name: &str| std::env::var(name).map_err(|error| format!("{name}: {error}"));
    let package = variable("CARGO_PKG_NAME")?;
    let root = Path::new(&variable("CARGO_MANIFEST_DIR")?).join("../..");
    let out = PathBuf::from(variable("OUT_DIR")?);

    let target = contract_codegen::Target::from_package(&package)
        .ok_or_else(|| format!("build.rs: nothing is generated for package `{package}`"))?;
    // Where the contract stands; `FLEXPORTAL_CONTRACT` builds the same workspace from another one.
    println!("cargo::rerun-if-env-changed=FLEXPORTAL_CONTRACT");
    let entry = std::env::var("FLEXPORTAL_CONTRACT")
        .map_or_else(|_| root.join("openapi/flexportal.yaml"), PathBuf::from);

    let contract = contract_codegen::Contract::load(&entry).map_err(|error| error.to_string())?;
    for source in contract.sources() {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    let mut code = contract
        .generate(target)
        .map_err(|error| error.to_string())?;
    // Only builds with the feature `utoipa` have, and pay for, code that describes itself.
    if std::env::var_os("CARGO_FEATURE_UTOIPA").is_some() {
        code += &contract
            .describe(target)
            .map_err(|error| error.to_string())?;
    }
    let file = out.join(format!("{package}.rs"));
    std::fs::write(&file, code).map_err(|error| format!("{}: {error}", file.display()))
}
