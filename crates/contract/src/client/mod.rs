//! `contract client`: a client crate that can be published. It has no build script, so its users
//! need neither the contract nor the generator.

pub(crate) mod credentials;
mod info;
mod manifest;
mod readme;
mod smoke;

use std::path::Path;
use std::process::Command;

use contract_codegen::model::Method;
use contract_codegen::{Runtime, Target};

use crate::output;
use info::Info;
use manifest::Needs;

pub(crate) use info::{check_name, first_sentence, one_line};

/// Writes the crate, and runs its tests if that is asked for.
///
/// # Errors
/// The contract is refused, it gives no name or a licence that is none, a file cannot be written, or
/// the tests fail.
pub(crate) fn run(options: &crate::Client) -> Result<(), String> {
    let targets = [Target::Types, Target::Client];
    let contract = crate::read(options.entry.path(), &targets, options.reading)?;
    let info = Info::new(&contract, options.name.as_deref())?;
    let generate = |target| contract.generate_on(target, Runtime::Carried);
    let api = contract.model();
    // Whether there are webhooks to be received.
    let sends = api.webhooks.is_some();
    let (types, client) = (generate(Target::Types), generate(Target::Client));
    // Only then the crate needs what these run on.
    let mentions = |name: &str| types.contains(name) || client.contains(name);
    let needs = Needs {
        timed: mentions("support::Date"),
        identified: mentions("support::Uuid"),
        looks_around: mentions("fancy_regex::"),
        sends,
    };
    let manifest = manifest::manifest(&info, needs);
    let files = [
        ("Cargo.toml", manifest),
        ("README.md", readme::readme(api, &info)),
        ("src/lib.rs", library(sends)),
        ("src/types.rs", types),
        ("src/generated.rs", client),
        ("tests/smoke.rs", smoke::smoke(api, &info)),
    ];
    for (file, text) in &files {
        output::write(&options.out.join(file), text)?;
    }
    for (file, text) in contract_wire::CODE {
        let mut text = text.to_owned();
        if file == "mod.rs" {
            for module in left_out(needs) {
                text = text.replace(&format!("mod {module};\n"), "");
                text = text.replace(&format!("pub use {module}::*;\n"), "");
            }
        }
        let is_left_out = |module| file.strip_suffix(".rs") == Some(module);
        if !left_out(needs).any(is_left_out) {
            output::write(&options.out.join("src/wire").join(file), &text)?;
        }
    }
    let call = contract_call::CODE.map(|(file, text)| (format!("src/call/{file}"), text));
    let webhooks =
        contract_webhooks::CODE.map(|(file, text)| (format!("src/webhooks/{file}"), text));
    let webhooks = webhooks.iter().filter(|_| sends);
    for (file, text) in call.iter().chain(webhooks) {
        output::write(&options.out.join(file), text)?;
    }
    let licence = info.licence.as_deref();
    output::print(&format!(
        "{}: {} {}, {}\n",
        options.out.display(),
        info.name,
        info.version,
        licence.unwrap_or("without a licence: `info.license` names none by its SPDX expression"),
    ))?;
    match options.test {
        true => test(&options.out, sends),
        false => Ok(()),
    }
}

const LIBRARY: &str = "\
#![doc = include_str!(\"../README.md\")]

#[doc(hidden)]
pub mod call;
pub mod types;
#[doc(hidden)]
pub mod wire;

#[cfg(feature = \"blocking\")]
pub use call::Blocking;
pub use generated::*;

#[allow(clippy::all, reason = \"progenitor does not write for clippy\")]
mod generated;
";

/// Receiving what the API sends needs more crates, and not every client does it.
const WEBHOOKS: &str = "\
#[cfg(feature = \"webhooks\")]
pub mod webhooks;
";

fn library(sends: bool) -> String {
    let module = format!("pub mod types;\n{WEBHOOKS}");
    match sends {
        true => LIBRARY.replace("pub mod types;\n", &module),
        false => LIBRARY.to_owned(),
    }
}

/// Modules of `wire` that stand for nothing the contract has.
fn left_out(needs: Needs) -> impl Iterator<Item = &'static str> {
    let modules = [("time", needs.timed), ("id", needs.identified)];
    let unused = modules.into_iter().filter(|(_, needed)| !needed);
    unused.map(|(module, _)| module)
}

/// Runs the tests of the crate in `out`, with warnings denied. All features but `native-tls`, which needs a library
/// that a machine may not have.
fn test(out: &Path, sends: bool) -> Result<(), String> {
    let features = match sends {
        true => "blocking,webpki-roots,webhooks",
        false => "blocking,webpki-roots",
    };
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(&cargo)
        .args(["test", "--quiet", "--features", features])
        .current_dir(out)
        .env("RUSTFLAGS", "-D warnings")
        .status()
        .map_err(|error| {
            format!("`cargo test` cannot be run: {error}\nhint: `--test` needs a Rust toolchain")
        })?;
    match status.success() {
        true => Ok(()),
        false => Err(format!("{}: `cargo test` failed", out.display())),
    }
}

/// As it stands in a request line.
fn verb(method: &Method) -> String {
    method.as_str().to_owned()
}
