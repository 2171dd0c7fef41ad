//! `contract`: the command line of the toolchain. It checks an OpenAPI contract, makes a workspace around it, and
//! writes the code that is generated from it where it can be read, a client crate of its own, or the contract in one
//! file.
//!
//! Usage errors end with exit code 2, refused contracts and unwritable files with 1; both say on
//! standard error what is wrong, where, and what to do.
//!
//! **Architecture Invariant:** nothing in here knows a particular API: what a contract is called,
//! where it stands, and where output goes is always given.

mod bundle;
mod check;
mod client;
mod generate;
mod new;
mod output;
mod selection;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand, ValueEnum};
use contract_codegen::{Contract, Document, Formats, Options, explained};

/// Tokens are small and many.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Workspaces, code, clients and checks from an OpenAPI contract.
#[derive(Debug, Parser)]
#[command(name = "contract", version, disable_help_subcommand = true)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Make a workspace around a contract: types, server and client, running from the first minute on
    New(New),
    /// Say everything that is wrong with a contract. Ends with 0 where nothing is, with 1 where something is
    Check(Check),
    /// Write the generated code to a folder: plain sources, or crates without build scripts
    Generate(Generate),
    /// Write a client crate of its own: without build script, to be published or vendored
    Client(Client),
    /// Write the contract as one self-contained document
    Bundle(Bundle),
}

/// Which contract.
#[derive(Debug, Args)]
struct Entry {
    /// Entry file of the contract, YAML or JSON
    #[arg(value_name = "FILE", required_unless_present = "contract")]
    file: Option<PathBuf>,
    /// The same
    #[arg(long, value_name = "FILE", conflicts_with = "file")]
    contract: Option<PathBuf>,
}

impl Entry {
    fn path(&self) -> &Path {
        let path = self.file.as_ref().or(self.contract.as_ref());
        path.map_or(Path::new(""), PathBuf::as_path)
    }
}

#[derive(Debug, Args)]
struct Check {
    #[command(flatten)]
    entry: Entry,
    /// Form of the output
    #[arg(long, value_enum, default_value = "text")]
    format: check::Format,
    /// Take warnings for errors
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, Args)]
struct New {
    /// Folder of the workspace, which is empty or does not exist
    #[arg(value_name = "DIR")]
    folder: PathBuf,
    /// Entry file of the contract, YAML or JSON; it is copied with all it refers to
    #[arg(long, value_name = "FILE")]
    contract: Option<PathBuf>,
    /// Name of the program [default: `info.title` in kebab case]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    source: Source,
    /// Bring a workspace up to date after an upgrade of this program: files that you have changed are named, and stay
    #[arg(long)]
    update: bool,
}

#[derive(Debug, Args)]
struct Generate {
    #[command(flatten)]
    entry: Entry,
    /// Folder that is written to; it is made where it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// What is generated; may be repeated [default: everything]
    #[arg(long, value_enum, num_args = 1.., value_delimiter = ',')]
    target: Vec<Target>,
    /// Write nothing, and name the files that are not what would be written; ends with 1 if there are any
    #[arg(long)]
    check: bool,
    /// A crate for each target, without build script, instead of its sources
    #[arg(long)]
    crates: bool,
    #[command(flatten)]
    source: Source,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    reading: Reading,
}

/// Where the toolchain comes from.
#[derive(Debug, Args)]
struct Source {
    /// Have the toolchain from a checkout of it
    #[arg(long, value_name = "DIR", conflicts_with = "vendor")]
    path: Option<PathBuf>,
    /// Copy the toolchain, which is the default where this program carries it
    #[arg(long)]
    vendor: bool,
}

/// Which operations, with what they need and no more.
#[derive(Debug, Args)]
struct Selection {
    /// Only these operations, by `operationId` or as `GET /path`; may be repeated
    #[arg(long, value_name = "ID", value_delimiter = ',')]
    operations: Vec<String>,
    /// Only operations with these tags; may be repeated
    #[arg(long, value_name = "TAG", value_delimiter = ',')]
    tags: Vec<String>,
}

/// How a contract is read.
#[derive(Debug, Clone, Copy, Args)]
struct Reading {
    /// What a `format` of text is: `types`, `text`, checked whatever it is (`all`), or documentation (`none`)
    #[arg(long, value_name = "WHAT", default_value = "types")]
    formats: Formats,
    /// Refuse what cannot be meant as it is written, rather than warn of it
    #[arg(long)]
    strict: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Target {
    /// Wire types and their validation
    Types,
    /// Server traits and router; `server` is the same
    #[value(alias = "server")]
    Api,
    /// Client
    Client,
}

impl From<Target> for contract_codegen::Target {
    fn from(target: Target) -> Self {
        match target {
            Target::Types => contract_codegen::Target::Types,
            Target::Api => contract_codegen::Target::Api,
            Target::Client => contract_codegen::Target::Client,
        }
    }
}

#[derive(Debug, Args)]
struct Client {
    #[command(flatten)]
    entry: Entry,
    /// Folder of the crate; it is made where it is missing
    #[arg(long, value_name = "DIR")]
    out: PathBuf,
    /// Name of the crate [default: `info.title` in kebab case, and `-client`]
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    reading: Reading,
    /// Run the tests of the crate, with warnings denied. A `Cargo.lock` that stands in the folder is
    /// used
    #[arg(long)]
    test: bool,
}

#[derive(Debug, Args)]
struct Bundle {
    #[command(flatten)]
    entry: Entry,
    /// File that is written to: YAML if it ends in `.yaml` or `.yml`, JSON otherwise [default: standard output]
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Form of the output, whatever the file is called [default: JSON]
    #[arg(long, value_enum)]
    format: Option<bundle::Format>,
    /// Leave out components that nothing refers to
    #[arg(long)]
    prune: bool,
}

fn main() -> ExitCode {
    let done = match Cli::parse().verb {
        Verb::New(options) => new::run(&options).map(|()| ExitCode::SUCCESS),
        Verb::Check(options) => check::run(&options),
        Verb::Generate(options) => generate::run(&options),
        Verb::Client(options) => client::run(&options).map(|()| ExitCode::SUCCESS),
        Verb::Bundle(options) => bundle::run(&options).map(|()| ExitCode::SUCCESS),
    };
    done.unwrap_or_else(|message| {
        eprintln!("{message}");
        ExitCode::FAILURE
    })
}

/// Reads the contract whose entry file is `path`, and says on standard error what cannot be meant as it is written.
///
/// # Errors
/// Everything that is wrong with it.
fn read(
    path: &Path,
    targets: &[contract_codegen::Target],
    reading: Reading,
) -> Result<Contract, String> {
    let document = Document::load_all(path).map_err(|problems| problems.explained())?;
    understand(document, targets, reading)
}

/// As [`read`], of a document that has been read.
///
/// # Errors
/// As [`read`].
fn understand(
    document: Document,
    targets: &[contract_codegen::Target],
    reading: Reading,
) -> Result<Contract, String> {
    let Reading { formats, strict } = reading;
    let contract = Contract::new(document, targets, Options { formats, strict });
    let contract = contract.map_err(|problems| problems.explained())?;
    if !contract.warnings().is_empty() {
        eprintln!("{}\n", explained(contract.warnings()));
    }
    Ok(contract)
}
