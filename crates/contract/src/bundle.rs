//! `contract bundle`: the contract as one document, in the version of OpenAPI it is written in.

use contract_codegen::Document;

use crate::output;

/// Form of the document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// JSON
    Json,
    /// YAML
    Yaml,
}

/// Writes the bundled document. It need not be one that code can be generated from.
///
/// # Errors
/// The contract cannot be read, resolved or bundled, or the file cannot be written.
pub(crate) fn run(options: &crate::Bundle) -> Result<(), String> {
    let document = Document::load(options.entry.path());
    let mut document = document.map_err(|problems| problems.explained())?;
    if options.prune {
        document = document.pruned();
    }
    let ending = options.out.as_ref().and_then(|file| file.extension());
    let is_yaml = ending.is_some_and(|ending| ending == "yaml" || ending == "yml");
    let format = options.format.unwrap_or(match is_yaml {
        true => Format::Yaml,
        false => Format::Json,
    });
    let text = match format {
        Format::Yaml => document.to_yaml(),
        Format::Json => document.to_json(),
    };
    match &options.out {
        Some(file) => output::write(file, &text),
        None => output::print(&text),
    }
}
