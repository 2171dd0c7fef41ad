//! Generates every target of every sample contract into `OUT_DIR`.

mod names;
mod suite;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use contract_codegen::{Contract, Target};

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
    let here = PathBuf::from(variable("CARGO_MANIFEST_DIR")?);
    let out = PathBuf::from(variable("OUT_DIR")?);
    println!("cargo::rerun-if-changed=contracts");
    println!("cargo::rerun-if-changed=build");
    for entry in std::fs::read_dir(here.join("contracts")).map_err(|error| error.to_string())? {
        let path = entry.map_err(|error| error.to_string())?.path();
        let name = path
            .file_stem()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        let contract =
            Contract::load(&path, &Target::ALL).map_err(|problems| problems.to_string())?;
        write(&contract, &out, &name)?;
    }
    let sweep = names::contract(&here.join(".."))?;
    std::fs::write(out.join("names.yaml"), &sweep).map_err(|error| error.to_string())?;
    let contract = Contract::parse("names.yaml", &sweep, &Target::ALL);
    let contract = contract.map_err(|problems| problems.to_string())?;
    write(&contract, &out, "names")?;
    suite::generate(&here.join("../.."), &out)
}

fn write(contract: &Contract, out: &Path, name: &str) -> Result<(), String> {
    for target in Target::ALL {
        let mut files = contract.files(target);
        files[0].name = format!("{name}.{}", files[0].name);
        files[0].text += &contract.describe(target);
        for file in files {
            let path = out.join(&file.name);
            std::fs::write(&path, file.text)
                .map_err(|error| format!("{}: {error}", path.display()))?;
        }
    }
    Ok(())
}
