//! `contract bundle`: the contract as one document, in the version of OpenAPI it is written in.

use contract_codegen::Document;

use crate::output;

/// Writes the bundled document. It need not be one that code can be generated from.
///
/// # Errors
/// The contract cannot be read, resolved or bundled, or the file cannot be written.
pub(crate) fn run(options: &crate::Bundle) -> Result<(), String> {
    let document = Document::load(options.entry.path()).map_err(|problems| problems.to_string())?;
    let Some(file) = &options.out else {
        return output::print(&document.to_json());
    };
    let is_yaml = file
        .extension()
        .is_some_and(|ending| ending == "yaml" || ending == "yml");
    let text = match is_yaml {
        true => document.to_yaml(),
        false => document.to_json(),
    };
    output::write(file, &text)
}
