//! Build scripts.

use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::{Contract, Target};

/// A build script: writes what is generated from the contract whose entry file is `entry` to
/// `OUT_DIR`, to be included (`include!(concat!(env!("OUT_DIR"), "/types.rs"))`), and makes Cargo run
/// it again once a file of the contract changes. A relative path counts from the folder of the
/// package.
///
/// With the feature `utoipa` of the package, its code describes itself.
///
/// ```no_run
/// use contract_codegen::Target;
///
/// fn main() -> std::process::ExitCode {
///     contract_codegen::build("museum.yaml", &[Target::Types, Target::Api])
/// }
/// ```
///
/// What is wrong with the contract is said on standard error, with positions, and ends the build.
pub fn build(entry: impl AsRef<Path>, targets: &[Target]) -> ExitCode {
    match write(entry.as_ref(), targets) {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn write(entry: &Path, targets: &[Target]) -> Result<(), String> {
    let out = env::var_os("OUT_DIR").ok_or("OUT_DIR is not set: this is for build scripts")?;
    let contract = Contract::load(entry, targets).map_err(|problems| problems.to_string())?;
    for source in contract.sources() {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    for target in targets {
        let mut files = contract.files(*target);
        // Only builds that want code that describes itself pay for it.
        if env::var_os("CARGO_FEATURE_UTOIPA").is_some() {
            files[0].text += &contract.describe(*target);
        }
        for file in files {
            let path = Path::new(&out).join(&file.name);
            fs::write(&path, file.text).map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}
