//! Build scripts.

use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::{Contract, Formats, Target};

const MANIFEST: &str = "Cargo.toml";

/// The table of a manifest that is ours.
const TABLE: &str = "[package.metadata.contract]";

/// A build script: writes what is generated from the contract whose entry file is `entry` to
/// `OUT_DIR`, to be included (`include!(concat!(env!("OUT_DIR"), "/types.rs"))`), and makes Cargo run
/// it again once a file of the contract changes. A relative path counts from the folder of the
/// package.
///
/// With the feature `utoipa` of the package, its code describes itself. Text that has the format `date-time` or
/// `date` is of the type that the format stands for, unless the manifest of the package says otherwise:
///
/// ```toml
/// [package.metadata.contract]
/// formats = "text"
/// ```
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
    let manifest = Path::new(&env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default()).join(MANIFEST);
    println!("cargo::rerun-if-changed={}", manifest.display());
    let text = fs::read_to_string(&manifest);
    let text = text.map_err(|error| format!("{}: {error}", manifest.display()))?;
    let formats = formats(&text)?;
    let contract = Contract::load_as(entry, targets, formats);
    let contract = contract.map_err(|problems| problems.to_string())?;
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

/// What the table of a manifest says of formats. It is read line by line, as this has no other use for TOML;
/// a table that is written in another way is refused.
fn formats(manifest: &str) -> Result<Formats, String> {
    let mut formats = Formats::default();
    let mut is_ours = false;
    for line in manifest.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        if line.starts_with('[') {
            is_ours = line.replace(' ', "") == TABLE;
        } else if is_ours && name.trim() == "formats" {
            let value = value.split(['"', '\'']).nth(1).unwrap_or_default();
            formats = value
                .parse()
                .map_err(|error| format!("{MANIFEST}: {error}"))?;
        } else if is_ours && !line.is_empty() {
            let name = name.trim();
            return Err(format!("{MANIFEST}: `{TABLE}` has no `{name}`"));
        } else if name.contains("metadata") && line.contains("contract") {
            return Err(format!("{MANIFEST}: `{TABLE}` must be a table of its own"));
        }
    }
    Ok(formats)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_manifest_says_what_formats_are() {
        let of = |text: &str| formats(&format!("[package]\nname = \"a\"\n{text}"));
        assert_eq!(of(""), Ok(Formats::Types));
        assert_eq!(
            of("[package.metadata.docs]\nformats = \"text\"\n"),
            Ok(Formats::Types)
        );
        let ours = |line: &str| {
            of(&format!(
                "\n{TABLE} # ours\n# Old code.\n{line}\n\n[dependencies]\nb = \"1\"\n"
            ))
        };
        assert_eq!(ours("formats = \"text\" # not yet"), Ok(Formats::Text));
        assert_eq!(ours("formats = \"types\""), Ok(Formats::Types));
        for (line, said) in [
            ("formats = \"jiff\"", "not `jiff`"),
            ("format = \"text\"", "has no `format`"),
        ] {
            let error = ours(line).expect_err(line);
            assert!(error.contains(said), "{error}");
        }
        let error = of("metadata.contract.formats = \"text\"\n").expect_err("no table");
        assert!(error.contains("must be a table"), "{error}");
    }
}
