//! Rust from an OpenAPI contract: wire types with validation, server traits with an axum router,
//! and a progenitor client over the same types.
//!
//! A contract passes three steps: [`contract_document`] reads it and knows where everything stands,
//! `lower` turns it into the [`model`] or refuses it with a position and a hint, and one module per
//! target writes the model down as Rust, which cannot fail. The head of `lower/mod.rs` says how inline schemas are
//! named, what is accepted without effect, and what is refused.
//!
//! **Architecture Invariant:** nothing in here knows a particular API; every construct of a contract is
//! honoured or refused, never ignored; no contract makes the generator panic; the same contract
//! gives the same bytes.

mod client;
mod keywords;
mod lower;
pub mod model;
mod script;
mod server;
mod types;
mod write;

use std::path::{Path, PathBuf};
use std::str::FromStr;

pub use contract_document::{Diagnostic, Diagnostics, Document, Position, Severity, explained};
pub use script::build;

/// A contract that was read, understood and can be generated from.
pub struct Contract {
    document: Document,
    model: model::Api,
    warnings: Vec<Diagnostic>,
}

/// Where generated code finds what it runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Runtime {
    /// In the crates `contract-wire`, `contract-serve` and `contract-call`.
    Crates,
    /// Types and client: in the modules `wire` and `call` of their own crate, which carries the files
    /// of `contract_wire::CODE` and `contract_call::CODE`. A server has no such form.
    Carried,
}

/// What a `format` of text is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Formats {
    /// Checked, if it is one of those that contracts mostly mean; text of which a contract demands the format
    /// `date-time` or `date`, and no more, is a value of the type that the format stands for.
    #[default]
    Types,
    /// Checked, if it is one of those; the text is a `String`.
    Text,
    /// Checked, if JSON Schema 2020-12 has it; the text is a `String`.
    All,
    /// Documentation; the text is a `String`.
    None,
}

impl FromStr for Formats {
    type Err = String;

    fn from_str(text: &str) -> Result<Formats, String> {
        match text {
            "types" => Ok(Formats::Types),
            "text" => Ok(Formats::Text),
            "all" => Ok(Formats::All),
            "none" => Ok(Formats::None),
            _ => Err(format!(
                "formats are `types`, `text`, `all` or `none`, not `{text}`"
            )),
        }
    }
}

/// How a contract is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// What text with a format is.
    pub formats: Formats,
    /// Whether what cannot be meant as it is written is refused, rather than warned of.
    pub strict: bool,
}

/// A file that is generated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// What is in it.
    pub text: String,
}

/// What can be generated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// Wire types and their validation.
    Types,
    /// Server traits and router.
    Api,
    /// Client.
    Client,
}

impl Target {
    /// Every target, in the order they build on each other.
    pub const ALL: [Target; 3] = [Target::Types, Target::Api, Target::Client];

    /// The target that is generated for the package `name`.
    pub fn from_package(name: &str) -> Option<Target> {
        Target::ALL
            .into_iter()
            .find(|target| target.package() == name)
    }

    /// Name of the package that includes the output.
    pub fn package(self) -> &'static str {
        match self {
            Target::Types => "types",
            Target::Api => "api",
            Target::Client => "client",
        }
    }
}

impl Contract {
    /// Reads the contract whose entry file is `path`, with every file it refers to, to generate `targets`
    /// from it.
    ///
    /// # Errors
    /// Everything that cannot be read, or that one of `targets` cannot honour, each with its position.
    pub fn load(path: &Path, targets: &[Target]) -> Result<Contract, Diagnostics> {
        Contract::load_as(path, targets, Options::default())
    }

    /// As [`Contract::load`], read in this way.
    ///
    /// # Errors
    /// As [`Contract::load`].
    pub fn load_as(
        path: &Path,
        targets: &[Target],
        options: Options,
    ) -> Result<Contract, Diagnostics> {
        Contract::new(Document::load_all(path)?, targets, options)
    }

    /// Reads a contract from `text`; `name` stands for the file in messages.
    ///
    /// # Errors
    /// As [`Contract::load`].
    pub fn parse(name: &str, text: &str, targets: &[Target]) -> Result<Contract, Diagnostics> {
        Contract::parse_as(name, text, targets, Options::default())
    }

    /// As [`Contract::parse`], with these options.
    ///
    /// # Errors
    /// As [`Contract::load`].
    pub fn parse_as(
        name: &str,
        text: &str,
        targets: &[Target],
        options: Options,
    ) -> Result<Contract, Diagnostics> {
        let document = Document::parse_all(name, text)?;
        Contract::new(document, targets, options)
    }

    /// Reads the contract that `document` is: one that [`Document::load_all`] gave, or a part of it.
    ///
    /// # Errors
    /// As [`Contract::load`].
    pub fn new(
        document: Document,
        targets: &[Target],
        options: Options,
    ) -> Result<Contract, Diagnostics> {
        let in_items = document.in_items();
        let read = in_items.as_ref().unwrap_or(&document);
        let (model, mut warnings) = lower::lower(read, targets, options.formats)?;
        if options.strict && !warnings.is_empty() {
            for warning in &mut warnings {
                warning.severity = Severity::Error;
            }
            return Err(Diagnostics(warnings));
        }
        Ok(Contract {
            document,
            model,
            warnings,
        })
    }

    /// What cannot be meant as it is written, with how it is read.
    pub fn warnings(&self) -> &[Diagnostic] {
        &self.warnings
    }

    /// Every file that was read.
    pub fn sources(&self) -> &[PathBuf] {
        self.document.sources()
    }

    /// The contract as data.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The contract as the generator understands it.
    pub fn model(&self) -> &model::Api {
        &self.model
    }

    /// The files of `target`: first its code, `types.rs`, `api.rs` or `client.rs`, then what has to stand
    /// beside it because the code includes it.
    pub fn files(&self, target: Target) -> Vec<File> {
        let mut files = vec![File {
            name: format!("{}.rs", target.package()),
            text: self.generate(target),
        }];
        if target == Target::Api {
            files.push(self.json());
        }
        files
    }

    /// The files of each of `targets`, in their order. They are made side by side.
    pub fn all_files(&self, targets: &[Target]) -> Vec<Vec<File>> {
        std::thread::scope(|scope| {
            let made = targets
                .iter()
                .map(|target| scope.spawn(|| self.files(*target)));
            let made: Vec<_> = made.collect();
            let ended = made.into_iter().map(|thread| {
                let files = thread.join();
                files.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
            });
            ended.collect()
        })
    }

    /// The contract in one file, as servers include it; it is called as the entry file is.
    fn json(&self) -> File {
        let entry = self.document.position("").file;
        let stem = Path::new(&*entry).file_stem().unwrap_or_default();
        File {
            name: format!("{}.json", stem.to_string_lossy()),
            text: self.document.to_json(),
        }
    }

    /// Rust source of `target`, formatted. See [`Contract::files`] for what it includes. Of a target that the
    /// contract was not read for, it may not compile.
    pub fn generate(&self, target: Target) -> String {
        self.generate_on(target, Runtime::Crates)
    }

    /// As [`Contract::generate`], for code that runs on this.
    pub fn generate_on(&self, target: Target, runtime: Runtime) -> String {
        match target {
            Target::Types => types::generate(self, runtime),
            Target::Api => server::generate(self),
            Target::Client => client::generate(self, runtime),
        }
    }

    /// Rust source that belongs behind that of `target` in builds whose code describes itself
    /// through utoipa; nothing for the client.
    pub fn describe(&self, target: Target) -> String {
        match target {
            Target::Types => types::describe::generate(self),
            Target::Api => server::describe::generate(self),
            Target::Client => String::new(),
        }
    }
}
