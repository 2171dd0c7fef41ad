//! Build scripts.

use std::env;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

use crate::{Contract, Options, Target, explained};

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
/// strict = true
/// ```
///
/// With `strict`, what cannot be meant as it is written ends the build. Without, it is said on standard error, which
/// Cargo shows with `-vv`: whoever builds may not be able to change the contract.
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
    let contract = Contract::load_as(entry, targets, options(&text)?);
    let contract = contract.map_err(|problems| problems.explained())?;
    eprintln!("{}", explained(contract.warnings()));
    for source in contract.sources() {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    for (target, mut files) in targets.iter().zip(contract.all_files(targets)) {
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

/// How the table of a manifest wants contracts to be read. It is read line by line, as this has no other use for
/// TOML; a table that is written in another way is refused.
fn options(manifest: &str) -> Result<Options, String> {
    let mut options = Options::default();
    let mut is_ours = false;
    for line in manifest.lines() {
        let line = line.split('#').next().unwrap_or_default().trim();
        let (name, value) = line.split_once('=').unwrap_or((line, ""));
        let (name, value) = (name.trim(), value.trim());
        if line.starts_with('[') {
            is_ours = line.replace(' ', "") == TABLE;
        } else if is_ours && name == "formats" {
            let value = value.split(['"', '\'']).nth(1).unwrap_or_default();
            options.formats = value
                .parse()
                .map_err(|error| format!("{MANIFEST}: {error}"))?;
        } else if is_ours && name == "strict" {
            options.strict = value
                .parse()
                .map_err(|_| format!("{MANIFEST}: `strict` is `true` or `false`, not `{value}`"))?;
        } else if is_ours && !line.is_empty() {
            return Err(format!("{MANIFEST}: `{TABLE}` has no `{name}`"));
        } else if name.contains("metadata") && line.contains("contract") {
            return Err(format!("{MANIFEST}: `{TABLE}` must be a table of its own"));
        }
    }
    Ok(options)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Formats;

    #[test]
    fn a_manifest_says_how_contracts_are_read() {
        let of = |text: &str| options(&format!("[package]\nname = \"a\"\n{text}"));
        let usual = Options::default();
        assert_eq!(of(""), Ok(usual));
        assert_eq!(
            of("[package.metadata.docs]\nformats = \"text\"\n"),
            Ok(usual)
        );
        let ours = |line: &str| {
            of(&format!(
                "\n{TABLE} # ours\n# Old code.\n{line}\n\n[dependencies]\nb = \"1\"\n"
            ))
        };
        let text = Options {
            formats: Formats::Text,
            ..usual
        };
        let strict = Options {
            strict: true,
            ..usual
        };
        assert_eq!(ours("formats = \"text\" # not yet"), Ok(text));
        assert_eq!(ours("formats = \"types\""), Ok(usual));
        assert_eq!(ours("strict = true"), Ok(strict));
        assert_eq!(ours("strict = false # yet"), Ok(usual));
        for (line, said) in [
            ("formats = \"jiff\"", "not `jiff`"),
            ("format = \"text\"", "has no `format`"),
            ("strict = 1", "is `true` or `false`, not `1`"),
        ] {
            let error = ours(line).expect_err(line);
            assert!(error.contains(said), "{error}");
        }
        let error = of("metadata.contract.formats = \"text\"\n").expect_err("no table");
        assert!(error.contains("must be a table"), "{error}");
    }
}
