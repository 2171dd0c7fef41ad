//! `contract check`: everything that is wrong with a contract.
//!
//! Ends with 0 where nothing is wrong, with 1 where something is, and with 2 where it was not called as it must be.

mod examples;
mod format;

use std::path::Path;
use std::process::ExitCode;

use contract_codegen::{Contract, Diagnostic, Document, Severity, Target};

use crate::output;

/// Form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// For people: the lines around each problem
    Text,
    /// One JSON object
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of GitHub's workflows
    Github,
}

/// Checks the contract, and says on standard output what is wrong with it.
///
/// # Errors
/// Standard output cannot be written to.
pub(crate) fn run(options: &crate::Check) -> Result<ExitCode, String> {
    let file = options.entry.path();
    let mut problems = problems(file);
    if options.strict {
        for problem in &mut problems {
            problem.severity = Severity::Error;
        }
    }
    output::print(&match options.format {
        Format::Text => format::text(file, &problems),
        Format::Json => format::json(&problems),
        Format::Sarif => format::sarif(&problems),
        Format::Github => format::github(&problems),
    })?;
    Ok(match problems.iter().any(is_error) {
        true => ExitCode::FAILURE,
        false => ExitCode::SUCCESS,
    })
}

/// Whether it is wrong by the specification, or keeps code from being generated.
fn is_error(problem: &Diagnostic) -> bool {
    problem.severity != Severity::Warning
}

/// Everything that is wrong with the contract, in the order of places.
fn problems(file: &Path) -> Vec<Diagnostic> {
    let mut problems = match Contract::load(file, &Target::ALL) {
        Ok(contract) => {
            let mut problems = contract.warnings().to_vec();
            problems.extend(examples::problems(contract.document()));
            problems
        }
        Err(found) => {
            let mut problems = found.0;
            // What could be put together is looked at all the same.
            if let Ok(document) = Document::load_all(file) {
                problems.extend(examples::problems(&document));
            }
            problems
        }
    };
    problems.sort();
    // One complaint about a place is enough: others follow from it.
    problems.dedup_by(|next, first| {
        next == first || next.severity == Severity::Warning && next.position == first.position
    });
    problems
}
